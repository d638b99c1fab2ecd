"""Lists as texts and in exceptions, displays with starred parts, `None` among the items."""
import io
from contextlib import redirect_stdout
from typing import NamedTuple

import numpy as np
import pytest
from support import assert_same_value, refused, same

import coachwhip

LISTS = [
    [1, -2, 3], [1.5, 1e300, -0.0], [True, False], [1j, 2 - 3j], ["a", "it's", "\u00e9\n"], [b"x\x00"], [(1, 2.5), (3, 4.5)],
    [[1, 2], [], [3]], [], [None, None], [1.5, None], [("a", [1]), ("b", [])], [np.arange(3), np.arange(2)], [range(3)],
    [[None, 1], [2]], [("a", None), ("b", 1)],
]  # fmt: skip


def texts(a):
    return str(a), repr(a), f"{a}", f"{a!s:>40}|", "%s" % a, "%r %s" % (a, a), "{} {!r}".format(a, a), f"{[a, a]!a}", str((a, 1))


def printed(a):
    print(a, [a], (a, 1), sep="|")


def text_of_then(a):
    before = f"{a}"
    a.append(a[0])
    return before, f"{a}"


def displays(n):
    return repr([n, "x", 1.5]), f"{[n, None]!r:>20}|", str(([n], (n,), [])), str([[n], [1.5, 2]]), str([np.arange(n)])


def arrays(a):
    print(a, a * 0.5, (a, 1))
    return str(a), repr(a), f"{a}", f"{a!r:>30}", "%s %r" % (a, a[1:]), str(range(len(a))), str((a, range(2)))


def output(function, *arguments):
    out = io.StringIO()
    with redirect_stdout(out):
        value = function(*arguments)
    return value, out.getvalue()


@pytest.mark.parametrize("items", LISTS, ids=repr)
def test_texts(items):
    same(texts, items)
    assert output(coachwhip.jit(printed), items) == output(printed, items)
    if items:
        same(text_of_then, list(items[:1]) * 2)


def test_texts_of_displays_and_arrays():
    same(displays, 3)
    for a in (np.arange(4), np.zeros((2, 3)), np.array(["1.5"], float), np.arange(2000)):
        assert output(coachwhip.jit(arrays), a) == output(arrays, a)


def raises(a):
    raise ValueError(a, [1, "x"], (a, 2))


def raises_later(a):
    error = KeyError(a)
    a.append(a[0])
    raise error


def raises_and_goes_on(a):
    try:
        raise RuntimeError(a)
    finally:
        a.append(a[0])


def handled(a):
    try:
        raise ValueError(a, len(a))
    except ValueError as e:
        a.append(a[0])
        return str(e), repr(e)


def asserted(a):
    if a:
        raise AssertionError(a)


def from_another(a):
    raise ValueError([len(a)]) from KeyError(a)


@pytest.mark.parametrize("function", [raises, raises_later, raises_and_goes_on, handled, asserted, from_another])
@pytest.mark.parametrize("items", [[1, 2], ["a"], [[1], [2]], [(1, "b")], [1.5, None]], ids=repr)
def test_exceptions_with_lists(function, items):
    same(function, [*items])
    mine, plain = [*items], [*items]
    caught = []
    for call, given in ((coachwhip.jit(function), mine), (function, plain)):
        try:
            call(given)
        except Exception as error:
            caught.append((error.args, [arg is given for arg in error.args], repr(error.__cause__)))
    assert len(caught) in (0, 2)
    assert_same_value(caught[:1], caught[1:])


class Own(Exception):
    pass


def not_an_exception(n):
    raise n


def not_a_class(n):
    raise int


def caught_not_an_exception(n):
    try:
        raise [n]
    except TypeError as e:
        return str(e)


def cause_is_none(n):
    raise ValueError("a") from n


def without_cause(n):
    try:
        [1][n]
    except IndexError:
        raise ValueError(n) from None


def own_with_arguments(n):
    raise Own(n, "text", [n], None)


@pytest.mark.parametrize("function", [
    not_an_exception, not_a_class, caught_not_an_exception, cause_is_none, without_cause, own_with_arguments,
])  # fmt: skip
def test_what_is_raised(function):
    same(function, 7)
    caught = []
    for call in (coachwhip.jit(function), function):
        try:
            call(7)
        except Exception as error:
            caught.append((error.args, error.__suppress_context__, repr(error.__cause__), repr(error.__context__)))
    assert_same_value(caught[:1], caught[1:])


