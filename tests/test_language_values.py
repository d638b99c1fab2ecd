"""None and optional values, identity, types as values, exceptions, text and print.

PYTEST_DONT_REWRITE: the assert statements of the functions under test are compiled as they stand.
"""
import sys

import numpy as np
import pytest
from coachwhip import float64, int32, int64, jit, optional
from support import refused, same


def narrowed(x):
    result = None
    if x > 3:
        result = x * 2
    if result is None:
        return x * -1
    return result + 1


def not_narrowed(x):
    result = None
    if x > 3:
        result = x * 2
    return result + 1


def maybe(x):
    if x > 3:
        return x * 1.5
    return None


def optional_equality(x):
    r = maybe(x)
    return r == None, r != None, r == 6.0, r is None, r is not None, bool(r), not r  # noqa: E711


def optional_loop(n):
    best = None
    for i in range(n):
        v = (i * 7) % 5
        if best is None or v > best:
            best = v
    return best


def passes_optional(x):
    return maybe(x), maybe(x) is None


def default_none(x, y=None):
    if y is None:
        y = x
    return x + y


def identities(x):
    return x is None, x is not None, (x > 1) is True, type(x) is int, type(x) is not float, type(x) == bool


def instances(x):
    return (isinstance(x, int), isinstance(x, float), isinstance(x, (bool, complex)), isinstance(x, np.integer),
            isinstance(x, np.floating), isinstance(x, np.generic), isinstance(x, np.ndarray), isinstance(x, tuple),
            isinstance(x, object), isinstance(x, np.float64), isinstance(x, type(None)), callable(x))


def raises(kind, x):
    if kind == 0:
        raise ValueError
    if kind == 1:
        raise ValueError("a message")
    if kind == 2:
        raise IndexError("two arguments", x)
    if kind == 3:
        raise KeyError(f"{x!r:>8} and {x + 1:06.2f}!")
    if kind == 4:
        raise RuntimeError(x, (x, 2.5, None), True)
    if kind == 5:
        raise ZeroDivisionError()
    if kind == 6:
        raise TypeError("%d of %s, %5.2f%%" % (x, x, x * 1.5))
    if kind == 7:
        raise ArithmeticError("a" + "b" + str(x))
    if kind == 8:
        raise NotImplementedError from None
    return x


def asserts(x):
    assert x > 0, f"must be positive, not {x}"
    assert x < 10
    return x


class OwnError(Exception):
    """An exception of the user's."""

    def __init__(self, code, text="nothing"):
        super().__init__(code, text)
        self.code = code


def raises_own(x):
    if x > 0:
        raise OwnError(x, f"text {x}")
    raise OwnError(x)


def prints(x, y):
    print()
    print("a", x, y, (1, x, None), True, sep=", ")
    print(x, end="")
    print(f"{x:>8}|{y:.3f}|{y!r}|{x!s:5}|{'abc'}")
    print("x" + "y", "%s-%r" % (x, y), str(y), flush=True)
    print("to stdout", file=sys.stdout)


def text_constants(mode, x):
    if mode == "double":
        return x * 2
    elif mode in ("half", "quarter"):
        return x / len(mode)
    return x


def declared(x):
    y = x
    return y


@pytest.mark.parametrize("x", [1, 5, 2.5, 7.5])
def test_optional(x):
    same(narrowed, x)
    same(not_narrowed, x, messages=False)
    same(optional_equality, x)
    same(passes_optional, x)
    same(default_none, x)
    same(default_none, x, 2)


@pytest.mark.parametrize("n", [0, 1, 6])
def test_optional_in_a_loop(n):
    same(optional_loop, n)


VALUES = [1, 2.5, True, 1j, None, (1, 2), np.int8(1), np.uint64(1), np.float64(1), np.float32(1), np.complex64(1),
          np.bool_(True), np.zeros(3)]


@pytest.mark.parametrize("x", VALUES, ids=lambda v: type(v).__name__)
def test_types_as_values(x):
    same(instances, x)


@pytest.mark.parametrize("x", [1, 2.5, True, np.int64(4)])
def test_identity(x):
    same(identities, x)


@pytest.mark.parametrize("kind", range(10))
def test_exceptions(kind):
    same(raises, kind, 3)
    same(raises, kind, 2.5 if kind != 6 else 4)


@pytest.mark.parametrize("x", [3, -3, 30, 2.5, -0.0])
def test_assertions(x):
    same(asserts, x)
    same(raises_own, x)


def test_print(capfd):
    for x, y in [(1, 2.5), (-3, 1e300), (np.int8(5), np.float32(0.1)), (2, np.float64(1) / 3)]:
        prints(x, y)
        sys.stdout.flush()
        plain = capfd.readouterr().out
        jit(prints)(x, y)
        sys.stdout.flush()
        assert capfd.readouterr().out == plain


def test_literal_strings():
    for mode in ("double", "half", "quarter", "none"):
        same(text_constants, mode, 3.0)


def test_declared_results():
    assert type(jit(float64(int64))(declared)(3)) is np.float64 or type(jit(float64(int64))(declared)(3)) is float
    assert jit(int32(int64))(declared)(3) == 3
    with pytest.raises(OverflowError):
        jit(int32(int64))(declared)(2**40)
    with pytest.raises(Exception, match="int|float"):
        jit(int64(float64))(declared)


def test_declared_locals():
    def f(n):
        total = 0
        for i in range(n):
            total += i
        return total

    result = jit(locals={"total": float64})(f)(5)
    assert result == 10.0 and isinstance(result, float)


def raises_number(x):
    raise x


def prints_array(a):
    print(a)


def test_refusals():
    same(raises_number, 1)
    same(prints_array, np.zeros(3))
    assert "CW0104" in str(refused(lambda x: [lambda: x], 1))
    assert "CW0104" in str(refused(lambda x: {1: lambda: x}, 1))
