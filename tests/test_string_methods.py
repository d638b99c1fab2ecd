"""Methods of `str` and `bytes`, numbers from texts, and formatting: the compiled function does what the plain one does.

Each method is compiled once and then called with many texts: ASCII, Latin-1, beyond, characters whose case changes their
number, every kind of white space, surrogates.
"""
import random
import sys
import unicodedata

import numpy as np
import pytest

import coachwhip
from support import Outcome, assert_same_error, assert_same_value

TEXTS = [
    "", "a", "A", " ", "0", "_", "abc", "ABC", "aBc dEf", "Hello World", "hello, world", "  padded  ", "\t\n\r\x0b\x0c", "\x1c\x1d\x1e\x1f\x85\xa0",
    "1234567890", "-42", "+7", "0x1F", "1e5", "12 34", "a\tb\tc", "a\nb\r\nc\rd", "line\n", "\n\n", "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i",
    "aaaa", "abababab", "a,b,,c,", ",", ",,", "it's", 'say "x"', "it's \"x\"", "back\\slash", "\x00null\x00", "\x7f\x80\x9f",
    "é", "ÀÉÎ õü", "ÿ", "µ", "ß", "Straße", "ﬁ", "ŉ", "ǅ", "ǆ Ǆ", "İ", "ı", "İSTANBUL", "ΑΣ", "ΣΑΣ Σ", "ΑΣ.", "ΑΣ\u0301Α", "ΌΔΥΣΣΕΎΣ", "πρ",
    "Жизнь", "日本語", "中 文\u3000字", "العربية", "א", "हिन्दी", "한국어", "e\u0301", "\u0301", "٣٤٥", "²³¹", "½", "Ⅷ", "①", "𝟘𝟙", "𝔸𝔹", "𐐀𐐨", "😀", "a😀b😀", "\u200b\ufeff",
    "\ud800", "a\udfffb", "\U0010ffff", "x" * 70, "π" * 40, "ab" * 50 + "π", "tiTLe cASE-it's o'clock", "x1y2z3", "Ǆ1ǆ",
]
BYTES = [
    b"", b"a", b"A", b" ", b"abc", b"aBc dEf", b"  padded  ", b"\t\n\r\x0b\x0c \x1c\x1f", b"123", b"a\tb\tc", b"a\nb\r\nc\rd", b"aaaa", b"a,b,,c,", b"it's",
    b'say "x"', b"\x00\x7f\x80\xff", bytes(range(256)), b"Hello World", b"-42", b"x" * 70, "Straße π".encode(), b"\xe9\xc9", b"x1y2Z3",
]
FEW = ["", "a", "abc", "aBc dEf", "  padded  ", "a,b,,c,", "abababab", "Straße", "ππaπ", "日本語", "a😀b😀", "\ud800x", "\t x\u3000\n"]
PARTS = ["", "a", "b", "ab", ",", " ", "π", "ß", "😀", "b😀", "本", "\ud800", "zz", "é", "aba", "a,b,,c,d"]


def compiled(source):
    """A function of one expression, and the same compiled."""
    plain = eval(source)  # noqa: S307 -- sources of this file
    return plain, coachwhip.jit(cache=False)(plain)


def compare(pair, *arguments):
    """Asserts that both do the same with these arguments."""
    plain, fast = pair
    want, got = Outcome(plain, arguments, {}), Outcome(fast, arguments, {})
    place = f"{arguments!a}"[:200]
    if want.error is None:
        assert got.error is None, f"{place}: got {got}, plain Python: {want}"
        assert_same_value(got.value, want.value, place)
    else:
        assert got.error is not None, f"{place}: got {got}, plain Python: {want}"
        assert_same_error(got.error, want.error, place)
        assert got.error.args == want.error.args, place


