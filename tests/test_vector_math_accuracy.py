"""Vector math is within 1 ulp of the true values: a sample of what `benchmarks/accuracy.py` measures."""
import math
import pathlib
import sys

import coachwhip
import numpy as np
import pytest

sys.path.append(str(pathlib.Path(__file__).parent.parent / "benchmarks"))

import accuracy  # noqa: E402


EDGES = [0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 5e-324, -1e-300, 1e300, 1e-160, -1e160]


@pytest.mark.parametrize("name", accuracy.FUNCTIONS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
def test_within_one_ulp(name, dtype):
    worst, place, _, corrected = accuracy.measure(name, dtype, np.random.default_rng(5), 3000, looked_at=20)
    assert worst <= 1.0, (name, place)
    assert corrected == 0


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("exponent", ["2", "3", "4", "5", "7", "16", "-1", "-2", "-3", "-16", "0.5", "1.5", "-0.5", "2.5"])
def test_constant_powers(exponent, dtype):
    scope = {}
    exec(f"def f(x, out):\n    for i in range(out.shape[0]):\n        out[i] = x[i] ** {exponent}\n", scope)
    f = coachwhip.jit(scope["f"])
    random = np.random.default_rng(5)
    with np.errstate(over="ignore"):
        edges = np.array(EDGES).astype(dtype)
    for x in (random.uniform(0, 4, 20_000).astype(dtype), accuracy.bit_patterns(random, dtype, 20_000), edges):
        out = np.empty_like(x)
        with np.errstate(all="ignore"):
            f(x, out)
            want = np.power(x.astype(np.longdouble), np.longdouble(exponent))
            distance = accuracy.ulps(out, want, dtype)
        worst = np.argmax(distance)
        assert distance[worst] <= 1.0, (x[worst], out[worst], want[worst])


ALONE = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "power": "pow",
}


@pytest.mark.parametrize("name", accuracy.FUNCTIONS)
def test_one_number_at_a_time(name):
    """Outside of wide loops, by the C library or the kernel."""
    two = name in accuracy.TWO
    scope = {"math": math, "np": np}
    exec(f"def f(x, y):\n    return math.{ALONE.get(name, name)}(x{', y' if two else ''})\n", scope)
    exec(f"def g(x, y):\n    return np.{name}(x{', y' if two else ''})\n", scope)
    f, g = coachwhip.jit(scope["f"]), coachwhip.jit(scope["g"])
    random = np.random.default_rng(5)
    low, high = accuracy.FUNCTIONS[name][0][1]
    x = random.uniform(max(low, -20), min(high, 20), 400)
    y = random.uniform(-3, 3, 400)
    for function, dtype in ((f, np.float64), (g, np.float64), (g, np.float32)):
        a, b = x.astype(dtype), y.astype(dtype)
        got = np.array([function(p, q) for p, q in zip(a, b)], dtype)
        want = accuracy.reference(name, (a, b) if two else (a,))
        assert accuracy.ulps(got, want, dtype).max() <= 1.0
