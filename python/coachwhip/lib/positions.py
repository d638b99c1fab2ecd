"""Where the least and the greatest elements are: the first of them, and the first NaN before any number."""
import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.extremes import max_row, min_row

#: The extreme of so many elements is found before one of them is looked for.
BLOCK = 4096
#: So many are then compared at once.
CHUNK = 64


def beyond(x, best, largest):
    """Whether an element stands in for the best so far."""
    if isinstance(x, np.complexfloating):
        if best != best:
            return False
        if x != x:
            return True
    elif isinstance(x, np.floating):
        if largest:
            return x > best or (x != x and best == best)
        return x < best or (x != x and best == best)
    return x > best if largest else x < best


@implements("coachwhip.lib.position")
def position(a, largest, nans):
    """The position of the extreme of a row that is not empty; `nans`: NaN are left out."""
    if nans and isinstance(a[0], np.inexact):
        return number_position(a, largest)
    if isinstance(a[0], np.complexfloating):
        best, place = a[0], 0
        for i in range(1, a.shape[0]):
            if beyond(a[i], best, largest):
                best = a[i]
                place = i
        return place
    return block_position(a, largest)


def block_position(a, largest):
    """The position of the extreme: block by block, then within the first block that holds it."""
    n = a.shape[0]
    best, place = a[0], 0
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        found = max_row(a[start], a[start:stop], None) if largest else min_row(a[start], a[start:stop], None)
        if beyond(found, best, largest):
            best = found
            place = start
    while place + CHUNK <= n and not is_among(a, place, best):
        place += CHUNK
    if best != best:
        while a[place] == a[place]:
            place += 1
    else:
        while a[place] != best:
            place += 1
    return place


def is_among(a, start, best):
    """Whether an element of a chunk is the extreme, or NaN if that is NaN."""
    hits = np.bool_(False)
    if best != best:
        for i in range(CHUNK):
            hits |= a[start + i] != a[start + i]
    else:
        for i in range(CHUNK):
            hits |= a[start + i] == best
    return hits


def number_position(a, largest):
    """The position of the extreme among the numbers of a row, for which NaN counts as the infinity at the other end."""
    worst = a.dtype.type(-np.inf if largest else np.inf)
    best = a[0] if a[0] == a[0] else worst
    place, numbers = 0, 0
    for i in range(a.shape[0]):
        x = a[i]
        if x == x:
            numbers += 1
            if beyond(x, best, largest):
                best = x
                place = i
    if numbers == 0:
        raise ValueError("All-NaN slice encountered")
    return place


@implements("coachwhip.lib.positions")
def positions(out, a, reduced, largest, nans):
    """The positions along the reduced axis of `a`, C-contiguous: one of two or three."""
    if a.ndim == 3:
        for i in range(a.shape[0]):
            positions(out[i], a[i], True, largest, nans)
    elif not reduced:
        positions_of_rows(out, a, largest, nans)
    elif nans:
        positions_of_rows(out, a.T, largest, nans)
    else:
        best = a[0].copy()
        for j in range(out.shape[0]):
            out[j] = 0
        for i in range(1, a.shape[0]):
            for j in range(a.shape[1]):
                x = a[i, j]
                if beyond(x, best[j], largest):
                    best[j] = x
                    out[j] = i


@implements("coachwhip.lib.positions_of_rows")
def positions_of_rows(out, a, largest, nans):
    """The positions along the last axis."""
    for i in range(out.shape[0]):
        if out.ndim > 1:
            positions_of_rows(out[i], a[i], largest, nans)
        elif a.strides[1] == a.itemsize:
            out[i] = position(np.ascontiguousarray(a[i]), largest, nans)
        else:
            out[i] = position(a[i], largest, nans)
