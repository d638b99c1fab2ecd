"""The calls of tests/test_arguments.py: every callable of `crates/infer/signatures.txt` with right and wrong arguments.

A call is written in a function's source, its arrays and numbers are parameters of that function, and everything else
is a literal of the source, since compiled code wants to know axes and dtypes when it compiles.
"""
import ast
import bisect
import builtins
import cmath
import collections
import contextlib
import functools
import heapq
import importlib
import inspect
import math
import operator
import pathlib
import re

import numpy as np

ROWS = pathlib.Path(__file__).resolve().parents[1] / "crates/infer/signatures.txt"

#: What the sources of calls may name.
POOL = {
    "F23": np.array([[3.0, 1.0, 2.0], [6.0, 5.0, 4.5]]), "F3": np.array([0.25, 0.5, 0.75]), "F2": np.array([1.0, 2.0]),
    "G3": np.array([1.5, 2.5, 4.0]), "F22": np.array([[2.0, 1.0], [1.0, 3.0]]),
    "I23": np.array([[3, 1, 2], [6, 5, 4]]), "I3": np.array([2, 0, 1]), "J3": np.array([1, 2, 1]), "C3": np.array([1 + 2j, 0j, -1j]),
    "B23": np.array([[True, False, True], [False, True, True]]), "B3": np.array([True, False, True]), "B2": np.array([True, False]),
    "B32": np.array([[True, False], [True, True], [False, True]]),
    "O23": np.zeros((2, 3)), "P23": np.zeros((2, 3)), "O3": np.zeros(3), "P3": np.zeros(3), "O2": np.zeros(2), "O0": np.zeros(()), "O33": np.zeros((3, 3)),
    "OI23": np.zeros((2, 3), int), "OI3": np.zeros(3, int), "OI2": np.zeros(2, int), "OI0": np.zeros((), int), "O22": np.zeros((2, 2)),
    "OC3": np.zeros(3, complex), "OB3": np.zeros(3, bool), "OB2": np.zeros(2, bool), "OB0": np.zeros((), bool), "OB23": np.zeros((2, 3), bool),
    "Q3": np.zeros(3, np.intc), "Q23": np.zeros((2, 3), np.intc), "n": 6, "k": 2, "f": 0.5, "g": 1.25, "z": 0.5 + 0.25j, "s": np.float64(2.5), "t": np.int64(6), "b": True, "u": "b-a B", "T": bytes(range(256)), "w": b"b-a B",
}

#: Arrays for results; NumPy 2.4 crashes on a running total with an array without axes there.
OUTS = [name for name in POOL if re.match("[OPQ]", name)]

