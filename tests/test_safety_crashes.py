"""What used to end the process: every kind of argument, deep programs, little stack, exceptions while compiling."""
import ctypes
import gc
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import coachwhip
import sweep
from coachwhip import jit
from support import refused, same


def in_child(code, *arguments):
    """What a program prints, run as a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"exit status {done.returncode}: {done.stdout[-1000:]}{done.stderr[-2000:]}"
    return done.stdout.splitlines()


def test_a_sample_of_the_sweep():
    code = f"import sys; sys.path.insert(0, {sweep.__file__.rpartition('/')[0]!r}); import sweep; print(sweep.sweep(5, 997, most=1))"
    assert in_child(code)[-1].endswith(", 0)")


def test_the_sweep_sees_crashes():
    code = f"""
        import sys
        sys.path.insert(0, {sweep.__file__.rpartition('/')[0]!r})
        import ctypes, sweep
        sweep.SCOPE["crash"] = lambda: ctypes.string_at(0)
        sweep.SCOPE["internal"] = lambda: (_ for _ in ()).throw(sweep.coachwhip.InternalError("a mistake"))
        batch = [("x0 + 1", ["1"]), ("x0", ["crash()"]), ("x0", ["internal()"]), ("x0 * 2", ["2"])]
        for (body, arguments), complaint in sweep.forked(batch):
            print(arguments, complaint)
        """
    assert in_child(code) == ["['crash()'] the process ended: signal 11", "['internal()'] a mistake"]


# Programs that are large in one direction, of a size.
DEEP = {
    "nested tuples": lambda n: "def f(x):\n    t = (x,)\n" + "    t = (t, x)\n" * n + "    return t[1]",
    "items of any": lambda n: "def f(x):\n    return any((" + ", ".join(f"x > {i}" for i in range(n)) + "))",
    "items of fsum": lambda n: "import math\ndef f(x):\n    return math.fsum((" + "x, " * n + "))",
    "statements": lambda n: "def f(x):\n" + "    x = x + 1.5\n" * n + "    return x",
    "views": lambda n: "def f(x):\n    a = np.full(3, x)\n" + "    a = a[::-1]\n" * n + "    return a[0]",
    "calls": lambda n: "def g0(x): return x\n" + "".join(f"def g{i + 1}(x): return g{i}(x)\n" for i in range(n)) + f"def f(x): return g{n}(x)",
    "comparisons": lambda n: "def f(x):\n    return " + " <= ".join(["x"] * n),
    "messages": lambda n: "def f(x):\n    s = ''\n" + "    s = s + f'{x}'\n" * n + "    return len((s,))",
}


@pytest.mark.parametrize("stack", [0, 96 << 10])
def test_deep_programs(stack):
    code = """
        import sys, threading
        import numpy as np
        from coachwhip import jit, CoachwhipError
        stack = int(sys.argv[1])
        def run(f):
            want = f(1.5)
            try:
                got = jit(cache=False)(f)(1.5)
            except CoachwhipError as error:
                print(error.code)
            except RecursionError as error:
                print("RecursionError")
            else:
                print("same" if got == want else f"{got} instead of {want}")
        for source in sys.argv[2:]:
            space = {"np": np}
            sys.setrecursionlimit(100000)
            exec(source, space)
            sys.setrecursionlimit(10000)
            threading.stack_size(stack)
            thread = threading.Thread(target=run, args=(space["f"],))
            thread.start()
            thread.join()
        """
    sizes = [1000, 400, 300, 1000, 300, 200, 200, 100]
    expected = {"nested tuples": "CW0107", "calls": "CW0309"}
    outcome = in_child(code, stack, *(make(size) for make, size in zip(DEEP.values(), sizes)))
    assert dict(zip(DEEP, outcome)) == {name: expected.get(name, "same") for name in DEEP}


def test_code_made_by_hand():
    def f(x):
        return (1, 2)

    constants = code = f.__code__
    for _ in range(3000):
        code = code.replace(co_consts=(None, code))
        constants = (constants,)
    for replaced in (code, f.__code__.replace(co_consts=(None, constants)), f.__code__.replace(co_names=(), co_code=names_nothing())):
        f.__code__ = replaced
        with pytest.raises((coachwhip.CompileError, TypeError)):
            jit(cache=False)(f)(1)
        # Deep code objects are taken apart from outside: CPython's own way down has no bound.
    while isinstance(code.co_consts[-1], type(code)):
        code = code.co_consts[-1]


def test_bytes_that_name_a_trace():
    """Where CPython has optimised traces, it takes such bytes at their word and ends the process."""
    code = """
        import opcode
        from coachwhip import jit, CompileError
        def f(x):
            return x + x
        f.__code__ = f.__code__.replace(co_code=bytes([opcode.opmap.get("ENTER_EXECUTOR", 255), 0]) * 4)
        try:
            jit(cache=False)(f)(1)
        except CompileError as error:
            print(error.code)
        """
    assert in_child(code) == ["CW0106"]


def names_nothing():
    """Bytes that load a global name which is not in the table of names."""
    import opcode

    return bytes([opcode.opmap["RESUME"], 0, opcode.opmap["LOAD_GLOBAL"], 200]) + bytes(20)


def test_types_nested_deep():
    kind = coachwhip.types.float64
    for _ in range(50):
        kind = coachwhip.types.Tuple((kind,))
    with pytest.raises(TypeError, match="nested at most 31 deep"):
        jit((kind,), cache=False)(lambda x: x)


def test_a_first_call_near_the_recursion_limit():
    code = """
        import sys
        import numpy as np
        from coachwhip import jit
        a = np.arange(4.)
        def deep(f, n):
            return f(a) if n == 0 else deep(f, n - 1)
        for body in sys.argv[1:]:
            for left in range(26):
                f = eval("lambda a: " + body)
                g = jit(cache=False)(f)
                try:
                    deep(g, sys.getrecursionlimit() - 3 - left)
                except RecursionError:
                    pass
                assert np.all(g(a) == f(a)), (body, left)
        """
    in_child(code, "sum(a)", "a @ a", "np.sort(a)")


MOMENTS = """
    import os, signal, sys, types
    import numpy as np
    from coachwhip import jit

    a = np.arange(6.)
    BODIES = ("sum(a)", "max(a)", "all(a)", "a @ a", "np.diff(a)", "np.sort(a)", "np.std(a)", "np.median(a)",
              "np.clip(a, 1, 2)", "np.searchsorted(a, 2.5)")

    class Stop(BaseException):
        pass

    def first_call(f, moment):
        # The events of a profile function are the moments at which a signal handler could run.
        count = 0
        def handler(*_):
            nonlocal count
            count += 1
            if count == moment:
                sys.setprofile(None)
                raise Stop
        sys.setprofile(handler)
        try:
            value = f(a)
        except Stop:
            value = None
        finally:
            sys.setprofile(None)
        return value, count

    def check(body, moment):
        f = eval("lambda a: " + body)
        g = jit(cache=False)(f)
        want = f(a)
        value, count = first_call(g, moment)
        assert value is None or np.all(value == want), (body, moment, value)
        assert np.all(g(a) == want), (body, moment, "the second call")
        return count

    def in_child(work):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                os.write(writing, str(work()).encode())
                status = 0
            finally:
                os._exit(status)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            text = pipe.read()
        _, status = os.waitpid(pid, 0)
        assert status == 0, status
        return int(text)
    """


def test_exceptions_while_a_function_is_compiled():
    code = MOMENTS + """
    raised = 0
    for body in BODIES:
        last = in_child(lambda: check(body, -1))
        for k in range(20):
            moment = 1 + k * last // 20
            raised += in_child(lambda: check(body, moment)) == moment
    print(raised)
    """
    assert int(in_child(code)[-1]) >= 150, "the exceptions are raised while the call compiles"


def test_signals_while_a_function_is_compiled():
    code = MOMENTS + """
    import time
    class Alarm(Exception):
        pass
    def handler(*_):
        raise Alarm
    signal.signal(signal.SIGALRM, handler)
    def timed(body, delay):
        f = eval("lambda a: " + body)
        g = jit(cache=False)(f)
        signal.setitimer(signal.ITIMER_REAL, delay)
        try:
            value = g(a)
        except Alarm:
            value = None
        finally:
            try:
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Alarm:
                pass
        want = f(a)
        assert value is None or np.all(value == want), (body, delay)
        assert np.all(g(a) == want), (body, delay, "the second call")
        return int(value is None)
    print(sum(in_child(lambda: timed(body, 10 ** -(2 + k / 4))) for body in BODIES[:6] for k in range(8)))
    """
    assert int(in_child(code)[-1]) > 0, "some calls are interrupted"


class Thing:
    """An object that compiled code does not take."""

    def __init__(self):
        self.data = bytearray(100)


REFUSED = [
    [1, 2], Thing(), {}, {1}, 2**70, 10**5000, np.zeros(3, ">f8"), np.zeros(3, "g"), np.array(["a"]), np.array([None]),
    np.zeros(3, "M8[s]"), np.zeros(2, [("a", "f8")]), np.ma.zeros(3), np.longdouble(1), np.datetime64(1, "s"), np.void(b"ab"), (1, [2]),
    ((Thing(),),), slice(Thing()), bytearray(b"ab"), memoryview(b"ab"), iter([1]), (i for i in range(3)), ctypes.c_int(3), np.random.default_rng(0),
    type("F", (float,), {})(1.5), type("T", (tuple,), {})((1, 2)), np.dtype("g"), np.matrix([[1]]), lambda: [1].append(2),
]


@pytest.mark.parametrize("function, arguments", [
    (jit(lambda a: a), 1),
    (jit(lambda a, b=2, *c, d=3: a), 1),
    (jit("float64(float64)")(lambda a: a), 1),
    (jit(lambda a: a[0] + 1), 1),
    (jit(lambda a, b: np.sort(a, b)), 2),
    (jit(lambda n, a: a[n]), (7,)),
], ids=["plain", "bound", "signature", "subscript", "two", "failing"])
@pytest.mark.parametrize("call", [lambda f, x: f(x), lambda f, x: f(a=x), lambda f, x: f(x, x, x, nothing=x)], ids=["position", "keyword", "wrong"])
def test_refused_calls_keep_nothing(function, arguments, call):
    def once(value):
        given = [7] if arguments == (7,) else []
        try:
            call(lambda *more, **named: function(*given, *more, **named), value)
        except Exception:  # noqa: BLE001 -- refusals of any kind
            pass

    values = [*REFUSED, np.arange(3.0), (np.arange(3.0), 1)]
    parts = [part for value in values for part in (value, *(value if type(value) is tuple else ()))]
    for value in values:
        once(value)
    gc.collect()
    before = [sys.getrefcount(part) for part in parts]
    for _ in range(50):
        for value in values:
            once(value)
    gc.collect()
    after = [sys.getrefcount(part) for part in parts]
    kept = [type(part) for part, old, new in zip(parts, before, after) if new >= old + 50]
    assert not kept


def test_what_goes_away_goes_at_once():
    """Nothing waits for a later call: neither arguments, nor what a compiled function keeps."""
    freed = []

    class Watched(Thing):
        def __del__(self):
            freed.append(1)

    f = jit(lambda a: a)
    for _ in range(10):
        with pytest.raises(TypeError):
            f(Watched())
    assert len(freed) == 10
    g = jit(lambda a, text: a, cache=False)

    def inner(x):
        return x + 1

    inner.watched = Watched()
    assert jit(lambda h, x: h(x), cache=False)(inner, 1) == 2
    assert g(1, "text") == 1
    del inner, g
    gc.collect()
    assert len(freed) == 11


def ellipsis_texts(x):
    print(x, ..., (x, 1), b"ab", f"{...!r} {b'x'} {1180591620717411303424}", 1180591620717411303424, sep="|")
    raise ValueError(x, b"ab", 1180591620717411303424, (..., x))


def test_constants_in_texts(capsys):
    for value in (..., b"q", 1):
        same(ellipsis_texts, value)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0::2] == lines[1::2]


def test_functions_of_ctypes_that_need_python():
    check = ctypes.pythonapi.PyGILState_Check
    check.argtypes, check.restype = [], ctypes.c_int
    assert "PyDLL" in str(refused(lambda: check()))
    errno = ctypes.CDLL(None, use_errno=True).abs
    errno.argtypes, errno.restype = [ctypes.c_int], ctypes.c_int
    assert "use_errno" in str(refused(lambda x: errno(x), 1))
    checked = ctypes.CDLL(None).labs
    checked.argtypes, checked.restype, checked.errcheck = [ctypes.c_long], ctypes.c_long, lambda result, *_: result
    assert "errcheck" in str(refused(lambda x: checked(x), 1))


def summed(n):
    s = 0
    for k in range(n):
        s ^= k * k
    return s


def printing(x):
    print(x)
    return x


def test_compiled_code_in_what_compiled_code_calls(monkeypatch):
    """A hook runs Python code, which enters compiled code that lets other threads run, and polls."""
    compiled = jit(overflow="wrap")(summed)
    want = compiled(1 << 26)
    seen = []

    class Output:
        def write(self, text):
            seen.append((text, compiled(1 << 26)))

    monkeypatch.setattr(sys, "stdout", Output())
    assert jit(printing)(5) == 5
    assert seen == [("5\n", want)]


def test_compiled_code_in_a_first_call():
    """The same while a function is compiled, and on the way of an exception."""
    from coachwhip import extending

    compiled = jit(overflow="wrap")(summed)
    values = []

    def thing():
        raise NotImplementedError

    @extending.overload(thing)
    def _thing():
        values.append(compiled(1 << 26))
        return lambda: 7

    assert jit(lambda: thing(), cache=False)() == 7
    assert values and set(values) == {compiled(1 << 26)}
