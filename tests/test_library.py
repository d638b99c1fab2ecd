"""The library in Python: its index, and its functions as plain Python."""
import importlib
import pathlib
import subprocess
import sys

import coachwhip
import library_cases
import numpy as np
import pytest
from coachwhip import lib
from coachwhip.lib.index import INDEX
from support import Outcome, assert_same_value, same


def test_the_index_is_in_step_with_the_decorators():
    found = {}
    root = pathlib.Path(lib.__file__).parent
    for path in root.rglob("*.py"):
        if path.stem in ("__init__", "index"):
            continue
        place = ".".join(path.relative_to(root).with_suffix("").parts)
        module = importlib.import_module(f"coachwhip.lib.{place}")
        for name, value in vars(module).items():
            if hasattr(value, "__implements__") and value.__module__ == module.__name__:
                found |= dict.fromkeys(value.__implements__, f"{place}.{name}")
                assert value.__doc__, name
    assert found == INDEX


def test_importing_coachwhip_imports_no_library_file():
    code = "import sys, coachwhip; print([m for m in sys.modules if m.startswith('coachwhip.lib')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def nocopy_strides(a, shape):
    """The strides of NumPy's view of `a` with another shape, None if NumPy copies."""
    view = a.reshape(shape)
    return view.strides if np.shares_memory(view, a) or a.size == 0 else None


@pytest.mark.parametrize("seed", range(200))
def test_reshape_strides(seed):
    from coachwhip.lib.arrays import reshape_strides

    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.choice([1, 2, 3, 4], rng.integers(1, 5))]
    base = np.zeros([2 * n for n in sizes])
    slices = tuple(slice(None, n * s, s) for n, s in zip(sizes, rng.choice([1, 2], len(sizes))))
    a = base[slices].transpose(rng.permutation(len(sizes)) if rng.random() < 0.3 else range(len(sizes)))
    factors = [f for n in sizes for f in ([2, 2] if n == 4 else [n])] + [1] * int(rng.integers(0, 2))
    rng.shuffle(factors)
    cut = sorted(rng.integers(0, len(factors) + 1, rng.integers(0, 4)))
    shape = tuple(int(np.prod(part)) for part in np.split(np.array(factors, int), cut))
    strides = np.zeros(len(shape), np.int64)
    fits = reshape_strides(np.array(a.shape), np.array(a.strides), np.array(shape), strides, a.itemsize)
    want = nocopy_strides(a, shape)
    assert fits == (want is not None)
    if fits and a.flags.c_contiguous is False and a.shape != shape:
        assert tuple(strides) == want


@pytest.mark.parametrize("case", list(library_cases.cases()), ids=repr)
def test_as_declared(case):
    """NumPy's function as plain Python, compiled, and the library's own Python run plain."""
    function = case.function()
    compiled = coachwhip.jit(function)
    options = {name: value for name, value in case.options.items() if name in ("ulp", "messages", "strides")}
    for at_run_time, positional, keywords in case.calls:
        same(function, *at_run_time, compiled=compiled, **options)
        if case.options.get("plain", True):
            same_plain(case, function, at_run_time, positional, keywords)


def same_plain(case, function, at_run_time, positional, keywords):
    """The library function, run as plain Python, does what NumPy's does."""
    want = Outcome(function, tuple(at_run_time), {})
    got = Outcome(case.implementation, tuple(positional), keywords)
    assert (got.error is None) == (want.error is None), f"{got}; NumPy: {want}"
    if want.error is None:
        options = {name: value for name, value in case.options.items() if name in ("ulp", "strides")}
        assert_same_value(got.value, want.value, f"{case.title} run plain", **options)
