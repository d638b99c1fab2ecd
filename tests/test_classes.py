"""Instances of plain classes and dataclasses: made in compiled code, passed, changed, returned, and leading to each other."""
import abc
import collections.abc
import copy
import dataclasses
import gc
import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from support import refused

import coachwhip as cw
from coachwhip._core import live_arrays


class Point:
    """With what a class's body can define."""

    scale = 2.0

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def norm(self):
        return math.sqrt(self.x * self.x + self.y * self.y)

    def move(self, dx, dy=0.0):
        self.x += dx
        self.y += dy
        return self

    @property
    def sum(self):
        return self.x + self.y

    @sum.setter
    def sum(self, value):
        self.x = value - self.y

    @staticmethod
    def origin():
        return Point(0.0, 0.0)

    @classmethod
    def unit(cls, angle):
        return cls(math.cos(angle), math.sin(angle))

    def scaled(self):
        return self.x * self.scale

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __iadd__(self, other):
        self.x += other.x
        return self

    def __mul__(self, by):
        return Point(self.x * by, self.y * by)

    __rmul__ = __mul__

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return self.x < other.x

    def __getitem__(self, index):
        return self.x if index == 0 else self.y

    def __setitem__(self, index, value):
        if index == 0:
            self.x = value
        else:
            self.y = value

    def __len__(self):
        return 2

    def __contains__(self, value):
        return value == self.x or value == self.y

    def __call__(self, by):
        return self.x * by

    def __neg__(self):
        return Point(-self.x, -self.y)

    def __abs__(self):
        return self.norm()

    def __bool__(self):
        return self.x != 0

    def __str__(self):
        return f"({self.x}, {self.y})"

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


class Space(Point):
    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z

    def norm(self):
        return super().norm() + self.z


@dataclass
class Data:
    a: int
    b: float = 2.5
    items: list = field(default_factory=list)

    def total(self):
        return self.a + self.b


@dataclass(frozen=True, order=True)
class Frozen:
    a: int
    s: str = "x"

    def following(self):
        return Frozen(self.a + 1, self.s + "!")


@dataclass(slots=True)
class Slotted:
    u: float
    v: float = 1.0

    def __post_init__(self):
        self.v = self.u * 2


@dataclass(kw_only=True)
class Keyword:
    a: int
    b: int = 3


class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


class Tree:
    def __init__(self, key):
        self.key = key
        self.left = None
        self.right = None

    def insert(self, key):
        if key < self.key:
            if self.left is None:
                self.left = Tree(key)
            else:
                self.left.insert(key)
        elif self.right is None:
            self.right = Tree(key)
        else:
            self.right.insert(key)

    def walk(self, out):
        if self.left is not None:
            self.left.walk(out)
        out.append(self.key)
        if self.right is not None:
            self.right.walk(out)


class Stack:
    def __init__(self):
        self.items = []
        self.count = 0

    def push(self, value):
        self.items.append(value)
        self.count += 1

    def pop(self):
        self.count -= 1
        return self.items.pop()

    def __len__(self):
        return len(self.items)


class Lazy:
    def __init__(self, on):
        self.on = on
        if on:
            self.extra = 5

    def get(self):
        return self.extra


class Holder:
    def __init__(self, point, array, name):
        self.point = point
        self.array = array
        self.name = name
        self.seen = {}


def tree(keys):
    root = Tree(keys[0])
    for key in keys[1:]:
        root.insert(key)
    return root


def chain(count):
    head = None
    for value in range(count):
        head = Node(value, head)
    return head


def picture(value, seen):
    """A value with everything that it leads to, in which the same object twice shows as one."""
    if isinstance(value, (int, float, str, type(None), type)):
        return type(value), repr(value)
    if id(value) in seen:
        return "seen", seen[id(value)]
    seen[id(value)] = len(seen)
    if isinstance(value, (list, tuple)):
        return type(value), [picture(item, seen) for item in value]
    if isinstance(value, dict):
        return dict, [(picture(key, seen), picture(item, seen)) for key, item in value.items()]
    if isinstance(value, np.ndarray):
        return value.dtype, value.tolist()
    names = sorted(vars(value)) if hasattr(value, "__dict__") else type(value).__slots__
    return type(value), [(name, picture(getattr(value, name), seen)) for name in names]


