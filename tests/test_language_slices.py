"""Slices as values: global, captured, passed and made, and what they are asked for."""
import numpy as np
import pytest

import coachwhip as cw
from support import same

MIDDLE = slice(1, 3)
BACK = slice(None, None, -1)
HUGE = slice(None, 2**70)
BLOCK = (slice(1, 3), slice(None), 1)
ARRAY = np.arange(24.0).reshape(4, 3, 2)
SLICES = [slice(*parts) for start in (None, 0, 2, -2, 9, -9) for stop in (None, 1, -1, 9) for step in (None, 1, 2, -1, -3)
          for parts in [(start, stop, step)]]


def captured(index):
    """Functions that capture a slice, or a tuple with slices."""
    return (lambda a: a[index]), (lambda: index), (lambda a: a[index].shape)


@pytest.mark.parametrize("index", [MIDDLE, BACK, HUGE, BLOCK, (BACK, MIDDLE), np.s_[..., 1:]], ids=str)
def test_captured(index):
    for function in captured(index):
        same(function, *([ARRAY] if function.__code__.co_argcount else []))


def test_global():
    same(lambda a: (a[MIDDLE], a[BACK], a[BLOCK], a[HUGE]), ARRAY)
    same(lambda t: (t[MIDDLE], t[BACK], t[HUGE]), (1, 2.5, True, 4))
    same(lambda: [1, 2, 3, 4][MIDDLE][1])
    same(lambda: "abcdef"[MIDDLE] == "bc")
    same(lambda: (MIDDLE, BLOCK, HUGE))

    def store(a):
        a[MIDDLE] = 7.0
        return a

    same(store, ARRAY)


def test_attributes_keep_their_types():
    same(lambda: (MIDDLE.start, MIDDLE.stop, MIDDLE.step, BACK.step, HUGE.stop, BLOCK[0].stop))
    same(lambda s: (s.start, s.stop, s.step), slice(np.int8(1), True, None))
    same(lambda i: slice(i, 5).start, np.uint8(3))
    same(lambda i: slice(i).stop, 4)


def test_parts_of_numpy_index():
    for parts in (np.int8(1), np.uint64(3)), (np.uint64(2**64 - 1), None), (True, np.int64(-1)):
        same(lambda a, s: a[s], ARRAY, slice(*parts))
        same(lambda a, i, j: a[slice(i, j)], ARRAY, *parts)


def test_indices():
    compiled = cw.jit(lambda s, n: s.indices(n))
    for s in SLICES:
        for length in (0, 1, 5):
            same(lambda s, n: s.indices(n), s, length, compiled=compiled)
    same(lambda n: (MIDDLE.indices(n), BACK.indices(n), HUGE.indices(n)), 5)
    same(lambda n: BACK.indices(n), -1)
    same(lambda s, n: s.indices(n), slice(None, None, 0), 4)


def test_compare():
    same(lambda s: (s == MIDDLE, s != MIDDLE, bool(s), s is None, MIDDLE == BACK), slice(1, 3, None))


def test_what_cannot_be_a_part():
    index = slice(1.5, None)
    with pytest.raises(cw.CompileError):
        cw.jit(lambda a: a[index])(ARRAY)
    with pytest.raises(cw.CompileError):
        cw.jit(lambda a, x: a[slice(x)])(ARRAY, 1.5)


@pytest.mark.parametrize("value", [
    (), (1,), (-1, -2), (1, 2.5), (True, False, 1 + 2j), ((1, 2), (3.0, (-1,))), tuple(range(40)),
    (np.int8(-1), np.uint64(2**64 - 1), np.float32(0.1), np.bool_(True)), (2**62, -(2**63), 0.1, 1e300, float("inf")),
], ids=str)
def test_hash_of_tuples(value):
    same(lambda t: hash(t), value)
    same(lambda t: hash((t, 3)), value)
    same(lambda: hash(value))


@pytest.mark.parametrize("value", [(1, "a"), ((1, "b"), 2)], ids=str)
def test_hashes_with_strings_are_those_of_this_process(value):
    same(lambda: hash(value))


def test_a_hash_that_is_an_address_is_refused():
    value = (None,)
    with pytest.raises(cw.CompileError, match="hash"):
        cw.jit(lambda: hash(value))()


@pytest.mark.parametrize("index", [5, -5, 0, -1, 1])
def test_index_errors_of_lists_and_tuples(index):
    same(lambda i: [1, 2][i], index)
    same(lambda i: (1, 2)[i], index)
    same(lambda: [1, 2][index])
    same(lambda: (1, 2)[index])

    def starred(t, i):
        first, *rest = t
        return rest[i]

    same(starred, (1, 2, 3), index)
