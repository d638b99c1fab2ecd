"""Recursion, absurd sizes, changed globals: an exception or the right value, never a crash."""
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

import coachwhip
from coachwhip import jit
from support import same


def test_runaway_recursion():
    @jit
    def down(n):
        return down(n + 1) + 1

    with pytest.raises(RecursionError):
        down(0)
    with pytest.raises(RecursionError):
        down(0)


def test_runaway_mutual_recursion():
    @jit
    def ping(n):
        return pong(n) + 1

    @jit
    def pong(n):
        return ping(n) + 1

    with pytest.raises(RecursionError):
        ping(0)


def test_recursion_in_a_thread_with_a_small_stack():
    @jit
    def down(n):
        return 0 if n == 0 else down(n - 1) + 1

    outcome = []

    def work():
        try:
            outcome.append(down(100_000_000))
        except RecursionError as error:
            outcome.append(error)

    old = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(old)
    assert isinstance(outcome[0], RecursionError)
    assert down(1000) == 1000


def test_deep_but_finite_recursion():
    def depth(n):
        return 0 if n == 0 else depth(n - 1) + 1

    depth = jit(depth)
    assert depth(900) == 900


@pytest.mark.parametrize("size", [2**62, 2**40, (2**40, 2**40), (2**31, 2**31, 2**31)])
def test_absurd_sizes(size):
    @jit
    def make(n):
        return np.zeros(n)

    with pytest.raises((MemoryError, ValueError)):
        make(size)


def test_negative_sizes():
    def make(n):
        return np.empty(n)

    same(make, -1)
    same(make, (3, -1))


def test_memory_of_failed_calls_is_freed():
    @jit
    def fail(n, k):
        a = np.ones(n)
        b = np.ones(n)
        return a[k] + b[k]

    for _ in range(2000):
        with pytest.raises(IndexError):
            fail(1_000_000, 1_000_000)        # 16 MB a call: 32 GB if they leaked


SCALE = 2
TABLE = np.arange(5.0)


def helper(x):
    """A callee that is rebound below."""
    return x + 1


def test_a_changed_global_is_seen(monkeypatch):
    @jit
    def f(x):
        return x * SCALE

    module = sys.modules[__name__]
    assert f(3) == 6
    monkeypatch.setattr(module, "SCALE", 10)
    assert f(3) == 30
    monkeypatch.setattr(module, "SCALE", 2.5)
    assert f(3) == 7.5
    monkeypatch.setattr(module, "SCALE", 2)
    got = f(3)
    assert got == 6 and type(got) is int


def test_a_changed_callee_is_seen(monkeypatch):
    @jit
    def f(x):
        return helper(x) * 10

    assert f(1) == 20
    monkeypatch.setattr(sys.modules[__name__], "helper", lambda x: x + 2)
    assert f(1) == 30


def test_a_global_of_a_callee_is_seen(monkeypatch):
    def inner(x):
        return x * SCALE

    @jit
    def f(x):
        return inner(x) + 1

    assert f(3) == 7
    monkeypatch.setattr(sys.modules[__name__], "SCALE", 100)
    assert f(3) == 301


def test_a_changed_closure_is_seen():
    def make():
        k = 1

        @jit
        def read(x):
            return x + k

        def change(value):
            nonlocal k
            k = value
        return read, change

    read, change = make()
    assert read(1) == 2
    change(10)
    assert read(1) == 11
    change(0.5)
    assert read(1) == 1.5


def test_a_global_array_is_shared(monkeypatch):
    @jit
    def read(i):
        return TABLE[i]

    @jit
    def write(i, v):
        TABLE[i] = v

    assert read(3) == 3.0
    TABLE[3] = 30.0
    assert read(3) == 30.0
    write(4, 44.0)
    assert TABLE[4] == 44.0
    monkeypatch.setattr(sys.modules[__name__], "TABLE", np.arange(10, 12))
    assert read(1) == 11 and type(read(1)) is np.int64
    with pytest.raises(IndexError):
        read(3)
    TABLE.shape = (2, 1)


def test_a_module_attribute_is_seen():
    import types
    config = types.ModuleType("config")
    config.limit = 5
    space = {"config": config}
    exec("def f(x):\n    return x < config.limit\n", space)
    f = jit(space["f"])
    assert f(4) is True and f(6) is False
    config.limit = 10
    assert f(6) is True


def test_a_deleted_global_is_an_error():
    space = {"k": 1}
    exec("def f(x):\n    return x + k\n", space)
    f = jit(space["f"])
    assert f(1) == 2
    del space["k"]
    with pytest.raises(Exception, match="k"):
        f(1)
    space["k"] = 5
    assert f(1) == 6


class Odd:
    """A type that nobody can compile."""


@pytest.mark.parametrize("odd", [Odd(), "text", b"bytes", [1, 2], {1: 2}, {1}, object, Odd, 2**70, np.array(["a"]), np.array([None]),
                                 np.zeros(3, dtype=">f8"), np.zeros(3, np.longdouble), np.array(["2020"], "M8[Y]"),
                                 np.zeros(2, [("a", "f8")]), np.ma.zeros(3), iter([1]), lambda: 1, Exception("x"), memoryview(b"x")],
                         ids=lambda v: type(v).__name__)
def test_odd_arguments_end_in_python_exceptions(odd):
    @jit
    def f(x):
        return x + 1

    with pytest.raises(Exception) as caught:
        f(odd)
    assert not isinstance(caught.value, SystemError)
    assert f(1) == 2


def test_unaligned_arrays_are_refused():
    raw = np.zeros(81, np.uint8)[1:].view(np.float64)
    assert not raw.flags.aligned

    @jit
    def f(x):
        return x[0]

    with pytest.raises(coachwhip.CoachwhipError):
        f(raw)


def test_no_memory_is_writable_and_executable():
    code = textwrap.dedent("""
        import numpy as np
        from coachwhip import jit
        @jit
        def f(x):
            s = 0.0
            for v in x: s += v
            return s
        f(np.ones(5)); f(np.ones(5, np.float32))
        print(sum("rwx" in line for line in open("/proc/self/maps")))
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "0", done.stdout + done.stderr[-2000:]


def test_huge_source_ends_in_bounded_time():
    body = "".join(f"    x = x * 3 % 1000003 + {k}\n" for k in range(1000))
    space = {}
    exec(f"def f(x):\n{body}    return x\n", space)
    assert jit(space["f"])(7) == space["f"](7)
