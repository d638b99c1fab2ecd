"""The loops of `np.arange` and `np.linspace`, in NumPy's own arithmetic."""
import numpy as np

from coachwhip.lib import implements


@implements("coachwhip.lib.arange_counting")
def arange_counting(target, start, step):
    """Python ints at a distance; the one after the last, which is not stored, may wrap around."""
    value = start
    for i in range(target.shape[0]):
        target[i] = value
        value += step


@implements("coachwhip.lib.arange_int")
def arange_int(target, first, second):
    """Elements at the distance of the first two, in integers of the array's width, which wrap around."""
    step = second - first
    value = second
    for i in range(2, target.shape[0]):
        value = value + step
        target[i] = value


@implements("coachwhip.lib.arange_float")
def arange_float(target, first, second):
    """Elements at the distance of the first two, each computed from its position."""
    step = second - first
    for i in range(2, target.shape[0]):
        target[i] = first + i * step


@implements("coachwhip.lib.linspace")
def linspace(target, start, stop, div, endpoint):
    """Evenly spaced samples of the dtype of `start` and `stop`; returns their distance, NaN if there is none."""
    n = target.shape[0]
    delta = stop - start
    if div > 0:
        step = delta / div
        if step == 0:
            for i in range(n):
                target[i] = (step + i) / div * delta + start
        else:
            for i in range(n):
                target[i] = i * step + start
    else:
        step = delta * np.nan
        for i in range(n):
            target[i] = i * delta + start
    if endpoint and n > 1:
        target[n - 1] = stop
    return step


@implements("coachwhip.lib.floor_in_place")
def floor_in_place(target):
    """Rounds the samples of `linspace` down, where integers are wanted."""
    for i in range(target.shape[0]):
        target[i] = np.floor(target[i])
