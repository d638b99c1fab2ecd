"""Debuggers and measures of coverage: with the JIT switched off every decorator gives plain Python."""
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import coachwhip as cw


@pytest.fixture
def plain(monkeypatch):
    monkeypatch.setattr(cw.config, "disable_jit", True)


def square(x):
    return x * x


def test_every_decorator_gives_the_function(plain):
    made = [
        cw.jit(square),
        cw.jit()(square),
        cw.jit("float64(float64)")(square),
        cw.jit(cw.float64(cw.float64), boundscheck=False)(square),
        cw.njit(cache=False)(square),
        cw.autojit(square),
        cw.locals(x=cw.float64)(square),
        cw.jit(cw.jit(square)),
    ]
    assert all(function is square for function in made)
    assert square.py_func is square
    with pytest.raises(TypeError, match="unknown option"):
        cw.jit(bounds_check=True)
    with pytest.raises(TypeError, match="takes a Python function"):
        cw.jit(len)


def test_what_was_compiled_before_is_made_plain(monkeypatch):
    compiled = cw.jit(square)
    monkeypatch.setattr(cw.config, "disable_jit", True)
    assert cw.jit(compiled) is cw.locals(x=cw.int64)(compiled) is square
    monkeypatch.setattr(cw.config, "disable_jit", False)
    assert type(cw.jit(square)) is cw.Dispatcher


def test_compiled_and_plain_functions_call_each_other(monkeypatch):
    monkeypatch.setattr(cw.config, "disable_jit", True)
    inner = cw.jit(square)
    monkeypatch.setattr(cw.config, "disable_jit", False)

    @cw.jit
    def outer(x):
        return inner(x) + 1

    assert outer(3) == 10


def test_functions_for_c(plain):
    @cw.cfunc("float64(float64, CPointer(float64), intc)")
    def total(x, values, count):
        return x + np.float64(cw.carray(values, (count,)).sum())

    import ctypes

    data = (ctypes.c_double * 3)(1.0, 2.0, 4.0)
    assert total.ctypes(1.5, data, 3) == 8.5
    prototype = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.POINTER(ctypes.c_double), ctypes.c_int)
    assert prototype(total.address)(1.5, data, 2) == 4.5
    with pytest.raises(RuntimeError, match="disable_jit"):
        total.inspect_llvm()


def scipy_results():
    """What SciPy makes of a function of each kind, with and without user data."""
    from scipy import integrate, ndimage

    image = np.random.default_rng(3).random((6, 7))
    weights = np.arange(9.0)

    @cw.jit_filter_function
    def least(window):
        return window.min()

    @cw.jit_filter_function(user_data=weights)
    def weighted(window, w):
        return (window * w).sum()

    @cw.jit_filter_function(user_data=2)
    def scaled(window, factor):
        return window[0] * factor

    @cw.jit_filter1d_function
    def differences(line, out):
        for i in range(len(out)):
            out[i] = line[i + 1] - line[i]

    @cw.jit_geometric_function
    def shifted(output, found):
        found[0] = output[0] + 0.5
        found[1] = output[1] - 1.0

    @cw.jit_geometric_function(user_data=(0.25, 2.0))
    def moved(output, found, by):
        found[0] = output[0] * by[1]
        found[1] = output[1] + by[0]

    @cw.jit_integrand_function
    def wave(x, a):
        return np.sin(a * x)

    @cw.jit_integrand_function(user_data=3.0)
    def power(x, n):
        return x**n

    return [
        ndimage.generic_filter(image, least, size=3),
        ndimage.generic_filter(image, weighted, size=3),
        ndimage.generic_filter(image, scaled, size=3),
        ndimage.generic_filter1d(image, differences, 2),
        ndimage.geometric_transform(image, shifted),
        ndimage.geometric_transform(image, moved),
        integrate.quad(wave, 0, 1, args=(2.0,))[0],
        integrate.quad(power, 0, 1)[0],
    ]


def test_functions_for_scipy(monkeypatch):
    pytest.importorskip("scipy")
    compiled = scipy_results()
    monkeypatch.setattr(cw.config, "disable_jit", True)
    for want, got in zip(compiled, scipy_results(), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-14)


PROGRAM = """
    import sys
    import coachwhip as cw

    @cw.jit
    def branch(x):
        if x > 0:
            y = x + 1
        else:
            y = -x
        return y

    @cw.jit
    def stops(x):
        breakpoint()
        return x

    branch(1)
    if sys.argv[1:] == ["stop"]:
        stops(41)
    print(type(branch).__name__, type(branch(2)).__name__)
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))

    def run(*command, value="1", **options):
        import os

        environment = os.environ | {"COACHWHIP_DISABLE_JIT": value}
        return subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=120, cwd=tmp_path,
                              env=environment, **options)

    return run


@pytest.mark.parametrize(("value", "kind"), [("1", "function"), ("true", "function"), ("0", "Dispatcher"), ("", "Dispatcher")])
def test_the_environment(program, value, kind):
    assert program("program.py", value=value).stdout == f"{kind} int\n"


def test_breakpoints(program):
    told = program("program.py", "stop", input="p x + 1\nup\ncontinue\n")
    assert "42" in told.stdout, told.stdout + told.stderr
    assert "stops(41)" in told.stdout


def test_coverage(program):
    pytest.importorskip("coverage")
    told = program("-m", "coverage", "run", "program.py")
    assert told.stdout == "function int\n", told.stderr
    told = program("-m", "coverage", "report", "-m", "--include=program.py").stdout
    # Only the branch that was not taken, and the two functions that were not called.
    assert "10, 15-16, 20" in told, told
