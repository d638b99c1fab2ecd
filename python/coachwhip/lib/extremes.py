"""The least and the greatest elements."""
import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.compiler import in_lanes

#: So many elements are compared side by side; a buffer takes what each lane has found, and then, for each, NaN if one may
#: have been among its elements (the difference of an infinity from itself is NaN too).
LANES = 16
#: So many in an iteration.
STEP = 2 * LANES


def greatest(total, a, stop, lanes):
    """The greatest of the total and the first elements by lanes, NaN left out."""
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
    for i in range(0, stop, 32):
        in_lanes()
        x0, y0 = a[i + 0], a[i + 16]
        x1, y1 = a[i + 1], a[i + 17]
        x2, y2 = a[i + 2], a[i + 18]
        x3, y3 = a[i + 3], a[i + 19]
        x4, y4 = a[i + 4], a[i + 20]
        x5, y5 = a[i + 5], a[i + 21]
        x6, y6 = a[i + 6], a[i + 22]
        x7, y7 = a[i + 7], a[i + 23]
        x8, y8 = a[i + 8], a[i + 24]
        x9, y9 = a[i + 9], a[i + 25]
        x10, y10 = a[i + 10], a[i + 26]
        x11, y11 = a[i + 11], a[i + 27]
        x12, y12 = a[i + 12], a[i + 28]
        x13, y13 = a[i + 13], a[i + 29]
        x14, y14 = a[i + 14], a[i + 30]
        x15, y15 = a[i + 15], a[i + 31]
        z0 = x0 if x0 > y0 else y0
        m0 = m0 if m0 > z0 else z0
        z1 = x1 if x1 > y1 else y1
        m1 = m1 if m1 > z1 else z1
        z2 = x2 if x2 > y2 else y2
        m2 = m2 if m2 > z2 else z2
        z3 = x3 if x3 > y3 else y3
        m3 = m3 if m3 > z3 else z3
        z4 = x4 if x4 > y4 else y4
        m4 = m4 if m4 > z4 else z4
        z5 = x5 if x5 > y5 else y5
        m5 = m5 if m5 > z5 else z5
        z6 = x6 if x6 > y6 else y6
        m6 = m6 if m6 > z6 else z6
        z7 = x7 if x7 > y7 else y7
        m7 = m7 if m7 > z7 else z7
        z8 = x8 if x8 > y8 else y8
        m8 = m8 if m8 > z8 else z8
        z9 = x9 if x9 > y9 else y9
        m9 = m9 if m9 > z9 else z9
        z10 = x10 if x10 > y10 else y10
        m10 = m10 if m10 > z10 else z10
        z11 = x11 if x11 > y11 else y11
        m11 = m11 if m11 > z11 else z11
        z12 = x12 if x12 > y12 else y12
        m12 = m12 if m12 > z12 else z12
        z13 = x13 if x13 > y13 else y13
        m13 = m13 if m13 > z13 else z13
        z14 = x14 if x14 > y14 else y14
        m14 = m14 if m14 > z14 else z14
        z15 = x15 if x15 > y15 else y15
        m15 = m15 if m15 > z15 else z15
        t0 += (x0 - x0) + (y0 - y0)
        t1 += (x1 - x1) + (y1 - y1)
        t2 += (x2 - x2) + (y2 - y2)
        t3 += (x3 - x3) + (y3 - y3)
        t4 += (x4 - x4) + (y4 - y4)
        t5 += (x5 - x5) + (y5 - y5)
        t6 += (x6 - x6) + (y6 - y6)
        t7 += (x7 - x7) + (y7 - y7)
        t8 += (x8 - x8) + (y8 - y8)
        t9 += (x9 - x9) + (y9 - y9)
        t10 += (x10 - x10) + (y10 - y10)
        t11 += (x11 - x11) + (y11 - y11)
        t12 += (x12 - x12) + (y12 - y12)
        t13 += (x13 - x13) + (y13 - y13)
        t14 += (x14 - x14) + (y14 - y14)
        t15 += (x15 - x15) + (y15 - y15)
    lanes[0] = m0
    lanes[1] = m1
    lanes[2] = m2
    lanes[3] = m3
    lanes[4] = m4
    lanes[5] = m5
    lanes[6] = m6
    lanes[7] = m7
    lanes[8] = m8
    lanes[9] = m9
    lanes[10] = m10
    lanes[11] = m11
    lanes[12] = m12
    lanes[13] = m13
    lanes[14] = m14
    lanes[15] = m15
    lanes[16] = t0
    lanes[17] = t1
    lanes[18] = t2
    lanes[19] = t3
    lanes[20] = t4
    lanes[21] = t5
    lanes[22] = t6
    lanes[23] = t7
    lanes[24] = t8
    lanes[25] = t9
    lanes[26] = t10
    lanes[27] = t11
    lanes[28] = t12
    lanes[29] = t13
    lanes[30] = t14
    lanes[31] = t15


