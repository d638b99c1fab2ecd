"""Values that are of one type on one path and of another on another: outside loops they keep their types.

PYTEST_DONT_REWRITE: `assert` of a compiled function must stay what Python makes of it.
"""
import math

import numpy as np
import pytest
from support import refused, same


def either(c):
    return 1 if c else 2.5


def beyond_double(c):
    return 2**53 + 1 if c else 2.5


def by_assignment(c):
    x = 1
    if not c:
        x = 2.5
    x = x + 1
    return x * 2, -x, x // 2, x == 2, x < 3


def bool_or_int(c):
    x = True if c else 3
    return x, x + 1, not x


def int_or_complex(c):
    x = 3 if c else 1j
    return x, x * 2


def none_int_float(n):
    x = None
    if n == 1:
        x = 1
    elif n == 2:
        x = 2.5
    if x is None:
        return "none", x
    return "some", x + 1


def text_or_number(n):
    x = "a"
    if n == 1:
        x = 1
    elif n == 2:
        x = None
    return x, f"<{x}>", x == 1, x == "a", x is None


def repeated(n):
    x = "ab" if n else 3
    return x * 3


def text_or_bytes(n):
    x = "abc" if n else b"abc"
    return len(x), x[0], x


def early(x):
    if x < 0:
        return 0
    return math.sqrt(x)


def in_tuple(c):
    t = (1, 2) if c else (1.5, 2)
    first, second = t
    return t, first + second, t[0]


def two_of_them(c, d):
    x = 1 if c else 2.5
    y = 3 if d else 0.5
    return x + y, x < y, x - y, min(x, y), max(x, y, 2)


def conversions(c):
    x = 1 if c else 2.5
    return str(x), repr(x), int(x), float(x), bool(x), abs(x), round(x), isinstance(x, int), type(x) is float


def captured(c):
    x = 1 if c else 2.5

    def plus(y):
        return x + y

    return plus(1), plus(0.5)


def helper(n):
    if n:
        return 1
    return 2.5


def of_helper(n):
    return helper(n) * 2, type(helper(n)) is int


def recursive(n):
    if n == 0:
        return 0
    return recursive(n - 1) + 0.5


def caught(x):
    try:
        y = 10 // x
    except ZeroDivisionError:
        y = 0.5
    return y


def raised(c):
    chosen = ValueError if c else KeyError
    raise chosen("which")


def raised_with(c):
    raise ValueError("text" if c else 3)


@pytest.mark.parametrize("function", [either, beyond_double, by_assignment, bool_or_int, int_or_complex, repeated, text_or_bytes,
                                      in_tuple, conversions, captured, of_helper, raised, raised_with])
@pytest.mark.parametrize("c", [True, False])
def test_a_choice_keeps_its_type(function, c):
    same(function, c)


@pytest.mark.parametrize("function", [none_int_float, text_or_number, recursive, caught])
@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_number_of_ways(function, n):
    same(function, n)


@pytest.mark.parametrize("x", [-1.0, 4.0, -3, 9])
def test_an_early_return_keeps_its_type(x):
    same(early, x)


@pytest.mark.parametrize("c", [True, False])
@pytest.mark.parametrize("d", [True, False])
def test_operators_of_two_choices(c, d):
    same(two_of_them, c, d)


def power(a, n):
    return a**n, pow(a, n)


@pytest.mark.parametrize("a", [2, -3, 0, 10, True])
@pytest.mark.parametrize("n", [0, 3, -1, -2, 17, -400])
def test_a_power_is_a_float_where_the_exponent_is_negative(a, n):
    same(power, a, n)


def powers(n):
    total = 0
    for k in range(n):
        total += 2 ** (k - 1)
    return total


def test_in_a_loop_a_power_has_one_type():
    same(powers, 0)
    from coachwhip import jit

    with pytest.raises(ValueError, match="float"):
        jit(powers)(3)


def of_array(a, c):
    x = a[0] if c else 1
    return x, x + 1, x / 2


@pytest.mark.parametrize("dtype", ["int8", "uint64", "float32", "float64", "complex64", "bool"])
@pytest.mark.parametrize("c", [True, False])
def test_an_element_or_a_number(dtype, c):
    same(of_array, np.array([1, 2]).astype(dtype), c)


def equal_or_none(a, c):
    x = a[0] if c else None
    y = None if c else 1
    return x == 1, x != 1, a[0] == x, x == y, x != y, x == None, None != x  # noqa: E711


@pytest.mark.parametrize("dtype", ["int8", "float64", "bool"])
@pytest.mark.parametrize("c", [True, False])
def test_equality_where_none_may_be(dtype, c):
    same(equal_or_none, np.array([1, 2]).astype(dtype), c)


def with_array(a, c):
    x = 1 if c else 2.5
    b = a + x
    b[0] = x
    return b, a * x, np.full(2, x), b.sum()


