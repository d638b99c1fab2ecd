"""Advanced indices in assignment: lists, index arrays and masks as targets, with NumPy's broadcasting and casting."""
import linecache

import numpy as np
import pytest
from support import refused, same

import coachwhip

ARGUMENTS = "a, b, v, i, j, k, u, m, n, x"


def function(statement):
    source = f"def f({ARGUMENTS}):\n    {statement}\n"
    name = f"<{hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space = {"np": np}
    exec(compile(source, name, "exec"), space)
    return space["f"]


def arguments(dtype="f8"):
    a = (np.arange(60) % 23).reshape(3, 4, 5).astype(dtype)
    b = np.arange(12).reshape(3, 4).astype(dtype)
    v = np.arange(7).astype(dtype)
    i = np.array([2, 0, -1])
    j = np.array([[1, -1, 0], [2, 2, -3]], np.int32)
    u = np.array([0, 2, 1], np.uint8)[::-1]
    return a, b, v, i, j, 1, u, b > 4, np.array([True, False, True]), np.array([[10.0], [20.0], [30.5]])


STATEMENTS = [
    "v[i] = 5", "v[[1, 4]] = [7, 8.5]", "v[[0, 0, 0]] = [1, 2, 3]", "v[i] = v[::2][:3]", "v[[2, 1, 0]] = v[:3]", "v[j] = i", "v[j] = 4.5",
    "v[u] = x[:, 0]", "v[[]] = 3", "v[[]] = [1]", "v[np.array(2)] = 9", "v[v > 2] = 0", "v[v > 2] = [1, 2, 3, 4]", "v[v > 2] = v[:4]",
    "v[v > 2] = [7]", "v[v > 2] = np.array(8)", "v[v > 99] = [5]", "v[v > 99] = 1", "v[[True, False] + [True] * 5] = np.arange(6)",
    "v[True] = 3", "v[False] = 3", "v[i] += 1", "v[[0, 0, 1]] += 1", "v[v > 2] *= 2", "v[v > 1] += v[v > 1]", "v[i] -= [1, 2, 3]",
    "b[i] = 1", "b[[0, 2]] = np.arange(4)", "b[[0, 2]] = [[1], [2]]", "b[[2, 0]] = b[:2]", "b[:, [0, 1]] = x", "b[i, 1] = [1, 2, 3]",
    "b[i, i] = 7", "b[1, i] = x[:, 0]", "b[[0, 1], [[1], [2]]] = [[1, 2], [3, 4]]", "b[np.ix_([0, 2], [1, 3])] = 6", "b[m] = 0",
    "b[m] = np.arange(7)", "b[m] += 1", "b[m] = b[m] * 2", "b.T[m.T] = 3", "b[n] = 5", "b[n] = [[1], [2]]", "b[n, 1] = 9", "b[n, 1:3] = [1, 2]",
    "b[:, b[0] > 1] = 4", "b[..., i] = 3", "b[None, i] = 2", "b[i, ::2] = [1, 2]", "b[::-1, i] = x", "b[True] = 1", "b[k > 0, 1] = 2",
    "b[i] = np.zeros((1, 1, 3, 4))", "a[i, :, i] = 1", "a[:, i, i] = x", "a[i] = a[:, ::-1]", "a[m] = 2", "a[m] = np.arange(5)",
    "a[m, 1] = 3", "a[a > 9] = -1", "a[a > 9] += a[a > 9]", "a[0, :, i] = [1, 2, 3, 4]", "a[..., [0, 2]] = b[:, :, None]", "a[j, i] = 1",
    "i[i] = i", "i[i] = 5", "j[j] = 0" if False else "j[[0, 1]] = j[[1, 0]]", "m[m] = False", "n[n] = [False, True]", "u[u] = u",
    "b[1:][m[:2]] = 3", "b[::2, ::-1][:, [0, 1]] = 8", "v[::-2][[0, 1]] = [5, 6]", "b[i], v[i] = 1, 2", "v[[k, k + 1]] = k, k",
    "v[range(3)] = 1" if False else "v[(0, 1),] = 1",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_statements(statement):
    same(function(statement), *arguments())


@pytest.mark.parametrize("dtype", ["?", "i1", "u2", "i8", "f4", "c16"])
def test_casting(dtype):
    for statement in ("v[i] = x[:, 0]", "b[m] = x[0]", "v[v != 0] = j[0, 0]", "v[i] = [1, 0, 1]", "b[i] = b[1]"):
        same(function(statement), *arguments(dtype))


def test_values_that_do_not_fit():
    for statement in ("v[i] = 300", "v[v > 2] = -1", "v[i] = [1, 2, 300]"):
        same(function(statement), *arguments("u1"))
    for statement in ("v[i] = np.nan", "v[v > 2] = np.inf"):
        same(function(statement), *arguments("i8"))


ERRORS = [
    "v[[0, 1]] = [1, 2, 3]", "v[[0, 1]] = np.zeros((2, 2))", "v[v > 4] = [1, 2, 3]", "v[v > 9] = [7, 8]", "v[v > 4] = [[1, 2]]",
    "v[v > 4] = np.zeros((1, 1))", "b[m] = np.arange(5)", "b[:, [0, 1]] = [1, 2, 3]", "b[n] = np.arange(3)", "b[[0, 5]] = 1",
    "b[[0, 1], [1, 9]] = 1", "b[[0, 9]] = b[:2]", "b[True] = np.zeros(5)", "b[[0, 1], :2] = np.zeros((2, 3))", "v[n] = 1", "v[[9]] = [1, 2]",
    "v[[]] = [1, 2]", "v[i + 99] += 1", "b[[0, 1], [0, 1, 2]] = 1", "b[1, [9]] = 0", "b[9, [1]] = 0", "v[[1, 2, 70]] = v[:3]",
    "v[np.array([[1, 2], [3, -8]])] = 1",
]


@pytest.mark.parametrize("statement", ERRORS)
def test_errors_leave_the_array_as_it_was(statement):
    plain = function(statement)
    args = arguments()
    same(plain, *args)
    with pytest.raises((IndexError, ValueError, TypeError)):
        coachwhip.jit(plain)(*args)
    for now, before in zip(args, arguments()):
        assert np.array_equal(now, before)


def readonly(v, i, m):
    v[i] = 1


def readonly_mask(v, i, m):
    v[m] = 1


def test_read_only():
    v = np.arange(5.0)
    v.flags.writeable = False
    for f in (readonly, readonly_mask):
        same(f, v, np.array([0]), v > 1)


def expand(a, m, v):
    a[m] = v
    return a


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 129, 1000])
@pytest.mark.parametrize("density", [0.0, 0.05, 0.5, 1.0])
def test_masks_of_many_sizes(size, density, compiled=coachwhip.jit(expand)):
    random = np.random.default_rng(size)
    m = random.random(size) < density
    same(expand, random.random(size), m, random.random(np.count_nonzero(m)), compiled=compiled)


