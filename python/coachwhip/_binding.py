"""A function without a body: calling it raises what CPython raises for arguments that do not fit."""
import types


def _empty():
    pass


def stub(function):
    """A function that takes arguments as `function` does and does nothing."""
    code = function.__code__
    variadic = code.co_flags & 0x0C
    count = code.co_argcount + code.co_kwonlyargcount + bool(variadic & 4) + bool(variadic & 8)
    made = _empty.__code__.replace(
        co_argcount=code.co_argcount,
        co_posonlyargcount=code.co_posonlyargcount,
        co_kwonlyargcount=code.co_kwonlyargcount,
        co_varnames=code.co_varnames[:count],
        co_nlocals=count,
        co_flags=_empty.__code__.co_flags | variadic,
        co_name=code.co_name,
        co_qualname=code.co_qualname,
    )
    result = types.FunctionType(made, {}, function.__name__, function.__defaults__)
    result.__kwdefaults__ = function.__kwdefaults__
    result.__qualname__ = function.__qualname__
    return result


# Classes of built-in objects that no module of that name has.
_CLASSES = {"builtins.NoneType": type(None), "builtins.function": types.FunctionType}


def named(name):
    """The object with a canonical name such as `numpy.float64`, or `numpy.finfo of float32`."""
    import importlib

    if name in _CLASSES:
        return _CLASSES[name]
    path, _, argument = name.partition(" of ")
    module, attribute = path.rsplit(".", 1)
    found = getattr(importlib.import_module(module), attribute)
    return found(argument) if argument else found
