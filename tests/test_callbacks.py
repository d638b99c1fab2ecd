"""C callbacks: `cfunc` and the decorators for SciPy; exceptions inside them surface."""
import ctypes
import math
import signal
import sys
import threading
import warnings

import numpy as np
import pytest

import coachwhip as cw
from coachwhip import types

scipy = pytest.importorskip("scipy")
from scipy import LowLevelCallable, integrate, ndimage  # noqa: E402

CROSS = np.add.outer(abs(np.arange(-1, 2)), abs(np.arange(-1, 2))) < 2
IMAGE = np.random.default_rng(7).random((40, 50))
WEIGHTS = np.array([0.1, 0.2, 0.4, 0.2, 0.1])


def least(window):
    smallest = np.inf
    for pixel in window:
        if pixel < smallest:
            smallest = pixel
    return smallest


def test_cfunc():
    @cw.cfunc("float64(float64, intc)")
    def power(x, n):
        """Docstring."""
        result = 1.0
        for _ in range(n):
            result *= x
        return result

    assert power.ctypes(2.0, 10) == 1024.0
    assert power(2.0, 10) == 1024.0
    assert power.__doc__ == "Docstring."
    assert power.native_name in power.inspect_llvm()
    prototype = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_int)
    assert prototype(power.address)(3.0, 2) == 9.0
    with pytest.raises(TypeError, match="result type"):
        cw.cfunc("(float64,)")


def test_code_lives_with_the_pointer():
    pointer = cw.cfunc("float64(float64)")(lambda x: x + 1).ctypes
    assert pointer(1.0) == 2.0


def test_pointers_by_hand():
    @cw.cfunc(types.intc(types.CPointer(types.float64), types.intp, types.CPointer(types.float64), types.voidptr))
    def nbmin(buffer, count, out, extra):
        window = cw.carray(buffer, (count,), dtype=types.float64)
        out[0] = np.inf
        for pixel in window:
            if pixel < out[0]:
                out[0] = pixel
        return 1

    got = ndimage.generic_filter(IMAGE, LowLevelCallable(nbmin.ctypes), footprint=CROSS)
    assert np.array_equal(got, ndimage.grey_erosion(IMAGE, footprint=CROSS))


def test_filter():
    got = ndimage.generic_filter(IMAGE, cw.jit_filter_function(least), footprint=CROSS)
    assert np.array_equal(got, ndimage.grey_erosion(IMAGE, footprint=CROSS))


@pytest.mark.parametrize("array, why", [
    (np.array([1.0, 2.0], ">f8"), "byte order"),
    (np.frombuffer(b"0" * 17, np.uint8)[1:].view("f8"), "alignment"),
    (np.broadcast_to(2.0, (1,)), "can be written"),
], ids=["swapped", "unaligned", "read-only"])
def test_user_data_that_compiled_code_cannot_use(array, why):
    for decorator in (cw.jit_filter_function, cw.jit_integrand_function):
        with pytest.raises(TypeError, match=why):
            decorator(user_data=array)(lambda x, u: u[0])


def test_filter_user_data():
    @cw.jit_filter_function(user_data=WEIGHTS)
    def weighted(window, weights):
        total = 0.0
        for k in range(len(window)):
            total += weights[k] * window[k]
        return total

    kernel = np.zeros((3, 3))
    kernel[CROSS] = WEIGHTS
    assert np.allclose(ndimage.generic_filter(IMAGE, weighted, footprint=CROSS), ndimage.correlate(IMAGE, kernel))


def test_filter_number():
    @cw.jit_filter_function(user_data=2.0)
    def scaled(window, k):
        return window[0] * k

    got = ndimage.generic_filter(IMAGE, scaled, size=1)
    assert np.array_equal(got, IMAGE * 2.0)


def test_filter1d():
    @cw.jit_filter1d_function
    def smooth(line, out):
        for k in range(len(out)):
            out[k] = (line[k] + line[k + 1] + line[k + 2]) / 3.0

    assert np.allclose(ndimage.generic_filter1d(IMAGE, smooth, filter_size=3), ndimage.uniform_filter1d(IMAGE, 3))


def test_geometric():
    @cw.jit_geometric_function(user_data=0.5)
    def shifted(output, source, distance):
        for k in range(len(output)):
            source[k] = output[k] - distance

    assert np.allclose(ndimage.geometric_transform(IMAGE, shifted), ndimage.shift(IMAGE, 0.5))


def test_integrands():
    assert integrate.quad(cw.jit_integrand_function(lambda x: x * x), 0, 3)[0] == pytest.approx(9.0)
    scaled = cw.jit_integrand_function(lambda x, a, b: a * x + b)
    assert integrate.quad(scaled, 0, 1, args=(2.0, 1.0))[0] == pytest.approx(2.0)
    assert integrate.nquad(cw.jit_integrand_function(lambda x, y: x * y), [[0, 1], [1, 2]])[0] == pytest.approx(0.75)
    with_array = cw.jit_integrand_function(user_data=np.array([1.0, 2.0]))(lambda x, w: w[0] + w[1] * x)
    assert integrate.quad(with_array, 0, 1)[0] == pytest.approx(2.0)
    for args in ((), (2.0, 3.0)):
        with pytest.raises(TypeError, match="<lambda>.. takes 2 positional arguments"):
            integrate.quad(cw.jit_integrand_function(lambda x, a: a * x), 0, 1, args=args)


