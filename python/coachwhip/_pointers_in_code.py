"""Arrays over raw memory, for C callbacks.  Compiled code has its own form; these run under plain Python."""


def carray(pointer, shape, dtype=None):
    """An array in C order over the memory behind a pointer."""
    return _over(pointer, shape, dtype, "C", "carray")


def farray(pointer, shape, dtype=None):
    """An array in Fortran order over the memory behind a pointer."""
    return _over(pointer, shape, dtype, "F", "farray")


def _element(pointer):
    """The dtype of what a typed pointer points to; None of what has no dtype."""
    import ctypes

    import numpy

    if not isinstance(pointer, (ctypes._Pointer, ctypes.Array)):
        return None
    try:
        return numpy.dtype(pointer._type_)
    except TypeError:
        return None


def _over(pointer, shape, dtype, order, name):
    import ctypes

    import numpy

    from ._pointers import address
    from .types import Type

    shape = shape if isinstance(shape, tuple) else (shape,)
    if isinstance(dtype, Type):
        dtype = numpy.dtype(dtype._spec[1] if dtype._spec[0] == "scalar" else dtype._spec[0])
    dtype = None if dtype is None else numpy.dtype(dtype)
    place = address(pointer)
    if place is None:
        raise TypeError(f"{name}() wants a ctypes pointer, not '{type(pointer).__name__}'")
    known = _element(pointer)
    if known is None and dtype is None:
        raise TypeError(f"{name}() of a pointer to void needs a dtype")
    if known is not None and dtype is not None and dtype != known:
        raise TypeError(f"{name}() got dtype {dtype.name} for a pointer to {known.name}")
    dtype = known if dtype is None else dtype
    if not place:
        raise ValueError("a null pointer was dereferenced")
    size = dtype.itemsize
    for length in shape:
        size *= length
    memory = (ctypes.c_char * size).from_address(place)
    return numpy.ndarray(shape, dtype, memory, order=order)
