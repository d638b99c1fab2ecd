"""`asinh`, `acosh` and `atanh` of float32; the formulas are those of float64."""
import math

import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements
from coachwhip.lib.vecmath.single_exponential import L1, L2
from coachwhip.lib.vecmath.single_logarithm import log_tail

#: From there on `a**2 + 1` and `a**2 - 1` have the root `a`.
LARGE = 32768.0


def log_of_sum(high, low, more):
    """The logarithm of `2**more * (high + low)`, for sums from 1 on."""
    bits = to_bits(high)
    e = (bits - 1060439283) >> 23
    k = np.float32(e) + more
    g = from_bits(bits - (e << 23)) - 1.0
    # Twice 2**-k, so that it is a number for the largest arguments too.
    lost = (0.5 * low) * from_bits(1073741824 - (e << 23))
    f = g + lost
    lost = (g - f) + lost
    base = k * L1
    whole = base + f
    rest = (base - whole) + f
    return whole + (fma(k, L2, log_tail(f) + fma(-f, lost, lost)) + rest)


def root_rest(root, square, square_rest):
    """What the root of `square + square_rest` is more than `root`, the root of `square`."""
    return (fma(-root, root, square) + square_rest) * (np.float32(0.5) / root)


@implements("coachwhip.lib.vecmath.asinhf")
def asinhf(x):
    """Inverse hyperbolic sine."""
    a = abs(x)
    large = a > LARGE
    b = select(large, np.float32(1.0), a)
    s = b * b
    square = 1.0 + s
    bigger, smaller = select(s > 1.0, s, np.float32(1.0)), select(s > 1.0, np.float32(1.0), s)
    root = np.sqrt(square)
    rest = root_rest(root, square, ((bigger - square) + smaller) + fma(b, b, -s))
    u = root + b
    low = ((root - u) + b) + rest
    zero = np.float32(0.0)
    y = log_of_sum(select(large, a, u), select(large, zero, low), select(large, np.float32(1.0), zero))
    y = select(a < 1e-4, a, y)
    return np.copysign(select(a < math.inf, y, a), x)


@implements("coachwhip.lib.vecmath.acoshf")
def acoshf(x):
    """Inverse hyperbolic cosine."""
    large = x > LARGE
    b = select(large, np.float32(2.0), x)
    s = b * b
    most = s - 1.0
    s_rest = ((s - most) - 1.0) + fma(b, b, -s)
    square = most + s_rest
    s_rest = (most - square) + s_rest
    root = np.sqrt(square)
    zero = np.float32(0.0)
    rest = select(square > 0.0, root_rest(root, square, s_rest), zero)
    u = b + root
    low = ((b - u) + root) + rest
    y = log_of_sum(select(large, x, u), select(large, zero, low), select(large, np.float32(1.0), zero))
    y = select(x < math.inf, y, x)
    return select(x >= 1.0, y, np.float32(math.nan))


def atanh_tail(z):
    """`(atanh(s) - s) / s**3`, with `z = s**2`."""
    p = fma(z, 0.20000467, 0.3333333)
    q = fma(z, 0.12075305, 0.1425177)
    return fma(z * z, q, p)


@implements("coachwhip.lib.vecmath.atanhf")
def atanhf(x):
    """Inverse hyperbolic tangent."""
    a = abs(x)
    p, q = 1.0 + a, 1.0 - a
    p_rest, q_rest = (1.0 - p) + a, (1.0 - q) - a
    # The quotient is between 2**(k - 0.59) and 2**(k + 0.59).
    e = ((to_bits(p) - to_bits(q)) + 4194304) >> 23
    scale = from_bits((e << 23) + 1065353216)
    q, q_rest = q * scale, q_rest * scale
    k = np.float32(e) * np.float32(0.5)
    top, bottom = p - q, p + q
    top_rest = p_rest - q_rest
    larger, smaller = select(q > p, q, p), select(q > p, p, q)
    bottom_rest = ((larger - bottom) + smaller) + (p_rest + q_rest)
    number = top + top_rest
    top_rest = (top - number) + top_rest
    share = np.float32(1.0) / bottom
    s = number * share
    rest = fma(-s, bottom_rest, fma(-s, bottom, number) + top_rest) * share
    z = s * s
    base = k * L1
    whole = base + s
    low = fma(k, L2, (base - whole) + s)
    y = whole + fma(s * z, atanh_tail(z), low + rest)
    # Quotients lose subnormal numbers.
    y = select(a < 1e-4, a, y)
    y = select(a < 1.0, y, select(a == 1.0, np.float32(math.inf), np.float32(math.nan)))
    return np.copysign(y, x)
