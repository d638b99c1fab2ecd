"""The least and the greatest elements, and where they are."""
import numpy as np

from coachwhip.lib import implements

#: So many elements are compared side by side.
LANES = 16


def greatest(total, a, stop):
    """The greatest of the total and the first elements, NaN left out, and NaN if one may be among them."""
    m0 = total
    m1 = total
    m2 = total
    m3 = total
    m4 = total
    m5 = total
    m6 = total
    m7 = total
    m8 = total
    m9 = total
    m10 = total
    m11 = total
    m12 = total
    m13 = total
    m14 = total
    m15 = total
    zero = total.dtype.type(0)
    t0 = zero
    t1 = zero
    t2 = zero
    t3 = zero
    t4 = zero
    t5 = zero
    t6 = zero
    t7 = zero
    t8 = zero
    t9 = zero
    t10 = zero
    t11 = zero
    t12 = zero
    t13 = zero
    t14 = zero
    t15 = zero
    for i in range(0, stop, 16):
        x0 = a[i]
        x1 = a[i + 1]
        x2 = a[i + 2]
        x3 = a[i + 3]
        x4 = a[i + 4]
        x5 = a[i + 5]
        x6 = a[i + 6]
        x7 = a[i + 7]
        x8 = a[i + 8]
        x9 = a[i + 9]
        x10 = a[i + 10]
        x11 = a[i + 11]
        x12 = a[i + 12]
        x13 = a[i + 13]
        x14 = a[i + 14]
        x15 = a[i + 15]
        m0 = m0 if m0 > x0 else x0
        m1 = m1 if m1 > x1 else x1
        m2 = m2 if m2 > x2 else x2
        m3 = m3 if m3 > x3 else x3
        m4 = m4 if m4 > x4 else x4
        m5 = m5 if m5 > x5 else x5
        m6 = m6 if m6 > x6 else x6
        m7 = m7 if m7 > x7 else x7
        m8 = m8 if m8 > x8 else x8
        m9 = m9 if m9 > x9 else x9
        m10 = m10 if m10 > x10 else x10
        m11 = m11 if m11 > x11 else x11
        m12 = m12 if m12 > x12 else x12
        m13 = m13 if m13 > x13 else x13
        m14 = m14 if m14 > x14 else x14
        m15 = m15 if m15 > x15 else x15
        t0 += x0 - x0
        t1 += x1 - x1
        t2 += x2 - x2
        t3 += x3 - x3
        t4 += x4 - x4
        t5 += x5 - x5
        t6 += x6 - x6
        t7 += x7 - x7
        t8 += x8 - x8
        t9 += x9 - x9
        t10 += x10 - x10
        t11 += x11 - x11
        t12 += x12 - x12
        t13 += x13 - x13
        t14 += x14 - x14
        t15 += x15 - x15
    m0 = m0 if m0 > m8 else m8
    m1 = m1 if m1 > m9 else m9
    m2 = m2 if m2 > m10 else m10
    m3 = m3 if m3 > m11 else m11
    m4 = m4 if m4 > m12 else m12
    m5 = m5 if m5 > m13 else m13
    m6 = m6 if m6 > m14 else m14
    m7 = m7 if m7 > m15 else m15
    m0 = m0 if m0 > m4 else m4
    m1 = m1 if m1 > m5 else m5
    m2 = m2 if m2 > m6 else m6
    m3 = m3 if m3 > m7 else m7
    m0 = m0 if m0 > m2 else m2
    m1 = m1 if m1 > m3 else m3
    m0 = m0 if m0 > m1 else m1
    t0 += t8
    t1 += t9
    t2 += t10
    t3 += t11
    t4 += t12
    t5 += t13
    t6 += t14
    t7 += t15
    t0 += t4
    t1 += t5
    t2 += t6
    t3 += t7
    t0 += t2
    t1 += t3
    t0 += t1
    return m0, t0


