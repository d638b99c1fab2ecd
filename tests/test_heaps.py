"""`heapq` and `bisect`: heaps lie in their lists as CPython leaves them, whatever the items."""
import bisect
import heapq
import random
import sys
from heapq import heappop, heappush

import numpy as np
import pytest
from support import refused, same

import coachwhip


def sorted_by_heap(items):
    heap, out = [], []
    for x in items:
        heappush(heap, x)
    layout = heap.copy()
    while heap:
        out.append(heappop(heap))
    return layout, out


def changed(items, k):
    heapq.heapify(items)
    layout = items.copy()
    taken = heapq.heapreplace(items, k), heapq.heappushpop(items, k)
    heapq.heappush(items, k)
    return layout, taken, items, heapq.heappop(items)


def greatest(items, n):
    return heapq.nlargest(n, items)


def least(items, n):
    return heapq.nsmallest(n, iterable=items, key=lambda v: -v)


def inserted(items):
    held = []
    for x in items:
        bisect.insort(held, x)
    backwards = []
    for x in items:
        bisect.insort_left(backwards, x, key=lambda v: -v)
    return held, backwards


def positions(a, x):
    return (bisect.bisect(a, x), bisect.bisect_left(a, x), bisect.bisect_right(a, x, 1), bisect.bisect_left(a, x, 1, 3),
            bisect.bisect_left(a, x, hi=-1), bisect.bisect_right(a, x, key=lambda v: v))


def shortest(n):
    waiting = [(0.0, 0)]
    distance = {0: 0.0}
    while waiting:
        d, at = heapq.heappop(waiting)
        for to in range(at + 1, min(at + 3, n)):
            if to not in distance or d + to * 0.5 < distance[to]:
                distance[to] = d + to * 0.5
                heapq.heappush(waiting, (distance[to], to))
    return distance


NAN = float("nan")


@pytest.mark.parametrize("n", [0, 1, 2, 3, 17, 200, 3000])
def test_numbers(n):
    rng = random.Random(n)
    for items in ([rng.random() - 0.5 for _ in range(n)], [rng.randrange(20) for _ in range(n)]):
        same(sorted_by_heap, items)
        same(inserted, items)
        if n:
            same(changed, items, items[0])
            same(changed, items, items[-1] * 2)


def test_other_items():
    same(sorted_by_heap, ["b", "a", "c", "", "a"])
    same(sorted_by_heap, [(1, "x"), (0, "y"), (1, "a")])
    same(sorted_by_heap, [3.0, NAN, 1.0, NAN, 2.0, 0.5])
    same(shortest, 20)


def test_extremes():
    some = [3.0, 1.0, -2.0, 0.5, 7.0, 0.5, 9.0]
    for function in (coachwhip.jit(greatest), coachwhip.jit(least)):
        for items in (some, [], [1.0], sorted(some[4:])):
            for n in (-2, 0, 1, 2, 5, len(items), len(items) + 1):
                same(function.py_func, items, n, compiled=function)
    same(greatest, {3: 1, -1: 2, 2: 3}, 2)


def test_positions():
    for a, x in (([1, 2, 2, 3], 2), ((1.0, 2.0, 4.0), 3), (np.array([1, 2, 3]), 2), ([], 1), (range(5), 3), (["a", "b", "c"], "b")):
        same(positions, a, x)
    same(lambda a: bisect.bisect(a, 1, -1), [1])
    same(lambda a: bisect.bisect(a, 1, 0, 9), [0])


def test_empty_heaps():
    same(lambda: heapq.heappop([]))
    same(lambda: heapq.heapreplace([], 1))
    same(lambda: heapq.heappushpop([], 1))

    def kept(x):
        heap = []
        return heapq.heappushpop(heap, x), heap
    same(kept, 3)


@pytest.mark.skipif(sys.version_info < (3, 14), reason="heapq has them since 3.14")
def test_heaps_of_greatest_items():
    def of_greatest(items, k):
        heapq.heapify_max(items)
        layout = items.copy()
        heapq.heappush_max(items, k)
        return layout, heapq.heappushpop_max(items, k), heapq.heapreplace_max(items, k), heapq.heappop_max(items), items
    for n in (1, 2, 9, 100):
        rng = random.Random(n)
        same(of_greatest, [rng.randrange(50) for _ in range(n)], 25)


def test_what_is_refused_says_so():
    refused(lambda a: heapq.heapify(a), (1, 2))
    refused(lambda a: list(heapq.merge(a, a)), [1], code="CW0204")
    refused(lambda a: heapq.heappush(a, "x"), [1], code="CW0304")
    refused(lambda a: heapq.heappush(a, 2.5), [1], code="CW0304")
