"""Sums, products, means and variances against NumPy: bits on contiguous data, dtypes, axes, keywords."""
import numpy as np
import pytest
from reduction_cases import DTYPES, FLOATS, layouts, values
from support import same

import coachwhip
from coachwhip import jit


def whole(a):
    return a.sum(), np.sum(a), a.prod(), a.mean(), np.mean(a), np.any(a), a.all(), np.count_nonzero(a), a.var(), np.std(a)


def lasting(a):
    return a.sum(axis=-1), a.sum(axis=0), np.mean(a, axis=0), np.mean(a, 1), a.any(0), np.all(a, -1)


def spread(a):
    return a.var(axis=0), np.std(a, axis=-1), np.count_nonzero(a, axis=0), a.prod(axis=1)


def boxed(a):
    return a.sum(axis=1), a.sum(axis=(0, 2)), np.sum(a, axis=(0, 1)), np.mean(a, axis=(1, 2)), np.sum(a, axis=2), np.sum(a, axis=())


COMPILED = {f: jit(f) for f in (whole, lasting, spread, boxed)}


def check(function, a, **options):
    same(function, a, compiled=COMPILED[function], **options)


@pytest.mark.parametrize("dtype", DTYPES)
def test_whole(dtype):
    for n in (0, 1, 7, 8, 130, 9000):
        check(whole, values(n, dtype))
    check(whole, values((), dtype))
    check(whole, values(600, dtype)[::3])
    check(whole, values(300, dtype)[::-1])


@pytest.mark.parametrize("dtype", FLOATS)
def test_whole_of_planes(dtype):
    for shape in ((3, 5), (40, 300), (1, 200), (200, 1), (0, 4)):
        for layout in (values(shape, dtype), np.asfortranarray(values(shape, dtype))):
            check(whole, layout)


@pytest.mark.parametrize("dtype", ("float64", "complex64", "uint8"))
def test_axes(dtype):
    for shape in ((3, 5), (40, 300), (300, 40), (1, 200), (200, 1), (0, 4), (4, 0)):
        for a in (values(shape, dtype), np.asfortranarray(values(shape, dtype))):
            check(lasting, a)
            if a.dtype.kind != "c":
                check(spread, a)


@pytest.mark.parametrize("dtype", ("float32", "complex128"))
def test_boxes(dtype):
    for shape in ((3, 4, 5), (2, 130, 9), (1, 9, 1), (20, 1, 30), (9, 8, 1), (0, 2, 3)):
        check(boxed, values(shape, dtype))
        check(boxed, np.asfortranarray(values(shape, dtype)))


@pytest.mark.parametrize("dtype", ("float64", "uint8"))
def test_layouts(dtype):
    for name, a in layouts((6, 30), dtype):
        check(lasting, a)
    for name, a in layouts((4, 10, 12), dtype):
        if name in ("transposed", "broadcast"):
            check(boxed, a)


def keyword_cases(a, m):
    return (
        np.sum(a, dtype=np.float32),
        a.sum(axis=0, keepdims=True),
        np.sum(a, axis=(0, 1), keepdims=True),
        a.sum(axis=1, initial=3),
        np.prod(a, axis=0, dtype=np.float64, initial=2),
        a.sum(where=m),
        np.sum(a, axis=0, where=m),
        np.mean(a, axis=1, where=m),
        np.mean(a, where=m, keepdims=True),
        np.var(a, axis=0, where=m, ddof=1),
        np.any(a, axis=0, where=m),
        np.all(a, where=m[0]),
        np.std(a, ddof=1),
        np.var(a, axis=1, ddof=0.5, keepdims=True),
        np.var(a, correction=1),
        np.count_nonzero(a, axis=1, keepdims=True),
    )


@pytest.mark.parametrize("dtype", ("float64", "int16"))
def test_keywords(dtype):
    m = values((5, 70), "bool", seed=5)
    f = jit(keyword_cases)
    for a in (values((5, 70), dtype), np.asfortranarray(values((5, 70), dtype)), values((10, 140), dtype)[::2, ::2]):
        same(keyword_cases, a, m, compiled=f)


def stored(a, whole_out, row_out):
    np.sum(a, out=whole_out)
    np.mean(a, axis=0, out=row_out)
    r = a.sum(axis=0, out=row_out)
    a.var(0, None, row_out)
    return r


