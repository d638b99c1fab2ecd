"""Arrays from lists and lists from arrays; lists in signatures; what exceptions and lists do not do together."""
import numpy as np
import pytest
from support import refused, same

import coachwhip as cw


def array_of(xs):
    return np.array(xs)


def single_of(xs):
    return np.array(xs, dtype=np.float32)


def sums_of(xs):
    a = np.asarray(xs)
    return a.sum(), a.shape


def back(a):
    return a.tolist()


def halves(n):
    return [i * 0.5 for i in range(n)]


def rows_of(rows):
    rows.append([1.5])
    return rows


LISTS = [
    [1, 2], [], [1.5], [True, False], [[1, 2], [3, 4]], [[1.5], [2.5]], [(1, 2.5), (3, 4.5)], [(True, 2)], [[[1], [2]], [[3], [4]]],
    [[[1, 2]], [[3, 4]], [[5, 6]]], [np.arange(3.0), np.ones(3)], [np.zeros((2, 2)), np.ones((2, 2))], [np.float32(1), np.float32(2)],
    [[1, 2], [3]], [[[1], [2]], [[3]]], [[[1, 2], [2]], [[3], [4]]], [np.arange(3.0), np.ones(2)], [[(1, 2), (3, 4)]], [[], []], [[1], []],
]


@pytest.mark.parametrize("items", LISTS, ids=repr)
@pytest.mark.parametrize("function", [array_of, single_of, sums_of])
def test_arrays_of_lists(function, items):
    same(function, items)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 2, 3), (2, 1, 2, 2), (0,), (2, 0), (0, 2, 2)])
def test_lists_of_arrays(shape):
    same(back, np.arange(float(np.prod(shape, dtype=int))).reshape(shape))
    same(back, np.zeros(shape, np.int8))


def test_lists_in_signatures():
    total = cw.jit("float64(List(float64))")(lambda xs: sum(xs))
    assert total([1.5, 2.0]) == 3.5 and total([]) == 0.0
    with pytest.raises(cw.TypingError, match="list of float"):
        total([1])
    made = cw.jit(cw.types.ListType(cw.float64)(cw.int64))(halves)
    assert made(3) == halves(3) and made(0) == []
    items = [1]
    assert cw.jit((list[float], "list[int]"))(lambda a, b: b.append(3))([1.0], items) is None and items == [1, 3]
    nested = cw.jit("List(List(float64))(List(List(float64)))")(rows_of)
    rows = [[2.0]]
    assert nested(rows) is rows and rows == [[2.0], [1.5]] and nested([]) == [[1.5]]
    assert repr(nested.signatures) == "[(List(List(float64)),)]"
    assert cw.types.ListType(cw.float64) == cw.types.List(float) and cw.types.List(float).dtype == cw.float64


def args_of(x):
    try:
        raise ValueError(x)
    except ValueError as error:
        return error.args


def keeps(x):
    errors = []
    try:
        raise ValueError(x)
    except ValueError as error:
        errors.append(error)
    return len(errors)


def test_exceptions_are_not_kept_in_lists():
    same(args_of, 1)
    assert "a list of exception" in str(refused(keeps, 1, code="CW0104"))
