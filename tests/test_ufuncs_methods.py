"""`np.add.reduce` and the other methods of ufuncs."""
import numpy as np
import pytest

from array_cases import layouts, small
from support import refused, same
from test_expressions_operators import GRID, run

INTEGERS = ["subtract", "bitwise_and", "bitwise_or", "bitwise_xor", "gcd", "lcm", "logical_xor", "fmax", "maximum", "multiply",
            "add", "remainder", "floor_divide", "logical_and", "logical_or", "minimum"]
FLOATS = ["subtract", "divide", "fmin", "fmod", "copysign", "add", "maximum"]


def calls(names, method, arguments):
    return ", ".join(f"np.{name}.{method}({arguments})" for name in names)


@pytest.mark.parametrize("dtype", ["i8", "u1"])
def test_reduce_integers(dtype):
    a = small((3, 4), dtype) % 7 + 1
    for arguments in ("a", "a, axis=1", "a, -1, keepdims=True"):
        run(calls(INTEGERS, "reduce", arguments), a)
    run(calls(INTEGERS[:8], "reduce", "a, initial=5"), a[0])


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 4), (3, 0)], ids=str)
def test_reduce_floats(shape):
    a = small(shape, "f8") + 1.5
    run(calls(FLOATS, "reduce", "a"), a)
    if len(shape) > 1:
        run(calls(FLOATS, "reduce", "a, axis=-1") if 0 not in shape else "np.add.reduce(a, axis=-1)", a)
        run("np.add.reduce(a, axis=None), np.fmax.reduce(a, axis=(0, 1)), np.bitwise_or.reduce(a.astype(int), axis=None)"
            if 0 not in shape else "np.add.reduce(a, axis=None)", a)


def test_reduce_layouts():
    def f(a):
        return np.subtract.reduce(a), np.subtract.reduce(a, axis=1), np.subtract.reduce(a, axis=0, keepdims=True)

    for _, a in layouts((3, 4)):
        same(f, a, strides=False)


def test_reduce_arguments():
    out = np.zeros(4)
    run("return np.subtract.reduce(a, out=b), b", GRID, out)
    run("return np.subtract.reduce(a, out=b), b", GRID, np.zeros(4, int))
    run("return np.add.reduce(a, out=b), b, np.add.reduce(a, 0, np.float32), np.add.reduce(a, initial=3, where=a > 2)", GRID, out)
    run("np.subtract.reduce(a, dtype=np.float32), np.subtract.reduce(a, initial=10), np.divide.reduce(a[0].astype(int) + 1)", GRID)
    run("np.add.reduce(5), np.subtract.reduce(5), np.subtract.reduce((1, 2, 3)), np.hypot.reduce(a[0]), np.logaddexp.reduce(a[0])",
        GRID, ulp=4)
    run("np.maximum.reduce(a, initial=7), np.logical_and.reduce(a, axis=1), np.logical_or.reduce(a > 11)", GRID)


def test_reduce_where():
    run("np.subtract.reduce(a, initial=1, where=a > 3), np.bitwise_or.reduce(a.astype(int), axis=1, where=b), np.fmax.reduce(a, axis=None,"
        " initial=-1, where=a < 5), np.subtract.reduce(a[0], initial=0, where=b), np.gcd.reduce(a.astype(int), 0, where=b[:3, None])",
        GRID, np.array([True, False, True, True]))


def test_reduce_of_nothing():
    empty = np.zeros(0)
    run("np.add.reduce(a), np.multiply.reduce(a), np.hypot.reduce(a), np.logaddexp.reduce(a), np.bitwise_and.reduce(a.astype(int))", empty)
    for name in ("subtract", "fmax", "divide"):
        run(f"np.{name}.reduce(a)", empty)
        run(f"np.{name}.reduce(a)", np.zeros((0, 3)))
        run(f"np.{name}.reduce(a)", np.zeros((3, 0)))


