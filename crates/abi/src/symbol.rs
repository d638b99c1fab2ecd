//! The one table of run-time functions that compiled code may call.
//!
//! A row gives the Rust name, the linker symbol, the signature and the effects; in braces, where it is not what follows from
//! these: whose the memory of the result is (`owner`), where it may run (`runs`), and whether it is called only on
//! the way out (`cold`).  `codegen` declares from
//! it, `runtime` defines to it (a test checks that every row has a definition), `opt` and the reference
//! interpreter read the effects.  Functions marked `CTX` take the [`crate::Context`] first and return a
//! [`crate::Status`] if they are also `FAILS`, with the result, if any, stored through a last pointer.

use crate::{Owner, Runs};
use Owner::New;
use Runs::{Attached, Parallel};

/// Machine types at the boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AbiTy {
    /// No value.
    Void,
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// IEEE single.
    F32,
    /// IEEE double.
    F64,
    /// Address.
    Ptr,
    /// Two doubles in two registers, as C returns a `double complex`.  Result only: real and imaginary part.
    C128,
    /// A 64-bit integer and, in a second integer register, 1 if it is right and 0 if the true result does not
    /// fit.  Result only: an `Int` and a second `Int`.
    I64Flag,
}

/// What a call may do besides returning its result.
///
/// Memory has regions, and what reads or writes one says nothing about the others: the elements of arrays, the headers of
/// lists (their length, their room, and where their items are), and the items of lists.  Strings are a region that is read
/// and never written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Effects(pub u16);

impl Effects {
    /// Depends on the arguments alone and does nothing else: may be folded, moved and removed.
    pub const PURE: Effects = Effects(0);
    /// Reads array memory.
    pub const READS: Effects = Effects(1);
    /// Writes array memory or the counts of owners.
    pub const WRITES: Effects = Effects(2);
    /// May fail: ends in the function's error exit.
    pub const FAILS: Effects = Effects(4);
    /// Visible outside (prints, polls for signals).
    pub const WORLD: Effects = Effects(8);
    /// Takes the context as first argument.
    pub const CTX: Effects = Effects(16);
    /// Reads the header of a list.
    pub const READS_LISTS: Effects = Effects(32);
    /// Changes the header of a list.
    pub const WRITES_LISTS: Effects = Effects(64);
    /// Reads items of a list.
    pub const READS_ITEMS: Effects = Effects(128);
    /// Writes items of a list.
    pub const WRITES_ITEMS: Effects = Effects(256);
    /// Reads strings, which nobody changes: depends on the arguments alone, as long as they are alive.
    pub const READS_TEXTS: Effects = Effects(1024);
    /// Reads and writes whatever there is.
    pub const MEMORY: Effects = Effects(1 | 2 | 32 | 64 | 128 | 256);

    /// Both sets together.
    pub const fn and(self, other: Effects) -> Effects {
        Effects(self.0 | other.0)
    }
    /// This set less the other.
    pub const fn without(self, other: Effects) -> Effects {
        Effects(self.0 & !other.0)
    }
    /// Whether every effect of `other` is in this set.
    pub const fn has(self, other: Effects) -> bool {
        self.0 & other.0 == other.0
    }
    /// Whether an effect of `other` is in this set.
    pub const fn meets(self, other: Effects) -> bool {
        self.0 & other.0 != 0
    }
    /// Only reads, so that nobody misses it if its result is not needed.
    pub const fn only_reads(self) -> bool {
        self.0 & !(Self::READS.0 | Self::READS_LISTS.0 | Self::READS_ITEMS.0 | Self::READS_TEXTS.0) == 0
    }
    /// Nothing but the result: CTX alone does not count.
    pub const fn is_pure(self) -> bool {
        self.0 & !Self::CTX.0 == 0
    }
}

