//! What a snapshot took for granted: names of dicts, contents of cells, headers of arrays.
//!
//! At each call [`Guards::hold`] compares dict versions where the interpreter has them; if a dict changed, or
//! has no version, the names are compared one by one, by identity and, for numbers and strings, by value.

use crate::arguments::lists::Taken;
use crate::arguments::slot::{Cursor, Slot};
use crate::ffi::{self, PyCell_Get, PyFunction_GetDefaults, read, type_of};
use crate::numpy;
use coachwhip_ir::ArrayTy;
use pyo3::ffi::{self as py, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::cell::Cell;

/// Never a version of a dict: forces a look at the names.
const UNKNOWN: u64 = 0;

/// The names of one dict that a snapshot depends on.
pub struct DictGuard {
    dict: Py<PyAny>,
    version: Cell<u64>,
    names: Vec<(Py<PyAny>, Option<Py<PyAny>>)>,
}

/// A closure cell and what it held (`None`: nothing).
pub struct CellGuard {
    cell: Py<PyAny>,
    content: Option<Py<PyAny>>,
}

/// A function and the tuple of its defaults, which calls of it in compiled code take for granted.
pub struct DefaultsGuard {
    function: Py<PyAny>,
    defaults: Py<PyAny>,
}

/// A class, and its version: CPython gives another one to a class that was changed, or whose base was.
pub struct ClassGuard {
    class: Py<PyAny>,
    version: u32,
}

/// A global array: compiled code reads its header from `words`.
pub struct ArrayGuard {
    array: Py<PyAny>,
    ty: ArrayTy,
    words: Box<[Cell<u64>]>,
}

/// A global or captured list: it is taken at each call of code that uses it, as a list argument is.
pub struct ListGuard {
    list: Py<PyList>,
    number: u32,
    slot: Slot,
}

// SAFETY: the objects whose addresses are in a slot live as long as the list or the process, and are touched only while the
// interpreter is held.
unsafe impl Send for ListGuard {}

/// Everything that a snapshot took for granted.
pub struct Guards {
    dicts: Vec<DictGuard>,
    cells: Vec<CellGuard>,
    arrays: Vec<ArrayGuard>,
    lists: Vec<ListGuard>,
    /// Lists that compiled code cannot have, and what they held.
    odd: Vec<(Py<PyList>, Vec<usize>)>,
    defaults: Vec<DefaultsGuard>,
    classes: Vec<ClassGuard>,
    versions: bool,
}

impl Guards {
    /// No guards yet.
    pub fn new(version: (u8, u8)) -> Guards {
        Guards {
            dicts: vec![],
            cells: vec![],
            arrays: vec![],
            lists: vec![],
            odd: vec![],
            defaults: vec![],
            classes: vec![],
            versions: ffi::has_dict_versions(version),
        }
    }

    /// Watches a name of a dict, which now has the given value or none.
    pub fn add_name(&mut self, dict: &Bound<'_, PyAny>, name: &Bound<'_, PyAny>, value: Option<&Bound<'_, PyAny>>) {
        let index = match self.dicts.iter().position(|g| g.dict.is(dict)) {
            Some(index) => index,
            None => {
                let guard = DictGuard { dict: dict.clone().unbind(), version: Cell::new(UNKNOWN), names: vec![] };
                self.dicts.push(guard);
                self.dicts.len() - 1
            }
        };
        if let Some(guard) = self.dicts.get_mut(index)
            && !guard.names.iter().any(|(known, _)| known.is(name))
        {
            guard.version.set(UNKNOWN);
            guard.names.push((name.clone().unbind(), value.map(|v| v.clone().unbind())));
        }
    }

    /// Watches a cell.
    pub fn add_cell(&mut self, cell: &Bound<'_, PyAny>, content: Option<&Bound<'_, PyAny>>) {
        if !self.cells.iter().any(|g| g.cell.is(cell)) {
            self.cells.push(CellGuard { cell: cell.clone().unbind(), content: content.map(|v| v.clone().unbind()) });
        }
    }

    /// Watches an array and keeps its header where compiled code reads it.
    pub fn add_array(&mut self, array: &Bound<'_, PyAny>, ty: ArrayTy) -> usize {
        let words = (0..2 + 2 * ty.ndim as usize).map(|_| Cell::new(0)).collect::<Box<[_]>>();
        let guard = ArrayGuard { array: array.clone().unbind(), ty, words };
        guard.refresh();
        self.arrays.push(guard);
        self.arrays.len() - 1
    }

    /// Notes how a list of the program is taken.
    pub fn add_list(&mut self, list: &Bound<'_, PyList>, number: u32, slot: Slot) {
        self.lists.push(ListGuard { list: list.clone().unbind(), number, slot });
    }

    /// Notes a list that compiled code cannot have as it is now.
    pub fn add_odd_list(&mut self, list: &Bound<'_, PyList>) {
        self.odd.push((list.clone().unbind(), addresses(list)));
    }

    /// Whether such a list is as it was.
    pub fn odd_lists_stay(&self, py: Python<'_>) -> bool {
        self.odd.iter().all(|(list, content)| addresses(list.bind(py)) == *content)
    }

    /// Says how a list is taken that held nothing when it was met.
    pub fn fill_list(&mut self, number: u32, slot: Slot) {
        if let Some(guard) = self.lists.iter_mut().find(|guard| guard.number == number) {
            guard.slot = slot;
        }
    }

    /// How many words the lists take of which the mask has the numbers (see `Behaviour::lists` of the driver).
    pub fn list_words(&self, mask: u64) -> usize {
        let used = self.lists.iter().filter(|guard| guard.is_in(mask)).map(|guard| guard.number as usize + 1);
        used.max().unwrap_or(0)
    }

    /// Takes the lists of the mask, each at its number from an address on; false if one now has another type.
    ///
    /// # Safety
    /// As [`Slot::take`], with room for [`Guards::list_words`] words.
    pub unsafe fn take_lists(&self, mask: u64, words: *mut u64, taken: *mut Taken) -> bool {
        self.lists.iter().filter(|guard| guard.is_in(mask)).all(|guard| {
            // SAFETY: as the caller promises; the guard keeps the list alive.
            unsafe {
                let mut cursor = Cursor::with_lists(words.add(guard.number as usize), taken);
                guard.slot.take(guard.list.as_ptr(), &mut cursor)
            }
        })
    }

    /// Whether a list is empty now.
    pub fn has_empty_list(&self, py: Python<'_>) -> bool {
        self.lists.iter().any(|guard| guard.list.bind(py).is_empty())
    }

    /// Watches the positional defaults of a function.
    pub fn add_defaults(&mut self, function: &Bound<'_, PyAny>, defaults: &Bound<'_, PyAny>) {
        let guard = DefaultsGuard { function: function.clone().unbind(), defaults: defaults.clone().unbind() };
        self.defaults.push(guard);
    }

    /// Watches a class.
    pub fn add_class(&mut self, class: &Bound<'_, PyAny>) {
        // A class gets a version when an attribute of it is looked up.
        let _ = class.getattr("__init__");
        // SAFETY: a live class.
        let version = unsafe { ffi::class_version(class.as_ptr()) };
        if version != 0 {
            self.classes.push(ClassGuard { class: class.clone().unbind(), version });
        }
    }

    /// Adds another snapshot's guards.
    pub fn join(&mut self, other: Guards) {
        self.dicts.extend(other.dicts);
        self.cells.extend(other.cells);
        self.arrays.extend(other.arrays);
        self.lists.extend(other.lists);
        self.odd.extend(other.odd);
        self.defaults.extend(other.defaults);
        self.classes.extend(other.classes);
    }

    /// Where the header words of the n-th array are.
    pub fn array_words(&self, index: usize) -> Option<*const u64> {
        self.arrays.get(index).map(|g| g.words.as_ptr().cast())
    }

    /// Whether everything is as it was when the snapshot was taken.
    ///
    /// # Safety
    /// The interpreter is attached.
    #[inline(always)]
    pub unsafe fn hold(&self) -> bool {
        // SAFETY: as the caller promises; the guards keep the dicts and cells alive.
        unsafe {
            self.dicts.iter().all(|g| g.holds(self.versions))
                && self.cells.iter().all(CellGuard::holds)
                && self.arrays.iter().all(ArrayGuard::refresh)
                && self.defaults.iter().all(DefaultsGuard::holds)
                && self.classes.iter().all(ClassGuard::holds)
        }
    }

    /// Visits every object kept, for the garbage collector; stops at the first result that is not 0.
    pub fn traverse(&self, visit: &mut dyn FnMut(*mut PyObject) -> i32) -> i32 {
        let names = self.dicts.iter().flat_map(|g| {
            let values = g.names.iter().filter_map(|(_, value)| value.as_ref());
            std::iter::once(&g.dict).chain(values)
        });
        let cells = self.cells.iter().flat_map(|g| std::iter::once(&g.cell).chain(&g.content));
        let arrays = self.arrays.iter().map(|g| &g.array);
        let lists = self.lists.iter().map(|g| &g.list).chain(self.odd.iter().map(|(list, _)| list));
        let lists = lists.map(Py::as_any);
        let defaults = self.defaults.iter().flat_map(|g| [&g.function, &g.defaults]);
        names
            .chain(cells)
            .chain(arrays)
            .chain(lists)
            .chain(defaults)
            .chain(self.classes.iter().map(|g| &g.class))
            .map(|o| visit(o.as_ptr()))
            .find(|&r| r != 0)
            .unwrap_or(0)
    }
}

fn addresses(list: &Bound<'_, PyList>) -> Vec<usize> {
    list.iter().map(|item| item.as_ptr() as usize).collect()
}

impl ListGuard {
    fn is_in(&self, mask: u64) -> bool {
        mask >> self.number.min(63) & 1 != 0
    }
}

impl DictGuard {
    #[inline(always)]
    unsafe fn holds(&self, versions: bool) -> bool {
        // SAFETY: the guard keeps the dict alive, and `versions` says whether the field is there.
        unsafe {
            let dict = self.dict.as_ptr();
            versions && ffi::dict_version(dict) == self.version.get() || self.look(versions)
        }
    }

    /// Compares the names one by one, and remembers the version if they are the same.
    #[cold]
    unsafe fn look(&self, versions: bool) -> bool {
        // SAFETY: the interpreter is attached; keys are interned strings, so that no user code runs.
        unsafe {
            let dict = self.dict.as_ptr();
            let same = self.names.iter().all(|(name, expected)| {
                let found = py::PyDict_GetItemWithError(dict, name.as_ptr());
                same_value(found, expected.as_ref().map_or(std::ptr::null_mut(), |e| e.as_ptr()))
            });
            if same && versions {
                self.version.set(ffi::dict_version(dict));
            }
            same
        }
    }
}

impl CellGuard {
    #[inline(always)]
    fn holds(&self) -> bool {
        // SAFETY: the guard keeps the cell alive; the content is compared while a reference is held.
        unsafe {
            let content = PyCell_Get(self.cell.as_ptr());
            let same = same_value(content, self.content.as_ref().map_or(std::ptr::null_mut(), |e| e.as_ptr()));
            py::Py_XDECREF(content);
            same
        }
    }
}

impl DefaultsGuard {
    #[inline(always)]
    fn holds(&self) -> bool {
        // SAFETY: the guard keeps the function alive.
        unsafe { PyFunction_GetDefaults(self.function.as_ptr()) == self.defaults.as_ptr() }
    }
}

impl ClassGuard {
    #[inline(always)]
    fn holds(&self) -> bool {
        // SAFETY: the guard keeps the class alive.
        unsafe { ffi::class_version(self.class.as_ptr()) == self.version }
    }
}

impl ArrayGuard {
    /// Reads the header again; false if the array now has another type.  Words are written only if they
    /// changed, so that calls that run at the same time do not disturb each other.
    fn refresh(&self) -> bool {
        // SAFETY: the guard keeps the array alive.
        let header = unsafe { numpy::header(self.array.as_ptr()) };
        if header.ty() != Some(self.ty) {
            return false;
        }
        let (shape, strides) = header.dims();
        let head = [header.data as u64, self.array.as_ptr() as u64 | 1];
        let now = head.into_iter().chain(shape.iter().chain(strides).map(|&n| n as u64));
        for (word, value) in self.words.iter().zip(now) {
            if word.get() != value {
                word.set(value);
            }
        }
        true
    }
}

/// The same object, or an equal number or string of the same exact type; null stands for no object.
///
/// # Safety
/// Both are live objects or null.
#[inline(always)]
unsafe fn same_value(found: *mut PyObject, expected: *mut PyObject) -> bool {
    // SAFETY: as the caller promises.
    found == expected || unsafe { equal_plain(found, expected) }
}

#[cold]
unsafe fn equal_plain(found: *mut PyObject, expected: *mut PyObject) -> bool {
    if found.is_null() || expected.is_null() {
        return false;
    }
    // SAFETY: both are live; only exact built-in types are compared, which runs no user code.
    unsafe {
        let class = type_of(found);
        if class != type_of(expected) {
            return false;
        }
        if class == &raw mut py::PyFloat_Type {
            return read::<u64>(found, ffi::VALUE_OFFSET) == read::<u64>(expected, ffi::VALUE_OFFSET);
        }
        let plain = class == &raw mut py::PyLong_Type || class == &raw mut py::PyUnicode_Type;
        plain && py::PyObject_RichCompareBool(found, expected, py::Py_EQ) == 1
    }
}