def test_out():
    f = jit(stored)
    for a_type in ("float64", "int64"):
        for out_type in ("float32", "int32"):
            a = values((4, 9), a_type)
            same(stored, a, np.zeros((), out_type), np.zeros(9, out_type), compiled=f)
    same(stored, values((4, 9), "float64"), np.zeros(()), np.zeros(8), compiled=f, messages=False)
    same(lambda a, o: a.sum(axis=0, out=o), values((4, 9), "float64"), np.zeros((9, 1)), messages=False)


def varying(a, axis):
    return a.sum(axis), np.mean(a, axis=axis, keepdims=True)


def test_axis_of_the_run_time():
    f = jit(varying)
    for a in (values((3, 5), "float64"), np.asfortranarray(values((3, 5), "float32")), values((2, 3, 4), "int8")[::-1]):
        for axis in range(-a.ndim - 1, a.ndim + 1):
            same(varying, a, axis, compiled=f)
    same(varying, values(5, "float64"), 0, compiled=f)
    same(varying, values(5, "float64"), np.int32(-1), compiled=f)


def test_errors():
    a = values((3, 4), "float64")
    same(lambda a: a.sum(axis=2), a)
    same(lambda a: np.sum(a, axis=(0, -3)), a)
    same(lambda a: np.sum(a, axis=(0, 0)), a)
    same(lambda a: np.mean(a, axis=(0, -2)), a)


def test_numbers():
    def f(x, y):
        return np.sum(x), np.mean(y), np.prod(x, axis=0), np.any(y), np.var(y), np.sum(x, axis=())

    same(f, 3, 2.5)
    same(f, np.float32(3), np.int8(2))
    same(f, True, 1j)


def test_order_of_converted_sums():
    def f(a):
        return a.sum(dtype=np.float64), a.mean(axis=0, dtype=np.float64), a.mean(axis=1, dtype=np.float64), np.mean(a[:, ::2])

    c = jit(f)
    for shape in ((3, 20000), (9000, 2), (20, 500)):
        same(f, values(shape, "float32"), compiled=c)
        same(f, values(shape, "int32") * 3, compiled=c)


@pytest.mark.parametrize("dtype", ("float32", "complex128", "int64"))
def test_without_nan(dtype):
    def f(a):
        return (np.nansum(a), np.nansum(a, axis=0), np.nanprod(a, axis=1), np.nanmean(a), np.nanmean(a, axis=0, keepdims=True),
                np.nanvar(a), np.nanvar(a, axis=1, ddof=1), np.nanstd(a, axis=0), np.nanmin(a), np.nanmax(a, axis=1))

    c = jit(f)
    a = values((6, 150), dtype)
    same(f, a, compiled=c, ulp=64 if a.dtype.kind == "c" else 0)
    if a.dtype.kind in "fc":
        a[1, ::3] = np.nan
        a[:, 5] = np.nan
        # NumPy's products of complex numbers are fused in places.
        ulp = 64 if a.dtype.kind == "c" else 0
        same(f, a, compiled=c, ulp=ulp)
        same(f, np.asfortranarray(a), compiled=c, ulp=ulp)
        same(f, a[::-1, ::2], compiled=c, ulp=ulp)


def test_axes_without_elements_are_not_looked_at():
    """The interpreter, which sees what reads nothing that it may, agrees too."""
    def function(a):
        return np.sum(a[:, 1:]), np.sum(a[:, 1:], axis=(1, 2)), np.sum(a[:, 1:], axis=0)

    compiled = coachwhip.jit(function)
    for shape in [(3, 1, 2), (1, 1, 2), (3, 1, 1), (0, 2, 3), (3, 2, 2)]:
        a = np.ones(shape)
        same(function, a)
        compiled(a)
        assert coachwhip._core.interpret(compiled, "infer", (a,))[0] == "value"


def test_what_the_code_generator_is_told_of_loops():
    def last_ir(function, argument):
        compiled = jit(function)
        compiled(argument)
        return compiled.inspect_ir(compiled.signatures[0]).split()

    def by_two(a):
        first = second = 0.0
        for i in range(0, a.size - 1, 2):
            first += a[i]
            second += a[i + 1]
        return first + second

    def one_by_one(a):
        total = a[0]
        for x in a:
            total += x
        return total

    numbers = np.arange(100.0)
    for function in (np.sum, np.nansum, np.max, np.nanmin):
        assert "lanes" in last_ir(lambda a, f=function: f(a), numbers)
    assert "lanes" not in last_ir(by_two, numbers)  # LLVM finds out by itself
    assert "in_order" in last_ir(one_by_one, numbers)
    assert "in_order" not in last_ir(one_by_one, np.arange(100))
