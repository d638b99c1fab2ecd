"""The loops of advanced indexing: gathering, scattering, masks.

The compiler's rules have checked shapes and broadcast the arrays of positions to one shape.  Indices count from the
end where they are negative.  A loop that stores through a position that moves is written without branches, since
which elements a mask takes cannot be predicted; for that it knows how many there are, and takes care at the last.
"""
import numpy as np

from coachwhip.lib import implements


def place(index, size):
    """A position that counts from the beginning."""
    at = int(index.astype(np.int64))
    return at + (size & (at >> 63))


@implements("coachwhip.lib.inside")
def inside(index, size):
    """Whether every element of `index`, which has an axis or more, is a position on an axis of this size."""
    good = True
    if index.ndim > 1:
        for i in range(index.shape[0]):
            good &= inside(index[i], size)
    else:
        for i in range(index.shape[0]):
            at = place(index[i], size)
            good &= (at >= 0) & (at < size)
    return good


@implements("coachwhip.lib.offender")
def offender(index, size):
    """Whether an element of `index` is no position on an axis of this size, and the first that is none."""
    if index.ndim > 1:
        for i in range(index.shape[0]):
            bad, at = offender(index[i], size)
            if bad:
                return True, at
    else:
        for i in range(index.shape[0]):
            at = place(index[i], size)
            if at < 0 or at >= size:
                return True, int(index[i].astype(np.int64))
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


def chosen(at, good):
    """The positions, or the first ones."""
    if len(at) == 0:
        return ()
    return (at[0] if good else 0,) + chosen(at[1:], good)


def has_none(shape, count):
    """Whether one of the first axes is empty."""
    if count == 0:
        return False
    return shape[0] == 0 or has_none(shape[1:], count - 1)


def copy_part(target, source):
    """Copies elements of one dtype; both have one shape and share no memory."""
    if target.ndim == 1:
        for i in range(target.shape[0]):
            target[i] = source[i]
    else:
        for i in range(target.shape[0]):
            copy_part(target[i], source[i])


@implements("coachwhip.lib.gather")
def gather(target, source, indices, lead, checked):
    """Copies what `indices` select behind the first `lead` axes; returns whether all were in range, if asked to check.

    What is out of range reads as something else, and nothing outside `source` is touched.
    """
    good = True
    if lead > 0:
        for i in range(target.shape[0]):
            gather(target[i], source[i], indices, lead - 1, checked)
    elif indices[0].ndim > 1:
        for i in range(target.shape[0]):
            good &= gather(target[i], source, part(indices, i), lead, checked)
    elif checked and has_none(source.shape, len(indices)):
        good = target.shape[0] == 0
    else:
        for i in range(target.shape[0]):
            at = places(indices, i, source.shape)
            if checked:
                fits = within(at, source.shape)
                good &= fits
                at = chosen(at, fits)
            if source.ndim == len(indices):
                target[i] = source[at]
            else:
                copy_part(target[i], source[at])
    return good


def cast_part(target, source):
    """Casts elements to those of `target`; both have one shape and share no memory."""
    if target.ndim == 1:
        for i in range(target.shape[0]):
            target[i] = source[i].astype(target.dtype)
    else:
        for i in range(target.shape[0]):
            cast_part(target[i], source[i])


@implements("coachwhip.lib.scatter")
def scatter(target, source, indices, lead):
    """Stores `source` where `indices`, which are in range, say, behind the first `lead` axes; the last store wins."""
    if lead > 0:
        for i in range(target.shape[0]):
            scatter(target[i], source[i], indices, lead - 1)
    elif indices[0].ndim > 1:
        for i in range(indices[0].shape[0]):
            scatter(target, source[i], part(indices, i), lead)
    else:
        for i in range(indices[0].shape[0]):
            at = places(indices, i, target.shape)
            if target.ndim == len(indices):
                target[at] = source[i].astype(target.dtype)
            else:
                cast_part(target[at], source[i])


def fill_part(target, value):
    """Stores `value`, an element of the array's dtype, everywhere."""
    if target.ndim == 1:
        for i in range(target.shape[0]):
            target[i] = value
    else:
        for i in range(target.shape[0]):
            fill_part(target[i], value)


