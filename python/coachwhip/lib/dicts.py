"""Dicts: `coachwhip.lib.tables` with values.  What the compiler's own rules call is named `coachwhip.lib.dicts`."""
from coachwhip.lib import implements
from coachwhip.lib.compiler import cut, entries_of, get, put, words_of
from coachwhip.lib.tables import HOLES, add, empty, find, rebuild, remove, used
from coachwhip.lib.tables import clear as clear_table


@implements("coachwhip.lib.dicts.getitem")
def getitem(table, key):
    """`table[key]`."""
    entries = entries_of(table)
    at = find(words_of(table), entries, key, hash(key))[1]
    if at < 0:
        raise KeyError(key)
    return get(entries, at)[2]


@implements("coachwhip.lib.dicts.setitem")
def setitem(table, key, value):
    """`table[key] = value`."""
    words, entries = words_of(table), entries_of(table)
    code = hash(key)
    place, at = find(words, entries, key, code)
    if at >= 0:
        entry = get(entries, at)
        put(entries, at, (code, entry[1], value))
    else:
        add(table, place, (code, key, value))


@implements("coachwhip.lib.dicts.delitem")
def delitem(table, key):
    """`del table[key]`."""
    place, at = find(words_of(table), entries_of(table), key, hash(key))
    if at < 0:
        raise KeyError(key)
    remove(table, place, at)


@implements("builtins.dict.get")
def get_(self, key, default=None, /):
    """What a key leads to, or a default."""
    entries = entries_of(self)
    at = find(words_of(self), entries, key, hash(key))[1]
    if at < 0:
        return default
    return get(entries, at)[2]


@implements("builtins.dict.setdefault")
def setdefault(self, key, default=None, /):
    """What a key leads to; it is the default from now on if there was nothing."""
    words, entries = words_of(self), entries_of(self)
    code = hash(key)
    place, at = find(words, entries, key, code)
    if at < 0:
        at = len(entries)
        add(self, place, (code, key, default))
        at = len(entries) - 1
    return get(entries, at)[2]


@implements("coachwhip.lib.dicts.pop")
def pop(table, key):
    """`table.pop(key)`."""
    entries = entries_of(table)
    place, at = find(words_of(table), entries, key, hash(key))
    if at < 0:
        raise KeyError(key)
    value = get(entries, at)[2]
    remove(table, place, at)
    return value


@implements("coachwhip.lib.dicts.pop_default")
def pop_default(table, key, default):
    """`table.pop(key, default)`."""
    entries = entries_of(table)
    place, at = find(words_of(table), entries, key, hash(key))
    if at < 0:
        return default
    value = get(entries, at)[2]
    remove(table, place, at)
    return value


@implements("builtins.dict.popitem")
def popitem(self, /):
    """Takes the last key and its value out."""
    words, entries = words_of(self), entries_of(self)
    if used(self) == 0:
        raise KeyError("popitem(): dictionary is empty")
    last = len(entries) - 1
    while get(entries, last)[0] == -1:
        last -= 1
    entry = get(entries, last)
    key, value = entry[1], entry[2]
    place, at = find(words, entries, key, entry[0])
    remove(self, place, at)
    # What is at the end is not looked for again.
    put(words, HOLES, get(words, HOLES) - (len(entries) - last))
    cut(entries, last)
    return key, value


@implements("builtins.dict.clear")
def clear(self, /):
    """Takes everything out."""
    clear_table(self)


@implements("builtins.dict.copy")
def copy(self, /):
    """A new dict of the same keys and values."""
    return merged(empty(self), self)


@implements("coachwhip.lib.dicts.merged")
def merged(table, more):
    """The dict itself, with what another one holds."""
    entries = entries_of(more)
    n = len(entries) - get(words_of(more), HOLES)
    if used(table) == 0 and n > 4:
        rebuild(table, n * 2)
    for at in range(len(entries)):
        entry = get(entries, at)
        if entry[0] != -1:
            setitem(table, entry[1], entry[2])
    return table


@implements("coachwhip.lib.dicts.of_pairs")
def of_pairs(table, pairs):
    """The dict itself, with the pairs of an iterable."""
    for key, value in pairs:
        setitem(table, key, value)
    return table


@implements("coachwhip.lib.dicts.of_keys")
def of_keys(table, keys, value):
    """The dict itself, with this value under each key."""
    for key in keys:
        setitem(table, key, value)
    return table


@implements("coachwhip.lib.dicts.equal")
def equal(a, b):
    """Whether two dicts have equal values under equal keys."""
    if used(a) != used(b):
        return False
    mine, entries = entries_of(a), entries_of(b)
    for i in range(len(mine)):
        entry = get(mine, i)
        if entry[0] != -1:
            at = find(words_of(b), entries, entry[1], entry[0])[1]
            if at < 0 or not get(entries, at)[2] == entry[2]:
                return False
    return True


@implements("coachwhip.lib.dicts.position")
def position(table, key):
    """The position of a key's entry, or -1."""
    return find(words_of(table), entries_of(table), key, hash(key))[1]


@implements("coachwhip.lib.dicts.value_at")
def value_at(table, at):
    """The value of the entry at a position."""
    return get(entries_of(table), at)[2]


@implements("coachwhip.lib.dicts.has_value")
def has_value(table, value):
    """Whether a value is among those of a dict."""
    entries = entries_of(table)
    for at in range(len(entries)):
        entry = get(entries, at)
        if entry[0] != -1 and entry[2] == value:
            return True
    return False


@implements("coachwhip.lib.dicts.has_item")
def has_item(table, key, value):
    """Whether a dict has this value under this key."""
    entries = entries_of(table)
    at = find(words_of(table), entries, key, hash(key))[1]
    return at >= 0 and get(entries, at)[2] == value
