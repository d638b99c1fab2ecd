"""Programs over strings and bytes: made, cut, searched, formatted and parsed, in all widths, with exception handlers around."""
from . import values
from .containers import Lists
from .expressions import leaf
from .programs import Program

TEXTS = ["", "a", "abc", "ABC def", "  x ", "äöü", "ß", "İi", "ΑΣ Σ", "e\u0301x", "日本", "🐍z", "a\0b", "12", "-7", "3.5", "x,y,,z", "tab\tq", "l1\nl2\r\nl3\x85",
         "ǅ", "ﬁ", "\u2028w", "١٢", "aaaa", "\x1c\x1d", "Ÿÿ", "ŉ"]
#: Arguments may hold what literals of compiled code may not.
GIVEN = [*TEXTS, "\udc80q", "\ud83d"]
BYTES = [b"", b"a", b"abc", b"A b\tC", b"\xff\x80", b"x,y,,z", b"12", b" 7 ", b"l1\nl2\r\n", b"aaaa", b"\0"]
CASES = ["lower", "upper", "title", "capitalize", "swapcase", "strip", "lstrip", "rstrip"]
CLASSES = ["isalpha", "isdigit", "isalnum", "isspace", "isupper", "islower", "istitle", "isascii"]
SPECIFICATIONS = ["", "5", "<4", "+d", "#x", "08b", ",", "^9", "_"]


def make(rng):
    """A program."""
    kinds = ["str", "str", "bytes", rng.choice(["int", "bytearray"])]
    body = Texts(rng, {f"p{i}": kind for i, kind in enumerate(kinds) if kind == "int"})
    body.texts = {f"p{i}": kind for i, kind in enumerate(kinds) if kind != "int"}
    source = body.function("f", kinds, None) + "\n"
    return Program(source, [[argument(rng, kind) for kind in kinds] for _ in range(3)])


def argument(rng, kind):
    """A value of a kind."""
    if kind == "str":
        return rng.choice(GIVEN)
    if kind in ("bytes", "bytearray"):
        return bytearray(rng.choice(BYTES)) if kind == "bytearray" else rng.choice(BYTES)
    return values.argument(rng, kind)


