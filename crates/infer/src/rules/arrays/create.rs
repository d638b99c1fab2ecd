//! New arrays: `np.empty`, `zeros`, `ones`, `full`, their `_like` forms, and copies.

use super::cast::{cast, is_number, stored};
use super::geometry::{array, contiguous, data, flattened, shape, strides};
use super::integers::{count, is_index, size};
use super::literals::{Order, dtype, order, without};
use super::order::{self as memory_order, Sort, Voice};
use super::{array_like, index, store};
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::{lists::is_sequence, tuples};
use coachwhip_ir::{ArrayTy, Code, Const, Dtype, ErrorKind, Imm, Layout, Op, Ty, describe};

/// A fresh array; the sizes are not negative.
pub fn allocate(e: &mut Emit, dtype: Dtype, sizes: &[Val], layout: Layout, zeroed: bool) -> Val {
    let layout = contiguous(layout, sizes.len());
    let ty = ArrayTy { dtype, ndim: sizes.len() as u8, layout, readonly: false };
    e.op_with(Op::Alloc, Imm::Int(i64::from(zeroed)), &sizes.iter().collect::<Vec<_>>(), Ty::Array(ty))
}

/// A shape argument: an int or a tuple of ints, checked not to be negative.
pub fn shape_argument(e: &mut Emit, v: &Val) -> Result<Vec<Val>, Fault> {
    let sizes = sizes(e, v)?;
    let zero = e.int(0);
    for size in &sizes {
        let ok = e.op(Op::Ge, &[size, &zero], Ty::Bool);
        e.guard(&ok, ErrorKind::NegativeDimension, &[]);
    }
    Ok(sizes)
}

/// The ints of a shape argument.
pub fn sizes(e: &mut Emit, v: &Val) -> Result<Vec<Val>, Fault> {
    let items = match &v.ty {
        ty if is_sequence(ty) => tuples::items(e, v)?,
        ty if is_index(ty) => return Ok(vec![count(e, v, "a shape")?]),
        other => {
            return fault(
                Code::ArgumentTypes,
                format!("a shape is an int or a tuple of ints, not {}", describe(other)),
            );
        }
    };
    if items.len() > 32 {
        return fault(Code::ArgumentTypes, "arrays have at most 32 dimensions in compiled code");
    }
    items.iter().map(|item| size(e, item, "a size of a shape")).collect()
}

/// `order=` of a function without prototype.
fn plain_order(v: &Option<Val>) -> Result<Layout, Fault> {
    match order(v.as_ref(), Order::C)? {
        Order::C => Ok(Layout::C),
        Order::F => Ok(Layout::F),
        _ => fault(Code::ArgumentTypes, "only 'C' or 'F' order is permitted"),
    }
}

/// What `np.empty(shape, dtype, order)` and its kin have in common.
struct Plain {
    sizes: Vec<Val>,
    layout: Layout,
    dtype: Option<Dtype>,
}

fn plain(e: &mut Emit, slots: [&Option<Val>; 4]) -> Result<Plain, Fault> {
    let [shape, dtype_slot, order_slot, device] = slots;
    without(device, "device", &[Const::Str("cpu".into())])?;
    let Some(shape) = shape else { return fault(Code::ArgumentCount, "the shape is missing") };
    Ok(Plain { dtype: dtype(dtype_slot.as_ref())?, layout: plain_order(order_slot)?, sizes: shape_argument(e, shape)? })
}

const PLAIN: [&str; 4] = ["shape", "dtype", "order", "device"];

/// `np.empty`.
pub fn empty(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [s, d, o, device] = args.take(PLAIN)?;
    let p = plain(e, [&s, &d, &o, &device])?;
    Ok(allocate(e, p.dtype.unwrap_or(Dtype::Float64), &p.sizes, p.layout, false))
}

/// `np.zeros`.
pub fn zeros(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [s, d, o, device] = args.take(PLAIN)?;
    let p = plain(e, [&s, &d, &o, &device])?;
    Ok(allocate(e, p.dtype.unwrap_or(Dtype::Float64), &p.sizes, p.layout, true))
}

/// `np.ones`.
pub fn ones(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [s, d, o, device] = args.take(PLAIN)?;
    let p = plain(e, [&s, &d, &o, &device])?;
    let a = allocate(e, p.dtype.unwrap_or(Dtype::Float64), &p.sizes, p.layout, false);
    let one = e.int(1);
    filled(e, a, &one)
}

