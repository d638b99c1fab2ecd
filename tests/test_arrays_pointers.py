"""Pointers in compiled code: elements by index, arrays over foreign memory."""
import ctypes

import coachwhip as cw
import numpy as np
import pytest
from coachwhip import types


def address(a):
    return a.ctypes.data


def call(compiled, *arguments):
    """The C function called with raw addresses, as C would."""
    return ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_void_p if isinstance(v, np.ndarray) else
                            ctypes.c_int64 if isinstance(v, int) else ctypes.c_double for v in arguments])(
        compiled.address)(*[address(v) if isinstance(v, np.ndarray) else v for v in arguments])


POINTER = types.CPointer(types.float64)


def test_elements():
    @cw.cfunc(types.float64(POINTER, types.int64))
    def move(p, i):
        p[i] = p[0] + 1
        p[np.uint8(2)] = p[i] * 2
        return p[i - 1]

    a = np.array([1.0, 5.0, 0.0, 0.0])
    assert call(move, a, 1) == 1.0
    assert a.tolist() == [1.0, 2.0, 4.0, 0.0]


def test_arrays_in_both_orders():
    @cw.cfunc(types.float64(POINTER, types.int64, types.int64))
    def orders(p, n, m):
        c = cw.carray(p, (n, m))
        f = cw.farray(p, (n, m))
        line = cw.carray(p, n * m)
        c[1, 0] = 100
        f[1, 0] = 200
        line[-1] += 0.5
        return c[n - 1, m - 1] + f.shape[1] + c.strides[0] + f.strides[1] + len(line)

    a = np.arange(6.0)
    assert call(orders, a, 2, 3) == 5.5 + 3 + 24 + 16 + 6
    assert a.tolist() == [0.0, 200.0, 2.0, 100.0, 4.0, 5.5]


@pytest.mark.parametrize("dtype", ["int32", "uint8", "float32", "bool"])
def test_void_pointers_with_a_dtype(dtype):
    kind = np.dtype(dtype)

    @cw.cfunc(types.float64(types.voidptr, types.int64))
    def total(p, n):
        result = 0.0
        for v in cw.carray(p, (n,), kind):
            result += v
        return result

    a = (np.arange(5) % 2).astype(dtype)
    assert call(total, a, 5) == a.sum()


def test_dtype_as_our_type():
    @cw.cfunc(types.float64(types.voidptr, types.int64))
    def last(p, n):
        return cw.carray(p, (n,), dtype=types.int16)[-1]

    assert call(last, np.arange(5, dtype="i2"), 5) == 4.0


def test_views_and_copies_of_foreign_memory():
    @cw.cfunc(types.float64(POINTER, types.int64))
    def work(p, n):
        a = cw.carray(p, (n, n))
        b = a.copy()
        a[...] = b.T
        a[0] = a[::-1][0]
        return b[0, 1]

    a = np.arange(4.0)
    assert call(work, a, 2) == 1.0
    assert a.tolist() == [1.0, 3.0, 1.0, 3.0]


def refuse(signature, function):
    with pytest.raises(cw.CoachwhipError) as caught:
        cw.cfunc(signature)(function)
    return caught.value


def test_refusals():
    signature = types.float64(types.voidptr, types.int64)
    assert refuse(signature, lambda p, n: p[n]).code == "CW0306"
    assert refuse(signature, lambda p, n: cw.carray(p, n)[0]).code == "CW0302"
    assert refuse(types.float64(POINTER), lambda p: cw.carray(p, 1, np.int8)[0]).code == "CW0302"
    assert refuse(types.float64(POINTER), lambda p: p[1.0]).code == "CW0306"
    assert refuse(types.float64(types.float64), lambda x: cw.carray(x, 1)[0]).code == "CW0302"
