"""Makes the layer of compiled library functions that comes with the package (`python/coachwhip/lib/_layer.bin`).

Calls every function of the library that is compiled by itself the ways it is called most, for the element types
and layouts that are used most, and has the compiler keep what it compiled on the way.
"""
import os

# Nothing may come from a cache: what is not compiled here would be missing.
os.environ["COACHWHIP_CACHE_DIR"] = "/dev/null/none"

import numpy as np  # noqa: E402

import coachwhip as cw  # noqa: E402
from coachwhip import _core  # noqa: E402

DTYPES = ("float64", "float32", "int64", "int32", "uint8")

# `a` has one dimension, `b` two, `q` is an array of quantiles.
CALLS = """
np.sort(a); np.sort(b); np.sort(b, axis=0); np.sort(b, axis=1); np.sort(b, axis=None); a.sort()
b.sort(axis=0); b.sort(axis=1); np.argsort(a); np.argsort(b); np.argsort(b, axis=0)
np.argsort(a, kind="stable"); a.argsort(); np.partition(a, 2); a.partition(2)
np.argpartition(a, 2); np.unique(a); np.unique(b); np.unique(a, return_counts=True)
np.unique(a, return_inverse=True); np.unique(a, return_index=True); np.diff(a); np.diff(b)
np.diff(b, axis=0); np.diff(a, n=2); np.median(a); np.median(b); np.median(b, axis=0)
np.median(b, axis=1); np.nanmedian(a); np.nanmedian(b, axis=0); np.percentile(a, 30)
np.percentile(a, 30.0); np.percentile(b, 30, axis=0); np.percentile(b, 30, axis=1)
np.percentile(a, q); np.percentile(b, q, axis=0); np.percentile(a, [25, 75])
np.percentile(a, (25, 50, 75)); np.quantile(a, 0.3); np.quantile(a, q); np.quantile(b, 0.3, axis=0)
np.quantile(b, 0.3, axis=1); np.nanpercentile(a, 30); np.nanquantile(a, 0.3)
"""


def main():
    """Calls everything and writes the layer."""
    calls = [call.strip() for line in CALLS.split("\n") for call in line.split(";") if call.strip()]
    _core.layer_record()
    refused = set()
    for dtype in DTYPES:
        for call in calls:
            a = (np.arange(12.0) * 7 % 5).astype(dtype)
            names = {"np": np}
            exec(f"def f(a, b, q):\n    return {call}\n", names)
            try:
                cw.jit(names["f"])(a, a.reshape(3, 4), np.array([25.0, 75.0]) / 100)
            except cw.CoachwhipError as error:
                refused.add(f"{call}: {str(error).splitlines()[0]}")
    path, count, size = _core.layer_write()
    for line in sorted(refused):
        print(f"left out, {line}")
    print(f"{path.name}: {count} functions, {size:,} bytes")


if __name__ == "__main__":
    main()
