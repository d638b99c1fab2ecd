"""NumPy's universal functions with scalar arguments: value, dtype and NaN rules of every type."""
import itertools

import coachwhip
import numpy as np
import pytest
from number_cases import TYPES, check, function, name, supported, values
from support import same

EXACT = ("floor ceil trunc rint fabs absolute negative positive invert conjugate square reciprocal sign isfinite isinf "
         "isnan signbit spacing logical_not bitwise_count modf frexp sqrt deg2rad rad2deg degrees radians real imag "
         "isposinf isneginf").split()
LIBRARY = ("arccos arccosh arcsin arcsinh arctan arctanh cbrt cos cosh exp exp2 expm1 log log10 log1p log2 sin sinh tan "
           "tanh angle").split()
EXACT_TWO = ("add subtract multiply divide floor_divide remainder bitwise_and bitwise_or bitwise_xor left_shift right_shift "
             "equal not_equal less less_equal greater greater_equal maximum minimum fmax fmin fmod copysign heaviside "
             "logical_and logical_or logical_xor divmod nextafter").split()
LIBRARY_TWO = "power float_power arctan2 hypot logaddexp logaddexp2".split()
INTEGER_TWO = "gcd lcm".split()


def usable(source, *arguments):
    with np.errstate(all="ignore"):
        return supported(source, *arguments)


@pytest.mark.parametrize("ufunc", EXACT)
def test_exact(ufunc):
    for kind in TYPES:
        source = f"np.{ufunc}(a)"
        if usable(source, kind(1)):
            check(function(source, "a"), [(a,) for a in values(kind)], ulp=2 if is_complex(kind) else 0)


def is_complex(kind):
    return issubclass(kind, (complex, np.complexfloating))


@pytest.mark.parametrize("ufunc", LIBRARY)
def test_library(ufunc):
    for kind in TYPES:
        source = f"np.{ufunc}(a)"
        if usable(source, kind(1)):
            # NumPy's own vector code is off by up to 4 units; ours are the C library's.
            check(function(source, "a"), [(a,) for a in values(kind)], ulp=4, allowed=complex_edge)


def complex_edge(arguments, got, want):
    """Complex functions of single precision are computed in double: nearer to the truth by some units."""
    return isinstance(want, np.complex64) and np.isclose(got, want, rtol=1e-5, equal_nan=True)


KINDS = [bool, int, float, complex, np.bool_, np.int8, np.int64, np.uint8, np.uint64, np.float16, np.float32, np.float64,
         np.complex64, np.complex128]


@pytest.mark.parametrize("left", KINDS, ids=name)
def test_exact_of_two(left):
    for right in KINDS:
        sources = [f"np.{ufunc}(a, b)" for ufunc in EXACT_TWO]
        sources = [s for s in sources if usable(s, left(1), right(1))]
        # One ufunc of three for each pair keeps the time down; every ufunc meets every kind on each side.
        turn = (KINDS.index(left) + KINDS.index(right)) % 3
        chosen = sources[turn::3]
        if chosen:
            check(function("(" + ", ".join(chosen) + ",)"), cases(left, right))


@pytest.mark.parametrize("ufunc", LIBRARY_TWO + INTEGER_TWO + ["ldexp"])
def test_library_of_two(ufunc):
    kinds = (int, float, np.int16, np.uint32, np.float16, np.float32, np.float64, np.complex128)
    for left, right in itertools.product(kinds, repeat=2):
        source = f"np.{ufunc}(a, b)"
        if usable(source, left(1), right(1)):
            few = [(a, b) for a, b in cases(left, right) if ufunc != "ldexp" or abs(int(b)) < 2**31]
            check(function(source), few, ulp=4)


def cases(left, right):
    """Pairs of numbers; Python ints fit every type."""
    def of(kind):
        if kind is int:
            return (0, 1, 3, 7, 100)
        return values(kind, few=True)
    return [(a, b) for a in of(left) for b in of(right)]


SMALL = (True, np.bool_(True), np.array([True, False]), np.int8(1), np.array([1, 2], np.int8), np.uint8(1), np.array([1, 2], np.uint8))


def test_small_numbers_give_float16():
    """Every ufunc that answers bools and small integers in float16."""
    met = set()
    for name in sorted(name for name in dir(np) if isinstance(getattr(np, name), np.ufunc)):
        ufunc = getattr(np, name)
        source = f"np.{name}({', '.join('a' * ufunc.nin)})"
        for a in SMALL:
            with np.errstate(all="ignore"):
                try:
                    want = ufunc(*[a] * ufunc.nin)
                except (TypeError, ValueError):
                    continue
                first = want[0] if isinstance(want, tuple) else want
                if getattr(first, "dtype", None) == np.float16:
                    met.add(name)
                    same(function(source, "a"), a)
    assert {"sqrt", "exp", "sin", "arctan2", "ldexp", "frexp", "hypot", "cbrt", "logaddexp"} <= met


def test_python_numbers_become_numpy_s():
    check(function("(np.sqrt(a), np.add(a, 1), np.add(a, a), np.maximum(a, 2.5), np.square(a))", "a"), [(2,), (7,)])


REAL_KINDS = (bool, int, float, np.bool_, np.int8, np.int64, np.uint8, np.float16, np.float32, np.float64)


@pytest.mark.parametrize("kind", REAL_KINDS, ids=name)
def test_functions_that_are_no_ufuncs(kind):
    numbers = [(a,) for a in values(kind)]
    for source in ("np.clip(a, 1, 3)", "np.clip(a, 0, 5.5)", "np.clip(a, None, 3)", "np.clip(a, 1, None)",
                   "np.clip(a, 3, 1)", "np.clip(a, a_min=0, a_max=100)", "np.isclose(a, 1)", "np.isclose(1.0000001, a)",
                   "np.isclose(a, a, equal_nan=True)", "np.isclose(a, 0.5, 0.1, 1.0)", "np.isreal(a)", "np.iscomplex(a)",
                   "np.iscomplexobj(a)", "np.isrealobj(a)", "np.isscalar(a)"):
        check(function(source, "a"), numbers)
    if kind not in (bool, np.bool_):
        check(function("np.fix(a)", "a"), numbers)
        check(function("np.sinc(a)", "a"), [(a,) for (a,) in numbers if abs(float(a)) < 1e5], ulp=4)
    if kind in (np.int8, np.uint8):
        for source in ("np.clip(a, -1, 300)", "np.clip(a, -1000, 5)", "np.clip(a, 2, 10**6)", "np.clip(a, 300, 400)"):
            check(function(source, "a"), numbers)


def test_limits():
    floats = ", ".join(f"np.finfo(a.dtype).{n}" for n in ("eps", "epsneg", "max", "min", "tiny", "smallest_normal",
                                                            "smallest_subnormal", "resolution", "bits", "nmant",
                                                            "precision"))
    check(function(f"({floats})", "a"), [(np.float32(1),), (np.float64(1),), (np.complex64(1),)])
    check(function("(np.finfo(float).eps, np.finfo(np.float32).max, np.finfo('f8').tiny)", ""), [()])
    check(function("(np.iinfo(a.dtype).min, np.iinfo(np.int32).max, np.iinfo(int).bits, np.iinfo(a.dtype).bits)", "a"),
          [(np.int8(1),), (np.uint64(1),), (np.int64(1),)])
    check(function("(np.result_type(a, b) == np.float64, np.promote_types(np.int8, np.uint8) == np.int16,"
                   " np.result_type(a, 1) == a.dtype)"), [(np.int8(1), np.float32(2)), (np.int32(1), np.float32(2))])
