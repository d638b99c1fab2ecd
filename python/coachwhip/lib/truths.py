"""Elements tested: whether any or all are true, and how many are not zero."""
import numpy as np

from coachwhip.lib import implements

#: So many elements are tested before a result that is sure is given.
BLOCK = 1024


@implements("coachwhip.lib.any_row", reads_once=("a",))
def any_row(total, a, value):
    """Whether the total or an element of a row is true."""
    n = a.shape[0]
    for start in range(0, n, BLOCK):
        if total:
            return total
        found = np.bool_(False)
        for i in range(start, min(start + BLOCK, n)):
            found |= a[i] != 0
        total = found
    return total


@implements("coachwhip.lib.any_cell")
def any_cell(total, x, value):
    """Whether the total or an element is true."""
    return total | np.bool_(x != 0)


@implements("coachwhip.lib.all_row", reads_once=("a",))
def all_row(total, a, value):
    """Whether the total and all elements of a row are true."""
    n = a.shape[0]
    for start in range(0, n, BLOCK):
        if not total:
            return total
        found = np.bool_(False)
        for i in range(start, min(start + BLOCK, n)):
            found |= a[i] == 0
        total = ~found
    return total


@implements("coachwhip.lib.all_cell")
def all_cell(total, x, value):
    """Whether the total and an element are true."""
    return total & np.bool_(x != 0)


@implements("coachwhip.lib.count_row", reads_once=("a",))
def count_row(total, a, value):
    """Counts the elements of a row that are not zero; small elements in blocks that bytes can count."""
    n = a.shape[0]
    if a.itemsize > 1:
        count = 0
        for i in range(n):
            count += a[i] != 0
        return total + count
    start = 0
    while start < n:
        # Thirty-two lanes of a byte, with as many elements as they can count.
        stop = min(start + 4096, n)
        few = np.uint16(0)
        for i in range(start, stop):
            few += np.uint16(a[i] != 0)
        total += np.int64(few)
        start = stop
    return total


@implements("coachwhip.lib.count_cell")
def count_cell(total, x, value):
    """Counts an element that is not zero."""
    return total + (x != 0)