def test_accumulate():
    a = small((3, 4), "i4") % 5 + 1
    for arguments in ("a", "a, axis=1", "a[0]", "a[::2, ::-1]"):
        run(calls(["add", "multiply", "subtract", "maximum", "logical_and", "divide"], "accumulate", arguments), a)
    run("return np.subtract.accumulate(a, out=b), b, np.subtract.accumulate(a, dtype=np.float64)", a, np.zeros((3, 4), "i8"))
    run("np.maximum.accumulate(a)", np.zeros(0))
    run("np.maximum.accumulate(a), np.minimum.accumulate(a, axis=0)", np.asfortranarray(a))


def test_outer():
    run("np.multiply.outer(a, b), np.less.outer(a, b), np.subtract.outer(a, 3), np.add.outer(1, 2), np.add.outer(3, a)",
        np.arange(3), np.arange(2.0))
    run("np.add.outer(a, b).shape, np.multiply.outer(a, b, dtype=np.float32)", GRID, np.arange(2.0))
    run("return np.add.outer(a, b, out=c), c", np.arange(3.0), np.arange(2.0), np.zeros((3, 2)))


def test_at():
    run("np.add.at(a, b, 1)\nnp.subtract.at(a, b, c)\nnp.negative.at(a, b)\nreturn a", np.arange(5.0), np.array([0, 0, -1, 3]),
        np.arange(4.0))
    run("np.add.at(a, [0, 1, 1], 2)\nnp.maximum.at(a, [[0, 1], [1, 1]], 7)\nnp.add.at(a, 1, 2)\nnp.add.at(a, b, 3)\nreturn a",
        np.arange(3), np.array([True, False, True]))
    run("np.add.at(a, ([0, 1, 0], [1, 1, 1]), [1, 2, 3])\nnp.add.at(a, [0, 0], [1, 2, 3])\nnp.add.at(a, (slice(None), 0), 5)\nreturn a"
        .replace("slice(None)", "slice(0, 2)"), np.zeros((2, 3)))
    run("np.add.at(a, [0, 1], 1.5)\nreturn a", np.arange(3))
    run("np.add.at(a, b, 1)\nreturn a", np.arange(3), np.array([0, 1, 5]))
    run("np.add.at(a, b, 1)\nreturn a", np.arange(3), np.array([0, -4]))
    run("np.add.at(a, b, c)", np.zeros(3), np.array([0, 1]), np.ones(3))
    run("np.add.at(a[::2], b, 1)\nreturn a", np.arange(6), np.array([0, 1, 1]))


def test_reduceat():
    a = np.arange(8.0) / 7
    run("np.add.reduceat(a, [0, 4, 1, 5]), np.subtract.reduceat(a, [0, 3]), np.maximum.reduceat(a, b)", a, np.array([0, 2, 2, 7]))
    run("np.add.reduceat(a, b)", np.random.default_rng(1).normal(size=1000), np.array([0, 3, 500, 400]))
    run("np.add.reduceat(a, [0, 1]), np.subtract.reduceat(a, [0, 1]), np.add.reduceat(a > 1, [0, 1])", np.arange(3, dtype="i1"))
    run("np.subtract.reduceat(a, [0, 1, 0], axis=1), np.add.reduceat(a, [0, 2])", GRID)
    run("np.add.reduceat(a, b)", a, np.zeros(0, int))
    run("np.add.reduceat(a, b)", a, np.array([0, 8]))
    run("np.add.reduceat(a, b)", a, np.array([0, -1]))
    run("return np.add.reduceat(a, [0, 4], out=b), b", a, np.zeros(2))


REFUSED = ["np.subtract.reduce(a, axis=None)", "np.less.reduce(a)", "np.sin.reduce(a)", "np.sin.outer(a, a)", "np.less.accumulate(a)",
           "np.subtract.reduce(a, where=a > 1)"]


@pytest.mark.parametrize("source", REFUSED)
def test_refusals(source):
    scope = {"np": np}
    exec(f"def f(a):\n    return {source}\n", scope)
    with pytest.raises((TypeError, ValueError)) as raised:
        scope["f"](GRID)
    shown = str(refused(scope["f"], GRID))
    # What NumPy says about loops that it does not find depends on which it has looked for before.
    assert str(raised.value) in shown or "loop" in str(raised.value) and "No loop matching" in shown
