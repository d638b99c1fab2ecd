//! Code objects and functions to `CodeSnapshot`s.

use super::{Snapshot, positions};
use coachwhip_driver::FuncRecord;
use coachwhip_frontend::snapshot::imported;
use coachwhip_frontend::{CodeSnapshot, SnapConst};
use coachwhip_ir::{Const, FuncId, Options};
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// What the names in one function mean, its nested functions included.
pub(super) struct Scope<'py> {
    /// The function, to which captured and global names belong.
    pub function: Bound<'py, PyAny>,
    pub globals: Bound<'py, PyAny>,
    pub builtins: Bound<'py, PyAny>,
    /// Every name that the code may use as an attribute.
    pub names: Vec<Bound<'py, PyAny>>,
    /// Modules met, by address.
    pub modules: HashMap<usize, u32>,
    pub options: Options,
    /// Whether the function is one of our library's.
    pub of_library: bool,
    /// How deep the object at hand is nested in others: code in code, modules in modules.
    pub depth: usize,
    /// Whether this is an argument of a call, not something that a program names.
    pub argument: bool,
}

impl<'py> Snapshot<'_, 'py> {
    /// Reads a function object into the program.
    pub(super) fn read_function(&mut self, id: FuncId, function: &Bound<'py, PyAny>, options: Options) -> PyResult<()> {
        let code = function.getattr("__code__")?;
        let globals = function.getattr("__globals__")?;
        let mut scope = Scope {
            function: function.clone(),
            globals: globals.clone(),
            builtins: function.getattr("__builtins__")?,
            names: vec![],
            modules: HashMap::new(),
            options: options.clone(),
            of_library: super::canonical::is_of_library(&globals)?,
            depth: 0,
            argument: false,
        };
        gather_names(&code, &mut scope.names)?;
        for name in &scope.names {
            if crate::overloads::of_member(&text(name)?) {
                self.program.keep_out_of_cache();
            }
        }
        let captured = self.captured(function, &code, &mut scope)?;
        let defaults = self.defaults(function, &code, &mut scope)?;
        let snapshot = self.code(&code, &mut scope, defaults)?;
        // The marks of `coachwhip.lib.implements`.
        let mark = |name: &str| {
            let names = function.getattr_opt(name)?;
            names.map(|names| texts(&names.cast_into::<PyTuple>()?)).transpose()
        };
        let separate = mark("__separate__")?;
        let reads_once = mark("__reads_once__")?.unwrap_or_default();
        let of_library = scope.of_library;
        self.program.fill_func(id, FuncRecord { code: snapshot, options, captured, of_library, reads_once, separate });
        Ok(())
    }

    fn captured(
        &mut self,
        function: &Bound<'py, PyAny>,
        code: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
    ) -> PyResult<Vec<Const>> {
        let py = self.py;
        let cells = function.getattr("__closure__")?;
        if cells.is_none() {
            return Ok(vec![]);
        }
        let freevars = tuple(code, "co_freevars")?;
        let mut captured = Vec::new();
        for (cell, name) in cells.cast_into::<PyTuple>()?.iter().zip(freevars.iter()) {
            // SAFETY: the items of `__closure__` are cells; the result is a new reference or null.
            let content = unsafe { Bound::from_owned_ptr_or_opt(py, crate::ffi::PyCell_Get(cell.as_ptr())) };
            let content = match content {
                Some(content) => Some(content),
                None => self.own_name(function, &name)?,
            };
            self.guards.add_cell(&cell, content.as_ref());
            captured.push(match content {
                Some(value) => self.constant(&value, scope, None)?,
                None => Const::Object("an empty closure cell".into(), 0),
            });
        }
        Ok(captured)
    }

    fn defaults(
        &mut self,
        function: &Bound<'py, PyAny>,
        code: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
    ) -> PyResult<Vec<Option<Const>>> {
        let positional: usize = code.getattr("co_argcount")?.extract()?;
        let kwonly: usize = code.getattr("co_kwonlyargcount")?.extract()?;
        let mut defaults = vec![None; positional + kwonly];
        let given = function.getattr("__defaults__")?;
        if let Ok(given) = given.cast::<PyTuple>() {
            self.guards.add_defaults(function, given.as_any());
            let first = positional.saturating_sub(given.len());
            for (slot, value) in defaults.iter_mut().skip(first).zip(given.iter()) {
                *slot = Some(self.constant(&value, scope, None)?);
            }
        }
        let keyword = function.getattr("__kwdefaults__")?;
        if let Ok(keyword) = keyword.cast::<PyDict>() {
            let names = tuple(code, "co_varnames")?;
            for (slot, name) in defaults.iter_mut().zip(names.iter()).skip(positional) {
                if let Some(value) = keyword.get_item(name)? {
                    *slot = Some(self.constant(&value, scope, None)?);
                }
            }
        }
        Ok(defaults)
    }

    fn code(
        &mut self,
        code: &Bound<'py, PyAny>,
        scope: &mut Scope<'py>,
        defaults: Vec<Option<Const>>,
    ) -> PyResult<CodeSnapshot> {
        let number = |name: &str| -> PyResult<u32> { code.getattr(name)?.extract() };
        let bytes =
            |name: &str| -> PyResult<Vec<u8>> { Ok(code.getattr(name)?.cast::<PyBytes>()?.as_bytes().to_vec()) };
        let firstlineno = number("co_firstlineno")?;
        // Code without instructions is refused as unreadable.
        let instructions = if can_be_read(code)? { bytes("co_code")? } else { vec![] };
        let names = tuple(code, "co_names")?;
        let globals = self.globals(&instructions, &names, scope)?;
        let qualname = text(&code.getattr("co_qualname")?)?;
        let mut consts = Vec::new();
        for item in tuple(code, "co_consts")?.iter() {
            consts.push(self.snap_constant(&item, scope)?);
        }
        Ok(CodeSnapshot {
            version: self.version,
            symbol: symbol(&qualname),
            qualname,
            filename: text(&code.getattr("co_filename")?)?,
            firstlineno,
            code: instructions,
            consts,
            names: texts(&names)?,
            varnames: texts(&tuple(code, "co_varnames")?)?,
            cellvars: texts(&tuple(code, "co_cellvars")?)?,
            freevars: texts(&tuple(code, "co_freevars")?)?,
            argcount: number("co_argcount")?,
            posonlyargcount: number("co_posonlyargcount")?,
            kwonlyargcount: number("co_kwonlyargcount")?,
            flags: number("co_flags")?,
            exception_table: bytes("co_exceptiontable")?,
            positions: positions::decode(&bytes("co_linetable")?, firstlineno),
            globals,
            defaults,
        })
    }

    /// The code of a nested function.
    pub(super) fn nested(&mut self, code: &Bound<'py, PyAny>, scope: &mut Scope<'py>) -> PyResult<SnapConst> {
        let id = self.program.reserve_func();
        let snapshot = self.code(code, scope, vec![])?;
        let options = super::inherited(&scope.options);
        let of_library = scope.of_library;
        let (captured, reads_once) = (vec![], vec![]);
        let record = FuncRecord { code: snapshot, options, captured, of_library, reads_once, separate: None };
        self.program.fill_func(id, record);
        Ok(SnapConst::Code(id))
    }

    /// What the names that the code loads as globals stand for.
    fn globals(
        &mut self,
        instructions: &[u8],
        names: &Bound<'py, PyTuple>,
        scope: &mut Scope<'py>,
    ) -> PyResult<HashMap<Arc<str>, Const>> {
        let mut found = HashMap::new();
        for index in global_names(instructions) {
            // Bytes that were made by hand may name what is not there.
            if index >= names.len() {
                continue;
            }
            let name = names.get_item(index)?;
            let key = text(&name)?;
            if found.contains_key(&key) {
                continue;
            }
            if let Some(value) = self.global(&name, scope)? {
                let constant = self.constant(&value, scope, None)?;
                found.insert(key, constant);
            }
        }
        for index in imported_names(instructions, self.version) {
            if index < names.len() {
                let name = names.get_item(index)?.cast_into::<PyString>()?;
                self.import(&name, scope, &mut found)?;
            }
        }
        Ok(found)
    }

    /// The module of a name, which is imported if it is not yet, and the package that it is in; watched from now on.
    fn import(
        &mut self,
        name: &Bound<'py, PyString>,
        scope: &mut Scope<'py>,
        found: &mut HashMap<Arc<str>, Const>,
    ) -> PyResult<()> {
        let modules = self.py.import("sys")?.getattr("modules")?;
        let whole = text(name)?;
        match self.py.import(name) {
            Err(error) if error.is_instance_of::<PyImportError>(self.py) => return Ok(()),
            module => drop(module?),
        }
        for name in [&*whole, whole.split('.').next().unwrap_or_default()] {
            let key = PyString::new(self.py, name);
            if let Some(module) = modules.cast::<PyDict>()?.get_item(&key)? {
                self.guards.add_name(&modules, &key, Some(&module));
                let constant = self.constant(&module, scope, None)?;
                found.insert(imported(name).into(), constant);
            }
        }
        Ok(())
    }

    /// A global or built-in name, watched from now on.
    fn global(&mut self, name: &Bound<'py, PyAny>, scope: &Scope<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let mut value = scope.globals.cast::<PyDict>()?.get_item(name)?;
        if value.is_none() && scope.builtins.cast::<PyDict>()?.get_item(name)?.is_none() {
            value = self.own_name(&scope.function, name)?;
        }
        self.guards.add_name(&scope.globals, name, value.as_ref());
        if value.is_some() {
            return Ok(value);
        }
        let value = scope.builtins.cast::<PyDict>()?.get_item(name)?;
        self.guards.add_name(&scope.builtins, name, value.as_ref());
        Ok(value)
    }
}

