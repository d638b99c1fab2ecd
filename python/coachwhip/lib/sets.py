"""Sets: `coachwhip.lib.tables` in the order of CPython's, which is that of the places in its table.

So every operation goes through places as `Objects/setobject.c` does, and grows tables where that does.
"""
from coachwhip.lib import implements
from coachwhip.lib.compiler import cut, entries_of, get, new_like, push, put, words_of
from coachwhip.lib.lists import extended
from coachwhip.lib.tables import (DUMMIES, DUMMY, FINGER, HEAD, HOLES, LARGE, LEAST, NUMBER, empty, find, insert, mark,
                                  places_for, remove, tag_of, used, zeros)
from coachwhip.lib.tables import clear as clear_table


@implements("coachwhip.lib.sets.taken_from")
def taken_from(words, at):
    """The first word from one on that is the place of an entry; the number of words if none is."""
    at = max(at, HEAD)
    while at < len(words) and get(words, at) <= 0:
        at += 1
    return at


@implements("coachwhip.lib.sets.entry_at")
def entry_at(words, place):
    """The position of the entry whose place is a word."""
    return (get(words, place) & NUMBER) - 1


def rebuild(table, wanted):
    """Gives a set more places than so many, and no dummies; the places are taken in the order of the old ones."""
    words, entries = words_of(table), entries_of(table)
    places = places_for(wanted)
    if places == len(words) - HEAD and get(words, DUMMIES) == 0 and places == LEAST:
        return
    if get(words, HOLES) > 0:
        compact(table)
    old = extended(new_like(words, len(words)), words)
    cut(words, 0)
    zeros(words, HEAD + places)
    put(words, FINGER, get(old, FINGER))
    for place in range(HEAD, len(old)):
        word = get(old, place)
        if word > 0:
            mark(words, entries, word)


def compact(table):
    """Lets no hole be among the entries; places stay."""
    words, entries = words_of(table), entries_of(table)
    moved = extended(new_like(entries, len(entries)), entries)
    cut(entries, 0)
    for place in range(HEAD, len(words)):
        word = get(words, place)
        if word > 0:
            push(entries, get(moved, (word & NUMBER) - 1))
            put(words, place, word - (word & NUMBER) + len(entries))
    put(words, HOLES, 0)


def put_key(table, key, code):
    """Adds a key with its hash."""
    words, entries = words_of(table), entries_of(table)
    place, at = find(words, entries, key, code)
    if at < 0:
        again = get(words, HEAD + place) == DUMMY
        wanted = insert(words, entries, place, (code, key))
        if wanted >= 0:
            if again:
                compact(table)
            else:
                rebuild(table, wanted)


@implements("coachwhip.lib.sets.add")
def add(table, key):
    """`table.add(key)`."""
    put_key(table, key, hash(key))


@implements("coachwhip.lib.sets.discard")
def discard(table, key):
    """Whether a key was in the set; it is not any more."""
    return drop(table, key, hash(key))


def drop(table, key, code):
    """Whether a key with its hash was in the set; it is not any more."""
    place, at = find(words_of(table), entries_of(table), key, code)
    if at < 0:
        return False
    remove(table, place, at)
    return True


@implements("coachwhip.lib.sets.remove")
def remove_key(table, key):
    """`table.remove(key)`."""
    if not drop(table, key, hash(key)):
        raise KeyError(key)


@implements("builtins.set.pop")
def pop(self, /):
    """Takes a key out."""
    words, entries = words_of(self), entries_of(self)
    if used(self) == 0:
        raise KeyError("pop from an empty set")
    mask = len(words) - (HEAD + 1)
    at = get(words, FINGER) & mask
    while get(words, HEAD + at) <= 0:
        at += 1
        if at > mask:
            at = 0
    number = (get(words, HEAD + at) & NUMBER) - 1
    key = get(entries, number)[1]
    remove(self, at, number)
    put(words, FINGER, at + 1)
    return key


@implements("builtins.set.clear")
def clear(self, /):
    """Takes everything out."""
    clear_table(self)


