"""Vector math is within 1 ulp of the true values: a sample of what `benchmarks/accuracy.py` measures."""
import pathlib
import sys

import numpy as np
import pytest

sys.path.append(str(pathlib.Path(__file__).parent.parent / "benchmarks"))

import accuracy  # noqa: E402


@pytest.mark.parametrize("name", accuracy.FUNCTIONS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
def test_within_one_ulp(name, dtype):
    worst, place, _, corrected = accuracy.measure(name, dtype, np.random.default_rng(5), 3000, looked_at=20)
    assert worst <= 1.0, (name, place)
    assert corrected == 0
