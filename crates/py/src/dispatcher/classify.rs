//! The types of arguments that no specialisation accepts yet, or the message that refuses them.

use super::state::Signature;
use super::texts;
use crate::arguments::Parameters;
use crate::arguments::declared::Declared;
use crate::arguments::lists::ListSlot;
use crate::arguments::size::{MAX_DEPTH, of_reasonable_size};
use crate::arguments::slot::{ArrayForm, Cursor, Slot, int_attribute};
use crate::arguments::tables::TableSlot;
use crate::collections::{class_of, factory_object, kind_of};
use crate::errors::diagnostic::Failure;
use crate::ffi::type_of;
use crate::numpy::{self, numpy};
use crate::snapshot::Snapshot;
use coachwhip_ir::describe::describe;
use coachwhip_ir::{Code, Const, Diagnostic, Dtype, Factory, Kind, Layout, TableKind, Ty, UserClass};
use pyo3::exceptions::PyOverflowError;
use pyo3::ffi::{self as raw, PyObject};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyString, PyTuple};
use std::sync::Arc;

/// Types and slots of a call's arguments.
pub struct Taken {
    /// Types.
    pub types: Vec<Ty>,
    /// Slots that accept arguments of those types.
    pub slots: Box<[Slot]>,
    /// Objects whose addresses are in the slots.
    pub kept: Vec<Py<PyAny>>,
}

/// Classifies all the arguments of a call.
pub fn arguments(
    py: Python<'_>,
    parameters: &Parameters,
    args: &[*mut PyObject],
    snapshot: &mut Snapshot<'_, '_>,
) -> Result<Taken, Failure> {
    let mut types = Vec::new();
    let mut slots = Vec::new();
    let mut kept = Vec::new();
    for (index, &arg) in args.iter().enumerate() {
        // SAFETY: the arguments are live.
        let arg = unsafe { Bound::from_borrowed_ptr(py, arg) };
        let found = classify(&arg, snapshot, &mut kept).map_err(|failure| match failure {
            Failure::Diagnostic(d) => {
                let name = parameters.name(py, index);
                let d = Diagnostic { message: format!("argument '{name}': {}", d.message), ..(*d).clone() };
                Failure::Diagnostic(Arc::new(d))
            }
            other => other,
        });
        let (ty, slot) = found?;
        types.push(ty);
        slots.push(slot);
    }
    if types.iter().any(Ty::holds_instance) {
        for (ty, slot) in types.iter_mut().zip(&mut slots).filter(|(ty, _)| ty.holds_instance()) {
            *ty = snapshot.instances.dressed(&texts::general(ty));
            *slot = list_slot(ty).ok_or_else(|| {
                let message = format!("a {} cannot be passed to compiled code", describe(ty));
                Failure::from(Diagnostic::new(Code::ArgumentUnsupported, message))
            })?;
        }
    }
    Ok(Taken { types, slots: slots.into(), kept })
}

