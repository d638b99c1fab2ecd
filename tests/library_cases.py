"""Makes the differential tests of the function library from what its functions declare with `tested`.

A group of calls varies the kinds of its arguments: dtypes, numbers of dimensions, layouts, values of keywords, also
absent.  Every choice is met at least once, in combinations that a fixed stride picks; `COACHWHIP_CASES=10` multiplies
them.  A case is a call written in a function's source, made with several arrays.
"""
import importlib
import os
import pathlib
import zlib

import numpy as np
from coachwhip import lib
from coachwhip.lib import kinds

MORE = int(os.environ.get("COACHWHIP_CASES", "1"))
ABSENT = object()


class Case:
    """A call: its source, the plain library function behind it, and several lists of arguments."""

    def __init__(self, title, source, implementation, calls, options):
        self.title, self.source, self.implementation = title, source, implementation
        self.calls, self.options = calls, options

    def function(self):
        """The function that makes the call."""
        scope = {"np": np, "inf": np.inf, "nan": np.nan}
        exec(compile(self.source, f"<{self.title}>", "exec"), scope)
        return scope["call"]

    def __repr__(self):
        return self.title


def library_functions():
    """Every library function with its canonical names."""
    for path in sorted(pathlib.Path(lib.__file__).parent.rglob("*.py")):
        if path.stem not in ("__init__", "index", "kinds", "compiler"):
            inside = path.relative_to(pathlib.Path(lib.__file__).parent).with_suffix("").parts
            module = importlib.import_module(".".join(("coachwhip.lib", *inside)))
            for value in vars(module).values():
                if hasattr(value, "__implements__") and value.__module__ == module.__name__:
                    yield value


def cases():
    """The cases of every function."""
    for function in library_functions():
        for number, (arguments, keywords) in enumerate(getattr(function, "__tested__", ())):
            options = {name[1:]: value for name, value in keywords.items() if name.startswith("_")}
            keywords = {name: value for name, value in keywords.items() if not name.startswith("_")}
            for name in options.pop("names", None) or function.__implements__:
                if name.startswith("numpy."):
                    yield from group(function, name, arguments, keywords, options, number)


def group(function, name, arguments, keywords, options, number):
    """The cases of one declaration for one name."""
    slots = [choices(kind) for kind in arguments]
    names = list(keywords)
    slots += [optional(keywords[key]) for key in names]
    # One round over the longest list of choices, each list at its own pace.
    count = max([len(slot) for slot in slots] or [1]) * MORE
    seen = set()
    for i in range(count):
        picks = []
        for position, slot in enumerate(slots):
            shuffle = zlib.crc32(f"{name}{number}{position}{i // len(slot)}".encode())
            picks.append((i + shuffle) % len(slot) if position else i % len(slot))
        if tuple(picks) in seen:
            continue
        seen.add(tuple(picks))
        chosen = [slot[pick] for slot, pick in zip(slots, picks)]
        made = build(function, name, len(arguments), names, chosen, options, i)
        if made is not None:
            yield made


class Plain:
    """A value that stands in the source of the call."""

    def __init__(self, value):
        self.value = value

    def text(self, parameters):
        if not isinstance(self.value, type):
            return repr(self.value)
        return f"{'np.' if issubclass(self.value, np.generic) else ''}{self.value.__name__}"

    def make(self, at_run_time, seed, first, empty):
        return self.value

    def __str__(self):
        return ""


class Number(Plain):
    """A number given at run time."""

    def text(self, parameters):
        parameters.append(f"x{len(parameters)}")
        return parameters[-1]

    def make(self, at_run_time, seed, first, empty):
        at_run_time.append(self.value)
        return self.value

    def __str__(self):
        return type(self.value).__name__


class Given:
    """An array given at run time."""

    def __init__(self, ndim, dtype, kind):
        self.ndim, self.dtype, self.kind = ndim, dtype, kind

    text = Number.text

    def make(self, at_run_time, seed, first, empty):
        if empty and (not self.kind.empty or self.ndim == 0):
            raise NoEmpty
        layout = self.kind.layouts[seed % len(self.kind.layouts)]
        first = next((a for a in at_run_time if isinstance(a, np.ndarray)), first)
        at_run_time.append(make(self.ndim, self.dtype, self.kind, layout, empty, seed, first))
        return at_run_time[-1]

    def __str__(self):
        return f"{self.dtype}x{self.ndim}"


class Group:
    """A tuple of such."""

    def __init__(self, items):
        self.items = items

    def text(self, parameters):
        return f"({''.join(item.text(parameters) + ', ' for item in self.items)})"

    def make(self, at_run_time, seed, first, empty):
        return tuple(item.make(at_run_time, seed + 2 * i, first, empty) for i, item in enumerate(self.items))

    def __str__(self):
        return "_".join(map(str, self.items))


class NoEmpty(Exception):
    """There are no empty arguments of this kind."""


def optional(kind):
    """What may stand for a keyword: also nothing."""
    return choices(kind.values) if isinstance(kind, kinds.Always) else [ABSENT, *choices(kind)]


