//! Python objects to constants of the program.

use super::code::{Scope, text};
use super::{Snapshot, canonical};
use crate::arguments::slot::{Cursor, take_scalar};
use crate::ffi::type_of;
use crate::native::Native;
use crate::numpy::{self, numpy};
use coachwhip_driver::ModuleRecord;
use coachwhip_frontend::SnapConst;
use coachwhip_ir::{Bits, Const, Dtype, Kind};
use pyo3::exceptions::{PyAttributeError, PyImportError, PyValueError, PyWarning};
use pyo3::ffi as raw;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyModule, PySlice, PyString, PyTuple};
use std::collections::HashMap;
use std::sync::Arc;

/// Packages whose modules load parts of themselves when they are first asked for; asking runs their code only.
const LAZY_PACKAGES: [&str; 2] = ["numpy", "scipy"];

/// Code in code, and modules that name modules, are followed no deeper than this.
const MAX_DEPTH: usize = 100;

impl<'py> Snapshot<'_, 'py> {
    /// A constant of a code object.
    pub(super) fn snap_constant(&mut self, value: &Bound<'py, PyAny>, scope: &mut Scope<'py>) -> PyResult<SnapConst> {
        let py = self.py;
        let class = value.get_type();
        if class.name()? == "code" {
            let nested = self.deeper(scope, |snapshot, scope| snapshot.nested(value, scope))?;
            return Ok(nested.unwrap_or_else(|| SnapConst::Value(Const::Object("code nested too deep".into(), 0))));
        }
        if let Ok(items) = value.cast_exact::<PyTuple>()
            && crate::arguments::size::of_reasonable_size(items)
        {
            let items = items.iter().map(|i| self.snap_constant(&i, scope)).collect::<PyResult<Vec<_>>>()?;
            let plain = items.iter().map(|item| match item {
                SnapConst::Value(c) => Some(c.clone()),
                _ => None,
            });
            let plain: Option<Arc<[Const]>> = plain.collect();
            return Ok(plain.map_or(SnapConst::Tuple(items), |items| SnapConst::Value(Const::Tuple(items))));
        }
        if class.is(py.get_type::<pyo3::types::PyFrozenSet>()) {
            let items = value.try_iter()?.map(|item| self.constant(&item?, scope, None));
            return Ok(SnapConst::Set(items.collect::<PyResult<_>>()?));
        }
        if class.is(py.get_type::<pyo3::types::PySlice>()) {
            let [start, stop, step] = ["start", "stop", "step"];
            let mut part = |name| self.constant(&value.getattr(name)?, scope, None);
            return Ok(SnapConst::Slice(Box::new([part(start)?, part(stop)?, part(step)?])));
        }
        Ok(SnapConst::Value(self.constant(value, scope, None)?))
    }

    /// An object as a constant of the program.  `place` is where it was found: an attribute of a module.
    pub(super) fn constant(
        &mut self,
        value: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
        place: Option<(&str, &str)>,
    ) -> PyResult<Const> {
        if let Some(number) = plain(value)? {
            return Ok(number);
        }
        if let Ok(items) = value.cast_exact::<PyTuple>()
            && crate::arguments::size::of_reasonable_size(items)
        {
            let items = items.iter().map(|item| self.constant(&item, scope, None));
            return Ok(Const::Tuple(items.collect::<PyResult<_>>()?));
        }
        if let Ok(items) = value.cast::<PyTuple>()
            && crate::arguments::size::of_reasonable_size(items)
            && let Some(class) = self.tuple_class(value.get_type().as_any(), scope)?
        {
            let items = items.iter().map(|item| self.constant(&item, scope, None));
            return Ok(Const::NamedTuple(class, items.collect::<PyResult<_>>()?));
        }
        if let Some(class) = self.enum_class(value.get_type().as_any(), scope)? {
            let name = if class.is("flag") { "_value_" } else { "_sort_order_" };
            let word: i64 = value.getattr(name)?.extract()?;
            return Ok(Const::Enum(class, word));
        }
        if let Ok(slice) = value.cast_exact::<PySlice>()
            && let Some(parts) = slice_parts(slice)?
        {
            return Ok(Const::Slice(Arc::new(parts)));
        }
        if let Ok(module) = value.cast::<PyModule>() {
            let module = self.deeper(scope, |snapshot, scope| snapshot.module(module, scope))?;
            return Ok(module.unwrap_or_else(|| Const::Object("module nested too deep".into(), 0)));
        }
        // SAFETY: the object is live; only its exact type is read.
        if unsafe { type_of(value.as_ptr()) } == numpy().array_type {
            return self.array(value, scope);
        }
        if let Ok(list) = value.cast_exact::<PyList>()
            && let Some(number) = self.list(list, scope)
        {
            return Ok(Const::List(number));
        }
        self.callable(value, scope, place)
    }

    /// A list that is taken at each call.
    fn list(&mut self, list: &Bound<'py, PyList>, scope: &Scope<'py>) -> Option<u32> {
        if !self.takes_lists || scope.argument {
            return None;
        }
        let key = list.as_ptr() as usize;
        if let Some(&known) = self.memo.lists.get(&key) {
            return Some(known);
        }
        let Some((ty, slot)) = super::LIST_FORM.get().and_then(|form| form(list, self)) else {
            self.guards.add_odd_list(list);
            return None;
        };
        let number = self.program.add_list(ty);
        self.guards.add_list(list, number, slot);
        self.memo.lists.insert(key, number);
        Some(number)
    }

    /// Reads what is nested in something else, unless it is nested too deep.
    fn deeper<T>(
        &mut self,
        scope: &mut Scope<'py>,
        read: impl FnOnce(&mut Self, &mut Scope<'py>) -> PyResult<T>,
    ) -> PyResult<Option<T>> {
        if scope.depth >= MAX_DEPTH {
            return Ok(None);
        }
        scope.depth += 1;
        let outcome = read(self, scope);
        scope.depth -= 1;
        outcome.map(Some)
    }

    fn array(&mut self, value: &Bound<'py, PyAny>, scope: &Scope<'py>) -> PyResult<Const> {
        let key = value.as_ptr() as usize;
        if let Some(&known) = self.memo.arrays.get(&key) {
            return Ok(Const::Array(known));
        }
        // SAFETY: the exact type was checked by the caller.
        let Some(ty) = (unsafe { numpy::header(value.as_ptr()) }).ty() else {
            let what = format!("array of dtype {}", value.getattr("dtype")?);
            return Ok(self.object(value, what.into(), scope));
        };
        let index = self.guards.add_array(value, ty);
        let words = self.guards.array_words(index).map_or(0, |p| p as usize);
        let number = self.program.add_array(ty, words);
        self.memo.arrays.insert(key, number);
        Ok(Const::Array(number))
    }

    fn module(&mut self, module: &Bound<'py, PyModule>, scope: &mut Scope<'py>) -> PyResult<Const> {
        let key = module.as_ptr() as usize;
        if let Some(&known) = scope.modules.get(&key) {
            return Ok(Const::Module(known));
        }
        let name = text(module.name()?.as_any())?;
        // Known by its number before its attributes are read: modules name each other.
        let number = self.program.add_module(ModuleRecord { name: name.clone(), attributes: HashMap::new() });
        scope.modules.insert(key, number);
        let dict = module.dict();
        let mut attributes = HashMap::new();
        for attribute in scope.names.clone() {
            let mut value = dict.get_item(&attribute)?;
            if value.is_none() && LAZY_PACKAGES.contains(&name.split('.').next().unwrap_or_default()) {
                value = lazily(module, attribute.cast::<PyString>()?)?;
            }
            let Some(value) = value else { continue };
            self.guards.add_name(dict.as_any(), &attribute, Some(&value));
            let attribute = text(&attribute)?;
            let constant = self.constant(&value, scope, Some((&name, &attribute)))?;
            attributes.insert(attribute, constant);
        }
        self.program.fill_module(number, ModuleRecord { name, attributes });
        Ok(Const::Module(number))
    }

    fn callable(
        &mut self,
        value: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
        place: Option<(&str, &str)>,
    ) -> PyResult<Const> {
        if let Some((function, options)) = super::inside_compiled(value) {
            return Ok(Const::Func(self.function(&function, &options)));
        }
        if let Some(function) = behind_cfunc(value)? {
            let options = super::inherited(&scope.options);
            return Ok(Const::Func(self.function(&function, &options)));
        }
        if let Some(class) = self.user_class(value, scope)? {
            return Ok(Const::Class(class));
        }
        if let Some(key) = crate::overloads::object(value) {
            self.program.keep_out_of_cache();
            return Ok(Const::Named(key.into()));
        }
        if let Some(class) = self.object_class(value, scope)? {
            return Ok(Const::Class(class));
        }
        if let Some(name) = canonical::name(value, place)? {
            if crate::overloads::of_function(&name) {
                self.program.keep_out_of_cache();
            }
            return Ok(Const::Named(name.into()));
        }
        if canonical::is_python_function(value) {
            let options = super::inherited(&scope.options);
            return Ok(Const::Func(self.function(value, &options)));
        }
        if let Some(dtype) = dtype_object(value)? {
            return Ok(Const::Dtype(dtype));
        }
        if canonical::is_exception_class(value) {
            let name = text(value.getattr("__name__")?.as_any())?;
            self.memo.kept.push(value.clone().unbind());
            return Ok(Const::ExceptionClass(name, crate::classes::register(value)?));
        }
        match crate::native::record(value)? {
            Some(Native::Function(native)) => {
                self.memo.kept.push(value.clone().unbind());
                return Ok(Const::Native(self.program.add_native(native)));
            }
            Some(Native::Other(why)) => return Ok(self.object(value, why.into(), scope)),
            None => {}
        }
        if value.is(&self.py.import("sys")?.getattr("stdout")?) {
            return Ok(Const::Named("sys.stdout".into()));
        }
        Ok(self.object(value, canonical::class_name(value)?.into(), scope))
    }

    /// An object of which only the identity is known.  As an argument it is refused, and nothing keeps it.
    fn object(&mut self, value: &Bound<'py, PyAny>, class: Arc<str>, scope: &Scope<'py>) -> Const {
        if scope.argument {
            return Const::Object(class, 0);
        }
        let next = self.memo.objects.len() as u32 + 1;
        let number = *self.memo.objects.entry(value.as_ptr() as usize).or_insert(next);
        if number == next {
            self.memo.kept.push(value.clone().unbind());
        }
        Const::Object(class, number)
    }
}