def outcome(function, arguments):
    try:
        result = function(*arguments)
    except Exception as error:
        if isinstance(error, cw.CoachwhipError):
            raise
        result = (type(error), str(error))
    seen = {}
    return picture([result, list(arguments)], seen)


def alike(function, *arguments):
    """Asserts that a function does the same plain and compiled: results, arguments afterwards, and which objects are one."""
    compiled = cw.jit(function)
    for _ in range(2):
        given, again = copy.deepcopy(arguments), copy.deepcopy(arguments)
        assert outcome(compiled, again) == outcome(function, given)


def assigns_sum(p):
    p.sum = 10.0
    p[1] = 9.0


def adds_in_place(p):
    q = p
    p += Point(1.0, 1.0)
    return q is p, p


def changes_and_fails(p):
    p.x = 77.0
    raise ValueError("no")


def changes_in_a_handler(p):
    try:
        p.x = 5.0
        [1][3]
    except IndexError:
        p.y = 6.0
    return p


POINTS = [
    lambda p: (p.norm(), p.sum, p.x, p.scaled(), Point.norm(p), p.scale),
    lambda p: p.move(1.0),
    lambda p: p.move(1.0) is p,
    lambda p: (Point.origin(), Point.unit(0.5), p + p, p * 2.0, 2.0 * p, -p),
    lambda p: (p == Point(3.0, 4.0), p != Point(3.0, 5.0), p < Point(9.0, 1.0), p > Point(9.0, 1.0)),
    lambda p: (p[0], p[1], len(p), 3.0 in p, 7.0 not in p, p(2.0), bool(p), not p, abs(p), p @ p),
    lambda p: str(p) + repr(p) + f"{p} {p!r}",
    lambda p: (isinstance(p, Point), isinstance(p, Space), isinstance(p, (int, Point)), isinstance(p, object), type(p) is Point),
    lambda p: ([p, p], [p, p][0] is p, (p, 1), {"a": p}),
    lambda p: [q.norm() for q in [p, Point(1.0, 2.0)]],
    lambda p: sorted([Point(5.0, 0.0), p, Point(1.0, 0.0)]),
    lambda p: p if p.x > 1 else None,
    lambda p: (Point(1.0, 2.0) if p.x > 9 else None),
    lambda p: Space(p.x, 1.0, 2.0),
    lambda p: Space(p.x, 1.0, 2.0).norm(),
    assigns_sum,
    adds_in_place,
    changes_and_fails,
    changes_in_a_handler,
]


@pytest.mark.parametrize("function", POINTS)
def test_points(function):
    alike(function, Point(3.0, 4.0))


def test_inheritance():
    alike(lambda q: (q.norm(), q.sum, isinstance(q, Point), isinstance(q, Space), q + q), Space(1.0, 2.0, 3.0))


def test_attributes_of_other_types():
    alike(lambda p: p.x + 1, Point(1, 2))
    alike(lambda p: (p.x, p.y), Point(1, 2.5))
    alike(lambda p: p.x, Point("a", None))
    alike(lambda p: p.y[1], Point(1.0, [1, 2]))


def appends(a):
    data = Data(a)
    data.items.append(a)
    return data


def appends_to(data):
    data.items.append(4)
    data.a += 1
    return data.items


def assigns_frozen(value):
    value.a = 3


def assigns_slot(value):
    value.u = 8.0


