//! What is compiled together: the source functions that a root can reach, and the typed module made of them.

use crate::Const;
use crate::diagnostic::Diagnostic;
use crate::func::Func;
use crate::options::Options;
use crate::target::Target;
use crate::ty::{ArrayTy, Ty};
use std::sync::Arc;

crate::entity! {
    /// A Python function of the program (a snapshot of its code), by number.
    FuncId, "fn"
}

/// A library function that is compiled by itself, for certain argument types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separate {
    /// Its number in the program's table.
    pub number: u32,
    /// Its result type; `None` if it cannot be compiled without more constants among the arguments.
    pub ret: Option<Ty>,
    /// A rule inside wants a constant where it gets a widened argument.
    pub wants_constant: bool,
}

/// What users can teach the compiler, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it
pub enum Overloaded<'a> {
    Function(&'a str),
    Method(&'a str),
    Attribute(&'a str),
}

/// The functions and objects that compiled code may refer to.  `infer` asks for what it meets; the
/// implementation (in `driver`) reads snapshots taken beforehand and never runs Python.
pub trait Source {
    /// The machine that code is made for.
    fn target(&self) -> &Target {
        Target::unknown()
    }
    /// The untyped SSA of a function, with its parameters and options.
    fn func(&self, id: FuncId) -> Result<Arc<Func>, Diagnostic>;
    /// What a function captured at definition time, for functions that come from Python with filled cells.
    fn captured(&self, id: FuncId) -> Vec<Const>;
    /// The type of a global array.
    fn array(&self, index: u32) -> ArrayTy;
    /// The type of a global list.
    fn list(&self, _index: u32) -> Ty {
        Ty::list(Ty::Never)
    }
    /// An attribute of a module, `None` if the module has none of that name.
    fn attribute(&self, module: u32, name: &str) -> Option<Const>;
    /// The name of a module.
    fn module_name(&self, module: u32) -> Arc<str>;
    /// The C signature behind a native function pointer: arguments, result, address.
    fn native(&self, index: u32) -> (Vec<Ty>, Ty, u64);
    /// The library function (Python source compiled by coachwhip itself, DESIGN section 3) that implements
    /// a callable named canonically (`builtins.sum`, `numpy.clip`), if there is one.  It fails only with
    /// [`Diagnostic::abandoned`], as the other questions do that may run Python code.
    fn library(&self, name: &str) -> Result<Option<FuncId>, Diagnostic>;
    /// Whether somebody has taught us implementations of this (`coachwhip.extending`).
    fn overloaded(&self, _what: Overloaded<'_>) -> bool {
        false
    }
    /// The implementation that Python code chooses for these types of arguments, if it has one.  Of a member the
    /// first argument is the value that has it.
    fn overload(
        &self,
        _what: Overloaded<'_>,
        _positional: &[Ty],
        _keywords: &[(Arc<str>, Ty)],
    ) -> Result<Option<FuncId>, Diagnostic> {
        Ok(None)
    }
    /// For a function that may be compiled by itself: the parameters that choose what is compiled, so that their literal
    /// arguments stay literal; all others are widened, so that there are few forms of it.
    fn keeps_literal(&self, _id: FuncId) -> Option<Vec<Arc<str>>> {
        None
    }
    /// Asked now and then during long work: fails with [`Diagnostic::abandoned`] if it is to end, as after Ctrl-C.
    fn go_on(&self) -> Result<(), Diagnostic> {
        Ok(())
    }
}

/// Which library functions are compiled by themselves, so that calls of them lead out of the module.
pub trait Apart {
    /// The function compiled by itself for arguments of these types, if it is one of those that are.
    fn separate(&self, id: FuncId, args: &[Ty], options: &Options) -> Result<Option<Separate>, Diagnostic>;
}

/// Typed functions that call only each other and the run time.  Function 0 is the root.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The functions; `call[k]` refers to position k.
    pub funcs: Vec<Func>,
    /// Types of the global arrays used, by their number in the program's table.
    pub arrays: Vec<(u32, ArrayTy)>,
    /// Addresses of native functions used, by their number in the program's table.
    pub natives: Vec<(u32, u64)>,
    /// Whether the results of a function are numbers of different types, for which one type had to do.
    pub mixes: bool,
    /// The result of the first function as Python sees it: its type with the attributes of instances.
    pub result: Option<Ty>,
}