#: The values that an argument of this name is tried with.
VALUES = {
    "axis": ["0", "-1", "None", "(0, 1)", "7", "True"], "dtype": ["np.float32", "np.complex128", "np.int64", "bool", "None", "'x'"],
    "out": [*OUTS, "None", "(O23, P23)", "(O3, P3)", "(O3, Q3)", "(None, None)"], "out1": ["O3", "None"], "out2": ["P3", "Q3", "None"],
    "keepdims": ["True", "False", "None"], "initial": ["2.5", "2", "None"],
    "where": ["B23", "B3", "B2", "False", "True", "None"], "casting": ["'unsafe'", "'no'", "'same_kind'", "'bogus'", "None"],
    "order": ["'F'", "'C'", "'A'", "'K'", "None", "'bogus'", "'x'"], "subok": ["False", "True"], "signature": ["'dd->d'", "'d->d'", "None"],
    "device": ["'cpu'", "None", "'gpu'"], "like": ["None", "F23"], "copy": ["True", "False", "None"], "ndmin": ["3", "0"],
    "ndmax": ["0", "1"], "kind": ["'stable'", "'quicksort'", "'introselect'", "None", "'bogus'"], "stable": ["True", "False", "None"],
    "descending": ["True", "False", "None"], "mode": ["'wrap'", "'clip'", "'raise'", "'bogus'"], "side": ["'right'", "'left'", "'bogus'"],
    "sorter": ["I3", "None"], "ddof": ["1", "0", "None"], "correction": ["1", "0", "None"], "mean": ["2.0", "G3", "np.mean(F23)", "None"],
    "weights": ["F23", "F2", "F3", "None"], "returned": ["True", "False"], "method": ["'lower'", "'linear'", "'median_unbiased'", "'bogus'"],
    "overwrite_input": ["True", "False"], "num": ["4", "n", "2.5"], "endpoint": ["False", "True"], "retstep": ["True", "False"],
    "step": ["2", "-1", "0", "None"], "stop": ["9", "n", "None"], "start": ["1", "f", "None"], "a_min": ["1.5", "None", "G3"],
    "a_max": ["4", "None", "G3"], "min": ["2", "None", "G3"], "max": ["4", "None", "G3"], "rtol": ["0.5", "F3"], "atol": ["0.5", "F3"],
    "equal_nan": ["True", "False"], "nan": ["7.0", "None"], "posinf": ["8.0", "None"], "neginf": ["9.0", "None"], "deg": ["True", "False"],
    "decimals": ["1", "-1", "None"], "ndigits": ["1", "-1", "None"], "prepend": ["0.0", "F3", "None"], "append": ["0.0", "F3", "None"],
    "n": ["2", "0", "None"], "x": ["F3", "F2", "F23", "None"], "dx": ["0.5", "2"], "shape": ["(3,)", "(2, 2)", "None", "True"],
    "fill_value": ["2.5", "F3"], "include_initial": ["True", "False"], "size": ["3", "(2, 2)", "None"], "low": ["-1.0", "2"],
    "high": ["3.0", "2"], "seed": ["5", "None"], "ord": ["1", "np.inf", "'fro'", "None"], "return_index": ["True", "False"],
    "return_inverse": ["True", "False"], "return_counts": ["True", "False"], "sorted": ["True", "False"], "to_end": ["F2", "None"],
    "to_begin": ["F2", "None"], "M": ["4", "None"], "k": ["1", "-1", "None"], "axes": ["(0, 1)", "(1, 0)", "None"], "exp": ["3"],
    "mod": ["5", "None"], "base": ["10", "2", "g"], "sep": ["'-'", "None", "1"], "end": ["'!'", "None"], "file": ["None", "sys.stdout"],
    "flush": ["True", "False"], "strict": ["True", "False"], "key": ["abs", "lambda v: -v", "None"], "default": ["7", "7.5", "None"],
    "encoding": ["'utf-8'"], "errors": ["'strict'"], "real": ["1", "f"], "imag": ["2", "f"], "rel_tol": ["0.5", "2"], "abs_tol": ["0.5", "2"],
    "format_spec": ["'.3f'", "''"], "align": ["True", "False"], "metadata": ["None"], "object": ["f"], "value": ["2.5", "1"],
    "chars": ["'b'", "None", "1"], "bytes": ["b'b'", "None", "1"], "fillchar": ["'*'", "'ab'", "b'*'"], "count": ["1", "-1", "2.0"], "keepends": ["True", "n"],
    "maxsplit": ["1", "0", "None"], "tabsize": ["4", "f"], "delete": ["b'a'", "u"], "bytes_per_sep": ["2", "-1"], "from_": ["np.int64"], "to": ["np.float32"], "kth": ["1"], "indices": ["I3"], "condition": ["B3"], "bases": ["()"], "dict": ["None"],
    "steps": ["2"], "ndim": ["1"], "y": ["F3"], "number": ["g"], "iterable": ["F3", "(1, 2)"], "q": ["0.5"], "p": ["1"],
}

