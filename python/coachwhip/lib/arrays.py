"""Loops over arrays that assignments, copies and reshaping are made of."""
from coachwhip.lib import implements


@implements("coachwhip.lib.fill")
def fill(target, value):
    """Stores `value`, an element of the array's dtype, everywhere in `target`, which has an axis or more."""
    if target.ndim == 1:
        for i in range(target.shape[0]):
            target[i] = value
    else:
        for i in range(target.shape[0]):
            fill(target[i], value)


@implements("coachwhip.lib.assign")
def assign(target, source):
    """Casts the elements of `source` to those of `target`, to whose shape it broadcasts.

    Both have an axis or more, `source` has no more than `target`, and no element that is read is written.
    """
    n = target.shape[0]
    if source.ndim < target.ndim:
        for i in range(n):
            assign(target[i], source)
    elif target.ndim == 1:
        if source.shape[0] == n:
            for i in range(n):
                target[i] = source[i].astype(target.dtype)
        else:
            value = source[0].astype(target.dtype)
            for i in range(n):
                target[i] = value
    else:
        single = source.shape[0] != n
        for i in range(n):
            assign(target[i], source[0 if single else i])


@implements("coachwhip.lib.copy")
def copy(target, source):
    """Casts the elements of `source` to those of `target`: one axis of one length, no memory in common."""
    for i in range(target.shape[0]):
        target[i] = source[i].astype(target.dtype)


@implements("coachwhip.lib.contains")
def contains(array, value):
    """Whether any element of `array`, which has an axis or more, equals `value`."""
    for item in array:
        if array.ndim == 1:
            if item == value:
                return True
        elif contains(item, value):
            return True
    return False


@implements("coachwhip.lib.reshape_strides")
def reshape_strides(old_shape, old_strides, new_shape, new_strides, itemsize):
    """The strides of a view with another shape in C order; False if there is no such view.

    The four arrays are of int64; both shapes have the same number of elements.  Groups of old axes are
    matched with groups of new ones of the same size, as in NumPy's `_attempt_nocopy_reshape`; within a group
    the old axes must lie one inside the other.
    """
    size = 1
    for n in old_shape:
        size *= n
    if size == 0:
        step = itemsize
        for axis in range(len(new_shape) - 1, -1, -1):
            new_strides[axis] = step
            step *= max(int(new_shape[axis]), 1)
        return True
    # The old axes of size 1 do not matter: they are left out, in place.
    count = 0
    for axis in range(len(old_shape)):
        if old_shape[axis] != 1:
            old_shape[count] = old_shape[axis]
            old_strides[count] = old_strides[axis]
            count += 1
    old, new = 0, 0
    last = itemsize
    while old < count and new < len(new_shape):
        old_end, new_end = old + 1, new + 1
        old_size, new_size = old_shape[old], new_shape[new]
        while old_size != new_size:
            if new_size < old_size:
                new_size *= new_shape[new_end]
                new_end += 1
            else:
                old_size *= old_shape[old_end]
                old_end += 1
        for axis in range(old, old_end - 1):
            if old_strides[axis] != old_shape[axis + 1] * old_strides[axis + 1]:
                return False
        step = old_strides[old_end - 1]
        for axis in range(new_end - 1, new - 1, -1):
            new_strides[axis] = step
            step *= new_shape[axis]
        old, new = old_end, new_end
    # Trailing new axes of size 1 get the stride that NumPy gives them.
    if new > 0:
        last = int(new_strides[new - 1])
    for axis in range(new, len(new_shape)):
        new_strides[axis] = last
    return True
