"""The differential helper: the plain function and the compiled one must behave the same.

`same(f, 1, array)` calls `f` as plain Python and compiled, each on its own deep copy of the arguments, and
compares the value (bits: NaN equals NaN, 0.0 differs from -0.0), its type, dtype, shape, strides order and
whether it is writable; the arguments afterwards; or the exception's class and message.
"""
import copy
import math
import warnings

import numpy as np

import coachwhip


class Outcome:
    """What a call did: a value or an exception, and the arguments afterwards."""

    def __init__(self, function, arguments, keywords):
        self.arguments = copied((arguments, keywords))
        self.value = self.error = None
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                self.value = function(*self.arguments[0], **self.arguments[1])
            except Exception as error:  # noqa: BLE001 -- whatever Python raises is the expectation
                self.error = error

    def __str__(self):
        if self.error is not None:
            return f"{type(self.error).__name__}: {self.error}"
        return f"{self.value!r} of type {type(self.value).__name__}"


def same(function, *arguments, keywords=None, messages=True, ulp=0, compiled=None, strides=True, **options):
    """Asserts that `function` does the same plain and compiled; returns the value of the plain call.

    `options` go to `jit`.  `messages=False` compares only the class of an exception.  `ulp` allows that many
    units in the last place between floats.  `strides=False` does not compare how results lie in memory.  `compiled` is used instead of `jit(function, **options)`.
    """
    keywords = keywords or {}
    plain = getattr(function, "py_func", function)
    compiled = compiled or coachwhip.jit(**options)(plain)
    want = Outcome(plain, arguments, keywords)
    got = Outcome(compiled, arguments, keywords)
    place = f"{plain.__name__}{tuple(arguments)!r}"[:300]
    if (want.error is None) != (got.error is None):
        raise AssertionError(f"{place}: got {got}; plain Python: {want}") from got.error
    if want.error is not None:
        assert_same_error(got.error, want.error, place, messages)
    else:
        assert_same_value(got.value, want.value, place, ulp, strides)
    assert_same_value(got.arguments, want.arguments, f"{place}: arguments afterwards", ulp)
    return want.value


def assert_same_error(got, want, place, messages=True):
    """The same class and, unless told otherwise, the same message."""
    if type(got) is not type(want) or (messages and str(got) != str(want)):
        described = f"{type(got).__name__}: {got}; plain Python: {type(want).__name__}: {want}"
        raise AssertionError(f"{place}: raised {described}") from got


def assert_same_value(got, want, place="value", ulp=0, strides=True):
    """The same type and the same bits."""
    assert type(got) is type(want), f"{place}: got {type(got).__name__} {got!r}, expected {type(want).__name__} {want!r}"
    if isinstance(want, (tuple, list)):
        assert len(got) == len(want), f"{place}: got {len(got)} items, expected {len(want)}"
        for position, (one, other) in enumerate(zip(got, want)):
            assert_same_value(one, other, f"{place}[{position}]", ulp, strides)
    elif isinstance(want, dict):
        assert list(got) == list(want), f"{place}: got keys {list(got)}, expected {list(want)}"
        assert list(map(type, got)) == list(map(type, want)), f"{place}: got keys {list(got)}, expected {list(want)}"
        assert getattr(got, "default_factory", None) is getattr(want, "default_factory", None), f"{place}: got {got!r}, expected {want!r}"
        for key in want:
            assert_same_value(got[key], want[key], f"{place}[{key!r}]", ulp, strides)
    elif isinstance(want, np.ndarray):
        assert_same_array(got, want, place, ulp, strides)
    elif isinstance(want, (float, complex, np.inexact)):
        assert close(np.asarray(got), np.asarray(want), ulp), f"{place}: got {got!r}, expected {want!r}"
    elif callable(want) or type(want).__eq__ is object.__eq__:
        assert got is want or not isinstance(want, type), f"{place}: got {got!r}, expected {want!r}"
    else:
        assert got == want, f"{place}: got {got!r}, expected {want!r}"


def assert_same_array(got, want, place, ulp=0, strides=True):
    """The same dtype, shape, order, write flag and bits."""
    for name in ("dtype", "shape"):
        assert getattr(got, name) == getattr(want, name), (
            f"{place}: {name} is {getattr(got, name)}, expected {getattr(want, name)}")
    assert got.flags.writeable == want.flags.writeable, f"{place}: writeable is {got.flags.writeable}"
    if strides and want.size > 0:
        # The strides of axes of length 1 mean nothing.
        used = [[s for s, n in zip(a.strides, a.shape) if n > 1] for a in (got, want)]
        assert used[0] == used[1], f"{place}: strides are {got.strides}, expected {want.strides}"
    if not close(got, want, ulp):
        raise AssertionError(f"{place}: got {got!r}, expected {want!r}"[:2000])