@pytest.mark.parametrize(("function", "argument"), [
    (lambda a: (Data(a, 3.0, [1]), Data(a, items=[1], b=1.0).total(), Data(a)), 1),
    (lambda a: (Data(a, 1.0, [2]) == Data(a, 1.0, [2]), Data(a, 1.0, [2]) == Data(a, 1.0, [3]), Data(a, 1.0, [2]) != Data(a, 1.0, [2])), 1),
    (lambda a: str(Data(a, 1.5, [3])), 1),
    (appends, 1),
    (appends_to, Data(1)),
    (appends_to, Data(1, 1.0, [3])),
    (lambda a: (Frozen(a) < Frozen(a + 1), Frozen(a, "q") == Frozen(a, "q"), Frozen(a).following(), hash(Frozen(a, "z")), Frozen(a)), 1),
    (assigns_frozen, Frozen(1)),
    (lambda f: (f.following(), repr(f)), Frozen(1)),
    (lambda u: Slotted(u), 1.5),
    (lambda s: s.u + s.v, Slotted(1.5)),
    (assigns_slot, Slotted(1.5)),
    (lambda a: (Keyword(a=a), Keyword(a=a, b=a + 1).b), 1),
])
def test_dataclasses(function, argument):
    alike(function, argument)


def total(head):
    result = 0
    while head is not None:
        result += head.value
        head = head.next
    return result


def reversed_chain(head):
    before = None
    while head is not None:
        after = head.next
        head.next = before
        before = head
        head = after
    return before


def ring(value):
    node = Node(value)
    node.next = node
    return node.next is node, node


def inserts(root, key):
    root.insert(key)
    out = []
    root.walk(out)
    return out


def test_classes_that_lead_to_themselves():
    for count in (0, 1, 10):
        alike(total, chain(count))
        alike(chain, count)
        alike(reversed_chain, chain(count))
    alike(ring, 3)
    alike(lambda node: node.next is node, ring(3)[1])
    alike(tree, [5, 2, 8, 1, 9, 3])
    alike(inserts, tree([5, 2, 8, 1]), 4)
    alike(inserts, tree([5]), 4)


def test_long_chains_need_no_stack():
    head = cw.jit(chain)(100_000)
    assert total(head) == cw.jit(total)(head) == sum(range(100_000))


def test_what_leads_to_each_other_is_freed():
    compiled, made = cw.jit(lambda node: node.next is node), cw.jit(ring)
    compiled_total, grown = cw.jit(total), cw.jit(appends_to)
    node = ring(1)[1]
    compiled(node), made(1), compiled_total(chain(5)), grown(Data(1))
    gc.collect()
    before = live_arrays()
    for _ in range(20):
        compiled(node), made(1), compiled_total(chain(5)), grown(Data(1))
    assert live_arrays() == before


def pushes(count):
    stack = Stack()
    for value in range(count):
        stack.push(value * 1.5)
    return stack, stack.pop(), len(stack)


def pushes_on(stack, value):
    stack.push(value)
    return stack.pop(), len(stack), bool(stack)


def gives_extra(lazy):
    lazy.extra = 7
    return lazy.get()


def test_containers_and_attributes_that_may_be_missing():
    alike(pushes, 4)
    alike(pushes_on, Stack(), 3)
    for on in (True, False):
        alike(lambda on: Lazy(on), on)
        alike(lambda on: Lazy(on).get(), on)
        alike(gives_extra, Lazy(on))
    alike(lambda lazy: lazy.get(), Lazy(True))


def changes_what_it_holds(holder):
    holder.array[0] = 5.0
    holder.point.x = 11.0
    holder.seen["k"] = holder.point.x
    return holder.name, holder.array.sum(), holder.point


def changes_twice(holder, point):
    holder.point.x = 1.5
    return point.x, holder.point is point


def changes_items(points):
    for point in points:
        point.x += 1.0
    points.append(Point(0.0, 0.0))
    return points[-1], points[0] is points[1], max(points, key=lambda point: point.x)


def test_what_instances_hold_and_what_holds_them():
    point = Point(1.0, 2.0)
    alike(changes_what_it_holds, Holder(point, np.ones(3), "name"))
    alike(changes_twice, Holder(point, np.ones(3), "name"), point)
    alike(changes_items, [Point(1.0, 2.0), Point(3.0, 4.0)])
    alike(changes_items, [point, point])
    alike(lambda points: points["a"].norm(), {"a": point})
    alike(lambda a, b: (a is b, a == b), point, point)
    alike(lambda a, b: (a is b, a == b), point, Point(1.0, 2.0))


