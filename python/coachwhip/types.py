"""Types for signatures, named as in Numba.

`int64`, `float64`, `complex128` and `boolean` are Python's own numbers inside the function (same bits, Python's
semantics); the other widths are NumPy scalars.  `float64[:]` is a strided array, `float64[::1]` a contiguous one,
`float64[:, ::1]` two dimensions in C order, `float64[::1, :]` in Fortran order.  Calling a type makes a signature:
`float64(float64, int64)`.
"""

__all__ = [
    "CPointer",
    "ListType",
    "Tuple",
    "UniTuple",
    "bool_",
    "boolean",
    "byte",
    "c16",
    "c8",
    "char",
    "complex128",
    "complex64",
    "double",
    "f2",
    "f4",
    "f8",
    "float16",
    "float32",
    "float64",
    "float_",
    "i1",
    "i2",
    "i4",
    "i8",
    "int16",
    "int32",
    "int64",
    "int8",
    "int_",
    "intc",
    "intp",
    "long_",
    "longlong",
    "none",
    "optional",
    "short",
    "size_t",
    "ssize_t",
    "u1",
    "u2",
    "u4",
    "u8",
    "uchar",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintc",
    "uintp",
    "ulong",
    "ulonglong",
    "ushort",
    "void",
    "voidptr",
]


class Type:
    """A type.  `_spec` is its description as nested tuples, which the compiler reads; the class goes by its first item."""

    __slots__ = ("_spec", "name")

    def __init__(self, *_arguments, **_keywords):
        """Types are made by `_make`; the classes below that can be called return one that is complete."""

    def __repr__(self):
        return self.name

    def __eq__(self, other):
        return isinstance(other, Type) and self._spec == other._spec

    def __hash__(self):
        return hash(self._spec)

    def __reduce__(self):
        return _from_spec, (self._spec,)

    def __call__(self, *params):
        """A signature with this result type; with one plain number, that number converted."""
        if len(params) == 1 and not isinstance(params[0], (Type, type)) and _scalar_class(self) is not None:
            return _scalar_class(self)(params[0])
        return Signature(tuple(as_type(p) for p in params), self)

    def __getitem__(self, index):
        """An array type: one slice for each dimension; `::1` marks the contiguous one."""
        dims = index if isinstance(index, tuple) else (index,)
        if self._spec[0] not in ("int", "float", "bool", "complex", "scalar"):
            raise TypeError(f"arrays of {self} are not supported")
        if len(dims) == 1 and dims[0] is Ellipsis:
            raise TypeError("the number of dimensions must be given, one ':' for each")
        for dim in dims:
            if not isinstance(dim, slice) or dim.start is not None or dim.stop is not None or dim.step not in (None, 1):
                raise TypeError(f"an array type is written {self}[:], {self}[:, ::1] or {self}[::1, :]")
        return Array(self, len(dims), _layout(dims))


class Number(Type):
    """Ints, floats and complex numbers."""

    __slots__ = ()

    @property
    def bitwidth(self):
        """Bits of a value."""
        import numpy

        return 8 * numpy.dtype(_dtype_name(self)).itemsize


class Integer(Number):
    """Python's int, and NumPy's of every width."""

    __slots__ = ()

    @property
    def signed(self):
        """Whether there are negative ones."""
        return not _dtype_name(self).startswith("u")


class Float(Number):
    """Python's float, and NumPy's of every width."""

    __slots__ = ()


class Complex(Number):
    """Python's complex, and NumPy's of every width."""

    __slots__ = ()


class Boolean(Type):
    """Python's bool and NumPy's."""

    __slots__ = ()


class NoneType(Type):
    """None."""

    __slots__ = ()


class Array(Type):
    """An array type: `Array(float64, 2, "C")`."""

    __slots__ = ()

    def __new__(cls, dtype, ndim, layout="C", readonly=False):
        spec = ("array", _dtype_name(as_type(dtype)), int(ndim), str(layout), bool(readonly))
        return _from_spec(spec)

    @property
    def dtype(self):
        """The type of the elements."""
        return from_dtype(self._spec[1])

    @property
    def ndim(self):
        """The number of dimensions."""
        return self._spec[2]

    @property
    def layout(self):
        """`C`, `F`, or `A` for any other."""
        return self._spec[3]

    @property
    def mutable(self):
        """Whether the elements may be changed."""
        return not self._spec[4]


class BaseTuple(Type):
    """Tuples."""

    __slots__ = ()

    @property
    def types(self):
        """The types of the items."""
        return tuple(_from_spec(item) for item in self._spec[1:])

    @property
    def count(self):
        """The number of items."""
        return len(self._spec) - 1

    __len__ = count.fget

    def __iter__(self):
        return iter(self.types)


