//! NumPy's ufuncs on arrays, with every argument that they have: `out`, `where`, `dtype`, `casting`, `order`.

use super::array_like::{from_sequence, is_convertible};
use super::casting::{Casting, rank, refused};
use super::elementwise::{Operand, Outputs, cast_array, compute, is_array, result_dtype};
use super::functions::clip_operands;
use super::geometry::array;
use super::index;
use super::literals::{self, Order, without};
use super::raise::{Piece, raise};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::promote::Num;
use crate::rules::numbers::{self, checked_int_to_dtype, to_dtype};
use coachwhip_ir::promote::promote_weak;
use coachwhip_ir::{ArrayTy, Bits, Code, Const, Dtype, ErrorKind, Kind, Layout, Ty, describe};

/// Ufuncs that convert a Python number to the common dtype before they look at any element; an int must fit.
const ARITHMETIC: [&str; 19] = [
    "add",
    "subtract",
    "multiply",
    "floor_divide",
    "remainder",
    "power",
    "fmod",
    "divmod",
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "left_shift",
    "right_shift",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "gcd",
    "lcm",
];

/// Ufuncs that convert a Python number to the dtype of floats beside it.
const FLOATING: [&str; 8] =
    ["divide", "arctan2", "hypot", "copysign", "nextafter", "logaddexp", "logaddexp2", "heaviside"];

/// Ufuncs that compare; ints that no element can equal are compared exactly.
const COMPARISONS: [&str; 6] = ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"];

/// Ufuncs whose code depends on a literal operand: small powers are products, a divisor that is not 0 needs no test.
const LITERAL: [&str; 7] = ["power", "float_power", "left_shift", "right_shift", "floor_divide", "remainder", "divmod"];

/// A ufunc: its name and the number of its inputs.
#[derive(Clone, Copy)]
pub struct Ufunc {
    /// `__name__`.
    pub name: &'static str,
    /// Number of inputs.
    pub inputs: usize,
}

impl Ufunc {
    /// The kernels, one for each result.
    pub fn kernels(&self) -> Vec<&'static str> {
        match self.name {
            "divmod" => vec!["divmod_quotient", "divmod_remainder"],
            "modf" => vec!["modf_fraction", "modf_whole"],
            "frexp" => vec!["frexp_mantissa", "frexp_exponent"],
            name => vec![name],
        }
    }
}

/// Whether a call of a ufunc is more than a function of numbers.
pub fn is_elementwise(args: &Args, inputs: usize) -> bool {
    args.given().count() > inputs || args.given().any(|v| is_array(v) || is_convertible(&v.ty))
}

fn is_tuple(v: &Val) -> bool {
    matches!(v.ty, Ty::Tuple(_) | Ty::Lit(Const::Tuple(_)))
}

/// Whether a ufunc compares.
pub fn is_comparison(name: &str) -> bool {
    COMPARISONS.contains(&name)
}

/// A call of a ufunc.
pub fn call(e: &mut Emit, ufunc: Ufunc, args: &Args) -> Result<Val, Fault> {
    let inputs: Vec<Val> = args.given().take(ufunc.inputs).cloned().collect();
    call_with(e, ufunc, &inputs, args)
}

/// A call of a ufunc on these inputs, with what else the arguments ask for.
pub fn call_with(e: &mut Emit, ufunc: Ufunc, inputs: &[Val], args: &Args) -> Result<Val, Fault> {
    args.without("signature")?;
    let kernels = ufunc.kernels();
    let keyword = |wanted: &str| args.get(wanted);
    let placed = ["out1", "out2"].map(|name| args.get(name).cloned());
    without(&keyword("subok").cloned(), "subok", &[Const::Bool(true), Const::Bool(false)])?;
    let arrays = outputs(e, kernels.len(), placed, keyword("out"))?;
    let Some(mask) = mask(e, keyword("where"))? else { return Ok(e.never()) };
    let request = Request {
        arrays,
        mask: mask.operand,
        dtype: literals::dtype(keyword("dtype"))?,
        casting: Casting::of(keyword("casting"), Casting::SameKind)?,
        order: literals::order(keyword("order"), Order::K)?,
    };
    run(e, ufunc, inputs, request)
}

/// What a call asks for besides its inputs.
pub struct Request {
    /// `out=`, one for each result.
    pub arrays: Vec<Option<(Val, ArrayTy)>>,
    /// `where=`.
    pub mask: Option<Operand>,
    /// `dtype=`.
    pub dtype: Option<Dtype>,
    /// `casting=`.
    pub casting: Casting,
    /// `order=`.
    pub order: Order,
}

