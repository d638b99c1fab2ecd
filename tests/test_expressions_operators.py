"""Operators on whole arrays, plain and compiled: values, dtypes, shapes, memory order, failures."""
import numpy as np
import pytest

from array_cases import DTYPES, layouts, small, values
from number_cases import function
from support import refused, same

EDGES = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.5, -2.5, 7.0])
GRID = np.arange(12.0).reshape(3, 4)


def run(source, *arrays, **options):
    """The function whose body is an expression, or statements, of a, b, c."""
    names = "abcd"[:len(arrays)]
    if not is_expression(source):
        scope = {"np": np}
        exec(f"def f({', '.join(names)}):\n    " + source.replace("\n", "\n    ") + "\n", scope)
        same(scope["f"], *arrays, **options)
    else:
        same(function(source, ", ".join(names)), *arrays, **options)


def is_expression(source):
    try:
        compile(source, "", "eval")
    except SyntaxError:
        return False
    return True


ARITHMETIC = "a + b, a - b, a * b, a / b, a // b, a % b"
COMPARISONS = "a < b, a <= b, a == b, a != b, a > b, a >= b"


@pytest.mark.parametrize("dtype", ["i1", "u1", "i8", "u8", "f4", "f8"])
def test_arithmetic(dtype):
    a, b = values((7,), dtype), small((7,), dtype, 1)
    run(f"{ARITHMETIC}, {COMPARISONS}, -a, +a, abs(a), divmod(a, b)", a, b)


@pytest.mark.parametrize("pair", [("i1", "u8"), ("u4", "i4"), ("f4", "i2"), ("?", "i1"), ("i8", "u8"), ("f4", "f8")], ids=str)
def test_mixed_dtypes(pair):
    run(f"{ARITHMETIC}, {COMPARISONS}" if "?" not in pair else f"a + b, a * b, {COMPARISONS}",
        values((5,), pair[0]), small((5,), pair[1]) + small((5,), pair[1], 3))


def test_special_values():
    run(f"{ARITHMETIC}, {COMPARISONS}, divmod(a, b)", np.repeat(EDGES, 8), np.tile(EDGES, 8))


def test_complex():
    a = values((6,), "c16") + 1
    run("a + b, a - b, a * b, a / b, a == b, a != b, a < b, -a, abs(a), a ** 2, 1j * a, a / 2, a.conj()", a, a[::-1] * 2,
        ulp=2)
    run("1j * a, a + 1.5, a * 1j", values((4,), "f4"))


def test_integers():
    a, b = values((40,), "i4"), np.arange(40, dtype="i4") - 4
    run("a & b, a | b, a ^ b, ~a, a << b, a >> b, a & 7, 1 << abs(b) % 9", a, b)
    run("a & b, a | b, a ^ b, ~a", values((9,), "?"), values((9,), "?", 1))
    for dtype in ("i1", "u1", "u8"):
        run("a << 3, a >> 2, 3 >> a, a // 7, a % 7, a // 2, a % 1", values((9,), dtype))


def test_powers():
    run("a ** 2, a ** 3, a ** 0.5, a ** -1, a ** 1, a ** 0, a ** 2.0, a ** -1.0", EDGES, ulp=1)
    run("a ** 2, a ** 3, a ** 0.5, a ** 0, a ** 2.0, 2 ** abs(a), abs(a) ** a", np.arange(5, dtype="i4"))
    run("a ** 2, a ** 1", np.array([True, False]))
    run("a ** -1", np.arange(1, 3))
    run("a ** -1", np.zeros(0, int))
    run("a ** b", np.arange(3), -np.arange(3))
    run("a ** 0.5, a ** 2, a ** -1", values((5,), "c16"), ulp=64)


@pytest.mark.parametrize("number", [3, 2.5, True, 1j, np.int8(3), np.float32(2.5), np.uint64(7), np.float64(0.1)], ids=repr)
def test_numbers(number):
    expression = "a + b, b - a, a * b, a == b, a != b" if isinstance(number, bool) else "a + b, b - a, a * b, a / b, a == b, b < a"
    for dtype in ("i1", "f4", "u8"):
        run(expression, small((3,), dtype) + small((3,), dtype), number, ulp=1)


