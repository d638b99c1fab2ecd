"""`coachwhip.extending`: functions, methods and attributes that users teach the compiler."""

import coachwhip
import numpy as np
import pytest
from coachwhip import jit, types
from coachwhip.extending import overload, overload_attribute, overload_method, register_jitable
from support import refused


def describe(x, y=1):
    raise AssertionError("the plain function is not what is compiled")


@overload(describe)
def describe_integers(x, y=1):
    if isinstance(x, types.Integer):
        return lambda x, y=1: (1, x + y)


@overload(describe)
def describe_arrays(x, y=1):
    if isinstance(x, types.Array) and x.ndim == 1:
        first = x.dtype
        if isinstance(first, types.Float):

            def implementation(x, y=1):
                return (2, x[0] * y)

            return implementation
        return lambda x, y=1: (3, x[-1] + y)
    if isinstance(x, types.Array):
        dimensions = x.ndim

        def of_more(x, y=1):
            return (dimensions, x.size)

        return of_more


@jit
def described(x):
    return describe(x), describe(x, 5), describe(x, y=7)


def test_overloads_are_chosen_by_types():
    assert described(3) == ((1, 4), (1, 8), (1, 10))
    assert described(np.int8(3)) == ((1, 4), (1, 8), (1, 10))
    assert described(np.array([2.5])) == ((2, 2.5), (2, 12.5), (2, 17.5))
    assert described(np.array([1, 2])) == ((3, 3), (3, 7), (3, 9))
    assert described(np.zeros((2, 3, 4))) == ((3, 24),) * 3


def test_no_overload_for_the_types():
    error = refused(described.py_func, 1.5, code="CW0302")
    assert "no overload of describe() takes these arguments: (float)" in str(error)


def takes_three(a, b, c):
    return describe(a, b, c)


def test_a_call_that_fits_no_overload():
    refused(takes_three, 1, 2, 3)


def strict(x):
    return x


@overload(strict)
def strict_(x):
    raise ValueError(f"no implementation for {x}")


def call_strict(x):
    return strict(x) + 1


def test_an_exception_in_an_overload_points_at_the_call():
    error = refused(call_strict, 1, code="CW0205")
    text = str(error)
    assert "ValueError: no implementation for int64" in text and "return strict(x) + 1" in text and "^^^^^^^^^" in text


def polite(x):
    return x


@overload(polite)
def polite_(x):
    raise coachwhip.TypingError("polite() wants an array")


def call_polite(x):
    return polite(x)


def test_a_typing_error_in_an_overload_is_the_message():
    assert "polite() wants an array" in str(refused(call_polite, 1, code="CW0205"))


def unfit(x):
    return x


@overload(unfit)
def unfit_(x):
    return 3


def call_unfit(x):
    return unfit(x)


def test_an_overload_that_returns_no_function():
    assert "returns a function or None" in str(refused(call_unfit, 1, code="CW0205"))


def trapezoid(y, x=None, dx=1.0):
    if isinstance(x, types.NoneType) or x is None:

        def spaced(y, x=None, dx=1.0):
            total = 0.0
            for i in range(1, len(y)):
                total += dx * (y[i] + y[i - 1]) / 2
            return total

        return spaced

    def placed(y, x=None, dx=1.0):
        total = 0.0
        for i in range(1, len(y)):
            total += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2
        return total

    return placed


@jit
def area(y, x):
    return np.trapezoid(y), np.trapezoid(y, x), np.trapezoid(y, dx=0.5)


def test_a_function_of_numpy():
    """An overload goes before the library's function."""
    overload(np.trapezoid)(trapezoid)
    y, x = np.array([1.0, 3, 2]), np.array([0.0, 1, 4])
    assert area(y, x) == (np.trapezoid(y), np.trapezoid(y, x), np.trapezoid(y, dx=0.5))


@overload_method(types.Array, "plus_norm")
def plus_norm(array, start=0.0):
    if array.ndim == 1:

        def implementation(array, start=0.0):
            total = start
            for value in array:
                total += value * value
            return total

        return implementation


