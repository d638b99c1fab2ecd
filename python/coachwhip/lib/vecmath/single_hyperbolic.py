"""`sinh`, `cosh` and `tanh` of float32.
"""
import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements
from coachwhip.lib.vecmath.single_exponential import L1, L2, LOG2E, SHIFTER


def hyperbolic(size):
    """`2**n / 4` and `2**-n / 4`, with r + low, cosh(r) - 1 and sinh(r) - r, where `size = n * log(2) + r`."""
    a = select(size > 89.6, 89.6, size)
    shifted = fma(a, LOG2E, SHIFTER)
    n = shifted - SHIFTER
    high = fma(n, -L1, a)
    r = fma(n, -L2, high)
    low = fma(n, -L2, high - r)
    bits = to_bits(shifted) - 1262485504
    up = from_bits((bits + 125) << 23)
    left = 125 - bits
    left = select(left < 0, 0, left)
    down = from_bits(left << 23)
    z = r * r
    h = fma(z, 0.0013935423, 0.04166646)
    h = fma(z, h, 0.5)
    o = fma(z, 0.00019974117, 0.008333175)
    o = fma(z, o, 0.16666667)
    return r, low, up, down, z * h, z * r * o


@implements("coachwhip.lib.vecmath.sinhf")
def sinhf(x):
    """Hyperbolic sine."""
    size = abs(x)
    r, low, up, down, h, o = hyperbolic(size)
    base = up - down
    rest = (up - base) - down
    main = up * r
    whole = base + main
    rest = ((base - whole) + main) + (rest + down * r)
    y = whole + (rest + fma(base, h, (up + down) * (o + low)))
    y = select(size < 1e-4, size, y + y)
    return np.copysign(y, x)


@implements("coachwhip.lib.vecmath.coshf")
def coshf(x):
    """Hyperbolic cosine."""
    r, low, up, down, h, o = hyperbolic(abs(x))
    base = up + down
    rest = (up - base) + down
    main = up * r
    whole = base + main
    rest = ((base - whole) + main) + (rest - down * r)
    y = whole + (rest + fma(base, h, (up - down) * (o + low)))
    return y + y


@implements("coachwhip.lib.vecmath.tanhf")
def tanhf(x):
    """Hyperbolic tangent."""
    size = abs(x)
    a = select(size > 10.0, 10.0, size)
    a = a + a
    shifted = fma(a, LOG2E, SHIFTER)
    n = shifted - SHIFTER
    high = fma(n, -L1, a)
    r = fma(n, -L2, high)
    low = fma(n, -L2, high - r)
    up = from_bits((to_bits(shifted) - 1262485377) << 23)
    p = fma(r, 0.0013920509, 0.008369337)
    p = fma(r, p, 0.041666586)
    p = fma(r, p, 0.16666515)
    p = fma(r, p, 0.5)
    base = up - 1.0
    main = up * r
    whole = base + main
    rest = fma(up, fma(r * r, p, low), ((base - whole) + main) + ((up - base) - 1.0))
    top = whole + rest
    rest = (whole - top) + rest
    bottom = top + 2.0
    q = top / bottom
    rest = fma(-q, top - (bottom - 2.0), fma(-q, bottom, top)) + rest * (1.0 - q)
    return np.copysign(fma(rest, from_bits(2129859010 - to_bits(bottom)), q), x)
