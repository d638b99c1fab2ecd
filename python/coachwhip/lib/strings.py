"""Strings: arithmetic of positions that their operators need."""
from coachwhip.lib import implements
from coachwhip.lib.compiler import refuse


@implements("coachwhip.lib.strings.count")
def count(distance, step):
    """How many positions there are from one to another (apart by `distance`), by steps that are not zero."""
    if step < 0:
        distance, step = -distance, -step
    return (distance + step - 1) // step if distance > 0 else 0


@implements("builtins.str.translate")
def translate(self, table, /):
    """Each character exchanged for what the table says of its code point: another one, a string, or nothing."""
    made = []
    for character in self:
        point = ord(character)
        if isinstance(table, dict):
            if point not in table:
                made.append(character)
                continue
        elif point >= len(table):
            made.append(character)
            continue
        entry = table[point]
        if entry is None:
            continue
        if isinstance(entry, str):
            made.append(entry)
        elif isinstance(entry, int):
            if entry < 0 or entry > 0x10ffff:
                raise ValueError("character mapping must be in range(0x110000)")
            made.append(chr(entry))
        else:
            refuse("a table holds ints, strings and None")
    return "".join(made)


@implements("builtins.str.maketrans")
def maketrans(x, y=..., z=..., /):
    """A table for `translate`: of a dict, or of the characters of strings."""
    if y is ...:
        if not isinstance(x, dict):
            raise TypeError("if you give only one argument to maketrans it must be a dict")
        table = {}
        for key, value in x.items():
            if isinstance(key, str):
                if len(key) != 1:
                    raise ValueError("string keys in translate table must be of length 1")
                table[ord(key)] = value
            elif isinstance(key, int):
                table[key] = value
            else:
                raise TypeError("keys in translate table must be strings or integers")
        return table
    if not isinstance(y, str) or z is not ... and not isinstance(z, str):
        refuse("the second and third argument are strings")
    if not isinstance(x, str):
        raise TypeError("first maketrans argument must be a string if there is a second argument")
    if len(x) != len(y):
        raise ValueError("the first two maketrans arguments must have equal length")
    made = {}
    for i in range(len(x)):
        made[ord(x[i])] = ord(y[i])
    if z is not ...:
        for character in z:
            made[ord(character)] = None
    return made


@implements("coachwhip.lib.strings.joined")
def joined(separator, values):
    """The texts of values, as `print` writes them."""
    texts = []
    for value in values:
        texts.append(str(value))
    return separator.join(texts)


@implements("coachwhip.lib.strings.of_list")
def of_list(items):
    """`repr` of a list."""
    texts = []
    for item in items:
        texts.append(repr(item))
    return "[" + ", ".join(texts) + "]"


@implements("coachwhip.lib.strings.of_tuple")
def of_tuple(items):
    """`repr` of a tuple."""
    inside = of_list(items)[1:-1]
    return "(" + inside + ("," if len(items) == 1 else "") + ")"


@implements("coachwhip.lib.strings.of_dict")
def of_dict(items):
    """`repr` of a dict."""
    texts = []
    for key, value in items.items():
        texts.append(repr(key) + ": " + repr(value))
    return "{" + ", ".join(texts) + "}"


@implements("coachwhip.lib.strings.of_set")
def of_set(items):
    """`repr` of a set."""
    return "{" + of_list(items)[1:-1] + "}" if len(items) else "set()"


@implements("coachwhip.lib.strings.of_frozenset")
def of_frozenset(items):
    """`repr` of a frozenset."""
    return "frozenset(" + of_set(items) + ")" if len(items) else "frozenset()"
