"""`ptp`, `average`, `diff`, `trapezoid`, and sequences in the place of arrays."""
import numpy as np
import pytest
from reduction_cases import layouts, values
from support import same

from coachwhip import jit


def spans(a):
    # Sums, because array expressions over strided arrays give results in C order.
    return (np.ptp(a), np.ptp(a, axis=0), np.ptp(a, axis=1, keepdims=True), np.diff(a).sum(axis=0), np.diff(a, 2, axis=0).max(axis=1),
            np.diff(a, n=0))


@pytest.mark.parametrize("dtype", ("float64", "uint8"))
def test_spans(dtype):
    f = jit(spans)
    for name, a in layouts((4, 9), dtype):
        same(spans, a, compiled=f)
    same(spans, values((1, 1), dtype), compiled=f)


def averages(a, w, v):
    return (np.average(a), np.average(a, axis=0), np.average(a, weights=w), np.average(a, axis=1, weights=w, returned=True),
            np.average(a, axis=0, weights=v, returned=True), np.average(a, axis=1, keepdims=True), np.average(a, returned=True))


def test_averages():
    f = jit(averages)
    for dtype in ("float64", "float32", "int16"):
        for w in ("float64", "int32"):
            a, b, v = values((4, 9), dtype), values((4, 9), w, seed=3), values(4, w, seed=4)
            same(averages, a, b, v, compiled=f)
    same(averages, np.asfortranarray(values((4, 9), "float64")), values((4, 9), "float64"), values(4, "float64"), compiled=f)


def test_errors_of_averages():
    a = values((2, 3), "float64")
    same(lambda a, w: np.average(a, weights=w), a, np.zeros((2, 3)))
    same(lambda a, w: np.average(a, weights=w), a, np.ones((3, 2)))
    same(lambda a, w: np.average(a, weights=w), a, np.ones(3))
    same(lambda a, w: np.average(a, axis=1, weights=w), a, np.ones(2))


def areas(y, x):
    return np.trapezoid(y), np.trapezoid(y, x), np.trapezoid(y, dx=0.5, axis=0), np.trapezoid(y, x[:4], axis=0)


def test_areas():
    for dtype in ("float64", "float32", "int8"):
        same(areas, values((4, 9), dtype), np.linspace(0, 2, 9))
    same(lambda y: np.trapezoid(y), values(50, "float64"))


def test_diff_of_bools():
    same(lambda a: np.diff(a), values(9, "bool"))
    same(lambda a: np.diff(a, -1), values(9, "float64"))
    same(lambda a: np.diff(a, axis=1), values(9, "float64"))


def test_sequences():
    same(lambda x: (np.sum((x, 2.5, 3)), np.max([x, 7, 2]), np.mean([[1, 2], [3, x]], axis=0), np.median((4, x, 9))), 5)


def test_ediff1d():
    same(lambda a: (np.ediff1d(a), np.ediff1d(a, to_begin=7), np.ediff1d(a, 9, a)), values(6, "int64"))
    same(lambda a: np.ediff1d(a, to_end=a[0]), values((2, 3), "float32"))
    same(lambda a: np.ediff1d(a), np.zeros(0))
