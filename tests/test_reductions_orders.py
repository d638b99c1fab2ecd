"""Medians and quantiles against NumPy."""
import numpy as np
import pytest
from reduction_cases import layouts, values
from support import same

from coachwhip import jit

METHODS = ("inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull",
           "linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest")


def medians(a):
    return np.median(a), np.median(a, axis=0), np.median(a, axis=-1, keepdims=True), np.median(a, axis=(0, 1))


def quartiles(a, q):
    return (np.quantile(a, 0.25), np.percentile(a, 30, axis=0), np.quantile(a, q, axis=1), np.percentile(a, q * 100),
            np.quantile(a, (0.1, 0.9), axis=0, keepdims=True))


@pytest.mark.parametrize("dtype", ("float64", "float32", "int8", "bool"))
def test_medians(dtype):
    f = jit(medians)
    for shape in ((3, 5), (4, 6), (1, 1), (2, 5000), (700, 3)):
        same(medians, values(shape, dtype), compiled=f)
        same(medians, np.asfortranarray(values(shape, dtype)), compiled=f)


@pytest.mark.parametrize("dtype", ("float32", "int16"))
def test_quantiles(dtype):
    f = jit(quartiles)
    q = np.array([0.0, 0.33, 0.5, 1.0])
    for shape in ((3, 5), (1, 1), (2, 5000)):
        same(quartiles, values(shape, dtype), q, compiled=f)
    for name, a in layouts((4, 30), dtype):
        if name in ("F", "strided"):
            same(quartiles, a, q, compiled=f)


def test_methods():
    a = values(21, "float64")
    q = np.array([0.0, 0.05, 0.25, 0.5, 0.61, 1.0])
    calls = "".join(f"np.quantile(a, q, method='{method}'), " for method in METHODS)
    f = eval(f"lambda a, q: ({calls})", {"np": np})
    same(f, a, q)
    same(lambda a: (np.percentile(a, 37.5, method="midpoint"), np.quantile(a, 0.3, method="nearest")), values(20, "int32"))


def test_selection():
    f = jit(lambda a: (np.median(a), np.percentile(a, 1), np.percentile(a, 99.9), np.quantile(a, 0.5, method="lower")))
    rng = np.random.default_rng(0)
    for a in (rng.standard_normal(40001), rng.integers(0, 3, 40000), np.zeros(9000), np.arange(30000.0), np.arange(30000.0)[::-1],
              np.r_[np.full(20000, 5), np.arange(20000)], np.where(np.arange(20000) % 2, np.inf, -np.inf),
              np.tile(np.arange(100), 300)):
        same(f.py_func, a, compiled=f)


def dtypes(a, q):
    return np.quantile(a, 1), np.quantile(a, 0.5), np.quantile(a, q[0]), np.percentile(a, q), np.quantile(a, np.float32(0.5))


def test_dtypes():
    f = jit(dtypes)
    for dtype in ("float32", "int8"):
        for q in (np.array([0.5, 0.25]), np.array([0.5, 0.25], np.float32), np.array([0, 1])):
            same(dtypes, values(9, dtype), q, compiled=f)


def without_nan(a):
    return (np.nanmedian(a), np.nanmedian(a, axis=0), np.nanpercentile(a, 20, axis=1), np.nanquantile(a, 0.7),
            np.median(a, axis=1), np.quantile(a, 0.5, axis=0))


def test_nan():
    f = jit(without_nan)
    for dtype in ("float32", "int32"):
        a = values((5, 40), dtype)
        if a.dtype.kind == "f":
            a[1, 3] = np.nan
            a[:, 7] = np.nan
            a[4] = np.nan
        same(without_nan, a, compiled=f)


def test_errors():
    same(lambda a: np.quantile(a, 1.5), np.arange(3.0))
    same(lambda a, q: np.percentile(a, q), np.arange(3.0), np.array([50, 101.0]))
    same(lambda a: np.percentile(a, 50), np.zeros(0))
    same(lambda a: np.percentile(a, 50), np.zeros(0, int))
    same(lambda a: (np.median(a), np.median(a, axis=0)), np.zeros((0, 3)))
    same(lambda a: np.median(a, axis=2), np.zeros((2, 3)))
    same(lambda a: np.nanmedian(a), np.array([np.nan, np.nan]))


def outs(a, o):
    np.median(a, axis=0, out=o)
    return np.percentile(a, 25, axis=0, out=o), np.median(3), np.median(np.float32(2))


def test_out():
    same(outs, values((3, 4), "float64"), np.zeros(4))
