"""Teaching the compiler functions, methods and attributes, with Numba's names and meaning.

    from coachwhip.extending import overload
    from coachwhip import types

    @overload(np.trim_zeros)
    def trim_zeros(filt, trim="fb"):
        if isinstance(filt, types.Array) and filt.ndim == 1:
            def implementation(filt, trim="fb"):
                ...
            return implementation

The decorated function is called while a call in compiled code gets its types.  It receives the types of the arguments
(`coachwhip.types`) and returns a plain function that does the work, which is compiled in its place, or None if it has none
for these types.  Of several overloads of one callable those registered first are asked first.  What is registered after a
function was compiled counts for its next types.
"""
import inspect
import types as python_types

from . import _core, types
from ._errors import CoachwhipError, warn

__all__ = ["overload", "overload_attribute", "overload_method", "register_jitable", "types"]

#: Overloads of functions by key, of members by name: (class of types, function).
_FUNCTIONS, _METHODS, _ATTRIBUTES = {}, {}, {}
#: What Numba's decorators take besides and what has no meaning here, with the values that ask for nothing.
_ACCEPTED = {
    "jit_options": (None, {}),
    "strict": (True,),
    "inline": ("never",),
    "target": ("cpu", "generic", "CPU"),
    "prefer_literal": (False,),
    "signature": (None,),
}


def overload(function, /, **options):
    """Registers an implementation of a function: one of the user's own, or one that compiled code does not know."""
    _check(options)
    if isinstance(function, _core.Dispatcher):
        raise TypeError("a compiled function cannot be overloaded; overload the plain function")
    if not callable(function):
        raise TypeError(f"{function!r} cannot be called")

    def register(chooser):
        key = _core.overload_function(function)
        _FUNCTIONS.setdefault(key, []).append((function, chooser))
        return chooser

    return register


def overload_method(kind, name, /, **options):
    """Registers a method of the values whose type is of a class (`types.Array`) or is a type."""
    _check(options)
    return lambda chooser: _register_member(_METHODS, kind, name, chooser, False)


def overload_attribute(kind, name, /, **options):
    """Registers an attribute of the values whose type is of a class (`types.Array`) or is a type."""
    _check(options)
    return lambda chooser: _register_member(_ATTRIBUTES, kind, name, chooser, True)


def register_jitable(function=None, /, **options):
    """Marks a plain function as one that compiled code calls; every plain function is, so that it is returned as it is."""
    _check(options)
    return (lambda function: function) if function is None else function


def _check(options):
    for name in options:
        if name not in _ACCEPTED:
            raise TypeError(f"unknown option '{name}'")
    if options.get("prefer_literal"):
        raise TypeError("prefer_literal=True is not supported: an overload receives the types of values, not literals")
    for name, value in options.items():
        if not any(value is known or value == known for known in _ACCEPTED[name]):
            warn(f"option '{name}={value!r}' has no effect")


def _register_member(table, kind, name, chooser, attribute):
    is_class = isinstance(kind, type) and issubclass(kind, types.Type)
    if not is_class and not isinstance(kind, types.Type):
        raise TypeError(f"{kind!r} is neither a class of types, such as types.Array, nor a type")
    _core.overload_member(name, attribute)
    table.setdefault(name, []).append((kind, chooser))
    return chooser


def _choose(what, key, positional, keywords):
    """The implementation for these types, or None; what the compiler calls."""
    if what == "function":
        choosers = [chooser for _, chooser in _FUNCTIONS.get(key, ())]
    else:
        table = _METHODS if what == "method" else _ATTRIBUTES
        choosers = [chooser for kind, chooser in table.get(key, ()) if _is(positional[0], kind)]
    for chooser in choosers:
        try:
            inspect.signature(chooser).bind(*positional, **keywords)
        except TypeError:
            continue
        found = chooser(*positional, **keywords)
        if found is None:
            continue
        found = getattr(found, "py_func", found)
        if not isinstance(found, python_types.FunctionType):
            raise TypeError(f"an overload returns a function or None, not {type(found).__name__}")
        return found
    return None


def _is(value, kind):
    return isinstance(value, kind) if isinstance(kind, type) else value == kind


def _failure(error):
    """What a diagnostic says about an exception in an overload: a message, and a note of the place or None."""
    if isinstance(error, CoachwhipError):
        return error.diagnostic.message if error.diagnostic else str(error), None
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        frames.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    outside = [frame for frame in frames if frame[0] != __file__] or frames
    place = f"raised at {outside[-1][0]}:{outside[-1][1]}" if outside else None
    return f"the overload raised {type(error).__name__}: {error}", place
