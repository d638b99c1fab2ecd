"""`overflow="raise"`: NumPy's integers fail at the ends of their width, against exact arithmetic in Python ints."""
import itertools
import math

import coachwhip
import numpy as np
import pytest

strict = coachwhip.jit(overflow="raise")
DTYPES = "int8 int32 int64 uint16 uint64".split()
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

BINARY = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a // b": lambda a, b: a // b if b else 0,
    "a % b": lambda a, b: a % b if b else 0,
    "a << b": lambda a, b: (a << b if b < 200 else a * 2**200) if b >= 0 else 0,
    "a ** b": lambda a, b: a**b if b < 200 or abs(a) < 2 else 2**200,
    "np.gcd(a, b)": math.gcd,
    "np.lcm(a, b)": math.lcm,
}
UNARY = {"-a": lambda a: -a, "abs(a)": abs, "np.square(a)": lambda a: a * a, "a ** 3": lambda a: a**3, "~a": None}


def made(source):
    """The function `f` of a source."""
    scope = {"np": np}
    exec(source, scope)
    return scope["f"]


def edges(dtype):
    """Numbers at and around the ends of a dtype."""
    info = np.iinfo(dtype)
    numbers = (info.min, info.min + 1, -1, 0, 1, 2, 3, info.bits - 1, info.bits, info.max // 2 + 1, info.max - 1, info.max)
    return [n for n in dict.fromkeys(numbers) if info.min <= n <= info.max]


def outcome(f, *arguments):
    """The value, or that it is an overflow."""
    try:
        return f(*arguments)
    except OverflowError as error:
        return str(error)


def expected(exact, dtype):
    """The outcome that an exact result is meant to have."""
    info = np.iinfo(dtype)
    if info.min <= exact <= info.max:
        return np.dtype(dtype).type(exact)
    return f"integer overflow: the result does not fit {dtype}"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("operation", BINARY)
def test_two_numbers(operation, dtype):
    f, make = strict(made(f"def f(a, b):\n    return {operation}\n")), np.dtype(dtype).type
    for a, b in itertools.product(edges(dtype), repeat=2):
        if "**" in operation and b < 0:
            continue
        got, want = outcome(f, make(a), make(b)), expected(BINARY[operation](a, b), dtype)
        assert type(got) is type(want) and got == want, (a, b)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("operation", UNARY)
def test_one_number(operation, dtype):
    f, make = strict(made(f"def f(a):\n    return {operation}\n")), np.dtype(dtype).type
    for a in edges(dtype):
        want = ~make(a) if operation == "~a" else expected(UNARY[operation](a), dtype)
        got = outcome(f, make(a))
        assert type(got) is type(want) and got == want, a


#: Loops of one dtype, as what they store for an element.
LOOPS = ["a[i] + b[i]", "a[i] - b[i]", "a[i] * b[i]", "a[i] * 3 + b[i]", "-a[i]", "abs(a[i] - b[i])", "a[i] << 1"]


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8"])
@pytest.mark.parametrize("expression", LOOPS)
def test_loops_fail_at_their_element(expression, dtype):
    """Everything before the element has been stored, and nothing after it; in array expressions nothing is returned."""
    loop = strict(made(f"def f(a, b, out):\n    for i in range(a.size):\n        out[i] = {expression}\n"))
    whole = strict(made(f"def f(a, b):\n    return {expression.replace('[i]', '')}\n"))
    random, info = np.random.default_rng(3), np.iinfo(dtype)
    for size, place in ((1, 0), (1, None), (9000, 0), (9000, 4500), (9000, 8999), (9000, None)):
        a, b = random.integers(1, 10, size).astype(dtype), random.integers(0, 1, size, endpoint=True).astype(dtype)
        if place is not None:
            a[place], b[place] = info.max - 1, info.max
        exact = [eval(expression, {"a": [int(p)], "b": [int(q)], "i": 0}) for p, q in zip(a, b)]
        # What is computed on the way.
        inner = [int(p) - int(q) if "abs" in expression else int(p) * 3 if "3" in expression else 0 for p, q in zip(a, b)]
        bad = next((i for i in range(size) if not all(info.min <= x[i] <= info.max for x in (exact, inner))), size)
        out, want = np.full(size, 77, dtype), np.full(size, 77, dtype)
        want[:bad] = exact[:bad]
        got = outcome(loop, a, b, out)
        assert isinstance(got, str) == (bad < size), (size, place)
        np.testing.assert_array_equal(out, want)
        got = outcome(whole, a, b)
        if bad < size:
            assert got == expected(2**70, dtype)
        else:
            np.testing.assert_array_equal(got, want, strict=True)


SUMS = {
    "for": "s = 0\n    for v in a:\n        s += v\n    return s",
    "less": "s = a[0]\n    for i in range(1, a.size):\n        s -= a[i]\n    return s",
    "some": "s = 0\n    for v in a:\n        if v > 3:\n            s += v\n    return s",
    "products": "s = a[0] * 0\n    for v in a:\n        s += v * v\n    return s",
}


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint64"])
@pytest.mark.parametrize("form", SUMS)
def test_sums_fail_where_they_leave_the_width(form, dtype):
    """Sums in chunks that are small, that are large, and that come near the end from either side."""
    f = strict(made(f"def f(a):\n    {SUMS[form]}\n"))
    info, random = np.iinfo(dtype), np.random.default_rng(4)
    low = 0 if info.min == 0 else -9
    plain = random.integers(low, 9, 9000).astype(dtype)
    near, beyond, back = plain.copy(), plain.copy(), plain.copy()
    near[10], beyond[[10, 8800]], back[[10, 20, 30]] = info.max // 4 * 3, info.max // 3 * 2, (info.max, low, info.max // 2)
    big = np.full(9000, info.max // 9001).astype(dtype)
    for a in (plain, near, beyond, back, big, plain[:1], near[:5000], beyond[::-1].copy()):
        steps = [int(v) for v in a]
        if form == "products":
            steps = [v * v for v in steps]
        elif form == "less":
            steps = steps[:1] + [-v for v in steps[1:]]
        elif form == "some":
            steps = [v for v in steps if v > 3]
        sums = list(itertools.accumulate(steps))
        fits = all(info.min <= s <= info.max for s in sums) and all(abs(s) <= info.max for s in steps)
        got = outcome(f, a)
        assert isinstance(got, str) != fits
        if fits:
            assert got == (sums[-1] if sums else 0) and (not sums or type(got) is np.dtype(dtype).type)


@pytest.mark.parametrize("call", [
    "a.sum()", "a.prod()", "np.cumsum(a)", "np.cumprod(a)", "np.dot(a, a)", "a @ a", "np.add.reduce(a)", "np.vdot(a, a)",
    "np.multiply.accumulate(a)", "np.multiply(a, a)", "np.outer(a, a)", "np.inner(a, a)", "np.power(a, 2)", "np.nansum(a)",
    "np.diff(-a)[0] - a[0] * 2", "sum(a)", "np.add.outer(a, a)", "a.reshape(1, 3).sum(axis=1)",
])
def test_functions_of_arrays(call):
    f = strict(made(f"def f(a):\n    return {call}\n"))
    small = np.array([1, 2, 3])
    np.testing.assert_array_equal(f(small), made(f"def f(a):\n    return {call}\n")(small), strict=True)
    for a in (np.array([2**62, 2**62, 2**62]), np.array([2**63 - 1, 3, 5])):
        assert outcome(f, a) == expected(2**70, "int64")


def test_what_is_not_arithmetic_stays():
    """Conversions, shifts to the right, bits, remainders and `arange` do what they do in NumPy."""
    def f(a, b):
        b[:] = a
        down = np.arange(200, 100, -7, dtype=np.uint8)
        return a.astype(np.int8), a >> 60, a & 255, a % 7, ~a, np.int16(a[0]), b, down, np.arange(0, 300, dtype=np.uint8)

    a, b = np.array([2**63 - 1, -(2**63), 300]), np.zeros(3, np.int8)
    for got, want in zip(strict(f)(a, b.copy()), f(a, b.copy())):
        np.testing.assert_array_equal(got, want, strict=True)


def test_the_option():
    def add(a, b):
        return a + b

    top = np.int32(2**31 - 1)
    for options in ({}, {"overflow": "python"}, {"overflow": "wrap"}):
        assert coachwhip.jit(**options)(add)(top, np.int32(1)) == -(2**31)
    for options in ({}, {"overflow": "python"}, {"overflow": "raise"}):
        with pytest.raises(OverflowError, match="64-bit int"):
            coachwhip.jit(**options)(add)(2**63 - 1, 1)
    with pytest.raises(ValueError, match="'python' or 'raise' or 'wrap'"):
        coachwhip.jit(overflow="check")(add)

    @coachwhip.jit
    def keeps_its_own(a, b):
        return add(a, b), other(a, b)

    def both(a, b):
        return other(a, b), add(a, b)

    other = coachwhip.jit(add)
    assert keeps_its_own(top, np.int32(1)) == (-(2**31), -(2**31))
    with pytest.raises(OverflowError, match="int32"):
        strict(both)(top, np.int32(1))
    assert strict(lambda a, b: other(a, b))(top, np.int32(1)) == -(2**31)
