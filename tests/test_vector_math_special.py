"""Vector math at special values, in loops and alone: NumPy's values, CPython's exceptions."""
import itertools
import math

import coachwhip
import numpy as np
import pytest

from support import same

ONE = (
    "exp exp2 expm1 log log2 log10 log1p sinh cosh tanh cbrt sin cos tan arcsin arccos arctan arcsinh arccosh arctanh"
).split()
TWO = "power hypot arctan2".split()
MATH = "exp exp2 expm1 log log2 log10 log1p sinh cosh tanh cbrt sin cos tan asin acos atan asinh acosh atanh".split()
SPECIAL = (0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 0.5, -0.5, 2.0, 3.0, -2.0, -3.0, 1e-300, -1e-310,
           5e-324, -5e-324, 1e308, -1e308, 709.782712893384, 709.7827128933841, -745.2, 710.4758600739439, 710.475860073944, 1024.0,
           1023.9999999999999, -1074.0, -1075.0, -1075.1, 2.0**52 + 1, 2.0**53, 1e22)
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def loop(call, arguments="x"):
    """A function that computes a call for each element."""
    source = f"def f({arguments}, out):\n    for i in range(out.shape[0]):\n        out[i] = {call}\n"
    scope = {"np": np, "math": math}
    exec(source, scope)
    return scope["f"]


def in_ulps(got, want, ulp):
    """Whether two arrays are within so many ulp, with equal signs of zeros and NaN where NaN is."""
    with np.errstate(all="ignore"):
        close = np.abs(got - want) <= ulp * np.spacing(np.abs(want))
    special = (np.isnan(got) & np.isnan(want)) | ((got == want) & (np.signbit(got) == np.signbit(want)))
    return bool(np.all(close & (want != 0) & np.isfinite(want) | special))


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("name", ONE)
def test_one_argument(name, dtype):
    with np.errstate(all="ignore"):
        x = np.tile(np.asarray(SPECIAL, dtype), 3)
        want = getattr(np, name)(x)
    f = coachwhip.jit(loop(f"np.{name}(x[i])"))
    for size in (x.size, 1, 7):
        out = np.empty(size, dtype)
        f(x[:size], out)
        assert in_ulps(out, want[:size], 5), [(a, b, c) for a, b, c in zip(x, out, want) if b != c]


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("name", TWO)
def test_two_arguments(name, dtype):
    with np.errstate(all="ignore"):
        x, y = (np.array(v, dtype) for v in zip(*itertools.product(SPECIAL, repeat=2)))
        want = getattr(np, name)(x, y)
    out = np.empty_like(want)
    coachwhip.jit(loop(f"np.{name}(x[i], y[i])", "x, y"))(x, y, out)
    assert in_ulps(out, want, 5), [(a, b, c, d) for a, b, c, d in zip(x, y, out, want) if c != d]


@pytest.mark.parametrize("name", MATH)
def test_exceptions_of_math(name):
    """One bad number at any place of a chunk: the exception, and what was stored before it."""
    f = loop(f"math.{name}(x[i])")
    compiled = coachwhip.jit(f)
    for bad in (math.inf, -math.inf, -2.0, 2.0, -1.0, 0.0, 1e6, -1e6, math.nan):
        for size, place in ((1, 0), (20, 19), (5000, 4500)):
            outcomes = []
            for function in (f, compiled):
                x, out = np.linspace(0.1, 0.9, size), np.zeros(size)
                x[place] = bad
                try:
                    function(x, out)
                    failure = None
                except (ValueError, OverflowError) as e:
                    failure = (type(e), str(e))
                outcomes.append((failure, out))
            assert outcomes[0][0] == outcomes[1][0], (bad, size)
            assert in_ulps(outcomes[1][1], outcomes[0][1], 5), (bad, size)


def test_checks_see_what_earlier_passes_stored():
    """Loops whose passes feed each other: in place, shifted views of one array, sums."""

    def logs(a, b):
        for i in range(a.shape[0]):
            b[i] = math.log(a[i])

    def shifted(a):
        for i in range(a.shape[0] - 1):
            a[i + 1] = math.log(a[i]) + 1.5

    def total(a):
        s = 0.0
        for i in range(a.shape[0]):
            s += math.sqrt(a[i])
        return s

    for size in (6, 6000):
        for shift in (0, 1, 3):
            outcomes = []
            for f in (logs, coachwhip.jit(logs)):
                a = np.linspace(2, 3, size)
                try:
                    f(a[: size - shift], a[shift:])
                    failure = None
                except ValueError as e:
                    failure = str(e)
                outcomes.append((failure, a))
            assert outcomes[0][0] == outcomes[1][0]
            np.testing.assert_allclose(outcomes[1][1], outcomes[0][1], rtol=1e-13)
        same(shifted, np.linspace(2, 3, size), ulp=64)
        same(total, np.linspace(2, 3, size))
        same(total, np.linspace(2, -3, size))


def test_kernels_are_used_in_loops_alone():
    def many(x, out):
        for i in range(x.shape[0]):
            out[i] = np.exp(x[i])

    def one(x):
        return math.exp(x)

    def chain(x, n):
        for i in range(n):
            x = math.cos(x)
        return x

    def uses_kernel(f, *arguments):
        f = coachwhip.jit(f)
        f(*arguments)
        return " = fma " in list(f.inspect_ir().values())[0]

    assert uses_kernel(many, np.ones(3), np.ones(3))
    assert not uses_kernel(one, 1.0)
    assert not uses_kernel(chain, 1.0, 5)


def test_exact_math_gives_the_bits_of_the_c_library():
    for name in MATH:
        f = loop(f"math.{name}(x[i])")
        x = np.linspace(0.1, 30, 1000) / (31 if name in ("asin", "acos", "atanh") else 1) + (name == "acosh")
        out, want = np.empty_like(x), np.empty_like(x)
        coachwhip.jit(exact_math=True)(f)(x, out)
        f(x, want)
        assert np.array_equal(out, want), name


def test_fastmath_is_close():
    x = np.linspace(0.1, 30, 1000)
    for name in ("exp", "log", "sin", "tanh", "cbrt"):
        f = loop(f"math.{name}(x[i])")
        out, want = np.empty_like(x), np.empty_like(x)
        coachwhip.jit(fastmath=True)(f)(x, out)
        f(x, want)
        assert in_ulps(out, want, 8), name
