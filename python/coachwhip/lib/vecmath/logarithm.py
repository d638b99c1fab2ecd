"""`log`, `log2`, `log10` and `log1p` of float64: the exponent, and a series for what is left of the argument.

With the rest `m` between sqrt(1/2) and sqrt(2), `f = m - 1` and `s = f / (2 + f)`,
`log(m) = 2*s + s*z*P(z) = f - f**2/2 + s * (f**2/2 + z*P(z))`, where `z = s**2`.
"""
import math

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements

#: 1.5 * 2**52 and its bits: a small whole number added to the one is added to the other.
SHIFTER, SHIFTER_BITS = 6755399441055744.0, 4843621399236968448
#: The least normal number, below which numbers are taken 2**54 times.
LEAST_NORMAL, LARGER = 2.2250738585072014e-308, 18014398509481984.0
#: The bits of sqrt(1/2).
ROOT_BITS = 4604544271217802189
#: log(2) in two parts; products of the first with whole numbers below 2**11 are exact.
LOG2_HIGH, LOG2_LOW = 0.6931471805598903, 5.497923018708371e-14
#: log10(2), as above.
LOG10_2_HIGH, LOG10_2_LOW = 0.30102999566395283, 2.8363394551044964e-14
#: 1 / log(2) and 1 / log(10) to twice the precision.
PER_LN2, PER_LN2_REST = 1.4426950408889634, 2.0355273740931033e-17
PER_LN10, PER_LN10_REST = 0.4342944819032518, 1.098319650216765e-17


def take_apart(x):
    """`k` and `m` with `x = 2**k * m`, for positive finite `x`."""
    small = x < LEAST_NORMAL
    bits = to_bits(select(small, x * LARGER, x))
    e = (bits - ROOT_BITS) >> 52
    k = from_bits(e + SHIFTER_BITS) - select(small, SHIFTER + 54.0, SHIFTER)
    return k, from_bits(bits - (e << 52))


def log_tail(z):
    """`(log((1 + s) / (1 - s)) - 2 * s) / s` with `z = s**2`, for `s` up to that of sqrt(2)."""
    w = z * z
    p = fma(z, 0.3999999999941468, 0.6666666666666734)
    q = fma(z, 0.2222219857599516, 0.2857142874237329)
    t = fma(z, 0.15314056957140992, 0.1818356412233073)
    return z * fma(w, fma(w, fma(w, 0.14795876032928895, t), q), p)


def two_parts(f):
    """`log(1 + f)` in two parts, of about 60 bits together."""
    s = f / (2.0 + f)
    square = f * f
    half = 0.5 * square
    high = f - half
    low = ((f - high) - half) + fma(s, half + log_tail(s * s), -0.5 * fma(f, f, -square))
    return high, low


def edges(x, result):
    """The result for positive finite `x`, and what logarithms are elsewhere."""
    special = select(x == 0.0, -math.inf, select(x > 0.0, x, math.nan))
    return select((x > 0.0) & (x < math.inf), result, special)


@implements("coachwhip.lib.vecmath.log")
def log(x):
    """The natural logarithm."""
    k, m = take_apart(x)
    f = m - 1.0
    s = f / (2.0 + f)
    square = f * f
    half = 0.5 * square
    large = k * LOG2_HIGH
    whole = large + f
    rest = fma(-0.5, fma(f, f, -square), (large - whole) + f)
    tail = fma(s, half + log_tail(s * s), fma(k, LOG2_LOW, rest))
    return edges(x, whole + (tail - half))


@implements("coachwhip.lib.vecmath.log2")
def log2(x):
    """The logarithm to base 2: exact for powers of two."""
    k, m = take_apart(x)
    high, low = two_parts(m - 1.0)
    p = high * PER_LN2
    rest = fma(high, PER_LN2, -p) + fma(high, PER_LN2_REST, low * PER_LN2)
    whole = k + p
    return edges(x, whole + (((k - whole) + p) + rest))


@implements("coachwhip.lib.vecmath.log10")
def log10(x):
    """The logarithm to base 10."""
    k, m = take_apart(x)
    high, low = two_parts(m - 1.0)
    p = high * PER_LN10
    rest = fma(high, PER_LN10, -p) + fma(high, PER_LN10_REST, low * PER_LN10)
    large = k * LOG10_2_HIGH
    whole = large + p
    return edges(x, whole + (((large - whole) + p) + fma(k, LOG10_2_LOW, rest)))


@implements("coachwhip.lib.vecmath.log1p")
def log1p(x):
    """`log(1 + x)` without the loss near 0."""
    u = 1.0 + x
    back = u - 1.0
    # What the sum has lost.
    lost = (1.0 - (u - back)) + (x - back)
    bits = to_bits(u)
    e = (bits - ROOT_BITS) >> 52
    k = from_bits(e + SHIFTER_BITS) - SHIFTER
    # Twice 2**-k, so that it is a number for the largest arguments too.
    scale = from_bits(4611686018427387904 - (e << 52))
    g = from_bits(bits - (e << 52)) - 1.0
    lost = (0.5 * lost) * scale
    f = g + lost
    lost = (g - f) + lost
    s = f / (2.0 + f)
    half = 0.5 * (f * f)
    large = k * LOG2_HIGH
    whole = large + f
    rest = ((large - whole) + f) + fma(lost, -f, lost)
    tail = fma(s, half + log_tail(s * s), fma(k, LOG2_LOW, rest))
    result = select(abs(x) < 5.551115123125783e-17, x, whole + (tail - half))
    special = select(x == -1.0, -math.inf, select(x > -1.0, x, math.nan))
    return select((x > -1.0) & (x < math.inf), result, special)
