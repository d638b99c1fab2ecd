"""Addresses behind ctypes objects, for arguments declared as pointers."""
import ctypes

from . import types


def address(value):
    """The address that a pointer holds, or that an array or structure is at; None for other objects."""
    if isinstance(value, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_wchar_p)):
        return ctypes.cast(value, ctypes.c_void_p).value or 0
    if isinstance(value, ctypes._Pointer) or isinstance(value, ctypes._CFuncPtr):
        return ctypes.cast(value, ctypes.c_void_p).value or 0
    if isinstance(value, (ctypes.Array, ctypes.Structure, ctypes.Union)):
        return ctypes.addressof(value)
    return None


# Of the flags of a ctypes function: it holds the interpreter and looks for exceptions; it keeps `errno` for ctypes.
_PYTHONAPI, _USE_ERRNO = 4, 8


def native(function):
    """Parameter types, result type and address of a ctypes function whose types are declared; a text that says why
    it cannot be called; or None for anything else."""
    if not isinstance(function, ctypes._CFuncPtr):
        return None
    if function._flags_ & _PYTHONAPI:
        return "function of ctypes.PyDLL (it needs the interpreter, which compiled code may have released)"
    if function._flags_ & _USE_ERRNO:
        return "ctypes function with use_errno"
    if getattr(function, "errcheck", None) is not None:
        return "ctypes function with errcheck"
    if function.argtypes is None:
        return "ctypes function without argtypes"
    params = [from_ctypes(kind) for kind in function.argtypes]
    result = types.none if function.restype is None else from_ctypes(function.restype)
    if result is None or any(param is None for param in params):
        return "ctypes function with argument or result types that compiled code does not know"
    return tuple(params), result, ctypes.cast(function, ctypes.c_void_p).value


def from_ctypes(kind):
    """The type that a ctypes class stands for, or None."""
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if isinstance(kind, type) and issubclass(kind, ctypes._Pointer):
        inner = from_ctypes(kind._type_)
        return inner and types.CPointer(inner)
    return None


def to_ctypes(kind):
    """The ctypes class for a type; `TypeError` where it has none."""
    spec = kind._spec
    if spec[0] == "pointer":
        return ctypes.POINTER(to_ctypes(types._from_spec(spec[1]))) if len(spec) == 2 else ctypes.c_void_p
    name = _NAMES.get(spec[0], spec[-1] if spec[0] == "scalar" else None)
    if name not in _BY_NAME:
        raise TypeError(f"ctypes has no type for {kind}; `address` is the C function's address")
    return _BY_NAME[name]


_NAMES = {"int": "int64", "float": "float64", "bool": "bool", "complex": "complex128"}
_BY_NAME = {
    "bool": ctypes.c_bool,
    "int8": ctypes.c_int8,
    "int16": ctypes.c_int16,
    "int32": ctypes.c_int32,
    "int64": ctypes.c_int64,
    "uint8": ctypes.c_uint8,
    "uint16": ctypes.c_uint16,
    "uint32": ctypes.c_uint32,
    "uint64": ctypes.c_uint64,
    "float32": ctypes.c_float,
    "float64": ctypes.c_double,
}
_SIMPLE = {kind: getattr(types, "boolean" if name == "bool" else name) for name, kind in _BY_NAME.items()}
_SIMPLE |= {ctypes.c_void_p: types.voidptr, ctypes.c_char: types.int8, ctypes.c_longlong: types.int64}
_SIMPLE |= {ctypes.c_ulonglong: types.uint64}
