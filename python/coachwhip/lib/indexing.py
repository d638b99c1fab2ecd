"""The loops of advanced indexing: gathering, scattering, masks.

The compiler's rules have checked shapes and broadcast the arrays of positions to one shape.  Indices count from the
end where they are negative.  A loop that stores through a position that moves is written without branches, since
which elements a mask takes cannot be predicted; for that it knows how many there are, and takes care at the last.
"""
import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.compiler import contiguous, mask_compress, mask_count, mask_expand, mask_positions, rarely

#: Elements between two looks for an interrupt.
CHUNK = 65536
#: Indices that are checked before they are used: they stay in the nearest cache meanwhile.
CHECKED = 512
#: Rows shorter than this are copied column by column.
NARROW = 8


def place(index, size):
    """A position that counts from the beginning."""
    at = int(index.astype(np.int64))
    return at + (size & (at >> 63))


@implements("coachwhip.lib.inside")
def inside(index, size):
    """Whether every element of `index`, which has an axis or more, is a position on an axis of this size.

    And whether all count from the beginning.
    """
    low, high = 0, -1
    if index.ndim > 1:
        good, straight = True, True
        for i in range(index.shape[0]):
            fits, counts = inside(index[i], size)
            good &= fits
            straight &= counts
        return good, straight
    for i in range(index.shape[0]):
        at = int(index[i].astype(np.int64))
        low = min(low, at)
        high = max(high, at)
    return low >= -size and high < size, low >= 0


@implements("coachwhip.lib.offender")
def offender(index, size):
    """Whether an element of `index` is no position on an axis of this size, and the first that is none."""
    i = 0
    while rarely() and i < index.shape[0]:
        if index.ndim > 1:
            bad, at = offender(index[i], size)
            if bad:
                return True, at
        else:
            at = place(index[i], size)
            if at < 0 or at >= size:
                return True, int(index[i].astype(np.int64))
        i += 1
    return False, 0


def part(indices, i):
    """Item `i` of each array of positions."""
    if len(indices) == 0:
        return ()
    return (indices[0][i],) + part(indices[1:], i)


def places(indices, i, shape):
    """The positions that the arrays give at `i`, one on each of the first axes."""
    if len(indices) == 0:
        return ()
    return (place(indices[0][i], shape[0]),) + places(indices[1:], i, shape[1:])


def within(at, shape):
    """Whether positions are in range."""
    if len(at) == 0:
        return True
    return (at[0] >= 0) & (at[0] < shape[0]) & within(at[1:], shape[1:])


def copy_part(target, source):
    """Copies elements of one dtype; both have one shape and share no memory."""
    if target.ndim == 1:
        for i in range(target.shape[0]):
            target[i] = source[i]
    else:
        for i in range(target.shape[0]):
            copy_part(target[i], source[i])


@implements("coachwhip.lib.gather")
def gather(target, source, indices, lead, checked, straight):
    """Copies what `indices` select after as many axes as `lead` has items.

    `straight` says that all count from the beginning.  Returns whether all were in range, if asked to check; what is
    not is not read.
    """
    good = True
    if len(lead) > 0:
        for i in range(target.shape[0]):
            gather(target[i], source[i], indices, lead[1:], checked, straight)
    elif indices[0].ndim > 1:
        for i in range(target.shape[0]):
            good &= gather(target[i], source, part(indices, i), lead, checked, straight)
    else:
        size = target.shape[0]
        for start in range(0, size, CHECKED):
            stop = min(start + CHECKED, size)
            if straight or plain(indices, start, stop, source.shape):
                if source.ndim == len(indices):
                    for i in range(start, stop):
                        target[i] = source[raw(indices, i)]
                elif source.ndim == len(indices) + 1 and target.shape[1] < NARROW:
                    for j in range(target.shape[1]):
                        for i in range(start, stop):
                            target[i, j] = source[raw(indices, i) + (j,)]
                else:
                    for i in range(start, stop):
                        copy_part(target[i], source[raw(indices, i)])
            else:
                good &= gather_any(target, source, indices, checked, start, stop)
    return good


