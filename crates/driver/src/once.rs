//! A place for one specialisation: two threads that want the same one share one compile.

use crate::compile::compile;
use crate::request::{Compiled, Request};
use coachwhip_ir::{Code, Diagnostic};
use std::cell::RefCell;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

thread_local! {
    /// The places that this thread compiles for.  A compile may run Python code, which must not wait for itself.
    static UNDER_WAY: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// A place for one specialisation: whoever comes first compiles, the others wait for the outcome.
#[derive(Default)]
pub struct Once {
    outcome: OnceLock<Result<Arc<Compiled>, Arc<Diagnostic>>>,
    /// Held by whoever compiles.
    busy: Mutex<()>,
}

impl Once {
    /// The outcome; compiles if nobody has.  A compile that was abandoned leaves no outcome: who waits for it, or comes
    /// next, compiles.
    pub fn get(&self, request: &Request) -> Result<Arc<Compiled>, Arc<Diagnostic>> {
        if let Some(known) = self.known() {
            return known.clone();
        }
        let place = std::ptr::from_ref(self) as usize;
        if UNDER_WAY.with_borrow(|places| places.contains(&place)) {
            let message = "an overload calls the function whose compilation asks for it";
            let refusal = Diagnostic::new(Code::Overload, message);
            return Err(Arc::new(refusal.help("call the plain function there: its `py_func`")));
        }
        let _busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.known() {
            return known.clone();
        }
        UNDER_WAY.with_borrow_mut(|places| places.push(place));
        let outcome = compile(request);
        UNDER_WAY.with_borrow_mut(|places| places.retain(|other| *other != place));
        match outcome {
            // An overload that raised an exception may return the next time.
            Err(passing) if passing.is_abandoned() || passing.code == Code::Overload => Err(Arc::new(passing)),
            outcome => self.outcome.get_or_init(|| outcome.map(Arc::new).map_err(Arc::new)).clone(),
        }
    }

    /// The outcome, if there is one yet.
    pub fn known(&self) -> Option<&Result<Arc<Compiled>, Arc<Diagnostic>>> {
        self.outcome.get()
    }
}
