"""Jupyter: the arrow of a traceback points at the line that failed, and compile errors name the cell."""
import inspect
import linecache
import re
import traceback

import numpy as np
import pytest

import coachwhip as cw

FAILS = """\
import numpy as np
import coachwhip as cw

@cw.jit
def inner(a, i):
    # a comment
    b = a * 2

    return b[i]

@cw.jit(inline="never")
def outer(a):
    total = 0.0
    for i in range(10):
        total += inner(a,
                       i)
    return total

class Model:
    @cw.jit
    def run(self_, a):
        return inner(a, 99)
"""
REFUSED = """\
@cw.jit
def wrong(x):
    return globals()
wrong(1)
"""


def compiled(source, name="<cell>"):
    """The names that a source defines, its text known to `linecache`."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space = {"__name__": "cell"}
    exec(compile(source, name, "exec"), space)  # noqa: S102
    return space


@pytest.mark.parametrize("options", [{}, {"inline": "always"}, {"inline": "never"}, {"debug": True}])
def test_frames_begin_where_their_functions_do(options):
    space = compiled(FAILS)
    inner = space["inner"] = cw.jit(**options)(space["inner"].py_func)
    outer = cw.jit(space["outer"].py_func)
    error = pytest.raises(IndexError, outer, np.ones(2)).value
    frames = [(entry, line) for entry, line in traceback.walk_tb(error.__traceback__) if entry.f_code.co_filename == "<cell>"]
    assert [entry.f_code.co_name for entry, _ in frames] == ["outer", "inner"]
    for (entry, line), function, text in zip(frames, (outer, inner), ("total += inner(a,", "return b[i]")):
        assert entry.f_code.co_firstlineno == function.__code__.co_firstlineno
        assert entry.f_lineno == line
        # What IPython does with a frame.
        lines, first = inspect.getsourcelines(entry)
        assert first == entry.f_code.co_firstlineno
        assert lines[line - first].strip() == text


@pytest.mark.parametrize("distance", [-40, -1, 0, 1, 31, 32, 5000, 2**20])
def test_lines_at_any_distance(distance):
    from coachwhip._exceptions import _frame

    frame = _frame("f", "<far>", 2**21 + distance, 2**21)
    assert (frame.f_lineno, frame.f_code.co_firstlineno) == (2**21 + distance, 2**21)
    assert all(line == frame.f_lineno for *_, line in frame.f_code.co_lines())


@pytest.fixture(scope="module")
def cells():
    """Runs cells in a kernel: a function that returns the traceback of a cell, without colours."""
    manager = pytest.importorskip("jupyter_client.manager")
    pytest.importorskip("ipykernel")
    kernel, client = manager.start_new_kernel(kernel_name="python3", startup_timeout=120)

    def run(source):
        told = []
        client.execute_interactive(source, timeout=120, output_hook=told.append)
        errors = [message["content"]["traceback"] for message in told if message["msg_type"] == "error"]
        return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(errors[0])) if errors else ""

    yield run
    client.stop_channels()
    kernel.shutdown_kernel(now=True)


def arrows(text):
    """Line numbers and lines that arrows point at, by the cell and function above them."""
    found, head = [], None
    for line in text.splitlines():
        place = re.match(r"Cell In\[(\d+)\], line (\d+), in ([\w.]+)", line)
        if place:
            head = place.groups()
        arrow = re.match(r"-+> (\d+) (.*)", line)
        if arrow and head:
            found.append((*head, arrow[1], arrow[2].strip()))
    return found


def test_in_a_kernel(cells):
    assert cells(FAILS) == ""
    told = cells("\n\nouter(np.ones(2))")
    assert arrows(told)[-2:] == [
        ("1", "15", "outer", "15", "total += inner(a,"),
        ("1", "9", "inner", "9", "return b[i]"),
    ], told
    told = cells("Model.run(None, np.ones(2))")
    assert [entry[2:] for entry in arrows(told)[-2:]] == [
        ("Model.run", "22", "return inner(a, 99)"), ("inner", "9", "return b[i]")], told
    refused = cells(REFUSED)
    assert "--> Cell In[4]:3:12" in refused, refused
    assert "ipykernel_" not in refused.split("error[CW")[1]
    explained = "assert 'Cell In[1]:4' in __import__('coachwhip')._explain.explain(inner)"
    assert cells("import coachwhip._explain\n" + explained) == ""
    argument = cells("inner(object(), 2)")
    assert "--> Cell In[1]:5" in argument, argument


def test_outside_a_notebook_files_have_their_names():
    space = compiled(REFUSED.replace("wrong(1)", "").replace("@cw", "@__import__('coachwhip')"), "/far/away.py")
    error = pytest.raises(cw.CompileError, space["wrong"], 1).value
    assert "--> /far/away.py:3:12" in str(error)
