"""Arrays of every dtype and layout for the tests of arrays."""
import numpy as np

DTYPES = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")


def values(shape, dtype, seed=0):
    """An array in C order with values that use the dtype's range."""
    rng = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return np.asarray(rng.integers(0, 2, shape)).astype(bool)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return np.asarray(rng.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True))
    numbers = rng.normal(size=shape) * 10
    if dtype.kind == "c":
        numbers = numbers + 1j * rng.normal(size=shape)
    return np.asarray(numbers).astype(dtype)


def small(shape, dtype, seed=0):
    """An array in C order of small values that every dtype holds."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.integers(0, 2 if np.dtype(dtype).kind == "b" else 100, shape)).astype(dtype)


def layouts(shape, dtype="f8", make=values):
    """Name and array for each memory form of a shape."""
    a = make(shape, dtype)
    yield "C", a
    if len(shape) >= 2:
        yield "F", np.asfortranarray(a)
        yield "transposed", make(shape[::-1], dtype).T
    if shape:
        doubled = make(tuple(2 * n for n in shape), dtype)
        yield "strided", doubled[tuple(slice(None, 2 * n, 2) for n in shape)]
        yield "reversed", a[tuple(slice(None, None, -1) for _ in shape)]
        yield "zero strides", np.lib.stride_tricks.as_strided(a, shape, (0,) * len(shape), writeable=False)
    locked = a.copy()
    locked.flags.writeable = False
    yield "read-only", locked
