"""Hash tables: what dicts and sets have in common.

A table is two lists.  `words` begins with `HEAD` numbers; after them comes a power of 2 of places, each of which is
`FREE`, `DUMMY` (something was there), or 31 bits of a hash above the number of an entry, counted from 1.  `entries` are
tuples of hash, key and, in a dict, value, in the order in which they were put in; a hash of -1, which no key has,
marks a hole.

Places are looked for as CPython's sets do (`Objects/setobject.c`), and tables grow as they do there: the order in which
a set is iterated over is that of its places.
"""
from coachwhip.lib import implements
from coachwhip.lib.compiler import cut, empty_like, entries_of, fill, get, push, put, reserve, resize, vacant, words_of

#: Numbers at the beginning of the words.
HEAD = 4
#: Which of them counts dummies.
DUMMIES = 0
#: Which of them counts holes among the entries.
HOLES = 1
#: Which of them is the place where a set's `pop` looks first.
FINGER = 2
#: A place where nothing has been.
FREE = 0
#: A place where something was.
DUMMY = -1
#: Places of the smallest table.
LEAST = 8
#: So many further neighbours are looked at before another part of the table is.
LINEAR_PROBES = 9
#: The bits of a place that are the number of its entry; no table has more entries.
NUMBER = 0x7fffffff
#: What the hash is shifted by from one part to the next, and the bits that stay, since it has no sign there.
PERTURB_SHIFT = 5
PERTURB_MASK = 0x07ffffffffffffff
#: Tables with more entries grow by less.
LARGE = 50000


def zeros(words, n):
    """Fills an empty list with `n` zeros."""
    reserve(words, n)
    for i in range(n):
        fill(words, i, 0)
    resize(words, n)


@implements("coachwhip.lib.tables.begun")
def begun(table):
    """A table that has just been made, with its places."""
    zeros(words_of(table), HEAD + LEAST)
    return table


@implements("coachwhip.lib.tables.empty")
def empty(table):
    """An empty table of the same type."""
    return begun(empty_like(table))


@implements("coachwhip.lib.tables.used")
def used(table):
    """How many entries there are."""
    return len(entries_of(table)) - get(words_of(table), HOLES)


def tag_of(hash):
    """Bits of a hash as they stand in a place: the lowest, which say where it is looked for first."""
    return (hash & NUMBER) << 32


def find(words, entries, key, hash):
    """The place of a key and the position of its entry; the place for it and -1 if there is none.

    That is the last dummy that was passed, else the first free place.  The optimiser looks for no key twice while nothing
    changes; what is found at once is found without a call.
    """
    i = hash & (len(words) - (HEAD + 1))
    place = get(words, HEAD + i)
    if place == FREE:
        return i, -1
    number = place ^ tag_of(hash)
    if 0 < number <= NUMBER:
        entry = get(entries, number - 1)
        if entry[0] == hash and entry[1] == key:
            return i, number - 1
    return probe(words, entries, key, hash)


def probe(words, entries, key, hash):
    """What `find` says of a key that is not in the first place."""
    mask = len(words) - (HEAD + 1)
    tag = tag_of(hash)
    perturb = hash
    start = hash & mask
    dummy = -1
    while True:
        i = start
        last = i + LINEAR_PROBES if i + LINEAR_PROBES <= mask else i
        while i <= last:
            place = get(words, HEAD + i)
            if place == FREE:
                return (i if dummy < 0 else dummy), -1
            if place == DUMMY:
                dummy = i
            number = place ^ tag
            if 0 < number <= NUMBER:
                entry = get(entries, number - 1)
                if entry[0] == hash and entry[1] == key:
                    return i, number - 1
            i += 1
        perturb = (perturb >> PERTURB_SHIFT) & PERTURB_MASK
        start = (start * 5 + 1 + perturb) & mask


def mark(words, entries, word):
    """Puts what stands in the place of an entry into the first free one; its key is not in the table."""
    mask = len(words) - (HEAD + 1)
    i = (word >> 32) & mask
    if mask <= NUMBER and get(words, HEAD + i) == FREE:
        put(words, HEAD + i, word)
    else:
        mark_beyond(words, get(entries, (word & NUMBER) - 1)[0], word)


def mark_beyond(words, hash, word):
    """As `mark`, from the hash."""
    mask = len(words) - (HEAD + 1)
    perturb = hash
    start = hash & mask
    while True:
        i = start
        last = i + LINEAR_PROBES if i + LINEAR_PROBES <= mask else i
        while i <= last:
            if get(words, HEAD + i) == FREE:
                put(words, HEAD + i, word)
                return
            i += 1
        perturb = (perturb >> PERTURB_SHIFT) & PERTURB_MASK
        start = (start * 5 + 1 + perturb) & mask


def places_for(wanted):
    """The size of the smallest table of more places."""
    places = LEAST
    while places <= wanted:
        places <<= 1
    return places


def rebuild(table, wanted):
    """Gives a dict more places than so many, and its entries no holes."""
    words, entries = words_of(table), entries_of(table)
    cut(words, 0)
    zeros(words, HEAD + places_for(wanted))
    n = 0
    for at in range(len(entries)):
        entry = get(entries, at)
        if entry[0] != -1:
            if n < at:
                put(entries, n, entry)
            n += 1
            mark(words, entries, tag_of(entry[0]) | n)
    cut(entries, n)


def insert(words, entries, place, entry):
    """Adds an entry whose key is not in the table; this is its place.  How many places the table must have more than;
    -1 if it needs nothing."""
    push(entries, entry)
    reused = get(words, HEAD + place) == DUMMY
    put(words, HEAD + place, tag_of(entry[0]) | len(entries))
    n = len(entries) - get(words, HOLES)
    mask = len(words) - (HEAD + 1)
    if reused:
        put(words, DUMMIES, get(words, DUMMIES) - 1)
        # Where dummies are always taken again, holes pile up.
        return mask if len(entries) > mask else -1
    if (n + get(words, DUMMIES)) * 5 >= mask * 3:
        return n * 2 if n > LARGE else n * 4
    return -1


def add(table, place, entry):
    """Adds an entry whose key is not in a dict; this is its place."""
    wanted = insert(words_of(table), entries_of(table), place, entry)
    if wanted >= 0:
        rebuild(table, wanted)


@implements("coachwhip.lib.tables.remove")
def remove(table, place, at):
    """Takes an entry out: a hole stays, so that iterators find the others where they were."""
    words, entries = words_of(table), entries_of(table)
    put(words, HEAD + place, DUMMY)
    put(words, DUMMIES, get(words, DUMMIES) + 1)
    put(entries, at, vacant(entries))
    put(words, HOLES, get(words, HOLES) + 1)


@implements("coachwhip.lib.tables.missing")
def missing(key):
    """Raises what a look-up of a key in vain raises."""
    raise KeyError(key)


@implements("coachwhip.lib.tables.live_from")
def live_from(entries, at):
    """The position of the first entry from one on that is no hole."""
    while at < len(entries) and get(entries, at)[0] == -1:
        at += 1
    return at


@implements("coachwhip.lib.tables.contains")
def contains(table, key):
    """Whether a key is in a dict or set."""
    return find(words_of(table), entries_of(table), key, hash(key))[1] >= 0


@implements("coachwhip.lib.tables.clear")
def clear(table):
    """Takes everything out."""
    words, entries = words_of(table), entries_of(table)
    finger = get(words, FINGER)
    cut(entries, 0)
    cut(words, 0)
    zeros(words, HEAD + LEAST)
    put(words, FINGER, finger)