/// `np.full`.
pub fn full(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [s, value, d, o, device] = args.take(["shape", "fill_value", "dtype", "order", "device"])?;
    let Some(value) = value else { return fault(Code::ArgumentCount, "the fill value is missing") };
    let p = plain(e, [&s, &d, &o, &device])?;
    let dtype = match (p.dtype, value.ty.dtype(), array(e, &value)) {
        (Some(d), _, _) | (None, Some(d), _) => d,
        (None, None, Some((_, ty))) => ty.dtype,
        _ => return fault(Code::ArgumentTypes, format!("{} cannot fill an array", describe(&value.ty))),
    };
    let a = allocate(e, dtype, &p.sizes, p.layout, false);
    filled(e, a, &value)
}

/// A new array with every element set as `np.copyto(a, value, casting="unsafe")` does: a Python int must
/// fit the dtype, anything else is cast.
fn filled(e: &mut Emit, a: Val, value: &Val) -> Result<Val, Fault> {
    let Some(ty) = a.ty.array() else { return Ok(a) };
    if !is_number(value) {
        store::assign(e, &a, ty, value)?;
        return Ok(a);
    }
    let element = match value.ty.widened() {
        Ty::Int | Ty::Lit(Const::BigInt(_)) => stored(e, value, ty.dtype)?,
        _ => cast(e, value, ty.dtype),
    };
    store::fill(e, &a, ty, &element)?;
    Ok(a)
}

/// What `np.empty_like(a, dtype, order, subok, shape)` and its kin have in common.
fn like(e: &mut Emit, slots: [&Option<Val>; 6], zeroed: bool) -> Result<Val, Fault> {
    let [prototype, dtype_slot, order_slot, subok, shape_slot, device] = slots;
    without(subok, "subok", &[Const::Bool(true), Const::Bool(false)])?;
    without(device, "device", &[Const::Str("cpu".into())])?;
    let order = order(order_slot.as_ref(), Order::K)?;
    let given = dtype(dtype_slot.as_ref())?;
    let Some(prototype) = prototype else { return fault(Code::ArgumentCount, "the prototype is missing") };
    let found = match array(e, prototype) {
        None if array_like::is_convertible(&prototype.ty) => array_like::array_like(e, prototype)?,
        found => found,
    };
    let Some((a, ty)) = found else {
        let Some(d) = given.or(prototype.ty.dtype()) else {
            return fault(
                Code::ArgumentTypes,
                format!("the prototype must be an array, not {}", describe(&prototype.ty)),
            );
        };
        let sizes = match shape_slot {
            Some(shape) if !index::is_none(shape) => shape_argument(e, shape)?,
            _ => vec![],
        };
        return Ok(allocate(e, d, &sizes, if order == Order::F { Layout::F } else { Layout::C }, zeroed));
    };
    let sizes = match shape_slot {
        Some(shape) if !index::is_none(shape) => shape_argument(e, shape)?,
        _ => shape(e, &a, ty),
    };
    Ok(allocate_like(e, &a, ty, given.unwrap_or(ty.dtype), &sizes, order, zeroed))
}

const LIKE: [&str; 6] = ["a", "dtype", "order", "subok", "shape", "device"];

/// `np.empty_like`.
pub fn empty_like(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let names = ["prototype", "dtype", "order", "subok", "shape", "device"];
    let [a, d, o, subok, s, device] = args.take(names)?;
    like(e, [&a, &d, &o, &subok, &s, &device], false)
}

/// `np.zeros_like`.
pub fn zeros_like(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, d, o, subok, s, device] = args.take(LIKE)?;
    like(e, [&a, &d, &o, &subok, &s, &device], true)
}

/// `np.ones_like`.
pub fn ones_like(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, d, o, subok, s, device] = args.take(LIKE)?;
    let result = like(e, [&a, &d, &o, &subok, &s, &device], false)?;
    let one = e.int(1);
    filled(e, result, &one)
}

/// `np.full_like`.
pub fn full_like(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let names = ["a", "fill_value", "dtype", "order", "subok", "shape", "device"];
    let [a, value, d, o, subok, s, device] = args.take(names)?;
    let Some(value) = value else { return fault(Code::ArgumentCount, "the fill value is missing") };
    let result = like(e, [&a, &d, &o, &subok, &s, &device], false)?;
    filled(e, result, &value)
}

