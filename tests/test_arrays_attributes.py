"""Attributes and methods of arrays on every dtype and layout."""
import coachwhip
import numpy as np
import pytest
from array_cases import DTYPES, layouts, small, values
from support import refused, same

SHAPES = ((), (5,), (0,), (3, 4), (1, 4), (0, 3), (2, 3, 4))


def header(a):
    return a.shape, a.strides, a.size, a.ndim, a.itemsize, a.nbytes


def length(a):
    return len(a)


def turned(a):
    return a.T, a.T.T, a.T.shape


def parts(a):
    return a.real, a.imag


@pytest.mark.parametrize("f", [header, turned, parts])
def test_attributes(f):
    compiled = coachwhip.jit(f)
    for shape in SHAPES:
        for _, a in layouts(shape, "f4"):
            if f is not header or min(shape, default=2) > 1:  # strides of shorter axes mean nothing
                same(f, a, compiled=compiled)


@pytest.mark.parametrize("dtype", DTYPES)
def test_parts_of_every_dtype(dtype):
    compiled = coachwhip.jit(parts)
    for shape in ((), (3,), (2, 3)):
        for _, a in layouts(shape, dtype):
            same(parts, a, compiled=compiled)


def set_parts(a):
    a.real[0] = 5
    a.imag[1:] = 2.5
    a.real = 7
    a.imag = a.real


def set_flat(a):
    a.flat = 3


def test_setting_parts():
    for dtype in ("c8", "c16"):
        same(set_parts, values((4,), dtype))
        same(set_parts, values((4, 2), dtype).copy("F"))
    same(set_flat, np.zeros((2, 3)))


def test_length():
    compiled = coachwhip.jit(length)
    for shape in SHAPES:
        same(length, np.zeros(shape), compiled=compiled)


def dtype_of(a, b):
    return np.zeros(2, a.dtype), np.empty(0, dtype=b.dtype), a.dtype.itemsize


def test_dtype():
    for dtype in DTYPES:
        same(dtype_of, np.zeros(1, dtype), np.zeros(1, "u2"))


def shape_functions(a, x):
    return np.shape(a), np.ndim(a), np.size(a), np.shape(x), np.ndim(x), np.size(x)


def test_shape_functions():
    for shape in SHAPES:
        same(shape_functions, np.zeros(shape), 2.5)


def copies(a):
    return a.copy(), a.copy("F"), a.copy(order="K"), a.copy("A"), np.copy(a), np.array(a)


def flat_copies(a):
    return a.ravel(), a.flatten(), a.ravel("F"), a.flatten("F"), np.ravel(a)


def transposes(a):
    return a.transpose(), np.transpose(a)


@pytest.mark.parametrize("f", [copies, flat_copies, transposes])
def test_copies(f):
    compiled = coachwhip.jit(f)
    for shape in SHAPES:
        for name, a in layouts(shape, "i2"):
            if not a.flags.writeable and f is flat_copies and min(shape, default=2) < 2:
                continue  # where NumPy's view would be read-only, compiled code gives a writable copy
            same(f, a, compiled=compiled)


def transposed_3d(a):
    return a.transpose(1, 0, 2), a.transpose((2, 0, 1)), a.transpose(-1, 0, 1), a.transpose(0, 1, 2)


def test_transpose_with_axes():
    for _, a in layouts((2, 3, 4)):
        same(transposed_3d, a)


def ravel_shares(a):
    b = a.ravel()
    b[0] = 99
    c = a.reshape(-1)
    c[-1] = 98
    return b, c


def test_sharing_of_reshaped():
    compiled = coachwhip.jit(ravel_shares)
    for shape in ((4,), (2, 3), (1, 3), (3, 1)):
        for name, a in layouts(shape, "f8"):
            if a.flags.writeable:
                same(ravel_shares, a, compiled=compiled)


def test_contiguous_at_run_time():
    """A view that happens to be contiguous is shared, as NumPy does."""
    a = np.arange(24.0).reshape(4, 6)
    same(ravel_shares, a[:, ::1][:4:2][:1])
    same(ravel_shares, a[::2])


CASTS = {
    "?": lambda a: a.astype("?"),
    "i1": lambda a: a.astype(np.int8),
    "i8": lambda a: a.astype(int),
    "u1": lambda a: a.astype("uint8"),
    "u8": lambda a: a.astype(np.uint64),
    "f4": lambda a: a.astype("f4"),
    "f8": lambda a: a.astype(float),
    "c8": lambda a: a.astype(np.complex64),
    "c16": lambda a: a.astype(complex),
}


@pytest.mark.parametrize("target", CASTS)
def test_astype(target):
    cast = CASTS[target]
    compiled = coachwhip.jit(cast)
    for dtype in DTYPES:
        if target == "u8" and dtype in ("f4", "f8", "c8", "c16"):
            a = small((2, 3), dtype)
        elif target in ("i1", "u1") and dtype[0] in "fc":
            a = small((2, 3), dtype)
        else:
            a = values((2, 3), dtype)
        same(cast, a, compiled=compiled)
    for _, a in layouts((2, 3), "f8", small):
        same(cast, a, compiled=compiled)


def astype_forms(a):
    return a.astype("f8", copy=False), a.astype("f4", order="C"), a.astype(a.dtype), a.astype("i4", "F")


