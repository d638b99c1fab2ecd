"""Pickling compiled functions as picklers take plain ones: by reference what is imported, by value the rest.

`pickle` takes functions by reference alone.  cloudpickle and those that use it (joblib, dask) take the functions of
`__main__`, closures and lambdas by value.  A compiled function cannot ask which of them is at work, so it leaves the
choice to them: it hands over plain functions that stand for it and can be found as its attributes.  A stand-in that is
found by reference leads to the compiled function itself; one that comes by value makes a new one.

A function may refer to itself, so that it is made again before all of it has been read.  Therefore what makes it has
only its code, globals and cells, which are there from the start, and the rest is state, set afterwards.
"""
import sys
import types
import weakref

from . import _core, _inspection, config

#: The attribute that leads to a stand-in, by what the stand-in carries.
CODE, STATE = "_code_to_pickle", "_state_to_pickle"
#: Whom stand-ins stand for.
_OWNERS = weakref.WeakKeyDictionary()
#: What is not state: it is made anew.
_MADE = {"py_func", "__wrapped__", "targetoptions", "signature", "_user_data", "_is_plain", "_ctypes", "_compiled"}
_MADE |= {CODE, STATE}
_OF_FUNCTIONS = ("__name__", "__qualname__", "__module__", "__doc__", "__annotations__", "__defaults__", "__kwdefaults__")


def reduce(dispatcher, protocol):
    """What `__reduce_ex__` returns for a compiled function, or for one with a C face."""
    function = dispatcher.py_func
    found = _named(dispatcher)
    if found is dispatcher and (protocol < 4 or not _by_value(dispatcher.__module__)):
        return dispatcher.__qualname__
    if found is function:
        made, state = function, _state(dispatcher, function, True)
    else:
        made, state = stand_in(dispatcher, CODE), stand_in(dispatcher, STATE)
        state.state = _state(dispatcher, function, False)
    if isinstance(dispatcher, _core.Dispatcher):
        build, parts = _dispatcher, _core.declared(dispatcher)
    else:
        kind = dispatcher.signature
        build, parts = _for_c, ((kind.args, kind.return_type), dispatcher._user_data)
    return _restored, (made, found is function, build, dispatcher.targetoptions, parts), state, None, None, _set_state


def stand_in(dispatcher, which):
    """The plain function that stands for a compiled one."""
    own = dispatcher.__dict__
    if which not in own:
        function = dispatcher.py_func
        if which == CODE:
            made = types.FunctionType(function.__code__, function.__globals__, closure=function.__closure__)
        else:
            made = types.FunctionType(_nothing.__code__, {})
        made.__module__ = dispatcher.__module__
        made.__qualname__ = f"{dispatcher.__qualname__}.{which}"
        own[which] = made
        _OWNERS[made] = weakref.ref(dispatcher)
    return own[which]


def _nothing():
    pass


def _named(dispatcher):
    """What the qualified name leads to, or None."""
    found = sys.modules.get(dispatcher.__module__)
    for name in dispatcher.__qualname__.split("."):
        found = getattr(found, name, None)
    return found


def _by_value(module):
    """Whether cloudpickle takes the functions of a module by value."""
    if module == "__main__":
        return True
    for cloudpickle in ("cloudpickle.cloudpickle", "joblib.externals.cloudpickle.cloudpickle"):
        registered = getattr(sys.modules.get(cloudpickle), "list_registry_pickle_by_value", set)()
        parts = module.split(".")
        if any(".".join(parts[:count]) in registered for count in range(1, len(parts) + 1)):
            return True
    return False


def _state(dispatcher, function, is_plain):
    """The attributes of the compiled function and, unless it is pickled itself, of the plain one."""
    own = {name: value for name, value in dispatcher.__dict__.items() if name not in _MADE}
    if is_plain:
        return own, {}, {}
    return own, {name: getattr(function, name) for name in _OF_FUNCTIONS}, dict(function.__dict__)


def _restored(function, is_plain, build, options, parts):
    """The compiled function that a stand-in stands for, or a new one."""
    owner = _OWNERS.get(function)
    found = owner and owner()
    if found is not None:
        return found
    if not is_plain:
        function = types.FunctionType(function.__code__, function.__globals__, closure=function.__closure__)
    return build(function, options, *parts)


def _dispatcher(function, options, signatures, closed):
    if config.disable_jit:
        return function
    return _inspection.dress(_core.restore(function, options, signatures, closed), function, options)


def _for_c(function, options, signature, user_data):
    from ._callbacks import CFunc

    return CFunc(function, signature, options, user_data, compiled=False)


def _set_state(restored, state):
    """Sets what a compiled function, or the plain one that takes its place, has besides code."""
    if isinstance(state, types.FunctionType):
        if state in _OWNERS:
            return
        state = state.state
    own, plain, attributes = state
    function = getattr(restored, "py_func", restored)
    for name, value in plain.items():
        setattr(function, name, value)
    function.__dict__.update(attributes)
    if restored is not function:
        restored.__dict__.update(own)
