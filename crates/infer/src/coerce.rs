//! Conversion of a value to a type that is above its own in the lattice ([`crate::join`]).

use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{Meet, expand, is_none, widen};
use crate::{text, unions};
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, ErrorKind, Imm, Kind, Op, Ty, describe};

/// The value in a type that joins its own with others'.  Conversions of Python ints to narrower integers
/// are checked.
pub fn coerce(e: &mut Emit, v: &Val, ty: &Ty) -> Result<Val, Fault> {
    if v.ty == *ty {
        return Ok(v.clone());
    }
    match (&v.ty, ty) {
        (Ty::Never, Ty::Lit(c)) => {
            let c = c.clone();
            return Ok(e.lit(c));
        }
        (Ty::Never, _) => return Ok(e.undef(ty.clone())),
        (_, Ty::None | Ty::Lit(Const::None)) if is_none(&v.ty) => return Ok(e.none()),
        (Ty::Union(_), _) => return unions::each_member(e, v, Meet::Common, &mut |e, member| coerce(e, member, ty)),
        (_, Ty::Union(members)) => return unions::member(e, v, members),
        (_, Ty::Optional(inner)) => return to_optional(e, v, inner),
        (from, to) if to.is_object() && crate::asked::can_travel(from) => {
            return crate::asked::asked(e, "coachwhip._exceptions:itself", std::slice::from_ref(v), Ty::object());
        }
        (_, Ty::Char) => {
            if let Some(unit) = text::code_point(e, v) {
                return Ok(text::of_char(e, &unit));
            }
        }
        (from, to) if to.is_str() && text::is_string(from) || to.is_bytes() && text::is_bytes(from) => {
            if let Some(block) = text::as_block(e, v) {
                return Ok(block);
            }
        }
        _ => {}
    }
    match (expand(&v.ty), ty) {
        (Ty::Tuple(from), Ty::Tuple(to)) | (Ty::ListDisplay(from), Ty::ListDisplay(to)) if from.len() == to.len() => {
            aggregate(e, v, to, ty)
        }
        (Ty::Tuple(from), Ty::TupleOf(list)) => {
            let items: Vec<Val> = (0..from.len()).map(|i| e.field(v, i)).collect();
            crate::made::of_items(e, &items, list)
        }
        (Ty::TupleOf(_), Ty::TupleOf(list)) => crate::made::converted_tuple(e, v, list),
        (Ty::NamedTuple(a, from), Ty::NamedTuple(b, to)) if a == *b && from.len() == to.len() => {
            aggregate(e, v, to, ty)
        }
        (Ty::Lit(Const::Enum(a, _)), Ty::Enum(b)) if a == *b => Ok(e.machine(v)),
        (Ty::Closure(_, from), Ty::Closure(_, to)) if from.len() == to.len() => aggregate(e, v, to, ty),
        (Ty::Range(_), Ty::Range(_))
        | (Ty::Slice(_), Ty::Slice(_))
        | (Ty::Iter(_), Ty::Iter(_))
        | (Ty::Shown(..), Ty::Shown(..))
        | (Ty::Method(..), Ty::Method(..)) => {
            let fields = ty.fields().unwrap_or_default();
            aggregate(e, v, &fields, ty)
        }
        (Ty::Array(_), Ty::Array(to)) => Ok(as_array(e, v, *to)),
        (Ty::Ptr(_), Ty::Ptr(_)) | (Ty::Cell(_), Ty::Cell(_)) => Ok(e.op(Op::Convert, &[v], ty.clone())),
        (from, to) if from.dtype().is_some() && to.dtype().is_some() => number(e, v, ty),
        (from, _) => fault(Code::Join, format!("{} is not {}", describe(&from), describe(ty))),
    }
}

fn aggregate(e: &mut Emit, v: &Val, fields: &[Ty], ty: &Ty) -> Result<Val, Fault> {
    let mut parts = Vec::with_capacity(fields.len());
    for (i, to) in fields.iter().enumerate() {
        let part = e.field(v, i);
        parts.push(coerce(e, &part, to)?);
    }
    let parts: Vec<&Val> = parts.iter().collect();
    Ok(e.pack(ty.clone(), &parts))
}

