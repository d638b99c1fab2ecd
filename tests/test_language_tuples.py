"""Tuples, ranges, and iteration over them."""
import numpy as np
import pytest
from support import refused, same


def items(a, b):
    t = (a, b, 3)
    return t[0], t[-1], t[1], len(t), t[0:2], t[::-1], t[-1:0:-1], t[5:], t + (1.5,), 2 * (a,), (b, a) * 2, ()


def nested(a):
    t = ((a, 1), (2.5, (a, (a,))))
    return t[1][1][1][0], t[0], t


def at(i):
    return (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)[i]


def at_short(i):
    return (1.5, 2.5, -3.5)[i]


def at_nested(i):
    return ((1, 2.0), (3, 4.0))[i]


def at_array(a, b, i):
    return (a, b)[i]


def compared(a, b):
    return a == b, a != b, a < b, a <= b, a > b, a >= b


def membership(x):
    return x in (1, 2, 3), x not in (1, 2.5), x in (), x in (None, 1), (x, 1) in ((1, 1), (2, 2)), x in {7, 8}


def unpacked(t):
    a, (b, c) = t
    return c, b, a


def starred(t):
    first, *_, last = t
    return first, last


def starred_rest(t):
    first, *rest = t
    total = 0
    for v in rest:
        total += v
    return first, len(rest), total, rest[0]


def joined_display(a, b):
    return (*a, 0, *b)


def iterated():
    total = 0.0
    for v in (1.5, 2.5, 3.5):
        total = total * 2 + v
    for i, v in enumerate((3, 4, 5), 1):
        total += i * v
    for a, b in zip((1, 2, 3), (4.5, 5.5)):
        total += a * b
    for v in reversed((1, 2, 3)):
        total = total * 3 - v
    for v in ():
        total = 0.0
    return total


def pairs():
    total = 0
    for a, (b, c) in ((1, (2, 3)), (4, (5, 6))):
        total = total * 10 + a * b - c
    return total


def methods(x):
    t = (1, 2, 1, 3)
    return t.count(x), t.index(x)


def truth(t):
    return not t, (1 if t else 2), bool(t)


def tuple_of(t):
    return tuple(t), tuple()


def sums(a, b, c):
    total = 0
    for i in range(a, b, c):
        total = total * 3 + i
    return total


def range_facts(a, b, c):
    r = range(a, b, c)
    return len(r), r.start, r.stop, r.step, 4 in r, -7 in r, bool(r), b in r, a in r


def range_item(a, b, c, i):
    return range(a, b, c)[i]


def range_backwards(a, b, c):
    total = 0
    for i in reversed(range(a, b, c)):
        total = total * 3 + i
    return total


def countdown(n):
    total = 0
    for i in range(n - 1, -1, -1):
        total = total * 2 + i
    return total


def zipped(n, m):
    total = 0
    for i, j, k in zip(range(n), range(10, m), (1, 2, 3, 4, 5, 6)):
        total = total * 3 + i * j - k
    return total


def zipped_strictly(n, m, k):
    total = 0
    for a, b, c in zip(range(n), range(m), range(k), strict=True):
        total += a * b + c
    return total


def enumerated(n, start):
    total = 0
    for i, (a, b) in enumerate(zip(range(n), range(0, 2 * n, 2)), start):
        total += i * a - b
    return total


def empty_zip():
    total = 0
    for _ in zip():
        total += 1
    return total


BIG = 2**63 - 1


def test_items():
    same(items, 1, 2.5)
    same(nested, 4)


@pytest.mark.parametrize("i", [0, 3, 10, -1, -11, 11, -12, True])
def test_computed_index(i):
    same(at, i)
    same(at_short, i)
    same(at_nested, i)


def test_computed_index_of_arrays():
    a, b = np.arange(3.0), np.arange(5.0)
    for i in (0, 1, -1, 2):
        same(at_array, a, b, i)


@pytest.mark.parametrize("a", [(1, 2), (1, 3.5), (), (1,), (0, 9, 9)])
@pytest.mark.parametrize("b", [(1, 2), (1.0, 3), (), (2,), (0, 9)])
def test_comparison(a, b):
    same(compared, a, b)


def test_nan_in_tuples():
    same(compared, (float("nan"), 1), (float("nan"), 2))
    same(compared, ((1, 2), 3), ((1, 2), 4))


@pytest.mark.parametrize("x", [1, 2.5, 7, True, np.int8(2)])
def test_membership(x):
    same(membership, x)


def test_unpacking():
    same(unpacked, (1, (2.5, True)))
    same(starred, (1, 2, 3, 4.5))
    same(starred, (1, 2))
    same(starred_rest, (1.5, 2, 3, 4))
    same(joined_display, (1, 2.5), (True,))


def test_iteration():
    same(iterated)
    same(pairs)
    same(tuple_of, (1, 2.5))


@pytest.mark.parametrize("x", [1, 3, 9])
def test_methods(x):
    same(methods, x)


def test_truth():
    same(truth, ())
    same(truth, (0,))


@pytest.mark.parametrize("a", [0, 5, -10])
@pytest.mark.parametrize("b", [0, 7, -8, 5])
@pytest.mark.parametrize("c", [1, 3, -1, -4, 0])
def test_ranges(a, b, c):
    same(sums, a, b, c)
    same(range_facts, a, b, c)
    same(range_backwards, a, b, c)
    for i in (0, 1, -1, 5):
        same(range_item, a, b, c, i)


@pytest.mark.parametrize("a, b, c", [
    (-BIG - 1, BIG, 1 << 62), (BIG, -BIG - 1, -(1 << 62)), (BIG - 3, BIG, 2), (-BIG + 3, -BIG - 1, -2), (0, BIG, BIG),
    (-BIG - 1, -BIG + 5, BIG), (BIG, -BIG - 1, -BIG - 1),
])
def test_ranges_at_the_ends_of_the_int(a, b, c):
    def count(a, b, c):
        n = 0
        for i in range(a, b, c):
            n += 1
        return n, len(range(a, b, c)), range(a, b, c)[0], range(a, b, c)[-1]

    same(count, a, b, c)


@pytest.mark.parametrize("n", [0, 1, 6])
def test_more_iterators(n):
    same(countdown, n)
    same(zipped, n, 14)
    same(enumerated, n, 5)
    same(enumerated, n, np.int32(2))
    same(empty_zip)


@pytest.mark.parametrize("n, m, k", [(3, 3, 3), (2, 3, 3), (3, 2, 3), (3, 3, 2), (3, 3, 4), (0, 0, 0), (0, 1, 0)])
def test_strict_zip(n, m, k):
    same(zipped_strictly, n, m, k)


def mixed_index(i):
    return (1, 2.5)[i]


def mixed_iteration():
    for v in (1, 2.5):
        pass


def wrong_count(t):
    a, b = t
    return a


def twice(n):
    z = zip(range(n), range(n))
    total = 0
    for a, b in z:
        total += a
    for a, b in z:
        total += b
    return total


def float_range(x):
    for i in range(x):
        pass


def test_refusals():
    assert "CW0311" in str(refused(mixed_index, 1))
    assert "CW0305" in str(refused(mixed_iteration))
    assert "CW0308" in str(refused(wrong_count, (1, 2, 3)))
    same(twice, 3)
    assert "range() takes integers" in str(refused(float_range, 2.5))
