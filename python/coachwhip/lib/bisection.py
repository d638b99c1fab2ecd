"""`bisect`: positions in sequences that are in order."""
from coachwhip.lib import implements


def before(a, x, lo, hi, key):
    """The first position at which an item is not less than x."""
    if lo < 0:
        raise ValueError("lo must be non-negative")
    # CPython takes -1 for nothing.
    end = len(a) if hi is None or hi == -1 else hi
    while lo < end:
        middle = lo + ((end - lo) >> 1)
        item = a[middle]
        if (item if key is None else key(item)) < x:
            lo = middle + 1
        else:
            end = middle
    return lo


def after(a, x, lo, hi, key):
    """The first position at which an item is greater than x."""
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a) if hi is None or hi == -1 else hi
    while lo < end:
        middle = lo + ((end - lo) >> 1)
        item = a[middle]
        if x < (item if key is None else key(item)):
            end = middle
        else:
            lo = middle + 1
    return lo


@implements("bisect.bisect_left")
def bisect_left(a, x, lo=0, hi=None, *, key=None):
    """Where x would be put in before what is equal."""
    return before(a, x, lo, hi, key)


@implements("bisect.bisect_right")
def bisect_right(a, x, lo=0, hi=None, *, key=None):
    """Where x would be put in after what is equal."""
    return after(a, x, lo, hi, key)


@implements("bisect.insort_left")
def insort_left(a, x, lo=0, hi=None, *, key=None):
    """Puts x in before what is equal."""
    a.insert(before(a, x if key is None else key(x), lo, hi, key), x)


@implements("bisect.insort_right")
def insort_right(a, x, lo=0, hi=None, *, key=None):
    """Puts x in after what is equal."""
    a.insert(after(a, x if key is None else key(x), lo, hi, key), x)
