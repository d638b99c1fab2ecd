//! Results that are known at compile time: the objects behind constants.

use crate::abandoned::held;
use crate::numpy::numpy;
use crate::snapshot::Reached;
use coachwhip_ir::{Const, Dtype, Factory, Kind, Source, TableKind, Ty, describe};
use pyo3::exceptions::{PyAttributeError, PyImportError, PyLookupError, PyTypeError, PyValueError};
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyComplex, PyFloat, PyInt, PySlice, PyString, PyTuple};
use std::ffi::c_void;

/// The object as a new reference; null with an exception set if there is none.
///
/// # Safety
/// The interpreter is held.
pub unsafe fn object(constant: &Const, reached: &Reached) -> *mut PyObject {
    let object = |py: Python<'_>| match build(py, constant, reached) {
        Ok(object) => object.into_ptr(),
        Err(error) => {
            error.restore(py);
            std::ptr::null_mut()
        }
    };
    // SAFETY: as the caller promises.
    unsafe { held(object) }
}

/// Sets the exception for a result that has no Python form.
///
/// # Safety
/// The interpreter is held.
pub unsafe fn unsupported(ty: &Ty) -> *mut PyObject {
    let message = format!("a compiled function cannot return a {}", describe(ty));
    // SAFETY: as the caller promises.
    unsafe { held(|py| PyTypeError::new_err(message).restore(py)) };
    std::ptr::null_mut()
}

/// A part of a result type that has no Python object, in the user's words: such code is refused before it runs.
pub fn unreturnable(py: Python<'_>, ty: &Ty, reached: &Reached) -> PyResult<Option<String>> {
    let parts = match ty {
        Ty::Lit(constant) => {
            return match build(py, constant, reached) {
                Ok(_) => Ok(None),
                // What there is no object for; any other exception came from outside.
                Err(error)
                    if error.is_instance_of::<PyTypeError>(py)
                        || error.is_instance_of::<PyValueError>(py)
                        || error.is_instance_of::<PyAttributeError>(py)
                        || error.is_instance_of::<PyLookupError>(py)
                        || error.is_instance_of::<PyImportError>(py) =>
                {
                    Ok(Some(describe(ty)))
                }
                Err(error) => Err(error),
            };
        }
        Ty::Tuple(items) | Ty::NamedTuple(_, items) | Ty::Union(items) => items.to_vec(),
        Ty::Optional(inner) => vec![(**inner).clone()],
        Ty::Slice(parts) => parts.to_vec(),
        Ty::Ref(to) => to.parts().to_vec(),
        Ty::Table(table) => {
            if let TableKind::Default(Factory::Func(id)) = table.kind
                && unreturnable(py, &Ty::Lit(Const::Func(id)), reached)?.is_some()
            {
                return Ok(Some("defaultdict whose factory is a nested function".into()));
            }
            vec![table.value.clone()]
        }
        _ => return Ok(None),
    };
    for part in &parts {
        if let Some(what) = unreturnable(py, part, reached)? {
            return Ok(Some(what));
        }
    }
    Ok(None)
}

/// The object behind a constant.
pub fn build<'py>(py: Python<'py>, constant: &Const, reached: &Reached) -> PyResult<Bound<'py, PyAny>> {
    Ok(match constant {
        Const::None => py.None().into_bound(py),
        Const::Ellipsis => py.Ellipsis().into_bound(py),
        Const::Bool(b) => b.into_pyobject(py)?.to_owned().into_any(),
        Const::Int(n) => n.into_pyobject(py)?.into_any(),
        Const::BigInt(digits) => py.get_type::<PyInt>().call1((&**digits,))?,
        Const::Float(bits) => PyFloat::new(py, f64::from_bits(*bits)).into_any(),
        Const::Complex(re, im) => PyComplex::from_doubles(py, f64::from_bits(*re), f64::from_bits(*im)).into_any(),
        Const::Str(text) => PyString::new(py, text).into_any(),
        Const::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
        Const::Tuple(items) => {
            let items = items.iter().map(|item| build(py, item, reached));
            PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
        Const::NamedTuple(class, items) => {
            let items = build(py, &Const::Tuple(items.clone()), reached)?;
            crate::classes::tuple_of(class.number(), &items)?
        }
        Const::Enum(class, word) => crate::classes::member(py, class.number(), *word)?,
        Const::Slice(parts) => {
            let parts = parts.each_ref().map(|part| build(py, part, reached));
            let [start, stop, step] = parts;
            py.get_type::<PySlice>().call1((start?, stop?, step?))?
        }
        Const::Scalar(dtype, bits) => {
            let part = |word: u64| dtype.float_bits(f64::from_bits(word));
            let memory = match (dtype.kind(), dtype) {
                (Kind::Float, _) => [part(bits.0), 0],
                (_, Dtype::Complex64) => [part(bits.0) | part(bits.1) << 32, 0],
                _ => [bits.0, bits.1],
            };
            let data = memory.as_ptr().cast::<c_void>();
            // SAFETY: the memory holds a scalar of the dtype.
            unsafe {
                let made = (numpy().scalar)(data, numpy().descr(*dtype), std::ptr::null_mut());
                Bound::from_owned_ptr_or_err(py, made)?
            }
        }
        // SAFETY: the table holds live objects.
        Const::Dtype(dtype) => unsafe { Bound::from_borrowed_ptr(py, numpy().descr(*dtype)) },
        Const::Named(name) => py.import("coachwhip._binding")?.getattr("named")?.call1((&**name,))?,
        Const::Module(number) => {
            let name = reached.program.module_name(*number);
            py.import("sys")?.getattr("modules")?.get_item(&*name)?
        }
        other => match reached.object(py, other)? {
            Some(object) => object.into_bound(py),
            None => {
                let what = describe(&Ty::Lit(other.clone()));
                return Err(PyTypeError::new_err(format!("a compiled function cannot return a value: {what}")));
            }
        },
    })
}
