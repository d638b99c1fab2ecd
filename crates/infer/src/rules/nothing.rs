//! What Python says where `None` stands in the place of a value: the failure of each operation.
//!
//! An operand that may be `None` is looked at when the code runs.  One that is certainly `None` is refused before it runs,
//! unless the place may never be reached: code behind a flag that plain Python would not run either.

use super::numbers::compare::mirrored;
use crate::emit::{Emit, Val};
use crate::join::is_none;
use crate::text::{is_bytes, is_string};
use coachwhip_ir::{BinaryOp, CmpOp, Const, ErrorKind, Imm, InstData, Kind, Op, Ty, UnaryOp};

/// A failure and the names in its message.
pub struct Complaint(ErrorKind, Vec<String>);

impl Complaint {
    /// Of an operation that has one operand.
    pub fn of(kind: ErrorKind) -> Complaint {
        Complaint(kind, vec![])
    }

    /// Of an attribute.
    pub fn attribute(name: &str) -> Complaint {
        Complaint(ErrorKind::NoneAttribute, vec![name.into()])
    }

    /// Of `-x`, `+x`, `~x`.
    pub fn unary(op: UnaryOp) -> Complaint {
        Complaint(ErrorKind::NoneUnary, vec![op.symbol().into()])
    }

    /// Of `a op b`.
    pub fn binary(op: BinaryOp, inplace: bool, a: &Ty, b: &Ty) -> Complaint {
        // NumPy's scalars compute without regard to the assignment, and some of their operators refuse by themselves.
        let numpy = is_scalar(a) || is_scalar(b);
        let whole = matches!(op, BinaryOp::FloorDiv | BinaryOp::Mod);
        if numpy && (op == BinaryOp::MatMul || whole && [a, b].iter().any(|ty| is_complex(ty))) {
            return Complaint::of(ErrorKind::NoneValue);
        }
        let symbol = match (op, inplace && !numpy) {
            (BinaryOp::Pow, false) => "** or pow()".to_string(),
            (_, true) => format!("{}=", op.symbol()),
            _ => op.symbol().to_string(),
        };
        match (op, text_name(a), text_name(b)) {
            (_, None, None) => operands(ErrorKind::NoneOperands, symbol, a, b),
            (BinaryOp::Mul, _, _) => Complaint::of(ErrorKind::NoneValue),
            (BinaryOp::Add, Some("str"), _) => Complaint(ErrorKind::StrConcatNone, vec![]),
            (BinaryOp::Add, Some(name), _) => Complaint(ErrorKind::BytesConcatNone, vec![name.into()]),
            (_, a, b) => {
                let name = |name: Option<&str>| name.unwrap_or("NoneType").to_string();
                Complaint(ErrorKind::NoneOperands, vec![symbol, name(a), name(b)])
            }
        }
    }

    /// Of `a < b` and its like.
    pub fn compare(op: CmpOp, a: &Ty, b: &Ty) -> Complaint {
        // A NumPy scalar on the right is asked with the operands exchanged.
        let (op, a, b) = if is_none(a) && is_scalar(b) { (mirrored(op), b, a) } else { (op, a, b) };
        if text_name(a).or(text_name(b)).is_some() {
            let name = |ty: &Ty| text_name(ty).unwrap_or("NoneType").to_string();
            return Complaint(ErrorKind::NoneOrder, vec![op.symbol().to_string(), name(a), name(b)]);
        }
        operands(ErrorKind::NoneOrder, op.symbol().to_string(), a, b)
    }
}

fn is_scalar(ty: &Ty) -> bool {
    matches!(ty.widened(), Ty::Scalar(_))
}

fn is_complex(ty: &Ty) -> bool {
    ty.dtype().is_some_and(|d| d.kind() == Kind::Complex)
}

/// Python names both operands' types, if their operators ask no type of their own first.
fn operands(kind: ErrorKind, symbol: String, a: &Ty, b: &Ty) -> Complaint {
    match (number_or_nothing(a), number_or_nothing(b)) {
        (Some(a), Some(b)) => Complaint(kind, vec![symbol, a, b]),
        _ => Complaint::of(ErrorKind::NoneValue),
    }
}

/// The name of a string's type.
fn text_name(ty: &Ty) -> Option<&'static str> {
    match ty {
        ty if is_string(ty) => Some("str"),
        ty if is_bytes(ty) => Some("bytes"),
        ty => ty.is_bytearray().then_some("bytearray"),
    }
}

/// The name of the type of a number, a NumPy scalar's being that of its item, or of `None`.
fn number_or_nothing(ty: &Ty) -> Option<String> {
    let name = match ty.widened() {
        ty if is_none(&ty) => "NoneType",
        Ty::Int => "int",
        Ty::Float => "float",
        Ty::Bool => "bool",
        Ty::Complex => "complex",
        Ty::Scalar(d) => match d.kind() {
            Kind::Bool => "bool",
            Kind::Signed | Kind::Unsigned => "int",
            Kind::Float => "float",
            Kind::Complex => "complex",
        },
        _ => return None,
    };
    Some(name.into())
}

/// The payload of a value that may be `None`, where it must not be.
pub fn opened(e: &mut Emit, v: &Val, complaint: &Complaint) -> Val {
    match e.presence(v) {
        Some(flag) => {
            let names = literals(e, complaint);
            e.guard(&flag, complaint.0, &names.iter().collect::<Vec<_>>());
            e.payload(v)
        }
        None => v.clone(),
    }
}

