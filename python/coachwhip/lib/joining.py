"""Joining arrays, and adding axes to them."""
import numpy as np

from coachwhip.lib import implements, kinds, tested
from coachwhip.lib.axes import along, normal_axes, normal_axis, repeated
from coachwhip.lib.compiler import constant, empty_like_all

JOINED = kinds.several(kinds.array(1, 2, 3), kinds.array(1, 2, 3))


@implements("numpy.expand_dims")
@tested(kinds.array(1, 2, 3, 0), (0, -1, 1, (0, 2), (-1, 0), (1, 1), 7))
def expand_dims(a, axis):
    """A view with axes of length one at the places `axis`, an int or a tuple of ints.

    Limits: the axis is known when compiling.
    """
    a = np.asarray(a)
    axis = constant(axis, "axis")
    axes = axis if isinstance(axis, tuple) else (axis,)
    axes = normal_axes(axes, a.ndim + len(axes))
    if repeated(axes):
        raise ValueError("repeated axis")
    return a[new_axes(axes, 0, a.ndim + len(axes))]


def new_axes(axes, place, ndim):
    """The index that adds the axes."""
    axes, place, ndim = constant(axes, "axis"), constant(place, "place"), constant(ndim, "ndim")
    if place == ndim:
        return ()
    return (np.newaxis if place in axes else slice(None), *new_axes(axes, place + 1, ndim))


@implements("numpy.concatenate")
@tested(kinds.several(kinds.array(1), kinds.array(1)), axis=(0, -1, None), dtype=("float32", np.int64, complex))
@tested(kinds.several(kinds.array(2, values="small"), kinds.array(2), kinds.array(2)), axis=(0, 1, -1, None, 2),
        casting=("unsafe", "safe", "no"), dtype=("float64", "int16"))
@tested(kinds.several(kinds.array(1, 2, 3), kinds.array(2, 3)), axis=(0, 2, None))
@tested((kinds.array(2, 3, dtypes=("float64", "int8")), ()), axis=(0, 1, None))
@tested(kinds.several(kinds.array(1, values="small"), kinds.array(1, values="small")), axis=(0, None),
        out=kinds.array(1, dtypes=kinds.FLOATS, length=18, empty=False, layouts=("C", "strided")))
def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    """The arrays of a tuple or list, joined along an axis that they have; `axis=None` joins them flattened.

    Limits: axis, dtype and casting are known when compiling.
    """
    if isinstance(arrays, np.ndarray):
        if arrays.ndim == 0:
            raise TypeError("dispatcher for __array_function__ did not return an iterable")
        return rows_joined(arrays, axis, out, dtype, casting)
    if out is not None and dtype is not None:
        raise TypeError("concatenate() only takes `out` or `dtype` as an argument, but both were provided.")
    if len(arrays) == 0:
        raise ValueError("need at least one array to concatenate")
    if axis is None:
        parts, place = flat_all(arrays), 0
    else:
        parts = array_all(arrays)
        if parts[0].ndim == 0:
            raise ValueError("zero-dimensional arrays cannot be concatenated")
        place = normal_axis(axis, parts[0].ndim)
    first = parts[0]
    length = length_of(parts, first, place, 0)
    shape = (*first.shape[:place], length, *first.shape[place + 1:])
    target = target_of(arrays, parts, shape, out, dtype)
    put(target, parts, place, 0, casting)
    return target


def array_all(arrays):
    """The items as arrays."""
    if len(arrays) == 0:
        return ()
    return (np.asarray(arrays[0]), *array_all(arrays[1:]))


def flat_all(arrays):
    """The items as arrays of one dimension."""
    if len(arrays) == 0:
        return ()
    return (np.asarray(arrays[0]).ravel(), *flat_all(arrays[1:]))


def target_of(arrays, parts, shape, out, dtype):
    """Where the result goes: to `out`, which must have its shape, or a new array."""
    if out is not None:
        if out.ndim != len(shape):
            raise ValueError("Output array has wrong dimensionality")
        if out.shape != shape:
            raise ValueError("Output array is the wrong shape")
        return out
    return empty_like_all(parts, shape, np.result_type(*typed(arrays)) if dtype is None else np.dtype(dtype))


