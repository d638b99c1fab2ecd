//! The reference interpreter from Python, for the tests of generated programs; and the inferred type of a call.

use crate::arguments::bind::{bind, complain};
use crate::arguments::lists::Taken;
use crate::boxing::constants;
use crate::dispatcher::introspection::{signature, state_of};
use crate::dispatcher::state::{Environment, Specialisation};
use crate::errors::diagnostic;
use coachwhip_abi::layout::{List, Str};
use coachwhip_abi::{AbiTy, RuntimeFn};
use coachwhip_ir::eval::{Number, Width};
use coachwhip_ir::interp::{self, ArrayDatum, Datum, Limits, Stop};
use coachwhip_ir::{ArrayTy, Bits, Const, Dtype, Kind, RefTy, Ty};
use coachwhip_runtime::strings::units;
use pyo3::ffi::PyObject;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};
use std::rc::Rc;

/// The result type of a call with these arguments, as IR text.
#[pyfunction]
pub fn reveal(dispatcher: &Bound<'_, PyAny>, args: &Bound<'_, PyTuple>) -> PyResult<String> {
    specialised(dispatcher, args).map(|(_, spec, ..)| spec.compiled.ret.to_string())
}

/// The result type of a call with arguments of the given types, as IR text.  Nothing is compiled.
#[pyfunction]
pub fn infer(dispatcher: &Bound<'_, PyAny>, params: &Bound<'_, PyTuple>) -> PyResult<String> {
    let py = dispatcher.py();
    let state = state_of(dispatcher)?;
    let pair = (params, py.None()).into_pyobject(py)?;
    let params = signature(pair.as_any(), &state.parameters, state.function.bind(py))?.params;
    let environment = state.environment(py)?;
    let request = state.request(&environment, params, None, 0);
    let module = coachwhip_driver::module(&request, "infer").map_err(|d| diagnostic::error(py, &d, None))?;
    Ok(module.funcs.first().map(|func| func.ret.to_string()).unwrap_or_default())
}

/// Calls the function by the interpreter, on the module after a stage.  The answer is a tuple: `value`, the result
/// and the arguments afterwards; `failed`, the class and the arguments afterwards; or `wrong`, `unsupported` or
/// `steps` and a text.
#[pyfunction]
pub fn interpret<'py>(
    dispatcher: &Bound<'py, PyAny>,
    stage: &str,
    args: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyTuple>> {
    let py = dispatcher.py();
    let (environment, spec, words, taken) = specialised(dispatcher, args)?;
    let mut request = state_of(dispatcher)?.request(&environment, spec.params.clone(), None, spec.number);
    // Without the cache, the library's functions are all in the module, where the interpreter can follow them.
    request.cache = false;
    let module = coachwhip_driver::module(&request, stage).map_err(|d| diagnostic::error(py, &d, None))?;
    let mut words = words.into_iter();
    let datums: Option<Vec<Datum>> = spec.params.iter().map(|ty| argument(ty, &mut words)).collect();
    let Some(datums) = datums else { return answer(py, "unsupported", "an argument") };
    // The interpreter would have a list of its own for each name of the same one.
    if taken.met.iter().any(|met| met.shared()) {
        return answer(py, "unsupported", "a list that has several names");
    }
    let limits = Limits { leaks: stage != "infer", ..Limits::default() };
    let report = interp::run_with(&module, &datums, &[], &limits, &native);
    let after = report.args.iter().map(|d| object(py, d, &environment)).collect::<PyResult<Vec<_>>>();
    match report.outcome {
        Ok(value) => match object(py, &value, &environment) {
            Ok(value) => Ok(("value", value, PyTuple::new(py, after?)?).into_pyobject(py)?),
            Err(error) if crate::abandoned::is_own(py, &error) => answer(py, "unsupported", "the result"),
            Err(error) => Err(error),
        },
        Err(Stop::Failed(failure)) => {
            let class = match failure.class {
                Some(class) => constants::build(py, &class, &environment.reached)?,
                None => crate::errors::class_of(py, failure.kind)?,
            };
            Ok(("failed", class, PyTuple::new(py, after?)?).into_pyobject(py)?)
        }
        Err(Stop::Wrong(message)) => answer(py, "wrong", &format!("{message}\n{module}")),
        Err(Stop::Unsupported(message)) => answer(py, "unsupported", &message),
        Err(Stop::Steps) => answer(py, "steps", ""),
    }
}

fn answer<'py>(py: Python<'py>, word: &str, text: &str) -> PyResult<Bound<'py, PyTuple>> {
    (word, text).into_pyobject(py)
}