impl Request {
    /// Nothing special.
    pub fn plain(results: usize) -> Request {
        Request { arrays: vec![None; results], mask: None, dtype: None, casting: Casting::SameKind, order: Order::K }
    }
}

/// Runs a ufunc on its inputs.
pub fn run(e: &mut Emit, ufunc: Ufunc, inputs: &[Val], request: Request) -> Result<Val, Fault> {
    let name = ufunc.name;
    if request.arrays.iter().flatten().any(|(_, ty)| ty.readonly) {
        return Ok(raise(e, "ValueError", vec![Piece::Text("output array is read-only")]));
    }
    let mut operands = Vec::with_capacity(inputs.len());
    for v in inputs {
        operands.push(operand(e, name, v)?);
    }
    let (name, operands) = match beyond(e, name, &operands) {
        Some(decided) => ("second", decided),
        None => (name, operands),
    };
    let operands = match request.dtype {
        Some(dtype) => in_dtype(e, ufunc, operands, dtype, request.casting)?,
        None if name == "clip" => clip_operands(e, operands)?,
        None => prepared(e, name, operands)?,
    };
    if operands.iter().any(|o| o.value().is_never()) {
        return Ok(e.never());
    }
    let kernels = if name == "second" { vec![name] } else { chosen_kernels(ufunc, &operands) };
    compute_request(e, name, &kernels, &operands, request)
}

/// Computes kernels on operands that are ready, with what a call asks for besides.
pub fn compute_request(
    e: &mut Emit,
    name: &str,
    kernels: &[&str],
    operands: &[Operand],
    request: Request,
) -> Result<Val, Fault> {
    if request.arrays.iter().flatten().any(|(_, ty)| ty.readonly) {
        return Ok(raise(e, "ValueError", vec![Piece::Text("output array is read-only")]));
    }
    check_casts(e, name, kernels, operands, &request)?;
    let to = Outputs { arrays: request.arrays, mask: request.mask, order: request.order };
    let results = compute(e, kernels, operands, &to)?;
    match <[Val; 1]>::try_from(results) {
        Ok([one]) => Ok(one),
        Err(several) => Ok(crate::rules::tuples::display(e, &several)),
    }
}

/// The power 0.5 that is the same for all elements is the square root, in NumPy's loops too.
fn chosen_kernels(ufunc: Ufunc, operands: &[Operand]) -> Vec<&'static str> {
    if let ("power", [base @ Operand::Array(..), Operand::Single(exponent)]) = (ufunc.name, operands) {
        let half = match exponent.literal() {
            Some(Const::Float(bits)) => f64::from_bits(*bits) == 0.5,
            Some(Const::Scalar(d, bits)) => d.kind() == Kind::Float && f64::from_bits(bits.0) == 0.5,
            _ => false,
        };
        if half && base.element().dtype().is_some_and(|d| d.kind() < Kind::Complex) {
            return vec!["power_half"];
        }
    }
    ufunc.kernels()
}

/// An input: an array, a number, or a sequence of such.
pub fn operand(e: &mut Emit, name: &str, v: &Val) -> Result<Operand, Fault> {
    let v = e.opened(v);
    let operand = if is_convertible(&v.ty) {
        let a = from_sequence(e, &v, None, Layout::C)?;
        Operand::of(e, &a)
    } else {
        Operand::of(e, &v)
    };
    let wide = matches!(v.ty, Ty::Lit(Const::BigInt(_)));
    if operand.element().dtype().is_none() && !wide {
        return fault(Code::ArgumentTypes, format!("np.{name}() takes numbers and arrays, not {}", describe(&v.ty)));
    }
    Ok(operand)
}