class Mine(Exception):
    pass


def failing_filter(window):
    if window[0] > 0.5:
        raise Mine("big", window[0])
    return window[9]


def test_filter_failures_surface():
    failing = cw.jit_filter_function(failing_filter)
    with pytest.raises(Mine) as caught:
        ndimage.generic_filter(np.ones((200, 200)), failing, footprint=CROSS)
    assert caught.value.args == ("big", 1.0)
    with pytest.raises(IndexError, match="index 9 is out of bounds for axis 0 with size 5"):
        ndimage.generic_filter(np.zeros((5, 5)), failing, footprint=CROSS)
    good = ndimage.generic_filter(IMAGE, cw.jit_filter_function(least), footprint=CROSS)
    assert np.array_equal(good, ndimage.grey_erosion(IMAGE, footprint=CROSS))


def divided(x, a):
    return a / (x - x)


def quad_raises():
    with pytest.raises(ZeroDivisionError, match="division by zero") as caught:
        integrate.quad(cw.jit_integrand_function(divided), 0, 1, args=(2.0,))
    assert any("in divided" in note for note in caught.value.__notes__)


def test_quad_failures_surface():
    for _ in range(3):
        quad_raises()


def test_quad_failures_surface_in_a_thread():
    failures = []

    def work():
        try:
            quad_raises()
        except BaseException as error:  # noqa: BLE001 -- handed to the main thread
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not failures


def test_nquad_failures_surface():
    with pytest.raises(ZeroDivisionError):
        integrate.nquad(cw.jit_integrand_function(divided), [[0, 1], [1, 2]])


def counting(window, calls):
    calls[0] += 1
    return window[0]


def counting_slowly(window, calls):
    calls[0] += 1
    total = 0.0
    for k in range(100000):
        total += math.sin(window[0] + k)
    return total


def counting_integrand(x, calls):
    calls[0] += 1
    total = 0.0
    for k in range(100000):
        total += math.sin(x * 1e9 + k)
    return total


def counting_small(x, calls):
    calls[0] += 1
    return math.sin(x * 1e9)


def interrupted(call):
    """Whether a signal handler's exception comes out of a call that takes seconds by itself."""
    def handler(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return False


@pytest.mark.parametrize("filtered, shape", [(counting_slowly, (60, 60)), (counting, (5000, 5000))])
def test_signals_end_a_filter(filtered, shape):
    calls = np.zeros(1)
    slow = cw.jit_filter_function(filtered, user_data=calls)
    ndimage.generic_filter(np.zeros((1, 1)), slow, size=3)
    assert interrupted(lambda: ndimage.generic_filter(np.zeros(shape), slow, size=3))
    assert calls[0] < shape[0] * shape[1], "SciPy went on calling"


@pytest.mark.parametrize("integrand", [counting_integrand, counting_small])
def test_signals_end_an_integral(integrand):
    calls = np.zeros(1)
    slow = cw.jit_integrand_function(integrand, user_data=calls)
    limit = 500 if integrand is counting_integrand else 40000

    def call():
        return integrate.quad(slow, 0, 1, limit=limit, epsabs=0, epsrel=1e-13)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert interrupted(call)
        reached = calls[0]
        assert reached < 21 * (2 * limit - 1), "the integrand went on doing its work"
        # Afterwards callbacks work again.
        assert integrate.quad(slow, 0, 1, limit=2)[0] is not None and calls[0] > reached


def test_failures_on_a_thread_of_c(monkeypatch):
    """A thread that Python does not know never returns to the interpreter: the failure is reported, and the next call works."""
    reported = []
    monkeypatch.setattr(sys, "unraisablehook", lambda given: reported.append(given.exc_type))
    callback = cw.cfunc("int64(int64)")(only_with_address)
    libc = ctypes.CDLL(None)
    thread = ctypes.c_ulong()
    libc.pthread_create.argtypes = [ctypes.POINTER(ctypes.c_ulong), ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    libc.pthread_join.argtypes = [ctypes.c_ulong, ctypes.POINTER(ctypes.c_void_p)]
    results = []
    for argument in (0, 16, 0):
        assert libc.pthread_create(thread, None, callback.address, argument) == 0
        result = ctypes.c_void_p()
        assert libc.pthread_join(thread, result) == 0
        results.append(result.value)
    assert results == [None, 16, None]
    assert reported == [ValueError, ValueError]


def only_with_address(p):
    if p == 0:
        raise ValueError("no address")
    return p


def test_ctypes_failures_surface():
    root = cw.cfunc("float64(float64)")(lambda x: 1.0 / x)
    assert root.ctypes(4.0) == 0.25

    def call():
        value = root.ctypes(0.0)
        return value

    with pytest.raises(ZeroDivisionError):
        call()


def test_callback_in_compiled_code():
    libm = ctypes.CDLL(None)
    libm.cos.restype = ctypes.c_double
    libm.cos.argtypes = (ctypes.c_double,)
    cos = libm.cos

    @cw.jit
    def f(x):
        return cos(x) + 1.0

    assert f(0.0) == 2.0
