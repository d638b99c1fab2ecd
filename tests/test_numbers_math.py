"""The math and cmath modules: the C library's bits where it computes the values, failures as CPython's.

Vector math is within 1 ulp of the true value, as the C library is, but for its cube root (4 ulp).
"""
import cmath
import itertools
import math

import coachwhip
import numpy as np
import pytest
from number_cases import COMPLEX, FLOATS, REALS, check, function, name, too_big, values
from support import same

ONE = ("acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor frexp gamma "
       "isfinite isinf isnan lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp").split()
TWO = "atan2 copysign fmod isclose log nextafter pow remainder".split()
VECTOR = dict.fromkeys(("acos asin atan atan2 cos cosh exp exp2 expm1 log log10 log1p log2 pow sin sinh tan "
                        "tanh acosh asinh atanh").split(), 2) | {"cbrt": 5}
NUMBERS = FLOATS + (0.3, -0.7, 2.0, -2.5, 10.0, 25.5, 171.7, -170.5, -171.5, 700.0, 710.0, -745.0, 1e15, 1.0000001, 5, -3,
                    True, 2**53 + 1)


@pytest.mark.parametrize("name", ONE)
def test_one_number(name):
    ulp = VECTOR.get(name, 0)
    check(function(f"math.{name}(a)", "a"), [(a,) for a in NUMBERS], ulp=ulp, allowed=too_big)
    if ulp:
        check(function(f"math.{name}(a)", "a"), [(a,) for a in NUMBERS], allowed=too_big, exact_math=True)
    kinds = [np.float32, np.float64, np.int8, np.uint64, np.bool_]
    for kind in kinds:
        if name != "trunc" or kind is np.float64:
            check(function(f"math.{name}(a)", "a"), [(a,) for a in values(kind)], ulp=ulp, allowed=too_big)


@pytest.mark.parametrize("name", TWO)
def test_two_numbers(name):
    numbers = FLOATS + (0.3, 2.0, -2.5, 10.0, 3, 2**53 + 1)
    ulp = VECTOR.get(name, 0)
    check(function(f"math.{name}(a, b)"), list(itertools.product(numbers, repeat=2)), ulp=ulp)
    if ulp:
        check(function(f"math.{name}(a, b)"), list(itertools.product(numbers, repeat=2)), exact_math=True)


def test_hypot_and_dist():
    numbers = (0.0, -0.0, 3.0, -4.0, 1e200, 5e-324, 1e-310, math.inf, math.nan, 2)
    check(function("math.hypot(a, b)"), list(itertools.product(numbers, repeat=2)), ulp=1)
    check(function("math.hypot(a, b)"), list(itertools.product(numbers, repeat=2)), exact_math=True)
    check(function("math.hypot(a, b, c)", "a, b, c"), list(itertools.product(numbers, repeat=3)))
    check(function("math.dist((a, b, c), (c, a, b))", "a, b, c"), list(itertools.product(numbers, repeat=3)))
    check(function("(math.hypot(), math.hypot(a))", "a"), [(-2.0,), (3,)])


def test_sums_and_products():
    numbers = (0.1, 1e100, -1e100, 0.3, 5e-324, -0.1, 1e308)
    check(function("math.fsum((a, b, c, a))", "a, b, c"), list(itertools.product(numbers, repeat=3)))
    check(function("math.fsum((a, b))"), list(itertools.product((math.inf, -math.inf, math.nan, 1.0), repeat=2)))
    check(function("(math.prod((a, b, 3)), math.prod((b,), start=a), math.prod(()))"), [(2, 5), (2.5, 3), (0, -1)])


ITERABLES = [
    np.array([0.1] * 10 + [1e100, 1e16, -1e100]), np.arange(1, 7), np.array([], np.float64), np.ones(40, np.float32)[::3] / np.float32(3),
    np.array([True, False, True]), np.arange(3, dtype=np.uint8), range(1, 9), range(0), range(9, 0, -2), (0.1,) * 11, (1, 2.5, True) * 4,
    np.array([1e308, 1e308, -1e308]), np.array([math.inf, 1.0]), np.array([math.inf, -math.inf, 1.0]), np.array([math.nan, math.inf]),
    np.array([-0.0, -0.0]), np.array([1.0, 2**-53, 2**-53, 2**-106]), np.array([1e16, 1.0, 1e-16]), np.logspace(-320, 308, 400),
    np.array([(-1.0) ** k * 1.7**k for k in range(-600, 600)]), np.array([2.0**k for k in range(-1074, 1024, 54)]),
]


@pytest.mark.parametrize("source", ["math.fsum(a)", "math.prod(a)", "math.prod(a, start=2)"])
def test_sums_and_products_of_iterables(source):
    same_of = function(source, "a")
    compiled = coachwhip.jit(same_of)
    for iterable in ITERABLES:
        if source.startswith("math.prod") and len(iterable) == 0:
            continue  # the type of an empty product is that of its start in Python only
        same(same_of, iterable, compiled=compiled)
    for wrong in (5, 2.5, None, 1j, np.float64(2), np.array(2.0), np.ones((2, 2)), ((1, 2),), print, ...):
        if source == "math.fsum(a)" or not isinstance(wrong, (np.ndarray, tuple)):
            with pytest.raises((TypeError, coachwhip.CompileError)):
                compiled(wrong)


