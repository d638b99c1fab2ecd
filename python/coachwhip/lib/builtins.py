"""Python's built-in functions over anything that can be iterated over."""
import sys

from coachwhip.lib import implements

#: What Python says about an empty argument, which depends on its version.
EMPTY_MIN = "min() arg is an empty sequence" if sys.version_info < (3, 12) else "min() iterable argument is empty"
EMPTY_MAX = "max() arg is an empty sequence" if sys.version_info < (3, 12) else "max() iterable argument is empty"


@implements("builtins.sum")
def sum_(iterable, start):
    """The items added from left to right."""
    total = start
    for item in iterable:
        total = total + item
    return total


@implements("builtins.any")
def any_(iterable):
    """Whether an item is true; the rest is not looked at."""
    for item in iterable:
        if item:
            return True
    return False


@implements("builtins.all")
def all_(iterable):
    """Whether no item is false; the rest is not looked at."""
    for item in iterable:
        if not item:
            return False
    return True


@implements("builtins.min")
def min_(iterable):
    """The first of the least items, by `<` from left to right."""
    found = False
    for item in iterable:
        if not found or item < best:
            best = item
            found = True
    if not found:
        raise ValueError(EMPTY_MIN)
    return best


@implements("builtins.max")
def max_(iterable):
    """The first of the greatest items, by `>` from left to right."""
    found = False
    for item in iterable:
        if not found or item > best:
            best = item
            found = True
    if not found:
        raise ValueError(EMPTY_MAX)
    return best


@implements("coachwhip.lib.min_default")
def min_default(iterable, default):
    """As `min_`, or `default` of no items."""
    found = False
    for item in iterable:
        if not found or item < best:
            best = item
            found = True
    if not found:
        return default
    return best


@implements("coachwhip.lib.max_default")
def max_default(iterable, default):
    """As `max_`, or `default` of no items."""
    found = False
    for item in iterable:
        if not found or item > best:
            best = item
            found = True
    if not found:
        return default
    return best
