"""Explicit signatures, type objects, options."""
import ctypes
import pathlib
import re
import warnings

import numpy as np
import pytest

import coachwhip as cw
from coachwhip import _options, types


def cube(x):
    return x * x * x


@pytest.mark.parametrize("signature", [
    cw.float64(cw.float64), "float64(float64)", "f8(f8)", (cw.float64,), "(float64,)", "float64,", ["f8(f8)"],
    cw.double(cw.double), float, (float,), "double(double)", (np.float64,),
][:9] + [(np.float64,)])  # fmt: skip
def test_spellings(signature):
    f = cw.jit((signature,) if signature is float else signature)(cube)
    assert f.signatures == [(cw.float64,)]
    assert f(3) == 27.0
    assert type(f(3)) is float
    assert f(np.float32(1.5)) == 3.375


def test_compiles_at_once_and_only_that():
    with pytest.raises(cw.CoachwhipError):
        cw.jit("float64(float64)")(lambda x: x.no_such_thing)
    f = cw.jit("float64(float64)")(cube)
    with pytest.raises(cw.TypingError, match="declared as float64 and cannot take complex") as caught:
        f(1j)
    assert caught.value.code == "CW0402"
    assert isinstance(caught.value, TypeError)


def test_several():
    f = cw.jit(["int32(int32)", "float64(float64)"])(cube)
    assert type(f(np.int32(2))) is np.int32
    assert f(2.5) == 15.625
    assert f(np.float64(2.5)) == 15.625
    with pytest.raises(cw.TypingError):
        f("a")


@pytest.mark.parametrize(("declared", "good", "bad"), [
    ("int64", [1, np.int8(1), True, np.uint64(5)], [1.0, 1j, "1", None, np.float64(1)]),
    ("int32", [1, -(2**31), np.int64(7)], [1.5, np.float32(1)]),
    ("uint8", [255, np.int64(3)], [0.5]),
    ("float64", [1, 2.5, np.float32(1.5), np.int16(3), True], [1j, "a", None, 2**53 + 1]),
    ("float32", [1.5, 7, np.float32(2)], [np.float64(0.1), 2**24 + 1, 1j]),
    ("complex128", [1, 1.5, 2j, np.complex64(1j)], ["a", None]),
    ("boolean", [True, np.bool_(False)], [1, 0.0]),
    ("optional(float64)", [None, 1.5, 2], ["a"]),
    ("float64[:]", [np.ones(2), np.ones(6)[::2]], [np.ones(2, "f4"), np.ones((2, 2)), 1.0]),
    ("float64[::1]", [np.ones(2)], [np.ones(6)[::2]]),
    ("float64[:, ::1]", [np.ones((2, 3))], [np.ones((3, 2)).T]),
    ("float64[::1, :]", [np.ones((3, 2)).T], [np.ones((3, 2))]),
    ("UniTuple(float64, 2)", [(1, 2.5)], [(1,), 1.0]),
    ("Tuple((int64, float64))", [(1, 2)], [(1.5, 2)]),
])  # fmt: skip
def test_conversions(declared, good, bad):
    f = cw.jit(f"({declared},)")(lambda x: 1)
    for value in good:
        assert f(value) == 1
    for value in bad:
        with pytest.raises((cw.TypingError, OverflowError)):
            f(value)


def test_range_of_an_integer_parameter():
    f = cw.jit("(uint8,)")(lambda x: x)
    with pytest.raises(OverflowError, match="300 does not fit uint8"):
        f(300)


def test_readonly_array():
    a = np.ones(3)
    a.flags.writeable = False
    with pytest.raises(cw.TypingError, match="read-only"):
        cw.jit("(float64[:],)")(lambda x: 1)(a)


def test_the_result_is_converted():
    f = cw.jit("float64(int64)")(lambda x: x)
    assert type(f(3)) is float
    with pytest.raises(cw.CoachwhipError) as caught:
        cw.jit("int64(float64)")(lambda x: x)
    assert caught.value.code == "CW0404"


