"""List displays: what they can be used for, the arrays that are made of sequences, and what is refused."""
import numpy as np
import pytest
from support import refused, same
from test_indexing_read import batches, check

import coachwhip
from coachwhip import jit

ARRAYS = [
    "np.array([1, 2, 3])", "np.array([1, 2.5])", "np.array([True, 2])", "np.array([True, False])", "np.array([1, 2j])", "np.array([])",
    "np.array([[]])", "np.array([[1, 2], [3, k]])", "np.array([v[0], 1])", "np.array([np.float32(1), np.float32(2)])",
    "np.array([np.int8(1), 2])", "np.array([np.uint64(1), 2])", "np.array([np.float32(1), 2.0])", "np.array([k, k + 1], dtype=np.int8)",
    "np.array([1.9, -1.9], dtype=np.int64)", "np.array([1, 2], dtype='f4')", "np.array([0, 3], bool)", "np.array([1, 2], dtype=complex)",
    "np.array((1, 2, k))", "np.array(((1, 2), [3, 4]))", "np.array([v, v])", "np.array([v, 2 * v, v[::-1]])", "np.array((b[0], b[1]))",
    "np.array([[v, v], [v, v]])", "np.array([b, b])", "np.array([i, v[:3]])", "np.array([s, 1])", "np.array([np.array(2.5), k])",
    "np.array([v[:2], [k, 5]])" if False else "np.array([[1, 2], (k, 5)])", "np.array([1, 2], ndmin=3)", "np.array(v, ndmin=2)",
    "np.array(5, ndmin=1)", "np.array(k)", "np.array(2.5)", "np.array([[1, 2], [3, 4]], order='F')", "np.array(v, copy=None)",
    "np.asarray([1, 2, 3])", "np.asarray((k, 2.0))", "np.asarray([1, 2], dtype=np.float32)", "np.ascontiguousarray([1, 2])", "np.array(range(5))",
    "np.array(range(5, 0, -2), dtype=float)", "np.array([range(3), range(3, 6)])", "np.zeros([2, 3])", "np.full([k, 2], 7)", "np.ones([3])",
    "np.empty([0, 2])", "v.reshape([7, 1])", "np.array([2**63])", "np.array(np.array([1, 2]))", "np.array([np.bool_(True), 1.5])",
]
OPERATORS = [
    "v[:3] + [1, 2, 3]", "[1, 2, 3] * v[:3]", "i - (1, 2, 3)", "i == [2, 0, 5]", "[1, 2, 3] < i", "b + [[1], [2], [3]]", "v[:2] / [2, k]",
    "np.sqrt([4, 9])", "np.add([1, 2], [3, 4])", "np.minimum(v[:2], [0, 5])", "np.maximum((1, 5), (3, 2))",
]
PLAIN = [
    "np.array(len([1, k, 3]))", "np.array([1, k, 3][1])", "np.array([1, k, 3][-1])", "np.array(sum([1, k, 3]))", "np.array(max([1, k, 3]))",
    "np.array(min([4.5, 2.5]))", "np.array([1, k, 3][k])", "np.array(k in [1, 2])", "np.array(k not in [5, 2])", "np.array([1, 2] == [1, 2])",
    "np.array([1, 2] == (1, 2))", "np.array([1, 2] + [k])", "np.array([k] * 3)", "np.array([1, 2, 3][1:])", "np.array(any([0, k]))",
    "np.array(all([0, k]))", "np.array([1, k, 1].count(1))", "np.array(tuple([1, 2]))", "np.array(list((1, 2)))", "np.array(bool([]))",
    "np.array(type([]) is list)", "np.array(isinstance([1], list))", "np.array(isinstance([1], tuple))",
]


@pytest.mark.parametrize("expressions", batches(ARRAYS) + batches(OPERATORS) + batches(PLAIN), ids=lambda e: e[0])
def test_expressions(expressions):
    from test_indexing_read import arguments

    check(expressions, arguments())


def orders(x, y):
    return np.array([[x, y], [y, x]], order="F"), np.asarray([[x, y]], order="C"), np.array([x, y]) * 2


def test_orders():
    same(orders, 1.5, 2)
    same(orders, 1, 2)


def iteration(n):
    total = 0
    for x in [1, n, 3]:
        total += x
    for p, q in zip([1, 2], [n, 4]):
        total += p * q
    for p, (q, r) in enumerate([(1, 2), (3, n)]):
        total += p * q * r
    a, b = [n, 2]
    first, *rest = [1, 2, n]
    return total + a + b + first + len(rest)


def test_iteration():
    same(iteration, 7)


def argument(items, k):
    return items[k] + len(items)


def passed_on(k):
    return argument([1, 2, k], 1) + argument([k], 0)


def chosen(k):
    if k > 0:
        items = [1, k]
    else:
        items = [k, 2]
    return items[0] + items[1], np.array(items)


def test_passed_on_and_chosen():
    same(passed_on, 5)
    same(chosen, 3)


def ragged_rows(v, w):
    return np.array([v, w])


def test_ragged_at_run_time():
    same(ragged_rows, np.arange(3.0), np.arange(3))
    same(ragged_rows, np.arange(3.0), np.arange(4.0))
    same(ragged_rows, np.ones((2, 3)), np.ones((2, 4)))


def does_not_fit(k):
    return np.array([1, k], dtype=np.int8)


def test_values_that_do_not_fit():
    same(does_not_fit, 5)
    same(does_not_fit, 500)


def appended(k):
    items = [k]
    items.append(2)
    return len(items)


def assigned(k):
    items = [k]
    items[0] = 2
    return len(items)


def extended(k):
    items = [k]
    items += [2]
    return len(items)


def returned(k):
    return [k, 1]


def returned_inside(k):
    return k, [k]


def identical(k):
    x = [k]
    return x is x


def deleted(k):
    x = [k]
    del x[0]
    return len(x)


def grown(k):
    items = []
    for i in range(k):
        items = items + [i]
    return len(items)


def printed(k):
    print([k])


@pytest.mark.parametrize("f", [appended, assigned, extended, returned, returned_inside, deleted, identical, grown],
                         ids=lambda f: f.__name__)
def test_what_changes_a_list(f):
    same(f, 3)


def test_a_printed_list(capsys):
    same(printed, 2)
    plain, compiled = capsys.readouterr().out.splitlines()
    assert plain == compiled


def ragged(k):
    return np.array([[1, 2], [k]])


def mixed(v):
    return np.array([v, 1])


def of_text(k):
    return np.array([k, "x"])


def wide(k):
    return np.array([1180591620717411303424, k])


def test_refused_arrays():
    assert refused(ragged, 1).code == "CW0302"
    assert refused(mixed, np.arange(3)).code == "CW0302"
    assert refused(of_text, 1).code == "CW0302"
    assert refused(wide, 1).code == "CW0302"


def test_with_a_signature():
    assert jit("int64(int64)")(passed_on)(2) == passed_on(2)
    assert coachwhip is not None