class Tuple(BaseTuple):
    """A tuple of these types: `Tuple((int64, float64))`; of equal ones it is a `UniTuple`."""

    __slots__ = ()

    def __new__(cls, items):
        return _from_spec(("tuple", *(as_type(item)._spec for item in items)))


class UniTuple(BaseTuple):
    """A tuple of `count` values of one type."""

    __slots__ = ()

    def __new__(cls, item, count):
        return Tuple((item,) * count)

    @property
    def dtype(self):
        """The type of the items."""
        return self.types[0]


class ListType(Type):
    """A list of items of one type: `ListType(float64)`, `List(float64)` or `list[float]`."""

    __slots__ = ()

    def __new__(cls, item):
        return _from_spec(("list", as_type(item)._spec))

    @property
    def dtype(self):
        """The type of the items."""
        return _from_spec(self._spec[1])


List = ListType


class CPointer(Type):
    """A pointer to values of a type; `CPointer(void)` is `void *`."""

    __slots__ = ()

    def __new__(cls, target):
        target = as_type(target)
        return _from_spec(("pointer",) if target._spec[0] == "none" else ("pointer", _memory(target)._spec))

    @property
    def dtype(self):
        """What it points to."""
        return _from_spec(self._spec[1]) if len(self._spec) > 1 else none


class Optional(Type):
    """`None` or a value of the type."""

    __slots__ = ()

    def __new__(cls, item):
        return _from_spec(("optional", as_type(item)._spec))

    @property
    def type(self):
        """The type of the value."""
        return _from_spec(self._spec[1])


optional = Optional


class Literal(Type):
    """A value known when compiling."""

    __slots__ = ()

    @property
    def literal_value(self):
        """The value."""
        return self._spec[1]


class UnicodeType(Type):
    """Text."""

    __slots__ = ()


class Bytes(Type):
    """`bytes`."""

    __slots__ = ()


class StringLiteral(UnicodeType, Literal):
    """Text known when compiling; overloads receive it for every text."""

    __slots__ = ()


class DType(Type):
    """A dtype, or a class of numbers that stands for one."""

    __slots__ = ()

    @property
    def dtype(self):
        """The type of its values."""
        return from_dtype(self._spec[1])


NumberClass = DType


class RangeType(Type):
    """`range`."""

    __slots__ = ()


class SliceType(Type):
    """`slice`."""

    __slots__ = ()


class Callable(Type):
    """Functions."""

    __slots__ = ()


Function = Callable


class Opaque(Type):
    """What signatures cannot name."""

    __slots__ = ()


class Signature:
    """Parameter types and a result type (None: whatever the function returns)."""

    __slots__ = ("args", "return_type")

    def __init__(self, args, return_type=None):
        self.args = args
        self.return_type = return_type

    def __repr__(self):
        params = ", ".join(map(repr, self.args))
        return f"{self.return_type!r}({params})" if self.return_type is not None else f"({params})"

    def __eq__(self, other):
        return isinstance(other, Signature) and (self.args, self.return_type) == (other.args, other.return_type)

    def __hash__(self):
        return hash((self.args, self.return_type))


def _layout(dims):
    marked = [position for position, dim in enumerate(dims) if dim.step == 1]
    if not marked:
        return "A"
    if marked == [len(dims) - 1]:
        return "C"
    if marked == [0]:
        return "F"
    raise TypeError("'::1' belongs to the last dimension (C order) or to the first (Fortran order)")


def as_type(value):
    """The type that an object stands for: a type of ours, `int`, `float`, `np.float32`, a dtype, a string."""
    if isinstance(value, Type):
        return value
    if value is None:
        return none
    known = {int: int64, float: float64, bool: boolean, complex: complex128, str: unicode_type, bytes: bytes_type}
    if isinstance(value, type) and value in known:
        return known[value]
    if isinstance(value, str):
        from ._signatures import parse_type

        return parse_type(value)
    if isinstance(value, tuple):
        return Tuple(value)
    if getattr(value, "__origin__", None) is list:
        return ListType(*value.__args__)
    import numpy

    if isinstance(value, numpy.dtype) or isinstance(value, type) and issubclass(value, numpy.generic):
        return from_dtype(numpy.dtype(value).name)
    raise TypeError(f"{value!r} is not a type; use coachwhip.types or a string such as 'float64[:]'")


def from_dtype(dtype):
    """The type of the elements of a NumPy dtype."""
    import numpy

    name = numpy.dtype(dtype).name
    if name not in _NAMED:
        raise TypeError(f"the dtype {name} is not supported")
    return _NAMED[name]


def _memory(kind):
    """The type of such a value in memory: NumPy scalars, also for int64, float64, complex128 and boolean."""
    return _make(("scalar", _dtype_name(kind)), kind.name) if kind._spec[0] in _DTYPES else kind