/// Names of this code object and of the code of nested functions.
fn gather_names<'py>(code: &Bound<'py, PyAny>, names: &mut Vec<Bound<'py, PyAny>>) -> PyResult<()> {
    let mut pending = vec![code.clone()];
    while let Some(code) = pending.pop() {
        names.extend(tuple(&code, "co_names")?.iter());
        pending.extend(tuple(&code, "co_consts")?.iter().filter(|item| item.get_type().is(code.get_type())));
    }
    Ok(())
}

/// Positions in `co_names` of the names that `LOAD_GLOBAL` instructions load.
fn global_names(instructions: &[u8]) -> impl Iterator<Item = usize> + '_ {
    arguments_of(instructions, |opcodes| opcodes.load_global).map(|argument| argument >> 1)
}

/// Positions in `co_names` of the names that `IMPORT_NAME` instructions import; 3.15 has two flags below them.
fn imported_names(instructions: &[u8], version: (u8, u8)) -> impl Iterator<Item = usize> + '_ {
    let flags = if version >= (3, 15) { 2 } else { 0 };
    arguments_of(instructions, |opcodes| opcodes.import_name).map(move |argument| argument >> flags)
}

/// The arguments of all instructions with an opcode.
fn arguments_of(instructions: &[u8], opcode: fn(Opcodes) -> u8) -> impl Iterator<Item = usize> + '_ {
    const EXTENDED_ARG_PREFIX: usize = 8;
    let opcodes = OPCODES.get().copied().unwrap_or_default();
    let wanted = opcode(opcodes);
    let mut high = 0usize;
    instructions.chunks_exact(2).filter_map(move |unit| {
        let &[opcode, low] = unit else { return None };
        let argument = high << EXTENDED_ARG_PREFIX | low as usize;
        high = if opcode == opcodes.extended { argument } else { 0 };
        (opcode == wanted).then_some(argument)
    })
}

