"""`with`: the context managers that compiled code knows, and the refusal of others."""
import contextlib
import threading
from contextlib import nullcontext, suppress

import numpy as np
import pytest
from support import refused, same

import coachwhip



def stops_at_the_failure(x):
    with suppress(ValueError):
        x += 1
        if x > 3:
            raise ValueError
        x += 2
    return x


def one_of_two(x):
    with contextlib.suppress(ValueError, KeyError):
        if x > 3:
            raise IndexError("a")
        if x > 2:
            raise KeyError
        return 5
    return x


def in_a_loop(n):
    t = 0
    for i in range(n):
        with suppress(ZeroDivisionError):
            if i == 5:
                continue
            if i == 8:
                break
            t += 10 // (i % 3)
    return t


def gives_its_argument(x):
    with nullcontext(x) as y, nullcontext():
        return y + 1


def gives_a_list(n):
    with nullcontext([]) as xs:
        for i in range(n):
            xs.append(i)
    return xs


def quiet_division(a):
    with np.errstate(divide="ignore", invalid='ignore'):
        b = a / 0
    return b


def loud_division(a):
    with np.errstate(all="raise"):
        return a / 0


def suppresses_nothing(x):
    with suppress():
        return 1 // x


def catches_nothing(x):
    with nullcontext(1):
        return 1 // x


lock = threading.Lock()


def a_lock(x):
    with lock:
        return x


def a_number(x):
    with x:
        return 1


def a_file(x):
    with open('a') as f:
        return 1


def nested(x):
    try:
        with suppress(KeyError):
            with suppress(ValueError):
                if x == 0:
                    raise KeyError
                if x == 1:
                    raise ValueError
                if x == 2:
                    raise IndexError
                x += 100
            x += 10
        x += 1
    except IndexError:
        return -1
    finally:
        x += 1000
    return x


def fails_later(x):
    with suppress(ValueError):
        with nullcontext():
            raise ValueError("first")
    raise KeyError(x)


def returns_from_inside(x):
    with nullcontext(), suppress(IndexError):
        for i in range(x):
            if i == 2:
                return i
    return -1


CASES = [
    (stops_at_the_failure, (1,)), (stops_at_the_failure, (4,)), (one_of_two, (1,)), (one_of_two, (3,)), (one_of_two, (4,)),
    (in_a_loop, (20,)), (in_a_loop, (4,)), (gives_its_argument, (1.5,)), (gives_a_list, (3,)), (quiet_division, (np.arange(3.0),)),
    (suppresses_nothing, (0,)), (catches_nothing, (0,)), (catches_nothing, (1,)), (nested, (0,)), (nested, (1,)), (nested, (2,)),
    (nested, (3,)), (fails_later, (1,)), (returns_from_inside, (5,)), (returns_from_inside, (1,)),
]


@pytest.mark.parametrize("function, arguments", CASES, ids=lambda v: getattr(v, "__name__", None))
def test_as_in_plain_python(function, arguments):
    same(function, *arguments)


def test_other_managers_are_refused_with_what_can_be_used():
    for function in (a_lock, a_number):
        assert "can" in str(refused(function, 1, code="CW0103")) and "nullcontext" in str(refused(function, 1))
    assert "open" in str(refused(a_file, 1))
    assert "does not look for errors" in str(refused(loud_division, np.ones(2)))


def test_the_exception_of_a_suppressed_one_is_not_its_context():
    with pytest.raises(KeyError) as caught:
        coachwhip.jit(fails_later)(1)
    assert caught.value.__context__ is None
