"""Functions of `math` and `functools` over anything that can be iterated over."""
import math

import numpy as np

from coachwhip.lib import implements

#: The parts of a sum do not overlap, and each has a bit of its own among the 2,098 that floats can have.
MOST_PARTS = 2100


@implements("coachwhip.lib.product")
def product(iterable, start):
    """`math.prod`: the items multiplied from left to right."""
    total = start
    for item in iterable:
        total = total * item
    return total


@implements("coachwhip.lib.fsum")
def fsum(iterable):
    """`math.fsum`: the sum of the items, rounded once.  It is held as parts that do not overlap, the smallest first."""
    parts = np.empty(MOST_PARTS)
    count = 0
    special = 0.0
    infinite = 0.0
    for item in iterable:
        x = float(item)
        given = x
        kept = 0
        for position in range(count):
            y = parts[position]
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low != 0.0:
                parts[kept] = low
                kept += 1
            x = high
        count = kept
        if x != 0.0:
            if math.isfinite(x):
                parts[count] = x
                count += 1
            else:
                if math.isfinite(given):
                    raise OverflowError("intermediate overflow in fsum")
                if math.isinf(given):
                    infinite += given
                special += given
                count = 0
    if special != 0.0:
        if math.isnan(infinite):
            raise ValueError("-inf + inf in fsum")
        return special
    return float(rounded(parts, count))


def rounded(parts, count):
    """The parts added up, to the even number where the rest is half of the last bit."""
    if count == 0:
        return 0.0
    last = count - 1
    high = float(parts[last])
    low = 0.0
    while last > 0:
        x = high
        last -= 1
        y = parts[last]
        high = x + y
        low = y - (high - x)
        if low != 0.0:
            break
    if last > 0 and ((low < 0.0 and parts[last - 1] < 0.0) or (low > 0.0 and parts[last - 1] > 0.0)):
        twice = low * 2.0
        x = high + twice
        if twice == x - high:
            high = x
    return high


@implements("coachwhip.lib.reduced")
def reduced(function, iterable):
    """`functools.reduce` from the first item on."""
    found = False
    for item in iterable:
        if found:
            total = function(total, item)
        else:
            total = item
            found = True
    if not found:
        raise TypeError("reduce() of empty iterable with no initial value")
    return total


@implements("coachwhip.lib.reduced_from")
def reduced_from(function, iterable, initial):
    """`functools.reduce` from a value on."""
    total = initial
    for item in iterable:
        total = function(total, item)
    return total
