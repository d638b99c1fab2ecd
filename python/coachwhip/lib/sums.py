"""Sums and products, in the order in which NumPy adds and multiplies."""
import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.compiler import in_lanes

#: So many elements NumPy converts at a time where the sum has another dtype than the array.
BUFFER = 8192


def zero_of(total):
    """Zero of the dtype of a total; the negative one, which changes no sum."""
    return total.dtype.type(-0.0)


def wide(x):
    """A half as a single, in which NumPy adds up and multiplies rows of them; any other number itself."""
    return x.astype(np.float32) if isinstance(x, np.float16) else x


@implements("coachwhip.lib.plain")
def plain(x, dtype):
    """An element in the dtype of the sum."""
    return x.astype(dtype)


@implements("coachwhip.lib.zero_for_nan")
def zero_for_nan(x, dtype):
    """An element, or 0 for NaN."""
    if isinstance(x, np.inexact):
        return (x if x == x else x.dtype.type(0)).astype(dtype)
    return x.astype(dtype)


@implements("coachwhip.lib.one_for_nan")
def one_for_nan(x, dtype):
    """An element, or 1 for NaN."""
    if isinstance(x, np.inexact):
        return (x if x == x else x.dtype.type(1)).astype(dtype)
    return x.astype(dtype)


def term(x, value, dtype):
    """An element of a plain sum."""
    return x.astype(dtype)


def nan_term(x, value, dtype):
    """An element of a sum without NaN."""
    return zero_for_nan(x, dtype)


def square_term(x, value, dtype):
    """The squared distance of an element from the mean."""
    d = x - value
    if isinstance(d, np.complexfloating):
        return (d.real * d.real + d.imag * d.imag).astype(dtype)
    return (d * d).astype(dtype)


def nan_square_term(x, value, dtype):
    """The squared distance of a number from the mean, 0 for NaN."""
    if isinstance(x, np.inexact):
        if x == x:
            return square_term(x, value, dtype)
        return dtype.type(0)
    return square_term(x, value, dtype)


def distance(a, value):
    """The dtype of squared distances from the mean."""
    return (a.dtype.type(0) - value).real.dtype


def add_row(total, a, value, term, exact):
    """The terms of a row added up: floats pairwise, as NumPy does it; `exact` if the terms have the dtype of the total."""
    n = a.shape[0]
    if isinstance(total, np.inexact):
        if exact:
            return (wide(total) + pairwise(a, 0, n, value, total, term)).astype(total.dtype)
        for start in range(0, n, BUFFER):
            part = pairwise(a, start, min(n - start, BUFFER), value, total, term)
            total = (wide(total) + part).astype(total.dtype)
        return total
    if a.itemsize <= 2 and a.itemsize < total.itemsize:
        return total + small_sum(total, a, value, term)
    for i in range(n):
        total += term(a[i], value, total.dtype)
    return total


def small_sum(total, a, value, term):
    """The sum of integers of one or two bytes, which 32 bits hold for a while."""
    n = a.shape[0]
    result = total.dtype.type(0)
    narrow = np.int32(0).dtype if isinstance(total, np.signedinteger) else np.uint32(0).dtype
    for start in range(0, n, 16384):
        few = narrow.type(0)
        for i in range(start, min(start + 16384, n)):
            few += term(a[i], value, narrow)
        result += few.astype(total.dtype)
    return result


def pairwise(a, start, n, value, total, term):
    """The sum of `n` terms: halves of more than 128 floats, blocks by eight sums that are added up in pairs."""
    if isinstance(total, np.complexfloating):
        if n < 4:
            return few(a, start, n, value, total, term)
        if n <= 64:
            return complex_block(a, start, n, value, total, term)
        half = (n - n % 8) // 2
    else:
        if n < 8:
            return few(a, start, n, value, total, term)
        if n <= 128:
            return block(a, start, n, value, total, term)
        half = n // 2
        half -= half % 8
    return pairwise(a, start, half, value, total, term) + pairwise(a, start + half, n - half, value, total, term)


