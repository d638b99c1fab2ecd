"""Advanced indices in reading: lists, index arrays, masks and bools, alone, together and beside slices and ints.

Every expression is compared with NumPy's answer: value, dtype, shape, and whether it is a copy.  Several stand in one
function, because that compiles faster.
"""
import linecache

import numpy as np
import pytest
from support import Outcome, refused, same

import coachwhip

ARGUMENTS = "a, b, v, i, j, k, u, m, n, e, s"


def function(body):
    """The function with this body over the arguments of all cases."""
    source = f"def f({ARGUMENTS}):\n{body}"
    name = f"<{hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space = {"np": np}
    exec(compile(source, name, "exec"), space)
    return space["f"]


def arguments(dtype="f8"):
    a = (np.arange(60) % 23).reshape(3, 4, 5).astype(dtype)
    b = np.arange(12).reshape(3, 4).astype(dtype)[:, ::-1]
    v = np.arange(7).astype(dtype)
    i = np.array([2, 0, -1])
    j = np.array([[1, -1, 0], [2, 2, -3]], np.int32)
    k = 1
    u = np.array([0, 2, 1], np.uint8)[::-1]
    m = b > 4
    n = np.array([True, False, True])
    e = np.zeros(0, np.int64)
    s = np.array(2)
    return a, b, v, i, j, k, u, m, n, e, s


def check(expressions, args):
    """Each expression in one compiled function, against plain Python; strides are not compared."""
    body = "    return (" + ",\n            ".join(expressions) + ",)\n"
    plain = function(body)
    want, got = Outcome(plain, args, {}), Outcome(coachwhip.jit(plain), args, {})
    assert want.error is None, want
    assert got.error is None, got
    for text, x, y in zip(expressions, got.value, want.value):
        assert type(x) is type(y), f"{text}: {type(x)} is not {type(y)}"
        if isinstance(y, tuple):
            assert len(x) == len(y), text
        for one, other in zip(x, y) if isinstance(y, tuple) else [(x, y)]:
            assert one.dtype == other.dtype and one.shape == other.shape, f"{text}: {one!r} is not {other!r}"
            assert np.array_equal(one, other, equal_nan=True), f"{text}: {one!r} is not {other!r}"


def batches(expressions, size=12):
    return [expressions[at:at + size] for at in range(0, len(expressions), size)]


ONE = [
    "v[i]", "v[[0, 2, 5]]", "v[[k, -k, k + 3]]", "v[j]", "v[u]", "v[e]", "v[[]]", "v[s]", "v[np.array(-2)]", "v[[[0, 1], [2, -1]]]",
    "v[(1, 2),]", "v[v > 3]", "v[v > 99]", "v[[True, False, True, False, False, True, True]]", "v[True]", "v[False]", "v[range(3)]", "v[range(k, 5, 2)]",
    "v[np.bool_(k > 0)]", "v[None, [1, 2]]", "v[[1, 2], None]", "v[..., [1, 2]]", "v[[1, 2], ...]", "v[::2][i]", "v[::-1][v > 2]",
]
TWO = [
    "b[i]", "b[[0, 2]]", "b[j]", "b[:, [0, -1]]", "b[1:, i]", "b[i, 1]", "b[1, i]", "b[i, i]", "b[j, j]", "b[i, j]",
    "b[j[:, :1], i]", "b[i, None]", "b[None, i]", "b[i, ::2]", "b[::-1, i]", "b[i, k:]", "b[..., i]", "b[i, ...]", "b[s]", "b[s, i]",
    "b[s, 1]", "b[s, :2]", "b[e]", "b[:, e]", "b[e, 1]", "b[[], [7]]", "b[m]", "b[m, None]", "b[None, m]", "b[..., m]", "b[n]",
    "b[n, 1]", "b[n, 1:3]", "b[n, [1, 3]]", "b[1, b[0] > 2]", "b[:, b[0] > 2]", "b[n][:, [True, False, True, False]]", "b[True]",
    "b[True, i]", "b[i, True]", "b[False]", "b[k > 0, 1]", "b[((0, 1), (1, 2))]", "b[[0, 1], [[1], [2]]]", "b.T[i]", "b.T[m.T]",
    "b[np.ix_([0, 2], [1, 3, 0])]", "b[np.ix_(n, [1, 2])]", "b[u, u]", "b[np.nonzero(m)]", "b[m.nonzero()]",
]
THREE = [
    "a[i]", "a[:, i]", "a[..., i]", "a[i, i]", "a[i, :, i]", "a[i, i, i]", "a[:, i, i]", "a[0, :, i]", "a[i, :, 0]", "a[0, i]",
    "a[:, 0, i]", "a[0, 1:3, i]", "a[j]", "a[:, j]", "a[:, :, j]", "a[j, :, 1]", "a[i, 1, :2]", "a[i, None, 1]", "a[:, i, None]",
    "a[None, :, i]", "a[i, ..., i]", "a[i[:, None], i]", "a[i, j]", "a[j, i, 1:4]", "a[:, [0, 1, 2], ..., [0, 1, 2]]",
    "a[:, [0, 1, 2], [0, 1, 2]]", "a[m]", "a[m, 1]", "a[m, [2]]", "a[m, ::2]", "a[a > 7]", "a[n]", "a[n, :, 1]", "a[:, a[0, :, 0] > 3]",
    "a[:, m[0]]", "a[n, 1:, [0, 1]]", "a[..., [True, False, True, False, True]]", "a[a[..., 0] > 3, 0]", "a[True, :, i]",
    "a[0, :, True]", "a[n, n]" if False else "a[n, [0, 1]]", "a[::2, ::-1, i]", "a[e]", "a[i, e[:, None]]", "a.T[i, :, i]",
    "a.transpose(1, 2, 0)[i]", "a[:, ::-1][a > 5]", "a[s, i, s]", "a[i, s, s]", "a[None, None, i]",
]


