//! Function objects to plain data, under the GIL and without running user code.
//!
//! [`Snapshot`] follows a root function through everything that its code names: globals, builtins, closure
//! cells, attributes of modules, functions that it calls, and theirs.  What it reads goes into a
//! `driver::Program`; what must stay the same for that to hold goes into [`Guards`].

mod canonical;
mod classes;
mod code;
mod constants;
pub mod guards;
mod positions;

pub use code::load_opcodes;
pub use guards::Guards;

use crate::arguments::slot::Slot;
use coachwhip_driver::Program;
use coachwhip_ir::{Const, FuncId, Inline, Options, Source, Ty, UserClass};
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, OnceLock};

/// Tells the Python function and the options behind a compiled function, `None` of other objects.
pub type LookInside = for<'py> fn(&Bound<'py, PyAny>) -> Option<(Bound<'py, PyAny>, Options)>;

static LOOK_INSIDE: OnceLock<LookInside> = OnceLock::new();

/// Has whoever makes compiled functions tell what is behind them.
pub fn install(look: LookInside) {
    let _ = LOOK_INSIDE.set(look);
}

/// Tells the type of a list, and how it is taken, `None` if compiled code can have none like it.
pub type ListForm = for<'a, 'py> fn(&Bound<'py, PyList>, &mut Snapshot<'a, 'py>) -> Option<(Ty, Slot)>;

static LIST_FORM: OnceLock<ListForm> = OnceLock::new();

/// Has whoever classifies arguments classify lists of the surroundings.
pub fn install_lists(form: ListForm) {
    let _ = LIST_FORM.set(form);
}

fn inside_compiled<'py>(value: &Bound<'py, PyAny>) -> Option<(Bound<'py, PyAny>, Options)> {
    LOOK_INSIDE.get().and_then(|look| look(value))
}

/// What a snapshot has met; it grows with the program.
#[derive(Default)]
pub struct Memo {
    /// Functions by address and options; `kept` keeps them alive.
    funcs: HashMap<(usize, Options), FuncId>,
    /// Arrays by address.
    arrays: HashMap<usize, u32>,
    /// Lists by address.
    pub lists: HashMap<usize, u32>,
    /// Other objects by address.
    objects: HashMap<usize, u32>,
    /// Classes by address; none for one that compiled code cannot use.
    classes: HashMap<usize, Option<Arc<UserClass>>>,
    /// Objects whose addresses are keys here, and classes of exceptions.
    pub kept: Vec<Py<PyAny>>,
    /// The function objects behind the program's functions.
    pub functions: HashMap<FuncId, Py<PyAny>>,
}

/// What a snapshot has reached.
pub struct Reached {
    /// The functions.
    pub program: Arc<Program>,
    /// The Python objects behind them.
    pub memo: RefCell<Memo>,
}

impl Reached {
    /// What reaches nothing.
    pub fn nothing() -> Reached {
        let program = Program::new(coachwhip_driver::host(), None, Arc::from([]));
        Reached { program: Arc::new(program), memo: RefCell::default() }
    }

    /// The Python object behind a constant that refers to the program's tables.
    pub fn object(&self, py: Python<'_>, constant: &Const) -> PyResult<Option<Py<PyAny>>> {
        Ok(match constant {
            Const::Func(id) => self.memo.borrow().functions.get(id).map(|o| o.clone_ref(py)),
            Const::ExceptionClass(_, number) => crate::classes::find(py, *number)?.map(Bound::unbind),
            Const::Class(class) => crate::classes::find(py, class.number())?.map(Bound::unbind),
            _ => None,
        })
    }
}

/// What instances among the arguments of a call lead to.
#[derive(Default)]
pub struct Instances {
    /// Addresses of those that were met.
    pub seen: HashSet<usize>,
    /// Those whose attributes are still to be looked at, with their classes.
    pub waiting: Vec<(Py<PyAny>, Arc<UserClass>)>,
    /// Whether somebody is at it.
    pub filling: bool,
    classes: Vec<(Arc<UserClass>, Vec<(Arc<str>, Ty)>)>,
}

impl Instances {
    /// The type of an attribute as far as it is known.
    pub fn known(&self, class: &UserClass, name: &str) -> Ty {
        let of = self.classes.iter().find(|(known, _)| known.number() == class.number());
        let of = of.and_then(|(_, attributes)| attributes.iter().find(|(known, _)| **known == *name));
        of.map_or(Ty::Never, |(_, ty)| ty.clone())
    }

    /// Notes the type of an attribute.
    pub fn note(&mut self, class: &Arc<UserClass>, name: &str, ty: Ty) {
        let at = self.classes.iter().position(|(known, _)| known.number() == class.number());
        let at = at.unwrap_or_else(|| {
            self.classes.push((class.clone(), vec![]));
            self.classes.len() - 1
        });
        let Some((_, attributes)) = self.classes.get_mut(at) else { return };
        match attributes.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, known)) => *known = ty,
            None => attributes.push((name.into(), ty)),
        }
    }

    /// The type with the attributes of its instances.
    pub fn dressed(&self, ty: &Ty) -> Ty {
        self.dressed_in(ty, &mut Vec::new())
    }

    fn dressed_in(&self, ty: &Ty, inside: &mut Vec<u32>) -> Ty {
        ty.map_instances(&mut |class| {
            let known = self.classes.iter().find(|(known, _)| known.number() == class.number());
            match known.filter(|_| !inside.contains(&class.number())) {
                Some((_, attributes)) => {
                    inside.push(class.number());
                    let types = attributes.iter().map(|(_, ty)| self.dressed_in(ty, inside)).collect();
                    inside.pop();
                    let fields = attributes.iter().map(|(name, _)| name.clone()).collect();
                    Ty::instance(Arc::new(UserClass { fields, types, ..class.bare() }))
                }
                None => Ty::instance(Arc::new(class.bare())),
            }
        })
    }
}

