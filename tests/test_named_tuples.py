"""Tuples with named fields: `collections.namedtuple` and `typing.NamedTuple`, as arguments, results, constants and constructors."""
import collections
import pickle
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest
from support import refused, same

import coachwhip as cw

Pair = collections.namedtuple("Pair", "left right", defaults=[7])
Empty = collections.namedtuple("Empty", "")
One = collections.namedtuple("One", "only")


class Point(NamedTuple):
    """A point with methods."""

    x: float
    y: float = 0.5
    LIMIT = 10

    def norm(self):
        return (self.x * self.x + self.y * self.y) ** 0.5

    def scaled(self, by, *, add=0.0):
        return Point(self.x * by + add, self.y * by + add)

    @property
    def half(self):
        return self.scaled(0.5)

    @staticmethod
    def twice(value):
        return value * 2

    @classmethod
    def unit(cls, angle):
        return cls(np.cos(angle), np.sin(angle))


class Vector(collections.namedtuple("Vector", ["x", "y"])):
    """A vector with operators, derived from a generated class."""

    __slots__ = ()

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other[0], self.y - other[1])

    def __mul__(self, number):
        return Vector(self.x * number, self.y * number)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __bool__(self):
        return self.x != 0 or self.y != 0

    def __contains__(self, value):
        return self.x < value < self.y

    def __call__(self, t):
        return self.x + t * self.y

    def __str__(self):
        return f"<{self.x}, {self.y}>"


class Ordered(NamedTuple):
    """Compared by its key alone."""

    key: int
    payload: int

    def __eq__(self, other):
        return self.key == other.key

    def __lt__(self, other):
        return self.key < other.key


ORIGIN = Point(1.0, 2.0)
SETTINGS = Pair(3, (1, 2.5))


def construct(a, b):
    return Pair(a, b), Pair(a), Pair(right=b, left=a), Pair(a, right=b)


def fields(p):
    left, right = p
    return p.left, p.right, p[0], p[-1], len(p), left, right, p[:1], p + (1,), p * 2, right in p


def replaced(p, v):
    return p._replace(right=v), p._replace(), Pair._make((v, 2)), p._make([1, v])


def about(p):
    return isinstance(p, Pair), isinstance(p, tuple), isinstance(p, Point), type(p) is Pair, p._fields, Pair._fields


def texts(p):
    return str(p), repr(p), f"{p}", f"{p!r}", "%s" % (p,), "{}".format(p), str((p, 1))


PAIRS = [Pair(1, 2), Pair(1.5, True), Pair(1 + 2j, None), Pair("ab", b"c"), Pair(np.int8(3), np.float32(0.5)), Pair((1, 2), 3), Pair(1, Pair(2, 3))]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
@pytest.mark.parametrize("function", [fields, about, texts, lambda p: p, lambda p: (p, [p]), lambda p: tuple(p), lambda p: p == (1, 2)])
def test_what_tuples_do(function, pair):
    same(function, pair)


def test_constructors():
    same(construct, 1, 2.5)
    same(construct, np.arange(3.0), "a")
    same(lambda: (Empty(), One(3), str(Empty()), str(One("a"))))
    same(replaced, Pair(1, 2), 3.5)
    same(lambda: Point(1.0).norm())
    same(lambda items: Pair(*items), (1, 2))


def test_members():
    same(lambda p: (p.norm(), p.scaled(2.0), p.scaled(2.0, add=1.0), p.half, p.twice(3), p.LIMIT), Point(3.0, 4.0))
    same(lambda p, a: (Point.unit(a), p.unit(a), Point.twice(4), Point.LIMIT, Point.norm(p)), Point(3.0, 4.0), 0.5)


def test_operators():
    a, b = Vector(1.0, 2.0), Vector(0.5, -1.0)
    same(lambda a, b: (a + b, a - b, a - (1, 2), a * 3, 3 * a, -a, a @ b, bool(a), not b, 1.5 in a, a(0.5), str(a), repr(a)), a, b)
    same(lambda a, b: (a == b, a != b, a < b, a == Vector(1.0, 2.0), max(a, b), sorted([a, b])), a, b)
    same(lambda n: sum_of(n), 10)
    same(lambda p, q: (p == q, p < q, p != q), Ordered(1, 2), Ordered(1, 3))


def sum_of(n):
    total = Vector(0.0, 0.0)
    for i in range(n):
        total = total + Vector(float(i), 1.0) * 0.5
    return total


