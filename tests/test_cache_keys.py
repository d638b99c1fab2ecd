"""What gives a function a new key in the cache, and what does not.

A second function with the same key takes the first one's code ("process"); with another key it is compiled.
"""
import ctypes
import itertools
import types

import numpy as np
import pytest

import coachwhip
from coachwhip import _core

_numbers = itertools.count()


def define(source, filename="<cache test>", name="f", names=None, **options):
    """The compiled function `name` of a fresh module made of the source."""
    module = types.ModuleType("made")
    module.__dict__.update({"np": np, "jit": coachwhip.jit, **(names or {})})
    exec(compile(source, filename, "exec"), module.__dict__)
    return coachwhip.jit(**options)(module.__dict__[name])


def layer(function, *arguments):
    """Calls the function; where its last specialisation came from, and what it returned."""
    value = function(*arguments)
    return _core.specialisations(function)[-1]["layer"], value


def fresh(template):
    """The source with a number in it that no other test has used."""
    return template.replace("NUMBER", str(1000 + next(_numbers)))


def compiled_then(first, second, *arguments):
    """The layers of two functions called one after the other."""
    one, _ = layer(first, *arguments)
    assert one == "compiled"
    return layer(second, *arguments)


SIMPLE = """
def f(x):
    return x + NUMBER
"""


def test_the_same_function_again():
    source = fresh(SIMPLE)
    assert compiled_then(define(source), define(source), 1)[0] == "process"


def test_comments_formatting_and_place_do_not_count():
    source = fresh(SIMPLE)
    moved = "# a comment\n\nother = 1\n" + source.replace("x + ", "(x   +").replace("\n    return", "  # what?\n    return") \
        .rstrip() + ")   # and another\n"
    assert compiled_then(define(source), define(moved, "<elsewhere>"), 1)[0] == "process"


def test_tracebacks_of_moved_functions_name_the_new_place():
    source = fresh("""
def g(a, i):
    return a[i + NUMBER]

def f(a, i):

    return g(a, i)
""")
    array = np.zeros(3)
    functions = [define("\n" * lines + source, f"<file {lines}>") for lines in (0, 7, 100)]
    layers = []
    for lines, function in zip((0, 7, 100), functions):
        with pytest.raises(IndexError) as raised:
            function(array, 5)
        layers.append(_core.specialisations(function)[0]["layer"])
        places = [(entry.path.name if hasattr(entry.path, "name") else str(entry.path), entry.lineno + 1)
                  for entry in raised.traceback[-2:]]
        assert [line for _, line in places] == [lines + 7, lines + 3]
        assert all(f"<file {lines}>" in str(file) for file, _ in places)
    assert layers == ["compiled", "process", "process"]


def test_functions_of_one_name_on_one_line():
    source = fresh("f, g = (lambda a: a[NUMBER]), (lambda a: a[NUMBER + 1])\ndef h(a, i):\n    return f(a) if i else g(a)")
    apart = source.replace(", (lambda", ",\\\n    (lambda")
    array = np.zeros(3)
    for text, lines in ((source, (1, 1)), (apart, (1, 2))):
        function = define(text, name="h")
        for i, line in zip((1, 0), lines):
            with pytest.raises(IndexError) as raised:
                function(array, i)
            assert raised.traceback[-1].lineno + 1 == line


@pytest.mark.parametrize("first, second", [
    ("return x + NUMBER", "return x - NUMBER"),
    ("return x + NUMBER", "return x + NUMBER + 1"),
    ("return x + NUMBER", "\n    return x + NUMBER"),  # the line in tracebacks
    ("return x * NUMBER", "return x * NUMBER.0"),
])
def test_code_counts(first, second):
    first, second = fresh(first + "|||" + second).split("|||")
    functions = [define(f"def f(x):\n    {body}\n") for body in (first, second)]
    layers = [layer(function, 2) for function in functions]
    assert [name for name, _ in layers] == ["compiled", "compiled"]
    assert [value for _, value in layers] == [function.py_func(2) for function in functions]


CALLER = """
LIMIT = NUMBER
def helper(x, step=1):
    return x + LIMIT * step
def f(x):
    return helper(x) * 2
"""


@pytest.mark.parametrize("old, new", [
    ("LIMIT = ", "LIMIT = 7 + "),
    ("step=1", "step=2"),
    ("x + LIMIT", "x - LIMIT"),
])
def test_what_callees_see_counts(old, new):
    source = fresh(CALLER)
    changed = define(source.replace(old, new))
    assert compiled_then(define(source), changed, 3) == ("compiled", changed.py_func(3))
    assert layer(define(source.replace("f(x)", "f(x)  ")), 3)[0] == "process"


