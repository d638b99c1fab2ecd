"""`heapq`: CPython's algorithms over lists, comparison by comparison, so that a heap lies in its list as it does there."""
import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.compiler import cut, get, push, put

#: What has a length that can be asked before it is looked through.
SIZED = (list, tuple, dict, set, frozenset, str, range, np.ndarray)


def sink(heap, start, at):
    """Moves the item at a position towards the front, at most to `start`, past all that it is less than."""
    item = get(heap, at)
    while at > start:
        parent = (at - 1) >> 1
        above = get(heap, parent)
        if not item < above:
            break
        put(heap, at, above)
        at = parent
    put(heap, at, item)


def rise(heap, at):
    """Moves the lesser children below a position up, and the item itself to where it belongs."""
    end = len(heap)
    start = at
    item = get(heap, at)
    while at < end >> 1:
        child = 2 * at + 1
        if child + 1 < end and not get(heap, child) < get(heap, child + 1):
            child += 1
        put(heap, at, get(heap, child))
        at = child
    put(heap, at, item)
    sink(heap, start, at)


def sink_max(heap, start, at):
    """As `sink`, in a heap whose first item is the greatest."""
    item = get(heap, at)
    while at > start:
        parent = (at - 1) >> 1
        above = get(heap, parent)
        if not above < item:
            break
        put(heap, at, above)
        at = parent
    put(heap, at, item)


def rise_max(heap, at):
    """As `rise`, in a heap whose first item is the greatest."""
    end = len(heap)
    start = at
    item = get(heap, at)
    while at < end >> 1:
        child = 2 * at + 1
        if child + 1 < end and not get(heap, child + 1) < get(heap, child):
            child += 1
        put(heap, at, get(heap, child))
        at = child
    put(heap, at, item)
    sink_max(heap, start, at)


@implements("heapq.heappush")
def heappush(heap, item, /):
    """Puts an item into a heap."""
    push(heap, item)
    sink(heap, 0, len(heap) - 1)


@implements("heapq.heappop")
def heappop(heap, /):
    """Takes the least item out of a heap."""
    n = len(heap)
    if n == 0:
        raise IndexError("index out of range")
    last = get(heap, n - 1)
    cut(heap, n - 1)
    if n == 1:
        return last
    item = get(heap, 0)
    put(heap, 0, last)
    rise(heap, 0)
    return item


@implements("heapq.heapreplace")
def heapreplace(heap, item, /):
    """Takes the least item out of a heap, then puts another one in."""
    if len(heap) == 0:
        raise IndexError("index out of range")
    least = get(heap, 0)
    put(heap, 0, item)
    rise(heap, 0)
    return least


@implements("heapq.heappushpop")
def heappushpop(heap, item, /):
    """Puts an item into a heap, then takes the least one out."""
    if len(heap) == 0 or not get(heap, 0) < item:
        return item
    least = get(heap, 0)
    put(heap, 0, item)
    rise(heap, 0)
    return least


@implements("heapq.heapify")
def heapify(heap, /):
    """Makes a list a heap."""
    for at in range((len(heap) >> 1) - 1, -1, -1):
        rise(heap, at)


@implements("heapq.heappush_max")
def heappush_max(heap, item, /):
    """Puts an item into a heap whose first item is the greatest."""
    push(heap, item)
    sink_max(heap, 0, len(heap) - 1)


@implements("heapq.heappop_max")
def heappop_max(heap, /):
    """Takes the greatest item out of a heap."""
    n = len(heap)
    if n == 0:
        raise IndexError("index out of range")
    last = get(heap, n - 1)
    cut(heap, n - 1)
    if n == 1:
        return last
    item = get(heap, 0)
    put(heap, 0, last)
    rise_max(heap, 0)
    return item


@implements("heapq.heapreplace_max")
def heapreplace_max(heap, item, /):
    """Takes the greatest item out of a heap, then puts another one in."""
    if len(heap) == 0:
        raise IndexError("index out of range")
    greatest = get(heap, 0)
    put(heap, 0, item)
    rise_max(heap, 0)
    return greatest


@implements("heapq.heappushpop_max")
def heappushpop_max(heap, item, /):
    """Puts an item into a heap, then takes the greatest one out."""
    if len(heap) == 0 or not item < get(heap, 0):
        return item
    greatest = get(heap, 0)
    put(heap, 0, item)
    rise_max(heap, 0)
    return greatest


@implements("heapq.heapify_max")
def heapify_max(heap, /):
    """Makes a list a heap whose first item is the greatest."""
    for at in range((len(heap) >> 1) - 1, -1, -1):
        rise_max(heap, at)


def key_of(item, key):
    """What an item is compared by."""
    return item if key is None else key(item)


@implements("heapq.nsmallest")
def nsmallest(n, iterable, key=None):
    """A list of the n least items, in order."""
    if n == 1:
        least = []
        for item in iterable:
            by = key_of(item, key)
            if len(least) == 0:
                least.append(item)
                best = by
            elif by < best:
                least[0] = item
                best = by
        return least
    if isinstance(iterable, SIZED) and n >= len(iterable):
        return sorted(iterable, key=key)[:n]
    # Keys with their order, which no two have in common, and where the item is.
    heap = []
    items = []
    if n <= 0:
        return items
    order = 0
    for item in iterable:
        by = key_of(item, key)
        if order < n:
            heap.append((by, order, len(items)))
            items.append(item)
            if order == n - 1:
                heapify_max(heap)
            order += 1
        elif by < get(heap, 0)[0]:
            at = get(heap, 0)[2]
            items[at] = item
            heapreplace_max(heap, (by, order, at))
            order += 1
    if order < n:
        heapify_max(heap)
    heap.sort()
    return [items[entry[2]] for entry in heap]


@implements("heapq.nlargest")
def nlargest(n, iterable, key=None):
    """A list of the n greatest items, the greatest first."""
    if n == 1:
        greatest = []
        for item in iterable:
            by = key_of(item, key)
            if len(greatest) == 0:
                greatest.append(item)
                best = by
            elif by > best:
                greatest[0] = item
                best = by
        return greatest
    if isinstance(iterable, SIZED) and n >= len(iterable):
        return sorted(iterable, key=key, reverse=True)[:n]
    heap = []
    items = []
    if n <= 0:
        return items
    order = 0
    for item in iterable:
        by = key_of(item, key)
        if order > -n:
            heap.append((by, order, len(items)))
            items.append(item)
            if order == 1 - n:
                heapify(heap)
            order -= 1
        elif get(heap, 0)[0] < by:
            at = get(heap, 0)[2]
            items[at] = item
            heapreplace(heap, (by, order, at))
            order -= 1
    if order > -n:
        heapify(heap)
    heap.sort(reverse=True)
    return [items[entry[2]] for entry in heap]
