"""Profilers see compiled functions by name, and what they watch returns and raises as ever."""
import cProfile
import pstats
import subprocess
import sys
import threading
import traceback

import numpy as np
import pytest
from support import assert_same_value

import coachwhip as cw

@cw.jit
def heavy(a, scale=2.0, *, shift=0.0):
    total = shift
    for value in a:
        total += value * scale
    return total


@cw.jit
def fails(a, i):
    return a[i]


class Model:
    @cw.jit
    def step(self, x):
        return x + 1

    @staticmethod
    @cw.jit
    def twice(x):
        return x * 2


def rows(profile):
    """(name, first line): number of calls, of functions of this file."""
    return {(name, line): calls for (file, line, name), (_, calls, *_) in pstats.Stats(profile).stats.items() if file == __file__}


def place(function):
    code = function.__code__
    return code.co_name, code.co_firstlineno


def test_names_in_a_profile():
    anonymous = cw.jit(lambda x: x + 1)
    a = np.ones(100)
    profile = cProfile.Profile()

    def work():
        return [heavy(a), heavy(a, 3.0), heavy(a, shift=1.0), heavy(scale=1.0, a=a), anonymous(1), Model.twice(3)]

    want = work()
    assert_same_value(profile.runcall(work), want)
    found = rows(profile)
    assert found.pop(place(work)) == 1
    assert found == {place(heavy): 4, place(anonymous): 1, place(Model.twice): 1}
    assert work() == want
    assert rows(profile)[place(heavy)] == 4


def test_a_profiler_that_came_before(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import coachwhip as cw\n\n@cw.jit\ndef named(x):\n    return x + 1\n\nfor k in range(7): named(k)\n")
    told = subprocess.run([sys.executable, "-m", "cProfile", script], capture_output=True, text=True, timeout=120).stdout
    row = next(line for line in told.splitlines() if "(named)" in line)
    assert row.split()[0] == "7"
    assert "script.py:3(named)" in row


def test_time_is_that_of_the_function():
    profile = cProfile.Profile()
    a = np.ones(10**6)
    heavy(a)
    profile.runcall(lambda: [heavy(a) for _ in range(20)])
    stats = {name: own for (_, _, name), (_, _, own, *_) in pstats.Stats(profile).stats.items()}
    assert max(stats, key=stats.get) == "heavy"


@pytest.mark.parametrize(("function", "arguments"), [
    (fails, (np.ones(3), 7)), (fails, (np.ones(3),)), (fails, (1, 2)), (heavy, (object(),)), (heavy, (1, 2, 3, 4)),
], ids=str)  # fmt: skip
def test_exceptions_and_their_frames(function, arguments):
    def outcome(call):
        try:
            call(*arguments)
        except Exception as error:
            frames = [(entry.f_code.co_name, line) for entry, line in traceback.walk_tb(error.__traceback__)]
            return type(error), str(error), [frame for frame in frames if frame[0] == function.__name__], error.__context__
        raise AssertionError("nothing was raised")

    want = outcome(function)
    got = outcome(lambda *a: cProfile.Profile().runcall(function, *a))
    assert got == want


def test_the_context_of_an_exception():
    def work():
        try:
            raise KeyError("first")
        except KeyError:
            fails(np.ones(3), 9)

    error = pytest.raises(IndexError, cProfile.Profile().runcall, work).value
    assert type(error.__context__) is KeyError


def test_a_profiler_of_python():
    events = []

    def watch(frame, event, argument):
        # A compiled function called by the profiler itself is no event.
        if event in ("call", "return") and frame.f_code.co_filename == __file__:
            events.append((event, frame.f_code.co_name, frame.f_lineno, argument if event == "return" else None))
            assert Model.twice(2) == 4
            assert heavy(np.ones(1)) == 2.0

    line = heavy.__code__.co_firstlineno
    sys.setprofile(watch)
    try:
        value = heavy(np.ones(2))
    finally:
        sys.setprofile(None)
    assert [e[:3] for e in events] == [("call", "heavy", line), ("return", "heavy", line)]
    assert events[1][3] == value == 4.0


@pytest.mark.parametrize("keywords", [{}, {"scale": 3.0}, {"shift": 1.0}], ids=str)
def test_a_profiler_that_stops(keywords):
    want = heavy(np.ones(3), **keywords)
    sys.setprofile(lambda frame, *_: frame.f_code.co_name == "heavy" and sys.setprofile(None))
    try:
        got = heavy(np.ones(3), **keywords)
    finally:
        stopped = sys.getprofile() is None
        sys.setprofile(None)
    assert stopped
    assert_same_value(got, want)


def test_tracers_and_other_threads_see_nothing_new():
    seen = []

    def trace(frame, event, argument):
        seen.append(frame.f_code.co_name)
        return trace

    sys.settrace(trace)
    try:
        heavy(np.ones(2))
    finally:
        sys.settrace(None)
    assert "heavy" not in seen
    results = []
    profile = cProfile.Profile()

    def work():
        thread = threading.Thread(target=lambda: results.append(heavy(np.ones(3))))
        thread.start()
        thread.join()
        return heavy(np.ones(4))

    assert profile.runcall(work) == 8.0
    assert results == [6.0]


def test_functions_watched_inside_others():
    @cw.jit
    def down(n):
        return 0 if n == 0 else 1 + down(n - 1)

    profile = cProfile.Profile()
    assert profile.runcall(lambda: [down(k) for k in range(3)]) == [0, 1, 2]
    assert rows(profile)[place(down)] == 3
    nested = cProfile.Profile()
    assert nested.runcall(map, heavy, [np.ones(1), np.ones(2)]).__next__() == 2.0


@pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="no sys.monitoring before CPython 3.12")
def test_monitoring():
    events = sys.monitoring.events
    seen = []
    sys.monitoring.use_tool_id(3, "test")
    try:
        sys.monitoring.register_callback(3, events.PY_START, lambda code, offset: seen.append((code.co_name, code.co_firstlineno)))
        sys.monitoring.set_events(3, events.PY_START)
        heavy(np.ones(2))
        sys.monitoring.set_events(3, 0)
        heavy(np.ones(2))
    finally:
        sys.monitoring.free_tool_id(3)
    assert seen.count(place(heavy)) == 1