def gather_any(target, source, indices, checked, start, stop):
    """Gathers where some indices count from the end; returns whether all are in range."""
    good = True
    if source.ndim == len(indices):
        for i in range(start, stop):
            at = places(indices, i, source.shape)
            if not checked or within(at, source.shape):
                target[i] = source[at]
            else:
                good = False
        return good
    i = start
    while rarely() and i < stop:
        at = places(indices, i, source.shape)
        if not checked or within(at, source.shape):
            copy_small(target[i], source[at])
        else:
            good = False
        i += 1
    return good


def copy_small(target, source):
    """As `copy_part`, in little code."""
    i = 0
    while rarely() and i < target.shape[0]:
        if target.ndim == 1:
            target[i] = source[i]
        else:
            copy_small(target[i], source[i])
        i += 1


def raw(indices, i):
    """The positions that the arrays give at `i`, as they are."""
    if len(indices) == 0:
        return ()
    return (int(indices[0][i].astype(np.int64)),) + raw(indices[1:], i)


def plain(indices, start, stop, shape):
    """Whether the positions between two places count from the beginning and are in range."""
    if len(indices) == 0:
        return True
    index, last = indices[0], shape[0] - 1
    signs = 0
    for i in range(start, stop):
        at = int(index[i].astype(np.int64))
        signs |= at | (last - at)
    return signs >= 0 and plain(indices[1:], start, stop, shape[1:])


def cast_part(target, source):
    """Casts elements to those of `target`; both have one shape and share no memory."""
    if target.ndim == 1:
        for i in range(target.shape[0]):
            target[i] = source[i].astype(target.dtype)
    else:
        for i in range(target.shape[0]):
            cast_part(target[i], source[i])


@implements("coachwhip.lib.scatter")
def scatter(target, source, indices, lead, straight):
    """Stores `source` where `indices`, which are in range, say, after as many axes as `lead` has items; the last wins."""
    if len(lead) > 0:
        for i in range(target.shape[0]):
            scatter(target[i], source[i], indices, lead[1:], straight)
    elif indices[0].ndim > 1:
        for i in range(indices[0].shape[0]):
            scatter(target, source[i], part(indices, i), lead, straight)
    elif target.ndim > len(indices):
        for i in range(indices[0].shape[0]):
            cast_part(target[places(indices, i, target.shape)], source[i])
    elif straight:
        for i in range(indices[0].shape[0]):
            target[raw(indices, i)] = source[i].astype(target.dtype)
    else:
        i = 0
        while rarely() and i < indices[0].shape[0]:
            target[places(indices, i, target.shape)] = source[i].astype(target.dtype)
            i += 1


def fill_part(target, value):
    """Stores `value`, an element of the array's dtype, everywhere."""
    if target.ndim == 1:
        for i in range(target.shape[0]):
            target[i] = value
    else:
        for i in range(target.shape[0]):
            fill_part(target[i], value)


@implements("coachwhip.lib.scatter_one")
def scatter_one(target, value, indices, lead, straight):
    """Stores one element where `indices`, which are in range, say, after as many axes as `lead` has items."""
    if len(lead) > 0:
        for i in range(target.shape[0]):
            scatter_one(target[i], value, indices, lead[1:], straight)
    elif indices[0].ndim > 1:
        for i in range(indices[0].shape[0]):
            scatter_one(target, value, part(indices, i), lead, straight)
    elif target.ndim > len(indices):
        for i in range(indices[0].shape[0]):
            fill_part(target[places(indices, i, target.shape)], value)
    elif straight:
        for i in range(indices[0].shape[0]):
            target[raw(indices, i)] = value
    else:
        i = 0
        while rarely() and i < indices[0].shape[0]:
            target[places(indices, i, target.shape)] = value
            i += 1


