"""Calls of every supported function of NumPy with one argument that is out of the ordinary.

A call that NumPy accepts is the base; each of its operands in turn is an array without axes, an empty one, a tuple, a
display, a number or of another dtype, and each of its parameters in turn is of a wrong kind: a float, a bool, a complex
number, None, a text, an array, a tuple, an int out of range.  What NumPy does with it is what compiled code must do, or
refuse before running.  `tests/test_odd_calls.py` makes some of them; `COACHWHIP_CASES=10` makes ten times as many.
"""
import pathlib
import re
import zlib

import numpy as np

FLOATS = np.array([[3.0, 1.5, 2.0], [0.5, 7.0, 4.0]])
LINE = np.array([3.0, 1.5, 2.0, 7.0])
INTS = np.array([2, 0, 1])
SQUARE = np.array([[4.0, 1.0], [2.0, 3.0]])

#: Operands by the name of the parameter; where functions differ, `function.parameter`.
OPERANDS = {
    "a": FLOATS, "x": FLOATS, "x1": FLOATS, "x2": FLOATS + 1, "y": FLOATS, "arr": FLOATS, "ary": FLOATS, "m": FLOATS,
    "val": FLOATS, "array": FLOATS, "z": FLOATS + 1j, "v": FLOATS, "b": FLOATS, "prototype": FLOATS, "object": FLOATS,
    "filt": FLOATS, "p": LINE, "f": FLOATS, "arrays": (FLOATS, FLOATS), "tup": (FLOATS, FLOATS), "element": FLOATS,
    "indices": INTS[:2] % 2, "condition": FLOATS > 2, "mask": FLOATS > 2, "weights": None, "xp": np.arange(4.0), "fp": LINE,
    "bins": np.arange(4.0), "test_elements": LINE, "ar1": LINE, "ar2": LINE[:2], "values": FLOATS, "vals": LINE,
    "trapezoid.x": None, "dot.b": SQUARE, "dot.a": SQUARE, "matmul.x1": SQUARE, "matmul.x2": SQUARE, "vdot.a": LINE,
    "vdot.b": LINE, "inner.a": LINE, "inner.b": LINE, "outer.a": LINE, "outer.b": LINE, "kron.a": LINE, "kron.b": LINE,
    "correlate.a": LINE, "correlate.v": LINE, "convolve.a": LINE, "convolve.v": LINE[:2], "trace.a": SQUARE,
    "put.ind": INTS[:2], "put.v": LINE[:2], "take.indices": INTS[:2] % 2, "choose.choices": (FLOATS, FLOATS), "choose.a": INTS % 2,
    "choose.a ": INTS, "bincount.x": INTS, "interp.x": LINE, "searchsorted.a": np.arange(4.0), "searchsorted.v": LINE,
    "digitize.x": LINE, "take_along_axis.indices": np.array([[0], [1]]), "put_along_axis.indices": np.array([[0], [1]]),
    "put_along_axis.values": 5.0, "ldexp.x2": FLOATS.astype(int), "unravel_index.indices": INTS, "cross.a": FLOATS, "cross.b": FLOATS,
    "compress.condition": np.array([True, False]), "select.condlist": (FLOATS > 2,), "select.choicelist": (FLOATS,),
    "delete.obj": 1, "insert.obj": 1, "insert.values": 5.0, "repeat.repeats": 2, "tile.A": FLOATS, "average.weights": None,
    "linspace.start": 0.0, "linspace.stop": 5.0, "logspace.start": 0.0, "logspace.stop": 3.0, "geomspace.start": 1.0,
    "geomspace.stop": 8.0, "arange.start": 0, "arange.stop": 5, "arange.step": 1, "fill_diagonal.a": SQUARE, "fill_diagonal.val": 3.0,
    "vander.x": LINE, "diff.prepend": None, "append.values": FLOATS, "histogram.a": LINE, "nonzero.a": FLOATS, "diag.v": LINE,
    "clip.a_min": 1.0, "clip.a_max": 4.0, "isclose.b": FLOATS, "roll.a": FLOATS, "where.x": FLOATS, "where.y": FLOATS,
    "copyto.dst": FLOATS, "copyto.src": FLOATS, "place.arr": FLOATS, "putmask.a": FLOATS, "ediff1d.ary": LINE, "unwrap.p": LINE,
}
#: Values of other parameters that are given although they may be left out, so that they can be varied.
PARAMETERS = {
    "axis": 0, "axis1": 0, "axis2": 1, "source": 0, "destination": 1, "shift": 1, "k": 1, "kth": 1, "n": 1, "N": 3, "M": 3,
    "num": 4, "shape": (2, 3), "newshape": (3, 2), "fill_value": 2, "q": 0.5, "decimals": 1, "ddof": 1, "dtype": np.float64,
    "keepdims": True, "out": None, "where": True, "initial": 1, "returned": True, "endpoint": False, "retstep": True,
    "copy": True, "deg": True, "period": None, "dx": 2.0, "offset": 0, "mode": "raise", "order": "K", "side": "left",
    "kind": None, "casting": "same_kind", "rtol": 1e-5, "atol": 1e-8, "equal_nan": True, "nan": 0.5, "posinf": 1.5, "neginf": -1.5,
    "axes": (1, 0), "reps": 2, "indices_or_sections": 1, "minlength": 5, "right": True, "left": None, "invert": True,
    "assume_unique": False, "overwrite_input": False, "correction": 1, "include_initial": True, "ndmin": 2, "rowvar": True,
    "bias": False, "increasing": True, "base": 2.0, "discont": None, "method": "linear", "wrap": False, "return_index": False,
    "reshape.shape": (3, 2), "correlate.mode": "full", "convolve.mode": "full", "expand_dims.axis": 0, "reshape.order": "C", "full.order": "C",
    "zeros.order": "C", "ones.order": "C", "empty.order": "C", "concatenate.out": None, "vander.N": 3, "take.mode": "clip",
    "norm.ord": None, "rot90.k": 1, "rot90.axes": (0, 1), "swapaxes.axis1": 0, "swapaxes.axis2": 1, "squeeze.axis": None,
}
OPERANDS_INSTEAD = (
    np.array(2.0), np.zeros(0), np.zeros((0, 3)), np.zeros((2, 0)), (1, 2, 3), ((1, 2, 3), (4.5, 5, 6)), [1.5, 2.5], [[1, 2], [3, 4]], (), 3, 2.5,
    True, 1j, np.float32(1.5), np.int8(3), np.array([True, False, True]), np.array([1, 2, 3], np.int8), np.array([1 + 2j, 0.5, 2]),
    np.array([200, 1, 2], np.uint8), None, "text", np.array([[1, 2], [3, 4]], np.uint64), np.bool_(True),
)
PARAMETERS_INSTEAD = (
    None, 1.0, 0.5, True, False, np.bool_(True), 1j, "x", -1, 7, -7, np.int8(1), np.uint64(1), np.float64(1.0), np.array(1), np.array([0, 1]),
    np.array([1.0, 0.0]), np.array([True, False]), (0,), (0, 1), (0, 0), (), [0], (1.0,), (True,), 2**40, -2**40, 300,
)
DTYPES_INSTEAD = (np.int8, np.uint64, np.float32, np.complex64, bool, int, None, "f4", "x", 3, np.dtype("i4"), complex)
OUTS_INSTEAD = tuple(np.zeros(s, d) for s, d in (
    ((), "f8"), ((3,), "f8"), ((2,), "f8"), ((2, 3), "f4"), ((2, 3), "i8"), ((2, 3), "u1"), ((2, 3), "c8"), ((2, 3), "?"), ((1, 3), "f8"), ((2, 2), "f8"),
    ((3,), "i4"), ((3,), "c16"), ((3,), "?"), ((), "i8"), ((5,), "i8"), ((0,), "f8"))) + (3.0, "x", (0,))