def test_fsum_is_exact_under_fastmath():
    a = np.array([1e16, 1.0, -1e16, 1e-16] * 9)
    assert coachwhip.jit(fastmath=True)(lambda a: math.fsum(a))(a) == math.fsum(a)


def test_fsum_of_random_numbers():
    compiled = coachwhip.jit(lambda a: math.fsum(a))
    random = np.random.default_rng(7)
    for size in (1, 3, 10, 100, 1000):
        for spread in (1, 30, 300):
            for _ in range(10):
                a = random.standard_normal(size) * 10.0 ** random.integers(-spread, spread, size)
                a = np.concatenate([a, -a[: size // 2], a[::2] * 2**-53])
                assert compiled(a) == math.fsum(a)


def test_ldexp():
    exponents = (0, 1, -1, 100, -1074, -1080, 1024, 5000, 2**40, -2**40, True)
    check(function("math.ldexp(a, b)"), list(itertools.product(FLOATS, exponents)))


def test_isclose_tolerances():
    cases = [(1.0, 1.0 + 1e-6, r, t) for r in (0.0, 1e-5, -1.0) for t in (0.0, 1e-3, -1.0)]
    check(function("math.isclose(a, b, rel_tol=c, abs_tol=d)", "a, b, c, d"), cases)


INTS = (0, 1, 2, 3, 5, 12, 20, 21, 66, 67, 100, 10**9, 2**32, 2**62, 2**63 - 1, -1, -12, -2**63)


def test_integers():
    for name in ("factorial", "isqrt", "perm"):
        check(function(f"math.{name}(a)", "a"), [(a,) for a in INTS if name == "isqrt" or a < 2000], allowed=too_big)
    small = [(a, b) for a in INTS for b in INTS if not (a > 1000 and b > 1000)]
    for name in ("comb", "perm"):
        check(function(f"math.{name}(a, b)"), [(a, b) for a, b in small if b < 5000], allowed=too_big)
    for name in ("gcd", "lcm"):
        check(function(f"math.{name}(a, b)"), list(itertools.product(INTS, repeat=2)), allowed=too_big)
        check(function(f"math.{name}(a, b, 6)"), list(itertools.product(INTS, repeat=2)), allowed=too_big_on_the_way)
        check(function(f"(math.{name}(), math.{name}(a))", "a"), [(5,), (-7,), (0,)])
    check(function("(math.gcd(a, b), math.isqrt(a), math.comb(a, b))"), [(np.int8(6), np.uint16(4))])


def too_big_on_the_way(arguments, got, want):
    """A chain of ints that leaves 64 bits in the middle."""
    return type(got) is OverflowError


def test_constants():
    check(function("(math.pi, math.e, math.tau, math.inf, math.nan, math.pi * a)", "a"), [(2.0,)])
    check(function("(cmath.pi, cmath.infj, cmath.nanj, cmath.inf * a)", "a", cmath=cmath), [(2.0,)])


PARTS = (0.0, -0.0, 1.0, -1.0, 0.75, -2.5, 1e-310, 1e160, 1e308, 715.0, -720.0, math.inf, -math.inf, math.nan)
Z = [complex(re, im) for re in PARTS for im in PARTS]
COMPLEX_ONE = ("acos acosh asin asinh atan atanh cos cosh exp isfinite isinf isnan log log10 phase polar sin sinh sqrt tan "
               "tanh").split()


@pytest.mark.parametrize("name", COMPLEX_ONE)
def test_complex_functions(name):
    check(function(f"cmath.{name}(a)", "a", cmath=cmath), [(z,) for z in Z], allowed=underflow)
    check(function(f"cmath.{name}(a)", "a", cmath=cmath), [(0.5,), (-2.5,)])
    check(function(f"cmath.{name}(a)", "a", cmath=cmath), [(np.complex64(0.5 + 2j),)])


def underflow(arguments, got, want):
    """`cmath.phase` of CPython 3.11 reports an underflow of `atan2` as an overflow."""
    return got == 0.0 and isinstance(want, OverflowError)


def test_complex_functions_of_two():
    check(function("cmath.rect(a, b)", cmath=cmath), list(itertools.product(PARTS, repeat=2)))
    check(function("cmath.log(a, b)", cmath=cmath), list(itertools.product(COMPLEX + (2, 10 + 0j), repeat=2)))
    check(function("cmath.isclose(a, b)", cmath=cmath), list(itertools.product(COMPLEX, repeat=2)))


@pytest.mark.parametrize("kind", REALS, ids=name)
def test_whole_numbers_of_every_type(kind):
    check(function("math.floor(a)", "a"), [(a,) for a in values(kind)], allowed=too_big)
    check(function("math.ceil(a)", "a"), [(a,) for a in values(kind)], allowed=too_big)