/// Numbers, strings and the few singletons.
pub fn plain(value: &Bound<'_, PyAny>) -> PyResult<Option<Const>> {
    let object = value.as_ptr();
    // SAFETY: the object is live; types are compared by address before a value is read.
    unsafe {
        let class = type_of(object);
        if object == raw::Py_None() {
            return Ok(Some(Const::None));
        }
        if object == raw::Py_Ellipsis() {
            return Ok(Some(Const::Ellipsis));
        }
        if class == &raw mut raw::PyBool_Type {
            return Ok(Some(Const::Bool(object == raw::Py_True())));
        }
        if class == &raw mut raw::PyLong_Type {
            let mut overflow = 0;
            let number = raw::PyLong_AsLongLongAndOverflow(object, &mut overflow);
            return Ok(Some(if overflow == 0 { Const::Int(number) } else { big(value)? }));
        }
        if class == &raw mut raw::PyFloat_Type {
            return Ok(Some(Const::Float(raw::PyFloat_AsDouble(object).to_bits())));
        }
        if class == &raw mut raw::PyComplex_Type {
            let (re, im) = (raw::PyComplex_RealAsDouble(object), raw::PyComplex_ImagAsDouble(object));
            return Ok(Some(Const::Complex(re.to_bits(), im.to_bits())));
        }
        if let Some(dtype) = numpy().dtype_of_scalar_type(class) {
            return Ok(Some(scalar(object, dtype)));
        }
    }
    if let Ok(text) = value.cast_exact::<PyString>() {
        // No constant holds a lone surrogate.
        return Ok(text.to_cow().ok().map(|text| Const::Str(Arc::from(&*text))));
    }
    if let Ok(bytes) = value.cast_exact::<PyBytes>() {
        return Ok(Some(Const::Bytes(bytes.as_bytes().into())));
    }
    Ok(None)
}

