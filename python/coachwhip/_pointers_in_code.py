"""Arrays over raw memory, for C callbacks.  Compiled code has its own form; these run under plain Python."""


def carray(pointer, shape, dtype=None):
    """An array in C order over the memory behind a pointer."""
    return _over(pointer, shape, dtype, "C")


def farray(pointer, shape, dtype=None):
    """An array in Fortran order over the memory behind a pointer."""
    return _over(pointer, shape, dtype, "F")


def _over(pointer, shape, dtype, order):
    import ctypes

    import numpy

    from ._pointers import address
    from .types import Type

    shape = shape if isinstance(shape, tuple) else (shape,)
    if isinstance(dtype, Type):
        dtype = numpy.dtype(dtype._spec[1] if dtype._spec[0] == "scalar" else dtype._spec[0])
    if dtype is None:
        dtype = numpy.dtype(pointer._type_)
    dtype = numpy.dtype(dtype)
    place = pointer if isinstance(pointer, int) else address(pointer)
    if not place:
        raise ValueError("a null pointer was dereferenced")
    size = dtype.itemsize
    for length in shape:
        size *= length
    memory = (ctypes.c_char * size).from_address(place)
    return numpy.ndarray(shape, dtype, memory, order=order)
