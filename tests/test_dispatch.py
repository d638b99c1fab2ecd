"""Calls: argument and result types, binding, specialisations, what is refused."""
import enum
import gc
import inspect
import math
import pickle
import weakref
from collections import namedtuple

import numpy as np
import pytest
from support import SPECIAL_FLOATS, SPECIAL_INTS, refused, same

import coachwhip as cw


def identity(x):
    return x


DTYPES = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
          "float16", "float32", "float64", "complex64", "complex128")  # fmt: skip


@pytest.mark.parametrize("value", [*SPECIAL_FLOATS, *SPECIAL_INTS, True, False, None, 3 - 4j, complex(math.nan, -0.0)])
def test_python_values(value):
    same(identity, value)


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_scalars(dtype):
    for value in (0, 1, 100):
        same(identity, np.dtype(dtype).type(value))
    if np.dtype(dtype).kind in "iu":
        for value in (np.iinfo(dtype).min, np.iinfo(dtype).max):
            same(identity, np.dtype(dtype).type(value))
    if np.dtype(dtype).kind in "fc":
        for value in SPECIAL_FLOATS:
            with np.errstate(all="ignore"):
                same(identity, np.dtype(dtype).type(value))


@pytest.mark.parametrize("dtype", DTYPES)
def test_arrays(dtype):
    a = np.arange(24).reshape(2, 3, 4).astype(dtype)
    readonly = a.copy()
    readonly.flags.writeable = False
    for array in (a, a.T, a[::-1, :, ::2], np.asfortranarray(a), a[:, 1], a[0, 0, 1:1], np.array(3).astype(dtype),
                  np.zeros((0, 3), dtype), np.broadcast_to(a[0], (2, 3, 4)), readonly):  # fmt: skip
        same(identity, array)


def test_an_argument_returned_is_that_object():
    a = np.arange(4.0)
    assert cw.jit(identity)(a) is a


def test_view_keeps_its_base_alive():
    @cw.jit
    def tail(a):
        return a[1:]

    a = np.arange(4.0)
    b = tail(a)
    assert b.base is a
    reference = weakref.ref(a)
    del a
    gc.collect()
    assert reference() is not None
    assert b.tolist() == [1.0, 2.0, 3.0]


def test_new_array_owns_its_memory():
    @cw.jit
    def made(n):
        return np.zeros(n)

    a = made(1000)
    assert a.flags.writeable and a.flags.aligned and a.flags.c_contiguous
    a[:] = 7.0
    assert made(1000)[0] == 0.0


def test_tuples_and_others():
    for value in ((), (1,), (1, 2.5, (np.float32(2), None, (True,))), (np.arange(3), 1), range(5), range(2, 11, 3),
                  slice(1, None, 2), slice(None), "text", b"bytes", np.dtype("f4"), np.float32, int, len, math.sin,
                  np.sqrt, identity):  # fmt: skip
        same(identity, value)


def two(a, b=3, *, c=2.0):
    return a + b * c


def spread(a, *rest):
    return a + len(rest)


def posonly(a, b=1, /, c=2):
    return a * 100 + b * 10 + c


@pytest.mark.parametrize(("function", "arguments", "keywords"), [
    (two, (1,), {}), (two, (1, 2), {}), (two, (), {"a": 1}), (two, (1,), {"b": 5}), (two, (1,), {"c": 0.5}),
    (two, (1,), {"c": 0.5, "b": 4}), (two, (), {}), (two, (1, 2, 3), {}), (two, (1,), {"d": 1}), (two, (1,), {"a": 2}),
    (spread, (1,), {}), (spread, (1, 2, 3.5), {}), (spread, (), {}), (spread, (), {"a": 2}),
    (posonly, (1,), {}), (posonly, (1, 2), {"c": 5}), (posonly, (1,), {"b": 2}), (posonly, (), {"a": 1}),
])  # fmt: skip
def test_binding(function, arguments, keywords):
    same(function, *arguments, keywords=keywords)