/// The plain function behind a C function of our own (`cfunc`), which a call of the object calls in Python.
fn behind_cfunc<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let class = value.get_type();
    let modules = value.py().import("sys")?.getattr("modules")?;
    let Some(ours) = lookup(&modules, "coachwhip._callbacks")? else { return Ok(None) };
    if !class.is(&ours.getattr("CFunc")?) {
        return Ok(None);
    }
    let function = value.getattr("__wrapped__")?;
    Ok(canonical::is_python_function(&function).then_some(function))
}

/// The parts of a slice, if each is `None` or an int.
fn slice_parts(slice: &Bound<'_, PySlice>) -> PyResult<Option<[Const; 3]>> {
    let part = |name: &str| -> PyResult<Option<Const>> {
        let known = plain(&slice.getattr(name)?)?;
        Ok(known.filter(|part| matches!(part, Const::None | Const::Int(_) | Const::BigInt(_))))
    };
    let (start, stop, step) = (part("start")?, part("stop")?, part("step")?);
    Ok(start.zip(stop).zip(step).map(|((start, stop), step)| [start, stop, step]))
}

/// An int of more than 64 bits.  Its digits are hexadecimal-free text of bounded length, which Python limits.
fn big(value: &Bound<'_, PyAny>) -> PyResult<Const> {
    match value.str() {
        Ok(digits) => Ok(Const::BigInt(text(digits.as_any())?)),
        Err(error) if error.is_instance_of::<PyValueError>(value.py()) => {
            Ok(Const::Object("int of too many digits".into(), 0))
        }
        Err(error) => Err(error),
    }
}

