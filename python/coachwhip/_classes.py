"""What compiled code can use of users' classes: those of tuples with named fields (`namedtuple`, `typing.NamedTuple`), enumerations
(`_enums`), and classes whose instances are objects (`_instances`)."""
import collections
import enum
import types

from . import _core, _enums, _instances

#: Names in a class's body that say nothing about its instances, or that every such class has.
_BOOKKEEPING = frozenset({
    "__module__", "__qualname__", "__doc__", "__slots__", "__dict__", "__weakref__", "__annotations__", "__annotate__",
    "__annotate_func__", "__annotations_cache__", "__static_attributes__", "__firstlineno__", "__match_args__",
    "__orig_bases__", "__type_params__", "__parameters__", "_fields", "_field_defaults", "_field_types",
})
#: What a class may not define: compiled code makes instances, takes them for tuples and formats them without asking.
_REFUSED = frozenset({
    "__new__", "__init__", "__getattribute__", "__getattr__", "__iter__", "__getitem__", "__len__", "__reversed__", "__index__",
    "__int__", "__float__", "__complex__", "__format__",
})


def described(kind):
    """The parts of a class, or None: `(name, traits, lineage, fields, defaults, members)`.

    A member is `(name, word, position of the class in the lineage, object)`; the words are those of `MemberKind` in the compiler."""
    if isinstance(kind, enum.EnumMeta):
        return _enums.described(kind, _member)
    if not issubclass(kind, tuple):
        return _instances.described(kind, _member)
    if why_not(kind):
        return None
    base, lineage = kind.__mro__[-3], kind.__mro__[:-2]
    defaults = base._field_defaults
    members = {}
    for at, owner in enumerate(lineage):
        for name, value in vars(owner).items():
            if name not in members and name not in _BOOKKEEPING and not (owner is base and _is_generated(name, value, base)):
                word, content = _member(value)
                members[name] = (name, word, at, content)
    return kind.__name__, ("tuple",), lineage, base._fields, tuple(defaults.values()), tuple(members.values())


def why_not(kind):
    """Why a class is not one that compiled code takes, or an empty text."""
    if isinstance(kind, enum.EnumMeta):
        return _enums.why_not(kind)
    if not issubclass(kind, tuple):
        return _instances.why_not(kind)
    if type(kind) is not type or not issubclass(kind, tuple) or len(kind.__mro__) < 3 or kind.__mro__[-2] is not tuple:
        return "it is not made by namedtuple or typing.NamedTuple alone"
    base = kind.__mro__[-3]
    make = vars(base).get("__new__")
    if getattr(getattr(make, "__func__", None), "__globals__", {}).get("__name__") != f"namedtuple_{base.__name__}":
        return "it is not made by namedtuple or typing.NamedTuple alone"
    for owner in kind.__mro__[:-2]:
        for name in vars(owner).keys() & _REFUSED:
            if not (owner is base and name == "__new__"):
                return f"it defines {name}"
    return ""


def _is_generated(name, value, base):
    """Whether `namedtuple` has put it there."""
    function = getattr(value, "__func__", value)
    made_there = getattr(function, "__globals__", None) is vars(collections)
    return name == "__new__" or name in base._fields or made_there


def _member(value):
    if isinstance(value, (types.FunctionType, _core.Dispatcher)):
        return "method", value
    if type(value) is property or isinstance(value, enum.property):
        return "property", value.fget
    if type(value) is classmethod:
        return "class_method", value.__func__
    if type(value) is staticmethod:
        return "value", value.__func__
    return "value", value