#: The required arguments of callables, where those of their kind do not do.
BASE = {
    "builtins.all": "B3", "builtins.any": "B3", "builtins.callable": "abs", "builtins.complex": "f, g", "builtins.divmod": "n, k",
    "builtins.map": "abs, (n, k)", "builtins.filter": "None, (n, k)", "builtins.enumerate": "(1, 2)", "builtins.format": "n", "builtins.isinstance": "n, int", "builtins.issubclass": "bool, int",
    "builtins.len": "F3", "builtins.max": "(n, k)", "builtins.min": "(n, k)", "builtins.pow": "n, k", "builtins.print": "n",
    "builtins.range": "n", "builtins.reversed": "F3", "builtins.slice": "k", "builtins.str": "n", "builtins.sum": "(n, k)",
    "builtins.zip": "(1, 2), (3, 4)", "builtins.bytes.fromhex": "'00ff'", "builtins.bytes.translate": "w, T", "builtins.type": "n", "builtins.list": "(1, 2)", "builtins.tuple": "(1, 2)",
    "math.acosh": "g", "math.comb": "n, k", "math.dist": "(f, g), (g, g)", "math.factorial": "n", "math.fsum": "(f, g)", "math.gcd": "n, k",
    "math.isqrt": "n", "math.lcm": "n, k", "math.ldexp": "f, k", "math.perm": "n, k", "math.prod": "(n, k)", "math.hypot": "f, g",
    "cmath.rect": "f, g", "operator.is_": "n, None", "operator.is_not": "n, None", "operator.contains": "(1, 2), n", "operator.getitem": "F3, k", "operator.matmul": "F3, G3",
    "numpy.arange": "n", "numpy.array": "F3", "numpy.append": "F3, G3", "numpy.argpartition": "F3, 1", "numpy.atleast_1d": "f",
    "numpy.atleast_2d": "F3", "numpy.can_cast": "np.int32, np.int64", "numpy.choose": "J3 - 1, (F3, G3)",
    "numpy.clip": "F23, 1.5, 4", "numpy.compress": "B2, F23", "numpy.concatenate": "(F23, F23)", "numpy.copyto": "O3, F3",
    "numpy.cumulative_prod": "F3", "numpy.cumulative_sum": "F3", "numpy.dot": "F23, F3", "numpy.dtype": "np.int32",
    "numpy.empty": "(0, 2)", "numpy.empty_like": "np.zeros((0, 2))", "numpy.expand_dims": "F3, 0", "numpy.extract": "B3, F3",
    "numpy.eye": "3", "numpy.full": "(2, 3), 1.5", "numpy.full_like": "F23, 1.5", "numpy.hstack": "(F3, F3)", "numpy.identity": "3",
    "numpy.iinfo": "np.int32", "numpy.finfo": "np.float32", "numpy.inner": "F3, G3", "numpy.isclose": "F3, F3", "numpy.ix_": "I3, J3",
    "numpy.linspace": "0, 1", "numpy.matmul": "F22, F22", "numpy.ones": "(2, 3)", "numpy.outer": "F3, F2",
    "numpy.partition": "F3, 1", "numpy.percentile": "F23, 50", "numpy.nanpercentile": "F23, 50", "numpy.quantile": "F23, 0.5",
    "numpy.nanquantile": "F23, 0.5", "numpy.place": "O3, B3, F2", "numpy.promote_types": "np.int32, np.float32",
    "numpy.put": "O3, I3, F3", "numpy.put_along_axis": "O3, I3, F3, 0", "numpy.putmask": "O3, B3, F3", "numpy.random.rand": "0",
    "numpy.random.seed": "3", "numpy.random.uniform": "size=0", "numpy.random.random": "size=0", "numpy.random.random_sample": "size=0",
    "numpy.random.ranf": "size=0", "numpy.random.sample": "size=0", "numpy.reshape": "F23, (3, 2)", "numpy.result_type": "F3, I3",
    "numpy.searchsorted": "G3, 2.0", "numpy.stack": "(F3, G3)", "numpy.take": "F23, I3", "numpy.take_along_axis": "F3, I3, 0",
    "numpy.vdot": "F3, G3", "numpy.vstack": "(F3, F3)", "numpy.where": "B3, F3, G3", "numpy.zeros": "(2, 3)", "numpy.isneginf": "F3",
    "numpy.isposinf": "F3", "numpy.isscalar": "f", "numpy.arccosh": "G3", "numpy.ldexp": "F3, I3", "numpy.linalg.norm": "F23",
    "numpy.unique": "F23", "numpy.diff": "F3", "numpy.trapezoid": "F3", "numpy.ediff1d": "F3", "numpy.nonzero": "B23",
    "numpy.ndarray.argpartition": "F3, 1", "numpy.ndarray.choose": "J3 - 1, (F3, G3)", "numpy.ndarray.clip": "F23, 1.5, 4",
    "numpy.ndarray.compress": "F23, B2", "numpy.ndarray.dot": "F23, F3", "numpy.ndarray.fill": "O3, 1.5", "numpy.ndarray.item": "F23, 1",
    "numpy.ndarray.partition": "O3, 1", "numpy.ndarray.put": "O3, I3, F3", "numpy.ndarray.reshape": "F23, 3, 2",
    "numpy.ndarray.searchsorted": "G3, 2.0", "numpy.ndarray.take": "F23, I3", "numpy.ndarray.transpose": "F23, 1, 0",
    "numpy.ndarray.astype": "F23, np.float32", "numpy.generic.astype": "s, np.float32", "numpy.generic.bit_count": "t",
    "builtins.slice.indices": "slice(1, n), 4", "builtins.tuple.count": "(1, 2), n", "builtins.tuple.index": "(6, 2), n", "builtins.list.count": "[1, 2], n", "builtins.list.index": "[6, 2], n", "builtins.list.remove": "[6, 2], n",
    "builtins.list.extend": "[1, 2], (n, k)", "builtins.list.insert": "[1, 2], k, n",
    "builtins.dict.get": "{n: k}, n", "builtins.dict.pop": "{n: k}, n", "builtins.dict.setdefault": "{n: k}, n, k",
    "builtins.dict.update": "{n: k}, {k: n}", "builtins.dict.fromkeys": "(n, k)", "builtins.set.add": "{n}, k",
    "builtins.set.discard": "{n}, n", "builtins.set.remove": "{n}, n", "builtins.dict": "{n: k}", "builtins.set": "(n, k)",
    "builtins.frozenset": "(n, k)",
    **{f"builtins.{kind}.{name}": f"{kind}((1, n)), {{n}}" for kind in ("set", "frozenset") for name in (
        "difference", "intersection", "isdisjoint", "issubset", "issuperset", "symmetric_difference", "union")},
    **{f"builtins.set.{name}": "{n}, {k}" for name in (
        "difference_update", "intersection_update", "symmetric_difference_update", "update")},
    "builtins.bytearray.append": "bytearray(w), n", "builtins.bytearray.insert": "bytearray(w), k, n", "builtins.bytearray.remove": "bytearray(w), 97",
    "builtins.bytearray.extend": "bytearray(w), (n, k)", "builtins.bytearray.fromhex": "'00ff'", "builtins.bytearray.translate": "bytearray(w), T",
    "builtins.bytes.maketrans": "b'ab', b'cd'", "builtins.str.maketrans": "'ab', 'cd'", "builtins.bytearray.maketrans": "b'ab', b'cd'", "builtins.int.from_bytes": "b'ab'",
    "collections.defaultdict": "int, {n: k}",
    "collections.Counter": "(n, k)", **{f"collections.Counter.{name}": "collections.Counter((n, n, k))" for name in ("copy", "elements", "most_common", "total")},
    **{f"collections.Counter.{name}": "collections.Counter((n, n, k)), (n,)" for name in ("subtract", "update")},
    "functools.reduce": "max, (n, k)",
    **{f"bisect.{name}": "[1, 4, 9], n" for name in ("bisect_left", "bisect_right", "insort_left", "insort_right")},
    **{f"heapq.{name}": "[k, n]" for name in ("heapify", "heapify_max", "heappop", "heappop_max")},
    **{f"heapq.{name}": "[k, n], 4" for name in (
        "heappush", "heappush_max", "heappushpop", "heappushpop_max", "heapreplace", "heapreplace_max")},
    "heapq.nlargest": "2, (n, k)", "heapq.nsmallest": "2, (n, k)",
    "numpy.ufunc.reduce": "np.hypot, F23", "numpy.ufunc.accumulate": "np.hypot, F23", "numpy.ufunc.reduceat": "np.hypot, F23, (0, 1)",
    "numpy.ufunc.outer": "np.hypot, F3, G3", "numpy.ufunc.at": "np.hypot, O3, I3, F3",
}

