"""The kernels of array expressions: what happens to one element, a NumPy scalar, of each array.

The rules of arrays name them (`coachwhip.lib.elementwise.add`) and put a loop around them; on scalars the ufuncs are
the compiler's own rules, so a kernel adds nothing to what `np.add` of two numbers is.
"""
import numpy as np

from coachwhip.lib import implements


@implements("coachwhip.lib.elementwise.absolute")
def absolute(x):
    """`np.absolute` of an element."""
    return np.absolute(x)


@implements("coachwhip.lib.elementwise.arccos")
def arccos(x):
    """`np.arccos` of an element."""
    return np.arccos(x)


@implements("coachwhip.lib.elementwise.arccosh")
def arccosh(x):
    """`np.arccosh` of an element."""
    return np.arccosh(x)


@implements("coachwhip.lib.elementwise.arcsin")
def arcsin(x):
    """`np.arcsin` of an element."""
    return np.arcsin(x)


@implements("coachwhip.lib.elementwise.arcsinh")
def arcsinh(x):
    """`np.arcsinh` of an element."""
    return np.arcsinh(x)


@implements("coachwhip.lib.elementwise.arctan")
def arctan(x):
    """`np.arctan` of an element."""
    return np.arctan(x)


@implements("coachwhip.lib.elementwise.arctanh")
def arctanh(x):
    """`np.arctanh` of an element."""
    return np.arctanh(x)


@implements("coachwhip.lib.elementwise.bitwise_count")
def bitwise_count(x):
    """`np.bitwise_count` of an element."""
    return np.bitwise_count(x)


@implements("coachwhip.lib.elementwise.cbrt")
def cbrt(x):
    """`np.cbrt` of an element."""
    return np.cbrt(x)


@implements("coachwhip.lib.elementwise.ceil")
def ceil(x):
    """`np.ceil` of an element."""
    return np.ceil(x)


@implements("coachwhip.lib.elementwise.conjugate")
def conjugate(x):
    """`np.conjugate` of an element."""
    return np.conjugate(x)


@implements("coachwhip.lib.elementwise.cos")
def cos(x):
    """`np.cos` of an element."""
    return np.cos(x)


@implements("coachwhip.lib.elementwise.cosh")
def cosh(x):
    """`np.cosh` of an element."""
    return np.cosh(x)


@implements("coachwhip.lib.elementwise.deg2rad")
def deg2rad(x):
    """`np.deg2rad` of an element."""
    return np.deg2rad(x)


@implements("coachwhip.lib.elementwise.degrees")
def degrees(x):
    """`np.degrees` of an element."""
    return np.degrees(x)


@implements("coachwhip.lib.elementwise.exp")
def exp(x):
    """`np.exp` of an element."""
    return np.exp(x)


@implements("coachwhip.lib.elementwise.exp2")
def exp2(x):
    """`np.exp2` of an element."""
    return np.exp2(x)


@implements("coachwhip.lib.elementwise.expm1")
def expm1(x):
    """`np.expm1` of an element."""
    return np.expm1(x)


@implements("coachwhip.lib.elementwise.fabs")
def fabs(x):
    """`np.fabs` of an element."""
    return np.fabs(x)


@implements("coachwhip.lib.elementwise.fix")
def fix(x):
    """`np.fix` of an element."""
    return np.fix(x)


@implements("coachwhip.lib.elementwise.floor")
def floor(x):
    """`np.floor` of an element."""
    return np.floor(x)


@implements("coachwhip.lib.elementwise.invert")
def invert(x):
    """`np.invert` of an element."""
    return np.invert(x)


@implements("coachwhip.lib.elementwise.iscomplex")
def iscomplex(x):
    """`np.iscomplex` of an element."""
    return np.iscomplex(x)


@implements("coachwhip.lib.elementwise.isfinite")
def isfinite(x):
    """`np.isfinite` of an element."""
    return np.isfinite(x)


@implements("coachwhip.lib.elementwise.isinf")
def isinf(x):
    """`np.isinf` of an element."""
    return np.isinf(x)


@implements("coachwhip.lib.elementwise.isnan")
def isnan(x):
    """`np.isnan` of an element."""
    return np.isnan(x)


@implements("coachwhip.lib.elementwise.isneginf")
def isneginf(x):
    """`np.isneginf` of an element."""
    return np.isneginf(x)


@implements("coachwhip.lib.elementwise.isposinf")
def isposinf(x):
    """`np.isposinf` of an element."""
    return np.isposinf(x)


@implements("coachwhip.lib.elementwise.isreal")
def isreal(x):
    """`np.isreal` of an element."""
    return np.isreal(x)