def least(total, a, stop, lanes):
    """The least of the total and the first elements by lanes, NaN left out."""
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
    for i in range(0, stop, 32):
        in_lanes()
        x0, y0 = a[i + 0], a[i + 16]
        x1, y1 = a[i + 1], a[i + 17]
        x2, y2 = a[i + 2], a[i + 18]
        x3, y3 = a[i + 3], a[i + 19]
        x4, y4 = a[i + 4], a[i + 20]
        x5, y5 = a[i + 5], a[i + 21]
        x6, y6 = a[i + 6], a[i + 22]
        x7, y7 = a[i + 7], a[i + 23]
        x8, y8 = a[i + 8], a[i + 24]
        x9, y9 = a[i + 9], a[i + 25]
        x10, y10 = a[i + 10], a[i + 26]
        x11, y11 = a[i + 11], a[i + 27]
        x12, y12 = a[i + 12], a[i + 28]
        x13, y13 = a[i + 13], a[i + 29]
        x14, y14 = a[i + 14], a[i + 30]
        x15, y15 = a[i + 15], a[i + 31]
        z0 = x0 if x0 < y0 else y0
        m0 = m0 if m0 < z0 else z0
        z1 = x1 if x1 < y1 else y1
        m1 = m1 if m1 < z1 else z1
        z2 = x2 if x2 < y2 else y2
        m2 = m2 if m2 < z2 else z2
        z3 = x3 if x3 < y3 else y3
        m3 = m3 if m3 < z3 else z3
        z4 = x4 if x4 < y4 else y4
        m4 = m4 if m4 < z4 else z4
        z5 = x5 if x5 < y5 else y5
        m5 = m5 if m5 < z5 else z5
        z6 = x6 if x6 < y6 else y6
        m6 = m6 if m6 < z6 else z6
        z7 = x7 if x7 < y7 else y7
        m7 = m7 if m7 < z7 else z7
        z8 = x8 if x8 < y8 else y8
        m8 = m8 if m8 < z8 else z8
        z9 = x9 if x9 < y9 else y9
        m9 = m9 if m9 < z9 else z9
        z10 = x10 if x10 < y10 else y10
        m10 = m10 if m10 < z10 else z10
        z11 = x11 if x11 < y11 else y11
        m11 = m11 if m11 < z11 else z11
        z12 = x12 if x12 < y12 else y12
        m12 = m12 if m12 < z12 else z12
        z13 = x13 if x13 < y13 else y13
        m13 = m13 if m13 < z13 else z13
        z14 = x14 if x14 < y14 else y14
        m14 = m14 if m14 < z14 else z14
        z15 = x15 if x15 < y15 else y15
        m15 = m15 if m15 < z15 else z15
        t0 += (x0 - x0) + (y0 - y0)
        t1 += (x1 - x1) + (y1 - y1)
        t2 += (x2 - x2) + (y2 - y2)
        t3 += (x3 - x3) + (y3 - y3)
        t4 += (x4 - x4) + (y4 - y4)
        t5 += (x5 - x5) + (y5 - y5)
        t6 += (x6 - x6) + (y6 - y6)
        t7 += (x7 - x7) + (y7 - y7)
        t8 += (x8 - x8) + (y8 - y8)
        t9 += (x9 - x9) + (y9 - y9)
        t10 += (x10 - x10) + (y10 - y10)
        t11 += (x11 - x11) + (y11 - y11)
        t12 += (x12 - x12) + (y12 - y12)
        t13 += (x13 - x13) + (y13 - y13)
        t14 += (x14 - x14) + (y14 - y14)
        t15 += (x15 - x15) + (y15 - y15)
    lanes[0] = m0
    lanes[1] = m1
    lanes[2] = m2
    lanes[3] = m3
    lanes[4] = m4
    lanes[5] = m5
    lanes[6] = m6
    lanes[7] = m7
    lanes[8] = m8
    lanes[9] = m9
    lanes[10] = m10
    lanes[11] = m11
    lanes[12] = m12
    lanes[13] = m13
    lanes[14] = m14
    lanes[15] = m15
    lanes[16] = t0
    lanes[17] = t1
    lanes[18] = t2
    lanes[19] = t3
    lanes[20] = t4
    lanes[21] = t5
    lanes[22] = t6
    lanes[23] = t7
    lanes[24] = t8
    lanes[25] = t9
    lanes[26] = t10
    lanes[27] = t11
    lanes[28] = t12
    lanes[29] = t13
    lanes[30] = t14
    lanes[31] = t15