def starred(n, a, b):
    return [*a, n, *b], [*a], [*range(n)], [*a, *a], [n, *(1, 2), *a], [*[*b], *[]], [*np.arange(n).tolist()]


def in_order(n, a):
    a.append(n)
    x = [*a, a.pop(), *a]
    y = [*a, a.append(7) is None, *a][-1]
    return x, y, a


def of_strings(a, text):
    return [*text], [*a, *text, "z"], sorted([*a, *text])


def iterated(a, b):
    total = 0
    for x in [*a, *b]:
        total += x
    return total, 3 in [*a, *b], len([*a, 1]), (*(1, 2), len(a)), [*map(abs, a)], [*zip(a, b)], [*enumerate(a)]


def star_loop(n):
    rows = []
    for i in range(n):
        rows = [*rows, [*range(i)]]
    return rows


def test_starred_displays():
    same(starred, 3, [1, 2], [4])
    same(starred, 0, [], [])
    same(in_order, 3, [1, 2])
    same(of_strings, ["x"], "abc")
    same(of_strings, [], "")
    same(iterated, [1, -2], [3, 4])
    same(star_loop, 4)
    refused(lambda n: [*n], 3, code="CW0305")


def nothing(a):
    return a.index(None), None in a, a == a[:], [x is None for x in a], a.count(None), [x for x in a if x], all(a), any(a)


def grown(a):
    a.append(None)
    a.append(a[0])
    return a, sum([x for x in a if x is not None]), [a, a[1:]]


def test_none_among_the_items():
    for items in ([None, None], [1.5, None], [None, 2, 3], ["a", None]):
        same(nothing, items)
    same(grown, [1.5, None])
    same(grown, [None, 2])


def nested_results(n):
    row = [n]
    rows = [[i, n] for i in range(n)]
    return [row, row], rows, [(row, [1.5])], [[[i]] for i in range(n)], [[str(i)] for i in range(n)]


def test_lists_in_results_are_the_same_where_they_are():
    same(nested_results, 3)
    got = coachwhip.jit(nested_results)(2)
    assert got[0][0] is got[0][1] is got[2][0][0]
    assert got[1][0] is not got[1][1]


class Place(NamedTuple):
    row: int
    name: str = "here"


CONTAINERS = [
    {1: 2}, {"a": [1, 2], "b": []}, {}, set(), {3, 1, 2}, {"b", "a", "c"}, frozenset({1, 2}), frozenset(), [Place(1)], [[Place(1)], []], {"k": Place(1)}, {Place(1): 3},
    Place(1, "a"), (Place(1), 2), [{1: 2}], [{1}, {2}], {1: {2: 3}}, {(1, "a"): 2.5}, np.arange(3), np.eye(2), {"a": np.arange(2)}, range(3), range(0, 10, 2), slice(1, 2),
    slice(None), (1, {2: 3}), bytearray(b"a"), [bytearray(b"x")], {b"x": bytearray(b"q")}, {1: np.float64(2)}, {1j: 2}, {True: 1}, {1: None}, np.array(5.0), {-1: 0, -2: 0},
    {i: str(i) for i in range(20)}, set(range(100, 50, -3)), {f"k{i}" for i in range(9)}, [frozenset({1})], {"a": {"b"}},
]  # fmt: skip


@pytest.mark.parametrize("value", CONTAINERS, ids=repr)
def test_texts_of_every_container(value):
    same(lambda a: (str(a), repr(a), f"{a}|{a!r}", "%s" % (a,), "{}".format(a), str([a, a]), str((a,))), value)
    out, want = io.StringIO(), io.StringIO()
    with redirect_stdout(want):
        printed(value)
    with redirect_stdout(out):
        coachwhip.jit(printed)(value)
    assert out.getvalue() == want.getvalue()


def views(d):
    return str(d.keys()), repr(d.values()), f"{d.items()}"


def changed_between(d, a):
    before = str(d), f"{a}"
    d[9] = 9
    a[0] = 7
    return before, str(d), f"{a}"


def test_texts_of_views_and_of_what_changes():
    same(views, {1: 2, 3: 4})
    same(views, {})
    same(changed_between, {1: 2}, np.arange(3))
    refused(lambda d: f"{d.keys():>20}", {1: 2})
