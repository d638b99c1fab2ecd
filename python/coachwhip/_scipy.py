"""Decorators that turn a plain function into what SciPy takes as a C callback (`scipy.LowLevelCallable`).

Each can be used bare or with user data, which the function gets as further parameters:

    @jit_filter_function
    def least(window): ...

    @jit_filter_function(user_data=weights)
    def weighted(window, weights): ...

User data is a NumPy array, or a number or tuple of numbers, which becomes a float64 array (one number stays a
number).  The array is shared: changing its contents changes what the callback sees.
"""
import ctypes
import functools

from . import config, types
from ._callbacks import CFunc
from ._decorators import jit
from ._errors import CompileError, from_diagnostic, shown
from ._pointers_in_code import carray
from .types import CPointer, float64, intc, intp, voidptr


def jit_filter_function(function=None, /, *, user_data=None, **options):
    """For `ndimage.generic_filter`: the function takes the window, a 1-dimensional float64 array, and returns a number."""
    return _decorate(_filter, function, user_data, options)


def jit_filter1d_function(function=None, /, *, user_data=None, **options):
    """For `ndimage.generic_filter1d`: the function takes the input line and the output line, which it fills."""
    return _decorate(_filter1d, function, user_data, options)


def jit_geometric_function(function=None, /, *, user_data=None, **options):
    """For `ndimage.geometric_transform`: the function takes the output coordinates, an integer array, and the input
    coordinates, a float64 array, which it fills."""
    return _decorate(_geometric, function, user_data, options)


def jit_integrand_function(function=None, /, *, user_data=None, **options):
    """For `integrate.quad` and `nquad`: the function takes the variables, and further arguments, as numbers."""
    return _decorate(_integrand, function, user_data, options)


def _decorate(build, function, user_data, options):
    if function is None:
        return lambda function: _callable(build, function, user_data, options)
    return _callable(build, function, user_data, options)


def _callable(build, function, user_data, options):
    try:
        from scipy import LowLevelCallable
    except ImportError as error:
        raise ImportError("this decorator needs SciPy: pip install scipy") from error
    plain = getattr(function, "py_func", function)
    data = _UserData(user_data)
    if config.disable_jit:
        return _uncompiled(build, jit(function, **options), data)
    compiled = jit(function, **{"inline": "always"} | options)
    callback = build(compiled, plain, data)
    callback.py_func = callback.__wrapped__ = plain
    return LowLevelCallable(callback.ctypes, user_data=data.pointer)


def _uncompiled(build, plain, data):
    """The callable that SciPy takes in the place of the C callback, with the JIT switched off."""
    if data.given:
        plain = _with_data(plain, data.array.item() if data.number else data.array)
    if build is not _geometric:
        return plain

    @functools.wraps(plain)
    def coordinates(output):
        import numpy

        found = numpy.zeros(len(output))
        plain(numpy.array(output, numpy.intp), found)
        return tuple(found)

    return coordinates


def _with_data(plain, extra):
    @functools.wraps(plain)
    def with_data(*args):
        return plain(*args, extra)

    return with_data


# File name of the code that spreads numbers over an integrand's parameters.
INTEGRAND = "<coachwhip integrand>"


class _UserData:
    """What stands after the callback's last parameter: nothing, an array, or one number."""

    def __init__(self, value):
        import numpy

        self.given = value is not None
        self.number = isinstance(value, (int, float, numpy.number))
        self.array = None if value is None else numpy.asarray(value)
        if self.given and self.array.dtype.kind in "iu" and not isinstance(value, numpy.ndarray):
            self.array = self.array.astype(numpy.float64)
        if self.given and (self.array.dtype.kind not in "biufc" or not self.array.flags.c_contiguous):
            raise TypeError("user_data takes a contiguous NumPy array of numbers, a number, or a tuple of numbers")
        if self.given and not (self.array.dtype.isnative and self.array.flags.aligned):
            raise TypeError("user_data takes an array in the byte order and alignment of this machine: give "
                            f"user_data.astype({self.array.dtype.newbyteorder('=').name!r})")
        if isinstance(value, numpy.ndarray) and not value.flags.writeable:
            raise TypeError("user_data takes an array that can be written, since the callback may write to it: give "
                            "user_data.copy()")
        self.pointer = None
        if self.given:
            self.pointer = ctypes.cast(self.array.ctypes.data, ctypes.c_void_p)
            self.pointer._coachwhip_array = self.array  # lives as long as the pointer is held

    @property
    def kind(self):
        """The type of the callback's last parameter."""
        return CPointer(types.from_dtype(self.array.dtype)) if self.given else voidptr

    @property
    def shape(self):
        return self.array.shape