def typed(arrays):
    """The items as what their common type is made of: numbers and arrays as they are, sequences as arrays."""
    if len(arrays) == 0:
        return ()
    first = arrays[0]
    if isinstance(first, (tuple, list)):
        return (np.asarray(first), *typed(arrays[1:]))
    return (first, *typed(arrays[1:]))


def length_of(parts, first, place, at):
    """The length of the joined axis; every part must fit the first one."""
    place, at = constant(place, "axis"), constant(at, "at")
    if len(parts) == 0:
        return 0
    if parts[0].ndim != first.ndim:
        raise ValueError(
            "all the input arrays must have same number of dimensions, but the array at index 0 has "
            f"{first.ndim} dimension(s) and the array at index {at} has {parts[0].ndim} dimension(s)")
    for axis in range(first.ndim):
        if axis != place and parts[0].shape[axis] != first.shape[axis]:
            raise ValueError(
                "all the input array dimensions except for the concatenation axis must match exactly, but along "
                f"dimension {axis}, the array at index 0 has size {first.shape[axis]} and the array at index {at} "
                f"has size {parts[0].shape[axis]}")
    return parts[0].shape[place] + length_of(parts[1:], first, place, at + 1)


def check_cast(source, target, casting):
    """What NumPy says where its rule forbids a cast."""
    if not np.can_cast(source, target, casting):
        raise TypeError(f"Cannot cast array data from dtype('{source.name}') to dtype('{target.name}') according to "
                        f"the rule '{casting}'")


def put(target, parts, place, start, casting):
    """Copies the parts one after the other; each is first asked whether it may be cast."""
    place = constant(place, "axis")
    if len(parts) > 0:
        check_cast(parts[0].dtype, target.dtype, casting)
        stop = start + parts[0].shape[place]
        target[along(place, slice(start, stop))] = parts[0]
        put(target, parts[1:], place, stop, casting)


def rows_joined(rows, axis, out, dtype, casting):
    """What stands along the first axis of an array, joined."""
    if out is not None and dtype is not None:
        raise TypeError("concatenate() only takes `out` or `dtype` as an argument, but both were provided.")
    if rows.shape[0] == 0:
        raise ValueError("need at least one array to concatenate")
    if rows.ndim == 1:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    if axis is None:
        target = target_of((rows,), (rows.ravel(),), (rows.size,), out, dtype)
        check_cast(rows.dtype, target.dtype, casting)
        target[:] = rows.ravel()
        return target
    place = normal_axis(axis, rows.ndim - 1)
    first = rows[0]
    length = first.shape[place]
    shape = (*first.shape[:place], length * rows.shape[0], *first.shape[place + 1:])
    target = target_of((rows,), (first,), shape, out, dtype)
    check_cast(rows.dtype, target.dtype, casting)
    for i in range(rows.shape[0]):
        target[along(place, slice(i * length, (i + 1) * length))] = rows[i]
    return target


@implements("numpy.append")
@tested(kinds.array(1, 2, dtypes=("float64", "int8", "bool")), (kinds.array(1, 2), 3, 2.5), axis=(0, 1, None))
def append(arr, values, axis=None):
    """A new array with the values after those of `arr`, both flattened if no axis is given."""
    arr = np.asarray(arr)
    if axis is None:
        arr = arr.ravel()
        return concatenate((arr, np.ravel(np.asarray(values))), axis=arr.ndim - 1)
    return concatenate((arr, values), axis=axis)


@implements("numpy.stack")
@tested(kinds.several(kinds.array(0, 1, 2, dtypes=kinds.REAL), kinds.array(1, 2)), axis=(0, 1, -1, 3))
@tested(kinds.several(kinds.array(2), kinds.array(2)), axis=(0, 1, 2, -2), dtype=("complex64",))
def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    """The arrays of a tuple or list, of one shape, joined along a new axis."""
    if isinstance(arrays, np.ndarray):
        if arrays.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        parts = arrays
        if arrays.shape[0] == 0:
            raise ValueError("need at least one array to stack")
        place = normal_axis(axis, arrays.ndim)
        return rows_joined(arrays[(slice(None), *along(place, np.newaxis))], place, out, dtype, casting)
    if len(arrays) == 0:
        raise ValueError("need at least one array to stack")
    parts = array_all(arrays)
    if not same_shapes(parts[0], parts[1:]):
        raise ValueError("all input arrays must have the same shape")
    place = normal_axis(axis, parts[0].ndim + 1)
    return concatenate(with_axis(parts, place), axis=place, out=out, dtype=dtype, casting=casting)