#: The required arguments of methods of strings.
STRINGS = {"sub": "'a'", "prefix": "'b'", "suffix": "'B'", "sep": "'-'", "old": "'a'", "new": "'xx'", "width": "n", "iterable": "('x', u)", "iterable_of_bytes": "(b'x', w)", "table": "None"}

OBJECTS = {"builtins.str": "u", "builtins.bytes": "w", "builtins.bytearray": "bytearray(w)", "builtins.int": "n", "builtins.list": "[2, 1]", "builtins.dict": "{n: k}", "builtins.set": "{n, k}", "builtins.frozenset": "frozenset((n, k))", "builtins.slice": "slice(1, n)", "builtins.float": "g", "builtins.complex": "z", "numpy.ndarray": "F23", "numpy.generic": "s", "numpy.ufunc": "np.hypot", "collections.Counter": "collections.Counter((n, k))"}

#: The functions of classes, which are no methods.
OF_CLASSES = {"builtins.dict.fromkeys", "builtins.str.maketrans", "builtins.bytes.fromhex", "builtins.bytearray.fromhex", "builtins.bytes.maketrans", "builtins.bytearray.maketrans", "builtins.int.from_bytes"}

_INTEGERS = "bitwise_|invert|shift|gcd|lcm"

#: Calls whose results come of chance, of memory that nobody has set, or have types of NumPy's that compiled code has under one name.
UNKNOWN = ("numpy.random.", "numpy.empty", "numpy.longlong", "numpy.ulonglong")