/// The `out` arguments: that by name, or those by place of a ufunc of several results.
fn outputs(
    e: &mut Emit,
    results: usize,
    placed: [Option<Val>; 2],
    keyword: Option<&Val>,
) -> Result<Vec<Option<(Val, ArrayTy)>>, Fault> {
    let given: Vec<Val> = match keyword {
        Some(_) if placed.iter().any(Option::is_some) => {
            return fault(Code::ArgumentCount, "cannot specify 'out' as both a positional and keyword argument");
        }
        None => placed.into_iter().map(|v| v.unwrap_or_else(|| e.none())).collect(),
        Some(v) if is_tuple(v) => {
            let count = match &v.ty {
                Ty::Tuple(items) => items.len(),
                Ty::Lit(Const::Tuple(items)) => items.len(),
                _ => 0,
            };
            if count != results {
                let message = "The 'out' tuple must have exactly one entry per ufunc output";
                return fault(Code::ArgumentCount, message);
            }
            (0..count).map(|i| e.field(v, i)).collect()
        }
        Some(v) if results == 1 => vec![v.clone()],
        Some(_) => return fault(Code::ArgumentTypes, "'out' must be a tuple of arrays"),
    };
    let mut arrays = vec![None; results];
    for (slot, v) in arrays.iter_mut().zip(&given) {
        if index::is_none(v) {
            continue;
        }
        match array(e, v) {
            Some(found) => *slot = Some(found),
            None => {
                let message = format!("return arrays must be of ArrayType, not {}", describe(&v.ty));
                return fault(Code::ArgumentTypes, message);
            }
        }
    }
    Ok(arrays)
}

/// A `where` argument: `operand` is `None` if every element is computed.
pub struct Mask {
    /// One bool for each element.
    pub operand: Option<Operand>,
}

/// Reads a `where` argument; the outer `None` stands for one that never arrives.
pub fn mask(e: &mut Emit, v: Option<&Val>) -> Result<Option<Mask>, Fault> {
    let Some(v) = v else { return Ok(Some(Mask { operand: None })) };
    if v.is_never() {
        return Ok(None);
    }
    if v.literal() == Some(&Const::Bool(true)) {
        return Ok(Some(Mask { operand: None }));
    }
    let operand = Operand::of(e, v);
    match operand.element().dtype() {
        Some(Dtype::Bool) => {}
        Some(other) => {
            let message = format!(
                "Cannot cast array data from dtype('{}') to dtype('bool') according to the rule 'safe'",
                other.name()
            );
            return fault(Code::ArgumentTypes, message);
        }
        None => return fault(Code::ArgumentTypes, format!("where= takes bools, not {}", describe(&v.ty))),
    }
    let operand = match operand {
        Operand::Single(v) => Operand::Single(e.machine(&v)),
        array => array,
    };
    Ok(Some(Mask { operand: Some(operand) }))
}

/// The dtype of the operands that are not Python numbers.
fn strong(operands: &[Operand]) -> Option<Dtype> {
    let dtypes = operands.iter().filter(|o| !o.element().is_python_number()).filter_map(|o| o.element().dtype());
    dtypes.reduce(Dtype::promote)
}

/// The operands with Python numbers converted as NumPy does before it starts.
pub fn prepared(e: &mut Emit, name: &str, operands: Vec<Operand>) -> Result<Vec<Operand>, Fault> {
    let Some(strong) = strong(&operands) else { return Ok(operands.into_iter().map(|o| plain(e, name, o)).collect()) };
    let mut result = Vec::with_capacity(operands.len());
    for operand in operands {
        result.push(match operand {
            Operand::Single(v) if is_python(&v) => {
                let v = weak(e, name, &v, strong)?;
                plain(e, name, Operand::Single(v))
            }
            other => plain(e, name, other),
        });
    }
    Ok(result)
}

fn is_python(v: &Val) -> bool {
    v.ty.is_python_number() || matches!(v.ty, Ty::Lit(Const::BigInt(_)))
}

/// A literal in machine form, unless the kernel's code depends on it.
fn plain(e: &mut Emit, name: &str, operand: Operand) -> Operand {
    match operand {
        Operand::Single(v) if LITERAL.contains(&name) && is_fruitful(&v) => Operand::Single(v),
        Operand::Single(v) => Operand::Single(e.machine(&v)),
        array => array,
    }
}

/// Whether a kernel is made for this literal alone: small powers, halves of them, and divisors.  A negative int may
/// make a kernel that always fails, which NumPy does only where there is an element.
fn is_fruitful(v: &Val) -> bool {
    match v.literal() {
        Some(Const::Int(i)) => *i >= 0,
        Some(Const::Scalar(d, bits)) => d.kind() >= Kind::Float || bits.0 as i64 >= 0,
        Some(Const::Float(bits)) => (f64::from_bits(*bits) * 2.0).fract() == 0.0,
        _ => false,
    }
}

