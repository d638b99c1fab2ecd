"""Expressions of a wanted kind.

Each function returns source text whose value under CPython and NumPy 2 has exactly the kind asked for.
`Scope.pick(kind)` gives a variable of the kind.  Nothing here knows what coachwhip supports.
"""
from . import values


class Scope:
    """The variables that a place in a program can see, by name, and the functions it can call."""

    def __init__(self, rng, variables, helpers=()):
        self.rng = rng
        self.variables = dict(variables)
        self.helpers = list(helpers)
        self.optionals = []  # names of variables that are None or an int

    def pick(self, *kinds):
        """A variable of one of the kinds, or None."""
        found = [name for name, kind in self.variables.items() if kind in kinds]
        return self.rng.choice(found) if found else None

    def arrays(self, dimensions=None):
        """The array variables."""
        return [name for name, kind in self.variables.items()
                if values.is_array(kind) and dimensions in (None, values.ndim(kind))]


def expression(scope, kind, depth=3):
    """An expression of a kind."""
    rng = scope.rng
    if values.is_array(kind):
        return array(scope, kind, depth)
    if depth <= 0 or rng.random() < 0.2:
        return leaf(scope, kind)
    helpers = [h for h in scope.helpers if h.returns == kind]
    if helpers and rng.random() < 0.25:
        helper = rng.choice(helpers)
        return f"{helper.name}({', '.join(expression(scope, k, depth - 1) for k in helper.parameters)})"
    if scope.optionals and kind == "int" and rng.random() < 0.2:
        name = rng.choice(scope.optionals)
        return f"({expression(scope, 'int', depth - 1)} if {name} is None else {name})"
    if kind != "np.bool" and rng.random() < 0.1:
        test = condition(scope, depth - 1)
        return f"({expression(scope, kind, depth - 1)} if {test} else {expression(scope, kind, depth - 1)})"
    return MAKERS[kind](scope, depth - 1)


def array(scope, kind, depth):
    """An array: a variable, a part or copy of one, a new one, or what a function returns."""
    rng = scope.rng
    name = scope.pick(kind)
    helpers = [h for h in scope.helpers if h.returns == kind]
    if depth > 0 and helpers and rng.random() < 0.5:
        helper = rng.choice(helpers)
        return f"{helper.name}({', '.join(expression(scope, k, depth - 1) for k in helper.parameters)})"
    if depth > 0 and rng.random() < 0.15:
        return f"({array(scope, kind, depth - 1)} if {condition(scope, 1)} else {array(scope, kind, depth - 1)})"
    dtype = kind.split("[")[0]
    size = f"abs({leaf(scope, 'int')}) % 4"
    made = f"np.{rng.choice(['zeros', 'ones'])}({size if values.ndim(kind) == 1 else f'({size}, 3)'}, np.{dtype})"
    if not name:
        return made
    flipped = f"{name}[::-1]" if values.ndim(kind) == 1 else f"{name}.T"
    return rng.choice([name, name, f"{name}.copy()", f"{name}[1:]", flipped, made])


def leaf(scope, kind):
    """A variable, an element or a literal."""
    name = scope.pick(kind)
    if name and scope.rng.random() < 0.7:
        return name
    if kind.startswith("np."):
        found = [a for a in scope.arrays() if values.element(scope.variables[a]) == kind]
        if found and scope.rng.random() < 0.7:
            return item(scope, scope.rng.choice(found), 0)
        return f"{kind}({literal(scope.rng, kind)})"
    return literal(scope.rng, kind)


def literal(rng, kind):
    """A literal whose value fits the kind."""
    if kind == "float" or kind in ("np.float64", "np.float32"):
        return repr(rng.choice([0.0, 1.0, 0.5, -1.5, 2.0, 3.25, 100.0, 0.1]))
    if kind in ("bool", "np.bool"):
        return rng.choice(["True", "False"])
    if kind in ("complex", "np.complex128"):
        return f"{'complex' if kind == 'complex' else ''}({rng.choice(['0.5', '-2.0', '3.0', '0.0'])}{',' if kind == 'complex' else ' + 1j *'} {rng.choice(['1.5', '-1.0', '0.0'])})"
    if kind == "np.int8":
        return str(rng.choice([0, 1, 2, 3, 100, 127, -1, -128]))
    if kind in ("np.uint8", "np.uint64"):
        return str(rng.choice([0, 1, 2, 3, 200, 255]))
    if kind == "int" and rng.random() < 0.1:
        return str(rng.choice([2**31, 2**40, 2**62, -2**62]))
    return str(rng.choice([0, 1, 2, 3, 4, 5, 7, 10, -1, -2, -3]))


