//! Memory layouts shared by compiled code, the run time and the Python face.
//!
//! **Words.** A value crosses the boundary as a run of 64-bit words, field after field: an `int` is one
//! word, a float its bits, a `bool` 0 or 1, float32 its bits in the low half, narrow integers extended by
//! their sign, a complex two words, an optional a flag word and then its payload, a tuple its items in
//! turn, `None` and literals no word at all.  An array of n dimensions is `data, owner, shape[n],
//! strides[n]` (strides in bytes).
//!
//! A reference (a list, a `str`, `bytes`) is one word, the address of its block.  A character is one word, its code point.
//!
//! **Owners.** The owner word of an array, or a reference, says who keeps the memory alive.  0: nobody needs to (static
//! memory, a `carray`).  Low bit set: the rest is a `PyObject*` that the caller of the compiled function
//! keeps alive for the whole call; compiled code never counts it.  Otherwise: an [`Owner`] block, counted
//! by `cw_retain` and `cw_release` unless its count is [`STATIC_COUNT`].

use core::sync::atomic::AtomicI64;

/// What a compiled function returns: 0 is success, anything else means [`Context::error`] is filled.
pub type Status = u32;

/// The entry point that the dispatcher calls: `(context, argument words, result words)`.
pub type EntryFn = unsafe extern "C" fn(*mut Context, *const u64, *mut u64) -> Status;

/// Header of a counted memory block; `data` points at the elements, [`OWNER_DATA_OFFSET`] bytes after it.
#[repr(C)]
pub struct Owner {
    /// Number of array values that keep this block.
    pub count: AtomicI64,
    /// First byte of the elements, 64-byte aligned.
    pub data: *mut u8,
    /// Size of the elements in bytes, as allocated.
    pub bytes: usize,
    /// Frees the block and what it holds when nobody keeps it any more; null for plain bytes.
    pub drop: Option<unsafe extern "C" fn(*mut Owner)>,
}

/// A list, or a `bytearray`: a counted block whose `data` points at the items.  An item is the words of its value as values
/// cross the boundary, of a byte that byte alone; all items below `length` are there, in what is beyond them nobody looks.
#[repr(C)]
pub struct List {
    /// Count, items, their size as allocated, and how to free them.
    pub owner: Owner,
    /// Number of items.
    pub length: i64,
    /// Number of items that there is room for.
    pub room: i64,
    /// Bytes of an item.
    pub item_bytes: u64,
    /// Which words of an item are owner words: bit i for word i.
    pub owners: u64,
}

/// A `str`, or `bytes`: a counted block whose `data` points at the code points, each as wide as the widest of them needs
/// (as in CPython, so that equal strings have equal bytes).  Nobody changes what others can see of one.
#[repr(C)]
pub struct Str {
    /// Count, code points, room for them in bytes, and how to free the block.
    pub owner: Owner,
    /// Number of code points.
    pub length: i64,
    /// Bytes of a code point: 1, 2 or 4; of `bytes`, 1.
    pub width: u64,
    /// CPython's hash in this process; -1 while nobody has asked.
    pub hash: AtomicI64,
    /// The Python object whose memory it borrows; null if it has its own.
    pub object: *mut core::ffi::c_void,
}

/// The count of a block that is never freed: a constant of compiled code or of the run time, or one that borrows a caller's
/// object for a call.  Counts below 0 are not changed.
pub const STATIC_COUNT: i64 = i64::MIN / 2;

/// Most words of an item of a list.
pub const ITEM_WORDS: usize = 64;

/// Where the elements of a block made by `cw_alloc` start, counted from its [`Owner`]: compiled code relies on it.
pub const OWNER_DATA_OFFSET: usize = 64;

/// Where the source of a function stands.  It is supplied when code is linked, so that object code does not
/// change when its source moves to other lines or another file.
#[repr(C)]
pub struct Origin {
    /// The file, NUL-terminated UTF-8.
    pub file: *const u8,
    /// What is added, modulo 2^32, to the lines of its [`Site`]s.
    pub first: u32,
}

/// A place in the user's source, as constant data in the object code.  Names are NUL-terminated UTF-8.
#[repr(C)]
pub struct Site {
    /// Name of the Python function.
    pub function: *const u8,
    /// Where the function's source stands.
    pub origin: *const Origin,
    /// 1-based line, less the origin's first.
    pub line: u32,
    /// 0-based UTF-8 byte column.
    pub column: u32,
    /// The call that was inlined here, or null.
    pub inlined_at: *const Site,
}