/// A Python number beside operands of a NumPy dtype.
fn weak(e: &mut Emit, name: &str, v: &Val, strong: Dtype) -> Result<Val, Fault> {
    if let Ty::Lit(Const::BigInt(digits)) = &v.ty {
        let digits = digits.clone();
        return wide(e, &digits, strong);
    }
    let target = promote_weak(strong, &v.ty.widened());
    let is_int = v.ty.widened() == Ty::Int;
    if COMPARISONS.contains(&name) && is_int && target.is_int() {
        let (low, high) = numbers::limits(target);
        let fits = v.literal_int().is_some_and(|i| (low..=high).contains(&i));
        return Ok(if fits { to_dtype(e, v, target) } else { v.clone() });
    }
    if ARITHMETIC.contains(&name) {
        return Ok(if is_int && target.is_int() {
            checked_int_to_dtype(e, v, target)
        } else if LITERAL.contains(&name) && v.literal().is_some() {
            v.clone()
        } else {
            to_dtype(e, v, target)
        });
    }
    let floating = FLOATING.contains(&name) || COMPARISONS.contains(&name);
    Ok(if floating && strong.kind() >= Kind::Float { to_dtype(e, v, target) } else { v.clone() })
}

/// A literal of more than 64 bits.
fn wide(e: &mut Emit, digits: &str, strong: Dtype) -> Result<Val, Fault> {
    if strong.kind() >= Kind::Float {
        let value: f64 = digits.parse().unwrap_or(f64::INFINITY);
        if !value.is_finite() {
            return Ok(raise(e, "OverflowError", vec![Piece::Text("int too large to convert to float")]));
        }
        let value = e.float(value);
        return Ok(to_dtype(e, &value, strong));
    }
    match digits.parse::<u64>() {
        Ok(value) if strong == Dtype::Uint64 => Ok(e.lit(Const::Scalar(strong, Bits(value, 0)))),
        _ => Ok(e.fail(ErrorKind::IntTooLargeC, &[])),
    }
}

/// A comparison of integers with a literal that none of them reaches: the same answer for every element.
fn beyond(e: &mut Emit, name: &str, operands: &[Operand]) -> Option<Vec<Operand>> {
    let [a, b] = operands else { return None };
    let digits = |o: &Operand| match o.element() {
        Ty::Lit(Const::BigInt(digits)) => Some(digits),
        _ => None,
    };
    let (array, digits, first) = match (digits(a), digits(b)) {
        (Some(digits), None) => (b, digits, true),
        (None, Some(digits)) => (a, digits, false),
        _ => return None,
    };
    let dtype = array.element().dtype()?;
    if dtype.kind() >= Kind::Float || dtype == Dtype::Uint64 && digits.parse::<u64>().is_ok() {
        return None;
    }
    let element_is_less = !digits.starts_with('-');
    let answer = match name {
        "equal" => false,
        "not_equal" => true,
        "less" | "less_equal" => element_is_less != first,
        "greater" | "greater_equal" => element_is_less == first,
        _ => return None,
    };
    let answer = e.bool(answer);
    let answer = to_dtype(e, &answer, Dtype::Bool);
    Some(vec![array.clone(), Operand::Single(e.machine(&answer))])
}

/// The operands in the dtype that `dtype=` asks the loop to have.
fn in_dtype(
    e: &mut Emit,
    ufunc: Ufunc,
    operands: Vec<Operand>,
    dtype: Dtype,
    casting: Casting,
) -> Result<Vec<Operand>, Fault> {
    let kernels = ufunc.kernels();
    if dtype == Dtype::Bool && is_test(ufunc.name) {
        return prepared(e, ufunc.name, operands);
    }
    let exponent = |position: usize| ufunc.name == "ldexp" && position == 1;
    let mut probes = Vec::new();
    for (position, operand) in operands.iter().enumerate() {
        let undefined = e.undef(Ty::Scalar(dtype));
        probes.push(if exponent(position) { operand.clone() } else { Operand::Single(undefined) });
    }
    // NumPy looks for a loop by safe casts where the inputs are not of one dtype.
    let narrows = |first: &Operand| {
        let number = |ty: &Ty| if *ty == Ty::Float { Some(Dtype::Float64) } else { Some(Dtype::Int64) };
        let from = first.element().dtype().or_else(|| number(&first.element()));
        from.is_some_and(|from| !Casting::Safe.allows(from, dtype))
    };
    let narrowed = ufunc.name == "ldexp" && operands.first().is_some_and(narrows);
    if narrowed || !results_are(e, &kernels, &probes, dtype) {
        let name = ufunc.name;
        let message = format!(
            "No loop matching the specified signature and casting was found for ufunc {name} with {}",
            dtype.name()
        );
        return fault(Code::ArgumentTypes, message);
    }
    let mut result = Vec::with_capacity(operands.len());
    for (position, operand) in operands.into_iter().enumerate() {
        let converted =
            if exponent(position) { operand } else { loop_operand(e, ufunc, position, operand, dtype, casting)? };
        result.push(converted);
    }
    Ok(result)
}

