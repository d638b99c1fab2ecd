"""C functions called from compiled code through ctypes: the numbers that ctypes would give."""
import ctypes
import ctypes.util

import pytest

from support import refused, same

LIBM = ctypes.CDLL(ctypes.util.find_library("m") or "libm.so.6")
LIBC = ctypes.CDLL(None)


def declared(library, name, result, *parameters):
    """A ctypes function of its own, with declared types."""
    function = ctypes.CFUNCTYPE(result, *parameters)((name, library))
    function.argtypes, function.restype = parameters, result
    return function


hypot = declared(LIBM, "hypot", ctypes.c_double, ctypes.c_double, ctypes.c_double)
hypotf = declared(LIBM, "hypotf", ctypes.c_float, ctypes.c_float, ctypes.c_float)
absolute = declared(LIBC, "abs", ctypes.c_int, ctypes.c_int)
narrow = declared(LIBC, "abs", ctypes.c_int8, ctypes.c_int)
unsigned = declared(LIBC, "abs", ctypes.c_uint32, ctypes.c_int)
large = declared(LIBC, "labs", ctypes.c_uint64, ctypes.c_int64)
truth = declared(LIBC, "abs", ctypes.c_bool, ctypes.c_int)


def call_hypot(x, y):
    return hypot(x, y)


def call_hypotf(x, y):
    return hypotf(x, y)


def call_absolute(k):
    return absolute(k)


def call_narrow(k):
    return narrow(k)


def call_unsigned(k):
    return unsigned(k)


def call_truth(k):
    return truth(k)


def call_large(k):
    return large(k)


def summed(n):
    s = 0
    for k in range(n):
        s += absolute(-2000000000 + k)
    return s


@pytest.mark.parametrize("function, arguments", [
    (call_hypot, (3.0, 4.0)), (call_absolute, (-5,)), (call_narrow, (-5,)),
    (call_narrow, (200,)), (call_unsigned, (-7,)), (call_unsigned, (-2**31,)), (call_truth, (0,)), (call_truth, (3,)),
    (call_large, (-9,)), (summed, (10,)),
], ids=lambda v: getattr(v, "__name__", str(v)))
def test_results_are_the_python_numbers_of_ctypes(function, arguments):
    same(function, *arguments)


def test_an_argument_that_would_lose_digits_is_refused():
    refused(call_hypotf, 1.0, 1.0, code="CW0302")


def test_a_result_beyond_64_bits_is_an_overflow():
    from coachwhip import jit

    with pytest.raises(OverflowError):
        jit(call_large)(-2**63)
