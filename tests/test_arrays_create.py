"""New arrays: `np.empty`, `zeros`, `ones`, `full`, `arange`, `linspace` and their relatives."""
import coachwhip
import numpy as np
import pytest
from array_cases import DTYPES, layouts, small, values
from support import refused, same


def shapes_of_empty(n, m):
    return (np.empty(n).shape, np.empty((n, m), np.int32).shape, np.empty((n, m), order="F").strides, np.empty(()).shape,
            np.empty((m,), "u1").strides, np.empty((n, 3, m), dtype="c16").strides, np.empty((0, n)).size, np.zeros((n, 0)).shape)


def zeros(n, m):
    return np.zeros(n), np.zeros((n, m), dtype=int), np.zeros((m, n), bool, "F"), np.zeros(()), np.zeros((n, m, 2), "c8")


def ones(n, m):
    return np.ones(n), np.ones((n, m), dtype="i2"), np.ones((m, n), bool, "F"), np.ones(()), np.ones(n, complex)


def full(n, m, v):
    return np.full(n, v), np.full((n, m), v, float), np.full((m, n), v, order="F"), np.full((), v)


@pytest.mark.parametrize("f", [shapes_of_empty, zeros, ones])
def test_shapes(f):
    compiled = coachwhip.jit(f)
    for n, m in ((2, 3), (1, 1), (-1, 2), (2, -1), (np.int32(2), np.uint8(3))):
        same(f, n, m, compiled=compiled)


def test_full():
    compiled = coachwhip.jit(full)
    for v in (0, 1.5, True, np.int8(3), np.float32(0.1), np.uint64(7)):
        same(full, 2, 3, v, compiled=compiled)
    same(full_complex, 2, 1 + 2j)


def full_complex(n, v):
    return np.full(n, v), np.full((n, n), v, "c8")


def full_int8(v):
    return np.full(2, v, "i1")


def full_uint8(v):
    return np.full(2, v, np.uint8)


def full_bool(v):
    return np.full(2, v, bool)


def test_full_with_dtype():
    for f in (full_int8, full_uint8, full_bool):
        for v in (0, 1, 127, 255, 300, -1, -129, True, 2.7, np.int64(1), np.float32(3.5)):
            same(f, v)


def full_array(a):
    return np.full((2, 3), a), np.full((2, 3), a, "i4")


def test_full_of_array():
    same(full_array, np.arange(3.0))
    same(full_array, np.arange(4.0))


def likes(a):
    return np.zeros_like(a), np.ones_like(a), np.full_like(a, 3), np.empty_like(a).strides, np.empty_like(a).shape


def likes_with(a):
    return (np.zeros_like(a, dtype="i2"), np.ones_like(a, order="C"), np.zeros_like(a, np.float32, "F"),
            np.full_like(a, 2.5, dtype=float), np.zeros_like(a, shape=(2, 2)), np.zeros_like(a, shape=5))


@pytest.mark.parametrize("f", [likes, likes_with])
def test_like(f):
    compiled = coachwhip.jit(f)
    for shape in ((), (3,), (2, 3), (2, 3, 4), (0, 2)):
        for name, a in layouts(shape, "f4"):
            if name != "zero strides" and (f is likes_with or a.size > 0):
                same(f, a, compiled=compiled)
    for dtype in DTYPES:
        same(f, small((2, 3), dtype), compiled=compiled)


def test_k_order_of_permuted_axes():
    a = values((2, 3, 4), "f8")
    for axes in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
        same(likes, a.transpose(axes))
        same(likes, a.transpose(axes)[:, ::-1])


