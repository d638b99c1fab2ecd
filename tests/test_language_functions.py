"""Calls: binding of arguments, plain callees, recursion, nested functions, lambdas, functions as arguments."""
import os
import sys
import threading
import types

import numpy as np
import pytest
from coachwhip import jit
from support import refused, same


def defaults(a, b=2, *args, c, d=4.5):
    return a, b, args, c, d


def calls_with_keywords(x):
    return defaults(x, c=1), defaults(x, 5, 6, 7, c=2, d=x), defaults(c=x, a=1), defaults(*(x, x, x), c=x)


def positional_only(a, b=3, /, c=4):
    return a * 100 + b * 10 + c


def calls_positional_only(x):
    return positional_only(x), positional_only(x, 1), positional_only(x, c=9)


def varargs_sum(*args):
    total = 0
    for v in args:
        total += v
    return total


def calls_varargs(x):
    return varargs_sum(), varargs_sum(x), varargs_sum(x, 1, 2), varargs_sum(2.5, 1.0 * x, 3.5)


def factorial(n):
    return 1 if n <= 1 else n * factorial(n - 1)


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def halves(n):
    return 0.0 if n == 0 else n + halves(n // 2)


def pair_recursion(n):
    if n == 0:
        return 0, 1
    a, b = pair_recursion(n - 1)
    return b, a + b


def first_result_last(n):
    if n > 0:
        return first_result_last(n - 1)
    return 2.5


def endless(n):
    return endless(n + 1) + 1


def captured(n):
    k = n * 2

    def inner(x):
        return x + k + n

    return inner(1) + inner(2.5)


def counter(n):
    count = 0

    def add(amount=2):
        nonlocal count
        count += amount
        return count

    for _ in range(n):
        add()
    last = add(5)
    return count, last


def widened_counter(n):
    total = 0

    def add(x):
        nonlocal total
        total = total + x

    for i in range(n):
        add(i * 0.5)
    return total + 0.0


def nested_fibonacci(n):
    def f(k):
        return k if k < 2 else f(k - 1) + f(k - 2)

    return f(n)


def nested_recursion_with_capture(n, scale):
    def f(k, depth=0):
        if k == 0:
            return depth * scale
        return f(k - 1, depth + 1)

    return f(n, 0)


def siblings(n):
    def even(k):
        return True if k == 0 else odd(k - 1)

    def odd(k):
        return False if k == 0 else even(k - 1)

    return even(n)


def factory(n):
    def make(k):
        return lambda x: x + k

    add = make(n)
    return add(10) + make(2.5)(1)


def three_levels(n):
    a = n

    def one():
        b = a + 1

        def two():
            nonlocal a
            a += b
            return a

        return two() + two()

    return one(), a


def late_binding(n):
    total = 0
    f = lambda: total * 10
    for i in range(n):
        total += i
        total += f()
    return total


def default_captures(n):
    result = 0
    for i in range(n):
        f = lambda x, i=i: x * i
        result += f(3)
    return result


def keyword_default(n):
    def f(x, *, scale=n, shift=1):
        return x * scale + shift

    return f(2), f(2, scale=5), f(2, shift=0, scale=1)


def apply(f, x):
    return f(x)


def twice(f, x):
    return f(f(x))


def higher_order(x):
    return apply(lambda v: v * 2, x) + apply(factorial, 5) + twice(lambda v: v + x, 1) + apply(abs, -3)


def unassigned_capture(x):
    def f():
        return y

    if x > 0:
        y = x
    return f()


def takes_function(f, x):
    return f(x) + 1


@jit
def compiled_callee(x):
    return x * 3


def calls_compiled(x):
    return compiled_callee(x) + compiled_callee(1.5)


def choose(flag, x):
    if flag:
        return None
    return x


def calls_choose(x):
    return choose(False, x) + 1, choose(True, x)


def needs_constant_index(t, i):
    return t[i]


def passes_constant(x):
    return needs_constant_index((1, 2.5, x), 1), needs_constant_index((1, 2.5, x), 2)


def test_binding():
    same(calls_with_keywords, 3)
    same(calls_positional_only, 3)
    same(calls_varargs, 4)
    same(defaults, 1, keywords={"c": 2})


@pytest.mark.parametrize("n", [0, 1, 5, 10])
def test_recursion(n):
    for f in (factorial, fibonacci, is_even, is_odd, halves, pair_recursion, first_result_last, siblings):
        same(f, n)
    same(ackermann, 2, n)
    same(nested_fibonacci, n)
    same(nested_recursion_with_capture, n, 2.5)


def test_endless_recursion():
    same(endless, 0, messages=False)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_nested_functions(n):
    for f in (captured, counter, widened_counter, factory, three_levels, late_binding, default_captures,
              keyword_default):
        same(f, n)


def test_functions_as_values():
    same(higher_order, 2)
    same(higher_order, 2.5)
    same(takes_function, lambda x: x * 2, 3)
    same(takes_function, factorial, 5)
    same(calls_compiled, 4)


@pytest.mark.parametrize("x", [1, -1])
def test_unassigned_capture(x):
    same(unassigned_capture, x)


def test_constants_through_calls():
    same(calls_choose, 3)
    same(passes_constant, 4)


def test_a_closure_from_python():
    k = 3

    def f(x):
        return x * k

    same(f, 4)


WRONG_CALLS = [
    (lambda x: defaults(x), "missing 1 required keyword-only argument: 'c'"),
    (lambda x: positional_only(), "missing 1 required positional argument: 'a'"),
    (lambda x: ackermann(), "missing 2 required positional arguments: 'm' and 'n'"),
    (lambda x: factorial(x, x), "takes 1 positional argument but 2 were given"),
    (lambda x: positional_only(1, 2, 3, 4), "takes from 1 to 3 positional arguments but 4 were given"),
    (lambda x: factorial(m=x), "got an unexpected keyword argument 'm'"),
    (lambda x: factorial(x, n=x), "got multiple values for argument 'n'"),
    (lambda x: positional_only(a=x), "got some positional-only arguments passed as keyword arguments: 'a'"),
]


@pytest.mark.parametrize("function, message", WRONG_CALLS)
def test_wrong_calls(function, message):
    with pytest.raises(TypeError, match="."):
        function(1)
    try:
        function(1)
    except TypeError as error:
        assert message in str(error)
    assert message in str(refused(function, 1))


def escaping(n):
    def f():
        return n

    return f


def called_number(x):
    return x(1)


def test_refusals():
    assert "CW0310" in str(refused(escaping, 1))
    assert "CW0307" in str(refused(called_number, 1))
    assert "CW0204" in str(refused(lambda x: open(x), 1))


def quicksort(a, low, high):
    i = low
    j = high
    while i < high:
        pivot = a[(low + high) // 2]
        while i <= j:
            while a[i] < pivot:
                i += 1
            while a[j] > pivot:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
        if low < j:
            quicksort(a, low, j)
        low = i
        j = high
    return a


def halves_of(a):
    if len(a) == 1:
        return a.copy()
    middle = len(a) // 2
    left, right = halves_of(a[:middle]), halves_of(a[middle:])
    result = np.empty(len(a))
    for i in range(len(a)):
        result[i] = left[i % len(left)] * 2 + right[i % len(right)]
    return result


def test_recursion_with_arrays():
    same(quicksort, np.random.default_rng(5).random(300), 0, 299)
    same(halves_of, np.arange(13.0))


def names_modules_that_name_each_other(x):
    if os.path.extsep == ".":
        return x * 2
    return x


def test_modules_that_name_each_other():
    same(names_modules_that_name_each_other, 1.5)


def test_deep_calls_compile_on_a_small_stack():
    lines = [f"def call{i}(x): return call{i + 1}(x + 1) + 1" for i in range(90)]
    space = {}
    exec("\n".join([*lines, "def call90(x): return x"]), space)  # noqa: S102
    results = []
    before = threading.stack_size(128 * 1024)
    try:
        thread = threading.Thread(target=lambda: results.append(jit(space["call0"])(3)))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert results == [183]


def imports(x):
    import math
    import os.path as place
    from math import cos, sqrt as root

    import numpy.linalg

    return math.sin(x), root(x), cos(x), place.sep, numpy.linalg.norm(numpy.ones(4))


def imports_in_a_branch(x):
    if x > 1:
        import math

        return math.sin(x)
    from cmath import sqrt

    return sqrt(x)


def imports_in_a_loop(n):
    total = 0.0
    for k in range(n):
        import math

        total += math.sqrt(k)
    return total


def imports_for_a_nested_function(x):
    import math

    def inner(y):
        from math import exp

        return math.log(y) + exp(y)

    return inner(x)


@pytest.mark.parametrize("function", [imports, imports_in_a_branch, imports_in_a_loop, imports_for_a_nested_function])
def test_imports(function):
    for x in (1, 3):
        same(function, x, ulp=1)


def test_an_imported_module_is_watched(monkeypatch):
    module = types.ModuleType("coachwhip_tests_imported")
    module.scale = 2
    monkeypatch.setitem(sys.modules, "coachwhip_tests_imported", module)

    @jit
    def scaled(x):
        import coachwhip_tests_imported

        return x * coachwhip_tests_imported.scale

    assert scaled(4) == 8
    module.scale = 3
    assert scaled(4) == 12
    other = types.ModuleType("coachwhip_tests_imported")
    other.scale = 0.5
    monkeypatch.setitem(sys.modules, "coachwhip_tests_imported", other)
    assert scaled(4) == 2.0


def test_a_module_is_imported_when_the_function_is_compiled(tmp_path, monkeypatch):
    (tmp_path / "coachwhip_tests_fresh.py").write_text("value = 5\n")
    monkeypatch.syspath_prepend(tmp_path)

    @jit
    def fresh():
        from coachwhip_tests_fresh import value

        return value

    assert "coachwhip_tests_fresh" not in sys.modules
    assert fresh() == 5
    sys.modules.pop("coachwhip_tests_fresh")


def imports_what_is_not_there():
    import coachwhip_tests_nowhere

    return coachwhip_tests_nowhere.x


def test_imports_that_are_refused():
    assert "must be there" in str(refused(imports_what_is_not_there, code="CW0101"))