fn to_optional(e: &mut Emit, v: &Val, inner: &Ty) -> Result<Val, Fault> {
    let ty = Ty::Optional(inner.clone().into());
    let (flag, payload) = if is_none(&v.ty) {
        (e.bool(false), e.undef(inner.clone()))
    } else if let Some(flag) = e.presence(v) {
        let payload = e.if_else(
            &flag,
            |e| {
                let payload = e.payload(v);
                coerce(e, &payload, inner)
            },
            |e| Ok(e.undef(inner.clone())),
        )?;
        (flag, payload)
    } else {
        (e.bool(true), coerce(e, v, inner)?)
    };
    let flag = e.machine(&flag);
    Ok(e.pack(ty, &[&flag, &payload]))
}

/// The array under another type of the same elements: less is known of its layout.
pub fn as_array(e: &mut Emit, v: &Val, ty: ArrayTy) -> Val {
    let mut operands = vec![v.clone(), e.field(v, 0)];
    for i in 0..2 * usize::from(ty.ndim) {
        operands.push(e.field(v, 2 + i));
    }
    let operands: Vec<&Val> = operands.iter().collect();
    e.op(Op::View, &operands, Ty::Array(ty))
}

/// A number in another number type.  Integers are checked against a narrower width; everything else that
/// the lattice allows is a plain conversion.
pub fn number(e: &mut Emit, v: &Val, ty: &Ty) -> Result<Val, Fault> {
    let from = v.ty.widened();
    if from == *ty {
        return Ok(e.machine(v));
    }
    let (Some(source), Some(target)) = (from.dtype(), ty.dtype()) else {
        return fault(Code::Join, format!("{} is not {}", describe(&v.ty), describe(ty)));
    };
    if let (Ty::Complex, Some(Const::Complex(re, im))) = (ty, v.literal()) {
        let (re, im) = (*re, *im);
        return Ok(e.machine_constant(Const::Complex(re, im), ty.clone()));
    }
    match (source.kind(), target.kind()) {
        (Kind::Complex, _) => {
            let part = part_type(ty);
            let wide = e.machine(v);
            let (re, im) = (e.field(&wide, 0), e.field(&wide, 1));
            let (re, im) = (number(e, &re, &part)?, number(e, &im, &part)?);
            Ok(e.pack(ty.clone(), &[&re, &im]))
        }
        (_, Kind::Complex) => {
            let part = part_type(ty);
            let re = number(e, v, &part)?;
            let zero = e.float(0.0);
            let im = number(e, &zero, &part)?;
            Ok(e.pack(ty.clone(), &[&re, &im]))
        }
        _ => {
            if source.is_int() && target.is_int() {
                check_fits(e, v, source, target);
            }
            let converted = e.op(Op::Convert, &[v], ty.clone());
            Ok(e.machine(&converted))
        }
    }
}

fn part_type(complex: &Ty) -> Ty {
    match complex {
        Ty::Scalar(d) => Ty::Scalar(d.real()),
        _ => Ty::Float,
    }
}

/// Guards that an integer fits another integer type.
pub fn check_fits(e: &mut Emit, v: &Val, source: Dtype, target: Dtype) {
    let (low, high) = bounds(target);
    let (source_low, source_high) = bounds(source);
    let number = if source == Dtype::Uint64 { v.clone() } else { e.op(Op::Convert, &[v], Ty::Int) };
    let row = e.int(target as i64);
    if source_low < low {
        let least = e.int(low as i64);
        let fits = e.op(Op::Ge, &[&number, &least], Ty::Bool);
        e.guard(&fits, ErrorKind::DtypeOverflow, &[&number, &row]);
    }
    if source_high > high {
        let most = if source == Dtype::Uint64 {
            e.machine_constant(Const::Scalar(Dtype::Uint64, coachwhip_ir::Bits(high as u64, 0)), Ty::Scalar(source))
        } else {
            e.int(high as i64)
        };
        let fits = e.op(Op::Le, &[&number, &most], Ty::Bool);
        let shown = if source == Dtype::Uint64 { e.op(Op::Convert, &[&number], Ty::Int) } else { number };
        e.guard(&fits, ErrorKind::DtypeOverflow, &[&shown, &row]);
    }
}

fn bounds(d: Dtype) -> (i128, i128) {
    let bits = d.size() * 8;
    match d.kind() {
        Kind::Signed => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        Kind::Unsigned => (0, (1i128 << bits) - 1),
        _ => (0, 1),
    }
}

