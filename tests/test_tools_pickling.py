"""Pickling compiled functions: by reference or by value, wherever a plain function is pickled so."""
import copy
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from support import assert_same_value

import coachwhip as cw

cloudpickle = pytest.importorskip("cloudpickle")


@cw.jit
def importable(x):
    return x + 1


@cw.jit
def factorial(n, one=1):
    return one if n <= 1 else n * factorial(n - 1)


def plain(x, y=3):
    return x * y


@cw.cfunc("float64(float64)")
def importable_for_c(x):
    return x + 1


renamed = cw.jit(plain)


class Holder:
    @cw.jit
    def method(self, x):
        return x

    @staticmethod
    @cw.jit
    def alone(x):
        return x * 2


def elsewhere(function, *arguments):
    """The result of the function in a process that knows nothing of this module."""
    code = "import pickle, sys; f, a = pickle.load(sys.stdin.buffer); sys.stdout.buffer.write(pickle.dumps((f(*a), type(f).__name__)))"
    data = cloudpickle.dumps((function, arguments))
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, cwd="/", timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    value, kind = pickle.loads(done.stdout)
    assert kind == "Dispatcher"
    return value


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
@pytest.mark.parametrize("function", [importable, factorial, importable_for_c], ids=lambda f: f.__name__)
def test_importable_ones_by_reference(function, dumps, protocol):
    data = dumps(function, protocol=protocol)
    assert pickle.loads(data) is function
    assert len(data) < 100


@pytest.mark.parametrize("protocol", [4, 5])
def test_members_of_classes_by_reference(protocol):
    assert pickle.loads(pickle.dumps(Holder.alone, protocol=protocol)) is Holder.alone
    assert pickle.loads(pickle.dumps(Holder.method, protocol=protocol)) is Holder.method


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_the_compiled_form_of_a_plain_function(dumps):
    loaded = pickle.loads(dumps(renamed))
    assert type(loaded) is cw.Dispatcher
    assert loaded.py_func is plain
    assert loaded(2) == 6


def test_copies_are_the_function_itself():
    for function in (importable, cw.jit(lambda x: x)):
        assert copy.copy(function) is function
        assert copy.deepcopy([function])[0] is function


def adder(step, options=None, *signature):
    def add(x, scale=2.0, *, sign=1):
        return (x + step) * scale * sign

    add.note = "kept"
    return add, cw.jit(*signature, **(options or {}))(add)


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_closures_and_lambdas(dumps):
    for function, compiled in (adder(5), (lambda x: x * 3, cw.jit(lambda x: x * 3))):
        try:
            want = pickle.loads(dumps(function))(1)
        except Exception as error:  # noqa: BLE001 -- whatever the pickler says to a plain function
            with pytest.raises(type(error)):
                dumps(compiled)
        else:
            assert_same_value(pickle.loads(dumps(compiled))(1), want)


def test_everything_is_kept():
    _, compiled = adder(2**63 - 2, {"overflow": "wrap", "locals": {"x": cw.int64}})
    loaded = pickle.loads(cloudpickle.dumps(compiled))
    assert loaded is not compiled
    assert loaded.py_func is not compiled.py_func
    assert loaded.targetoptions == compiled.targetoptions
    for name in ("__name__", "__qualname__", "__module__", "__doc__", "__annotations__", "note"):
        assert getattr(loaded, name) == getattr(compiled, name), name
    for name in ("__name__", "__qualname__", "__defaults__", "__kwdefaults__", "__dict__"):
        assert getattr(loaded.py_func, name) == getattr(compiled.py_func, name), name
    assert loaded(5, sign=-1) == compiled(5, sign=-1)
    assert loaded(5, 3.0) == compiled(5, 3.0)


def test_signatures_are_kept():
    text = ["float64(float64, float64, int64)", "int64[:](int64[:], int64, int64)"]

    def add(x, y, z):
        return x + y * z

    compiled = cw.jit(text)(add)
    loaded = pickle.loads(cloudpickle.dumps(compiled))
    assert loaded(1.0, 2.0, 3) == 7.0
    assert loaded.nopython_signatures == compiled.nopython_signatures
    with pytest.raises(cw.TypingError, match="no signature accepts"):
        loaded(1j, 2.0, 3)
    rest = cw.jit("int64(int64, int64, int64)")(lambda x, *rest: x + rest[1])
    assert pickle.loads(cloudpickle.dumps(rest))(1, 2, 3) == 4


def test_recursive_closures():
    @cw.jit
    def down(n, scale=2):
        return 0 if n == 0 else scale + down(n - 1)

    down.itself = down
    loaded = pickle.loads(cloudpickle.dumps(down))
    assert loaded(4) == down(4) == 8
    assert loaded.itself is loaded
    assert loaded.py_func.__closure__[0].cell_contents is loaded
    assert loaded.py_func.__qualname__ == down.py_func.__qualname__
    assert elsewhere(down, 5) == 10


def test_in_another_process():
    _, compiled = adder(3)
    offset = np.arange(3.0)
    outer = cw.jit(lambda a: importable_like(a) + offset)
    importable_like = cw.jit(lambda a: a * 2)
    assert elsewhere(compiled, 1.5) == compiled(1.5)
    assert_same_value(elsewhere(outer, np.ones(3)), outer.py_func(np.ones(3)))


def test_modules_that_cloudpickle_takes_by_value():
    module = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(module)
    try:
        assert elsewhere(factorial, 5) == 120
    finally:
        cloudpickle.unregister_pickle_by_value(module)


def test_functions_for_c():
    step = 2.0
    made = cw.cfunc("float64(float64)", overflow="wrap")(lambda x: x + step)
    loaded = pickle.loads(cloudpickle.dumps(made))
    assert loaded.ctypes(1.5) == 3.5
    assert loaded.signature == made.signature
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(made)


MAIN = """
    import multiprocessing, pickle, sys
    import cloudpickle, joblib
    import coachwhip as cw

    FACTOR = 3

    @cw.jit
    def scaled(x, y=1):
        return FACTOR * x * y if x < 100 else scaled(x // 2)

    @cw.jit
    def compose(x):
        return scaled(x) + 1

    def plain(x):
        return x + FACTOR

    quick = cw.jit(plain)

    def make(k):
        @cw.jit
        def add(x):
            return x + k
        return add

    @cw.cfunc("float64(float64)")
    def half(x):
        return x / 2

    if __name__ == "__main__":
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            for function in (scaled, compose, half):
                assert pickle.loads(pickle.dumps(function, protocol)) is function, (protocol, function)
        assert pickle.loads(pickle.dumps(quick)).py_func is plain
        copied = pickle.loads(cloudpickle.dumps(scaled))
        assert copied is not scaled and copied(200, 2) == scaled(200, 2) and copied.__module__ == "__main__"
        work = [(scaled, 2), (compose, 2), (quick, 2), (make(5), 2), (cw.jit(lambda x: x * x), 7), (scaled, 500)]
        want = [f(x) for f, x in work]
        got = joblib.Parallel(n_jobs=2)(joblib.delayed(f)(x) for f, x in work)
        assert got == want, got
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            assert pool.map(scaled, [1, 2]) == [3, 6]
        print("done")
"""


def test_a_script(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(MAIN))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300)
    assert done.stdout == "done\n", done.stderr
