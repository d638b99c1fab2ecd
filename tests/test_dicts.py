"""Dicts in compiled functions: displays, methods, views, iteration, and what the caller sees of them."""
import collections
import random

import numpy as np
import pytest
from support import refused, same

import coachwhip


def displays(n):
    empty, d = {}, {3: 1.5, 1: 2.5, n: 0.5}
    d[2] = 7.0
    empty[n] = n
    return d, empty, {i: i * i for i in range(n)}, {**d, 5: 1.0}, len(d), bool(d), bool({i: i for i in range(0)})


def looked_up(d, key):
    return d[key]


def handled(d, key):
    try:
        d[key]
    except KeyError as error:
        return f"no {error}"
    return "found"


def methods(d, key, value):
    first = d.get(key), d.get(key, value)
    second = d.setdefault(key, value), d.setdefault(key, value)
    e = d.copy()
    e.update({key: value})
    f = d | e
    d |= e
    taken = d.pop(key), d.pop(key, value)
    last = f.popitem()
    g = dict(f)
    f.clear()
    return first, second, e, f, taken, last, g, e == g, e != g, g == g.copy(), len(f), key in e, key not in d


def views(d):
    keys = [k for k in d]
    pairs = [(k, v) for k, v in d.items()]
    return keys, list(d.keys()), list(d.values()), pairs, list(d.items()), sorted(d), len(d.items()), max(d), min(d.values())


@pytest.mark.parametrize("d", [{1: 2, 5: 3, 2: 9}, {"b": 1.5, "a": 2.5}, {(1, 2): "x", (0, 5): "y"}, {b"k": 3}, {2.5: 1}])
def test_methods_and_views_of_every_sort_of_key(d):
    key, value = next(iter(d.items()))
    same(methods, d, key, value)
    same(views, d)
    same(looked_up, d, key)
    same(handled, d, key)
    for other in ({int: 77, str: "none", tuple: (7, 7), bytes: b"none", float: 0.125}[type(key)],):
        same(methods, d, other, value)
        same(looked_up, d, other)
        same(handled, d, other)


def test_displays():
    same(displays, 4)
    same(displays, 1)


