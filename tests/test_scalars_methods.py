"""NumPy scalars have the methods of 0-d arrays: compared with NumPy's own, value, dtype and shape."""
import numpy as np
import pytest
from support import same


def folded(x):
    return x.sum(), x.prod(), x.min(), x.max(), x.mean(), x.any(), x.all(), x.argmin(), x.argmax()


def spread(x):
    return x.std(), x.var()


def shaped(x):
    return x.reshape(-1), x.reshape((1, 1)), x.ravel(), x.flatten(), x.cumsum(), x.cumprod()


def clipped(x):
    return x.clip(0, 2)


@pytest.mark.parametrize("scalar", [np.float64(-2.5), np.float32(3.25), np.int8(7), np.uint64(2**63), np.int64(0), np.bool_(True), np.complex128(1 - 2j)])
@pytest.mark.parametrize("function", [folded, spread, shaped, clipped])
def test_methods(function, scalar):
    if function is clipped and np.iscomplexobj(scalar):
        return
    same(function, scalar)