def _dtype_name(kind):
    spec = kind._spec
    name = spec[1] if spec[0] == "scalar" else _DTYPES.get(spec[0])
    if name is None:
        raise TypeError(f"arrays of {kind} are not supported")
    return name


def _scalar_class(kind):
    """The class that converts a plain number to this type."""
    spec = kind._spec
    plain = {"int": int, "float": float, "bool": bool, "complex": complex}.get(spec[0])
    if plain is not None or spec[0] != "scalar":
        return plain
    import numpy

    return numpy.dtype(spec[1]).type


def _from_spec(spec):
    """The type with this description."""
    return _make(spec, _name(spec))


def _make(spec, name):
    """The type with this description and name."""
    made = object.__new__(_class(spec))
    made._spec, made.name = spec, name
    return made


def _class(spec):
    """The class of the type with this description."""
    kind = spec[0]
    if kind in _DTYPES or kind == "scalar":
        letter = (_DTYPES.get(kind) or spec[1])[0]
        return {"b": Boolean, "i": Integer, "u": Integer, "f": Float, "c": Complex}[letter]
    if kind == "tuple":
        return UniTuple if len(spec) > 1 and len(set(spec[1:])) == 1 else Tuple
    return _CLASSES.get(kind, Opaque)


_CLASSES = {
    "none": NoneType, "list": ListType, "array": Array, "pointer": CPointer, "optional": Optional, "text": UnicodeType, "bytes": Bytes,
    "literal_text": StringLiteral, "dtype": DType, "range": RangeType, "slice": SliceType, "callable": Callable,
}  # fmt: skip


def _name(spec):
    kind, rest = spec[0], spec[1:]
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "scalar":
        return _NUMPY_FORMS.get(rest[0], rest[0])
    if kind == "list":
        return f"List({_name(rest[0])})"
    if kind == "array":
        dtype, ndim, layout, readonly = rest
        marks = [":"] * ndim
        if layout != "A" and ndim:
            marks[-1 if layout == "C" else 0] = "::1"
        text = f"{dtype}[{', '.join(marks)}]" if ndim else f"Array({dtype}, 0)"
        return f"{text} read-only" if readonly else text
    if kind == "tuple":
        return f"Tuple(({', '.join(map(_name, rest))}{',' if len(rest) == 1 else ''}))"
    if kind == "optional":
        return f"optional({_name(rest[0])})"
    if kind in ("literal_text", "dtype"):
        return f"{'Literal[str]' if kind == 'literal_text' else 'dtype'}({rest[0]})"
    if kind == "pointer":
        if not rest:
            return "voidptr"
        # What lies in memory are NumPy scalars, always.
        return f"CPointer({rest[0][1] if rest[0][0] == 'scalar' else _name(rest[0])})"
    return rest[0] if rest else kind


_PLAIN = {
    "none": "none", "int": "int64", "float": "float64", "bool": "boolean", "complex": "complex128",
    "range": "range", "slice": "slice", "text": "unicode_type", "bytes": "bytes", "callable": "function",
}  # fmt: skip
# NumPy's scalars of the widths that are Python's own numbers in signatures.
_NUMPY_FORMS = {
    "int64": "np.int64", "float64": "np.float64", "bool": "np.bool_", "complex128": "np.complex128",
}  # fmt: skip
_DTYPES = {"int": "int64", "float": "float64", "bool": "bool", "complex": "complex128"}


def _scalar(name):
    return _make(("scalar", name), name)


none = void = _make(("none",), "none")
boolean = bool_ = b1 = _make(("bool",), "boolean")
int64 = i8 = int_ = intp = ssize_t = long_ = longlong = _make(("int",), "int64")
float64 = f8 = double = float_ = _make(("float",), "float64")
complex128 = c16 = _make(("complex",), "complex128")
int8 = i1 = char = _scalar("int8")
int16 = i2 = short = _scalar("int16")
int32 = i4 = intc = _scalar("int32")
uint8 = u1 = uchar = byte = _scalar("uint8")
uint16 = u2 = ushort = _scalar("uint16")
uint32 = u4 = uintc = _scalar("uint32")
uint64 = u8 = uint = uintp = size_t = ulong = ulonglong = _scalar("uint64")
float16 = f2 = _scalar("float16")
float32 = f4 = _scalar("float32")
complex64 = c8 = _scalar("complex64")
unicode_type = string = _make(("text",), "unicode_type")
bytes_type = _make(("bytes",), "bytes")
voidptr = _make(("pointer",), "voidptr")
_NAMED = {
    "bool": boolean, "int8": int8, "int16": int16, "int32": int32, "int64": int64, "uint8": uint8,
    "uint16": uint16, "uint32": uint32, "uint64": uint64, "float16": float16, "float32": float32,
    "float64": float64, "complex64": complex64, "complex128": complex128,
}  # fmt: skip
