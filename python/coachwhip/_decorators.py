"""The decorators: `jit` and its spellings, `cfunc`, `locals`."""
import functools
import types as python_types

from . import _core, _inspection, _options, config
from ._signatures import is_signature, read


def jit(signature_or_function=None, /, **options):
    """Compiles a function when it is first called; with a signature, at once.

    Use it as `@jit`, `@jit(option=value)`, `@jit("float64(float64[:])")` or `jit(function)`.  A signature is a
    call of a type (`float64(float64)`), a string, a tuple of parameter types, or a list of several.  The options
    are described in the documentation; `coachwhip._options.OPTIONS` lists them.
    """
    checked = _options.check(options)
    signatures = []
    function = signature_or_function
    if is_signature(signature_or_function):
        signatures, function = read(signature_or_function), None
    if function is None:
        return lambda function: _compile(function, checked, signatures)
    return _compile(function, checked, signatures)


def njit(signature_or_function=None, /, **options):
    """The same as `jit`."""
    return jit(signature_or_function, **options)


def autojit(function=None, /, **options):
    """The same as `jit`, without a signature."""
    return jit(function, **options)


def locals(**kinds):
    """Declares the types of variables and parameters by name: `@jit` above `@locals(total=float64)`, or alone."""
    checked = _options.check({"locals": kinds})["locals"]

    def declare(function):
        if config.disable_jit:
            return _undone(function)
        if isinstance(function, _core.Dispatcher):
            return _compile(function.py_func, function.targetoptions | {"locals": checked}, [])
        return _compile(function, {"locals": checked}, [])

    return declare


def cfunc(signature, /, **options):
    """Compiles a function to a C function: `@cfunc("float64(intc, CPointer(float64))")`.

    The result has `.ctypes`, `.address` and `.native_name`, and can be called as the plain function.
    """
    checked = _options.check(options)
    signatures = read(signature)
    if len(signatures) != 1 or signatures[0][1] is None:
        raise TypeError("cfunc() takes one signature with a result type, such as float64(intc, CPointer(float64))")
    from ._callbacks import CFunc

    return lambda function: CFunc(_plain(function), signatures[0], checked)


def _compile(function, options, signatures):
    if isinstance(function, _core.Dispatcher):
        options = {name: value for name, value in function.targetoptions.items() if name == "locals"} | options
        function = function.py_func
    function = _plain(function)
    _options.check_names(options, function)
    if config.disable_jit:
        return _undone(function)
    made = _core.make(function, options, signatures, False)
    return _inspection.dress(made, function, options)


def _undone(function):
    """The plain function in the place of a compiled one; `py_func` is there as it is in that."""
    function = _plain(getattr(function, "py_func", function))
    function.py_func = function
    return function


def _plain(function):
    if isinstance(function, python_types.FunctionType):
        return function
    wrapped = getattr(function, "__wrapped__", None)
    hint = ""
    if isinstance(function, (staticmethod, classmethod)):
        hint = ": put @jit under @staticmethod"
    elif isinstance(function, python_types.MethodType):
        hint = ": compile the function behind it, `method.__func__`"
    elif isinstance(function, functools.partial):
        hint = ": compile the function behind it, `partial.func`"
    elif isinstance(function, python_types.BuiltinFunctionType):
        hint = ": built-in functions are compiled already"
    elif isinstance(function, type):
        hint = ": classes cannot be compiled"
    elif isinstance(wrapped, python_types.FunctionType):
        hint = ": compile the function behind it, `.__wrapped__`"
    raise TypeError(f"jit() takes a Python function, not {type(function).__name__}{hint}")