def overlapping(a, i):
    a[1:][i] = a[:-1]
    a[i] = a[::-1][1:]
    a[a[1:].astype(np.int64)] = a[1:]
    return a


def test_overlap():
    same(overlapping, np.array([3.0, 1, 0, 2, 4]), np.array([3, 1, 0, 2]))


def overlapping_positions(i):
    i[i[::-1]] = i
    i[1:][i[:-1] % 3] = i[1:]
    return i


def test_positions_in_the_target():
    same(overlapping_positions, np.array([3, 1, 0, 2, 4]))


def shifted(m, v):
    m[1:][m[:-1]] = v


def test_masks_in_the_target():
    same(shifted, np.array([True, False, True, True, False, False]), False)
    m = np.array([True, False, False, False])
    coachwhip.jit(shifted)(m, True)
    assert m.tolist() == [True, True, False, False]


def sequence(v):
    v[np.array(1)] = [4]


def nothing(v):
    v[[1]] = None


def test_refusals():
    assert refused(sequence, np.arange(3.0)).code == "CW0301"
    assert refused(nothing, np.arange(3.0)).code == "CW0301"


def everything(v, i, m, b):
    v[i] = 1
    v[m] = 2
    v[i] += v[i]
    b[:, i] = 3
    b[i, i] = v[i]
    v[m] = v[:3]
    v[[0, -1]] = [5, 6]
    b[m[:4], 1:] = 7
    return v[i], b[m[:4]], np.take(v, i), b[i], np.nonzero(b)[0], v[m].sum(), v[v > 1].mean(), np.where(m)[0]


@pytest.mark.parametrize("options", [
    {}, {"boundscheck": False}, {"debug": True}, {"overflow": "wrap"}, {"fastmath": True}, {"wraparound": False}], ids=str)
def test_options(options):
    i = np.array([0, 3, 2]) if "wraparound" in options else np.array([0, -1, 2])
    m = np.array([True, False, True, True, False, False])
    same(everything, np.arange(6.0), i, m, np.arange(16.0).reshape(4, 4), strides=False, **options)