#: Functions whose results are not values, are random, or are no calls of this kind.
LEFT_OUT = {"set_bit_generator", "printoptions", "errstate", "nditer", "ndindex", "ndenumerate", "empty", "empty_like", "finfo", "iinfo",
            "result_type", "promote_types", "can_cast", "dtype", "issubdtype", "shares_memory", "may_share_memory", "partition", "argpartition"}
LISTED = re.compile(r"^\| `np\.([a-z_0-9A-Z.]+)` \| `(.*?)` \|", re.M)


def signatures():
    """The supported functions and their parameters, from the document that is made of the compiler's own tables."""
    text = (pathlib.Path(__file__).parents[1] / "docs/supported.md").read_text()
    for name, parameters in LISTED.findall(text):
        if name in LEFT_OUT or name.startswith("random.") or not hasattr(np, name.partition(".")[0]):
            continue
        names = [part.strip() for part in parameters.split(",")]
        yield name, [n for n in names if n not in ("*", "/") and not n.startswith("*")]


#: Calls that NumPy does not come back from.
TOO_MUCH = {("diff", "n", repr(2**40))}
#: Running totals, of which NumPy 2.4 crashes where `out` has no axes.
RUNNING = {"cumsum", "cumprod", "nancumsum", "nancumprod"}


def beside(function, name, base):
    """What else is given: what a ufunc's `where` leaves out is only known where there is an array for results."""
    ufunc = getattr(np, function, None)
    if name != "where" or not isinstance(ufunc, np.ufunc) or ufunc.signature:
        return {}
    try:
        results = ufunc(*base)
    except TypeError:
        return {}
    return {"out": tuple(np.zeros_like(r) for r in results) if isinstance(results, tuple) else np.zeros_like(results)}


