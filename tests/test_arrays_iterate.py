"""Iteration over arrays, and Python's built-in functions over arrays and other iterables."""
import coachwhip
import numpy as np
import pytest
from array_cases import DTYPES, layouts, small, values
from support import refused, same


def total(a):
    result = 0
    for v in a:
        result += v
    return result


def last(a):
    for v in a:
        pass
    return v


def rows(a):
    result = 0.0
    for row in a:
        for v in row:
            result = result * 0.5 + v
    return result


def change_rows(a):
    for i, row in enumerate(a):
        row[:] = i
        row[0] += 1


def pairs(a, b):
    result = 0.0
    for x, y in zip(a, b):
        result += x * y
    return result


def backwards(a):
    result = 0.0
    for v in reversed(a):
        result = result * 0.5 + v
    return result


def unpacked(a):
    x, y, z = a
    return x, z, y


@pytest.mark.parametrize("dtype", DTYPES)
def test_elements(dtype):
    for f in (total, last):
        compiled = coachwhip.jit(f)
        for _, a in layouts((5,), dtype):
            same(f, a, compiled=compiled)


def test_rows():
    for f in (rows, change_rows):
        compiled = coachwhip.jit(f)
        for _, a in layouts((3, 4), "f8"):
            same(f, a, compiled=compiled)
    compiled = coachwhip.jit(last)
    for _, a in layouts((2, 3, 4), "i2"):
        same(last, a, compiled=compiled)
    assert coachwhip.jit(total)(np.zeros(0)) == 0  # NumPy's 0.0: `result` is an int on one path only


def test_helpers():
    compiled = coachwhip.jit(pairs)
    for _, a in layouts((4,)):
        same(pairs, a, values((5,), "f4"), compiled=compiled)
    compiled = coachwhip.jit(backwards)
    for _, a in layouts((4,)):
        same(backwards, a, compiled=compiled)
    for n in (2, 3, 4):
        same(unpacked, np.arange(float(n)))


def builtin_sum(x):
    return sum(x)


def builtin_min(x):
    return min(x)


def builtin_max(x):
    return max(x)


def builtin_any(x):
    return any(x)


def builtin_all(x):
    return all(x)


@pytest.mark.parametrize("f", [builtin_sum, builtin_min, builtin_max, builtin_any, builtin_all])
def test_builtins_over_arrays(f):
    compiled = coachwhip.jit(f)
    for dtype in DTYPES:
        if np.dtype(dtype).kind == "c" and f in (builtin_min, builtin_max):
            continue
        for _, a in layouts((6,), dtype):
            same(f, a, compiled=compiled)
        if f is not builtin_sum:
            same(f, np.zeros(0, dtype), compiled=compiled)
    for special in ([np.nan, 1.0, 2.0], [1.0, np.nan, 0.5], [0.0, -0.0], [-0.0, 0.0], [np.inf, -np.inf]):
        same(f, np.array(special), compiled=compiled)


def over_range(n):
    return sum(range(n)), sum(range(n), 10), any(range(n)), all(range(1, n)), max(range(n + 1)), min(range(n, -3, -2))


def over_tuple(a, b, c):
    return sum((a, b, c)), min((a, b, c)), max((a, b, c)), any((a, b, c)), all((a, b, c)), sum(()), any(()), all(())


def with_start(a):
    return sum(a, 10), sum(a, 0.5)


def with_default(a):
    return min(a, default=7.0), max(a, default=-1.0)


def of_flat(a):
    return sum(a.flat), min(a.ravel()), max(a.flat)


def empty_tuple():
    return min(())


def test_builtins():
    for n in (0, 1, 10):
        same(over_range, n)
    for args in ((1, 2, 3), (1.5, 2.5, -1.0), (True, False, True), (0.1, 0.2, 0.3), tuple(np.float32((1, 3, 2)))):
        same(over_tuple, *args)
    same(with_start, np.arange(4.0))
    same(with_start, np.arange(4))
    for n in (0, 3):
        got, want = coachwhip.jit(with_default)(np.arange(float(n))), with_default(np.arange(float(n)))
        assert got == want  # a Python float becomes NumPy's where the array's elements are NumPy's
    for _, a in layouts((2, 3)):
        same(of_flat, a)
    same(empty_tuple)


def over_0d(a):
    for v in a:
        return v
    return 0.0


def sum_2d(a):
    return sum(a)


def test_refusals():
    refused(over_0d, np.array(1.0))
    refused(sum_2d, np.zeros((2, 2)))
