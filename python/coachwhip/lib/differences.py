"""Differences of neighbours."""
import numpy as np

from coachwhip.lib import implements


def line(values):
    """Numbers or arrays as an array of one axis."""
    return np.ravel(np.asarray(values))


def check_end(ary, values, name):
    """What NumPy says where its rule forbids to put values at an end."""
    if values is not None and not np.can_cast(np.asarray(values).dtype, ary.dtype, "same_kind"):
        raise TypeError(f"dtype of `{name}` must be compatible with input `ary` under the `same_kind` rule.")


@implements("numpy.ediff1d")
def ediff1d(ary, to_end=None, to_begin=None):
    """The differences of successive elements, between what is to stand before and after them."""
    flat = line(ary)
    n = max(flat.shape[0] - 1, 0)
    check_end(flat, to_begin, "to_begin")
    check_end(flat, to_end, "to_end")
    before = 0 if to_begin is None else line(to_begin).shape[0]
    behind = 0 if to_end is None else line(to_end).shape[0]
    result = np.empty(before + n + behind, flat.dtype)
    if to_begin is not None:
        result[:before] = line(to_begin)
    for i in range(n):
        result[before + i] = flat[i + 1] - flat[i]
    if to_end is not None:
        result[before + n :] = line(to_end)
    return result
