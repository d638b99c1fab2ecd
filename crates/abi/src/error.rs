//! The failures that compiled code reports by itself: Python class and message, one row each.
//!
//! A `guard` or `raise` instruction names a row and supplies its integer arguments; the message is put
//! together only when the failure happens, in the `py` crate.  `{0}`, `{1}`, … stand for the arguments.

/// Declares [`ErrorKind`] and its columns from one table.
macro_rules! errors {
    ($($variant:ident, $text:literal, $class:literal, $message:literal, $arity:literal;)*) => {
        /// A failure of compiled code; the row number is what crosses the boundary.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u32)]
        pub enum ErrorKind { $(#[doc = concat!($class, ": ", $message)] $variant),* }

        impl ErrorKind {
            /// Every row, in the order of the table.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$variant),*];

            /// The name used in IR text.
            pub fn text(self) -> &'static str { match self { $(ErrorKind::$variant => $text),* } }

            /// The Python exception class: built in, or with its module's name.
            pub fn class(self) -> &'static str { match self { $(ErrorKind::$variant => $class),* } }

            /// The message, with `{n}` for the n-th argument.
            pub fn message(self) -> &'static str { match self { $(ErrorKind::$variant => $message),* } }

            /// How many integer arguments the message takes.
            pub fn arity(self) -> usize { match self { $(ErrorKind::$variant => $arity),* } }
        }
    };
}

errors! {
    // variant, IR text, Python class, message, number of arguments
    IndexOutOfBounds, "index_out_of_bounds", "IndexError", "index {0} is out of bounds for axis {1} with size {2}", 3;
    FlatIndex, "flat_index", "IndexError", "index {0} is out of bounds for size {1}", 2;
    TupleIndex, "tuple_index", "IndexError", "tuple index out of range", 0;
    ListIndex, "list_index", "IndexError", "list index out of range", 0;
    DictChanged, "dict_changed", "RuntimeError", "dictionary changed size during iteration", 0;
    DictKeysChanged, "dict_keys_changed", "RuntimeError", "dictionary keys changed during iteration", 0;
    SetChanged, "set_changed", "RuntimeError", "Set changed size during iteration", 0;
    StrIndex, "str_index", "IndexError", "string index out of range", 0;
    BytesIndex, "bytes_index", "IndexError", "index out of range", 0;
    StrTooLong, "str_too_long", "OverflowError", "repeated string is too long", 0;
    BytesTooLong, "bytes_too_long", "OverflowError", "repeated bytes are too long", 0;
    OrdLength, "ord_length", "TypeError", "ord() expected a character, but string of length {0} found", 1;
    ChrRange, "chr_range", "ValueError", "chr() arg not in range(0x110000)", 0;
    ByteRange, "byte_range", "ValueError", "byte must be in range(0, 256)", 0;
    RangeIndex, "range_index", "IndexError", "range object index out of range", 0;
    IntOverflow, "int_overflow", "OverflowError", "integer overflow: the result does not fit a 64-bit int", 0;
    DtypeResult, "dtype_result", "OverflowError", "integer overflow: the result does not fit {0:dtype}", 1;
    IntTooLarge, "int_too_large", "OverflowError", "Python int too large to convert to a {0}-bit integer", 1;
    IntTooLargeC, "int_too_large_c", "OverflowError", "Python int too large to convert to C long", 0;
    DtypeOverflow, "dtype_overflow", "OverflowError", "Python integer {0} out of bounds for {1:dtype}", 2;
    FloatToIntInf, "float_to_int_inf", "OverflowError", "cannot convert float infinity to integer", 0;
    FloatToIntNan, "float_to_int_nan", "ValueError", "cannot convert float NaN to integer", 0;
    FloatPowOverflow, "float_pow_overflow", "OverflowError", "(34, 'Numerical result out of range')", 0;
    ComplexPowOverflow, "complex_pow_overflow", "OverflowError", "complex exponentiation", 0;
    AbsOverflow, "abs_overflow", "OverflowError", "absolute value too large", 0;
    MathDomain, "math_domain", "ValueError", "math domain error", 0;
    MathDomainOf, "math_domain_of", "ValueError", "{0:name} is not defined there ({1})", 2;
    MathRange, "math_range", "OverflowError", "math range error", 0;
    IntDivZero, "int_div_zero", "ZeroDivisionError", "integer division or modulo by zero", 0;
    IntModZero, "int_mod_zero", "ZeroDivisionError", "integer modulo by zero", 0;
    DivZero, "div_zero", "ZeroDivisionError", "division by zero", 0;
    FloatDivZero, "float_div_zero", "ZeroDivisionError", "float division by zero", 0;
    FloatFloorDivZero, "float_floordiv_zero", "ZeroDivisionError", "float floor division by zero", 0;
    FloatModZero, "float_mod_zero", "ZeroDivisionError", "float modulo", 0;
    FloatDivmodZero, "float_divmod_zero", "ZeroDivisionError", "float divmod()", 0;
    ComplexDivZero, "complex_div_zero", "ZeroDivisionError", "complex division by zero", 0;
    ZeroNegativePower, "zero_negative_power", "ZeroDivisionError", "0.0 cannot be raised to a negative power", 0;
    ComplexZeroPower, "complex_zero_power", "ZeroDivisionError", "0.0 to a negative or complex power", 0;
    IntNegativePower, "int_negative_power", "ValueError", "Integers to negative integer powers are not allowed.", 0;
    PowModZero, "pow_mod_zero", "ValueError", "pow() 3rd argument cannot be 0", 0;
    PowNotInvertible, "pow_not_invertible", "ValueError", "base is not invertible for the given modulus", 0;
    NegativePowerIsComplex, "negative_power_is_complex", "ValueError", "a negative number cannot be raised to a fractional power here: the result is complex; convert the base with complex() first", 0;
    GeneratorEnded, "generator_ended", "RuntimeError", "the generator had ended before, so that it returns None, where compiled code wants a value; make a new one", 0;
    NegativeIntExponent, "negative_int_exponent", "ValueError", "an int raised to a negative int is a float, which this specialisation cannot return; write float(base) ** exponent", 0;
    NegativeShift, "negative_shift", "ValueError", "negative shift count", 0;
    ReadOnly, "read_only", "ValueError", "assignment destination is read-only", 0;
    FlatReadOnly, "flat_read_only", "ValueError", "underlying array is read-only", 0;
    NegativeDimension, "negative_dimension", "ValueError", "negative dimensions are not allowed", 0;
    ReshapeSize, "reshape_size", "ValueError", "cannot reshape array of size {0} into the requested shape", 1;
    ReshapeUnknown, "reshape_unknown", "ValueError", "can only specify one unknown dimension", 0;
    Broadcast, "broadcast", "ValueError", "could not broadcast input array: axis {0} has size {1} where {2} is needed", 3;
    AxisOutOfBounds, "axis_out_of_bounds", "numpy.exceptions.AxisError", "axis {0} is out of bounds for array of dimension {1}", 2;
    ReduceEmpty, "reduce_empty", "ValueError", "zero-size array to reduction operation {0:name} which has no identity", 1;
    ArgEmpty, "arg_empty", "ValueError", "attempt to get {0:name} of an empty sequence", 1;
    ItemSize, "item_size", "ValueError", "can only convert an array of size 1 to a Python scalar", 0;
    ZeroStep, "zero_step", "ValueError", "slice step cannot be zero", 0;
    RangeZeroStep, "range_zero_step", "ValueError", "range() arg 3 must not be zero", 0;
    ArangeZeroStep, "arange_zero_step", "ZeroDivisionError", "division by zero", 0;
    ArangeTooLarge, "arange_too_large", "ValueError", "Maximum allowed size exceeded", 0;
    LinspaceNegative, "linspace_negative", "ValueError", "Number of samples, {0}, must be non-negative.", 1;
    EmptyMin, "empty_min", "ValueError", "min() arg is an empty sequence", 0;
    EmptyMax, "empty_max", "ValueError", "max() arg is an empty sequence", 0;
    ZipShorter, "zip_shorter", "ValueError", "zip() argument {0} is shorter than argument 1", 1;
    ZipLonger, "zip_longer", "ValueError", "zip() argument {0} is longer than argument 1", 1;
    ZipShorterMany, "zip_shorter_many", "ValueError", "zip() argument {0} is shorter than arguments 1-{1}", 2;
    ZipLongerMany, "zip_longer_many", "ValueError", "zip() argument {0} is longer than arguments 1-{1}", 2;
    BytesRange, "bytes_range", "ValueError", "bytes must be in range(0, 256)", 0;
    NegativeCount, "negative_count", "ValueError", "negative count", 0;
    ByteArrayIndex, "bytearray_index", "IndexError", "bytearray index out of range", 0;
    ListAssignIndex, "list_assign_index", "IndexError", "list assignment index out of range", 0;
    EmptySeparator, "empty_separator", "ValueError", "empty separator", 0;
    SubstringNotFound, "substring_not_found", "ValueError", "substring not found", 0;
    SubsectionNotFound, "subsection_not_found", "ValueError", "subsection not found", 0;
    NotInTuple, "not_in_tuple", "ValueError", "tuple.index(x): x not in tuple", 0;
    NotEnoughValues, "not_enough_values", "ValueError", "not enough values to unpack (expected {0}, got {1})", 2;
    NotEnoughStarred, "not_enough_starred", "ValueError", "not enough values to unpack (expected at least {0}, got {1})", 2;
    TooManyOfLength, "too_many_of_length", "ValueError", "too many values to unpack (expected {0}, got {1})", 2;
    TooManyValues, "too_many_values", "ValueError", "too many values to unpack (expected {0})", 1;
    NoneValue, "none_value", "TypeError", "unsupported operand: the value is None", 0;
    NoneOperands, "none_operands", "TypeError", "unsupported operand type(s) for {0:name}: '{1:name}' and '{2:name}'", 3;
    StrConcatNone, "str_concat_none", "TypeError", "can only concatenate str (not \"NoneType\") to str", 0;
    BytesConcatNone, "bytes_concat_none", "TypeError", "can't concat NoneType to {0:name}", 1;
    NoneOrder, "none_order", "TypeError", "'{0:name}' not supported between instances of '{1:name}' and '{2:name}'", 3;
    NoneUnary, "none_unary", "TypeError", "bad operand type for unary {0:name}: 'NoneType'", 1;
    NoneSubscript, "none_subscript", "TypeError", "'NoneType' object is not subscriptable", 0;
    NoneStore, "none_store", "TypeError", "'NoneType' object does not support item assignment", 0;
    NoneAttribute, "none_attribute", "AttributeError", "'NoneType' object has no attribute '{0:name}'", 1;
    NoneIterated, "none_iterated", "TypeError", "'NoneType' object is not iterable", 0;
    NoneUnpacked, "none_unpacked", "TypeError", "cannot unpack non-iterable NoneType object", 0;
    NoneContainer, "none_container", "TypeError", "argument of type 'NoneType' is not iterable", 0;
    NoneLength, "none_length", "TypeError", "object of type 'NoneType' has no len()", 0;
    NoneCalled, "none_called", "TypeError", "'NoneType' object is not callable", 0;
    NoneReturned, "none_returned", "TypeError", "the value is None where a number is needed", 0;
    UnboundLocal, "unbound_local", "UnboundLocalError", "cannot access local variable '{0:name}' where it is not associated with a value", 1;
    UnboundFree, "unbound_free", "NameError", "cannot access free variable '{0:name}' where it is not associated with a value in enclosing scope", 1;
    OutOfMemory, "out_of_memory", "MemoryError", "unable to allocate {0} bytes for an array", 1;
    ArrayTooBig, "array_too_big", "ValueError", "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.", 0;
    Recursion, "recursion", "RecursionError", "maximum recursion depth exceeded", 0;
    NoneActive, "none_active", "RuntimeError", "No active exception to reraise", 0;
    StopIteration, "stop_iteration", "StopIteration", "", 0;
    GeneratorStop, "generator_stop", "RuntimeError", "generator raised StopIteration", 0;
    Interrupted, "interrupted", "KeyboardInterrupt", "", 0;
    Pending, "pending", "SystemError", "an exception that is already set", 0;
    User, "user", "Exception", "", 0;
    Ambiguous, "ambiguous_truth", "ValueError", "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()", 0;
    Factorial, "factorial_negative", "ValueError", "factorial() not defined for negative values", 0;
    MathNonNegative, "math_non_negative", "ValueError", "{0:name} must be a non-negative integer", 1;
    Tolerances, "tolerances", "ValueError", "tolerances must be non-negative", 0;
    FsumOpposite, "fsum_opposite", "ValueError", "-inf + inf in fsum", 0;
    FsumOverflow, "fsum_overflow", "OverflowError", "intermediate overflow in fsum", 0;
    CombN, "comb_n", "ValueError", "n must be a non-negative integer", 0;
    CombK, "comb_k", "ValueError", "k must be a non-negative integer", 0;
    RoundRange, "round_range", "OverflowError", "rounded value too large to represent", 0;
    IsqrtNegative, "isqrt_negative", "ValueError", "isqrt() argument must be nonnegative", 0;
    NullPointer, "null_pointer", "ValueError", "a null pointer was dereferenced", 0;
    Unreachable, "unreachable", "SystemError", "compiled code reached a place it must not; please report this", 0;
}
