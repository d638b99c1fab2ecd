//! Data attributes of arrays.

use super::create::allocate;
use super::flat::{self, flat};
use super::geometry::{array, data, is_int, mul, retyped, reversed_axes, shape, strides, view};
use super::store;
use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::Answer;
use coachwhip_ir::{ArrayTy, Code, Const, Diagnostic, ErrorKind, Kind, Layout, Op, Ty};

/// The attributes that there are, for the list of what is supported.
#[cfg(test)]
pub const ATTRIBUTES: [&str; 11] =
    ["shape", "strides", "ndim", "itemsize", "dtype", "size", "nbytes", "T", "flat", "real", "imag"];

/// `x.name`.
pub fn getattr(e: &mut Emit, x: &Val, name: &str) -> Answer {
    let Some((a, ty)) = array(e, x) else { return Ok(None) };
    Ok(Some(match name {
        "shape" => {
            let sizes = shape(e, &a, ty);
            ints(e, &sizes)
        }
        "strides" => {
            let steps = strides(e, &a, ty);
            ints(e, &steps)
        }
        "ndim" => e.int(i64::from(ty.ndim)),
        "itemsize" => e.int(i64::from(ty.dtype.size())),
        "dtype" => e.lit(Const::Dtype(ty.dtype)),
        "size" => flat::len(e, &a, ty),
        "nbytes" => {
            let (count, item) = (flat::len(e, &a, ty), e.int(i64::from(ty.dtype.size())));
            mul(e, &count, &item)
        }
        "T" => reversed_axes(e, &a, ty).0,
        "flat" => flat(e, &a),
        "real" => part(e, &a, ty, 0),
        "imag" if ty.dtype.kind() == Kind::Complex => part(e, &a, ty, 1),
        "imag" => zeros(e, &a, ty),
        _ => return Ok(None),
    }))
}

/// What to say about an attribute that neither a rule nor the library knows.
pub fn unknown_attribute(e: &mut Emit, x: &Val, name: &str) -> Option<Diagnostic> {
    array(e, x)?;
    if super::methods::LATER.contains(&name) {
        return Some(super::methods::later(name));
    }
    Some(Diagnostic::new(Code::UnknownAttribute, format!("arrays have no attribute '{name}' in compiled code")))
}

/// A tuple of ints.
fn ints(e: &mut Emit, items: &[Val]) -> Val {
    let items: Vec<Val> = items.iter().map(|v| e.machine(v)).collect();
    e.pack(Ty::tuple(items.iter().map(|_| Ty::Int)), &items.iter().collect::<Vec<_>>())
}

/// `.real` or `.imag`: of a complex array a view of the parts, of another the array itself.
fn part(e: &mut Emit, a: &Val, ty: ArrayTy, which: i64) -> Val {
    if ty.dtype.kind() != Kind::Complex {
        return a.clone();
    }
    let dtype = ty.dtype.real();
    let layout = if ty.ndim == 0 { Layout::C } else { Layout::A };
    let (start, offset) = (data(e, a), e.int(which * i64::from(dtype.size())));
    let start = if is_int(&offset, 0) { start } else { e.op(Op::Offset, &[&start, &offset], Ty::Ptr(None)) };
    let (sizes, steps) = (shape(e, a, ty), strides(e, a, ty));
    view(e, a, ArrayTy { dtype, layout, ..ty }, &start, &sizes, &steps)
}

/// `.imag` of an array that is not complex: zeros that cannot be written.
fn zeros(e: &mut Emit, a: &Val, ty: ArrayTy) -> Val {
    let sizes = shape(e, a, ty);
    let layout = if ty.layout == Layout::F { Layout::F } else { Layout::C };
    let result = allocate(e, ty.dtype, &sizes, layout, true);
    let from = result.ty.array().unwrap_or(ty);
    retyped(e, &result, from, ArrayTy { readonly: true, ..from })
}

/// `x.name = v`: those that write elements.
pub fn setattr(e: &mut Emit, x: &Val, name: &str, v: &Val) -> Answer {
    let Some((a, ty)) = array(e, x) else { return Ok(None) };
    let target = match name {
        "real" => part(e, &a, ty, 0),
        "imag" if ty.dtype.kind() == Kind::Complex => part(e, &a, ty, 1),
        "flat" if super::cast::is_number(v) => a.clone(),
        "flat" => {
            if ty.readonly {
                return Ok(Some(e.fail(ErrorKind::FlatReadOnly, &[])));
            }
            flat::store_all(e, &a, ty, v)?;
            return Ok(Some(e.none()));
        }
        _ => return Err(Box::new(not_assignable(name))),
    };
    if ty.readonly {
        return Ok(Some(e.fail(ErrorKind::ReadOnly, &[])));
    }
    let target_ty = target.ty.array().unwrap_or(ty);
    store::assign(e, &target, target_ty, v)?;
    Ok(Some(e.none()))
}

fn not_assignable(name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::Unsupported, format!("the array attribute '{name}' cannot be assigned"));
    match name {
        "shape" => diagnostic.help("use a.reshape(...), which gives a view"),
        _ => diagnostic,
    }
}

/// `np.shape(a)`, `np.ndim(a)`, `np.size(a)`: attributes that numbers have too.
pub fn described(e: &mut Emit, args: &Args, name: &str) -> Result<Val, Fault> {
    let v = &args.one()?;
    if array(e, v).is_none() && v.ty.dtype().is_none() {
        return fault(Code::ArgumentTypes, format!("{name}() wants an array, not {}", coachwhip_ir::describe(&v.ty)));
    }
    if let Some(found) = if v.ty.dtype().is_none() { getattr(e, v, name)? } else { None } {
        return Ok(found);
    }
    Ok(match name {
        "shape" => e.lit(Const::Tuple([].into())),
        "ndim" => e.int(0),
        _ => e.int(1),
    })
}