@implements("coachwhip.lib.elementwise.log")
def log(x):
    """`np.log` of an element."""
    return np.log(x)


@implements("coachwhip.lib.elementwise.log10")
def log10(x):
    """`np.log10` of an element."""
    return np.log10(x)


@implements("coachwhip.lib.elementwise.log1p")
def log1p(x):
    """`np.log1p` of an element."""
    return np.log1p(x)


@implements("coachwhip.lib.elementwise.log2")
def log2(x):
    """`np.log2` of an element."""
    return np.log2(x)


@implements("coachwhip.lib.elementwise.logical_not")
def logical_not(x):
    """`np.logical_not` of an element."""
    return np.logical_not(x)


@implements("coachwhip.lib.elementwise.negative")
def negative(x):
    """`np.negative` of an element."""
    return np.negative(x)


@implements("coachwhip.lib.elementwise.positive")
def positive(x):
    """`np.positive` of an element."""
    return np.positive(x)


@implements("coachwhip.lib.elementwise.rad2deg")
def rad2deg(x):
    """`np.rad2deg` of an element."""
    return np.rad2deg(x)


@implements("coachwhip.lib.elementwise.radians")
def radians(x):
    """`np.radians` of an element."""
    return np.radians(x)


@implements("coachwhip.lib.elementwise.reciprocal")
def reciprocal(x):
    """`np.reciprocal` of an element."""
    return np.reciprocal(x)


@implements("coachwhip.lib.elementwise.rint")
def rint(x):
    """`np.rint` of an element."""
    return np.rint(x)


@implements("coachwhip.lib.elementwise.sign")
def sign(x):
    """`np.sign` of an element."""
    return np.sign(x)


@implements("coachwhip.lib.elementwise.signbit")
def signbit(x):
    """`np.signbit` of an element."""
    return np.signbit(x)


@implements("coachwhip.lib.elementwise.sin")
def sin(x):
    """`np.sin` of an element."""
    return np.sin(x)


@implements("coachwhip.lib.elementwise.sinc")
def sinc(x):
    """`np.sinc` of an element."""
    return np.sinc(x)


@implements("coachwhip.lib.elementwise.sinh")
def sinh(x):
    """`np.sinh` of an element."""
    return np.sinh(x)


@implements("coachwhip.lib.elementwise.spacing")
def spacing(x):
    """`np.spacing` of an element."""
    return np.spacing(x)


@implements("coachwhip.lib.elementwise.sqrt")
def sqrt(x):
    """`np.sqrt` of an element."""
    return np.sqrt(x)


@implements("coachwhip.lib.elementwise.square")
def square(x):
    """`np.square` of an element."""
    return np.square(x)


@implements("coachwhip.lib.elementwise.tan")
def tan(x):
    """`np.tan` of an element."""
    return np.tan(x)


@implements("coachwhip.lib.elementwise.tanh")
def tanh(x):
    """`np.tanh` of an element."""
    return np.tanh(x)


@implements("coachwhip.lib.elementwise.trunc")
def trunc(x):
    """`np.trunc` of an element."""
    return np.trunc(x)


@implements("coachwhip.lib.elementwise.add")
def add(x1, x2):
    """`np.add` of two elements."""
    return np.add(x1, x2)


@implements("coachwhip.lib.elementwise.arctan2")
def arctan2(x1, x2):
    """`np.arctan2` of two elements."""
    return np.arctan2(x1, x2)


@implements("coachwhip.lib.elementwise.bitwise_and")
def bitwise_and(x1, x2):
    """`np.bitwise_and` of two elements."""
    return np.bitwise_and(x1, x2)


@implements("coachwhip.lib.elementwise.bitwise_or")
def bitwise_or(x1, x2):
    """`np.bitwise_or` of two elements."""
    return np.bitwise_or(x1, x2)


@implements("coachwhip.lib.elementwise.bitwise_xor")
def bitwise_xor(x1, x2):
    """`np.bitwise_xor` of two elements."""
    return np.bitwise_xor(x1, x2)


@implements("coachwhip.lib.elementwise.copysign")
def copysign(x1, x2):
    """`np.copysign` of two elements."""
    return np.copysign(x1, x2)


@implements("coachwhip.lib.elementwise.divide")
def divide(x1, x2):
    """`np.divide` of two elements."""
    return np.divide(x1, x2)


@implements("coachwhip.lib.elementwise.equal")
def equal(x1, x2):
    """`np.equal` of two elements."""
    return np.equal(x1, x2)


