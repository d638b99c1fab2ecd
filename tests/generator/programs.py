"""Programs: functions of statements, with arguments to call the last one with."""
from . import values
from .expressions import Scope, condition, expression, index, item, leaf


class Program:
    """Source text, the name of the function to call, and arguments for several calls."""

    layouts = True  # whether strides of results are compared

    def __init__(self, source, calls, kinds=(), options=None, aliases=()):
        self.source = source
        self.calls = calls
        self.options = options or {}  # of jit
        self.aliases = aliases  # (n, m, part): argument n is this part of argument m
        self.kinds = kinds  # of the items of the result

    def shown(self):
        """The options and the arguments as text."""
        return f"{self.options or ''}{self.aliases or ''}\n" + "\n".join("  " + ", ".join(values.shown(a) for a in call) for call in self.calls)


class Helper:
    """A function that what follows may call."""

    def __init__(self, name, parameters, returns):
        self.name = name
        self.parameters = parameters
        self.returns = returns


def make(rng):
    """A program."""
    helpers, parts = [], []
    for position in range(rng.choice([0, 0, 1, 2])):
        helper, text = make_helper(rng, f"h{position}", helpers)
        helpers.append(helper)
        parts.append(text)
    kinds = parameters(rng)
    body = Body(rng, {f"p{i}": kind for i, kind in enumerate(kinds)}, helpers)
    parts.append(body.function("f", kinds, None))
    calls = [[values.argument(rng, kind) for kind in kinds] for _ in range(3)]
    options = rng.choice([{}] * 6 + [{"overflow": "wrap"}, {"debug": True}, {"inline": "never"}])
    return Program("\n\n".join(parts) + "\n", calls, body.returned, options, overlaps(rng, kinds))


def overlaps(rng, kinds):
    """Two array arguments that share memory, now and then."""
    same = [(n, m) for n, a in enumerate(kinds) for m, b in enumerate(kinds) if m < n and values.is_array(a) and a == b]
    if not same or rng.random() < 0.3:
        return ()
    return ((*rng.choice(same), rng.choice([..., ..., slice(1, None), slice(None, -1), slice(None, None, -1)])),)


def parameters(rng):
    """The kinds of the parameters of the function that is called."""
    kinds = [rng.choice(values.SCALARS) for _ in range(rng.choice([1, 2, 3]))]
    arrays = [some_array(rng) for _ in range(rng.choice([0, 1, 1, 2]))]
    if len(arrays) == 2 and rng.random() < 0.5:
        arrays[1] = arrays[0]
    return kinds + arrays


def some_array(rng):
    """An array kind."""
    return f"{rng.choice(values.ELEMENTS)}[{rng.choice([1, 1, 2])}]"


def make_helper(rng, name, helpers):
    """A function of scalars, perhaps of an array, that returns one scalar."""
    kinds = [rng.choice(values.SCALARS) for _ in range(rng.choice([1, 2]))]
    kinds += [some_array(rng) for _ in range(rng.choice([0, 0, 1, 2]))]
    returns = rng.choice(values.SCALARS) if rng.random() < 0.7 else some_array(rng)
    body = Body(rng, {f"p{i}": kind for i, kind in enumerate(kinds)}, helpers)
    return Helper(name, kinds, returns), body.function(name, kinds, returns, statements=rng.choice([1, 2, 4]))


