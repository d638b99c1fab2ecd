"""`cbrt`, `hypot` and `pow` of float32; the last two in float64, where one rounding is left.
"""
import math

import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements

#: 1.5 * 2**52: added to a number below 2**51, it leaves the nearest whole number in the low bits.
BIG_SHIFTER = 6755399441055744.0


@implements("coachwhip.lib.vecmath.cbrtf")
def cbrtf(x):
    """Cube root."""
    size = abs(x)
    small = size < 1.1754944e-38
    a = select(small, size * 16777216.0, size)
    bits = to_bits(a)
    exponent = bits >> 23
    third = (exponent * 171) >> 9
    place = exponent - third * 3
    f = from_bits((bits & 8388607) | 1065353216)
    m = from_bits((bits & 8388607) | ((place + 126) << 23))
    p = fma(f, 0.029085923, -0.2242061)
    p = fma(f, p, 0.702035)
    p = fma(f, p, -1.179183)
    p = fma(f, p, 1.6722344)
    y = p * select(place == 0, np.float32(1.2599211), select(place == 1, np.float32(1.0), 0.7937005))
    y = fma(y * 0.33333334, fma(-m * y, y * y, 1.0), y)
    square = y * y
    t = m * square
    t2 = t * t
    t2_low = fma(t, t, -t2)
    t3 = t2 * t
    rest = (m - t3) - fma(t2_low, t, fma(t2, t, -t3))
    t = fma(rest * square, 0.33333334, t)
    t = t * from_bits((third + select(small, np.int32(77), 85)) << 23)
    t = select((size < math.inf) & (size > 0.0), t, x)
    return np.copysign(t, x)


@implements("coachwhip.lib.vecmath.hypotf")
def hypotf(x, y):
    """Root of the sum of two squares."""
    a = np.float64(abs(x))
    b = np.float64(abs(y))
    r = np.sqrt(fma(a, a, b * b))
    r = select((a == math.inf) | (b == math.inf), math.inf, r)
    return np.float32(r)


@implements("coachwhip.lib.vecmath.powf")
def powf(x, y):
    """`x` to the power of `y`."""
    a = np.float64(abs(x))
    b = np.float64(y)
    bits = to_bits(a) - 4604544271217802189
    k = bits >> 52
    m = from_bits(to_bits(a) - (k << 52))
    f = m - 1.0
    f2 = f * f
    f4 = f2 * f2
    f8 = f4 * f4
    p = fma(f, -0.18034795186003943, 0.20609493374178875)
    p = fma(f, p, -0.24044879256997329)
    p = fma(f, p, 0.28853907840403886)
    p = fma(f, p, -0.36067376512279775)
    p = fma(f, p, 0.4808983465231738)
    p = fma(f, p, -0.7213475204277523)
    p = fma(f, p, 1.4426950408894328)
    p_1 = fma(f, 0.0649710965731085, -0.12504089065995336)
    p_1 = fma(f, p_1, 0.1259403115669248)
    p_1 = fma(f, p_1, -0.11920104077946475)
    p_1 = fma(f, p_1, 0.12911268256717567)
    p_1 = fma(f, p_1, -0.1441723060653066)
    p_1 = fma(f, p_1, 0.1604310768992766)
    p = fma(f8, p_1, p)
    l = fma(f, p, np.float64(k))
    l = select(a < 1e300, l, a * 1e30)
    l = select(a == 0.0, -1e60, l)
    c = select(abs(b) > 1e40, np.copysign(1e40, b), b)
    t = l * c
    t = select(t < -200.0, -200.0, t)
    t = select(t > 200.0, 200.0, t)
    shifted = t + BIG_SHIFTER
    r = t - (shifted - BIG_SHIFTER)
    q = fma(r, 1.5310081147666573e-05, 0.00015461450223911704)
    q = fma(r, q, 0.0013333454548140227)
    q = fma(r, q, 0.009618056661258655)
    q = fma(r, q, 0.055504109287543624)
    q = fma(r, q, 0.2402265092239666)
    q = fma(r, q, 0.6931471805537178)
    r = from_bits(to_bits(fma(r, q, 1.0)) + (to_bits(shifted) << 52))
    whole = np.rint(b) == b
    half = 0.5 * b
    odd = whole & (np.rint(half) != half)
    negative = to_bits(x) < 0
    r = select(negative & odd, -r, r)
    r = select((x < 0.0) & (a < 1e300) & ~whole, math.nan, r)
    r = select((b == 0.0) | (x == 1.0), 1.0, r)
    return np.float32(r)
