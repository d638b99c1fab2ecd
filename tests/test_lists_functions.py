"""Lists with functions: `map` and `filter`, identity, and lists that get their type from what is put into them."""
import numpy as np
import pytest
from support import same

import coachwhip


def identity(n):
    a = [n]
    b = a
    c = [n]
    return a is b, a is not b, a is c, b is None, a is not None, a is n


def one_object(a, b):
    return a is b


def rows_identity(rows):
    return rows[0] is rows[1], rows[0] is rows[0]


def doubled(xs):
    return list(map(lambda x: x*2, xs))


def map_of_two(xs):
    out = []
    for v in map(lambda x, y: x + y, xs, range(10)):
        out.append(v)
    return out


def reduced_maps(xs):
    return sum(map(abs, xs)), max(map(float, xs)), [v for v in map(int, xs)]


def above_two(xs):
    return list(filter(lambda x: x > 2, xs))


def truthy(xs):
    return [x for x in filter(None, xs)]


def grows_while_filtered(xs):
    n = 0
    for i, x in enumerate(filter(lambda x: x % 2, xs)):
        n += i * x
        if i < 3:
            xs.append(7)
    return n, xs


def fails_in_a_map(xs):
    t = 0
    for i, v in enumerate(map(lambda x: 1 / x, xs)):
        t += v * i
    return t


def order_of_calls(xs):
    seen = []
    def f(x):
        seen.append(x)
        return x + 1
    for v in map(f, xs):
        seen.append(-v)
    return seen


def filtered_range(n):
    return [x * x for x in filter(lambda v: v % 3 == 0, range(n))], any(map(bool, [0, n])), all(filter(None, [n, 1]))


def append_halves(items, n):
    for i in range(n):
        items.append(i * 0.5)
    return items


def fill_first(rows):
    rows[0].append(1.5)
    return rows


def concatenated(n):
    items = []
    for i in range(n):
        items = items + [i]
    return items


def concatenated_to(items, n):
    for i in range(n):
        items = items + [i]
    return items


def only_read(items):
    s = 0
    for x in items:
        s += x
    return s, len(items), items


def one_into_the_other(a, b):
    a.append(1)
    b.extend(a)
    return b


def filled_by_a_callee(items):
    append_halves(items, 3)
    return items.pop()


def doubled_unlike(xs):
    return [x * 2 for x in map(float, xs)]


def zipped_map(xs):
    return [a + b for a, b in zip(map(abs, xs), xs)]


def filtered_map(xs):
    return list(filter(None, map(abs, xs)))


CASES = [
    (identity, (3,)), (rows_identity, ([[1], [2]],)), (doubled, ([1, 2],)), (doubled, ([],)), (doubled, (np.arange(3.0),)),
    (doubled, ((1, 2),)), (doubled_unlike, ([1, 2],)), (map_of_two, ([1, 2, 3],)), (reduced_maps, ([-1.5, 2.5],)),
    (above_two, ([1, 2, 3, 4],)), (above_two, ((1, 2, 3),)), (above_two, (np.arange(5.0),)), (above_two, ([],)),
    (truthy, ([0, 1, 0, 2],)), (grows_while_filtered, ([1, 2, 3],)), (fails_in_a_map, ([1, 2, 4],)),
    (fails_in_a_map, ([1, 0, 4],)), (order_of_calls, ([1, 2],)), (filtered_range, (10,)),
    (append_halves, ([], 3)), (append_halves, ([], 0)), (append_halves, ([2.0], 2)), (fill_first, ([[]],)),
    (fill_first, ([[], []],)), (fill_first, ([],)), (concatenated, (4,)), (concatenated, (0,)), (concatenated_to, ([], 3)),
    (concatenated_to, ([5], 3)), (only_read, ([],)), (one_into_the_other, ([], [])), (one_into_the_other, ([2], [])),
    (filled_by_a_callee, ([],)), (zipped_map, ([1, -2],)), (filtered_map, ([1, -2],)),
]


@pytest.mark.parametrize("function, arguments", CASES, ids=lambda v: getattr(v, "__name__", None))
def test_as_in_plain_python(function, arguments):
    same(function, *arguments)


def test_the_same_list_passed_twice_is_one_object():
    compiled = coachwhip.jit(one_object)
    items = [1]
    assert compiled(items, items) is True and compiled(items, [1]) is False
    assert coachwhip.jit(rows_identity)([items, items]) == (True, True)

