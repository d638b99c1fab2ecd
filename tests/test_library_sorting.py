"""What the declared cases of sorting cannot say: partitions, which NumPy leaves open, and what is refused."""
import coachwhip
import numpy as np
import pytest
from array_cases import DTYPES
from support import refused, same


def partition(a, kth):
    return np.partition(a, kth)


def argpartition(a, kth):
    return np.argpartition(a, kth)


def partition_first(a, kth):
    return np.partition(a, kth, axis=0)


def partition_in_place(a, kth):
    a.partition(kth)
    return a


def values(dtype, shape, rng):
    a = rng.integers(0, 2 if np.dtype(dtype).kind == "b" else 50, shape).astype(dtype)
    if a.dtype.kind in "fc":
        a[rng.random(shape) < 0.1] = np.nan
    return a


def assert_partitioned(got, a, kth, axis=-1):
    """The places have what sorting brings there, no greater before and no less after, and nothing is lost."""
    want = np.sort(a, axis=axis)
    assert got.dtype == a.dtype and got.shape == a.shape
    assert np.array_equal(np.sort(got, axis=axis), want, equal_nan=a.dtype.kind in "fc")
    places = sorted({int(k) % a.shape[axis] for k in np.atleast_1d(kth)})
    got, want = np.moveaxis(got, axis, -1), np.moveaxis(want, axis, -1)
    for place in places:
        assert np.array_equal(got[..., place], want[..., place], equal_nan=a.dtype.kind in "fc")
        for part in (slice(None, place), slice(place, None)):
            one, other = np.sort(got[..., part], axis=-1), want[..., part]
            assert np.array_equal(one, other, equal_nan=a.dtype.kind in "fc")


@pytest.mark.parametrize("dtype", DTYPES)
def test_partition(dtype):
    rng = np.random.default_rng(0)
    compiled = [coachwhip.jit(f) for f in (partition, partition_in_place, partition_first, argpartition)]
    for shape in ((1,), (20,), (4, 7), (3, 0)):
        for kth in (0, -1, shape[0] // 2, (0, -1), np.array([0])):
            a = values(dtype, shape, rng)
            if a.size == 0 or any(not -n <= k < n for k in np.atleast_1d(kth) for n in (shape[0], shape[-1])):
                continue
            assert_partitioned(compiled[0](a, kth), a, kth)
            assert_partitioned(compiled[1](a.copy(), kth), a, kth)
            assert_partitioned(compiled[2](a[:, ::-1] if a.ndim == 2 else a[::-1], kth), a[..., ::-1], kth, 0)
            found = compiled[3](a, kth)
            assert found.dtype == np.int64
            assert_partitioned(np.take_along_axis(a, found, -1), a, kth)


@pytest.mark.parametrize("kth", [5, -6, (0, 7)])
def test_partition_out_of_bounds(kth):
    same(partition, np.arange(5.0), kth)
    same(argpartition, np.arange(5.0), kth)
    same(partition, np.zeros(0), kth)


def unique_of_axis(a):
    return np.unique(a, axis=0)


def test_unique_along_an_axis_is_refused():
    error = refused(unique_of_axis, np.zeros((2, 2)), code="CW0302")
    assert "axis must be None" in str(error) and "np.unique(a, axis=0)" in str(error)


def sort_of(a, kind):
    return np.sort(a, kind=kind)


def test_a_large_sort_is_numpys():
    rng = np.random.default_rng(1)
    for a in (rng.random(100_000), rng.integers(-9, 9, 100_000), rng.random(5000).astype(np.float32), rng.random((50, 99))):
        same(sort_of, a, None)


def argsort_of(a):
    return np.argsort(a, kind="stable")


def test_a_large_argsort_is_numpys():
    rng = np.random.default_rng(1)
    for a in (rng.random(50_000), rng.integers(-9, 9, 50_000), rng.integers(0, 3, 5000).astype(np.uint8)):
        same(argsort_of, a)
