"""The result types of every ufunc for every pair of dtypes, and of dtypes with Python numbers, against NumPy.

Only types are inferred here, nothing is compiled, so that all pairs take a second.
"""
import itertools
import re
import warnings

import coachwhip
import numpy as np
import pytest
from coachwhip import _core, types

from array_cases import DTYPES

PYTHON = {"bool": True, "int": 3, "float": 3.0, "complex": 3.0 + 1.0j}
#: In a signature the names of the widest types stand for Python's own numbers.
DECLARED = {"bool": types.boolean, "int": types.int64, "float": types.float64, "complex": types.complex128}
TYPE = re.compile(r"(bool|u?int\d+|float\d+|complex\d+)")


def ufuncs():
    """Every element-wise ufunc of NumPy's namespace."""
    found = {value.__name__: value for value in vars(np).values() if isinstance(value, np.ufunc)}
    return [u for _, u in sorted(found.items()) if u.signature is None and u.__name__ != "isnat"]


def array_type(code):
    """The type of a contiguous array of one axis."""
    name = np.dtype(code).name
    return getattr(types, "boolean" if name == "bool" else name)[::1]


def compiled(ufunc, arity):
    names = ", ".join("abc"[:arity])
    space = {"np": np}
    exec(f"def f({names}):\n    return np.{ufunc.__name__}({names})\n", space)
    return coachwhip.jit(space["f"])


def wanted(ufunc, values):
    """NumPy's dtypes; `None` where it refuses."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            results = ufunc(*values)
        except TypeError:
            return None
    results = results if isinstance(results, tuple) else (results,)
    return tuple(result.dtype.name for result in results)


def found(function, params):
    """The inferred dtypes, `None` for a refusal."""
    try:
        return tuple(TYPE.findall(_core.infer(function, params)))
    except coachwhip.CoachwhipError:
        return None


def check(ufunc, cases):
    function = compiled(ufunc, ufunc.nin)
    wrong = []
    for label, values, params in cases:
        got, want = found(function, params), wanted(ufunc, values)
        if got != want:
            wrong.append(f"{label}: {got}, NumPy: {want}")
    assert not wrong, f"{len(wrong)} differ for np.{ufunc.__name__}\n" + "\n".join(wrong[:10])


@pytest.mark.parametrize("ufunc", ufuncs(), ids=lambda u: u.__name__)
def test_dtypes(ufunc):
    check(ufunc, [(codes, [np.ones(1, c) for c in codes], tuple(array_type(c) for c in codes))
                  for codes in itertools.product(DTYPES, repeat=ufunc.nin)])


@pytest.mark.parametrize("ufunc", [u for u in ufuncs() if u.nin == 2], ids=lambda u: u.__name__)
def test_python_numbers(ufunc):
    cases = []
    for code, kind in itertools.product(DTYPES, PYTHON):
        array, number = np.ones(1, code), PYTHON[kind]
        cases.append(((code, kind), (array, number), (array_type(code), DECLARED[kind])))
        cases.append(((kind, code), (number, array), (DECLARED[kind], array_type(code))))
    check(ufunc, cases)
