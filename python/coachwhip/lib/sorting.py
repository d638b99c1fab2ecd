"""Sorting, selecting and searching.

The functions of the run time sort one contiguous line of numbers; everything else is brought into that form.  NaN comes last, and
complex numbers go by their real parts first, as in NumPy.
"""
import numpy as np

from coachwhip import _core
from coachwhip.lib import implements, kinds, tested
from coachwhip.lib.axes import normal_axis, to_back
from coachwhip.lib.compiler import (
    constant,
    contiguous,
    refuse,
    select,
    select_positions,
    sort,
    sort_positions,
    writeable,
)

HALVES = _core.follows("searches_halve")

def is_stable(kind, order, stable):
    """Whether equal elements must keep their order; refuses what NumPy refuses."""
    kind, stable = constant(kind, "kind"), constant(stable, "stable")
    if kind is not None and not isinstance(kind, str):
        refuse("sort kind must be a str")
    keeps = kind in ("stable", "mergesort", "s", "m")
    if not keeps and kind is not None and kind not in ("quicksort", "heapsort", "quick", "heap", "q", "h"):
        raise ValueError(f"sort kind must be one of 'quick', 'heap', or 'stable' (got '{kind}')")
    if kind is not None and stable is not None:
        raise ValueError("`kind` and keyword parameters can't be provided at the same time. Use only one of them.")
    if order is not None:
        raise ValueError("Cannot specify order when the array has no fields.")
    return keeps or (stable is not None and bool(stable))


@implements("numpy.sort", separate=("axis",))
@tested(kinds.array(1, 2, 3, values="distinct"), axis=(0, 1, -1, None, 2), kind=("quicksort", "heapsort", None))
@tested(kinds.array(1, 2), axis=(0, -1, None), kind=kinds.always("stable", "mergesort"))
@tested(kinds.array(1, 2, dtypes=("float64", "int16"), values="nan"), stable=(True, False, None), axis=(0, -1))
@tested(kinds.array(0, 1, dtypes=("int32",)), kind=("foo", "stable"), order=("x", None), stable=(True,))
def sort_(a, axis=-1, kind=None, order=None, *, stable=None):
    """A sorted copy.  Only zeros of both signs show whether a sort is stable; where it need not be, `-0.0` comes first.

    Limits: axis, kind and stable are known when compiling.
    """
    a = np.asarray(a)
    if axis is None:
        result = a.flatten()
        sort_in_place(result, -1, kind, order, stable=stable)
    else:
        result = np.copy(a, order="K")
        sort_in_place(result, axis, kind, order, stable=stable)
    return result


@implements(method="sort", separate=("axis",))
@tested(kinds.array(1, 2, 3, values="distinct"), axis=(0, 1, -1, 2), kind=("quicksort", None))
@tested(kinds.array(1, 2), axis=(0, -1), kind=kinds.always("stable"))
def sort_in_place(a, axis=-1, kind=None, order=None, *, stable=None):
    """Sorts an array in place.

    Limits: axis, kind and stable are known when compiling.
    """
    keeps = is_stable(kind, order, stable)
    place = normal_axis(axis, a.ndim)
    if not writeable(a):
        raise ValueError("sort array is read-only")
    sort_lines(to_back(a, place), keeps)


def sort_lines(a, keeps):
    """Sorts along the last axis."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            sort_lines(a[i], keeps)
    elif keeps and a.dtype.kind in "fc":
        # Zeros of both signs are equal, so that their order can be seen.
        a[:] = gathered(a, positions(a))
    elif contiguous(a):
        sort(a, np.empty(a.size, a.dtype))
    else:
        line = a.copy()
        sort(line, np.empty(a.size, a.dtype))
        a[:] = line


def positions(a):
    """The positions that sort an array of one dimension; equal elements keep their order."""
    found = np.empty(a.size, np.int64)
    if contiguous(a):
        sort_positions(a, found, np.empty(4 * a.size, np.uint64))
    else:
        sort_positions(a.copy(), found, np.empty(4 * a.size, np.uint64))
    return found


@implements("numpy.argsort", method="argsort", separate=("axis",))
@tested(kinds.array(1, 2, 3, values="distinct"), axis=(0, 1, -1, None, 2), kind=("quicksort", "heapsort"))
@tested(kinds.array(0, 1, 2), axis=(0, -1, None), kind=kinds.always("stable", "mergesort"))
@tested(kinds.array(1, 2, dtypes=("float64", "int16")), stable=kinds.always(True), axis=(0, -1))
def argsort(a, axis=-1, kind=None, order=None, *, stable=None):
    """The positions that sort an array along an axis.  Equal elements keep their order, whatever the kind.

    Limits: axis, kind and stable are known when compiling.
    """
    a = np.asarray(a)
    is_stable(kind, order, stable)
    if axis is None:
        return argsort(a.ravel(), -1, kind, order, stable=stable)
    if a.ndim == 0:
        return argsort(a.reshape(1), axis, kind, order, stable=stable)
    place = normal_axis(axis, a.ndim)
    result = np.empty(a.shape, np.int64)
    argsort_lines(to_back(a, place), to_back(result, place))
    return result


def argsort_lines(a, result):
    """Fills the result along the last axis."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            argsort_lines(a[i], result[i])
    else:
        result[:] = positions(a)


