"""Lists: methods and operators over the primitives of `coachwhip.lib.compiler`, which check nothing.

A list may change while it is looked at (a key function, or a list that is its own argument), so lengths are read again
wherever Python code runs between."""
import operator
import sys

import numpy as np

from coachwhip.lib import implements
from coachwhip.lib.compiler import close_gap, cut, get, new_like, push, put, put_in

#: Whether this interpreter's `list.index` names what it did not find.
NAMES_THE_ITEM = sys.version_info < (3, 14)
#: Whether this interpreter sorts backwards by an int, not by the truth of anything.
REVERSE_IS_AN_INT = sys.version_info < (3, 12)
#: Shorter runs are sorted by insertion.
SHORT_RUN = 16


@implements("builtins.list.append")
def append(self, object, /):
    """Appends an item."""
    push(self, object)


@implements("coachwhip.lib.lists.extended")
def extended(items, more):
    """The list itself, with the items of another one appended."""
    n = len(more)
    for i in range(n):
        push(items, get(more, i))
    return items


@implements("builtins.list.extend")
def extend(self, iterable, /):
    """Appends the items of an iterable."""
    for item in iterable:
        push(self, item)


@implements("builtins.list.insert")
def insert(self, index, object, /):
    """Puts an item in before a position."""
    n, index = len(self), operator.index(index)
    if index < 0:
        index = max(index + n, 0)
    put_in(self, min(index, n), object)


@implements("builtins.list.pop")
def pop(self, index=-1, /):
    """Takes an item away and returns it: the last one, or that at a position."""
    n, index = len(self), operator.index(index)
    if n == 0:
        raise IndexError("pop from empty list")
    if index < 0:
        index += n
    if index < 0 or index >= n:
        raise IndexError("pop index out of range")
    item = get(self, index)
    if index == n - 1:
        cut(self, index)
    else:
        close_gap(self, index, 1)
    return item


@implements("builtins.list.clear")
def clear(self, /):
    """Takes all items away."""
    cut(self, 0)


@implements("builtins.list.copy")
def copy(self, /):
    """A new list of the same items."""
    return extended(new_like(self, len(self)), self)


def turn(items):
    """Reverses the order of the items."""
    i = 0
    j = len(items) - 1
    while i < j:
        item = get(items, i)
        put(items, i, get(items, j))
        put(items, j, item)
        i += 1
        j -= 1


@implements("builtins.list.reverse")
def reverse(self, /):
    """Reverses the order of the items."""
    turn(self)


@implements("coachwhip.lib.lists.position")
def position(items, value, start, stop):
    """The first position of an equal item in a range, or -1."""
    i = start
    while i < stop and i < len(items):
        if get(items, i) == value:
            return i
        i += 1
    return -1


@implements("coachwhip.lib.lists.contains")
def contains(items, value):
    """Whether an item is equal to a value."""
    return position(items, value, 0, len(items)) >= 0


@implements("builtins.list.count")
def count(self, value, /):
    """How many items are equal to a value."""
    found = 0
    i = 0
    while i < len(self):
        if get(self, i) == value:
            found += 1
        i += 1
    return found


@implements("builtins.list.index")
def index(self, value, start=0, stop=9223372036854775807, /):
    """The first position of an equal item."""
    n, start, stop = len(self), operator.index(start), operator.index(stop)
    if start < 0:
        start = max(start + n, 0)
    if stop < 0:
        stop = max(stop + n, 0)
    at = position(self, value, start, stop)
    if at < 0:
        if NAMES_THE_ITEM and isinstance(value, (int, float, complex, str, bytes)):
            raise ValueError(f"{value!r} is not in list")
        raise ValueError("list.index(x): x not in list")
    return at


@implements("builtins.list.remove")
def remove(self, value, /):
    """Takes the first equal item away."""
    at = position(self, value, 0, len(self))
    if at < 0:
        raise ValueError("list.remove(x): x not in list")
    close_gap(self, at, 1)


@implements("coachwhip.lib.lists.look_further")
def look_further(function, items, state):
    """Whether `filter` finds another item; its position is what `state` holds then."""
    i = get(state, 0)
    while i < len(items):
        if function is None:
            if items[i]:
                put(state, 0, i)
                return True
        elif function(items[i]):
            put(state, 0, i)
            return True
        i += 1
    put(state, 0, i)
    return False


@implements("coachwhip.lib.lists.step_over")
def step_over(state):
    """Has `filter` look after the item that it has found."""
    put(state, 0, get(state, 0) + 1)


@implements("coachwhip.lib.lists.made")
def made(iterable):
    """A new list of the items of what is no list."""
    items = []
    for item in iterable:
        items.append(item)
    return items


@implements("coachwhip.lib.lists.repeated")
def repeated(items, times):
    """A new list of the items, so many times."""
    n = len(items)
    if times < 0:
        times = 0
    made = new_like(items, n * times)
    for _ in range(times):
        for i in range(n):
            push(made, get(items, i))
    return made


@implements("coachwhip.lib.lists.repeat_in_place")
def repeat_in_place(items, times):
    """The list itself, with its items so many times."""
    n = len(items)
    if times <= 0:
        cut(items, 0)
    for _ in range(1, times):
        for i in range(n):
            push(items, get(items, i))
    return items