def greatest_number(total, a, stop, lanes):
    """The greatest of the total and those of the first elements that are numbers, by lanes."""
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
    for i in range(0, stop, 32):
        in_lanes()
        x0, y0 = a[i + 0], a[i + 16]
        x1, y1 = a[i + 1], a[i + 17]
        x2, y2 = a[i + 2], a[i + 18]
        x3, y3 = a[i + 3], a[i + 19]
        x4, y4 = a[i + 4], a[i + 20]
        x5, y5 = a[i + 5], a[i + 21]
        x6, y6 = a[i + 6], a[i + 22]
        x7, y7 = a[i + 7], a[i + 23]
        x8, y8 = a[i + 8], a[i + 24]
        x9, y9 = a[i + 9], a[i + 25]
        x10, y10 = a[i + 10], a[i + 26]
        x11, y11 = a[i + 11], a[i + 27]
        x12, y12 = a[i + 12], a[i + 28]
        x13, y13 = a[i + 13], a[i + 29]
        x14, y14 = a[i + 14], a[i + 30]
        x15, y15 = a[i + 15], a[i + 31]
        m0 = x0 if x0 > m0 else m0
        m0 = y0 if y0 > m0 else m0
        m1 = x1 if x1 > m1 else m1
        m1 = y1 if y1 > m1 else m1
        m2 = x2 if x2 > m2 else m2
        m2 = y2 if y2 > m2 else m2
        m3 = x3 if x3 > m3 else m3
        m3 = y3 if y3 > m3 else m3
        m4 = x4 if x4 > m4 else m4
        m4 = y4 if y4 > m4 else m4
        m5 = x5 if x5 > m5 else m5
        m5 = y5 if y5 > m5 else m5
        m6 = x6 if x6 > m6 else m6
        m6 = y6 if y6 > m6 else m6
        m7 = x7 if x7 > m7 else m7
        m7 = y7 if y7 > m7 else m7
        m8 = x8 if x8 > m8 else m8
        m8 = y8 if y8 > m8 else m8
        m9 = x9 if x9 > m9 else m9
        m9 = y9 if y9 > m9 else m9
        m10 = x10 if x10 > m10 else m10
        m10 = y10 if y10 > m10 else m10
        m11 = x11 if x11 > m11 else m11
        m11 = y11 if y11 > m11 else m11
        m12 = x12 if x12 > m12 else m12
        m12 = y12 if y12 > m12 else m12
        m13 = x13 if x13 > m13 else m13
        m13 = y13 if y13 > m13 else m13
        m14 = x14 if x14 > m14 else m14
        m14 = y14 if y14 > m14 else m14
        m15 = x15 if x15 > m15 else m15
        m15 = y15 if y15 > m15 else m15
    lanes[0] = m0
    lanes[1] = m1
    lanes[2] = m2
    lanes[3] = m3
    lanes[4] = m4
    lanes[5] = m5
    lanes[6] = m6
    lanes[7] = m7
    lanes[8] = m8
    lanes[9] = m9
    lanes[10] = m10
    lanes[11] = m11
    lanes[12] = m12
    lanes[13] = m13
    lanes[14] = m14
    lanes[15] = m15