def test_constants():
    def read():
        return ORIGIN, ORIGIN.x, SETTINGS.right, SETTINGS, ORIGIN.norm()

    same(read)
    captured = Pair(np.arange(3.0), 2)
    same(lambda: captured.left.sum() * captured.right)
    same(lambda p=Pair(1, 2): p.left + p.right)


def test_arrays_in_fields():
    def step(state):
        state.left[0] += 1.0
        return Pair(state.left * 2, state.right[1:])

    same(step, Pair(np.arange(4.0), np.arange(6).reshape(2, 3)))


def test_in_loops_and_lists():
    def walk(n):
        at = Point(0.0, 0.0)
        seen = []
        for i in range(n):
            at = at._replace(x=at.x + i) if i % 2 else Point(at.x, at.y - 1.0)
            seen.append(at)
        return seen, at

    same(walk, 7)
    same(lambda items: ([p.x for p in items], items[0], sum([p.norm() for p in items])), [Point(1.0, 2.0), Point(3.0, 4.0)])
    same(lambda items: items.append(Point(5.0, 6.0)), [Point(1.0, 2.0)])
    same(lambda a, p: a[p], np.arange(12).reshape(3, 4), Pair(1, 2))
    same(lambda p: np.zeros(p), Pair(2, 3))


def test_optional_and_mixed():
    def maybe(n):
        found = None
        for i in range(n):
            if i == 3:
                found = Pair(i, 0.5)
        return -1 if found is None else found.left

    same(maybe, 2)
    same(maybe, 5)
    same(lambda c: Pair(1, 2) if c else Pair(3, 4), True)
    same(lambda c: (Pair(1, 2.5) if c else Pair(3, 4.5)).right, False)


def test_hash():
    same(lambda p: hash(p), Pair(1, 2.5))
    same(lambda p: hash(p), Ordered(1, 2))

    class Derived(Pair):
        def __eq__(self, other):
            return True

    refused(lambda p: hash(p), Derived(1, 2))


def test_classes_are_told_apart():
    Other = collections.namedtuple("Pair", "right left")
    compiled = cw.jit(lambda p: p.left)
    assert compiled(Pair(1, 2)) == 1
    assert compiled(Other(1, 2)) == 2
    assert compiled(Pair(3, 4)) == 3
    same(lambda c: Pair(1, 2) if c else Other(1, 2), True)


def test_what_is_refused():
    class Made(collections.namedtuple("Made", "a")):
        def __new__(cls, a):
            return super().__new__(cls, a + 1)

    class Shown(Pair):
        def __format__(self, spec):
            return "shown"

    error = refused(lambda p: p.a, Made(1))
    assert "__new__" in str(error)
    error = refused(lambda p: f"{p}", Shown(1, 2))
    assert "__format__" in str(error)
    refused(lambda p: p._asdict(), Pair(1, 2))
    refused(lambda: Pair())
    refused(lambda: Pair(1, 2, 3))
    refused(lambda: Pair(1, middle=3))
    assert "did you mean `right`?" in str(refused(lambda p: p.rigth, Pair(1, 2)))
    refused(lambda p: p.middle, Pair(1, 2))
    refused(lambda p: p._replace(middle=1), Pair(1, 2))
    same(lambda p: f"{p:10}", Pair(1, 2))


def test_pickles():
    assert pickle.loads(pickle.dumps(cw.jit(fields)(Pair(1, 2)))) == fields(Pair(1, 2))


PROGRAM = '''
import collections, coachwhip as cw
Row = collections.namedtuple("Row", "{fields}", defaults=[{default}])
class Sub(Row):
    def total(self):
        return self.a {operator} self.b
@cw.jit
def f(r):
    return Sub(r.a, r.b).total(), Row(1), r
print(f(Sub(5, 3)))
stats = cw.cache_info() if hasattr(cw, "cache_info") else None
'''


def test_the_cache_knows_the_class(tmp_path):
    """Fields, defaults and methods are part of the key: another class of the same name is another function."""
    path = tmp_path / "program.py"
    for fields_, default, operator in [("a b", 2, "+"), ("a b", 2, "+"), ("a b", 2, "-"), ("b a", 2, "-"), ("b a", 9, "-")]:
        text = PROGRAM.format(fields=fields_, default=default, operator=operator)
        path.write_text(text)
        environment = {"COACHWHIP_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": ":".join(sys.path), "PATH": ""}
        got = subprocess.run([sys.executable, str(path)], env=environment, capture_output=True, text=True, timeout=60)
        plain = subprocess.run(
            [sys.executable, str(path)], env={**environment, "COACHWHIP_DISABLE_JIT": "1"}, capture_output=True, text=True, timeout=60)
        assert got.stdout == plain.stdout and got.stdout, got.stderr
