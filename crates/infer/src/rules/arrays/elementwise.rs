//! Element-wise operations: a kernel of the library, applied to every element of broadcast arrays by one `map`.
//!
//! A kernel is a function of one line in `python/coachwhip/lib/elementwise.py`; on elements, which are NumPy scalars, the
//! rules of numbers give it NumPy's types and values.  Python numbers among the operands are converted once,
//! outside the loop, where NumPy converts them before it looks at any element.

use super::broadcast::{broadcast, into_outputs, push, sizes};
use super::geometry::{array, contiguous};
use super::literals::Order;
use super::{create, index, store};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, Layout, Op, Options, Ty};

/// An operand as the kernel's call needs it.
#[derive(Clone, Debug)]
pub enum Operand {
    /// An array of one axis or more, read element by element.
    Array(Val, ArrayTy),
    /// Anything else, the same for all elements; the element of an array without axes.
    Single(Val),
}

impl Operand {
    /// The operand behind a value: 0-d arrays are their element.
    pub fn of(e: &mut Emit, v: &Val) -> Operand {
        match array(e, v) {
            Some((a, ty)) if ty.ndim == 0 => Operand::Single(index::load(e, &a, ty, &[])),
            Some((a, ty)) => Operand::Array(a, ty),
            None => Operand::Single(v.clone()),
        }
    }

    /// The type that the kernel's parameter has.
    pub fn element(&self) -> Ty {
        match self {
            Operand::Array(_, ty) => Ty::Scalar(ty.dtype),
            Operand::Single(v) => v.ty.clone(),
        }
    }

    /// The value.
    pub fn value(&self) -> &Val {
        match self {
            Operand::Array(v, _) | Operand::Single(v) => v,
        }
    }

    /// The sizes.
    pub fn sizes(&self, e: &mut Emit) -> Vec<Val> {
        match self {
            Operand::Array(a, ty) => sizes(e, a, *ty),
            Operand::Single(_) => vec![],
        }
    }
}

/// Whether a value is an array, 0-d ones included.
pub fn is_array(v: &Val) -> bool {
    matches!(v.ty, Ty::Array(_) | Ty::Lit(Const::Array(_)))
}

/// The kernel's number and result type for these operands; its refusal is told as the operation's own.
fn kernel(e: &mut Emit, name: &str, operands: &[Operand]) -> Result<(u32, Ty), Fault> {
    let Some(id) = e.engine.library(&format!("coachwhip.lib.elementwise.{name}"))? else {
        return fault(Code::UnsupportedFunction, format!("np.{name} of arrays is not supported in compiled code"));
    };
    let options = kernel_options(e);
    let types: Vec<Ty> = operands.iter().map(Operand::element).collect();
    let found = e.engine.callee(id, &types, &options)?;
    if found.1 == Ty::Never {
        refused_by_rule(e, name, &types)?;
    }
    Ok(found)
}

/// The refusal of the rule behind a kernel, which has no result: asked here, so that it is told of the user's code.
fn refused_by_rule(e: &mut Emit, kernel: &str, types: &[Ty]) -> Result<(), Fault> {
    let name = ["divmod", "modf", "frexp", "angle"].into_iter().find(|name| kernel.starts_with(name)).unwrap_or(kernel);
    let name = format!("numpy.{name}");
    let args = types.iter().map(|ty| e.undef(ty.clone())).collect();
    match (crate::rules::function(&name), Args::of(&name, args)) {
        (Some(rule), Ok(args)) => rule(e, &args).map(|_| ()),
        _ => Ok(()),
    }
}

/// Kernels wrap: their Python ints are counts and flags.
fn kernel_options(e: &Emit) -> Options {
    Options { boundscheck: false, wraparound: false, wrap: true, ..e.options.clone() }
}

/// The dtype of a kernel's results for these operands.
pub fn result_dtype(e: &mut Emit, name: &str, operands: &[Operand]) -> Result<Option<Dtype>, Fault> {
    Ok(kernel(e, name, operands)?.1.dtype())
}

/// The layout of a new array over these operands, in NumPy's order 'K': column-major if every operand that has
/// an order is.
pub fn layout(operands: &[Operand], order: Order, ndim: usize) -> Layout {
    let of = |wanted: Layout| {
        let mut ordered = operands.iter().filter_map(|o| match o {
            Operand::Array(_, ty) if ty.ndim as usize >= 2 => Some(ty.layout),
            _ => None,
        });
        let first = ordered.next();
        first == Some(wanted) && ordered.all(|l| l == wanted)
    };
    let layout = match order {
        Order::F => Layout::F,
        Order::K | Order::A if of(Layout::F) => Layout::F,
        _ => Layout::C,
    };
    contiguous(layout, ndim)
}

/// The kernel's values as a new array, or as a scalar if no operand has axes.
pub fn apply(e: &mut Emit, name: &str, operands: &[Operand]) -> Result<Val, Fault> {
    apply_in_order(e, name, operands, Order::K)
}

