"""Whole-array work: ufuncs, array expressions, reductions and fancy indexing against NumPy and Numba.

A case is one expression over named arguments; it is compiled by coachwhip and by Numba and run as it is, which
means by NumPy.  Numba refuses some cases, which then have no figure of its.
"""
import math

import numpy as np

MILLION = 1_000_000

ONE = """abs negative positive square sqrt cbrt reciprocal exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan
sinh cosh tanh arcsinh arccosh arctanh floor ceil rint trunc sign fabs isnan isinf isfinite signbit spacing deg2rad rad2deg
logical_not invert""".split()
TWO = """add subtract multiply divide floor_divide remainder fmod power float_power hypot arctan2 logaddexp logaddexp2 maximum minimum
fmax fmin copysign nextafter equal not_equal less less_equal greater greater_equal logical_and logical_or logical_xor
bitwise_and bitwise_or bitwise_xor left_shift right_shift gcd lcm heaviside""".split()
DTYPES = ("float64", "float32", "int64", "uint8")
#: Ufuncs whose domain is not that of the other inputs.
DOMAINS = {"arcsin": (-1, 1), "arccos": (-1, 1), "arctanh": (-0.99, 0.99), "arccosh": (1, 9), "log": (0.01, 99), "log2": (0.01, 99),
           "log10": (0.01, 99), "log1p": (-0.9, 99), "sqrt": (0, 99), "power": (0.1, 6), "float_power": (0.1, 6),
           "left_shift": (0, 7), "right_shift": (0, 7)}


class Case:
    """One row: a name, the text of an expression or of statements, and the arguments by name.

    `by_numpy` is the text that NumPy runs, where that is not the same: a loop has an expression of arrays there.
    """

    def __init__(self, name, text, by_numpy=None, **make):
        self.name, self.text, self.by_numpy, self.make = name, text, by_numpy or text, make

    def function(self, text=None):
        """The plain function."""
        text = text or self.text
        body = text if "return" in text else f"    return {text}"
        space = {"np": np, "math": math}
        exec(f"def work({', '.join(self.make)}):\n{body}\n", space)                                       # noqa: S102
        return space["work"]

    def arguments(self):
        """Fresh arguments."""
        return tuple(make() if callable(make) else make for make in self.make.values())


def numbers(dtype, low=-9.0, high=9.0, shape=MILLION, seed=1):
    """Random numbers of a dtype; of unsigned ones, from 1."""
    rng = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return rng.uniform(low, high, shape).astype(dtype)
    low = max(int(low), 1) if np.dtype(dtype).kind == "u" else int(low)
    drawn = rng.integers(low, max(int(high), low + 1), shape, endpoint=True)
    return np.where(drawn == 0, 1, drawn).astype(dtype)


def ufuncs():
    """Each ufunc over a million elements of four dtypes, where NumPy has it for the dtype."""
    for names, count in ((ONE, 1), (TWO, 2)):
        for name in names:
            low, high = DOMAINS.get(name, (-9.0, 9.0))
            for dtype in DTYPES:
                operands = [numbers(dtype, low, high, 4), numbers(dtype, max(low, 0), high, 4, 2)][:count]
                try:
                    with np.errstate(all="ignore"):
                        result = getattr(np, name)(*operands)
                except TypeError:
                    continue
                if result.dtype == np.float16:
                    continue
                make = {"x": lambda d=dtype, lo=low, hi=high: numbers(d, lo, hi)}
                if count == 2:
                    make["y"] = lambda d=dtype, lo=low, hi=high: numbers(d, max(lo, 0), hi, MILLION, 2)
                yield Case(f"{name} {dtype}", f"np.{name}({', '.join(make)})", **make)


def vector(n=10_000, seed=1, low=0.0, high=1.0):
    """Random float64 numbers."""
    return lambda: np.random.default_rng(seed).uniform(low, high, n)


def matrix(n=400, m=400, seed=1, order="C"):
    """Random float64 numbers in two dimensions."""
    return lambda: np.asarray(np.random.default_rng(seed).random((n, m)), order=order)


LAPLACE = """    for i in range(20):
        u[1:-1, 1:-1] = ((u[2:, 1:-1] + u[:-2, 1:-1]) * dy2 + (u[1:-1, 2:] + u[1:-1, :-2]) * dx2) / (2 * (dx2 + dy2))
    return u"""
NAMED = """    d = x - y
    e = d * d
    return np.sqrt(e.sum())"""
CLOUDS = """    d = x[:, None, :] - x[None, :, :]
    return np.sqrt((d * d).sum(axis=2))"""
UPDATE = """    v += 0.1 * (x - v)
    v *= 0.5
    return v"""
NORMALISED = "(x - x.mean(axis=0)) / x.std(axis=0)"
SOFTMAX = """    e = np.exp(x - x.max())
    return e / e.sum()"""


