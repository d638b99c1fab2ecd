"""Control flow: branches, loops, short circuit, matching, variables that may be unassigned, what is decided by types."""
import numpy as np
import pytest
from support import refused, same


def branches(x):
    if x > 10:
        return x
    elif x > 5:
        x = x * 2
    else:
        x = -x
    return x + 1


def while_else(n):
    while n > 0:
        n -= 3
        if n == 1:
            break
    else:
        return -1
    return n


def for_else(n, stop):
    for i in range(n):
        if i == stop:
            break
    else:
        return -100
    return i


def nested_loops(n):
    total = 0
    for i in range(n):
        for j in range(i):
            if j == 3:
                continue
            for k in range(j):
                total += i * j - k
                if total > 100000:
                    break
    return total


def short_circuit(x, y):
    return (x and y), (x or y), not x, (x and y) or 3, 1 < x < y <= 10


def guarded_division(x, y):
    return y != 0 and x / y > 1


def conditional(x):
    return "never"[0:0] == "" and (x if x > 0 else -x)


def walrus(n):
    total = 0
    while (n := n - 1) > 0:
        total += (m := n * 2) + m
    return total, n


def unassigned(x):
    if x > 0:
        y = x
    return y


def loop_variable(n):
    for i in range(n):
        pass
    return i


def deleted(x):
    y = x
    if x > 0:
        del y
    return y


def matched(x):
    match x:
        case 0:
            return 10.0
        case 1 | 2:
            return 20.0
        case 3.5:
            return 35.0
        case True:
            return 1.5
        case y if y > 100:
            return y * 1.0
    return -1.0


def matched_tuple(t):
    match t:
        case (0, b):
            return b
        case (a, b) if a == b:
            return a * 2
        case (a, b):
            return a - b
        case (a, *rest):
            return a + len(rest)
        case _:
            return 7


def matched_none(x):
    match x:
        case None:
            return 0
        case _:
            return x + 1


def by_type(x):
    if isinstance(x, float):
        return x.real
    elif x is None:
        return None
    elif isinstance(x, tuple):
        return x[0] + len(x)
    return x.undefined_attribute if isinstance(x, complex) else x + 1


def by_constant(x):
    debug = False
    if debug:
        return x.no_such_thing
    flag = None
    if flag is not None:
        return flag + x
    return x


def swap(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    return a, b, c


def augmented(x):
    x += 3
    x -= 1
    x *= 5
    x //= 2
    x %= 100
    x **= 2
    x <<= 2
    x >>= 1
    x |= 8
    x ^= 3
    x &= 0xFFF
    return x


def chained_assignment(x):
    a = b = c = x + 1
    b += 1
    return a, b, c


def infinite(n):
    while True:
        n += 7
        if n % 5 == 0:
            return n


def widened_late(n):
    a = 0
    b = 1
    for i in range(n):
        a, b = b, a / 2 + b
    return a * 1.0, b * 1.0


def numpy_or_python(x, n):
    total = 0
    for i in range(n):
        total = total + x
    return total + x


@pytest.mark.parametrize("x", [-3, 0, 6, 20, 6.5, np.int32(7), np.float32(1.5)])
def test_branches(x):
    same(branches, x)


@pytest.mark.parametrize("n", [-1, 0, 1, 4, 6, 7])
def test_loops(n):
    same(while_else, n)
    same(for_else, n, 3)
    same(nested_loops, n)
    same(infinite, n)
    same(widened_late, n)
    same(walrus, n)


@pytest.mark.parametrize("x", [0, 1, 5, -2])
@pytest.mark.parametrize("y", [0, 3, 10])
def test_short_circuit(x, y):
    same(short_circuit, x, y)
    same(guarded_division, x, y)
    same(conditional, x + 1)


@pytest.mark.parametrize("x", [-1, 1, 2.5])
def test_unassigned(x):
    same(unassigned, x)
    same(deleted, x)


def test_loop_variable_unassigned():
    same(loop_variable, 3)
    same(loop_variable, 0)


@pytest.mark.parametrize("x", [0, 1, 2, 3.5, 3, 500, True, False, 50, 1.0])
def test_match(x):
    same(matched, x)


@pytest.mark.parametrize("t", [(0, 5), (3, 3), (3, 5), (3, 5, 6), (1,), ()])
def test_match_tuple(t):
    same(matched_tuple, t)


@pytest.mark.parametrize("x", [None, 3, 2.5])
def test_match_none(x):
    same(matched_none, x)


@pytest.mark.parametrize("x", [1, 2.5, None, (4, 5), True, np.float64(2), np.int8(3)])
def test_branches_decided_by_types(x):
    same(by_type, x)


def test_branches_decided_by_constants():
    same(by_constant, 3)


def test_names_and_assignment():
    same(swap, 1, 2.5, (3,))
    same(augmented, 12345)
    same(augmented, np.int64(12345))
    same(chained_assignment, 4)


@pytest.mark.parametrize("x", [2, 2.5, np.float32(2.5), np.int64(3), 1j])
def test_a_python_number_and_a_numpy_scalar_meet(x):
    same(numpy_or_python, x, 3)


def two_types(x):
    if x > 0:
        y = 1
    else:
        y = [1, 2]
    return y


def unused_two_types(x):
    if x > 0:
        y = 1
    else:
        y = [1, 2]
    return x


def grows(n):
    t = ()
    for i in range(n):
        t = t + (i,)
    return t


def test_types_that_do_not_join():
    error = refused(two_types, 1)
    assert "variable 'y' has no single type" in str(error) and "CW0304" in str(error)
    same(unused_two_types, 1)
    same(grows, 3)
