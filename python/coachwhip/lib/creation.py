"""New arrays with a pattern."""
import operator

import numpy as np

from coachwhip.lib import implements, kinds, tested
from coachwhip.lib.compiler import constant


@implements("numpy.eye")
@tested(kinds.run(3, 0, 5), kinds.run(4, 2), k=(0, 1, -2, 9), dtype=(int, "complex64", bool, None), order=("C", "F"))
@tested(kinds.run(3, -1))
def eye(N, M=None, k=0, dtype=float, order="C", *, device=None):
    """A matrix with ones on a diagonal.

    Limits: dtype and order are known when compiling.
    """
    if device is not None and constant(device, "device") != "cpu":
        raise ValueError('Device not understood. Only "cpu" is allowed, but received: ' + device)
    columns = N if M is None else M
    result = np.zeros((N, columns), dtype, order)
    k = operator.index(k)
    for row in range(max(0, -k), min(result.shape[0], result.shape[1] - k)):
        result[row, row + k] = 1
    return result


@implements("numpy.identity")
@tested(kinds.run(3, 0, 1), dtype=("int8", complex, None))
def identity(n, dtype=None):
    """A square matrix with ones on its main diagonal.

    Limits: dtype is known when compiling.
    """
    return eye(n, dtype=dtype)
