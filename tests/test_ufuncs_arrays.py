"""Ufuncs on arrays: every one against NumPy, and every argument of a ufunc; functions of elements that are no ufuncs."""
import numpy as np
import pytest

from array_cases import small
from support import refused, same
from test_expressions_operators import EDGES, GRID, run

with np.errstate(all="ignore"):
    COMPLEX = EDGES + np.where(np.isfinite(EDGES), 1j, 0) * EDGES[::-1]
EXACT = """floor ceil trunc rint fabs deg2rad rad2deg absolute negative positive square sign isfinite isinf isnan signbit spacing
    logical_not reciprocal sqrt conjugate isposinf isneginf fix isreal iscomplex""".split()
NEAR = """arccos arccosh arcsin arcsinh arctan arctanh cbrt cos cosh exp exp2 expm1 log log10 log1p log2 sin sinh tan tanh
    sinc""".split()
TWO = """maximum minimum fmod copysign heaviside equal less logical_and logical_or logical_xor nextafter add subtract
    multiply divide floor_divide remainder""".split()
TWO_NEAR = "arctan2 hypot logaddexp logaddexp2 power float_power".split()
INTEGERS = "bitwise_and bitwise_or bitwise_xor left_shift right_shift gcd lcm maximum fmod floor_divide remainder power".split()


def calls(names, arguments):
    return ", ".join(f"np.{name}({arguments})" for name in names)


@pytest.mark.parametrize("dtype", ["f8", "f4", "i2"])
def test_one_argument(dtype):
    with np.errstate(all="ignore"):
        a = EDGES.astype(dtype) if dtype != "i2" else np.arange(-3, 5, dtype=dtype)
    run(calls(EXACT, "a"), a)
    # Vector math is within one unit of the true value, and so is NumPy's, on the other side.
    run(calls(NEAR, "a"), a, ulp=4)
    run("np.modf(a), np.frexp(a)", a)


def test_two_arguments():
    a, b = np.repeat(EDGES, 8), np.tile(EDGES, 8)
    run(calls(TWO, "a, b"), a, b)
    # Which of two equal zeros is the larger one depends on NumPy's loop.
    unsigned = EDGES + 0.0
    run("np.fmax(a, b), np.fmin(a, b)", np.repeat(unsigned, 8), np.tile(unsigned, 8))
    run(calls(TWO_NEAR, "a, b"), a, b, ulp=4)
    run("np.ldexp(a, b), np.divmod(a, 2)", EDGES, np.arange(8))
    for dtype in ("i1", "u8"):
        x, y = small((20,), dtype), small((20,), dtype, 1) % np.dtype(dtype).type(8)
        run(calls(INTEGERS, "a, b") + ", np.bitwise_count(a), np.invert(a)", x, y)


def test_outputs():
    out = np.zeros((3, 4))
    run("return np.add(a, 1, out=b), b", GRID, out)
    run("return np.add(a, 1, b), b", GRID, out)
    run("return np.add(a, 1, out=(b,)), b", GRID, out)
    run("return np.sqrt(a, out=b), b", GRID, out.astype("f4"))
    run("return np.sqrt(a, out=None)", GRID)
    run("return np.add(1, 2, out=a), a", np.zeros(3))
    run("return np.add(1, 2, a), a", np.zeros((), "f4"))
    run("return np.modf(a, b, c), b, c", GRID / 3, out, out)
    run("return np.frexp(a, out=(b, None)), b", GRID, out)
    run("return np.divmod(a, 2, out=(b, c)), b, c", GRID, out, out)
    run("np.add(a[1:], a[:-1], out=a[1:])\nnp.multiply(a, a.T[::-1], out=a)\nreturn a", GRID[:, :3])
    run("np.divmod(a, 2, a[::-1], a.copy())\nreturn a", np.arange(5.0))
    run("return np.add(a, 1, out=b)", GRID, np.zeros((2, 3, 4)))


@pytest.mark.parametrize("shape", [(3,), (3, 5), (4,), (), (0, 4)], ids=str)
def test_shapes_of_outputs(shape):
    run("np.add(a, 1, out=b)", GRID, np.zeros(shape))
    run("np.add(a[0], a[1], out=b)", GRID, np.zeros(shape))
    run("np.divmod(a, 2, out=(b, c))", GRID, np.zeros((3, 4)), np.zeros(shape))


def test_where():
    run("return np.add(a, 1, out=b, where=a > 5)", GRID, np.zeros((3, 4)))
    run("return np.sqrt(a, out=b, where=c)", GRID, -np.ones((3, 4)), np.array([True, False, True, False]))
    run("return np.sqrt(a, out=a, where=True), np.add(a, 1, where=b, out=a)", GRID, False)
    run("return np.add(a, 1, out=b, where=c)", GRID[0], np.zeros((2, 4)), np.ones((2, 1), bool))
    run("np.add(a, 1, where=b, out=c)", GRID[0], np.ones(3, bool), np.zeros(4))
    run("return np.divmod(a, 2, out=(b, c), where=a > 3)", GRID, np.zeros((3, 4)), np.zeros((3, 4)))

    def f(a, b):
        return np.add(a, 1, out=a, where=b)

    assert "dtype('bool')" in str(refused(f, np.zeros(3), np.ones(3, int)))


def test_dtype():
    run("np.add(a, b, dtype=np.float32), np.add(a, b, dtype=np.int64, casting='unsafe'), np.less(a, 1, dtype=bool)", GRID, 1)
    run("np.add(1, 2, dtype=np.float32), np.sqrt(a, dtype='f8'), np.multiply(a, 3, dtype=np.complex64)", np.arange(3, dtype="f4"))
    run("np.add(a, 300, dtype=np.int16)", np.arange(3, dtype="i1"))
    run("np.add(a, 300, dtype=np.int8)", np.arange(3, dtype="i1"))
    run("np.add(a, 1, casting='no'), np.add(a, a, order='F'), np.add(a, a, subok=False)", GRID)