@pytest.mark.parametrize("expressions", batches(ONE) + batches(TWO) + batches(THREE), ids=lambda e: e[0])
def test_reading(expressions):
    check(expressions, arguments())


@pytest.mark.parametrize("dtype", ["?", "i1", "u2", "f4", "c8", "c16"])
def test_dtypes(dtype):
    check(["b[m]", "v[i]", "a[:, i]", "v[u]", "v[np.array([1, 2], np.uint64)]", "v[np.array([1, 2], np.int8)]"], arguments(dtype))


def layouts(v):
    wide = np.repeat(v, 3).reshape(-1, 3)
    readonly = v.copy()
    readonly.flags.writeable = False
    return [v, v[::-1], wide[:, 1], readonly, np.broadcast_to(v[2], v.shape)]


def pick(v, i, m):
    return v[i], v[m], v[[1, -1]]


@pytest.mark.parametrize("which", range(5))
def test_layouts(which):
    v = layouts(np.arange(9.0))[which]
    for i in layouts(np.array([3, -9, 8, 0])):
        m = layouts(np.arange(9) % 3 == 0)[which % 5]
        same(pick, v, i, m)


def mask(a, m):
    return a[m], np.flatnonzero(m), m.nonzero()[0]


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 129, 1000, 40000])
@pytest.mark.parametrize("density", [0.0, 0.02, 0.5, 1.0])
def test_masks_of_many_sizes(size, density, compiled={}):
    random = np.random.default_rng(size)
    a, m = random.random(size), random.random(size) < density
    f = compiled.setdefault("mask", coachwhip.jit(mask))
    same(mask, a, m, compiled=f)
    same(mask, a[:size // 2], m[:size // 2], compiled=f)


def matrix(a, m):
    return a[m]


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (5, 3), (3, 70), (2, 3, 65)])
def test_matrix_masks(shape):
    random = np.random.default_rng(1)
    a, m = random.random(shape), random.random(shape) < 0.4
    for x in (a, np.asfortranarray(a)):
        for y in (m, m[..., ::-1]):
            same(matrix, x, y)


def error(expression, *changes):
    """The expression fails, compiled, as it does in NumPy."""
    args = arguments()
    f = function(f"    return {expression}\n")
    with pytest.raises(Exception) as want:
        f(*args)
    with pytest.raises(type(want.value)) as got:
        coachwhip.jit(f)(*args)
    assert str(got.value) == str(want.value)


ERRORS = [
    "v[[5, 7]]", "v[[-8]]", "v[np.array([1, 9, 10])]", "b[[0, 5], [9, 0]]", "b[[0, 1], [9, 0]]", "b[:, [0, 4]]", "b[3:, [9]]", "b[1, [4]]",
    "b[[], 5]", "b[5, []]", "b[[0, 1], [0, 1, 2]]", "b[j, [0, 1]]", "b[n, [0, 1, 2]]", "b[False, [1, 2]]", "b[[True, False]]",
    "b[np.zeros(4, np.bool_)]", "b[np.zeros((3, 3), np.bool_)]", "b[np.zeros((4, 4), np.bool_)]", "b[:, n]", "a[:, m]",
    "np.zeros((0, 3))[[0]]", "np.zeros((3, 0))[[7]]", "np.zeros((0, 3))[:, [5]]", "v[np.array([2**63], np.uint64)]",
    "b[np.array(7)]", "v[np.array([[0, 1], [2, 70]])]", "b[9, [0]]", "b.T[[4]]", "v[::2][[4]]",
]


@pytest.mark.parametrize("expression", ERRORS)
def test_errors(expression):
    error(expression)


def float_index(v):
    return v[v]


def float_list(v):
    return v[[1.0]]


def too_many(v):
    return v[[0], [0]]


def too_many_mask(v):
    return v[np.zeros((2, 2), np.bool_)]


def ragged(v):
    return v[[0, [1, 2]]]


def too_many_axes(v):
    return v[(None,) * 32 + ([0],)]


def test_refusals():
    v = np.arange(3.0)
    for f in (float_index, float_list, too_many, too_many_mask):
        assert refused(f, v).code == "CW0306"
    assert refused(ragged, v).code == "CW0302"
    assert refused(too_many_axes, v).code == "CW0107"


def scalar_copy(a, s):
    part = a[s]
    part[0] = 100
    other = a[[0]]
    other[0, 0] = 200
    return part, a[True]


def test_copies():
    same(scalar_copy, np.zeros((2, 3)), np.array(1))


def unchecked(v, i):
    return v[i], v[[0, 1]]


def test_options():
    v, i = np.arange(5.0), np.array([1, 4])
    same(unchecked, v, i, boundscheck=False)
    same(unchecked, v, i, debug=True)


TABLE = np.array([3, 1, 2])


def of_globals(v):
    return v[TABLE], TABLE[[0, 2]], TABLE[TABLE > 1]


def test_globals():
    same(of_globals, np.arange(5.0))


def in_a_loop(a, n):
    total = 0.0
    for r in range(n):
        total += a[[r, r + 1]][1] + a[a > r][0]
    return total


def test_in_a_loop():
    same(in_a_loop, np.arange(100.0), 90)
