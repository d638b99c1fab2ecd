"""`log`, `log2`, `log10` and `log1p` of float64: the exponent, and a series for what is left of the argument.

With the rest `m` between sqrt(1/2) and sqrt(2), and `s = (m - 1) / (m + 1)`, `log(m) = s * (C + z * P(z))`, where `z = s**2`
and C is 2 / log(base).  What the quotient loses is added to the product with C.
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
#: 2 / log(2) and 2 / log(10) to twice the precision.
C_2, C_2_REST = 2.8853900817779268, 4.0710547481862066e-17
C_10, C_10_REST = 0.8685889638065036, 2.19663930043353e-17


def take_apart(x):
    """`k` and `m` with `x = 2**k * m`, for positive finite `x`."""
    small = x < LEAST_NORMAL
    bits = to_bits(select(small, x * LARGER, x))
    e = (bits - ROOT_BITS) >> 52
    k = from_bits(e + SHIFTER_BITS) - select(small, SHIFTER + 54.0, SHIFTER)
    return k, from_bits(bits - (e << 52))


def ratio(f, lost):
    """`s` for `m = 1 + f + lost`, and what it loses times the divisor."""
    d = 2.0 + f
    s = f / d
    return s, fma(-s, ((2.0 - d) + f) + lost, fma(-s, d, f)) + lost


def exact_ratio(f):
    """`s` for `m = 1 + f`, and what it loses times the divisor."""
    d = 2.0 + f
    s = f / d
    return s, fma(-s, (2.0 - d) + f, fma(-s, d, f))


def log_tail(z):
    """P for the natural logarithm."""
    w = z * z
    p = fma(z, 0.3999999999941468, 0.6666666666666734)
    q = fma(z, 0.2222219857599516, 0.2857142874237329)
    t = fma(z, 0.15314056957140992, 0.1818356412233073)
    return fma(w, fma(w, fma(w, 0.14795876032928895, t), q), p)


def log2_tail(z):
    """P for base 2."""
    w = z * z
    p = fma(z, 0.577078016347141, 0.9617966939259853)
    q = fma(z, 0.32059855683238003, 0.41219858557734335)
    t = fma(z, 0.22093514027958439, 0.2623333778497302)
    return fma(w, fma(w, fma(w, 0.21345936978314387, t), q), p)


def log10_tail(z):
    """P for base 10."""
    w = z * z
    p = fma(z, 0.17371779275875873, 0.28952965460217084)
    q = fma(z, 0.09650978217312998, 0.12408413842904685)
    t = fma(z, 0.06650810432038436, 0.07897021559662183)
    return fma(w, fma(w, fma(w, 0.06425767316025596, t), q), p)


def natural(k, s, rest):
    """The natural logarithm from its parts."""
    z = s * s
    large = k * LOG2_HIGH
    twice = s + s
    whole = large + twice
    low = fma(k, LOG2_LOW, (large - whole) + twice)
    # 1 / d is (1 - s) / 2.
    return whole + fma(s * z, log_tail(z), fma(rest, 1.0 - s, low))


def edges(x, result):
    """The result for positive finite `x`, and what logarithms are elsewhere."""
    special = select(x == 0.0, -math.inf, select(x > 0.0, x, math.nan))
    return select((x > 0.0) & (x < math.inf), result, special)


@implements("coachwhip.lib.vecmath.log")
def log(x):
    """The natural logarithm."""
    k, m = take_apart(x)
    s, rest = exact_ratio(m - 1.0)
    return edges(x, natural(k, s, rest))


@implements("coachwhip.lib.vecmath.log2")
def log2(x):
    """The logarithm to base 2: exact for powers of two."""
    k, m = take_apart(x)
    s, rest = exact_ratio(m - 1.0)
    z = s * s
    p = s * C_2
    low = fma(s, C_2_REST, fma(rest, fma(s, -0.5 * C_2, 0.5 * C_2), fma(s, C_2, -p)))
    whole = k + p
    low = fma(s * z, log2_tail(z), low + ((k - whole) + p))
    return edges(x, whole + low)


@implements("coachwhip.lib.vecmath.log10")
def log10(x):
    """The logarithm to base 10."""
    k, m = take_apart(x)
    s, rest = exact_ratio(m - 1.0)
    z = s * s
    p = s * C_10
    low = fma(s, C_10_REST, fma(rest, fma(s, -0.5 * C_10, 0.5 * C_10), fma(s, C_10, -p)))
    large = k * LOG10_2_HIGH
    whole = large + p
    low = fma(k, LOG10_2_LOW, low) + ((large - whole) + p)
    return edges(x, whole + fma(s * z, log10_tail(z), low))


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
    s, rest = ratio(f, (g - f) + lost)
    result = select(abs(x) < 5.551115123125783e-17, x, natural(k, s, rest))
    special = select(x == -1.0, -math.inf, select(x > -1.0, x, math.nan))
    return select((x > -1.0) & (x < math.inf), result, special)
