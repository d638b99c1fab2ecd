"""Lists of a function's surroundings: globals, attributes of modules, captured variables and defaults of callees.

The source of each case runs twice, once with `jit` doing nothing; then the same steps must give the same, with the same
identities, and leave the same in the lists."""
import types

import pytest

import coachwhip
from support import assert_same_value

SOURCE = """
import numpy as np
items = [1.0, 2.0]
collected = []
rows = [[1], [2]]
words = ["a", "b"]
pair = ([1, 2], 3)
arrays = [np.zeros(2), np.ones(2)]
other = [5]
held.values = [1, 2]

@jit
def read(): return len(items), items[0], sum(items)

@jit
def add(x):
    items.append(x)
    return items

@jit
def collect(x):
    collected.append(x)
    return len(collected)

@jit
def of_rows(k):
    rows[0].append(k)
    rows.append([k, k])
    rows[0], rows[1] = rows[1], rows[0]
    return rows[0]

@jit
def with_argument(a):
    a.append(1.0)
    return len(items), a is items, items is not a

@jit
def inner():
    items.append(2.0)
    return items[-1]

def plain():
    items.append(3.0)
    return items

@jit
def calls():
    items.insert(0, 0.5)
    return inner() + plain()[0], plain()

@jit
def of_words():
    words.append("c")
    return "".join(words)

@jit
def of_a_tuple():
    pair[0].append(9)
    return pair[0], pair[1]

@jit
def of_arrays():
    arrays[0][0] = 7.0
    arrays.append(arrays[0])
    return arrays[-1]

def with_default(x, kept=[1, 2], *, more=[0.5]):
    kept.append(x)
    more.append(kept[0] * 0.5)
    return more

@jit
def callee_default(x):
    return with_default(x)

@jit
def recursive(n, seen=[]):
    seen.append(n)
    return seen if n == 0 else recursive(n - 1)

@jit
def fails(k):
    items.append(99.0)
    items[0] = -1.0
    return 1 // k

@jit
def handles(k):
    try:
        items.append(4.0)
        return 1 // k
    except ZeroDivisionError:
        items.pop(0)
        return len(items)

@jit
def attribute(k):
    held.values.append(k)
    return held.values[0], held.values

@jit
def one_or_another(n):
    x = items if n else []
    x.append(0.25)
    return x

@jit
def only_read():
    s = 0
    for x in other:
        s += x
    return s, len(other)

def make():
    own = [1, 2]
    @jit
    def grow(k):
        own.append(k)
        return own
    @jit
    def look(): return own, own[-1]
    return grow, look, own

grow, look, own = make()

def rebind(value):
    global other
    other = value
"""

STEPS = """
read(); items.append(5.0); read(); items.__setitem__(slice(None), [7.0]); read(); add(1.0) is items; add(2.0)
collect(1); collect(2); collected.clear(); collect(1.5); collect(2.5); collected
of_rows(5) is rows[0]; of_rows(6); rows; rows[0].append(8); of_rows(7); rows
with_argument(items); with_argument([2.0]); items
calls(); items; calls()[1] is items
of_words(); words; words.pop(); of_words()
of_a_tuple()[0] is pair[0]; pair
of_arrays() is arrays[0]; len(arrays); arrays[0]; arrays[-1] is arrays[0]
callee_default(4) is with_default.__kwdefaults__["more"]; callee_default(5); with_default.__defaults__
recursive(3) is recursive(0); recursive(2); recursive(1, [7])
fails(1); fails(0); items; handles(0); handles(1); items
attribute(3); held.values.insert(0, 9); attribute(4); setattr(held, "values", [1.5]); attribute(2.5)
one_or_another(0); one_or_another(1) is items; items
only_read(); other.append(6); only_read(); rebind([2.5]); only_read(); other.clear(); len(only_read())
grow(3) is own; look()[0] is own; grow(4); own.clear(); own.append(8); look()
"""


def module(jit):
    names = types.ModuleType("of_a_case").__dict__
    names.update(jit=jit, held=types.ModuleType("held"))
    exec(compile(SOURCE, f"<surroundings {jit.__name__}>", "exec"), names)
    return names


def outcome(names, step):
    try:
        return eval(step, names)
    except ArithmeticError as error:
        return type(error), str(error)


def unchanged(function):
    return function


@pytest.mark.parametrize("steps", STEPS.strip().splitlines())
def test_as_in_plain_python(steps):
    plain, compiled = module(unchanged), module(coachwhip.jit)
    for step in steps.split("; "):
        assert_same_value(outcome(compiled, step), outcome(plain, step), step)


def test_the_cache_holds_no_content(tmp_path, monkeypatch):
    monkeypatch.setenv("COACHWHIP_CACHE_DIR", str(tmp_path))
    for content in ([1.0], [2.0, 3.0]):
        names = module(coachwhip.jit(cache=True))
        names["items"][:] = content
        assert names["read"]() == (len(content), content[0], sum(content))


mixed = [1, "a"]


def test_what_cannot_be_taken_is_refused():
    compiled = coachwhip.jit(lambda: mixed[0])
    with pytest.raises(coachwhip.CoachwhipError, match="CW0203"):
        compiled()
    mixed.pop()
    assert compiled() == 1
    with pytest.raises(coachwhip.CoachwhipError, match="a function that C calls cannot use lists of its surroundings"):
        coachwhip.cfunc("float64(float64)")(lambda x: x + STATIC[0])


STATIC = [1.0]


def test_an_item_of_another_type_makes_other_code():
    @coachwhip.jit
    def first():
        return STATIC[0]

    try:
        assert first() == 1.0
        STATIC[0] = 3
        assert type(first()) is int
        STATIC.append(2.5)
        with pytest.raises(coachwhip.CoachwhipError):
            first()
        STATIC[0] = 1.5
        assert first() == 1.5
    finally:
        STATIC[:] = [1.0]
