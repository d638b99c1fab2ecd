"""Arrays for the tests of reductions: dtypes, layouts, shapes and special values."""
import numpy as np

FLOATS = ("float64", "float32", "float16", "complex128", "complex64")
DTYPES = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", *FLOATS)


def values(shape, dtype, seed=1):
    """Random values that use the dtype's range, with both signs; floats of different sizes."""
    rng = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(bool)
    if dtype.kind in "iu":
        low = -50 if dtype.kind == "i" else 0
        return rng.integers(low, 100, shape).astype(dtype)
    x = rng.standard_normal(shape) * 10.0 ** rng.integers(-3, 3, shape)
    if dtype.kind == "c":
        x = x + 1j * rng.standard_normal(shape)
    return np.asarray(x, dtype=dtype)


def layouts(shape, dtype):
    """The same kind of values in several layouts."""
    whole = values(shape, dtype)
    doubled = values(tuple(2 * n for n in shape), dtype)
    yield "C", whole
    if len(shape) > 1:
        yield "F", np.asfortranarray(whole)
        yield "transposed", values(shape[1:] + shape[:1], dtype).transpose(len(shape) - 1, *range(len(shape) - 1))
    yield "strided", doubled[tuple(slice(None, None, 2) for _ in shape)]
    yield "reversed", whole[tuple(slice(None, None, -1) for _ in shape)]
    readonly = values(shape, dtype)
    readonly.flags.writeable = False
    yield "readonly", readonly
    yield "broadcast", np.broadcast_to(values(shape[-1:], dtype), shape)
