"""Augmented assignment and assignment of array expressions: in place, casting, overlap, failures."""
import numpy as np
import pytest

from array_cases import layouts, small
from support import refused, same
from test_expressions_operators import run

SQUARE = np.arange(9.0).reshape(3, 3)

IN_PLACE = ["a += 1", "a -= b", "a *= b[0]", "a /= 2", "a //= 2\na %= 3\na **= 2", "a **= 0.5", "a += a", "a *= a.T",
            "a[::-1] += a", "a[:, 1:] -= a[:, :-1]", "a[1] += a[0]", "a[0] = a[1]", "a[...] = a + 1", "a[1:] = a[:-1] * 2",
            "a[1:-1, 1:-1] = 0.25 * (a[:-2, 1:-1] + a[2:, 1:-1])", "a[:] = 5", "a[:, 0] = b[0] + b[1]", "a[:2] = b[0]",
            "a.T[...] = a", "a[::2, ::2] *= -1", "a += b + b.T * 2", "a[1:] += a[:-1]", "a[:-1] += a[1:]"]


@pytest.mark.parametrize("statement", IN_PLACE)
def test_in_place(statement):
    run(statement + "\nreturn a", SQUARE, SQUARE + 1)


def test_layouts():
    def f(a, b):
        a += b
        a[1:] = a[:-1] - b[1:]
        a *= 2
        a[...] = a * a
        return a

    for name, a in layouts((3, 4)):
        if name not in ("zero strides", "read-only"):
            same(f, a, small((3, 4), "f8"))


def test_identity():
    def f(a):
        b = a
        b += 1
        return b

    same(f, np.arange(3.0))


@pytest.mark.parametrize("statement", ["a += b", "a -= b", "a[...] = b", "a[1:] = b", "a[:2] += b"])
@pytest.mark.parametrize("shapes", [((3,), (4,)), ((3,), (2, 3)), ((1,), (3,)), ((3, 4), (3,)), ((3,), (1, 3)), ((2, 3), (0,))],
                         ids=str)
def test_shapes(statement, shapes):
    run(statement + "\nreturn a", small(shapes[0], "f8"), small(shapes[1], "f8"))


def test_casting():
    for target, value in [("i1", np.int64(300)), ("f4", np.float64(0.1)), ("i1", np.ones(3, "u8").astype("i8")), ("c8", 1j),
                          ("f4", np.ones(3)), ("i1", 100), ("?", True), ("u1", np.ones(3, "i1").astype("u1"))]:
        run("a |= b\nreturn a" if target == "?" else "a += b\nreturn a", np.ones(3, target), value)
    run("a += 300", np.ones(3, "i1"))
    run("a -= -1", np.ones(3, "u1"))


@pytest.mark.parametrize("case", [("i8", 1.5, "add"), ("i8", 1j, "add"), ("?", 1, "add"), ("f8", 1j, "add"), ("u1", np.int8(1), "add")],
                         ids=str)
def test_refused_casts(case):
    dtype, number, name = case

    def f(a, b):
        a += b

    with pytest.raises(TypeError) as raised:
        f(np.ones(3, dtype), number)
    assert str(raised.value) in str(refused(f, np.ones(3, dtype), number, code="CW0301"))


def test_refused_division():
    def f(a):
        a /= 2

    assert "Cannot cast ufunc 'divide' output" in str(refused(f, np.ones(3, int)))


def test_read_only():
    a = np.arange(3.0)
    a.flags.writeable = False
    for statement in ("a += 1", "a += np.ones(4)", "a[1:] += 1", "a[...] = a + 1", "np.add(a, 1, out=a)", "a[1:] = 2"):
        run(statement, a)


def test_copyto():
    square = SQUARE
    run("np.copyto(a, b)\nreturn a", np.zeros(3), np.ones(3, int))
    run("np.copyto(a, b)", np.zeros(3), np.ones(4))
    run("np.copyto(a, b)", np.zeros(3), np.ones((2, 3)))
    run("np.copyto(a, b)", np.zeros(3), np.ones((1, 3)))
    run("np.copyto(a, b)", np.zeros(3, np.uint8), 300)
    run("np.copyto(a, 2, where=b)\nnp.copyto(a, b, where=a > 5)", square, square > 3)
    run("np.copyto(a, b, where=c)", square, square[0], square[:, :1] > 3)
    run("np.copyto(a, 1, where=b)", np.zeros(3), np.ones(4, bool))
    run("np.copyto(a, b, casting='unsafe')", np.zeros(3, int), np.ones(3) * 2.5)
    run("np.copyto(a[1:], a[:-1])", square)

    def f(a, b):
        np.copyto(a, b)

    assert "according to the rule 'same_kind'" in str(refused(f, np.zeros(3, int), np.ones(3)))
    assert "according to the rule 'same_kind'" in str(refused(f, np.zeros(3, int), 1.5))


def test_putmask():
    run("np.putmask(a, b, c)\nnp.putmask(a, a > 3, -1)\nnp.putmask(a.T, a.T > 2, a)\nreturn a", SQUARE, SQUARE % 2 > 0,
        np.array([5, 6]))
    run("np.putmask(a, [1, 0, 1], 2.5)\nnp.putmask(a, [1, 0, 1], [])\nreturn a", np.zeros(3, int))
    run("np.putmask(a, [1, 0, 1], 300)", np.zeros(3, np.uint8))
    run("np.putmask(a, b, 1)", np.zeros(3), np.ones(4, bool))
    locked = np.zeros(3)
    locked.flags.writeable = False
    run("np.putmask(a, [1, 0, 1], 1)", locked)
