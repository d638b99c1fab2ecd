"""`int()`, `float()`, `complex()`, NumPy's scalar constructors, attributes and methods of numbers, dtypes."""
import numpy as np
import pytest
from number_cases import DTYPES, PYTHON, TYPES, check, function, name, supported, too_big, values


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_python_constructors(kind):
    for target in PYTHON:
        source = f"{target.__name__}(a)"
        if issubclass(kind, np.complexfloating) and target in (int, float):
            continue
        if supported(source, kind(1)):
            check(function(source, "a"), [(a,) for a in values(kind)], allowed=too_big)


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_numpy_constructors(kind):
    for dtype in DTYPES:
        source = f"np.{dtype.type.__name__}(a)"
        if supported(source, kind(1)):
            check(function(source, "a"), [(a,) for a in values(kind)], allowed=far_float)


def far_float(arguments, got, want):
    """A Python float beyond 64 bits: NumPy's message names the C type it tried first."""
    return (isinstance(arguments[0], float) and type(got) is OverflowError and type(want) is OverflowError
            or too_big(arguments, got, want))


def test_complex_of_parts():
    for source in ("complex(a, b)", "np.complex128(a, b)", "np.complex64(a, b)"):
        check(function(source), [(1, 2), (0.5, -0.0), (np.float32(3), 4)])
    check(function("complex(a, b)"), [(1 + 2j, 3.0), (1 + 2j, 3 - 4j), (1.0, 2j)])
    check(function("(complex(), float(), int(), bool(), np.float32(), np.int8())", ""), [()])


def test_texts():
    check(function("(float('inf'), float('-inf'), float('nan'), float(' 1_0.5e3 '), int('-12'), np.float64('nan'))", ""),
          [()])


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_attributes(kind):
    numpy = ("dtype", "itemsize", "nbytes", "ndim", "size", "shape") if kind not in PYTHON else ()
    for attribute in ("real", "imag", "numerator", "denominator", *numpy):
        if hasattr(kind(1), attribute):
            check(function(f"a.{attribute}", "a"), [(a,) for a in values(kind)])


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_methods(kind):
    numpy = ("item", "conj", "tolist") if kind not in PYTHON else ()
    for method in ("conjugate", "is_integer", "bit_length", "bit_count", *numpy):
        if hasattr(kind(1), method):
            check(function(f"a.{method}()", "a"), [(a,) for a in values(kind)], allowed=too_big)
    if kind not in PYTHON:
        for dtype in DTYPES:
            check(function(f"a.astype(np.{dtype.type.__name__})", "a"), [(a,) for a in values(kind)])


def test_dtypes():
    check(function("(np.dtype('f4') == np.float32, a.dtype == np.float64, a.dtype != 'f8', np.dtype(a.dtype).itemsize,"
                   " a.dtype.name == 'float64', a.dtype == np.int8, np.dtype(np.int8).itemsize)", "a"), [(np.float64(1),)])
    check(function("a.dtype.type(b)"), [(np.int16(1), 7.0)])
