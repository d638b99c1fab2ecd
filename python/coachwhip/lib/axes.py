"""Axes: their numbers made right, and indices that reach along one."""
import numpy as np
from numpy.exceptions import AxisError

from coachwhip.lib.compiler import constant, refuse


def normal_axis(axis, ndim):
    """An axis counted from the front; both are constants, and so is the result."""
    axis = constant(axis, "axis")
    ndim = constant(ndim, "ndim")
    if isinstance(axis, (bool, np.bool_)) or not isinstance(axis, (int, np.integer)):
        refuse("an axis is an int, and no bool")
    if axis < -ndim or axis >= ndim:
        raise AxisError(axis, ndim)
    return axis + ndim if axis < 0 else axis


def normal_axes(axes, ndim):
    """A tuple of axes counted from the front."""
    axes = constant(axes, "axis")
    if len(axes) == 0:
        return ()
    return (normal_axis(axes[0], ndim), *normal_axes(axes[1:], ndim))


def repeated(axes):
    """Whether an axis stands twice in a tuple of constants."""
    axes = constant(axes, "axis")
    if len(axes) < 2:
        return False
    if axes[0] in axes[1:]:
        return True
    return repeated(axes[1:])


def along(axis, index):
    """The index that is `index` along an axis and everything along those before it."""
    axis = constant(axis, "axis")
    return (*(slice(None),) * axis, index)


def to_front(a, axis):
    """A view with the axis first."""
    axis = constant(axis, "axis")
    if axis == 0:
        return a
    return a.transpose((axis, *counting(0, axis), *counting(axis + 1, a.ndim)))


def to_back(a, axis):
    """A view with the axis last."""
    axis = constant(axis, "axis")
    if axis == a.ndim - 1:
        return a
    return a.transpose((*counting(0, axis), *counting(axis + 1, a.ndim), axis))


def counting(start, stop):
    """A tuple of the ints from `start` to before `stop`, constants all."""
    start = constant(start, "start")
    stop = constant(stop, "stop")
    if start >= stop:
        return ()
    return (start, *counting(start + 1, stop))
