"""`exp` of float64: the argument is taken apart into a multiple of log(2) and a small rest."""
import math

from coachwhip._machine import fma, from_bits, select, to_bits
from coachwhip.lib import implements

#: 1.5 * 2**52: added to a small number, it leaves the nearest whole number in the low bits.
SHIFTER = 6755399441055744.0
#: log(2) in two parts; products of the first with whole numbers below 2**11 are exact.
LOG2_HIGH, LOG2_LOW = 0.6931471805598903, 5.497923018708371e-14


@implements("coachwhip.lib.vecmath.exp")
def exp(x):
    """e to the power of `x`."""
    # Below, the result is 0 all the same.
    a = select(x < -750.0, -750.0, x)
    shifted = fma(a, 1.4426950408889634, SHIFTER)
    n = shifted - SHIFTER
    high = fma(n, -LOG2_HIGH, a)
    r = fma(n, -LOG2_LOW, high)
    square = r * r
    fourth = square * square
    p = fma(r, 0.041666666666602944, 0.16666666666666688)
    p = fma(square, fma(r, 0.0013888888927200576, 0.008333333333313792), p)
    q = fma(r, 2.4801508185568905e-05, 0.00019841269904972048)
    q = fma(square, fma(r, 2.7625379582690893e-07, 2.755722617977826e-06), q)
    p = fma(fourth, fma(fourth, 2.5115026951887115e-08, q), p)
    whole = 1.0 + high
    rest = fma(n, -LOG2_LOW, (1.0 - whole) + high)
    y = whole + fma(square, fma(r, p, 0.5), rest)
    # Results that may be subnormal are made 2**512 times too large, so that they are rounded once more only.
    small = n < -500.0
    scale = to_bits(select(small, shifted + 512.0, shifted)) << 52
    result = from_bits(to_bits(y) + scale) * select(small, 7.458340731200207e-155, 1.0)
    return select(x <= 709.782712893384, result, x + math.inf)