def test_astype_forms():
    for _, a in layouts((2, 3), "f8", small):
        same(astype_forms, a)


def scalar_astype(a):
    return a[0].astype(np.int8), a[1].astype(np.float32), a[0].astype(bool), a[1].astype("c16")


def test_astype_of_scalars():
    for dtype in ("i8", "u2", "f8", "?"):
        same(scalar_astype, small((2,), dtype))


def reshape_1(a, n):
    return a.reshape(n)


def reshape_2(a, n, m):
    return a.reshape(n, m), a.reshape((m, n)), np.reshape(a, (n, m)), a.reshape(n, m, order="F")


def reshape_literals(a):
    return a.reshape(-1), a.reshape(6), a.reshape(2, -1), a.reshape((-1, 1)), a.reshape(1, 6, 1), a.reshape(3, 2, order="F")


def reshape_wrong(a):
    return a.reshape(4, -1)


def reshape_wrong_literal(a):
    return a.reshape(4)


def test_reshape():
    one, two, literals = coachwhip.jit(reshape_1), coachwhip.jit(reshape_2), coachwhip.jit(reshape_literals)
    for shape in ((6,), (2, 3), (6, 1)):
        for name, a in layouts(shape, "i4"):
            if not a.flags.writeable:
                continue  # NumPy gives a read-only view here, and a writable copy there; compiled code copies
            same(reshape_literals, a, compiled=literals)
            for n in (6, 5, 0):
                same(reshape_1, a, n, compiled=one)
            for n, m in ((2, 3), (3, 2), (6, 1), (4, 5), (0, 3)):
                same(reshape_2, a, n, m, compiled=two)
    for f in (reshape_wrong, reshape_wrong_literal):
        same(f, np.arange(6))
    same(reshape_1, np.zeros((0, 3)), 0)
    same(reshape_1, np.zeros((0, 3)), -1)
    same(reshape_1, np.zeros((2, 3)), -1)
    same(reshape_1, np.array(5.0), 1)


def reshape_shares(a):
    b = a.reshape(2, 3, 2)
    b[0, 0, 0] = 77
    b[1, 2, 1] = 78
    return b


def test_reshape_of_strided_shares_where_numpy_does():
    base = np.arange(96.0)
    cases = (base[::8], base.reshape(12, 8)[:, 3], base[:24].reshape(4, 6)[:, ::2], base[:48].reshape(2, 24)[:, ::4],
             base[:48].reshape(6, 8)[:, ::4], base[:12].reshape(3, 4).T, base[:24].reshape(2, 3, 4)[:, :, ::2],
             base[:24].reshape(2, 3, 4)[::-1, :, ::2], base[:12].reshape(12, 1), base[:12].reshape(1, 12, 1).T)
    compiled = coachwhip.jit(reshape_shares)
    for a in cases:
        same(reshape_shares, a, compiled=compiled)


def items(a, i, j):
    return a.item(0), a.item(i), a.item(i, j), a.item((j, i))


def only_item(a):
    return a.item()


def test_item():
    compiled = coachwhip.jit(items)
    for dtype in DTYPES:
        same(items, small((3, 4), dtype), 1, 2, compiled=compiled)
    for _, a in layouts((3, 4), "f4"):
        for i, j in ((0, 0), (2, 2), (-1, -3), (3, 0), (12, 0), (-13, 0)):
            same(items, a, i, j, compiled=compiled)
    for shape in ((), (1,), (1, 1), (2,), (0,)):
        same(only_item, np.ones(shape))
    same(only_item, np.array([2**63 - 1], "u8"))


def flat_items(a, i):
    return a.flat[i], len(a.flat)


def flat_store(a, i):
    a.flat[i] = 5
    a.flat[0] = 1.5


def flat_sum(a):
    total = 0.0
    for v in a.flat:
        total += v
    return total


def test_flat():
    for f in (flat_items, flat_store):
        compiled = coachwhip.jit(f)
        for shape in ((6,), (2, 3), (2, 3, 2)):
            for _, a in layouts(shape, "i8"):
                for i in (0, 5, -1, -6, 11, 12, -13):
                    same(f, a, i, compiled=compiled)
    compiled = coachwhip.jit(flat_sum)
    for shape in SHAPES:
        for _, a in layouts(shape):
            if a.size > 0:
                same(flat_sum, a, compiled=compiled)


def contiguous(a):
    return np.ascontiguousarray(a), np.asfortranarray(a), np.asarray(a), np.asarray(a, dtype="f4")


def test_contiguous():
    compiled = coachwhip.jit(contiguous)
    for shape in ((), (3,), (2, 3)):
        for _, a in layouts(shape, "f8", small):
            same(contiguous, a, compiled=compiled)


def truth(a):
    if a:
        return 1
    return 0


def test_truth():
    for a in (np.array(0.0), np.array([2]), np.array([[0]]), np.zeros(2), np.zeros(0), np.array([float("nan")])):
        same(truth, a)


def contains(a, x):
    return x in a, x not in a


def test_contains():
    for _, a in layouts((2, 3), "i4"):
        same(contains, a, 5)
        same(contains, a, a[1, 1])
    same(contains, np.array([1.5, np.nan]), float("nan"))


def viewed(a):
    return a.view()


def unknown(a):
    return a.nothing


def test_refusals():
    for f in (viewed, unknown):
        refused(f, np.zeros(3))