def test_default_changed():
    def f(x, k=1):
        return x + k

    compiled = cw.jit(f)
    assert compiled(1) == 2
    f.__defaults__ = (10,)
    assert compiled(1) == 11


def test_int_too_large():
    with pytest.raises(OverflowError, match="64-bit"):
        cw.jit(identity)(2**63)


class Point(namedtuple("Point", "x y")):
    def __new__(cls, x, y):
        return super().__new__(cls, y, x)


class Colour(enum.IntEnum):
    RED = 1


class Real(float):
    pass


class Sub(np.ndarray):
    pass


@pytest.mark.parametrize(("value", "code"), [
    ([1, 2.5], "CW0401"), ({1: 2, "a": 3}, "CW0401"), ({1, 2.5}, "CW0401"), (object(), "CW0401"), (Point(1, 2), "CW0401"),
    (Real(1), "CW0401"), (np.zeros(3).view(Sub), "CW0405"),
    (np.zeros(3, ">f8"), "CW0405"), (np.zeros(3, "g"), "CW0405"), (np.array([None]), "CW0405"),
    (np.zeros(3, "M8[s]"), "CW0405"), (np.zeros(2, [("a", "f8")]), "CW0405"), (np.array(["a"]), "CW0405"),
    (np.zeros(17, np.uint8)[1:].view("f8"), "CW0405"), ((1, [object()]), "CW0401"), (np.longdouble(1), "CW0401"),
])  # fmt: skip
def test_refused(value, code):
    error = refused(identity, value, code=code)
    assert "argument 'x'" in str(error)
    assert error.diagnostic.help


def test_one_specialisation_for_each_type():
    f = cw.jit(identity)
    for value in (1, 2, 1.5, 2.5, 1, np.float32(1)):
        f(value)
    assert f.signatures == [(cw.int64,), (cw.float64,), (cw.float32,)]


def test_looks_like_the_function():
    @cw.jit
    def documented(a: int, b=2) -> float:
        """What it does."""
        return a + b

    assert documented.__name__ == "documented"
    assert documented.__doc__ == "What it does."
    assert documented.__module__ == __name__
    assert documented.__qualname__.endswith("documented")
    assert documented.__annotations__ == {"a": int, "b": inspect.Parameter.empty} or documented.__annotations__["a"] is int
    assert str(inspect.signature(documented)) == "(a: int, b=2) -> float"
    assert documented.__wrapped__ is documented.py_func
    assert "compiled" in repr(documented)
    assert callable(documented)


@cw.jit
def at_module_level(x):
    return x + 1


def test_pickled_by_name():
    assert pickle.loads(pickle.dumps(at_module_level)) is at_module_level


class Holder:
    @cw.jit
    def method(self, x):
        return x

    @staticmethod
    @cw.jit
    def static(x):
        return x + 1


def test_binds_like_a_function():
    assert Holder.static(1) == 2
    assert Holder().static(1) == 2
    assert Holder.method(1, 2) == 2
    assert Holder().method(1) == 1


def test_collected_with_its_globals():
    def make():
        @cw.jit
        def f(x):
            return f(x - 1) + 1 if x > 0 else 0

        assert f(3) == 3
        return weakref.ref(f)

    reference = make()
    gc.collect()
    assert reference() is None


def test_weak_reference_and_attributes():
    f = cw.jit(identity)
    f.note = "mine"
    assert f.note == "mine"
    assert weakref.ref(f)() is f


def test_many_arguments():
    names = [f"a{i}" for i in range(60)]
    space = {}
    exec(f"def f({', '.join(names)}): return {' + '.join(names)}", space)  # noqa: S102
    assert cw.jit(space["f"])(*range(60)) == sum(range(60))


def test_large_tuple_result():
    space = {}
    exec(f"def f(x): return ({', '.join(f'x + {i}' for i in range(50))})", space)  # noqa: S102
    assert same(space["f"], 1) == tuple(range(1, 51))