class Row:
    """A row: a callable's name, its parameters, and whether it is a method."""

    def __init__(self, name, text):
        self.name, self.text = name, text
        arguments = ast.parse(f"def f({text}): ...").body[0].args
        scope = {"numpy": np}
        value = lambda node: eval(compile(ast.Expression(node), "<default>", "eval"), scope)  # noqa: E731
        positional = [*arguments.posonlyargs, *arguments.args]
        missing = [inspect.Parameter.empty] * (len(positional) - len(arguments.defaults))
        defaults = [*missing, *map(value, arguments.defaults)]
        kinds = inspect.Parameter
        self.params = [
            kinds(p.arg, kinds.POSITIONAL_ONLY if p in arguments.posonlyargs else kinds.POSITIONAL_OR_KEYWORD, default=d)
            for p, d in zip(positional, defaults)]
        if arguments.vararg:
            self.params.append(kinds(arguments.vararg.arg, kinds.VAR_POSITIONAL))
        for p, d in zip(arguments.kwonlyargs, arguments.kw_defaults):
            default = kinds.empty if d is None else value(d)
            self.params.append(kinds(p.arg, kinds.KEYWORD_ONLY, default=default))
        self.keywords = arguments.kwarg is not None
        owner = name.rpartition(".")[0]
        self.class_ = owner if owner in (*OBJECTS, "builtins.tuple") and name not in OF_CLASSES else None

    def object(self):
        """The callable itself."""
        found = importlib.import_module(self.name.split(".")[0])
        for part in self.name.split(".")[1:]:
            found = getattr(found, part)
        return found

    @property
    def own(self):
        """The parameters without the object of a method."""
        return self.params[1:] if self.class_ and self.class_ != "numpy.ufunc" else self.params

    def base(self):
        """The object of a method, the positional and the keyword arguments of a call that works, as sources."""
        text = BASE.get(self.name)
        if text is None:
            required = [p for p in self.own if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
            values = [self.plain_value(p.name) for p in required]
            text = ", ".join(([OBJECTS[self.class_]] if self.class_ else []) + values)
        call = ast.parse(f"f({text})").body[0].value
        values = [ast.unparse(value) for value in call.args]
        keywords = {k.arg: ast.unparse(k.value) for k in call.keywords}
        return (values[0], values[1:], keywords) if self.class_ else (None, values, keywords)

    def plain_value(self, name):
        """The value of a required argument, by the kind of the callable."""
        module = self.name.split(".")[0]
        if module == "math":
            return "f"
        if module == "cmath":
            return "z"
        if module == "operator":
            return "n" if name == "a" else "k"
        if self.class_ in ("builtins.str", "builtins.bytes", "builtins.bytearray"):
            text = STRINGS[name]
            return f"b{text}" if self.class_ != "builtins.str" and text.startswith("'") else text
        if module == "builtins":
            return "n"
        if isinstance(self.object(), np.ufunc):
            pair = {"x": "F3", "x1": "F3", "x2": "G3"}
            return {"F3": "I3", "G3": "J3"}[pair[name]] if re.search(_INTEGERS, self.name) else pair[name]
        if isinstance(self.object(), type):
            return "f"
        return "F23"

    def values(self, name):
        """The values that an argument is tried with."""
        values = VALUES.get(name, ["1", "2.0", "None", "F3"])
        if self.class_ == "builtins.dict" and name == "default":
            # Of two types of number the result has the common one.
            return ["7", "None"]
        if "cum" in self.name or "accumulate" in self.name:
            return [value for value in values if value not in ("O0", "OI0", "OB0")]
        return values

    def beside(self, name):
        """The arguments that go with this one: what a `where` leaves out is only known where there is an array for results."""
        is_ufunc = any(p.name == "signature" for p in self.params)
        if name != "where" or not is_ufunc:
            return {}
        pair = "(O23, Q23)" if self.name == "numpy.frexp" else "(O23, P23)" if any(p.name == "out2" for p in self.params) else "O23"
        return {"out": "np.zeros((2, 3, 3))" if self.name == "numpy.ufunc.outer" else pair}

    def call(self, object_, positional, keywords):
        """The source of a call."""
        parts = [*positional, *(f"{name}={value}" for name, value in keywords.items())]
        short = self.name.rpartition(".")[2]
        head = f"{object_ if object_ != 'n' and object_.isidentifier() or object_ == 'np.hypot' else f'({object_})'}.{short}" if object_ else self.name.removeprefix("builtins.").replace("numpy.", "np.", 1)
        text = f"{head}({', '.join(parts)})"
        if self.name == "collections.Counter.elements":
            return f"last({text})"
        if self.name in ("builtins.range", "builtins.enumerate", "builtins.zip", "builtins.reversed", "builtins.list", "builtins.map", "builtins.filter"):
            return f"last({text})"
        if self.name in ("builtins.str", "builtins.repr", "builtins.format"):
            return f"raised({text})"
        if self.name == "builtins.slice":
            return f"F3[{text}]"
        if self.name in ("numpy.finfo", "numpy.iinfo"):
            return f"{text}.max"
        if self.name in ("numpy.dtype", "numpy.result_type", "numpy.promote_types"):
            return f"np.zeros(1, {text})"
        if self.name == "builtins.type":
            return f"{text}(2.5)"
        written = [name for name in ("O3",) if positional[:1] == [name] or object_ == name]
        return f"({text}, {written[0]})" if written else text


def rows():
    """Every row but those of our own names."""
    found = []
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        if not line.startswith(("#", "coachwhip.")):
            name, text = line[:-1].split("(", 1)
            newer = name == "builtins.int.is_integer" and not hasattr(int, "is_integer")
            newer |= name.startswith("heapq.") and not hasattr(heapq, name.removeprefix("heapq."))
            if not newer:
                found.append(Row(name, text))
    return found


def function(source):
    """A function that returns the value of an expression over the pool, and its arguments.

    What cannot be returned is used: `last(...)` iterates over it, `raised(...)` makes it a message.
    """
    names = sorted({node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)} & POOL.keys())
    scope = {"np": np, "math": math, "cmath": cmath, "contextlib": contextlib, "operator": operator, "heapq": heapq, "bisect": bisect, "functools": functools, "collections": collections, "sys": __import__("sys"), **vars(builtins)}
    body = f"return {source}"
    if source.startswith("last("):
        body = f"found = None\n    for item in {source[5:-1]}:\n        found = item\n    return found"
    if source.startswith("raised("):
        body = f"raise ValueError({source[7:-1]})"
    exec(compile(f"def call({', '.join(names)}):\n    {body}\n", f"<{source}>", "exec"), scope)
    return scope["call"], [POOL[name] for name in names]