/// The specialisation for these arguments, compiled if need be, and the argument words.
#[allow(clippy::type_complexity)] // three things that one look finds together
fn specialised(
    dispatcher: &Bound<'_, PyAny>,
    args: &Bound<'_, PyTuple>,
) -> PyResult<(Rc<Environment>, Rc<Specialisation>, Vec<u64>, Box<Taken>)> {
    let py = dispatcher.py();
    let state = state_of(dispatcher)?;
    let environment = state.environment(py)?;
    let objects: Vec<*mut PyObject> = args.iter().map(|a| a.as_ptr()).collect();
    // SAFETY: the tuple keeps the arguments alive, and the state its function.
    let bound = unsafe { bind(py, &state.parameters, state.function.as_ptr(), &objects, std::ptr::null_mut())? };
    let Some(bound) = bound else {
        return Err(complain(py, state.function.bind(py), &objects, std::ptr::null_mut()));
    };
    let mut words = Vec::new();
    let mut taken = Box::<Taken>::default();
    let spec = state
        .specialise(py, &environment, &bound.objects, &mut words, &mut taken)
        .map_err(|f| f.into_error(py, state.function.bind(py)))?;
    Ok((environment, spec, words, taken))
}

/// An argument from its words, `None` if its type is none that the interpreter takes.
fn argument(ty: &Ty, words: &mut dyn Iterator<Item = u64>) -> Option<Datum> {
    Some(match ty {
        Ty::Int => Datum::Const(Const::Int(words.next()? as i64)),
        Ty::Float => Datum::Const(Const::Float(words.next()?)),
        Ty::Bool => Datum::Const(Const::Bool(words.next()? & 1 != 0)),
        Ty::Complex => Datum::Const(Const::Complex(words.next()?, words.next()?)),
        Ty::None => Datum::Const(Const::None),
        Ty::Lit(constant) => Datum::Const(constant.clone()),
        Ty::Scalar(dtype) => {
            let mut part = || words.next().map(|word| part(dtype.real(), word));
            let real = part()?;
            let imaginary = if dtype.kind() == Kind::Complex { part()? } else { 0 };
            Datum::Const(Const::Scalar(*dtype, Bits(real, imaginary)))
        }
        Ty::Ref(to) if matches!(**to, RefTy::Str | RefTy::Bytes) => {
            // SAFETY: the word is the address of a block that is kept.
            let units: Vec<u32> = unsafe { units(words.next()? as *const Str) }.iter().collect();
            Datum::Const(match **to {
                RefTy::Bytes => Const::Bytes(units.iter().map(|&unit| unit as u8).collect()),
                _ => Const::Str(units.iter().map(|&unit| char::from_u32(unit)).collect::<Option<String>>()?.into()),
            })
        }
        Ty::Ref(_) => {
            let item = ty.list_item()?;
            // SAFETY: the word is the address of a list that was taken; the items below the length are there.
            let words = unsafe {
                let list = words.next()? as *const List;
                let count = (*list).length as usize * (*list).item_bytes as usize / 8;
                let items = (*list).owner.data.cast::<u64>();
                (if count == 0 { &[] } else { std::slice::from_raw_parts(items, count) }, (*list).length)
            };
            let (words, length) = words;
            let mut words = words.iter().copied();
            Datum::List((0..length).map(|_| argument(item, &mut words)).collect::<Option<_>>()?)
        }
        Ty::Optional(inner) => {
            let there = words.next()? & 1 != 0;
            let payload = if there { Some(argument(inner, words)?) } else { None };
            match payload {
                Some(payload) => payload,
                None => {
                    (0..inner.machine().len()).try_for_each(|_| words.next().map(drop))?;
                    Datum::Const(Const::None)
                }
            }
        }
        Ty::Tuple(items) => Datum::Tuple(items.iter().map(|ty| argument(ty, words)).collect::<Option<_>>()?),
        Ty::Array(array) => Datum::Array(array_argument(*array, words)?),
        _ => return None,
    })
}

/// The bits of a scalar as constants keep them, from its word.
fn part(dtype: Dtype, word: u64) -> u64 {
    match dtype.kind() {
        Kind::Float | Kind::Complex => dtype.float_value(word).to_bits(),
        _ => word,
    }
}