PLAIN = ["lower", "upper", "title", "capitalize", "swapcase", "isalpha", "isdigit", "isalnum", "isspace", "isupper", "islower", "istitle", "isascii",
         "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "expandtabs"]
STR_ONLY = ["casefold", "isdecimal", "isnumeric", "isidentifier", "isprintable"]


@pytest.mark.parametrize("name", PLAIN + STR_ONLY)
def test_methods_without_arguments(name):
    pair = compiled(f"lambda s: s.{name}()")
    for text in TEXTS:
        compare(pair, text)
    if name in PLAIN:
        for text in BYTES:
            compare(pair, text)


def test_predicates_of_single_characters():
    pair = compiled("lambda s: [(c.isalpha(), c.isdigit(), c.isspace(), c.isupper(), c.isalnum(), c.lower(), c.upper()) for c in s]")
    for text in TEXTS:
        compare(pair, text)


@pytest.mark.parametrize("name", ["strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "partition", "rpartition", "split", "rsplit"])
def test_methods_of_another_text(name):
    pair = compiled(f"lambda s, t: s.{name}(t)")
    for text in FEW:
        for part in PARTS:
            compare(pair, text, part)
            if text.isascii() and part.isascii():
                compare(pair, text.encode(), part.encode())
    compare(pair, b"\xff\x00\xff", b"\xff")


@pytest.mark.parametrize("name", ["find", "rfind", "index", "rindex", "count", "startswith", "endswith"])
def test_searches(name):
    whole, start, both = (compiled(f"lambda s, t{more}: s.{name}(t{more})") for more in ("", ", i", ", i, j"))
    for text in FEW:
        for part in PARTS:
            compare(whole, text, part)
            for i in (0, 1, 3, -2, 100, -100):
                compare(start, text, part, i)
                compare(both, text, part, i, i + 3)
                compare(both, text, part, i, -1)
            if text.isascii() and part.isascii():
                compare(whole, text.encode(), part.encode())
                compare(both, text.encode(), part.encode(), 1, 5)
    compare(both, "abc", "", sys.maxsize, -sys.maxsize - 1)
    compare(compiled(f"lambda s, t: s.{name}(t, None, None)"), "xaya", "a")
    compare(compiled(f"lambda s, t: s.{name}(t, None, 3)"), "xaya", "a")


@pytest.mark.parametrize("name", ["find", "rfind", "index", "rindex", "count"])
def test_bytes_find_bytes_by_number(name):
    pair = compiled(f"lambda s, i: s.{name}(i)")
    for number in (0, 97, 44, 255, 256, -1):
        for text in (b"", b"a,b,,c,", b"\x00\xff\x00"):
            compare(pair, text, number)


@pytest.mark.parametrize("name", ["startswith", "endswith"])
def test_one_of_several(name):
    pair = compiled(f"lambda s, t, u: s.{name}((t, u))")
    for text in FEW:
        for part in PARTS:
            compare(pair, text, part, "c,")
    compare(compiled(f"lambda s: s.{name}(())"), "abc")
    compare(compiled(f"lambda s, t: s.{name}((t, 'c'), 1)"), "abc", "b")
    compare(compiled(f"lambda s, t: s.{name}((t, b'c'), 1)"), b"abc", b"b")


def test_replace():
    three, four = compiled("lambda s, a, b: s.replace(a, b)"), compiled("lambda s, a, b, n: s.replace(a, b, n)")
    for text in FEW:
        for old in PARTS:
            for new in ("", "x", "π", "😀b", "abc"):
                compare(three, text, old, new)
                compare(four, text, old, new, 2)
            for count in (0, 1, -1, -5, sys.maxsize):
                compare(four, text, old, "-", count)
    for old in (b"", b"a", b",", b"ab"):
        compare(three, b"a,b,,c,", old, b"<>")
        compare(four, b"abababab", old, b"<>", 2)


@pytest.mark.parametrize(("source", "text", "since"), [
    ("lambda s, n: s.replace('a', 'b', count=n)", "aaaa", (3, 13)), ("lambda s, n: s.replace(b'a', b'b', count=n)", b"aaaa", (3, 15))])
def test_replace_takes_its_count_by_name_since_a_version(source, text, since):
    plain, fast = compiled(source)
    if sys.version_info >= since:
        compare((plain, fast), text, 2)
    else:
        for function in (plain, fast):
            with pytest.raises(TypeError, match="keyword"):
                function(text, 2)


@pytest.mark.parametrize("name", ["split", "rsplit"])
def test_splits_are_counted(name):
    at, words = compiled(f"lambda s, t, n: s.{name}(t, n)"), compiled(f"lambda s, n: s.{name}(None, n)")
    for text in FEW:
        for count in (-1, 0, 1, 2, 100):
            for part in ("a", ",", "ab", "π", "😀"):
                compare(at, text, part, count)
            compare(words, text + " b  c ", count)
            compare(words, (text + " b  c ").encode("utf-8", "replace"), count)
    compare(compiled(f"lambda s, n: s.{name}(maxsplit=n)"), " a b c ", 1)
    compare(compiled(f"lambda s, n: s.{name}(sep=',', maxsplit=n)"), "a,b,c", 1)


def test_splitlines_keep_ends():
    pair = compiled("lambda s, k: s.splitlines(k)")
    for text in TEXTS + BYTES:
        compare(pair, text, True)
        compare(pair, text, False)
    compare(compiled("lambda s: s.splitlines(keepends=True)"), "a\nb")


@pytest.mark.parametrize("name", ["center", "ljust", "rjust", "zfill"])
def test_fields(name):
    pair = compiled(f"lambda s, n: s.{name}(n)")
    for text in [*FEW, "-5", "+x", "-", b"", b"abc", b"-12"]:
        for width in (-3, 0, 1, 2, 5, 6, 13, 14):
            compare(pair, text, width)
    if name == "zfill":
        return
    pair = compiled(f"lambda s, n, c: s.{name}(n, c)")
    for text in FEW:
        for fill in ("*", "π", "😀", "", "ab"):
            compare(pair, text, 9, fill)
    for fill in (b"*", b"", b"ab"):
        compare(pair, b"abc", 9, fill)


def test_tabs():
    pair = compiled("lambda s, n: s.expandtabs(n)")
    for text in ("", "a\tb", "\t\t", "π\tb\n\tc", "ab\r\t😀\t", b"a\tb\n\tc"):
        for size in (0, 1, 4, 8, -1):
            compare(pair, text, size)
    compare(compiled("lambda s: s.expandtabs(tabsize=3)"), "a\tb")


def test_join():
    compare(compiled("lambda s, t: s.join(t.split(','))"), "-", "a,b,,c")
    compare(compiled("lambda s, t: s.join(t)"), ", ", ["a", "π", "😀"])
    compare(compiled("lambda s, t: s.join(t)"), "π", ["a"])
    compare(compiled("lambda s: s.join(['x', 'y', s])"), "π")
    compare(compiled("lambda s: s.join(('x', s, 'y'))"), "π")
    compare(compiled("lambda s: s.join([])"), "π")
    compare(compiled("lambda s: ''.join([c for c in s if c != 'a'])"), "banana π")
    compare(compiled("lambda s: '-'.join(s)"), "abπ😀")
    compare(compiled("lambda s, t: s.join(t.split(b','))"), b"-", b"a,b,,c")
    compare(compiled("lambda s: s.join([b'a', s])"), b"\xff")
    compare(compiled("lambda n: ' '.join([str(i) for i in range(n)])"), 20)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii", "UTF8", "iso_8859_1"])
def test_encodings(encoding):
    pairs = [compiled(f"lambda s: s.encode({encoding!r}, {errors!r})") for errors in ("strict", "ignore", "replace")]
    for pair in [*pairs, compiled(f"lambda s: s.encode({encoding!r})")]:
        for text in TEXTS:
            compare(pair, text)
    compare(compiled("lambda s: s.encode()"), "aπ")
    compare(compiled("lambda s: s.encode(errors='ignore')"), "a\ud800")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_decodings(encoding):
    pairs = [compiled(f"lambda s: s.decode({encoding!r}, {errors!r})") for errors in ("strict", "ignore", "replace")]
    chance = random.Random(5)
    texts = [*BYTES, *(t.encode("utf-8", "surrogatepass") for t in TEXTS)]
    texts += [bytes(chance.choices(b"a\x80\xbf\xc0\xc2\xe0\xe1\xed\xa0\xf0\x90\xf4\xf5\xff", k=chance.randrange(1, 7))) for _ in range(150)]
    for pair in pairs:
        for text in texts:
            compare(pair, text)
    compare(compiled("lambda s: s.decode()"), "aπ".encode())
    compare(compiled("lambda s: str(s, 'utf-8')"), "aπ".encode())
    compare(compiled("lambda s: str(s, encoding='ascii', errors='replace')"), "aπ".encode())


def test_hexadecimal():
    plain, apart, grouped = (compiled(f"lambda s{more}: s.hex({more.lstrip(', ')})") for more in ("", ", t", ", t, n"))
    for text in BYTES:
        compare(plain, text)
        compare(apart, text, ":")
        for group in (1, 2, 3, -2, -3, 0, 100):
            compare(grouped, text, "-", group)
    for separator in ("", "ab", "π"):
        compare(apart, b"abc", separator)
    back = compiled("lambda s: bytes.fromhex(s)")
    for text in ("", "00ff", "0A 0b", " 1 2", "0", "0g", "zz", "00 1", "\u0663\u0663", "ab\ncd "):
        compare(back, text)


def test_bytes_translate():
    table = bytes(reversed(range(256)))
    pair = compiled("lambda s, t: s.translate(t)")
    for text in BYTES:
        compare(pair, text, table)
    compare(pair, b"abc", b"short")
    compare(compiled("lambda s, t: s.translate(None, t)"), b"banana", b"an")
    compare(compiled("lambda s, t: s.translate(t, b'an')"), b"banana", table)
    compare(compiled("lambda s, t: s.translate(t, delete=b'an')"), b"banana", table)


NUMBERS = [
    "0", "1", "-1", "+5", " 42 ", "\t7\n", "1_000", "_1", "1_", "1__0", "", " ", "-", "+", "0x1f", "0X1F", "0b101", "0o17", "1f", "ff", "zz", "9223372036854775807",
    "-9223372036854775808", "٣٤٥", "\u20031\u3000", "1\x1f", "\x1f1", "1 2", "--1", "1.5", "1e5", "½", "²", "012", "00", "0_0", "0x_1", "0x__1", "0x", "1\x00", "𝟙𝟚", "é1",
    "x" * 300, "\ud800",
]


def test_ints_from_texts():
    pair, based = compiled("lambda s: int(s)"), compiled("lambda s, b: int(s, b)")
    for text in NUMBERS:
        compare(pair, text)
        for base in (0, 2, 8, 10, 16, 36, 1, 37, -1):
            if "92233720368547758" not in text and len(text) < 50 or base in (0, 10, 1):
                compare(based, text, base)
        if text.isascii():
            compare(pair, text.encode())
    compare(pair, b"\xa01")
    compare(based, "0" * 4000, 10)
    compare(pair, "0" * 5000)
    for beyond in ("9223372036854775808", "-9223372036854775809", "1" * 100):
        with pytest.raises(OverflowError):
            pair[1](beyond)
    compare(compiled("lambda s: int(s, base=16)"), "ff")
    compare(compiled("lambda: int('12')"))
    compare(compiled("lambda s: [int(c) for c in s]"), "1٢3")


def test_floats_from_texts():
    pair = compiled("lambda s: float(s)")
    more = ["1.5", ".5", "5.", ".", "1e", "e5", "1e400", "-1e-400", "inf", "-Infinity", "nan", "-nan", "iNf", "infinit", "1_0.5_0", "1_.5", "1._5", "1e1_0", "0x1p3",
            "0.1", "1.7976931348623157e308", "2.2250738585072014e-308", "5e-324", "9007199254740993", "123456789012345678901234567890", "1" * 400, "0." + "0" * 400 + "1", "١٫٥"]
    for text in NUMBERS + more:
        compare(pair, text)
        if text.isascii():
            compare(pair, text.encode())
    chance = random.Random(7)
    for _ in range(300):
        compare(pair, f"{chance.randrange(10**17)}e{chance.randrange(-330, 300)}")


VALUES = {
    "int": [0, 1, -1, 42, -255, 1234567, 10**15, -(2**63), 2**63 - 1, 65, 0x3c0, 0x10ffff, 0x110000],
    "float": [0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1e15, 123456.789, 1e-5, 0.0001, 5e-324, 1.7976931348623157e308, 2.5, 0.5, 1e22, float("inf"), -float("inf"), float("nan"), -0.04, 999999.5, 9.995],
    "bool": [True, False],
    "str": ["", "a", "abc", "π", "a😀b", "it's"],
}
SPECS = [
    "", "d", "5", "<5", ">5", "^6", "=6", "05", "<05", "*^9", "π>7", "+", " ", "-", "+08", "#x", "#06X", "x", "o", "b", "#b", "_b", "_", ",", "08,", "010_x", "c", "5c", "n", "s", "5s", ".2", ".2s",
    "8.3", ".3f", "+.1e", "E", "g", "G", ".3g", "#.3g", "#g", "%", ".1%", "012,.2f", "z", "z.1f", ".0f", "#.0f", ".0e", ",.3f", "_f", "q", "5 ", ".", "aa<5", ",_", ",x", "{}", "=5s", "x=9", "0=7", ".20f", "30.25g", ".400f",
]


@pytest.mark.parametrize("kind", VALUES)
def test_format_specifications(kind):
    at_run_time = compiled("lambda v, s: format(v, s)")
    nested = compiled("lambda v, w: f'{v:>{w}}|{v!r:*<{w}}'")
    for value in VALUES[kind]:
        for spec in SPECS:
            compare(at_run_time, value, spec)
        compare(nested, value, 12)
        compare(nested, value, "3")
    for spec in SPECS[:-1]:
        literal = compiled(f"lambda v: format(v, {spec!r})")
        for value in VALUES[kind][:6]:
            compare(literal, value)


def test_precision_at_run_time():
    pair = compiled("lambda v, w, p: f'{v:{w}.{p}f}'")
    chance = random.Random(3)
    for _ in range(300):
        compare(pair, chance.choice([chance.random() * 10 ** chance.randrange(-5, 18), chance.randrange(1 << 30) / 2 ** chance.randrange(20)]), chance.randrange(20), chance.randrange(18))


def test_representations():
    pair = compiled("lambda v: (repr(v), str(v), ascii(v), f'{v!a}', f'{v!r:>9}', f'{v}')")
    for value in [*TEXTS, *VALUES["int"], *VALUES["float"], True, False]:
        compare(pair, value)
    compare(compiled("lambda a, b: f'{(a, b)} {(a,)!r} {((b, a), None)!s}'"), "π'", 1.5)
    compare(compiled("lambda a, b: ascii((a, b))"), "π'", 1.5)
    pair = compiled("lambda n: hex(n) + oct(n) + bin(n)")
    for value in VALUES["int"]:
        compare(pair, value)
    chance = random.Random(1)
    pair = compiled("lambda x: repr(x)")
    for _ in range(500):
        compare(pair, chance.random() * 10.0 ** chance.randrange(-320, 308))


def test_templates():
    for source in [
        "lambda a, b: '{} and {}'.format(a, b)", "lambda a, b: '{1}{0}{1!r}'.format(a, b)", "lambda a, b: '{x}-{y:>5}'.format(x=a, y=b)",
        "lambda a, b: '{{{0}}} {0!s:.1} {1!a}'.format(a, b)", "lambda a, b: '{:>{}}|{:{w}}'.format(a, 5, b, w=7)", "lambda a, b: ''.format(a, b)",
        "lambda a, b: '%s and %5s|%-5s|' % (a, b, a)", "lambda a, b: '%r %a %%' % (a, b)", "lambda a, b: '%.1s' % a + '%c%3c%-3c|' % (b[0], 960, 'y')",
    ]:
        pair = compiled(source)
        for text in ("", "abc", "π😀"):
            compare(pair, text, "x")
    compare(compiled("lambda n, x: '%d %5d %-5d| %05d %+d %x %#X %o %i %.3f %8.2e %g %G %F' % (n, n, n, n, n, n, n, n, n, x, x, x, x, x)"), 77, -2.5)
    compare(compiled("lambda n, x: '{:,} {:08.3f} {:x} {:e}'.format(n, x, n, x)"), 1234567, -2.5)


LETTERS = "aAbB ,.\t\n_1٢é\xa0ßİıΣσςπ\u0301ǅ日\U00010400😀\ud800'\"\\"


def test_random_texts():
    chance = random.Random(11)
    one = [compiled(f"lambda s: s.{name}()") for name in [*PLAIN, *STR_ONLY]] + [compiled("lambda s: repr(s)"), compiled("lambda s: ascii(s)")]
    two = [compiled(f"lambda s, t: s.{name}(t)") for name in
           ("find", "rfind", "count", "startswith", "endswith", "strip", "rstrip", "split", "rsplit", "partition", "rpartition", "removeprefix", "removesuffix")]
    replace = compiled("lambda s, t, u, n: s.replace(t, u, n)")
    for _ in range(250):
        letters = chance.choices(LETTERS, k=chance.randrange(1, 6))
        text = "".join(chance.choices(letters, k=chance.randrange(14)))
        part = "".join(chance.choices(letters, k=chance.randrange(4)))
        for pair in one:
            compare(pair, text)
        for pair in two:
            compare(pair, text, part)
        compare(replace, text, part, chance.choice(LETTERS), chance.randrange(-1, 3))


def test_every_character():
    every = "".join(map(chr, range(sys.maxunicode + 1)))

    def classes(text):
        found = np.zeros(len(text), np.int64)
        for i, c in enumerate(text):
            found[i] = (
                c.isalpha() | c.isdecimal() << 1 | c.isdigit() << 2 | c.isnumeric() << 3 | c.isspace() << 4 | c.isupper() << 5 | c.islower() << 6
                | c.istitle() << 7 | c.isprintable() << 8 | c.isidentifier() << 9 | c.isalnum() << 10 | ("a" + c).isidentifier() << 11)
        return found

    compare((classes, coachwhip.jit(cache=False)(classes)), every)
    for source in ["s.lower()", "s.upper()", "s.casefold()", "s.swapcase()", "s.title()", "s.capitalize()", "repr(s)", "ascii(s)", "s.splitlines()", "s.split()"]:
        compare(compiled(f"lambda s: {source}"), every)
    # Each beside a letter, and beside a sigma.
    plain = ("Cn", "Co", "Cs", "Lo", "So")
    apart = "".join(f"Σ{c}ΣA{c}Σ" for c in every if unicodedata.category(c) not in plain)
    for source in ["s.lower()", "s.title()"]:
        compare(compiled(f"lambda s: {source}"), apart)
    digits = "".join(c for c in every if c.isdecimal())
    compare(compiled("lambda s: [int(c) for c in s]"), digits)


@pytest.mark.parametrize("call, word", [
    ("s.find(5)", "a str"), ("s.strip(1)", "a str"), ("s.split(1)", "a str"), ("s.center('a')", "an int"),
    ("s.encode(3)", "a str"), ("s.join([1, 2])", "a str"), ("s.join(3)", ""), ("'{'.format(1)", ""), ("'{} {0}'.format(1)", "switch"),
    ("'{}'.format()", "index 0"), ("'{x}'.format(1)", "'x'"), ("s.startswith((1,))", "a str"), ("b'a'.find('a')", "a bytes"), ("int(5, 10)", "non-string"), ("s.find('a', 'b')", "an int"),
    ("s.replace('a')", "argument"), ("s.lower(1)", "argument"), ("s.nothing()", "nothing"), ("hex(1.5)", "integer"), ("s.strip().translate(3)", "translate"), ("b'a'.decode('utf-8', 1)", "a str"), ("s.find(sub='a')", "keyword"),
])
def test_what_is_refused(call, word):
    with pytest.raises(coachwhip.CompileError) as caught:
        compiled(f"lambda s: {call}")[1]("text")
    assert word in str(caught.value)
    assert not isinstance(caught.value, coachwhip.InternalError)


def test_strings_leave_no_memory_behind():
    from coachwhip import _core

    def churn(text):
        total = 0
        for word in text.split():
            try:
                total += int(word)
            except ValueError:
                total += len(word.upper().replace("A", "bb").center(20)) + len(f"{word:>12}{total}") + len(",".join(word.partition("b")))
        return total

    fast = coachwhip.jit(cache=False)(churn)
    assert fast("1 22 abc π bab") == churn("1 22 abc π bab")
    before = _core.live_arrays()
    for _ in range(20):
        fast("1 22 abc π bab" * 50)
    assert _core.live_arrays() == before


def test_absurd_widths_raise():
    for source, arguments in [("lambda s, n: s.center(n)", ("a", 1 << 62)), ("lambda s, n: s.zfill(n)", ("a", 1 << 62)), ("lambda s, n: f'{s:{n}}'", ("a", 1 << 62)), ("lambda s, n: s.expandtabs(n)", ("\t", 1 << 62))]:
        plain, fast = compiled(source)
        for function in (plain, fast):
            with pytest.raises((MemoryError, OverflowError, ValueError)):
                function(*arguments)