def least_number(total, a, stop, lanes):
    """The least of the total and those of the first elements that are numbers, by lanes."""
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
    for i in range(0, stop, 32):
        in_lanes()
        x0, y0 = a[i + 0], a[i + 16]
        x1, y1 = a[i + 1], a[i + 17]
        x2, y2 = a[i + 2], a[i + 18]
        x3, y3 = a[i + 3], a[i + 19]
        x4, y4 = a[i + 4], a[i + 20]
        x5, y5 = a[i + 5], a[i + 21]
        x6, y6 = a[i + 6], a[i + 22]
        x7, y7 = a[i + 7], a[i + 23]
        x8, y8 = a[i + 8], a[i + 24]
        x9, y9 = a[i + 9], a[i + 25]
        x10, y10 = a[i + 10], a[i + 26]
        x11, y11 = a[i + 11], a[i + 27]
        x12, y12 = a[i + 12], a[i + 28]
        x13, y13 = a[i + 13], a[i + 29]
        x14, y14 = a[i + 14], a[i + 30]
        x15, y15 = a[i + 15], a[i + 31]
        m0 = x0 if x0 < m0 else m0
        m0 = y0 if y0 < m0 else m0
        m1 = x1 if x1 < m1 else m1
        m1 = y1 if y1 < m1 else m1
        m2 = x2 if x2 < m2 else m2
        m2 = y2 if y2 < m2 else m2
        m3 = x3 if x3 < m3 else m3
        m3 = y3 if y3 < m3 else m3
        m4 = x4 if x4 < m4 else m4
        m4 = y4 if y4 < m4 else m4
        m5 = x5 if x5 < m5 else m5
        m5 = y5 if y5 < m5 else m5
        m6 = x6 if x6 < m6 else m6
        m6 = y6 if y6 < m6 else m6
        m7 = x7 if x7 < m7 else m7
        m7 = y7 if y7 < m7 else m7
        m8 = x8 if x8 < m8 else m8
        m8 = y8 if y8 < m8 else m8
        m9 = x9 if x9 < m9 else m9
        m9 = y9 if y9 < m9 else m9
        m10 = x10 if x10 < m10 else m10
        m10 = y10 if y10 < m10 else m10
        m11 = x11 if x11 < m11 else m11
        m11 = y11 if y11 < m11 else m11
        m12 = x12 if x12 < m12 else m12
        m12 = y12 if y12 < m12 else m12
        m13 = x13 if x13 < m13 else m13
        m13 = y13 if y13 < m13 else m13
        m14 = x14 if x14 < m14 else m14
        m14 = y14 if y14 < m14 else m14
        m15 = x15 if x15 < m15 else m15
        m15 = y15 if y15 < m15 else m15
    lanes[0] = m0
    lanes[1] = m1
    lanes[2] = m2
    lanes[3] = m3
    lanes[4] = m4
    lanes[5] = m5
    lanes[6] = m6
    lanes[7] = m7
    lanes[8] = m8
    lanes[9] = m9
    lanes[10] = m10
    lanes[11] = m11
    lanes[12] = m12
    lanes[13] = m13
    lanes[14] = m14
    lanes[15] = m15


