"""What compiled code can use of users' enumerations (`Enum`, `IntEnum`, `StrEnum`, `Flag`, `IntFlag`)."""
import enum

#: Classes of the standard library between an enumeration and `object`.
_STANDARD = frozenset(vars(enum)[name] for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum") if hasattr(enum, name))
#: What a class may not define: compiled code looks at members, and formats them, without asking.
_REFUSED = frozenset({
    "__getattribute__", "__getattr__", "__setattr__", "__format__", "__iter__", "__len__", "__getitem__", "__contains__",
    "__index__", "__int__", "__float__", "__complex__", "__reversed__", "__next__", "__setitem__", "__delitem__", "__enter__",
    "__exit__", "__dir__",
})
_PLAIN = (int, float, bool, complex, str, bytes, type(None))
_MISSING = object()


def why_not(kind):
    """Why an enumeration is not one that compiled code takes, or an empty text."""
    if type(kind) is not enum.EnumMeta:
        return "its metaclass is not enum.EnumType"
    if kind._member_type_ not in (object, int, str):
        return f"its members are made of {kind._member_type_.__name__}"
    for owner in _owners(kind):
        for name in vars(owner).keys() & _REFUSED:
            if not _is_standard(name, vars(owner)[name]):
                return f"it defines {name}"
    members = [kind._member_map_[name] for name in kind._member_names_]
    if not members:
        return "it has no members"
    data = kind._member_type_
    if data is not object and any(type(member._value_) is not data or getattr(data, f"__{data.__name__}__")(member) != member._value_ for member in members):
        return "the values of its members are not what the members are made of"
    if not all(_is_plain(member._value_) for member in members):
        return "the values of its members are neither numbers, strings, None nor tuples of such"
    if issubclass(kind, enum.Flag):
        if not all(type(member._value_) is int and 0 <= member._value_ < 1 << 62 for member in kind._member_map_.values()):
            return "its flags are not ints of 0 to 2**62"
        if members != sorted(members, key=lambda member: member._value_) or any(bin(member._value_).count("1") != 1 for member in members):
            return "its flags are not single bits in increasing order"
    elif [getattr(member, "_sort_order_", None) for member in members] != list(range(len(members))):
        return "its members have no order"
    return ""


def described(kind, member_of):
    """`(name, traits, lineage, names, values, members)` of an enumeration, or None; `member_of` tells the word of a member."""
    if why_not(kind):
        return None
    names = tuple(kind._member_names_)
    members = {}
    flags = issubclass(kind, enum.Flag)
    for name, member in kind._member_map_.items():
        if name not in names:
            members[name] = (name, "alias", 0, member._value_ if flags else member._sort_order_)
    for owner in _owners(kind):
        for name, value in vars(owner).items():
            if name in members or name in kind._member_map_ or _is_standard(name, value):
                continue
            word, content = member_of(value)
            members[name] = (name, word, 0, content)
    all_members = [kind._member_map_[name] for name in names]
    if not flags:
        for name in vars(all_members[0]):
            values = [vars(member).get(name, _MISSING) for member in all_members]
            if not name.startswith("_") and all(_is_plain(value) for value in values):
                members[name] = (name, "of_member", 0, tuple(values))
    lineage = [owner for owner in kind.__mro__ if owner in _STANDARD or isinstance(owner, enum.EnumMeta) or owner in _owners(kind)]
    return kind.__name__, tuple(_words(kind)), lineage, names, tuple(member._value_ for member in all_members), tuple(members.values())


def member(kind, word):
    """The member with a word: its value in a class of flags, else its position."""
    return kind(word) if issubclass(kind, enum.Flag) else kind._member_map_[kind._member_names_[word]]


def _words(kind):
    yield "enum"
    data = kind._member_type_
    if data is not object:
        yield data.__name__
    yield from (f"enum.{owner.__name__}" for owner in kind.__mro__ if owner in _STANDARD)
    if issubclass(kind, enum.Flag):
        yield "flag"
        yield kind._boundary_.name.lower()


def _owners(kind):
    """The classes whose bodies count: the enumeration, those that it is derived from, and mixed-in classes."""
    return [owner for owner in kind.__mro__ if owner not in _STANDARD and owner not in (object, int, str)]


def _is_plain(value):
    if type(value) is tuple:
        return all(_is_plain(item) for item in value)
    return type(value) in _PLAIN


def _is_standard(name, value):
    """Whether it is in the class's dict for the sake of enumerations."""
    function = getattr(value, "__func__", value)
    function = getattr(function, "fget", None) or function
    if getattr(function, "__globals__", None) is vars(enum) or isinstance(value, (type(int.__add__), type(object.__new__), type(int.__format__))):
        return True
    dunder = name.startswith("__") and name.endswith("__")
    return (name.startswith("_") and name.endswith("_") and not dunder) or (dunder and not callable(value) and (value is not None or name != "__hash__") and not isinstance(value, (classmethod, staticmethod, property)))
