"""Globals, closures, callees and module attributes that change are seen by the next call."""
import math
import types

import numpy as np
from support import same

import coachwhip as cw

K = 3
TABLE = np.arange(5.0)
module = types.ModuleType("module")
module.value = 2
module.inner = types.ModuleType("inner")
module.inner.value = 10


def helper(x):
    return x + 1


@cw.jit
def scaled(x):
    return x * K


def test_global_number():
    global K
    for value in (3, 4, 2.5, 3, np.float32(2), True):
        K = value
        assert scaled(2) == 2 * value
        assert type(scaled(2)) is type(2 * value)
    K = 3
    assert len(scaled.signatures) == 1


@cw.jit
def helped(x):
    return helper(x)


def test_callee():
    global helper
    assert helped(1) == 2
    old = helper
    helper = lambda x: x * 100  # noqa: E731
    assert helped(1) == 100
    helper = cw.jit(lambda x: x - 1)
    assert helped(1) == 0
    helper = old
    assert helped(1) == 2


def test_callee_of_a_callee():
    space = {"cw": cw}
    exec("def a(x): return b(x)\ndef b(x): return c(x)\ndef c(x): return x + 1\nf = cw.jit(a)", space)  # noqa: S102
    assert space["f"](1) == 2
    exec("def c(x): return x + 50", space)  # noqa: S102
    assert space["f"](1) == 51


def test_defaults_of_a_callee():
    def callee(x, k=1):
        return x + k

    compiled = cw.jit(lambda x: callee(x))
    assert compiled(1) == 2
    callee.__defaults__ = (10,)
    assert compiled(1) == 11


def test_closure():
    def make():
        c = 1

        @cw.jit
        def inner(x):
            return x + c

        def change(value):
            nonlocal c
            c = value

        return inner, change

    inner, change = make()
    assert inner(1) == 2
    change(10)
    assert inner(1) == 11
    change(0.5)
    assert inner(1) == 1.5


@cw.jit
def attributes(x):
    return x * module.value + module.inner.value


def test_module_attributes():
    assert attributes(1) == 12
    module.value = 5
    assert attributes(1) == 15
    module.inner.value = 0.5
    assert attributes(1) == 5.5
    module.value, module.inner.value = 2, 10


@cw.jit
def looked_up(i):
    return TABLE[i]


def test_global_array_is_shared():
    global TABLE
    assert looked_up(2) == 2.0
    TABLE[2] = 20.0
    assert looked_up(2) == 20.0
    old, TABLE = TABLE, np.arange(3) * 7
    assert looked_up(2) == 14
    assert type(looked_up(2)) is np.int64
    TABLE = old
    assert looked_up(2) == 20.0


@cw.jit
def stored(i, x):
    TABLE[i] = x


def test_global_array_is_written():
    stored(1, 11.0)
    assert TABLE[1] == 11.0


def test_builtin_is_shadowed():
    space = {"cw": cw}
    exec("f = cw.jit(lambda x: abs(x))", space)  # noqa: S102
    assert space["f"](-2) == 2
    space["abs"] = lambda x: x * 10
    assert space["f"](-2) == -20
    del space["abs"]
    assert space["f"](-2) == 2


def test_undefined_name_is_defined_later():
    space = {"cw": cw}
    exec("f = cw.jit(lambda x: later(x))", space)  # noqa: S102
    try:
        space["f"](1)
    except NameError as error:
        assert error.code == "CW0201"
    else:
        raise AssertionError
    space["later"] = helper
    assert space["f"](1) == 2


def test_many_values_are_bounded():
    space = {"cw": cw, "g": 0}
    exec("f = cw.jit(lambda x: x + g)", space)  # noqa: S102
    for value in range(20):
        space["g"] = value
        assert space["f"](1) == value + 1


def test_names_of_known_functions():
    from math import sin as renamed

    def f(x):
        return renamed(x) + math.cos(x) + np.sqrt(x)

    same(f, 2.0)