class Body:
    """The body of a function under construction."""

    def __init__(self, rng, variables, helpers):
        self.rng = rng
        self.scope = Scope(rng, variables, helpers)
        self.lines = []
        self.indent = 1
        self.loops = 0
        self.names = 0
        self.returned = []
        self.returns = None
        self.nested = False
        self.counts_last = False  # the innermost loop counts at its end: `continue` would never end it
        self.parameters = set(variables)

    def function(self, name, kinds, returns, statements=None):
        """The function's text.  Without `returns` it returns a tuple of its scalars."""
        rng = self.rng
        self.returns = returns
        for kind in sorted(set(values.SCALARS)):
            if rng.random() < (0.3 if returns else 0.5):
                self.assign(kind)
        if rng.random() < 0.3:
            self.local_array()
        for _ in range(statements or rng.choice([3, 5, 8, 12])):
            self.statement()
        if returns:
            self.line(f"return {expression(self.scope, returns, 2)}")
        else:
            scalars = [n for n, k in self.scope.variables.items() if not values.is_array(k)]
            arrays = [n for n in self.scope.arrays() if rng.random() < 0.3]
            chosen = rng.sample(scalars, min(len(scalars), 5)) + arrays
            self.returned = [self.scope.variables[name] for name in chosen]
            self.line(f"return ({', '.join(chosen)},)")
        head = ", ".join(f"p{i}" for i in range(len(kinds)))
        return f"def {name}({head}):\n" + "\n".join(self.lines)

    def line(self, text):
        self.lines.append("    " * self.indent + text)

    def fresh(self):
        """A new name."""
        self.names += 1
        return f"x{self.names}"

    def block(self, make):
        """An indented block; variables first assigned in it are not seen after it."""
        outside, before = dict(self.scope.variables), len(self.lines)
        self.indent += 1
        make()
        if len(self.lines) == before:
            self.line("pass")
        self.indent -= 1
        self.scope.variables = outside

    def some(self):
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            self.statement()

    def statement(self):
        """One statement."""
        deep = self.indent >= 4
        choices = [(self.again, 30), (self.augment, 14), (self.new, 10), (self.store, 14), (self.swap, 3), (self.view, 5)]
        if not deep:
            choices += [(self.branch, 14), (self.count, 10), (self.walk, 6), (self.repeat, 4), (self.nest, 8)]
        if self.loops:
            choices.append((self.leave, 4))
        choices += [(self.fail, 2), (self.unpack, 4), (self.fill, 4), (self.renew, 4), (self.optional, 2), (self.check, 1)]
        if not deep and not self.nested:
            choices.append((self.inner, 4))
        if self.returns:
            choices.append((self.return_early, 4))
        makers, weights = zip(*choices)
        self.rng.choices(makers, weights)[0]()

    def assign(self, kind):
        """A new variable."""
        name = self.fresh()
        self.line(f"{name} = {expression(self.scope, kind, 2)}")
        self.scope.variables[name] = kind

    def new(self):
        found = [self.scope.variables[n] for n in self.scope.arrays()]
        if found and self.rng.random() < 0.2:
            self.assign(self.rng.choice(found))
        else:
            self.assign(self.rng.choice(values.SCALARS))

    def writable(self, *kinds):
        """A scalar variable that may be assigned: loop counters and bounds are none."""
        found = [n for n, k in self.scope.variables.items() if not values.is_array(k) and not n.startswith("i")
                 and (not kinds or k in kinds)]
        return self.rng.choice(found) if found else None

    def again(self):
        name = self.writable()
        if name:
            self.line(f"{name} = {expression(self.scope, self.scope.variables[name], 3)}")

    def augment(self):
        name = self.writable("int", "float", "np.float64", "np.float32", *values.NUMPY_INTS)
        if name:
            kind = self.scope.variables[name]
            operators = ["+", "-", "*"] + (["/"] if "float" in kind else ["//", "%", "&", "|", "^"])
            other = kind if self.rng.random() < 0.7 or "float" not in kind else "int"
            self.line(f"{name} {self.rng.choice(operators)}= {expression(self.scope, other, 2)}")

    def store(self):
        names = self.scope.arrays()
        if names:
            name = self.rng.choice(names)
            kind = values.element(self.scope.variables[name])
            value = expression(self.scope, kind if self.rng.random() < 0.8 else "int", 2)
            operator = self.rng.choice(["", "", "", "+", "*"])
            self.line(f"{item(self.scope, name, 1)} {operator}= {value}")

    def swap(self):
        name = self.writable()
        other = name and self.writable(self.scope.variables[name])
        if name and other and name != other:
            self.line(f"{name}, {other} = {other}, {name}")

    def unpack(self):
        kinds = [self.rng.choice(values.SCALARS) for _ in range(self.rng.choice([2, 3]))]
        if self.rng.random() < 0.3:
            kinds[0] = some_array(self.rng)
        parts = ", ".join(expression(self.scope, kind, 2) for kind in kinds)
        names = [self.fresh() for _ in kinds]
        if self.rng.random() < 0.5:
            whole = self.fresh()
            self.line(f"{whole} = ({parts})")
            self.line(f"{', '.join(names)} = {whole}")
        else:
            self.line(f"{', '.join(names)} = {parts}")
        self.scope.variables.update(zip(names, kinds))

    def bound(self):
        """A slice's bound."""
        return self.rng.choice(["", "", "1", "2", "-1", leaf(self.scope, "int")])

    def slice(self):
        step = self.rng.choice(["", "", "", ":2", ":-1", ":-2"])
        return f"{self.bound()}:{self.bound()}{step}"

    def view(self):
        names = self.scope.arrays()
        if not names:
            return
        name, made = self.rng.choice(names), self.fresh()
        kind = self.scope.variables[name]
        dtype = kind.split("[")[0]
        if values.ndim(kind) == 1:
            self.line(f"{made} = {name}[{self.slice()}]")
            self.scope.variables[made] = kind
            return
        form = self.rng.random()
        if form < 0.3:
            self.line(f"{made} = {name}[{index(self.scope, name, 0, 0)}]")
            self.scope.variables[made] = f"{dtype}[1]"
        elif form < 0.6:
            self.line(f"{made} = {name}[:, {index(self.scope, name, 1, 0)}]")
            self.scope.variables[made] = f"{dtype}[1]"
        elif form < 0.7:
            self.line(f"{made} = {name}.T")
            self.scope.variables[made] = kind
        else:
            self.line(f"{made} = {name}[{self.slice()}, {self.slice()}]")
            self.scope.variables[made] = kind

    def local_array(self):
        name, dtype = self.fresh(), self.rng.choice(values.ELEMENTS)
        size = f"abs({leaf(self.scope, 'int')}) % 5"
        form = self.rng.random()
        if form < 0.6:
            self.line(f"{name} = np.{self.rng.choice(['zeros', 'ones'])}({size}, np.{dtype})")
            self.scope.variables[name] = f"{dtype}[1]"
        else:
            self.line(f"{name} = np.zeros(({size}, 3), np.{dtype})")
            self.scope.variables[name] = f"{dtype}[2]"

    def branch(self):
        self.line(f"if {condition(self.scope, 2)}:")
        self.block(self.some)
        if self.rng.random() < 0.3:
            self.line(f"elif {condition(self.scope, 2)}:")
            self.block(self.some)
        if self.rng.random() < 0.5:
            self.line("else:")
            self.block(self.some)

    def count(self):
        """A loop over a range."""
        rng = self.rng
        names = self.scope.arrays()
        stop = rng.choice(["3", "5", "10"])
        if names and rng.random() < 0.7:
            name = rng.choice(names)
            stop = f"{name}.shape[{rng.randrange(values.ndim(self.scope.variables[name]))}]"
        elif not self.loops and self.indent == 1 and rng.random() < 0.05:
            stop = "5000"  # more passes than between two polls
        form = rng.choice([stop, stop, stop, f"1, {stop}", f"1, {stop} - 1", f"{stop} - 1, -1, -1", f"0, {stop}, 2"])
        self.loop(f"for {{}} in range({form}):", {"int": 1})

    def walk(self):
        """A loop over an array."""
        rng = self.rng
        names = self.scope.arrays(1)
        if not names:
            return
        name = rng.choice(names)
        kind = values.element(self.scope.variables[name])
        form = rng.random()
        if form < 0.5:
            self.loop(f"for {{}} in {name}:", {kind: 1})
        elif form < 0.8:
            self.loop(f"for {{}}, {{}} in enumerate({name}):", {"int": 1, kind: 2})
        else:
            other = rng.choice(names)
            self.loop(f"for {{}}, {{}} in zip({name}, {other}):", {kind: 1, values.element(self.scope.variables[other]): 2})

    def loop(self, head, kinds):
        """A `for` loop whose targets have these kinds."""
        targets = [f"i{self.fresh()}" for _ in range(head.count("{}"))]
        listed = list(kinds) * (2 if len(kinds) < len(targets) else 1)
        self.line(head.format(*targets))
        self.loops += 1

        def body():
            outside, self.counts_last = self.counts_last, False
            self.scope.variables.update(zip(targets, listed))
            self.some()
            self.counts_last = outside

        self.block(body)
        self.loops -= 1
        if self.rng.random() < 0.1:
            self.line("else:")
            self.block(self.some)

    def repeat(self):
        """A `while` loop that ends."""
        counter = f"i{self.fresh()}"
        names = [n for n in self.scope.arrays() if n in self.parameters]  # others may grow in the loop
        up = names and self.rng.random() < 0.5
        self.line(f"{counter} = {0 if up else self.rng.choice([2, 4, 6])}")
        self.scope.variables[counter] = "int"
        test = f"{counter} < len({self.rng.choice(names)})" if up else f"{counter} > 0"
        more = f" and {condition(self.scope, 1)}" if self.rng.random() < 0.5 else ""
        self.line(f"while {test}{more}:")
        self.loops += 1

        def body():
            outside, self.counts_last = self.counts_last, up
            if not up:
                self.line(f"{counter} -= 1")
            self.some()
            if up:
                self.line(f"{counter} += 1")
            self.counts_last = outside

        self.block(body)
        self.loops -= 1

    def leave(self):
        self.line(f"if {condition(self.scope, 1)}:")
        ways = ["break"] if self.counts_last else ["break", "continue"]
        self.block(lambda: self.line(self.rng.choice(ways)))

    def fail(self):
        self.line(f"if {condition(self.scope, 1)}:")
        text = self.rng.choice(['"wrong"', 'f"wrong {' + leaf(self.scope, "int") + '}"'])
        self.block(lambda: self.line(f"raise {self.rng.choice(['ValueError', 'RuntimeError', 'IndexError'])}({text})"))

    def return_early(self):
        """A return in the middle of a helper."""
        self.line(f"if {condition(self.scope, 1)}:")
        self.block(lambda: self.line(f"return {expression(self.scope, self.returns, 1)}"))

    def fill(self):
        """A store to a slice: of a scalar, or of an array that may not fit."""
        names = self.scope.arrays()
        if not names:
            return
        name = self.rng.choice(names)
        kind = self.scope.variables[name]
        place = ", ".join(self.slice() for _ in range(values.ndim(kind)))
        others = [n for n in names if self.scope.variables[n] == kind]
        value = self.rng.choice(others) if self.rng.random() < 0.4 else expression(self.scope, values.element(kind), 1)
        if value in others and self.rng.random() < 0.6:
            value, place = f"{value}[{place}]", ", ".join(":" for _ in range(values.ndim(kind)))
        self.line(f"{name}[{place}] = {value}")

    def renew(self):
        """An array variable gets another array: a copy, a new one, a part."""
        names = [n for n in self.scope.arrays() if n.startswith("x")]
        if not names:
            self.local_array()
            return
        name = self.rng.choice(names)
        kind = self.scope.variables[name]
        others = [n for n in self.scope.arrays() if self.scope.variables[n] == kind]
        other = self.rng.choice(others)
        if values.ndim(kind) == 1:
            forms = [f"{other}[{self.slice()}]", f"np.zeros(len({other}) % 7 + 1, np.{kind[:-3]})"]
        else:
            forms = [f"{other}[{self.slice()}]"]
        self.line(f"{name} = {self.rng.choice([*forms, expression(self.scope, kind, 2)])}")

    def optional(self):
        """A variable that is None or an int."""
        name = self.fresh()
        first, second = "None", expression(self.scope, "int", 1)
        if self.rng.random() < 0.5:
            first, second = second, first
        self.line(f"{name} = {first} if {condition(self.scope, 1)} else {second}")
        if self.indent == 1:
            self.scope.optionals.append(name)

    def check(self):
        self.line(f"assert {condition(self.scope, 1)}, {leaf(self.scope, 'int')}")

    def inner(self):
        """A nested function that sees, and may change, a variable around it."""
        name, kinds = self.fresh(), [self.rng.choice(values.SCALARS) for _ in range(self.rng.choice([0, 1, 2]))]
        returns = self.rng.choice(values.SCALARS)
        changed = self.writable() if self.rng.random() < 0.5 else None
        if changed in self.parameters:
            changed = None
        self.line(f"def {name}({', '.join(f'q{i}' for i in range(len(kinds)))}):")
        self.nested, outer = True, self.returns

        def body():
            if changed:
                self.line(f"nonlocal {changed}")
            self.scope.variables.update((f"q{i}", kind) for i, kind in enumerate(kinds))
            outside, self.returns = self.loops, None
            self.loops = 0
            if changed:
                self.line(f"{changed} = {expression(self.scope, self.scope.variables[changed], 2)}")
            self.line(f"return {expression(self.scope, returns, 2)}")
            self.loops = outside

        self.block(body)
        self.nested, self.returns = False, outer
        if self.indent == 1:
            self.scope.helpers.append(Helper(name, kinds, returns))

    def nest(self):
        """A loop nest over an array as numerical programs have it: stencils, sums, updates in place."""
        rng, names = self.rng, self.scope.arrays()
        if not names:
            return
        name = rng.choice(names)
        kind = self.scope.variables[name]
        margin, step = rng.choice([0, 0, 1, 2]), rng.choice(["", "", "", ", 2"])
        counters, depth = [f"i{self.fresh()}" for _ in range(values.ndim(kind))], self.indent
        outside = dict(self.scope.variables)
        for axis, counter in enumerate(counters):
            start = rng.choice([str(margin), str(margin), counters[axis - 1]]) if axis else str(margin)
            stop = f"{name}.shape[{axis}]" + (f" - {margin}" if margin else "")
            self.line(f"for {counter} in range({start if start != '0' or step else 0}, {stop}{step}):")
            self.indent += 1
            self.scope.variables[counter] = "int"
        near = lambda: f"{name}[{', '.join(self.shifted(c, margin) for c in counters)}]"  # noqa: E731
        sums = [n for n, k in outside.items() if k == values.element(kind) and n.startswith("x")]
        others = [n for n in names if self.scope.variables[n] == kind]
        for _ in range(rng.choice([1, 1, 2, 3])):
            value = f" {rng.choice(['+', '-', '*'])} ".join(near() for _ in range(rng.choice([1, 2, 3])))
            if sums and rng.random() < 0.4:
                self.line(f"{rng.choice(sums)} {rng.choice(['+=', '+=', '-=', '='])} {value}")
            elif rng.random() < 0.25:
                self.line(f"if {near()} {rng.choice(['<', '>', '!='])} {near()}:" if "complex" not in kind else "if True:")
                self.block(lambda value=value: self.line(f"{near()} = {value}"))
            else:
                target = f"{rng.choice(others)}[{', '.join(counters)}]"
                self.line(f"{target} {rng.choice(['=', '=', '+='])} {value}")
        self.indent, self.scope.variables = depth, outside

    def shifted(self, counter, margin):
        """An index near a loop counter."""
        by = self.rng.randint(-margin, margin)
        return f"{counter} {'+' if by > 0 else '-'} {abs(by)}" if by else counter
