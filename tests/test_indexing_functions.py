"""`take`, `put`, `compress`, `nonzero` and their kin, as functions and methods, against NumPy."""
import numpy as np
import pytest
from support import refused, same
from test_indexing_read import batches, check

import coachwhip

CALLS = [
    "np.nonzero(b)", "b.nonzero()", "np.nonzero(a)", "np.nonzero(m)", "np.nonzero([0, 1, 2])", "np.where(b > 3)", "np.where(n)", "np.flatnonzero(b.T)", "np.flatnonzero(v)",
    "np.flatnonzero(np.array(5))", "np.argwhere(m)", "np.argwhere(v)", "np.argwhere(a > 20)", "np.argwhere(np.array(3))",
    "np.take(b, i)", "np.take(b, 5)", "np.take(b, i, axis=0)", "np.take(b, i, axis=1)", "np.take(a, j, axis=1)", "np.take(a, j, -1)",
    "np.take(b, 1, axis=1)", "np.take(v, k)", "np.take(v, s)", "b.take([0, 3])", "b.take(i, axis=0)", "np.take(b, [], axis=0)",
    "np.take(v, [100, -100, 3], mode='clip')", "np.take(v, [100, -100, 3], mode='wrap')", "np.take(b, 100, axis=1, mode='wrap')",
    "np.take(b, -100, axis=1, mode='clip')", "np.take([1, 2, 3], [0, 2])", "np.take(v, u)", "np.take(v, n)", "np.take(v, True)",
    "np.take((4, 5, 6), i)", "np.take(v, i, out=np.zeros(3))", "np.take(v, [1.0])", "np.compress([1, 0, 1], a, axis=1)",
    "np.compress(n, b, axis=0)", "np.compress([False, True], b)", "np.compress([True, False, True], a, 0)", "b.compress(n, axis=0)",
    "v.compress([True, True])", "b.compress(condition=n, axis=0)", "np.compress([], b)", "np.compress([0, 1], v, out=np.zeros(1))",
    "np.extract(m, b)", "np.extract([1, 0, 1], [[5, 6], [7, 8]])", "np.ix_([0, 1], n)", "np.ix_(i, j[0], [2])", "np.ix_([])", "np.ix_(v)",
    "b[np.ix_([0, 2], i)]", "np.choose([0, 1], [[1, 2], [3, 4]])", "np.choose(n, (v[:3], 10 * v[:3]))",
    "np.choose([1, 0], np.array([[1, 2], [3, 4]]))", "np.choose(np.array([[0], [1], [2]]), [1, 2.5, k])", "np.choose(1, [3, 4])",
    "np.choose([0, -1], [[1, 2], [3, 4]], mode='wrap')", "np.choose([7, -1], [[1, 2], [3, 4]], mode='clip')", "n.choose([1, 2])",
    "np.choose(np.array([[0, 2], [1, 1], [0, 0], [2, 2]]), a[:, :, :1])", "np.choose(j % 2, [0, 1], out=np.zeros((2, 3), np.int64))",
    "np.take_along_axis(a, np.zeros((3, 4, 1), np.int64), 2)", "np.take_along_axis(b, i[:, None], 1)", "np.take_along_axis(b, j[:, :1], -1)" if False
    else "np.take_along_axis(b, np.array([[0, 1, 2, -1]]), 0)", "np.take_along_axis(a, np.array([[[1], [0], [2], [3]]]), 1)",
    "np.take_along_axis(b, np.array([3, -1]), None)", "np.take_along_axis(b, np.array([[1], [0], [3]]))", "np.take_along_axis(v, i, 0)",
]


def arguments():
    from test_indexing_read import arguments as indices

    return indices()


@pytest.mark.parametrize("expressions", batches(CALLS), ids=lambda e: e[0])
def test_calls(expressions):
    check(expressions, arguments())


def put(a, i, v):
    np.put(a, i, v)


def put_clip(a, i, v):
    np.put(a, i, v, mode="clip")


def put_wrap(a, i, v):
    a.put(i, v, mode="wrap")


def place(a, i, v):
    np.place(a, a > 2, v)


def put_along(a, i, v):
    np.put_along_axis(a, np.array([[0, -1], [2, 1]]), v, 1)


def put_lists(a, i, v):
    a.put([0, -1, 3], [7, 8])
    np.put(a, 1, 5)
    np.put(a, [2], [])
    np.place(a, [[1, 0, 0], [0, 0, 1]], (3, 4))
    np.put_along_axis(a, np.array([[1]]), 9.5, 1)
    np.put_along_axis(a, np.array([[0, 1, 1]]), [[5, 6, 7]], 0)


