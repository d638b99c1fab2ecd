"""Programs over lists and exception handlers: statements of `programs`, with lists that change and code that may fail in
`try` statements around it."""
from . import values
from .expressions import condition, expression, leaf
from .programs import Body, Program

ITEMS = ["int", "float"]
CLASSES = ["ValueError", "IndexError", "ZeroDivisionError", "LookupError", "ArithmeticError", "Exception", "OverflowError"]


def make(rng):
    """A program."""
    kinds = [rng.choice(["int", "int", "float", "bool"]) for _ in range(rng.choice([1, 2]))]
    lists = [rng.choice(ITEMS) for _ in range(rng.choice([0, 1, 1, 2]))]
    body = Lists(rng, {f"p{i}": kind for i, kind in enumerate(kinds)})
    body.lists = {f"p{len(kinds) + i}": kind for i, kind in enumerate(lists)}
    source = body.function("f", kinds + lists, None) + "\n"
    calls = [[values.argument(rng, kind) for kind in kinds] + [a_list(rng, kind) for kind in lists] for _ in range(3)]
    return Program(source, calls)


def a_list(rng, kind):
    """An argument: a list of a few items, none of which is NaN: plain Python finds that by its identity."""
    items = [values.argument(rng, kind) for _ in range(rng.choice([0, 1, 1, 2, 3, 4, 20]))]
    return [item if item == item else 1.5 for item in items]


