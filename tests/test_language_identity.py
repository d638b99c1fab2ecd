"""`is` between arrays: of the caller's objects and of new ones; where it is not known, it is refused."""
import numpy as np
import pytest

import coachwhip as cw

GLOBAL = np.arange(3.0)


def both(function, *arguments):
    """The plain and the compiled function on the very same objects."""
    want = function(*arguments)
    got = cw.jit(function)(*arguments)
    assert got == want and type(got) is type(want), (got, want)


def test_arguments():
    a, b = np.arange(3.0), np.arange(3.0)
    view = a[:]
    for x in (a, b, view):
        for y in (a, b, view, a[1:], np.ones((3, 3)), np.arange(3)):
            both(lambda x, y: (x is y, x is not y), x, y)
    both(lambda x: (x is x, x is GLOBAL), a)
    both(lambda x: (x is x, x is GLOBAL), GLOBAL)


def test_on_several_ways():
    def swapped(x, y, flag):
        p = x
        if flag:
            p = y
        return p is x, p is y

    def perhaps(x, y, flag):
        p = None
        if flag:
            p = x
        if p is not None:
            return p is y
        return False

    a, b = np.arange(3.0), np.arange(3.0)
    for y in (a, b):
        for flag in (False, True):
            both(swapped, a, y, flag)
            both(perhaps, a, y, flag)


def test_new_arrays_are_other_objects():
    def made(x, y):
        t = x + y
        u = x * y
        return t is x, t is u, t is t, x[:] is x, x[:] is not y, -x is x

    def augmented(x, y):
        before = x
        x += 1.0
        return x is before, x is y

    a = np.arange(3.0)
    both(made, a, a)
    both(augmented, a, a)
    both(augmented, a, a.copy())


def test_captured():
    def build(kept):
        return lambda x: x is kept

    for x in (GLOBAL, np.arange(3.0)):
        both(build(GLOBAL), x)


def test_what_is_not_known_is_refused():
    same = cw.jit(lambda x, y: x is y)

    def through_a_call(x):
        return same(x, x[:])

    def of_a_function(x):
        return np.asarray(x) is x

    def recursive(x, y, n):
        if n > 0:
            return recursive(x, x[:], n - 1)
        return x is y

    def round_a_loop(x, n):
        last = x
        for _ in range(n):
            new = x + 1
            if new is last:
                return True
            last = new
        return False

    cells = {"recursive": cw.jit(recursive)}
    recursive.__globals__["recursive"] = cells["recursive"]
    for function, arguments in ((through_a_call, (GLOBAL,)), (of_a_function, (GLOBAL,)), (round_a_loop, (GLOBAL, 2)),
                                (recursive, (GLOBAL, GLOBAL, 1))):
        with pytest.raises(cw.CompileError, match="one object"):
            cw.jit(function)(*arguments)
