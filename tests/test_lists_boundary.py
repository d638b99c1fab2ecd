"""Lists as arguments and results: identity, aliasing, what is written back, also when the call fails."""
import gc

import numpy as np
import pytest
from support import refused, same

import coachwhip


def total(items):
    s = 0.0
    for x in items:
        s += x
    return s


def append_to(items, n):
    for i in range(n):
        items.append(i)
    return items


def halve(items):
    for i in range(len(items)):
        items[i] = items[i] / 2
    items.pop()


def fills_a_part(pair):
    pair[0].append(1)


def fails_in_the_middle(items, n):
    items.append(7)
    items[0] = 100
    del items[1]
    return items[n]


def rows_of(rows):
    rows[0].append(5)
    rows.append([1, 2])
    rows[0], rows[1] = rows[1], rows[0]
    return rows[0]


def twice(a, b):
    a.append(1)
    b.append(2)
    return len(a), len(b)


def pairs(items):
    items.append((3, 0.5))
    return items[0]


def of_arrays(arrays):
    arrays[0][0] = 9.0
    arrays.append(arrays[0] + 1)
    return arrays[0], arrays[-1]


def fresh(n):
    row = [n]
    return [row, row, [n]], row


def sorts(items):
    items.sort(reverse=True)
    return items


def with_default(x, scale=[2.0, 3.0]):
    return x * scale[0] + scale[1]


CASES = [
    (total, ([1.5, 2.5, -0.0],)), (total, ([],)), (total, ([1, 2, 3],)), (total, ([True, False],)),
    (append_to, ([5], 3)), (append_to, ([5, 6], 1000)), (halve, ([1.0, 3.0],)),
    (fails_in_the_middle, ([1, 2, 3], 50)), (fails_in_the_middle, ([1, 2, 3], 1)),
    (rows_of, ([[1], [2, 3]],)), (rows_of, ([[1], []],)),
    (pairs, ([(1, 2.5)],)), (of_arrays, ([np.zeros(2), np.ones(3)],)), (fresh, (3,)),
    (sorts, ([3, 1, 2],)), (sorts, ([(2, 1.0), (1, 5.0)],)), (with_default, (1.5,)),
    (sorts, ([np.float32(2), np.float32(1)],)), (sorts, ([np.int8(2), np.int8(-1)],)),
]


@pytest.mark.parametrize("function, arguments", CASES, ids=lambda v: getattr(v, "__name__", None))
def test_as_in_plain_python(function, arguments):
    same(function, *arguments)


def test_the_same_list_twice_is_one_list():
    items = [0]
    assert coachwhip.jit(twice)(items, items) == (3, 3)
    assert items == [0, 1, 2]
    row = [0]
    table = [row, row]
    assert coachwhip.jit(rows_of)(table) is row
    assert row == [0, 5] and table == [row, row, [1, 2]] and table[0] is row


def test_what_comes_in_and_goes_out_is_the_same_object():
    items = [1.5, 2.5]
    objects = list(map(id, items))
    assert coachwhip.jit(sorts)(items) is items
    kept = [1, 2]
    assert coachwhip.jit(append_to)(kept, 2) is kept
    assert kept == [1, 2, 0, 1]
    untouched = [1.5, 2.5]
    coachwhip.jit(total)(untouched)
    assert list(map(id, untouched))[0] == id(untouched[0]) and len(objects) == 2
    nested, row = coachwhip.jit(fresh)(3)
    assert nested[0] is row and nested[1] is row and nested[2] is not row
    array = np.zeros(2)
    arrays = [array]
    first, last = coachwhip.jit(of_arrays)(arrays)
    assert first is array and arrays[0] is array and len(arrays) == 2


def refuses(function, *arguments):
    with pytest.raises(coachwhip.CoachwhipError) as caught:
        coachwhip.jit(function)(*arguments)
    return str(caught.value)


def test_what_no_type_holds_is_refused_with_its_place():
    assert "item 1 of the list is float, but what is before it is int" in refuses(total, [1, 2.5])
    assert "item 1 of the list is str" in refuses(total, [1, "a"]) or "str" in refuses(total, [1, "a"])
    assert "nothing says what this empty list may hold" in refuses(fills_a_part, ([], 1))
    assert "cannot take float" in refuses(lambda items: items.append(0.5), [1])


def test_nothing_is_lost():
    functions = [coachwhip.jit(f) for f in (append_to, rows_of, of_arrays, fresh, fails_in_the_middle)]
    arguments = [lambda: ([1], 40), lambda: ([[1], [2]],), lambda: ([np.zeros(3), np.ones(2)],), lambda: (3,),
                 lambda: ([1, 2, 3], 90)]

    def go():
        for function, make in zip(functions, arguments):
            try:
                function(*make())
            except IndexError:
                pass

    go()
    gc.collect()
    before = coachwhip._core.live_arrays()
    for _ in range(50):
        go()
    gc.collect()
    assert coachwhip._core.live_arrays() == before


def fills():
    """Functions that put something into an empty argument, with the argument."""
    def text(b): b.append("q")
    def parts(b): b.append((1, "q"))
    def data(b): b.append(b"x")
    def letter(b): b.append("abc"[len(b)])
    def formatted(b): b.append(f"{len(b)}")
    def nested(b): b.append(["q"])
    def nothing(b): b.append(None)
    def tables(b): b.append({"a": 1})
    def entry(d): d["q"] = "r"
    def member(s): s.add("q")
    lists = [(f, []) for f in (text, parts, data, letter, formatted, nested, nothing, tables)]
    return [*lists, (entry, {}), (member, set())]


@pytest.mark.parametrize(("fill", "empty"), fills(), ids=lambda v: getattr(v, "__name__", ""))
@pytest.mark.parametrize("fails", [False, True])
def test_what_is_known_goes_into_empty_arguments(fill, empty, fails):
    """A literal that the code need not keep is an object for the caller, also after a failure."""
    def put(container, fails):
        fill(container)
        if fails:
            raise IndexError(3)
        return len(container)

    same(put, empty, fails)


def test_what_no_argument_holds_is_refused():
    refused(lambda b: b.append(len), [])
    refused(lambda b: b.append((len, 1)), [])


@pytest.mark.parametrize("item", [[7], [1.5, 2.5], [[1]], ["a"], []], ids=str)
def test_a_list_argument_goes_into_a_new_list(item):
    def put(item):
        made = []
        made.append(item)
        return made

    def answer(item):
        return list().append(item)

    same(put, item)
    same(answer, item)
    assert coachwhip.jit(put)(item)[0] is item
