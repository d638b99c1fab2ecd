"""Seeing inside: the text of every stage, `explain`, the command line, the diagnostics as data."""
import subprocess
import sys

import numpy as np
import pytest

import coachwhip as cw


def doubled(a):
    total = 0.0
    for value in a:
        total += value * 2
    return total


@pytest.fixture(scope="module")
def compiled():
    function = cw.jit(doubled)
    function(np.ones(3))
    function(np.ones(3, np.int32))
    return function


def test_signatures(compiled):
    assert compiled.signatures == [(cw.float64[::1],), (cw.int32[::1],)]
    assert [repr(s) for s in compiled.nopython_signatures] == ["np.float64(float64[::1])", "np.float64(int32[::1])"]
    assert repr(compiled.overloads[(cw.float64[::1],)]) == "np.float64"


def test_every_stage_has_a_text(compiled):
    assert "py.iter" in compiled.inspect_ir("float64[::1]", stage="build")
    typed = compiled.inspect_ir("float64[::1]", stage="infer")
    assert "array<float64, 1, C>" in typed
    assert "py." not in typed
    assert "poll" in compiled.inspect_ir("float64[::1]")
    assert set(compiled.inspect_ir()) == set(compiled.signatures)
    assert "define" in compiled.inspect_llvm((cw.float64[::1],))
    assert "ret" in compiled.inspect_asm("(float64[::1],)")
    with pytest.raises(cw.CoachwhipError, match="the stages are build, infer"):
        compiled.inspect_ir("float64[::1]", stage="nonsense")
    with pytest.raises(KeyError, match="not compiled for"):
        compiled.inspect_asm("(float32,)")


def test_explain(compiled, capsys):
    compiled.explain()
    text = capsys.readouterr().out
    assert "doubled" in text
    assert "first called with these types" in text
    assert "LLVM passes" in text
    assert f"line {doubled.__code__.co_firstlineno + 2}" in text
    cw.jit("float64(float64)")(lambda x: x).explain()
    assert "declared" in capsys.readouterr().out
    cw.jit(doubled).explain()
    assert "not compiled yet" in capsys.readouterr().out


def test_diagnostic_as_data():
    def f(x):
        return x + (1, 2)

    error = pytest.raises(cw.TypingError, cw.jit(f), 1).value
    diagnostic = error.diagnostic
    assert error.code == diagnostic.code == "CW0301"
    assert diagnostic.primary["file"] == __file__
    assert diagnostic.primary["line"] == f.__code__.co_firstlineno + 1
    assert (diagnostic.primary["column"], diagnostic.primary["end_column"]) == (15, 25)
    assert "^^^^------" in str(error)


def test_without_source():
    space = {"cw": cw}
    exec(compile("f = cw.jit(lambda x: x + (1,))", "<nowhere>", "exec"), space)  # noqa: S102
    error = pytest.raises(cw.TypingError, space["f"], 1).value
    assert "<nowhere>:1" in str(error)


def command(*arguments):
    """Runs the command line."""
    return subprocess.run([sys.executable, "-m", "coachwhip", *arguments], capture_output=True, text=True, timeout=120)


def test_command_line():
    told = command("info")
    assert told.returncode == 0
    assert all(word in told.stdout for word in ("coachwhip", "Python", "NumPy", "LLVM", "CPU"))
    page = command("explain", "cw0301")
    assert page.stdout.startswith("# CW0301")
    assert "CW0901" in command("explain").stdout
    unknown = command("explain", "CW9999")
    assert unknown.returncode == 1
    assert "no code CW9999" in unknown.stderr
    assert "@cw.jit" in command("--help").stdout
    assert command("nonsense").returncode != 0


def test_import_is_lean():
    code = "import numpy, sys; before = set(sys.modules); import coachwhip; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"scipy", "inspect", "linecache", "argparse", "difflib", "traceback"} & set(loaded), loaded
