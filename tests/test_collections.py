"""`collections.defaultdict` and `Counter` in compiled functions, as arguments and as results; `functools.reduce`."""
import collections
import functools
import operator
from collections import Counter, defaultdict

import numpy as np
import pytest
from support import refused, same

import coachwhip


def counted(words):
    d = defaultdict(int)
    for w in words:
        d[w] += 1
    return d, d["none"], d.get("never"), "never" in d, len(d)


def grouped(words):
    d = collections.defaultdict(list)
    sets = defaultdict(set)
    for w in words:
        d[len(w)].append(w)
        sets[w[:1]].add(len(w))
    return d, sets, list(d), sorted(d.items())


def nested(n):
    d = defaultdict(lambda: defaultdict(int))
    pairs = defaultdict(lambda: [0, 0])
    for i in range(n):
        d[i % 3][i % 2] += i
        pairs[i % 2][1] += 1
    return {k: dict(v) for k, v in d.items()}, {k: v for k, v in pairs.items()}


def changed(d, key):
    d[key] += 1
    e = d
    return d is e, d, d[key], d.copy(), d | {key: d[key]}, d == {key: 1}, isinstance(d, dict), type(d) is defaultdict, type(d) is dict


def seven():
    return 7


def by_function(k):
    d = defaultdict(seven, {1: 2})
    return d[k], d


def without_factory(k):
    d = defaultdict(None, {1: 2})
    return d[k], d


def while_iterated(d):
    for k in d:
        d[k + 100]


def graph(edges):
    near = defaultdict(list)
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    seen, waiting = {edges[0][0]}, [edges[0][0]]
    while waiting:
        for other in near[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return sorted(seen), near


def test_new_keys_get_what_the_factory_makes():
    same(counted, ["x", "y", "x"])
    same(counted, [])
    same(grouped, ["x", "yy", "z", "yy"])
    same(nested, 10)
    same(by_function, 1)
    same(by_function, 9)
    same(without_factory, 1)
    same(without_factory, 2)
    same(graph, [(1, 2), (2, 3), (5, 6)])


def test_arguments_are_the_callers():
    for key in (1, 9):
        same(changed, defaultdict(int, {1: 5}), key)
        same(changed, defaultdict(float, {1: 5.5}), key)
    same(changed, defaultdict(int), 3)
    same(while_iterated, defaultdict(int, {3: 1}))

    def lists(d, k):
        d[k].append(1)
        return d, d[k] is d[k]
    for content in ({}, {3: [5]}, {4: [5]}):
        same(lists, defaultdict(list, content), 3)

    def dicts(d):
        d["x"]["y"] = 1
        return d, d["q"], "q" in d
    same(dicts, defaultdict(dict, {"a": {"b": 2}}))


def most(words):
    c = Counter(words)
    return c, c.most_common(), c.most_common(2), c.most_common(n=1), c["zzz"], "zzz" in c, len(c), c.total(), sorted(c.elements())


def arithmetic(x, y):
    a, b = Counter(x), Counter(y)
    return a + b, a - b, a & b, a | b, +a, -a, a == b, a != b, a <= b, a < b, a >= b, a > b, a == {"a": 2, "b": 1}


def in_place(x, y):
    a, b = Counter(x), Counter(y)
    a += b
    c = a.copy()
    a -= Counter("a")
    d = a.copy()
    a |= b
    e = a.copy()
    a &= c
    return a, b, c, d, e


def updated(x):
    c = Counter()
    for ch in x:
        c[ch] += 1
    c.update(x)
    c.update({"q": 3}, z=2)
    c.subtract(x)
    c.subtract({"q": 1})
    del c["nothere"]
    return c, "q" in c, c.pop("q"), c.get("q"), Counter(a=1, b=2), dict(c), set(c), max(c.values())


def of_argument(c, key):
    c[key] += 2
    c.update([key, key])
    return c, c.most_common(1), isinstance(c, dict), type(c) is Counter, type(c) is dict


def test_counters():
    same(most, ["a", "b", "a", "c", "c", "c"])
    same(most, "hello world")
    for x, y in (("aab", "abc"), ("", "a"), ("abc", "abc"), ("a", "aab")):
        same(arithmetic, x, y)
        same(in_place, x, y)
    same(updated, "abca")
    same(of_argument, Counter("aab"), "b")
    same(of_argument, Counter("aab"), "z")
    same(lambda a: (Counter(a), Counter(a.tolist())), np.array([1, 2, 1]))
    same(lambda: (Counter({"a": -1, "b": 2}) - Counter(b=5), -Counter({"a": -1}), Counter({"a": -1, "b": 2}).total(), Counter(), Counter(None)))


def refuses(code, text, argument):
    """Has a function refused with a code and a text."""
    def check(function):
        with pytest.raises(Exception, match=text):
            coachwhip.jit(function)(argument)
        refused(function, argument, code=code)
    return check


def test_what_is_refused_says_so():
    @refuses("CW0401", "factory is <function seven", defaultdict(seven))
    def argument(d):
        return d[1]

    @refuses("CW0101", "nested function", 3)
    def result(n):
        return defaultdict(lambda: 3, {n: 1})

    @refuses("CW0104", "as its factory", 3)
    def captured(n):
        return defaultdict(lambda: n)[1]

    @refuses("CW0302", "do not go together", 3)
    def mixed(n):
        return Counter([n]) | {n: 1}

    @refuses("CW0104", "a Counter whose counts are float", 3)
    def floats(n):
        c = Counter([n])
        c[n] += 0.5
        return c


def test_reduce():
    def plain(a):
        return functools.reduce(lambda x, y: x + y, a), functools.reduce(max, a), functools.reduce(lambda x, y: x + y, a, 0)
    for a in ([1, 2, 3], [1.5], (1, 2), []):
        same(plain, a)
    same(lambda a: functools.reduce(operator.mul, a, 1), [2, 3])
    same(lambda a: functools.reduce(lambda total, word: total + len(word), a, 0), ["a", "bb"])
    same(lambda a: functools.reduce(lambda x, y: x | y, a, set()), [{1}, {2}])
