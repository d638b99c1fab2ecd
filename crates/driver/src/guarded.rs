//! A panic in a stage becomes a diagnostic that names the stage; the process lives on.

use coachwhip_ir::{Code, Diagnostic};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

/// A stage runs on a stack of its own if less than this is left, as in a Python thread with a small stack:
/// stages recurse over calls of the user's functions, within bounds, and so does LLVM.
const LEAST_STACK: usize = 2 << 20;
/// Size of that stack; only the pages that are touched cost anything.
const OWN_STACK: usize = 16 << 20;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs a stage.
pub fn stage<T>(name: &str, work: impl FnOnce() -> Result<T, Diagnostic>) -> Result<T, Diagnostic> {
    install();
    let outer = GUARDED.replace(true);
    let outcome = stacker::maybe_grow(LEAST_STACK, OWN_STACK, || catch_unwind(AssertUnwindSafe(work)));
    GUARDED.set(outer);
    outcome.unwrap_or_else(|_| {
        let what = LAST.take().unwrap_or_else(|| "no message".into());
        Err(internal(name, &what))
    })
}

/// The diagnostic for a bug of ours.
pub fn internal(stage: &str, what: &str) -> Diagnostic {
    Diagnostic::new(Code::Internal, format!("error inside coachwhip, stage `{stage}`: {what}"))
        .note("this is a bug of coachwhip, not of your program; nothing was run")
        .help("please report it with the function and the output of `python -m coachwhip info`")
}

/// Keeps the panic's text for the diagnostic instead of printing it, while a stage runs on this thread.
fn install() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                return previous(info);
            }
            let payload = info.payload();
            let text = payload
                .downcast_ref::<&str>()
                .map(|s| (*s).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
            LAST.set(Some(format!("{text}{place}")));
        }));
    });
}
