"""float16: every value through every operation of one number, and what only this dtype does."""
import coachwhip as cw
import numpy as np
import pytest
from coachwhip import types
from number_cases import function
from support import refused, same

ALL = np.arange(65536, dtype=np.uint16).view(np.float16)
#: NumPy's own functions tell signalling NaN from others; arithmetic does not.
QUIET = ALL[(ALL == ALL) | (ALL.view(np.uint16) & 512 != 0)]
FINITE = ALL[np.isfinite(ALL)]
EDGES = np.array([0.0, -0.0, 1, -1, 0.5, 2, 3, 1e-7, -1e-7, 6.1e-5, 65504, -65504, np.inf, -np.inf, np.nan], np.float16)
PAIRS = [side.ravel().copy() for side in np.meshgrid(EDGES, EDGES)]
RANDOM = [np.random.default_rng(seed).permutation(QUIET) for seed in (1, 2)]


def rounded(seed=1):
    """Doubles near to where two halves meet, and of all sizes."""
    rng = np.random.default_rng(seed)
    low, high = ALL[:0x7bff].astype(float), ALL[1:0x7c00].astype(float)
    middle = (low + high) / 2
    sizes = rng.standard_normal(20_000) * 10.0 ** rng.integers(-12, 8, 20_000)
    ends = [1e300, -1e300, 1e-300, -1e-300, 65519.999, 65520.0, -65520.1, 0.0, -0.0, np.inf, -np.inf, np.nan]
    return np.concatenate((middle, -np.nextafter(middle, 0), np.nextafter(middle, 1e9), sizes, ends))


@pytest.mark.parametrize("name", """absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conjugate cos cosh deg2rad exp exp2
    expm1 fabs fix floor frexp isfinite isinf isnan log log10 log1p log2 logical_not modf negative positive rad2deg real reciprocal rint
    sign signbit sin sinh spacing sqrt square tan tanh trunc""".split())
def test_functions_of_one_number(name):
    same(function(f"np.{name}(a)", "a"), QUIET)


@pytest.mark.parametrize("name", """add subtract multiply divide floor_divide remainder power fmod divmod maximum minimum fmax fmin
    copysign nextafter arctan2 hypot logaddexp logaddexp2 heaviside less less_equal equal not_equal greater greater_equal""".split())
def test_functions_of_two_numbers(name):
    f = function(f"np.{name}(a, b)")
    same(f, *PAIRS)
    same(f, *RANDOM)


def test_powers_with_a_constant_exponent():
    same(function("(a**2, a**3, a**0.5, a**-1, a**-0.5, a**1.5, a**7, a**-2, a**1)", "a"), QUIET)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32",
                                   "float64", "complex64", "complex128"])
def test_conversion_of_arrays(dtype):
    same(function("(a.astype(t), a[0].astype(t))", "a", t=np.dtype(dtype)), FINITE)
    with np.errstate(over="ignore"):
        other = rounded().astype(dtype) if np.dtype(dtype).kind in "fc" else np.arange(-70_000, 70_000).astype(dtype)
    same(function("(a.astype(np.float16), np.float16(a[0]))", "a"), other)


def test_doubles_are_rounded_once():
    near = np.float64(1 + 2.0**-11 + 2.0**-40)
    assert np.float16(near) != np.float16(np.float32(near))
    same(function("(np.float16(a), np.float16(1) + a, np.full(2, a, 'e'))", "a"), near)
    same(function("np.float16(a) * np.float16(1 + 2.0**-11 + 2.0**-40)", "a"), float(near))


@pytest.mark.parametrize("value", EDGES)
def test_scalars(value):
    same(function("(a, -a, abs(a), a + 1, 2.5 * a, a / 3, a == 0.1, a < 1, bool(a), float(a), a.item(), np.float64(a), complex(a))", "a"), value)
    same(function("(str(a), repr(a), f'{a} {a!r:>12} {a:.3f}', '%s %g' % (a, a), [a, a], (a, (a, 1)), a.real, a.imag)", "a"), value)
    same(function("(np.array([a, a]), np.full(3, a), np.asarray(a), a.dtype == np.float16, a.itemsize, a.nbytes, a.ndim)", "a"), value)
    same(function("(isinstance(a, np.floating), isinstance(a, float), type(a) == np.float16, round(a, 2), a.round(1))", "a"), value)
    for source in ("int(a)", "round(a)", "a.is_integer()", "np.int8(a)"):
        same(function(source, "a"), value)