fn classify(
    arg: &Bound<'_, PyAny>,
    snapshot: &mut Snapshot<'_, '_>,
    kept: &mut Vec<Py<PyAny>>,
) -> Result<(Ty, Slot), Failure> {
    let object = arg.as_ptr();
    // SAFETY: a live object; its type is compared by address.
    unsafe {
        let class = type_of(object);
        if class == &raw mut raw::PyFloat_Type {
            return Ok((Ty::Float, Slot::Float));
        }
        if class == &raw mut raw::PyLong_Type {
            let mut overflow = 0;
            raw::PyLong_AsLongLongAndOverflow(object, &mut overflow);
            let message = "Python int too large to convert to a 64-bit integer";
            return match overflow {
                0 => Ok((Ty::Int, Slot::Int)),
                _ => Err(Failure::Python(PyOverflowError::new_err(message))),
            };
        }
        if class == &raw mut raw::PyBool_Type {
            return Ok((Ty::Bool, Slot::Bool));
        }
        if class == &raw mut raw::PyComplex_Type {
            return Ok((Ty::Complex, Slot::Complex));
        }
        if object == raw::Py_None() {
            return Ok((Ty::None, Slot::None));
        }
        if let Some(dtype) = numpy().dtype_of_scalar_type(class) {
            return Ok((Ty::Scalar(dtype), Slot::Scalar(dtype)));
        }
        if class == numpy().array_type {
            return array(arg).map(|ty| (Ty::Array(ty), Slot::Array(ArrayForm::of(ty))));
        }
        if class == &raw mut raw::PyUnicode_Type || class == &raw mut raw::PyBytes_Type {
            // No constant holds a lone surrogate.
            if arg.cast::<PyString>().is_ok_and(|text| text.encode_utf8().is_err()) {
                return Ok((Ty::str(), Slot::Str));
            }
            let constant = snapshot.argument(arg)?;
            kept.push(arg.clone().unbind());
            return Ok((Ty::Lit(constant), Slot::Equal(object)));
        }
        if class == &raw mut raw::PyRange_Type {
            return Ok(range(object));
        }
        if class == &raw mut raw::PyByteArray_Type {
            return Ok((Ty::bytearray(), byte_array()));
        }
    }
    if let Ok(items) = arg.cast_exact::<PyList>() {
        return list(items, snapshot, 0);
    }
    if is_table(object) {
        let ty = table_type(arg, snapshot, 0)?;
        return match list_slot(&ty) {
            Some(slot) => Ok((ty, slot)),
            None => cannot_pass(arg, &ty),
        };
    }
    if let Ok(items) = arg.cast_exact::<PyTuple>() {
        if !of_reasonable_size(items) {
            let message = "a tuple of more than a million items, or nested more than 30 deep, cannot be passed";
            return Err(Diagnostic::new(Code::ArgumentUnsupported, message).help("pass arrays").into());
        }
        let parts = items.iter().map(|item| classify(&item, snapshot, kept)).collect::<Result<Vec<_>, _>>()?;
        let (types, slots): (Vec<Ty>, Vec<Slot>) = parts.into_iter().unzip();
        return Ok((Ty::tuple(types), Slot::Tuple(slots.into())));
    }
    if let Ok(items) = arg.cast::<PyTuple>()
        && of_reasonable_size(items)
        && let Some(class) = snapshot.argument_class(&arg.get_type())?
    {
        let parts = items.iter().map(|item| classify(&item, snapshot, kept)).collect::<Result<Vec<_>, _>>()?;
        let (types, slots): (Vec<Ty>, Vec<Slot>) = parts.into_iter().unzip();
        return Ok((Ty::NamedTuple(class, types.into()), Slot::NamedTuple(arg.get_type().as_type_ptr(), slots.into())));
    }
    if let Some(class) = snapshot.argument_enum(&arg.get_type())? {
        let slot = Slot::Enum(arg.get_type().as_type_ptr(), class.is("flag"));
        return Ok((Ty::Enum(class), slot));
    }
    if snapshot.known_object(&arg.get_type()).is_some()
        && let Some(ty) = instance(arg, snapshot, kept)?
    {
        // The whole type gets its slot once all is known that its instances lead to.
        return Ok((ty, Slot::None));
    }
    if arg.is_instance_of::<pyo3::types::PySlice>() {
        let part = |name: &str| arg.getattr(name);
        let mut classified = |name: &str| classify(&part(name)?, snapshot, kept);
        let [a, b, c] = [classified("start")?, classified("stop")?, classified("step")?];
        let slots = Box::new([a.1, b.1, c.1]);
        return Ok((Ty::Slice(Arc::new([a.0, b.0, c.0])), Slot::Slice(slots)));
    }
    match snapshot.argument(arg)? {
        Const::Object(name, _) => match instance(arg, snapshot, kept)? {
            Some(ty) => Ok((ty, Slot::None)),
            None => Err(refuse(arg, &name)),
        },
        constant => {
            kept.push(arg.clone().unbind());
            Ok((Ty::Lit(constant), Slot::Same(arg.as_ptr())))
        }
    }
}

