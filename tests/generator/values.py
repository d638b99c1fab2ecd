"""The kinds of values that programs compute with, and arguments of each kind."""
import numpy as np

SCALARS = ["int", "int", "float", "float", "bool", "complex", "np.float64", "np.float64", "np.float32", "np.int64", "np.int64", "np.int32",
           "np.int8", "np.uint8", "np.uint64", "np.bool", "np.complex128"]
ELEMENTS = ["float64", "float64", "float32", "int64", "int64", "int32", "int8", "uint8", "uint64", "complex128"]
NUMPY_INTS = ["np.int64", "np.int32", "np.int8", "np.uint8", "np.uint64"]

INTS = [0, 1, -1, 2, 3, -3, 5, 7, 10, -10, 63, 64, 100, 255, 256, 2**31 - 1, -2**31, 2**53 + 1, 2**62, 2**63 - 1, -2**63]
SMALL = [0, 1, 2, 3, 4, -1, -2]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -2.5, 3.0, 0.1, 1e10, -1e10, 1e300, 1e-300, float("inf"), float("-inf"), float("nan")]


def is_array(kind):
    """Whether a kind is an array: `float64[2]` is a matrix."""
    return kind.endswith("]")


def element(kind):
    """The kind of an array's elements."""
    return "np." + kind.split("[")[0]


def ndim(kind):
    """The number of dimensions of an array kind."""
    return int(kind.split("[")[1][:-1])


def argument(rng, kind):
    """A value of a kind."""
    if is_array(kind):
        return array(rng, kind.split("[")[0], ndim(kind))
    if kind == "int":
        return rng.choice(INTS if rng.random() < 0.3 else SMALL)
    if kind == "float":
        return rng.choice(FLOATS) if rng.random() < 0.6 else round(rng.uniform(-10, 10), 3)
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "complex":
        return complex(argument(rng, "float"), argument(rng, "float"))
    return number(rng, np.dtype(kind[3:]).type)


def number(rng, scalar):
    """A NumPy scalar."""
    dtype = np.dtype(scalar)
    if dtype.kind == "f":
        with np.errstate(all="ignore"):
            return scalar(rng.choice(FLOATS) if rng.random() < 0.5 else rng.uniform(-5, 5))
    if dtype.kind == "c":
        return scalar(complex(rng.choice(FLOATS[:8]), round(rng.uniform(-4, 4), 2)))
    if dtype.kind == "b":
        return scalar(rng.random() < 0.5)
    info = np.iinfo(dtype)
    wanted = rng.choice([0, 1, 2, 3, 5, info.max, info.min, rng.randint(-9, 9)])
    return scalar(min(max(wanted, info.min), info.max))


def array(rng, dtype, dimensions):
    """An array of a few elements in any layout."""
    large = dimensions == 1 and rng.random() < 0.15
    sizes = [17, 31, 64, 70] if large else [0, 1, 2, 2, 3, 3, 4, 4, 5, 6, 9]
    shape = tuple(rng.choice(sizes) for _ in range(dimensions))
    made = np.zeros(tuple(2 * n for n in shape), dtype)
    layout = rng.choice(["C", "C", "F", "strided", "reversed"])
    if layout == "strided":
        made = made[tuple(slice(None, None, 2) for _ in shape)]
    elif layout == "reversed":
        made = made[tuple(slice(0, n) for n in shape)].copy()[tuple(slice(None, None, -1) for _ in shape)]
    else:
        made = np.zeros(shape, dtype, order=layout)
    for index in np.ndindex(shape):
        made[index] = number(rng, made.dtype.type)
    return made


def shown(value):
    """A value as Python text."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r}, '{value.dtype}')  # strides {value.strides}"
    return repr(value)