@implements("coachwhip.lib.elementwise.float_power")
def float_power(x1, x2):
    """`np.float_power` of two elements."""
    return np.float_power(x1, x2)


@implements("coachwhip.lib.elementwise.floor_divide")
def floor_divide(x1, x2):
    """`np.floor_divide` of two elements."""
    return np.floor_divide(x1, x2)


@implements("coachwhip.lib.elementwise.fmax")
def fmax(x1, x2):
    """`np.fmax` of two elements."""
    return np.fmax(x1, x2)


@implements("coachwhip.lib.elementwise.fmin")
def fmin(x1, x2):
    """`np.fmin` of two elements."""
    return np.fmin(x1, x2)


@implements("coachwhip.lib.elementwise.fmod")
def fmod(x1, x2):
    """`np.fmod` of two elements."""
    return np.fmod(x1, x2)


@implements("coachwhip.lib.elementwise.gcd")
def gcd(x1, x2):
    """`np.gcd` of two elements."""
    return np.gcd(x1, x2)


@implements("coachwhip.lib.elementwise.greater")
def greater(x1, x2):
    """`np.greater` of two elements."""
    return np.greater(x1, x2)


@implements("coachwhip.lib.elementwise.greater_equal")
def greater_equal(x1, x2):
    """`np.greater_equal` of two elements."""
    return np.greater_equal(x1, x2)


@implements("coachwhip.lib.elementwise.heaviside")
def heaviside(x1, x2):
    """`np.heaviside` of two elements."""
    return np.heaviside(x1, x2)


@implements("coachwhip.lib.elementwise.hypot")
def hypot(x1, x2):
    """`np.hypot` of two elements."""
    return np.hypot(x1, x2)


@implements("coachwhip.lib.elementwise.lcm")
def lcm(x1, x2):
    """`np.lcm` of two elements."""
    return np.lcm(x1, x2)


@implements("coachwhip.lib.elementwise.ldexp")
def ldexp(x1, x2):
    """`np.ldexp` of two elements."""
    return np.ldexp(x1, x2)


@implements("coachwhip.lib.elementwise.left_shift")
def left_shift(x1, x2):
    """`np.left_shift` of two elements."""
    return np.left_shift(x1, x2)


@implements("coachwhip.lib.elementwise.less")
def less(x1, x2):
    """`np.less` of two elements."""
    return np.less(x1, x2)


@implements("coachwhip.lib.elementwise.less_equal")
def less_equal(x1, x2):
    """`np.less_equal` of two elements."""
    return np.less_equal(x1, x2)


@implements("coachwhip.lib.elementwise.logaddexp")
def logaddexp(x1, x2):
    """`np.logaddexp` of two elements."""
    return np.logaddexp(x1, x2)


@implements("coachwhip.lib.elementwise.logaddexp2")
def logaddexp2(x1, x2):
    """`np.logaddexp2` of two elements."""
    return np.logaddexp2(x1, x2)


@implements("coachwhip.lib.elementwise.logical_and")
def logical_and(x1, x2):
    """`np.logical_and` of two elements."""
    return np.logical_and(x1, x2)


@implements("coachwhip.lib.elementwise.logical_or")
def logical_or(x1, x2):
    """`np.logical_or` of two elements."""
    return np.logical_or(x1, x2)


@implements("coachwhip.lib.elementwise.logical_xor")
def logical_xor(x1, x2):
    """`np.logical_xor` of two elements."""
    return np.logical_xor(x1, x2)


@implements("coachwhip.lib.elementwise.maximum")
def maximum(x1, x2):
    """`np.maximum` of two elements."""
    return np.maximum(x1, x2)


@implements("coachwhip.lib.elementwise.minimum")
def minimum(x1, x2):
    """`np.minimum` of two elements."""
    return np.minimum(x1, x2)


@implements("coachwhip.lib.elementwise.multiply")
def multiply(x1, x2):
    """`np.multiply` of two elements."""
    return np.multiply(x1, x2)


@implements("coachwhip.lib.elementwise.nextafter")
def nextafter(x1, x2):
    """`np.nextafter` of two elements."""
    return np.nextafter(x1, x2)


@implements("coachwhip.lib.elementwise.not_equal")
def not_equal(x1, x2):
    """`np.not_equal` of two elements."""
    return np.not_equal(x1, x2)


@implements("coachwhip.lib.elementwise.power")
def power(x1, x2):
    """`np.power` of two elements."""
    return np.power(x1, x2)


@implements("coachwhip.lib.elementwise.remainder")
def remainder(x1, x2):
    """`np.remainder` of two elements."""
    return np.remainder(x1, x2)