@pytest.mark.parametrize("dtype", ["int8", "int64", "float32", "complex128"])
@pytest.mark.parametrize("c", [True, False])
def test_arrays_of_a_choice(dtype, c):
    same(with_array, np.ones(3, dtype=dtype), c)


def array_or_number(a, c):
    x = a if c else 2.5
    y = x * 2
    return y, np.sum(y)


def of_either_rank(a, c):
    x = a if c else a[0]
    return x.shape, x.sum(), x


@pytest.mark.parametrize("function", [array_or_number, of_either_rank])
@pytest.mark.parametrize("c", [True, False])
def test_an_array_or_something_else(function, c):
    same(function, np.arange(6.0).reshape(2, 3), c)


def picked(c, x):
    g = math.sin if c else math.cos
    return g(x)


def picked_lambda(c, x):
    k = x * 2
    g = (lambda y: y + k) if c else (lambda y: y * 2.5)
    return g(3)


def picked_in_a_loop(n):
    total = 0.0
    for k in range(n):
        h = abs if k % 2 else math.sqrt
        total += h(k)
    return total


def each_of_some(x):
    total = 0.0
    for g in (math.sin, math.cos, math.sqrt):
        total += g(x)
    return total


def composed(n):
    f = either
    for k in range(n):
        f = helper if k % 2 else either
    return f(n)


def applied(f, g, n):
    return (f if n > 2 else g)(n)


def applied_to(n):
    return applied(lambda x: x + 1, lambda x: x / 2, n)


@pytest.mark.parametrize("function", [picked_in_a_loop, composed, applied_to, each_of_some])
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_functions_as_choices(function, n):
    same(function, n)


@pytest.mark.parametrize("function", [picked, picked_lambda])
@pytest.mark.parametrize("c", [True, False])
def test_a_function_by_a_condition(function, c):
    same(function, c, 2)


def summed(a):
    s = 0
    for v in a:
        s = s + v
    return s


def test_a_loop_has_one_type():
    """The deviation: an accumulator is of the common type even after no iteration."""
    from coachwhip import jit

    assert type(jit(summed)(np.ones(0))) is np.float64
    same(summed, np.ones(3))


def as_key(c):
    x = 1 if c else 2.5
    return {x: 1}


def no_method(c):
    x = 1 if c else "a"
    return x.upper()


def five(n):
    x = 1
    if n == 1:
        x = 2.5
    elif n == 2:
        x = "a"
    elif n == 3:
        x = b"a"
    elif n == 4:
        x = 1j
    return x


@pytest.mark.parametrize("function", [as_key, no_method, five])
def test_what_is_refused(function):
    refused(function, 1)


def mixed_list(n):
    items = [n, "a"]
    items.append("b" if n > 1 else 7)
    return items, len(items), "a" in items, n in items, items[0] == n


def mixed_loop(n):
    items = [n, "a", "bc"]
    count, texts = 0, 0
    for item in items:
        if item == "a" or item == 2:
            count += 1
        if isinstance(item, str):
            texts += 1
    return count, texts, items[::-1], items + [n], items.index("bc")


def mixed_values(n):
    d = {"n": n, "s": "text"}
    d["t"] = "more" if n else 5
    return d, d["n"], d.get("s"), len(d), d == {"n": n, "s": "text", "t": d["t"]}


def functions_in_a_list(n):
    chosen = [math.sqrt, math.sin, abs]
    chosen.append(helper)
    total = 0.0
    for f in chosen:
        total += f(n)
    return total, chosen[n % 3](n)


def functions_in_a_dict(n):
    table = {"twice": lambda x: x * 2, "plus": lambda x: x + n, "helper": helper}
    return table["twice"](3), table["plus"](4), table["helper" if n > 1 else "twice"](n)


def arrays_in_a_list(n):
    items = [np.ones(n), np.zeros((2, 2))]
    return items, [item.sum() for item in items], items[0].shape


@pytest.mark.parametrize("function", [mixed_list, mixed_loop, mixed_values, functions_in_a_list, functions_in_a_dict, arrays_in_a_list])
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_containers_of_several_types(function, n):
    same(function, n)


def late(n):
    made = []
    for k in range(n):
        made.append(lambda: k)
    return len(made)


def sorted_mixture(n):
    return sorted([n, "a"])


def test_what_containers_refuse():
    assert "list of nested function" in str(refused(late, 2))
    refused(sorted_mixture, 2)


def given(n):
    yield 1
    yield 2.5
    if n > 2:
        yield n - 2


def given_texts(n):
    yield "a"
    yield n


def summed_as_given(n):
    return sum(given(n)), max(given(n)), len(list(given_texts(n))), n in given(n)


@pytest.mark.parametrize("n", [0, 3])
def test_the_library_takes_unions(n):
    same(summed_as_given, n)