class Texts(Lists):
    """A body with strings, by name."""

    def __init__(self, rng, variables):
        super().__init__(rng, variables)
        self.texts = {}

    def function(self, name, kinds, returns, statements=None):
        for kind in ("int", "str", "bytes"):
            self.define(kind)
        for _ in range(self.rng.choice([4, 6, 9, 12])):
            self.statement()
        scalars = self.rng.sample(sorted(self.scope.variables), min(len(self.scope.variables), 3))
        self.line(f"return ({', '.join([*self.texts, *scalars])},)")
        return f"def {name}({', '.join(f'p{i}' for i in range(len(kinds)))}):\n" + "\n".join(self.lines)

    def block(self, make):
        outside = dict(self.texts)
        super().block(make)
        self.texts = outside

    def statement(self):
        choices = [(lambda: self.define("int"), 6), (lambda: self.define("str"), 10), (lambda: self.define("bytes"), 6),
                   (self.join_up, 10), (self.change_bytes, 8), (self.test, 8), (self.augment, 3)]
        if self.indent < 4:
            choices += [(self.branch, 8), (self.walk_text, 8), (self.attempt, 14)]
        if self.loops:
            choices.append((self.leave, 3))
        if self.caught:
            choices.append((self.in_handler, 3))
        makers, weights = zip(*choices)
        self.rng.choices(makers, weights)[0]()

    def define(self, kind):
        name = self.fresh()
        self.line(f"{name} = {self.make(kind, 2)}")
        (self.scope.variables if kind == "int" else self.texts)[name] = kind

    def join_up(self):
        name = self.pick("str")
        self.line(f"{name} = ({name} + {self.make('str', 1)})[:60]")

    def change_bytes(self):
        """A change of a byte array, whose value goes somewhere."""
        name = self.pick("bytearray")
        if not name:
            name = self.fresh()
            self.line(f"{name} = bytearray({self.make('bytes', 1)})")
            self.texts[name] = "bytearray"
            return
        one, place, more = self.make("int", 1), self.place(), self.make("bytes", 1)
        forms = [f"{name}.append({one} & 255)", f"{name}[{place}] = {one}", f"{name}.pop()", f"del {name}[{place}]", f"{name}.reverse()",
                 f"{name}.insert({place}, {one} & 255)", f"{name}.remove({one})", f"del {name}[{place}:{place}]", f"{name}.clear()"]
        if not self.around:
            forms += [f"{name} += {more}", f"{name}.extend({more})", f"{name}[{place}:{self.place()}] = {more}", f"{name} *= {leaf(self.scope, 'int')} % 3"]
        self.line(self.rng.choice(forms))

    def test(self):
        made, kind = self.fresh(), self.rng.choice(["str", "bytes"])
        one, other = self.make(kind, 1), self.make(kind, 1)
        forms = [f"{one} {self.rng.choice(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'])} {other}", f"{one}.{self.rng.choice(CLASSES)}()",
                 f"{one}.startswith({other})", f"{one}.endswith({other}, {self.place()})", f"bool({one})"]
        self.line(f"{made} = {self.rng.choice(forms)}")
        self.scope.variables[made] = "bool"

    def walk_text(self):
        name = self.fresh()
        self.line(f"for {name} in {self.make('str', 1)}[:5]:")
        self.loops, self.around = self.loops + 1, self.around + 1

        def inside():
            self.texts[name] = "str"
            self.statement()
            self.join_up()

        self.block(inside)
        self.loops, self.around = self.loops - 1, self.around - 1

    def place(self):
        return self.rng.choice(["0", "-1", "1", "2", leaf(self.scope, "int")])

    def pick(self, kind):
        found = [name for name, of in self.texts.items() if of == kind]
        return self.rng.choice(found) if found else None

    def make(self, kind, depth):
        """An expression of a kind."""
        rng = self.rng
        if depth == 0 or rng.random() < 0.25:
            if kind == "int":
                return leaf(self.scope, "int")
            literal = repr(rng.choice(TEXTS if kind == "str" else BYTES))
            return literal if rng.random() < 0.3 else self.pick(kind) or literal
        return rng.choice({"int": self.numbers, "str": self.strings, "bytes": self.raws}[kind](depth - 1))

    def numbers(self, depth):
        kind = self.rng.choice(["str", "bytes"])
        one, other = self.make(kind, depth), self.make(kind, depth)
        text, raw = self.make("str", depth), self.make("bytes", depth)
        return [f"len({one})", f"{one}.find({other})", f"{one}.rfind({other}, {self.place()})", f"{one}.count({other})", f"{one}.index({other})",
                f"int({text})", f"int({text}, 16)", f"ord({text}[0])", f"{raw}[{self.place()}]", f"sum({raw})", f"len({text}.split())",
                f"len({one}.splitlines())", f"int.from_bytes({raw}[:4], 'little')", f"ord({self.rng.choice(['text', 'Σ'])!r}[1:2] or 'x')"]

    def strings(self, depth):
        rng, place, number = self.rng, self.place, self.make("int", depth)
        one, other, third, raw = (self.make(kind, depth) for kind in ("str", "str", "str", "bytes"))
        spec = repr(rng.choice(SPECIFICATIONS))
        return [f"({one} + {other})", f"{one}[{place()}:{place()}]", f"{one}[::{rng.choice([-1, 2, -2])}]", f"{one}[{place()}]", f"{one}.{rng.choice(CASES)}()",
                f"{one}.casefold()", f"{one}.strip({other})", f"{one}.replace({other}, {third}, {place()})", f"{one}.center({number} & 15, '*')",
                f"{one}.ljust({number} & 15)", f"{one}.zfill({number} & 15)", f"{one}.expandtabs({number} & 7)", f"{one}.removeprefix({other})", f"{one}.join([{other}, {third}])",
                f"{one}.partition({rng.choice(TEXTS[1:])!r})[{rng.choice([0, 1, 2])}]", f"{one}.rpartition({other})[{rng.choice([0, 1, 2])}]",
                f"str({number})", f"repr({one})", f"ascii({one})", f"format({number}, {spec})", f"format({one}, {rng.choice(['>5', '.2', '*^7.3'])!r})",
                f"({rng.choice(['%s|%s', '%5s%r', '%a-%s'])!r} % ({one}, {other}))", f"({one} % ({number},))", f"({rng.choice(['%d', '%5x', '%+d', '%-6d|'])!r} % {number})",
                f"'{{}}-{{:>4}}'.format({one}, {number})", f"{one}.format({other})", f"chr({number} & 1023)", f"hex({number})",
                f"{raw}.decode({rng.choice(['latin-1', 'utf-8', 'cp437'])!r}, {rng.choice(['strict', 'replace', 'ignore', 'backslashreplace'])!r})", f"{raw}.hex()", f"str({raw})",
                f"({one} or {other})", f"max({one}, {other})", f"''.join(sorted({one}))", f"''.join([c for c in {one} if c not in {other}])"]

    def raws(self, depth):
        rng, place = self.rng, self.place
        one, other, text, number = (self.make(kind, depth) for kind in ("bytes", "bytes", "str", "int"))
        return [f"({one} + {other})", f"{one}[{place()}:{place()}]", f"{one}[::-1]", f"{one}.{rng.choice(CASES)}()", f"{one}.replace({other}, b'yz')", f"{text}.encode()",
                f"{text}.encode({rng.choice(['ascii', 'latin-1', 'cp1252'])!r}, {rng.choice(['strict', 'replace', 'xmlcharrefreplace'])!r})", f"{one}.center({number} & 15, b'-')",
                f"b','.join([{one}, {other}])", f"bytes([{number} & 255, {place()}])", f"{one}.translate(bytes.maketrans(b'abc', b'xyz'))", f"(b'%s %d' % ({one}, {number}))",
                f"({number}).to_bytes(8, 'little', signed=True)"]
