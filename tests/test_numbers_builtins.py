"""Built-in functions over numbers: min, max, pow, divmod, round, hash."""
import coachwhip
import numpy as np
import pytest
from number_cases import INTEGERS, REALS, TYPES, check, function, name, pairs, supported, too_big, values


@pytest.mark.parametrize("kind", REALS, ids=name)
def test_extremes(kind):
    numbers = values(kind)
    check(function("(min(a, b), max(a, b), min((a, b)), max(b, a, a))"), [(a, b) for a in numbers for b in numbers])


def test_extremes_of_mixed_types():
    check(function("(max(a, b), min(b, a))"), [(np.float64(1), np.float32(2)), (np.float64(1.5), np.float64("nan"))],
          allowed=lambda arguments, got, want: [float(v) for v in got] == [float(v) for v in want])
    compiled = coachwhip.jit(function("max(a, b)"))
    assert compiled(1, 2.5) == 2.5 and compiled(3, 2.5) == 3


@pytest.mark.parametrize("left", TYPES, ids=name)
def test_divmod(left):
    for right in TYPES:
        if supported("divmod(a, b)", left(1), right(1)):
            many = [(a, b) for a, b in pairs(left, right) if type(a) is not int or type(b) is int or 0 <= a < 100]
            many = [(a, b) for a, b in many if type(b) is not int or type(a) is int or 0 <= b < 100]
            check(function("divmod(a, b)"), many, allowed=too_big_quotient)


def too_big_quotient(arguments, got, want):
    return isinstance(want, tuple) and too_big(arguments, got, want[0])


def test_pow():
    check(function("pow(a, b)"), [(2, 10), (2.0, 0.5), (np.float32(2), 3)])
    cases = [(b, e, m) for b in (0, 1, 2, -3, 10**9, 2**63 - 1, -2**63) for e in (0, 1, 5, -1, 2**40, -3)
             for m in (1, -1, 2, 5, -7, 10**9 + 7, 0, 2**63 - 1, -2**63)]
    check(function("pow(a, b, c)", "a, b, c"), cases)


@pytest.mark.parametrize("kind", REALS, ids=name)
def test_round(kind):
    if supported("round(a)", kind(1)):
        halves = [kind(v) for v in (2.5, -2.5, 0.5, 1e17)] if issubclass(kind, (float, np.floating)) else []
        check(function("round(a)", "a"), [(a,) for a in values(kind) + halves], allowed=too_big)
        check(function("round(a, None)", "a"), [(a,) for a in values(kind)], allowed=too_big)
        for digits in ("0", "1", "2", "-1", "-2", "5"):
            numbers = [(kind(v),) for v in (2.675, 2.5, 25, 35, 0.125, 99)] + [(a,) for a in values(kind)]
            check(function(f"round(a, {digits})", "a"), numbers, allowed=too_big)
        check(function("round(a, b)"), [(kind(v), d) for v in (2.675, 25, 125, 17) for d in (-3, -1, 0, 1, 2)])


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_numpy_round(kind):
    for digits in ("", ", 1", ", -1"):
        if kind not in (bool, np.bool_):
            check(function(f"np.round(a{digits})", "a"), [(a,) for a in values(kind)])


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_hash(kind):
    check(function("hash(a)", "a"), [(a,) for a in values(kind) if a == a])


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_sizes(kind):
    check(function("abs(a)", "a"), [(a,) for a in values(kind)], allowed=too_big)


def test_python_int_truth_tables():
    for kind in INTEGERS:
        check(function("(a and b, a or b, not a)"), [(a, b) for a in values(kind)[:4] for b in values(kind)[:4]])


def test_sizes_against_bounds():
    """`abs(z)` against a literal is decided by squares; on the very edge by the modulus itself."""
    edges = [2.0, np.nextafter(2.0, 0), np.nextafter(2.0, 3), 1e-170, 1e200, np.inf, np.nan, 0.0]
    turns = [1, 1j, (3 + 4j) / 5, 0.6 - 0.8j, np.exp(1j), np.exp(0.7j)]
    numbers = [complex(edge * turn) for edge in edges for turn in turns]
    source = "(abs(z) > 2.0, abs(z) >= 2, abs(z) < 2.0, abs(z) <= 2, 2 < abs(z), abs(z) == 2.0, abs(z) < b, abs(z) > 1e-150)"
    check(function(source, "z, b"), [(z, b) for z in numbers for b in (2.0, 3)])
    check(function(source, "z, b"), [(np.complex128(z), b) for z in numbers for b in (2.0,)])
    with np.errstate(all="ignore"):
        single = [np.complex64(z) for z in numbers]
    check(function(source, "z, b"), [(z, 2.0) for z in single])
    check(function("abs(z) > 2.0", "z"), [(complex(1.7e308, 1.7e308),), (complex(1e200, 1.0),)])
