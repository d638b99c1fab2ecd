"""Who keeps an array's memory: results own theirs, views keep their base, what dies is freed on every path."""
import copy
import gc
import io
import os
import pickle
import threading
import tracemalloc

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


def whole(n):
    return np.arange(n * 6.0).reshape(n, 6)


def by_columns(n):
    a = np.zeros((n, 3), order="F")
    a[:, 1] = 2
    return a


def no_dimension(n):
    return np.full((), float(n))


def nothing(n):
    return np.zeros((0, n))


def separate(n):
    return np.ones(n), np.zeros(n)


@pytest.mark.parametrize("f", [fresh, whole, by_columns, no_dimension, nothing])
@pytest.mark.parametrize("n", [1, 3, 1000])
def test_a_whole_result_owns_its_memory(f, n):
    got, want = coachwhip.jit(f)(n), f(n)
    assert got.flags.owndata and got.base is None
    for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS", "WRITEABLE", "ALIGNED"):
        assert got.flags[flag] == want.flags[flag]
    assert np.array_equal(got, want)
    before = live()
    del got
    assert _core.live_arrays() == before - 1


def test_each_of_two_results_owns_its_memory():
    first, second = coachwhip.jit(separate)(4)
    assert first.flags.owndata and second.flags.owndata and first.base is None and second.base is None


def test_views_share_one_owner():
    compiled = coachwhip.jit(many)
    before = live()
    a, tail, table, other = compiled(4)
    assert not a.flags.owndata and not tail.flags.owndata and not table.flags.owndata and other.flags.owndata
    a[1] = 5
    del a
    assert tail[0] == 5 and table[0, 1] == 5
    with pytest.raises(ValueError):
        table.resize(100)
    del table, tail, other
    assert _core.live_arrays() == before
    part = coachwhip.jit(view_of_fresh)(4)
    assert not part.flags.owndata and part.base is not None


@pytest.mark.parametrize("start", [0, 1, 5, 1000, 100_000, 10_000_000])
@pytest.mark.parametrize("end", [0, 1, 9, 1010, 300_000, 12_000_000])
def test_results_are_resized(start, end):
    compiled = coachwhip.jit(fresh)
    before = live()
    a = compiled(start)
    a.resize(end)
    assert a.flags.owndata and a.base is None and a.shape == (end,)
    common = min(start, end)
    assert np.array_equal(a[:common], np.arange(common)) and not a[common:].any()
    a.resize((2, 3))
    assert a.tolist() == np.resize(np.append(np.arange(min(common, 6)), np.zeros(6, int)), (2, 3)).tolist()
    assert live() == before + 1
    del a
    assert _core.live_arrays() == before


def test_resizing_minds_references():
    a = coachwhip.jit(fresh)(5)
    view = a[1:]
    with pytest.raises(ValueError, match="resize"):
        a.resize(50)
    assert view.base is a and a.tolist() == [0, 1, 2, 3, 4]
    del view
    a.resize(7)
    assert a.tolist() == [0, 1, 2, 3, 4, 0, 0]
    other = a
    with pytest.raises(ValueError, match="resize"):
        a.resize(9)
    a.resize(2, refcheck=False)
    assert other.tolist() == [0, 1]
    columns = coachwhip.jit(by_columns)(2)
    columns.resize((3, 3))
    want = by_columns(2)
    want.resize((3, 3))
    assert columns.tolist() == want.tolist()


def test_a_size_that_fails_leaves_the_array():
    a = coachwhip.jit(fresh)(5)
    with pytest.raises(MemoryError):
        a.resize(2**58)
    assert a.tolist() == [0, 1, 2, 3, 4] and a.flags.owndata


def test_many_results_are_freed():
    compiled = coachwhip.jit(fresh)
    compiled(1)
    before = live()
    kept = [compiled(n % 3000) for n in range(5000)]
    assert _core.live_arrays() == before + 5000
    assert all(len(a) == n % 3000 and (not len(a) or a[-1] == len(a) - 1) for n, a in enumerate(kept))
    del kept
    assert _core.live_arrays() == before
    for _ in range(200):
        compiled(1_000_000)[0] = 1
        assert _core.live_arrays() == before


def test_views_made_by_numpy_keep_a_result():
    before = live()
    a = coachwhip.jit(fresh)(100)
    views = [np.asarray(a), a[3:], memoryview(a), a.view(np.uint8), np.frombuffer(a, dtype=np.int64)]
    assert views[0] is a and views[1].base is a
    del a
    gc.collect()
    assert _core.live_arrays() == before + 1
    assert views[1][0] == 3 and views[2][99] == 99 and views[4][50] == 50
    views.clear()
    assert live() == before


def test_copies_of_results():
    a = coachwhip.jit(whole)(3)
    for again in (pickle.loads(pickle.dumps(a)), pickle.loads(pickle.dumps(a, protocol=5)), copy.copy(a), copy.deepcopy(a)):
        assert np.array_equal(again, a) and again.flags.writeable and not np.shares_memory(again, a)
    file = io.BytesIO()
    np.save(file, a)
    file.seek(0)
    assert np.array_equal(np.load(file), a)
    before = live()
    a.__setstate__(np.arange(4.0).__reduce__()[2])
    assert a.tolist() == [0, 1, 2, 3] and _core.live_arrays() == before - 1


def test_results_under_tracemalloc():
    compiled = coachwhip.jit(fresh)
    early = compiled(1000)
    before = live()
    tracemalloc.start()
    try:
        late = compiled(1000)
        early.resize(500_000)
        assert tracemalloc.get_traced_memory()[0] >= 4_000_000
        del early
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
        late.resize(500_000)
    finally:
        tracemalloc.stop()
    del late
    assert live() == before - 1


def test_results_die_in_another_thread():
    compiled = coachwhip.jit(fresh)
    before = live()
    results = [compiled(100 * i) for i in range(200)]

    def work():
        while results:
            results.pop().resize(77)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert live() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_results_live_through_a_fork():
    compiled = coachwhip.jit(fresh)
    a = compiled(1000)
    before = live()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            a.resize(2000)
            good = a[999] == 999 and not a[1000:].any()
            del a
            good = good and _core.live_arrays() == before - 1 and compiled(5).tolist() == [0, 1, 2, 3, 4]
            status = 0 if good else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert a[999] == 999 and a.shape == (1000,)
    a.resize(3)
    assert a.tolist() == [0, 1, 2]


def resized_meanwhile(a):
    b = a[1:]
    return a, b


def test_results_as_arguments():
    a = coachwhip.jit(fresh)(6)
    same, view = coachwhip.jit(resized_meanwhile)(a)
    assert same is a and view.base is a
    with pytest.raises(ValueError, match="resize"):
        a.resize(60)
    del same, view
    a.resize(60)
    assert a.sum() == 15


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
