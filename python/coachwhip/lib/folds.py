"""How reductions run over arrays: the loops around the rows and cells of `sums`, `extremes` and their neighbours.

`row(total, a, value)` takes a one-dimensional array into a total, `cell(total, x, value)` one element.  `value` is
what belongs to the result (the mean, for a variance), or None.
"""
import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.sums import square_term


def part(values, i):
    """What belongs to the results at a position of their first axis."""
    return None if values is None else values[i]


@implements("coachwhip.lib.fold")
def fold(out, a, values, reduced, row, cell):
    """Takes the elements of `a`, C-contiguous, into `out`.

    The axes of `a` are reduced and kept by turns, the first is reduced if `reduced`; those of `out` and `values` are
    the kept ones.  The order is NumPy's: its iterator runs over memory, where axes of size 1 do not exist.
    """
    if a.ndim == 1:
        for i in range(a.shape[0]):
            out[i] = cell(out[i], a[i], part(values, i))
    elif reduced:
        if out.size == 1:
            total = out.reshape(1)
            total[0] = row(total[0], a.reshape(a.size), None if values is None else values.reshape(1)[0])
        elif a.ndim == 2:
            fold_columns(out, a, values, cell)
        else:
            for i in range(a.shape[0]):
                fold(out, a[i], values, False, row, cell)
    elif out.ndim == 1:
        for i in range(a.shape[0]):
            out[i] = row(out[i], a[i], part(values, i))
    else:
        for i in range(a.shape[0]):
            fold(out[i], a[i], part(values, i), True, row, cell)


def fold_columns(out, a, values, cell):
    """The rows of `a` into `out`, four at a time, so that `out` is read and written less often."""
    n = a.shape[0]
    whole = n - n % 4
    for i in range(0, whole, 4):
        for j in range(a.shape[1]):
            value = part(values, j)
            total = cell(out[j], a[i, j], value)
            total = cell(total, a[i + 1, j], value)
            total = cell(total, a[i + 2, j], value)
            out[j] = cell(total, a[i + 3, j], value)
    for i in range(whole, n):
        for j in range(a.shape[1]):
            out[j] = cell(out[j], a[i, j], part(values, j))


#: The elements of NumPy's buffers.
BUFFER = 8192


@implements("coachwhip.lib.fold_ordered")
def fold_ordered(out, a, values, mask, pairs, row, cell):
    """Takes the elements of `a` into `out`, which has the same shape, and stride 0 along what is reduced.

    `mask`, if any, says which elements count: NumPy takes them run by run.  `pairs`: sums in pairs, whose bits depend on
    what NumPy gathers in a buffer.
    """
    if a.size == 0:
        return
    joined, steps = 0, 0
    if pairs:
        joined, steps = buffered(out, a, mask)
    fold_axes(out, a, values, mask, joined, steps, row, cell)