/// As [`apply`], with the memory order of the result.
pub fn apply_in_order(e: &mut Emit, name: &str, operands: &[Operand], order: Order) -> Result<Val, Fault> {
    let shapes = shapes(e, operands);
    if shapes.is_empty() {
        return scalar(e, name, operands);
    }
    let (number, ret) = kernel(e, name, operands)?;
    let result = broadcast(e, &shapes)?;
    mapped(e, (number, ret), operands, &result, layout(operands, order, result.len()))
}

/// The shapes of all operands as NumPy's messages tell them; none if no operand has axes.
fn shapes(e: &mut Emit, operands: &[Operand]) -> Vec<Vec<Val>> {
    let shapes: Vec<Vec<Val>> = operands.iter().map(|o| o.sizes(e)).collect();
    if shapes.iter().all(Vec::is_empty) { vec![] } else { shapes }
}

/// The kernel's value for operands without axes.
pub fn scalar(e: &mut Emit, name: &str, operands: &[Operand]) -> Result<Val, Fault> {
    kernel(e, name, operands)?;
    let args: Vec<Val> = operands.iter().map(|o| o.value().clone()).collect();
    super::library(e, &format!("coachwhip.lib.elementwise.{name}"), &args)
}

/// The kernel's values over shapes that have been checked, in an array of the given sizes.
pub fn over(e: &mut Emit, name: &str, operands: &[Operand], sizes: &[Val], layout: Layout) -> Result<Val, Fault> {
    let found = kernel(e, name, operands)?;
    mapped(e, found, operands, sizes, layout)
}

fn mapped(
    e: &mut Emit,
    (number, ret): (u32, Ty),
    operands: &[Operand],
    sizes: &[Val],
    layout: Layout,
) -> Result<Val, Fault> {
    if let Ty::Lit(constant) = &ret {
        let element = e.lit(constant.clone());
        let element = e.machine(&element);
        return over(e, "identity", &[Operand::Single(element)], sizes, layout);
    }
    // A kernel that always fails has no result type.
    let dtype = match ret.dtype() {
        Some(dtype) => dtype,
        None if ret == Ty::Never => operands.first().and_then(|o| o.element().dtype()).unwrap_or(Dtype::Float64),
        None => return fault(Code::Internal, "an element-wise kernel gave no number"),
    };
    let ty = ArrayTy { dtype, ndim: sizes.len() as u8, layout: contiguous(layout, sizes.len()), readonly: false };
    let mut all: Vec<Val> = sizes.iter().map(|size| e.machine(size)).collect();
    all.extend(operands.iter().map(|o| o.value().clone()));
    match push(e, Op::Map, number, &all, &[Ty::Array(ty)]) {
        Some(v) => Ok(v),
        None => fault(Code::Internal, "a map without result"),
    }
}

/// Casts the values to the target's dtype and stores them; the shapes have been checked, the target can be written.
pub fn write(e: &mut Emit, target: &Val, ty: ArrayTy, value: &Operand) -> Result<(), Fault> {
    if ty.ndim == 0 {
        let element = super::cast::cast(e, value.value(), ty.dtype);
        store::store(e, target, &[], &element);
        return Ok(());
    }
    match value {
        Operand::Single(v) => {
            let element = super::cast::cast(e, v, ty.dtype);
            let element = e.machine(&element);
            into(e, "identity", target, &[Operand::Single(element)])
        }
        Operand::Array(_, from) if from.dtype == ty.dtype => into(e, "identity", target, std::slice::from_ref(value)),
        Operand::Array(..) => {
            let to = e.lit(Const::Dtype(ty.dtype));
            into(e, "cast", target, &[value.clone(), Operand::Single(to)])
        }
    }
}

/// The kernel's values, which have the target's dtype, into the target.
pub fn into(e: &mut Emit, name: &str, target: &Val, operands: &[Operand]) -> Result<(), Fault> {
    let (number, ret) = kernel(e, name, operands)?;
    if let Ty::Lit(constant) = ret {
        let element = e.lit(constant);
        let element = e.machine(&element);
        return into(e, "identity", target, &[Operand::Single(element)]);
    }
    let mut all = vec![target.clone()];
    all.extend(operands.iter().map(|o| o.value().clone()));
    push(e, Op::MapInto, number, &all, &[]);
    Ok(())
}

/// The array with its elements cast to a dtype: a new array.
pub fn cast_array(e: &mut Emit, a: &Val, ty: ArrayTy, dtype: Dtype, order: Order) -> Result<Val, Fault> {
    let operand = Operand::Array(a.clone(), ty);
    let sizes = operand.sizes(e);
    let layout = layout(std::slice::from_ref(&operand), order, sizes.len());
    if dtype == ty.dtype {
        return over(e, "identity", &[operand], &sizes, layout);
    }
    let to = e.lit(Const::Dtype(dtype));
    over(e, "cast", &[operand, Operand::Single(to)], &sizes, layout)
}

