"""The help of messages that takes a look at Python's objects: what is meant by a name, what to pass instead."""
import ast
import builtins
import difflib
import enum
import linecache
import math
import re
import sys
import types

import numpy

from . import _classes, _core, _enums


def for_argument(value):
    """What to pass instead of an argument that compiled code cannot take."""
    kind = type(value)
    for test, help_text in _ARGUMENTS:
        if test(kind, value):
            return help_text if isinstance(help_text, str) else help_text(value)
    if kind.__module__ != "builtins" and kind.__flags__ & 1 << 9:
        return _of_class(value)
    return "pass numbers, NumPy arrays, tuples of such, or functions"


def _named(*names):
    """Whether a class, or one that it is derived from, has one of the names, whose modules need not be there."""
    return lambda kind, _: any(f"{base.__module__}.{base.__qualname__}" in names for base in kind.__mro__)


def _derived(*classes):
    return lambda kind, _: issubclass(kind, classes)


def _has(*names):
    return lambda kind, _: any(hasattr(kind, name) for name in names)


def _list(values):
    if type(values) is not list:
        return "pass `list(value)`: classes derived from list are not supported"
    kinds = {type(value) for value in values}
    if all(issubclass(kind, (int, float, complex, numpy.bool, numpy.number)) for kind in kinds):
        return ("give all items one type, for instance `[float(x) for x in values]`, "
                "or pass a NumPy array (`np.array(values)`) or a tuple")
    return "give all items one type, or pass `tuple(values)`"


def _keyed(value):
    if any(isinstance(key, str) for key in value):
        return "pass the values that are needed as arguments of their own"
    return "pass its keys and values as two NumPy arrays"


def _fields(value):
    first = value._fields[0] if value._fields else "name"
    return f"pass its fields as arguments of their own, such as `value.{first}`: of the class {type(value).__name__}, {_classes.why_not(type(value))}"


def _of_class(value):
    why = _classes.why_not(type(value)) or "this instance cannot be taken"
    return f"pass the attributes that are needed as arguments of their own: of the class {type(value).__name__}, {why}"


# Whether it is one of these (class, value), and the help, the first that fits.
_ARGUMENTS = (
    (_named("numpy.ma.MaskedArray"),
     "pass `a.filled(value)`, or its data and its mask as two arrays, `a.data` and `np.ma.getmaskarray(a)`"),
    (_named("numpy.matrix"), "pass `np.asarray(a)`, and write `@` for the product of matrices"),
    (_named("numpy.memmap", "numpy.recarray"), "pass `np.asarray(a)`: compiled code takes only exact NumPy arrays"),
    (_named("numpy.ndarray"), "pass `np.asarray(a)` if its elements are all that it means: compiled code takes only exact NumPy arrays"),
    (_has("to_numpy"), "pass a NumPy array of its values: `value.to_numpy()`"),
    (_derived(list), _list),
    (_derived(dict), _keyed),
    (_derived(set, frozenset), "pass a NumPy array of its items: `np.array(sorted(values))`"),
    (lambda kind, _: issubclass(kind, tuple) and hasattr(kind, "_fields"), _fields),
    (lambda kind, _: isinstance(kind, enum.EnumMeta),
     lambda value: f"pass `member.value`: of the class {type(value).__name__}, {_enums.why_not(type(value))}"),
    (_derived(tuple), "pass `tuple(value)`: classes derived from tuple are not supported"),
    (_derived(int), "pass `int(value)`: classes derived from int are not supported"),
    (_derived(float), "pass `float(value)`: classes derived from float are not supported"),
    (_derived(complex), "pass `complex(value)`: classes derived from complex are not supported"),
    (_derived(str), "pass `str(value)`: classes derived from str are not supported"),
    (_derived(bytearray), "pass `bytearray(value)`: classes derived from bytearray are not supported"),
    (_derived(memoryview), "pass a NumPy array of its bytes: `np.frombuffer(value, np.uint8)`"),
    (_named("array.array"), "pass a NumPy array over its memory: `np.frombuffer(values, values.typecode)`"),
    (_has("__array__"), "pass a NumPy array of its values: `np.asarray(value)`"),
    (_named("decimal.Decimal", "fractions.Fraction"), "pass `float(value)`"),
    (_named("datetime.timedelta"), "pass `value.total_seconds()`"),
    (_named("datetime.datetime"), "pass `value.timestamp()`"),
    (_has("__next__"), "pass a NumPy array of what it gives: `np.fromiter(values, dtype)`"),
)


def for_diagnostic(fields, function):
    """The help for a diagnostic, or None for the one that it has."""
    text = fields["message"]
    if fields["code"] == "CW0401":
        return _for_receiver(text, function)
    place = fields["primary"]
    if place is None or function is None:
        return None
    owner = _owner(function, place)
    if found := re.fullmatch(r"the name '(\w+)' is not defined", text):
        return _for_name(found[1], owner)
    if found := re.fullmatch(r"module '([\w.]+)' has no attribute '(\w+)'", text):
        return _for_member(found[1], found[2])
    if found := re.fullmatch(r"(\w+)[\w ,.\[\]():]* has no attribute '(\w+)' in compiled code", text):
        return _for_attribute(found[1], found[2], owner) or fields["help"]
    if found := re.fullmatch(r"([\w.]+)\.(\w+)\(\) is not supported in compiled code", text):
        return fields["help"] or _instead(found[1], found[2]) or _OUTSIDE.format(f"{found[1]}.{found[2]}")
    if fields["code"] == "CW0203":
        return _for_object(place, owner)
    return None


