"""Strings as values: what they are made of, how they are compared, cut and joined; in lists and tuples; arguments and results."""
import random
import sys

import pytest

import coachwhip as cw
from support import same

TEXTS = ["", "a", "abc", "hello world", "äöü", "é", "naïve ß", "€uro", "日本語", "🐍", "a🐍b", "x" * 40, "a\0b", "\udc80x"]


def each(function, *more, texts=TEXTS):
    """Compares plain and compiled for every text by one specialisation."""
    compiled = cw.jit(function)
    for text in texts:
        same(function, text, *more, compiled=compiled)
    assert len(cw._core.specialisations(compiled)) == 1
    return compiled


def pairs(function, texts=TEXTS):
    compiled = cw.jit(function)
    for a in texts:
        for b in texts:
            same(function, a, b, compiled=compiled)
    assert len(cw._core.specialisations(compiled)) == 1


def test_comparison_and_membership():
    pairs(lambda a, b: (a == b, a != b, a < b, a <= b, a > b, a >= b))
    pairs(lambda a, b: (a in b, a not in b))
    each(lambda s: (s == "abc", "é" == s, s != "", s < "b", s >= "日本", s in "hello world äöü", "b" in s, "" in s))
    each(lambda s: (s == 3, s != None, s is None, isinstance(s, str), bool(s), not s, len(s)))  # noqa: E711


def test_length_items_and_slices():
    each(lambda s: (len(s), s[0] if s else "none", s[-1] if len(s) > 0 else None))
    for i in (-50, -3, -1, 0, 1, 2, 39, 40, True):
        each(lambda s, i: s[i], i)
    for part in ("[:]", "[1:]", "[:-1]", "[::-1]", "[1::2]", "[5:1:-2]", "[-3:]", "[:2]", "[100:]"):
        each(eval(f"lambda s: s{part}"))
    cut = cw.jit(lambda s, a, b, c: s[a:b:c])
    rng = random.Random(1)
    for _ in range(300):
        a, b = (rng.choice([None, *range(-6, 7)]) for _ in range(2))
        c = rng.choice([None, -3, -2, -1, 1, 2, 3, 0])
        same(cut.py_func, rng.choice(TEXTS), a, b, c, compiled=cut)
    same(lambda i: "abcdef"[i], 2)
    same(lambda i: "abcdef"[i], 9)
    same(lambda a, b: "abcdef"[a:b], -3, 100)
    same(lambda: "abc"[7])


def test_sums_and_products():
    pairs(lambda a, b: a + b)
    pairs(lambda a, b: (a + "-" + b, "<" + a, b + ">", a + a, a + b + a))
    for n in (-1, 0, 1, 2, 7):
        each(lambda s, n: (s * n, n * s, "ab" * n, s * 2), n)
    each(lambda s: s * True)
    same(lambda s, n: s * n, "abc", 1 << 62)
    same(lambda s, n: n * s, b"abc", 1 << 62)
    same(lambda s, n: s * n, "abc", -(1 << 62))
    same(lambda s, n: s * n, "abc", 1 << 60, messages=False)


def test_iteration():
    def characters(s):
        n, last = 0, ""
        for i, c in enumerate(s):
            if c == "a" or c in "öé日🐍":
                n += i + ord(c)
            if c > "b":
                last = c
        return n, last

    def vowels(s):
        n = 0
        for c in s:
            if c in "aeiouAEIOU":
                n += 1
        return n

    def doubled(s):
        made = ""
        for c in s:
            made += c + c
        return made

    def backwards(s):
        made = ""
        for c in s:
            made = c + made
        return made

    def by_index(s):
        made = ""
        for i in range(len(s)):
            made += s[i]
        return made == s, made

    def both(s):
        found = []
        for c, d in zip(s, reversed(s)):
            found.append(c == d)
        return found, [c for c in s], [ord(c) for c in reversed(s)], list(s)

    for function in (characters, vowels, doubled, backwards, by_index, both):
        each(function)
    classes = "0123456789abcdefABCDEF_-+*/"
    each(lambda s: [c in "0123456789abcdefABCDEF_-+*/%!" for c in s], texts=[*TEXTS, classes, "".join(map(chr, range(300)))])
    each(lambda s: ["0" <= c <= "9" for c in s], texts=[*TEXTS, classes])