/// Both operands, of which each may be `None`; the complaint is made of their types.
pub fn both_opened(e: &mut Emit, a: &Val, b: &Val, complaint: impl Fn(&Ty, &Ty) -> Complaint) -> (Val, Val) {
    let nothing = Ty::Lit(Const::None);
    let inside = |ty: &Ty| if let Ty::Optional(inner) = ty { (**inner).clone() } else { ty.clone() };
    if let (Some(x), Some(y)) = (e.presence(a), e.presence(b)) {
        let either = e.either(&x, &y);
        let both = complaint(&nothing, &nothing);
        let names = literals(e, &both);
        e.guard(&either, both.0, &names.iter().collect::<Vec<_>>());
    }
    let first = complaint(&nothing, &inside(&b.ty));
    let second = complaint(&inside(&a.ty), &nothing);
    (opened(e, a, &first), opened(e, b, &second))
}

fn literals(e: &mut Emit, complaint: &Complaint) -> Vec<Val> {
    complaint.1.iter().map(|name| e.lit(Const::Str(name.as_str().into()))).collect()
}

/// The complaint of an instruction in which `None` itself stands where Python fails.
fn complaint(op: Op, imm: &Imm, operands: &[Val]) -> Option<Complaint> {
    let nothing = |v: &Val| is_none(&v.ty);
    if !operands.iter().any(nothing) {
        return None;
    }
    match (op, imm, operands) {
        (Op::PyBinary, Imm::Binary(op, inplace), [a, b]) => told(Complaint::binary(*op, *inplace, &a.ty, &b.ty)),
        (Op::PyCompare, Imm::Cmp(CmpOp::Eq | CmpOp::Ne), _) => None,
        (Op::PyCompare, Imm::Cmp(op), [a, b]) => told(Complaint::compare(*op, &a.ty, &b.ty)),
        (Op::PyUnary, Imm::Unary(op), _) if *op != UnaryOp::Not => Some(Complaint::unary(*op)),
        (Op::PyGetAttr | Op::PySetAttr, Imm::Name(name), [x, ..]) if nothing(x) && !name.starts_with("__") => {
            Some(Complaint::attribute(name))
        }
        (Op::PyCall, _, [callee, v]) if nothing(v) && is_len(callee) => Some(Complaint::of(ErrorKind::NoneLength)),
        (Op::PyIn, _, [_, container]) if nothing(container) => Some(Complaint::of(ErrorKind::NoneContainer)),
        (_, _, [first, ..]) if nothing(first) => of_first(op).map(Complaint::of),
        _ => None,
    }
}

fn told(complaint: Complaint) -> Option<Complaint> {
    (complaint.0 != ErrorKind::NoneValue).then_some(complaint)
}

fn of_first(op: Op) -> Option<ErrorKind> {
    Some(match op {
        Op::PyGetItem => ErrorKind::NoneSubscript,
        Op::PySetItem => ErrorKind::NoneStore,
        Op::PyIter => ErrorKind::NoneIterated,
        Op::PyUnpack | Op::PyUnpackStar => ErrorKind::NoneUnpacked,
        Op::PyCall | Op::PyCallStar => ErrorKind::NoneCalled,
        _ => return None,
    })
}

fn is_len(callee: &Val) -> bool {
    matches!(callee.literal(), Some(Const::Named(name)) if &**name == "builtins.len")
}

/// What built-in functions of one number say about `None`.
const FUNCTIONS: &[(&str, &str)] = &[
    ("builtins.abs", "bad operand type for abs(): 'NoneType'"),
    ("builtins.float", "float() argument must be a string or a real number, not 'NoneType'"),
    ("builtins.int", "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"),
    ("builtins.round", "type NoneType doesn't define __round__ method"),
    ("builtins.range", "'NoneType' object cannot be interpreted as an integer"),
];

/// The functions of `math` of one float.
const OF_ONE_FLOAT: [&str; 21] = [
    "sqrt", "exp", "expm1", "log1p", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
    "tanh", "degrees", "radians", "fabs", "isnan", "isinf", "isfinite",
];

/// What a function says, called with `None` alone.
fn said_by_function(op: Op, operands: &[Val]) -> Option<&'static str> {
    let (Op::PyCall, [callee, v]) = (op, operands) else { return None };
    let Some(Const::Named(name)) = callee.literal().filter(|_| is_none(&v.ty)) else { return None };
    let of_math = name.strip_prefix("math.").is_some_and(|name| OF_ONE_FLOAT.contains(&name));
    let said = FUNCTIONS.iter().find(|(function, _)| *function == &**name).map(|(_, said)| *said);
    said.or(of_math.then_some("must be real number, not NoneType"))
}

/// Whether an instruction certainly fails because `None` stands in the place of a value.
pub fn certainly_fails(data: &InstData, operands: &[Val]) -> bool {
    complaint(data.op, &data.imm, operands).is_some() || said_by_function(data.op, operands).is_some()
}

/// Fails as Python does with `None` there.
pub fn fail(e: &mut Emit, data: &InstData, operands: &[Val]) {
    if let Some(complaint) = complaint(data.op, &data.imm, operands) {
        let names = literals(e, &complaint);
        e.fail(complaint.0, &names.iter().collect::<Vec<_>>());
    } else if let Some(said) = said_by_function(data.op, operands) {
        super::arrays::raise::raise(e, "TypeError", vec![super::arrays::raise::Piece::Text(said)]);
    }
}