const PURE: Effects = Effects::PURE;
const CTX: Effects = Effects::CTX;
const OUT: Effects = Effects::CTX.and(Effects::WORLD);
const POLL: Effects = Effects::CTX.and(Effects::WORLD).and(Effects::FAILS);
const COUNT: Effects = Effects::WRITES;
const READ_WRITE: Effects = Effects::READS.and(Effects::WRITES);
const TEXTS: Effects = Effects::READS_TEXTS;
const NEW_TEXT: Effects = Effects::CTX.and(Effects::FAILS);
const NEW_LIST: Effects = NEW_TEXT.and(Effects::WRITES_LISTS);
const GROWS_LIST: Effects = READS_LIST.and(Effects::WRITES_LISTS).and(Effects::WRITES_ITEMS);
const READS_LIST: Effects = NEW_TEXT.and(Effects::READS_LISTS).and(Effects::READS_ITEMS);

/// Up to here the kernels of vector math take multiples of pi/2 off an argument themselves.
pub const FAR: f64 = 2_147_483_648.0;
/// The same for singles.
pub const FAR_SINGLE: f32 = 131_072.0;

/// Columns that most rows leave out.
#[derive(Clone, Copy)]
struct Columns {
    owner: Owner,
    runs: Runs,
    cold: bool,
}

impl Columns {
    /// What may fail and returns an address has made what is there; what is seen outside is seen in order.
    const fn usual(ret: AbiTy, effects: Effects) -> Columns {
        let makes = matches!(ret, AbiTy::Ptr) && effects.has(Effects::FAILS);
        Columns {
            owner: if makes { Owner::Handed } else { Owner::Operands },
            runs: if effects.has(Effects::WORLD) { Runs::Ordered } else { Runs::Parallel },
            cold: false,
        }
    }
}

/// Declares [`RuntimeFn`] and its columns from one table.
macro_rules! runtime {
    ($($variant:ident, $symbol:literal, [$($arg:ident),*] -> $ret:ident, $effects:expr
        $(, { $($column:ident: $value:expr),* })?;)*) => {
        /// A run-time function.
        #[allow(missing_docs)] // the table's rows are the documentation
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum RuntimeFn { $($variant),* }

        impl RuntimeFn {
            /// Every row, in the order of the table.
            pub const ALL: &'static [RuntimeFn] = &[$(RuntimeFn::$variant),*];
            /// Linker symbol; also the name in IR text.
            pub fn symbol(self) -> &'static str { match self { $(RuntimeFn::$variant => $symbol),* } }
            /// Argument types, the context left out.
            pub fn args(self) -> &'static [AbiTy] { match self { $(RuntimeFn::$variant => &[$(AbiTy::$arg),*]),* } }
            /// Result type.
            pub fn ret(self) -> AbiTy { match self { $(RuntimeFn::$variant => AbiTy::$ret),* } }
            /// Effects.
            pub fn effects(self) -> Effects { match self { $(RuntimeFn::$variant => $effects),* } }
            /// Whose the memory is that the result leads to.
            pub fn owner(self) -> Owner { self.columns().owner }
            /// Where it may run.
            pub fn runs(self) -> Runs { self.columns().runs }
            /// Whether it may be called only where the program is about to fail anyway.
            pub fn is_cold(self) -> bool { self.columns().cold }
            /// Columns that most rows leave out: what makes a block, and does so with the context, hands it to its caller.
            fn columns(self) -> Columns {
                match self {
                    $(RuntimeFn::$variant => Columns { $($($column: $value,)*)? ..Columns::usual(AbiTy::$ret, $effects) }),*
                }
            }
            /// The row with this symbol.
            pub fn by_symbol(symbol: &str) -> Option<RuntimeFn> {
                Self::ALL.iter().copied().find(|f| f.symbol() == symbol)
            }
        }
    };
}

