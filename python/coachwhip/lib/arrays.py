"""Loops over arrays that membership, masked assignment and reshaping are made of."""
from coachwhip.lib import implements


@implements("coachwhip.lib.putmask")
def putmask(array, mask, values):
    """Sets the elements where `mask` holds to those of `values`, both in C order; `values` starts again at its end."""
    if mask.shape[0] != array.size:
        raise ValueError("putmask: mask and data must be the same size")
    count = values.shape[0]
    if count > 0:
        for i in range(array.size):
            if mask[i]:
                array.flat[i] = values[i % count]


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
