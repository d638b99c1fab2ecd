//! What is handed to Python as an object, and objects of Python that compiled code has no type for: counted blocks that keep
//! one each.

use crate::context::push_piece;
use crate::failure::fail;
use crate::hooks::{Answer, hooks};
use crate::memory::count_live;
use coachwhip_abi::layout::{AskedNumber, Owner};
use coachwhip_abi::{Context, ErrorKind, Piece, PieceTag, Status};
use std::ffi::{CStr, c_char, c_void};
use std::sync::atomic::AtomicI64;

/// A block that takes over a reference of an object.
fn new_object(object: *mut c_void) -> *mut Owner {
    count_live();
    let drop: unsafe extern "C" fn(*mut Owner) = drop_object;
    Box::into_raw(Box::new(Owner { count: AtomicI64::new(1), data: object.cast(), bytes: 0, drop: Some(drop) }))
}

/// Frees a block and gives its reference back.
///
/// # Safety
/// `owner` comes from [`new_object`] and nobody keeps it any more.
unsafe extern "C" fn drop_object(owner: *mut Owner) {
    // SAFETY: as the caller promises.
    let block = unsafe { Box::from_raw(owner) };
    if let Some(hooks) = hooks() {
        (hooks.drop_object)(block.data.cast());
    }
}

/// What a callable of Python gives for the pieces in the context.
///
/// # Safety
/// The context is that of the call, and the name a constant of compiled code.
unsafe fn asked(context: *mut Context, callable: *const c_char, number: Option<AskedNumber>) -> Result<Answer, Status> {
    // SAFETY: as the caller promises.
    let (context, name) = unsafe { (&mut *context, CStr::from_ptr(callable).to_string_lossy()) };
    let pieces = crate::context::take_pieces(context);
    match hooks() {
        Some(hooks) => (hooks.ask_object)(context, &name, &pieces, number),
        None => Err(fail(context, ErrorKind::Unreachable, [0; 4])),
    }
}

/// `cw_object_asked`.
unsafe extern "C" fn cw_object_asked(context: *mut Context, callable: *const c_char, out: *mut *mut Owner) -> Status {
    // SAFETY: compiled code passes the context of its call, a constant, and room for the result.
    unsafe {
        out.write(std::ptr::null_mut());
        match asked(context, callable, None) {
            Ok(Answer::Object(object)) => out.write(new_object(object)),
            Ok(Answer::Number(_)) => return fail(&mut *context, ErrorKind::Unreachable, [0; 4]),
            Err(status) => return status,
        }
    }
    0
}

/// `cw_number_asked`.
unsafe extern "C" fn cw_number_asked(
    context: *mut Context,
    callable: *const c_char,
    kind: i64,
    out: *mut u64,
) -> Status {
    let kind = AskedNumber::ALL.get(kind as usize).copied().unwrap_or(AskedNumber::Int);
    // SAFETY: as above.
    unsafe {
        out.write(0);
        match asked(context, callable, Some(kind)) {
            Ok(Answer::Number(word)) => out.write(word),
            Ok(Answer::Object(_)) => return fail(&mut *context, ErrorKind::Unreachable, [0; 4]),
            Err(status) => return status,
        }
    }
    0
}

/// `cw_add_item`: the value is kept in a list of its own.
#[allow(clippy::too_many_arguments)] // what a piece is made of
unsafe extern "C" fn cw_add_item(
    context: *mut Context,
    words: *const u64,
    count: i64,
    owners: u64,
    ty: *const u8,
    length: u64,
    spec: *const u8,
    spec_len: u64,
    conversion: u64,
) {
    // SAFETY: compiled code passes the context of its call, and as many words as it says, whose owners are alive.
    unsafe {
        let kept = crate::lists::list_of_one(words, count as usize, owners);
        let piece = Piece {
            tag: PieceTag::Item,
            dtype: length as u32,
            a: kept as u64,
            b: ty as u64,
            spec,
            spec_len,
            conversion,
        };
        push_piece(&mut *context, piece);
        crate::memory::release(kept.cast());
    }
}

crate::addresses! {
    "cw_add_item" => cw_add_item;
    "cw_object_asked" => cw_object_asked;
    "cw_number_asked" => cw_number_asked;
}