def _for_receiver(text, function):
    """Methods: their object cannot be passed."""
    if function is None or not text.startswith("argument 'self': a value of type"):
        return None
    name = function.__name__
    return (f"compile a plain function that takes what it needs of the object, and call it from the method: "
            f"`def {name}(self, …): return compiled(self.x, …)`")


def _for_name(name, owner):
    if name == "prange":
        return "use `range`: loops run in one thread, parallel ones come with a later version"
    code = owner.__code__
    own = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
    for known in (own, owner.__globals__, vars(builtins)):
        close = _close(name, known)
        if close:
            return f"did you mean `{close}`?"
    for module, short in ((numpy, "np"), (math, "math")):
        if name in vars(module):
            return f"did you mean `{short}.{name}`?"
    return "define it before the first call, or import it"


def _for_member(module, name):
    found = sys.modules.get(module)
    close = found is not None and _close(name, [known for known in dir(found) if not known.startswith("_")])
    return f"did you mean `{module.split('.')[-1]}.{close}`?" if close else None


def _for_attribute(kind, name, owner):
    """The attribute that is meant, of a value of a built-in type or of a class that the function can name."""
    kind = vars(builtins).get(kind) or getattr(owner, "__globals__", {}).get(kind)
    if not isinstance(kind, type) or hasattr(kind, name):
        return None
    close = _close(name, [known for known in dir(kind) if not known.startswith("_")])
    return f"did you mean `{close}`?" if close else None


def _close(name, known):
    """The nearest of the names, if one is near."""
    known = [k for k in known if isinstance(k, str) and k != name]
    lower = {k.lower(): k for k in known}
    if name.lower() in lower:
        return lower[name.lower()]
    return next(iter(difflib.get_close_matches(name, known, 1, cutoff=0.7)), None)


# What to use instead of functions of other modules: by module and name.
_INSTEAD = {
    "random": {"random": "np.random.random()", "uniform": "np.random.uniform(low, high)", "seed": "np.random.seed(n)"},
    "numba": {"prange": "range(n)"},
}


def _for_object(place, owner):
    """Help for an object that compiled code cannot use, found again where it is written."""
    text, found = _written(place, owner)
    if found is None:
        return None
    module = getattr(found, "__module__", None) or _module_of_receiver(found)
    name = getattr(found, "__name__", None)
    if instead := _instead(str(module), name):
        return instead
    if isinstance(found, dict):
        return f"put the values that are needed into globals of their own, such as `N = {text}[…]`, or pass them as arguments"
    if isinstance(found, list):
        return f"make it a tuple or an array: `np.array({text})`"
    if isinstance(found, (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type)) or callable(found):
        return _OUTSIDE.format(text)
    return None


_OUTSIDE = "call `{}` outside compiled code and pass what it gives, or teach it with `coachwhip.extending.overload`"


def _instead(module, name):
    """What to use instead of a function of a module, if that is known."""
    known = _INSTEAD.get(module.split(".")[0], {})
    if name in known:
        return f"use `{known[name]}`"
    if module == "random":
        return f"use functions of `np.random` ({', '.join(known)}), or draw the numbers outside and pass them"
    return None


def _module_of_receiver(found):
    """The module of a method's object: `random.random` is a method of a hidden one."""
    receiver = getattr(found, "__self__", None)
    return receiver.__name__ if isinstance(receiver, types.ModuleType) else type(receiver).__module__


def _written(place, owner):
    """The text of the first name, or chain of names of modules, at a place whose value compiled code cannot use, and the value."""
    try:
        tree = ast.parse(_source(place).strip(), mode="eval")
    except (SyntaxError, ValueError):
        return "", None
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            found = _value(node, owner)
            if found is not None and not isinstance(found, (types.ModuleType, int, float, complex, str, tuple, _core.Dispatcher)):
                return ast.unparse(node), found
    return "", None


def _source(place):
    """The source between two columns, which count UTF-8 bytes."""
    lines = linecache.getlines(place["file"])[place["line"] - 1:place["end_line"]]
    if not lines:
        return ""
    lines = [line.encode() for line in lines]
    lines[-1] = lines[-1][:place["end_column"]]
    lines[0] = lines[0][place["column"]:]
    return b"".join(lines).decode(errors="replace")


def _value(node, owner):
    """What a name of a global, or an attribute of a module, stands for; no code of the user's runs."""
    if isinstance(node, ast.Name):
        code = owner.__code__
        if node.id in code.co_freevars and owner.__closure__:
            cell = owner.__closure__[code.co_freevars.index(node.id)]
            return cell.cell_contents if cell != types.CellType() else None
        if node.id in code.co_varnames or node.id in code.co_cellvars:
            return None
        return owner.__globals__.get(node.id, vars(builtins).get(node.id))
    inner = _value(node.value, owner) if isinstance(node.value, (ast.Name, ast.Attribute)) else None
    return vars(inner).get(node.attr) if isinstance(inner, types.ModuleType) else None


#: Functions that are looked at to find the one in which a place lies.
_REACH = 500


def _owner(function, place):
    """The function in which a place lies: this one, or one that it can reach."""
    seen, queue = set(), [function]
    while queue and len(seen) < _REACH:
        found = queue.pop(0)
        found = getattr(found, "py_func", found)
        if not isinstance(found, types.FunctionType) or id(found) in seen:
            continue
        seen.add(id(found))
        code = found.__code__
        if code.co_filename == place["file"] and code.co_qualname == place["function"]:
            return found
        queue += [found.__globals__[name] for name in code.co_names if name in found.__globals__]
        queue += [cell.cell_contents for cell in found.__closure__ or () if cell != types.CellType()]
    return function