/// Where results go: given arrays, or new ones.
pub struct Outputs {
    /// One place for each result: an array that is written, or `None` for a new one.
    pub arrays: Vec<Option<(Val, ArrayTy)>>,
    /// Where to compute: a bool for each element, `None` for everywhere.
    pub mask: Option<Operand>,
    /// Memory order of new arrays.
    pub order: Order,
}

/// Computes one kernel for each output and stores what it gives; returns the results.
pub fn compute(e: &mut Emit, kernels: &[&str], operands: &[Operand], to: &Outputs) -> Result<Vec<Val>, Fault> {
    if to.arrays.iter().all(Option::is_none) && to.mask.is_none() {
        return kernels.iter().map(|name| apply_in_order(e, name, operands, to.order)).collect();
    }
    let mut inputs: Vec<Vec<Val>> = operands.iter().map(|o| o.sizes(e)).collect();
    let outputs: Vec<Vec<Val>> = to.arrays.iter().flatten().map(|(a, ty)| sizes(e, a, *ty)).collect();
    let mask: Vec<Vec<Val>> = to.mask.iter().map(|mask| mask.sizes(e)).collect();
    let common = match outputs.first() {
        Some(sizes) => {
            if !into_outputs(e, &inputs, &outputs, &mask)? {
                return Ok(vec![e.never()]);
            }
            sizes.clone()
        }
        None => {
            inputs.extend(mask);
            broadcast(e, &inputs)?
        }
    };
    if let ([kernel], [Some((target, ty))], None) = (kernels, to.arrays.as_slice(), &to.mask)
        && ty.ndim > 0
        && result_dtype(e, kernel, operands)? == Some(ty.dtype)
    {
        into(e, kernel, target, operands)?;
        return Ok(vec![target.clone()]);
    }
    let layout = layout(operands, to.order, common.len());
    // Every result is computed before the first is stored, because outputs may overlap the operands.
    let mut values = Vec::with_capacity(kernels.len());
    for name in kernels {
        let value =
            if common.is_empty() { scalar(e, name, operands)? } else { over(e, name, operands, &common, layout)? };
        values.push(value);
    }
    let mut results = Vec::with_capacity(kernels.len());
    for (value, output) in values.into_iter().zip(&to.arrays) {
        results.push(stored(e, value, output.as_ref(), to.mask.as_ref(), layout)?);
    }
    Ok(results)
}

/// One result in its place.
fn stored(
    e: &mut Emit,
    value: Val,
    output: Option<&(Val, ArrayTy)>,
    mask: Option<&Operand>,
    layout: Layout,
) -> Result<Val, Fault> {
    let (target, ty) = match (output, mask) {
        (None, None) => return Ok(value),
        (Some((target, ty)), _) => (target.clone(), *ty),
        (None, Some(mask)) => {
            let Some(ty) = value.ty.array() else { return masked_scalar(e, &value, mask) };
            let sizes = sizes(e, &value, ty);
            let target = create::allocate(e, ty.dtype, &sizes, layout, true);
            let ty = target.ty.array().unwrap_or(ty);
            (target, ty)
        }
    };
    match mask {
        None => {
            let value = Operand::of(e, &value);
            write(e, &target, ty, &value)?;
        }
        Some(mask) => write_where(e, &target, ty, &value, mask)?,
    }
    Ok(target)
}

/// A scalar computed where the mask, one bool, says so; else 0 in the place of what NumPy leaves undefined.
fn masked_scalar(e: &mut Emit, value: &Val, mask: &Operand) -> Result<Val, Fault> {
    let Some(dtype) = value.ty.dtype() else { return Ok(value.clone()) };
    let (zero, condition) = (e.bool(false), crate::rules::operators::truth(e, mask.value())?);
    let zero = super::cast::cast(e, &zero, dtype);
    Ok(e.select(&condition, value, &zero))
}

/// Stores where the mask says so.
pub fn write_where(e: &mut Emit, target: &Val, ty: ArrayTy, value: &Val, mask: &Operand) -> Result<(), Fault> {
    let value = match Operand::of(e, value) {
        Operand::Array(a, from) if from.dtype != ty.dtype => {
            let cast = cast_array(e, &a, from, ty.dtype, Order::K)?;
            Operand::of(e, &cast)
        }
        Operand::Single(v) => {
            let element = super::cast::cast(e, &v, ty.dtype);
            Operand::Single(e.machine(&element))
        }
        value => value,
    };
    let old = Operand::of(e, target);
    let operands = [mask.clone(), value, old];
    if ty.ndim == 0 {
        let chosen = scalar(e, "chosen", &operands)?;
        store::store(e, target, &[], &chosen);
        return Ok(());
    }
    into(e, "chosen", target, &operands)
}
