"""`exp`, `exp2` and `expm1` of float64: a power of two times a polynomial of a small rest."""
import math

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements

#: 1.5 * 2**52: added to a small number, it leaves the nearest whole number in the low bits.
SHIFTER = 6755399441055744.0
#: log(2) in two parts; products of the first with whole numbers below 2**11 are exact.
LOG2_HIGH, LOG2_LOW = 0.6931471805598903, 5.497923018708371e-14
#: 1 / log(2).
PER_LOG2 = 1.4426950408889634
#: log(2) to twice the precision.
LN2, LN2_REST = 0.6931471805599453, 2.3190468138462996e-17
#: Above it, `exp` overflows.
LARGEST = 709.782712893384


def exp_tail(r):
    """`(exp(r) - 1 - r - r**2 / 2) / r**3` for `abs(r) <= log(2) / 2`."""
    square = r * r
    fourth = square * square
    p = fma(r, 0.041666666666602944, 0.16666666666666688)
    p = fma(square, fma(r, 0.0013888888927200576, 0.008333333333313792), p)
    q = fma(r, 2.4801508185568905e-05, 0.00019841269904972048)
    q = fma(square, fma(r, 2.7625379582690893e-07, 2.755722617977826e-06), q)
    return fma(fourth, fma(fourth, 2.5115026951887115e-08, q), p)


def expm1_tail(r):
    """The same to more bits, which `expm1` needs near 0."""
    square = r * r
    fourth = square * square
    p = fma(r, 0.04166666666666669, 0.16666666666666677)
    p = fma(square, fma(r, 0.0013888888888870092, 0.008333333333321707), p)
    q = fma(r, 2.480158735622514e-05, 0.000198412698859486)
    q = fma(square, fma(r, 2.7557245477955987e-07, 2.755724437872797e-06), q)
    return fma(fourth, fma(fourth, fma(r, 2.092379128659221e-09, 2.510897974656783e-08), q), p)


def exp2_tail(r):
    """`(2**r - 1 - r * log(2)) / r**2` for `abs(r) <= 1 / 2`."""
    square = r * r
    fourth = square * square
    p = fma(r, 0.05550410866482169, 0.24022650695910133)
    p = fma(square, fma(r, 0.001333355814638633, 0.0096181291075936), p)
    q = fma(r, 1.5252733862874997e-05, 0.00015403530457794144)
    q = fma(square, fma(r, 1.0178047869515139e-07, 1.3215434941862492e-06), q)
    return fma(fourth, fma(fourth, fma(r, 4.457224803894741e-10, 7.073840837567804e-09), q), p)


@implements("coachwhip.lib.vecmath.exp")
def exp(x):
    """e to the power of `x`."""
    # Below, the result is 0 all the same.
    a = select(x < -750.0, -750.0, x)
    shifted = fma(a, PER_LOG2, SHIFTER)
    n = shifted - SHIFTER
    high = fma(n, -LOG2_HIGH, a)
    r = fma(n, -LOG2_LOW, high)
    whole = 1.0 + high
    rest = fma(n, -LOG2_LOW, (1.0 - whole) + high)
    y = whole + fma(r * r, fma(r, exp_tail(r), 0.5), rest)
    # Results that may be subnormal are made 2**512 times too large, so that they are rounded once more only.
    small = n < -500.0
    scale = to_bits(select(small, shifted + 512.0, shifted)) << 52
    result = from_bits(to_bits(y) + scale) * select(small, 7.458340731200207e-155, 1.0)
    return select(x <= LARGEST, result, x + math.inf)


@implements("coachwhip.lib.vecmath.exp2")
def exp2(x):
    """2 to the power of `x`."""
    a = select(x < -1100.0, -1100.0, x)
    shifted = a + SHIFTER
    n = shifted - SHIFTER
    r = a - n
    t = r * LN2
    low = fma(r, LN2_REST, fma(r, LN2, -t))
    whole = 1.0 + t
    rest = ((1.0 - whole) + t) + low
    y = whole + fma(r * r, exp2_tail(r), rest)
    small = n < -500.0
    scale = to_bits(select(small, shifted + 512.0, shifted)) << 52
    result = from_bits(to_bits(y) + scale) * select(small, 7.458340731200207e-155, 1.0)
    return select(x < 1024.0, result, x + math.inf)


def half_expm1(a):
    """Half of `expm1(a)` in two parts, for `a` from -50 to 709.8."""
    shifted = fma(a, PER_LOG2, SHIFTER)
    n = shifted - SHIFTER
    high = fma(n, -LOG2_HIGH, a)
    r = fma(n, -LOG2_LOW, high)
    low = fma(n, -LOG2_LOW, high - r)
    square = r * r
    lower = fma(r, r, -square)
    half = 0.5 * square
    # exp(r) - 1 in two parts.
    e = r + half
    rest = ((r - e) + half) + fma(low, r, low + fma(square, r * expm1_tail(r), 0.5 * lower))
    # 2**(n-1) * (exp(r) - 1) + (2**(n-1) - 1/2).
    scale = from_bits(to_bits(shifted + 1022.0) << 52)
    power = scale - 0.5
    power_rest = (scale - power) - 0.5
    scaled = scale * e
    whole = power + scaled
    return whole, ((power - whole) + scaled) + fma(scale, rest, power_rest)


@implements("coachwhip.lib.vecmath.expm1")
def expm1(x):
    """`exp(x) - 1` without the loss near 0."""
    # Below, the result is -1 all the same.
    whole, rest = half_expm1(select(x < -50.0, -50.0, x))
    result = select(abs(x) < 5.551115123125783e-17, x, 2.0 * (whole + rest))
    return select(x <= LARGEST, result, x + math.inf)