/// An instance of a user's class: its type without attributes; what it leads to is noted in the snapshot.
fn instance(
    arg: &Bound<'_, PyAny>,
    snapshot: &mut Snapshot<'_, '_>,
    kept: &mut Vec<Py<PyAny>>,
) -> Result<Option<Ty>, Failure> {
    let class = match snapshot.known_object(&arg.get_type()) {
        Some(class) => class,
        None => match snapshot.argument_object(&arg.get_type())? {
            Some(class) => class,
            None => return Ok(None),
        },
    };
    if snapshot.instances.seen.insert(arg.as_ptr() as usize) {
        snapshot.instances.waiting.push((arg.clone().unbind(), class.clone()));
        if !std::mem::replace(&mut snapshot.instances.filling, true) {
            let mut outcome = Ok(());
            while let (true, Some((object, class))) = (outcome.is_ok(), snapshot.instances.waiting.pop()) {
                outcome = attributes(object.bind(arg.py()), &class, snapshot, kept);
            }
            snapshot.instances.filling = false;
            outcome?;
        }
    }
    Ok(Some(Ty::instance(class)))
}

/// Notes the types of an instance's attributes.
fn attributes(
    object: &Bound<'_, PyAny>,
    class: &Arc<UserClass>,
    snapshot: &mut Snapshot<'_, '_>,
    kept: &mut Vec<Py<PyAny>>,
) -> Result<(), Failure> {
    let py = object.py();
    let mut found: Vec<(String, Bound<'_, PyAny>)> = Vec::new();
    // SAFETY: a live object; the dict is a new reference, or null.
    let dict = unsafe {
        Bound::from_owned_ptr_or_opt(py, raw::PyObject_GenericGetDict(object.as_ptr(), std::ptr::null_mut()))
    };
    let _ = PyErr::take(py);
    if let Some(dict) = dict {
        for (name, value) in dict.cast::<PyDict>().map_err(PyErr::from)?.iter() {
            let Ok(name) = name.extract::<String>() else {
                let message = format!("an instance of {} has an attribute whose name is no str", class.name);
                return Err(Diagnostic::new(Code::ArgumentUnsupported, message).into());
            };
            found.push((name, value));
        }
    }
    for name in class.traits.iter().filter_map(|word| word.strip_prefix("slot ")) {
        let name_object = PyString::intern(py, name);
        // SAFETY: the class is one that compiled code takes, whose slots are plain.
        let value = unsafe { crate::arguments::instances::slot_value(object.as_ptr(), name_object.as_ptr()) };
        // SAFETY: a new reference, or null.
        if let Some(value) = unsafe { Bound::from_owned_ptr_or_opt(py, value) } {
            found.push((name.to_owned(), value));
        }
    }
    for (name, value) in found {
        let known = snapshot.instances.known(class, &name);
        let place = || format!("attribute '{name}' of {}", class.name);
        let ty = match quick_type(&value) {
            Some(ty) => ty,
            None => match value.cast_exact::<PyList>() {
                Ok(inner) => list_type(inner, snapshot, 0)?,
                Err(_) if is_table(value.as_ptr()) => table_type(&value, snapshot, 0)?,
                Err(_) => {
                    let found = classify(&value, snapshot, kept);
                    found.map(|(ty, _)| texts::general(&ty)).map_err(|failure| match failure {
                        Failure::Diagnostic(d) => {
                            let message = format!("{}: {}", place(), d.message);
                            Failure::Diagnostic(Arc::new(Diagnostic { message, ..(*d).clone() }))
                        }
                        other => other,
                    })?
                }
            },
        };
        let ty = settled(ty);
        match merged(&known, &ty) {
            Some(ty) => snapshot.instances.note(class, &name, ty),
            None => {
                let (have, here) = (describe(&known), describe(&ty.widened()));
                let message = format!("{} is {here} in one instance and {have} in another", place());
                let help = "give the attribute values of one type, with None beside them if need be";
                return Err(Diagnostic::new(Code::ArgumentUnsupported, message).help(help).into());
            }
        }
    }
    Ok(())
}

/// A list: all items of one type.
fn list(items: &Bound<'_, PyList>, snapshot: &mut Snapshot<'_, '_>, depth: usize) -> Result<(Ty, Slot), Failure> {
    let ty = match snapshot.known_list(items) {
        Some((_, ty)) => ty,
        None => list_type(items, snapshot, depth)?,
    };
    match list_slot(&ty) {
        Some(slot) => Ok((ty, slot)),
        None => cannot_pass(items, &ty),
    }
}

fn cannot_pass<T>(object: &Bound<'_, PyAny>, ty: &Ty) -> Result<T, Failure> {
    let message = format!("a {} cannot be passed to compiled code", describe(ty));
    Err(Diagnostic::new(Code::ArgumentUnsupported, message).help(help_for(object)?).into())
}

/// Whether an object is exactly a dict, set or frozenset.
fn is_table(object: *mut PyObject) -> bool {
    // SAFETY: a live object; its type is compared by address.
    let class = unsafe { type_of(object) };
    let kinds = [TableKind::Dict, TableKind::Set, TableKind::FrozenSet, TableKind::Counter];
    kinds.into_iter().chain([TableKind::Default(Factory::None)]).any(|kind| class == class_of(kind))
}

/// The type of a dict or set: keys of one type, and values of one type.
fn table_type(table: &Bound<'_, PyAny>, snapshot: &mut Snapshot<'_, '_>, depth: usize) -> Result<Ty, Failure> {
    if depth > MAX_DEPTH {
        let message = "a dict nested more than 30 deep, or in itself, cannot be passed to compiled code";
        return Err(Diagnostic::new(Code::ArgumentUnsupported, message).help("pass arrays").into());
    }
    let (mut key, mut value) = (Ty::Never, Ty::Never);
    if let Ok(dict) = table.cast::<PyDict>() {
        let kind = match kind_of(table)? {
            Ok(kind) => kind,
            Err(factory) => {
                let message = format!("a defaultdict whose factory is {factory} cannot be passed to compiled code");
                let help = "its factory can be None, int, float, bool, complex, str, list, set or dict";
                return Err(Diagnostic::new(Code::ArgumentUnsupported, message).help(help).into());
            }
        };
        for (k, v) in dict.iter() {
            let name = || k.repr().map_or_else(|_| "?".into(), |text| text.to_string());
            key = one_type(&key, &k, snapshot, depth, table, || format!("key {} of the dict", name()))?;
            value =
                one_type(&value, &v, snapshot, depth, table, || format!("the value of key {} of the dict", name()))?;
        }
        return filled(kind, key, value, table);
    }
    let frozen = table.is_exact_instance_of::<pyo3::types::PyFrozenSet>();
    let kind = if frozen { TableKind::FrozenSet } else { TableKind::Set };
    for k in table.try_iter()? {
        let k = k?;
        let name = || k.repr().map_or_else(|_| "?".into(), |text| text.to_string());
        key = one_type(&key, &k, snapshot, depth, table, || format!("item {} of the {}", name(), kind.name()))?;
    }
    Ok(Ty::table(kind, key, Ty::None))
}

/// The type of a dict of a kind with keys and values of these types.
fn filled(kind: TableKind, key: Ty, value: Ty, dict: &Bound<'_, PyAny>) -> Result<Ty, Failure> {
    let made = match kind {
        TableKind::Counter => Ty::Int,
        TableKind::Default(Factory::Class(class)) => match class {
            "int" => Ty::Int,
            "float" => Ty::Float,
            "bool" => Ty::Bool,
            "complex" => Ty::Complex,
            "str" => Ty::str(),
            "list" => Ty::list(Ty::Never),
            "set" => Ty::table(TableKind::Set, Ty::Never, Ty::None),
            _ => Ty::dict(Ty::Never, Ty::Never),
        },
        _ => value.clone(),
    };
    match merged(&value, &made) {
        Some(value) => Ok(Ty::table(kind, key, value)),
        None => {
            let (have, made) = (describe(&value), describe(&made));
            let message = format!("the values of the {} are {have}, but those of new keys are {made}", kind.name());
            Err(Diagnostic::new(Code::ArgumentUnsupported, message).help(help_for(dict)?).into())
        }
    }
}

/// The common type of what was before in a container and of another item; `place` names the item.
fn one_type(
    common: &Ty,
    item: &Bound<'_, PyAny>,
    snapshot: &mut Snapshot<'_, '_>,
    depth: usize,
    container: &Bound<'_, PyAny>,
    place: impl Fn() -> String,
) -> Result<Ty, Failure> {
    // Most containers are of numbers, of which the type of one says all.
    let ty = match quick_type(item) {
        Some(ty) => ty,
        None => match item.cast_exact::<PyList>() {
            Ok(inner) => list_type(inner, snapshot, depth + 1)?,
            Err(_) if is_table(item.as_ptr()) => table_type(item, snapshot, depth + 1)?,
            Err(_) => {
                classify(item, snapshot, &mut Vec::new()).map(|(ty, _)| texts::general(&ty)).map_err(|failure| {
                    match failure {
                        Failure::Diagnostic(d) => {
                            let message = format!("{}: {}", place(), d.message);
                            Failure::Diagnostic(Arc::new(Diagnostic { message, ..(*d).clone() }))
                        }
                        other => other,
                    }
                })?
            }
        },
    };
    let ty = if container.is_instance_of::<PyList>() { settled(ty) } else { ty };
    match merged(common, &ty) {
        Some(common) => Ok(common),
        None => {
            let (have, here) = (describe(common), describe(&ty.widened()));
            let message = format!("{} is {here}, but what is before it is {have}", place());
            Err(Diagnostic::new(Code::ArgumentUnsupported, message).help(help_for(container)?).into())
        }
    }
}

/// The type of a global or captured list, and how it is taken; `None` if compiled code can have no list like it.
pub fn global_list<'py>(items: &Bound<'py, PyList>, snapshot: &mut Snapshot<'_, 'py>) -> Option<(Ty, Slot)> {
    // A list of instances is taken as an argument alone.
    list(items, snapshot, 0).ok().filter(|(ty, _)| !ty.holds_instance())
}