/// Whether the results of a ufunc are bools whatever its operands are.
fn is_test(name: &str) -> bool {
    is_comparison(name) || name.starts_with("logical_") || name.starts_with("is") || name == "signbit"
}

fn results_are(e: &mut Emit, kernels: &[&str], operands: &[Operand], dtype: Dtype) -> bool {
    kernels.iter().all(|name| matches!(result_dtype(e, name, operands), Ok(Some(found)) if found == dtype))
}

/// One operand in the loop's dtype.
fn loop_operand(
    e: &mut Emit,
    ufunc: Ufunc,
    position: usize,
    operand: Operand,
    dtype: Dtype,
    casting: Casting,
) -> Result<Operand, Fault> {
    let from = operand.element().dtype().unwrap_or(dtype);
    let allowed = match &operand {
        _ if casting == Casting::No && ufunc.inputs == 1 => from == dtype,
        Operand::Single(v) if is_python(v) && casting != Casting::Unsafe => {
            rank(from.kind()) <= rank(dtype.kind()) || from.is_int() && dtype.is_int()
        }
        _ => casting.allows(from, dtype),
    };
    if !allowed {
        let what = if ufunc.inputs == 1 { "input".to_string() } else { format!("input {position}") };
        return refused(ufunc.name, &what, from, dtype, casting);
    }
    Ok(match operand {
        Operand::Array(_, ty) if ty.dtype == dtype => operand,
        Operand::Array(a, ty) => {
            let cast = cast_array(e, &a, ty, dtype, Order::K)?;
            Operand::of(e, &cast)
        }
        Operand::Single(v) if Num::of(&v.ty) == Some(Num::Int) && dtype.is_int() => {
            let v = checked_int_to_dtype(e, &v, dtype);
            plain(e, ufunc.name, Operand::Single(v))
        }
        Operand::Single(v) => {
            let v = to_dtype(e, &v, dtype);
            plain(e, ufunc.name, Operand::Single(v))
        }
    })
}

/// Refuses what the casting rule does not allow.
fn check_casts(
    e: &mut Emit,
    name: &str,
    kernels: &[&str],
    operands: &[Operand],
    request: &Request,
) -> Result<(), Fault> {
    for (position, (kernel, output)) in kernels.iter().zip(&request.arrays).enumerate() {
        let Some(from) = result_dtype(e, kernel, operands)? else { continue };
        if let Some((_, ty)) = output
            && !request.casting.allows(from, ty.dtype)
        {
            let place = operands.len() + position;
            let what = if kernels.len() == 1 { "output".to_string() } else { format!("output {place}") };
            return refused(name, &what, from, ty.dtype, request.casting);
        }
        if request.casting == Casting::No && position == 0 && !name.starts_with("logical_") {
            check_inputs(name, operands, from)?;
        }
    }
    Ok(())
}

/// Whether a type is one of Python's numbers that take NumPy's dtype; a `bool` is NumPy's.
fn is_weak(ty: &Ty) -> bool {
    ty.is_python_number() && ty.widened() != Ty::Bool
}

/// Without casts, every operand must have the loop's dtype: that of the result, or the common one of a test.
fn check_inputs(name: &str, operands: &[Operand], result: Dtype) -> Result<(), Fault> {
    let lone = match operands {
        [one] => one.element().dtype(),
        _ => None,
    };
    let Some(strong) = strong(operands).or(lone) else { return Ok(()) };
    let real_of_complex = strong.kind() == Kind::Complex && result.kind() == Kind::Float;
    let to = if result == Dtype::Bool || real_of_complex { strong } else { result };
    for (position, operand) in operands.iter().enumerate() {
        match operand.element().dtype() {
            Some(from) if from != to && (lone.is_some() || !is_weak(&operand.element())) => {
                let what = if operands.len() == 1 { "input".to_string() } else { format!("input {position}") };
                return refused(name, &what, from, to, Casting::No);
            }
            _ => {}
        }
    }
    Ok(())
}

/// A ufunc on values, without further arguments.
pub fn plain_call(e: &mut Emit, name: &'static str, inputs: &[Val]) -> Result<Val, Fault> {
    let ufunc = Ufunc { name, inputs: inputs.len() };
    run(e, ufunc, inputs, Request::plain(ufunc.kernels().len()))
}
