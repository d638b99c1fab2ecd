"""Who keeps an array's memory: results own theirs, views keep their base, what dies is freed on every path."""
import gc

import coachwhip
import numpy as np
import pytest
from coachwhip import _core


def live():
    gc.collect()
    return _core.live_arrays()


def fresh(n):
    return np.arange(n)


def view_of_fresh(n):
    a = np.zeros((n, 3))
    a[1] = 7
    return a[1:, ::2]


def many(n):
    a = np.ones(n)
    return a, a[1:], a.reshape(1, n), np.zeros(2)


@pytest.mark.parametrize("f", [fresh, view_of_fresh, many])
def test_results_keep_their_memory_and_free_it(f):
    compiled = coachwhip.jit(f)
    compiled(4)
    before = live()
    results = [compiled(4) for _ in range(10)]
    assert live() > before
    want = f(4)
    for result in results:
        assert repr(result) == repr(want)
    del result, results
    assert live() == before


def test_results_own_their_memory():
    a = coachwhip.jit(fresh)(5)
    assert a.flags.writeable and a.flags.aligned
    a[0] = 9
    assert a.tolist() == [9, 1, 2, 3, 4]


def temporaries(n):
    total = 0.0
    for i in range(n):
        a = np.full(10, float(i))
        b = a[::2].copy()
        c = b.reshape(5, 1)
        total += c[i % 5, 0]
    return total


def choose(n, flag):
    a = np.ones(n)
    if flag:
        b = np.zeros(n)
    else:
        b = a
    return b[0]


def replaced(n):
    a = np.zeros(1)
    for i in range(n):
        a = np.full(i + 1, float(i))
    return a


def swapped(n):
    a, b = np.zeros(3), np.ones(3)
    for _ in range(n):
        a, b = b, a
    return a


def dropped(n):
    for row in np.ones((n, 2)):
        if row[0] > 0:
            return row[1]
    return np.float64(0)


def maybe_view(a, flag):
    b = a if flag else a.copy()
    return b[1:]


def in_tuple(n):
    pair = (np.ones(n), np.zeros(n))
    x, y = pair
    return x


def helper(a):
    return a[1:]


def through_call(n):
    return helper(np.arange(n))[1:]


def nested(n):
    a = np.arange(n)

    def inner(k):
        return a[k] + len(np.zeros(k))

    return inner(2)


@pytest.mark.parametrize(("f", "args"), [
    (temporaries, (100,)), (choose, (3, True)), (choose, (3, False)), (replaced, (20,)), (swapped, (7,)), (swapped, (8,)),
    (dropped, (4,)), (in_tuple, (3,)), (through_call, (6,)), (nested, (4,))])
def test_nothing_leaks(f, args):
    compiled = coachwhip.jit(f)
    compiled(*args)
    before = live()
    for _ in range(5):
        got = compiled(*args)
        assert repr(got) == repr(f(*args))
    del got
    assert live() == before


def test_a_result_that_may_be_an_argument():
    compiled = coachwhip.jit(maybe_view)
    a = np.arange(5.0)
    shared, separate = compiled(a, True), compiled(a, False)
    before = live()
    a[1] = 50
    assert shared[0] == 50 and separate[0] == 1
    del shared, separate
    assert live() == before - 1


def same_array(a):
    return a


def test_an_argument_returned_is_the_argument():
    a = np.arange(3.0)
    assert np.shares_memory(coachwhip.jit(same_array)(a), a)


def fails_with_temporary(n, k):
    a = np.zeros(n)
    b = a[1:].copy()
    c = np.ones((n, n))
    return b[k] + c[0, k]


def raises_with_temporary(n):
    a = np.zeros(n)
    b = a.reshape(-1, 1)
    if n > 2:
        raise ValueError(f"too long: {n}")
    return b


def fails_in_callee(n, k):
    a = np.zeros(n)
    return fails_with_temporary(n, k) + a[0]


def fails_in_loop(n):
    total = 0.0
    a = np.zeros(1)
    for i in range(n):
        a = np.full(3, 1.0 * i)
        total += a[i]
    return total


def reshape_fails(n):
    a = np.zeros(n)
    return a.T.reshape(3, 5), a.copy().reshape(n, 2)


def too_large(n):
    a = np.ones(10)
    return a[0] + len(np.empty(n))


@pytest.mark.parametrize(("f", "args"), [
    (fails_with_temporary, (4, 9)), (raises_with_temporary, (3,)), (fails_in_callee, (4, 9)), (fails_in_loop, (9,)),
    (reshape_fails, (4,)), (too_large, (2**60,)), (too_large, (-1,))])
def test_failures_free_what_they_leave(f, args):
    compiled = coachwhip.jit(f)
    before = live()
    for _ in range(5):
        with pytest.raises(Exception) as caught:
            compiled(*args)
        with pytest.raises(Exception) as wanted:
            f(*args)
        assert str(caught.value) == str(wanted.value)
        del caught, wanted
    assert live() == before


def overlap_copy(a):
    a[1:] = a[:-1]
    a[::2] = a[::-2]


def test_overlap_frees_its_buffer():
    compiled = coachwhip.jit(overlap_copy)
    compiled(np.arange(9.0))
    before = live()
    for _ in range(5):
        compiled(np.arange(9.0))
    assert live() == before


def converted(a):
    c = np.ascontiguousarray(a.T)
    d = a.T.reshape(-1)
    e = a[:, ::2].ravel()
    return c, d, e


def test_conditional_copies():
    compiled = coachwhip.jit(converted)
    for a in (np.arange(12.0).reshape(3, 4), np.arange(4.0).reshape(1, 4), np.arange(4.0).reshape(4, 1)):
        results = compiled(a)
        before = live()
        again = compiled(a)
        for got, want in zip(again, converted(a)):
            assert got.tolist() == want.tolist() and got.strides == want.strides or 1 in a.shape
            assert np.shares_memory(got, a) == np.shares_memory(want, a)
        del again, got
        assert live() == before
        del results
