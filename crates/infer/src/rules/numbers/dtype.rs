//! Dtypes as values: the spellings that Python programs use, `np.dtype(…)`, equality, attributes, and the
//! scalar types called as constructors.

use super::{complex, convert};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::{Rule, arrays};
use coachwhip_ir::{CmpOp, Code, Const, Dtype, Kind, Ty};

/// The dtype that a constant stands for: a dtype object, a NumPy scalar type, a Python number type, a name.
pub fn parse(v: &Val) -> Option<Dtype> {
    match v.literal()? {
        Const::Dtype(d) => Some(*d),
        Const::Named(name) => named(name),
        Const::Str(text) => spelled(text),
        _ => None,
    }
}

fn named(name: &str) -> Option<Dtype> {
    match name {
        "builtins.int" => Some(Dtype::Int64),
        "builtins.float" => Some(Dtype::Float64),
        "builtins.bool" => Some(Dtype::Bool),
        "builtins.complex" => Some(Dtype::Complex128),
        _ => CONSTRUCTOR_NAMES.iter().find(|(n, _)| *n == name).map(|(_, d)| *d),
    }
}

/// NumPy's names and type codes (`float64`, `f8`, `d`, `int`).
fn spelled(text: &str) -> Option<Dtype> {
    Dtype::by_spelling(text.trim_start_matches(['=', '<', '|']))
}

macro_rules! constructors {
    ($($name:literal $dtype:ident;)*) => {
        const CONSTRUCTOR_NAMES: &[(&str, Dtype)] = &[$(($name, Dtype::$dtype)),*];
        const CONSTRUCTORS: &[(&str, Rule)] = &[$(($name, |e, a| construct(e, a, Dtype::$dtype))),*];
    };
}

constructors! {
    "numpy.bool" Bool;
    "numpy.bool_" Bool;
    "numpy.int8" Int8;
    "numpy.int16" Int16;
    "numpy.int32" Int32;
    "numpy.int64" Int64;
    "numpy.longlong" Int64;
    "numpy.uint8" Uint8;
    "numpy.uint16" Uint16;
    "numpy.uint32" Uint32;
    "numpy.uint64" Uint64;
    "numpy.ulonglong" Uint64;
    "numpy.float16" Float16;
    "numpy.float32" Float32;
    "numpy.float64" Float64;
    "numpy.complex64" Complex64;
    "numpy.complex128" Complex128;
}

const OTHERS: &[(&str, Rule)] = &[("numpy.dtype", |e, a| {
    let v = a.one()?;
    match parse(&v) {
        Some(d) => Ok(e.lit(Const::Dtype(d))),
        None => fault(Code::NeedsConstant, "np.dtype() needs a type that is known at compile time"),
    }
})];

/// The functions of this file.
pub const FUNCTIONS: [&[(&str, Rule)]; 2] = [CONSTRUCTORS, OTHERS];

/// `np.int8(x)`, `np.complex128(re, im)`, and `np.int8(a)`, which is an array unless `a` has no axes.
fn construct(e: &mut Emit, args: &Args, dtype: Dtype) -> Result<Val, Fault> {
    let [first, im] = match dtype.kind() {
        Kind::Complex => args.take(["real", "imag"])?,
        _ => args.take(["value"]).map(|[v]| [v, None])?,
    };
    if let Some(v) = first.as_ref().filter(|v| arrays::is_array(v) || arrays::is_convertible(&v.ty)) {
        return match im {
            None => arrays::in_dtype(e, v, dtype),
            Some(_) => fault(Code::ArgumentTypes, format!("np.{}() takes two numbers, or one array", dtype.name())),
        };
    }
    if let Some(im) = im {
        let z = convert::complex(e, first.as_ref(), Some(&im))?;
        return Ok(complex::Parts::of(e, &z, &Ty::Float).pack(e, &Ty::Scalar(dtype)));
    }
    match first {
        Some(v) => {
            let v = e.opened(&v);
            convert::construct(e, &v, dtype)
        }
        None => Ok(e.int_as(0, &Ty::Scalar(dtype))),
    }
}

/// `==` and `!=` where one side is a dtype object.
pub fn equality(e: &mut Emit, op: CmpOp, a: &Val, b: &Val) -> Option<Val> {
    let is_dtype = |v: &Val| matches!(v.literal(), Some(Const::Dtype(_)));
    if !is_dtype(a) && !is_dtype(b) {
        return None;
    }
    let (x, y) = (parse(a), parse(b));
    let equal = x.is_some() && x == y;
    Some(e.bool(equal == (op == CmpOp::Eq)))
}

/// An attribute of a dtype object.
pub fn attribute(e: &mut Emit, d: Dtype, name: &str) -> Option<Val> {
    let text = |e: &mut Emit, s: &str| e.lit(Const::Str(s.into()));
    Some(match name {
        "itemsize" | "alignment" => {
            let size = if name == "alignment" { d.real().size() } else { d.size() };
            e.int(i64::from(size))
        }
        "name" => text(e, d.name()),
        "kind" => {
            let kind = match d.kind() {
                Kind::Bool => "b",
                Kind::Signed => "i",
                Kind::Unsigned => "u",
                Kind::Float => "f",
                Kind::Complex => "c",
            };
            text(e, kind)
        }
        "ndim" => e.int(0),
        "type" => {
            let name = format!("numpy.{}", d.numpy_name());
            e.lit(Const::Named(name.into()))
        }
        _ => return None,
    })
}
