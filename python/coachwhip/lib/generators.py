"""Iterators as objects: generators of the library."""
from coachwhip.lib import implements
from coachwhip.lib.compiler import refuse


@implements("coachwhip.lib.generators.over")
def over(iterator):
    """The items of an iterator, each when it is asked for."""
    for item in iterator:
        yield item


@implements("coachwhip.lib.generators.kept")
def kept(function, iterable):
    """`filter`: the items for which the function gives something true, or that are true."""
    for item in iterable:
        if function is None:
            if item:
                yield item
        elif function(item):
            yield item


@implements("coachwhip.lib.generators.contains")
def contains(iterator, wanted):
    """`wanted in iterator`: what comes after the item is not looked at."""
    for item in iterator:
        if item == wanted:
            return True
    return False


@implements("numpy.ndenumerate")
def ndenumerate(arr):
    """Pairs of index and element, in C order.

    Limits: arrays of up to four axes.
    """
    if arr.ndim == 0:
        yield (), arr[()]
    elif arr.ndim == 1:
        for i in range(arr.shape[0]):
            yield (i,), arr[i]
    elif arr.ndim == 2:
        for i in range(arr.shape[0]):
            for j in range(arr.shape[1]):
                yield (i, j), arr[i, j]
    elif arr.ndim == 3:
        for i in range(arr.shape[0]):
            for j in range(arr.shape[1]):
                for k in range(arr.shape[2]):
                    yield (i, j, k), arr[i, j, k]
    elif arr.ndim == 4:
        for i in range(arr.shape[0]):
            for j in range(arr.shape[1]):
                for k in range(arr.shape[2]):
                    for m in range(arr.shape[3]):
                        yield (i, j, k, m), arr[i, j, k, m]
    else:
        refuse("np.ndenumerate() of more than four axes is not supported")


@implements("numpy.ndindex")
def ndindex(*shape):
    """The indices of an array of some shape, in C order.

    Limits: up to four axes; sizes are integers, or one tuple of them.
    """
    if len(shape) == 1 and isinstance(shape[0], tuple):
        return indices_of(checked(shape[0]))
    return indices_of(checked(shape))


def checked(shape):
    for size in shape:
        if size < 0:
            raise ValueError("negative dimensions are not allowed")
    return shape


def indices_of(shape):
    if len(shape) == 0:
        yield ()
    elif len(shape) == 1:
        for i in range(shape[0]):
            yield (i,)
    elif len(shape) == 2:
        for i in range(shape[0]):
            for j in range(shape[1]):
                yield i, j
    elif len(shape) == 3:
        for i in range(shape[0]):
            for j in range(shape[1]):
                for k in range(shape[2]):
                    yield i, j, k
    elif len(shape) == 4:
        for i in range(shape[0]):
            for j in range(shape[1]):
                for k in range(shape[2]):
                    for m in range(shape[3]):
                        yield i, j, k, m
    else:
        refuse("np.ndindex() of more than four axes is not supported")