def looked_up(table, function, parameter):
    """The value for a parameter of a function."""
    return table.get(f"{function.rpartition('.')[2]}.{parameter}", table.get(parameter))


class Call:
    """A call: positional values and keywords; the one that varies."""

    def __init__(self, function, required, keywords, varied):
        self.function, self.required, self.keywords, self.varied = function, required, keywords, varied

    def source(self):
        """The function that makes the call, and its arguments: what can be a literal is one."""
        given, texts = [], []
        for name, value in [(None, v) for v in self.required] + list(self.keywords.items()):
            text = written(value)
            if text is None:
                text = f"x{len(given)}"
                given.append(value)
            texts.append(text if name is None else f"{name}={text}")
        parameters = ", ".join(f"x{i}" for i in range(len(given)))
        return f"def call({parameters}):\n    return np.{self.function}({', '.join(texts)}){self.rest()}\n", given

    def rest(self):
        return ""

    def __repr__(self):
        return self.source()[0].partition("return ")[2].strip() + " " + self.varied


def written(value):
    """The value as a literal, None if it is given at run time."""
    if isinstance(value, type):
        return f"np.{value.__name__}" if issubclass(value, np.generic) else value.__name__
    if value is None or isinstance(value, (bool, str, tuple, list)) and not holds_arrays(value):
        return repr(value)
    if isinstance(value, int) and not isinstance(value, np.generic) and abs(value) < 300:
        return repr(value)
    return None


def holds_arrays(value):
    return isinstance(value, (tuple, list)) and any(isinstance(item, (np.ndarray, np.generic)) for item in value)


def calls():
    """Every call, in an order that a prefix of it is spread over the functions."""
    found = []
    for function, names in signatures():
        required = [n for n in names if not n.rstrip().endswith("=") and "=" not in n]
        optional = [n.partition("=")[0] for n in names if "=" in n]
        base = [looked_up(OPERANDS, function, n) if looked_up(OPERANDS, function, n) is not None
                else looked_up(PARAMETERS, function, n) for n in required]
        for place, name in enumerate(required):
            operand = looked_up(OPERANDS, function, name) is not None
            for value in OPERANDS_INSTEAD if operand else PARAMETERS_INSTEAD:
                found.append(Call(function, [*base[:place], value, *base[place + 1:]], {}, f"{name}={value!r}"))
        for name in optional:
            values = {"dtype": DTYPES_INSTEAD, "out": OUTS_INSTEAD}.get(name, PARAMETERS_INSTEAD)
            if looked_up(OPERANDS, function, name) is not None:
                values = (*OPERANDS_INSTEAD, *values)
            for value in values:
                if (function, name, repr(value)) in TOO_MUCH or name == "out" and function in RUNNING and np.ndim(value) == 0:
                    continue
                found.append(Call(function, base, {name: value, **beside(function, name, base)}, f"{name}={value!r}"))
                if name == "axis" and base:
                    found.append(Call(function, [np.array(2.0), *base[1:]], {name: value}, f"{name}={value!r} of 0-d"))
    return sorted(found, key=lambda call: zlib.crc32(repr(call).encode()))
