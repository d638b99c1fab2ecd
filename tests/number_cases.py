"""Numbers of every type for the tests of numbers, and a quick comparison of plain and compiled functions.

Functions are made from source text, so that one compiled function can try many operations at once: what makes
these tests slow is compiling, not calling.
"""
import math
import struct
import warnings

import coachwhip
import numpy as np

DTYPES = [np.dtype(code) for code in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")]
PYTHON = (bool, int, float, complex)
TYPES = [dtype.type for dtype in DTYPES] + list(PYTHON)
INTEGERS = [t for t in TYPES if t in (bool, int, np.bool_) or issubclass(t, np.integer)]
REALS = [t for t in TYPES if not issubclass(t, (complex, np.complexfloating))]
FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -3.0, 7.0, 1e300, 5e-324, math.inf, -math.inf, math.nan)
FEW_FLOATS = (0.0, -0.0, 1.5, -3.0, 7.25, math.inf, math.nan)
COMPLEX = (0j, complex(-0.0, 0.0), 1 + 0j, 1j, -2.5 + 3j, complex(math.inf, 1.0), complex(0.5, math.nan), 3 - 4j)


def name(kind):
    """As the tests show it."""
    return kind.__name__ if kind in PYTHON else f"np.{np.dtype(kind).name}"


def values(kind, few=False):
    """Numbers of a type: ordinary, extreme and special ones."""
    if kind in (bool, np.bool_):
        chosen = (False, True)
    elif kind is int:
        chosen = (0, 1, -1, 2, -3, 7, 100, 2**53 + 1, 2**63 - 1, -2**63)
        chosen = (0, 1, -1, 3, -7, 100) if few else chosen
    elif kind is float or issubclass(kind, np.floating):
        chosen = FEW_FLOATS if few else FLOATS
        chosen = chosen + (np.finfo(np.float32).max,) if kind is np.float32 and not few else chosen
    elif issubclass(kind, (complex, np.complexfloating)):
        chosen = COMPLEX
    else:
        limits = np.iinfo(kind)
        chosen = (0, 1, 2, 3, 7, 100, limits.max - 1, limits.max)
        chosen = chosen if limits.min == 0 else chosen + (-1, -2, -7, limits.min)
    with np.errstate(all="ignore"):
        return [kind(value) for value in chosen]


def function(source, arguments="a, b", **names):
    """The function whose body is an expression."""
    scope = {"np": np, "math": math, **names}
    exec(f"def f({arguments}):\n    return {source}\n", scope)
    scope["f"].source = source
    return scope["f"]


def bits(value):
    """Type and bits; every NaN is the same."""
    if isinstance(value, tuple):
        return tuple(bits(item) for item in value)
    if isinstance(value, (complex, np.complexfloating)):
        return type(value).__name__, float_bits(float(value.real)), float_bits(float(value.imag))
    if isinstance(value, (float, np.floating)):
        return type(value).__name__, float_bits(float(value))
    if isinstance(value, np.generic):
        return type(value).__name__, value.item()
    return type(value).__name__, value


def float_bits(value):
    """The bits, as a number; those of NaN are all the same."""
    return "nan" if value != value else struct.pack("d", value)


def distance(one, other):
    """Units in the last place between two results of the same form; infinite if they differ in kind."""
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return max((distance(x, y) for x, y in zip(one, other)), default=0)
    if type(one) is not type(other) or not isinstance(one, (float, complex, np.inexact)):
        return 0 if bits(one) == bits(other) else math.inf
    if isinstance(one, (complex, np.complexfloating)):
        return max(distance(one.real, other.real), distance(one.imag, other.imag))
    if bits(one) == bits(other):
        return 0
    if not (math.isfinite(one) and math.isfinite(other)):
        return math.inf
    unit = float(np.spacing(max(abs(one), abs(other))))
    return abs(float(one) - float(other)) / unit if unit else math.inf


def outcome(f, arguments):
    """What a call gives or raises."""
    try:
        return f(*arguments)
    except coachwhip.CoachwhipError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever Python raises is the expectation
        return error


def agree(one, other, ulp=0):
    """Whether two outcomes are the same: type and bits, or class and message."""
    if isinstance(one, Exception) or isinstance(other, Exception):
        return type(one) is type(other) and str(one) == str(other)
    return bits(one) == bits(other) or ulp > 0 and distance(one, other) <= ulp


def check(f, cases, ulp=0, allowed=None, **options):
    """Asserts that the function does the same plain and compiled for each tuple of arguments.

    `allowed(arguments, got, want)` may accept a documented deviation.
    """
    compiled = coachwhip.jit(**options)(f)
    wrong = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for arguments in cases:
            want, got = outcome(f, arguments), outcome(compiled, arguments)
            if not agree(got, want, ulp) and not (allowed and allowed(arguments, got, want)):
                wrong.append(f"{arguments!r}: {difference(got, want)}")
    assert not wrong, f"{len(wrong)} of {len(cases)} differ in `{f.source}`:\n" + "\n".join(wrong[:5])


def difference(got, want):
    """The items that differ."""
    if not isinstance(got, tuple) or not isinstance(want, tuple) or len(got) != len(want):
        return f"got {got!r}, expected {want!r}"
    items = [f"[{i}]: {difference(x, y)}" for i, (x, y) in enumerate(zip(got, want)) if bits(x) != bits(y)]
    return "; ".join(items)


def pairs(left, right, few=False):
    """Every pair of numbers of two types."""
    return [(a, b) for a in values(left, few) for b in values(right, few)]


def supported(expression, *examples):
    """Whether Python and NumPy accept these operands at all."""
    f = function(expression, "a, b" if len(examples) == 2 else "a")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            f(*examples)
        except TypeError:
            return False
        except Exception:  # noqa: BLE001 -- a failure of these very numbers
            return True
    return True


def too_big(arguments, got, want):
    """The deviation of Python ints: `OverflowError` where the result needs more than 64 bits."""
    return (type(got) is OverflowError and str(got).startswith("integer overflow")
            and isinstance(want, int) and not -2**63 <= want < 2**63)