def _filter(compiled, plain, data):
    signature = ((CPointer(float64), intp, CPointer(float64), data.kind), intc)
    if not data.given:

        def callback(buffer, count, result, extra):
            result[0] = compiled(carray(buffer, (count,)))
            return 1

    elif data.number:

        def callback(buffer, count, result, extra):
            result[0] = compiled(carray(buffer, (count,)), extra[0])
            return 1

    else:
        shape = data.shape

        def callback(buffer, count, result, extra):
            result[0] = compiled(carray(buffer, (count,)), carray(extra, shape))
            return 1

    return _made(callback, plain, signature)


def _filter1d(compiled, plain, data):
    signature = ((CPointer(float64), intp, CPointer(float64), intp, data.kind), intc)
    if not data.given:

        def callback(line, length, out, out_length, extra):
            compiled(carray(line, (length,)), carray(out, (out_length,)))
            return 1

    elif data.number:

        def callback(line, length, out, out_length, extra):
            compiled(carray(line, (length,)), carray(out, (out_length,)), extra[0])
            return 1

    else:
        shape = data.shape

        def callback(line, length, out, out_length, extra):
            compiled(carray(line, (length,)), carray(out, (out_length,)), carray(extra, shape))
            return 1

    return _made(callback, plain, signature)


def _geometric(compiled, plain, data):
    signature = ((CPointer(intp), CPointer(float64), intc, intc, data.kind), intc)
    if not data.given:

        def callback(output, input_, output_rank, input_rank, extra):
            compiled(carray(output, (output_rank,)), carray(input_, (input_rank,)))
            return 1

    elif data.number:

        def callback(output, input_, output_rank, input_rank, extra):
            compiled(carray(output, (output_rank,)), carray(input_, (input_rank,)), extra[0])
            return 1

    else:
        shape = data.shape

        def callback(output, input_, output_rank, input_rank, extra):
            compiled(carray(output, (output_rank,)), carray(input_, (input_rank,)), carray(extra, shape))
            return 1

    return _made(callback, plain, signature)


def _integrand(compiled, plain, data):
    signature = ((intc, CPointer(float64), data.kind), float64)
    count = plain.__code__.co_argcount - data.given
    if plain.__code__.co_flags & 4 or count < 1:
        raise TypeError("an integrand takes its variables, and further arguments, as separate parameters")
    return _made(_integrand_caller(compiled, plain, count, data), plain, signature)


@functools.cache
def _caller_code(count, form):
    """The source of a callback that spreads `count` numbers over parameters."""
    numbers = ", ".join(f"float(args[{i}])" for i in range(count))
    extra = {"none": "", "number": ", extra[0]", "array": ", carray(extra, shape)"}[form]
    plural = "" if count == 1 else "s"
    many = f"raise TypeError(f'{{name}}() takes {count} positional argument{plural} but {{count}} were given')"
    few = f"raise TypeError(f'{{name}}() takes {count} positional argument{plural}, {{count}} were given')"
    text = (
        f"def callback(count, args, extra):\n    if count > {count}:\n        {many}\n    if count < {count}:\n        {few}\n"
        f"    return float(compiled({numbers}{extra}))\n"
    )
    return compile(text, INTEGRAND, "exec")


def _integrand_caller(compiled, plain, count, data):
    form = "none" if not data.given else "number" if data.number else "array"
    space = {"compiled": compiled, "carray": carray, "shape": data.shape if data.given else (), "float": float}
    space["name"] = plain.__qualname__
    exec(_caller_code(count, form), space)
    return space["callback"]


def _made(callback, plain, signature):
    callback.__name__ = plain.__name__
    callback.__qualname__ = plain.__qualname__
    try:
        return CFunc(callback, signature, {}, user_data=True)
    except CompileError as error:
        raise _about(plain, callback, error) from None


def _about(plain, callback, error):
    """The error; one that points at our own line around the user's function points at that function instead."""
    found = error.diagnostic
    code = plain.__code__
    if found.primary is None or found.primary["file"] != callback.__code__.co_filename:
        return error
    help_text = "its parameters and result must be those that SciPy's documentation gives for this kind of function"
    place = {"text": "", "function": plain.__qualname__, "file": code.co_filename, "line": code.co_firstlineno}
    place |= {"column": 0, "end_line": code.co_firstlineno, "end_column": 0}
    text = f"error[{found.code}]: {plain.__qualname__}(): {found.message}\n --> {shown(code.co_filename)}:{code.co_firstlineno}"
    fields = {name: getattr(found, name) for name in found.__slots__}
    fields |= {"primary": place, "secondary": [], "help": help_text}
    return from_diagnostic(f"{text}\n  = help: {help_text}", fields)
