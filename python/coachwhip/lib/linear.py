"""Products of vectors and matrices, and norms.

The loops are plain ones in blocks, which the compiler vectorises; sums of floats are in another order than NumPy's, so that the
last bits differ, as they differ between builds of NumPy.
"""
import numpy as np

from coachwhip import jit
from coachwhip.lib import implements, kinds, tested
from coachwhip.lib.axes import normal_axes, normal_axis, to_back, to_front
from coachwhip.lib.compiler import constant, contiguous, refuse

#: Rows of the second matrix, and columns of it, that are worked on at a time: they stay in the caches.
DEPTH, WIDTH = 128, 512


@jit(fastmath={"reassoc", "contract"})
def sum_of_products(a, b):
    """The products of the elements of two contiguous lines of one dtype, added up in any order."""
    total = a.dtype.type(0)
    for i in range(a.size):
        total += a[i] * b[i]
    return total


def any_product(a, b):
    """Whether two lines of bools have a true element at one place."""
    for i in range(a.size):
        if a[i] and b[i]:
            return np.True_
    return np.False_


def sum_of_half_products(a, b):
    """The products of two lines of halves, added up in order as singles, which is NumPy's way."""
    total = np.float32(0)
    for i in range(a.size):
        total += a[i].astype(np.float32) * b[i].astype(np.float32)
    return total.astype(np.float16)


def line(a, kind):
    """An array of one dimension as a contiguous one of a dtype."""
    kind = constant(kind, "dtype")
    if a.dtype == kind and contiguous(a):
        return a
    return a.astype(kind).copy()


def product_of_lines(a, b, kind):
    """The scalar product of two lines of one length, in the arithmetic of a dtype."""
    if kind == np.bool_:
        return any_product(a, b)
    if kind == np.float16:
        return sum_of_half_products(line(a, kind), line(b, kind))
    return sum_of_products(line(a, kind), line(b, kind))


@jit(fastmath={"contract"})
def add_products(a, b, c):
    """Adds the product of two matrices to a third; all are contiguous and of one dtype."""
    depth, width = b.shape
    for top in range(0, depth, DEPTH):
        bottom = min(top + DEPTH, depth)
        for left in range(0, width, WIDTH):
            right = min(left + WIDTH, width)
            for i in range(a.shape[0]):
                row = c[i, left:right]
                k = top
                while k + 3 < bottom:
                    add_four_rows(row, a[i, k:k + 4], b[k, left:right], b[k + 1, left:right], b[k + 2, left:right],
                                  b[k + 3, left:right])
                    k += 4
                while k < bottom:
                    factor, other = a[i, k], b[k, left:right]
                    for j in range(row.size):
                        row[j] += factor * other[j]
                    k += 1


@jit(fastmath={"contract"})
def add_four_rows(row, factors, b0, b1, b2, b3):
    """Adds multiples of four rows to one."""
    f0, f1, f2, f3 = factors[0], factors[1], factors[2], factors[3]
    for j in range(row.size):
        row[j] += f0 * b0[j] + f1 * b1[j] + f2 * b2[j] + f3 * b3[j]


def add_any_products(a, b, c):
    """The same of bools: whether some pair is true."""
    for i in range(a.shape[0]):
        for k in range(b.shape[0]):
            if a[i, k]:
                for j in range(b.shape[1]):
                    if b[k, j]:
                        c[i, j] = True


def add_half_products(a, b, c):
    """The same of halves, each sum in order as a single."""
    sums = np.empty(b.shape[1], np.float32)
    for i in range(a.shape[0]):
        sums[...] = 0
        for k in range(b.shape[0]):
            factor = a[i, k].astype(np.float32)
            for j in range(b.shape[1]):
                sums[j] += factor * b[k, j].astype(np.float32)
        for j in range(b.shape[1]):
            c[i, j] = sums[j]


def product_of_matrices(a, b, c):
    """Sets a contiguous matrix to the product of two others, which are converted to its dtype."""
    c[...] = 0
    if c.dtype == np.bool_:
        add_any_products(a, b, c)
    elif c.dtype == np.float16:
        add_half_products(np.ascontiguousarray(a, c.dtype), np.ascontiguousarray(b, c.dtype), c)
    else:
        add_products(np.ascontiguousarray(a, c.dtype), np.ascontiguousarray(b, c.dtype), c)


def refuse_alignment(a, b, axis, other):
    """What NumPy says where two axes have different lengths."""
    raise ValueError(f"shapes {shape_text(a)} and {shape_text(b)} not aligned: {a.shape[axis]} (dim {axis}) != "
                     f"{b.shape[other]} (dim {other})")


