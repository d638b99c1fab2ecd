"""`exp`, `exp2` and `expm1` of float32.

A power of two is multiplied in two halves, so that results overflow and are rounded to subnormals once.
"""
from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements

#: 1.5 * 2**23: added to a number below 2**22, it leaves the nearest whole number in the low bits.
SHIFTER = 12582912.0
LOG2E = 1.442695
#: log(2) in two parts; products of the first with whole numbers below 2**8 are exact.
L1, L2 = 0.69314575, 1.4286068e-06
LN2 = 0.6931472


@implements("coachwhip.lib.vecmath.expf")
def expf(x):
    """e to the power of `x`."""
    a = select(x < -104.0, -104.0, x)
    a = select(a > 89.0, 89.0, a)
    shifted = fma(a, LOG2E, SHIFTER)
    n = shifted - SHIFTER
    high = fma(n, -L1, a)
    r = fma(n, -L2, high)
    p_a = fma(r, 0.16666667, 0.5)
    p_b = fma(r, 0.008333264, 0.04166627)
    p_c = fma(r, 0.0001991855, 0.0013946062)
    r2 = r * r
    p_d = fma(r2, p_b, p_a)
    r4 = r2 * r2
    p = fma(r4, p_c, p_d)
    whole = 1.0 + high
    rest = fma(n, -L2, (1.0 - whole) + high)
    y = whole + fma(r * r, p, rest)
    bits = to_bits(shifted) - 1262485504
    half = bits >> 1
    return y * from_bits((half + 127) << 23) * from_bits((bits - half + 127) << 23)


@implements("coachwhip.lib.vecmath.exp2f")
def exp2f(x):
    """2 to the power of `x`."""
    a = select(x < -151.0, -151.0, x)
    a = select(a > 129.0, 129.0, a)
    shifted = a + SHIFTER
    n = shifted - SHIFTER
    r = a - n
    p_a = fma(r, 0.055503618, 0.2402265)
    p_b = fma(r, 0.0013390435, 0.009618019)
    r2 = r * r
    p_c = fma(r2, p_b, p_a)
    r4 = r2 * r2
    p = fma(r4, 0.00015472969, p_c)
    y = fma(r, fma(r, p, LN2), 1.0)
    bits = to_bits(shifted) - 1262485504
    half = bits >> 1
    return y * from_bits((half + 127) << 23) * from_bits((bits - half + 127) << 23)


@implements("coachwhip.lib.vecmath.expm1f")
def expm1f(x):
    """e to the power of `x`, less 1."""
    a = select(x < -18.0, -18.0, x)
    a = select(a > 89.0, 89.0, a)
    shifted = fma(a, LOG2E, SHIFTER)
    n = shifted - SHIFTER
    high = fma(n, -L1, a)
    r = fma(n, -L2, high)
    low = fma(n, -L2, high - r)
    p_a = fma(r, 0.16666667, 0.5)
    p_b = fma(r, 0.008333264, 0.04166627)
    p_c = fma(r, 0.0001991855, 0.0013946062)
    r2 = r * r
    p_d = fma(r2, p_b, p_a)
    r4 = r2 * r2
    p = fma(r4, p_c, p_d)
    half = from_bits((to_bits(shifted) - 1262485378) << 23)
    one = half - 0.5
    square = r * r
    low = fma(square, p, fma(fma(r, r, -square), 0.5, low))
    lost = (half - one) - 0.5
    whole = fma(half, r, one)
    rest = fma(half, r, one - whole) + lost
    y = whole + fma(half, low, rest)
    return select(abs(x) < 1e-20, x, y + y)
