"""`asinh`, `acosh` and `atanh` of float64.

`asinh(a) = log(a + sqrt(a**2 + 1))` and `acosh(a) = log(a + sqrt(a**2 - 1))`, the argument of the logarithm in two parts: what is
lost in the square, the root and the sum is known, so nothing cancels near 0 and near 1.
With `(1 + a) / (1 - a) = 2**k * m`, `2*atanh(a) = k*log(2) + 2*atanh(s)`, where `s = (m - 1) / (m + 1)` comes of one division.
"""
import math

import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements
from coachwhip.lib.vecmath.logarithm import ROOT_BITS, SHIFTER, SHIFTER_BITS, natural, ratio

#: From there on `a**2 + 1` and `a**2 - 1` have the root `a`.
LARGE = 1073741824.0
#: Half of log(2) in two parts; products of the first with whole numbers below 2**11 are exact.
HALF_LOG2_HIGH, HALF_LOG2_LOW = 0.34657359027994517, 2.7489615093541856e-14


def log_of_sum(high, low, more):
    """The logarithm of `2**more * (high + low)`, for sums from 1 on."""
    bits = to_bits(high)
    e = (bits - ROOT_BITS) >> 52
    k = from_bits(e + SHIFTER_BITS) - (SHIFTER - more)
    g = from_bits(bits - (e << 52)) - 1.0
    # Twice 2**-k, so that it is a number for the largest arguments too.
    lost = (0.5 * low) * from_bits(4611686018427387904 - (e << 52))
    f = g + lost
    s, rest = ratio(f, (g - f) + lost)
    return natural(k, s, rest)


def root_rest(root, square, square_rest):
    """What the root of `square + square_rest` is more than `root`, the root of `square`."""
    return (fma(-root, root, square) + square_rest) * (0.5 / root)


@implements("coachwhip.lib.vecmath.asinh")
def asinh(x):
    """The inverse hyperbolic sine."""
    a = abs(x)
    large = a > LARGE
    b = select(large, 1.0, a)
    s = b * b
    square = 1.0 + s
    bigger, smaller = select(s > 1.0, s, 1.0), select(s > 1.0, 1.0, s)
    root = np.sqrt(square)
    rest = root_rest(root, square, ((bigger - square) + smaller) + fma(b, b, -s))
    u = root + b
    low = ((root - u) + b) + rest
    y = log_of_sum(select(large, a, u), select(large, 0.0, low), select(large, 1.0, 0.0))
    y = select(a < 2e-9, a, y)
    return np.copysign(select(a < math.inf, y, a), x)


@implements("coachwhip.lib.vecmath.acosh")
def acosh(x):
    """The inverse hyperbolic cosine."""
    large = x > LARGE
    b = select(large, 2.0, x)
    s = b * b
    most = s - 1.0
    s_rest = ((s - most) - 1.0) + fma(b, b, -s)
    square = most + s_rest
    s_rest = (most - square) + s_rest
    root = np.sqrt(square)
    rest = select(square > 0.0, root_rest(root, square, s_rest), 0.0)
    u = b + root
    low = ((b - u) + root) + rest
    y = log_of_sum(select(large, x, u), select(large, 0.0, low), select(large, 1.0, 0.0))
    y = select(x < math.inf, y, x)
    return select(x >= 1.0, y, math.nan)


def atanh_tail(z):
    """`(atanh(s) - s) / s**3`, with `z = s**2`."""
    w = z * z
    p = fma(z, 0.2000000000002877, 0.333333333333333)
    q = fma(z, 0.11111112168929434, 0.14285714277759617)
    r = fma(z, 0.07695602983432755, 0.09090831578150892)
    t = fma(z, 0.06927224608292475, 0.06585978882626732)
    return fma(w * w, fma(w, t, r), fma(w, q, p))


@implements("coachwhip.lib.vecmath.atanh")
def atanh(x):
    """The inverse hyperbolic tangent."""
    a = abs(x)
    p, q = 1.0 + a, 1.0 - a
    p_rest, q_rest = (1.0 - p) + a, (1.0 - q) - a
    # The quotient is between 2**(k - 0.59) and 2**(k + 0.59).
    e = ((to_bits(p) - to_bits(q)) + 2251799813685248) >> 52
    scale = from_bits((e << 52) + 4607182418800017408)
    q, q_rest = q * scale, q_rest * scale
    k = from_bits(e + SHIFTER_BITS) - SHIFTER
    top, bottom = p - q, p + q
    top_rest = p_rest - q_rest
    larger, smaller = select(q > p, q, p), select(q > p, p, q)
    bottom_rest = ((larger - bottom) + smaller) + (p_rest + q_rest)
    number = top + top_rest
    top_rest = (top - number) + top_rest
    share = 1.0 / bottom
    s = number * share
    rest = fma(-s, bottom_rest, fma(-s, bottom, number) + top_rest) * share
    z = s * s
    large = k * HALF_LOG2_HIGH
    whole = large + s
    low = fma(k, HALF_LOG2_LOW, (large - whole) + s)
    y = whole + fma(s * z, atanh_tail(z), low + rest)
    # Quotients lose subnormal numbers.
    y = select(a < 1e-8, a, y)
    y = select(a < 1.0, y, select(a == 1.0, math.inf, math.nan))
    return np.copysign(y, x)