@implements("coachwhip.lib.elementwise.right_shift")
def right_shift(x1, x2):
    """`np.right_shift` of two elements."""
    return np.right_shift(x1, x2)


@implements("coachwhip.lib.elementwise.subtract")
def subtract(x1, x2):
    """`np.subtract` of two elements."""
    return np.subtract(x1, x2)


@implements("coachwhip.lib.elementwise.divmod_quotient")
def divmod_quotient(x1, x2):
    """The first result of `np.divmod`."""
    return np.divmod(x1, x2)[0]


@implements("coachwhip.lib.elementwise.divmod_remainder")
def divmod_remainder(x1, x2):
    """The second result of `np.divmod`."""
    return np.divmod(x1, x2)[1]


@implements("coachwhip.lib.elementwise.frexp_mantissa")
def frexp_mantissa(x):
    """The first result of `np.frexp`."""
    return np.frexp(x)[0]


@implements("coachwhip.lib.elementwise.frexp_exponent")
def frexp_exponent(x):
    """The second result of `np.frexp`."""
    return np.frexp(x)[1]


@implements("coachwhip.lib.elementwise.modf_fraction")
def modf_fraction(x):
    """The first result of `np.modf`."""
    return np.modf(x)[0]


@implements("coachwhip.lib.elementwise.modf_whole")
def modf_whole(x):
    """The second result of `np.modf`."""
    return np.modf(x)[1]


@implements("coachwhip.lib.elementwise.power_half")
def power_half(x1, x2):
    """`x1 ** 0.5`, for the same exponent everywhere: NumPy's loop takes the root."""
    return np.sqrt(x1.astype(np.result_type(x1, x2)))


@implements("coachwhip.lib.elementwise.identity")
def identity(x):
    """The element itself: copies and assignments."""
    return x


@implements("coachwhip.lib.elementwise.second")
def second(x, value):
    """The same value for every element."""
    return value


@implements("coachwhip.lib.elementwise.cast")
def cast(x, dtype):
    """The element in another dtype."""
    return x.astype(dtype)


@implements("coachwhip.lib.elementwise.chosen")
def chosen(condition, new, old):
    """`new` where the condition holds, of elements of one dtype."""
    return new if condition else old


@implements("coachwhip.lib.elementwise.where")
def where(condition, x, y):
    """`np.where` of elements."""
    return x.astype(np.result_type(x, y)) if condition else y.astype(np.result_type(x, y))


@implements("coachwhip.lib.elementwise.clip")
def clip(x, low, high):
    """`np.clip` of an element."""
    return np.clip(x, low, high)


@implements("coachwhip.lib.elementwise.round")
def round(x, decimals):
    """`np.round` of an element."""
    return np.round(x, decimals)


@implements("coachwhip.lib.elementwise.isclose")
def isclose(a, b, rtol, atol, equal_nan):
    """`np.isclose` of two elements."""
    b = b.astype(np.result_type(b, 1.0))
    close = (np.absolute(a - b) <= atol + rtol * np.absolute(b)) & np.isfinite(b) | (a == b)
    if equal_nan:
        close = close | (np.isnan(a) & np.isnan(b))
    return close


@implements("coachwhip.lib.elementwise.nan_to_num")
def nan_to_num(x, nan, posinf, neginf):
    """`np.nan_to_num` of a float; None stands for the largest and least finite number."""
    high = np.finfo(x.dtype).max if posinf is None else posinf
    low = np.finfo(x.dtype).min if neginf is None else neginf
    x = nan if np.isnan(x) else x
    x = high if x == np.inf else x
    return low if x == -np.inf else x


@implements("coachwhip.lib.elementwise.nan_to_num_complex")
def nan_to_num_complex(z, nan, posinf, neginf):
    """`np.nan_to_num` of a complex number, part by part."""
    high = np.finfo(z.dtype).max if posinf is None else posinf
    low = np.finfo(z.dtype).min if neginf is None else neginf
    re, im = z.real, z.imag
    re, im = nan if np.isnan(re) else re, nan if np.isnan(im) else im
    re, im = high if re == np.inf else re, high if im == np.inf else im
    re, im = low if re == -np.inf else re, low if im == -np.inf else im
    return np.complex128(re, im).astype(z.dtype)


@implements("coachwhip.lib.elementwise.angle")
def angle(z):
    """`np.angle` of an element, in radians."""
    return np.angle(z)


@implements("coachwhip.lib.elementwise.angle_degrees")
def angle_degrees(z):
    """`np.angle` of an element, in degrees."""
    return np.angle(z) * (180 / np.pi)
