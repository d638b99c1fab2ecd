"""What a review as a demanding user found: each test is a bug that was."""
import ctypes
import math
import os
import signal
import threading
import time

import numpy as np
import pytest
from support import refused

import coachwhip as cw
from coachwhip import cfunc, float64, int64, jit


def twice(x):
    return x + x


def test_the_class_of_compiled_functions_makes_no_objects_by_itself():
    with pytest.raises(TypeError, match="cannot create"):
        cw.Dispatcher()


@pytest.mark.parametrize("signatures", (["f8(f8)", "i8(i8)"], ["i8(i8)", "f8(f8)"], [float64(float64), int64(int64)]))
def test_of_several_signatures_the_exact_one_is_taken(signatures):
    function = jit(signatures)(twice)
    for argument, kind in ((1, int), (1.5, float), (1, int), (np.int8(3), None), (1, int), (2.5, float)):
        result = function(argument)
        assert result == twice(float(argument))
        assert kind is None or type(result) is kind


def test_contiguous_arrays_prefer_the_contiguous_signature():
    function = jit(["f8(f8[:])", "f8(f8[::1])"])(lambda a: a[0])
    assert function(np.arange(4.0)[::2]) == 0.0
    assert function(np.arange(4.0)) == 0.0
    assert function.py_func.__code__ is function.__code__


def test_an_added_signature_leaves_other_types_alone():
    function = jit(twice)
    function.compile("f8(f8)")
    assert type(function(1)) is int
    assert type(function(1.0)) is float


@pytest.mark.parametrize("signature", ("f8(f8,f8)", "f8()"))
def test_a_signature_has_as_many_types_as_the_function_has_parameters(signature):
    with pytest.raises(TypeError, match="has 1 parameter"):
        jit(signature)(twice)
    function = jit(twice)
    with pytest.raises(TypeError, match="has 1 parameter"):
        function.compile(signature)
    assert function(2) == 4


def test_plain_and_compiled_functions_in_a_tuple_are_the_same_function():
    @jit
    def total(functions, x):
        result = 0
        for function in functions:
            result += function(x)
        return result

    compiled = jit(twice)
    assert total((twice, twice), 2) == total((twice, compiled), 2) == total((compiled, compiled), 2) == 8


def test_c_functions_take_only_what_c_knows():
    for signature in ("f8(f8[:])", "UniTuple(f8,2)(f8)", "optional(f8)(f8)"):
        with pytest.raises(TypeError, match="a C function cannot take or return"):
            cfunc(signature)(lambda x: x)


def test_an_integrand_with_too_few_arguments_reads_nothing_else():
    integrate = pytest.importorskip("scipy.integrate")
    integrand = cw.jit_integrand_function(lambda x, a, b: a * x + b)
    with pytest.raises(TypeError, match="takes 3 "):
        integrate.quad(integrand, 0, 1)
    assert integrate.quad(integrand, 0, 1, args=(2.0, 1.0))[0] == pytest.approx(2.0)


def test_recursion_without_loops_is_interrupted():
    @jit
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    fibonacci(5)
    sent = []

    def interrupt():
        time.sleep(0.2)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        fibonacci(70)
    assert time.monotonic() - sent[0] < 1.0
    thread.join()


def many_loops(count):
    lines = ["def function(a, x):", "    s = 0.0"]
    for k in range(count):
        lines += [f"    for i in range(len(a)): s += a[i] * {k}", "    x += 1"]
    space = {}
    exec("\n".join([*lines, "    return s + x"]), space)
    return space["function"]


def test_hundreds_of_loops_compile_in_bounded_time():
    function = many_loops(300)
    values = np.arange(5.0)
    start = time.process_time()
    assert jit(function)(values, 1) == function(values, 1)
    assert time.process_time() - start < 20.0


def test_every_diagnostic_has_a_help_line():
    def unknown_attribute(x):
        return x.no_such_attribute

    def unknown_name(x):
        return no_such_name  # noqa: F821

    def no_iteration(x):
        for _ in x:
            pass

    for function in (unknown_attribute, unknown_name, no_iteration):
        error = refused(function, 1)
        assert "= help: " in str(error) or "help: " in str(error)


def test_defaults_and_code_are_those_of_the_plain_function():
    def function(x, y=2, *, z=3):
        return math.floor(x) + y + z

    compiled = jit(function)
    assert compiled.__defaults__ == (2,)
    assert compiled.__kwdefaults__ == {"z": 3}
    assert compiled.__code__ is function.__code__


def test_c_functions_called_through_ctypes_agree():
    double = cfunc("f8(f8)")(twice)
    assert double.ctypes(2.5) == 5.0
    assert double.ctypes.restype is ctypes.c_double


def test_a_callback_of_the_wrong_kind_is_shown_at_the_users_function():
    pytest.importorskip("scipy")

    def returns_nothing(window):
        pass

    def takes_too_much(window, more):
        return 1.0

    for function in (returns_nothing, takes_too_much):
        with pytest.raises(cw.CompileError) as raised:
            cw.jit_filter_function(function)
        assert raised.value.diagnostic.primary["file"] == __file__
        assert f"{function.__name__}()" in str(raised.value)
        assert "help" in str(raised.value)


def test_notes_of_a_callback_name_no_code_of_ours():
    integrate = pytest.importorskip("scipy.integrate")

    def integrand(x):
        return 1.0 / (x - x)

    with pytest.raises(ZeroDivisionError) as raised:
        integrate.quad(cw.jit_integrand_function(integrand), 0, 1)
    assert [note for note in raised.value.__notes__ if "coachwhip integrand" in note] == []
    assert any(__file__ in note for note in raised.value.__notes__)


def test_explain_has_one_entry_for_each_line(capsys):
    @jit
    def scaled(a, b):
        for i in range(len(a)):
            b[i] = a[i] * 2

    scaled(np.ones(5), np.ones(5))
    scaled.explain()
    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("line ")]
    numbers = [line.split(":")[0] for line in lines]
    assert len(numbers) == len(set(numbers)), lines
    assert ": vectorised: " in lines[0]


DEEP = (1,)
for _ in range(20000):
    DEEP = (DEEP,)
WIDE = (1, 2)
for _ in range(60):
    WIDE = (WIDE, WIDE)


def test_tuples_of_hostile_depth_and_size_are_refused():
    for value in (DEEP, WIDE):
        refused(lambda t: 1, value, code="CW0401")
    for function in (lambda x: DEEP[0], lambda x: WIDE[0]):
        refused(function, 1)
    nested = (1, 2.5)
    for _ in range(10):
        nested = (nested, 3)
    assert jit(lambda t: t)(nested) == nested
