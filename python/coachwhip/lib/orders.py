"""Medians and quantiles, by selection: what can be neither is left out at one pass over the elements."""
import math

import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.extremes import has_nan
from coachwhip.lib.sums import quotient

#: Up to so many elements are selected from as they are.
SMALL = 5000
#: So many of them are looked at to find bounds for the rest, and so many ranks the bounds lie away.
SAMPLE = 1024
MARGIN = 56


def select(work, n, rank):
    """The element of a rank among the first `n`, which are put before and after it.

    Elements are parted without branches: each is exchanged with the first that is not less, which moves on if the
    element was less.
    """
    left, right = 0, n
    while right - left > 16:
        pivot = middle_of_three(work[left], work[(left + right) // 2], work[right - 1])
        border = left
        for i in range(left, right):
            x = work[i]
            work[i] = work[border]
            work[border] = x
            border += int(x < pivot)
        if rank < border:
            right = border
        elif border - left > (right - left) // 8:
            left = border
        else:
            # Few are less than the pivot: all that equal it are put next.
            for i in range(border, right):
                x = work[i]
                work[i] = work[border]
                work[border] = x
                border += int(x == pivot)
            if rank < border:
                return pivot
            left = border
    for i in range(left + 1, right):
        x = work[i]
        j = i - 1
        while j >= left and x < work[j]:
            work[j + 1] = work[j]
            j -= 1
        work[j + 1] = x
    return work[rank]


def middle_of_three(a, b, c):
    """The middle one of three numbers."""
    if b < a:
        a, b = b, a
    return (a if c < a else c) if c < b else b


def bracket(a, n, low, high):
    """Bounds between which the elements of two ranks very probably lie, from a sample, and whether each is a bound."""
    sample = np.empty(SAMPLE, a.dtype)
    width = n // SAMPLE
    for i in range(SAMPLE):
        sample[i] = a[i * n // SAMPLE + i * 40503 % width]
    first = low * SAMPLE // n - MARGIN
    last = high * SAMPLE // n + MARGIN
    least = select(sample, SAMPLE, max(first, 0))
    greatest = select(sample, SAMPLE, min(last, SAMPLE - 1))
    return least, greatest, first < 0, last >= SAMPLE


def tally(a, n, least, greatest, no_least, no_greatest):
    """How many of the first `n` elements are below the bounds, and how many within."""
    below, within = 0, 0
    for i in range(n):
        under = (a[i] < least) & (not no_least)
        below += under
        within += (not under) & ((a[i] <= greatest) | no_greatest)
    return below, within


def narrow(work, a, n, least, greatest, no_least, no_greatest):
    """Copies the elements within the bounds; how many are below them, and how many within."""
    below, within = 0, 0
    for i in range(n):
        x = a[i]
        work[within] = x
        under = (x < least) & (not no_least)
        below += under
        within += (not under) & ((x <= greatest) | no_greatest)
    return below, within


def neighbours(a, low, high):
    """The elements of two ranks, the same one or two in succession, of a row without NaN."""
    n = a.shape[0]
    work = np.empty(n, a.dtype)
    count, base = 0, 0
    if n > SMALL:
        least, greatest, no_least, no_greatest = bracket(a, n, low, high)
        below, within = narrow(work, a, n, least, greatest, no_least, no_greatest)
        if below <= low and high < below + within:
            if least == greatest and not no_least and not no_greatest:
                return least, greatest
            count, base = int(within), int(below)
            while count > SMALL:
                least, greatest, no_least, no_greatest = bracket(work, count, low - base, high - base)
                below, within = tally(work, count, least, greatest, no_least, no_greatest)
                if below > low - base or high - base >= below + within or within > count // 2:
                    break
                narrow(work, work, count, least, greatest, no_least, no_greatest)
                count, base = int(within), base + int(below)
    if count == 0:
        for i in range(n):
            work[i] = a[i]
        count = n
    x = select(work, count, low - base)
    if high == low:
        return x, x
    y = work[high - base]
    for i in range(high - base + 1, count):
        y = work[i] if work[i] < y else y
    return x, y


def numbers(a):
    """The elements of a row that are not NaN."""
    result = np.empty(a.shape[0], a.dtype)
    count = 0
    for i in range(a.shape[0]):
        x = a[i]
        result[count] = x
        count += x == x
    return result[:count]


@implements("coachwhip.lib.median_row", separate=True)
def median_row(a, zero, nans):
    """The median of a row in the dtype of `zero`; `nans`: NaN are left out."""
    if nans:
        return middle(numbers(a), zero)
    if isinstance(zero, np.floating) and isinstance(a.dtype.type(0), np.floating):
        if has_nan(a, a.shape[0]):
            return zero.dtype.type(np.nan)
    return middle(a, zero)


def middle(a, zero):
    """The median of a row without NaN; NaN of none."""
    n = a.shape[0]
    if n == 0:
        return zero.dtype.type(np.nan)
    if n % 2 == 1:
        x, y = neighbours(a, n // 2, n // 2)
        return quotient(zero + x.astype(zero.dtype), 1.0)
    x, y = neighbours(a, n // 2 - 1, n // 2)
    return quotient(zero + (x.astype(zero.dtype) + y.astype(zero.dtype)), 2.0)


@implements("coachwhip.lib.medians", separate=True)
def medians(out, a, zero, nans):
    """The medians along the last axis."""
    for i in range(out.shape[0]):
        if out.ndim > 1:
            medians(out[i], a[i], zero, nans)
        elif a.strides[1] == a.itemsize:
            out[i] = median_row(np.ascontiguousarray(a[i]), zero, nans)
        else:
            out[i] = median_row(a[i], zero, nans)


@implements("coachwhip.lib.share")
def share(q, percent):
    """A quantile between 0 and 1."""
    share = q / 100 if percent else q
    if not (share >= 0 and share <= 1):
        if percent:
            raise ValueError("Percentiles must be in the range [0, 100]")
        raise ValueError("Quantiles must be in the range [0, 1]")
    return share


@implements("coachwhip.lib.shares")
def shares(q, percent):
    """Quantiles between 0 and 1, in place."""
    for i in range(q.shape[0]):
        q[i] = share(q[i], percent)


def discrete_rank(n, q, method):
    """The rank of a quantile that is one of the elements."""
    if method == 2:
        return int(np.floor((n - 1) * q))
    if method == 3:
        return int(np.ceil((n - 1) * q))
    if method == 4:
        return int(np.rint((n - 1) * q))
    v = n * q - 1 if method == 0 else n * q - 1 - 0.5
    below = np.floor(v)
    exact = v == below
    if method == 1:
        exact = exact and below % 2 == 1
    return max(int(below) if exact else int(below) + 1, 0)


def virtual_rank(n, q, method):
    """Where a quantile lies between the ranks."""
    if method == 5:
        return n * q - 1
    if method == 6:
        return n * q + (0 + q * (1 - 0 - 1)) - 1
    if method == 7:
        return n * q + (0.5 + q * (1 - 0.5 - 0.5)) - 1
    if method == 8:
        return n * q + (0 + q * (1 - 0 - 0)) - 1
    if method == 9:
        return (n - 1) * q
    if method == 10:
        return n * q + (1 / 3.0 + q * (1 - 1 / 3.0 - 1 / 3.0)) - 1
    if method == 11:
        return n * q + (3 / 8.0 + q * (1 - 3 / 8.0 - 3 / 8.0)) - 1
    return 0.5 * (np.floor((n - 1) * q) + np.ceil((n - 1) * q))


def quantile_of(a, q, zero, method, weak):
    """A quantile of a row without NaN."""
    n = a.shape[0]
    if method < 5:
        rank = min(discrete_rank(n, q, method), n - 1)
        x, y = neighbours(a, rank, rank)
        return x.astype(zero.dtype)
    v = virtual_rank(n, q, method)
    below = np.floor(v)
    low = int(below)
    high = low + 1
    if v >= n - 1:
        low, high, below = n - 1, n - 1, below * 0 - 1
    elif v < 0:
        low, high, below = 0, 0, below * 0
    share = v - below
    if method == 5:
        share = share * 0 + (0.5 if share == 0 else 1.0)
    elif method == 12:
        share = share * 0 + (0.0 if v % 1 == 0 else 0.5)
    x, y = neighbours(a, low, high)
    return between(x, y, float(share) if weak else share).astype(zero.dtype)


def between(x, y, t):
    """The value at a share of the way from one to the other, computed from the nearer one."""
    distance = y - x
    if t >= 0.5:
        return y - distance * (1 - t)
    return x + distance * t


@implements("coachwhip.lib.quantile_row", separate=("method",))
def quantile_row(a, q, zero, method, weak, nans):
    """A quantile of a row in the dtype of `zero`; `nans`: NaN are left out."""
    if nans:
        found = numbers(a)
        if found.shape[0] == 0:
            return zero.dtype.type(np.nan)
        return quantile_of(found, q, zero, method, weak)
    floats = isinstance(a.dtype.type(0), np.floating)
    if a.shape[0] == 0:
        if floats:
            raise IndexError("index -1 is out of bounds for axis 0 with size 0")
        raise IndexError("index 0 is out of bounds for axis 0 with size 0")
    if floats:
        if has_nan(a, a.shape[0]):
            return zero.dtype.type(math.nan)
    return quantile_of(a, q, zero, method, weak)


@implements("coachwhip.lib.quantiles", separate=("method",))
def quantiles(out, a, q, zero, method, weak, nans):
    """The quantiles along the last axis."""
    for i in range(out.shape[0]):
        if out.ndim > 1:
            quantiles(out[i], a[i], q, zero, method, weak, nans)
        elif a.strides[1] == a.itemsize:
            out[i] = quantile_row(np.ascontiguousarray(a[i]), q, zero, method, weak, nans)
        else:
            out[i] = quantile_row(a[i], q, zero, method, weak, nans)


@implements("coachwhip.lib.several_quantiles", separate=("method",))
def several_quantiles(out, a, q, zero, method, weak, nans):
    """Several quantiles along the last axis; they lie along the last axis of the results."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            several_quantiles(out[i], a[i], q, zero, method, weak, nans)
    else:
        for j in range(q.shape[0]):
            out[j] = quantile_row(a, q[j], zero, method, weak, nans)