def buffered(out, a, mask):
    """How many of the last axes NumPy's iterator gathers in a buffer, and how many steps along the first of them.

    It compares what buffers cost with how seldom the inner loop then starts, axis by axis outwards.
    """
    last = a.ndim - 1
    if out.strides[last] != 0:
        return 0, 0
    converts = a.dtype != out.dtype
    one_stride, one_mask_stride = True, mask is not None
    cost = 2 if converts else 1
    best_cost = cost
    size = best_size = a.shape[last]
    joined, core = 1, 1
    for axis in range(last - 1, -1, -1):
        n = a.shape[axis]
        if n == 1 or (size >= BUFFER and cost > 1):
            break
        kept = out.strides[axis] != 0
        if kept:
            cost += 1
        if one_stride and a.strides[axis + 1] * a.shape[axis + 1] != a.strides[axis]:
            one_stride = False
            if not converts:
                cost += 1
        if mask is not None:
            if one_mask_stride and mask.strides[axis + 1] * mask.shape[axis + 1] != mask.strides[axis]:
                one_mask_stride = False
                cost += 1
        inner = size
        size *= n
        room = min(size, BUFFER) if cost > 1 else size
        if cost * best_size <= best_cost * room:
            if kept:
                # The loop over the results runs outside: what is reduced is gathered whole.
                return (last - axis, a.shape[axis + 1]) if last - axis > 1 else (0, 0)
            best_cost, best_size = cost, size
            joined, core = last - axis + 1, inner
        if kept:
            break
    if joined == 1:
        return 0, 0
    return joined, max(BUFFER // max(core, 1), 1)


def fold_axes(out, a, values, mask, joined, steps, row, cell):
    """Takes in one axis after the other, the last `joined` of them through a buffer."""
    if a.ndim > 1:
        if a.ndim == joined:
            place = origin(out)
            value = None if values is None else origin(values)[0]
            for i in range(0, a.shape[0], steps):
                taken = np.ascontiguousarray(a[i : i + steps])
                if mask is None:
                    place[0] = row(place[0], taken.reshape(taken.size), value)
                else:
                    counted = np.ascontiguousarray(mask[i : i + steps])
                    place[0] = row_where(place[0], taken.reshape(taken.size), value, counted.reshape(taken.size), row)
        else:
            for i in range(a.shape[0]):
                fold_axes(out[i], a[i], part(values, i), part(mask, i), joined, steps, row, cell)
    elif a.shape[0] > 0:
        if out.strides[0] == 0:
            if mask is None:
                if a.strides[0] == a.itemsize:
                    out[0] = row(out[0], np.ascontiguousarray(a), part(values, 0))
                else:
                    out[0] = row(out[0], a, part(values, 0))
            else:
                out[0] = row_where(out[0], a, part(values, 0), mask, row)
        elif mask is None:
            for i in range(a.shape[0]):
                out[i] = cell(out[i], a[i], part(values, i))
        else:
            for i in range(a.shape[0]):
                if mask[i]:
                    out[i] = cell(out[i], a[i], part(values, i))


def origin(x):
    """The last axis through the first element."""
    return x if x.ndim == 1 else origin(x[0])


@implements("coachwhip.lib.squares")
def squares(out, a, values):
    """The squared distances of elements from values of the same shape."""
    for i in range(a.shape[0]):
        if a.ndim > 1:
            squares(out[i], a[i], values[i])
        else:
            out[i] = square_term(a[i], values[i], out.dtype)


def row_where(total, a, value, mask, row):
    """The elements of `a` where the mask is true, each run of them as a row."""
    n = a.shape[0]
    start = 0
    while start < n:
        if mask[start]:
            stop = start + 1
            while stop < n and mask[stop]:
                stop += 1
            total = row(total, a[start:stop], value)
            start = stop
        else:
            start += 1
    return total


@implements("coachwhip.lib.run")
def run(out, a, reduced, first, cell):
    """Running totals along the reduced axis of `a`, C-contiguous: one of up to three, with kept axes around it."""
    if a.ndim == 1:
        run_rows(out, a, first, cell)
    elif a.ndim == 3:
        for i in range(a.shape[0]):
            run(out[i], a[i], True, first, cell)
    elif reduced:
        if a.shape[0] > 0:
            for j in range(a.shape[1]):
                out[0, j] = first(a[0, j], out.dtype)
            for i in range(1, a.shape[0]):
                for j in range(a.shape[1]):
                    out[i, j] = cell(out[i - 1, j], a[i, j], None)
    else:
        run_rows(out, a, first, cell)


@implements("coachwhip.lib.run_rows")
def run_rows(out, a, first, cell):
    """Running totals along the last axis."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            run_rows(out[i], a[i], first, cell)
    elif a.shape[0] > 0:
        total = first(a[0], out.dtype)
        out[0] = total
        for i in range(1, a.shape[0]):
            total = cell(total, a[i], None)
            out[i] = total
