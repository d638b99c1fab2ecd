"""Python's built-in functions over anything that can be iterated over."""
import math
import sys

from coachwhip import _core
from coachwhip.lib import implements

#: What Python says about an empty argument, which depends on its version.
EMPTY_MIN = "min() arg is an empty sequence" if sys.version_info < (3, 12) else "min() iterable argument is empty"
EMPTY_MAX = "max() arg is an empty sequence" if sys.version_info < (3, 12) else "max() iterable argument is empty"

#: Whether this interpreter's `sum` of floats is Neumaier's compensated sum, that of complex numbers (and of floats and
#: ints together), too.
COMPENSATED = _core.follows("compensated_sum")
COMPENSATED_COMPLEX = _core.follows("compensated_complex_sum")


@implements("builtins.sum")
def sum_(iterable, start):
    """The items added from left to right; Python floats and complex numbers as this interpreter's `sum` adds them."""
    total = start
    lost = 0.0
    lost_imag = 0.0
    for item in iterable:
        if COMPENSATED and type(total) is float and (
                type(item) is float or COMPENSATED_COMPLEX and isinstance(item, int)):
            added = total + item
            lost += (total - added) + item if abs(total) >= abs(item) else (item - added) + total
            total = added
        elif COMPENSATED_COMPLEX and type(total) is complex and type(item) is complex:
            real = total.real + item.real
            imag = total.imag + item.imag
            lost += (total.real - real) + item.real if abs(total.real) >= abs(item.real) else (item.real - real) + total.real
            lost_imag += (total.imag - imag) + item.imag if abs(total.imag) >= abs(item.imag) else (item.imag - imag) + total.imag
            total = complex(real, imag)
        elif COMPENSATED_COMPLEX and type(total) is complex and isinstance(item, (int, float)):
            real = total.real + item
            lost += (total.real - real) + item if abs(total.real) >= abs(item) else (item - real) + total.real
            total = complex(real, total.imag)
        else:
            total = total + item
    if COMPENSATED and type(total) is float and 0.0 < abs(lost) < math.inf:
        total = total + lost
    if COMPENSATED_COMPLEX and type(total) is complex:
        real = total.real + lost if 0.0 < abs(lost) < math.inf else total.real
        imag = total.imag + lost_imag if 0.0 < abs(lost_imag) < math.inf else total.imag
        total = complex(real, imag)
    return total


@implements("coachwhip.lib.integer_power")
def integer_power(base, exponent):
    """A NumPy integer to a power that is not negative, by squaring; the products are those of the caller's options."""
    result = base.dtype.type(1)
    while exponent > 0:
        if exponent & 1:
            result = result * base
        exponent = exponent >> 1
        if exponent > 0:
            base = base * base
    return result


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


@implements("coachwhip.lib.slice_indices")
def slice_indices(start, stop, step, length):
    """`slice(start, stop, step).indices(length)`."""
    if length < 0:
        raise ValueError("length should not be negative")
    if step == 0:
        raise ValueError("slice step cannot be zero")
    low, high = (-1, length - 1) if step < 0 else (0, length)
    if start is None:
        first = high if step < 0 else low
    else:
        first = start + length if start < 0 else start
        first = min(max(first, low), high)
    if stop is None:
        last = low if step < 0 else high
    else:
        last = stop + length if stop < 0 else stop
        last = min(max(last, low), high)
    return first, last, step


@implements("coachwhip.lib.min_key")
def min_key(iterable, key):
    """As `min_`, by what `key` makes of the items."""
    found = False
    for item in iterable:
        by = key(item)
        if not found or by < best_by:
            best = item
            best_by = by
            found = True
    if not found:
        raise ValueError(EMPTY_MIN)
    return best


@implements("coachwhip.lib.max_key")
def max_key(iterable, key):
    """As `max_`, by what `key` makes of the items."""
    found = False
    for item in iterable:
        by = key(item)
        if not found or by > best_by:
            best = item
            best_by = by
            found = True
    if not found:
        raise ValueError(EMPTY_MAX)
    return best


@implements("coachwhip.lib.min_key_default")
def min_key_default(iterable, key, default):
    """As `min_key`, or `default` of no items."""
    found = False
    for item in iterable:
        by = key(item)
        if not found or by < best_by:
            best = item
            best_by = by
            found = True
    if not found:
        return default
    return best


@implements("coachwhip.lib.max_key_default")
def max_key_default(iterable, key, default):
    """As `max_key`, or `default` of no items."""
    found = False
    for item in iterable:
        by = key(item)
        if not found or by > best_by:
            best = item
            best_by = by
            found = True
    if not found:
        return default
    return best
