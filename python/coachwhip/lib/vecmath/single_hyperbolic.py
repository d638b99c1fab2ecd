"""`sinh`, `cosh` and `tanh` of float32."""
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
    h_a = fma(z, 0.04166646, 0.5)
    z2 = z * z
    h = fma(z2, 0.0013935427, h_a)
    o_a = fma(z, 0.008333175, 0.16666667)
    z2 = z * z
    o = fma(z2, 0.00019974126, o_a)
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
    rest = ((base - whole) + main) + rest
    other = down * r
    sum = whole + other
    rest = ((whole - sum) + other) + rest
    y = sum + (rest + fma(base, h, (up + down) * (o + low)))
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
    a = select(size > 8.66, 8.66, size)
    a = a + a
    shifted = fma(a, LOG2E, SHIFTER)
    n = shifted - SHIFTER
    high = fma(n, -L1, a)
    r = fma(n, -L2, high)
    low = fma(n, -L2, high - r)
    up = from_bits((to_bits(shifted) - 1262485377) << 23)
    p_a = fma(r, 0.16666667, 0.5)
    p_b = fma(r, 0.008333264, 0.04166627)
    p_c = fma(r, 0.0001991855, 0.0013946062)
    r2 = r * r
    p_d = fma(r2, p_b, p_a)
    r4 = r2 * r2
    p = fma(r4, p_c, p_d)
    base = up - 1.0
    main = up * r
    whole = base + main
    rest = fma(up, fma(r * r, p, low), (base - whole) + main)
    top = whole + rest
    rest = (whole - top) + rest
    bottom = top + 2.0
    q = top / bottom
    rest = fma(-q, top - (bottom - 2.0), fma(-q, bottom, top)) + rest * (1.0 - q)
    y = fma(rest, from_bits(2129859010 - to_bits(bottom)), q)
    return np.copysign(select(size > 9.010913, 1.0, y), x)
