"""Templates, specifications and encodings that are known only when the code runs."""
import pytest

import coachwhip as cw
from support import same


def table(function, rows):
    """Compares plain and compiled for rows of arguments; those of the same types by one specialisation."""
    compiled = cw.jit(function)
    for row in rows:
        same(function, *row, compiled=compiled)
    kinds = {tuple(type(value) for value in row) for row in rows}
    assert len(cw._core.specialisations(compiled)) == len(kinds)


def test_percent():
    table(lambda t, v: t % v, [(t, v) for t in ["%d", "<%5d>", "%-6d|", "%x", "%+d", "%%", "%s %s", "%q", "%", "", "%05.3d", "%r", "%c", "%é"]
                               for v in (0, -17, 255, 3.75, True, "x", "é🐍")])
    table(lambda t, a, b: t % (a, b), [(t, a, b) for t in ["%d %s", "%s=%r", "%*d", "%s", "%.2f %s", "%s %s %s", "%a%a"]
                                       for a, b in ((1, "b"), (2.5, "ü"), (7, 8))])
    same(lambda n: "%*d|%-*d" % (n, 5, n, 6), 7)
    same(lambda n: "%5.3d %+.4x" % (n, n), 7)
    same(lambda t, n: (t + "!") % n, "%d", 3)
    same(lambda t: t % (), "abc")
    same(lambda t: t % None, "%s")
    same(lambda t, x: t % x, "%s %s", (1, (2, "x")))
    same(lambda: ("%s" % bytearray(b"x"), "%r" % (bytearray(b"y"),)))


def test_percent_of_bytes():
    table(lambda t, v: t % v, [(t, v) for t in [b"%d", b"<%5d>", b"%x", b"%s", b"%b", b"%a", b"%c", b"%%", b""] for v in (3, 200, 2.5, b"xy")])
    same(lambda a, b: b"%s-%04d" % (a, b), b"key", 7)
    same(lambda a: b"[%s]" % a, bytearray(b"key"))
    same(lambda t, a: t % a, bytearray(b"<%s>"), bytearray(b"key"))
    same(lambda a: b"%s" % a, "text")


def test_format_method():
    table(lambda t, a, b: t.format(a, b), [(t, a, b) for t in
                                           ["{} {}", "{1} {0}", "{0:>8}|{1:<8}|", "{:{}}", "{!r} {!s}", "{", "}", "{{}}", "{2}", "{0} {}", "{0.real}", "{x}", "{:q}"]
                                           for a, b in ((1, 2), (2.5, 7), ("é", 10), (True, "9"))])
    table(lambda t, a: t.format(a, name=a, width=8), [(t, a) for t in ["{name}", "{name:>{width}}", "{0}{name!r}", "{missing}"] for a in (1, "ü")])
    same(lambda p: "{0[0]} {0[1]:.2f} {1.imag}".format(p, 3 + 4j), (1, 2.5))
    same(lambda t, p: t.format(p), "{0[0]} {0[1]}", (1, 2.5))
    same(lambda t: t.format(), "{{plain}}")


def test_specifications():
    def number(x, width, prec):
        return f"{x:{width}.{prec}f}|{x:>{width}}|{x!r:{width}}|{x:^+{width}.{prec}e}"

    table(number, [(x, w, p) for x in (2.5, -1e30, float("nan")) for w, p in ((10, 2), (1, 0), (0, 3), (30, 20))])
    table(lambda x, s: format(x, s), [(x, s) for x in (7, 2.5, True, "é", 2 + 3j, None) for s in ["", "5", "<9", "*^11", ".3", "+", "q", "08.3f"]])
    table(lambda x, s: f"{x:{s}}", [(x, s) for x in (7, -2.5, "日本") for s in ["", "5", "x", "🐍>6", ",", "\udc80>4"]])
    same(lambda x, s: format(x, s), (1, 2), "")
    same(lambda x, s: format(x, s), (1, 2), "5")
    same(lambda n: f"{'ab' * n:{'*'}^{n + 7}}", 3)


TEXTS = ["", "abc", "äöü€", "日本語", "a🐍", "\udc80x", "ß\0"]


