"""`sin`, `cos` and `tan` of float64.

A multiple of pi/2 is taken off in three parts, which leaves a sum of two numbers; the result's quadrant is in the
multiple's low bits.  Arguments beyond 2**31 are left to the C library, out of the way of the others (`sin_far`).
"""
from coachwhip._machine import cos_far, fma, from_bits, select, sin_far, tan_far, to_bits
from coachwhip.lib import implements

#: 1.5 * 2**52: added to a number below 2**51, it leaves the nearest whole number in the low bits.
SHIFTER = 6755399441055744.0
TWO_OVER_PI = 0.6366197723675814
#: pi/2 in three parts.  What a multiple of the first leaves of a number is exact.
P1, P2, P3 = 1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33
SIGN = -0x8000000000000000


def reduced(size):
    """`size` less a multiple of pi/2, as a sum of two numbers, and the multiple's low bits."""
    shifted = fma(size, TWO_OVER_PI, SHIFTER)
    n = shifted - SHIFTER
    first = fma(n, -P1, size)
    second = n * P2
    high = first - second
    low = (first - high) - second
    low = low + fma(n, -P2, second)
    low = fma(n, -P3, low)
    return high, low, to_bits(shifted)


def sine_part(r, low, z, half):
    """The sine of a reduced argument; `half` is half the square."""
    z2 = z * z
    p_a = fma(z, 0.008333333333322491, -0.16666666666666632)
    p_b = fma(z, 2.7557313707791854e-06, -0.00019841269829859638)
    p_c = fma(z, 1.589691937882562e-10, -2.5050760390771212e-08)
    p_d = fma(z2, p_b, p_a)
    z4 = z2 * z2
    p = fma(z4, p_c, p_d)
    return r + fma(r * z, p, fma(-half, low, low))


def cosine_part(r, low, z, half):
    """The cosine of a reduced argument; `half` is half the square."""
    z2 = z * z
    q_a = fma(z, -0.0013888888888874472, 0.0416666666666666)
    q_b = fma(z, -2.755731439988919e-07, 2.480158728966882e-05)
    q_c = fma(z, -1.1359922126773968e-11, 2.087572908382917e-09)
    q_d = fma(z2, q_b, q_a)
    z4 = z2 * z2
    q = fma(z4, q_c, q_d)
    w = 1.0 - half
    return w + fma(z2, q, fma(-r, low, (1.0 - w) - half))


@implements("coachwhip.lib.vecmath.sin")
def sin(x):
    """Sine."""
    r, low, quadrant = reduced(abs(x))
    z = r * r
    half = 0.5 * z
    y = select((quadrant & 1) != 0, cosine_part(r, low, z, half), sine_part(r, low, z, half))
    sign = (to_bits(x) ^ (quadrant << 62)) & SIGN
    return sin_far(x, from_bits(to_bits(y) ^ sign))


@implements("coachwhip.lib.vecmath.cos")
def cos(x):
    """Cosine."""
    r, low, quadrant = reduced(abs(x))
    z = r * r
    half = 0.5 * z
    y = select((quadrant & 1) != 0, sine_part(r, low, z, half), cosine_part(r, low, z, half))
    sign = ((quadrant + 1) << 62) & SIGN
    return cos_far(x, from_bits(to_bits(y) ^ sign))


@implements("coachwhip.lib.vecmath.tan")
def tan(x):
    """Tangent."""
    r, low, quadrant = reduced(abs(x))
    z = r * r
    p_z_a = fma(z, 0.053968253972952705, 0.1333333333332527)
    p_z_b = fma(z, 0.00886323794153548, 0.021869488397979434)
    p_z_c = fma(z, 0.0014560464205075722, 0.003592100717622837)
    p_z_d = fma(z, 0.0002437566415873133, 0.000588861661595773)
    p_z_e = fma(z, 6.72056525123538e-05, 8.355649384477188e-05)
    p_z_f = fma(z, 4.8577657976943905e-05, -2.5588096784921155e-05)
    p_z_g = fma(z, 9.788461775193011e-06, -2.4235511959324917e-05)
    z2 = z * z
    p_z_h = fma(z2, p_z_b, p_z_a)
    p_z_i = fma(z2, p_z_d, p_z_c)
    p_z_j = fma(z2, p_z_f, p_z_e)
    z4 = z2 * z2
    p_z_k = fma(z4, p_z_i, p_z_h)
    p_z_l = fma(z4, p_z_g, p_z_j)
    z8 = z4 * z4
    p_z = fma(z8, p_z_l, p_z_k)
    p = fma(z, p_z, 0.3333333333333338)
    cube = r * z
    t = fma(fma(z, z, z), low, low)
    t = fma(fma(r, r, -z), fma(z, 0.5, 0.33) * r, t)
    t = fma(cube, p, t)
    high = r + t
    low = (r - high) + t
    inverse = -1.0 / high
    rest = fma(inverse, low, fma(inverse, high, 1.0))
    y = select((quadrant & 1) != 0, fma(inverse, rest, inverse), high)
    sign = to_bits(x) & SIGN
    return tan_far(x, from_bits(to_bits(y) ^ sign))
