"""Sets and frozensets in compiled functions: every operation, in CPython's order, and what the caller sees of them."""
import copy
import random

import numpy as np
import pytest
from support import refused, same

import coachwhip


def operators(a, b):
    return a | b, a & b, a - b, a ^ b, b - a, a < b, a <= b, a > b, a >= b, a == b, a != b, a <= a, a < a


def methods(a, b):
    new = a.union(b), a.intersection(b), a.difference(b), a.symmetric_difference(b), a.copy()
    asked = a.issubset(b), a.issuperset(b), a.isdisjoint(b), 5 in a, 5 not in b, len(a), bool(a)
    return new, asked, a.union(b, a), a.intersection(b, b), a.difference(b, b), a.union()


def changing(a, b):
    c, d, e, f, g, h = a.copy(), a.copy(), a.copy(), a.copy(), a.copy(), a.copy()
    c |= b
    d &= b
    e -= b
    f ^= b
    g.update(b)
    h.difference_update(b)
    c.symmetric_difference_update(d)
    g.intersection_update(c)
    return c, d, e, f, g, h


def in_order(a):
    return [x for x in a], list(a), sorted(a), max(a), min(a)


SETS = [
    {1, 2, 3}, {5, 33, 9, 64, -1, -2, 1000000}, set(range(40)), {k * 1024 for k in range(30)}, {k * k for k in range(100)},
    {-k for k in range(9)}, set(range(0, 4000, 7)),
]


def with_order(value):
    """The value with the order of every set in it."""
    if isinstance(value, tuple):
        return tuple(with_order(item) for item in value)
    return (value, list(value)) if isinstance(value, (set, frozenset)) else value


def same_order(function, compiled, *arguments):
    """As `support.same`, and sets in the result and among the arguments have the same order."""
    same(function, *arguments, compiled=compiled)
    plain, ours = [copy.copy(a) for a in arguments], [copy.copy(a) for a in arguments]
    want, got = with_order(function(*plain)), with_order(compiled(*ours))
    assert got == want, (function.__name__, arguments)
    assert with_order(sets_among(ours)) == with_order(sets_among(plain))


def sets_among(arguments):
    """Those of the arguments that are sets."""
    return tuple(argument for argument in arguments if isinstance(argument, set))


@pytest.mark.parametrize("kind", [set, frozenset])
def test_operations_give_sets_in_cpythons_order(kind):
    compiled = [coachwhip.jit(f) for f in (operators, methods, in_order)]
    for a in SETS:
        same(in_order, kind(a), compiled=compiled[2])
        for b in SETS:
            same_order(operators, compiled[0], kind(a), kind(b))
            same_order(methods, compiled[1], kind(a), kind(b))


def test_changes_in_place_give_cpythons_order():
    compiled = coachwhip.jit(changing)
    for a in SETS:
        for b in SETS:
            same_order(changing, compiled, a, b)
    same_order(changing, compiled, SETS[1], frozenset(SETS[2]))


def random_changes(s, keys, what):
    out = []
    for step in range(len(keys)):
        key = keys[step]
        if what[step] < 5:
            s.add(key)
        elif what[step] < 8:
            s.discard(key)
        elif what[step] == 8 and s:
            out.append(s.pop())
        elif what[step] == 9 and key in s:
            s.remove(key)
    return out, [x for x in s]


def test_random_changes_keep_the_order_and_reach_the_caller():
    source = random.Random(7)
    compiled = coachwhip.jit(random_changes)
    for size in (4, 12, 60, 700):
        for _ in range(4):
            keys = [source.randrange(-size, size) * source.choice((1, 1, 64)) for _ in range(5 * size)]
            what = [source.randrange(10) for _ in keys]
            same_order(random_changes, compiled, set(range(size // 2)), keys, what)
            same_order(random_changes, compiled, set(), keys, what)
            same_order(random_changes, compiled, {"1"}, [str(k) for k in keys], what)
            same_order(random_changes, compiled, {(1, "a")}, [(k, str(k % 3)) for k in keys], what)


def of_everything(items):
    s, f = set(items), frozenset(items)
    return s, f, [x for x in s], {x for x in items}, len(s | f), s == f


def test_constructors():
    compiled = coachwhip.jit(of_everything)
    for items in (["b", "a", "b"], range(30), {1.5: 2, 9.5: 3}, {4, 5}, np.arange(5), [(1, b"x"), (3, b"y")]):
        same_order(of_everything, compiled, items)
    same(lambda n: (set(), {n, n + 1, n}, {1, 2, 3}, frozenset()), 1)
    same(lambda text: [x for x in set(text)], "hello world")


def failing(s):
    s.remove(77)


def emptied(s):
    s.clear()
    return s.pop()


def grown_while_iterated(s):
    for x in s:
        s.add(x + 1)


def test_exceptions():
    same(failing, {1, 2})
    same(failing, set())
    same(emptied, {1})
    same(emptied, set())
    same(grown_while_iterated, {1, 50})


def items_of_others(a, items):
    b = a.copy()
    b.update(items)
    c = a.copy()
    c.difference_update(items)
    return (a.union(items), a.intersection(items), a.difference(items), a.symmetric_difference(items), a.issubset(items),
            a.issuperset(items), a.isdisjoint(items), b, c)


def test_methods_take_any_iterable():
    compiled = coachwhip.jit(items_of_others)
    for items in ([2, 9, 2, 4], {2: 0, 100: 1}, frozenset((1, 5))):
        for a in SETS[:4]:
            same_order(items_of_others, compiled, a, items)


def test_the_callers_object():
    s = {1, 2}
    assert coachwhip.jit(lambda s: s)(s) is s
    word = "w" * 30
    assert coachwhip.jit(lambda s: [x for x in s][0])({word}) is word
    same(lambda s, x: (s.add(x), len(s)), {"a"}, "b")


def test_what_is_refused():
    refused(lambda s: s.add("x"), {1}, code="CW0304")
    refused(lambda s: s, {1, "a"}, code="CW0401")
    refused(lambda x: {x}, np.zeros(2), code="CW0104")
    refused(lambda s: s | {"a"}, {1})
