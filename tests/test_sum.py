"""`sum` adds floats as the running interpreter does: plainly before CPython 3.12, compensated since."""
import math

import numpy as np
import pytest

from support import same


def summed(t):
    return sum(t)


def summed_from(t, start):
    return sum(t, start)


FLOATS = [(0.1, 0.2, 0.3), (1e100, 1.0, -1e100), (1e308, 1e308, -1e308), (math.inf, 1.0), (math.inf, -math.inf),
          (math.nan, 1.0), (-0.0, -0.0), (0.1,) * 10, (1e16, 1.0, 1.0)]
MIXED = [(1, 0.1, 0.2, 0.3), (0.1, 1, 0.2, True), (1e100, 1, 1.0, -1e100), (0.1, 0.2, 0.3 + 1j, 0.1),
         (0.1, 0.2, np.float64(0.3), 0.1), (0.1, 0.2, np.float32(0.3)), (np.float64(0.1), 0.2, 0.3), ()]


@pytest.mark.parametrize("items", FLOATS + MIXED, ids=str)
def test_tuples(items):
    same(summed, items)


@pytest.mark.parametrize("items", FLOATS, ids=str)
def test_starts(items):
    same(summed_from, items, 0.5)
    same(summed_from, items, 3)


def test_arrays_are_added_plainly():
    same(summed, np.array([0.1, 0.2, 0.3]))
    same(summed, np.array([1e100, 1.0, -1e100]))


@pytest.mark.parametrize("items", FLOATS, ids=str)
def test_the_library_function_says_the_same(items):
    from coachwhip.lib.builtins import sum_

    got, want = sum_(items, 0), sum(items)
    assert math.isnan(got) and math.isnan(want) or got == want and math.copysign(1, got) == math.copysign(1, want)
