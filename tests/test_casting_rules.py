"""Arguments that NumPy converts or checks by a named rule: safe or same-kind casts, ints that are no bools, axes, outputs."""
import ctypes

import coachwhip as cw
import numpy as np
import pytest
from support import refused, same

MASK = np.array([True, False, True])


def put_masked(a, m, v):
    np.putmask(a, m, v)
    return a


def placed(a, m, v):
    np.place(a, m, v)
    return a


@pytest.mark.parametrize("f", [put_masked, placed])
def test_values_behind_a_mask_are_cast_safely(f):
    for v in (np.array([1.5 + 2j]), np.array([-1], "i2"), np.array([2.5]), np.array(2.5)):
        error = refused(f, np.zeros(3, "u4"), MASK, v)
        kind = "scalar" if v.ndim == 0 else "array data"
        assert f"Cannot cast {kind} from dtype('{v.dtype}') to dtype('uint32') according to the rule 'safe'" in str(error)
    for v in (np.array([7], "u2"), 2.5, np.int16(-1), (1, 2.5), 300):
        same(f, np.zeros(3, "u4"), MASK, v)


def largest(a, o):
    return np.max(a, initial=2.5, out=o), np.min(a, initial=0.5, out=o)


def test_extremes_are_taken_in_the_dtype_of_array_and_out():
    for dtype in ("f8", "f4", "i8", "c16"):
        same(largest, np.array([1, 2]), np.zeros((), dtype))


BARE = ["np.mean(a, axis={})", "np.median(a, axis={})", "np.var(a, axis={})", "a.std(axis={})", "np.nanmean(a, axis={})",
        "np.nanvar(a, axis={})", "np.nanmedian(a, axis={})", "np.sum(a, axis={})", "np.max(a, axis={})", "np.quantile(a, 0.5, axis={})",
        "np.cumsum(a, axis={})", "np.nancumprod(a, axis={})", "np.count_nonzero(a, axis={})", "np.all(a, axis={})"]


@pytest.mark.parametrize("text", BARE)
def test_axes_of_arrays_without_axes(text):
    for axis in ("0", "-1", "1", "k"):
        scope = {"np": np}
        exec(f"def f(a, k):\n    return {text.format(axis)}", scope)
        fast = cw.jit(scope["f"])
        for k in (0, 1):
            same(scope["f"], np.array(5.0), k, compiled=fast)
        if axis == "0" and not text.startswith("a."):
            same(scope["f"], np.int8(3), 0, compiled=fast)


def likes(x):
    return np.zeros_like(x), np.ones_like(x), np.full_like(x, 7), np.zeros_like(x, dtype=np.float32), np.empty_like(x).shape


def test_arrays_like_sequences():
    for x in ((1, 2), ((1, 2), (3, 4)), ((1.5, 2), (3, 4j)), 3, np.float32(2)):
        same(likes, x)

    def displays():
        return np.zeros_like([1, 2]), np.full_like([[1.5], [2]], 3), np.ones_like(())

    same(displays)


@pytest.mark.parametrize("name", ["partition", "argpartition"])
def test_places_to_partition_by(name):
    scope = {"np": np}
    exec(f"def f(a, k):\n    return np.{name}(a, k)\ndef g(a):\n    return np.{name}(a, ()), np.{name}(a, (1.5,))", scope)
    for k in (3.0, True, np.bool_(True), np.float32(1), np.arange(4).reshape(2, 2), np.array([1.0, 2.0]), np.array([True]),
              np.zeros(0), 1j, 3, np.uint8(2), np.array(4), np.array([1, 3], np.uint64), (1, -1), np.zeros(0, int)):
        same(scope["f"], np.arange(6.0), k)
    same(scope["g"], np.arange(6.0))


def test_means_of_inexact_numbers_are_inexact():
    a = np.array([1.5, np.nan, 4.0])
    for name in ("nanmean", "nanvar", "nanstd"):
        scope = {"np": np}
        exec(f"def f(a):\n    return np.{name}(a, dtype=np.int64)\ndef g(a, out):\n    return np.{name}(a, out=out)\n"
             f"def h(a):\n    return np.{name}(a, dtype=np.complex128), np.{name}(a, dtype=np.float32)", scope)
        assert "dtype must be inexact" in str(refused(scope["f"], a))
        assert "out must be inexact" in str(refused(scope["g"], a, np.zeros((), int)))
        same(scope["f"], np.array([1, 4, 6]))
        same(scope["h"], a, ulp=1)