REFUSED = ["np.add(a, 1, dtype=int)", "np.less(a, 1, dtype=int)", "np.frexp(a, dtype=np.float64)", "np.sin(a, dtype=int)",
           "np.add(a, 1.5, out=np.zeros(3, int))", "np.divmod(a, 2, out=(np.zeros(3, int), None))", "np.add(a, b, casting='no')",
           "np.sqrt(b, casting='no')", "np.add(a, 1, dtype=np.float32, casting='no')", "np.copyto(b, a)",
           "a.astype(int, casting='safe')", "np.sin(a, out=b)"]


@pytest.mark.parametrize("source", REFUSED)
def test_refusals(source):
    scope = {"np": np}
    exec(f"def f(a, b):\n    return {source}\n", scope)
    arguments = np.ones(3), np.ones(3, int)
    with pytest.raises(TypeError) as raised:
        scope["f"](*arguments)
    assert str(raised.value) in str(refused(scope["f"], *arguments))


def test_choice():
    run("np.where(a > 3, a, -a), np.where(a > 3, 1, 2.5), np.where(a, a, 0), np.where(a.T, a.T, 0), np.where(a > 1, a[0], 7)", GRID)
    run("np.where(a, b, 300), np.where(a, b, 2.5), np.where(a, True, b)", GRID[0] > 1, np.ones(4, np.uint8))
    run("np.where(a > 1, np.float32(1), b)", GRID, GRID.astype("f4"))
    run("np.where(True, 1, 2), np.where(0, 2.5, a[0, 0]), np.where(0.0, (1, 2), 3)", GRID)
    run("np.where(a > 1, b, 1)", GRID, np.ones(3))
    run("np.where(a > 4), np.where(a[0] > 1)[0], np.sqrt([1, 4]), [1, 2, 3, 4] * a, np.maximum(a[0], [0, 5, 0, 5])", GRID,
        strides=False)


def test_clip():
    run("np.clip(a, 1, 5), np.clip(a, None, 3), a.clip(1), a.clip(min=1, max=3), np.clip(a), np.clip(a, b, 3)", GRID, np.ones(4))
    run("np.clip(a, -5, 300), np.clip(a, 0.5, 1.5), a.clip(0.5), np.clip(a, 1, 2, dtype=np.float32)", np.arange(3, dtype=np.uint8))
    run("np.clip(a, 300, None)", np.arange(3, dtype=np.uint8))
    run("np.clip(a, 0, 1), np.clip(a, False, True)", np.ones(2, bool))
    run("return np.clip(a, 1, 2, out=b), a.clip(1, 2, a), a", GRID, np.zeros((3, 4)))
    edges = EDGES + 0.0
    run("np.clip(a, b, c), np.clip(a, -1, 2), np.clip(a, c, 1)", np.repeat(edges, 8), np.tile(edges, 8), np.tile(edges, 8)[::-1])
    run("np.clip(a, b, 2)", np.arange(3), np.ones(4))


def test_rounding():
    run("np.round(a), np.round(a, 1), a.round(2), a.round(-1), np.around(a, decimals=3)", GRID / 7)
    run("np.round(a), a.round(-1), a.round(1)", np.arange(20))
    run("np.round(a, b), np.round(a)", EDGES, 1)
    run("return np.round(a, 1, b), a.round(out=a), a", GRID / 7, np.zeros((3, 4), "f4"))
    run("a.round()", np.array(2.5))
    run("np.round(a, 1)", COMPLEX)


def test_closeness():
    run("np.isclose(a, b), np.isclose(a, b, equal_nan=True), np.isclose(a, 0.1), np.isclose(a, b, 1e-3, 1.0)",
        np.repeat(EDGES, 8), np.tile(EDGES, 8))
    run("np.isclose(a, a), np.isclose(a, 1, equal_nan=True), np.isclose(1 + 1j, 1.0)", COMPLEX)
    run("np.isclose(a, a), np.isclose(a, b), np.isclose(b, 0.1)", np.ones(1, bool), np.array([0.1], "f4"))
    run("np.isclose(a, b)", np.ones(3), np.ones(4))
    run("np.isclose(a, a + 0.01, atol=b)", GRID, np.linspace(0, 0.02, 4))


@pytest.mark.parametrize("dtype", ["f8", "f4", "c16", "c8", "i8", "?"])
def test_nan_to_num(dtype):
    with np.errstate(all="ignore"):
        a = COMPLEX.astype(dtype) if dtype[0] == "c" else EDGES.astype(dtype)
    run("np.nan_to_num(a), np.nan_to_num(a, nan=1, posinf=5), np.nan_to_num(a, True, 2.0, neginf=-1), np.nan_to_num(a[1])", a)
    run("return np.nan_to_num(a, copy=False), a", a)


def test_parts():
    run("np.angle(a), np.angle(a, True), np.angle(a, deg=True)", COMPLEX, ulp=1)
    run("np.angle(a), np.angle(a, True), np.angle(-1, True), np.angle(1j)", np.arange(-2, 2), ulp=1)
    run("np.angle(a), np.angle(a, True)", np.arange(-2, 2, dtype="f4"), ulp=1)
    run("return np.real(a), np.imag(a), a.conj(), np.conj(a), a.conjugate()", COMPLEX)
    run("return np.imag(a), a.conj(), np.conj(a)", EDGES)
    run("a.astype(np.float32, casting='same_kind'), a.astype(int) + 1, a.T[::2].astype('i1')", GRID)