def test_pointers():
    f = cw.jit("(CPointer(float64), intp)")(lambda p, i: p[i])
    a = np.arange(3.0)
    memory = (ctypes.c_double * 2)(5, 6)
    assert f(a, 2) == 2.0
    assert f(memory, 1) == 6.0
    assert f(a.ctypes.data, 1) == 1.0
    assert f(ctypes.cast(memory, ctypes.POINTER(ctypes.c_double)), 0) == 5.0
    assert f(ctypes.cast(memory, ctypes.c_void_p), 0) == 5.0


@pytest.mark.parametrize(("text", "part"), [
    ("flot64(int8)", "did you mean float64"), ("float64(", "not a signature"), ("float64[::2](int8)", "only step"),
    ("__import__('os')", ""), ("float64(float64) + 1", ""), ("float64[:, ::1, :](int8)", "last dimension"),
])  # fmt: skip
def test_unreadable(text, part):
    with pytest.raises(cw.TypingError, match="CW0403") as caught:
        cw.jit(text)
    assert part in str(caught.value)


def test_type_objects():
    assert repr(types.float64[:, ::1]) == "float64[:, ::1]"
    assert repr(types.float64[::1, :]) == "float64[::1, :]"
    assert types.float64[:] == types.f8[:] != types.float64[::1]
    assert repr(types.int32(types.float64, types.intp)) == "int32(float64, int64)"
    assert types.CPointer(types.void) == types.voidptr
    assert types.intp is types.int64
    assert types.float64(3) == 3.0
    assert hash(types.float64[:]) == hash(types.f8[:])


@pytest.mark.parametrize(("options", "error", "part"), [
    ({"fastmth": True}, TypeError, "did you mean 'fastmath'"), ({"bounds_check": False}, TypeError, "boundscheck"),
    ({"fastmath": {"nan"}}, ValueError, "nnan"), ({"inline": "sometimes"}, ValueError, "always"),
    ({"error_model": "c"}, ValueError, "numpy"), ({"nogil": 1}, TypeError, "True or False"),
    ({"locals": [1]}, TypeError, "dict"), ({"forceobj": True}, ValueError, "object mode"),
])  # fmt: skip
def test_options_are_checked(options, error, part):
    with pytest.raises(error, match=part):
        cw.jit(**options)


@pytest.mark.parametrize("options", [{"parallel": True}, {"looplift": True}, {"nopython": False}], ids=str)
def test_options_without_effect_warn(options):
    for decorate in (cw.jit, cw.njit, cw.autojit, lambda **o: cw.cfunc("float64(float64)", **o)):
        with pytest.warns(cw.CoachwhipWarning, match="has no effect") as caught:
            decorate(**options)
        assert [w.filename for w in caught] == [__file__]
    quiet = {name: None for name in options} | {"parallel": False, "looplift": False, "nopython": True, "forceobj": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cw.jit(**quiet)


def test_every_option_is_documented():
    page = (pathlib.Path(__file__).parent.parent / "docs/options.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == sorted(_options.OPTIONS)


def test_spelled_otherwise():
    assert cw.njit(cube)(2) == cw.autojit(cube)(2) == cw.jit(nopython=True, cache=True, parallel=False)(cube)(2) == 8
    assert cw.jit(cw.jit(cube)).py_func is cube


def test_locals():
    @cw.jit
    @cw.locals(total=cw.float64)
    def f(n):
        total = 0
        for i in range(n):
            total += i
        return total

    assert type(f(4)) is float


@pytest.mark.parametrize("thing", [len, 3, int, staticmethod(cube), [].append])
def test_only_functions(thing):
    with pytest.raises(TypeError):
        cw.jit(thing)


def test_added_later():
    f = cw.jit(cube)
    f.compile("float64(float64)")
    assert f.signatures == [(cw.float64,)]
    assert f(2) == 8


def test_number_of_parameters():
    with pytest.raises(cw.TypingError, match="has 1 parameter, but .*f.. has 2 parameters"):

        @cw.jit("float64(float64)")
        def f(x, n=2):
            return x * n

    spread = cw.jit("float64(float64, int64, int64)")(lambda x, *rest: x + len(rest))
    assert spread(1, 2, 3) == 3.0
    with pytest.raises(cw.TypingError):
        spread(1, 2)