def places_of(kth, length):
    """The places to select, ascending, counted from the front."""
    given = np.asarray(kth)
    if given.ndim > 1:
        raise ValueError("object too deep for desired array")
    if given.dtype.kind == "b":
        raise ValueError("Booleans unacceptable as partition index")
    if given.dtype.kind not in "iu":
        raise TypeError("Partition index must be integer")
    places = given.ravel().astype(np.int64)
    for i in range(places.size):
        if places[i] < 0:
            places[i] += length
        if length > 0 and (places[i] < 0 or places[i] >= length):
            raise ValueError(f"kth(={int(places[i])}) out of bounds ({length})")
    sort(places, places[:0])
    return places


def check_selection(kind, order):
    """Refuses what NumPy refuses."""
    kind = constant(kind, "kind")
    if order is not None:
        raise ValueError("Cannot specify order when the array has no fields.")
    if kind is None:
        raise TypeError("select kind must be str, not NoneType")
    if kind != "introselect":
        raise ValueError(f"select kind must be 'introselect' (got '{kind}')")


@implements("numpy.partition", separate=("axis",))
def partition(a, kth, axis=-1, kind="introselect", order=None):
    """A copy in which each place in `kth`, an int or several, has the element that sorting would bring there.

    Limits: the order of the other elements is not NumPy's; axis and kind are known when compiling.
    """
    a = np.asarray(a)
    if axis is None:
        result = a.flatten()
        partition_in_place(result, kth, -1, kind, order)
    else:
        result = np.copy(a, order="K")
        partition_in_place(result, kth, axis, kind, order)
    return result


@implements(method="partition", separate=("axis",))
def partition_in_place(a, kth, axis=-1, kind="introselect", order=None):
    """Partitions an array in place; see `numpy.partition`."""
    check_selection(kind, order)
    place = normal_axis(axis, a.ndim)
    if not writeable(a):
        raise ValueError("partition array is read-only")
    partition_lines(to_back(a, place), places_of(kth, a.shape[place]))


def partition_lines(a, places):
    """Partitions along the last axis."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            partition_lines(a[i], places)
    elif contiguous(a):
        select_all(a, places)
    else:
        line = a.copy()
        select_all(line, places)
        a[:] = line


def select_all(line, places):
    """Selects one place after the other, each in what is left."""
    start = 0
    for place in places:
        select(line[start:], int(place) - start)
        start = int(place)


@implements("numpy.argpartition", method="argpartition", separate=("axis",))
def argpartition(a, kth, axis=-1, kind="introselect", order=None):
    """The positions of the elements as `numpy.partition` brings them together.

    Limits: the order of the other elements is not NumPy's; axis and kind are known when compiling.
    """
    a = np.asarray(a)
    if axis is None:
        return argpartition(a.ravel(), kth, -1, kind, order)
    if a.ndim == 0:
        return argpartition(a.reshape(1), kth, axis, kind, order)
    check_selection(kind, order)
    place = normal_axis(axis, a.ndim)
    result = np.empty(a.shape, np.int64)
    argpartition_lines(to_back(a, place), to_back(result, place), places_of(kth, a.shape[place]))
    return result


def argpartition_lines(a, result, places):
    """Fills the result along the last axis."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            argpartition_lines(a[i], result[i], places)
    elif len(places) == 1:
        found = np.empty(a.size, np.int64)
        scratch = np.empty(2 * a.size, np.uint64)
        if contiguous(a):
            select_positions(a, int(places[0]), found, scratch)
        else:
            select_positions(a.copy(), int(places[0]), found, scratch)
        result[:] = found
    else:
        result[:] = positions(a)


def less(x, y):
    """NumPy's order of two numbers of one dtype: NaN last."""
    if x.dtype.kind == "f":
        return x < y or (y != y and x == x)
    if x.dtype.kind == "c":
        return less_complex(x, y)
    return x < y