fn list_type(items: &Bound<'_, PyList>, snapshot: &mut Snapshot<'_, '_>, depth: usize) -> Result<Ty, Failure> {
    if depth > MAX_DEPTH {
        let message = "a list nested more than 30 deep, or in itself, cannot be passed to compiled code";
        return Err(Diagnostic::new(Code::ArgumentUnsupported, message).help("pass arrays").into());
    }
    let mut common = Ty::Never;
    for (index, item) in items.iter().enumerate() {
        common = one_type(&common, &item, snapshot, depth, items, || format!("item {index} of the list"))?;
    }
    Ok(Ty::list(common))
}

/// `None` in the form that items have.
fn settled(ty: Ty) -> Ty {
    match ty {
        Ty::None => Ty::Lit(Const::None),
        Ty::Tuple(items) => Ty::Tuple(items.iter().cloned().map(settled).collect()),
        other => other,
    }
}

fn quick_type(item: &Bound<'_, PyAny>) -> Option<Ty> {
    // SAFETY: a live object; its type is compared by address.
    let class = unsafe { type_of(item.as_ptr()) };
    if class == &raw mut raw::PyUnicode_Type {
        return Some(Ty::str());
    }
    (class == &raw mut raw::PyFloat_Type).then_some(Ty::Float)
}

