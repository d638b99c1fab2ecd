"""`cbrt` and `hypot` of float64."""
import math

import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements

#: 1.5 * 2**52 and its bits.
SHIFTER, SHIFTER_BITS = 6755399441055744.0, 4843621399236968448


def inverse_root(m):
    """m**(-1/3) for m from 1 to 2, to 17 bits."""
    w = m * m
    p = fma(m, -1.5659656025714352, 1.7810391160651333)
    q = fma(m, -0.5978172648639974, 1.2437011711886554)
    return fma(w, fma(w, fma(m, -0.017016728425568742, 0.15605354936984017), q), p)


@implements("coachwhip.lib.vecmath.cbrt")
def cbrt(x):
    """The cube root."""
    size = abs(x)
    small = size < 2.2250738585072014e-308
    bits = to_bits(select(small, size * 18014398509481984.0, size))
    e = from_bits((bits >> 52) + SHIFTER_BITS) - (SHIFTER + 1023.0)
    # e = 3*third + left, with 0, 1 or 2 left.
    third = fma(e - 1.0, 0.3333333333333333, SHIFTER) - SHIFTER
    left = fma(third, -3.0, e)
    m = from_bits((bits & 4503599627370495) | 4607182418800017408)
    one, two = left > 0.5, left > 1.5
    z = m * select(two, 4.0, select(one, 2.0, 1.0))
    t = inverse_root(m) * select(two, 0.6299605249474366, select(one, 0.7937005259840998, 1.0))
    # z**(-1/3) to 50 bits, the root from it, and one step of Newton's from there.
    h = fma(-(z * t), t * t, 1.0)
    t = fma(t * h, fma(h, 0.2222222222222222, 0.3333333333333333), t)
    square = t * t
    c = z * square
    p = c * c
    rest = fma(fma(c, c, -p), -c, fma(-p, c, z))
    c = fma(rest, square * 0.3333333333333333, c)
    scale = from_bits(to_bits(third + (SHIFTER + 1023.0)) << 52)
    result = (c * scale) * select(small, 3.814697265625e-06, 1.0)
    return select((size > 0.0) & (size < math.inf), np.copysign(result, x), x)


@implements("coachwhip.lib.vecmath.hypot")
def hypot(x, y):
    """The square root of the sum of squares, without overflow on the way."""
    p, q = abs(x), abs(y)
    larger = p > q
    a, b = select(larger, p, q), select(larger, q, p)
    huge, tiny = a > 3.273390607896142e150, a < 3.054936363499605e-151
    scale = select(huge, 2.409919865102884e-181, select(tiny, 4.149515568880993e180, 1.0))
    back = select(huge, 4.149515568880993e180, select(tiny, 2.409919865102884e-181, 1.0))
    a, b = a * scale, b * scale
    first, second = a * a, b * b
    total = first + second
    rest = ((first - total) + second) + (fma(a, a, -first) + fma(b, b, -second))
    root = np.sqrt(total)
    error = fma(-root, root, total) + rest
    result = select(total == 0.0, a, fma(error, 0.5 / root, root)) * back
    return select((p == math.inf) | (q == math.inf), math.inf, result)