def test_methods_that_are_compiled():
    class Counter:
        def __init__(self):
            self.total = 0.0

        @cw.jit
        def add(self, values):
            for value in values:
                self.total += float(value)
            return self.total

    counter = Counter()
    assert counter.add(np.arange(4.0)) == counter.total == 6.0
    assert counter.add([1.0]) == counter.total == 7.0


def test_a_class_that_is_changed_is_seen():
    class Changing:
        factor = 1

        def __init__(self):
            self.x = 1

        def method(self):
            return self.x + self.factor

    compiled = cw.jit(lambda value: value.method())
    assert compiled(Changing()) == 2
    Changing.factor = 5
    assert compiled(Changing()) == 6
    Changing.method = lambda self: 99
    assert compiled(Changing()) == 99


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side ** 2


class Comparable:
    def __init__(self, a):
        self.a = a

    def __eq__(self, other):
        if not isinstance(other, Comparable):
            return NotImplemented
        return self.a == other.a

    def __hash__(self):
        return hash(self.a)


class Quiet(Comparable):
    """The base calls what a derived class has."""

    def __init__(self):
        super().__init__(1)
        self.prepare()

    def prepare(self):
        self.b = 2


class Loud(Quiet):
    def prepare(self):
        super().prepare()
        self.c = self.b + 1


class Later:
    def __len__(self):
        return 1


SURROUNDINGS = Point(1.0, 2.0)


def test_abstract_classes_and_overridden_methods():
    alike(lambda s: (s.area(), isinstance(s, Shape), isinstance(s, Square)), Square(2.0))
    alike(lambda a: Square(a).area(), 3.0)
    alike(lambda e: (e == Comparable(1), e == 1, e != Comparable(2), e != 1, hash(e)), Comparable(1))
    alike(lambda x: (Loud(), Quiet(), Loud().c, Loud() == Quiet(), isinstance(Loud(), Comparable)), 1)


def test_what_may_be_another_object_is_refused():
    """An instance of the surroundings is an object of which only the identity is known."""
    refused(lambda p: p is SURROUNDINGS, SURROUNDINGS)
    refused(lambda p: p == SURROUNDINGS, Node(1))
    refused(lambda p: isinstance(p, Shape), Point(1.0, 2.0))
    refused(lambda p: isinstance(p, collections.abc.Sized), Later())
    refused(lambda s: Shape(), 1)


def test_generators_and_instances():
    def gives(points):
        for point in points:
            yield point

    def loops(points):
        points[0].x = 5.0
        return [point.norm() for point in gives(points)]

    alike(loops, [Point(1.0, 2.0), Point(3.0, 4.0)])

    def made(count):
        for n in range(count):
            yield Point(float(n), 0.0)

    refused(made, 3)
    refused(gives, [Point(1.0, 2.0)])
    alike(lambda n: [point.x for point in made(n)], 3)


def test_refusals():
    assert "no one type" in str(refused(lambda p: Point(1, 2), Point(1.0, 2.0)))
    refused(lambda p: p.nope, Point(1.0, 2.0), code="CW0202")
    refused(lambda p: Point(1.0), Point(1.0, 2.0), code="CW0303")
    refused(lambda p: {p: 1}, Point(1.0, 2.0), code="CW0104")
    refused(lambda p: hash(p), Point(1.0, 2.0))
    refused(lambda node: str(node), Node(1))

    class Guarded:
        def __getattr__(self, name):
            return 1

    class Deleted:
        def __del__(self):
            pass

    class Meta(type):
        pass

    class Odd(metaclass=Meta):
        pass

    for value, why in ((Guarded(), "it defines __getattr__"), (Deleted(), "it defines __del__"), (Odd(), "its metaclass is Meta")):
        assert why in str(refused(lambda v: v, value))
    odd = Point(1.0, object())
    assert "attribute 'y' of Point" in str(refused(lambda p: p.x, odd))


def test_more_attributes_than_the_code_knows():
    compiled = cw.jit(lambda p: p.x)
    assert compiled(Point(1.0, 2.0)) == 1.0
    more = Point(3.0, 4.0)
    more.z = "more"
    assert compiled(more) == 3.0 and more.z == "more"
    assert dataclasses.is_dataclass(Data)
