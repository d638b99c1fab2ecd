"""`None` where a value is needed: an error when the code runs, as in Python, unless the code is certain to run."""
import math

import numpy as np
import pytest

import coachwhip as cw
from support import same

NUMBERS = [1, 1.5, True, 1j, np.int8(1), np.float32(2), np.bool_(True), np.complex64(1), np.uint64(3)]
USES = {
    "subscript": lambda v, x: v[0], "store": None, "attribute": lambda v, x: v.shape, "length": lambda v, x: len(v),
    "iterate": None, "unpack": None, "contains": lambda v, x: 1 in v, "negative": lambda v, x: -v, "invert": lambda v, x: ~v,
    "add": lambda v, x: v + x, "radd": lambda v, x: x + v, "power": lambda v, x: v**x, "rpower": lambda v, x: x**v,
    "less": lambda v, x: v < x, "rless": lambda v, x: x < v, "greater": lambda v, x: v >= x, "shift": lambda v, x: v << x,
    "and": lambda v, x: x & v, "divide": lambda v, x: v / x, "call": lambda v, x: v(x),
}


def store(v, x):
    v[0] = x


def iterate(v, x):
    total = x * 0
    for item in v:
        total += item
    return total


def unpack(v, x):
    a, b = v
    return a


USES |= {"store": store, "iterate": iterate, "unpack": unpack}


@pytest.mark.parametrize("name", sorted(USES))
def test_certainly_none_behind_a_flag(name):
    use = USES[name]

    def function(flag, x):
        value = None
        if flag:
            return use(value, x) is None
        return False

    for x in (1, 2.5):
        same(function, True, x)
        same(function, False, x)


@pytest.mark.parametrize("name", sorted(set(USES) - {"call", "unpack", "store", "attribute", "contains", "invert", "shift", "and"}))
def test_perhaps_none(name):
    use = USES[name]
    numbers = {"negative", "add", "radd", "power", "rpower", "less", "rless", "greater", "divide"}

    def function(flag, x, other):
        value = None
        if flag:
            value = other
        return use(value, x)

    other = 4 if name in numbers else (1, 2)
    same(function, False, 2.5, other)
    same(function, True, 2.5, other)


@pytest.mark.parametrize("x", NUMBERS, ids=lambda x: type(x).__name__)
def test_operators_with_none(x):
    def inplace(flag, x):
        if flag:
            x += None
        return x

    def rinplace(flag, x):
        v = None
        if flag:
            v -= x
        return flag

    for function in (inplace, rinplace):
        same(function, True, x)
        same(function, False, x)
    for name in ("add", "radd", "power", "rpower", "less", "rless", "greater", "divide", "shift", "and"):
        use = USES[name]

        def function(flag, x):
            v = None
            if flag:
                use(v, x)
            return 0

        same(function, True, x)


def test_both_perhaps_none():
    def function(p, q):
        a = None if p else 1
        b = None if q else 2.5
        return a + b

    for p in (False, True):
        for q in (False, True):
            same(function, p, q)


def build(decorate, flag):
    @decorate
    def inner(x, interp=True):
        return x, (x * 2.0 if interp else None)

    @decorate
    def outer(x, i):
        return inner(x, interp=flag)

    return outer


def caller(x, interp, fh):
    s = 0.0
    for i in range(x.shape[0]):
        a, b = fh(x, i)
        if not interp:
            s += a[i]
        else:
            s += b[i]
    return s


@pytest.mark.parametrize("flag", [True, False])
@pytest.mark.parametrize("interp", [True, False])
def test_a_callee_whose_result_is_none_for_a_constant_flag(flag, interp):
    x = np.arange(4.0)
    outcomes = []
    for function, fh in ((caller, build(lambda f: f, flag)), (cw.jit(caller), build(cw.jit, flag))):
        try:
            outcomes.append(function(x, interp, fh))
        except TypeError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


def test_an_array_made_in_the_first_round():
    def function(x, rounds):
        points = None
        count = 0
        for k in range(rounds):
            for i in range(x.shape[0]):
                if k == 1:
                    points[i] = x[i]
                count += 1
            if k == 0:
                points = np.zeros(count)
        return points

    def backwards(x, rounds):
        points = None
        for k in range(rounds):
            if k == 0:
                points[0] = x[0]
            points = np.zeros(3)
        return points

    for rounds in (0, 1, 2):
        same(function, np.arange(3.0), rounds)
        same(backwards, np.arange(3.0), rounds)


def test_what_is_certain_to_fail_is_refused():
    def function(x):
        value = None
        return value[0] + x

    with pytest.raises(cw.CompileError, match="None cannot be indexed"):
        cw.jit(function)(1)


def test_arrays_take_none_as_numpy_does():
    # NumPy answers an empty array and None without an error: it is not for us to fail.
    def function(flag, a):
        if flag:
            return a + None
        return a

    with pytest.raises(cw.CompileError):
        cw.jit(function)(False, np.ones(0))


@pytest.mark.parametrize("use", [
    lambda v: abs(v), lambda v: float(v), lambda v: int(v), lambda v: round(v), lambda v: math.sqrt(v), lambda v: math.isnan(v),
    lambda v: sum(range(v)),
], ids=range(7))
def test_functions_of_numbers_behind_a_flag(use):
    def function(flag):
        v = None
        if flag:
            use(v)
        return flag

    same(function, True)
    same(function, False)
