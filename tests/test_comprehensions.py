"""List comprehensions: a function of their own in CPython 3.11, code of the function that they stand in since 3.12."""
import sys

import numpy as np
import pytest

from support import same


def conditions(a, n):
    pairs = [x - y for x in a if x > n if x != 3 for y in range(3) if y or x]
    return pairs, len([0 for x in a if not x]), [x if x > n else -x for x in a]


def shadows_a_parameter(a, n):
    doubled = [n * 2 for n in a]
    return doubled, n


def shadows_a_local(a, n):
    x = n + 0.5
    before = x
    rows = [[x for x in range(x)] for x in a]
    return rows, x, before


def over_its_own_name(a, n):
    a = [a + n for a in a]
    a = [[a] for a in a]
    return a


def leaves_unassigned(a, n):
    if n:
        x = 1
    found = [x for x in a if x]
    return found, x


def leaves_deleted(a, n):
    x = n
    if n > 1:
        del x
    found = [x for x in a]
    found += [x]
    return found


def unassigned_inside(a, n):
    return [x + y for x in a for y in range(y if n else 2)]  # noqa: F821


def same_name_again(a, n):
    x = 10
    first = [x + n for x in [x for x in a if x]]
    second = [x for x in first for x in range(x)]
    return first, second, x


def in_expressions(a, n):
    return n + sum([x for x in a if x > 0]) * len([x for x in a]), max([x for x in a] + [n]), [x for x in a][n]


def iterated_at_once(a, n):
    total = 0
    for x in [x + 1 for x in a]:
        total += x
        while len([x for x in a if x > total]) > n:
            total += 1
    return total, 2 in [x for x in a]


def in_a_try(a, n):
    x = [7]
    try:
        x = [10 // (x - n) for x in a]
        y = [[x // z for x in a] for z in a]
    except ZeroDivisionError:
        return x, [[x] for x in a]
    return x, y


def in_nested_tries(a, n):
    x = 1
    seen = [0]
    try:
        try:
            seen.append(sum([[x, n][x] for x in a]))
        except ZeroDivisionError:
            seen.append(-1)
        finally:
            seen.append(x)
            seen += [x // n for x in a]
    except IndexError:
        seen.append(x + 100)
        seen += [x for x in a]
    except ZeroDivisionError:
        seen.append(x + 200)
    return seen


def in_a_loop_with_try(a, n):
    found = [0]
    for x in range(4):
        try:
            row = [x // (n - x) for x in a]
        except ZeroDivisionError:
            found.append(x)
            continue
        found += row
    return found


def in_a_handler(a, n):
    try:
        return [1 // n]
    except ZeroDivisionError:
        return [x // (x - 1) for x in a]
    finally:
        a[0] = [x for x in a][-1]


def fails_outside_of_try(a, n):
    before = [x for x in a]
    return before, [x // n for x in a]


def captured(a, n):
    x = n
    found = [(lambda: x)() for x in a]
    more = [(lambda y: x + y)(z) for z in a]
    return found, more, x


def captured_parameter(a, n):
    found = [(lambda: n)() for n in a]
    return found, n


def assigns_outside(a, n):
    last = n
    found = [last := last + x for x in a]
    return found, last


def unpacks(a, n):
    return [x * i for i, x in enumerate(a)], [p + q for p, (q, _) in zip(a, [(x, n) for x in a])]


FUNCTIONS = [
    conditions, shadows_a_parameter, shadows_a_local, over_its_own_name, leaves_unassigned, leaves_deleted,
    unassigned_inside, same_name_again, in_expressions, iterated_at_once, in_a_try, in_nested_tries,
    in_a_loop_with_try, in_a_handler, fails_outside_of_try, captured, captured_parameter, assigns_outside, unpacks,
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("n", [0, 1, 2, 4])
def test_same_as_plain(function, n):
    for a in ([0, 1, 2, 3], [5, 3, 1], [2]):
        same(function, a, n)


def of_an_array(a, n):
    x = float(a[0, 1])
    try:
        rows = [[10 / x for x in row] for row in a.tolist()]
        rows += [[[1.5, 2.5][x + n] for x in row] for row in a]
    except IndexError:
        rows.append([x / 2])
    except ZeroDivisionError:
        return [[x / 3]]
    return rows


@pytest.mark.parametrize("n", [0, -3, 4])
@pytest.mark.parametrize("first", [0, 1])
def test_of_an_array(n, first):
    same(of_an_array, np.arange(first, first + 4).reshape(2, 2), n)


def test_a_declared_variable_is_not_that_of_a_comprehension():
    def function(a):
        x = 1
        found = [x for x in a]
        return found, x

    plain = same(function, [1, 2])
    assert plain == ([1, 2], 1)
    same(lambda a: ([x for x in a], 1.0), [1, 2])
    import coachwhip

    assert coachwhip.jit(locals={"x": coachwhip.float64})(function)([1, 2]) == ([1, 2], 1.0)


def test_comprehensions_of_dicts_and_sets():
    same(lambda a: ({x: 1 for x in a}, {x for x in a if x}, {x: y for x in a for y in range(x)}), [1, 0, 5])

    def protected(a):
        try:
            return {x for x in a}
        except ValueError:
            return set()

    same(protected, [1])


UNPACKING = """
def flat(a, n):
    x = n
    return [*x for x in a], [*range(i) for i in range(n)], [*(i, -i) for i in range(n) if i % 2], x

def in_a_try(a, n):
    found = [0]
    try:
        found = [*[x // n for x in row] for row in a]
    except ZeroDivisionError:
        found += [*row for row in a]
    return found
"""


@pytest.mark.skipif(sys.version_info < (3, 15), reason="syntax of CPython 3.15")
@pytest.mark.parametrize("name", ["flat", "in_a_try"])
@pytest.mark.parametrize("n", [0, 1, 4])
def test_unpacking(name, n):
    names = {}
    exec(UNPACKING, names)
    same(names[name], [[3, 4], [], [5]], n)
