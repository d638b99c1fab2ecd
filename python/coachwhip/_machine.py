"""Single machine instructions for the library's kernels: compiled code has one instruction for each of these.

Under plain Python they compute the same values slowly.
"""
from fractions import Fraction
import math

import numpy as np


def fma(a, b, c):
    """`a * b + c` rounded once."""
    kind = np.result_type(a, b, c)
    a, b, c = kind.type(a), kind.type(b), kind.type(c)
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(c)):
        return kind.type(float(a) * float(b) + float(c))
    exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    if exact == 0:
        return kind.type(float(a) * float(b) + float(c))
    return _nearest(exact, kind)


def _nearest(exact, kind):
    """The nearest float of a dtype; ties go to the even one."""
    info = np.finfo(kind)
    size = abs(exact)
    exponent = max(math.floor(math.log2(size.numerator) - math.log2(size.denominator)) - 1, info.minexp)
    while size >= Fraction(2) ** (exponent + 1):
        exponent += 1
    unit = Fraction(2) ** (exponent - info.nmant)
    rounded = round(exact / unit) * unit
    if abs(rounded) >= Fraction(2) ** info.maxexp:
        return kind.type(math.copysign(math.inf, exact))
    return kind.type(math.copysign(float(abs(rounded)), exact))


def select(condition, a, b):
    """`a` if the condition holds, else `b`; both have been computed."""
    kind = np.result_type(a, b)
    return kind.type(a if condition else b)


def to_bits(x):
    """The bits of a float as a signed integer of its width."""
    x = np.asarray(x)
    return x.view(np.int32 if x.dtype == np.float32 else np.int64)[()]


def from_bits(i):
    """The float whose bits these are."""
    i = np.asarray(i)
    return i.view(np.float32 if i.dtype == np.int32 else np.float64)[()]


#: Up to here kernels take multiples of pi/2 off an argument themselves.
FAR, FAR_SINGLE = 2147483648.0, 131072.0


def _far(f, x, y):
    """`y`, but `f(x)` where `x` is very far from 0."""
    single = np.asarray(x).dtype == np.float32
    far = abs(x) > (FAR_SINGLE if single else FAR)
    return type(x)(f(float(x))) if far else y


def sin_far(x, y):
    """`y`, but the sine of `x` where `x` is very far from 0."""
    return _far(np.sin, x, y)


def cos_far(x, y):
    """`y`, but the cosine of `x` where `x` is very far from 0."""
    return _far(np.cos, x, y)


def tan_far(x, y):
    """`y`, but the tangent of `x` where `x` is very far from 0."""
    return _far(np.tan, x, y)