def index(scope, name, axis, depth):
    """An index for an axis: mostly in range, sometimes not."""
    rng = scope.rng
    size = f"{name}.shape[{axis}]" if values.ndim(scope.variables[name]) > 1 or rng.random() < 0.5 else f"len({name})"
    counters = [n for n, k in scope.variables.items() if k == "int" and n.startswith("i")]
    if counters and rng.random() < 0.6:
        counter = rng.choice(counters[-2:])
        return rng.choice([counter, counter, f"{counter} - 1", f"{counter} + 1", f"{size} - 1 - {counter}", f"-{counter}"])
    choice = rng.random()
    if choice < 0.5:
        return f"{leaf(scope, 'int')} % max({size}, 1)"
    if choice < 0.75 and depth > 0:
        return f"({expression(scope, 'int', depth - 1)}) % max({size}, 1)"
    if choice < 0.85:
        return f"{size} - 1"
    if choice < 0.93:
        return rng.choice(["0", "-1"])
    return scope.pick("int") or rng.choice(["1", "2", "-2"])


def item(scope, name, depth):
    """An element of an array variable."""
    count = values.ndim(scope.variables[name])
    return f"{name}[{', '.join(index(scope, name, axis, depth) for axis in range(count))}]"


def condition(scope, depth):
    """A truth value of any kind that `if` takes."""
    rng = scope.rng
    choice = rng.random()
    if choice < 0.15 and depth > 0:
        return f"({condition(scope, depth - 1)} {rng.choice(['and', 'or'])} {condition(scope, depth - 1)})"
    if choice < 0.2 and depth > 0:
        return f"(not {condition(scope, depth - 1)})"
    if choice < 0.3:
        return leaf(scope, rng.choice(["bool", "int", "float", "np.bool", "np.int64"]))
    return comparison(scope, depth, rng.choice(["int", "int", "float", "float", "np.float64", *values.NUMPY_INTS]))


def comparison(scope, depth, kind):
    """A comparison of two numbers that are alike."""
    rng = scope.rng
    operator = rng.choice(["<", "<=", "==", "!=", ">", ">="])
    other = rng.choice(["int", "float"]) if kind in ("int", "float") else rng.choice([kind, kind, "int", "float"])
    left, right = expression(scope, kind, depth - 1), expression(scope, other, depth - 1)
    if kind in ("int", "float") and rng.random() < 0.1:
        return f"({left} {operator} {right} {rng.choice(['<', '<='])} {expression(scope, kind, depth - 2)})"
    return f"({left} {operator} {right})"


def divisor(scope, kind, depth):
    """A Python number that is rarely zero."""
    found = expression(scope, kind, depth)
    if scope.rng.random() < 0.1:
        return found
    return f"({found} or 1)" if kind == "int" else f"({found} or 1.0)"


def make_int(scope, depth):
    """A Python int."""
    rng = scope.rng
    sub = lambda: expression(scope, "int", depth)  # noqa: E731
    arrays = scope.arrays()
    forms = [
        lambda: f"({sub()} {rng.choice(['+', '-', '*'])} {sub()})",
        lambda: f"({sub()} {rng.choice(['+', '-', '*'])} {sub()})",
        lambda: f"({sub()} {rng.choice(['//', '%'])} {divisor(scope, 'int', depth)})",
        lambda: f"({sub()} {rng.choice(['&', '|', '^'])} {sub()})",
        lambda: f"({sub()} {rng.choice(['<<', '>>'])} {rng.choice(['1', '3', '7', '40'])})",
        lambda: f"({sub()} {rng.choice(['<<', '>>'])} ({sub()} % 9))",
        lambda: f"({rng.choice(['-', '~', '+'])}{sub()})",
        lambda: f"{rng.choice(['min', 'max'])}({sub()}, {sub()})",
        lambda: f"abs({sub()})",
        lambda: f"int({expression(scope, rng.choice(['bool', 'np.bool', *values.NUMPY_INTS]), depth)})",
        lambda: f"int({expression(scope, rng.choice(['float', 'np.float64']), depth)} % 100.0)",
        lambda: f"({sub()} + {expression(scope, 'bool', depth)})",
        lambda: f"({sub()} ** {rng.choice(['2', '3'])})",
        lambda: f"divmod({sub()}, {divisor(scope, 'int', depth)})[{rng.choice([0, 1])}]",
        lambda: f"round({expression(scope, 'float', depth)} % 100.0)",
    ]
    if arrays:
        name = rng.choice(arrays)
        forms += [lambda: f"len({name})", lambda: f"{name}.shape[{rng.randrange(values.ndim(scope.variables[name]))}]",
                  lambda: f"{name}.size"]
    return rng.choice(forms)()


