//! Context managers: `contextlib.nullcontext`, `contextlib.suppress` and `np.errstate`.
//!
//! A manager is a value, a bound callable under the manager's name; its `__enter__` and `__exit__` are bound to it.

use super::exceptions;
use super::{Answer, Family, Rule, tuples};
use crate::args::{Args, Call};
use crate::emit::{Emit, Fault, Val, fault};
use crate::join::is_none;
use coachwhip_ir::{Code, Const, Diagnostic, Ty};
use std::sync::Arc;

/// What this family answers for.
pub const FAMILY: Family = Family { functions: FUNCTIONS, getattr, ..Family::NONE };

const NULL: &str = "contextlib.nullcontext";
const SUPPRESS: &str = "contextlib.suppress";
const ERRSTATE: &str = "numpy.errstate";
const FUNCTIONS: &[(&str, Rule)] = &[(NULL, null), (SUPPRESS, suppress), (ERRSTATE, errstate)];

const ENTER: &str = "__enter__";
const EXIT: &str = "__exit__";

fn bound(e: &mut Emit, to: &Val, name: &str) -> Val {
    let to = if to.ty.literal().is_some() { e.machine(to) } else { to.clone() };
    e.pack(Ty::Method(Arc::new(to.ty.clone()), Arc::from(name)), &[&to])
}

fn is_manager(ty: &Ty) -> bool {
    matches!(ty, Ty::Method(_, name) if [NULL, SUPPRESS, ERRSTATE].contains(&&**name))
}

fn null(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let result = match args.take(["enter_result"])? {
        [Some(result)] => result,
        [None] => e.none(),
    };
    Ok(bound(e, &result, NULL))
}

fn suppress(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let classes = tuples::display(e, args.rest());
    Ok(bound(e, &classes, SUPPRESS))
}

/// Floating-point arithmetic of compiled code neither warns nor raises, so that is all that may be asked for.
fn errstate(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [all, divide, over, under, invalid, call] = args.take(["all", "divide", "over", "under", "invalid", "call"])?;
    if call.is_some() {
        return Err(loud("call="));
    }
    for given in [all, divide, over, under, invalid].into_iter().flatten() {
        match given.literal() {
            _ if is_none(&given.ty) => {}
            Some(Const::Str(what)) if matches!(&**what, "ignore" | "warn") => {}
            Some(Const::Str(what)) => return Err(loud(&format!("'{what}'"))),
            _ => return fault(Code::NeedsConstant, "what np.errstate() does must be a constant"),
        }
    }
    let nothing = e.none();
    Ok(bound(e, &nothing, ERRSTATE))
}

fn loud(what: &str) -> Fault {
    let message =
        format!("{what} of np.errstate() is not supported: arithmetic in compiled code does not look for errors");
    let help = "test the values, with np.isfinite() for instance, and raise an exception";
    Box::new(Diagnostic::new(Code::Unsupported, message).help(help))
}

fn getattr(e: &mut Emit, v: &Val, name: &str) -> Answer {
    match name {
        ENTER | EXIT if is_manager(&v.ty) => Ok(Some(bound(e, v, name))),
        ENTER | EXIT => {
            let of = coachwhip_ir::describe(&v.ty);
            let message = format!("{of} cannot be used in a with statement");
            let refusal = Diagnostic::new(Code::ExceptionHandler, message)
                .note("contextlib.nullcontext(), contextlib.suppress() and np.errstate() can")
                .help("use the with statement in plain Python, around the call of the compiled function");
            Err(Box::new(refusal))
        }
        _ => Ok(None),
    }
}

/// A call of `__enter__` or `__exit__` of a manager.
pub fn call(e: &mut Emit, manager: &Val, name: &str, args: &Call) -> Answer {
    let Ty::Method(_, kind) = &manager.ty else { return Ok(None) };
    let kind = kind.clone();
    if !is_manager(&manager.ty) {
        return Ok(None);
    }
    let exception = args.positional.last().filter(|v| v.ty == Ty::Caught);
    match (name, exception) {
        (ENTER, _) if &*kind == NULL => Ok(Some(e.field(manager, 0))),
        (ENTER, _) | (EXIT, None) => Ok(Some(e.none())),
        (EXIT, Some(exception)) if &*kind == SUPPRESS => {
            let classes = e.field(manager, 0);
            exceptions::matches(e, exception, &classes).map(Some)
        }
        (EXIT, Some(_)) => Ok(Some(e.bool(false))),
        _ => Ok(None),
    }
}
