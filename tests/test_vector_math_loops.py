"""Loops over vector math are vectorised, at every width; huge arguments leave the vector lane by lane."""
import math

import coachwhip
import numpy as np
import pytest

ONE = (
    "exp exp2 expm1 log log2 log10 log1p sinh cosh tanh cbrt sin cos tan arcsin arccos arctan arcsinh arccosh arctanh"
).split()
TWO = "power hypot arctan2".split()
DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def made(source):
    """The function `f` of a source."""
    scope = {"np": np, "math": math}
    exec(source, scope)
    return scope["f"]


def has_fma():
    """Whether this machine multiplies and adds in one instruction; kernels are used nowhere else."""
    with open("/proc/cpuinfo") as file:
        flags = next((line.split() for line in file if line.startswith("flags")), [])
    return "fma" in flags and "avx2" in flags


def remarks(capsys, f, *arguments):
    """What `explain` says after a call."""
    compiled = coachwhip.jit(f)
    compiled(*arguments)
    compiled.explain()
    return capsys.readouterr().out


@pytest.mark.skipif(not has_fma(), reason="kernels need fused multiply-adds")
@DTYPES
@pytest.mark.parametrize("name", ONE + TWO)
def test_loops_are_vectorised(capsys, name, dtype):
    x = np.full(5, 0.5, dtype)
    arguments = "x[i], x[i]" if name in TWO else "x[i]"
    f = made(f"def f(x, out):\n    for i in range(x.shape[0]):\n        out[i] = np.{name}({arguments})\n")
    said = remarks(capsys, f, x, x.copy())
    assert ": vectorised" in said, said


@pytest.mark.skipif(not has_fma(), reason="kernels need fused multiply-adds")
@pytest.mark.parametrize("expression", ["np.sin(x)", "2 * np.cos(x) + x", "np.tan(x) * np.arctan2(x, 1.5)"])
def test_array_expressions_are_vectorised(capsys, expression):
    x = np.linspace(-2, 2, 100)
    said = remarks(capsys, made(f"def f(x):\n    return {expression}\n"), x)
    assert ": vectorised" in said, said


def near(got, want, ulp=2):
    """Whether arrays agree within so many ulp, NaN with NaN."""
    with np.errstate(all="ignore"):
        return bool(np.all((np.abs(got - want) <= ulp * np.spacing(np.abs(want))) | (np.isnan(got) & np.isnan(want))))


def exact(name, x):
    """The values of a function, from the C library's wide numbers."""
    return getattr(np, name)(x.astype(np.longdouble)).astype(x.dtype)


@DTYPES
@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_huge_arguments_at_every_lane(name, dtype):
    loop = coachwhip.jit(made(f"def f(x, out):\n    for i in range(x.shape[0]):\n        out[i] = np.{name}(x[i])\n"))
    whole = coachwhip.jit(made(f"def f(x):\n    return np.{name}(x)\n"))
    random = np.random.default_rng(3)
    limit = 2.0**31 if dtype == np.float64 else 2.0**17
    most = float(np.finfo(dtype).max)
    huge = [limit, np.nextafter(dtype(limit), dtype(most)), -limit, -1e10, 1e22, most, -most, math.inf, -math.inf, math.nan]
    for size in (1, 3, 8, 16, 33, 100):
        for place in range(0, size, max(1, size // 9)):
            x = random.uniform(-10, 10, size).astype(dtype)
            x[place] = huge[(place + size) % len(huge)]
            out = np.empty_like(x)
            loop(x, out)
            assert near(out, exact(name, x)), (x, out)
            assert near(whole(x), exact(name, x))
    x = np.asarray(huge * 7, dtype)
    for view in (x, x[::-1], x[::3]):
        out = np.empty(view.shape, dtype)
        loop(view, out)
        assert near(out, exact(name, view))
        assert near(whole(view), exact(name, view))


@DTYPES
def test_huge_arguments_under_a_condition(dtype):
    def f(x, out):
        for i in range(x.shape[0]):
            if x[i] > 1:
                out[i] = np.sin(x[i])
            else:
                out[i] = np.cos(x[i]) + np.tan(x[i])

    x = np.tile(np.array([0.5, 2, 1e30, -1e30, -3, 1e9, 1e5], dtype), 9)
    out, want = np.empty_like(x), np.empty_like(x)
    coachwhip.jit(f)(x, out)
    coachwhip.jit(exact_math=True)(f)(x, want)
    np.testing.assert_allclose(out, want, rtol=1e-14 if dtype == np.float64 else 1e-6)


def test_kernels_give_the_same_bits_under_plain_python():
    from coachwhip.lib.vecmath import inverse, single_exponential, single_inverse, single_trigonometric, trigonometric

    cases = [
        (trigonometric.sin, "sin", np.float64), (trigonometric.tan, "tan", np.float64), (inverse.atan, "arctan", np.float64),
        (inverse.asin, "arcsin", np.float64), (single_trigonometric.cosf, "cos", np.float32),
        (single_inverse.acosf, "arccos", np.float32), (single_exponential.expm1f, "expm1", np.float32),
    ]
    for kernel, name, dtype in cases:
        x = np.linspace(-0.99, 0.99, 23).astype(dtype)
        if name in ("sin", "tan", "arctan", "cos"):
            x = x * dtype(40)
        out = np.empty_like(x)
        coachwhip.jit(made(f"def f(x, out):\n    for i in range(x.shape[0]):\n        out[i] = np.{name}(x[i])\n"))(x, out)
        if has_fma():
            assert [kernel(v) for v in x] == out.tolist(), name
