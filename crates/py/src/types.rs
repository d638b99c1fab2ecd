//! Types between Rust and `coachwhip.types`: a Python type object carries its description as nested tuples.

use coachwhip_ir::describe::describe;
use coachwhip_ir::{ArrayTy, Const, Dtype, Layout, Ty};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use std::sync::Arc;

/// Types are nested no deeper than this, as tuples are: everything that is done with them goes down by recursion.
const MAX_DEPTH: usize = crate::arguments::size::MAX_DEPTH + 1;

/// The type that a Python type object (or one of the classes `int`, `float`, …) stands for.
pub fn from_python(value: &Bound<'_, PyAny>) -> PyResult<Ty> {
    let spec = value.getattr("_spec")?;
    from_spec(&spec)
}

/// The type behind a description.
pub fn from_spec(spec: &Bound<'_, PyAny>) -> PyResult<Ty> {
    nested(spec, MAX_DEPTH)
}

fn nested(spec: &Bound<'_, PyAny>, depth: usize) -> PyResult<Ty> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(PyTypeError::new_err(format!("types are nested at most {MAX_DEPTH} deep")));
    };
    let spec = spec.cast::<PyTuple>()?;
    let kind: String = spec.get_item(0)?.extract()?;
    let inner = |index: usize| nested(&spec.get_item(index)?, depth);
    Ok(match kind.as_str() {
        "none" => Ty::None,
        "int" => Ty::Int,
        "float" => Ty::Float,
        "bool" => Ty::Bool,
        "complex" => Ty::Complex,
        "text" => Ty::str(),
        "bytes" => Ty::bytes(),
        "scalar" => Ty::Scalar(dtype(&spec.get_item(1)?)?),
        "array" => Ty::Array(ArrayTy {
            dtype: dtype(&spec.get_item(1)?)?,
            ndim: spec.get_item(2)?.extract()?,
            layout: layout(&spec.get_item(3)?)?,
            readonly: spec.get_item(4)?.extract()?,
        }),
        "tuple" => Ty::Tuple(spec.iter().skip(1).map(|item| nested(&item, depth)).collect::<PyResult<_>>()?),
        "optional" => Ty::Optional(Arc::new(inner(1)?)),
        "list" => Ty::list(inner(1)?),
        "pointer" if spec.len() == 1 => Ty::Ptr(None),
        "pointer" => Ty::Ptr(Some(Arc::new(inner(1)?))),
        "range" => Ty::Range(Arc::new(Ty::Int)),
        "slice" => Ty::Slice(Arc::new([Ty::Int, Ty::Int, Ty::None])),
        other => return Err(PyTypeError::new_err(format!("no type is called '{other}'"))),
    })
}

fn dtype(name: &Bound<'_, PyAny>) -> PyResult<Dtype> {
    let name: String = name.extract()?;
    Dtype::by_name(&name).ok_or_else(|| PyTypeError::new_err(format!("no dtype is called '{name}'")))
}

fn layout(letter: &Bound<'_, PyAny>) -> PyResult<Layout> {
    match letter.extract::<String>()?.as_str() {
        "C" => Ok(Layout::C),
        "F" => Ok(Layout::F),
        "A" => Ok(Layout::A),
        other => Err(PyTypeError::new_err(format!("no layout is called '{other}'"))),
    }
}

/// The Python type object of a type.
pub fn to_python<'py>(py: Python<'py>, ty: &Ty) -> PyResult<Bound<'py, PyAny>> {
    py.import("coachwhip.types")?.getattr("_from_spec")?.call1((to_spec(py, ty)?,))
}

/// The dtype that a class of numbers stands for.
fn dtype_class(name: &str) -> Option<Dtype> {
    match name {
        "builtins.int" => Some(Dtype::Int64),
        "builtins.float" => Some(Dtype::Float64),
        "builtins.bool" => Some(Dtype::Bool),
        "builtins.complex" => Some(Dtype::Complex128),
        _ => {
            let name = name.strip_prefix("numpy.")?;
            Dtype::ALL.into_iter().find(|d| d.numpy_name() == name || d.name() == name)
        }
    }
}

/// The description of a type.
pub fn to_spec<'py>(py: Python<'py>, ty: &Ty) -> PyResult<Bound<'py, PyAny>> {
    let word = |word: &str| -> PyResult<Bound<'py, PyAny>> { Ok(PyTuple::new(py, [word])?.into_any()) };
    match ty {
        Ty::None => word("none"),
        Ty::Int => word("int"),
        Ty::Float => word("float"),
        Ty::Bool => word("bool"),
        Ty::Complex => word("complex"),
        Ty::Scalar(d) => Ok(("scalar", d.name()).into_pyobject(py)?.into_any()),
        Ty::Array(a) => {
            let layout = format!("{:?}", a.layout);
            Ok(("array", a.dtype.name(), a.ndim, layout, a.readonly).into_pyobject(py)?.into_any())
        }
        Ty::Tuple(items) => {
            let mut parts = vec![PyString::new(py, "tuple").into_any()];
            for item in items.iter() {
                parts.push(to_spec(py, item)?);
            }
            Ok(PyTuple::new(py, parts)?.into_any())
        }
        Ty::NamedTuple(class, _) => Ok(("named_tuple", &*class.name).into_pyobject(py)?.into_any()),
        Ty::Enum(class) => Ok(("named_tuple", &*class.name).into_pyobject(py)?.into_any()),
        Ty::Optional(inner) => Ok(("optional", to_spec(py, inner)?).into_pyobject(py)?.into_any()),
        Ty::Ptr(None) => word("pointer"),
        Ty::Ptr(Some(inner)) => Ok(("pointer", to_spec(py, inner)?).into_pyobject(py)?.into_any()),
        Ty::Range(_) => word("range"),
        Ty::Slice(_) => word("slice"),
        Ty::Lit(Const::None) => word("none"),
        Ty::Lit(Const::Str(text)) => Ok(("literal_text", &**text).into_pyobject(py)?.into_any()),
        Ty::Text(_) | Ty::Char => word("text"),
        ty if ty.list_item().is_some() => {
            let item = ty.list_item().unwrap_or(&Ty::Never);
            Ok(("list", to_spec(py, item)?).into_pyobject(py)?.into_any())
        }
        ty if ty.is_str() => word("text"),
        ty if ty.is_bytes() => word("bytes"),
        ty if ty.is_bytearray() => word("bytearray"),
        Ty::Lit(Const::Dtype(d)) => Ok(("dtype", d.name()).into_pyobject(py)?.into_any()),
        Ty::Lit(Const::Named(name)) if dtype_class(name).is_some() => {
            let name = dtype_class(name).map_or("", Dtype::name);
            Ok(("dtype", name).into_pyobject(py)?.into_any())
        }
        Ty::Lit(Const::Func(_) | Const::Named(_) | Const::Native(_)) | Ty::Closure(..) => word("callable"),
        other if other.widened() != *other => to_spec(py, &other.widened()),
        other => Ok(("other", describe(other)).into_pyobject(py)?.into_any()),
    }
}
