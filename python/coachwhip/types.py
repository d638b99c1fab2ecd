"""Types for signatures, named as in Numba.

`int64`, `float64`, `complex128` and `boolean` are Python's own numbers inside the function (same bits, Python's
semantics); the other widths are NumPy scalars.  `float64[:]` is a strided array, `float64[::1]` a contiguous one,
`float64[:, ::1]` two dimensions in C order, `float64[::1, :]` in Fortran order.  Calling a type makes a signature:
`float64(float64, int64)`.
"""

__all__ = [
    "CPointer",
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
    "f4",
    "f8",
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
    """A type.  `_spec` is its description as nested tuples, which the compiler reads."""

    __slots__ = ("_spec", "name")

    def __init__(self, spec, name):
        self._spec = spec
        self.name = name

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

    @property
    def dtype(self):
        """The type of an array's elements."""
        if self._spec[0] != "array":
            raise AttributeError(f"{self} is not an array type")
        return from_dtype(self._spec[1])

    @property
    def ndim(self):
        """The number of dimensions of an array."""
        if self._spec[0] != "array":
            raise AttributeError(f"{self} is not an array type")
        return self._spec[2]


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


def Array(dtype, ndim, layout="C", readonly=False):
    """An array type."""
    dtype = as_type(dtype)
    spec = ("array", _dtype_name(dtype), int(ndim), str(layout), bool(readonly))
    return _from_spec(spec)


def Tuple(items):
    """A tuple of these types."""
    return _from_spec(("tuple", *(as_type(item)._spec for item in items)))


def UniTuple(item, count):
    """A tuple of `count` values of one type."""
    return Tuple((item,) * count)


def CPointer(target):
    """A pointer to values of a type; `CPointer(void)` is `void *`."""
    target = as_type(target)
    return _from_spec(("pointer",) if target._spec[0] == "none" else ("pointer", _memory(target)._spec))


def optional(item):
    """`None` or a value of the type."""
    return _from_spec(("optional", as_type(item)._spec))


Optional = optional


def as_type(value):
    """The type that an object stands for: a type of ours, `int`, `float`, `np.float32`, a dtype, a string."""
    if isinstance(value, Type):
        return value
    if value is None:
        return none
    known = {int: int64, float: float64, bool: boolean, complex: complex128}
    if isinstance(value, type) and value in known:
        return known[value]
    if isinstance(value, str):
        from ._signatures import parse_type

        return parse_type(value)
    if isinstance(value, tuple):
        return Tuple(value)
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
    return Type(("scalar", _dtype_name(kind)), kind.name) if kind._spec[0] in _DTYPES else kind


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
    return Type(spec, _name(spec))


def _name(spec):
    kind, rest = spec[0], spec[1:]
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "scalar":
        return _NUMPY_FORMS.get(rest[0], rest[0])
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
    if kind == "pointer":
        if not rest:
            return "voidptr"
        # What lies in memory are NumPy scalars, always.
        return f"CPointer({rest[0][1] if rest[0][0] == 'scalar' else _name(rest[0])})"
    return rest[0] if rest else kind


_PLAIN = {
    "none": "none", "int": "int64", "float": "float64", "bool": "boolean", "complex": "complex128",
    "range": "range", "slice": "slice",
}  # fmt: skip
# NumPy's scalars of the widths that are Python's own numbers in signatures.
_NUMPY_FORMS = {
    "int64": "np.int64", "float64": "np.float64", "bool": "np.bool_", "complex128": "np.complex128",
}  # fmt: skip
_DTYPES = {"int": "int64", "float": "float64", "bool": "bool", "complex": "complex128"}


def _scalar(name):
    return Type(("scalar", name), name)


none = void = Type(("none",), "none")
boolean = bool_ = b1 = Type(("bool",), "boolean")
int64 = i8 = int_ = intp = ssize_t = long_ = longlong = Type(("int",), "int64")
float64 = f8 = double = float_ = Type(("float",), "float64")
complex128 = c16 = Type(("complex",), "complex128")
int8 = i1 = char = _scalar("int8")
int16 = i2 = short = _scalar("int16")
int32 = i4 = intc = _scalar("int32")
uint8 = u1 = uchar = byte = _scalar("uint8")
uint16 = u2 = ushort = _scalar("uint16")
uint32 = u4 = uintc = _scalar("uint32")
uint64 = u8 = uint = uintp = size_t = ulong = ulonglong = _scalar("uint64")
float32 = f4 = _scalar("float32")
complex64 = c8 = _scalar("complex64")
voidptr = Type(("pointer",), "voidptr")
_NAMED = {
    "bool": boolean, "int8": int8, "int16": int16, "int32": int32, "int64": int64, "uint8": uint8,
    "uint16": uint16, "uint32": uint32, "uint64": uint64, "float32": float32, "float64": float64,
    "complex64": complex64, "complex128": complex128,
}  # fmt: skip