/// The type of two items, if it is one: an empty list is a list of anything.
fn merged(a: &Ty, b: &Ty) -> Option<Ty> {
    match (a, b) {
        _ if a == b => Some(a.clone()),
        (Ty::Never, other) | (other, Ty::Never) => Some(other.clone()),
        (Ty::Lit(Const::None), other) | (other, Ty::Lit(Const::None)) => Some(match other {
            Ty::Optional(_) => other.clone(),
            _ => Ty::Optional(Arc::new(other.clone())),
        }),
        (Ty::Optional(x), Ty::Optional(y)) => Some(Ty::Optional(Arc::new(merged(x, y)?))),
        (Ty::Optional(x), other) | (other, Ty::Optional(x)) => Some(Ty::Optional(Arc::new(merged(x, other)?))),
        (Ty::Tuple(x), Ty::Tuple(y)) if x.len() == y.len() => {
            x.iter().zip(y.iter()).map(|(a, b)| merged(a, b)).collect::<Option<_>>().map(Ty::Tuple)
        }
        (Ty::NamedTuple(p, x), Ty::NamedTuple(q, y)) if p == q => {
            let items = x.iter().zip(y.iter()).map(|(a, b)| merged(a, b)).collect::<Option<_>>()?;
            Some(a.with_items(items))
        }
        (Ty::Table(x), Ty::Table(y)) if x.kind == y.kind => {
            Some(Ty::table(x.kind, merged(&x.key, &y.key)?, merged(&x.value, &y.value)?))
        }
        _ => Some(Ty::list(merged(a.list_item()?, b.list_item()?)?)),
    }
}

