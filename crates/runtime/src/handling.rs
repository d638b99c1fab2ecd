//! Exceptions on the way to a handler and in it.
//!
//! A failure is in the context until a handler takes it over; then it is one of those that are being handled, which
//! lie one inside the other.  What fails in a handler has the exception at hand as its context.

use crate::context::{Pieces, take_frames, take_pieces};
use crate::hooks::hooks;
use coachwhip_abi::layout::ErrorRecord;
use coachwhip_abi::{Context, ErrorKind, Site, class};
use std::ffi::{CStr, c_char, c_void};
use std::rc::Rc;

/// A failure that a handler has taken over.
pub struct Caught {
    /// What went wrong.
    pub record: ErrorRecord,
    /// Frames, innermost first.
    pub frames: Vec<*const Site>,
    /// The arguments of a user's exception.
    pub pieces: Pieces,
    /// `__context__` and `__cause__`.
    pub origin: Origin,
}

/// Which exceptions an exception came out of.
#[derive(Clone, Default)]
pub struct Origin {
    /// What was being handled when it was raised.
    pub context: Option<Rc<Caught>>,
    /// What it was raised from; `Some(None)` after `raise … from None`.
    pub cause: Option<Option<Rc<Caught>>>,
}

/// What the context's pointer leads to.
#[derive(Default)]
struct Handling {
    handled: Vec<Rc<Caught>>,
    /// Of the failure in the context.
    origin: Origin,
    held: Option<Rc<Caught>>,
    /// Those that may be looked at after their handlers, until the call ends.
    kept: Vec<Rc<Caught>>,
}

impl Drop for Caught {
    fn drop(&mut self) {
        if self.record.kind == ErrorKind::Pending as u32
            && let Some(hooks) = hooks()
        {
            (hooks.drop_pending)(self.record.args[0]);
        }
    }
}

fn handling(context: &mut Context) -> &mut Handling {
    if context.handling.is_null() {
        context.handling = Box::into_raw(Box::<Handling>::default()).cast::<c_void>();
    }
    // SAFETY: boxed above or in an earlier call, and freed by `end` alone.
    unsafe { &mut *context.handling.cast::<Handling>() }
}

/// Frees what handlers put into a context.
pub fn end(context: &mut Context) {
    let raw = std::mem::replace(&mut context.handling, std::ptr::null_mut());
    if !raw.is_null() {
        // SAFETY: boxed by `handling`, and taken once.
        drop(unsafe { Box::from_raw(raw.cast::<Handling>()) });
    }
}

/// The exceptions that the failure in the context came out of.
pub fn take_origin(context: &mut Context) -> Origin {
    if context.handling.is_null() { Origin::default() } else { std::mem::take(&mut handling(context).origin) }
}

/// A new failure: what is being handled is its context.
pub(crate) fn note_context(context: &mut Context) {
    if !context.handling.is_null() {
        let handling = handling(context);
        handling.origin = Origin { context: handling.handled.last().cloned(), cause: None };
    }
}

/// The address of an exception that is being handled, for a text that it is part of; such a text is read while it is
/// handled, or with the failure whose context it is.
pub(crate) fn caught_address(context: &mut Context, index: u64) -> u64 {
    caught(context, index as i64).map_or(0, |caught| Rc::as_ptr(&caught) as u64)
}

fn caught(context: &mut Context, index: i64) -> Option<Rc<Caught>> {
    let handling = handling(context);
    match index {
        0.. => handling.handled.get(usize::try_from(index).ok()?).cloned(),
        _ => handling.kept.get(usize::try_from(index.checked_sub(FIRST_KEPT)?.checked_neg()?).ok()?).cloned(),
    }
}

/// The number of the first exception that is kept; the next one's is one less.
const FIRST_KEPT: i64 = -2;

/// Takes the failure out of the context.
fn take(context: &mut Context) -> Rc<Caught> {
    let (frames, pieces) = (take_frames(context), take_pieces(context));
    Rc::new(Caught { record: context.error, frames, pieces, origin: take_origin(context) })
}

/// Puts a failure back into the context, as it was.
fn put(context: &mut Context, caught: &Caught) {
    drop((take_frames(context), take_pieces(context)));
    context.error = caught.record;
    if caught.record.kind == ErrorKind::Pending as u32
        && let Some(hooks) = hooks()
    {
        context.error.args[0] = (hooks.keep_pending)(caught.record.args[0]);
    }
    caught.frames.iter().for_each(|frame| crate::context::push_frame(context, *frame));
    caught.pieces.iter().for_each(|piece| crate::context::push_piece(context, *piece));
    handling(context).origin = caught.origin.clone();
}

/// The number of a failure's class.
fn class_number(record: &ErrorRecord) -> u32 {
    let kind = ErrorKind::ALL.get(record.kind as usize).copied().unwrap_or(ErrorKind::Unreachable);
    let asked = || hooks().map_or(class::BASE, |hooks| (hooks.class_number)(record));
    match kind {
        ErrorKind::Pending => asked(),
        ErrorKind::User => {
            // SAFETY: compiled code gives the name as a constant, NUL at its end.
            let name = unsafe { CStr::from_ptr(record.class.cast::<c_char>()) };
            name.to_str().ok().and_then(class::number).unwrap_or_else(asked)
        }
        kind => class::number(kind.class()).unwrap_or(class::BASE),
    }
}

