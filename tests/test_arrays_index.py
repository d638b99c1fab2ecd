"""Elements and views of arrays: every kind of index on every layout does what NumPy does."""
import coachwhip
import numpy as np
import pytest
from array_cases import DTYPES, layouts, values
from support import refused, same


def item_1d(a, i):
    return a[i]


def item_2d(a, i, j):
    return a[i, j]


def item_3d(a, i, j, k):
    return a[i][j, k]


def element_0d(a):
    return a[()], a[...]


@pytest.mark.parametrize("dtype", DTYPES)
def test_elements_of_every_dtype(dtype):
    compiled = coachwhip.jit(item_1d)
    for _, a in layouts((5,), dtype):
        for i in (0, 4, -1, -5, 5, -6):
            same(item_1d, a, i, compiled=compiled)
    compiled = coachwhip.jit(item_2d)
    for _, a in layouts((3, 4), dtype):
        for i, j in ((0, 0), (2, 3), (-1, -4), (3, 0), (0, 4), (-4, 0), (0, -5)):
            same(item_2d, a, i, j, compiled=compiled)
    same(element_0d, values((), dtype))


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64])
def test_numpy_integers_as_indices(kind):
    a = values((300,), "f8")
    compiled = coachwhip.jit(item_1d)
    limits = np.iinfo(kind)
    for i in (0, 5, 127, int(limits.max), int(limits.min)):
        same(item_1d, a, kind(i), compiled=compiled)
    same(item_1d, a, np.uint64(2**63), compiled=None if kind is np.uint64 else coachwhip.jit(item_1d))


def literals(a):
    return a[0], a[-1], a[3], a[-4], a[True + 1]


def outside(a):
    return a[4]


def outside_below(a):
    return a[-5]


def test_literal_indices():
    a = values((4,), "i4")
    same(literals, a)
    same(outside, a)
    same(outside_below, a)
    same(outside, values((0,), "i4"))


def of_three(a, i, j, k):
    return a[i, j, k], a[i][j][k], a[..., k][i, j], a[i, ..., k][j]


def test_three_dimensions():
    compiled = coachwhip.jit(of_three)
    for _, a in layouts((2, 3, 4), "i2"):
        for place in ((0, 0, 0), (1, 2, 3), (-1, -1, -1), (2, 0, 0), (0, 3, 0), (0, 0, 4)):
            same(of_three, a, *place, compiled=compiled)


def rows(a, i):
    return a[i], a[i, :], a[i, ...], a[..., i], a[:, i]


def axes(a):
    return a[None], a[:, None], a[None, :, None], a[..., None], a[np.newaxis, 0], a[:], a[...], a[0, None]


def ellipsis_of_1d(a):
    return a[2, ...], a[..., 2], a[..., None, 2]


def test_views():
    for compiled, f, extra in ((coachwhip.jit(rows), rows, (1,)), (coachwhip.jit(axes), axes, ())):
        for dtype in ("f8", "u2"):
            for shape in ((3, 4), (2, 3, 4)):
                for _, a in layouts(shape, dtype):
                    same(f, a, *extra, compiled=compiled)
    compiled = coachwhip.jit(ellipsis_of_1d)
    for _, a in layouts((4,)):
        same(ellipsis_of_1d, a, compiled=compiled)


def sliced(a, start, stop):
    return a[start:stop], a[start:], a[:stop]


def stepped(a, start, stop, step):
    return a[start:stop:step], a[start::step], a[:stop:step], a[::step]


def literal_slices(a):
    return (a[1:3], a[:-1], a[-2:], a[::2], a[::-1], a[3:0:-1], a[-1:-4:-2], a[5:2], a[10:], a[:10], a[-10:2], a[2:-10:-1],
            a[0:], a[1:1], a[:0], a[::-3])


def literal_slices_2d(a):
    return a[1:, :2], a[:, 1], a[::2, ::-1], a[1:2], a[:, :1], a[-1:, -1:], a[0, 1:], a[1:, 0], a[:, None, 1:]


def test_slices():
    bounds = (-7, -5, -4, -1, 0, 1, 3, 4, 5, 9)
    compiled, steps = coachwhip.jit(sliced), coachwhip.jit(stepped)
    for name, a in layouts((5,), "i4"):
        for start in bounds:
            for stop in bounds:
                same(sliced, a, start, stop, compiled=compiled)
                if name in ("C", "reversed"):
                    for step in (-7, -2, -1, 1, 2, 7):
                        same(stepped, a, start, stop, step, compiled=steps)
    same(stepped, values((5,), "i4"), 0, 5, 0, compiled=steps)
    for extreme in (2**63 - 1, -2**63):
        for _, a in layouts((5,), "i4"):
            same(sliced, a, extreme, extreme, compiled=compiled)
            same(stepped, a, extreme, extreme, extreme, compiled=steps)
            same(stepped, a, 3, extreme, -1, compiled=steps)
            same(stepped, a, 1, 4, extreme, compiled=steps)


def test_literal_slices():
    compiled = coachwhip.jit(literal_slices)
    for shape in ((4,), (0,), (1,), (7,)):
        for name, a in layouts(shape):
            if name != "zero strides" or shape != (1,):
                same(literal_slices, a, compiled=compiled)
    compiled = coachwhip.jit(literal_slices_2d)
    for shape in ((3, 4), (2, 2)):
        for _, a in layouts(shape, "c8"):
            same(literal_slices_2d, a, compiled=compiled)


def numpy_bounds(a, start, stop):
    return a[start:stop]


def test_numpy_integers_as_bounds():
    a = values((9,), "f8")
    for kind in (np.int8, np.uint8, np.int64, np.uint64):
        same(numpy_bounds, a, kind(2), kind(7))
    same(numpy_bounds, a, np.uint64(2), np.uint64(2**64 - 1))
    same(numpy_bounds, a, True, 5)


def rank_32(a):
    return a[0, ..., 1], a.shape, a[None, 0][..., 0, :].ndim


def test_many_dimensions():
    a = values((2,) + (1,) * 30 + (3,), "f4")
    same(rank_32, a)


def float_index(a):
    return a[1.0]


def too_many(a):
    return a[0, 0, 0]


def two_ellipses(a):
    return a[..., ...]


def array_index(a):
    return a[np.zeros(2)]


def test_refusals():
    a = values((3, 3), "i8")
    for f in (float_index, too_many, two_ellipses, array_index):
        error = refused(f, a)
        assert error.code == "CW0306"


def unchecked(a, i):
    return a[i]


def test_options():
    a = np.arange(5.0)
    same(unchecked, a, 2, boundscheck=False)
    same(unchecked, a, -1, boundscheck=False)
    compiled = coachwhip.jit(wraparound=False)(unchecked)
    with pytest.raises(IndexError):
        compiled(a, -1)


def keeps_base(a):
    b = a[1:]
    c = b[1:]
    return c[::2]


def test_views_keep_their_base():
    compiled = coachwhip.jit(keeps_base)
    a = np.arange(8.0)
    view = compiled(a)
    view[0] = 99
    assert a[2] == 99
    del a
    assert view.tolist() == [99.0, 4.0, 6.0]


GLOBAL = np.arange(6.0).reshape(2, 3)


def of_global(i, j):
    return GLOBAL[i, j], GLOBAL[i], GLOBAL.shape, len(GLOBAL)


def store_global(v):
    GLOBAL[0, 0] = v
    GLOBAL[1] = v


def test_global_arrays_are_shared():
    same(of_global, 1, 2)
    coachwhip.jit(store_global)(7.5)
    assert GLOBAL[0, 0] == 7.5 and (GLOBAL[1] == 7.5).all()