def test_outputs_of_roots_differences_and_positions():
    a = np.array([[1.0, 5.0], [2.0, 3.0]])
    for text, word in (("np.std(a, axis=0, out=o)", "'sqrt' output"), ("np.ptp(a, axis=0, out=o)", "'subtract' output"),
                       ("np.quantile(a, 0.5, axis=0, out=o)", "'add' output")):
        scope = {"np": np}
        exec(f"def f(a, o):\n    return {text}", scope)
        assert f"Cannot cast ufunc {word} from dtype('float64') to dtype('int64')" in str(refused(scope["f"], a, np.zeros(2, int)))
        same(scope["f"], a, np.zeros(2, "f4"))

    def position(a, o):
        return np.argmax(a, axis=0, out=o)

    for dtype in ("f8", "u8", "f4"):
        assert "according to the rule 'safe'" in str(refused(position, a, np.zeros(2, dtype)))
    same(position, a, np.zeros(2, "i4"))


CLIPS = ["np.clip(x, lo, hi)", "np.clip(x, None, hi)", "np.clip(x, lo, None)"]


@pytest.mark.parametrize("text", CLIPS)
def test_bounds_of_clip(text):
    scope = {"np": np}
    exec(f"def f(x, lo, hi):\n    return {text}", scope)
    f, fast = scope["f"], cw.jit(scope["f"])
    for x in (np.array([True, False]), np.array([-100, 3, 100], np.int8), np.array([3, 200], np.uint8), np.int8(5), 5):
        for lo, hi in ((2, 2**40), (-300, 300), (0, 255), (-128, 127), (np.int8(2), 2**40), (np.int16(300), 200), (-2**40, -300), (2.5, 3)):
            same(f, x, lo, hi, compiled=fast)


def test_rounding_into_an_output_of_another_shape():
    def f(a, o):
        return np.around(a, 1, o)

    for shape in ((7,), (8,), (2, 8), ()):
        same(f, np.linspace(0, 1, 8), np.ones(shape))
    same(f, np.ones(1), np.ones(8))


def test_replacing_nan_in_place():
    def f(x):
        return np.nan_to_num(x, copy=False)

    for dtype in ("i8", "?", "f8", "c16"):
        x = np.arange(3).astype(dtype)
        same(f, x)
        x.flags.writeable = False
        same(f, x)
    same(f, np.array(np.nan))

    def g(x, v):
        return np.nan_to_num(x, nan=v)

    refused(g, np.array([np.nan]), 1j)
    same(g, np.array([np.nan], np.complex64), 2)


def test_the_distance_of_one_sample():
    def f():
        return np.linspace(0, 1, 1, retstep=True), np.linspace(0, 1, 0, retstep=True), np.linspace(0, 1, 3, retstep=True)

    same(f)


def test_trapezoids_of_samples_of_several_axes():
    def f(y, x):
        return np.trapezoid(y, x)

    def g(y, x):
        return np.trapezoid(y, x, axis=0)

    for function in (f, g):
        fast = cw.jit(function)
        for y in (np.arange(4.0), np.arange(12.0).reshape(3, 4), np.array(1.0)):
            for x in (np.arange(6.0).reshape(2, 3), np.arange(4.0), np.arange(3.0), np.arange(12.0).reshape(3, 4), np.array(2.0)):
                same(function, y, x, compiled=fast, messages=False)


def read_masked(a, m):
    return a[m]


def write_masked(a, m, v):
    a[m] = v
    return a


def test_masks_without_elements_fit_everything():
    flat, square = np.arange(3.0), np.arange(6.0).reshape(2, 3)
    for a, shape in ((flat, (0,)), (square, (0,)), (square, (2, 0)), (square, (0, 3)), (square, (0, 4)), (square, (5, 0)), (flat, (2,))):
        same(read_masked, a, np.zeros(shape, bool))
        same(write_masked, a, np.zeros(shape, bool), 5.0)
        same(write_masked, a, np.zeros(shape, bool), np.zeros(0), messages=False)

    def others(a, e):
        return a[:, e], a[1:, e], a.flat[e], np.compress(e, a), np.extract(e, a)

    same(others, square, np.zeros(0, bool))


def test_complex_types_of_anything():
    def f(x):
        return np.iscomplexobj(x), np.isrealobj(x), np.isscalar(x)

    for x in (None, 1, 1j, "text", np.float32(1), np.ones(2), np.ones(2, complex)):
        same(f, x)
    for inner, one in ((cw.float64, 1.0), (cw.complex128, 1j)):
        for function in (lambda x: np.iscomplexobj(x), lambda x: np.isrealobj(x), lambda x: np.isscalar(x)):
            fast = cw.jit(cw.boolean(cw.optional(inner)))(function)
            assert [fast(x) for x in (None, one)] == [function(x) for x in (None, one)]