def test_characters():
    each(lambda s: ord(s))
    for n in (0, 97, 255, 256, 0x20ac, 0xd800, 0x1f600, 0x10ffff, 0x110000, -1):
        same(lambda n: (chr(n), len(chr(n)), ord(chr(n)), chr(n) + "x", chr(n) == "a"), n)
    same(lambda: (chr(97), ord("a"), ord("€")))

    def shift(s, n):
        made = ""
        for c in s:
            if "a" <= c <= "z":
                c = chr((ord(c) - 97 + n) % 26 + 97)
            made += c
        return made

    each(shift, 13)


def test_paths_that_meet():
    for flag in (True, False):
        same(lambda x: "yes" if x else "no", flag)
        same(lambda x: "a" if x else "b", flag)
        same(lambda x: "a" if x else None, flag)
        same(lambda x: f"{x}!" if x else "nothing", flag)
        same(lambda x: ("ab" if x else "cd", len("ab" if x else "cde")), flag)
    each(lambda s: s or "default")
    each(lambda s: s and s[0])

    def status(n):
        if n < 0:
            kind = "negative"
        elif n == 0:
            kind = "zero"
        else:
            kind = "positive"
        return kind, kind == "zero", len(kind)

    for n in (-1, 0, 1):
        same(status, n)

    def maybe(s, x):
        t = None
        if x:
            t = s + "!"
        if t is None:
            return "none"
        return t

    same(maybe, "abc", True)
    same(maybe, "abc", False)

    def longest(s):
        best, run = "", ""
        for c in s:
            if c == " ":
                if len(run) > len(best):
                    best = run
                run = ""
            else:
                run += c
        return run if len(run) > len(best) else best

    each(longest, texts=[*TEXTS, "the quick brown fox", "日本 日本語 a"])


def test_texts_become_strings():
    same(lambda n, x: f"n={n}, x={x:.3f}, {n!r:>5}", 3, 2.5)
    same(lambda n: (str(n), repr(n), format(n, "05d"), "%d%%" % n, str(n) + "!", len(str(n))), -17)
    same(lambda x: str(x) == "1.5", 1.5)

    def digits(n):
        total = 0
        for c in str(n):
            total += ord(c) - ord("0")
        return total

    same(digits, 90817263)

    def table(n):
        rows = []
        for i in range(n):
            rows.append(f"{i}: {i * i}")
        return rows

    same(table, 4)
    each(lambda s: f"<{s}|{s!r}|{s:>8}|{len(s)}>", texts=TEXTS[:-1])


def test_messages():
    def fails(s, kind):
        if kind == 1:
            raise AssertionError(s)
        if kind == 0:
            raise ValueError(s)
        if kind == 2:
            raise KeyError(s + "?", s[:1], f"no {s}")
        return s

    for kind in range(4):
        each(fails, kind)

    def caught(s):
        try:
            raise ValueError(s + s)
        except ValueError as e:
            return str(e), len(str(e))

    each(caught)


def test_printed(capsys):
    compiled = cw.jit(lambda s: print(s, s + "!", s[:1], [c for c in s] == list(s), sep="|"))
    for text in TEXTS[:-1]:
        compiled(text)
        got = capsys.readouterr().out
        compiled.py_func(text)
        assert got == capsys.readouterr().out


def test_lists_of_strings():
    words = ["pear", "apple", "", "fig", "apple", "äpfel", "日本"]

    def methods(words):
        words.append("new" + words[0])
        words.insert(1, "x")
        words[2] += "!"
        last = words.pop()
        words.sort()
        return last, words.index("fig"), words.count("apple"), "fig" in words, "no" in words, min(words), max(words), len(words)

    same(methods, list(words))
    same(lambda words: [w + "s" for w in words if len(w) > 3], words)
    same(lambda words: (sorted(words), words == sorted(words), words + ["end"], words[::-1]), words)
    same(lambda words, w: words.index(w), words, "nowhere")
    same(lambda a, b: (a == b, a < b, a != b), ["a", "b"], ["a", "c"])

    def swap(words):
        words[0], words[-1] = words[-1], words[0]
        return words

    compiled = cw.jit(swap)
    made = ["".join(["w", str(i)]) for i in range(5)]
    kept = list(made)
    assert compiled(made) is made and made[0] is kept[4] and made[4] is kept[0]

    def joined(words):
        made = ""
        for i in range(len(words)):
            if i > 0:
                made += ", "
            made += words[i]
        return made

    same(joined, words)

    def collected(s):
        words, word = [], ""
        for c in s:
            if c == " ":
                words.append(word)
                word = ""
            else:
                word = word + c
        words.append(word)
        return words

    same(collected, "the quick  brown fox")
    same(lambda: ["a", "bc", "a"])
    same(lambda words: [[w, w + w] for w in words], words)
    same(lambda pairs: [k for k, n in pairs if n > 1], [("a", 1), ("b", 2), ("cc", 3)])
    same(lambda words: (words[0], words), (words[0], words[1]))


