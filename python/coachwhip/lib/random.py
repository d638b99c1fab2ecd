"""Random numbers of NumPy's global stream (`np.random.seed` and the functions beside it), bit for bit.

Python and compiled code share the state of the stream.  While such a function runs no other Python thread does.
"""
import math

import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.compiler import random_double, random_seed, refuse


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