def few(a, start, n, value, total, term):
    """The sum of some terms from left to right."""
    result = wide(zero_of(total))
    for i in range(start, start + n):
        result += wide(term(a[i], value, total.dtype))
    return result


def block(a, start, n, value, total, term):
    """The sum of 8 to 128 real terms."""
    dtype = total.dtype
    r0 = wide(term(a[start], value, dtype))
    r1 = wide(term(a[start + 1], value, dtype))
    r2 = wide(term(a[start + 2], value, dtype))
    r3 = wide(term(a[start + 3], value, dtype))
    r4 = wide(term(a[start + 4], value, dtype))
    r5 = wide(term(a[start + 5], value, dtype))
    r6 = wide(term(a[start + 6], value, dtype))
    r7 = wide(term(a[start + 7], value, dtype))
    stop = start + n - n % 8
    for i in range(start + 8, stop, 8):
        in_lanes()
        r0 += wide(term(a[i], value, dtype))
        r1 += wide(term(a[i + 1], value, dtype))
        r2 += wide(term(a[i + 2], value, dtype))
        r3 += wide(term(a[i + 3], value, dtype))
        r4 += wide(term(a[i + 4], value, dtype))
        r5 += wide(term(a[i + 5], value, dtype))
        r6 += wide(term(a[i + 6], value, dtype))
        r7 += wide(term(a[i + 7], value, dtype))
    result = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    for i in range(stop, start + n):
        result += wide(term(a[i], value, dtype))
    return result


def complex_block(a, start, n, value, total, term):
    """The sum of 4 to 64 complex terms."""
    dtype = total.dtype
    r0 = term(a[start], value, dtype)
    r1 = term(a[start + 1], value, dtype)
    r2 = term(a[start + 2], value, dtype)
    r3 = term(a[start + 3], value, dtype)
    stop = start + n - n % 4
    for i in range(start + 4, stop, 4):
        in_lanes()
        r0 += term(a[i], value, dtype)
        r1 += term(a[i + 1], value, dtype)
        r2 += term(a[i + 2], value, dtype)
        r3 += term(a[i + 3], value, dtype)
    result = (r0 + r1) + (r2 + r3)
    for i in range(stop, start + n):
        result += term(a[i], value, dtype)
    return result


@implements("coachwhip.lib.sum_row", reads_once=("a",))
def sum_row(total, a, value):
    """Adds a row."""
    return add_row(total, a, value, term, a.dtype == total.dtype)


@implements("coachwhip.lib.sum_cell")
def sum_cell(total, x, value):
    """Adds an element."""
    return total + x.astype(total.dtype)


@implements("coachwhip.lib.nansum_row", reads_once=("a",))
def nansum_row(total, a, value):
    """Adds the numbers of a row."""
    return add_row(total, a, value, nan_term, a.dtype == total.dtype)


@implements("coachwhip.lib.nansum_cell")
def nansum_cell(total, x, value):
    """Adds an element that is a number."""
    return total + zero_for_nan(x, total.dtype)


@implements("coachwhip.lib.square_row", reads_once=("a",))
def square_row(total, a, value):
    """Adds the squared distances of a row from the mean."""
    return add_row(total, a, value, square_term, distance(a, value) == total.dtype)


@implements("coachwhip.lib.square_cell")
def square_cell(total, x, value):
    """Adds a squared distance from the mean."""
    return total + square_term(x, value, total.dtype)


@implements("coachwhip.lib.nansquare_row", reads_once=("a",))
def nansquare_row(total, a, value):
    """Adds the squared distances of the numbers of a row from the mean."""
    return add_row(total, a, value, nan_square_term, distance(a, value) == total.dtype)


@implements("coachwhip.lib.nansquare_cell")
def nansquare_cell(total, x, value):
    """Adds the squared distance of a number from the mean."""
    return total + nan_square_term(x, value, total.dtype)