@implements("coachwhip.lib.scatter_one")
def scatter_one(target, value, indices, lead):
    """Stores one element where `indices`, which are in range, say, behind the first `lead` axes."""
    if lead > 0:
        for i in range(target.shape[0]):
            scatter_one(target[i], value, indices, lead - 1)
    elif indices[0].ndim > 1:
        for i in range(indices[0].shape[0]):
            scatter_one(target, value, part(indices, i), lead)
    else:
        for i in range(indices[0].shape[0]):
            at = places(indices, i, target.shape)
            if target.ndim == len(indices):
                target[at] = value
            else:
                fill_part(target[at], value)


@implements("coachwhip.lib.count_true")
def count_true(array):
    """The number of elements that are not zero, of an array with an axis or more."""
    total = 0
    if array.ndim > 1:
        for i in range(array.shape[0]):
            total += count_true(array[i])
        return total
    size = array.shape[0]
    for start in range(0, size, 32768):
        # Narrow counts make the most of vectors.
        found = np.uint16(0)
        for i in range(start, min(start + 32768, size)):
            found += array[i] != 0
        total += int(found)
    return total


def count_few(array, start, stop):
    """The number of elements that are not zero between two positions, at most 64."""
    found = np.uint8(0)
    for i in range(start, stop):
        found += array[i] != 0
    return int(found)


@implements("coachwhip.lib.nonzero")
def nonzero(array, targets, at, end):
    """Stores the positions of elements that are not zero, one array for each axis, from `at`; returns where it stopped.

    `end` is where the last one goes, plus 1.
    """
    k = at
    if array.ndim > 1:
        for i in range(array.shape[0]):
            stop = nonzero(array[i], targets[1:], k, end)
            for j in range(k, stop):
                targets[0][j] = i
            k = stop
        return k
    target = targets[0]
    size = array.shape[0]
    for start in range(0, size, 64):
        stop = min(start + 64, size)
        found = count_few(array, start, stop)
        if found == 0:
            continue
        if k + found < end:
            for i in range(start, stop):
                target[k] = i
                k += int(array[i] != 0)
        else:
            for i in range(start, stop):
                if array[i] != 0:
                    target[k] = i
                    k += 1
    return k


@implements("coachwhip.lib.compress")
def compress(mask, source, target, at, end):
    """Stores the elements of `source` where `mask`, of its shape, is not zero, from `at`; returns where it stopped."""
    k = at
    if mask.ndim > 1:
        for i in range(mask.shape[0]):
            k = compress(mask[i], source[i], target, k, end)
        return k
    size = mask.shape[0]
    for start in range(0, size, 64):
        stop = min(start + 64, size)
        found = count_few(mask, start, stop)
        if found == 0:
            continue
        if found == 64:
            for i in range(64):
                target[k + i] = source[start + i]
            k += 64
        elif k + found < end:
            for i in range(start, stop):
                target[k] = source[i]
                k += int(mask[i] != 0)
        else:
            for i in range(start, stop):
                if mask[i] != 0:
                    target[k] = source[i]
                    k += 1
    return k


@implements("coachwhip.lib.expand")
def expand(mask, target, source, at, buffer):
    """Casts the items of `source` from `at` to the elements of `target` where `mask` is true; returns where it stopped.

    `buffer` holds 64 positions.
    """
    k = at
    if mask.ndim > 1:
        for i in range(mask.shape[0]):
            k = expand(mask[i], target[i], source, k, buffer)
        return k
    size = mask.shape[0]
    for start in range(0, size, 64):
        stop = min(start + 64, size)
        found = count_few(mask, start, stop)
        if found == 0:
            continue
        if found == 64:
            for i in range(64):
                target[start + i] = source[k + i].astype(target.dtype)
        else:
            j = 0
            for i in range(start, stop):
                buffer[j] = i
                j += int(mask[i] != 0)
            for i in range(found):
                target[buffer[i]] = source[k + i].astype(target.dtype)
        k += found
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