def test_a_callee_of_another_module_counts():
    def other(text):
        module = types.ModuleType("other")
        exec(fresh(text) if "NUMBER" in text else text, module.__dict__)
        return module

    number = fresh("NUMBER")
    caller = "def f(x):\n    return other.g(x) + other.LIMIT\n"
    modules = [other(f"LIMIT = {limit}\ndef g(x):\n    return x * {number} + {add}\n")
               for limit, add in ((1, 1), (1, 1), (1, 2), (2, 1))]
    layers = [layer(define(caller, names={"other": module}), 5) for module in modules]
    assert [name for name, _ in layers] == ["compiled", "process", "compiled", "compiled"]
    assert [value for _, value in layers] == [5 * int(number) + add + limit for limit, add in ((1, 1), (1, 1), (1, 2), (2, 1))]


def test_closures_count_by_value():
    source = fresh("def outer(k):\n    def f(x):\n        return x * k + NUMBER\n    return f\n")
    outer = define(source, name="outer").py_func
    layers = [layer(coachwhip.jit(outer(k)), 2) for k in (3, 3, 4)]
    assert [name for name, _ in layers] == ["compiled", "process", "compiled"]
    assert layers[2][1] == outer(4)(2)


def test_global_arrays_count_by_type_and_are_linked_not_copied():
    source = fresh("def f(i):\n    return TABLE[i] + NUMBER\n")
    tables = [np.arange(5.0), np.arange(5.0) * 2, np.arange(9.0), np.arange(5), np.arange(5.0)[::2]]
    layers = [layer(define(source, names={"TABLE": table}), 2) for table in tables]
    assert [name for name, _ in layers] == ["compiled", "process", "process", "compiled", "compiled"]
    number = int(source.split("+")[1])
    assert [value for _, value in layers] == [table[2] + number for table in tables]


def test_two_global_arrays_do_not_change_places():
    source = fresh("def f(i):\n    return A[i] - B[i] * NUMBER\n")
    one, two = np.arange(5.0), np.arange(5.0) + 10
    number = int(source.split("*")[1])
    for a, b in ((one, two), (two, one), (one, one)):
        assert define(source, names={"A": a, "B": b})(3) == a[3] - b[3] * number


def test_types_options_and_declared_results_count():
    source = fresh(SIMPLE)
    assert compiled_then(define(source), define(source), 1)[0] == "process"
    assert layer(define(source), 1.0)[0] == "compiled"
    assert layer(define(source), np.float32(1))[0] == "compiled"
    assert layer(define(source, overflow="wrap"), 1)[0] == "compiled"
    assert layer(define(source, boundscheck=False), 1)[0] == "compiled"
    assert layer(define(source, boundscheck=True), 1)[0] == "process"
    module = {}
    exec(source, module)
    declared = coachwhip.jit("float64(int64)")(module["f"])
    assert layer(declared, 1)[0] == "compiled"


def test_attributes_in_another_order_are_the_same_module():
    number = fresh("NUMBER")
    source = f"def f(x):\n    return m.b(x) + m.a * {number}\n"
    layers = []
    for order in (("a", "b"), ("b", "a")):
        module = types.ModuleType("m")
        values = {"a": 5, "b": abs}
        for name in order:
            setattr(module, name, values[name])
        layers.append(layer(define(source, names={"m": module}), -2))
    assert [name for name, _ in layers] == ["compiled", "process"]


def test_exception_classes_are_those_of_each_function():
    source = fresh("class Wrong(Exception): pass\ndef f(x):\n    if x < NUMBER: raise Wrong('x', x)\n    return x\n")
    for expected in ("compiled", "process"):
        function = define(source)
        wrong = function.py_func.__globals__["Wrong"]
        with pytest.raises(wrong) as raised:
            function(1)
        assert type(raised.value) is wrong and raised.value.args == ("x", 1)
        assert _core.specialisations(function)[0]["layer"] == expected


def test_c_functions_are_linked_not_copied():
    kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
    double, triple = kind(lambda x: 2 * x), kind(lambda x: 3 * x)
    source = fresh("def f(x):\n    return c(x) + NUMBER\n")
    number = int(source.split("+")[1])
    assert layer(define(source, names={"c": double}), 5.0) == ("compiled", 10.0 + number)
    assert layer(define(source, names={"c": triple}), 5.0) == ("process", 15.0 + number)


def test_functions_as_arguments_and_results():
    source = fresh("def f(g, x):\n    return g(x) + NUMBER\n")
    helpers = {}
    exec("def one(x):\n    return x + 1\ndef two(x):\n    return x + 2\n", helpers)
    function, again = define(source), define(source)
    number = int(source.split("+")[1])
    assert layer(function, helpers["two"], 1) == ("compiled", 3 + number)
    # The functions have other numbers in this program.
    assert layer(again, helpers["one"], 1) == ("compiled", 2 + number)
    assert layer(again, helpers["two"], 1) == ("process", 3 + number)
    back = fresh("def f(g, x):\n    return g if x < NUMBER else g\n")
    for expected, helper in (("compiled", "one"), ("process", "one"), ("compiled", "two")):
        got, value = layer(define(back), helpers[helper], 1)
        assert (got, value) == (expected, helpers[helper])