/// # Safety
/// `object` is a NumPy scalar of the dtype.
unsafe fn scalar(object: *mut raw::PyObject, dtype: Dtype) -> Const {
    let mut words = [0u64; 2];
    // SAFETY: as the caller promises; two words are enough for any scalar.
    unsafe { take_scalar(object, dtype, &mut Cursor::new(words.as_mut_ptr())) };
    let [a, b] = match dtype.kind() {
        Kind::Float | Kind::Complex => words.map(|word| dtype.float_value(word).to_bits()),
        _ => words,
    };
    Const::Scalar(dtype, Bits(a, b))
}

/// A dtype object that stands for a dtype of ours.
fn dtype_object(value: &Bound<'_, PyAny>) -> PyResult<Option<Dtype>> {
    // SAFETY: a live object and a type; the exact layout of a dtype object is checked by the instance test.
    unsafe {
        if raw::PyObject_TypeCheck(value.as_ptr(), numpy().dtype_type) == 0 {
            return Ok(None);
        }
        let descr = &*value.as_ptr().cast::<numpy::DescrHeader>();
        Ok(if descr.byteorder == b'>' { None } else { numpy::dtype_of_number(descr.type_num) })
    }
}

/// What a dict holds under a name, without running user code.
pub(super) fn lookup<'py>(dict: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    dict.cast::<PyDict>().map_or(Ok(None), |dict| dict.get_item(name))
}

/// An attribute that a package loads when it is asked for, if there is one and it can be loaded.
fn lazily<'py>(module: &Bound<'py, PyModule>, name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = module.py();
    match module.getattr(name) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_instance_of::<PyAttributeError>(py) => Ok(None),
        Err(error) if error.is_instance_of::<PyImportError>(py) || error.is_instance_of::<PyWarning>(py) => Ok(None),
        Err(error) => Err(error),
    }
}
