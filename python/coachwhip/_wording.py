"""The interpreter's own words for failures, which change from one CPython version to the next.

A failure of compiled code that an expression of plain Python brings about as well gets the message that this
interpreter gives for it.  The keys are rows of the table of failures (`crates/abi/src/error.rs`).
"""
import functools
import math

_ZERO, _ZERO_FLOAT, _EMPTY = 0, 0.0, ()

EXAMPLES = {
    "complex_div_zero": lambda: 1j / _ZERO_FLOAT,
    "complex_zero_power": lambda: (_ZERO * 1j) ** -1,
    "div_zero": lambda: 1 / _ZERO,
    "empty_max": lambda: max(_EMPTY),
    "empty_min": lambda: min(_EMPTY),
    "float_div_zero": lambda: 1.0 / _ZERO_FLOAT,
    "float_divmod_zero": lambda: divmod(1.0, _ZERO_FLOAT),
    "float_floordiv_zero": lambda: 1.0 // _ZERO_FLOAT,
    "float_mod_zero": lambda: 1.0 % _ZERO_FLOAT,
    "int_div_zero": lambda: 1 // _ZERO,
    "int_mod_zero": lambda: 1 % _ZERO,
    "list_index": lambda: [][_ZERO],
    "negative_shift": lambda: 1 << (_ZERO - 1),
    "pow_mod_zero": lambda: pow(1, 1, _ZERO),
    "pow_not_invertible": lambda: pow(2, -1, 4),
    "none_container": lambda: 1 in None,
    "tuple_index": lambda: _EMPTY[_ZERO],
    "zero_negative_power": lambda: _ZERO_FLOAT ** -1,
}


@functools.cache
def message(failure, own):
    """This interpreter's message for a failure, `own` where no expression brings it about."""
    try:
        EXAMPLES[failure]()
    except (ArithmeticError, IndexError, TypeError, ValueError) as error:
        return str(error)
    except KeyError:
        pass
    return own


def math_domain(function, number):
    """This interpreter's message for a number where a function of `math` has no value: `math.log`, or `math.log:int` of
    an int."""
    name, _, kind = function.removeprefix("math.").partition(":")
    try:
        getattr(math, name)(int(number) if kind and math.isfinite(number) else number)
    except ValueError as error:
        return str(error)
    return "math domain error"
