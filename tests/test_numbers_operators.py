"""Every operator on every pair of number types, against plain Python and NumPy."""
import operator

import coachwhip
import numpy as np
import pytest
from number_cases import PYTHON, TYPES, bits, check, function, name, pairs, supported, too_big, values

SAFE = ("+", "-", "*", "/", "//", "%", "&", "|", "^", "<<", ">>")
COMPARISONS = ("<", "<=", "==", "!=", ">", ">=")
MIXED = [(left, right) for left in TYPES for right in TYPES if left not in PYTHON or right not in PYTHON]
# An int that is too wide for the NumPy type fails in every operator of a batch; it has a test of its own.
FITTING = {int: (0, 1, 3, 7, 100)}


def cases(left, right):
    """Pairs, with Python ints that fit every NumPy type."""
    return [(a, b) for a in FITTING.get(left, values(left)) for b in FITTING.get(right, values(right))]


@pytest.mark.parametrize("left", TYPES, ids=name)
def test_numpy_operators(left):
    for right in TYPES:
        if left in PYTHON and right in PYTHON:
            continue
        # `complex / np.float64(0)` is Python's own division, which raises.
        operators = [op for op in SAFE if supported(f"a {op} b", left(1), right(1))]
        if left is complex and right is np.float64:
            operators.remove("/")
        f = function("(" + ", ".join(f"a {op} b" for op in operators + list(COMPARISONS)) + ")")
        check(f, cases(left, right))


@pytest.mark.parametrize("left", TYPES, ids=name)
def test_numpy_power(left):
    for right in TYPES:
        if left in PYTHON and right in PYTHON:
            continue
        # Vector math gives the powers; `cpow` of NumPy's single precision is computed in double here.
        check(function("a ** b"), cases(left, right), ulp=4, allowed=complex_power)


def complex_power(arguments, got, want):
    """Complex powers: the C library's in double precision, where NumPy has single."""
    if isinstance(want, np.complex64) and isinstance(got, np.complex64):
        return bool(np.isclose(got, want, rtol=1e-5, atol=0)) or bits(np.isnan(got)) == bits(np.isnan(want))
    return False


@pytest.mark.parametrize("op", SAFE + ("**",) + COMPARISONS)
def test_python_operators(op):
    for left in PYTHON:
        for right in PYTHON:
            if supported(f"a {op} b", left(1), right(1)):
                many = pairs(left, right)
                if op in ("**", "<<"):
                    many = [(a, b) for a, b in many if abs(b) < 2000]
                check(function(f"a {op} b"), many, ulp=2 if op == "**" else 0, allowed=python_deviation)
                if op == "**":
                    check(function(f"a {op} b"), many, allowed=python_deviation, exact_math=True)


def python_deviation(arguments, got, want):
    """64 bits, and powers whose type depends on the value."""
    if too_big(arguments, got, want):
        return True
    a, b = arguments
    if isinstance(got, ValueError) and "is complex" in str(got):
        return isinstance(want, complex) and a < 0
    if isinstance(got, ValueError) and "is a float" in str(got):
        return b < 0 and (isinstance(want, float) or isinstance(want, ZeroDivisionError))
    return False


LITERALS = ("0", "1", "2", "3", "5", "7", "64", "-1", "-2", "0.0", "0.5", "1.5", "2.0", "3.0", "-1.0", "-0.5", "2.5",
            "1j", "2j")


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_literal_powers(kind):
    for literal in LITERALS:
        if kind is np.bool_ and literal.startswith("-") or not supported(f"a ** {literal}", kind(1)):
            continue
        few = [(a,) for a in values(kind)]
        check(function(f"a ** {literal}", "a"), few, ulp=4, allowed=literal_power)


def literal_power(arguments, got, want):
    return python_deviation((*arguments, 1), got, want) or complex_power(arguments, got, want)


OPERANDS = ("1", "3", "2.5", "1j", "True", "2.0**53", "1e300", "-0.5")
WIDE = ("-7", "300", "2**53 + 1")


@pytest.mark.parametrize("kind", [t for t in TYPES if t not in PYTHON], ids=name)
def test_literal_operands(kind):
    for literal in OPERANDS:
        sources = [s for op in SAFE + COMPARISONS for s in (f"a {op} ({literal})", f"({literal}) {op} a")]
        if kind is np.float64 and literal == "1j":
            sources.remove("(1j) / a")
        sources = [source for source in sources if supported(source, kind(1))]
        check(function("(" + ", ".join(sources) + ")", "a"), [(a,) for a in values(kind)])
    for literal in WIDE:
        for source in (f"a + ({literal})", f"({literal}) // a", f"a < ({literal})", f"({literal}) / a"):
            if supported(source, kind(1)):
                check(function(source, "a"), [(a,) for a in values(kind)])


@pytest.mark.parametrize("literal", OPERANDS + WIDE)
def test_python_literal_operands(literal):
    for kind in PYTHON:
        for op in SAFE + COMPARISONS:
            for source in (f"a {op} ({literal})", f"({literal}) {op} a"):
                if "<<" not in source and supported(source, kind(1)):
                    check(function(source, "a"), [(a,) for a in values(kind)], allowed=too_big)
    if literal in ("1", "3", "True"):
        check(function(f"a << {literal}", "a"), [(a,) for a in values(int)], allowed=too_big)
        check(function(f"{literal} << a", "a"), [(a,) for a in values(int) if a < 1000], allowed=too_big)


