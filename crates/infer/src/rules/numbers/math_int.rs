//! The functions of the `math` module over integers.

use super::builtins::{is_none, take};
use super::python_int::flagged_or_overflow;
use super::rounding::index;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val};
use crate::rules::Rule;
use coachwhip_ir::{ErrorKind, RuntimeFn, Ty};

/// The functions of this file.
pub const FUNCTIONS: &[(&str, Rule)] = &[
    ("math.gcd", |e, a| folded(e, a, "math.gcd", RuntimeFn::Gcd, 0)),
    ("math.lcm", |e, a| folded(e, a, "math.lcm", RuntimeFn::Lcm, 1)),
    ("math.isqrt", isqrt),
    ("math.factorial", factorial),
    ("math.comb", comb),
    ("math.perm", perm),
];

/// `gcd` and `lcm` of any number of integers.
fn folded(e: &mut Emit, args: &Args, name: &str, f: RuntimeFn, none: i64) -> Result<Val, Fault> {
    let mut result = match args.rest().first() {
        Some(first) => index(e, name, first)?,
        None => return Ok(e.int(none)),
    };
    let neutral = e.int(if f == RuntimeFn::Gcd { 0 } else { 1 });
    if args.rest().len() == 1 {
        return Ok(flagged_or_overflow(e, f, &[&result, &neutral]));
    }
    for v in args.rest().iter().skip(1) {
        let v = index(e, name, v)?;
        result = flagged_or_overflow(e, f, &[&result, &v]);
    }
    Ok(result)
}

/// Fails if the number is negative.
fn not_negative(e: &mut Emit, v: &Val, error: ErrorKind) {
    let zero = e.int(0);
    let fine = e.ge(v, &zero);
    e.guard(&fine, error, &[]);
}

fn isqrt(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let n = index(e, "math.isqrt", &args.one()?)?;
    not_negative(e, &n, ErrorKind::IsqrtNegative);
    Ok(e.runtime(RuntimeFn::Isqrt, &[&n], Ty::Int))
}

fn factorial(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let n = index(e, "math.factorial", &args.one()?)?;
    not_negative(e, &n, ErrorKind::Factorial);
    Ok(flagged_or_overflow(e, RuntimeFn::Factorial, &[&n]))
}

fn comb(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let (n, k) = args.two()?;
    let (n, k) = (index(e, "math.comb", &n)?, index(e, "math.comb", &k)?);
    not_negative(e, &n, ErrorKind::CombN);
    not_negative(e, &k, ErrorKind::CombK);
    Ok(flagged_or_overflow(e, RuntimeFn::Comb, &[&n, &k]))
}

fn perm(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [n, k] = args.take(["n", "k"])?;
    let n = take("math.perm", n)?;
    let n = index(e, "math.perm", &n)?;
    let k = match k {
        Some(k) if !is_none(&k) => index(e, "math.perm", &k)?,
        // `perm(n)` is `factorial(n)`, messages included.
        _ => {
            not_negative(e, &n, ErrorKind::Factorial);
            return Ok(flagged_or_overflow(e, RuntimeFn::Factorial, &[&n]));
        }
    };
    not_negative(e, &n, ErrorKind::CombN);
    not_negative(e, &k, ErrorKind::CombK);
    Ok(flagged_or_overflow(e, RuntimeFn::Perm, &[&n, &k]))
}
