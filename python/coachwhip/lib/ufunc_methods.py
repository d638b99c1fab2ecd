"""The loops of ufunc methods: `reduce`, `accumulate`, `reduceat` and `at` of any binary ufunc.

`kernel` is the ufunc of two elements (`coachwhip.lib.elementwise`).  Along an axis means along the last one in the `rows`
forms and along the first in the `columns` forms, so that the inner loop follows memory.
"""
from coachwhip.lib import implements
from coachwhip.lib.sums import add_row, term


@implements("coachwhip.lib.reduce_row")
def reduce_row(total, a, start, mask, kernel):
    """The elements of a one-dimensional array from `start` on after `total`, one after the other; where `mask` holds."""
    for i in range(start, a.shape[0]):
        if mask is None or mask[i]:
            total = kernel(total, a[i].astype(total.dtype))
    return total


@implements("coachwhip.lib.reduce_rows")
def reduce_rows(out, a, start, mask, kernel):
    """As `reduce_row` along the last axis, each result after what `out` holds."""
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = reduce_row(out[i], a[i], start, part(mask, i), kernel)
    else:
        for i in range(out.shape[0]):
            reduce_rows(out[i], a[i], start, part(mask, i), kernel)


def part(mask, i):
    """An item of a mask, if there is one."""
    return None if mask is None else mask[i]


@implements("coachwhip.lib.reduce_columns")
def reduce_columns(out, a, start, mask, kernel):
    """As `reduce_rows` along the first axis."""
    for i in range(start, a.shape[0]):
        if mask is None:
            combine(out, out, a[i], kernel)
        else:
            combine_where(out, a[i], mask[i], kernel)


def combine_where(out, a, mask, kernel):
    """The kernel of the results so far and the elements of `a` where the mask holds."""
    for i in range(out.shape[0]):
        if out.ndim > 1:
            combine_where(out[i], a[i], mask[i], kernel)
        elif mask[i]:
            out[i] = kernel(out[i], a[i].astype(out.dtype))


def combine(out, before, a, kernel):
    """The kernel of what was before and the elements of `a`, all of one shape."""
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = kernel(before[i], a[i].astype(out.dtype))
    else:
        for i in range(out.shape[0]):
            combine(out[i], before[i], a[i], kernel)


def convert(out, a):
    """The elements of `a` in the dtype of `out`."""
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = a[i].astype(out.dtype)
    else:
        for i in range(out.shape[0]):
            convert(out[i], a[i])


@implements("coachwhip.lib.accumulate_rows")
def accumulate_rows(out, a, kernel):
    """Running results along the last axis."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            accumulate_rows(out[i], a[i], kernel)
    elif a.shape[0] > 0:
        total = a[0].astype(out.dtype)
        out[0] = total
        for i in range(1, a.shape[0]):
            total = kernel(total, a[i].astype(out.dtype))
            out[i] = total


@implements("coachwhip.lib.accumulate_columns")
def accumulate_columns(out, a, kernel):
    """Running results along the first of several axes."""
    if a.shape[0] > 0:
        convert(out[0], a[0])
        for i in range(1, a.shape[0]):
            combine(out[i], out[i - 1], a[i], kernel)


@implements("coachwhip.lib.check_reduceat")
def check_reduceat(indices, n, name):
    """NumPy's failure of an index that is out of bounds."""
    for i in range(indices.shape[0]):
        k = int(indices[i])
        if k < 0 or k >= n:
            raise IndexError(f"index {k} out-of-bounds in {name}.reduceat [0, {n})")


def section(indices, i, n):
    """Where the i-th section stops: at the next index, or after its own start if that does not come later."""
    start = int(indices[i])
    stop = n if i + 1 == indices.shape[0] else int(indices[i + 1])
    return max(stop, start + 1)


@implements("coachwhip.lib.reduceat_row")
def reduceat_row(out, a, indices, kernel, pairwise):
    """Sections of a one-dimensional array; `pairwise`: floats added as `np.sum` adds them."""
    n = a.shape[0]
    for i in range(indices.shape[0]):
        start, stop = int(indices[i]), section(indices, i, n)
        total = a[start].astype(out.dtype)
        if pairwise:
            out[i] = add_row(total, a[start + 1 : stop], None, term, True)
        else:
            for k in range(start + 1, stop):
                total = kernel(total, a[k].astype(out.dtype))
            out[i] = total


@implements("coachwhip.lib.reduceat_columns")
def reduceat_columns(out, a, indices, kernel):
    """Sections along the first of several axes."""
    n = a.shape[0]
    for i in range(indices.shape[0]):
        start = int(indices[i])
        convert(out[i], a[start])
        for k in range(start + 1, section(indices, i, n)):
            combine(out[i], out[i], a[k], kernel)


@implements("coachwhip.lib.check_at")
def check_at(indices, n):
    """NumPy's failure of an index that is out of bounds, before anything is changed."""
    for i in range(indices.shape[0]):
        k = int(indices[i])
        if k < -n or k >= n:
            raise IndexError(f"index {k} is out of bounds for axis 0 with size {n}")


@implements("coachwhip.lib.at_row")
def at_row(a, indices, b, kernel):
    """Elements of a one-dimensional array, each as often as its index occurs; `b` has an element for each index."""
    n = a.shape[0]
    for i in range(indices.shape[0]):
        k = int(indices[i])
        if k < 0:
            k += n
        a[k] = changed(a[k], b, i, kernel).astype(a.dtype)


@implements("coachwhip.lib.at_flat")
def at_flat(a, positions, b, kernel):
    """As `at_row` for positions in C order in an array of any form."""
    for i in range(positions.shape[0]):
        k = int(positions[i])
        a.flat[k] = changed(a.flat[k], b, i, kernel).astype(a.dtype)


def changed(x, b, i, kernel):
    """The new value of an element: of a ufunc of one argument, or with the i-th element of `b`."""
    return kernel(x) if b is None else kernel(x, b[i])
