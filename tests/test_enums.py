"""Enumerations: members as constants, arguments, results and keys, with the methods and properties of their classes."""
import enum
import math
import pickle
import sys

import numpy as np
import pytest
from support import refused, same

import coachwhip as cw


class Color(enum.Enum):
    """With an alias, and a member of each kind that a body can define."""

    RED = 1
    GREEN = 2
    BLUE = 3
    CRIMSON = 1

    def doubled(self):
        return self.value * 2

    @property
    def following(self):
        return Color(self.value % 3 + 1)

    @classmethod
    def usual(cls):
        return cls.GREEN

    @staticmethod
    def above(value):
        return value + 1


class Step(enum.IntEnum):
    ONE = 1
    FIVE = 5
    SEVEN = 7


class Word(enum.StrEnum):
    X = "xx"
    Y = "yy"


class Right(enum.Flag):
    READ = 1
    WRITE = 2
    RUN = 4
    BOTH = 3


class Mode(enum.IntFlag):
    READ = 1
    WRITE = 2


class Planet(enum.Enum):
    MERCURY = (3.303e23, 2.4397e6)
    EARTH = (5.976e24, 6.37814e6)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    @property
    def gravity(self):
        return 6.6743e-11 * self.mass / (self.radius * self.radius)


class Letter(enum.Enum):
    A = "a"
    B = "bb"
    C = "ccc"


class Weekday(enum.Enum):
    """With operators and an order of its own."""

    MONDAY = 0
    SUNDAY = 6

    def __lt__(self, other):
        return self.value < other.value

    def __add__(self, days):
        return Weekday((self.value + days) % 12)

    def __bool__(self):
        return self.value != 0


Hand = enum.Enum("Hand", ["LEFT", "RIGHT"])
CHOSEN = Color.GREEN

OF_ANY = [
    lambda c: (c is Color.RED, c == Color.RED, c != Color.CRIMSON, c is CHOSEN, c is Step.ONE, c == Step.ONE, c == 1, c is None),
    lambda c: (c.value, c.name, c.doubled(), Color.above(c.value), c.CRIMSON),
    lambda c: (c, 1, (c,), Color.RED),
    lambda c: c.following,
    lambda c: [c, CHOSEN],
    lambda c: {c: 1, Color.RED: 2},
    lambda c: {c: 1}.get(Color.RED),
    lambda c: {c: 1}[Color.RED],
    lambda c: {c, Color.RED},
    lambda c: frozenset([c, Color.RED, Color.BLUE]),
    lambda c: str(c) + repr(c) + f"{c} {c!r:>20} {c:>12}",
    lambda c: hash(c),
    lambda c: (c in Color, c in (Color.RED, Color.BLUE), c in [Color.RED], c in {Color.RED}),
    lambda c: (isinstance(c, Color), isinstance(c, enum.Enum), isinstance(c, int), isinstance(c, (int, Color)), isinstance(c, object)),
    lambda c: (bool(c), not c, type(c), len(Color)),
    lambda c: [q for q in Color if q is not c],
    lambda c: {q.name: q for q in Color},
    lambda c: (list(Color), Color.usual() is c, Color[c.name], Color(c), Color(c.value)),
    lambda c: c if c.value > 1 else None,
    lambda c: sorted(Color, key=lambda q: -q.value),
    lambda c: ([c].count(Color.RED), [Color.RED, c].index(c)),
]

