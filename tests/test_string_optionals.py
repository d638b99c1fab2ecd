"""Strings that may be `None`: optional arguments, variables and results, and what Python says where `None` does not do."""
import pytest

import coachwhip as cw
from support import same


def test_optional_arguments():
    def fallback(s=None):
        s = s or "default"
        return s.upper()

    def tested(s=None, n=3):
        if s is not None and s.startswith("a"):
            return s + "!" * n
        return s

    def measured(s=None):
        if s is None:
            return 0
        return len(s.strip())

    for function in (fallback, tested, measured):
        for arguments in [(), (None,), ("",), ("abc",), (" zz ",)]:
            same(function, *arguments)
    same(lambda b=None: len(b or b"xy"))
    same(lambda b=None: len(b or b"xy"), b"abc")


def test_variables():
    def longest(words):
        best = None
        for word in words:
            if best is None or len(word) > len(best):
                best = word
        return best

    for words in (["a", "bcd", "é"], ["x"]):
        same(longest, words)

    def rest(text, key):
        found = None
        at = text.find(key)
        if at >= 0:
            found = text[at:]
        return found, found or "-", found == "llo", found is None, bool(found), f"{found}|{found!r}", "%s" % found, "%r %s" % (found, 1)

    same(rest, "hello", "l")
    same(rest, "hello", "z")


def test_as_separators():
    def split(text, n):
        sep = "," if n else None
        return text.split(sep), text.rsplit(sep, 1), text.strip(sep)

    same(split, "a,b c", 0)
    same(split, "a,b c", 1)

    def table(data, n):
        return data.translate(bytes(range(1, 256)) + b"x" if n else None, b"q"), data.split(b"q" if n else None)

    same(table, b"aq b", 0)
    same(table, b"aq b", 1)


@pytest.mark.parametrize("source", ["s + 'b'", "'b' + s", "s < 'b'", "'b' >= s", "len(s)", "s[0]", "s.upper()", "[c for c in s]"])
@pytest.mark.parametrize("value", ["'a'", "b'a'"])
def test_failures_are_pythons(source, value):
    source = source if value == "'a'" else source.replace("'b'", "b'b'")
    names = {}
    exec(f"def f(n):\n    s = {value} if n else None\n    return {source}", names)
    same(names["f"], 0)
    same(names["f"], 1)


def test_a_string_or_a_number():
    def either(n):
        if n > 3:
            return "text"
        return n

    for n in (1, 4):
        same(either, n)


def test_tuples_of_literals():
    same(lambda: (tuple("abé"), tuple(b"ab"), tuple("")))
    same(lambda s: tuple(s), "ab")
    same(lambda n: tuple(str(n)), 12)