def least(total, a, stop):
    """The least of the total and the first elements, NaN left out, and NaN if one may be among them."""
    m0 = total
    m1 = total
    m2 = total
    m3 = total
    m4 = total
    m5 = total
    m6 = total
    m7 = total
    m8 = total
    m9 = total
    m10 = total
    m11 = total
    m12 = total
    m13 = total
    m14 = total
    m15 = total
    zero = total.dtype.type(0)
    t0 = zero
    t1 = zero
    t2 = zero
    t3 = zero
    t4 = zero
    t5 = zero
    t6 = zero
    t7 = zero
    t8 = zero
    t9 = zero
    t10 = zero
    t11 = zero
    t12 = zero
    t13 = zero
    t14 = zero
    t15 = zero
    for i in range(0, stop, 16):
        x0 = a[i]
        x1 = a[i + 1]
        x2 = a[i + 2]
        x3 = a[i + 3]
        x4 = a[i + 4]
        x5 = a[i + 5]
        x6 = a[i + 6]
        x7 = a[i + 7]
        x8 = a[i + 8]
        x9 = a[i + 9]
        x10 = a[i + 10]
        x11 = a[i + 11]
        x12 = a[i + 12]
        x13 = a[i + 13]
        x14 = a[i + 14]
        x15 = a[i + 15]
        m0 = m0 if m0 < x0 else x0
        m1 = m1 if m1 < x1 else x1
        m2 = m2 if m2 < x2 else x2
        m3 = m3 if m3 < x3 else x3
        m4 = m4 if m4 < x4 else x4
        m5 = m5 if m5 < x5 else x5
        m6 = m6 if m6 < x6 else x6
        m7 = m7 if m7 < x7 else x7
        m8 = m8 if m8 < x8 else x8
        m9 = m9 if m9 < x9 else x9
        m10 = m10 if m10 < x10 else x10
        m11 = m11 if m11 < x11 else x11
        m12 = m12 if m12 < x12 else x12
        m13 = m13 if m13 < x13 else x13
        m14 = m14 if m14 < x14 else x14
        m15 = m15 if m15 < x15 else x15
        t0 += x0 - x0
        t1 += x1 - x1
        t2 += x2 - x2
        t3 += x3 - x3
        t4 += x4 - x4
        t5 += x5 - x5
        t6 += x6 - x6
        t7 += x7 - x7
        t8 += x8 - x8
        t9 += x9 - x9
        t10 += x10 - x10
        t11 += x11 - x11
        t12 += x12 - x12
        t13 += x13 - x13
        t14 += x14 - x14
        t15 += x15 - x15
    m0 = m0 if m0 < m8 else m8
    m1 = m1 if m1 < m9 else m9
    m2 = m2 if m2 < m10 else m10
    m3 = m3 if m3 < m11 else m11
    m4 = m4 if m4 < m12 else m12
    m5 = m5 if m5 < m13 else m13
    m6 = m6 if m6 < m14 else m14
    m7 = m7 if m7 < m15 else m15
    m0 = m0 if m0 < m4 else m4
    m1 = m1 if m1 < m5 else m5
    m2 = m2 if m2 < m6 else m6
    m3 = m3 if m3 < m7 else m7
    m0 = m0 if m0 < m2 else m2
    m1 = m1 if m1 < m3 else m3
    m0 = m0 if m0 < m1 else m1
    t0 += t8
    t1 += t9
    t2 += t10
    t3 += t11
    t4 += t12
    t5 += t13
    t6 += t14
    t7 += t15
    t0 += t4
    t1 += t5
    t2 += t6
    t3 += t7
    t0 += t2
    t1 += t3
    t0 += t1
    return m0, t0


def has_nan(a):
    """Whether an element is NaN."""
    count = 0
    for i in range(a.shape[0]):
        count += a[i] != a[i]
    return count > 0


@implements("coachwhip.lib.max_row", reads_once=("a",))
def max_row(total, a, value):
    """The greatest of the total and a row; NaN if there is one."""
    if isinstance(total, np.floating):
        n = a.shape[0]
        stop = n - n % LANES
        if stop > 0 and total == total:
            found, doubt = greatest(total, a, stop)
            if doubt != doubt and has_nan(a[:stop]):
                return doubt
            total = found
        else:
            stop = 0
        for i in range(stop, n):
            total = np.maximum(total, a[i])
    elif isinstance(total, np.complexfloating):
        for i in range(a.shape[0]):
            total = np.maximum(total, a[i])
    else:
        for i in range(a.shape[0]):
            x = a[i]
            total = x if x > total else total
    return total


@implements("coachwhip.lib.max_cell")
def max_cell(total, x, value):
    """The greater of two; NaN if one is."""
    return np.maximum(total, x)


@implements("coachwhip.lib.min_row", reads_once=("a",))
def min_row(total, a, value):
    """The least of the total and a row; NaN if there is one."""
    if isinstance(total, np.floating):
        n = a.shape[0]
        stop = n - n % LANES
        if stop > 0 and total == total:
            found, doubt = least(total, a, stop)
            if doubt != doubt and has_nan(a[:stop]):
                return doubt
            total = found
        else:
            stop = 0
        for i in range(stop, n):
            total = np.minimum(total, a[i])
    elif isinstance(total, np.complexfloating):
        for i in range(a.shape[0]):
            total = np.minimum(total, a[i])
    else:
        for i in range(a.shape[0]):
            x = a[i]
            total = x if x < total else total
    return total


@implements("coachwhip.lib.min_cell")
def min_cell(total, x, value):
    """The smaller of two; NaN if one is."""
    return np.minimum(total, x)


@implements("coachwhip.lib.fmax_row", reads_once=("a",))
def fmax_row(total, a, value):
    """The greatest of the total and the numbers of a row."""
    if isinstance(total, np.inexact):
        for i in range(a.shape[0]):
            total = np.fmax(total, a[i])
        return total
    return max_row(total, a, value)


@implements("coachwhip.lib.fmax_cell")
def fmax_cell(total, x, value):
    """The greater of two that are numbers."""
    return np.fmax(total, x)


@implements("coachwhip.lib.fmin_row", reads_once=("a",))
def fmin_row(total, a, value):
    """The least of the total and the numbers of a row."""
    if isinstance(total, np.inexact):
        for i in range(a.shape[0]):
            total = np.fmin(total, a[i])
        return total
    return min_row(total, a, value)


@implements("coachwhip.lib.fmin_cell")
def fmin_cell(total, x, value):
    """The smaller of two that are numbers."""
    return np.fmin(total, x)