class Lists(Body):
    """A body whose lists, by name, have items of these kinds."""

    def __init__(self, rng, variables):
        super().__init__(rng, variables, [])
        self.lists = {}
        self.caught = 0
        # Loops around, those around a `try` included.
        self.around = 0
        # Lists that a loop walks over may change, but must not grow for ever.
        self.walked = set()

    def function(self, name, kinds, returns, statements=None):
        rng = self.rng
        for kind in ITEMS:
            self.assign(kind)
        self.new_list()
        for _ in range(rng.choice([4, 6, 9, 12])):
            self.statement()
        scalars = rng.sample(sorted(self.scope.variables), min(len(self.scope.variables), 4))
        chosen = scalars + [n for n in self.lists if rng.random() < 0.7]
        self.line(f"return ({', '.join(chosen)},)")
        head = ", ".join(f"p{i}" for i in range(len(kinds)))
        return f"def {name}({head}):\n" + "\n".join(self.lines)

    def block(self, make):
        outside = dict(self.lists)
        super().block(make)
        self.lists = outside

    def assign(self, kind):
        name = self.fresh()
        self.line(f"{name} = {self.value(kind)}")
        self.scope.variables[name] = kind

    def new(self):
        self.assign(self.rng.choice([*ITEMS, "bool"]))

    def statement(self):
        deep = self.indent >= 4
        choices = [(self.again, 10), (self.augment, 8), (self.new, 6), (self.swap, 2), (self.new_list, 8), (self.change, 30),
                   (self.read, 16), (self.fail, 4), (self.same, 3)]
        if not deep:
            choices += [(self.branch, 8), (self.count, 6), (self.walk_list, 10), (self.repeat, 3), (self.attempt, 18)]
        if self.loops:
            choices.append((self.leave, 4))
        if self.caught:
            choices.append((self.in_handler, 3))
        makers, weights = zip(*choices)
        self.rng.choices(makers, weights)[0]()

    def pick_list(self, kind=None):
        found = [name for name, item in self.lists.items() if kind in (None, item)]
        return self.rng.choice(found) if found else None

    def index(self, name):
        """A position that is often inside."""
        return self.rng.choice(["0", "-1", "1", leaf(self.scope, "int"), f"{leaf(self.scope, 'int')} % (len({name}) + 1)"])

    def value(self, kind):
        """An expression, of an item of a list now and then."""
        name = self.pick_list(kind)
        if name and self.rng.random() < 0.4:
            # The sum of no floats is an int in plain Python.
            total = f"sum({name})" if kind == "int" else f"sum({name}, 0.0)"
            forms = [f"{name}[{self.index(name)}]", total, f"{name}.pop()", f"max({name})", f"min({name})"]
            if kind == "int":
                forms += [f"len({name})", f"{name}.count({leaf(self.scope, 'int')})", f"{name}.index({leaf(self.scope, 'int')})"]
            return self.rng.choice(forms)
        return expression(self.scope, kind, 2)

    def new_list(self):
        kind, name = self.rng.choice(ITEMS), self.fresh()
        old = self.pick_list(kind)
        one = lambda: expression(self.scope, kind, 1)  # noqa: E731
        forms = [f"[{one()}]", f"[{one()}, {one()}, {one()}]", f"[{one()}] * ({leaf(self.scope, 'int')} % 4)"]
        if old:
            forms += [f"{old}[{self.slice()}]", f"{old}.copy()", f"{old}[:9] + [{one()}]", old, f"sorted({old})", f"list({old})",
                      f"[v for v in {old} if v > {one()}]", f"list(map(abs, {old}))", f"list(reversed({old}))"]
        if kind == "int":
            forms.append(f"[i * 2 for i in range({leaf(self.scope, 'int')} % 7)]")
        self.line(f"{name} = {self.rng.choice(forms)}")
        self.lists[name] = kind

    def change(self):
        name = self.pick_list()
        if not name:
            self.new_list()
            return
        kind = self.lists[name]
        one = expression(self.scope, kind, 2)
        other = self.pick_list(kind)
        forms = [f"{name}[{self.index(name)}] = {one}", f"{name}.pop()", f"del {name}[{self.index(name)}]", f"{name}.reverse()",
                 f"{name}.sort()", f"{name}.sort(reverse=True)", f"del {name}[{self.slice()}]", f"{name}.clear()",
                 f"{name}.pop({self.index(name)})", f"{name}.remove({leaf(self.scope, kind)})", f"{name}[{self.index(name)}] += {one}"]
        if name not in self.walked and other not in self.walked and self.around < 2:
            forms += 2 * [f"{name}.append({one})", f"{name}.insert({leaf(self.scope, 'int')}, {one})"]
        if not self.around:
            # What doubles a list must not go on.
            forms += [f"{name}[{self.slice()}] = {other}[{self.slice()}]", f"{name}.extend({other})", f"{name} += {other}", f"{name} *= {leaf(self.scope, 'int')} % 3"]
        self.line(self.rng.choice(forms))

    def read(self):
        """A test or number made of lists."""
        name = self.pick_list()
        if not name:
            return
        kind, made = self.lists[name], self.fresh()
        other = self.pick_list(kind)
        forms = [f"{leaf(self.scope, kind)} in {name}", f"{name} == {other}", f"{name} < {other}", f"{name} is {other}",
                 f"any({name})", f"all({name})", f"bool({name})"]
        self.line(f"{made} = {self.rng.choice(forms)}")
        self.scope.variables[made] = "bool"

    def same(self):
        """Another name for a list."""
        name, made = self.pick_list(), self.fresh()
        if name:
            self.line(f"{made} = {name}")
            self.lists[made] = self.lists[name]
            if name in self.walked:
                self.walked.add(made)

    def walk_list(self):
        name = self.pick_list()
        if not name:
            return
        kind = self.lists[name]
        outside = set(self.walked)
        self.walked |= set(self.lists)
        form = self.rng.random()
        if form < 0.5:
            self.loop(f"for {{}} in {name}:", {kind: 1})
        elif form < 0.7:
            self.loop(f"for {{}} in reversed({name}):", {kind: 1})
        else:
            self.loop(f"for {{}}, {{}} in enumerate({name}):", {"int": 1, kind: 2})
        self.walked = outside

    def loop(self, head, kinds):
        self.around += 1
        super().loop(head, kinds)
        self.around -= 1

    def repeat(self):
        self.around += 1
        super().repeat()
        self.around -= 1

    def attempt(self):
        """A `try` statement."""
        rng = self.rng
        self.line("try:")
        self.block(self.some)
        form = rng.random()
        if form < 0.85:
            for _ in range(rng.choice([1, 1, 2])):
                classes = rng.choice([rng.choice(CLASSES), f"({', '.join(rng.sample(CLASSES, 2))})"])
                self.line(f"except {classes}:")
                self.caught += 1
                self.block(self.some)
                self.caught -= 1
            if rng.random() < 0.3:
                self.line("else:")
                self.block(self.some)
        if form >= 0.85 or rng.random() < 0.25:
            self.line("finally:")
            loops, self.loops = self.loops, 0
            self.block(self.some)
            self.loops = loops

    def in_handler(self):
        self.line(f"if {condition(self.scope, 1)}:")
        self.block(lambda: self.line(self.rng.choice(["raise", "raise KeyError(1)", 'raise ValueError("again") from None'])))
