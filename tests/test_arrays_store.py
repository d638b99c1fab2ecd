"""Stores into arrays: conversions of one element, and assignments to views with broadcasting and casting."""
import coachwhip
import numpy as np
import pytest
from array_cases import DTYPES, layouts, small, values
from support import refused, same

PYTHON_NUMBERS = (0, 1, -1, 127, 128, 255, 256, 300, -129, 2**31, -2**31 - 1, 2**63 - 1, -2**63, True, False,
                  0.0, -0.0, 3.7, -3.7, -0.5, 255.9, 256.0, 1e10, 1e30, -1e30, float("nan"), float("inf"), -float("inf"),
                  2.0**63, -2.0**63, 1.8e19, 2.0**64)
NUMPY_NUMBERS = tuple(
    np.dtype(kind).type(v) for kind in ("?", "i1", "i8", "u1", "u8", "f4", "f8") for v in (0, 1, 100)) + (
    np.int64(300), np.int64(-1), np.int64(2**40), np.uint64(2**63 + 5), np.float64(300.5), np.float64(-3.5),
    np.float32(3e9), np.float64("nan"), np.float64("inf"), np.float64(1e30), np.complex64(3 + 1j), np.complex128(0.5 - 2j))


def store(a, v):
    a[1] = v


def store_all(a, v):
    a[:] = v


def fill(a, v):
    a.fill(v)


@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers_into_elements(dtype):
    compiled = coachwhip.jit(store)
    to_int_out_of_range = np.dtype(dtype).kind == "u"
    for v in PYTHON_NUMBERS + NUMPY_NUMBERS:
        if dtype == "u4" and isinstance(v, float) and 2.0**63 <= v < 2.0**64:
            continue  # the same exception with the number in its message
        if to_int_out_of_range and isinstance(v, np.floating) and not 0 <= v < 256:
            continue  # undefined in C; NumPy's answer depends on the machine
        same(store, np.ones(3, dtype), v, compiled=compiled)
    for v in (1 + 2j, 0j):
        if np.dtype(dtype).kind in "bc":
            same(store, np.ones(3, dtype), v, compiled=compiled)
        else:
            refused(store, np.ones(3, dtype), v)


@pytest.mark.parametrize("f", [store_all, fill])
@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f4", "c8"])
def test_numbers_into_all_elements(f, dtype):
    compiled = coachwhip.jit(f)
    for v in (0, 1, 300, -1, 2.5, float("nan"), np.float32(2.5), np.int16(-3)):
        if dtype == "u8" and isinstance(v, np.number) and v < 0:
            continue
        same(f, np.ones(3, dtype), v, compiled=compiled)
    for _, a in layouts((2, 3), dtype, small):
        same(f, a, 1, compiled=compiled)
    same(f, np.ones((), dtype), 1) if f is fill else None
    same(f, np.ones((0, 3), dtype), 1, compiled=compiled)


def literals(a):
    a[0] = 1
    a[1] = 2.5
    a[2] = True
    a[-1] = 1e-3


def too_big(a):
    a[0] = 300


def negative(a):
    a[0] = -1


def bigger_than_64_bits(a):
    a[0] = 18446744073709551615


def test_literals():
    for dtype in DTYPES:
        for f in (literals, too_big, negative):
            same(f, np.zeros(4, dtype))
    same(bigger_than_64_bits, np.zeros(1, "u8"))
    same(bigger_than_64_bits, np.zeros(1, "f8"))


def element(a, i, j, v):
    a[i, j] = v
    a[j - 1][i] += v


def test_elements_on_every_layout():
    compiled = coachwhip.jit(element)
    for dtype in ("i4", "f8", "c16"):
        for _, a in layouts((3, 3), dtype, small):
            for i, j in ((0, 0), (2, 1), (-1, -1), (3, 0), (0, -4)):
                same(element, a, i, j, 2, compiled=compiled)


def from_0d(a, b):
    a[0] = b


def test_array_without_dimensions_into_element():
    for dtype in ("i1", "f8"):
        same(from_0d, np.zeros(3, dtype), np.array(7.0))
        same(from_0d, np.zeros(3, dtype), np.array(2**40))


def copy_all(a, b):
    a[...] = b


@pytest.mark.parametrize("dtype", DTYPES)
def test_casts_between_arrays(dtype):
    compiled = coachwhip.jit(copy_all)
    for source in sorted({"?", "i2", "i8", "u8", "f4", "f8", "c16", dtype}):
        same(copy_all, np.zeros(7, dtype), small((7,), source), compiled=compiled)