@implements("coachwhip.lib.count_true")
def count_true(array):
    """The number of elements that are not zero, of an array with an axis or more."""
    total = 0
    if array.ndim > 1:
        for i in range(array.shape[0]):
            total += count_true(array[i])
        return total
    size = array.shape[0]
    if is_mask(array):
        for start in range(0, size, CHUNK):
            total += mask_count(array[start:start + CHUNK])
        return total
    for start in range(0, size, 32768):
        # Narrow counts make the most of vectors.
        found = np.uint16(0)
        for i in range(start, min(start + 32768, size)):
            found += array[i] != 0
        total += int(found)
    return total


def is_mask(array):
    """Whether an array is what the functions of the run time take: a constant."""
    return array.dtype == np.bool_ and contiguous(array)


@implements("coachwhip.lib.nonzero")
def nonzero(array, targets, at, end):
    """Stores the positions of elements that are not zero, one array for each axis, from `at`; returns where it stopped.

    `end` is where the last one goes, plus 1.
    """
    k = at
    if k == end:
        return k
    if array.ndim > 1:
        for i in range(array.shape[0]):
            stop = nonzero(array[i], targets[1:], k, end)
            for j in range(k, stop):
                targets[0][j] = i
            k = stop
        return k
    target = targets[0]
    size = array.shape[0]
    if is_mask(array) and contiguous(target):
        for start in range(0, size, CHUNK):
            k += mask_positions(array[start:start + CHUNK], target[k:], start)
        return k
    for start in range(0, size, 64):
        stop = min(start + 64, size)
        if k + 64 < end:
            for i in range(start, stop):
                target[k] = i
                k += int(array[i] != 0)
        else:
            for i in range(start, stop):
                if array[i] != 0 and k < end:
                    target[k] = i
                    k += 1
    return k


@implements("coachwhip.lib.compress")
def compress(mask, source, target, at, end):
    """Stores the elements of `source` where `mask`, of its shape, is not zero, from `at`; returns where it stopped."""
    k = at
    if k == end:
        return k
    if mask.ndim > 1:
        for i in range(mask.shape[0]):
            k = compress(mask[i], source[i], target, k, end)
        return k
    size = mask.shape[0]
    if is_mask(mask) and contiguous(source):
        for start in range(0, size, CHUNK):
            k += mask_compress(mask[start:start + CHUNK], source[start:start + CHUNK], target[k:])
        return k
    for start in range(0, size, 64):
        stop = min(start + 64, size)
        if k + 64 < end:
            for i in range(start, stop):
                target[k] = source[i]
                k += int(mask[i] != 0)
        else:
            for i in range(start, stop):
                if mask[i] != 0 and k < end:
                    target[k] = source[i]
                    k += 1
    return k


@implements("coachwhip.lib.expand")
def expand(mask, target, source, at):
    """Casts the items of `source` from `at` to the elements of `target` where `mask` is true; returns where it stopped."""
    k = at
    if mask.ndim > 1:
        for i in range(mask.shape[0]):
            k = expand(mask[i], target[i], source, k)
        return k
    size = mask.shape[0]
    if is_mask(mask) and contiguous(target) and contiguous(source) and target.dtype == source.dtype:
        for start in range(0, size, CHUNK):
            k += mask_expand(mask[start:start + CHUNK], source[k:], target[start:start + CHUNK])
        return k
    count = source.shape[0]
    for i in range(size):
        if mask[i] and k < count:
            target[i] = source[k].astype(target.dtype)
            k += 1
    return k


@implements("coachwhip.lib.fill_where")
def fill_where(mask, target, value):
    """Stores one element of the array's dtype where `mask`, of its shape, is true."""
    if mask.ndim > 1:
        for i in range(mask.shape[0]):
            fill_where(mask[i], target[i], value)
    else:
        for i in range(mask.shape[0]):
            if mask[i]:
                target[i] = value