def expressions():
    """Chains, stencils of slices, broadcasting, reductions over expressions; the first four are seed cases."""
    yield Case("polynomial 1e6", "0.25*x**3 + 0.75*x**2 - 1.5*x - 2", x=vector(MILLION, low=-1))
    yield Case("laplace slices", LAPLACE, u=matrix(150, 150), dx2=0.01, dy2=0.01)
    yield Case("euclidean", "np.sqrt(((x - y)**2).sum())", x=vector(), y=vector(seed=2))
    yield Case("product of range", "np.prod(np.arange(1, n))", n=20)
    yield Case("polynomial 1e4", "0.25*x**3 + 0.75*x**2 - 1.5*x - 2", x=vector(low=-1))
    yield Case("polynomial 50", "0.25*x**3 + 0.75*x**2 - 1.5*x - 2", x=vector(50, low=-1))
    yield Case("named temporaries", NAMED, x=vector(), y=vector(seed=2))
    yield Case("sin cos exp", "np.sin(x)**2 + np.cos(x)**2 * np.exp(-x)", x=vector(100_000))
    yield Case("distances", CLOUDS, x=matrix(200, 3))
    yield Case("outer sum", "x[:, None] + y[None, :]", x=vector(500), y=vector(700, 2))
    yield Case("rows and columns", "(a - r) * c[:, None]", a=matrix(), r=vector(400), c=vector(400, 2))
    yield Case("two orders", "a + b", a=matrix(), b=matrix(order="F", seed=2))
    yield Case("columns order", "a * 2 + b", a=matrix(order="F"), b=matrix(order="F", seed=2))
    yield Case("every other", "x[::2] * y[1::2]", x=vector(MILLION), y=vector(MILLION, 2))
    yield Case("in place", UPDATE, v=vector(), x=vector(seed=2))
    yield Case("where", "np.where((x > 0.2) & (x < 0.8), x, -x)", x=vector(MILLION))
    yield Case("clip", "np.clip(x, 0.2, 0.8)", x=vector(MILLION))
    yield Case("mean of abs", "np.mean(np.abs(x - y))", x=vector(MILLION), y=vector(MILLION, 2))
    yield Case("normalised", NORMALISED, x=matrix(2000, 50))
    yield Case("softmax", SOFTMAX, x=vector())
    yield Case("float32 axpy", "np.float32(2) * x + y", x=lambda: numbers("float32"), y=lambda: numbers("float32", seed=2))
    yield Case("bytes blend", "(x // 2 + y // 2)", x=lambda: numbers("uint8", 0, 255), y=lambda: numbers("uint8", 0, 255, seed=2))
    yield Case("complex", "z * z + c", z=lambda: vector()() + 1j * vector(seed=2)(), c=0.5 + 0.25j)


REDUCTIONS = "sum prod min max mean std var any all argmin argmax median ptp cumsum count_nonzero nansum nanmean nanmax".split()


def reductions():
    """Each reduction over 10^6 elements in a row, and by both axes of a 1000 x 1000 array."""
    for name in REDUCTIONS:
        yield Case(name, f"np.{name}(x)", x=vector(MILLION, low=0.5, high=1.5))
        if name not in ("ptp", "median"):
            for axis in (0, 1):
                yield Case(f"{name} axis {axis}", f"np.{name}(a, axis={axis})", a=matrix(1000, 1000))
    for dtype in DTYPES[1:]:
        for name in ("sum", "max", "mean", "argmax"):
            yield Case(f"{name} {dtype}", f"np.{name}(x)", x=lambda d=dtype: numbers(d))
    yield Case("percentile", "np.percentile(x, 30.0)", x=vector(MILLION))
    yield Case("sum of 100", "np.sum(x)", x=vector(100))


def places(high, n=MILLION, seed=3):
    """Random positions."""
    return lambda: np.random.default_rng(seed).integers(0, high, n)


SCATTER = """    x[i] = y
    return x"""
MASKED = """    x[x > 0.5] *= 2.0
    return x"""


def indexing():
    """Masks, gathers and scatters."""
    yield Case("mask half", "x[x > 0.5]", x=vector(MILLION))
    yield Case("mask few", "x[x > 0.99]", x=vector(MILLION))
    yield Case("mask rows", "a[m]", a=matrix(1000, 100), m=lambda: vector(1000)() > 0.5)
    yield Case("gather", "x[i]", x=vector(MILLION), i=places(MILLION))
    yield Case("gather small table", "x[i]", x=vector(256), i=places(256))
    yield Case("gather int32", "x[i]", x=vector(256), i=lambda: places(256)().astype(np.int32))
    yield Case("gather rows", "a[i]", a=matrix(1000, 100), i=places(1000, 2000))
    yield Case("pairs", "a[i, j]", a=matrix(1000, 1000), i=places(1000), j=places(1000, seed=4))
    yield Case("scatter", SCATTER, x=vector(MILLION), i=places(MILLION), y=vector(MILLION, 2))
    yield Case("masked update", MASKED, x=vector(MILLION))
    yield Case("take", "np.take(x, i)", x=vector(MILLION), i=places(MILLION))
    yield Case("nonzero", "np.nonzero(x > 0.5)[0]", x=vector(MILLION))
    yield Case("flatnonzero", "np.flatnonzero(x > 0.9)", x=vector(MILLION))
    yield Case("gather 10", "x[i]", x=vector(100), i=places(100, 10))


MATH = "exp log sin cos tan tanh sqrt atan log1p expm1".split()


def loops():
    """Mathematical functions in loops that users write, by the names of `math` and of NumPy."""
    for name in MATH:
        for module in ("math", "np"):
            full = "arctan" if (module, name) == ("np", "atan") else name
            text = f"    for i in range(x.shape[0]):\n        y[i] = {module}.{full}(x[i])\n    return y"
            yield Case(f"loop {module}.{full}", text, f"np.{'arctan' if name == 'atan' else name}(x)", x=vector(low=0.1, high=3.0), y=vector())
    yield Case("loop x**y", "    for i in range(x.shape[0]):\n        y[i] = x[i] ** 1.7\n    return y", "x ** 1.7", x=vector(), y=vector())