def counted(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


def grouped(words):
    groups = {}
    for word in words:
        groups.setdefault(len(word), []).append(word)
    return groups


def grid(n):
    cells = {}
    for i in range(n):
        for j in range(n):
            cells[i, j] = i * j
    return sum([v * i - j for (i, j), v in cells.items()]), (n - 1, 0) in cells, (n, 0) in cells


def fibonacci(n, memo):
    if n < 2:
        return n
    if n in memo:
        return memo[n]
    memo[n] = fibonacci(n - 1, memo) + fibonacci(n - 2, memo)
    return memo[n]


def test_programs():
    text = "the quick brown fox jumps over the lazy dog the end é ü 漢字 é"
    same(counted, text.split())
    same(counted, [3, 1, 3, 2, 1])
    same(grouped, text.split())
    same(grid, 12)
    memo = {}
    assert coachwhip.jit(fibonacci)(60, memo) == 1548008755920
    plain = {}
    fibonacci(60, plain)
    assert list(memo.items()) == list(plain.items())


def numbers(text):
    return {"one": 1, "two": 2}[text] + {1: 10, 2: 20}[len(text) - 2]


def test_constant_keys():
    same(numbers, "one")
    same(numbers, "two")
    same(numbers, "three")


def random_changes(d, keys, values):
    for step in range(len(keys)):
        key, value = keys[step], values[step]
        what = value % 7
        if what < 4:
            d[key] = value
        elif what == 4 and key in d:
            del d[key]
        elif what == 5:
            d.pop(key, 0)
        elif d:
            d.popitem()
    return list(d), list(d.values())


def test_random_changes_keep_the_order_and_reach_the_caller():
    source = random.Random(5)
    compiled = coachwhip.jit(random_changes)
    for size in (3, 20, 300):
        keys = [source.randrange(-size, size) for _ in range(6 * size)]
        values = [source.randrange(1000) for _ in keys]
        same(random_changes, {k: k for k in range(size // 2)}, keys, values, compiled=compiled)
        same(random_changes, {}, keys, values, compiled=compiled)
        texts = [str(k) for k in keys]
        same(random_changes, {"1": 5, "-1": 6}, texts, values, compiled=compiled)


def grown_while_iterated(d):
    for k in d:
        d[k + 1] = 0


def exchanged_while_iterated(d):
    seen = 0
    for k in d:
        if k == 2:
            del d[2]
            d[50] = 1
        seen += k
    return seen


def test_iteration_over_what_changes():
    same(grown_while_iterated, {1: 2})
    same(exchanged_while_iterated, {1: 0, 2: 0, 3: 0})
    same(exchanged_while_iterated, {1: 0, 2: 0})


def aliased(a, b):
    a[1] = 5
    b[2] = 6
    return a is b, a


def failing(d):
    d[7] = 1
    del d[8]


def test_the_callers_object():
    def shared(function):
        d = {1: 1, 2: 2}
        made = function(d, d)
        return made[1] is d, made[0], d

    assert shared(coachwhip.jit(aliased)) == shared(aliased)
    same(aliased, {1: 1}, {2: 2})
    same(failing, {1: 2})
    d, inner = {"x": [1]}, [5]
    coachwhip.jit(lambda d, v: d.update({"y": v}))(d, inner)
    assert d["y"] is inner and list(d) == ["x", "y"]
    key, value = "k" * 30, "v" * 30
    d = {key: value}
    assert coachwhip.jit(lambda d: [k for k in d][0])(d) is key
    assert coachwhip.jit(lambda d: d)(d) is d


def nested(d):
    d["a"][1] = 5
    d["b"] = {3: 4}
    return d["a"], [d], (d, 1)


def of_arrays(d):
    d["y"] = d["x"] * 2
    d["x"][0] = 9.0
    return d["y"].sum()


def test_values_of_every_sort():
    same(nested, {"a": {1: 2}})
    same(of_arrays, {"x": np.arange(4.0)})
    same(lambda d: (d[1], d.get(2)), {1: None, 2: None})
    same(lambda d: d[1] + d[2][::-1], {1: [1, 2], 2: [3]})
    same(lambda d, x: {k: x[k] for k in d}, {0: 1, 2: 3}, np.arange(3))


def made(keys, values):
    d = dict(zip(keys, values))
    e = dict.fromkeys(keys, 0)
    f = dict([(k, 1) for k in keys])
    e[keys[0]] += 3
    return d, e, f, dict(d), {v: k for k, v in d.items()}


def test_constructors():
    same(made, [1, 2, 2], [3.5, 4.5, 5.5])
    same(made, ["a", "b"], [1, 2])
    same(lambda: dict())
    same(lambda n: {k: v for k, v in enumerate(range(n))}, 5)


def numbers_as_keys(d, x):
    return x in d, d.get(x, -1)


def test_numbers_are_equal_across_types():
    for x in (1, True, 1.0, np.int32(1), np.float32(1), 1 + 0j, 2.5, -1, 2**61 - 1, -2):
        same(numbers_as_keys, {1: 5, 0: 6, -1: 8}, x)
        same(numbers_as_keys, {1.0: 5, 2.5: 6}, x)


def mixed(d):
    d["x"] = 1
    return d


def test_what_is_refused():
    refused(mixed, {1: 2}, code="CW0304")
    refused(lambda n: {1: n, 2.5: n}, 3, code="CW0304")
    refused(lambda d: d, {1: 2, "a": 3}, code="CW0401")
    refused(lambda d: d, {1: 2, True and 3: "x"}, code="CW0401")
    refused(lambda: {np.zeros(2).sum: 1})
    refused(lambda x: {x: 1}, np.zeros(2), code="CW0104")


def named(d):
    d.update(a=1)
    d.update({"q": 5}, a=2, z=len(d))


def fresh():
    d = {}
    d.update(z=4)
    return d, dict(a=1), dict({"b": 2}, a=1, b=3), dict([("x", 1.5)], y=2.5)


def test_keywords_are_entries():
    same(named, {})
    same(named, {"b": 2})
    same(fresh)
    refused(lambda d: d.update(a=1), {1: 2})
    same(lambda: dict(a=1, b="x"))


TABLE = {1: 2}


@pytest.mark.parametrize(("function", "argument", "part"), [
    (lambda d: [k for k in reversed(d)], {1: 2}, "reversed"),
    (lambda s: hash(s), frozenset({1}), "hash()"),
    (lambda s: {s: 1}, frozenset({1}), "keys of a dict"),
    (lambda n: {None: n}, 1, "None"),
    (lambda n: TABLE[n], 1, "dict"),
], ids=str)  # fmt: skip
def test_what_is_refused(function, argument, part):
    assert part in str(refused(function, argument))


def keys_of_lists(d, words):
    groups = {}
    for word in words:
        groups.setdefault(len(word), []).append(word)
    out = []
    for key in groups:
        out.append(key)
    d[5] = [7]
    nested = {"x": {}}
    nested["x"][1] = [2.5]
    inner = []
    for key in nested:
        for one in nested[key]:
            inner.append(one)
    values = []
    for value in d.values():
        values.append(value)
    return out, list(groups), sorted(groups), [k for k in d], list(d.keys()), inner, values, list(groups.values()), list(groups.items())


def test_keys_are_told_from_values_that_are_lists():
    same(keys_of_lists, {1: [2], 3: []}, ["a", "bb", "c"])


def with_view(d, e):
    return [list(x) for x in (d.keys() & e.keys(), d.keys() | e.keys(), d.keys() - e.keys(), d.keys() ^ e.keys(), d.keys() | e, d.keys() ^ e)]


def with_set(d, s):
    return [list(x) for x in (d.keys() & s, s & d.keys(), d.keys() - s, s - d.keys(), d.keys() | s, s | d.keys(), d.keys() ^ s, s ^ d.keys())]


def with_list(d, items):
    return [list(x) for x in (d.keys() & items, d.keys() - items, d.keys() | items, d.keys() ^ items)]


def with_items(d, e):
    return [list(x) for x in (d.items() & e.items(), d.items() | e.items(), d.items() - e.items())]


def compared_views(d, e):
    k, l = d.keys(), e.keys()
    return k == l, k != l, k < l, k <= l, k > l, k >= l, d.items() == e.items(), k == set(e), set(d) <= l, k == list(e), k == 3


def of_counter(d, c):
    s = {1, 2, 30}
    s.symmetric_difference_update(d)
    return list(set(c)), list({1, 2, 3} | set(c)), list({5}.union(c)), list({1, 5}.difference(c)), list(s)


def test_operators_on_views_give_sets_in_the_order_of_cpythons():
    rng = random.Random(3)
    functions = [coachwhip.jit(f) for f in (with_view, with_set, with_list, with_items, compared_views, of_counter)]
    for n, m in ((1, 1), (3, 8), (8, 3), (8, 60), (60, 60), (200, 30)):
        for most in (5, 100, 10**9):
            d, e = ({rng.randrange(most): rng.randrange(3) for _ in range(count)} for count in (n, m))
            for function, other in zip(functions, (e, set(e), list(e), e, e, collections.Counter(list(e)))):
                same(function.py_func, d, other, compiled=function)

    def in_place(s, d):
        t = s
        s |= d.keys()
        return s is t, s, t, d.keys() & {}, {} | d
    same(in_place, {1, 2}, {2: 3, 5: 6})
    refused(lambda d: d.items() ^ d.items(), {1: 2}, code="CW0302")