def shape_text(a):
    """A shape as in NumPy's messages."""
    if a.ndim == 1:
        return f"({a.shape[0]},)"
    if a.ndim == 2:
        return f"({a.shape[0]},{a.shape[1]})"
    if a.ndim == 3:
        return f"({a.shape[0]},{a.shape[1]},{a.shape[2]})"
    return f"({a.shape[0]},{a.shape[1]},{a.shape[2]},{a.shape[3]})"


def checked_out(out, shape, kind):
    """The array that the result goes to."""
    if out is None:
        return np.empty(shape, kind)
    if out.dtype == kind and out.ndim == len(shape) and contiguous(out) and out.shape != shape:
        raise ValueError("output array has wrong dimensions")
    if out.dtype != kind or out.ndim != len(shape) or not contiguous(out):
        raise ValueError("output array is not acceptable (must have the right datatype, number of dimensions, and be a "
                         "C-Array)")
    return out


@implements("numpy.dot")
@tested(kinds.array(1, values="small"), kinds.array(1, 2, values="small", dtypes=("float64", "int8", "bool", "complex64")))
@tested(kinds.array(1, 2, 3, 0, values="small", length=4), kinds.array(1, 2, 3, 0, values="small", length=4, empty=False),
        _strides=False)
@tested(kinds.array(2, values="small", length=3, empty=False), kinds.array(2, values="small", length=3, empty=False))
@tested(kinds.array(1, 2, dtypes=("float32", "int16", "bool"), values="small"), (2, 2.5, True))
@tested(kinds.array(2, dtypes=("float64",), values="small", length=3), kinds.array(2, dtypes=("float64",), values="small", length=3),
        out=kinds.array(2, dtypes=kinds.FLOATS, length=3, layouts=("C", "F")))