def less_complex(x, y):
    """By real parts, then by imaginary ones; a part that is NaN last."""
    if x.real < y.real:
        return x.imag == x.imag or y.imag != y.imag
    if x.real > y.real:
        return y.imag != y.imag and x.imag == x.imag
    if x.real == y.real or (x.real != x.real and y.real != y.real):
        return x.imag < y.imag or (y.imag != y.imag and x.imag == x.imag)
    return y.real != y.real


@implements("numpy.searchsorted", method="searchsorted")
@tested(kinds.array(1, values="sorted"), (kinds.array(1, 2, 0), 3, 2.5), side=("left", "right"))
@tested(kinds.array(1, values="sorted", dtypes=("float64", "int8")), kinds.scalar(*kinds.ALL, python=(3, 2.5)))
@tested(kinds.array(1, dtypes=("float32", "int64")), kinds.array(1, dtypes=("float32", "float64")), side=("right",),
        sorter=kinds.array(1, dtypes=kinds.INTS, values="distinct"))
@tested(kinds.array(0, 2, dtypes=("int64",)), 3, side=("left", "foo"))
def searchsorted(a, v, side="left", sorter=None):
    """Where the values of `v` belong in a sorted array of one dimension; `sorter` sorts one that is not.

    Limits: side is known when compiling.
    """
    a = np.asarray(a)
    keys = np.asarray(v)
    side = constant(side, "side")
    if not isinstance(side, str):
        refuse("search side must be a str")
    if side not in ("left", "right"):
        raise ValueError(f"search side must be 'left' or 'right' (got '{side}')")
    if a.ndim > 1:
        raise ValueError("object too deep for desired array")
    if a.ndim == 0:
        raise ValueError("object of too small depth for desired array")
    check_sorter(a, sorter)
    kind = np.result_type(a, keys)
    if keys.ndim == 0:
        found = np.empty(1, np.int64)
        search(a, keys.reshape(1), side, sorter, found, kind)
        return found[0]
    result = np.empty(keys.shape, np.int64)
    search(a, keys.ravel(), side, sorter, result.reshape(-1), kind)
    return result


def check_sorter(a, sorter):
    """Refuses a sorter that NumPy refuses."""
    if sorter is not None:
        if sorter.dtype.kind not in "iu":
            raise TypeError("sorter must only contain integers")
        if sorter.ndim != 1:
            raise TypeError("could not parse sorter argument")
        if sorter.dtype == np.uint64:
            raise ValueError("could not parse sorter argument")
        if sorter.size != a.size:
            raise ValueError("sorter.size must equal a.size")


def search(a, keys, side, sorter, found, kind):
    """NumPy's own way through the array, which shows where that is not sorted."""
    if HALVES:
        halve(a, keys, side, sorter, found, kind)
    else:
        go_on(a, keys, side, sorter, found, kind)


def halve(a, keys, side, sorter, found, kind):
    """Every search halves the whole array, so that all take the same number of steps."""
    n = a.size
    found[:] = 0
    if n > 0:
        element(a, sorter, n >> 1)  # NumPy looks there even if nothing is searched for
        for i in range(keys.size):
            key = keys[i].astype(kind)
            base, length = 0, n
            while length > 1:
                half = length >> 1
                length -= half
                value = element(a, sorter, base + half).astype(kind)
                if (less(value, key) if side == "left" else not less(key, value)):
                    base += half
            value = element(a, sorter, base).astype(kind)
            found[i] = base + 1 if (less(value, key) if side == "left" else not less(key, value)) else base


def go_on(a, keys, side, sorter, found, kind):
    """A search begins where the one before ended, if that is the right side."""
    n = a.size
    low, high = 0, n
    if keys.size > 0:
        last = keys[0].astype(kind)
        for i in range(keys.size):
            key = keys[i].astype(kind)
            if (less(last, key) if side == "left" else not less(key, last)):
                high = n
            else:
                low = 0
                high = high + 1 if high < n else n
            last = key
            while low < high:
                middle = low + ((high - low) >> 1)
                value = element(a, sorter, middle).astype(kind)
                if (less(value, key) if side == "left" else not less(key, value)):
                    low = middle + 1
                else:
                    high = middle
            found[i] = low


def element(a, sorter, place):
    """An element of the sorted array."""
    if sorter is None:
        return a[place]
    at = int(sorter[place])
    if at < 0 or at >= a.size:
        raise ValueError("Sorter index out of range.")
    return a[at]