def test_encodings():
    names = ["utf-8", "utf-16", "utf-16-le", "UTF_32", "cp1252", "iso-8859-15", "ascii", "latin-1", "utf-8-sig", "no-such", "rot13", "utf-7", "ut\0f"]
    handlers = ["strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "surrogateescape", "surrogatepass", "namereplace", "no-such"]
    table(lambda s, name: s.encode(name), [(s, name) for s in TEXTS for name in names])
    table(lambda s, how: s.encode("ascii", how), [(s, how) for s in TEXTS for how in handlers])
    contents = [b"", b"abc", "äöü€".encode(), b"\xff\xfea\0", b"\x80\x81", "日".encode("utf-16")]
    table(lambda b, name: b.decode(name), [(b, name) for b in contents for name in names + ["hex"]])
    table(lambda b, how: b.decode("utf-8", how), [(b, how) for b in contents for how in handlers])
    table(lambda b, name, how: (str(b, name, how), bytearray(b).decode(name, errors=how)), [(b, "cp1252", "replace") for b in contents])
    same(lambda s: (s.encode("utf-16"), s.encode("cp1252", "replace"), s.encode(errors="surrogatepass")), "aé\udc80")
    same(lambda b: (b.decode("utf-16"), b.decode("cp437"), b.decode(errors="backslashreplace")), b"\xff\xfea\0")
    same(lambda s, e: bytes(s, e), "aé", "utf-16")
    same(lambda s, e: bytearray(s, e, "ignore"), "aé", "ascii")
    with pytest.raises(cw.CompileError, match="the encoding must be a str, not int"):
        cw.jit(lambda s: s.encode(8))("a")


def test_ints_and_bytes():
    rows = [(n, size, order, signed) for n in (0, 1, -1, 127, 128, 255, 256, -128, -129, 2**62, -2**63, 2**63 - 1)
            for size in (0, 1, 2, 8, 9, -1) for order in ("big", "little", "other") for signed in (False, True)]
    table(lambda n, size, order, signed: n.to_bytes(size, order, signed=signed), rows)
    same(lambda n: (n.to_bytes(), n.to_bytes(2), n.to_bytes(2, "little")), 200)
    for content in (b"", b"\1", b"\xff", b"\1\2\3", b"\xff\xfe", b"\x7f" + b"\xff" * 7, b"\0\0\1", b"\0" * 9 + b"\5", b"\xff" * 9, b"\x80" + b"\0" * 7):
        for order in ("big", "little"):
            if -2**63 <= int.from_bytes(content, order, signed=True) < 2**63:
                same(lambda b, order: int.from_bytes(b, order, signed=True), content, order)
            if int.from_bytes(content, order) < 2**63:
                same(lambda b, order: int.from_bytes(b, order), content, order)
    same(lambda b, order: int.from_bytes(b, order), b"\1", "other")
    same(lambda b: int.from_bytes(b), bytearray(b"\1\2"))
    with pytest.raises(OverflowError, match="does not fit"):
        cw.jit(lambda b: int.from_bytes(b, "big"))(b"\xff" * 8)
    with pytest.raises(OverflowError, match="does not fit"):
        cw.jit(lambda b: int.from_bytes(b, "big", signed=True))(b"\x80" + b"\0" * 8)


def test_tables_and_hex():
    table(lambda a, b, s: s.translate(bytes.maketrans(a, b)), [(b"abc", b"xyz", b"aabbcc"), (b"", b"", b"q"), (b"a", b"", b"q"), (b"aa", b"bc", b"a\xff")])
    table(lambda a, b, s: s.translate(bytes.maketrans(a, b), b"q"), [(b"abc", b"xyz", b"aabqbcc")])
    same(lambda s: (bytes.fromhex(s), bytearray.fromhex(s)), "0aFF 10")
    same(lambda s: bytearray.fromhex(s), "0aF")
    same(lambda a, b, s: s.translate(bytearray.maketrans(a, b)), b"abc", b"xyz", bytearray(b"aabbcc"))


def test_starred_unpacking():
    def parts(s):
        first, *middle, last = s
        return first, middle, last

    table(parts, [(s,) for s in ["ab", "abc", "日本🐍語", "a", ""]])
    table(parts, [(s,) for s in [b"ab", b"abcd", b"", b"a"]])
    table(parts, [(bytearray(s),) for s in [b"ab", b"abcd", b"", b"a"]])