def test_captured_and_printed(capsys):
    third, table = np.float16(1 / 3), np.arange(3, dtype=np.float16)

    @cw.jit
    def f(x):
        print(third, table[2], x, (x,))
        return third + x, table * x

    got = f(np.float16(0.1))
    assert capsys.readouterr().out == "0.3333 2.0 0.1 (np.float16(0.1),)\n"
    assert got[0] == third + np.float16(0.1) and got[1].dtype == np.float16


def test_lists_and_loops():
    def f(xs, n):
        total = np.float16(0)
        for x in xs:
            total += x
        xs.append(total)
        return [x * n for x in xs], max(xs), sorted(xs)

    same(f, [np.float16(2), np.float16(0.1)], np.float16(3))


@pytest.mark.parametrize("spelling", ["'f2'", "'e'", "'half'", "'float16'", "np.half", "np.float16", "np.dtype('<f2')"])
def test_spellings(spelling):
    same(function(f"(np.zeros(3, {spelling}), np.arange(3, dtype={spelling}), np.array([1, 2.5], {spelling}), np.empty(0, {spelling}),"
                  f" np.linspace(0, 1, 5, dtype={spelling}), a.astype({spelling}))", "a"), np.arange(3))


def test_limits():
    names = "eps epsneg max min tiny smallest_normal smallest_subnormal resolution bits nmant precision dtype".split()
    for kind in ("np.float16", "np.float32", "np.float64", "np.complex64"):
        same(function("(" + ", ".join(f"np.finfo({kind}).{name}" for name in names) + ")", ""))


def test_rounding_to_decimals():
    for decimals in range(-6, 7):
        same(function(f"(np.round(a, {decimals}), np.round(a[1000], b))"), FINITE, decimals)
    same(function("(np.round(a), np.round(a, 0), np.round(a[0]), a[1].round())", "a"), np.array([True, False]))
    error = refused(function("np.round(a, 1)", "a"), np.array([True]))
    assert "Cannot cast ufunc 'multiply' output" in str(error)
    refused(function("np.round(a, b)"), np.array([True]), 1)


SUMS = ("np.sum(a), np.mean(a), np.var(a), np.std(a), np.nansum(a), np.nanmean(a), np.nanstd(a), np.average(a), np.cumsum(a), np.dot(a, a), "
        "np.sum(a, dtype=np.float32), np.sum(a.astype(np.float64), dtype=np.float16), np.sum(a > 0, dtype=np.float16), np.median(a)")


ADDED = cw.jit(function(f"({SUMS})", "a"))
FEW = cw.jit(function("(np.sum(a), np.nansum(a), np.cumsum(a), np.dot(a, a))", "a"))
PRODUCTS = cw.jit(function("(np.prod(a), np.nanprod(a), np.cumprod(a), np.prod(a.astype(np.float64), dtype=np.float16))", "a"))


@pytest.mark.parametrize("n", [0, 1, 5, 8, 129, 1000, 8193, 20_000])
def test_sums(n):
    """NumPy adds and multiplies rows of halves as singles and rounds once, or once for each buffer."""
    a = np.random.default_rng(n).standard_normal(2 * n).astype(np.float16)
    near_one = (1 + 0.01 * a[:n].astype(float)).astype(np.float16)
    compiled = ADDED if n else FEW
    for x in (a[:n], a[::-2]):
        same(compiled.py_func, x, compiled=compiled)
    same(PRODUCTS.py_func, near_one, compiled=PRODUCTS)


