//! The per-call context: made by the caller of compiled code, filled by failing code, read afterwards.

use crate::memory::{release, retain};
use coachwhip_abi::layout::{ErrorRecord, Owner};
use coachwhip_abi::{Context, Piece, PieceTag, Site};
use std::ffi::c_void;

/// A context for a call on this thread.  [`take_frames`], [`take_pieces`] and [`crate::end`] free what a failure
/// put into it.
pub fn new_context() -> Context {
    Context {
        stack_limit: crate::stack::stack_limit(),
        error: ErrorRecord { kind: 0, arity: 0, args: [0; 4], class: std::ptr::null() },
        frames: std::ptr::null_mut(),
        pieces: std::ptr::null_mut(),
        last_poll: 0,
        gil_released: 0,
        fuel: coachwhip_abi::layout::POLL_INTERVAL,
        handling: std::ptr::null_mut(),
        lists: std::ptr::null(),
        resumed: std::ptr::null_mut(),
    }
}

/// Takes what a list of the context holds; the context's list is empty afterwards.
fn take<T>(list: &mut *mut c_void) -> Vec<T> {
    let raw = std::mem::replace(list, std::ptr::null_mut());
    if raw.is_null() {
        return Vec::new();
    }
    // SAFETY: a list that is not null was boxed by `push` with this type, and is taken once.
    *unsafe { Box::from_raw(raw as *mut Vec<T>) }
}

/// Appends to a list of the context, making it first if need be.
fn push<T>(list: &mut *mut c_void, item: T) {
    if list.is_null() {
        *list = Box::into_raw(Box::new(Vec::<T>::new())) as *mut c_void;
    }
    // SAFETY: the list was boxed here or in an earlier call, with this type.
    unsafe { (*(*list as *mut Vec<T>)).push(item) }
}

/// The frames of a failure, innermost first.
pub fn take_frames(context: &mut Context) -> Vec<*const Site> {
    take(&mut context.frames)
}

/// Pieces with what they keep.
pub struct Pieces(Vec<Piece>);

impl std::ops::Deref for Pieces {
    type Target = [Piece];

    fn deref(&self) -> &[Piece] {
        &self.0
    }
}

/// Whether a piece keeps a block.
fn keeps(piece: &Piece) -> bool {
    matches!(piece.tag, PieceTag::Block | PieceTag::List | PieceTag::Item | PieceTag::Object)
}

impl Drop for Pieces {
    fn drop(&mut self) {
        for piece in &self.0 {
            if keeps(piece) {
                // SAFETY: counted by `push_piece`.
                unsafe { release(piece.a as *mut Owner) }
            }
        }
    }
}

/// The pieces of an exception's arguments, or of what is to be printed.
pub fn take_pieces(context: &mut Context) -> Pieces {
    Pieces(take(&mut context.pieces))
}

/// How many frames there are.
pub(crate) fn frame_count(context: &Context) -> usize {
    match context.frames.is_null() {
        true => 0,
        // SAFETY: a list that is not null was boxed by `push` with this type.
        false => unsafe { (*(context.frames as *const Vec<*const Site>)).len() },
    }
}

/// Adds a frame.
pub(crate) fn push_frame(context: &mut Context, site: *const Site) {
    push(&mut context.frames, site);
}

/// Adds a piece, which keeps its block.
pub(crate) fn push_piece(context: &mut Context, piece: Piece) {
    if keeps(&piece) {
        // SAFETY: compiled code hands over live blocks; other pieces keep theirs.
        unsafe { retain(piece.a as *mut Owner) }
    }
    push(&mut context.pieces, piece);
}

/// A context for code entered from C.
pub extern "C" fn enter() -> *mut Context {
    let mut context = new_context();
    context.gil_released = 1;
    Box::into_raw(Box::new(context))
}

/// Ends a context made by [`enter`].
///
/// # Safety
/// `context` comes from [`enter`] and is not used afterwards.
pub unsafe extern "C" fn leave(context: *mut Context) {
    // SAFETY: as the caller promises.
    let mut context = unsafe { Box::from_raw(context) };
    drop(take_frames(&mut context));
    drop(take_pieces(&mut context));
    crate::handling::end(&mut context);
}

crate::addresses! {
    "cw_enter_c" => enter;
    "cw_leave_c" => leave;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_once() {
        let mut context = new_context();
        assert!(take_frames(&mut context).is_empty());
        push_frame(&mut context, std::ptr::null());
        push_frame(&mut context, std::ptr::null());
        assert_eq!(take_frames(&mut context).len(), 2);
        assert!(take_frames(&mut context).is_empty());
    }

    #[test]
    fn contexts_entered_from_c_are_freed() {
        let context = enter();
        // SAFETY: just made.
        unsafe {
            push_frame(&mut *context, std::ptr::null());
            leave(context);
        }
    }
}
