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
    z4 = z2 * z2
    p = fma(z, 2.7557313707063554e-06, -0.00019841269829857906)
    p = fma(z, p, 0.00833333333332249)
    p = fma(z, p, -0.16666666666666632)
    p_1 = fma(z, 1.5896910165700484e-10, -2.5050760254076946e-08)
    p = fma(z4, p_1, p)
    return r + fma(r * z, p, fma(-half, low, low))


def cosine_part(r, low, z, half):
    """The cosine of a reduced argument; `half` is half the square."""
    z2 = z * z
    z4 = z2 * z2
    q = fma(z, -2.755731440098247e-07, 2.4801587289671476e-05)
    q = fma(z, q, -0.0013888888888874474)
    q = fma(z, q, 0.0416666666666666)
    q_1 = fma(z, -1.135993331149072e-11, 2.0875729269361723e-09)
    q = fma(z4, q_1, q)
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
    p_z_a = fma(z, 0.05396825397294706, 0.13333333333325278)
    p_z_b = fma(z, 0.008863237938991774, 0.021869488398139923)
    p_z_c = fma(z, 0.0014560462499104512, 0.00359210074302179)
    p_z_d = fma(z, 0.00024375396411203547, 0.0005888624620833241)
    p_z_e = fma(z, 6.719467256707142e-05, 8.356291844599603e-05)
    p_z_f = fma(z, 4.856741030939557e-05, -2.5575048603629315e-05)
    p_z_g = fma(z, 9.787457610286918e-06, -2.4230729750698854e-05)
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
