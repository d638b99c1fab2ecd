"""`pow` of float64: log2 of the base to about 68 bits, times the exponent, to the power of 2.

With `s` as in `logarithm`, `log2(m) = s * (C + z * (D + z * (E + z * P(z))))`; all but P is computed in two parts.
"""
import math

import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements
from coachwhip.lib.vecmath.exponential import LN2, LN2_REST, SHIFTER, exp2_tail
from coachwhip.lib.vecmath.logarithm import take_apart

#: 2 / log(2), a third and a fifth of it.
C, C_REST = 2.8853900817779268, 4.0710547481862066e-17
D, D_REST = 0.9617966939259756, 5.0577616648125907e-17
E, E_REST = 0.5770780163555853, 5.2551030481378675e-17


def log2_tail(z):
    """P."""
    w = z * z
    p = fma(z, 0.3205988979757707, 0.41219858311113167)
    p = fma(w, fma(z, 0.22195309694922732, 0.2623081891456886), p)
    q = fma(z, 0.1697774384315601, 0.19235829315542763)
    q = fma(w, fma(z, 0.15793810952993514, 0.15050995248146165), q)
    return fma(w * w, q, p)


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
    e = E + u
    e_rest = ((E - e) + u) + E_REST
    u = z * e
    u_rest = fma(z, e, -u) + fma(z, e_rest, z_rest * e)
    inner = D + u
    inner_rest = ((D - inner) + u) + (u_rest + D_REST)
    cube = s * z
    cube_rest = fma(s, z, -cube) + fma(s, z_rest, s_rest * z)
    v = cube * inner
    v_rest = fma(cube, inner, -v) + fma(cube, inner_rest, cube_rest * inner)
    # What does not wait for the series.
    t = s * C
    t_rest = fma(s, C, -t) + fma(s, C_REST, s_rest * C)
    base = k + t
    base_rest = ((k - base) + t) + t_rest
    high = base + v
    return high, ((base - high) + v) + (base_rest + v_rest)


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