def make_float(scope, depth):
    """A Python float."""
    rng = scope.rng
    sub = lambda: expression(scope, "float", depth)  # noqa: E731
    other = lambda: expression(scope, rng.choice(["float", "int", "bool"]), depth)  # noqa: E731
    return rng.choice([
        lambda: f"({sub()} {rng.choice(['+', '-', '*'])} {other()})",
        lambda: f"({other()} {rng.choice(['+', '-', '*'])} {sub()})",
        lambda: f"({sub()} {rng.choice(['/', '//', '%'])} {divisor(scope, rng.choice(['int', 'float']), depth)})",
        lambda: f"({expression(scope, 'int', depth)} / {divisor(scope, 'int', depth)})",
        lambda: f"(-{sub()})",
        lambda: f"abs({sub()})",
        lambda: f"{rng.choice(['min', 'max'])}({sub()}, {sub()})",
        lambda: f"float({expression(scope, rng.choice(['int', 'bool', 'np.float32', 'np.int64']), depth)})",
        lambda: f"math.sqrt({'abs' if rng.random() < 0.8 else ''}({sub()}))",
        lambda: f"math.{rng.choice(['fabs', 'sin', 'cos', 'exp', 'tanh'])}({sub()})",
        lambda: f"math.copysign({sub()}, {sub()})",
        lambda: f"({sub()} ** 2)",
        lambda: f"{expression(scope, 'complex', depth)}.{rng.choice(['real', 'imag'])}",
        lambda: f"abs({expression(scope, 'complex', depth)})",
        lambda: f"math.{rng.choice(['hypot', 'fmod', 'atan2'])}({sub()}, {sub()})",
    ])()


def make_complex(scope, depth):
    """A Python complex."""
    rng = scope.rng
    sub = lambda: expression(scope, "complex", depth)  # noqa: E731
    other = lambda: expression(scope, rng.choice(["complex", "float", "int"]), depth)  # noqa: E731
    return rng.choice([
        lambda: f"({sub()} {rng.choice(['+', '-', '*'])} {other()})",
        lambda: f"({other()} {rng.choice(['+', '-', '*'])} {sub()})",
        lambda: f"({sub()} / ({other()} or 1))",
        lambda: f"(-{sub()})",
        lambda: f"{sub()}.conjugate()",
        lambda: f"complex({expression(scope, 'float', depth)}, {expression(scope, rng.choice(['float', 'int']), depth)})",
    ])()


def make_numpy_complex(scope, depth):
    """A NumPy complex128."""
    rng = scope.rng
    sub = lambda: expression(scope, "np.complex128", depth)  # noqa: E731
    other = lambda: expression(scope, rng.choice(["np.complex128", "complex", "float", "np.float64", "np.int64"]), depth)  # noqa: E731
    return rng.choice([
        lambda: f"({sub()} {rng.choice(['+', '-', '*', '/'])} {other()})",
        lambda: f"({other()} {rng.choice(['+', '-', '*', '/'])} {sub()})",
        lambda: f"(-{sub()})",
        lambda: f"np.conj({sub()})",
        lambda: f"np.complex128({expression(scope, rng.choice(['complex', 'float', 'int']), depth)})",
    ])()


def make_bool(scope, depth):
    """A Python bool."""
    rng = scope.rng
    sub = lambda: expression(scope, "bool", depth)  # noqa: E731
    return rng.choice([
        lambda: comparison(scope, depth, rng.choice(["int", "float"])),
        lambda: comparison(scope, depth, rng.choice(["int", "float"])),
        lambda: f"({sub()} {rng.choice(['and', 'or', '&', '|', '^', '==', '!='])} {sub()})",
        lambda: f"(not {condition(scope, depth)})",
        lambda: f"bool({expression(scope, rng.choice(['int', 'float', 'np.int64', 'np.float64']), depth)})",
        lambda: f"math.isnan({expression(scope, 'float', depth)})",
        lambda: f"({expression(scope, 'complex', depth)} {rng.choice(['==', '!='])} {expression(scope, rng.choice(['complex', 'float']), depth)})",
    ])()


