"""Small programs over strings, plain and compiled: what meets where paths and features of the language come together."""
import pytest

import coachwhip as cw
from support import same

TEXTS = ["abc", "ab", "日本語", "", "banana", "a b", "🐍"]
G = "glob"


def unpack(s):
    a,b,c = s
    return c+b+a


def mt(s):
    match s:
        case "a": return 1
        case "bc" | "d": return 2
        case _: return 3


def tupcmp(a,b): return (a,1) < (b,2), (a,b)==(b,a), max(a,b), min(a,b,"m"), sorted([a,b,"k"])


def srt(s): return sorted(s)


def mxs(s): return max(s), min(s)


def intup(s): return s in ("a","bc","abc"), [c in ("a","c") for c in s]


def cond(s): return "empty" if not s else s[0]


def wh(s):
    i=0
    while i < len(s) and s[i] != " ": i+=1
    return s[:i], s[i:]


def nested(s): return [[c for c in w] for w in [s, s+"x"]]


def enum(s): return [(i,c) for i,c in enumerate(s)]


def zp(s,t): return [a+b for a,b in zip(s,t)]


def anyall(s): return any([c=="a" for c in s]), all([c!="z" for c in s])


def glob(s): return G + s


def lst_in(s, ws): return s in ws, ws.count(s), ws+[s]


def optional_list(s):
    r=[]
    for c in s:
        r.append(c if c!="b" else None)
    return r


def aug(s):
    s += "1"; s += "2"; s *= 2
    return s


def cmpchain(s): return [ "a" <= c < "m" for c in s]


def bts(s): return [ord(c)&255 for c in s]


def strint(n): return str(n), str(-n)+"x", str(2.5), str(True), str(None), str((1,"a")), repr("a'b")


def fmtc(s): return [f"{c}:{ord(c):04x}" for c in s]


def lit(n): return ["a","b","c"][n]


def d(s, k="dflt"): return s+k


def exc(s):
    try: return s[10]
    except IndexError as e: return "IndexError: "+str(e)


def exc2(s):
    try:
        if len(s)>2: raise KeyError(s)
        return s
    except KeyError as e: return f"{e}"


def fin(s):
    r=""
    try:
        for c in s:
            if c=="b": raise ValueError(r)
            r+=c
    except ValueError: r+="!"
    finally: r+="."
    return r


def lam(ws): return sorted(ws, key=lambda w: (len(w), w))


def rev(s): return list(reversed(s))


def cell(s):
    out=""
    def add(x):
        nonlocal out
        out += x
    for c in s: add(c)
    return out


def tw(s): return s, s


def swap(a,b):
    a,b=b,a
    return a,b


def acc(ws):
    best=""
    for w in ws:
        if len(w)>len(best): best=w
    return best


def acc2(ws):
    best=None
    for w in ws:
        if best is None or w<best: best=w
    return best


def setit(ws):
    for i in range(len(ws)): ws[i]=ws[i]+str(i)
    return ws


def nonestr(s=None): return "none" if s is None else s


def walrus(s): return (n:=s+"x")+n


def comp(s): return [c+d for c in s for d in "xy" if c!=d]


def isd(s,t): return s is t, s is s, s is not t


def pct(s,n): return "%s=%d" % (s,n)


ONE = [unpack, mt, srt, mxs, intup, cond, wh, nested, enum, anyall, glob, optional_list, aug, cmpchain, bts, fmtc, d, exc, exc2, fin, rev, cell, tw, walrus, comp, nonestr]


@pytest.mark.parametrize("function", ONE, ids=lambda f: f.__name__)
def test_programs_of_one_string(function):
    compiled = cw.jit(function)
    for text in TEXTS:
        same(function, text, compiled=compiled)
    assert len(cw._core.specialisations(compiled)) == 1


def test_programs_of_more():
    for text in TEXTS:
        same(tupcmp, text, "b")
        same(zp, text, "xyz")
        same(lst_in, text, ["a", "abc", "日本語"])
        same(swap, text, "q")
        same(pct, text, 3)
        same(isd, text, "other string")
    same(strint, 12)
    for n in (1, 7, -1):
        same(lit, n)
    same(lam, ["bb", "a", "ab", "日"])
    same(acc, ["a", "bbb", "cc"])
    same(acc2, ["b", "a"])
    same(setit, ["a", "b"])
    same(nonestr)


def test_what_is_refused_says_why():
    with pytest.raises(cw.CompileError, match="is does not compare"):
        cw.jit(lambda s: s is "a")("a")  # noqa: F632