/// The slot for byte arrays.
fn byte_array() -> Slot {
    let byte = Dtype::Uint8;
    Slot::ByteArray(Box::new(ListSlot::new(Slot::Scalar(byte), &Ty::Scalar(byte))))
}

/// The slot for lists of a type, and for what is in them.
pub fn list_slot(ty: &Ty) -> Option<Slot> {
    match ty {
        Ty::Ref(_) if let Some(class) = ty.instance_class() => crate::arguments::instances::slot_of(class, list_slot),
        Ty::Ref(_) if ty.list_item().is_some() => {
            let item = ty.list_item()?;
            if item.machine().len() > coachwhip_abi::layout::ITEM_WORDS {
                return None;
            }
            let slot = if *item == Ty::Never { Slot::None } else { list_slot(item)? };
            Some(Slot::List(Box::new(ListSlot::new(slot, item))))
        }
        Ty::Table(table) => {
            let slot = |ty: &Ty| if *ty == Ty::Never { Some(Slot::None) } else { list_slot(ty) };
            if matches!(table.kind, TableKind::Default(factory) if factory_object(factory).is_null()) {
                return None;
            }
            let value = if table.kind.is_dict() { Some(slot(&table.value)?) } else { None };
            Some(Slot::Table(Box::new(TableSlot::new(ty, slot(&table.key)?, value)?)))
        }
        Ty::Tuple(items) => Some(Slot::Tuple(items.iter().map(list_slot).collect::<Option<_>>()?)),
        Ty::NamedTuple(class, items) => of_class(class, items.iter().map(list_slot).collect::<Option<_>>()?),
        Ty::Array(array) => Some(Slot::Array(ArrayForm::of(*array))),
        Ty::Lit(Const::None) => Some(Slot::None),
        Ty::Optional(inner) => Some(Slot::Optional(Box::new(list_slot(inner)?), inner.machine().len())),
        Ty::Range(_) => Some(Slot::Range(match ty.fields()?.last()? {
            Ty::Lit(Const::Int(step)) => Some(*step),
            _ => None,
        })),
        _ => exact_slot(ty),
    }
}

/// A range; step 1 is part of its type.
///
/// # Safety
/// `object` is a live range.
unsafe fn range(object: *mut PyObject) -> (Ty, Slot) {
    // SAFETY: as the caller promises.
    match unsafe { int_attribute(object, c"step") } {
        Some(1) => (Ty::Range(Arc::new(Ty::Lit(Const::Int(1)))), Slot::Range(Some(1))),
        _ => (Ty::Range(Arc::new(Ty::Int)), Slot::Range(None)),
    }
}

/// # Safety
/// `arg` is an exact `ndarray`.
unsafe fn array(arg: &Bound<'_, PyAny>) -> Result<coachwhip_ir::ArrayTy, Failure> {
    // SAFETY: as the caller promises.
    let header = unsafe { numpy::header(arg.as_ptr()) };
    if let Some(ty) = header.ty() {
        return Ok(ty);
    }
    let dtype = arg.getattr("dtype")?.str()?.to_string();
    let (what, help) = if header.descr().byteorder == b'>' {
        ("its bytes are in the other order", "pass `a.astype(a.dtype.newbyteorder('='))`")
    } else if numpy::dtype_of_number(header.descr().type_num).is_none() {
        let help = match dtype.as_str() {
            "float16" => "pass `a.astype(np.float32)`",
            "object" => "pass `a.astype(np.float64)`, or another dtype of numbers",
            _ if dtype.starts_with("datetime64") || dtype.starts_with("timedelta64") => "pass `a.view(np.int64)`",
            _ if dtype.starts_with('[') => "pass each field as an array of its own: `a['name'].copy()`",
            _ => "use bool, int8 to int64, uint8 to uint64, float32, float64, complex64 or complex128",
        };
        ("compiled code does not know this dtype", help)
    } else if header.flags & numpy::ALIGNED == 0 {
        ("its elements are not aligned", "pass `a.copy()`")
    } else {
        ("it has more than 32 dimensions", "reshape it")
    };
    let message = format!("an array of dtype {dtype} cannot be used: {what}");
    Err(Diagnostic::new(Code::ArrayUnsupported, message).help(help).into())
}

