//! Python's built-in functions over numbers: `abs`, `min`, `max`, `pow`, `divmod`, `hash`, and the
//! number types called as functions.

use super::convert::{self, cast};
use super::{complex, numpy_scalar, python_float, python_int, unary};
use crate::args::{Args, Call};
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::{Meet, numbers_differ};
use crate::promote::{self, Num};
use crate::rules::tuples::{item_types, items};
use crate::rules::{Rule, arrays, calls, enums, named, operators};
use coachwhip_ir::{BinaryOp, Bits, CmpOp, Code, Const, Dtype, ErrorKind, Kind, Op, RuntimeFn, Ty};

/// The functions of this file.
pub const FUNCTIONS: &[(&str, Rule)] = &[
    ("builtins.abs", absolute),
    ("builtins.min", |e, a| extreme(e, a, CmpOp::Lt, arrays::min_of_iterable)),
    ("builtins.max", |e, a| extreme(e, a, CmpOp::Gt, arrays::max_of_iterable)),
    ("builtins.pow", power),
    ("builtins.divmod", divmod),
    ("builtins.hash", hash),
    ("builtins.int", int),
    ("builtins.float", float),
    ("builtins.bool", boolean),
    ("builtins.complex", complex_number),
];

/// An argument that binding has made sure of.
pub fn take(function: &str, slot: Option<Val>) -> Result<Val, Fault> {
    match slot {
        Some(v) => Ok(v),
        None => fault(Code::Internal, format!("{function} is missing an argument")),
    }
}

/// Whether a value is `None`.
pub fn is_none(v: &Val) -> bool {
    matches!(v.ty, Ty::None | Ty::Lit(Const::None))
}

/// A tuple of values, literals put in machine form.
pub fn tuple(e: &mut Emit, items: &[&Val]) -> Val {
    let items: Vec<Val> = items.iter().map(|v| e.machine(v)).collect();
    let ty = Ty::tuple(items.iter().map(|v| v.ty.clone()));
    e.pack(ty, &items.iter().collect::<Vec<_>>())
}

fn absolute(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = args.one()?;
    if arrays::is_array(&v) {
        return arrays::ufuncs::plain_call(e, "absolute", &[v]);
    }
    let num = super::number("abs()", &v)?;
    unary::absolute(e, &v, num)
}

/// `min` and `max` of several arguments: the first of the best ones, as Python compares.
fn extreme(e: &mut Emit, args: &Args, better: CmpOp, of_iterable: OfIterable) -> Result<Val, Fault> {
    let [key, default] = args.take(["key", "default"])?;
    match args.rest() {
        [] => fault(Code::ArgumentCount, format!("{}() expected at least 1 argument, got 0", args.function())),
        [iterable] => of_iterable(e, iterable, key.as_ref(), default.as_ref()),
        _ if default.is_some() => {
            let of = args.function();
            fault(
                Code::ArgumentTypes,
                format!("Cannot specify a default for {of}() with multiple positional arguments"),
            )
        }
        [first, items @ ..] => extreme_of(e, better, first, items, key.as_ref()),
    }
}

/// While no more arguments than this are left, each choice between numbers of different types goes on apart.
const MOST_APART: usize = 3;

/// `min` or `max` of an iterable, by a key, with a default.
type OfIterable = fn(&mut Emit, &Val, Option<&Val>, Option<&Val>) -> Result<Val, Fault>;

