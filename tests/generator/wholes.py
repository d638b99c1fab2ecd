"""Programs over whole arrays: expressions, slices on both sides, masks, reductions, names used once or often.

A statement is written at random and tried on small arrays; what NumPy refuses there is written again.  So the
programs need no rules of shapes and dtypes of their own, and the calls, with arrays of other sizes, mostly succeed.
"""
import math

import numpy as np

from . import programs, values

#: Dtypes of the arguments; no complex ones, because NumPy contracts products of complex arrays on some processors.
DTYPES = ["float64", "float64", "float64", "float32", "int64", "int64", "int32", "int8", "uint8", "uint64", "bool"]
SHAPES = [("n",), ("n",), ("n", "m"), ("n", "m"), ("m",), ("n", 1), ("m", "n"), (), ("n", "m", 2)]
TRIAL = {"n": 5, "m": 4}
BINARY = ["+", "-", "*", "+", "-", "*", "/", "//", "%", "&", "|", "^", "<", "<=", "==", "!=", ">"]
ONE = ["-{}", "abs({})", "np.sqrt({})", "np.floor({})", "np.square({})", "np.sign({})", "~{}", "{} ** 2", "np.isnan({})",
       "{}.astype(np.float64)", "{}.astype(np.int32)", "np.negative({})", "np.conj({})", "{}.real", "{}.copy()"]
TWO = ["np.maximum({}, {})", "np.minimum({}, {})", "np.add({}, {})", "np.copysign({}, {})", "np.logical_and({}, {})", "np.fmax({}, {})"]
VIEWS = ["[1:]", "[:-1]", "[1:-1]", "[::2]", "[::-1]", ".T", "[None]", "[..., None]", "[:, 0]", "[0]", "[-1]", "[:, 1:]", "[1:, :-1]", "[...]",
         ".ravel()", "[:, None]", ".reshape(-1)"]
REDUCTIONS = ["np.sum({})", "{}.sum()", "{}.sum(axis=0)", "np.sum({}, axis=-1)", "np.max({})", "{}.min(axis=0)", "{}.any()", "np.all({}, axis=0)",
              "np.argmax({})", "{}.prod()", "np.max({}, axis=-1, keepdims=True)", "np.cumsum({})", "np.count_nonzero({})", "{}.argmin(axis=0)"]
INDEXED = ["{a}[{a} > {b}]", "{a}[np.array([0, -1, 1])]", "{a}[np.flatnonzero({a} != 0)]", "np.where({b} > 0, {a}, {b})", "{a}[[1, 0]]",
           "np.where({a} != {b}, {b}, 0)", "np.clip({a}, 0, 3)", "np.nonzero({a})[0]", "np.take({a}, [0, 0])", "{a}[:, [0, 1]]"]
TARGETS = ["[...]", "[1:]", "[:-1]", "[1:-1]", "[::2]", "[::-1]", "[0]", "[:, 0]", "[:, 1:]", "[{a} > 0]", "[np.array([0, -1])]", ".T[...]", "[[0, 1]]"]
RARELY = 0.03


class Program(programs.Program):
    """A program over arrays; results of expressions are in C order more often than NumPy's."""

    layouts = False