/// A walk over the functions that a root can reach.
pub struct Snapshot<'a, 'py> {
    py: Python<'py>,
    program: &'a Program,
    guards: &'a mut Guards,
    memo: &'a mut Memo,
    queue: VecDeque<(FuncId, Bound<'py, PyAny>, Options)>,
    version: (u8, u8),
    options: Options,
    /// Whether somebody takes the lists that are met at each call.
    takes_lists: bool,
    /// The compiled function being made, and the plain one whose name it will have: see [`Snapshot::naming`].
    own: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    /// What instances among the arguments lead to.
    pub instances: Instances,
}

impl<'a, 'py> Snapshot<'a, 'py> {
    /// Starts or continues a snapshot.
    pub fn new(
        py: Python<'py>,
        program: &'a Program,
        guards: &'a mut Guards,
        memo: &'a mut Memo,
        options: &Options,
    ) -> Self {
        let version = crate::versions::python(py);
        let (options, queue) = (options.clone(), VecDeque::new());
        Snapshot {
            py,
            program,
            guards,
            memo,
            queue,
            version,
            options,
            takes_lists: false,
            own: None,
            instances: Instances::default(),
        }
    }

    /// Lists that are met are taken at each call, as the guards say.
    pub fn taking_lists(mut self) -> Self {
        self.takes_lists = true;
        self
    }

    /// The number and the type of a list that was met, if this one was.
    pub fn known_list(&self, list: &Bound<'_, PyAny>) -> Option<(u32, Ty)> {
        let number = *self.memo.lists.get(&(list.as_ptr() as usize))?;
        Some((number, self.program.list(number)))
    }

    /// Takes the function's own name, where nothing has it yet, for the compiled function: code with a signature is
    /// compiled at decoration, before the name is assigned.  The guards hold once it is.
    pub fn naming(mut self, function: &Bound<'py, PyAny>, dispatcher: &Bound<'py, PyAny>) -> Self {
        self.own = Some((function.clone(), dispatcher.clone()));
        self
    }

    /// What an unassigned name of the scope in which a function was defined will stand for.
    fn own_name(&self, scope: &Bound<'py, PyAny>, name: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some((function, dispatcher)) = &self.own else { return Ok(None) };
        let mine = scope.is(function) && name.eq(function.getattr("__name__")?)?;
        Ok(mine.then(|| dispatcher.clone()))
    }

    /// The number of a function; [`Snapshot::finish`] reads it.
    pub fn function(&mut self, function: &Bound<'py, PyAny>, options: &Options) -> FuncId {
        let key = (function.as_ptr() as usize, options.clone());
        if let Some(&known) = self.memo.funcs.get(&key) {
            return known;
        }
        let id = self.program.reserve_func();
        self.memo.funcs.insert(key, id);
        self.memo.kept.push(function.clone().unbind());
        self.memo.functions.insert(id, function.clone().unbind());
        self.queue.push_back((id, function.clone(), options.clone()));
        id
    }

    /// Reads every function met so far, and those that they name.
    pub fn finish(&mut self) -> PyResult<()> {
        while let Some((id, function, options)) = self.queue.pop_front() {
            self.read_function(id, &function, options)?;
        }
        Ok(())
    }
}

impl<'py> Snapshot<'_, 'py> {
    /// An argument of a call, as a constant.
    pub fn argument(&mut self, value: &Bound<'_, PyAny>) -> PyResult<Const> {
        // The lifetime of the snapshot's token is that of the whole call.
        let value = value.clone().unbind().into_bound(self.py);
        let mut scope = self.outside();
        self.constant(&value, &mut scope, None)
    }

    /// The scope of what a call passes: no names.
    fn outside(&self) -> code::Scope<'py> {
        let globals = pyo3::types::PyDict::new(self.py).into_any();
        code::Scope {
            function: self.py.None().into_bound(self.py),
            builtins: globals.clone(),
            globals,
            names: vec![],
            modules: HashMap::new(),
            options: self.options.clone(),
            of_library: false,
            depth: 0,
            argument: true,
        }
    }
}

/// The name by which compiled code knows an object, if it has one.
pub fn canonical_name(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    canonical::name(value, None)
}

/// The options that a plain function takes from its caller.
pub fn inherited(options: &Options) -> Options {
    Options { locals: Default::default(), inline: Inline::Auto, ..options.clone() }
}