def close(got, want, ulp=0):
    """Equal bits (any NaN equals any NaN), or floats within `ulp` units in the last place."""
    if got.dtype != want.dtype or got.shape != want.shape:
        return False
    if got.dtype.kind == "c":
        return close(got.real, want.real, ulp) and close(got.imag, want.imag, ulp)
    if got.dtype.kind != "f":
        return bool(np.array_equal(got, want))
    nan = np.isnan(want)
    equal = (got == want) & (np.signbit(got) == np.signbit(want)) | nan & np.isnan(got)
    if ulp and not equal.all():
        with np.errstate(all="ignore"):
            equal |= np.abs(got - want) <= ulp * np.spacing(np.maximum(np.abs(got), np.abs(want)))
    return bool(equal.all())


def copied(value):
    """A deep copy that keeps the layout, byte order, alignment and write flag of arrays; functions stay."""
    if isinstance(value, tuple):
        return tuple.__new__(type(value), [copied(item) for item in value])
    if isinstance(value, list):
        return [copied(item) for item in value]
    if isinstance(value, dict):
        made = copy.copy(value)
        for key, item in value.items():
            made[key] = copied(item)
        return made
    if isinstance(value, set):
        return copy.copy(value)
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return copied_array(value)
    if isinstance(value, (np.ndarray, bytearray)):
        return copy.deepcopy(value)
    return value


def copied_array(array):
    """A copy over its own buffer with the same strides, byte order, alignment and write flag."""
    if array.size == 0 or 0 in array.strides or array.base is not None and not array.flags.aligned:
        made = copied_strided(array)
    else:
        low = sum(min(0, (n - 1) * s) for n, s in zip(array.shape, array.strides))
        high = sum(max(0, (n - 1) * s) for n, s in zip(array.shape, array.strides)) + array.itemsize
        made = np.ndarray(array.shape, array.dtype, bytearray(high - low), -low, array.strides)
        made = own_if_plain(array, made)
        made[...] = array
    made.flags.writeable = array.flags.writeable
    return made


def own_if_plain(array, made):
    """An array that owns its memory where the original is contiguous."""
    if array.flags.c_contiguous:
        return np.empty(array.shape, array.dtype)
    if array.flags.f_contiguous:
        return np.empty(array.shape, array.dtype, order="F")
    return made


def copied_strided(array):
    """Zero strides and odd alignments: the same header over a copy of the memory it spans."""
    low = sum(min(0, (n - 1) * s) for n, s in zip(array.shape, array.strides))
    high = sum(max(0, (n - 1) * s) for n, s in zip(array.shape, array.strides)) + array.itemsize
    if array.size == 0:
        return array.copy(order="K")
    odd = array.__array_interface__["data"][0] + low
    memory = np.empty(high - low + 64, np.uint8)
    shift = (odd - memory.__array_interface__["data"][0]) % 64
    source = np.ndarray((high - low,), np.uint8, buffer_at(odd, high - low))
    memory[shift:shift + high - low] = source
    return np.ndarray(array.shape, array.dtype, memory, shift - low, array.strides)


def buffer_at(address, size):
    """The memory at an address as a buffer."""
    import ctypes

    return (ctypes.c_uint8 * size).from_address(address)


def refused(function, *arguments, code=None, **options):
    """Asserts that the compiled function refuses these arguments with a diagnostic; returns it."""
    compiled = coachwhip.jit(**options)(function)
    try:
        compiled(*arguments)
    except coachwhip.CoachwhipError as error:
        assert code is None or error.code == code, f"code {error.code}, expected {code}:\n{error}"
        assert len(str(error).splitlines()) <= 12, f"more than 12 lines:\n{error}"
        return error
    raise AssertionError(f"{function.__name__}{arguments!r} was not refused")


SPECIAL_FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -2.5, 1e300, -1e300, 5e-324, math.inf, -math.inf, math.nan, 0.1, 3.0)
SPECIAL_INTS = (0, 1, -1, 2, -2, 3, 7, -7, 63, 64, 2**31 - 1, -2**31, 2**53 + 1, 2**62, 2**63 - 1, -2**63)