/// The value in the type that a signature or `locals=` declares; refused where that may lose something,
/// except that integers are checked at run time.
pub fn convert_declared(e: &mut Emit, v: &Val, ty: &Ty) -> Result<Val, Fault> {
    if v.ty == *ty || v.is_never() {
        return coerce(e, v, ty);
    }
    match (&widen(&v.ty), ty) {
        (Ty::Union(_), _) => unions::each_member(e, v, Meet::Common, &mut |e, member| convert_declared(e, member, ty)),
        (from, to) if is_none(from) && is_none(to) => Ok(e.none()),
        (Ty::Optional(_), Ty::Optional(inner)) => {
            let inner = inner.clone();
            let Some(flag) = e.presence(v) else { return refuse(v, ty) };
            let value = e.if_else(
                &flag,
                |e| {
                    let value = e.payload(v);
                    convert_declared(e, &value, &inner)
                },
                |e| Ok(e.undef((*inner).clone())),
            )?;
            Ok(e.pack(ty.clone(), &[&flag, &value]))
        }
        (from, Ty::Optional(_)) if is_none(from) => coerce(e, v, ty),
        (_, Ty::Optional(inner)) => {
            let value = convert_declared(e, v, inner)?;
            coerce(e, &value, ty)
        }
        (Ty::Optional(_), _) => {
            if let Some(flag) = e.presence(v) {
                e.guard(&flag, ErrorKind::NoneReturned, &[]);
            }
            let value = e.payload(v);
            convert_declared(e, &value, ty)
        }
        (Ty::Tuple(from), Ty::Tuple(to)) if from.len() == to.len() => {
            let mut parts = Vec::with_capacity(to.len());
            for (i, item) in to.iter().enumerate() {
                let part = e.field(v, i);
                parts.push(convert_declared(e, &part, item)?);
            }
            let parts: Vec<&Val> = parts.iter().collect();
            Ok(e.pack(ty.clone(), &parts))
        }
        (Ty::Array(from), Ty::Array(to)) if array_serves(from, to) => Ok(as_array(e, v, *to)),
        (Ty::Ptr(Some(_)), Ty::Ptr(None)) => coerce(e, v, ty),
        (from, to) if to.is_str() && text::is_string(from) || to.is_bytes() && text::is_bytes(from) => coerce(e, v, ty),
        (from, to) if converts(from, to) || exact_literal(v, to) => number(e, v, ty),
        _ => refuse(v, ty),
    }
}

fn refuse(v: &Val, ty: &Ty) -> Result<Val, Fault> {
    let (from, to) = (describe(&v.ty), describe(ty));
    fault(Code::ReturnMismatch, format!("{from} cannot be converted to the declared {to} without loss"))
}

fn array_serves(from: &ArrayTy, to: &ArrayTy) -> bool {
    let layout = to.layout == coachwhip_ir::Layout::A || from.layout == to.layout || from.ndim == 0;
    from.dtype == to.dtype && from.ndim == to.ndim && layout && (to.readonly || !from.readonly)
}

/// Whether numbers of one type may become another's: integers always (checked), the rest where every value
/// or NumPy's `result_type` says so.
fn converts(from: &Ty, to: &Ty) -> bool {
    let (Some(source), Some(target)) = (from.dtype(), to.dtype()) else { return false };
    if *to == Ty::Bool || target == Dtype::Bool {
        return source == Dtype::Bool;
    }
    if source.is_int() && (target.is_int() || *from == Ty::Int) {
        return true;
    }
    source.promote(target) == target
}

/// A literal float that the narrower type holds exactly.
fn exact_literal(v: &Val, to: &Ty) -> bool {
    match (v.literal(), to) {
        (Some(Const::Float(bits)), Ty::Scalar(dtype)) if dtype.kind() >= Kind::Float => {
            let x = f64::from_bits(*bits);
            dtype.float_value(dtype.float_bits(x)) == x || x.is_nan()
        }
        _ => false,
    }
}

/// The operand in the machine form of its own type, as an immediate constant.
impl Emit<'_> {
    /// A constant of a machine type.
    pub fn machine_constant(&mut self, constant: Const, ty: Ty) -> Val {
        let id = coachwhip_ir::Builder::new(self.func, self.block, self.loc).constant(constant, ty.clone());
        Val { id, ty }
    }

    /// A value that is never looked at.
    pub fn undef(&mut self, ty: Ty) -> Val {
        if let Ty::Lit(c) = ty {
            return self.lit(c);
        }
        let id =
            coachwhip_ir::Builder::new(self.func, self.block, self.loc).value(Op::Undef, Imm::None, vec![], ty.clone());
        Val { id, ty }
    }
}