@pytest.mark.parametrize("kind", [t for t in TYPES if t not in PYTHON and issubclass(t, np.integer)], ids=name)
def test_ints_that_do_not_fit(kind):
    ints = (-1, 127, 128, 255, 256, -129, 2**31, 2**32, 2**62, -2**63)
    for op in ("+", "//", "&", "<<"):
        check(function(f"a {op} b"), [(kind(3), i) for i in ints])
        check(function(f"a {op} b"), [(i, kind(3)) for i in ints])
    for op in COMPARISONS + ("/",):
        check(function(f"a {op} b"), [(a, i) for a in values(kind) for i in ints])


@pytest.mark.parametrize("kind", TYPES, ids=name)
def test_unary(kind):
    for source in ("-a", "+a", "~a", "not a", "abs(a)", "bool(a)", "1 if a else 0"):
        if supported(source, kind(1)):
            check(function(source, "a"), [(a,) for a in values(kind)], allowed=too_big)


@pytest.mark.parametrize("source", ["-a", "+a", "a - a"])
def test_numpy_bool_refuses(source):
    with pytest.raises(TypeError):
        coachwhip.jit(function(source, "a"))(np.True_)


@pytest.mark.parametrize("source", ["a + 1", "a * 3", "a << 62", "-a", "abs(a)", "a - 2", "a ** 2", "a // -1"])
def test_wrapping(source):
    compiled = coachwhip.jit(overflow="wrap")(function(source, "a"))
    for a in (0, 5, -5, 2**62, 2**63 - 1, -2**63):
        wrapped = (function(source, "a")(a) + 2**63) % 2**64 - 2**63
        assert compiled(a) == wrapped, (source, a)


def test_numpy_error_model():
    for source, a, b, want in (("a / b", 1, 0, np.inf), ("a / b", 1.0, 0.0, np.inf), ("a // b", 5, 0, 0),
                               ("a % b", 5, 0, 0), ("a ** b", 0.0, -1.0, np.inf)):
        assert coachwhip.jit(error_model="numpy")(function(source))(a, b) == want


@pytest.mark.parametrize("names", [("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"),
                                   ("lt", "le", "eq", "ne", "gt", "ge"), ("lshift", "rshift", "and_", "or_", "xor"),
                                   ("iadd", "isub", "imul", "ifloordiv")])
def test_operator_module(names):
    source = "(" + ", ".join(f"operator.{n}(a, b)" for n in names) + ")"
    check(function(source, operator=operator), [(7, 3), (5, 2), (1, 1)])
    source = "(operator.neg(a), operator.pos(a), operator.not_(a), operator.truth(a), operator.abs(a))"
    check(function(source, "a", operator=operator), [(2.5,), (0.0,), (-1.0,)])
    check(function("(operator.invert(a), operator.inv(a), operator.index(a))", "a", operator=operator), [(5,), (-3,)])
    check(function("(operator.is_(a, None), operator.is_not(b, None), operator.is_(a is None, True))", operator=operator),
          [(1, 2.5)])


def test_wide_literals():
    """Int literals of more than 64 bits where they mean something that fits."""
    unsigned = [(a,) for a in values(np.uint64)]
    for source in ("a & 0xFFFFFFFFFFFFFFFF", "np.uint64(0x9E3779B97F4A7C15) * a", "a ^ 2**63", "a < 2**63", "a == 2**64",
                   "a >= 18446744073709551615", "2**63 <= a", "a % 2**63"):
        check(function(source, "a"), unsigned)
    for source in ("a & 0xFFFFFFFFFFFFFFFF", "a % 2**64", "a < 2**64", "a >= -2**64", "a == 2**64", "a != 2**63"):
        check(function(source, "a"), [(a,) for a in values(int)], allowed=too_big)
    floats = [(a,) for a in (*values(float), 2.0**63, 2.0**64, -2.0**64)]
    for op in COMPARISONS:
        for bound in ("2**64", "2**64 + 1", "2**64 - 1", "-2**64 - 1", "2**63"):
            check(function(f"(a {op} {bound}, {bound} {op} a)", "a"), floats)
    check(function("(a + 2**64, 2**63 / a, float(2**64), np.float64(2**64), a * 18446744073709551615)", "a"), [(1.5,)])
    check(function("(a + 2**64, a < 2**64, np.float32(2**64))", "a"), [(np.float32(1.5),), (np.float64(2),)])
    wrapped = coachwhip.jit(overflow="wrap")(function("(a * 6364136223846793005 + 1) & 0xFFFFFFFFFFFFFFFF", "a"))
    assert wrapped(12345) % 2**64 == (12345 * 6364136223846793005 + 1) % 2**64


@pytest.mark.parametrize("left", TYPES, ids=name)
def test_what_python_refuses_is_refused(left):
    for right in TYPES:
        for op in SAFE + ("**",) + COMPARISONS:
            if not supported(f"a {op} b", left(1), right(1)):
                with pytest.raises(TypeError):
                    coachwhip.jit(function(f"a {op} b"))(left(1), right(1))
    for source in ("-a", "+a", "~a", "round(a)", "divmod(a, 2)", "a < 1j"):
        if not supported(source, left(1)):
            with pytest.raises(TypeError):
                coachwhip.jit(function(source, "a"))(left(1))
