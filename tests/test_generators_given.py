"""Generators that compiled functions give to Python: they behave as Python's own and run compiled code."""
import collections.abc
import gc
import pickle
import threading

import coachwhip
import numpy as np
import pytest

from support import refused


def squares(n):
    for i in range(n):
        yield i * i


def pairs(a, scale):
    for i, x in enumerate(a):
        yield i, x * scale
    return len(a)


def rows(a):
    for row in a:
        yield row


def words(n):
    yield "a"
    yield "bcd"
    yield str(n)


def perhaps(n):
    for i in range(n):
        yield None if i % 2 else i


def mixed(n):
    yield n
    yield n + 0.5


def fails(n):
    yield 10 // n
    yield 10 // (n - 1)


def stops(n):
    it = iter(range(n))
    while True:
        yield next(it)


def nothing():
    return
    yield 1


def made_inside(n):
    return squares(n + 1)


def expression(a):
    return (x * 2 for x in a if x > 1)


def delegates(a, n):
    got = yield from pairs(a, n)
    yield (got, 0.0)


def collected(generator):
    """What a generator gives: its items, and its result or exception."""
    items = []
    while True:
        try:
            items.append(next(generator))
        except BaseException as error:  # noqa: BLE001 -- what is raised is compared
            return items, type(error), error.args


A = np.arange(4.0)
CASES = [
    (squares, (4,)), (squares, (0,)), (pairs, (A, 2.0)), (words, (7,)), (perhaps, (4,)), (mixed, (2,)), (fails, (1,)), (fails, (5,)),
    (stops, (2,)), (nothing, ()), (made_inside, (3,)), (expression, (A,)), (delegates, (A, 2)),
]


@pytest.mark.parametrize(("function", "arguments"), CASES, ids=lambda v: getattr(v, "__name__", None))
def test_gives_what_python_gives(function, arguments):
    want, got = collected(function(*arguments)), collected(coachwhip.jit(function)(*arguments))
    assert repr(got) == repr(want)
    assert [type(x) for x in got[0]] == [type(x) for x in want[0]]


def test_is_a_generator():
    generator = coachwhip.jit(squares)(3)
    assert isinstance(generator, collections.abc.Generator) and iter(generator) is generator
    assert (generator.gi_running, generator.gi_suspended, generator.gi_yieldfrom) == (False, False, None)
    assert list(zip(generator, "ab")) == [(0, "a"), (1, "b")]
    assert generator.gi_suspended
    generator.close()
    assert list(generator) == [] and not generator.gi_suspended
    generator.close()
    with pytest.raises(TypeError):
        pickle.dumps(generator)


def test_several_at_once_and_every_consumer():
    compiled = coachwhip.jit(squares)
    first, second = compiled(3), compiled(10)
    assert [next(first), next(second), next(second), next(first)] == [0, 0, 1, 1]
    assert sum(compiled(5)) == 30 and max(compiled(5)) == 16 and sorted(compiled(3)) == [0, 1, 4]
    a, *rest = compiled(4)
    assert (a, rest) == (0, [1, 4, 9])


def test_send():
    generator = coachwhip.jit(squares)(3)
    with pytest.raises(TypeError, match="just-started"):
        generator.send(1)
    # Nobody looks at what is sent.
    assert [generator.send(None), generator.send(5), next(generator)] == [0, 1, 4]
    with pytest.raises(StopIteration):
        generator.send(None)


def test_throw():
    generator = coachwhip.jit(squares)(3)
    next(generator)
    with pytest.raises(KeyError, match="gone"):
        generator.throw(KeyError("gone"))
    assert list(generator) == []
    for what in (KeyError, (KeyError, "gone"), (KeyError, KeyError("gone"))):
        what = what if isinstance(what, tuple) else (what,)
        with pytest.raises(KeyError):
            coachwhip.jit(squares)(3).throw(*what)
    with pytest.raises(TypeError, match="deriving from BaseException"):
        coachwhip.jit(squares)(3).throw(1)


def test_keeps_its_arguments_and_gives_them_back():
    compiled = coachwhip.jit(rows)
    generator = compiled(np.arange(6.0).reshape(3, 2))
    gc.collect()
    filler = [np.full((3, 2), -1.0) for _ in range(100)]
    assert [row.tolist() for row in generator] == [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
    del filler
    kept = list(compiled(np.ones((2, 2))))
    gc.collect()
    assert kept[1].tolist() == [1.0, 1.0]


def test_sees_changes_of_an_array_between_steps():
    a = np.arange(3.0)
    plain, compiled = pairs(a, 1.0), coachwhip.jit(pairs)(a, 1.0)
    assert next(plain) == next(compiled)
    a[1] = 50.0
    assert next(plain) == next(compiled) == (1, 50.0)


def test_is_dropped_anywhere():
    compiled = coachwhip.jit(rows)
    held = [compiled(np.ones((2, 2))) for _ in range(20)]
    for generator in held:
        next(generator)
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    last = compiled(np.ones((2, 2)))
    threads = [threading.Thread(target=lambda: next(last)) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert list(last) == []


SCALE = 2


def scaled(n):
    for i in range(n):
        yield i * SCALE


def test_a_global_that_changes_is_told():
    global SCALE
    generator = coachwhip.jit(scaled)(3)
    assert next(generator) == 0
    SCALE = 3
    try:
        with pytest.raises(RuntimeError, match="has been assigned meanwhile"):
            next(generator)
    finally:
        SCALE = 2


ITEMS = [1, 2, 3]


def over_a_global_list(n):
    for item in ITEMS:
        yield item + n


def used_iterator(a):
    it = iter(a)
    next(it)
    return it


def test_what_does_not_outlive_the_call_is_refused():
    assert "cannot keep list of int" in str(refused(rows, [1, 2], code="CW0102"))
    assert "no generator" in str(refused(used_iterator, A, code="CW0102"))
    assert "cannot keep dict" in str(refused(rows, {1: 2}, code="CW0102"))
    assert "a list of its surroundings" in str(refused(over_a_global_list, 2, code="CW0102"))
