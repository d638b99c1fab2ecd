"""`bisect`: positions in sequences that are in order."""
import sys

from coachwhip.lib import implements

#: What this interpreter says of a position before the first.
NEGATIVE_LO = "lo must be non-negative" if sys.version_info < (3, 15) else "lo cannot be negative"


def position(a, x, lo, hi, key, after):
    """The first position at which an item is not less than x or, with `after`, is greater than x."""
    if lo < 0:
        raise ValueError(NEGATIVE_LO)
    # CPython takes -1 for nothing.
    end = len(a) if hi is None or hi == -1 else hi
    while lo < end:
        middle = lo + ((end - lo) >> 1)
        item = a[middle]
        by = item if key is None else key(item)
        if (not x < by) if after else (by < x):
            lo = middle + 1
        else:
            end = middle
    return lo


@implements("bisect.bisect_left")
def bisect_left(a, x, lo=0, hi=None, *, key=None):
    """Where x would be put in before what is equal."""
    return position(a, x, lo, hi, key, False)


@implements("bisect.bisect_right")
def bisect_right(a, x, lo=0, hi=None, *, key=None):
    """Where x would be put in after what is equal."""
    return position(a, x, lo, hi, key, True)


@implements("bisect.insort_left")
def insort_left(a, x, lo=0, hi=None, *, key=None):
    """Puts x in before what is equal."""
    a.insert(position(a, x if key is None else key(x), lo, hi, key, False), x)


@implements("bisect.insort_right")
def insort_right(a, x, lo=0, hi=None, *, key=None):
    """Puts x in after what is equal."""
    a.insert(position(a, x if key is None else key(x), lo, hi, key, True), x)
