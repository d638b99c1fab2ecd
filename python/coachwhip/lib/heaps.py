"""`heapq`: CPython's algorithms over lists, comparison by comparison, so that a heap lies in its list as it does there."""
import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.compiler import cut, get, push, put

#: What has a length that can be asked before it is looked through.
SIZED = (list, tuple, dict, set, frozenset, str, range, np.ndarray)


def precedes(a, b, greatest):
    """Whether an item goes before another one: it is less or, in a heap whose first item is the greatest, greater."""
    return b < a if greatest else a < b


def sink(heap, start, at, greatest):
    """Moves the item at a position towards the front, at most to `start`, past all that it precedes."""
    item = get(heap, at)
    while at > start:
        parent = (at - 1) >> 1
        above = get(heap, parent)
        if not precedes(item, above, greatest):
            break
        put(heap, at, above)
        at = parent
    put(heap, at, item)


def rise(heap, at, greatest):
    """Moves the first of the children below a position up, and the item itself to where it belongs."""
    end = len(heap)
    start = at
    item = get(heap, at)
    while at < end >> 1:
        child = 2 * at + 1
        if child + 1 < end and not precedes(get(heap, child), get(heap, child + 1), greatest):
            child += 1
        put(heap, at, get(heap, child))
        at = child
    put(heap, at, item)
    sink(heap, start, at, greatest)


def pushed(heap, item, greatest):
    """Puts an item into a heap."""
    push(heap, item)
    sink(heap, 0, len(heap) - 1, greatest)


def popped(heap, greatest):
    """Takes the first item out of a heap."""
    n = len(heap)
    if n == 0:
        raise IndexError("index out of range")
    last = get(heap, n - 1)
    cut(heap, n - 1)
    if n == 1:
        return last
    item = get(heap, 0)
    put(heap, 0, last)
    rise(heap, 0, greatest)
    return item


def replaced(heap, item, greatest):
    """Takes the first item out of a heap that has one, then puts another one in."""
    first = get(heap, 0)
    put(heap, 0, item)
    rise(heap, 0, greatest)
    return first


def ordered(heap, greatest):
    """Makes a list a heap."""
    for at in range((len(heap) >> 1) - 1, -1, -1):
        rise(heap, at, greatest)


@implements("heapq.heappush")
def heappush(heap, item, /):
    """Puts an item into a heap."""
    pushed(heap, item, False)


@implements("heapq.heappop")
def heappop(heap, /):
    """Takes the least item out of a heap."""
    return popped(heap, False)


@implements("heapq.heapreplace")
def heapreplace(heap, item, /):
    """Takes the least item out of a heap, then puts another one in."""
    if len(heap) == 0:
        raise IndexError("index out of range")
    return replaced(heap, item, False)


@implements("heapq.heappushpop")
def heappushpop(heap, item, /):
    """Puts an item into a heap, then takes the least one out."""
    if len(heap) == 0 or not get(heap, 0) < item:
        return item
    return replaced(heap, item, False)


@implements("heapq.heapify")
def heapify(heap, /):
    """Makes a list a heap."""
    ordered(heap, False)


@implements("heapq.heappush_max")
def heappush_max(heap, item, /):
    """Puts an item into a heap whose first item is the greatest."""
    pushed(heap, item, True)


@implements("heapq.heappop_max")
def heappop_max(heap, /):
    """Takes the greatest item out of a heap."""
    return popped(heap, True)


@implements("heapq.heapreplace_max")
def heapreplace_max(heap, item, /):
    """Takes the greatest item out of a heap, then puts another one in."""
    if len(heap) == 0:
        raise IndexError("index out of range")
    return replaced(heap, item, True)


@implements("heapq.heappushpop_max")
def heappushpop_max(heap, item, /):
    """Puts an item into a heap, then takes the greatest one out."""
    if len(heap) == 0 or not item < get(heap, 0):
        return item
    return replaced(heap, item, True)


@implements("heapq.heapify_max")
def heapify_max(heap, /):
    """Makes a list a heap whose first item is the greatest."""
    ordered(heap, True)


def key_of(item, key):
    """What an item is compared by."""
    return item if key is None else key(item)


def best(n, iterable, key, greatest):
    """A list of the n least or greatest items, in order."""
    if n == 1:
        found = []
        for item in iterable:
            by = key_of(item, key)
            if len(found) == 0:
                found.append(item)
                first = by
            elif by > first if greatest else by < first:
                found[0] = item
                first = by
        return found
    if isinstance(iterable, SIZED) and n >= len(iterable):
        return sorted(iterable, key=key, reverse=greatest)[:n]
    # Keys with their order, which no two have in common, and where the item is; the first is the one to give way.
    heap = []
    items = []
    if n <= 0:
        return items
    seen = 0
    for item in iterable:
        by = key_of(item, key)
        order = -seen if greatest else seen
        if seen < n:
            heap.append((by, order, len(items)))
            items.append(item)
            if seen == n - 1:
                ordered(heap, not greatest)
            seen += 1
        elif precedes(by, get(heap, 0)[0], greatest):
            at = get(heap, 0)[2]
            items[at] = item
            replaced(heap, (by, order, at), not greatest)
            seen += 1
    if seen < n:
        ordered(heap, not greatest)
    heap.sort(reverse=greatest)
    return [items[entry[2]] for entry in heap]


@implements("heapq.nsmallest")
def nsmallest(n, iterable, key=None):
    """A list of the n least items, in order."""
    return best(n, iterable, key, False)


@implements("heapq.nlargest")
def nlargest(n, iterable, key=None):
    """A list of the n greatest items, the greatest first."""
    return best(n, iterable, key, True)