/// The first of the best values, compared from left to right, by what `key` makes of them.
pub fn extreme_of(e: &mut Emit, better: CmpOp, first: &Val, items: &[Val], key: Option<&Val>) -> Result<Val, Fault> {
    let by = |e: &mut Emit, item: &Val| match key {
        Some(key) => calls::call(e, key, Call::of(vec![item.clone()])),
        None => Ok(item.clone()),
    };
    let (mut best, mut best_by) = (first.clone(), by(e, first)?);
    for (at, item) in items.iter().enumerate() {
        let item_by = by(e, item)?;
        let wins = match foregone(better, &item_by, &best_by) {
            Some(wins) => e.bool(wins),
            None => {
                let wins = operators::compare(e, better, &item_by, &best_by)?;
                operators::truth(e, &wins)?
            }
        };
        let rest = items.get(at + 1..).unwrap_or_default();
        if e.engine.meet() == Meet::Exact && rest.len() < MOST_APART && numbers_differ(&item.ty, &best.ty) {
            let of = |e: &mut Emit, best: &Val| extreme_of(e, better, best, rest, key);
            return e.branches(Meet::Exact, &wins, |e| of(e, item), |e| of(e, &best));
        }
        let (item, other) = match key {
            Some(_) => (item.clone(), best.clone()),
            None => (bounded(e, better, item, &best), bounded(e, better, &best, item)),
        };
        best = choose(e, &wins, &item, &other)?;
        best_by = if key.is_some() { choose(e, &wins, &item_by, &best_by)? } else { best.clone() };
    }
    Ok(best)
}

/// The limits of the dtype of a NumPy integer, and the Python int beside it: the two have the NumPy scalar's type in common.
fn beside(scalar: &Val, int: &Val) -> Option<(i64, i64)> {
    match &scalar.ty.widened() {
        Ty::Scalar(d) if d.is_int() && int.ty.widened() == Ty::Int => Some(convert::limits(*d)),
        _ => None,
    }
}

/// Whether `item` is better than `best`, where the dtype of one says it because the other is an int beyond it.
fn foregone(better: CmpOp, item: &Val, best: &Val) -> Option<bool> {
    let greater = |limits: Option<(i64, i64)>, int: &Val| match (limits?, int.literal_int()?) {
        ((least, _), int) if int < least => Some(false),
        ((_, greatest), int) if int > greatest => Some(true),
        _ => None,
    };
    let item_is_greater =
        greater(beside(best, item), item).or(greater(beside(item, best), best).map(|greater| !greater));
    item_is_greater.map(|greater| greater == (better == CmpOp::Gt))
}

/// A Python int beside a NumPy integer: where it is so far beyond the dtype that it cannot be chosen, the nearest one.
fn bounded(e: &mut Emit, better: CmpOp, int: &Val, other: &Val) -> Val {
    match beside(other, int) {
        Some((least, _)) if better == CmpOp::Gt && least > i64::MIN => {
            let edge = e.int(least);
            e.int_max(int, &edge)
        }
        Some((_, greatest)) if better == CmpOp::Lt && greatest < i64::MAX => {
            let edge = e.int(greatest);
            e.int_min(int, &edge)
        }
        _ => int.clone(),
    }
}

/// One of two values by a condition, in the type that joins theirs.
fn choose(e: &mut Emit, condition: &Val, a: &Val, b: &Val) -> Result<Val, Fault> {
    if let Some(Const::Bool(first)) = condition.literal() {
        return Ok(if *first { a.clone() } else { b.clone() });
    }
    let ty = match crate::join::join(&a.ty.widened(), &b.ty.widened()) {
        Ok(ty) => ty,
        Err(why) => return fault(Code::Join, why),
    };
    let (a, b) = (e.machine(a), e.machine(b));
    let a = crate::join::coerce(e, &a, &ty)?;
    let b = crate::join::coerce(e, &b, &ty)?;
    Ok(e.select(condition, &a, &b))
}

/// `pow(base, exp, mod)`.
fn power(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [base, exponent, modulus] = args.take(["base", "exp", "mod"])?;
    let (base, exponent) = (take("pow", base)?, take("pow", exponent)?);
    let Some(modulus) = modulus.filter(|m| !is_none(m)) else {
        return operators::binary(e, BinaryOp::Pow, false, &base, &exponent);
    };
    let integral = |v: &Val| matches!(Num::of(&v.ty), Some(Num::Int | Num::Bool));
    if ![&base, &exponent, &modulus].into_iter().all(integral) {
        return fault(Code::ArgumentTypes, "pow() with a 3rd argument takes Python ints only");
    }
    let [base, exponent, modulus] = [&base, &exponent, &modulus].map(|v| cast(e, v, &Ty::Int));
    let zero = e.int(0);
    let fine = e.ne(&modulus, &zero);
    e.guard(&fine, ErrorKind::PowModZero, &[]);
    let (value, right) = python_int::flagged(e, RuntimeFn::IntPowMod, &[&base, &exponent, &modulus]);
    e.guard(&right, ErrorKind::PowNotInvertible, &[]);
    Ok(value)
}

