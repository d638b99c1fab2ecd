"""`asin`, `acos`, `atan` and `atan2` of float64.

The argument is brought to [0, 1/2] by a square root or a quotient, whose rounding errors are carried on.
"""
import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements


@implements("coachwhip.lib.vecmath.asin")
def asin(x):
    """Arc sine."""
    size = abs(x)
    big = size > 0.5
    z = select(big, fma(size, -0.5, 0.5), x * x)
    s = np.sqrt(z)
    p_a = fma(z, 0.07500000000343594, 0.1666666666666538)
    p_b = fma(z, 0.030381959353494456, 0.04464285682298437)
    p_c = fma(z, 0.017359780197248518, 0.022371752953431755)
    p_d = fma(z, 0.012173925100150793, 0.013884504217581785)
    p_e = fma(z, 0.01958211872235816, 0.006507952570058846)
    p_f = fma(z, 0.031968333001634486, -0.016307362607632065)
    z2 = z * z
    p_g = fma(z2, p_b, p_a)
    p_h = fma(z2, p_d, p_c)
    p_i = fma(z2, p_f, p_e)
    z4 = z2 * z2
    p_j = fma(z4, p_h, p_g)
    z8 = z4 * z4
    p = fma(z8, p_i, p_j)
    t = z * p
    low = fma(-s, s, z) * from_bits(9209406282021697623 - to_bits(s))
    y = fma(s, t, low)
    large = 1.5707963267948966 - 2.0 * s
    large = large + (((1.5707963267948966 - large) - 2.0 * s) + fma(-2.0, y, 6.123233995736766e-17))
    y = select(big, large, fma(size, t, size))
    return np.copysign(y, x)


@implements("coachwhip.lib.vecmath.acos")
def acos(x):
    """Arc cosine."""
    size = abs(x)
    big = size > 0.5
    z = select(big, fma(size, -0.5, 0.5), x * x)
    s = np.sqrt(z)
    p_a = fma(z, 0.07500000000343594, 0.1666666666666538)
    p_b = fma(z, 0.030381959353494456, 0.04464285682298437)
    p_c = fma(z, 0.017359780197248518, 0.022371752953431755)
    p_d = fma(z, 0.012173925100150793, 0.013884504217581785)
    p_e = fma(z, 0.01958211872235816, 0.006507952570058846)
    p_f = fma(z, 0.031968333001634486, -0.016307362607632065)
    z2 = z * z
    p_g = fma(z2, p_b, p_a)
    p_h = fma(z2, p_d, p_c)
    p_i = fma(z2, p_f, p_e)
    z4 = z2 * z2
    p_j = fma(z4, p_h, p_g)
    z8 = z4 * z4
    p = fma(z8, p_i, p_j)
    t = z * p
    low = fma(-s, s, z) * from_bits(9209406282021697623 - to_bits(s))
    y = fma(s, t, low)
    negative = x < 0.0
    base = select(negative, 3.141592653589793, 0.0)
    factor = select(negative, -2.0, 2.0)
    large = fma(factor, s, base)
    rest = fma(factor, s, base - large)
    large = large + (rest + fma(factor, y, select(negative, 1.2246467991473532e-16, 0.0)))
    small = 1.5707963267948966 - x
    small = small + (((1.5707963267948966 - small) - x) + fma(-x, t, 6.123233995736766e-17))
    return select(big, large, small)


def atan_from(base, base_low, q, low):
    """`base + base_low + atan(q + low)` for |q| <= 1/2."""
    angle = base + q
    rest = ((base - angle) + q) + base_low
    z = q * q
    p_a = fma(z, 0.19999999999905685, -0.33333333333332993)
    p_b = fma(z, 0.11111110668406256, -0.14285714276597658)
    p_c = fma(z, 0.07692077163283705, -0.09090896457136122)
    p_d = fma(z, 0.05858518264256204, -0.06663843325862764)
    p_e = fma(z, 0.041892217615501645, -0.051229761618357315)
    p_f = fma(z, 0.010147385368904553, -0.02747856298037964)
    z2 = z * z
    p_g = fma(z2, p_b, p_a)
    p_h = fma(z2, p_d, p_c)
    p_i = fma(z2, p_f, p_e)
    z4 = z2 * z2
    p_j = fma(z4, p_h, p_g)
    z8 = z4 * z4
    p = fma(z8, p_i, p_j)
    return angle + fma(q * z, p, fma(-low, z, low) + rest)


@implements("coachwhip.lib.vecmath.atan")
def atan(x):
    """Arc tangent."""
    size = abs(x)
    size = select(size > 1e20, 1e20, size)
    big = size > 2.0
    middle = size > 0.5
    bottom = size + 1.0
    lost = size - (bottom - 1.0)
    top = select(big, -1.0, select(middle, size - 1.0, size))
    bottom = select(big, size, select(middle, bottom, 1.0))
    q = top / bottom
    rest = fma(-q, select(big, 0.0, lost), fma(-q, bottom, top))
    low = rest * select(big, -q, fma(q, -0.5, 0.5))
    low = select(middle, low, 0.0)
    base = select(big, 1.5707963267948966, select(middle, 0.7853981633974483, 0.0))
    base_low = select(big, 6.123233995736766e-17, select(middle, 3.061616997868383e-17, 0.0))
    return np.copysign(atan_from(base, base_low, q, low), x)


@implements("coachwhip.lib.vecmath.atan2")
def atan2(y, x):
    """Angle of the point (x, y)."""
    a = abs(y)
    b = abs(x)
    steep = a > b
    top = select(steep, b, a)
    bottom = select(steep, a, b)
    scale = select(bottom < 1e-290, 1.2676506002282294e+30, select(bottom > 1e290, 7.888609052210118e-31, 1.0))
    small = top * scale
    large = bottom * scale
    large = select(large == 0.0, 1.0, large)
    middle = small >= 0.5 * large
    sum = small + large
    top = select(middle, select(small == large, 0.0, small - large), small)
    bottom = select(middle, sum, large)
    q = top / bottom
    rest = fma(-q, bottom, top)
    rest = fma(-q, select(middle, small - (sum - large), 0.0), rest)
    low = rest * from_bits(9213909881649068119 - to_bits(bottom))
    low = select(large > 1.79e308, 0.0, low)
    left = to_bits(x) < 0
    base = select(steep, 1.5707963267948966, select(left, 3.141592653589793, 0.0))
    base_low = select(steep, 6.123233995736766e-17, select(left, 1.2246467991473532e-16, 0.0))
    base = select(middle, select(left, 2.356194490192345, 0.7853981633974483), base)
    base_low = select(middle, select(left, 9.184850993605148e-17, 3.061616997868383e-17), base_low)
    minus = steep != left
    angle = atan_from(base, base_low, select(minus, -q, q), select(minus, -low, low))
    return np.copysign(angle, y)