/// A fresh array in the order of a prototype.
pub fn allocate_like(
    e: &mut Emit,
    a: &Val,
    ty: ArrayTy,
    dtype: Dtype,
    sizes: &[Val],
    order: Order,
    zeroed: bool,
) -> Val {
    let layout = match (order, ty.layout) {
        (Order::C, _) => Layout::C,
        (Order::F, _) => Layout::F,
        (Order::K, Layout::A) if ty.ndim >= 2 && sizes.len() == ty.ndim as usize => {
            let steps = strides(e, a, ty);
            let voice = Voice::copied(e, &steps);
            return memory_order::allocated(e, Sort::Outside, &[voice], dtype, sizes, zeroed);
        }
        (_, Layout::F) if sizes.len() == ty.ndim as usize => Layout::F,
        _ => Layout::C,
    };
    allocate(e, dtype, sizes, layout, zeroed)
}

/// A copy with another dtype and order: a map, unless its strides are known at run time only.
pub fn copied(e: &mut Emit, a: &Val, ty: ArrayTy, dtype: Dtype, order: Order) -> Result<Val, Fault> {
    if ty.ndim > 0 && (ty.ndim == 1 || order != Order::K || ty.layout != Layout::A) {
        return super::elementwise::cast_array(e, a, ty, dtype, order);
    }
    let sizes = shape(e, a, ty);
    let result = allocate_like(e, a, ty, dtype, &sizes, order, false);
    let result_ty = result.ty.array().unwrap_or(ty);
    store::copy_same(e, &result, result_ty, a, ty)?;
    Ok(result)
}

/// `np.copy(a, order="K")`.
pub fn copy(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, o, subok] = args.take(["a", "order", "subok"])?;
    without(&subok, "subok", &[Const::Bool(true), Const::Bool(false)])?;
    let order = order(o.as_ref(), Order::K)?;
    let (a, ty) = array_or_number(e, a, "copy")?;
    copied(e, &a, ty, ty.dtype, order)
}

/// An argument that is an array, or a number seen as an array without dimensions.
pub fn array_or_number(e: &mut Emit, v: Option<Val>, name: &str) -> Result<(Val, ArrayTy), Fault> {
    let Some(v) = v else { return fault(Code::ArgumentCount, format!("{name}() is missing its argument")) };
    if let Some(found) = array(e, &v) {
        return Ok(found);
    }
    if let (true, Some(found)) = (array_like::is_convertible(&v.ty), array_like::array_like(e, &v)?) {
        return Ok(found);
    }
    let Some(d) = v.ty.dtype() else {
        return fault(Code::ArgumentTypes, format!("{name}() wants an array, not {}", describe(&v.ty)));
    };
    let a = allocate(e, d, &[], Layout::C, false);
    let element = cast(e, &v, d);
    store::store(e, &a, &[], &element);
    let ty = ArrayTy { dtype: d, ndim: 0, layout: Layout::C, readonly: false };
    Ok((a, ty))
}

/// `np.asarray(a, dtype, order)`: the array itself where nothing has to change.
pub fn asarray(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, d, o, device, copy] = args.take(["a", "dtype", "order", "device", "copy"])?;
    without(&device, "device", &[Const::Str("cpu".into())])?;
    let (copying, order) = (Copying::of(&copy, Copying::IfNeeded)?, order(o.as_ref(), Order::K)?);
    made_of(e, a, dtype(d.as_ref())?, order, copying, "asarray")
}

/// A NumPy scalar type called with an array or a sequence: the array in that dtype, itself where it has it, or the
/// element of an array without axes.
pub fn in_dtype(e: &mut Emit, v: &Val, dtype: Dtype) -> Result<Val, Fault> {
    let made = made_of(e, Some(v.clone()), Some(dtype), Order::K, Copying::IfNeeded, dtype.name())?;
    Ok(match made.ty.array() {
        Some(ty) if ty.ndim == 0 => super::index::load(e, &made, ty, &[]),
        _ => made,
    })
}

/// The argument `copy`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copying {
    Always,
    IfNeeded,
    Never,
}

impl Copying {
    fn of(v: &Option<Val>, default: Copying) -> Result<Copying, Fault> {
        match v.as_ref().map(|v| v.literal()) {
            None => Ok(default),
            Some(Some(Const::None)) => Ok(Copying::IfNeeded),
            Some(Some(Const::Bool(true))) => Ok(Copying::Always),
            Some(Some(Const::Bool(false))) => Ok(Copying::Never),
            _ => fault(Code::NeedsConstant, "copy must be known at compile time: True, False or None"),
        }
    }
}