NAMES = {
    "np.int8": lambda: np.zeros(1, np.int8), "np.intp": lambda: np.zeros(1, np.intp), "np.bool_": lambda: np.zeros(1, np.bool_),
    "np.float32": lambda: np.zeros(1, np.float32), "np.intc": lambda: np.zeros(1, np.intc), "int": lambda: np.zeros(1, int),
    "float": lambda: np.zeros(1, float), "bool": lambda: np.zeros(1, bool), "complex": lambda: np.zeros(1, complex),
    "'int'": lambda: np.zeros(1, "int"), "'f8'": lambda: np.zeros(1, "f8"), "'float64'": lambda: np.zeros(1, "float64"),
    "'i4'": lambda: np.zeros(1, "i4"), "'uint8'": lambda: np.zeros(1, "uint8"), "'<i2'": lambda: np.zeros(1, "<i2"),
    "'?'": lambda: np.zeros(1, "?"), "'d'": lambda: np.zeros(1, "d"), "'complex64'": lambda: np.zeros(1, "complex64"),
    "'L'": lambda: np.zeros(1, "L"), "None": lambda: np.zeros(1, None), "np.double": lambda: np.zeros(1, np.double),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_dtypes(name):
    same(NAMES[name])


DTYPE = np.dtype("u4")


def dtype_object():
    return np.zeros(2, DTYPE), np.ones(2, dtype=DTYPE)


def test_dtype_objects():
    same(dtype_object)


def byte_swapped():
    return np.zeros(2, ">f8")


def unknown_dtype():
    return np.zeros(2, "datetime64[s]")


def run_time_dtype(flag):
    d = "f4" if flag else "f8"
    return np.zeros(2, d)


def float_shape(x):
    return np.zeros(x)


def test_refusals():
    refused(byte_swapped)
    refused(unknown_dtype)
    refused(run_time_dtype, True)
    refused(float_shape, 2.0)


def huge(n):
    return np.empty(n)


def huge_2d(n, m):
    return np.empty((n, m), dtype="i4")


def test_absurd_sizes():
    compiled, two = coachwhip.jit(huge), coachwhip.jit(huge_2d)
    same(huge, 2**62, compiled=compiled)
    same(huge, 2**63 - 1, compiled=compiled)
    with pytest.raises(MemoryError):
        compiled(2**50)
    same(huge_2d, 2**40, 2**40, compiled=two)
    same(huge_2d, 2**62, 0, compiled=two, messages=False)
    same(huge_2d, 2**32, 2**32, compiled=two)


def arange_1(n):
    return np.arange(n)


def arange_2(a, b):
    return np.arange(a, b)


def arange_3(a, b, c):
    return np.arange(a, b, c)


def arange_literals():
    return (np.arange(5), np.arange(2, 5), np.arange(0, 10, 3), np.arange(5, 0, -2), np.arange(0.0), np.arange(-3),
            np.arange(0, 1, 0.1), np.arange(5, dtype="f4"), np.arange(3, dtype=float), np.arange(1, 2, 0.25, np.float32),
            np.arange(300, dtype="u1"), np.arange(0.5, 3, 0.7, dtype="i4"), np.arange(stop=4), np.arange(3, step=2, stop=9),
            np.arange(3, dtype=complex), np.arange(-1.0, 2.0))


def test_arange_literals():
    same(arange_literals)


def test_arange():
    one, two, three = coachwhip.jit(arange_1), coachwhip.jit(arange_2), coachwhip.jit(arange_3)
    for n in (0, 1, 2, 5, 100, -3, 2.5, 0.0, -1.5, 1e-9, float("nan"), float("inf"), 1e30, True, np.int8(5), np.float32(4.5),
              np.uint64(3), np.uint8(200), np.float64(3)):
        same(arange_1, n, compiled=one)
    for a, b in ((0, 5), (5, 0), (-5, 5), (0.5, 3), (1, 2.5), (np.int32(1), 3.5), (0.1, 0.9), (-0.0, 3.0), (np.int16(2), 9)):
        same(arange_2, a, b, compiled=two)
    for a, b, c in ((0, 10, 3), (10, 0, -3), (0, 1, 0.1), (1, 0, -0.1), (0, 5, 0), (0, 5, 0.0), (0.0, 1.0, 1 / 3), (0, 10, -1),
                    (2**62, 2**62 + 10, 3), (-2**61, 2**61, 2**60), (0, 5, np.float64(0)), (0, 1, 1e-320), (1e-320, 0, 1.0),
                    (np.float32(0), np.float32(1), np.float32(0.1)), (0, 10, np.int8(3)), (0.0, 5e-324, 1e300)):
        same(arange_3, a, b, c, compiled=three, messages=not isinstance(c, np.float64))
    for seed in range(40):
        rng = np.random.default_rng(seed)
        a, b = rng.normal(size=2) * 10
        same(arange_3, float(a), float(b), float((b - a) / rng.integers(1, 50)), compiled=three)


def arange_u1(a, b):
    return np.arange(a, b, dtype="u1")


def test_arange_conversion():
    same(arange_u1, 0, 300)
    same(arange_u1, -1, 3)
    same(arange_u1, 256, 258)
    same(arange_u1, 255, 257)


def linspace(a, b, n):
    return np.linspace(a, b, n), np.linspace(a, b, n, endpoint=False), np.linspace(a, b)


def linspace_int(a, b, n):
    return np.linspace(a, b, n, dtype=int), np.linspace(a, b, n, dtype="f4")


def linspace_step(a, b, n):
    return np.linspace(a, b, n, retstep=True)


def test_linspace():
    compiled, ints, step = coachwhip.jit(linspace), coachwhip.jit(linspace_int), coachwhip.jit(linspace_step)
    ends = ((0, 1), (0.1, 0.9), (5, -5), (2, 2), (0.0, 1e-320), (np.float32(0.1), np.float32(1)), (0.1, np.float32(1)),
            (np.int8(0), np.int8(100)), (True, 2), (1e300, -1e300), (0, float("inf")))
    for a, b in ends:
        for n in (0, 1, 2, 7, 50, -1):
            same(linspace, a, b, n, compiled=compiled)
            if abs(float(b)) < 1e10 and abs(float(a)) < 1e10:
                same(linspace_int, a, b, n, compiled=ints)
            if n > 1:
                same(linspace_step, a, b, n, compiled=step)
    same(linspace, 0, 1j, 5)
    same(linspace, 1 + 1j, 2.0, 4)
    same(linspace, np.complex64(1), 2.0, 4)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        a, b = (float(x) for x in rng.normal(size=2) * 10.0 ** rng.integers(-5, 5))
        same(linspace, a, b, int(rng.integers(2, 40)), compiled=compiled)


def copies(a):
    return np.asarray(a, copy=True), np.array(a, copy=None), np.asarray(a, copy=None), np.array(a, copy=True, subok=True)


def no_copies(a):
    return np.asarray(a, copy=False), np.array(a, copy=False)


def no_copy_in_order(a):
    return np.asarray(a, order="C", copy=False)


def no_copy_of_dtype(a):
    return np.asarray(a, dtype=np.int8, copy=False)


def test_copies_as_asked_for():
    for a in (np.arange(6.0).reshape(2, 3), np.arange(6)[::2], np.asfortranarray(np.ones((2, 3)))):
        same(copies, a)
        same(no_copies, a)
        same(no_copy_in_order, a)
        same(no_copy_of_dtype, a)
    same(copies, 3)
    same(no_copies, 3)
    same(no_copies, (1, 2))


SCALAR_TYPES = [np.bool_, np.int8, np.int32, np.int64, np.uint8, np.uint64, np.float32, np.float64, np.complex64, np.complex128]
CONVERTED = [
    np.arange(4.0), np.arange(4), np.arange(6, dtype=np.float32).reshape(2, 3).T, np.arange(8, dtype=np.uint8)[::2], np.array([True, False]),
    np.zeros((0, 3)), np.array(2.5), np.array(True), np.array(3, np.int8), (1, 0, 2), ((1, 2.0), (3, 4.0)), (), range(3),
    np.broadcast_to(1.0, (2, 3)), np.ones((2, 2, 2), np.float32),
]


@pytest.mark.parametrize("kind", SCALAR_TYPES, ids=lambda kind: kind.__name__)
def test_a_scalar_type_called_with_an_array(kind):
    def call(a):
        return kind(a)

    compiled = coachwhip.jit(call)
    for value in CONVERTED:
        same(call, value, compiled=compiled)
    a = np.ones(3, kind)
    assert compiled(a) is a


def test_the_type_of_an_arrays_dtype():
    def call(a):
        return a.dtype.type(a), a.dtype.type(1)

    for value in (np.arange(3.0), np.array(2), np.ones((2, 2), np.complex64), np.array([True])):
        same(call, value)