def same_shapes(first, rest):
    """Whether all have the shape of the first."""
    if len(rest) == 0:
        return True
    if rest[0].ndim != first.ndim or rest[0].shape != first.shape:
        return False
    return same_shapes(first, rest[1:])


def with_axis(parts, place):
    """Every part with a new axis."""
    place = constant(place, "axis")
    if len(parts) == 0:
        return ()
    return (parts[0][along(place, np.newaxis)], *with_axis(parts[1:], place))


@implements("numpy.atleast_1d")
@tested(kinds.array(0, 1, 2))
@tested(kinds.array(0, 2, dtypes=("int8",)), (3, kinds.array(1, dtypes=kinds.FLOATS)))
def atleast_1d(*arys):
    """The arrays, numbers as arrays of one dimension; a tuple of several."""
    if len(arys) == 1:
        return one_dimensional(arys[0])
    return all_one_dimensional(arys)


def one_dimensional(ary):
    """The array with a dimension or more."""
    result = np.asarray(ary)
    return result.reshape(1) if result.ndim == 0 else result


def all_one_dimensional(arys):
    """Each of them."""
    if len(arys) == 0:
        return ()
    return (one_dimensional(arys[0]), *all_one_dimensional(arys[1:]))


@implements("numpy.atleast_2d")
@tested(kinds.array(0, 1, 2, 3))
@tested(kinds.array(0, 2, dtypes=("int8",)), (3, kinds.array(1, dtypes=kinds.FLOATS)))
def atleast_2d(*arys):
    """The arrays with two dimensions or more: of fewer, as one row; a tuple of several."""
    if len(arys) == 1:
        return two_dimensional(arys[0])
    return all_two_dimensional(arys)


def two_dimensional(ary):
    """The array with two dimensions or more."""
    result = np.asarray(ary)
    if result.ndim == 0:
        return result.reshape(1, 1)
    return result[np.newaxis, :] if result.ndim == 1 else result


def all_two_dimensional(arys):
    """Each of them."""
    if len(arys) == 0:
        return ()
    return (two_dimensional(arys[0]), *all_two_dimensional(arys[1:]))


@implements("numpy.vstack")
@tested(kinds.several(kinds.array(0, 1, 2), kinds.array(1, 2)), dtype=("float64",))
def vstack(tup, *, dtype=None, casting="same_kind"):
    """The arrays as rows, one below the other."""
    if isinstance(tup, np.ndarray):
        if tup.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        if tup.ndim < 3:
            return rows_joined(tup.reshape(tup.shape[0], 1, tup.size // max(tup.shape[0], 1)), 0, None, dtype, casting)
        return rows_joined(tup, 0, None, dtype, casting)
    return concatenate(all_two_dimensional(tup), 0, dtype=dtype, casting=casting)


@implements("numpy.hstack")
@tested(kinds.several(kinds.array(0, 1, 2), kinds.array(1, 2)), dtype=("float64",))
def hstack(tup, *, dtype=None, casting="same_kind"):
    """The arrays side by side: along the second axis, or the only one."""
    if isinstance(tup, np.ndarray):
        if tup.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        rows = tup.reshape(tup.shape[0], 1) if tup.ndim == 1 else tup
        return rows_joined(rows, 0 if rows.ndim == 2 else 1, None, dtype, casting)
    parts = all_one_dimensional(tup)
    if len(parts) == 0:
        raise ValueError("need at least one array to concatenate")
    if parts[0].ndim == 1:
        return concatenate(parts, 0, dtype=dtype, casting=casting)
    return concatenate(parts, 1, dtype=dtype, casting=casting)
