"""Programs whose variables are of one type on one path and of another on another: numbers, None and strings, without loops."""
import numpy as np

from .programs import Program

INTS = ["0", "1", "-3", "7", "12", "2**40 + 1"]
FLOATS = ["0.5", "-2.0", "1e3", "0.0", "2.25"]
REALS = {"int", "float", "bool", "np.int64", "np.float32"}
KINDS = [*sorted(REALS), "complex", "None", "str"]
MOST = 3  # kinds of one variable: results of operators bring further ones


def make(rng):
    """A program."""
    helpers = [Unions(rng, {"n": {"int"}}).helper(f"h{position}") for position in range(rng.choice([0, 1, 1, 2]))]
    body = Unions(rng, {"p0": {"int"}, "p1": {"float"}, "p2": {"bool"}}, dict(kinds for _, kinds in helpers))
    source = "\n\n".join([text for text, _ in helpers] + [body.function()]) + "\n"
    return Program(source, [arguments(rng) for _ in range(4)])


def arguments(rng):
    """Arguments of a call: a number of each of Python's types, arrays of two of NumPy's, a string."""
    ints, singles = np.array([rng.choice([-2, 0, 3]), 5]), np.array([rng.choice([-1.5, 0.0, 2.5]), 4.0], dtype=np.float32)
    return [rng.choice([-2, 0, 1, 2, 5]), rng.choice([-1.5, 0.0, 2.0]), rng.random() < 0.5, ints, singles, rng.choice(["", "a", "xyz"])]


