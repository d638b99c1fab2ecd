"""`cbrt`, `hypot` and `pow` of float32; the last two in float64, where one rounding is left."""
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
    place = exponent - (third + (third << 1))
    f = from_bits((bits & 8388607) | 1065353216)
    m = from_bits((bits & 8388607) | ((place + 126) << 23))
    p_a = fma(f, -1.1791587, 1.6722245)
    p_b = fma(f, -0.22419776, 0.7020133)
    f2 = f * f
    p_c = fma(f2, p_b, p_a)
    f4 = f2 * f2
    p = fma(f4, 0.029084757, p_c)
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
    p_a = fma(f, -0.7213475204277882, 1.4426950408894321)
    p_b = fma(f, -0.3606737651168686, 0.4808983465233903)
    p_c = fma(f, -0.24044879285047038, 0.28853907838863585)
    p_d = fma(f, -0.1803479457957512, 0.20609493429289266)
    p_e = fma(f, -0.14417237226524, 0.16043106538896656)
    p_f = fma(f, -0.1192007034127689, 0.12911281641839678)
    p_g = fma(f, -0.1250414339919405, 0.12593956257498518)
    f2 = f * f
    p_h = fma(f2, p_b, p_a)
    p_i = fma(f2, p_d, p_c)
    p_j = fma(f2, p_f, p_e)
    p_k = fma(f2, 0.06497243741621316, p_g)
    f4 = f2 * f2
    p_l = fma(f4, p_i, p_h)
    p_m = fma(f4, p_k, p_j)
    f8 = f4 * f4
    p = fma(f8, p_m, p_l)
    l = fma(f, p, np.float64(k))
    l = select(a < 1e300, l, a * 1e30)
    l = select(a == 0.0, -1e60, l)
    c = select(b > 1e40, 1e40, b)
    c = select(c < -1e40, -1e40, c)
    t = l * c
    t = select(t < -200.0, -200.0, t)
    t = select(t > 200.0, 200.0, t)
    shifted = t + BIG_SHIFTER
    r = t - (shifted - BIG_SHIFTER)
    q_a = fma(r, 0.24022650922482888, 0.6931471805533561)
    q_b = fma(r, 0.009618056649220604, 0.055504109302920455)
    q_c = fma(r, 0.00015461454424251823, 0.001333345296660481)
    r2 = r * r
    q_d = fma(r2, q_b, q_a)
    q_e = fma(r2, 1.5310541770770902e-05, q_c)
    r4 = r2 * r2
    q = fma(r4, q_e, q_d)
    r = from_bits(to_bits(fma(r, q, 1.0)) + (to_bits(shifted) << 52))
    whole = np.rint(b) == b
    half = 0.5 * b
    odd = whole & (np.rint(half) != half)
    negative = to_bits(x) < 0
    r = select(negative & odd, -r, r)
    r = select((x < 0.0) & (a < 1e300) & ~whole, math.nan, r)
    r = select((b == 0.0) | (x == 1.0), 1.0, r)
    return np.float32(r)
