"""Exceptions raised by compiled code: the user's frames as a traceback.

A traceback entry needs a frame object.  It is made by running a function of one instruction whose code object
carries the user's file, function name, first line and, in its line table, the line that failed: tools find the
source of a frame from its first line.  The frames are kept, one for each place.
"""
import builtins
import functools
import sys
import types


def made(cls, args, frames):
    """The exception `cls(*args)` with a traceback through `frames`, innermost first."""
    try:
        exception = cls(*args)
    except BaseException as error:  # noqa: BLE001 -- it is raised where the user's code calls the class
        exception = error.with_traceback(error.__traceback__.tb_next)
    return traced(exception, frames)


def itself(value):
    """The value as the object that compiled code hands over."""
    return value


def real(text):
    """The real part of the complex number in a string."""
    return complex(text).real


def imaginary(text):
    """Its imaginary part."""
    return complex(text).imag


def unpacked(value, count):
    """The items that `a, b, … = value` assigns, with Python's own complaint if there are not so many."""
    names = "".join(f"v{n}, " for n in range(count))
    assigned = {}
    exec(f"[{names}] = value", {"value": value}, assigned)  # noqa: S102 -- names of our own
    return tuple(assigned.values())


def traced(exception, frames):
    """The exception with the frames in front of its traceback."""
    traceback = exception.__traceback__
    for function, file, line, first in frames:
        frame = _frame(function, file, line, first)
        traceback = types.TracebackType(traceback, frame, frame.f_lasti, line)
    return exception.with_traceback(traceback)


def _here():
    return sys._getframe()


# Imports look for the built-ins of whichever function is running.
_NAMESPACE = {"sys": sys, "__name__": "coachwhip._exceptions", "__builtins__": builtins}
# Tells a compiled function that its call comes from `_call`.
_INSIDE = _NAMESPACE["_INSIDE"] = object()


@functools.lru_cache(4096)
def _frame(function, file, line, first):
    """A frame whose code says that it is `function` of `file`, which begins at `first`, and stands at `line`."""
    made = _named(_here, function, file, line, first)
    return types.FunctionType(made, _NAMESPACE)()


def profiled(function):
    """The Python function through which a compiled one is called while a profiler watches."""
    code = function.__code__
    line = code.co_firstlineno
    made = _named(_call, code.co_qualname, code.co_filename, line, line)
    return types.FunctionType(made, _NAMESPACE)


def _call(compiled, /, *args, **kwargs):
    return compiled(_INSIDE, *args, **kwargs)


def _named(template, function, file, line, first):
    """The template's code under a name of the user's."""
    code = template.__code__
    units = len(code.co_code) // 2
    return code.replace(
        co_name=function.rsplit(".", 1)[-1], co_qualname=function, co_filename=file, co_firstlineno=first,
        co_linetable=_one_line(units, line - first))


def _one_line(units, distance):
    """A line table that puts every code unit at a distance from the first line, without columns."""
    table = bytearray()
    while units > 0:
        count = min(units, 8)
        table.append(0x80 | 13 << 3 | count - 1)
        table += _signed(distance)
        distance = 0
        units -= count
    return bytes(table)


def _signed(number):
    """A signed number in six bits a byte, the lowest first, as in `Objects/locations.md`."""
    rest = -number << 1 | 1 if number < 0 else number << 1
    written = bytearray()
    while rest > 63:
        written.append(rest & 63 | 64)
        rest >>= 6
    written.append(rest)
    return written
