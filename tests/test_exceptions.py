"""Exceptions of compiled code: class, arguments, message, and the user's frames in the traceback."""
import sys
import traceback

import numpy as np
import pytest
from support import same

import coachwhip as cw


def frames(error):
    """(function, line text) of the traceback below the test."""
    found = traceback.extract_tb(error.__traceback__)
    return [(f.name, f.line) for f in found][1:]


def checked(x):
    if x > 2:
        raise ValueError(f"bad {x} and {x:.2f}", x, (x, None))
    return x


def caller(x):
    total = 0
    for i in range(3):
        total += checked(x + i)
    return total


def test_arguments():
    same(checked, 1.5)
    same(checked, 3.5)
    same(checked, 7)
    same(caller, 1)
    error = pytest.raises(ValueError, cw.jit(checked), 3.5).value
    assert error.args == ("bad 3.5 and 3.50", 3.5, (3.5, None))


def test_frames():
    error = pytest.raises(ValueError, cw.jit(caller), 1).value
    assert frames(error) == [
        ("caller", "total += checked(x + i)"),
        ("checked", 'raise ValueError(f"bad {x} and {x:.2f}", x, (x, None))'),
    ]
    entry = traceback.extract_tb(error.__traceback__)[-1]
    assert entry.filename == __file__


def test_frames_without_inlining():
    error = pytest.raises(ValueError, cw.jit(inline="never")(caller), 1).value
    assert [name for name, _ in frames(error)] == ["caller", "checked"]


def test_frames_of_decorated_callees():
    compiled = cw.jit(inline="never")(checked)

    @cw.jit
    def outer(x):
        return compiled(x)

    error = pytest.raises(ValueError, outer, 5).value
    assert [name for name, _ in frames(error)] == ["outer", "checked"]


def test_index():
    def f(a, i):
        return a[i]

    same(f, np.arange(3), 5)
    same(f, np.arange(3), -4)
    same(f, np.zeros((2, 3)), (1, 3))


class Mine(Exception):
    def __init__(self, text, number):
        super().__init__(text, number)
        self.number = number


def test_own_class():
    def f(x):
        if x > 0:
            raise Mine("no", x)
        return x

    same(f, -1)
    same(f, 4)
    assert pytest.raises(Mine, cw.jit(f), 4).value.number == 4


def test_assertion():
    space = {}
    exec('def f(x):\n    assert x > 0, "positive"\n    return x', space)  # noqa: S102 -- pytest rewrites plain assertions
    same(space["f"], 1)
    same(space["f"], -1)


def test_recursion():
    @cw.jit
    def forever(n):
        return forever(n + 1) + 1

    with pytest.raises(RecursionError, match="maximum recursion depth exceeded"):
        forever(0)
    # and again: nothing is left behind
    with pytest.raises(RecursionError):
        forever(0)


def test_context_is_kept():
    f = cw.jit(checked)
    try:
        try:
            raise KeyError("first")
        except KeyError:
            f(9)
    except ValueError as error:
        assert isinstance(error.__context__, KeyError)


def test_nothing_leaks():
    f = cw.jit(checked)
    for _ in range(10):
        pytest.raises(ValueError, f, 3)
    before = sys.getrefcount(None)
    for _ in range(200):
        pytest.raises(ValueError, f, 3)
    assert sys.getrefcount(None) - before < 100


def test_print_goes_to_stdout(capsys):
    @cw.jit
    def f(x):
        print("x is", x, 2.5, True, None, sep="-", end="!\n")
        return x

    print("before")
    f(np.float32(0.1))
    f(3)
    print("after")
    assert capsys.readouterr().out == "before\nx is-0.1-2.5-True-None!\nx is-3-2.5-True-None!\nafter\n"


def test_print_error_is_raised(monkeypatch):
    class Broken:
        def write(self, text):
            raise OSError("full")

    @cw.jit
    def f(x):
        print(x)

    f(1)
    monkeypatch.setattr(sys, "stdout", Broken())
    with pytest.raises(OSError, match="full"):
        f(1)