def dot(a, b, out=None):
    """The product of two vectors, matrices, or stacks of them as NumPy defines it.

    Limits: does not call BLAS; sums of floats are in another order.
    """
    a, b = np.asarray(a), np.asarray(b)
    kind = np.result_type(a, b)
    if a.ndim == 0 or b.ndim == 0:
        return scaled(a, b, out)
    if b.ndim == 1:
        if a.shape[-1] != b.shape[0]:
            refuse_alignment(a, b, a.ndim - 1, 0)
        if a.ndim == 1:
            result = product_of_lines(a, b, kind)
            if out is None:
                return result
            target = checked_out(out, (), kind)
            target[()] = result
            return target
        return rows_by_line(a, b, checked_out(out, a.shape[:-1], kind))
    if a.shape[-1] != b.shape[-2]:
        refuse_alignment(a, b, a.ndim - 1, b.ndim - 2)
    depth = b.shape[-2]
    right = to_front(b, b.ndim - 2).reshape(depth, b.size // max(depth, 1)) if b.ndim > 2 else b
    target = checked_out(out, (*a.shape[:-1], *b.shape[:-2], b.shape[-1]), kind)
    if depth == 0:
        target[...] = 0
    elif target.size > 0:
        rows = a.size // depth
        product_of_matrices(a.reshape(rows, depth), right, target.reshape(rows, target.size // rows))
    return target


@implements(method="dot")
@tested(kinds.array(1, 2, values="small", length=4), kinds.array(1, 2, values="small", length=4, empty=False))
def dot_method(a, b, out=None):
    """`a.dot(b)`: see `numpy.dot`."""
    return dot(a, b, out)


def scaled(a, b, out):
    """The product with an array of no dimensions."""
    if out is not None:
        refuse("dot() of a number takes no `out`")
    return a * b


def rows_by_line(a, b, target):
    """The product of every row along the last axis with a line."""
    kind = target.dtype
    if b.size == 0:
        target[...] = 0
    else:
        column, rows, flat = line(b, kind), a.reshape(a.size // b.size, b.size), target.reshape(-1)
        for i in range(flat.size):
            flat[i] = product_of_lines(rows[i], column, kind)
    return target


def refuse_core(position, axis, got, wanted):
    """What NumPy's matmul says where two axes have different lengths."""
    raise ValueError(f"matmul: Input operand {position} has a mismatch in its core dimension {axis}, with gufunc signature "
                     f"(n?,k),(k,m?)->(n?,m?) (size {got} is different from {wanted})")


def refuse_number(position):
    """What NumPy's matmul says about numbers."""
    raise ValueError(f"matmul: Input operand {position} does not have enough dimensions (has 0, gufunc core with signature "
                     "(n?,k),(k,m?)->(n?,m?) requires 1)")


@implements("numpy.matmul")
@tested(kinds.array(1, 2, values="small", length=4), kinds.array(1, 2, values="small", length=4, empty=False), _strides=False)
@tested(kinds.array(2, 3, values="small", length=3, dtypes=("float64", "int8", "bool", "complex64")),
        kinds.array(3, 1, 2, values="small", length=3, dtypes=("float64", "float32", "int8")), _strides=False)
@tested(kinds.array(1, 2, dtypes=("float32", "int16"), values="small"), (2, kinds.array(1, 2, 3, values="small")), _strides=False)
@tested(kinds.array(2, dtypes=("float32", "int16"), values="small", length=3), kinds.array(2, values="small", length=3, dtypes=("int8",)),
        dtype=("float64",), _strides=False)
def matmul(x1, x2, /, *, dtype=None):
    """The matrix product, `x1 @ x2`; of stacks of matrices, of each pair.

    Limits: does not call BLAS.
    """
    a, b = np.asarray(x1), np.asarray(x2)
    if a.ndim == 0:
        refuse_number(0)
    if b.ndim == 0:
        refuse_number(1)
    kind = np.result_type(a, b) if dtype is None else np.dtype(dtype)
    if not np.can_cast(a.dtype, kind, "same_kind") or not np.can_cast(b.dtype, kind, "same_kind"):
        refuse("matmul() casts to dtype only what the rule 'same_kind' allows")
    if a.ndim == 1 and b.ndim == 1:
        if a.size != b.size:
            refuse_core(1, 0, b.size, a.size)
        return product_of_lines(a, b, kind)
    if b.ndim == 1:
        if a.shape[-1] != b.size:
            refuse_core(1, 0, b.size, a.shape[-1])
        return rows_by_line(a, b, np.empty(a.shape[:-1], kind))
    if a.shape[-1] != b.shape[-2]:
        refuse_core(1, 0, b.shape[-2], a.shape[-1])
    if a.ndim == 1:
        target = np.empty((*b.shape[:-2], b.shape[-1]), kind)
        stacks(a[np.newaxis, :], b, target.reshape(*b.shape[:-2], 1, b.shape[-1]))
        return target
    if a.ndim == 2 and b.ndim == 2:
        target = np.empty((a.shape[0], b.shape[1]), kind)
        product_of_matrices(a, b, target)
        return target
    target = np.empty((*stack_shape(a.shape[:-2], b.shape[:-2]), a.shape[-2], b.shape[-1]), kind)
    stacks(a, b, target)
    return target


def stack_shape(one, other):
    """The shape that two stacks have together."""
    if len(one) == 0:
        return other
    if len(other) == 0:
        return one
    if one[-1] != other[-1] and one[-1] != 1 and other[-1] != 1:
        raise ValueError("operands could not be broadcast together")
    return (*stack_shape(one[:-1], other[:-1]), max(one[-1], other[-1]) if one[-1] * other[-1] != 0 else 0)


def stacks(a, b, target):
    """The product of each pair of matrices."""
    if target.ndim == 2:
        product_of_matrices(a, b, target)
    else:
        for i in range(target.shape[0]):
            stacks(item(a, target.ndim, i), item(b, target.ndim, i), target[i])


def item(a, ndim, i):
    """What stands at a place of the first axis, if the array has it, repeated where it is one long."""
    if a.ndim < constant(ndim, "ndim"):
        return a
    return a[i if a.shape[0] != 1 else 0]


@implements("numpy.inner")
@tested(kinds.array(0, 1, 2, values="small", length=4), kinds.array(1, 2, 0, values="small", length=4, empty=False), _strides=False)
def inner(a, b, /):
    """The products of the rows along both last axes.

    Limits: does not call BLAS.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if a.shape[-1] != b.shape[-1]:
        refuse_alignment(a, b, a.ndim - 1, b.ndim - 1)
    if b.ndim == 1:
        return dot(a, b)
    return dot(a, to_back(b, b.ndim - 2))


@implements("numpy.vdot")
@tested(kinds.array(1, 2, values="small", length=4), kinds.array(1, 2, values="small", length=4))
@tested(kinds.array(0, dtypes=("complex64", "int8")), (2, 3.5))
def vdot(a, b, /):
    """The scalar product of all elements, those of `a` conjugated.

    Limits: does not call BLAS.
    """
    a, b = np.asarray(a).ravel(), np.asarray(b).ravel()
    if a.size != b.size:
        raise ValueError(f"cannot reshape array of size {b.size} into shape ({a.size},)")
    kind = np.result_type(a, b)
    if kind.kind != "c":
        return product_of_lines(a, b, kind)
    left = a.astype(kind)
    for i in range(left.size):
        left[i] = left[i].conjugate()
    return product_of_lines(left, b, kind)


@implements("numpy.outer")
@tested(kinds.array(0, 1, 2, values="small"), (kinds.array(1, 2, values="small"), 3, 2.5), _strides=False)
@tested(kinds.array(1, dtypes=("float32",), length=3), kinds.array(1, dtypes=("float64", "float32"), length=3),
        out=kinds.array(2, dtypes=("float64",), length=3, layouts=("C", "F")))
def outer(a, b, out=None):
    """The products of every element of `a` with every one of `b`."""
    a, b = np.asarray(a).ravel(), np.asarray(b).ravel()
    if out is None:
        return a[:, np.newaxis] * b[np.newaxis, :]
    return np.multiply(a[:, np.newaxis], b[np.newaxis, :], out)


@implements("numpy.linalg.norm")
@tested(kinds.array(0, 1, 2, 3), _ulp=4)
@tested(kinds.array(1), ord=(None, 1, 2, 3, 0, -1, -2.5, np.inf, -np.inf), keepdims=(True, False), _ulp=8)
@tested(kinds.array(2), ord=kinds.always("fro", "f", 1, -1, np.inf, -np.inf, None, 3), axis=(None, (0, 1), (1, 0)), _ulp=8)
@tested(kinds.array(2, 3, dtypes=("float64", "complex64", "int8")), ord=(None, 1, 2, np.inf, 3, "fro"), axis=kinds.always(0, 1, -1, (0,)),
        keepdims=(True,), _ulp=8, _strides=False)
@tested(kinds.array(3, dtypes=("float64", "float32")), ord=(None, 1, "fro", -np.inf), axis=kinds.always((0, 1), (2, 0), (0, 5), (1, 1)),
        keepdims=(True, False), _ulp=8, _strides=False)
def norm(x, ord=None, axis=None, keepdims=False):
    """The norm of a vector or a matrix, or of those along one or two axes.

    Limits: `ord` 2, -2 and "nuc" of matrices, which need singular values, are not supported; axis, keepdims and
    texts for `ord` are known when compiling.
    """
    x = np.asarray(x)
    if x.dtype.kind in "biu":
        return norm(x.astype(np.float64), ord, axis, keepdims)
    axis, keepdims = constant(axis, "axis"), constant(keepdims, "keepdims")
    if axis is None:
        return norm_of_all(x, ord, keepdims)
    axes = axis if isinstance(axis, tuple) else (int(axis),)
    if len(axes) == 1:
        place = normal_axis(axes[0], x.ndim)
        result = norms_of_lines(to_back(x, place), ord)
        return result.reshape(kept(x.shape, (place,))) if keepdims else plain(result)
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    places = normal_axes(axes, x.ndim)
    if places[0] == places[1]:
        raise ValueError("Duplicate axes given.")
    check_order(ord)
    result = norms_of_matrices(to_back(to_back(x, places[0]), places[1] - (places[1] > places[0])), ord)
    return result.reshape(kept(x.shape, places)) if keepdims else plain(result)


def plain(result):
    """A number instead of an array without dimensions."""
    return result[()] if result.ndim == 0 else result


def kept(shape, places):
    """The shape with the axes at these places one long."""
    if len(places) == 0:
        return shape
    place = constant(places[0], "axis")
    return kept((*shape[:place], 1, *shape[place + 1:]), places[1:])


def norm_of_all(x, ord, keepdims):
    """The norm of all elements, where no axis is given."""
    if ord is None or (x.ndim == 2 and isinstance(ord, str) and ord in ("f", "fro")):
        result = two_norm(x.ravel())
    elif x.ndim == 1:
        result = line_norm(x, ord)
    elif x.ndim == 2:
        check_order(ord)
        result = matrix_norm(x, ord)
    else:
        raise ValueError("Improper number of dimensions to norm.")
    return in_dimensions(result, x.ndim) if keepdims else result


def in_dimensions(number, ndim):
    """A number as an array of so many dimensions."""
    made = np.empty((1,) * ndim, number.dtype)
    made[...] = number
    return made


def norms_of_lines(x, ord):
    """The norms along the last axis."""
    check_line_order(ord)
    result = np.empty(x.shape[:-1], np.abs(np.zeros(1, x.dtype)).dtype)
    each_line(x, ord, result)
    return result


def each_line(x, ord, result):
    """Fills an array with norms along the last axis."""
    if x.ndim == 1:
        result[()] = line_norm(x, ord)
    elif x.ndim == 2:
        for i in range(x.shape[0]):
            result[i] = line_norm(x[i], ord)
    else:
        for i in range(x.shape[0]):
            each_line(x[i], ord, result[i])


def norms_of_matrices(x, ord):
    """The norms of the matrices along the last two axes."""
    result = np.empty(x.shape[:-2], np.abs(np.zeros(1, x.dtype)).dtype)
    each_matrix(x, ord, result)
    return result


def each_matrix(x, ord, result):
    """Fills an array with norms of matrices."""
    if x.ndim == 2:
        result[()] = matrix_norm(x, ord)
    elif x.ndim == 3:
        for i in range(x.shape[0]):
            result[i] = matrix_norm(x[i], ord)
    else:
        for i in range(x.shape[0]):
            each_matrix(x[i], ord, result[i])


@jit(fastmath={"reassoc", "contract"})
def sum_of_squares(x):
    """The squares of the magnitudes, added up."""
    if x.dtype.kind == "c":
        total = x.real.dtype.type(0)
        for i in range(x.size):
            total += x[i].real * x[i].real + x[i].imag * x[i].imag
    else:
        total = x.dtype.type(0)
        for i in range(x.size):
            total += x[i] * x[i]
    return total


def two_norm(x):
    """The Euclidean norm of a line."""
    return np.sqrt(sum_of_squares(x))


def check_line_order(ord):
    """Refuses texts as orders of vectors."""
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")


def line_norm(x, ord):
    """The norm of a line."""
    check_line_order(ord)
    if ord is None:
        return two_norm(x)
    if ord == np.inf:
        return greatest(x)
    if ord == -np.inf:
        return least(x)
    if ord == 0:
        return count(x)
    if ord == 1:
        return total(x)
    if ord == 2:
        return two_norm(x)
    powers = x.real.dtype.type(0)
    for i in range(x.size):
        powers += abs(x[i]) ** ord
    return powers ** np.reciprocal(powers.dtype.type(ord))


def greatest(x):
    """The greatest magnitude, 0 of none; NaN if there is one."""
    result = x.real.dtype.type(0)
    for i in range(x.size):
        size = abs(x[i])
        if size > result or size != size:
            result = size
        if result != result:
            return result
    return result


def least(x):
    """The least magnitude; NaN if there is one."""
    if x.size == 0:
        raise ValueError("zero-size array to reduction operation minimum which has no identity")
    result = abs(x[0])
    for i in range(x.size):
        size = abs(x[i])
        if size < result or size != size:
            result = size
        if result != result:
            return result
    return result


def count(x):
    """How many elements are not zero."""
    result = x.real.dtype.type(0)
    for i in range(x.size):
        if x[i] != 0:
            result += 1
    return result


@jit(fastmath={"reassoc", "contract"})
def total(x):
    """The magnitudes, added up."""
    result = x.real.dtype.type(0)
    for i in range(x.size):
        result += abs(x[i])
    return result


def check_order(ord):
    """Refuses orders of matrix norms."""
    if isinstance(ord, str):
        if ord == "nuc":
            refuse("the nuclear norm of a matrix needs singular values, which are not supported yet")
        if ord not in ("f", "fro"):
            raise ValueError("Invalid norm order for matrices.")
    elif ord is not None:
        ord = constant(ord, "ord")
        if ord == 2 or ord == -2:
            refuse("the norms of a matrix of order 2 and -2 need singular values, which are not supported yet")
        if ord != 1 and ord != -1 and ord != np.inf and ord != -np.inf:
            raise ValueError("Invalid norm order for matrices.")


def matrix_norm(x, ord):
    """The norm of a matrix."""
    if ord is None or isinstance(ord, str):
        return two_norm(x.ravel())
    ord = constant(ord, "ord")
    sums = sums_of_rows(x.T if ord == 1 or ord == -1 else x)
    return greatest(sums) if ord > 0 else least(sums)


def sums_of_rows(x):
    """The magnitudes of each row, added up."""
    result = np.empty(x.shape[0], x.real.dtype)
    for i in range(x.shape[0]):
        result[i] = total(x[i])
    return result
