"""`sinh`, `cosh` and `tanh` of float64.

With `abs(x) = n*log(2) + r`, `S = sinh(r)` and `C = cosh(r) - 1`, and with `d` and `t` the difference and the sum of
2**n and 2**-n, `2*sinh(x) = d + d*C + t*S` and `2*cosh(x) = t + t*C + d*S`: no division, no cancellation.
"""
import math

import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements
from coachwhip.lib.vecmath.exponential import LOG2_HIGH, LOG2_LOW, PER_LOG2, SHIFTER

#: Above it, `sinh` and `cosh` overflow.
LARGEST = 710.4758600739439


def reduce(a):
    """`n` and the two parts of `r`, for `a` from 0 on."""
    n = fma(a, PER_LOG2, SHIFTER) - SHIFTER
    high = fma(n, -LOG2_HIGH, a)
    r = fma(n, -LOG2_LOW, high)
    return n, r, fma(n, -LOG2_LOW, high - r)


def odd_part(r, low, z):
    """`sinh(r + low) - r`, with `z = r**2`."""
    w = z * z
    p = fma(z, 0.008333333333333337, 0.16666666666666666)
    p = fma(w, fma(z, 2.7557319265166597e-06, 0.00019841269841253218), p)
    p = fma(w * w, fma(z, 1.6090813797355714e-10, 2.5052056810051697e-08), p)
    return fma(r * z, p, low)


def even_part(r, low, z):
    """`cosh(r + low) - 1`, with `z = r**2`."""
    w = z * z
    p = fma(z, 0.001388888888887348, 0.041666666666666685)
    p = fma(w, fma(z, 2.755725224102966e-07, 2.4801587348754592e-05), p)
    p = fma(w * w, 2.0921629332657214e-09, p)
    return fma(z, fma(z, p, 0.5), r * low)


def powers(n, exponent):
    """2**exponent times the difference and the sum of 2**n and 2**-n, each in two parts; `n` from 0 on."""
    up = from_bits(to_bits(n + (SHIFTER + (1023.0 + exponent))) << 52)
    m = select(n < 1000.0, n, 1000.0)
    down = from_bits(to_bits((SHIFTER + (1023.0 + exponent)) - m) << 52)
    d, t = up - down, up + down
    return d, (up - d) - down, t, (up - t) + down


def combine(first, first_rest, second, second_rest, r, odd, even):
    """`first * (1 + even) + second * (r + odd)` in two parts; the first factor is 0 or exceeds the second product."""
    p = second * r
    p_rest = fma(second_rest, r, fma(second, r, -p))
    whole = first + p
    rest = ((first - whole) + p) + (p_rest + first_rest)
    return whole, rest + fma(first, even, second * odd)


@implements("coachwhip.lib.vecmath.sinh")
def sinh(x):
    """The hyperbolic sine."""
    a = abs(x)
    n, r, low = reduce(a)
    z = r * r
    d, d_rest, t, t_rest = powers(n, -2.0)
    whole, rest = combine(d, d_rest, t, t_rest, r, odd_part(r, low, z), even_part(r, low, z))
    result = select(a < 1e-8, a, 2.0 * (whole + rest))
    return np.copysign(select(a <= LARGEST, result, a + math.inf), x)


@implements("coachwhip.lib.vecmath.cosh")
def cosh(x):
    """The hyperbolic cosine."""
    a = abs(x)
    n, r, low = reduce(a)
    z = r * r
    d, d_rest, t, t_rest = powers(n, -2.0)
    whole, rest = combine(t, t_rest, d, d_rest, r, odd_part(r, low, z), even_part(r, low, z))
    return select(a <= LARGEST, 2.0 * (whole + rest), a + math.inf)


@implements("coachwhip.lib.vecmath.tanh")
def tanh(x):
    """The hyperbolic tangent."""
    # From there on it is 1.
    a = abs(x)
    a = select(a > 22.0, 22.0, a)
    n, r, low = reduce(a)
    z = r * r
    d, d_rest, t, t_rest = powers(n, 0.0)
    odd, even = odd_part(r, low, z), even_part(r, low, z)
    sine, sine_rest = combine(d, d_rest, t, t_rest, r, odd, even)
    cosine, cosine_rest = combine(t, t_rest, d, d_rest, r, odd, even)
    high = cosine + cosine_rest
    cosine_rest = (cosine - high) + cosine_rest
    share = 1.0 / high
    top = sine + sine_rest
    sine_rest = (sine - top) + sine_rest
    q = top * share
    error = fma(-q, cosine_rest, fma(-q, high, top) + sine_rest)
    return np.copysign(fma(error, share, q), x)
