"""The help of messages leads on: names that are meant, forms of values that are accepted, places that are to blame."""
import array
import collections
import datetime
import decimal
import enum
import random
import time
import warnings
from typing import NamedTuple

import numpy as np
import pytest
from support import refused, same

import coachwhip as cw

config = {"n": 3, 4: 5}
numbers = [1, 2, 3]
tolerance = 1e-3


class Point(NamedTuple("Point", [("a", float)])):
    def __init__(self, a):
        pass


class Grade(enum.Enum):
    GOOD = 1

    def __format__(self, spec):
        return self.name


class Keys(set):
    pass


class Names(list):
    pass


class Meters(np.ndarray):
    pass


def identity(x):
    return x


def matrix():
    """A matrix, which NumPy warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.matrix([[1.0, 2.0]])


MASKED = np.ma.array([1.0, 1e9, 3.0], mask=[False, True, False])


# The argument, what the help says, and code for what it says to pass, or None.
@pytest.mark.parametrize(("value", "part", "instead"), [
    (MASKED, "np.ma.getmaskarray(a)", "value.filled(0.0)"),
    (matrix(), "write `@`", "np.asarray(value)"),
    (np.ones(2).view(Meters), "if its elements are all that it means", "np.asarray(value)"),
    (np.ones(2).view(np.recarray), "np.asarray(a)", "np.asarray(value)"),
    ([1, 2.5, np.int8(3)], "np.array(values)", "np.array(value)"),
    ([np.ones(2), np.ones((2, 3))], "tuple(values)", "tuple(value)"),
    ([[1, 2], [3.0]], "give all items one type", "[[1.0, 2.0], [3.0]]"),
    (Names([1, 2]), "list(value)", "list(value)"),
    ([1, "a"], "tuple(values)", "tuple(value)"),
    ({"a": 1, 4: 2}, "arguments of their own", "value['a']"),
    (collections.OrderedDict({1: 2}), "two NumPy arrays", "np.array(list(value))"),
    (Keys({3, 1}), "np.array(sorted(values))", "np.array(sorted(value))"),
    (Point(1.0), "value.a", "value.a"),
    (Grade.GOOD, "member.value", "value.value"),
    (memoryview(b"ab"), "np.frombuffer", "np.frombuffer(value, np.uint8)"),
    (array.array("d", [1.0]), "np.frombuffer", "np.frombuffer(value, value.typecode)"),
    (decimal.Decimal("1.5"), "float(value)", "float(value)"),
    (datetime.timedelta(1), "total_seconds", "value.total_seconds()"),
    (iter([1, 2]), "np.fromiter", "np.fromiter([1, 2], int)"),
    (collections.OrderedDict(a=1), "arguments of their own", "value['a']"),
    (object(), "numbers, NumPy arrays, tuples", None),
], ids=lambda v: type(v).__name__)  # fmt: skip
def test_arguments(value, part, instead):
    error = refused(identity, value)
    assert part in error.diagnostic.help
    if instead is not None:
        same(identity, eval(instead, {"np": np, "value": value}))  # noqa: S307


def test_arguments_of_other_packages():
    pandas = pytest.importorskip("pandas")
    for value in (pandas.Series([1.0]), pandas.DataFrame({"a": [1.0]}), pandas.Index([1, 2])):
        assert "value.to_numpy()" in refused(identity, value).diagnostic.help


def test_what_refuses_a_masked_array_keeps_its_mask():
    help_text = refused(identity, MASKED).diagnostic.help
    assert "asarray" not in help_text


def test_methods():
    class Model:
        def __getattr__(self, name):
            raise AttributeError(name)

        @cw.jit
        def step(self, x):
            return x

    error = pytest.raises(cw.TypingError, Model().step, 1).value
    assert "`def step(self, …)" in error.diagnostic.help


def local(value):
    return vlaue + 1  # noqa: F821


def other_case(x):
    return Tolerance * x  # noqa: F821


def of_numpy(x):
    return sqrt(x)  # noqa: F821


def built_in(x):
    return pirnt(x)  # noqa: F821


def captured(x):
    factor = x + 1

    def inner(y):
        return factr * y  # noqa: F821

    return inner(x) + factor


def calls_local(x):
    return local(x)


def parallel_loop(n):
    total = 0
    for i in prange(n):  # noqa: F821
        total += i
    return total


def unknown(x):
    return entirely_unheard_of(x)  # noqa: F821


@pytest.mark.parametrize(("function", "part"), [
    (local, "did you mean `value`?"), (other_case, "`tolerance`"), (of_numpy, "`np.sqrt`"), (built_in, "`print`"),
    (captured, "`factor`"), (calls_local, "`value`"), (parallel_loop, "use `range`"), (unknown, "define it before"),
], ids=lambda v: getattr(v, "__name__", ""))  # fmt: skip
def test_names(function, part):
    error = refused(function, 1, code="CW0201")
    assert part in error.diagnostic.help
    assert "global" not in error.diagnostic.message


def typo_of_numpy(x):
    return np.sqroot(x)


def typo_of_a_submodule(x):
    return np.linalg.nrom(x)


@pytest.mark.parametrize(("function", "part"), [(typo_of_numpy, "numpy.sqrt"), (typo_of_a_submodule, "linalg.norm")])
def test_attributes_of_modules(function, part):
    assert f"did you mean `{part}`?" in refused(function, 1.0, code="CW0202").diagnostic.help


@pytest.mark.parametrize(("source", "argument", "part"), [
    ("s.uper()", "a", "upper"), ("s.Strip()", "a", "strip"), ("s.decod()", b"a", "decode"), ("s.appendd(1)", [1, 2], "append"),
    ("s.conjugat()", 1j, "conjugate")])
def test_attributes_of_values(source, argument, part):
    assert f"did you mean `{part}`?" in refused(eval(f"lambda s: {source}"), argument, code="CW0202").diagnostic.help


def test_an_attribute_that_only_compiled_code_lacks_is_no_typo():
    assert "did you mean" not in str(refused(lambda s: s.maketrans("a", "b"), "a", code="CW0202").diagnostic.help)


def random_number(x):
    return x + random.random()


def random_choice(x):
    return random.choice(x)


def entry(x):
    return x * config["n"]


def clock(x):
    return time.time() + x


def captured_dict():
    own = {"a": 1}
    return lambda x: x + own["a"]


@pytest.mark.parametrize(("function", "part"), [
    (random_number, "use `np.random.random()`"), (random_choice, "np.random"), (entry, "such as `N = config[…]`"),
    (captured_dict(), "`N = own[…]`"),
], ids=lambda v: getattr(v, "__name__", ""))  # fmt: skip
def test_objects(function, part):
    error = refused(function, 2, code="CW0203")
    assert part in error.diagnostic.help
    assert "cannot be used in compiled code" in error.diagnostic.message


def fourier(x):
    return np.fft.fft(x)


@pytest.mark.parametrize(("function", "part"), [(clock, "call `time.time` outside"), (fourier, "call `numpy.fft.fft` outside")])
def test_functions(function, part):
    assert part in refused(function, 2, code="CW0204").diagnostic.help


def test_prange_of_numba():
    numba = pytest.importorskip("numba")
    prange = numba.prange

    def loop(n):
        total = 0
        for i in prange(n):
            total += i
        return total

    assert "use `range" in refused(loop, 3).diagnostic.help


def closure(x):
    def inner():
        return x

    return inner


@pytest.mark.parametrize(("function", "code", "line", "message"), [
    (closure, None, 4, "a nested function cannot be returned"),
], ids=lambda v: getattr(v, "__name__", ""))  # fmt: skip
def test_the_place_of_what_cannot_be_returned(function, code, line, message):
    error = refused(function, 3, code=code)
    place = error.diagnostic.primary
    assert message in error.diagnostic.message
    assert place["line"] == function.__code__.co_firstlineno + line, error
    assert place["column"] < place["end_column"]


def item_of_list(i):
    return [1, 2, 3][i]


def beyond_the_list(i):
    return [1, 2, i][5]


def item_of_tuple(i):
    return (1, 2, 3)[i]


@pytest.mark.parametrize("function", [item_of_list, beyond_the_list, item_of_tuple])
def test_lists_fail_as_lists(function):
    for index in (0, 2, -3, 3, -4, 2**40):
        same(function, index)


@pytest.mark.parametrize("function", [
    lambda n: len([1, 2, 3][n:]), lambda n: [1, 2.5][n], lambda n: [1, 2][n / 2],
])  # fmt: skip
def test_messages_about_lists_say_list(function):
    message = refused(function, 3).diagnostic.message
    assert "list" in message
    assert "tuple" not in message