def test_ints_that_do_not_fit():
    small_array = np.arange(3, dtype=np.uint8)
    for source in ("a + 300", "a - -1", "a * 256", "300 // a", "a & 256", "a % 300", "a ** 300", "np.maximum(a, 300)"):
        run(source, small_array)
        run(source, np.zeros(0, np.uint8))
    run("a < 300, a > -1, a == 300, a != -1, 300 > a, a < 18446744073709551616, a == -18446744073709551616", small_array)
    run("a == 18446744073709551615, a < 18446744073709551615", np.array([2**64 - 1, 3], np.uint64))
    run("a + 18446744073709551615", np.array([2**64 - 1, 3], np.uint64))
    run("a + b", small_array, 300)
    run("a < b", small_array, -5)
    run("a + 1180591620717411303424", np.arange(3.0))
    run("a + 1180591620717411303424", small_array)


SHAPES = [((3, 4), (4,)), ((3, 1), (1, 4)), ((2, 3, 4), (3, 1)), ((0, 3), (3,)), ((0, 3), (1, 3)), ((1,), (5,)), ((3,), ()),
          ((), ()), ((3, 4), (3, 4)), ((2, 1, 2, 1), (3, 1, 2)), ((3,), (4,)), ((2, 3), (3, 2)), ((0,), (2,)), ((4, 3), (4,))]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_broadcasting(shapes):
    a, b = small(shapes[0], "f8"), small(shapes[1], "f8", 1)
    run("a + b, b < a", a, b)


def test_broadcasting_of_new_axes():
    run("a[:, None] * b, a[None] - b[:, None], (a + b[:, None]) * a", np.arange(3.0), np.arange(4.0)[:3])
    run("a[:, None] + b", np.arange(3.0), np.ones((2, 4)))


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 2)], ids=str)
def test_layouts(shape):
    f = function("a + b, a * 2, a < 3", "a, b")
    for name, a in layouts(shape):
        for other, b in layouts(shape):
            fixed = {"C", "F", "transposed", "read-only"}
            got, want = same_values(f, a, b)
            if name in fixed and other in fixed:
                assert [x.flags.f_contiguous for x in got] == [x.flags.f_contiguous for x in want], (name, other)


def same_values(f, *arguments):
    """The results of both, of equal values and dtypes; orders may differ where strides are known at run time only."""
    import coachwhip

    got, want = coachwhip.jit(f)(*arguments), f(*arguments)
    for x, y in zip(got, want):
        np.testing.assert_array_equal(x, y)
        assert x.dtype == y.dtype
    return got, want


def test_zero_dimensional_arrays():
    a = np.array(3.0)
    run("a + b, a + 1, -a, a < b, abs(a), a ** 2, a ** 0.5", a, np.array(4, np.int8))
    run("a + b, b * a", a, GRID)
    run("a += 1\nreturn a", a)
    run("a += b\nreturn a", a, np.ones(1))
    run("a[...] = b\nreturn a", a, 2)


def test_tuples_and_objects():
    run("a + (1, 2, 3, 4), (1.5, 2, 3, 4) * a, a == (0, 1, 2, 3)", GRID)
    run("a == None, a != None, a == 'x', None == a", GRID)


def test_truth():
    for a in (np.ones(1), np.zeros((1, 1)), np.array(2), np.zeros(0), np.ones(2)):
        run("return not a > 0", a)
    run("if a == a:\n    return 1\nreturn 2", GRID)


def test_chains():
    run("0.25 * a ** 3 + 0.75 * a ** 2 - 1.5 * a - 2", EDGES, ulp=2)
    run("t = a * 2\nu = t + b\nt = u - a\nreturn t * u, t", GRID, GRID[0])
    run("s = a * 0\nfor i in range(3):\n    s = s + a * i\nreturn s", GRID)
    run("return (a[1:] - a[:-1]) / (b[1:] - b[:-1])", np.arange(9.0) ** 2, np.arange(9.0))


def test_refusals():
    def minus(a):
        return a - a

    def add(a, b):
        return a + b

    def matrix(a):
        return a @ None

    assert "bool" in str(refused(minus, np.ones(2, bool), code="CW0301"))
    assert "test_expressions_operators" in str(refused(minus, np.ones(2, bool)))
    refused(add, np.ones(2), None, code="CW0301")
    refused(matrix, np.ones(2), code="CW0301")