def test_cache_off_neither_reads_nor_keeps():
    source = fresh(SIMPLE)
    before = coachwhip.cache_info().entries
    assert layer(define(source, cache=False), 1)[0] == "off"
    assert coachwhip.cache_info().entries == before
    assert layer(define(source), 1)[0] == "compiled"
    assert coachwhip.cache_info().entries == before + 1
    assert layer(define(source, cache=False), 1)[0] == "off"
    assert layer(define(source, cache=True), 1)[0] == "process"


def test_functions_made_in_a_loop_share_code():
    source = fresh(SIMPLE)
    layers = {layer(define(source), 1)[0] for _ in range(20)}
    assert layers == {"compiled", "process"}
    functions = [define(source) for _ in range(3)]
    for function in functions:
        function(1)
    assert len({_core.specialisations(function)[0]["symbol"] for function in functions}) == 1


def explained(function, capsys):
    function.explain()
    return capsys.readouterr().out


def test_explain_tells_layers_and_differences(capsys):
    name = fresh("told_NUMBER")
    source = f"LIMIT = 10\ndef {name}(x, step=1):\n    return x + LIMIT * step\n"
    first = define(source, name=name)
    first(1)
    text = explained(first, capsys)
    assert "compiled in" in text and f"no function named {name} has been compiled before" in text
    again = define(source, name=name)
    again(1)
    assert "from the cache of this process" in explained(again, capsys)
    changed = define(source.replace("= 10", "= 20"), name=name)
    changed(1)
    assert f"the global name `LIMIT` of {name}: 20, before 10" in explained(changed, capsys)
    floats = define(source, name=name)
    floats(1.0)
    text = explained(floats, capsys)
    assert "not in the cache: the argument types: float, int, before int, int" in text
    other = define(source.replace("x +", "x -"), name=name)
    other(1)
    assert f"not in the cache: the code of {name} is not the same" in explained(other, capsys)
    wrapping = define(source, name=name, overflow="wrap")
    wrapping(1)
    assert "wrap: true, before as usual" in explained(wrapping, capsys)
    off = define(source, name=name, cache=False)
    off(1)
    assert "the cache is off for this function" in explained(off, capsys)


def test_explain_compares_a_function_with_its_own_versions(capsys):
    name = fresh("own_NUMBER")
    source = fresh(f"def {name}(x):\n    return x + NUMBER\n")
    define(source, "<one>", name)(1)
    # Another function of the same name: not an earlier version.
    other = define(source.replace("+", "*"), "<two>", name)
    other(1)
    assert f"not in the cache: no version of this function named {name} has been compiled before" in explained(other, capsys)
    # Edited, and further down in its file; the nearest is that of its own file although the other has less differences.
    edited = define("LIMIT = 1\n\n" + source.replace("+ ", "* LIMIT * "), "<two>", name)
    edited(1)
    text = explained(edited, capsys)
    assert f"the code of {name} is not the same" in text and f"the global name `LIMIT` of {name} is new" in text
    back = define("\n\n\n" + source.replace("+", "*"), "<two>", name)
    back(1.0)
    assert "not in the cache: the argument types: float, before int" in explained(back, capsys)


def test_explain_and_cells_of_a_notebook(capsys):
    name = fresh("cell_NUMBER")
    source = fresh(f"def {name}(x):\n    return x + NUMBER\n")
    define(source, "<ipython-input-3-aa01>", name)(1)
    again = define(source.replace("+", "-"), "<ipython-input-4-bb02>", name)
    again(1)
    assert f"not in the cache: the code of {name} is not the same" in explained(again, capsys)


def test_explain_tells_lambdas_apart(capsys):
    source = fresh("def other(x):\n    return x\n\nf = lambda x: x + NUMBER\n")
    file = "<lambdas>"
    define(source, file)(1)
    second = define(source.replace("f =", "\n\n\nf =").replace("+", "-"), file)
    second(1)
    assert "no version of this function named <lambda> has been compiled before" in explained(second, capsys)
    moved = define(source.replace("f =", "\n\n\n\nf ="), file)
    moved(1.0)
    assert "not in the cache: the argument types: float, before int" in explained(moved, capsys)
    edited = define(source.replace("+", "*"), file)
    edited(1)
    assert "the code of <lambda> is not the same" in explained(edited, capsys)


def test_functions_with_overloads_are_not_kept(capsys):
    from coachwhip import extending

    def taught(x):
        raise NotImplementedError

    @extending.overload(taught)
    def _(x):
        return lambda x: x + 1

    source = fresh("def f(x):\n    return taught(x) * NUMBER\n")
    for _ in range(2):
        function = define(source, names={"taught": taught})
        assert layer(function, 1)[0] == "off"
    assert "not cached: it uses overloads" in explained(function, capsys)