/// `divmod(a, b)`.
fn divmod(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (a, b) = args.two()?;
    if arrays::is_array(&a) || arrays::is_array(&b) {
        return arrays::ufuncs::plain_call(e, "divmod", &[a, b]);
    }
    let (quotient, remainder) = quotient_and_remainder(e, &a, &b)?;
    Ok(tuple(e, &[&quotient, &remainder]))
}

/// Both results of `divmod`.
pub fn quotient_and_remainder(e: &mut Emit, a: &Val, b: &Val) -> Result<(Val, Val), Fault> {
    let (x, y) = (super::number("divmod()", a)?, super::number("divmod()", b)?);
    let Some(num) = promote::binary(BinaryOp::FloorDiv, x, y) else {
        return fault(Code::OperandTypes, format!("divmod() does not accept '{}' and '{}'", x.name(), y.name()));
    };
    Ok(match num {
        Num::Float => {
            let (a, b) = (cast(e, a, &Ty::Float), cast(e, b, &Ty::Float));
            python_float::nonzero(e, &b, ErrorKind::FloatDivmodZero);
            python_float::divmod(e, &a, &b)?
        }
        Num::Scalar(d) => {
            let a = super::operand(e, BinaryOp::FloorDiv, a, x, d);
            let b = super::operand(e, BinaryOp::FloorDiv, b, y, d);
            if d.kind() == Kind::Float {
                numpy_scalar::float_divmod(e, &a, &b)?
            } else {
                (numpy_scalar::floor_divide(e, &a, &b, d), numpy_scalar::modulo(e, &a, &b, d))
            }
        }
        _ => {
            let (a, b) = (cast(e, a, &Ty::Int), cast(e, b, &Ty::Int));
            let quotient = python_int::floor_divide(e, &a, &b, ErrorKind::IntDivZero);
            (quotient, python_int::modulo(e, &a, &b, ErrorKind::IntDivZero))
        }
    })
}

fn int(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    match args.take(["x", "base"])? {
        [Some(v), base] => match crate::text::int(e, &v, base.as_ref())? {
            Some(number) => Ok(number),
            None => convert::to_int(e, &v),
        },
        [None, None] => Ok(e.int(0)),
        [None, Some(_)] => fault(Code::ArgumentTypes, "int() missing string argument"),
    }
}

fn float(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [v] = args.take(["x"])?;
    match v {
        Some(v) => match crate::text::float(e, &v) {
            Some(number) => Ok(number),
            None => convert::float(e, &v),
        },
        None => Ok(e.float(0.0)),
    }
}

fn boolean(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [v] = args.take(["object"])?;
    match v {
        Some(v) => operators::truth(e, &v),
        None => Ok(e.bool(false)),
    }
}

fn complex_number(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [re, im] = args.take(["real", "imag"])?;
    convert::complex(e, re.as_ref(), im.as_ref())
}

/// `hash(x)` as CPython computes it; of a NaN, whose hash depends on the object's address there, 0.
fn hash(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let v = args.one()?;
    hash_of(e, &v)
}

