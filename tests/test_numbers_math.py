"""The math and cmath modules: the C library's bits where it computes the values, failures as CPython's.

Vector math is within 1 ulp of the true value, as the C library is, but for its cube root (4 ulp).
"""
import cmath
import itertools
import math

import numpy as np
import pytest
from number_cases import COMPLEX, FLOATS, REALS, check, function, name, too_big, values

ONE = ("acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor frexp gamma "
       "isfinite isinf isnan lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp").split()
TWO = "atan2 copysign fmod isclose log nextafter pow remainder".split()
VECTOR = dict.fromkeys(("acos asin atan atan2 cos cosh exp exp2 expm1 log log10 log1p log2 pow sin sinh tan "
                        "tanh").split(), 2) | {"cbrt": 5}
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