/// `cw_handled`.
unsafe extern "C" fn cw_handled(context: *mut Context) -> i64 {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    if context.handling.is_null() { 0 } else { handling(context).handled.len() as i64 }
}

/// `cw_resuming`.
unsafe extern "C" fn cw_resuming(context: *mut Context) -> i64 {
    // SAFETY: compiled code passes the context of its call.
    i64::from(!unsafe { (*context).resumed }.is_null())
}

/// `cw_resumed`.
unsafe extern "C" fn cw_resumed(context: *mut Context) -> *mut c_void {
    // SAFETY: as above.
    unsafe { (*context).resumed }
}

/// `cw_caught`.
unsafe extern "C" fn cw_caught(context: *mut Context, depth: i64) -> i64 {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    let caught = take(context);
    let handled = &mut handling(context).handled;
    handled.truncate(usize::try_from(depth).unwrap_or(0));
    handled.push(caught);
    handled.len() as i64 - 1
}

/// `cw_keep_caught`.
unsafe extern "C" fn cw_keep_caught(context: *mut Context, index: i64) -> i64 {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    let Some(caught) = caught(context, index) else { return index };
    let kept = &mut handling(context).kept;
    kept.push(caught);
    FIRST_KEPT - (kept.len() as i64 - 1)
}

/// `cw_end_handling`.
unsafe extern "C" fn cw_end_handling(context: *mut Context, depth: i64) {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    handling(context).handled.truncate(usize::try_from(depth).unwrap_or(0));
}

/// `cw_caught_class`.
unsafe extern "C" fn cw_caught_class(context: *mut Context, index: i64) -> i64 {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    caught(context, index).map_or(0, |caught| i64::from(class_number(&caught.record)))
}

/// `cw_caught_is`.
unsafe extern "C" fn cw_caught_is(context: *mut Context, index: i64, class: *const c_char) -> i64 {
    // SAFETY: compiled code passes the context of its call, and the class as a constant text.
    let (context, class) = unsafe { (&mut *context, CStr::from_ptr(class)) };
    let (Some(caught), Some(hooks)) = (caught(context, index), hooks()) else { return 0 };
    i64::from((hooks.is_instance)(&caught.record, class))
}

/// `cw_reraise`.
unsafe extern "C" fn cw_reraise(context: *mut Context, index: i64) {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    if let Some(caught) = caught(context, index) {
        put(context, &caught);
    }
}

/// `cw_reraise_handled`.
unsafe extern "C" fn cw_reraise_handled(context: *mut Context) -> i64 {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    let innermost = handling(context).handled.last().cloned();
    match &innermost {
        Some(caught) => put(context, caught),
        None => return i64::from(hooks().is_some_and(|hooks| (hooks.handled_outside)(context))),
    }
    1
}

/// `cw_hold_cause`.
unsafe extern "C" fn cw_hold_cause(context: *mut Context) {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    // It was made, not raised: no frame, and nothing that it came out of.
    drop((take_frames(context), take_origin(context)));
    let held = take(context);
    handling(context).held = Some(held);
}

/// `cw_cause_held`.
unsafe extern "C" fn cw_cause_held(context: *mut Context) {
    // SAFETY: compiled code passes the context of its call.
    let handling = handling(unsafe { &mut *context });
    handling.origin.cause = Some(handling.held.take());
}

/// `cw_cause_caught`.
unsafe extern "C" fn cw_cause_caught(context: *mut Context, index: i64) {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    let cause = caught(context, index);
    handling(context).origin.cause = Some(cause);
}

crate::addresses! {
    "cw_handled" => cw_handled;
    "cw_resuming" => cw_resuming;
    "cw_resumed" => cw_resumed;
    "cw_caught" => cw_caught;
    "cw_keep_caught" => cw_keep_caught;
    "cw_end_handling" => cw_end_handling;
    "cw_caught_class" => cw_caught_class;
    "cw_caught_is" => cw_caught_is;
    "cw_reraise" => cw_reraise;
    "cw_reraise_handled" => cw_reraise_handled;
    "cw_hold_cause" => cw_hold_cause;
    "cw_cause_held" => cw_cause_held;
    "cw_cause_caught" => cw_cause_caught;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::new_context;
    use crate::failure::fail;

    #[test]
    fn a_failure_in_a_handler_knows_what_was_handled() {
        let mut context = new_context();
        fail(&mut context, ErrorKind::IndexOutOfBounds, [1; 4]);
        // SAFETY: a context of our own.
        unsafe {
            assert_eq!((cw_caught(&mut context, 0), cw_handled(&mut context)), (0, 1));
            assert_eq!(cw_caught_class(&mut context, 0), i64::from(class::number("builtins.IndexError").unwrap()));
        }
        fail(&mut context, ErrorKind::DivZero, [0; 4]);
        let origin = take_origin(&mut context);
        assert_eq!(origin.context.map(|caught| caught.record.kind), Some(ErrorKind::IndexOutOfBounds as u32));
        // SAFETY: a context of our own.
        unsafe {
            cw_reraise(&mut context, 0);
            cw_end_handling(&mut context, 0);
            assert_eq!(cw_handled(&mut context), 0);
        }
        assert_eq!(context.error.args, [1; 4]);
        end(&mut context);
    }
}
