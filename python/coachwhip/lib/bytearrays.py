"""Byte arrays: what `bytes` has no counterpart of, over the primitives of lists."""
import operator

from coachwhip.lib import implements
from coachwhip.lib.compiler import close_gap, cut, get, push, put, put_in, refuse
from coachwhip.lib.lists import bounds, turn


@implements("coachwhip.lib.bytearrays.filled")
def filled(array, iterable):
    """The byte array itself, with the numbers of an iterable appended."""
    for item in iterable:
        push(array, item)
    return array


@implements("coachwhip.lib.bytearrays.filled_bytes")
def filled_bytes(array, iterable):
    """The same for the numbers of a `bytes`."""
    for item in iterable:
        number = operator.index(item)
        if number < 0 or number > 255:
            raise ValueError("bytes must be in range(0, 256)")
        push(array, number)
    return array


@implements("coachwhip.lib.bytearrays.arrays")
def arrays(parts):
    """Byte arrays of the items of a list of `bytes`."""
    made = []
    for part in parts:
        made.append(bytearray(part))
    return made


@implements("builtins.bytearray.insert")
def insert(self, index, item, /):
    """Puts a byte in before a position."""
    n, index = len(self), operator.index(index)
    if index < 0:
        index = max(index + n, 0)
    put_in(self, min(index, n), item)


@implements("builtins.bytearray.pop")
def pop(self, index=-1, /):
    """Takes a byte away and returns it: the last one, or that at a position."""
    n, index = len(self), operator.index(index)
    if n == 0:
        raise IndexError("pop from empty bytearray")
    if index < 0:
        index += n
    if index < 0 or index >= n:
        raise IndexError("pop index out of range")
    item = get(self, index)
    close_gap(self, index, 1)
    return item


@implements("builtins.bytearray.remove")
def remove(self, value, /):
    """Takes the first equal byte away."""
    at = self.find(value)
    if at < 0:
        raise ValueError("value not found in bytearray")
    close_gap(self, at, 1)


@implements("builtins.bytearray.clear")
def clear(self, /):
    """Takes all bytes away."""
    cut(self, 0)


@implements("builtins.bytearray.reverse")
def reverse(self, /):
    """Reverses the order of the bytes."""
    turn(self)


@implements("builtins.bytearray.copy")
def copy(self, /):
    """A new byte array of the same bytes."""
    return bytearray(self)


@implements("coachwhip.lib.bytearrays.setslice")
def setslice(array, start, stop, step, values):
    """Puts the bytes of another array in the place of those of a slice."""
    first, count, by = bounds(len(array), start, stop, step)
    n = len(values)
    if by == 1 and (step is None or step == 1):
        if count == n:
            for i in range(n):
                put(array, first + i, get(values, i))
        else:
            rest = array[first + count:]
            cut(array, first)
            array.extend(values)
            array.extend(rest)
    elif n == 0:
        if by < 0:
            for i in range(count):
                close_gap(array, first + i * by, 1)
        else:
            for i in range(count):
                close_gap(array, first + i * by - i, 1)
    else:
        if n != count:
            raise ValueError(f"attempt to assign bytes of size {n} to extended slice of size {count}")
        for i in range(count):
            put(array, first + i * by, get(values, i))


@implements("builtins.bytes.maketrans")
def maketrans(frm, to, /):
    """A table for `translate`: each byte of the first is that of the second."""
    n = len(frm)
    if n != len(to):
        raise ValueError("maketrans arguments must have same length")
    table = bytearray(range(256))
    for i in range(n):
        put(table, frm[i], to[i])
    return bytes(table)


@implements("builtins.bytearray.maketrans")
def maketrans_of_arrays(frm, to, /):
    """As `bytes.maketrans`."""
    return maketrans(frm, to)


@implements("builtins.int.from_bytes")
def from_bytes(bytes, byteorder="big", *, signed=False):
    """The int that these bytes are."""
    if not isinstance(byteorder, str):
        refuse("the byte order is a str")
    content = bytearray(bytes)
    if byteorder == "little":
        turn(content)
    elif byteorder != "big":
        raise ValueError("byteorder must be either 'little' or 'big'")
    n = len(content)
    negative = bool(signed) and n > 0 and get(content, 0) >= 128
    value = -1 if negative else 0
    for i in range(n):
        if i < n - 8:
            fits = get(content, i) == (255 if negative else 0)
        else:
            fits = i > n - 8 or (value < 0) == (get(content, i) >= 128)
            value = value << 8 | get(content, i)
        if not fits:
            raise OverflowError("integer overflow: the result does not fit a 64-bit int")
    return value


@implements("builtins.int.to_bytes")
def to_bytes(self, /, length=1, byteorder="big", *, signed=False):
    """The bytes of an int."""
    if not isinstance(byteorder, str):
        refuse("the byte order is a str")
    count = operator.index(length)
    if byteorder != "little" and byteorder != "big":
        raise ValueError("byteorder must be either 'little' or 'big'")
    if count < 0:
        raise ValueError("length argument must be non-negative")
    if self < 0 and not signed:
        raise OverflowError("can't convert negative int to unsigned")
    content = bytearray(count)
    value = self
    for i in range(count):
        put(content, i, value & 255)
        value >>= 8
    if value != (-1 if self < 0 else 0) or signed and self != 0 and count > 0 and (get(content, count - 1) >= 128) != (self < 0):
        raise OverflowError("int too big to convert")
    if byteorder == "big":
        turn(content)
    return bytes(content)
