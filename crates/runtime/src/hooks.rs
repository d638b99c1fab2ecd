//! What the `py` crate does for compiled code: everything that needs Python.

use crate::characters::Page;
use crate::units::Units;
use coachwhip_abi::layout::{AskedNumber, ErrorRecord};
use coachwhip_abi::{Context, Piece, Status};
use std::ffi::{CStr, c_void};
use std::sync::OnceLock;

/// An argument of a callable of Python.
#[derive(Clone, Copy)]
pub enum Argument<'a> {
    /// A `str`.
    Str(Units<'a>),
    /// A `bytes`.
    Bytes(&'a [u8]),
    /// An `int`.
    Int(i64),
}

/// What Python was asked for.
#[derive(Clone, Copy)]
pub enum Answer {
    /// A new reference of an object.
    Object(*mut c_void),
    /// The word of a number.
    Number(u64),
}

/// Functions that take the GIL (it may be held already) and do something in Python.  Those that return a
/// status fill the context's error before they return 1; a pending Python exception is kept by the hook
/// itself and reported as `ErrorKind::Pending`.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// Runs Python's signal handlers; fails if one raised.
    pub check_signals: fn(&mut Context) -> Status,
    /// Writes the context's pieces (see [`crate::take_pieces`]) to `sys.stdout`.
    pub print: fn(&mut Context) -> Status,
    /// Raises the context's error in Python, for whoever called the C callback to find; the flag says that the
    /// callback returns a status.  Answers whether the exception waits until the C function around the callback returns to
    /// the interpreter.
    pub surface: fn(&mut Context, bool) -> bool,
    /// Whether it still waits.
    pub still_failing: fn() -> bool,
    /// The number in `abi::class` of a user's class (as `ErrorRecord::class` names it), or of a Python exception that is
    /// pending: of the nearest class that it is derived from.
    pub class_number: fn(&ErrorRecord) -> u32,
    /// Whether the exception is an instance of a user's class.
    pub is_instance: fn(&ErrorRecord, &CStr) -> bool,
    /// Makes the exception that Python code around the call is handling the context's failure; whether there is one.
    pub handled_outside: fn(&mut Context) -> bool,
    /// The same pending exception once more: its own number.
    pub keep_pending: fn(u64) -> u64,
    /// Forgets a pending exception.
    pub drop_pending: fn(u64),
    /// CPython's hash of so many bytes in this process.
    pub hash: fn(*const u8, usize) -> i64,
    /// Formats pieces as one text, whose code points are handed over.
    pub format: fn(&mut Context, &[Piece], &mut dyn FnMut(Units<'_>)) -> Status,
    /// The `str` or `bytes` that a callable gives for pieces as its arguments, whose code points are handed over.  It is named
    /// as in `builtins` (`str.format`), or with its module (`operator:mod`).
    pub ask: fn(&mut Context, &str, &[Piece], &mut dyn FnMut(Units<'_>)) -> Status,
    /// As `ask`, for a number, or for any object.
    pub ask_object: fn(&mut Context, &str, &[Piece], Option<AskedNumber>) -> Result<Answer, Status>,
    /// Gives back a reference of an object.
    pub drop_object: fn(*mut c_void),
    /// Calls a callable of `builtins` by its dotted name, for the exception that it raises; 0 if it raises none.
    pub raise: fn(&mut Context, &str, &[Argument<'_>]) -> Status,
    /// What the interpreter knows of a page of characters, by the page's number; false if it cannot say.
    pub characters: fn(u32, &mut Page) -> bool,
    /// `np.random.seed`.
    pub seed: fn(&mut Context, Option<i64>) -> Status,
}

impl Hooks {
    /// Hooks that do nothing, for tests without an interpreter.
    pub const NONE: Hooks = Hooks {
        check_signals: |_| 0,
        print: |_| 0,
        surface: |_, _| false,
        still_failing: || false,
        class_number: |_| 0,
        is_instance: |_, _| false,
        handled_outside: |_| false,
        keep_pending: |number| number,
        drop_pending: |_| (),
        hash: |_, _| 0,
        format: |_, _, _| 0,
        ask: |_, _, _, _| 0,
        ask_object: |_, _, _, _| Ok(Answer::Number(0)),
        drop_object: |_| (),
        raise: |_, _, _| 0,
        characters: |_, _| false,
        seed: |_, _| 0,
    };
}

static HOOKS: OnceLock<Hooks> = OnceLock::new();

/// Installs the hooks; only the first time counts.
pub fn install_hooks(hooks: Hooks) {
    let _ = HOOKS.set(hooks);
}

/// The hooks, if installed.
pub(crate) fn hooks() -> Option<&'static Hooks> {
    HOOKS.get()
}