@pytest.mark.parametrize("f", [put, put_clip, put_wrap, place, put_along, put_lists], ids=lambda f: f.__name__)
def test_stores(f):
    compiled = coachwhip.jit(f)
    base = np.arange(6.0).reshape(2, 3)
    for a in (base, base.T.copy().T, base[::-1, ::-1], base.astype(np.int16)):
        for v in (np.array([7.0, 8.0]), np.array([9.0]), np.array([[1.5], [2.0]])):
            if a.dtype.kind != "i" or f is put_lists:
                same(f, a, np.array([4, 0, 1]) if f is put else np.array([9, -9, 1]), v, compiled=compiled)
    same(f, base, np.array([1, 0]), base[0, 1:], compiled=compiled)


def failing(expression):
    space = {"np": np}
    source = f"def f(a, b, v):\n    return {expression}\n"
    exec(source, space)
    return space["f"]


ERRORS = [
    "np.nonzero(np.array(5))", "np.nonzero(5)", "np.take(a, [30])", "np.take(b, [5], axis=1)", "np.take(b, -4, axis=0)",
    "np.take(np.zeros((0, 3)), [0], axis=0)", "np.take(np.zeros((0, 3)), 0, axis=0)", "np.take(np.zeros(0), [1], mode='wrap')",
    "np.take(v, [0, 1], out=np.zeros(3))", "np.compress([True] * 9, v)", "np.compress([[1]], v)", "np.extract([1, 0, 0, 0, 0, 0, 0, 1], v)",
    "np.ix_([[0]])", "np.ix_(5)", "np.choose([0, 2], [[1, 2], [3, 4]])", "np.choose(-1, [3, 4])", "np.put(v, [9, 0], 1)",
    "np.place(v, v > 2, np.zeros(0))", "np.place(v, v[1:] > 2, [1])", "np.take_along_axis(b, np.array([[9]]), 1)",
    "np.take_along_axis(b, np.array([0]), 1)", "np.take_along_axis(a, np.zeros((5, 3, 4), np.int64), 1)",
    "np.take_along_axis(b, np.array([[0]]), None)", "np.put_along_axis(b, np.array([[0], [7], [0]]), 1, 1)",
    "np.put_along_axis(b, np.array([[0, 1, 2, 0]]), [[5, 6, 7]], 1)",
]


@pytest.mark.parametrize("expression", ERRORS)
def test_errors(expression):
    a, b, v = np.arange(24.0).reshape(2, 3, 4), np.arange(12.0).reshape(3, 4), np.arange(6.0)
    same(failing(expression), a, b, v)


def test_read_only():
    v = np.arange(4.0)
    v.flags.writeable = False
    for expression in ("np.put(v, [0], 1)", "v.put([0], 1)", "np.place(v, v > 1, [5])", "np.put_along_axis(v, np.array([0]), 1, 0)"):
        same(failing(expression), 0, 0, v)


def test_refusals():
    v = np.arange(4.0)
    assert refused(failing("np.take(v, v)"), 0, 0, v).code == "CW0302"
    assert refused(failing("np.take(v, [0], axis=3)"), 0, 0, v).code == "CW0302"
    assert refused(failing("np.take(v, [0], mode='nearest')"), 0, 0, v).code == "CW0302"
    assert refused(failing("np.put([1, 2], [0], 3)"), 0, 0, v).code == "CW0302"
    assert refused(failing("np.choose(v, [1, 2])"), 0, 0, v).code == "CW0302"
    assert refused(failing("v.itemset(0, 1.0)"), 0, 0, v).code == "CW0202"


FLAT = [
    "a.flat[1:5]", "b.T.flat[::-2]", "a.flat[i]", "a.flat[[1, -2]]", "a.flat[...]", "b.flat[b.ravel() > 4]", "b.T.flat[[[0, 1], [2, 3]]]",
    "np.array(b.flat[3])", "b[:, ::2].flat[1:]", "v.flat[s]", "b.flat[e]",
]


@pytest.mark.parametrize("expressions", batches(FLAT), ids=lambda e: e[0])
def test_flat(expressions):
    check(expressions, arguments())


STORES = [
    "a.flat[1:3] = [7]", "a.flat[0:4] = [7, 8]", "a.flat[[0, 1]] = 5", "a.flat[a.ravel() > 3] = [1, 2]", "a.flat[0:4] = v[:0]", "a.flat = [1, 2]",
    "a.T.flat[0:3] = [9, 8, 7]", "a.flat[0:2] = [1, 2, 3]", "a.flat[::-1] = v", "a.flat = 3", "a[:, ::2].flat = v",
]


@pytest.mark.parametrize("statement", STORES)
def test_flat_stores(statement):
    space = {}
    exec(f"def f(a, v):\n    {statement}\n", space)
    same(space["f"], np.arange(6.0).reshape(2, 3), np.array([5.0, 4.0, 3.0]))


def test_flat_failures():
    a, b, v = np.arange(24.0).reshape(2, 3, 4), np.arange(12.0).reshape(3, 4), np.arange(6.0)
    for expression in ("a.flat[50]", "a.flat[[50]]", "a.flat[[1, -25]]", "b.flat[b.ravel()[1:] > 3]"):
        same(failing(expression), a, b, v)