/// Whether CPython itself can read the instructions of a code object: see `coachwhip._bytecode`.
fn can_be_read(code: &Bound<'_, PyAny>) -> PyResult<bool> {
    let Some(trace) = ENTER_TRACE.get().copied().flatten() else { return Ok(true) };
    let adaptive = code.getattr("_co_code_adaptive")?;
    let suspect = adaptive.cast::<PyBytes>()?.as_bytes().chunks_exact(2).any(|unit| unit.first() == Some(&trace));
    if !suspect {
        return Ok(true);
    }
    let names: bool =
        code.py().import("coachwhip._bytecode")?.getattr("names_a_trace")?.call1((adaptive,))?.extract()?;
    Ok(!names)
}

/// The instruction that leads to an optimised trace, where the interpreter makes none.
static ENTER_TRACE: OnceLock<Option<u8>> = OnceLock::new();

/// The numbers of `LOAD_GLOBAL`, `IMPORT_NAME` and `EXTENDED_ARG` in this interpreter.
#[derive(Clone, Copy, Default)]
struct Opcodes {
    load_global: u8,
    import_name: u8,
    extended: u8,
}

static OPCODES: OnceLock<Opcodes> = OnceLock::new();

/// Reads the numbers of the instructions that snapshots look for.
pub fn load_opcodes(py: Python<'_>) -> PyResult<()> {
    let table = py.import("opcode")?.getattr("opmap")?;
    let _ = ENTER_TRACE.set(py.import("coachwhip._bytecode")?.getattr("ENTER_TRACE")?.extract()?);
    let number = |name: &str| -> PyResult<u8> { table.get_item(name)?.extract() };
    let (load_global, import_name) = (number("LOAD_GLOBAL")?, number("IMPORT_NAME")?);
    let _ = OPCODES.set(Opcodes { load_global, import_name, extended: number("EXTENDED_ARG")? });
    Ok(())
}

fn tuple<'py>(code: &Bound<'py, PyAny>, name: &str) -> PyResult<Bound<'py, PyTuple>> {
    Ok(code.getattr(name)?.cast_into::<PyTuple>()?)
}

fn texts(items: &Bound<'_, PyTuple>) -> PyResult<Vec<Arc<str>>> {
    items.iter().map(|item| text(&item)).collect()
}

/// A `str` as Rust text; lone surrogates are replaced.
pub(super) fn text(value: &Bound<'_, PyAny>) -> PyResult<Arc<str>> {
    Ok(Arc::from(&*value.cast::<PyString>()?.to_string_lossy()))
}

/// A linker symbol made from a Python name.
fn symbol(qualname: &str) -> String {
    let plain = qualname.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' });
    std::iter::once("cw_").flat_map(str::chars).chain(plain).collect()
}
