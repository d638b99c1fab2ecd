"""Arguments that are strings: one specialisation serves them all, unless the code must know the string."""
import sys

import numpy as np
import pytest

import coachwhip as cw
from support import Outcome, assert_same_error, assert_same_value

TEXTS = ["", "a", "mode", "model", "MODE", "é", "naïve", "日本語", "🐍", "x" * 7, "x" * 8, "x" * 9, "x" * 500, "a\0b", "a\0",
         *(f"value {i}" for i in range(90))]
MOST = 6


def count(compiled):
    return len(cw._core.specialisations(compiled))


def check(function, texts=TEXTS, most=MOST, more=()):
    """Compares plain and compiled for every text in one process; how many specialisations came of it is bounded."""
    compiled = cw.jit(function)
    for rounds in range(2):
        for text in texts:
            want, got = Outcome(function, (text, *more), {}), Outcome(compiled, (text, *more), {})
            if want.error is None:
                assert got.error is None, (text, got.error)
                assert_same_value(got.value, want.value, repr(text))
            else:
                assert_same_error(got.error, want.error, repr(text))
    assert count(compiled) <= most, count(compiled)
    return compiled


def choose(s, x):
    if s == "mode":
        return x * 2.0
    if s in ("model", "naïve", "日本語", "xxxxxxxxx"):
        return x * 3.0
    if s != "🐍" and len(s) > 8:
        return x + len(s)
    if not s:
        return -x
    return x * 0.0


def loop(s, x):
    total = 0.0
    for i in range(int(x)):
        if s == "mode":
            total += i
        elif s == "x" * 500:
            total -= i
        else:
            total += 1.0
    return total


def inner(s, n):
    return n if s == "model" else len(s)


def callee(s, x):
    return inner(s, 3) + inner("model", 4) + (1 if "a" == s else 0)


def recursive(s, n):
    return 0 if n <= 0 else len(s) + recursive(s, n - 1)


def raises(s, x):
    if len(s) > 3:
        raise ValueError(s, f"{s!r}: {s:>8}", "got " + s)
    return x


def percent(s, x):
    if len(s) != 4:
        raise KeyError("%s %d" % (s, 3))
    return x


def optional(s, x):
    t = None
    if s != "mode":
        t = s
    return t


def nothing(s, x):
    return s is None, s == 3, s != None, isinstance(s, str), type(s), bool(s), s == (1, 2)  # noqa: E711


@pytest.mark.parametrize("function", [choose, loop, callee, recursive, raises, percent, optional, nothing], ids=lambda f: f.__name__)
def test_any_string(function):
    check(function, more=(4.5 if function is choose else 4,))


def test_the_same_object_comes_back():
    compiled = check(lambda s: s)
    texts = ["".join(["new", str(i)]) for i in range(20)]
    assert all(compiled(text) is text for text in texts[5:])
    text = "".join(["counted", "!"])
    before = sys.getrefcount(text)
    for _ in range(100):
        compiled(text)
    assert sys.getrefcount(text) == before


def test_in_tuples_and_between_two():
    check(lambda s: (s, len(s)))
    compiled = cw.jit(lambda t, n: (t[0] == t[1], t[0] != "b", t[1], n))
    for a in "abcdefgh":
        for b in "abcdefgh":
            assert compiled((a, b), 1) == (a == b, a != "b", b, 1)
    assert count(compiled) <= MOST
    compiled = cw.jit(lambda p, q: p == q)
    for a in TEXTS:
        for b in TEXTS[:20]:
            assert compiled(a, b) is (a == b)
    assert count(compiled) <= MOST


def test_printed(capsys):
    @cw.jit
    def show(s, x):
        print(s, f"<{s:>6}>", x, sep="|")

    for text in TEXTS:
        show(text, 2)
        assert capsys.readouterr().out == "|".join([text, f"<{text:>6}>", "2"]) + "\n"
    assert count(show) <= MOST


def test_strings_in_keywords_and_defaults():
    @cw.jit
    def f(x, mode="mode", *rest):
        return (1, x) if mode == "mode" else (2, x)

    for text in TEXTS:
        assert f(1.5, mode=text) == ((1, 1.5) if text == "mode" else (2, 1.5))
    assert f(2.5) == (1, 2.5)
    assert count(f) <= MOST + 1


def test_the_value_is_known_where_code_needs_it():
    def ordered(a, kind):
        return np.sort(a, kind=kind)

    compiled = cw.jit(ordered)
    a = np.array([3.0, 1.0, 2.0])
    for kind in ("quicksort", "mergesort", "heapsort", "stable") * 2:
        np.testing.assert_array_equal(compiled(a, kind), np.sort(a, kind=kind))

    # Results of different types by value: no code for all of them gives what Python gives.
    def typed(s):
        if s == "value 1":
            return 1
        return 2.5

    compiled = cw.jit(typed)
    for text in ["value 1", *TEXTS[:12], "value 1"]:
        assert type(compiled(text)) is type(typed(text)) and compiled(text) == typed(text)

    def branches(s, a):
        if s == "value 1":
            return a.sum()
        return a[0], a[1]

    compiled = cw.jit(branches)
    for text in ["value 1", *TEXTS[:12], "value 1"]:
        assert_same_value(compiled(text, a), branches(text, a))


def test_what_is_refused_stays_refused():
    compiled = cw.jit(lambda s: s.translate(len))
    for text in TEXTS[:12]:
        with pytest.raises(cw.CompileError):
            compiled(text)


def test_other_arguments_keep_their_types():
    compiled = cw.jit(lambda s, x: x if s == "a" else -x)
    for x in (1, 2.5, np.float32(3)):
        for text in TEXTS[:30]:
            assert_same_value(compiled(text, x), x if text == "a" else -x)
    assert count(compiled) <= 3 * MOST


def test_lone_surrogates():
    check(lambda s: (len(s), s, s + "!", s == s + ""), [*TEXTS[:10], "\udc80", "a\udc80"])


def test_no_call_keeps_its_string():
    compiled = cw.jit(lambda s: len(s))
    for text in TEXTS[:10]:
        compiled(text)
    text = "".join(["a", "b" * 1000])
    before = sys.getrefcount(text)
    compiled(text)
    assert sys.getrefcount(text) == before
