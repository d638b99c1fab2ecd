"""Random numbers of NumPy's global stream (`np.random.seed` and the functions beside it), bit for bit.

Python and compiled code share the state of the stream.  While such a function runs no other Python thread does.
"""
import math

import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.compiler import random_double, random_interval, random_seed, refuse, writeable


@implements("numpy.random.seed")
def seed(seed=None):
    """Sets the stream, from an int or from the system's entropy.

    Limits: no arrays as seeds.  A bit generator set with `np.random.set_bit_generator` after the first use in compiled
    code is not seen.
    """
    if seed is None:
        random_seed(None)
    elif isinstance(seed, (int, np.integer)):
        random_seed(int(seed))
    elif isinstance(seed, np.ndarray):
        refuse("np.random.seed() of an array is not supported in compiled code: seed with an int")
    else:
        raise TypeError("Cannot cast scalar from dtype('float64') to dtype('int64') according to the rule 'safe'")


@implements("numpy.random.random_sample")
@implements("numpy.random.random")
def random_sample(size=None):
    """Numbers of [0, 1): one, or an array of them."""
    if size is None:
        return random_double()
    result = np.empty(size, np.float64)
    flat = result.reshape(-1)
    for i in range(flat.size):
        flat[i] = random_double()
    return result


@implements("numpy.random.sample")
@implements("numpy.random.ranf")
def sample(size=None):
    """The same as `numpy.random.random_sample`."""
    return random_sample(size)


@implements("numpy.random.rand")
def rand(*args):
    """Numbers of [0, 1) in an array whose sizes are the arguments; one without any."""
    if len(args) == 0:
        return random_double()
    return random_sample(args)


@implements("numpy.random.uniform")
def uniform(low=0.0, high=1.0, size=None):
    """Numbers of [low, high): one, or an array of them; both bounds may be arrays."""
    if isinstance(low, np.ndarray) or isinstance(high, np.ndarray):
        return uniform_between(low, high, size)
    low, high = float(low), float(high)
    span = high - low
    if not math.isfinite(span):
        raise OverflowError("Range exceeds valid bounds")
    if size is None:
        return low + span * random_double()
    result = np.empty(size, np.float64)
    flat = result.reshape(-1)
    for i in range(flat.size):
        flat[i] = low + span * random_double()
    return result


def uniform_between(low, high, size):
    """Between bounds that are arrays."""
    spans = np.asarray(high, np.float64) - np.asarray(low, np.float64)
    for span in np.ravel(spans):
        if not math.isfinite(span):
            raise OverflowError("Range exceeds valid bounds")
    result = np.empty(spans.shape if size is None else size, np.float64)
    lows, widths = np.empty(result.shape, np.float64), np.empty(result.shape, np.float64)
    lows[...] = low
    widths[...] = spans
    flat, first, width = result.reshape(-1), lows.reshape(-1), widths.reshape(-1)
    for i in range(flat.size):
        flat[i] = first[i] + width[i] * random_double()
    return result


@implements("numpy.random.shuffle")
def shuffle(x):
    """Puts the items of a list, or the elements along an array's first axis, in a random order."""
    if isinstance(x, np.ndarray):
        if not writeable(x):
            raise ValueError("array is read-only")
        if x.ndim > 1:
            shuffle_rows(x, x[0].copy())
        else:
            shuffle_items(x)
    else:
        shuffle_items(x)


def shuffle_items(x):
    """Of what has one axis."""
    for i in range(len(x) - 1, 0, -1):
        j = random_interval(i)
        item = x[i]
        x[i] = x[j]
        x[j] = item


def shuffle_rows(x, spare):
    """Of an array with several axes; `spare` has room for a row."""
    for i in range(len(x) - 1, 0, -1):
        j = random_interval(i)
        if i != j:
            spare[...] = x[j]
            x[j] = x[i]
            x[i] = spare


@implements("numpy.random.permutation")
def permutation(x):
    """The numbers below an int, or a copy of an array or list, in a random order."""
    if isinstance(x, (int, np.integer)):
        made = np.arange(x)
    else:
        made = np.array(x)
    shuffle(made)
    return made


@implements("numpy.random.randint")
def randint(low, high=None, size=None):
    """Whole numbers of [low, high), or of [0, low): one, or an array of them.

    Limits: ints as bounds; the dtype is that of int.
    """
    if high is None:
        return randint(0, low, size)
    if low >= high:
        raise ValueError("low >= high")
    low, most = int(low), int(high) - 1 - int(low)
    if size is None:
        return low + random_interval(most)
    result = np.empty(size, np.int64)
    flat = result.reshape(-1)
    for i in range(flat.size):
        flat[i] = low + random_interval(most)
    return result


@implements("numpy.random.choice")
def choice(a, size=None, replace=True):
    """Elements of an array or list, or numbers below an int, drawn at random: one, or an array of them.

    Limits: all are as likely (no `p`).
    """
    if isinstance(a, (int, np.integer)):
        if a <= 0 and not (size is not None and np.prod(size) == 0):
            raise ValueError("a must be greater than 0 unless no samples are taken")
        return drawn(int(a), size, replace)
    pool = np.asarray(a)
    if pool.ndim != 1:
        raise ValueError("a must be 1-dimensional")
    if pool.size == 0 and not (size is not None and np.prod(size) == 0):
        raise ValueError("'a' cannot be empty unless no samples are taken")
    return pool[drawn(pool.size, size, replace)]


def drawn(count, size, replace):
    """Positions below a count."""
    if replace:
        if size is None:
            return random_interval(count - 1)
        result = np.empty(size, np.int64)
        flat = result.reshape(-1)
        for i in range(flat.size):
            flat[i] = random_interval(count - 1)
        return result
    wanted = 1 if size is None else int(np.prod(size))
    if wanted > count:
        raise ValueError("Cannot take a larger sample than population when 'replace=False'")
    if wanted < 0:
        raise ValueError("Negative dimensions are not allowed")
    found = permutation(count)[:wanted]
    if size is None:
        return int(found[0])
    return found.reshape(size)