OF_INT = [
    lambda c: (c + 1, 1.5 * c, c + c, c // 2, c % 3, -c, ~c, abs(c), c << 1, c & 3, c ** 2),
    lambda c: (c == 5, 5 == c, c < 3, c < Step.SEVEN, c == Color.RED, c is Step.ONE, c in (1, 2)),
    lambda c: (int(c), float(c), math.sqrt(c), bool(c), hash(c), c.value, c.bit_length()),
    lambda c: (str(c), repr(c), f"{c} {c:>4d}", "%d" % c),
    lambda c: ([10, 20, 30, 40, 50, 60, 70, 80][c], np.arange(10)[c], (c, c)[0]),
    lambda c: (np.arange(4) * c, np.zeros(c)),
    lambda c: ({c: 2}, {1: "a", 5: "b", 7: "c"}[c], {c, Step.ONE}),
    lambda c: (max(c, Step.FIVE), min(Step.FIVE, c), sorted([Step.SEVEN, c, Step.ONE]), sum([c, c])),
    lambda c: (list(range(c)), [0] * c, isinstance(c, int), Step(c), Step(int(c))),
]

OF_FLAGS = [
    lambda c: (c | Right.WRITE, c & Right.WRITE, c ^ Right.WRITE, ~c, c == Right.READ, c is Right.BOTH),
    lambda c: (Right.READ in c, c in Right.BOTH, bool(c), c.value, not c & Right.RUN, Right.BOTH.name),
    lambda c: (str(c), repr(c)),
    lambda c: [flag for flag in Right if flag in c],
]


@pytest.mark.parametrize("member", Color)
@pytest.mark.parametrize("function", OF_ANY)
def test_members(function, member):
    same(function, member)


@pytest.mark.parametrize("member", Step)
@pytest.mark.parametrize("function", OF_INT)
def test_members_that_are_ints(function, member):
    same(function, member)


@pytest.mark.parametrize("flags", [Right.READ, Right.BOTH, Right(0), Right.READ | Right.RUN])
@pytest.mark.parametrize("function", OF_FLAGS)
def test_flags(function, flags):
    same(function, flags)


@pytest.mark.parametrize("flags", [Mode.READ, Mode.READ | Mode.WRITE, Mode(0), Mode(12)])
def test_flags_that_are_ints(flags):
    same(lambda c: (c | Mode.WRITE, c & 1, c | 8, c + 1, c == 3, c << 1, str(c), repr(c), hash(c), {c}), flags)


@pytest.mark.parametrize("word", Word)
def test_members_that_are_strings(word):
    same(lambda c: (c + "q", c == "xx", str(c), f"{c:>4}", hash(c), c.value, c.upper(), len(c), c[0], c < "y", "x" in c), word)
    same(lambda c: (c is Word.X, {"xx": 1, "yy": 2}[c], [letter for letter in c], Word(c), {c: 1}), word)


@pytest.mark.parametrize("value", [1, 2, 3, 4, -1, 2.0, 2.5, True])
def test_members_by_value(value):
    same(lambda n: Color(n), value)
    same(lambda n: Step(n), value)


def test_members_by_value_and_name():
    for name in ("RED", "CRIMSON", "X", ""):
        same(lambda n: Color[n], name)
    for text in ("a", "bb", "q"):
        same(lambda n: Letter(n), text)
    same(lambda n: (Letter("ccc"), Color(2), Color["BLUE"], Right(3), Right["BOTH"]), 0)


def test_values_and_attributes_of_members():
    for planet in Planet:
        same(lambda p: (p, p.mass, p.gravity, p.value, p.value[0], p.name), planet)
    for day in Weekday:
        same(lambda d: (d < Weekday.SUNDAY, d + 6, bool(d), max(Weekday.MONDAY, d)), day)
    same(lambda h: (h, h is Hand.LEFT, h.value), Hand.RIGHT)


def test_containers_of_members():
    for letter in Letter:
        same(lambda p: (p[0], p.count(Letter.B), p + [Letter.A], p.index(Letter.B)), [letter, Letter.B])
        same(lambda p: (p.get(Letter.B), {k: v for k, v in p.items()}), {letter: 1})
        same(lambda p: (Letter.C in p, [q for q in p]), {letter, Letter.B})
        same(lambda p: p[Letter.C], {letter: 1})

        def changes(items):
            items.append(Letter.C)
            items[0] = Letter.B

        same(changes, [letter])


def test_members_in_control_flow():
    def matched(p):
        match p:
            case Letter.A:
                return 1
            case Letter.B:
                return 2
        return 3

    def walked(p, last=Letter.C):
        steps = 0
        while p is not last:
            p = Letter.B if p is Letter.A else Letter.C
            steps += 1
        return p, steps

    def counted(p):
        counts = {}
        for q in Letter:
            counts[q] = counts.get(q, 0) + 1
        counts[p] += 5
        return counts

    def failed(p):
        raise KeyError(p, 1)

    for letter in Letter:
        for function in (matched, walked, counted, failed):
            same(function, letter)


def test_printed_members(capsys):
    def printed(c, s, r):
        print(c, s, r, (c,), [1], f"{s:03d}", repr(r))

    printed(Color.RED, Step.FIVE, Right.READ | Right.RUN)
    wanted = capsys.readouterr().out
    cw.jit(printed)(Color.RED, Step.FIVE, Right.READ | Right.RUN)
    assert capsys.readouterr().out == wanted


def test_refusals():
    refused(lambda c: c + 1, Color.RED, code="CW0301")
    refused(lambda c: c < Color.BLUE, Color.RED, code="CW0301")
    refused(lambda c: c | 1, Right.READ, code="CW0301")
    refused(lambda n: Right(n), 1)
    refused(lambda c: {c: 1}, Right.READ)

    class Odd(enum.Enum):
        A = object()

    class Formatted(enum.Enum):
        A = 1

        def __format__(self, spec):
            return "!"

    for member in (Odd.A, Formatted.A):
        with pytest.raises(cw.CoachwhipError, match="pass `member.value`: of the class"):
            cw.jit(lambda c: c)(member)


def test_members_keep_their_identity_when_the_cache_is_used(tmp_path):
    """The numbers of classes are those of the process."""
    import subprocess

    program = tmp_path / "program.py"
    program.write_text("""
import enum, coachwhip as cw
class Before(enum.Enum):
    Z = 0
class Color(enum.Enum):
    RED = 1
    GREEN = 2
import sys
if len(sys.argv) > 1:
    cw.jit(lambda b: b)(Before.Z)
@cw.jit(cache=True)
def other(c):
    print(c)
    if c is Color.RED:
        raise KeyError(c)
    return Color.RED
assert other(Color.GREEN) is Color.RED
try:
    other(Color.RED)
except KeyError as error:
    assert error.args[0] is Color.RED
""")
    for more in ([], ["more"], []):
        environment = {"COACHWHIP_CACHE_DIR": str(tmp_path / "cache"), "PATH": ""}
        done = subprocess.run([sys.executable, str(program), *more], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "Color.GREEN\nColor.RED\n"


def test_pickled_functions_of_members():
    assert pickle.loads(pickle.dumps(cw.jit(_following)))(Color.BLUE) is Color.RED


def _following(c):
    return c.following