def doubtful(lanes):
    """Whether NaN may have been among the elements."""
    doubt = lanes[LANES]
    for j in range(LANES + 1, 2 * LANES):
        doubt += lanes[j]
    return doubt != doubt


def has_nan(a, stop):
    """Whether one of the first elements is NaN."""
    count = 0
    for i in range(stop):
        count += a[i] != a[i]
    return count > 0


@implements("coachwhip.lib.max_row", reads_once=("a",))
def max_row(total, a, value):
    """The greatest of the total and a row; NaN if there is one."""
    n = a.shape[0]
    if isinstance(total, np.floating):
        stop = 0
        if n >= STEP and total == total:
            stop = n - n % STEP
            lanes = np.empty(2 * LANES, total.dtype)
            greatest(total, a, stop, lanes)
            if doubtful(lanes) and has_nan(a, stop):
                return total.dtype.type(np.nan)
            for j in range(LANES):
                total = total if total > lanes[j] else lanes[j]
        for i in range(stop, n):
            total = np.maximum(total, a[i])
    elif isinstance(total, np.complexfloating):
        for i in range(n):
            total = np.maximum(total, a[i])
    else:
        for i in range(n):
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
    n = a.shape[0]
    if isinstance(total, np.floating):
        stop = 0
        if n >= STEP and total == total:
            stop = n - n % STEP
            lanes = np.empty(2 * LANES, total.dtype)
            least(total, a, stop, lanes)
            if doubtful(lanes) and has_nan(a, stop):
                return total.dtype.type(np.nan)
            for j in range(LANES):
                total = total if total < lanes[j] else lanes[j]
        for i in range(stop, n):
            total = np.minimum(total, a[i])
    elif isinstance(total, np.complexfloating):
        for i in range(n):
            total = np.minimum(total, a[i])
    else:
        for i in range(n):
            x = a[i]
            total = x if x < total else total
    return total


@implements("coachwhip.lib.min_cell")
def min_cell(total, x, value):
    """The smaller of two; NaN if one is."""
    return np.minimum(total, x)


def extreme_number(total, a, largest):
    """The extreme of the total and the numbers of a row of floats; NaN if none of them is a number."""
    n = a.shape[0]
    stop = n - n % STEP
    if stop > 0:
        lanes = np.empty(LANES, total.dtype)
        if largest:
            greatest_number(total.dtype.type(-np.inf), a, stop, lanes)
        else:
            least_number(total.dtype.type(np.inf), a, stop, lanes)
        found = lanes[0]
        for j in range(1, LANES):
            found = (lanes[j] if lanes[j] > found else found) if largest else (lanes[j] if lanes[j] < found else found)
        # An infinity at the wrong end may stand for no number at all.
        wrong = found == (-np.inf if largest else np.inf)
        if not wrong or has_number(a, stop):
            total = np.fmax(total, found) if largest else np.fmin(total, found)
    for i in range(stop, n):
        total = np.fmax(total, a[i]) if largest else np.fmin(total, a[i])
    return total


def has_number(a, stop):
    """Whether one of the first elements is not NaN."""
    count = 0
    for i in range(stop):
        count += a[i] == a[i]
    return count > 0


@implements("coachwhip.lib.fmax_row", reads_once=("a",))
def fmax_row(total, a, value):
    """The greatest of the total and the numbers of a row."""
    if isinstance(total, np.floating):
        return extreme_number(total, a, True)
    if isinstance(total, np.complexfloating):
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
    if isinstance(total, np.floating):
        return extreme_number(total, a, False)
    if isinstance(total, np.complexfloating):
        for i in range(a.shape[0]):
            total = np.fmin(total, a[i])
        return total
    return min_row(total, a, value)


@implements("coachwhip.lib.fmin_cell")
def fmin_cell(total, x, value):
    """The smaller of two that are numbers."""
    return np.fmin(total, x)
