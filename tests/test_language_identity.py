"""`is` between arrays: of the caller's objects and of new ones; where it is not known, it is refused."""
import types

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


def numpy_is(module):
    return module is np


class Mark:
    """Objects that compiled code knows by their identity alone."""


class Agreeable:
    """Equal to everything."""

    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


ONE, OTHER, YES, NO_VALUE, LIST, SAME_LIST, TABLE = Mark(), Mark(), Agreeable(), np._NoValue, [1, 2], [1, 2], {1: 2}
FIRST_SLICE, SECOND_SLICE = slice(1, 2), slice(1, 2)
SPACE = types.ModuleType("space")
SPACE.one, SPACE.other = ONE, OTHER


def test_other_objects():
    def marked(x, mark=ONE):
        return mark is ONE, mark is OTHER, mark is not ONE, mark is None

    def absent(x, value=np._NoValue):
        return value is np._NoValue, value is NO_VALUE, value is ONE

    def captured(mark):
        return lambda x: (mark is ONE, mark is not OTHER)

    both(lambda x: (ONE is ONE, ONE is OTHER, ONE is not OTHER, ONE is SPACE.one, SPACE.one is SPACE.other, ONE is YES), 1)
    both(lambda x: (*marked(x), *marked(x, ONE), *marked(x, OTHER), *marked(x, mark=SPACE.one), *marked(x, None)), 1)
    both(lambda x: (*absent(x), *absent(x, np._NoValue), *absent(x, NO_VALUE), *absent(x, ONE)), 1)
    both(lambda x: (LIST is SAME_LIST, LIST is LIST, TABLE is TABLE, TABLE is None, SPACE is SPACE, SPACE is ONE), 1)
    both(lambda x: (LIST == SAME_LIST, LIST != SAME_LIST, LIST == [1, 2], TABLE is SAME_LIST), 1)
    both(captured(ONE), 1)
    both(captured(OTHER), 1)


def test_identities_are_in_the_key_of_the_cache():
    for mark, expected in ((ONE, (True, False)), (OTHER, (False, True)), (ONE, (True, False)), (YES, (False, False))):
        def asked(x):
            return mark is ONE, mark is OTHER

        assert cw.jit(asked)(1) == expected == asked(1)


@pytest.mark.parametrize("ask", [
    lambda x: ONE == OTHER, lambda x: ONE != ONE, lambda x: YES == 1, lambda x: TABLE == TABLE,
    lambda x: FIRST_SLICE is SECOND_SLICE, lambda x: numpy_is(np), lambda x: SPACE is np, lambda x: ONE in (OTHER, YES), lambda x: (ONE,) == (OTHER,),
])
def test_what_classes_or_copies_decide_is_refused(ask):
    with pytest.raises(cw.CoachwhipError) as found:
        cw.jit(ask)(1)
    assert found.value.code in ("CW0203", "CW0301")
