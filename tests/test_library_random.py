"""Random numbers of NumPy's global stream: the same numbers, the same state afterwards."""
import threading

import coachwhip
import numpy as np
import pytest
from support import Outcome, assert_same_error, assert_same_value, refused


def same_stream(function, *arguments, start=7):
    """Plain and compiled, from one state of the stream: the same outcome and the same state afterwards."""
    plain = Outcome(from_seed(function, start), arguments, {})
    after = np.random.get_state(legacy=False)
    compiled = Outcome(from_seed(coachwhip.jit(function), start), arguments, {})
    now = np.random.get_state(legacy=False)
    if plain.error is not None:
        assert_same_error(compiled.error, plain.error, function.__name__)
        return
    assert compiled.error is None, compiled
    assert_same_value(compiled.value, plain.value, function.__name__)
    assert np.array_equal(after["state"]["key"], now["state"]["key"]) and after["state"]["pos"] == now["state"]["pos"]
    assert (after["has_gauss"], after["gauss"]) == (now["has_gauss"], now["gauss"])


def from_seed(function, start):
    def run(*arguments):
        np.random.seed(start)
        np.random.normal()
        return function(*arguments)

    return run


def one():
    return np.random.random(), np.random.random_sample(), np.random.uniform(), np.random.rand()


def aliases():
    return np.random.ranf(3), np.random.sample((2, 2)), np.random.rand(2, 3)


def seeded(seed):
    np.random.seed(seed)
    return np.random.random(5), np.random.uniform(-2, 3, (3, 2))


def sized(n):
    return np.random.random(n), np.random.random_sample((n, 2)), np.random.uniform(2.5, 7, size=n), np.random.uniform(high=3)


def bounded(low, high):
    return np.random.uniform(low, high)


def bounded_sized(low, high):
    return np.random.uniform(low, high, (2, 3))


def loop(n):
    total = 0.0
    for _ in range(n):
        total += np.random.uniform(-1.0, 1.0)
    return total


@pytest.mark.parametrize("function, arguments", [
    (one, ()), (aliases, ()), (sized, (4,)), (sized, (0,)), (loop, (5000,)),
    *((seeded, (seed,)) for seed in (0, 1, 12345, 2**32 - 1, np.int64(5), np.uint8(9))),
    (seeded, (-1,)), (seeded, (2**32,)), (seeded, (True,)),
    *((bounded, bounds) for bounds in [(1, 2), (5.0, -5.0), (np.float32(1.5), 3), (0.0, np.inf), (np.nan, 1.0),
                                       (np.zeros(3), 1.0), (np.arange(3.0), np.ones((2, 1))), (1.0, np.array([2, np.inf]))]),
    (bounded_sized, (np.zeros(3), np.arange(3))),
])
def test_the_stream_is_numpys(function, arguments):
    same_stream(function, *arguments)


def seed_of_nothing():
    np.random.seed()
    return np.random.random(3)


def test_seeds_of_the_system_differ():
    compiled = coachwhip.jit(seed_of_nothing)
    assert not np.array_equal(compiled(), compiled())


def test_a_seed_in_python_is_seen_in_compiled_code_and_back():
    compiled = coachwhip.jit(one)
    np.random.seed(3)
    first = compiled()
    after = np.random.random()
    np.random.seed(3)
    assert one() == first and np.random.random() == after


def test_arrays_as_seeds_are_refused():
    refused(seeded, np.arange(3), code="CW0302")


def test_threads_do_not_run_at_the_stream_together():
    compiled = coachwhip.jit(loop)
    compiled(1)
    np.random.seed(1)
    want = sorted(loop(2000) for _ in range(8))
    np.random.seed(1)
    found = []
    threads = [threading.Thread(target=lambda: found.append(compiled(2000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == want


def test_functions_imported_by_name():
    from numpy.random import random, seed, uniform

    def drawn():
        seed(5)
        return random(2), uniform(1, 2)

    same_stream(drawn)


def shuffled(x):
    np.random.shuffle(x)
    return x


def permuted(x):
    return np.random.permutation(x)


def chosen(a):
    return np.random.choice(a), np.random.choice(a, 5), np.random.choice(a, (2, 3)), np.random.choice(a, 2, False)


def chosen_none(a):
    return np.random.choice(a, 0)


def drawn_twice(a):
    return np.random.choice(a, 9, replace=False)


def whole(low, high):
    return np.random.randint(low), np.random.randint(low, high), np.random.randint(low, high, 7), np.random.randint(low, size=(2, 2))


def whole_between(low, high):
    return np.random.randint(low, high)


@pytest.mark.parametrize("x", [
    [1, 2, 3, 4, 5], [1.5], [], ["a", "b", "c"], [(1, 2), (3, 4), (5, 6)], np.arange(10), np.arange(12.0).reshape(6, 2),
    np.arange(24).reshape(4, 3, 2)[:, ::2], np.zeros(0),
], ids=repr)  # fmt: skip
def test_shuffle(x):
    same_stream(shuffled, x)


@pytest.mark.parametrize("x", [7, np.int8(5), 0, np.arange(6.0), np.arange(6).reshape(3, 2), [3, 1, 2]], ids=repr)
def test_permutation(x):
    same_stream(permuted, x)


@pytest.mark.parametrize("a", [5, np.int16(4), np.arange(4.0), [1.5, 2.5, 3.5], [1, 2]], ids=repr)
def test_choice(a):
    same_stream(chosen, a)
    same_stream(chosen_none, a)
    same_stream(drawn_twice, a)


def test_choice_of_nothing():
    for a in (0, -1, np.zeros(0), np.zeros((2, 2))):
        same_stream(lambda a: np.random.choice(a), a)


@pytest.mark.parametrize("low, high", [(1, 2), (3, 100), (5, 2**31), (7, 2**40), (2**32, 2**33)])
def test_randint(low, high):
    same_stream(whole, low, high)
    same_stream(whole_between, high, low)
    same_stream(whole_between, -high, low)


def test_what_is_drawn_otherwise_is_refused():
    refused(lambda a: np.random.choice(a, p=[0.5, 0.5]), [1, 2])
    refused(lambda n: np.random.randint(n, dtype=np.int8), 3)