@pytest.mark.parametrize("source", [
    "np.sum(a), np.sum(a, (0, 1)), np.sum(a, 1, keepdims=True)", "np.mean(a), np.mean(a, 0), np.mean(a, keepdims=True), np.average(a, 1)",
    "np.var(a), np.std(a, 0)", "np.prod(a), np.prod(a, 1), np.nanprod(a), np.nanprod(a, (0, 1))", "np.nansum(a), np.nanmean(a, 1)",
])
def test_axes(source):
    compiled = cw.jit(function(f"({source})", "a"))
    for shape in ((5, 7, 3), (1, 9000, 1), (40, 50, 6)):
        x = (1 + np.random.default_rng(3).standard_normal(shape) * 0.02).astype(np.float16)
        for a in (x, x.T, x[:, ::-1]):
            same(compiled.py_func, a, compiled=compiled)


def test_masked_and_given_results():
    a = (1 + np.random.default_rng(3).standard_normal((40, 30)) * 0.02).astype(np.float16)
    for layout in (a, a[:, ::-1]):
        same(function("(np.sum(a, where=a > 1), np.prod(a, axis=0, where=a > 1), np.mean(a, where=a > 1), np.std(a, axis=1, where=a > 1))", "a"),
             layout)
        for out in (np.float16, np.float64):
            same(function("(np.sum(a, 0, out=b), np.mean(a, 0, out=b), np.std(a, 0, out=b), b)"), layout, np.zeros(layout.shape[1], out))


def test_products_of_matrices():
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal((20, 31)).astype(np.float16), rng.standard_normal((31, 9)).astype(np.float16)
    same(function("(a @ b, np.dot(a, b), a[0] @ b, a @ b[:, 0], np.dot(a[0], b[:, 1]), np.vdot(a, a), np.inner(a, a), np.outer(a[0], b[0]))"), a, b)
    same(function("(a @ b, np.dot(a, b))"), a.T.copy().T, b[:, ::-1])


def test_order():
    a = np.random.default_rng(5).permutation(QUIET)[:5000]
    same(function("(np.sort(a), np.argsort(a, kind='stable'), np.unique(a[:50]), np.argmax(a), np.nanmin(a), np.partition(a, 7)[7])", "a"), a + np.float16(0))


def test_masks_and_indexing():
    def f(a):
        b = a.copy()
        b[b > 1] *= 2
        b[[0, 2]] = 7
        b[1] = 0.1
        b += 1
        return b, a[a > 0], a[::-2], a[[1, 0]], np.where(a > 0, a, 1), np.clip(a, 0.1, 2)

    same(f, np.random.default_rng(6).standard_normal(100).astype(np.float16))


def test_fused_steps_are_rounded_each():
    a, b = (side[np.isfinite(side)][:30_000] for side in RANDOM)
    same(function("(a * b + a, (a + b) - a, a * 3 / 7 - b, np.sqrt(abs(a * a)) + 1, (a > b).sum())"), a[:30_000], b[:30_000])


def test_loop_without_array_operations():
    def f(a, b):
        out = np.empty_like(a)
        for i in range(a.size):
            out[i] = (a[i] * b[i] + a[i]) / (b[i] - a[i]) if a[i] < b[i] else a[i] * np.float16(0.3)
        return out

    same(f, RANDOM[0][:9000].copy(), RANDOM[1][:9000].copy())


def test_signatures():
    @cw.jit("float16(float16, float16[:])")
    def f(x, a):
        return x + a[0]

    assert f(2, np.ones(1, np.float16)) == np.float16(3) and isinstance(f(0.1, np.ones(1, np.float16)), np.float16)
    for wrong in (np.float32(1), np.float64(1), 2049, 1j):
        with pytest.raises(TypeError):
            f(wrong, np.ones(1, np.float16))
    assert types.f2 is types.float16
    assert cw.jit("float32(float32)")(lambda x: x)(np.float16(0.1)) == np.float32(np.float16(0.1))


def test_c_has_no_halves():
    with pytest.raises(TypeError, match="ctypes has no type for float16"):
        cw.cfunc("float16(float16)")(lambda x: x).ctypes