@overload_attribute(types.Array, "middle")
def middle(array):
    return lambda array: array[len(array) // 2]


@overload_attribute(types.Integer, "doubled")
def doubled(number):
    return lambda number: 2 * number


@overload_attribute(types.float64, "halved")
def halved(number):
    return lambda number: number / 2


@jit
def members(a, n, x):
    return a.plus_norm(), a.plus_norm(start=2.0), a.middle, n.doubled, x.halved


def test_methods_and_attributes():
    assert members(np.array([1.0, 2, 3]), 4, 5.0) == (14.0, 16.0, 2.0, 8, 2.5)


def method_of_two(a):
    return a.plus_norm()


def test_a_method_that_has_no_implementation_for_the_types():
    refused(method_of_two, np.zeros((2, 2)))


def member_of_tuple(a):
    return (a, a).middle


def test_a_member_of_another_type():
    refused(member_of_tuple, np.zeros(2), code="CW0202")


@register_jitable
def helper(x):
    return x + 1


@register_jitable(inline="never", strict=True, jit_options={})
def other_helper(x):
    return helper(x) * 2


@jit
def calls_helpers(x):
    return other_helper(x)


def test_register_jitable():
    assert calls_helpers(3) == 8 == other_helper(3)


@pytest.mark.parametrize("options", [{"inline": "always"}, {"strict": False}, {"target": "cuda"}, {"signature": "x"},
                                     {"jit_options": {"fastmath": True}}], ids=str)
def test_options_without_effect_warn(options):
    for decorate in (register_jitable, lambda **o: overload(abs, **o), lambda **o: overload_method(types.Array, "m", **o)):
        with pytest.warns(coachwhip.CoachwhipWarning, match="has no effect") as caught:
            decorate(**options)
        assert caught[0].filename == __file__


def test_an_overload_registered_after_a_refusal():
    def late(x):
        return np.i0(x)

    compiled = jit(late)
    with pytest.raises(coachwhip.CoachwhipError):
        compiled(1.0)

    @overload(np.i0)
    def i0(x):
        return lambda x: x + 40

    assert compiled(2.0) == 42.0


def counted(x):
    return x


def test_what_depends_on_overloads_is_not_in_the_cache():
    answers = iter([1, 2])

    def user(x):
        return counted(x)

    @overload(counted)
    def chosen(x):
        answer = next(answers)
        return lambda x: answer

    assert jit(user)(0) == 1
    assert jit(user)(0) == 2


def shadowed(x):
    return x


def text_and_dtype(x, kind, flag):
    return 0


@overload(text_and_dtype)
def text_and_dtype_(x, kind, flag):
    assert isinstance(x, types.UnicodeType) and x.literal_value == "abc"
    assert isinstance(kind, types.DType) and kind.dtype == types.float32
    assert isinstance(flag, types.Boolean) and not isinstance(flag, types.Number)
    return lambda x, kind, flag: kind(2.5)


@jit
def calls_text_and_dtype():
    return text_and_dtype("abc", np.float32, True)


def test_types_of_texts_and_dtypes():
    assert calls_text_and_dtype() == np.float32(2.5)


def tuples(t):
    return 0


@overload(tuples)
def tuples_(t):
    if isinstance(t, types.UniTuple):
        count = t.count
        return lambda t: t[0] + count
    if isinstance(t, types.BaseTuple):
        assert t.types[1] == types.float64 and len(t) == 2
        return lambda t: t[1]


@jit
def calls_tuples(a, b):
    return tuples((a, a)), tuples((a, b))


def test_types_of_tuples():
    assert calls_tuples(1, 2.5) == (3, 2.5)


def test_classes_of_types():
    assert isinstance(types.int64, types.Integer) and types.int64.signed and types.int64.bitwidth == 64
    assert isinstance(types.uint8, types.Integer) and not types.uint8.signed and types.uint8.bitwidth == 8
    assert isinstance(types.float32, types.Float) and isinstance(types.complex64, types.Complex)
    assert isinstance(types.boolean, types.Boolean) and isinstance(types.none, types.NoneType)
    array = types.float64[:, ::1]
    assert isinstance(array, types.Array) and array.dtype == types.float64 and array.ndim == 2 and array.layout == "C"
    assert array.mutable and array == types.Array(types.float64, 2, "C")
    assert isinstance(types.Tuple((types.int64, types.float64)), types.Tuple)
    assert isinstance(types.UniTuple(types.int64, 3), types.UniTuple) and types.UniTuple(types.int64, 3).dtype == types.int64
    assert isinstance(types.optional(types.int64), types.Optional) and types.optional(types.int64).type == types.int64
    assert isinstance(types.CPointer(types.float64), types.CPointer)


def test_what_cannot_be_registered():
    with pytest.raises(TypeError):
        overload(jit(shadowed))
    with pytest.raises(TypeError):
        overload(3)
    with pytest.raises(TypeError):
        overload(shadowed, prefer_literal=True)
    with pytest.raises(TypeError):
        overload(shadowed, nonsense=1)
    with pytest.raises(TypeError):
        overload_method(float, "foo")(lambda x: None)


def round_about(x):
    return x


@jit
def asks_round_about(x):
    return round_about(x)


@overload(round_about)
def round_about_(x):
    asks_round_about(1)
    return lambda x: x


def test_an_overload_that_calls_the_function_under_compilation():
    with pytest.raises(coachwhip.CoachwhipError, match="whose compilation asks for it"):
        asks_round_about(1)