@implements("coachwhip.lib.wrap_positions")
def wrap_positions(index, size):
    """Takes positions, in place, modulo the size of their axis."""
    if size > 0:
        for i in range(index.shape[0]):
            at = int(index[i])
            if at < 0 or at >= size:
                index[i] = at % size


@implements("coachwhip.lib.clip_positions")
def clip_positions(index, size):
    """Moves positions, in place, to the nearest ones on an axis of this size."""
    for i in range(index.shape[0]):
        at = int(index[i])
        index[i] = max(min(at, size - 1), 0)


def store_at(target, at, rest, value):
    """Stores an element by its position in C order; `rest` is the size of each item of the first axis."""
    if target.ndim == 0:
        target[()] = value.astype(target.dtype)
    elif target.ndim == 1:
        target[at] = value.astype(target.dtype)
    else:
        inner = rest // target.shape[1]
        store_at(target[at // rest], at % rest, inner, value)


@implements("coachwhip.lib.put")
def put(target, index, values, size):
    """Stores values, in turn, at positions in C order, which are in range; there is at least one value."""
    rest = size // target.shape[0] if target.ndim > 0 and size > 0 else 1
    count = values.shape[0]
    if count >= index.shape[0]:
        for i in range(index.shape[0]):
            store_at(target, place(index[i], size), rest, values[i])
    elif count == 1:
        value = values[0]
        for i in range(index.shape[0]):
            store_at(target, place(index[i], size), rest, value)
    else:
        k = 0
        for i in range(index.shape[0]):
            store_at(target, place(index[i], size), rest, values[k])
            k += 1
            if k == count:
                k = 0


@implements("coachwhip.lib.take_along")
def take_along(target, source, index, straight):
    """Gathers along the last axis; the other axes have the same sizes."""
    if target.ndim > 1:
        for i in range(target.shape[0]):
            take_along(target[i], source[i], index[i], straight)
    elif straight:
        for i in range(target.shape[0]):
            target[i] = source[index[i].astype(np.int64)]
    else:
        i, size = 0, source.shape[0]
        while rarely() and i < target.shape[0]:
            target[i] = source[place(index[i], size)]
            i += 1


@implements("coachwhip.lib.put_along")
def put_along(target, source, index):
    """Scatters along the last axis; the other axes have the same sizes."""
    if target.ndim > 1:
        for i in range(target.shape[0]):
            put_along(target[i], source[i], index[i])
    else:
        size = target.shape[0]
        for i in range(index.shape[0]):
            target[place(index[i], size)] = source[i].astype(target.dtype)


@implements("coachwhip.lib.are_choices")
def are_choices(index, count):
    """Whether every element is a position that counts from the beginning, of so many."""
    good = True
    if index.ndim > 1:
        for i in range(index.shape[0]):
            good &= are_choices(index[i], count)
    else:
        for i in range(index.shape[0]):
            at = int(index[i].astype(np.int64))
            good &= (at >= 0) & (at < count)
    return good


def choice(choices, k, i):
    """Item `i` of choice `k`."""
    if len(choices) == 1:
        return choices[0][i]
    return choices[0][i] if k == 0 else choice(choices[1:], k - 1, i)


@implements("coachwhip.lib.choose")
def choose(target, index, choices):
    """For each element that of the choice which `index` names; all have one shape."""
    if target.ndim > 1:
        for i in range(target.shape[0]):
            choose(target[i], index[i], part(choices, i))
    else:
        for i in range(target.shape[0]):
            target[i] = choice(choices, int(index[i].astype(np.int64)), i)


@implements("coachwhip.lib.choose_rows")
def choose_rows(target, index, rows):
    """For each element that of the row which `index` names; each row has the shape of both."""
    if target.ndim > 1:
        for i in range(target.shape[0]):
            choose_rows(target[i], index[i], rows[:, i])
    else:
        for i in range(target.shape[0]):
            target[i] = rows[int(index[i].astype(np.int64)), i]