fn hash_of(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    if let Some(own) = named::hash(e, v)? {
        // A dataclass has the hash of the tuple of its fields.
        return if own.ty.items().is_some() || own.ty.expanded().items().is_some() {
            hash_of(e, &own)
        } else {
            Ok(own)
        };
    }
    if let Some(class) = v.ty.enum_class().cloned() {
        let key = enums::hashed(e, v, &class)?;
        return hash_of(e, &key);
    }
    if let Some(hash) = crate::rules::runs::hash(e, v)? {
        return Ok(hash);
    }
    if item_types(&v.ty).is_some() {
        return hash_of_tuple(e, v);
    }
    let unhashable = v.ty.list_item().is_some() || matches!(v.ty, Ty::ListDisplay(_)) || v.ty.is_bytearray();
    if unhashable || v.ty.as_table().is_some_and(|table| table.kind != coachwhip_ir::TableKind::FrozenSet) {
        let class = crate::rules::types::class_of(&v.ty).unwrap_or_default();
        let name = class.rsplit('.').next().unwrap_or_default();
        return fault(Code::ArgumentTypes, format!("unhashable type: '{name}'"));
    }
    if let Some(block) = crate::text::as_block(e, v).filter(|_| !v.ty.is_bytearray()) {
        return Ok(e.runtime(RuntimeFn::StrHash, &[&block], Ty::Int));
    }
    let num = super::number("hash()", v)?;
    Ok(match num.kind() {
        Kind::Complex => {
            let parts = complex::Parts::of(e, v, &convert::part(&num.ty()));
            let (re, im) = (cast(e, &parts.re, &Ty::Float), cast(e, &parts.im, &Ty::Float));
            let re = e.runtime(RuntimeFn::HashFloat, &[&re], Ty::Int);
            let im = e.runtime(RuntimeFn::HashFloat, &[&im], Ty::Int);
            let factor = e.int(1_000_003);
            let scaled = e.mul(&im, &factor);
            let sum = e.add(&re, &scaled);
            not_minus_one(e, &sum)
        }
        Kind::Float => {
            let v = cast(e, v, &Ty::Float);
            e.runtime(RuntimeFn::HashFloat, &[&v], Ty::Int)
        }
        _ => {
            let ty = if num == Num::Scalar(Dtype::Uint64) { num.ty() } else { Ty::Int };
            let v = cast(e, v, &ty);
            let modulus = e.int_as((1 << 61) - 1, &ty);
            let rest = e.truncmod(&v, &modulus);
            let rest = cast(e, &rest, &Ty::Int);
            not_minus_one(e, &rest)
        }
    })
}

/// The hash of a tuple: xxHash of the hashes of its items, as CPython computes it since 3.8.
fn hash_of_tuple(e: &mut Emit, v: &Val) -> Result<Val, Fault> {
    const PRIMES: [u64; 3] = [11_400_714_785_074_694_791, 14_029_467_366_897_019_727, 2_870_177_450_012_600_261];
    const SALT: u64 = 3_527_539;
    /// What stands for a hash of -1, which CPython keeps for errors.
    const RESERVED: i64 = 1_546_275_796;
    let word = Ty::Scalar(Dtype::Uint64);
    let constant = |e: &mut Emit, bits: u64| e.lit(Const::Scalar(Dtype::Uint64, Bits(bits, 0)));
    let [first, second, third] = PRIMES.map(|prime| constant(e, prime));
    let (left, right) = (constant(e, 31), constant(e, 33));
    let mut state = third;
    let items = items(e, v)?;
    for item in &items {
        let lane = hash_of(e, item)?;
        let lane = e.op(Op::Convert, &[&lane], word.clone());
        let scaled = e.mul(&lane, &second);
        let sum = e.add(&state, &scaled);
        let (high, low) = (e.shl(&sum, &left), e.shr(&sum, &right));
        let turned = e.bitor(&high, &low);
        state = e.mul(&turned, &first);
    }
    let [_, _, seed] = PRIMES;
    let length = constant(e, items.len() as u64 ^ seed ^ SALT);
    let sum = e.add(&state, &length);
    let hash = e.op(Op::Convert, &[&sum], Ty::Int);
    let (minus_one, instead) = (e.int(-1), e.int(RESERVED));
    let reserved = e.eq(&hash, &minus_one);
    Ok(e.select(&reserved, &instead, &hash))
}

/// CPython keeps -1 for errors.
fn not_minus_one(e: &mut Emit, v: &Val) -> Val {
    let (minus_one, minus_two) = (e.int(-1), e.int(-2));
    let reserved = e.eq(v, &minus_one);
    e.select(&reserved, &minus_two, v)
}
