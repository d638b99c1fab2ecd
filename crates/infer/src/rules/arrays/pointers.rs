//! Pointers: elements by index, and arrays over foreign memory (`carray`, `farray`).

use super::cast::{is_number, stored};
use super::create::shape_argument;
use super::geometry::{contiguous, packed_strides, view};
use super::integers::{is_index, to_int};
use super::literals::dtype;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::Answer;
use coachwhip_ir::{ArrayTy, Code, Diagnostic, Dtype, ErrorKind, Imm, Layout, Op, Ty, describe};

/// The element type behind a pointer, as it is indexed.
fn target(x: &Val, index: &Val) -> Result<Option<Ty>, Fault> {
    let Ty::Ptr(target) = &x.ty else { return Ok(None) };
    let Some(target) = target else {
        let d = Diagnostic::new(Code::NotSubscriptable, "a pointer to void cannot be indexed");
        return Err(Box::new(d.help("give it a type and a shape: coachwhip.carray(pointer, shape, dtype)")));
    };
    if !is_index(&index.ty) {
        return fault(
            Code::NotSubscriptable,
            format!("a pointer is indexed by an int, not by {}", describe(&index.ty)),
        );
    }
    Ok(Some((**target).clone()))
}

/// `p[i]`.
pub fn getitem(e: &mut Emit, x: &Val, index: &Val) -> Answer {
    let Some(ty) = target(x, index)? else { return Ok(None) };
    not_null(e, x);
    let index = to_int(e, index);
    Ok(Some(e.op(Op::LoadPtr, &[x, &index], ty)))
}

/// `p[i] = v`.
pub fn setitem(e: &mut Emit, x: &Val, index: &Val, v: &Val) -> Answer {
    let Some(ty) = target(x, index)? else { return Ok(None) };
    let (Some(d), true) = (ty.dtype(), is_number(v)) else {
        let message = format!("{} cannot be stored behind a pointer to {}", describe(&v.ty), describe(&ty));
        return fault(Code::OperandTypes, message);
    };
    not_null(e, x);
    let index = to_int(e, index);
    let element = stored(e, v, d)?;
    let element = if ty == Ty::Scalar(d) { element } else { super::methods::python(e, &element)? };
    e.effect(Op::StorePtr, Imm::None, &[x, &index, &element]);
    Ok(Some(e.none()))
}

fn not_null(e: &mut Emit, pointer: &Val) {
    let nobody = nobody(e, ArrayTy { dtype: Dtype::Bool, ndim: 0, layout: Layout::C, readonly: false });
    let null = e.field(&nobody, 1);
    let valid = e.op(Op::Ne, &[pointer, &null], Ty::Bool);
    e.guard(&valid, ErrorKind::NullPointer, &[]);
}

/// `coachwhip.carray(pointer, shape, dtype=None)`.
pub fn carray(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    over_memory(e, args, "carray", Layout::C)
}

/// `coachwhip.farray(pointer, shape, dtype=None)`.
pub fn farray(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    over_memory(e, args, "farray", Layout::F)
}

fn over_memory(e: &mut Emit, args: &Args, name: &str, layout: Layout) -> Result<Val, Fault> {
    let [Some(pointer), Some(shape), d] = &args.take(["ptr", "shape", "dtype"])? else {
        return fault(Code::Internal, format!("{name}() of nothing"));
    };
    let Ty::Ptr(target) = &pointer.ty else {
        return fault(Code::ArgumentTypes, format!("{name}() wants a pointer, not {}", describe(&pointer.ty)));
    };
    let known = target.as_ref().and_then(|t| t.dtype());
    let d = match (known, dtype(d.as_ref())?) {
        (Some(a), Some(b)) if a != b => return mismatch(name, a, b),
        (_, Some(d)) | (Some(d), None) => d,
        (None, None) => return fault(Code::ArgumentTypes, format!("{name}() of a pointer to void needs a dtype")),
    };
    let sizes = shape_argument(e, shape)?;
    not_null(e, pointer);
    let ty = ArrayTy { dtype: d, ndim: sizes.len() as u8, layout: contiguous(layout, sizes.len()), readonly: false };
    let steps = packed_strides(e, d, &sizes, layout);
    let zero = e.int(0);
    let start = e.op(Op::Offset, &[pointer, &zero], Ty::Ptr(None));
    let nobody = nobody(e, ty);
    Ok(view(e, &nobody, ty, &start, &sizes, &steps))
}

/// An array value without memory: its owner word is null, which no one counts.
fn nobody(e: &mut Emit, ty: ArrayTy) -> Val {
    e.op(Op::Undef, &[], Ty::Array(ty))
}

fn mismatch<T>(name: &str, a: Dtype, b: Dtype) -> Result<T, Fault> {
    let message = format!("{name}() got dtype {} for a pointer to {}", b.name(), a.name());
    fault(Code::ArgumentTypes, message)
}
