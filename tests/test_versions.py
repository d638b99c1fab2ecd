"""What follows the running interpreter: compiled code does what this CPython does, whichever it is.

Every test compares with the plain function, so the same tests hold on all versions.
"""
import itertools
import math
import operator
import sys

import numpy as np
import pytest

import coachwhip as cw
from coachwhip import _core
from support import refused, same

PARTS = [0.0, -0.0, 1.0, -2.5, math.inf, -math.inf, math.nan, 1e300, -1e-300]
COMPLEXES = [complex(re, im) for re in PARTS for im in PARTS]
REALS = {float: PARTS, int: [0, 1, -3, 10**15], bool: [False, True]}


def outcome(function, *arguments):
    """The bits of the result, or the exception."""
    try:
        return repr(function(*arguments))
    except ArithmeticError as error:
        return repr(error)


def add(a, b):
    return a + b


def subtract(a, b):
    return a - b


def multiply(a, b):
    return a * b


def divide(a, b):
    return a / b


def augmented(a, b):
    a *= b
    return a


@pytest.mark.parametrize("function", [add, subtract, multiply, divide, augmented])
@pytest.mark.parametrize("kind", [float, int, bool])
def test_real_operands_of_complex_numbers(function, kind):
    """Since 3.14 a real operand has no imaginary part, so that zeros keep their signs."""
    compiled = cw.jit(function)
    for z, x in itertools.product(COMPLEXES, REALS[kind]):
        for arguments in ((z, x), (x, z)):
            assert outcome(compiled, *arguments) == outcome(function, *arguments), arguments


@pytest.mark.parametrize("function", [multiply, divide])
def test_infinite_complex_numbers(function):
    """Since 3.14 products and quotients of infinities are not lost in NaN."""
    compiled = cw.jit(function)
    for z, w in itertools.product(COMPLEXES, COMPLEXES[::3]):
        assert outcome(compiled, z, w) == outcome(function, z, w), (z, w)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 7, -1, -2, 2.0, 3 + 0j])
def test_whole_powers_of_complex_numbers(exponent):
    def literal(z):
        return z ** exponent

    def power(z, n):
        return z ** n

    compiled, general = cw.jit(literal), cw.jit(power)
    for z in COMPLEXES:
        assert outcome(compiled, z) == outcome(literal, z), z
        if not isinstance(exponent, int):
            assert outcome(general, z, exponent) == outcome(power, z, exponent), z


def test_literal_complex_numbers():
    def f(x):
        return x * 1j, 1j * x, x - 1j, 2 - x * 1j, x / 1j, -0.0 + (x - 0j)

    for x in PARTS:
        assert outcome(cw.jit(f), x) == outcome(f, x)


def test_complex_products_in_a_loop():
    def f(z, factors):
        for k in range(len(factors)):
            z = z * complex(factors[k], 1.0) / 2.0 - 1
        return z

    compiled = cw.jit(f)
    for z in COMPLEXES:
        assert outcome(compiled, z, np.array([1.0, -0.5, 3.0])) == outcome(f, z, np.array([1.0, -0.5, 3.0])), z


NAMES = "acos acosh asin atanh cos gamma lgamma log log10 log1p log2 sin sqrt tan".split()
OUTSIDE = [0.0, -0.0, -1.0, -2.0, -2.5, 2.0, 1e300, math.inf, -math.inf, 0, -1, -2, 2, False, True]


@pytest.mark.parametrize("name", NAMES)
def test_words_of_math(name):
    """Since 3.14 the message says what was expected, and for most functions what was given."""
    function = getattr(math, name)

    def f(x):
        return function(x)

    for x in [*OUTSIDE, np.float64(-3.0), np.float32(-3.0), np.int8(-3)]:
        same(f, x, ulp=4)


def test_words_of_logarithms_with_a_base():
    def f(x, base):
        return math.log(x, base)

    for x, base in itertools.product([0.0, 2.0, -1, 3, 0], [0.0, -2.0, 0, 10, 2.5]):
        same(f, x, base, ulp=4)


def test_words_of_math_in_a_loop_over_an_array():
    def f(x, y):
        for k in range(len(x)):
            y[k] = math.log(x[k]) + math.sqrt(x[k])

    for bad in (0.0, -1.5, -math.inf):
        x = np.linspace(1, 2, 5000)
        x[4321] = bad
        same(f, x, np.zeros(5000), ulp=4)


@pytest.mark.parametrize("function", [
    operator.truediv, operator.floordiv, operator.mod, divmod, operator.pow, operator.lshift], ids=lambda f: f.__name__)
@pytest.mark.parametrize("arguments", [(1, 0), (1.0, 0.0), (1j, 0j), (0, -1), (0.0, -1.0), (0j, -1)], ids=str)
def test_words_of_operators(function, arguments):
    def f(a, b):
        return function(a, b)

    try:
        f(*arguments)
    except TypeError:
        # There is no such operator: refused before anything runs.
        refused(f, *arguments)
    except (ArithmeticError, ValueError):
        same(f, *arguments)
    else:
        same(f, *arguments)


def summed(items):
    return sum(items)


def summed_from(items, start):
    return sum(items, start)


ITEMS = [(1e100, 1, -1e100), (1e100, True, 1.0, -1e100), (1e100 + 0j, 1, -1e100), (1e100j, 1j, 1.0, -1e100j),
         (1e100, 1j, 1.0, -1e100), (1e100, 1.0, 0j, -1e100), (0.1, 0.1j, 1, 0.1), (1e100 + 0j, np.float64(1.0), 1.0, -1e100),
         (1e100, np.float64(1.0), -1e100), (complex(-0.0, -0.0), -0.0), (complex(math.inf, 1), 1 + 1e100j, 1, -1e100j)]


@pytest.mark.parametrize("items", ITEMS, ids=str)
def test_sums(items):
    same(summed, items)
    for start in (0.5, 1e100, 2j, -0.0, complex(-0.0, -0.0)):
        same(summed_from, items, start)


@pytest.mark.parametrize("start", [0.1, 1e100, 0.1j, 1e100 + 1j], ids=str)
def test_sums_of_what_is_iterated_over(start):
    def of_range(n, start):
        return sum(range(n), start)

    def of_floats(x, start):
        return sum(x, start)

    same(of_range, 10, start)
    same(of_floats, np.array([0.1, 0.2, 1e17, 0.3, -1e17]), start)


def test_table_of_differences():
    for name, since in [("compensated_sum", (3, 12)), ("real_with_complex", (3, 14)), ("math_names_argument", (3, 14))]:
        assert _core.follows(name) == (sys.version_info >= since)
    with pytest.raises(KeyError, match="no_such_row"):
        _core.follows("no_such_row")
