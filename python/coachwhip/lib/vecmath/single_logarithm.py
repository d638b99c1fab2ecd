"""`log`, `log2`, `log10` and `log1p` of float32.

With `x = 2**k * (1 + f)`, `log(1 + f) = f - f**2/2 + f**3 * P(f)`; what rounding takes from the large terms is
added to the small ones.
"""
import math

import numpy as np

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements
from coachwhip.lib.vecmath.single_exponential import L1, L2

#: Products of the first parts with whole numbers below 2**8 are exact.
LOG10_2_HIGH, LOG10_2_LOW = 0.30103302, -3.0243555e-06
LOG10E_HIGH, LOG10E_LOW = 0.4342945, -1.010305e-08
LOG2E_HIGH, LOG2E_LOW = 1.442695, 1.925963e-08


def split(x):
    """`x` as `2**k * (1 + f)` with `1 + f` between the roots of 1/2 and 2: k and f."""
    small = x < 1.1754944e-38
    a = select(small, x * 8388608.0, x)
    bits = to_bits(a) - 1060439283
    e = bits >> 23
    m = from_bits(to_bits(a) - (e << 23))
    k = np.float32(e) - select(small, np.float32(23.0), 0.0)
    return k, m - 1.0


def log_tail(f):
    """`log(1 + f) - f`."""
    z = f * f
    p_z_a = fma(f, 0.20002225, -0.24999987)
    p_z_b = fma(f, 0.14218692, -0.16669254)
    p_z_c = fma(f, 0.11872691, -0.12384301)
    p_z_d = fma(f, 0.06916196, -0.117899865)
    f2 = f * f
    p_z_e = fma(f2, p_z_b, p_z_a)
    p_z_f = fma(f2, p_z_d, p_z_c)
    f4 = f2 * f2
    p_z = fma(f4, p_z_f, p_z_e)
    p = fma(f, p_z, 0.3333331)
    return fma(f * z, p, -0.5 * z)


def log_special(x, y):
    """The logarithm of `x`, `y` where `x` is positive and finite."""
    y = select(x < math.inf, y, x)
    return select(x > 0.0, y, select(x == 0.0, np.float32(-math.inf), math.nan))


@implements("coachwhip.lib.vecmath.logf")
def logf(x):
    """Natural logarithm."""
    k, f = split(x)
    t = log_tail(f)
    base = k * L1
    whole = base + f
    rest = (base - whole) + f
    return log_special(x, whole + (fma(k, L2, t) + rest))


@implements("coachwhip.lib.vecmath.log2f")
def log2f(x):
    """Logarithm to base 2."""
    k, f = split(x)
    t = log_tail(f)
    main = f * LOG2E_HIGH
    low = fma(f, LOG2E_LOW, fma(f, LOG2E_HIGH, -main))
    low = fma(fma(f, f, -(f * f)), -0.72, low)
    whole = k + main
    rest = (k - whole) + main
    return log_special(x, whole + (fma(t, LOG2E_HIGH, low) + rest))


@implements("coachwhip.lib.vecmath.log10f")
def log10f(x):
    """Logarithm to base 10."""
    k, f = split(x)
    t = log_tail(f)
    main = f * LOG10E_HIGH
    low = fma(f, LOG10E_LOW, fma(f, LOG10E_HIGH, -main))
    low = fma(fma(f, f, -(f * f)), -0.22, low)
    base = k * LOG10_2_HIGH
    whole = base + main
    rest = (base - whole) + main
    return log_special(x, whole + (fma(t, LOG10E_HIGH, fma(k, LOG10_2_LOW, low)) + rest))


@implements("coachwhip.lib.vecmath.log1pf")
def log1pf(x):
    """Natural logarithm of `1 + x`."""
    u = 1.0 + x
    e = (to_bits(u) - 1060439283) >> 23
    quarter = from_bits((129 - e) << 23)
    k = np.float32(e)
    start = fma(0.25, quarter, -1.0)
    f = fma(0.25 * x, quarter, start)
    lost = fma(0.25 * x, quarter, start - f)
    t = log_tail(f) + fma(-f, lost, lost)
    base = k * L1
    whole = base + f
    rest = (base - whole) + f
    y = whole + (fma(k, L2, t) + rest)
    y = select(abs(x) < 1e-12, x, y)
    y = select(x < math.inf, y, x)
    return select(x > -1.0, y, select(x == -1.0, np.float32(-math.inf), math.nan))
