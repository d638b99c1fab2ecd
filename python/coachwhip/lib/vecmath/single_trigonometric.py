"""`sin`, `cos` and `tan` of float32, as in `trigonometric`: arguments beyond 2**17 are left to the C library."""
from coachwhip._machine import cos_far, fma, from_bits, select, sin_far, tan_far, to_bits
from coachwhip.lib import implements

#: 1.5 * 2**23: added to a number below 2**22, it leaves the nearest whole number in the low bits.
SHIFTER = 12582912.0
TWO_OVER_PI = 0.63661975
#: pi/2 in three parts.
P1, P2, P3 = 1.5707964, -4.371139e-08, -1.7151245e-15
SIGN = -0x80000000


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
    p_a = fma(z, 0.008332192, -0.16666655)
    z2 = z * z
    p = fma(z2, -0.0001951879, p_a)
    return r + fma(r * z, p, fma(-half, low, low))


def cosine_part(r, low, z, half):
    """The cosine of a reduced argument; `half` is half the square."""
    q_a = fma(z, -0.0013887301, 0.041666646)
    z2 = z * z
    q = fma(z2, 2.443068e-05, q_a)
    w = 1.0 - half
    return w + fma(z * z, q, fma(-r, low, (1.0 - w) - half))


@implements("coachwhip.lib.vecmath.sinf")
def sinf(x):
    """Sine."""
    r, low, quadrant = reduced(abs(x))
    z = r * r
    half = 0.5 * z
    y = select((quadrant & 1) != 0, cosine_part(r, low, z, half), sine_part(r, low, z, half))
    sign = (to_bits(x) ^ (quadrant << 30)) & SIGN
    return sin_far(x, from_bits(to_bits(y) ^ sign))


@implements("coachwhip.lib.vecmath.cosf")
def cosf(x):
    """Cosine."""
    r, low, quadrant = reduced(abs(x))
    z = r * r
    half = 0.5 * z
    y = select((quadrant & 1) != 0, sine_part(r, low, z, half), cosine_part(r, low, z, half))
    sign = ((quadrant + 1) << 30) & SIGN
    return cos_far(x, from_bits(to_bits(y) ^ sign))


@implements("coachwhip.lib.vecmath.tanf")
def tanf(x):
    """Tangent."""
    r, low, quadrant = reduced(abs(x))
    z = r * r
    p_z_a = fma(z, 0.05406865, 0.13332583)
    p_z_b = fma(z, 0.010945414, 0.021238629)
    p_z_c = fma(z, 0.004441633, -4.5908e-05)
    z2 = z * z
    p_z_d = fma(z2, p_z_b, p_z_a)
    z4 = z2 * z2
    p_z = fma(z4, p_z_c, p_z_d)
    p = fma(z, p_z, 0.33333352)
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