/// The message for an object of a type that compiled code cannot take.
fn refuse(arg: &Bound<'_, PyAny>, name: &str) -> Failure {
    // SAFETY: a live object and a type object.
    let array = unsafe { raw::PyObject_TypeCheck(arg.as_ptr(), numpy().array_type) != 0 };
    let help = match help_for(arg) {
        Ok(help) => help,
        Err(error) => return Failure::Python(error),
    };
    let code = if array { Code::ArrayUnsupported } else { Code::ArgumentUnsupported };
    Diagnostic::new(code, format!("a value of type {name} cannot be passed to compiled code")).help(help).into()
}

/// What to pass instead of an argument.
fn help_for(arg: &Bound<'_, PyAny>) -> PyResult<String> {
    arg.py().import("coachwhip._help")?.getattr("for_argument")?.call1((arg,))?.extract()
}

/// Slots of an explicit signature.
pub fn declared_slots(params: &[Ty]) -> Result<Box<[Slot]>, Failure> {
    let slot = |ty: &Ty| {
        let unknown =
            || Diagnostic::new(Code::SignatureText, format!("no argument can have the type {}", describe(ty)));
        // The caller's list is the function's list, so its items are of the type as they are.
        let slot = if ty.is_container() { list_slot(ty) } else { Declared::slot(ty) };
        slot.ok_or_else(|| Failure::from(unknown()))
    };
    params.iter().map(slot).collect()
}

/// Slots that take arguments of exactly these types, arrays in any form that the types cover; `None` if only
/// conversion makes arguments of them.
pub fn exact_slots(params: &[Ty]) -> Option<Box<[Slot]>> {
    params.iter().map(exact_slot).collect()
}

fn exact_slot(ty: &Ty) -> Option<Slot> {
    Some(match ty {
        Ty::Float => Slot::Float,
        Ty::Int => Slot::Int,
        Ty::Bool => Slot::Bool,
        Ty::Complex => Slot::Complex,
        Ty::None => Slot::None,
        ty if ty.is_str() => Slot::Str,
        ty if ty.is_bytes() => Slot::Bytes,
        ty if ty.is_bytearray() => byte_array(),
        Ty::Scalar(dtype) => Slot::Scalar(*dtype),
        Ty::Array(array) if array.layout != Layout::A => Slot::Array(ArrayForm::of(*array)),
        Ty::Array(_) => Declared::slot(ty)?,
        Ty::Tuple(items) => Slot::Tuple(items.iter().map(exact_slot).collect::<Option<_>>()?),
        Ty::NamedTuple(class, items) => of_class(class, items.iter().map(exact_slot).collect::<Option<_>>()?)?,
        Ty::Enum(class) => {
            // SAFETY: slots are made while the interpreter is held; the program's environment keeps the class.
            let address = unsafe { crate::classes::address(class.number()) };
            (!address.is_null()).then_some(Slot::Enum(address, class.is("flag")))?
        }
        ty if ty.is_container() => list_slot(ty)?,
        _ => return None,
    })
}

fn of_class(class: &UserClass, slots: Box<[Slot]>) -> Option<Slot> {
    // SAFETY: slots are made while the interpreter is held; the program's environment keeps the class.
    let address = unsafe { crate::classes::address(class.number()) };
    (!address.is_null()).then_some(Slot::NamedTuple(address, slots))
}