class Writer:
    """A function's statements, each tried on small arrays."""

    def __init__(self, rng, parameters):
        self.rng, self.lines, self.names = rng, [], 0
        self.space = {"np": np, "math": math}
        for name, (dtype, shape) in parameters.items():
            self.space[name] = trial(dtype, shape)

    def variables(self):
        """Names that can be used."""
        return [name for name in self.space if name not in ("np", "math")]

    def atom(self):
        """A variable, a view of one, or a number."""
        form = self.rng.random()
        if form < 0.12:
            return self.rng.choice(["0", "1", "2", "0.5", "-3", "2.0", "np.float32(1.5)", "np.int8(3)", "True"])
        name = self.rng.choice(self.variables())
        return name + self.rng.choice(VIEWS) if form < 0.4 else name

    def expression(self, depth):
        """Any expression."""
        form = self.rng.random()
        if depth == 0 or form < 0.15:
            return self.atom()
        if form < 0.6:
            return f"({self.expression(depth - 1)} {self.rng.choice(BINARY)} {self.expression(depth - 1)})"
        if form < 0.72:
            return self.rng.choice(ONE).format(self.operand(depth))
        if form < 0.8:
            return self.rng.choice(TWO).format(self.expression(depth - 1), self.expression(depth - 1))
        if form < 0.91:
            return self.rng.choice(REDUCTIONS).format(self.operand(depth))
        return self.rng.choice(INDEXED).format(a=self.operand(depth), b=self.expression(depth - 1))

    def operand(self, depth):
        """An expression that a method or an operator can be put to."""
        text = self.expression(depth - 1)
        return text if text.isidentifier() or text.startswith("(") or text.endswith(")") else f"({text})"

    def statement(self):
        """A statement's text."""
        form, names = self.rng.random(), self.variables()
        if form < 0.5:
            self.names += 1
            return f"x{self.names} = {self.expression(self.rng.choice([1, 2, 3]))}"
        target = self.rng.choice(names)
        operator = self.rng.choice(["", "", "+", "-", "*"])
        if form < 0.65:
            return f"{target} {operator or '+'}= {self.expression(2)}"
        if form < 0.95:
            return f"{target}{self.rng.choice(TARGETS).format(a=target)} {operator}= {self.expression(2)}"
        return f"{target} = {self.expression(2)}"

    def add(self, indent):
        """Writes one statement that NumPy accepts, or, rarely, one that it does not."""
        for _ in range(30):
            text = self.statement()
            tried = {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in self.space.items()}
            try:
                with np.errstate(all="ignore"):
                    exec(text, tried)                                                                          # noqa: S102
            except Exception:                                                                                  # noqa: BLE001
                if self.rng.random() > RARELY:
                    continue
                tried = {name: value for name, value in tried.items() if name in self.space}
            tried = {name: value for name, value in tried.items() if not name.startswith("__")}
            if not all(supported(value) for value in tried.values()):
                continue
            if indent and any(kind(value) != kind(self.space[name]) for name, value in tried.items() if name in self.space):
                continue  # a loop keeps the kinds of its variables
            self.lines.append("    " * (indent + 1) + text)
            if not indent:
                self.space = tried
            return


def supported(value):
    """Whether compiled code has such values; NumPy scalars have no indices there."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.ndim <= 3 and value.dtype != object
    return not isinstance(value, tuple)


def kind(value):
    """What a variable must keep over a loop."""
    return (type(value), value.dtype, value.ndim) if isinstance(value, (np.ndarray, np.generic)) else type(value)


def trial(dtype, shape):
    """A small array with room for every view of it."""
    sizes = tuple(TRIAL.get(size, size) for size in shape)
    return (np.arange(1, 1 + math.prod(sizes)).reshape(sizes) % 7).astype(dtype)


def make(rng):
    """A program."""
    parameters = {f"p{i}": (rng.choice(DTYPES), rng.choice(SHAPES)) for i in range(rng.choice([1, 2, 3]))}
    writer = Writer(rng, parameters)
    for _ in range(rng.choice([2, 3, 5, 8])):
        if rng.random() < 0.12:
            writer.lines.append(f"    for i in range({rng.choice([1, 2, 3])}):")
            before = len(writer.lines)
            for _ in range(rng.choice([1, 2])):
                writer.add(1)
            if len(writer.lines) == before:
                writer.lines.append("        pass")
        else:
            writer.add(0)
    names = writer.variables()
    returned = rng.sample(names, min(len(names), rng.choice([1, 2, 4])))
    source = f"def f({', '.join(parameters)}):\n" + "\n".join(writer.lines) + f"\n    return ({', '.join(returned)},)\n"
    calls = []
    for _ in range(3):
        sizes = {"n": rng.choice([0, 1, 2, 3, 5, 8, 9, 17, 40, 130]), "m": rng.choice([1, 2, 3, 4, 6, 33])}
        calls.append([argument(rng, dtype, tuple(sizes.get(s, s) for s in shape)) for dtype, shape in parameters.values()])
    return Program(source, calls, aliases=overlaps(rng, list(parameters.values())))


def overlaps(rng, kinds):
    """Two arguments that share memory, now and then."""
    same = [(i, j) for i, a in enumerate(kinds) for j, b in enumerate(kinds) if j < i and a == b and a[1]]
    if not same or rng.random() < 0.4:
        return ()
    return ((*rng.choice(same), rng.choice([..., slice(None, None, -1)])),)


def argument(rng, dtype, shape):
    """An array of a shape in any layout; 0-d ones are NumPy scalars."""
    if not shape:
        return values.number(rng, np.dtype(dtype).type) if dtype != "bool" else np.bool_(rng.random() < 0.5)
    wide = np.zeros(tuple(2 * n for n in shape), dtype)
    layout = rng.choice(["C", "C", "C", "F", "strided", "reversed"])
    if layout == "strided":
        made = wide[tuple(slice(None, None, 2) for _ in shape)]
    elif layout == "reversed":
        made = wide[tuple(slice(0, n) for n in shape)].copy()[::-1]
    else:
        made = np.zeros(shape, dtype, order=layout)
    drawn = np.array([values.number(rng, made.dtype.type) for _ in range(min(made.size, 23))], dtype)
    made[...] = np.resize(drawn, shape) if made.size else 0
    return made
