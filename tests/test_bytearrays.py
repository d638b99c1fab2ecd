"""Byte arrays: made, changed, cut and searched; as arguments that the call changes, and as results."""
import random

import numpy as np
import pytest

import coachwhip as cw
from support import same

CONTENTS = [b"", b"a", b"abc", b"hello world", bytes(range(256)), b"\0\xff" * 20]


def each(function, *more, contents=CONTENTS):
    """Compares plain and compiled for every content by one specialisation."""
    compiled = cw.jit(function)
    for content in contents:
        same(function, bytearray(content), *more, compiled=compiled)
    assert len(cw._core.specialisations(compiled)) == 1


def test_made_of_everything():
    same(lambda: (bytearray(), bytes(), bytearray(b"ab"), bytes(b"ab"), bytearray(3), bytes(3)))
    same(lambda: (bytearray([1, 2, 255]), bytes((1, 2)), bytearray("é", "utf-8"), bytes("é", "latin-1", "strict")))
    for n in (0, 1, 5, -1, True):
        same(lambda n: (bytearray(n), bytes(n)), n)
    for items in ([], [1, 2, 3], [0, 255], [256], [-1]):
        same(lambda items: bytearray(items), items)
        same(lambda items: bytes(items), items)
    same(lambda a, b: (bytearray(range(a, b)), bytes(range(a, b)), bytearray([i * i for i in range(3)])) if a < b else None, 3, 9)
    same(lambda n: bytes([i % 256 for i in range(n)]), 300)
    each(lambda b: (bytes(b), bytearray(b), bytearray(bytes(b)), b.copy(), bytes(b) == b, len(bytes(b))))


def test_items_slices_and_iteration():
    each(lambda b: (len(b), bool(b), not b, sum(b), list(b), sorted(b), list(reversed(b)), max(b, default=-1)))
    for i in (-300, -3, -1, 0, 1, 2, 10, True):
        each(lambda b, i: b[i], i)
    cut = cw.jit(lambda b, x, y, z: b[x:y:z])
    rng = random.Random(1)
    for _ in range(200):
        x, y = (rng.choice([None, *range(-6, 7)]) for _ in range(2))
        same(cut.py_func, bytearray(rng.choice(CONTENTS)), x, y, rng.choice([None, -3, -1, 1, 2, 0]), compiled=cut)

    def loops(b):
        found = []
        for i, x in enumerate(b):
            if x > 100 and i % 2 == 0:
                found.append((i, x))
        for x, y in zip(b, b[1:]):
            found.append((x, y))
        return found

    each(loops)


def test_changes_are_seen_by_the_caller():
    def grow(b):
        b.append(7)
        b += b"xyz"
        b.extend(b)
        b.extend([1, 2, 3])
        b.extend(range(3))
        b.insert(1, 200)
        b.insert(-100, 1)
        b.insert(1000, 2)
        b[0] = 255
        b[-1] -= 1
        b *= 2
        return b.pop(), b.pop(0), b.pop(-2), len(b)

    each(grow)

    # Each change alone, so that it is known of each.
    for source in ["b.append(1)", "b.extend(b'xy')", "b.extend([1, 2])", "b.insert(0, 5)", "b.pop()", "b.clear()", "b.reverse()", "b.remove(98)"]:
        each(eval(f"lambda b: {source}"))
    for source in ["b += b'xy'", "b *= 2", "b[0] = 1", "b[1:2] = b'xyz'", "b[1:2] = b'x'", "del b[0]", "del b[::2]"]:
        names = {}
        exec(f"def change(b):\n    {source}", names)
        each(names["change"])

    def shrink(b):
        del b[0]
        del b[-2:]
        b.reverse()
        b.remove(98)
        b.clear()
        b.append(1)

    each(shrink)

    # One change of each kind alone: nothing else says that the caller's bytes must be written back.
    def extended(b, more):
        b.extend(more)

    def joined(b, more):
        b += more

    def replaced(b, more):
        b[:1] = more

    def repeated(b, more):
        b *= 2

    for change in (extended, joined, replaced, repeated):
        each(change, b"xyz")
    for value in (0, 97, 255, 256, -1):
        each(lambda b, v: b.append(v), value)
        each(lambda b, v: b.remove(v), value)
        each(lambda b, v: b.insert(0, v), value)
        each(lambda b, v: b.__len__() if False else v in b, value)

        def put(b, v):
            b[0] = v

        each(put, value)
    for i in (-300, -1, 0, 1, 300):
        each(lambda b, i: b.pop(i), i)

        def forget(b, i):
            del b[i]

        each(forget, i)


def test_slices_are_replaced():
    @cw.jit
    def put(b, x, y, z, new):
        b[x:y:z] = new
        return b

    @cw.jit
    def forget(b, x, y, z):
        del b[x:y:z]
        return b

    rng = random.Random(2)
    for _ in range(200):
        x, y, z = (rng.randrange(-6, 9) for _ in range(3))
        x, y, z = rng.choice([(x, y, None), (x, y, rng.choice([1, 1, 2, -1, 0])), (None, y, z), (x, None, None)])
        content = bytearray(rng.choice(CONTENTS))
        same(put.py_func, content, x, y, z, rng.choice([b"", b"12", b"12345", bytearray(b"zz")]), compiled=put)
        same(put.py_func, content, x, y, z, rng.choice([[1, 2], [300], [7]]), compiled=put)
        same(forget.py_func, content, x, y, z, compiled=forget)

    def itself(b):
        b[1:2] = b

    each(itself)


