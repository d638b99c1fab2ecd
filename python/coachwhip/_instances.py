"""What compiled code can use of users' classes whose instances are objects: plain classes and dataclasses."""
import abc
import dataclasses
import dis
import inspect
import sys
import types
import typing

#: Names in a class's body that say nothing about its instances.
_BOOKKEEPING = frozenset({
    "__module__", "__qualname__", "__doc__", "__slots__", "__dict__", "__weakref__", "__annotations__", "__annotate__",
    "__annotate_func__", "__annotations_cache__", "__static_attributes__", "__firstlineno__", "__match_args__",
    "__orig_bases__", "__type_params__", "__parameters__", "__dataclass_fields__", "__dataclass_params__", "__replace__",
    "__abstractmethods__", "_abc_impl", "__init_subclass__", "__class_getitem__", "__getstate__", "__setstate__", "__reduce__",
})
#: What a class may not define: compiled code makes instances, and reads and assigns attributes, without asking.
_REFUSED = frozenset({
    "__new__", "__getattribute__", "__getattr__", "__setattr__", "__delattr__", "__del__", "__instancecheck__", "__format__",
    "__class__", "__subclasshook__", "__get__", "__set__", "__set_name__", "__index__",
})
_GENERATED = frozenset({"__init__", "__eq__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__repr__", "__setattr__", "__delattr__"})
_PLAIN = (types.FunctionType, property, classmethod, staticmethod, types.MemberDescriptorType)
_BETWEEN = (abc.ABC, typing.Generic, object)
_HEAP_TYPE = 1 << 9
#: Classes of these say nothing that can be relied on: what they do is not what their Python code alone does.
_LIBRARIES = sys.stdlib_module_names | {"numpy", "scipy", "coachwhip", "numba"}


def why_not(kind):
    """Why a class is not one that compiled code takes, or an empty text."""
    if type(kind) not in (type, abc.ABCMeta):
        return f"its metaclass is {type(kind).__name__}"
    if kind.__module__.partition(".")[0] in _LIBRARIES:
        return f"it is one of {kind.__module__}"
    for owner in kind.__mro__:
        if owner in _BETWEEN:
            continue
        if type(owner) not in (type, abc.ABCMeta) or not owner.__flags__ & _HEAP_TYPE or getattr(owner, "__module__", None) in ("builtins", "typing"):
            return f"it is derived from {owner.__name__}" if owner is not kind else "it is not written in Python"
        for name, value in vars(owner).items():
            if name in _REFUSED and not _is_generated(owner, name, value):
                return f"it defines {name}"
            if name not in _BOOKKEEPING and not isinstance(value, _PLAIN) and not isinstance(value, type) and hasattr(type(value), "__get__") \
                    and not hasattr(value, "py_func"):
                return f"its attribute {name} is a descriptor of the class {type(value).__name__}"
        if any(field._field_type is dataclasses._FIELD_INITVAR for field in vars(owner).get("__dataclass_fields__", {}).values()):
            return "it has fields that are only for __init__ (InitVar)"
    if not any(owner not in _BETWEEN for owner in kind.__mro__):
        return "it has no body"
    return ""


def described(kind, member_of):
    """`(name, traits, lineage, names, defaults, members)`, or None; `member_of` tells the word of a member."""
    if why_not(kind):
        return None
    lineage = [owner for owner in kind.__mro__ if owner is not object]
    members, words = [], ["object"]
    for at, owner in enumerate(lineage):
        if owner in _BETWEEN:
            continue
        slots = vars(owner).get("__slots__")
        for name, value in vars(owner).items():
            if name in _BOOKKEEPING or isinstance(value, types.MemberDescriptorType):
                continue
            if _is_generated(owner, name, value):
                if name not in ("__setattr__", "__delattr__"):
                    members.append((name, "generated", at, _fields(owner, name)))
                elif "frozen" not in words:
                    words.append("frozen")
                    members.append(("(frozen)", "value", at, dataclasses.FrozenInstanceError))
                continue
            word, content = member_of(value)
            members.append((name, word, at, content))
            if word == "property" and value.fset is not None:
                members.append((name, "setter", at, value.fset))
        if slots is not None:
            words.extend(f"slot {name}" for name in ((slots,) if isinstance(slots, str) else slots))
    if all("__slots__" in vars(owner) or owner in _BETWEEN for owner in lineage):
        words.append("slots")
    if type(kind) is abc.ABCMeta:
        words.append("abc")
    if inspect.isabstract(kind):
        words.append("abstract")
    words.extend(f"sure {name}" for name in _sure(kind))
    members.append(("(qualname)", "value", 0, kind.__qualname__))
    return kind.__name__, tuple(words), lineage, (), (), members


def _is_generated(owner, name, value):
    """Whether `dataclasses` has made a method."""
    if name not in _GENERATED or "__dataclass_fields__" not in vars(owner):
        return False
    code = getattr(inspect.unwrap(value), "__code__", None) if callable(value) else None
    return code is not None and code.co_filename == "<string>"


def _fields(owner, name):
    fields = [field for field in vars(owner)["__dataclass_fields__"].values() if field._field_type is dataclasses._FIELD]
    if name == "__init__":
        return tuple((field.name, field.init, field.kw_only is True, *_default(field)) for field in fields)
    if name == "__repr__":
        return tuple(field.name for field in fields if field.repr)
    if name == "__hash__":
        return tuple(field.name for field in fields if (field.compare if field.hash is None else field.hash))
    return tuple(field.name for field in fields if field.compare)


def _default(field):
    if field.default is not dataclasses.MISSING:
        return "value", field.default
    if field.default_factory is not dataclasses.MISSING:
        return "factory", field.default_factory
    return "none", None


def _sure(kind):
    """The attributes that `__init__` assigns before anybody else can have the instance."""
    for owner in kind.__mro__:
        init = vars(owner).get("__init__")
        if init is None:
            continue
        if _is_generated(owner, "__init__", init):
            return [name for name, is_init, _, default, _ in _fields(owner, "__init__") if is_init or default != "none"]
        return _assigned_first(init.__code__) if isinstance(init, types.FunctionType) else []
    return []


def _assigned_first(code):
    sure, on_top = [], False
    if not code.co_argcount or code.co_varnames[0] in code.co_cellvars:
        return sure
    own = code.co_varnames[0]
    for ins in dis.get_instructions(code):
        name, value = ins.opname, ins.argval
        if name in ("RESUME", "CACHE", "NOP", "PRECALL", "COPY_FREE_VARS", "MAKE_CELL", "EXTENDED_ARG", "NOT_TAKEN"):
            continue
        if on_top:
            if name == "STORE_ATTR":
                sure.append(value)
            elif name != "LOAD_ATTR" or value not in sure:
                break
            on_top = False
            continue
        if ins.opcode in dis.hasjrel or ins.opcode in dis.hasjabs or name.startswith(("RETURN", "YIELD", "RAISE", "SETUP", "PUSH_EXC")):
            break
        if value in ("super", "__class__", "locals", "vars"):
            break
        if "_FAST" in name:
            names = value if isinstance(value, tuple) else (value,)
            if own in names[:-1] or own in names and not name.startswith("LOAD_FAST"):
                break
            on_top = names[-1] == own
    return list(dict.fromkeys(sure))