/// Kinds of the pieces of a text under construction (an exception's message or arguments).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum PieceTag {
    /// Starts a new exception argument that is a string made of the following pieces.
    TextBegin,
    /// Ends it.
    TextEnd,
    /// UTF-8 that outlives the call: pointer and length.
    Str,
    /// A Python int.
    Int,
    /// A Python float, its bits.
    Float,
    /// A Python bool.
    Bool,
    /// A Python complex: two words.
    Complex,
    /// `None`.
    None,
    /// A NumPy scalar: `dtype` says which; its words as values cross the boundary (float32 its bits in the low half).
    Scalar,
    /// Starts a tuple argument; nested pieces follow.
    TupleBegin,
    /// Ends it.
    TupleEnd,
    /// An exception that is being handled: its index, later its address.
    Caught,
    /// `...`.
    Ellipsis,
    /// A Python int of more than 64 bits: the pointer to its decimal digits and their number.
    BigInt,
    /// Static bytes: pointer and length.
    Bytes,
    /// A [`Str`] block, which the piece keeps; `dtype` is 1 if it is `bytes`.
    Block,
    /// A `str` of one character: its code point.
    Char,
    /// A [`List`], which the piece keeps, and the type of its items in IR text; `dtype` is the length of the text.
    List,
    /// Starts a list whose items follow; nested pieces follow.
    ListBegin,
    /// Ends it.
    ListEnd,
    /// A member of an enumeration: its word, and the text that stands for its class.
    Enum,
    /// A value of any other type that Python can be given: the [`List`] of one item that it is put in, kept by the piece,
    /// and its type in IR text; `dtype` is the length of the text.
    Item,
    /// An object of Python: a counted block that leads to it, kept by the piece.
    Object,
    /// A class: its name, as in [`ErrorRecord::class`].
    Class,
    /// Starts an instance of such a class, made by a call with the arguments that follow; nested pieces follow.
    CallBegin,
    /// Ends it.
    CallEnd,
}

impl PieceTag {
    /// Every tag, by its number.
    pub const ALL: [PieceTag; 26] = {
        use PieceTag::*;
        [
            TextBegin, TextEnd, Str, Int, Float, Bool, Complex, None, Scalar, TupleBegin, TupleEnd, Caught, Ellipsis,
            BigInt, Bytes, Block, Char, List, ListBegin, ListEnd, Enum, Item, Object, Class, CallBegin, CallEnd,
        ]
    };
}

/// A number that Python is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum AskedNumber {
    /// An `int` of 64 bits.
    Int,
    /// A `float`, its bits.
    Float,
    /// A `bool`.
    Bool,
}

impl AskedNumber {
    /// Every one, by its number.
    pub const ALL: [AskedNumber; 3] = [AskedNumber::Int, AskedNumber::Float, AskedNumber::Bool];
}

/// One piece of a text; the `py` crate formats it with Python's own `format`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// What the words mean.
    pub tag: PieceTag,
    /// NumPy dtype of a [`PieceTag::Scalar`] (`ir::Dtype as u32`).
    pub dtype: u32,
    /// First word.
    pub a: u64,
    /// Second word.
    pub b: u64,
    /// Format specification (UTF-8), or null.
    pub spec: *const u8,
    /// Its length.
    pub spec_len: u64,
    /// Conversion: 0 none, else `s`, `r` or `a` as a byte.
    pub conversion: u64,
}

/// What went wrong, filled by the failing code and read by the `py` crate.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ErrorRecord {
    /// An [`crate::ErrorKind`] as number.
    pub kind: u32,
    /// How many of `args` count.
    pub arity: u32,
    /// Arguments of the row's message.
    pub args: [u64; 4],
    /// The class of a user's exception (`User` only), NUL-terminated: a canonical name (`builtins.ValueError`), or
    /// `@` and the class's number in the program's table of objects.
    pub class: *const u8,
}

/// Per-call state, passed as the first argument of every compiled function.
///
/// Compiled code reads `stack_limit` and counts `fuel`, and touches nothing else; the rest is for the run time.
#[repr(C)]
pub struct Context {
    /// Lowest stack address a compiled function may reach before it raises `RecursionError`.
    pub stack_limit: usize,
    /// The failure being reported.
    pub error: ErrorRecord,
    /// Boxed `Vec<*const Site>`: innermost frame first.
    pub frames: *mut core::ffi::c_void,
    /// Boxed `Vec<Piece>`: the pieces of a user's exception arguments or of a `print`.
    pub pieces: *mut core::ffi::c_void,
    /// Monotonic time of the last poll, in nanoseconds.
    pub last_poll: u64,
    /// 1 while the GIL is released around this call.
    pub gil_released: u32,
    /// Calls of recursive functions left before the next poll.
    pub fuel: i64,
    /// The exceptions that are being handled, boxed by the run time; null until a handler is entered.
    pub handling: *mut core::ffi::c_void,
    /// The global and captured lists of the call, by their number in the program; null where there are none.
    pub lists: *const u64,
    /// The generator that this call runs on, instead of making one; null in any other call.
    pub resumed: *mut core::ffi::c_void,
}

/// Loop iterations between two looks at the interrupt flag.
pub const POLL_INTERVAL: i64 = 4096;