def make_room(table, more):
    """Grows a set at once before so many keys are added."""
    words = words_of(table)
    n = used(table)
    mask = len(words) - (HEAD + 1)
    if (n + get(words, DUMMIES) + more) * 5 >= mask * 3:
        rebuild(table, (n + more) * 2)


@implements("coachwhip.lib.sets.merged")
def merged(table, more):
    """The set itself, with the keys of another one."""
    from_words, from_entries = words_of(more), entries_of(more)
    if used(more) == 0 or from_words is words_of(table):
        return table
    make_room(table, used(more))
    words, entries = words_of(table), entries_of(table)
    if len(entries) == 0 and get(words, DUMMIES) == 0:
        same = len(words) == len(from_words) and get(from_words, DUMMIES) == 0
        for place in range(HEAD, len(from_words)):
            word = get(from_words, place)
            if word > 0:
                entry = get(from_entries, (word & NUMBER) - 1)
                push(entries, (entry[0], entry[1]))
                if same:
                    put(words, place, word - (word & NUMBER) + len(entries))
                else:
                    mark(words, entries, tag_of(entry[0]) | len(entries))
        return table
    for place in range(HEAD, len(from_words)):
        word = get(from_words, place)
        if word > 0:
            entry = get(from_entries, (word & NUMBER) - 1)
            put_key(table, entry[1], entry[0])
    return table


@implements("coachwhip.lib.sets.joined")
def joined(table, more, own):
    """The set itself, with the keys of another one that is not this one."""
    if words_of(more) is words_of(own):
        return table
    return merged(table, more)


@implements("coachwhip.lib.sets.of_dict")
def of_dict(table, more):
    """The set itself, with the keys of a dict."""
    entries = entries_of(more)
    make_room(table, used(more))
    for at in range(len(entries)):
        entry = get(entries, at)
        if entry[0] != -1:
            put_key(table, entry[1], entry[0])
    return table


@implements("coachwhip.lib.sets.of_items")
def of_items(table, items):
    """The set itself, with the items of an iterable."""
    for key in items:
        put_key(table, key, hash(key))
    return table


def has(table, key, code):
    """Whether a key with its hash is in the set."""
    return find(words_of(table), entries_of(table), key, code)[1] >= 0


@implements("coachwhip.lib.sets.common")
def common(into, a, b):
    """An empty set with what two others have in common."""
    if words_of(a) is words_of(b):
        return merged(into, a)
    if used(b) > used(a):
        return common_of(into, b, a)
    return common_of(into, a, b)


def common_of(into, a, b):
    """An empty set with the keys of b that are in a."""
    words, entries = words_of(b), entries_of(b)
    for place in range(HEAD, len(words)):
        word = get(words, place)
        if word > 0:
            entry = get(entries, (word & NUMBER) - 1)
            if has(a, entry[1], entry[0]):
                put_key(into, entry[1], entry[0])
    return into


@implements("coachwhip.lib.sets.common_items")
def common_items(into, a, items):
    """An empty set with the items of an iterable that are in a."""
    for key in items:
        code = hash(key)
        if has(a, key, code):
            put_key(into, key, code)
            if used(into) >= used(a):
                break
    return into


@implements("coachwhip.lib.sets.swapped")
def swapped(table, other):
    """The set itself, with the body of another that nobody needs any more."""
    words, entries = words_of(table), entries_of(table)
    finger = get(words, FINGER)
    cut(words, 0)
    extended(words, words_of(other))
    put(words, FINGER, finger)
    cut(entries, 0)
    extended(entries, entries_of(other))
    return table


def thin(table):
    """Rebuilds a set of which more than a quarter is dummies."""
    words = words_of(table)
    if get(words, DUMMIES) > (len(words) - (HEAD + 1)) // 4:
        n = used(table)
        rebuild(table, n * 2 if n > LARGE else n * 4)


@implements("coachwhip.lib.sets.without")
def without(table, other):
    """The set itself, without the keys of another one."""
    if words_of(table) is words_of(other):
        clear_table(table)
        return table
    if (used(other) >> 3) > used(table):
        drop_all(table, common(empty(table), table, other))
    else:
        drop_all(table, other)
    thin(table)
    return table