@implements("coachwhip.lib.lists.equal")
def equal(a, b):
    """Whether two lists have equal items."""
    if len(a) != len(b):
        return False
    i = 0
    while i < len(a) and i < len(b):
        if not get(a, i) == get(b, i):
            return False
        i += 1
    return len(a) == len(b)


@implements("coachwhip.lib.lists.less")
def less(a, b):
    """Whether a list is less than another, item by item."""
    i = 0
    while i < len(a) and i < len(b):
        x = get(a, i)
        y = get(b, i)
        if not x == y:
            return x < y
        i += 1
    return len(a) < len(b)


@implements("coachwhip.lib.lists.less_equal")
def less_equal(a, b):
    """Whether a list is less than another, or equal to it, item by item."""
    i = 0
    while i < len(a) and i < len(b):
        x = get(a, i)
        y = get(b, i)
        if not x == y:
            return x <= y
        i += 1
    return len(a) <= len(b)


def bounds(n, start, stop, step):
    """Start, number of positions and step of a slice of so many items."""
    if step is None:
        step = 1
    if step == 0:
        raise ValueError("slice step cannot be zero")
    first = n - 1 if step < 0 else 0
    end = -1 if step < 0 else n
    if start is not None:
        if start < 0:
            start = max(start + n, -1 if step < 0 else 0)
        first = min(start, n - 1 if step < 0 else n)
    if stop is not None:
        if stop < 0:
            stop = max(stop + n, -1 if step < 0 else 0)
        end = min(stop, n - 1 if step < 0 else n)
    if step > 0:
        count = (end - first - 1) // step + 1 if first < end else 0
    else:
        count = (first - end - 1) // -step + 1 if end < first else 0
    return first, count, step


@implements("coachwhip.lib.lists.getslice")
def getslice(items, start, stop, step):
    """A new list of the items of a slice."""
    first, count, by = bounds(len(items), start, stop, step)
    made = new_like(items, count)
    for i in range(count):
        push(made, get(items, first + i * by))
    return made


@implements("coachwhip.lib.lists.setslice")
def setslice(items, start, stop, step, values):
    """Puts the items of a list in the place of those of a slice."""
    first, count, by = bounds(len(items), start, stop, step)
    more = extended(new_like(items, len(values)), values)
    if by == 1 and (step is None or step == 1):
        same = min(count, len(more))
        for i in range(same):
            put(items, first + i, get(more, i))
        if count > same:
            close_gap(items, first + same, count - same)
        elif len(more) > same:
            rest = new_like(items, len(items))
            for i in range(first + same, len(items)):
                push(rest, get(items, i))
            cut(items, first + same)
            for i in range(same, len(more)):
                push(items, get(more, i))
            extended(items, rest)
    else:
        if len(more) != count:
            raise ValueError(
                f"attempt to assign sequence of size {len(more)} to extended slice of size {count}")
        for i in range(count):
            put(items, first + i * by, get(more, i))


@implements("coachwhip.lib.lists.delslice")
def delslice(items, start, stop, step):
    """Takes the items of a slice away."""
    first, count, by = bounds(len(items), start, stop, step)
    if by == 1:
        close_gap(items, first, count)
    elif by < 0:
        for i in range(count):
            close_gap(items, first + i * by, 1)
    else:
        for i in range(count):
            close_gap(items, first + i * by - i, 1)


def merge(keys, items, spare_keys, spare, low, middle, high):
    """Merges two sorted neighbours into the same places of the spare lists; equal items keep their order."""
    i = low
    j = middle
    for at in range(low, high):
        if i < middle and (j >= high or not get(keys, j) < get(keys, i)):
            put(spare, at, get(items, i))
            put(spare_keys, at, get(keys, i))
            i += 1
        else:
            put(spare, at, get(items, j))
            put(spare_keys, at, get(keys, j))
            j += 1


def insertion(keys, items, low, high):
    """Sorts a short run by insertion."""
    for i in range(low + 1, high):
        key = get(keys, i)
        item = get(items, i)
        j = i
        while j > low and key < get(keys, j - 1):
            put(keys, j, get(keys, j - 1))
            put(items, j, get(items, j - 1))
            j -= 1
        put(keys, j, key)
        put(items, j, item)


def sort_by(keys, items):
    """Sorts items and their keys by the keys, stable."""
    n = len(items)
    for low in range(0, n, SHORT_RUN):
        insertion(keys, items, low, min(low + SHORT_RUN, n))
    if n <= SHORT_RUN:
        return
    spare = extended(new_like(items, n), items)
    spare_keys = extended(new_like(keys, n), keys)
    width = SHORT_RUN
    while width < n:
        for low in range(0, n, 2 * width):
            merge(keys, items, spare_keys, spare, low, min(low + width, n), min(low + 2 * width, n))
        for i in range(n):
            put(items, i, get(spare, i))
            put(keys, i, get(spare_keys, i))
        width *= 2