@implements("numpy.unique", separate=("axis",))
@tested(kinds.array(0, 1, 2, 3, values="nan"))
@tested(kinds.array(1, 2, values="nan"), return_index=(True, False), return_inverse=(True,), return_counts=(True,))
@tested(kinds.array(1, 2, values="nan"), return_index=kinds.always(True), return_inverse=(True,), equal_nan=(False, True))
@tested(kinds.array(1, dtypes=("int64", "float32"), values="nan"), axis=(0, None, 1), return_counts=(True,))
def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True):
    """The distinct elements, ascending; with where each is first, how the array is made of them, how often each is there.

    Limits: an axis only of an array of one dimension; the flags are known when compiling.
    """
    ar = np.asarray(ar)
    if axis is not None:
        normal_axis(axis, ar.ndim)
        if ar.ndim > 1:
            refuse("unique() along an axis of an array of more dimensions is not supported: axis must be None")
    return_index = constant(return_index, "return_index")
    return_inverse = constant(return_inverse, "return_inverse")
    return_counts = constant(return_counts, "return_counts")
    flat = ar.flatten()
    if not (return_index or return_inverse or return_counts):
        sort(flat, np.empty(flat.size, flat.dtype))
        starts = starts_of_runs(flat, equal_nan)
        return gathered(flat, starts)
    order = positions(flat)
    inorder = gathered(flat, order)
    starts = starts_of_runs(inorder, equal_nan)
    values = (gathered(inorder, starts),)
    index = (gathered(order, starts),) if return_index else ()
    inverse = (inverse_of(order, starts).reshape(ar.shape),) if return_inverse else ()
    counts = (lengths_of_runs(starts, flat.size),) if return_counts else ()
    return values + index + inverse + counts


def starts_of_runs(line, equal_nan):
    """Where in a sorted line a value is not equal to the one before; all NaN are one value, if wanted."""
    count = 0
    starts = np.empty(line.size, np.int64)
    for i in range(line.size):
        if i == 0 or (line[i] != line[i - 1] and not (equal_nan and is_nan(line[i]) and is_nan(line[i - 1]))):
            starts[count] = i
            count += 1
    return starts[:count].copy()


def is_nan(x):
    """Whether a number is no number."""
    return x != x


def gathered(line, places):
    """The elements at these places."""
    result = np.empty(places.size, line.dtype)
    for i in range(places.size):
        result[i] = line[places[i]]
    return result


def inverse_of(order, starts):
    """For every element of the unsorted line the number of its run."""
    result = np.empty(order.size, np.int64)
    run = -1
    for i in range(order.size):
        if run + 1 < starts.size and starts[run + 1] == i:
            run += 1
        result[order[i]] = run
    return result


def lengths_of_runs(starts, size):
    """How long each run is."""
    result = np.empty(starts.size, np.int64)
    for i in range(starts.size):
        result[i] = (starts[i + 1] if i + 1 < starts.size else size) - starts[i]
    return result


@implements("numpy.diff", separate=("n", "axis"))
@tested(kinds.array(1, 2, 3), n=(0, 1, 2, 3), axis=(0, 1, -1, 2), _strides=False)
@tested(kinds.array(1, dtypes=("float64", "int16", "bool")), prepend=(0, 1.5, kinds.array(1)), append=(2, kinds.array(1)))
@tested(kinds.array(2, dtypes=("float32",)), prepend=(3, kinds.array(2)), axis=(0, 1), n=(2,), _strides=False)
@tested(kinds.array(0, 1, dtypes=("uint8",)), n=(-1, 1))
def diff(a, n=1, axis=-1, prepend=None, append=None):
    """The differences of neighbours along an axis, `n` times.

    Limits: n and axis are known when compiling.
    """
    n = constant(n, "n")
    if n == 0:
        return a
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n}")
    a = np.asarray(a)
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    place = normal_axis(axis, a.ndim)
    if prepend is None and append is None:
        return differences(a, n, place)
    parts = (*beside(a, prepend, place), a, *beside(a, append, place))
    return differences(np.concatenate(parts, axis=place), n, place)


def beside(a, values, place):
    """What is put before or after the array: nothing, an array, or a number all along."""
    if values is None:
        return ()
    given = np.asarray(values)
    if given.ndim > 0:
        return (given,)
    line = np.empty((*a.shape[:place], 1, *a.shape[place + 1:]), given.dtype)
    line[...] = given
    return (line,)


def differences(a, n, place):
    """The differences along an axis counted from the front."""
    n, place = constant(n, "n"), constant(place, "axis")
    if n == 0:
        return a
    before = (slice(None),) * place
    later, earlier = a[(*before, slice(1, None))], a[(*before, slice(None, -1))]
    if a.dtype == np.bool_:
        return differences(later != earlier, n - 1, place)
    return differences(later - earlier, n - 1, place)