def make_numpy_float(kind):
    """A maker of NumPy floats of one width."""

    def make(scope, depth):
        rng = scope.rng
        sub = lambda: expression(scope, kind, depth)  # noqa: E731
        other = lambda: expression(scope, rng.choice([kind, kind, "float", "int"]), depth)  # noqa: E731
        forms = [
            lambda: f"({sub()} {rng.choice(['+', '-', '*', '/'])} {other()})",
            lambda: f"({other()} {rng.choice(['+', '-', '*', '/'])} {sub()})",
            lambda: f"({sub()} {rng.choice(['//', '%'])} {other()})",
            lambda: f"(-{sub()})",
            lambda: f"abs({sub()})",
            lambda: f"np.{rng.choice(['sqrt', 'floor', 'ceil', 'trunc', 'rint', 'absolute'])}({sub()})",
            lambda: f"{kind}({expression(scope, rng.choice(['int', 'float', 'bool', 'np.int64', 'np.uint8']), depth)})",
            lambda: f"np.{rng.choice(['minimum', 'maximum'])}({sub()}, {sub()})",
        ]
        if kind == "np.float64":
            forms += [
                lambda: f"({expression(scope, 'np.float32', depth)} + {sub()})",
                lambda: f"({expression(scope, 'np.int64', depth)} / {expression(scope, rng.choice(['np.int64', 'int']), depth)})",
                lambda: f"({expression(scope, 'np.int32', depth)} * {expression(scope, 'float', depth)})",
                lambda: f"({expression(scope, 'np.uint8', depth)} / {expression(scope, 'np.int32', depth)})",
                lambda: f"({expression(scope, 'np.uint64', depth)} {rng.choice('+-*')} {expression(scope, 'np.int64', depth)})",
                lambda: f"{expression(scope, 'np.complex128', depth)}.{rng.choice(['real', 'imag'])}",
            ]
        else:
            forms.append(lambda: f"({sub()} * {expression(scope, 'np.uint8', depth)})")
        return rng.choice(forms)()

    return make


def make_numpy_int(kind):
    """A maker of NumPy integers of one width."""

    def make(scope, depth):
        rng = scope.rng
        sub = lambda: expression(scope, kind, depth)  # noqa: E731
        other = lambda: expression(scope, kind, depth) if rng.random() < 0.7 else literal(rng, kind)  # noqa: E731
        forms = [
            lambda: f"({sub()} {rng.choice(['+', '-', '*'])} {other()})",
            lambda: f"({other()} {rng.choice(['+', '-', '*'])} {sub()})",
            lambda: f"({sub()} {rng.choice(['//', '%'])} {other()})",
            lambda: f"({sub()} {rng.choice(['&', '|', '^'])} {other()})",
            lambda: f"({sub()} {rng.choice(['<<', '>>'])} {kind}({rng.choice(['1', '3', '5', '70'])}))",
            lambda: f"({rng.choice(['-', '~'])}{sub()})",
            lambda: f"abs({sub()})",
            lambda: f"{kind}({expression(scope, 'bool', depth)})",
            lambda: f"np.{rng.choice(['minimum', 'maximum'])}({sub()}, {sub()})",
        ]
        if kind == "np.int64":
            forms += [
                lambda: f"({expression(scope, 'np.int32', depth)} {rng.choice(['+', '*', '-'])} {sub()})",
                lambda: f"({sub()} {rng.choice(['+', '*', '-', '//', '%'])} {expression(scope, 'int', depth)})",
                lambda: f"np.int64({expression(scope, 'int', depth)})",
            ]
        if kind == "np.uint64":
            forms.append(lambda: f"({expression(scope, 'np.uint8', depth)} * {sub()})")
        if kind == "np.int32":
            forms.append(lambda: f"({expression(scope, 'np.int8', depth)} * {sub()})")
            forms.append(lambda: f"({expression(scope, 'np.uint8', depth)} + {sub()})")
        return rng.choice(forms)()

    return make


def make_numpy_bool(scope, depth):
    """A NumPy bool: what comparisons with NumPy scalars give."""
    return comparison(scope, depth, scope.rng.choice(["np.float64", "np.float32", *values.NUMPY_INTS]))


MAKERS = {
    "int": make_int,
    "float": make_float,
    "bool": make_bool,
    "np.float64": make_numpy_float("np.float64"),
    "np.float32": make_numpy_float("np.float32"),
    "np.int64": make_numpy_int("np.int64"),
    "np.int32": make_numpy_int("np.int32"),
    "np.int8": make_numpy_int("np.int8"),
    "np.uint8": make_numpy_int("np.uint8"),
    "np.uint64": make_numpy_int("np.uint64"),
    "complex": make_complex,
    "np.complex128": make_numpy_complex,
    "np.bool": make_numpy_bool,
}
