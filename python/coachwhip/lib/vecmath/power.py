"""`pow` of float64: log2 of the base to about 68 bits, times the exponent, to the power of 2.

With `s` as in `logarithm`, `log2(m) = s * (C + z * (D + z * P(z)))`; everything but P is computed in two parts.
"""
import math

import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements
from coachwhip.lib.vecmath.exponential import LN2, LN2_REST, SHIFTER, exp2_tail
from coachwhip.lib.vecmath.logarithm import take_apart

#: 2 / log(2) and a third of it.
C, C_REST = 2.8853900817779268, 4.0710547481862066e-17
D, D_REST = 0.9617966939259756, 5.0577616648125907e-17


def log2_tail(z):
    """P."""
    w = z * z
    p = fma(z, 0.41219858311112956, 0.5770780163555854)
    p = fma(w, fma(z, 0.26230818907130304, 0.3205988979763111), p)
    q = fma(z, 0.1923579987129388, 0.22195310295509335)
    q = fma(w, fma(z, 0.1503707898971875, 0.1697860688462832), q)
    v = w * w
    return fma(v, fma(v, 0.1588880345016674, q), p)


def log2_parts(x):
    """log2 of a positive finite number in two parts."""
    k, m = take_apart(x)
    f = m - 1.0
    d = 2.0 + f
    d_rest = (2.0 - d) + f
    s = f / d
    # 1/d is (1-s)/2.
    s_rest = fma(-s, d_rest, fma(-s, d, f)) * fma(-0.5, s, 0.5)
    z = s * s
    z_rest = fma(s + s, s_rest, fma(s, s, -z))
    u = z * log2_tail(z)
    inner = D + u
    inner_rest = ((D - inner) + u) + D_REST
    p = z * inner
    p_rest = fma(z, inner, -p) + fma(z, inner_rest, z_rest * inner)
    g = C + p
    g_rest = ((C - g) + p) + (p_rest + C_REST)
    t = s * g
    t_rest = fma(s, g, -t) + fma(s, g_rest, s_rest * g)
    high = k + t
    return high, ((k - high) + t) + t_rest


@implements("coachwhip.lib.vecmath.pow")
def pow_(x, y):
    """`x` to the power of `y`."""
    size = abs(x)
    high, low = log2_parts(size)
    high = select(size == 0.0, -math.inf, select(size == math.inf, math.inf, high))
    z = y * high
    near = abs(z) < 1100.0
    z_rest = select(near, fma(y, high, -z) + y * low, 0.0)
    z = select(near, z, select(z > 0.0, 1100.0, -1100.0))
    shifted = z + SHIFTER
    n = shifted - SHIFTER
    r = z - n
    t = r * LN2
    low = fma(z_rest, LN2, fma(r, LN2_REST, fma(r, LN2, -t)))
    whole = 1.0 + t
    rest = ((1.0 - whole) + t) + low
    r = r + z_rest
    result = whole + fma(r * r, exp2_tail(r), rest)
    # Powers of two beyond what a product of bits can do are made of two.
    tiny, huge = n < -500.0, n > 500.0
    shifted = shifted + select(tiny, 600.0, select(huge, -600.0, 0.0))
    result = from_bits(to_bits(result) + (to_bits(shifted) << 52))
    result = result * select(tiny, 2.409919865102884e-181, select(huge, 4.149515568880993e180, 1.0))
    return edges(x, y, size, result)


def edges(x, y, size, result):
    """The power of the size of `x`, with its sign, and what powers are where there is no logarithm."""
    whole = np.rint(y) == y
    half = 0.5 * y
    odd = whole & (np.rint(half) != half)
    result = select(odd & (to_bits(x) < 0), -result, result)
    result = select((x < 0.0) & (size < math.inf) & (np.rint(y) != y), math.nan, result)
    result = select((x != x) | (y != y), x + y, result)
    one = (x == 1.0) | (y == 0.0) | ((size == 1.0) & (abs(y) == math.inf))
    return select(one, 1.0, result)
