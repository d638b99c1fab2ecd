"""Declared types take every number that they hold, and say why they refuse another; functions that name themselves."""
import textwrap
import warnings

import numpy as np
import pytest

import coachwhip as cw

INTS = sorted({sign * (2**power + step) for power in (0, 8, 24, 31, 53, 54, 62, 63, 64, 65, 100, 127, 128, 1023, 1024)
               for step in (-1, 0, 1, 2) for sign in (1, -1)})
TYPES = [name for name in ("int8", "uint8", "int32", "uint32", "int64", "uint64", "float32", "float64", "complex64", "complex128")]


def holds(dtype, value):
    """Whether a NumPy dtype has exactly this int."""
    dtype = np.dtype(dtype)
    if dtype.kind in "iu":
        return np.iinfo(dtype).min <= value <= np.iinfo(dtype).max
    try:
        with np.errstate(all="ignore"):
            kept = dtype.type(float(value)).real
    except OverflowError:
        return False
    return bool(np.isfinite(kept)) and int(kept) == value


@pytest.mark.parametrize("name", TYPES)
def test_ints(name):
    function = cw.jit(f"{name}({name})")(lambda x: x)
    optional = cw.jit([(cw.types.optional(getattr(cw, name)),)])(lambda x: x)
    for value in INTS:
        for given in (value, np.int64(value) if -(2**63) <= value < 2**63 else np.uint64(value) if 0 <= value < 2**64 else value):
            if holds(name, value):
                assert function(given) == value and optional(given) == value, (name, given)
            else:
                with pytest.raises((OverflowError, cw.CompileError), match="does not fit|cannot hold|cannot take"):
                    function(given)
                with pytest.raises((OverflowError, cw.CompileError)):
                    optional(given)


def test_why_not():
    function = cw.jit("float64(float64)")(lambda x: x)
    for value in (2**53 + 1, np.int64(2**53 + 1), -(2**63) - 1):
        with pytest.raises(cw.CompileError, match=f"declared as float64, which cannot hold {value} exactly"):
            function(value)
    with pytest.raises(cw.CompileError, match="cannot hold an int of 2001 bits exactly"):
        function(2**2000)
    with pytest.raises(OverflowError, match="argument 'x': 18446744073709551616 does not fit uint64"):
        cw.jit("uint64(uint64)")(lambda x: x)(2**64)


def module(text):
    """The names of a module made of this text, with `cw` in it."""
    names = {"cw": cw, "__name__": __name__}
    exec(compile(textwrap.dedent(text), __file__, "exec"), names)
    return names


def test_recursion_of_a_module_level_function():
    names = module("""
        @cw.jit("int64(int64)")
        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)
        early = len(cw._core.specialisations(fib))
    """)
    assert names["early"] == 1
    assert [names["fib"](n) for n in range(12)] == [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    # The name now stands for another function.
    fib, names["fib"] = names["fib"], lambda n: 100
    assert fib(5) == 200


def test_recursion_of_a_nested_function():
    def outer():
        @cw.jit("int64(int64)")
        def fac(n):
            return 1 if n < 2 else n * fac(n - 1)

        return fac

    fac = outer()
    assert len(cw._core.specialisations(fac)) == 1
    assert fac(10) == 3628800


def test_mutual_recursion_and_other_names():
    names = module("""
        @cw.jit("boolean(int64)")
        def even(n):
            return True if n == 0 else odd(n - 1)
        @cw.jit("boolean(int64)")
        def odd(n):
            return False if n == 0 else even(n - 1)
        down = cw.jit("int64(int64)")(lambda n: 0 if n <= 0 else down(n - 1))
        @cw.jit("int64(int64)")
        def wrong(n):
            return misspelt(n)
    """)
    assert names["even"](10) is True and names["odd"](10) is False and names["down"](5) == 0
    with pytest.raises(cw.CompileError, match="misspelt"):
        names["wrong"](1)


def test_recursion_of_c_functions():
    names = module("""
        @cw.cfunc("int64(int64)")
        def fac(n):
            return 1 if n < 2 else n * fac(n - 1)
        @cw.jit
        def caller(n):
            return fac(n) + 1
    """)

    def outer():
        @cw.cfunc("int64(int64)")
        def fac(n):
            return 1 if n < 2 else n * fac(n - 1)

        return fac

    for fac in names["fac"], outer():
        assert fac.ctypes(10) == fac(10) == 3628800
    assert names["caller"](5) == 121


def test_several_signatures():
    names = module("""
        @cw.jit(["int64(int64)", "float64(float64)"])
        def power(n):
            return n if n < 2 else n * power(n - 1)
    """)
    assert names["power"](5) == 120 and names["power"](5.5) == 5.5 * 4.5 * 3.5 * 2.5 * 1.5


def test_locals_of_unknown_names_warn():
    def f(n):
        total = 0
        return total + n

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        compiled = cw.jit(locals={"totl": cw.float32, "total": cw.float64})(f)
    (warning,) = seen
    assert "f() has no variable 'totl'; did you mean 'total'?" in str(warning.message)
    assert (warning.filename, warning.lineno) == (__file__, f.__code__.co_firstlineno)
    assert compiled(2) == 2.0 and type(compiled(2)) is float
