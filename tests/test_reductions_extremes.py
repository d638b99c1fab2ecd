"""Extremes, their positions and running totals against NumPy."""
import numpy as np
import pytest
from reduction_cases import layouts, values
from support import same

from coachwhip import jit


def extremes(a):
    return (a.max(), np.min(a), np.amax(a), a.max(axis=0), np.min(a, axis=-1), a.min(axis=1, keepdims=True), np.max(a, axis=(0, 1)),
            a.argmax(), np.argmin(a), a.argmax(axis=0), np.argmin(a, axis=1), np.argmax(a, axis=-1, keepdims=True))


def running(a):
    return (np.cumsum(a), a.cumsum(axis=0), a.cumsum(axis=-1), np.cumsum(a, axis=1, dtype=np.float64),
            np.cumulative_sum(a, axis=0, include_initial=True), np.nancumsum(a, axis=1))


def products(a):
    return np.cumprod(a), a.cumprod(axis=0), np.cumulative_prod(a, axis=1), np.nancumprod(a, axis=0)


COMPILED = {f: jit(f) for f in (extremes, running, products)}


@pytest.mark.parametrize("dtype", ("bool", "int8", "int64", "uint64", "float32", "float64", "complex128"))
def test_planes(dtype):
    for shape in ((3, 5), (2, 4200)):
        a = values(shape, dtype)
        same(extremes, a, compiled=COMPILED[extremes])
        same(extremes, np.asfortranarray(a), compiled=COMPILED[extremes])


@pytest.mark.parametrize("dtype", ("float64", "int8"))
def test_layouts(dtype):
    for name, a in layouts((5, 40), dtype):
        if name != "readonly":
            same(extremes, a, compiled=COMPILED[extremes])
            same(running, a, compiled=COMPILED[running])


@pytest.mark.parametrize("dtype", ("float32", "int16", "bool", "complex128"))
def test_running(dtype):
    for shape in ((3, 5), (1, 4), (4, 1), (0, 3), (3, 0)):
        a = values(shape, dtype)
        for a in (a, np.asfortranarray(a)):
            same(running, a, compiled=COMPILED[running])
            same(products, a, compiled=COMPILED[products], ulp=8 if a.dtype.kind == "c" else 0)


@pytest.mark.parametrize("dtype", ("float64", "float32", "complex128"))
def test_nan(dtype):
    for n in (3, 40, 3000):
        for place in (0, 1, n // 2, n - 1):
            a = values((2, n), dtype)
            a[1, place] = np.nan
            same(extremes, a, compiled=COMPILED[extremes])
            same(extremes, np.asfortranarray(a), compiled=COMPILED[extremes])
    a = values((2, 40), dtype)
    a[0, 3], a[1, 7] = np.inf, -np.inf
    same(extremes, a, compiled=COMPILED[extremes])
    a[:] = np.nan
    same(extremes, a, compiled=COMPILED[extremes])


def keyworded(a, m):
    return (np.max(a, initial=3), a.min(axis=0, initial=5), np.max(a, axis=1, where=m, initial=0), a.min(where=m, initial=1),
            np.max(a, axis=()), a.max(axis=(0, 1), keepdims=True))


def test_keywords():
    m = values((4, 30), "bool", seed=9)
    f = jit(keyworded)
    for dtype in ("float32", "int8"):
        same(keyworded, values((4, 30), dtype), m, compiled=f)
        same(keyworded, np.asfortranarray(values((4, 30), dtype)), m, compiled=f)


def test_errors():
    empty, plane = np.zeros(0), np.zeros((0, 3))
    for a in (empty, plane):
        same(lambda a: a.max(), a)
        same(lambda a: np.min(a, axis=0), a)
        same(lambda a: np.argmax(a), a)
        same(lambda a: a.argmin(axis=0), a)
    same(lambda a: (np.max(a, axis=1), np.argmax(a, axis=1)), plane)
    same(lambda a, m: np.max(a, where=m), np.zeros((2, 3)), np.zeros(3, bool))
    same(lambda a: np.max(a, initial=300), np.zeros(3, np.int8))
    same(lambda a: np.argmax(a, axis=5), np.zeros((2, 3)))
    same(lambda a: np.nanargmin(a), np.full(3, np.nan))


def outs(a, o, p):
    a.max(axis=0, out=o)
    r = a.argmax(axis=0, out=p)
    q = np.cumsum(a, axis=1, out=a)
    return r, q


def test_out():
    same(outs, values((3, 4), "float64"), np.zeros(4), np.zeros(4, int))
    same(outs, values((3, 4), "float64"), np.zeros(4, np.float32), np.zeros(4, int))


def varying(a, axis):
    return a.max(axis), np.argmin(a, axis=axis), a.cumsum(axis)


def test_axis_of_the_run_time():
    f = jit(varying)
    for a in (values((3, 5), "float64"), np.asfortranarray(values((3, 5), "int8"))):
        for axis in range(-3, 3):
            same(varying, a, axis, compiled=f)


def without_nan(a):
    return np.nanmin(a), np.nanmax(a, axis=0), np.nanargmin(a), np.nanargmax(a, axis=1), np.nanargmin(a, axis=0)


def test_without_nan():
    f = jit(without_nan)
    for dtype in ("float64", "complex128", "int32"):
        a = values((3, 40), dtype)
        if a.dtype.kind in "fc":
            a[0, ::3] = np.nan
            a[2, 5] = np.nan
        same(without_nan, a, compiled=f)
        same(without_nan, np.asfortranarray(a), compiled=f)