def test_identity_and_aliasing():
    def alias(a, b):
        a.append(1)
        b.append(2)
        return a is b, len(a), a

    shared = bytearray(b"x")
    result = cw.jit(alias)(shared, shared)
    assert result == (True, 3, bytearray(b"x\1\2")) and result[2] is shared and shared == b"x\1\2"
    same(alias, bytearray(b"a"), bytearray(b"b"))
    given = bytearray(b"abc")
    assert cw.jit(lambda b: b)(given) is given
    a, b = cw.jit(lambda b: (b, b))(given)
    assert a is b is given
    a, b = cw.jit(lambda: (lambda x: (x, x))(bytearray(b"q")))()
    assert a is b

    def fails(b):
        b.append(1)
        b[0] = 9
        return b[1000]

    same(fails, bytearray(b"abc"))
    view = memoryview(given)
    with pytest.raises(BufferError):
        cw.jit(lambda b: b.append(1))(given)
    cw.jit(lambda b: b.reverse())(given)
    assert bytes(view) == b"cba"


def test_in_lists_and_tuples():
    def nested(rows):
        rows[0].append(5)
        rows.append(bytearray(b"new"))
        return sum([len(row) for row in rows]), rows[-1]

    same(nested, [bytearray(b"a"), bytearray(b"b")])
    same(lambda pair: (pair[0] + pair[1], pair[0] is pair[1]), (bytearray(b"a"), b"b"))

    def some(n):
        b = bytearray(b"abc") if n > 2 else None
        return b

    same(some, 1)
    same(some, 3)


def test_operators():
    parts = [b"", b"ab", bytearray(b"ab"), bytearray(b"abc"), b"b"]
    for a in parts:
        for b in parts:
            same(lambda a, b: (a + b, a == b, a != b, a < b, a <= b, a > b, a >= b, a in b, b not in a), a, b)
    for n in (-1, 0, 1, 3):
        each(lambda b, n: (b * n, n * b), n, contents=[b"", b"ab"])
    each(lambda b: (b == "a", b != 3, b == None, b is None, isinstance(b, bytearray), isinstance(b, bytes), type(b) is bytearray))  # noqa: E711
    each(lambda b: (str(b), repr(b), f"{b}", f"<{b!r:>20}>", "%s %r" % (b, b)))
    same(lambda a, b: (int(a), int(b, 16), float(bytes(a))), bytearray(b" 12 "), bytearray(b"ff"))
    same(lambda a: int(a), bytearray(b"x1"))


METHODS = """capitalize() | center(20) | center(9, b'*') | count(b'a') | count(97) | count(bytearray(b'l'), 1, -1) | decode('latin-1')
decode() | endswith(b'd') | endswith((b'c', bytearray(b'd'))) | expandtabs(3) | find(b'o') | find(111, 5) | hex() | hex(':', 2)
index(b'b') | isalnum() | isalpha() | isascii() | isdigit() | islower() | isspace() | istitle() | isupper() | join([b'x', b'y', b'z'])
ljust(12, b'-') | lower() | lstrip() | lstrip(b'ha') | partition(b' ') | removeprefix(b'he') | removesuffix(b'ld')
replace(b'l', b'LL') | replace(b'a', b'', 1) | rfind(b'o') | rindex(97) | rjust(15) | rpartition(bytearray(b'o')) | rsplit(b'o', 1)
rstrip(b'dl') | split() | split(b'o') | split(bytearray(b'l'), 2) | splitlines() | splitlines(True) | startswith(b'he')
startswith(b'e', 1) | strip() | strip(b'hd') | swapcase() | title() | translate(None, b'l') | translate(bytes(range(256))) | upper()
zfill(14)""".replace("\n", " | ").split(" | ")


@pytest.mark.parametrize("call", METHODS)
def test_methods_of_bytes(call):
    each(eval(f"lambda b: b.{call}"), contents=[b"", b"abc", b"hello world", b" Ab\tc\n d ", b"12", b"\xc3\xa9a"])


def test_refusals():
    def refused(function, *arguments, words):
        with pytest.raises(cw.CompileError, match=words):
            cw.jit(function)(*arguments)

    b = bytearray(b"abc")
    refused(lambda b: b.append("x"), b, words="'str' object cannot be interpreted as an integer")
    refused(lambda b: b["x"], b, words="bytearray indices must be integers or slices, not str")
    refused(lambda b: b + [1], b, words="bytearray")
    refused(lambda b: b.extend("ab"), b, words="expected iterable of integers; got: 'str'")
    refused(lambda s: bytearray(s), "abc", words="string argument without an encoding")
    refused(lambda b: hash(b), b, words="bytearray")

    def put(b):
        b[0:1] = 3

    refused(put, b, words="can assign only bytes, buffers, or iterables of ints")


def test_lists_of_numpy_bytes_take_a_byte_for_each():
    def change(items):
        items.append(np.uint8(7))
        items[0] = items[0] + items[1]
        items.insert(1, np.uint8(255))
        del items[2]
        return items[::-1], items, len(items)

    same(change, [np.uint8(200), np.uint8(100), np.uint8(3)])
    same(lambda n: [np.uint8(i) for i in range(n)], 5)
    same(lambda items: [items, items], [np.uint8(1)])