def choices(kind):
    """What may stand at a place."""
    if isinstance(kind, kinds.Array):
        # Every dtype once, the numbers of dimensions in turn.
        count = max(len(kind.ndim), len(kind.dtypes)) * MORE
        turns = [i + i // len(kind.dtypes) for i in range(count)]
        return [Given(kind.ndim[turn % len(kind.ndim)], kind.dtypes[i % len(kind.dtypes)], kind)
                for i, turn in enumerate(turns)]
    if isinstance(kind, kinds.Scalar):
        return [Number(np.dtype(d).type(3)) for d in kind.dtypes] + [Number(value) for value in kind.python]
    if isinstance(kind, kinds.Run):
        return [Number(value) for value in kind.values]
    if isinstance(kind, kinds.Several):
        lists = [choices(item) for item in kind.kinds]
        count = max(map(len, lists), default=1)
        step = zlib.crc32(repr(kind).encode())
        return [Group([own[(i + place * (step + i // len(own))) % len(own)] for place, own in enumerate(lists)])
                for i in range(count)]
    if isinstance(kind, tuple):
        return [choice for item in kind for choice in (choices(item) if is_kind(item) else [Plain(item)])]
    return [Plain(kind)]


def is_kind(item):
    """Whether an item of a tuple of choices is itself a kind."""
    return isinstance(item, (kinds.Array, kinds.Scalar, kinds.Run, kinds.Several))


def build(function, name, required, names, chosen, options, number):
    """A case of the values chosen."""
    parameters, texts, given = [], [], []
    for position, value in enumerate(chosen):
        if value is ABSENT:
            continue
        key = names[position - required] if position >= required else None
        text = value.text(parameters)
        texts.append(text if key is None else f"{key}={text}")
        given.append((key, value))
    source = f"def call({', '.join(parameters)}):\n    return {expression(name, texts)}\n"
    calls = list(values_of(given, number))
    kinds_given = "-".join(filter(None, (str(value) for _, value in given)))
    return Case(f"{expression(name, texts)}-{kinds_given}", source, function, calls, options)


def expression(name, texts):
    """The call in Python."""
    if not name.startswith("numpy.ndarray."):
        return f"np.{name.removeprefix('numpy.')}({', '.join(texts)})"
    member = name.removeprefix("numpy.ndarray.")
    if member.endswith(".__get__"):
        return f"{texts[0]}.{member.removesuffix('.__get__')}"
    return f"{texts[0]}.{member}({', '.join(texts[1:])})"


def values_of(given, number):
    """Two lists of arguments, with layouts that change from case to case, and one of empty ones."""
    for turn in (0, 1, 3):
        at_run_time, positional, keywords = [], [], {}
        try:
            for place, (key, value) in enumerate(given):
                made = value.make(at_run_time, number + turn + 3 * place, None, turn == 3)
                if key is None:
                    positional.append(made)
                else:
                    keywords[key] = made
        except NoEmpty:
            continue
        if at_run_time or turn == 0:
            yield at_run_time, positional, keywords


SIZES = ((9,), (4, 5), (3, 4, 2), (2, 3, 2, 2))
SPECIAL = (0.0, -0.0, 1.0, np.nan, -1.0, np.inf, 2.5, -np.inf, 1.0, 3.0, np.nan, -2.5, 100.0, 7.0)


def make(ndim, dtype, kind, layout, empty, seed, first):
    """An array of the kind."""
    rng = np.random.default_rng(seed)
    shape = SIZES[ndim - 1] if ndim else ()
    if kind.length:
        shape = (kind.length,) * ndim
    if empty:
        shape = (0, *shape[1:]) if seed % 2 or ndim == 1 else (*shape[:-1], 0)
    return lay_out(fill(rng, shape, np.dtype(dtype), kind.values, first), layout)


def fill(rng, shape, dtype, values, first):
    """The elements, in C order."""
    size = int(np.prod(shape))
    if values == "index":
        n = max(first.shape[0] if first is not None and first.ndim else 1, 1)
        low = 0 if dtype.kind == "u" else -n
        return rng.integers(low, n, size).astype(dtype).reshape(shape)
    if values == "small":
        flat = rng.integers(0, 2 if dtype.kind == "b" else 9, size).astype(dtype)
        if dtype.kind == "c":
            flat = flat + dtype.type(1j) * rng.integers(0, 9, size)
        return flat.astype(dtype).reshape(shape)
    if values == "nan":
        flat = rng.integers(0, 2 if dtype.kind == "b" else 5, size).astype(dtype)
        if dtype.kind in "fc":
            flat[rng.integers(0, 4, size) == 0] = np.nan
        return flat.reshape(shape)
    if values == "distinct":
        flat = rng.permutation(size)
        return (flat % 2 == 1 if dtype.kind == "b" else flat.astype(dtype)).reshape(shape)
    with np.errstate(all="ignore"):
        if dtype.kind in "iu":
            info = np.iinfo(dtype)
            pool = np.array([0, 1, 3, 3, info.max, info.min, info.max - 1, 7, 2], dtype)
        elif dtype.kind == "b":
            pool = np.array([True, False])
        elif dtype.kind == "f":
            pool = np.array(SPECIAL, dtype)
        else:
            pool = np.array([complex(a, b) for a, b in zip(SPECIAL, SPECIAL[3:] + SPECIAL[:3])], dtype)
    flat = pool[rng.integers(0, len(pool), size)]
    if values == "sorted":
        flat = np.sort(flat)
    return flat.reshape(shape)


def lay_out(a, layout):
    """The same elements in another order in memory."""
    if a.ndim == 0:
        made = a.copy()
    elif layout == "F":
        made = np.asfortranarray(a)
    elif layout == "strided":
        made = np.empty((*a.shape[:-1], 2 * a.shape[-1]), a.dtype)[..., ::2]
        made[...] = a
    elif layout == "reversed":
        made = a[..., ::-1].copy()[..., ::-1]
    elif layout == "transposed":
        made = np.moveaxis(np.moveaxis(a, 0, -1).copy(), -1, 0)
    else:
        made = a.copy()
    if layout == "readonly":
        made.flags.writeable = False
    return made