def test_assignment_between_layouts():
    compiled = coachwhip.jit(copy_all)
    for shape in ((5,), (3, 4), (2, 3, 4)):
        for first, a in layouts(shape, "f8"):
            for second, b in layouts(shape, "i4", small):
                if len(shape) < 3 or {first, second} <= {"C", "F", "strided"}:
                    same(copy_all, a, b, compiled=compiled)


def test_broadcasting():
    compiled = coachwhip.jit(copy_all)
    shapes = ((), (1,), (3,), (4,), (3, 4), (1, 4), (3, 1), (1, 1), (2, 3, 4), (2, 1, 4), (1, 3, 4), (0,), (0, 4), (1, 1, 4))
    for target in shapes:
        for source in shapes:
            same(copy_all, np.zeros(target), small(source, "f8"), compiled=compiled)
    for order in "CF":
        for source in ((4,), (3, 1), (1, 4), (1,), (3, 4), (2, 3, 4)):
            same(copy_all, np.zeros((3, 4), order=order), small(source, "f8"), compiled=compiled)


def shift_right(a):
    a[1:] = a[:-1]


def shift_left(a):
    a[:-1] = a[1:]


def flip(a):
    a[:] = a[::-1]


def itself(a):
    a[:] = a


def transpose(a):
    a[:] = a.T


def spread(a):
    a[...] = a[0]


def spread_column(a):
    a[...] = a[:, 1:2]


def every_other(a):
    a[::2] = a[1::2]


def halves(a):
    a[: len(a) // 2] = a[len(a) // 2 :]


@pytest.mark.parametrize("f", [shift_right, shift_left, flip, itself, every_other, halves])
def test_overlap_in_one_dimension(f):
    compiled = coachwhip.jit(f)
    for n in (0, 2, 8, 64):
        for _, a in layouts((n,), "i8"):
            same(f, a, compiled=compiled)


@pytest.mark.parametrize("f", [shift_right, flip, transpose, spread, spread_column])
def test_overlap_in_two_dimensions(f):
    compiled = coachwhip.jit(f)
    for _, a in layouts((4, 4), "i8"):
        same(f, a, compiled=compiled)


def reinterpret(a):
    a.real[1:] = a.imag[:-1]


def test_overlap_of_parts():
    same(reinterpret, values((6,), "c16"))


def pieces(a, b):
    a[1:3] = b
    a[0] = b[0]
    a[:, 0] = 5
    a[-1, ::2] = 1.5
    a[..., -1] = b[1]
    a[1:3, 1:3] = 7


def test_pieces():
    for order in "CF":
        for dtype in ("f8", "i2"):
            same(pieces, small((4, 5), dtype).copy(order), np.arange(5))


def from_tuple(a):
    a[0] = (1, 2, 3)
    a[:, 1] = (7.5, True)
    a[1, 1:] = (4,)


def wrong_tuple(a):
    a[0] = (1, 2)


def test_tuples():
    for dtype in ("f8", "i4", "c8"):
        same(from_tuple, np.zeros((2, 3), dtype))
        same(wrong_tuple, np.zeros((2, 3), dtype))


def test_read_only():
    a = np.zeros(3)
    a.flags.writeable = False
    for f in (store, store_all, fill):
        same(f, a, 1.0)
    same(copy_all, a, np.zeros(3))
    same(copy_all, a, np.zeros(4))


def row_of_read_only(a):
    b = a[0]
    b[0] = 1


def test_views_of_read_only_are_read_only():
    a = np.zeros((2, 2))
    a.flags.writeable = False
    same(row_of_read_only, a)


def earlier_writes_stay(a, n):
    for i in range(n):
        a[i] = i


def test_failure_keeps_earlier_writes():
    same(earlier_writes_stay, np.zeros(5), 9)


def augmented(a, i):
    a[i] += 1
    a[i] *= 2
    a[i] -= a[0]
    a[i] //= 2


def test_augmented_items():
    for dtype in ("i1", "u1", "i8", "f4", "f8"):
        same(augmented, small((4,), dtype), 2)
    same(augmented, np.array([100, 120, 127, 127], "i1"), 2)


def sequence_in_element(a, b):
    a[0] = b


def none_in_element(a):
    a[0] = None


def text_in_element(a):
    a[0] = "x"


def test_refusals():
    refused(sequence_in_element, np.zeros(3), np.zeros(2))
    refused(none_in_element, np.zeros(3))
    refused(text_in_element, np.zeros(3))


def test_without_optimisation():
    for order in "CF":
        same(pieces, small((4, 5), "f8").copy(order), np.arange(5), debug=True)
    same(flip, np.arange(9), debug=True)