def multiply_row(total, a, factor):
    """A total times the factors of a row; halves are multiplied as singles, as many as NumPy converts at a time."""
    n = a.shape[0]
    if isinstance(total, np.float16):
        step = max(n, 1) if a.dtype == total.dtype else BUFFER
        for start in range(0, n, step):
            product = wide(total)
            for i in range(start, min(start + step, n)):
                product *= wide(factor(a[i], total.dtype))
            total = product.astype(total.dtype)
        return total
    for i in range(n):
        total *= factor(a[i], total.dtype)
    return total


@implements("coachwhip.lib.prod_row", reads_once=("a",))
def prod_row(total, a, value):
    """Multiplies by the elements of a row, one after the other."""
    return multiply_row(total, a, plain)


@implements("coachwhip.lib.prod_cell")
def prod_cell(total, x, value):
    """Multiplies by an element."""
    return total * x.astype(total.dtype)


@implements("coachwhip.lib.nanprod_row", reads_once=("a",))
def nanprod_row(total, a, value):
    """Multiplies by the numbers of a row."""
    return multiply_row(total, a, one_for_nan)


@implements("coachwhip.lib.nanprod_cell")
def nanprod_cell(total, x, value):
    """Multiplies by an element that is a number."""
    return total * one_for_nan(x, total.dtype)


@implements("coachwhip.lib.tally_row")
def tally_row(total, a, value):
    """Counts the elements of a row."""
    return total + a.shape[0]


@implements("coachwhip.lib.tally_cell")
def tally_cell(total, x, value):
    """Counts an element."""
    return total + 1


@implements("coachwhip.lib.numbers_row", reads_once=("a",))
def numbers_row(total, a, value):
    """Counts the elements of a row that are not NaN."""
    count = 0
    for i in range(a.shape[0]):
        count += a[i] == a[i]
    return total + count


@implements("coachwhip.lib.numbers_cell")
def numbers_cell(total, x, value):
    """Counts an element that is not NaN."""
    return total + (x == x)


@implements("coachwhip.lib.quotient")
def quotient(total, n):
    """A sum divided by a count, in double precision, in the sum's dtype."""
    return (total / np.float64(n)).astype(total.dtype)


@implements("coachwhip.lib.divide")
def divide(totals, n):
    """Divides sums by one count, or each by its own, in place."""
    for i in range(totals.shape[0]):
        count = n if isinstance(n, float) else n[i]
        if totals.ndim == 1:
            totals[i] = quotient(totals[i], count)
        else:
            divide(totals[i], count)


@implements("coachwhip.lib.lessened")
def lessened(counts, ddof):
    """Counts less the degrees of freedom that are used up, not below 0, in place."""
    for i in range(counts.shape[0]):
        if counts.ndim == 1:
            rest = counts[i] - ddof
            counts[i] = rest if rest > 0 else np.float64(0)
        else:
            lessened(counts[i], ddof)


@implements("coachwhip.lib.root")
def root(x):
    """The square root of a variance."""
    return np.sqrt(x).astype(x.dtype)


@implements("coachwhip.lib.roots")
def roots(values):
    """Square roots, in place."""
    for i in range(values.shape[0]):
        if values.ndim == 1:
            values[i] = root(values[i])
        else:
            roots(values[i])


@implements("coachwhip.lib.nan_without")
def nan_without(x, freedom):
    """The variance, or NaN if no degree of freedom is left."""
    return x if freedom > 0 else x.dtype.type(np.nan)


@implements("coachwhip.lib.nans_without")
def nans_without(values, freedom):
    """NaN in place of the variances without degrees of freedom."""
    for i in range(values.shape[0]):
        if values.ndim == 1:
            if not freedom[i] > 0:
                values[i] = np.nan
        else:
            nans_without(values[i], freedom[i])
