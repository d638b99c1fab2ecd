"""What a compiled function says about itself: attached to the class that the extension module defines."""
import types

from . import _core

_COPIED = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__", "__type_params__")


def dress(dispatcher, function, options):
    """Gives a compiled function the name, text and attributes of the plain one."""
    own = dispatcher.__dict__
    for name in _COPIED:
        if hasattr(function, name):
            own[name] = getattr(function, name)
    own.update(function.__dict__)
    own["__wrapped__"] = own["py_func"] = function
    own["targetoptions"] = options
    return dispatcher


def signatures(self):
    """The parameter types of every specialisation."""
    return [spec["params"] for spec in _core.specialisations(self)]


def nopython_signatures(self):
    """The signature of every specialisation."""
    from .types import Signature

    return [Signature(spec["params"], spec["ret"]) for spec in _core.specialisations(self)]


def overloads(self):
    """Result types by parameter types."""
    return {spec["params"]: spec["ret"] for spec in _core.specialisations(self)}


def compile(self, signature):
    """Compiles for a signature, given as for `jit`; other types are still compiled when they come."""
    from ._signatures import read

    pairs = read(signature)
    for pair in pairs:
        _core.add_signature(self, pair)


def inspect_ir(self, signature=None, stage=""):
    """Our SSA as text, after the named stage (`build`, `infer`, a pass of the optimiser; the last one)."""
    return _texts(self, signature, "ir", stage)


def inspect_llvm(self, signature=None):
    """LLVM's IR, optimised, as text."""
    return _texts(self, signature, "llvm", "")


def inspect_asm(self, signature=None):
    """The assembly as text."""
    return _texts(self, signature, "asm", "")


def _texts(self, signature, view, stage):
    known = signatures(self)
    if signature is None:
        return {params: _core.inspect(self, index, view, stage) for index, params in enumerate(known)}
    from ._signatures import read

    params = read(signature)[0][0]
    if params not in known:
        listed = ", ".join(map(repr, known)) or "nothing yet"
        raise KeyError(f"not compiled for {params!r}; compiled: {listed}")
    return _core.inspect(self, known.index(params), view, stage)


def explain(self):
    """Prints, for every specialisation, its types, the time of each stage and what became of the loops."""
    from ._explain import explain

    print(explain(self))


def represent(self):
    return f"<compiled function {self.__qualname__} at {id(self):#x}>"


def reduce(self, protocol):
    """Pickled like a function: `_pickling` says how."""
    from ._pickling import reduce

    return reduce(self, protocol)


def stand_in(which):
    def found(self):
        from ._pickling import stand_in as find

        return find(self, which)

    return property(found, doc="The plain function that stands for this one where it is pickled.")


def itself(self, *_):
    """A compiled function is its own copy, as a plain one is."""
    return self


def _forwarded(name):
    return property(lambda self: getattr(self.py_func, name), doc=f"That of the plain function: `{name}`.")


def signature(self):
    import inspect

    return inspect.signature(self.py_func)


_METHODS = {
    "signatures": property(signatures),
    "nopython_signatures": property(nopython_signatures),
    "overloads": property(overloads),
    "compile": compile,
    "inspect_ir": inspect_ir,
    "inspect_llvm": inspect_llvm,
    "inspect_asm": inspect_asm,
    "explain": explain,
    "__class_getitem__": classmethod(types.GenericAlias),
    "__repr__": represent,
    "__reduce_ex__": reduce,
    "__copy__": itself,
    "__deepcopy__": itself,
    "_code_to_pickle": stand_in("_code_to_pickle"),
    "_state_to_pickle": stand_in("_state_to_pickle"),
    "__signature__": property(signature),
    "__code__": _forwarded("__code__"),
    "__defaults__": _forwarded("__defaults__"),
    "__kwdefaults__": _forwarded("__kwdefaults__"),
}

for _name, _method in _METHODS.items():
    setattr(_core.Dispatcher, _name, _method)