/// A copy of an array's memory with its shape and strides.
fn array_argument(array: ArrayTy, words: &mut dyn Iterator<Item = u64>) -> Option<ArrayDatum> {
    let (data, _owner) = (words.next()?, words.next()?);
    let mut sizes = |count: usize| (0..count).map(|_| words.next().map(|w| w as i64)).collect::<Option<Vec<i64>>>();
    let (shape, strides) = (sizes(array.ndim as usize)?, sizes(array.ndim as usize)?);
    let empty = shape.contains(&0);
    let reach = |sign: i64| -> i64 {
        let steps = shape.iter().zip(&strides).map(|(n, s)| (n - 1) * s);
        if empty { 0 } else { steps.filter(|s| s.signum() == sign).sum() }
    };
    let (low, high) = (reach(-1), reach(1) + if empty { 0 } else { i64::from(array.dtype.size()) });
    // SAFETY: the words are those of a live array, so the bytes between its lowest and highest element are its.
    let bytes = unsafe {
        std::slice::from_raw_parts((data as *const u8).wrapping_offset(low as isize), (high - low) as usize).to_vec()
    };
    Some(ArrayDatum { dtype: array.dtype, shape, strides, offset: -low, bytes })
}

/// A value as an object.
fn object<'py>(py: Python<'py>, datum: &Datum, environment: &Environment) -> PyResult<Bound<'py, PyAny>> {
    match datum {
        Datum::Const(constant) => constants::build(py, constant, &environment.reached),
        Datum::Tuple(items) => {
            let items = items.iter().map(|item| object(py, item, environment)).collect::<PyResult<Vec<_>>>()?;
            Ok(PyTuple::new(py, items)?.into_any())
        }
        Datum::List(items) => {
            let items = items.iter().map(|item| object(py, item, environment)).collect::<PyResult<Vec<_>>>()?;
            Ok(PyList::new(py, items)?.into_any())
        }
        Datum::Array(array) => {
            let numpy = py.import("numpy")?;
            let flat = numpy.call_method1("frombuffer", (PyBytes::new(py, &array.bytes), array.dtype.name()))?;
            let shaped = flat.call_method1("reshape", (PyTuple::new(py, &array.shape)?,))?;
            shaped.call_method0("copy")
        }
        Datum::Text(_) | Datum::Opaque(_) => Err(pyo3::exceptions::PyTypeError::new_err("no object")),
    }
}

/// Two words in integer registers.
#[repr(C)]
struct Pair(i64, i64);

/// Two doubles in floating-point registers.
#[repr(C)]
struct Doubles(f64, f64);

/// Integer arguments, then floating-point ones, in all the registers that any pure run-time function reads.
type Call<R> = unsafe extern "C" fn(i64, i64, i64, f64, f64, f64, f64, f64, f64, f64, f64) -> R;

/// A pure run-time function itself, so that its bits are those of machine code.
fn native(function: RuntimeFn, args: &[Number]) -> Option<Vec<Number>> {
    if !function.effects().is_pure() || !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return None;
    }
    let (mut ints, mut floats) = ([0i64; 3], [0f64; 8]);
    let (mut next_int, mut next_float) = (ints.iter_mut(), floats.iter_mut());
    for arg in args {
        match arg {
            Number::Bool(b) => *next_int.next()? = i64::from(*b),
            Number::Int(i, _) => *next_int.next()? = *i as i64,
            // No function of the run time takes a half.
            Number::F16(_) => return None,
            Number::F32(x) => *next_float.next()? = f64::from_bits(u64::from(x.to_bits())),
            Number::F64(x) => *next_float.next()? = *x,
        }
    }
    let address = coachwhip_runtime::address(function);
    let int = |value: i64| Number::Int(i128::from(value), Width { bits: 64, signed: true });
    let ([a, b, c], [p, q, r, s, t, u, v, w]) = (ints, floats);
    // SAFETY: the address is that of a function with this signature.  In the System V convention integers and floats
    // have registers of their own, in order, and a function does not mind registers that it does not read; the
    // low half of a register holds a single.
    unsafe {
        macro_rules! call {
            ($result:ty) => {
                std::mem::transmute::<usize, Call<$result>>(address)(a, b, c, p, q, r, s, t, u, v, w)
            };
        }
        Some(match function.ret() {
            AbiTy::F64 => vec![Number::F64(call!(f64))],
            AbiTy::F32 => vec![Number::F32(f32::from_bits(call!(f64).to_bits() as u32))],
            AbiTy::I64 => vec![int(call!(i64))],
            AbiTy::I64Flag => {
                let Pair(value, flag) = call!(Pair);
                vec![int(value), int(flag)]
            }
            AbiTy::C128 => {
                let Doubles(re, im) = call!(Doubles);
                vec![Number::F64(re), Number::F64(im)]
            }
            AbiTy::Void | AbiTy::I32 | AbiTy::Ptr => return None,
        })
    }
}
