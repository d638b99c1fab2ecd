"""`asin`, `acos`, `atan` and `atan2` of float32, as in `inverse`."""
import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements


@implements("coachwhip.lib.vecmath.asinf")
def asinf(x):
    """Arc sine."""
    size = abs(x)
    big = size > 0.5
    z = select(big, fma(size, -0.5, 0.5), x * x)
    s = np.sqrt(z)
    p_a = fma(z, 0.07495253, 0.16666754)
    p_b = fma(z, 0.024152545, 0.04547597)
    z2 = z * z
    p_c = fma(z2, p_b, p_a)
    z4 = z2 * z2
    p = fma(z4, 0.042210232, p_c)
    t = z * p
    low = fma(-s, s, z) * from_bits(2121470402 - to_bits(s))
    y = fma(s, t, low)
    large = 1.5707964 - 2.0 * s
    large = large + (((1.5707964 - large) - 2.0 * s) + fma(-2.0, y, -4.371139e-08))
    y = select(big, large, fma(size, t, size))
    return np.copysign(y, x)


@implements("coachwhip.lib.vecmath.acosf")
def acosf(x):
    """Arc cosine."""
    size = abs(x)
    big = size > 0.5
    z = select(big, fma(size, -0.5, 0.5), x * x)
    s = np.sqrt(z)
    p_a = fma(z, 0.07495253, 0.16666754)
    p_b = fma(z, 0.024152545, 0.04547597)
    z2 = z * z
    p_c = fma(z2, p_b, p_a)
    z4 = z2 * z2
    p = fma(z4, 0.042210232, p_c)
    t = z * p
    low = fma(-s, s, z) * from_bits(2121470402 - to_bits(s))
    y = fma(s, t, low)
    negative = x < 0.0
    base = select(negative, np.float32(3.1415927), 0.0)
    factor = select(negative, np.float32(-2.0), 2.0)
    large = fma(factor, s, base)
    rest = fma(factor, s, base - large)
    large = large + (rest + fma(factor, y, select(negative, np.float32(-8.742278e-08), 0.0)))
    small = 1.5707964 - x
    small = small + (((1.5707964 - small) - x) + fma(-x, t, -4.371139e-08))
    return select(big, large, small)


def atan_from(base, base_low, q, low):
    """`base + base_low + atan(q + low)` for |q| <= 1/2."""
    angle = base + q
    rest = ((base - angle) + q) + base_low
    z = q * q
    p_a = fma(z, 0.19994286, -0.33333236)
    p_b = fma(z, 0.101628356, -0.14175652)
    z2 = z * z
    p_c = fma(z2, p_b, p_a)
    z4 = z2 * z2
    p = fma(z4, -0.0513698, p_c)
    return angle + fma(q * z, p, fma(-low, z, low) + rest)


@implements("coachwhip.lib.vecmath.atanf")
def atanf(x):
    """Arc tangent."""
    size = abs(x)
    size = select(size > 1e10, 1e10, size)
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
    base = select(big, np.float32(1.5707964), select(middle, np.float32(0.7853982), 0.0))
    base_low = select(big, np.float32(-4.371139e-08), select(middle, np.float32(-2.1855694e-08), 0.0))
    return np.copysign(atan_from(base, base_low, q, low), x)


@implements("coachwhip.lib.vecmath.atan2f")
def atan2f(y, x):
    """Angle of the point (x, y)."""
    a = abs(y)
    b = abs(x)
    steep = a > b
    top = select(steep, b, a)
    bottom = select(steep, a, b)
    scale = select(bottom < 1e-25, np.float32(1099511627776.0), select(bottom > 1e30, np.float32(9.094947e-13), 1.0))
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
    low = rest * from_bits(2129859010 - to_bits(bottom))
    low = select(large > 3e38, 0.0, low)
    left = to_bits(x) < 0
    base = select(steep, np.float32(1.5707964), select(left, np.float32(3.1415927), 0.0))
    base_low = select(steep, np.float32(-4.371139e-08), select(left, np.float32(-8.742278e-08), 0.0))
    base = select(middle, select(left, np.float32(2.3561945), 0.7853982), base)
    base_low = select(middle, select(left, np.float32(-5.9624403e-09), -2.1855694e-08), base_low)
    minus = steep != left
    angle = atan_from(base, base_low, select(minus, -q, q), select(minus, -low, low))
    return np.copysign(angle, y)