def chosen_max(a, n):
    return max(a[0], n), max(n, a[0]), max(a[0], n, a[1])


def chosen_min(a, n):
    return min(a[0], n), min(n, a[0]), min(a[0], n, a[1])


def beyond(a):
    return max(a[0], 2**40), max(2**40, a[0]), min(a[0], 2**40), min(-2**40, a[0]), max(a[0], -2**40), max(a[0], a[1], 2**40)


def beyond_a_byte(a):
    return max(a[0], 300), max(300, a[0]), min(a[0], 300), min(-1, a[0]), max(a[0], -1), min(255, a[0])


def test_the_best_of_narrow_and_python_ints():
    for dtype in (np.uint8, np.int8, np.uint16, np.int32):
        for a in (np.array([100, 7], dtype), np.array([0, 90], dtype)):
            same(beyond, a)
            for n in (0, 7, 100, 120):
                same(chosen_max, a, n)
                same(chosen_min, a, n)
    a = np.array([200, 3], np.uint8)
    same(beyond_a_byte, a)
    for n in (1000, -1000):
        same(chosen_min, a, n)
        same(chosen_max, a, n)


def chosen_in_a_loop(a, n):
    best = a[0]
    for v in a:
        best = max(v, n)
    return best


def test_in_a_loop_the_best_is_narrow():
    """A documented difference: in a loop a number has one type."""
    a = np.array([200, 3], np.uint8)
    assert cw.jit(chosen_in_a_loop)(a, 7) == chosen_in_a_loop(a, 7)
    with pytest.raises(OverflowError, match="Python integer 1000 out of bounds for uint8"):
        cw.jit(chosen_in_a_loop)(a, 1000)


def test_indices_of_displays():
    def f(i):
        return [1, 2][i]

    def g(i):
        return (1, 2)[i]

    for function in (f, g):
        for i in (1, -2, 5, -3):
            same(function, i)

    def h():
        return [1, 2][7]

    same(h)


def test_arrays_over_ctypes_pointers():
    b = np.arange(6, dtype=np.float32)
    void, typed = b.ctypes.data_as(ctypes.c_void_p), b.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
    for arguments, message in (((void, (3,)), "void needs a dtype"), ((typed, (3,), np.int32), "got dtype int32 for a pointer to float32"),
                               ((b.ctypes.data, (3,)), "wants a ctypes pointer, not 'int'"), ((b, (3,)), "wants a ctypes pointer")):
        for function in (cw.carray, cw.farray):
            with pytest.raises(TypeError, match=message):
                function(*arguments)
    assert cw.carray(void, (3,), np.float32).tolist() == [0, 1, 2] == cw.carray(typed, 3).tolist()


def test_options_that_are_none_or_no_bools():
    a = np.array([[3.0, 1.0], [2.0, 5.0]])
    for text in ("np.sum(a, keepdims=None)", "np.any(a, where=None)", "np.var(a, ddof=None)", "np.diff(a, n=None)",
                 "np.sort(a, axis=True)", "np.concatenate((a, a), axis=False)", "np.median(a, overwrite_input=a)", "np.ones_like(a, subok=None)",
                 "np.zeros((True, 2))", "a.reshape(True, 4)", "np.searchsorted(a[0], 1.0, side=True)", "np.sort(a, kind=7)",
                 "np.linspace(0, 1, axis=None)", "np.arange(start=a[0, 0])", "np.clip(True, None, None)", "np.choose((0.0, 1.0), a)"):
        scope = {"np": np}
        exec(f"def f(a):\n    return {text}", scope)
        refused(scope["f"], a)


def test_extremes_without_a_start():
    def f(a):
        return np.max(a, initial=None), np.min(a, axis=0, initial=None), np.sum(a, initial=None)

    same(f, np.array([[3.0, 1.0], [2.0, 5.0]]))


def test_ends_of_differences():
    def f(a, v):
        return np.ediff1d(a, to_end=v), np.ediff1d(a, to_begin=v)

    for v in (1.5, 1j, np.array([1 + 1j]), np.array([2, 3])):
        same(f, np.array([1.0, 4.0, 9.0]), v)
        same(f, np.array([1, 4, 9], np.int16), v)