/// The array, or a new one, as `np.array` and `np.asarray` make it.
fn made_of(
    e: &mut Emit,
    a: Option<Val>,
    dtype: Option<Dtype>,
    order: Order,
    copying: Copying,
    name: &str,
) -> Result<Val, Fault> {
    if let Some(made) = sequence(e, &a, dtype, order)? {
        return Ok(if copying == Copying::Never { no_copy(e) } else { made });
    }
    let number = a.as_ref().is_some_and(|v| array(e, v).is_none());
    let (a, ty) = array_or_number(e, a, name)?;
    match copying {
        Copying::Always => copied(e, &a, ty, dtype.unwrap_or(ty.dtype), order),
        Copying::IfNeeded => converted(e, &a, ty, dtype, order),
        Copying::Never if number || dtype.is_some_and(|d| d != ty.dtype) => Ok(no_copy(e)),
        Copying::Never => {
            let result = converted(e, &a, ty, dtype, order)?;
            let (before, after) = (data(e, &a), data(e, &result));
            let same = e.op(Op::Eq, &[&before, &after], Ty::Bool);
            e.if_else(&same, |_| Ok(result), |e| Ok(no_copy(e)))
        }
    }
}

/// What NumPy says where `copy=False` cannot be kept.
fn no_copy(e: &mut Emit) -> Val {
    const WHY: &str = "Unable to avoid copy while creating an array as requested.\nIf using `np.array(obj, copy=False)` \
        replace it with `np.asarray(obj)` to allow a copy when needed (no behavior change in NumPy 1.x).\nFor more \
        details, see https://numpy.org/devdocs/numpy_2_0_migration_guide.html#adapting-to-changes-in-the-copy-keyword.";
    super::raise::raise(e, "ValueError", vec![super::raise::Piece::Text(WHY)])
}

/// The array made of a sequence or of a Python number, which is converted item by item.
fn sequence(e: &mut Emit, v: &Option<Val>, dtype: Option<Dtype>, order: Order) -> Result<Option<Val>, Fault> {
    let Some(v) = v.as_ref().filter(|v| array_like::is_convertible(&v.ty) || is_number(v)) else { return Ok(None) };
    let layout = if order == Order::F { Layout::F } else { Layout::C };
    array_like::from_sequence(e, v, dtype, layout).map(Some)
}

/// `np.array(a)`: a copy of an array, or an array made of a number or a sequence.
pub fn new_array(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [a, d, copy, o, subok, ndmin] = args.take(["object", "dtype", "copy", "order", "subok", "ndmin"])?;
    without(&subok, "subok", &[Const::Bool(true), Const::Bool(false)])?;
    let order = order(o.as_ref(), Order::K)?;
    let d = dtype(d.as_ref())?;
    let ndmin = match ndmin.as_ref().map(|v| v.literal_int()) {
        None => 0,
        Some(Some(n)) => n,
        Some(None) => return fault(Code::NeedsConstant, "ndmin must be known at compile time"),
    };
    let copying = Copying::of(&copy, Copying::Always)?;
    let made = made_of(e, a, d, order, copying, "array")?;
    array_like::with_axes(e, made, ndmin)
}

/// `np.ascontiguousarray(a)`.
pub fn ascontiguousarray(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    in_order(e, args, "ascontiguousarray", Order::C)
}

/// `np.asfortranarray(a)`.
pub fn asfortranarray(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    in_order(e, args, "asfortranarray", Order::F)
}

fn in_order(e: &mut Emit, args: &Args, name: &str, order: Order) -> Result<Val, Fault> {
    let [a, d] = args.take(["a", "dtype"])?;
    let (a, ty) = array_or_number(e, a, name)?;
    let result = converted(e, &a, ty, dtype(d.as_ref())?, order)?;
    if ty.ndim > 0 {
        return Ok(result);
    }
    // These two return arrays of at least one dimension.
    let result_ty = result.ty.array().unwrap_or(ty);
    Ok(flattened(e, &result, result_ty).0)
}

/// The array, or a copy where the dtype or the order asks for one.
pub fn converted(e: &mut Emit, a: &Val, ty: ArrayTy, dtype: Option<Dtype>, order: Order) -> Result<Val, Fault> {
    let d = dtype.unwrap_or(ty.dtype);
    let kept = match order {
        Order::K | Order::A => true,
        Order::C => ty.layout == Layout::C,
        Order::F => ty.layout == Layout::F || (ty.layout == Layout::C && ty.ndim < 2),
    };
    if d != ty.dtype {
        return copied(e, a, ty, d, order);
    }
    if kept {
        return Ok(a.clone());
    }
    super::reshape::contiguous_or_copy(e, a, ty, order)
}
