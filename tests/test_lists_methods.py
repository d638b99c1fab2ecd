"""Lists that change, made and used inside compiled functions: the plain function against the compiled one."""
import numpy as np
import pytest
from support import same


def grows(n):
    items = []
    for i in range(n):
        items.append(i * 2)
    total = 0
    for x in items:
        total += x
    return total, len(items), items


def extends(n):
    items = [1.5]
    items.extend([2.5, 3.5])
    items += [4.5] * n
    items.extend(items)
    for x in range(3):
        items.append(float(x))
    return items


def inserts(n):
    items = [0] * n
    for i in range(-n - 2, n + 2):
        items.insert(i, i)
    return items


def pops(n):
    items = list(range(n))
    out = []
    while len(items) > 3:
        out.append(items.pop())
        out.append(items.pop(0))
        out.append(items.pop(-2))
    return items, out


def removes(n):
    items = [i % 5 for i in range(n)]
    items.remove(3)
    del items[1]
    del items[-1]
    return items, items.index(4), items.index(2, 4), items.count(2), 7 in items, 4 in items


def clears(n):
    items = [n, n]
    other = items.copy()
    same = items
    items.clear()
    items.append(9)
    return items, other, same, len(same)


def reverses(n):
    items = [i * i for i in range(n)]
    items.reverse()
    back = []
    for x in reversed(items):
        back.append(x)
    return items, back


def sorts(n):
    items = [(i * 7919) % 1013 - 500 for i in range(n)]
    other = sorted(items)
    items.sort(reverse=True)
    by = sorted(items, key=lambda x: (x % 7, x))
    items.sort(key=lambda x: -abs(x))
    return items, other, by


def slices(n):
    items = list(range(n))
    a = items[2:5]
    b = items[::-1]
    c = items[-3:]
    d = items[n:0:-2]
    items[1:3] = [100, 101, 102, 103]
    items[5:5] = [7]
    items[-2:] = []
    items[::3] = [0] * len(items[::3])
    e = items[:]
    del e[1:4]
    del items[::2]
    return items, a, b, c, d, e


def operators(n):
    a = [1, 2] * n
    b = a + [3] + a
    c = n * [0.5]
    a += b
    a *= 2
    return a, b, c, a == b, a < b, b <= a, a != a[:], [1, 2] > a


def comprehensions(n):
    squares = [i * i for i in range(n)]
    odd = [x for x in squares if x % 2]
    table = [[i * j for j in range(i)] for i in range(n)]
    flat = [x for row in table for x in row if x > 2]
    pairs = [(i, i / 2) for i in range(n)]
    return squares, odd, table, flat, pairs


def changes_while_iterating(n):
    items = [1]
    for x in items:
        if len(items) < n:
            items.append(x + 1)
    for x in items:
        if x % 2:
            items.remove(x)
    return items


def nested(n):
    adjacent = [[] for _ in range(n)]
    for i in range(n):
        adjacent[i].append((i + 1) % n)
        adjacent[(i * 2) % n].append(i)
    grid = [[0] * 3] * 2
    grid[0][1] = 5
    return adjacent, grid


def stack(n):
    todo = [1]
    total = 0
    while todo:
        v = todo.pop()
        total += v
        if v < n:
            todo.append(v * 2)
            todo.append(v * 2 + 1)
    return total, todo


def builtins(n):
    items = [float((i * 37) % 11) for i in range(n + 1)]
    both = []
    for i, x in enumerate(items):
        both.append(i + x)
    pairs = []
    for x, y in zip(items, both):
        pairs.append((x, y))
    first, *rest = items
    rest.append(first)
    return sum(items), min(items), max(items), any(items), all(items), both, pairs, rest


def of_arrays(n):
    rows = []
    for i in range(n):
        rows.append(np.full(3, float(i)))
    rows[0][1] = 99.0
    rows[-1] = rows[0]
    kept = rows.pop(1)
    del rows[1]
    total = 0.0
    for row in rows:
        total += row.sum()
    return rows, kept, total


def arrays_and_lists(n):
    items = [i * 0.5 for i in range(n)]
    a = np.array(items)
    b = np.array([[1, 2], [n, 4]])
    back = a.tolist()
    again = list(a)
    return a, b, back, len(again), b.tolist()


def fill(out, n):
    for i in range(n):
        out.append(i)
    return out


def passes_on(n):
    items = []
    other = fill(items, n)
    other.append(-1)
    return items, len(other)


FUNCTIONS = [grows, extends, inserts, pops, removes, clears, reverses, sorts, slices, operators, comprehensions,
             changes_while_iterating, nested, stack, builtins, of_arrays, arrays_and_lists, passes_on]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("n", [4, 9, 40])
def test_as_in_plain_python(function, n):
    same(function, n)


def bad_index(n):
    items = [1, 2]
    return items[n]


def bad_store(n):
    items = [1, 2]
    items[n] = 3
    return items


def bad_delete(n):
    items = [1, 2]
    del items[n]
    return items


def bad_pop(n):
    items = [1, 2]
    items.pop()
    items.pop(n)
    items.pop()
    return items


def bad_remove(n):
    items = [1, 2]
    items.remove(n)
    return items


def bad_position(n):
    items = [1, 2]
    return items.index(n)


def bad_slice(n):
    items = [1, 2, 3, 4]
    items[::2] = [n] * n
    return items[::n - 5]


@pytest.mark.parametrize("function", [bad_index, bad_store, bad_delete, bad_pop, bad_remove, bad_position, bad_slice],
                         ids=lambda f: f.__name__)
@pytest.mark.parametrize("n", [5, -3, 0])
def test_errors(function, n):
    same(function, n)
