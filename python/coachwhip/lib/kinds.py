"""Kinds of arguments, of which the differential tests of library functions are made.

`tests/library_cases.py` makes the values; nothing here is imported when coachwhip runs.
"""
from typing import NamedTuple

BOOLS = ("bool",)
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTS = (*SIGNED, *UNSIGNED)
FLOATS = ("float16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
REAL = (*BOOLS, *INTS, *FLOATS)
ALL = (*REAL, *COMPLEX)

#: How the elements lie in memory.  `strided`, `reversed` and `transposed` are views, `readonly` cannot be written.
LAYOUTS = ("C", "F", "strided", "reversed", "transposed", "readonly")


class Array(NamedTuple):
    """Arrays: of each of these numbers of dimensions, dtypes, layouts and shapes, with these values.

    `values` is `special` (NaN, infinities, zeros of both signs, extremes of ints, equal ones), `small` (whole numbers
    from 0 to 8, so that sums are exact), `distinct` (no two equal), `sorted` (special ones in order), `nan` (few values, with NaN) or `index`
    (ints within the length of the first axis of the first argument, negative ones too).
    """

    ndim: tuple
    dtypes: tuple
    layouts: tuple
    values: str
    empty: bool
    length: int


def array(*ndim, dtypes=ALL, layouts=LAYOUTS, values="special", empty=True, length=0):
    """A kind of arrays; `empty=False` leaves out those without elements, `length` fixes every axis."""
    return Array(ndim or (1,), tuple(dtypes), tuple(layouts), values, empty, length)


class Scalar(NamedTuple):
    """Numbers given at run time: NumPy scalars of each of these dtypes, and Python numbers of `python`."""

    dtypes: tuple
    python: tuple


def scalar(*dtypes, python=()):
    """A kind of numbers."""
    return Scalar(dtypes, python)


class Run(NamedTuple):
    """Values that the call gets at run time, while plain values stand in the source of the call."""

    values: tuple


def run(*values):
    """Values given at run time."""
    return Run(values)


class Several(NamedTuple):
    """A tuple of values, one of each kind."""

    kinds: tuple


def several(*kinds):
    """A tuple of arguments as one argument."""
    return Several(kinds)


class Always(NamedTuple):
    """Values of a keyword that is never left out."""

    values: tuple


def always(*values):
    """One of these values, in every call."""
    return Always(values)