def merge_plain(items, spare, low, middle, high):
    """As `merge`, of items that are their own keys."""
    i = low
    j = middle
    for at in range(low, high):
        if i < middle and (j >= high or not get(items, j) < get(items, i)):
            put(spare, at, get(items, i))
            i += 1
        else:
            put(spare, at, get(items, j))
            j += 1


def sort_plain(items):
    """Sorts items by themselves, stable."""
    n = len(items)
    for low in range(0, n, SHORT_RUN):
        for i in range(low + 1, min(low + SHORT_RUN, n)):
            item = get(items, i)
            j = i
            while j > low and item < get(items, j - 1):
                put(items, j, get(items, j - 1))
                j -= 1
            put(items, j, item)
    if n <= SHORT_RUN:
        return
    spare = extended(new_like(items, n), items)
    width = SHORT_RUN
    while width < n:
        for low in range(0, n, 2 * width):
            merge_plain(items, spare, low, min(low + width, n), min(low + 2 * width, n))
        for i in range(n):
            put(items, i, get(spare, i))
        width *= 2


@implements("builtins.list.sort")
def sort(self, /, *, key=None, reverse=False):
    """Sorts the items, stable, by themselves or by what a function gives for each."""
    backwards = bool(operator.index(reverse) if REVERSE_IS_AN_INT else reverse)
    if backwards:
        turn(self)
    if key is None:
        sort_plain(self)
    else:
        sort_by(keys_of(self, key), self)
    if backwards:
        turn(self)


def keys_of(items, key):
    """What a function gives for each item."""
    keys = []
    for item in items:
        keys.append(key(item))
    return keys


@implements("builtins.sorted")
def sorted_(iterable, /, *, key=None, reverse=False):
    """A new list of the items in order; equal ones keep theirs."""
    items = []
    for item in iterable:
        items.append(item)
    items.sort(key=key, reverse=reverse)
    return items


@implements("coachwhip.lib.lists.to_array")
def to_array(items, dtype):
    """A new array of the items of a list of numbers."""
    made = np.empty(len(items), dtype)
    for i in range(len(items)):
        made[i] = get(items, i)
    return made


@implements("coachwhip.lib.lists.to_nested")
def to_nested(items, dtype, axes):
    """A new array of what is in a list of lists, tuples or arrays, all of one shape; `axes` has a 0 for each axis."""
    shape = sizes(items, axes)
    same = 0
    for size in shape:
        if size < 0:
            break
        same += 1
    if same < len(axes):
        refuse_ragged(shape, same, axes)
    made = np.empty(shape, dtype)
    fill(made, items, axes)
    return made


def sizes(items, axes):
    """The lengths along each axis; -1 where they differ."""
    if isinstance(items, np.ndarray):
        return items.shape
    if len(axes) == 1:
        return (len(items),)
    inner = axes[1:]
    for i in range(len(items)):
        one = sizes(get(items, i), axes[1:])
        inner = one if i == 0 else agreed(inner, one)
    return (len(items),) + inner


def agreed(a, b):
    """Two shapes in one, with -1 where they differ."""
    first = a[0] if a[0] == b[0] else -1
    if len(a) == 1:
        return (first,)
    return (first,) + agreed(a[1:], b[1:])


def refuse_ragged(shape, same, head):
    """Raises NumPy's exception for lists of several lengths; the axes before have one each."""
    if same == len(head):
        raise ValueError("setting an array element with a sequence. The requested array has an inhomogeneous shape after "
                         f"{same} dimensions. The detected shape was {shape[:len(head)]} + inhomogeneous part.")
    if len(head) > 1:
        refuse_ragged(shape, same, head[1:])


def fill(made, items, axes):
    """Fills an array with what is in a list, a tuple or another array of its shape."""
    if type(items) is list and len(axes) > 1:
        for i in range(len(items)):
            fill(made[i], get(items, i), axes[1:])
    elif type(items) is list:
        for i in range(len(items)):
            made[i] = get(items, i)
    elif isinstance(items, np.ndarray):
        made[...] = items
    else:
        made[...] = np.array(items)


@implements(method="tolist")
def tolist(a):
    """The elements as Python numbers, in lists for each axis."""
    if a.ndim == 0:
        return a.item()
    items = []
    for i in range(a.shape[0]):
        if a.ndim == 1:
            items.append(a[i].item())
        else:
            items.append(a[i].tolist())
    return items


@implements("coachwhip.lib.lists.of_object")
def of_object(items):
    """The items of a tuple that is an object of Python."""
    made = []
    for i in range(len(items)):
        made.append(items[i])
    return made


@implements("coachwhip.lib.lists.hashes")
def hashes(items):
    """The hashes of the items of a tuple."""
    made = []
    for item in items:
        made.append(hash(item))
    return made


@implements("coachwhip.lib.lists.place_in_tuple")
def place_in_tuple(items, value):
    """`tuple.index`."""
    for i in range(len(items)):
        if get(items, i) == value:
            return i
    raise ValueError("tuple.index(x): x not in tuple")


@implements("coachwhip.lib.lists.all_items")
def all_items(lists):
    """`sum(lists, [])`."""
    made = []
    for items in lists:
        made.extend(items)
    return made