runtime! {
    // C mathematics library, the platform's own: CPython calls the same functions.
    Acos, "acos", [F64] -> F64, PURE;
    Acosh, "acosh", [F64] -> F64, PURE;
    Asin, "asin", [F64] -> F64, PURE;
    Asinh, "asinh", [F64] -> F64, PURE;
    Atan, "atan", [F64] -> F64, PURE;
    Atan2, "atan2", [F64, F64] -> F64, PURE;
    Atanh, "atanh", [F64] -> F64, PURE;
    Cbrt, "cbrt", [F64] -> F64, PURE;
    Cos, "cos", [F64] -> F64, PURE;
    Cosh, "cosh", [F64] -> F64, PURE;
    Erf, "erf", [F64] -> F64, PURE;
    Erfc, "erfc", [F64] -> F64, PURE;
    Exp, "exp", [F64] -> F64, PURE;
    Exp2, "exp2", [F64] -> F64, PURE;
    Expm1, "expm1", [F64] -> F64, PURE;
    Fmod, "fmod", [F64, F64] -> F64, PURE;
    Hypot, "hypot", [F64, F64] -> F64, PURE;
    Ldexp, "ldexp", [F64, I32] -> F64, PURE;
    Log, "log", [F64] -> F64, PURE;
    Log10, "log10", [F64] -> F64, PURE;
    Log1p, "log1p", [F64] -> F64, PURE;
    Log2, "log2", [F64] -> F64, PURE;
    Nextafter, "nextafter", [F64, F64] -> F64, PURE;
    Pow, "pow", [F64, F64] -> F64, PURE;
    Remainder, "remainder", [F64, F64] -> F64, PURE;
    Sin, "sin", [F64] -> F64, PURE;
    Sinh, "sinh", [F64] -> F64, PURE;
    Tan, "tan", [F64] -> F64, PURE;
    Tanh, "tanh", [F64] -> F64, PURE;
    // The second argument, but the C library's value where the first is farther from 0 than [`FAR`] or, of singles, [`FAR_SINGLE`].
    SinFar, "cw_sin_far", [F64, F64] -> F64, PURE;
    CosFar, "cw_cos_far", [F64, F64] -> F64, PURE;
    TanFar, "cw_tan_far", [F64, F64] -> F64, PURE;
    SinfFar, "cw_sinf_far", [F32, F32] -> F32, PURE;
    CosfFar, "cw_cosf_far", [F32, F32] -> F32, PURE;
    TanfFar, "cw_tanf_far", [F32, F32] -> F32, PURE;
    Acosf, "acosf", [F32] -> F32, PURE;
    Acoshf, "acoshf", [F32] -> F32, PURE;
    Asinf, "asinf", [F32] -> F32, PURE;
    Asinhf, "asinhf", [F32] -> F32, PURE;
    Atanf, "atanf", [F32] -> F32, PURE;
    Atan2f, "atan2f", [F32, F32] -> F32, PURE;
    Atanhf, "atanhf", [F32] -> F32, PURE;
    Cbrtf, "cbrtf", [F32] -> F32, PURE;
    Cosf, "cosf", [F32] -> F32, PURE;
    Coshf, "coshf", [F32] -> F32, PURE;
    Expf, "expf", [F32] -> F32, PURE;
    Exp2f, "exp2f", [F32] -> F32, PURE;
    Expm1f, "expm1f", [F32] -> F32, PURE;
    Fmodf, "fmodf", [F32, F32] -> F32, PURE;
    Hypotf, "hypotf", [F32, F32] -> F32, PURE;
    Ldexpf, "ldexpf", [F32, I32] -> F32, PURE;
    Logf, "logf", [F32] -> F32, PURE;
    Log10f, "log10f", [F32] -> F32, PURE;
    Log1pf, "log1pf", [F32] -> F32, PURE;
    Log2f, "log2f", [F32] -> F32, PURE;
    Nextafterf, "nextafterf", [F32, F32] -> F32, PURE;
    Powf, "powf", [F32, F32] -> F32, PURE;
    Sinf, "sinf", [F32] -> F32, PURE;
    Sinhf, "sinhf", [F32] -> F32, PURE;
    Tanf, "tanf", [F32] -> F32, PURE;
    Tanhf, "tanhf", [F32] -> F32, PURE;
    // CPython's own algorithms where the C library has none or another.
    Gamma, "cw_gamma", [F64] -> F64, PURE;
    Lgamma, "cw_lgamma", [F64] -> F64, PURE;
    RoundDigits, "cw_round_digits", [F64, I64] -> F64, PURE;
    // The scaled Euclidean norm of up to eight numbers, absent ones 0.0 (`math.hypot`, `math.dist`).
    Norm, "cw_norm", [F64, F64, F64, F64, F64, F64, F64, F64] -> F64, PURE;
    // The exact sum of eight numbers, rounded once: NaN if infinities of both signs meet.
    Fsum, "cw_fsum", [F64, F64, F64, F64, F64, F64, F64, F64] -> F64, PURE;
    // NumPy's `10.0 ** n` for rounding, n not negative.
    PowerOfTen, "cw_power_of_ten", [I64] -> F64, PURE;
    FrexpMantissa, "cw_frexp_mantissa", [F64] -> F64, PURE;
    FrexpExponent, "cw_frexp_exponent", [F64] -> I64, PURE;
    Ulp, "cw_ulp", [F64] -> F64, PURE;
    // Python's int arithmetic beyond one instruction.  Divisors are not 0, exponents and counts not negative.
    IntTrueDivide, "cw_int_true_divide", [I64, I64] -> F64, PURE;
    IntPow, "cw_int_pow", [I64, I64] -> I64Flag, PURE;
    // Third argument not 0; the flag is 0 if the base has no inverse for a negative exponent.
    IntPowMod, "cw_int_pow_mod", [I64, I64, I64] -> I64Flag, PURE;
    RoundInt, "cw_round_int", [I64, I64] -> I64Flag, PURE;
    Gcd, "cw_gcd", [I64, I64] -> I64Flag, PURE;
    Lcm, "cw_lcm", [I64, I64] -> I64Flag, PURE;
    GcdUnsigned, "cw_gcd_unsigned", [I64, I64] -> I64, PURE;
    Isqrt, "cw_isqrt", [I64] -> I64, PURE;
    Factorial, "cw_factorial", [I64] -> I64Flag, PURE;
    Comb, "cw_comb", [I64, I64] -> I64Flag, PURE;
    Perm, "cw_perm", [I64, I64] -> I64Flag, PURE;
    // NumPy's integer power: wraps; the last argument is the exponent, not negative.
    WrappingPow, "cw_wrapping_pow", [I64, I64] -> I64, PURE;
    // Complex functions of the C library, as NumPy calls them.
    Cacos, "cacos", [F64, F64] -> C128, PURE;
    Cacosh, "cacosh", [F64, F64] -> C128, PURE;
    Casin, "casin", [F64, F64] -> C128, PURE;
    Casinh, "casinh", [F64, F64] -> C128, PURE;
    Catan, "catan", [F64, F64] -> C128, PURE;
    Catanh, "catanh", [F64, F64] -> C128, PURE;
    Ccos, "ccos", [F64, F64] -> C128, PURE;
    Ccosh, "ccosh", [F64, F64] -> C128, PURE;
    Cexp, "cexp", [F64, F64] -> C128, PURE;
    Clog, "clog", [F64, F64] -> C128, PURE;
    // NumPy's power: products for small whole exponents, else the C library's `cpow`.
    Cpow, "cw_npy_cpow", [F64, F64, F64, F64] -> C128, PURE;
    // The same in single precision; operands and result are widened.
    Cpowf, "cw_npy_cpowf", [F64, F64, F64, F64] -> C128, PURE;
    Csin, "csin", [F64, F64] -> C128, PURE;
    Csinh, "csinh", [F64, F64] -> C128, PURE;
    Csqrt, "csqrt", [F64, F64] -> C128, PURE;
    Ctan, "ctan", [F64, F64] -> C128, PURE;
    Ctanh, "ctanh", [F64, F64] -> C128, PURE;
    // CPython's own complex functions (`cmath`, `complex.__pow__`).
    PyCacos, "cw_cmath_acos", [F64, F64] -> C128, PURE;
    PyCacosh, "cw_cmath_acosh", [F64, F64] -> C128, PURE;
    PyCasin, "cw_cmath_asin", [F64, F64] -> C128, PURE;
    PyCasinh, "cw_cmath_asinh", [F64, F64] -> C128, PURE;
    PyCatan, "cw_cmath_atan", [F64, F64] -> C128, PURE;
    PyCatanh, "cw_cmath_atanh", [F64, F64] -> C128, PURE;
    PyCcos, "cw_cmath_cos", [F64, F64] -> C128, PURE;
    PyCcosh, "cw_cmath_cosh", [F64, F64] -> C128, PURE;
    PyCexp, "cw_cmath_exp", [F64, F64] -> C128, PURE;
    PyClog, "cw_cmath_log", [F64, F64] -> C128, PURE;
    PyCrect, "cw_cmath_rect", [F64, F64] -> C128, PURE;
    PyCsin, "cw_cmath_sin", [F64, F64] -> C128, PURE;
    PyCsinh, "cw_cmath_sinh", [F64, F64] -> C128, PURE;
    PyCsqrt, "cw_cmath_sqrt", [F64, F64] -> C128, PURE;
    PyCtan, "cw_cmath_tan", [F64, F64] -> C128, PURE;
    PyCtanh, "cw_cmath_tanh", [F64, F64] -> C128, PURE;
    // Whether `complex.__pow__` has a value: 0 where CPython raises ZeroDivisionError.
    PyCpowDomain, "cw_complex_pow_domain", [F64, F64, F64, F64] -> I64, PURE;
    // The flag: as since CPython 3.14, with the next two.
    PyCpow, "cw_complex_pow", [F64, F64, F64, F64, I64] -> C128, PURE;
    // Product and quotients whose plain formula gives NaN, by C99's annex G.
    PyCproduct, "cw_complex_product", [F64, F64, F64, F64] -> C128, PURE;
    PyCquotient, "cw_complex_quotient", [F64, F64, F64, F64] -> C128, PURE;
    PyRealQuotient, "cw_real_quotient", [F64, F64, F64] -> C128, PURE;
    // Hash of a float as CPython's (`Py_HASH_*` of the 64-bit build).
    HashFloat, "cw_hash_float", [F64] -> I64, PURE;
    // Whether two addresses are one.
    SameAddress, "cw_same_address", [Ptr, Ptr] -> I64, PURE;
    // Strings (`abi::layout::Str`; of `bytes`, too).  What makes one fails with `out_of_memory`.  A character alone, then two
    // strings, or a string and a character, joined; of the next two, the first operand's count is used up, and its block is
    // used again if nobody else keeps it.  Copies of a string; every so-manieth character (start, step, how many, all inside).
    StrChar, "cw_str_char", [I64] -> Ptr, NEW_TEXT;
    StrConcat, "cw_str_concat", [Ptr, Ptr] -> Ptr, NEW_TEXT;
    StrConcatChar, "cw_str_concat_char", [Ptr, I64] -> Ptr, NEW_TEXT;
    StrAppend, "cw_str_append", [Ptr, Ptr] -> Ptr, NEW_TEXT;
    StrAppendChar, "cw_str_append_char", [Ptr, I64] -> Ptr, NEW_TEXT;
    StrRepeat, "cw_str_repeat", [Ptr, I64] -> Ptr, NEW_TEXT;
    StrSlice, "cw_str_slice", [Ptr, I64, I64, I64] -> Ptr, NEW_TEXT;
    // The pieces gathered so far as a string.
    StrOfPieces, "cw_str_of_pieces", [] -> Ptr, POLL;
    // What a callable of Python gives for them: its name, NUL-terminated.
    StrAsked, "cw_str_asked", [Ptr] -> Ptr, POLL;
    // The same, of any object, and of a number (`runtime/src/objects.rs` says which).
    ObjectAsked, "cw_object_asked", [Ptr] -> Ptr, POLL;
    NumberAsked, "cw_number_asked", [Ptr, I64] -> I64, POLL;
    // Whether two are equal; -1, 0 or 1 as the first is less; the place of the second, or of a character, in the first, -1 if
    // it is nowhere; CPython's hash; whether two are one object in Python.
    StrEqual, "cw_str_equal", [Ptr, Ptr] -> I64, TEXTS;
    StrCompare, "cw_str_compare", [Ptr, Ptr] -> I64, TEXTS;
    StrFind, "cw_str_find", [Ptr, Ptr] -> I64, TEXTS;
    StrFindChar, "cw_str_find_char", [Ptr, I64] -> I64, TEXTS;
    // CPython's hash of a tuple, from the hashes of its items in a list.
    HashTuple, "cw_hash_tuple", [Ptr] -> I64, Effects::READS_LISTS.and(Effects::READS_ITEMS);
    StrHash, "cw_str_hash", [Ptr] -> I64, TEXTS;
    StrSame, "cw_str_same", [Ptr, Ptr] -> I64, TEXTS;
    // Methods of strings; `bytes` is 1 for those of `bytes`.  A number tells the methods of a family apart (`runtime::text`).
    StrCase, "cw_str_case", [Ptr, I64, I64] -> Ptr, NEW_TEXT; // bytes, which
    StrIs, "cw_str_is", [Ptr, I64, I64] -> I64, TEXTS; // bytes, which
    CharIs, "cw_char_is", [I64, I64] -> I64, PURE; // which
    // An argument that may be left out is followed by whether it is there.
    StrStrip, "cw_str_strip", [Ptr, Ptr, I64, I64, I64] -> Ptr, NEW_TEXT; // characters, bytes, which ends
    StrRemove, "cw_str_remove", [Ptr, Ptr, I64] -> Ptr, NEW_TEXT; // what, whether at the end
    StrReplace, "cw_str_replace", [Ptr, Ptr, Ptr, I64] -> Ptr, NEW_TEXT; // old, new, how often
    StrPad, "cw_str_pad", [Ptr, I64, Ptr, I64, I64] -> Ptr, NEW_TEXT; // width, fill, bytes, where
    StrZfill, "cw_str_zfill", [Ptr, I64] -> Ptr, NEW_TEXT;
    StrExpandTabs, "cw_str_expand_tabs", [Ptr, I64] -> Ptr, NEW_TEXT;
    BytesTranslate, "cw_bytes_translate", [Ptr, Ptr, I64, Ptr] -> Ptr, NEW_TEXT; // table, what is left out
    StrFindIn, "cw_str_find_in", [Ptr, Ptr, I64, I64, I64] -> I64, TEXTS; // what, start, end, whether the last one
    StrCount, "cw_str_count", [Ptr, Ptr, I64, I64] -> I64, TEXTS; // what, start, end
    StrMatches, "cw_str_matches", [Ptr, Ptr, I64, I64, I64] -> I64, TEXTS; // what, start, end, whether at the end
    StrSplit, "cw_str_split", [Ptr, Ptr, I64, I64, I64, I64] -> Ptr, NEW_LIST; // separator, how often, bytes, backwards
    StrLines, "cw_str_lines", [Ptr, I64, I64] -> Ptr, NEW_LIST; // whether with their ends, bytes
    StrPartition, "cw_str_partition", [Ptr, Ptr, I64] -> Ptr, NEW_LIST; // separator, backwards
    StrJoin, "cw_str_join", [Ptr, Ptr] -> Ptr, READS_LIST; // a list of strings
    StrEncode, "cw_str_encode", [Ptr, I64, I64] -> Ptr, NEW_TEXT; // encoding, what happens to errors
    BytesDecode, "cw_bytes_decode", [Ptr, I64, I64] -> Ptr, NEW_TEXT;
    BytesHex, "cw_bytes_hex", [Ptr, Ptr, I64, I64] -> Ptr, NEW_TEXT; // separator, after how many
    BytesFromHex, "cw_bytes_from_hex", [Ptr] -> Ptr, NEW_TEXT;
    // Byte arrays, which are lists of bytes: a `bytes` of some of one (start, step, how many, all inside), the content of a `bytes`
    // appended, one of a `bytes`.
    BytesOfArray, "cw_bytes_of_array", [Ptr, I64, I64, I64] -> Ptr, READS_LIST;
    ByteArrayExtend, "cw_byte_array_extend", [Ptr, Ptr] -> Void, GROWS_LIST;
    ArrayOfBytes, "cw_array_of_bytes", [Ptr] -> Ptr, NEW_LIST;
    // Numbers from strings, and values by a format specification.
    IntOfText, "cw_int_of_text", [Ptr, I64, I64] -> I64, NEW_TEXT; // base, bytes
    FloatOfText, "cw_float_of_text", [Ptr, I64] -> F64, NEW_TEXT; // bytes
    FormatInt, "cw_format_int", [I64, Ptr] -> Ptr, NEW_TEXT;
    FormatBool, "cw_format_bool", [I64, Ptr] -> Ptr, NEW_TEXT;
    FormatFloat, "cw_format_float", [F64, Ptr] -> Ptr, NEW_TEXT;
    FormatStr, "cw_format_str", [Ptr, Ptr] -> Ptr, NEW_TEXT;
    // Memory: `cw_alloc` returns an Owner or null; its elements start at `Owner::data`.
    Alloc, "cw_alloc", [I64] -> Ptr, Effects::WRITES, { owner: New };
    AllocZeroed, "cw_alloc_zeroed", [I64] -> Ptr, Effects::WRITES, { owner: New };
    OwnerData, "cw_owner_data", [Ptr] -> Ptr, Effects::READS;
    // To and step in bytes, from and step, count, size of an element: between arrays that share no memory.
    CopyElements, "cw_copy_elements", [Ptr, I64, Ptr, I64, I64, I64] -> Void, Effects::READS.and(Effects::WRITES);
    // A list with room for so many items: room, bytes of an item, which of them keep memory (a bit each); null if there is no
    // memory.  `reserve` makes room for at least so many items; 0 if there is no memory.  `move`: to, from, how many bytes.
    ListNew, "cw_list_new", [I64, I64, I64] -> Ptr, Effects::WRITES_LISTS, { owner: New };
    ListReserve, "cw_list_reserve", [Ptr, I64] -> I64, Effects::WRITES_LISTS;
    // Releases what so many items keep: items, how many, words of an item, which of them keep memory.
    ItemsDrop, "cw_items_drop", [Ptr, I64, I64, I64] -> Void, Effects::WRITES.and(Effects::WRITES_ITEMS);
    ItemsMove, "cw_items_move", [Ptr, Ptr, I64] -> Void, Effects::READS_ITEMS.and(Effects::WRITES_ITEMS);
    Retain, "cw_retain", [Ptr] -> Void, COUNT;
    Release, "cw_release", [Ptr] -> Void, COUNT;
    // Contiguous arrays in NumPy's order: dtype, elements, how many.  `select` puts the element of one place there.  The
    // positions go to an array of int64, with scratch memory of four words for each element (`select`: two); equal ones keep
    // their order.  `sort` may use scratch memory of so many bytes.
    Sort, "cw_sort", [I32, Ptr, I64, Ptr, I64] -> Void, READ_WRITE;
    Select, "cw_select", [I32, Ptr, I64, I64] -> Void, READ_WRITE;
    SortPositions, "cw_sort_positions", [I32, Ptr, I64, Ptr, Ptr] -> Void, READ_WRITE;
    SelectPositions, "cw_select_positions", [I32, Ptr, I64, I64, Ptr, Ptr] -> Void, READ_WRITE;
    // NumPy's global stream of random numbers.  A call of code with such a function in it keeps the interpreter, so that
    // nobody else is at the stream.
    RandomDouble, "cw_random_double", [] -> F64, Effects::WORLD, { runs: Attached };
    RandomInterval, "cw_random_interval", [I64] -> I64, Effects::WORLD, { runs: Attached };
    RandomSeed, "cw_random_seed", [I64, I64] -> Void, POLL, { runs: Attached };
    // Masks of bytes in contiguous memory: mask and length first; what is stored is at most `room`, the argument after what
    // bounds it.  Positions: target, room, first.  Compress: source, target, room, size of an element.  Expand: source, room,
    // target, size of an element.  The result is how many there were.
    MaskCount, "cw_mask_count", [Ptr, I64] -> I64, Effects::READS;
    MaskPositions, "cw_mask_positions", [Ptr, I64, Ptr, I64, I64] -> I64, READ_WRITE;
    MaskCompress, "cw_mask_compress", [Ptr, I64, Ptr, Ptr, I64, I64] -> I64, READ_WRITE;
    MaskExpand, "cw_mask_expand", [Ptr, I64, Ptr, I64, Ptr, I64] -> I64, READ_WRITE;
    // Interrupts: looks at the clock, rarely at Python's signals.
    Poll, "cw_poll", [] -> Void, POLL, { runs: Parallel };
    // A C callback begins: fails if an exception of an earlier one waits to be raised, or a signal handler raises one.
    BeginCallback, "cw_begin_callback", [] -> Void, POLL;
    // The lowest stack address for this thread's compiled code, for functions entered from C that call themselves.
    StackLimit, "cw_stack_limit", [] -> I64, Effects::READS;
    // Failures: the kind and site first, then arguments; frames are pushed on the way out.
    Fail, "cw_fail", [I32, Ptr, I64, I64, I64, I64] -> Void, CTX, { cold: true };
    FailUser, "cw_fail_user", [Ptr, Ptr] -> Void, CTX, { cold: true };
    PushFrame, "cw_push_frame", [Ptr] -> Void, CTX, { cold: true };
    // Generators that Python has.
    Resuming, "cw_resuming", [] -> I64, OUT; // whether the call runs one on
    Resumed, "cw_resumed", [] -> Ptr, OUT, { owner: Owner::Outside }; // which one
    // Exception handlers.  Exceptions that are being handled are numbered from 0, outermost first; the number is what
    // compiled code has of one.
    Handled, "cw_handled", [] -> I64, OUT; // how many are being handled
    Caught, "cw_caught", [I64] -> I64, OUT; // the failure that arrived is handled from here on, inside that many others
    KeepCaught, "cw_keep_caught", [I64] -> I64, OUT; // another number of that exception, which is good until the call ends
    EndHandling, "cw_end_handling", [I64] -> Void, OUT; // of all but the first so many
    CaughtClass, "cw_caught_class", [I64] -> I64, OUT; // number of the class in `abi::class`, or of the one it is derived from
    CaughtIs, "cw_caught_is", [I64, Ptr] -> I64, OUT; // whether it is an instance of a user's class
    Reraise, "cw_reraise", [I64] -> Void, OUT; // the failure is that exception again
    ReraiseHandled, "cw_reraise_handled", [] -> I64, OUT; // the failure is the innermost one again; whether there is one
    HoldCause, "cw_hold_cause", [] -> Void, OUT; // sets the failure aside, as the cause of the next one
    CauseHeld, "cw_cause_held", [] -> Void, OUT; // the failure's cause is the one that was set aside
    CauseCaught, "cw_cause_caught", [I64] -> Void, OUT; // the failure's cause is that exception; of -1, there is none
    // Pieces of a text: tag, dtype, two words, specification, its length, conversion.
    AddPiece, "cw_add_piece", [I32, I32, I64, I64, Ptr, I64, I64] -> Void, OUT;
    // A piece of a value in memory: its words, their number, which of them are owners, its type, the length of the type's
    // text, specification, its length, conversion.
    AddItem, "cw_add_item", [Ptr, I64, I64, Ptr, I64, Ptr, I64, I64] -> Void, OUT;
    // Prints the pieces gathered so far (sep and end are pieces too) to `sys.stdout`.
    Print, "cw_print", [] -> Void, POLL;
    // A C callback's failure: hands the error record to Python.  The flag: 1 if the C function returns a status
    // (an integer, 0 for failure), 0 if it returns a value, so that its caller cannot know of the failure.
    Surface, "cw_surface", [I32] -> Void, OUT;
    // A context for code entered from C, and its end.
    EnterC, "cw_enter_c", [] -> Ptr, Effects::WORLD;
    LeaveC, "cw_leave_c", [Ptr] -> Void, Effects::WORLD;
}
