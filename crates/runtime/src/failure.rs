//! Failures of compiled code: what went wrong, and the way out.

use crate::context::{push_frame, push_piece, take_pieces};
use crate::hooks::hooks;
use coachwhip_abi::{Context, ErrorKind, Piece, PieceTag, Site, Status};
use std::ffi::c_char;

/// Frames kept of one failure: enough for Python's own traceback limit of 1,000.
const MAX_FRAMES: usize = 1200;

/// Records a failure of the table, for code of the run time itself; returns the status that says so.
pub fn fail(context: &mut Context, kind: ErrorKind, args: [u64; 4]) -> Status {
    context.error.kind = kind as u32;
    context.error.arity = kind.arity() as u32;
    context.error.args = args;
    context.error.class = std::ptr::null();
    crate::handling::note_context(context);
    1
}

/// The row with this number.
fn kind(number: u32) -> ErrorKind {
    ErrorKind::ALL.get(number as usize).copied().unwrap_or(ErrorKind::Unreachable)
}

/// `cw_fail`.
unsafe extern "C" fn cw_fail(context: *mut Context, number: u32, site: *const Site, a: u64, b: u64, c: u64, d: u64) {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    fail(context, kind(number), [a, b, c, d]);
    push_frame(context, site);
}

/// `cw_fail_user`: the class as `abi::ErrorRecord::class` says; the arguments are the pieces.
unsafe extern "C" fn cw_fail_user(context: *mut Context, class: *const c_char, site: *const Site) {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    fail(context, ErrorKind::User, [0; 4]);
    context.error.class = class as *const u8;
    push_frame(context, site);
}

/// `cw_push_frame`: a caller on the way out.
unsafe extern "C" fn cw_push_frame(context: *mut Context, site: *const Site) {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    if crate::context::frame_count(context) < MAX_FRAMES {
        push_frame(context, site);
    }
}

/// `cw_add_piece`.
#[allow(clippy::too_many_arguments)] // one argument for each field of a piece
unsafe extern "C" fn cw_add_piece(
    context: *mut Context,
    tag: u32,
    dtype: u32,
    a: u64,
    b: u64,
    spec: *const u8,
    spec_len: u64,
    conversion: u64,
) {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    if let Some(tag) = PieceTag::ALL.get(tag as usize).copied() {
        let a = if tag == PieceTag::Caught { crate::handling::caught_address(context, a) } else { a };
        push_piece(context, Piece { tag, dtype, a, b, spec, spec_len, conversion });
    }
}

/// `cw_print`: hands the pieces to Python; they are gone afterwards in any case.
unsafe extern "C" fn cw_print(context: *mut Context) -> Status {
    // SAFETY: compiled code passes the context of its call.
    let context = unsafe { &mut *context };
    let status = match hooks() {
        Some(hooks) => (hooks.print)(context),
        None => 0,
    };
    drop(take_pieces(context));
    status
}

/// `cw_surface`: a C callback failed.
unsafe extern "C" fn cw_surface(context: *mut Context, status: u32) {
    if crate::interrupt::callbacks_fail() {
        // The first failure counts, and this callback has done nothing.
        return;
    }
    // SAFETY: the callback passes the context on its own stack.
    let context = unsafe { &mut *context };
    match hooks() {
        Some(hooks) => {
            if (hooks.surface)(context, status != 0) {
                crate::interrupt::fail_callbacks();
            }
        }
        None => eprintln!("coachwhip: a callback failed: {}", kind(context.error.kind).message()),
    }
    drop(crate::context::take_frames(context));
    drop(take_pieces(context));
}

crate::addresses! {
    "cw_fail" => cw_fail;
    "cw_fail_user" => cw_fail_user;
    "cw_push_frame" => cw_push_frame;
    "cw_add_piece" => cw_add_piece;
    "cw_print" => cw_print;
    "cw_surface" => cw_surface;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{new_context, take_frames};

    #[test]
    fn a_failure_has_its_row_and_place() {
        let mut context = new_context();
        // SAFETY: a context of our own.
        unsafe {
            cw_fail(&mut context, ErrorKind::IndexOutOfBounds as u32, std::ptr::null(), 7, 0, 5, 0);
            cw_push_frame(&mut context, std::ptr::null());
        }
        assert_eq!(context.error.kind, ErrorKind::IndexOutOfBounds as u32);
        assert_eq!((context.error.arity, context.error.args), (3, [7, 0, 5, 0]));
        assert_eq!(take_frames(&mut context).len(), 2);
    }

    #[test]
    fn frames_of_a_deep_recursion_are_bounded() {
        let mut context = new_context();
        for _ in 0..10_000 {
            // SAFETY: a context of our own.
            unsafe { cw_push_frame(&mut context, std::ptr::null()) };
        }
        assert_eq!(take_frames(&mut context).len(), MAX_FRAMES);
    }
}