/// The message for arguments that no explicit signature accepts.
pub fn mismatch(py: Python<'_>, parameters: &Parameters, signatures: &[Signature], args: &[*mut PyObject]) -> Failure {
    let given = args.iter().map(|&arg| {
        // SAFETY: the arguments are live.
        let arg = unsafe { Bound::from_borrowed_ptr(py, arg) };
        type_in_words(&arg)
    });
    let given: Vec<String> = given.collect();
    let mut message = format!("no signature accepts ({})", given.join(", "));
    if let [only] = signatures {
        let declared = Declared::slot_of_each(&only.params);
        for (index, (slot, &arg)) in declared.iter().zip(args).enumerate() {
            let room = only.params.get(index).map_or(0, |ty| ty.machine().len());
            let mut words = vec![0u64; room + 1];
            let mut cursor = Cursor::new(words.as_mut_ptr());
            // SAFETY: the arguments are live; the buffer has room for the words of the type.
            let taken = slot.as_ref().is_some_and(|slot| unsafe { slot.take(arg, &mut cursor) });
            if let (false, Some(ty), Some(given)) = (taken, only.params.get(index), given.get(index)) {
                let name = parameters.name(py, index);
                // SAFETY: the argument is live.
                let arg = unsafe { Bound::from_borrowed_ptr(py, arg) };
                let ty = if let Ty::Optional(inner) = ty { inner } else { ty };
                let whole = arg.is_instance_of::<pyo3::types::PyInt>() && !arg.is_instance_of::<PyBool>();
                if ty.dtype().is_some_and(|d| d.is_int()) && whole {
                    let message = format!("argument '{name}': {} does not fit {}", number_in_words(&arg), words_of(ty));
                    return Failure::Python(PyOverflowError::new_err(message));
                }
                message = format!("argument '{name}' is declared as {} and cannot take {given}", words_of(ty));
                let (declared, number) = (words_of(ty), number_in_words(&arg));
                if inexact(ty) && (whole || is_numpy_int(&arg)) {
                    message =
                        format!("argument '{name}' is declared as {declared}, which cannot hold {number} exactly");
                }
                break;
            }
        }
    }
    let mut diagnostic = Diagnostic::new(Code::SignatureMismatch, message);
    for signature in signatures.iter().take(4) {
        let params: Vec<String> = signature.params.iter().map(words_of).collect();
        diagnostic = diagnostic.note(format!("declared: ({})", params.join(", ")));
    }
    diagnostic.help("convert the argument without loss, or add a signature (or none: then any types compile)").into()
}

/// Whether a type holds some ints only nearly.
fn inexact(ty: &Ty) -> bool {
    ty.dtype().is_some_and(|d| matches!(d.kind(), Kind::Float | Kind::Complex))
}

fn is_numpy_int(arg: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object; only its type is read.
    let class = unsafe { type_of(arg.as_ptr()) };
    numpy().dtype_of_scalar_type(class).is_some_and(|d| d.is_int())
}

/// An int's digits, or how many bits it has if they are many.
fn number_in_words(arg: &Bound<'_, PyAny>) -> String {
    const SHOWN_BITS: u64 = 256;
    match arg.call_method0("bit_length").and_then(|bits| bits.extract::<u64>()) {
        Ok(bits) if bits > SHOWN_BITS => format!("an int of {bits} bits"),
        _ => arg.to_string(),
    }
}

/// A declared type in the user's words.
fn words_of(ty: &Ty) -> String {
    match ty {
        Ty::Int => "int64".into(),
        Ty::Float => "float64".into(),
        Ty::Bool => "boolean".into(),
        Ty::Complex => "complex128".into(),
        Ty::Scalar(d) => d.name().into(),
        other => describe(other),
    }
}

/// The type of an argument in the user's words, for messages.
fn type_in_words(arg: &Bound<'_, PyAny>) -> String {
    // SAFETY: a live object; its type is compared by address.
    unsafe {
        let class = type_of(arg.as_ptr());
        if class == numpy().array_type
            && let Some(ty) = numpy::header(arg.as_ptr()).ty()
        {
            return describe(&Ty::Array(ty));
        }
        if let Some(dtype) = numpy().dtype_of_scalar_type(class) {
            return describe(&Ty::Scalar(dtype));
        }
    }
    arg.get_type().name().map_or_else(|_| "?".into(), |n| n.to_string())
}

/// An argument changed its type while the function was compiled, in another thread.
pub fn changed(_py: Python<'_>) -> Failure {
    let message = "an argument changed while the function was being compiled";
    Diagnostic::new(Code::ArgumentUnsupported, message).help("call it again").into()
}