def drop_all(table, other):
    """Takes the keys of another set out."""
    words, entries = words_of(other), entries_of(other)
    for place in range(HEAD, len(words)):
        word = get(words, place)
        if word > 0:
            entry = get(entries, (word & NUMBER) - 1)
            drop(table, entry[1], entry[0])


@implements("coachwhip.lib.sets.without_items")
def without_items(table, items):
    """The set itself, without the items of an iterable."""
    for key in items:
        drop(table, key, hash(key))
    thin(table)
    return table


@implements("coachwhip.lib.sets.rest")
def rest(into, a, b):
    """An empty set with the keys of a that are not in b, a set or dict."""
    words, entries = words_of(a), entries_of(a)
    for place in range(HEAD, len(words)):
        word = get(words, place)
        if word > 0:
            entry = get(entries, (word & NUMBER) - 1)
            if not has(b, entry[1], entry[0]):
                put_key(into, entry[1], entry[0])
    return into


@implements("coachwhip.lib.sets.difference")
def difference(a, b):
    """A new set of the keys of a that are not in another set."""
    if (used(a) >> 2) > used(b):
        return without(merged(empty(a), a), b)
    return rest(empty(a), a, b)


@implements("coachwhip.lib.sets.difference_dict")
def difference_dict(a, b):
    """A new set of the keys of a that are not in a dict."""
    if (used(a) >> 2) > used(b):
        return without_items(merged(empty(a), a), b)
    return rest(empty(a), a, b)


@implements("coachwhip.lib.sets.turned")
def turned(table, other):
    """The set itself: keys of another one are taken out, or put in where they are not."""
    if words_of(table) is words_of(other):
        clear_table(table)
        return table
    words, entries = words_of(other), entries_of(other)
    for place in range(HEAD, len(words)):
        word = get(words, place)
        if word > 0:
            entry = get(entries, (word & NUMBER) - 1)
            if not drop(table, entry[1], entry[0]):
                put_key(table, entry[1], entry[0])
    return table


@implements("coachwhip.lib.sets.turned_keys")
def turned_keys(table, items):
    """The set itself: keys of a dict are taken out, or put in where they are not."""
    for key in items:
        code = hash(key)
        if not drop(table, key, code):
            put_key(table, key, code)
    return table


@implements("coachwhip.lib.sets.within")
def within(a, b):
    """Whether every key of a is in b, sets both."""
    if used(a) > used(b):
        return False
    entries = entries_of(a)
    for at in range(len(entries)):
        entry = get(entries, at)
        if entry[0] != -1 and not has(b, entry[1], entry[0]):
            return False
    return True


@implements("coachwhip.lib.sets.apart")
def apart(a, b):
    """Whether two sets have nothing in common."""
    entries = entries_of(a)
    for at in range(len(entries)):
        entry = get(entries, at)
        if entry[0] != -1 and has(b, entry[1], entry[0]):
            return False
    return True


@implements("coachwhip.lib.sets.apart_from_items")
def apart_from_items(a, items):
    """Whether no item of an iterable is in a set."""
    for key in items:
        if has(a, key, hash(key)):
            return False
    return True


@implements("coachwhip.lib.sets.view_and_set")
def view_and_set(made, view, other):
    """`view & other` in an empty set, `other` a set."""
    if len(view) <= len(other):
        for key in view:
            if key in other:
                made.add(key)
    else:
        view_and_items(made, view, other)
    return made


@implements("coachwhip.lib.sets.view_and_view")
def view_and_view(made, view, other):
    """`view & other` in an empty set, `other` a view as well: the items of the shorter one that are in the longer one."""
    if len(other) > len(view):
        return view_and_items(made, other, view)
    return view_and_items(made, view, other)


@implements("coachwhip.lib.sets.view_and_items")
def view_and_items(made, view, items):
    """`view & items` in an empty set."""
    for key in items:
        if key in view:
            made.add(key)
    return made


@implements("coachwhip.lib.sets.all_in")
def all_in(items, others):
    """Whether all items are in another view or set."""
    for key in items:
        if key not in others:
            return False
    return True