def test_functions():
    @cw.jit
    def greet(name, greeting="hello"):
        return greeting + ", " + name

    def calls(s):
        return greet(s), greet(s, "bye"), greet("you", greeting=s)

    each(calls)

    @cw.jit
    def reverse(s):
        return "" if len(s) == 0 else reverse(s[1:]) + s[0]

    same(reverse, "recursion 日本")

    def outer(s):
        prefix = s + ":"

        def inner(x):
            return prefix + x

        return inner("a"), inner(s)

    each(outer)


def test_identity_and_counts():
    compiled = cw.jit(lambda s, t, x: s if x else t)
    a, b = "".join(["some", "text"]), "".join(["other", "日本"])
    before = sys.getrefcount(a), sys.getrefcount(b)
    for _ in range(100):
        assert compiled(a, b, True) is a and compiled(a, b, False) is b
    assert (sys.getrefcount(a), sys.getrefcount(b)) == before
    pair = cw.jit(lambda p: (p[1], p[0]))
    made = pair((a, b))
    assert made[0] is b and made[1] is a


def test_nothing_leaks():
    def work(words, s):
        made = ""
        for w in words:
            made += w + s
            if len(made) > 50:
                raise ValueError(made)
        parts = [made[i:i + 3] for i in range(0, len(made), 3)]
        return parts, made

    compiled = cw.jit(work)
    for words in (["ab", "cd"], ["x" * 30, "y" * 30], ["日", "本"]):
        same(work, words, "€", compiled=compiled)
    before = cw._core.live_arrays()
    for _ in range(50):
        compiled(["ab", "cd"], "€")
        with pytest.raises(ValueError):
            compiled(["x" * 30, "y" * 30], "€")
    assert cw._core.live_arrays() == before


def test_bytes():
    values = [b"", b"a", b"hello", bytes(range(256)), b"\x00\xff"]

    def each_byte(b):
        total = 0
        for x in b:
            total += x
        return total, len(b), bool(b), [x for x in reversed(b)]

    compiled = cw.jit(each_byte)
    for value in values:
        same(each_byte, value, compiled=compiled)
        for i in (-1, 0, 1, 300):
            same(lambda b, i: b[i], value, i)
        same(lambda b: (b[1:], b[::-1], b + b"!", b"<" + b, b * 3, b == b"a", b < b"h", 97 in b, b"l" in b, b), value)
        same(lambda b, n: n in b, value, 256)
    assert len(cw._core.specialisations(compiled)) == 1
    value = bytes([1, 2, 3])
    assert cw.jit(lambda b: b)(value) is value
    same(lambda x: b"one" if x else b"two", 1)


def test_hash_is_this_processes():
    each(lambda s: (hash(s), hash(s + "x"), hash((s, 1))))
    same(lambda b: (hash(b), hash(b + b"x"), hash("literal"), hash(b"literal")), b"abc")


def test_signatures():
    from coachwhip import types

    for signature in ("unicode_type(unicode_type, int64)", types.unicode_type(types.unicode_type, types.int64)):
        compiled = cw.jit(signature)(lambda s, n: s * n)
        assert compiled("ab", 2) == "abab"
        with pytest.raises(TypeError):
            compiled(b"ab", 2)
    assert cw.jit([(str, bytes)])(lambda s, b: (len(s), len(b)))("日本", b"abc") == (2, 3)
    assert str(types.unicode_type) == "unicode_type" and str(types.bytes_type) == "bytes"
    optional = cw.jit("(optional(unicode_type),)")(lambda s: "none" if s is None else s + "!")
    assert optional(None) == "none" and optional("a") == "a!"


@pytest.mark.parametrize("stage", ["infer", "ownership"])
def test_the_interpreter_agrees(stage):
    def work(s, t):
        made = ""
        for c in s:
            if c in "aeiou" or c == t:
                made += c
            elif c < "m":
                made = made + t
        parts = [made, made[::-1], made * 2]
        parts.append(t + s)
        return parts, s in t, len(made), made == t

    compiled = cw.jit(work)
    for s in ("hello", "日本語 text", ""):
        for t in ("o", "日本", ""):
            kind, value, _ = cw._core.interpret(compiled, stage, (s, t))
            assert (kind, value) == ("value", work(s, t))