class Unions:
    """A body: the kinds that each variable may be of."""

    def __init__(self, rng, variables, helpers=None):
        self.rng, self.variables, self.helpers = rng, variables, helpers or {}
        self.lines, self.indent, self.made = [], 1, 0

    def line(self, text):
        self.lines.append("    " * self.indent + text)

    def function(self):
        for _ in range(self.rng.choice([4, 6, 9])):
            self.statement()
        returned = self.rng.sample(sorted(self.variables), min(len(self.variables), 6))
        return "def f(p0, p1, p2, a, b, s):\n" + "\n".join([*self.lines, f"    return ({', '.join(returned)},)"])

    def helper(self, name):
        """A function that returns different things."""
        kinds = set()
        for limit in self.rng.sample(range(4), 2):
            kind = self.rng.choice(["int", "float", "bool", "None", "complex"])
            kinds.add(kind)
            self.line(f"if n {self.rng.choice(['<', '==', '>'])} {limit}:")
            self.line(f"    return {self.value(kind, alone=True)}")
        last = self.rng.choice(["int", "float"])
        self.line(f"return {self.value(last, alone=True)}")
        return f"def {name}(n):\n" + "\n".join(self.lines), (name, kinds | {last})

    def statement(self):
        choices = [(self.define, 6), (self.branch, 10), (self.combine, 8), (self.choose, 6), (self.look, 6), (self.attempt, 2),
                   (self.call, 4), (self.pair, 3), (self.extreme, 4)]
        self.rng.choices([make for make, _ in choices], [weight for _, weight in choices])[0]()

    def value(self, kind, alone=False):
        """An expression of a kind, of literals alone or with the parameters."""
        rng = self.rng
        if kind == "int":
            return rng.choice(INTS) if alone or rng.random() < 0.5 else f"(p0 + {rng.choice(INTS)})"
        if kind == "float":
            return rng.choice(FLOATS) if alone or rng.random() < 0.5 else f"(p1 * {rng.choice(FLOATS)})"
        if kind == "bool":
            return rng.choice(["True", "False"] if alone else ["True", "False", "p2", "(p0 > 1)"])
        if kind == "np.int64":
            return rng.choice(["a[0]", "a[1]"])
        if kind == "np.float32":
            return rng.choice(["b[0]", "b[1]"])
        if kind == "complex":
            return rng.choice(["1j", "(2+0.5j)"])
        return "None" if kind == "None" else rng.choice(["'t'", "''", "s", "(s + 'u')"])

    def condition(self):
        return self.rng.choice(["p2", "not p2", "p0 > 1", "p0 == 0", "p1 < 0.0", "a[0] > 0", "s == 'a'", "len(s) > 1"])

    def new(self):
        self.made += 1
        return f"v{self.made}"

    def some(self, fitting=lambda kinds: True):
        """A variable whose kinds fit, or none."""
        found = [name for name, kinds in sorted(self.variables.items()) if fitting(kinds)]
        return self.rng.choice(found) if found else None

    def define(self):
        name, kind = self.new(), self.rng.choice(KINDS)
        self.line(f"{name} = {self.value(kind)}")
        self.variables[name] = {kind}

    def branch(self):
        """A variable gets another value on some paths."""
        name = self.some(lambda kinds: len(kinds) < MOST)
        if name.startswith("p") or self.rng.random() < 0.4:
            self.define()
            name = f"v{self.made}"
        kinds = set(self.variables[name])
        for word in ["if", "elif"][: self.rng.choice([1, 1, 2])]:
            kind = self.rng.choice(KINDS if len(kinds) < MOST else sorted(kinds))
            kinds.add(kind)
            self.line(f"{word} {self.condition()}:")
            self.line(f"    {name} = {self.value(kind)}")
        self.variables[name] = kinds

    def combine(self):
        rng, of_numbers = self.rng, lambda kinds: kinds <= REALS | {"complex"}
        one, other = self.some(of_numbers), self.some(of_numbers)
        real = self.variables[one] | self.variables[other] <= REALS
        operator = rng.choice(["+", "-", "*", *(["<", "==", ">="] if real else ["=="])])
        name = self.new()
        self.line(f"{name} = {one} {operator} {rng.choice([other, self.value('int')])}")
        if operator in ("+", "-", "*"):
            self.variables[name] = self.sums(self.variables[one], self.variables[other] | {"int"})
        else:
            self.variables[name] = {"bool"}

    @staticmethod
    def sums(some, others):
        both = some | others
        if "complex" in both:
            return both - {"bool"}
        return {"int", "float", "np.int64", "np.float32"} if both & {"np.int64", "np.float32"} else both - {"bool"}

    def choose(self):
        one, other, name = self.some(), self.some(), self.new()
        kinds = self.variables[one] | self.variables[other]
        if len(kinds) > MOST:
            return
        self.line(f"{name} = {one} if {self.condition()} else {other}")
        self.variables[name] = kinds

    def look(self):
        """What can be asked of anything."""
        one, other, name = self.some(), self.some(), self.new()
        asked, kind = self.rng.choice([
            (f"f'{{{one}}}|{{{other}!r}}'", "str"), (f"str({one})", "str"), (f"repr({one})", "str"), (f"{one} is None", "bool"), (f"{one} == {other}", "bool"),
            (f"isinstance({one}, int)", "bool"), (f"isinstance({one}, (float, str))", "bool"), (f"type({one}) is float", "bool"), (f"bool({one})", "bool"), (f"not {one}", "bool"),
            (f"'yes' if {one} else 'no'", "str"),
        ])
        self.line(f"{name} = {asked}")
        self.variables[name] = {kind}

    def attempt(self):
        divisor, name = self.some(lambda kinds: kinds <= {"int", "float", "bool"}), self.new()
        kind = self.rng.choice(["None", "str", "float", "int"])
        self.line("try:")
        self.line(f"    {name} = 10 // {divisor}")
        self.line("except ZeroDivisionError:")
        self.line(f"    {name} = {self.value(kind)}")
        self.variables[name] = {"int", "float", kind}

    def call(self):
        if self.helpers:
            helper, name = self.rng.choice(sorted(self.helpers)), self.new()
            self.line(f"{name} = {helper}({self.value('int')})")
            self.variables[name] = set(self.helpers[helper])

    def pair(self):
        one, other = self.some(), self.some()
        first, second = self.new(), self.new()
        self.line(f"{first}, {second} = ({one}, 1) if {self.condition()} else (2.5, {other})")
        self.variables[first] = self.variables[one] | {"float"}
        self.variables[second] = self.variables[other] | {"int"}

    def extreme(self):
        one, other = (self.some(lambda kinds: kinds <= {"int", "float", "bool"}) for _ in range(2))
        name = self.new()
        self.line(f"{name} = {self.rng.choice(['min', 'max'])}({one}, {self.rng.choice([other, self.value('float')])})")
        self.variables[name] = self.variables[one] | self.variables[other] | {"float"}
