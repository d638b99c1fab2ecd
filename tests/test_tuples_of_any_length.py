"""Tuples whose length is known only when the code runs."""
import numpy as np
import pytest
from support import refused, same

NUMBERS, WORDS, NESTED, PAIRS = [3, 1, 2], ["b", "a", "c"], [[1, 2], [3]], [(1, "a"), (2, "b")]


def compiled(source, count):
    """A function whose body is given, of so many arguments."""
    scope = {"np": np}
    body = source if "\n" in source or source.startswith(("raise", "for")) else f"return {source}"
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    exec(compile(f"def f({', '.join('ab'[:count])}):\n{lines}\n", "<text>", "exec"), scope)
    return scope["f"]


MADE = [
    ("tuple(a)", NUMBERS), ("tuple(a)", []), ("tuple(a)", WORDS), ("tuple(a)", NESTED), ("tuple(a)", PAIRS), ("tuple(a)", "abc"), ("tuple(a)", b"ab"), ("tuple(a)", np.arange(3)),
    ("tuple(a)", np.eye(2)), ("tuple(a)", {1: 2}), ("tuple(a.items())", {1: 2}), ("tuple(a)", {5, 6}), ("tuple(range(a))", 3), ("tuple(range(a))", 0), ("tuple(zip(a, a))", NUMBERS),
    ("tuple(map(str, a))", NUMBERS), ("tuple(sorted(a))", WORDS), ("tuple(a.split())", "a b"), ("(*a,)", NUMBERS), ("(*a, 1)", NUMBERS), ("(1, *a, *a)", NUMBERS), ("(*a, 'x')", NUMBERS), ("(*a, 2.5)", NUMBERS),
    ("tuple(tuple(a))", NUMBERS), ("tuple(a)[1:]", NUMBERS), ("tuple(a)[::-1]", NUMBERS), ("tuple(a) + tuple(a)", NUMBERS), ("tuple(a) + (1,)", NUMBERS), ("(1,) + tuple(a) + ()", NUMBERS), ("tuple(a) * 2", NUMBERS), ("2 * tuple(a)", []),
    ("[tuple(x) for x in a]", NESTED), ("{tuple(x): len(x) for x in a}", NESTED), ("{tuple(sorted(x)) for x in a}", [[1, 2], [2, 1]]), ("sorted([tuple(x) for x in a])", [[2], [1, 5], [1]]), ("tuple(a) if a else None", []), ("tuple(a) or (1,)", []),
    ("t = tuple(a)\na.append(9)\nreturn t, a", NUMBERS), ("t = tuple(a)\na[0].append(9)\nreturn t", NESTED), ("t = ()\nfor x in a: t += (x,)\nreturn t, len(t)", NUMBERS), ("t = (0,)\nfor x in a: t = (x, x) + t\nreturn t", NUMBERS),
    ("t = (1, 2) if a else (1, 2, 3)\nreturn t", []), ("t = (1, 2) if a else ()\nreturn t", []), ("sum(a, ())", [(1, 2), (3, 4)]), ("sum(a, [])", NESTED),
]  # fmt: skip

LOOKED_AT = [
    "len(t)", "t[0]", "t[-1]", "t[7]", "t[a[1]]", "1 in t", "9 in t", "t == (3, 1, 2)", "t == (3, 1)", "t != t", "t < (4,)", "t >= t", "t == a", "t == 3", "() == t", "hash(t) == hash((3, 1, 2))", "hash((1, t))", "bool(t)", "t.index(1)",
    "t.index(9)", "t.count(1)", "sum(t)", "max(t)", "sorted(t)", "list(t)", "set(t)", "[x * 2 for x in t]", "list(enumerate(t))", "list(zip(t, a))", "list(reversed(t))", "any(t)", "str(t)", "f'{t!r}|{t}'", "'%d-%d-%d' % t", "'%s' % (t,)",
    "isinstance(t, tuple)", "isinstance(t, list)", "type(t) is tuple", "np.array(t)", "np.sum(t)", "t in [(3, 1, 2)]", "t in {t: 1}", "','.join(map(str, t))", "t is None",
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), MADE, ids=[f"{source}-{type(value).__name__}" for source, value in MADE])
def test_made(source, value):
    same(compiled(source, 1), value)


@pytest.mark.parametrize("source", LOOKED_AT)
def test_looked_at(source):
    same(compiled(f"t = tuple(a)\nreturn {source}", 1), NUMBERS)
    if source not in ("'%d-%d-%d' % t", "t[a[1]]"):
        same(compiled(f"t = tuple(a)\nreturn {source}", 1), [])


def test_taken_apart():
    same(compiled("x, y, z = tuple(a)\nreturn x, y, z", 1), NUMBERS)
    same(compiled("x, y = tuple(a)\nreturn x", 1), NUMBERS)
    same(compiled("x, *y = tuple(a)\nreturn x, y", 1), NUMBERS)
    same(compiled("match tuple(a):\n    case (x, y): return 2\n    case (x, y, z): return 3\n    case _: return 0", 1), NUMBERS)
    same(compiled("match a:\n    case [x, y]: return 2\n    case [x, y, z]: return 3\n    case _: return 0", 1), NUMBERS)
    same(compiled("raise ValueError(tuple(a))", 1), NUMBERS)
    same(compiled("d = {}\nfor w in a:\n    k = tuple(sorted(w))\n    d[k] = d.get(k, 0) + 1\nreturn d", 1), ["ab", "ba", "c"])


def test_print_of_starred_values(capsys):
    for source, value in [("*a", NUMBERS), ("*a, sep=', '", WORDS), ("*a", []), ("*a", NESTED), ("*range(a)", 4), ("'x', *a", NUMBERS), ("*a, 'x', sep='', end='!'", WORDS), ("tuple(a), *tuple(a)", NUMBERS)]:
        function = compiled(f"print({source})\nreturn 1", 1)
        function(value)
        want = capsys.readouterr().out
        import coachwhip

        coachwhip.jit(function)(value)
        assert capsys.readouterr().out == want


@pytest.mark.parametrize("source", ["np.zeros(tuple(a))", "np.zeros((2, 2))[tuple(a)]", "max(*a)", "tuple(a) + a", "hash(tuple([a]))", "hash(a)", "sum(['x'], '')"])
def test_what_is_refused(source):
    refused(compiled(source, 1), [0, 1])
