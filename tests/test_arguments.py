"""How calls are bound: every supported callable with wrong calls, and with each argument that Python or NumPy declares."""
import heapq
import inspect
import os
import re
import zlib

import argument_cases
import coachwhip
import numpy as np
import pytest
from argument_cases import UNKNOWN, function
from support import Outcome, assert_same_value

ALL = bool(os.environ.get("COACHWHIP_CASES"))
ROWS = {row.name: row for row in argument_cases.rows()}


#: What docs/deviations.md has, by what it looks like.
KNOWN = (
    # NumPy broadcasts quantiles into `out`.
    lambda source, want, got: re.match(r"np.(percentile|quantile)", source) and "out=" in source and want.error is None and type(got.error) is ValueError,
    # Vectors count as Fortran's.
    lambda source, want, got: "np.hypot.outer(F3, G3, order='A')" == source and got.error is None and np.array_equal(got.value, want.value),
)


def outcomes(source):
    """What a call does plain and compiled."""
    call, arguments = function(source)
    return Outcome(call, arguments, {}), Outcome(coachwhip.jit(cache=False)(call), arguments, {})


def compared(source, want=None, got=None):
    """Asserts that a call does the same plain and compiled, or is refused; returns whether it was refused."""
    if want is None:
        want, got = outcomes(source)
    refused = isinstance(got.error, coachwhip.CompileError)
    assert not isinstance(got.error, coachwhip.InternalError), f"{source}: {got.error}"
    if any(known(source, want, got) for known in KNOWN):
        return False
    if refused:
        assert len(str(got.error).splitlines()) <= 12, f"{source}: {got.error}"
        return True
    if want.error is not None:
        raised = got.error is not None and (type(got.error) is type(want.error) or isinstance(got.error, type(want.error)))
        assert raised, f"{source}: got {got}, plain Python: {want}"
    else:
        assert got.error is None, f"{source}: got {got}, plain Python: {want}"
        # The positions of `nonzero` are columns of one array in NumPy.
        assert_same_value(got.value, want.value, source, ulp=2, strides="nonzero" not in source)
        if "overwrite_input=True" not in source:
            assert_same_value(got.arguments, want.arguments, f"{source}: arguments", ulp=2)
    return False


def wrong_calls(row):
    """Calls that no callable of this signature takes."""
    object_, positional, keywords = row.base()
    places = [p for p in row.own if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    variable = any(p.kind is p.VAR_POSITIONAL for p in row.own)
    if row.class_ == "numpy.ufunc":
        # Their object is the ufunc, not the first parameter.
        places = [p for p in row.params if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if not row.keywords:
        yield row.call(object_, positional, {**keywords, "bogus": "1"})
    if not variable:
        extra = ["None"] * (len(places) + 1 - len(positional))
        yield row.call(object_, [*positional, *extra], keywords)
    required = [p for p in places if p.default is p.empty]
    if required:
        yield row.call(object_, positional[:len(required) - 1], {})
    for p, value in zip(places, positional):
        if p.kind is p.POSITIONAL_OR_KEYWORD:
            yield row.call(object_, positional, {p.name: value})
        elif row.name != "builtins.int" and not row.keywords:
            yield row.call(object_, [v for v in positional if v is not value], {p.name: value})


@pytest.mark.parametrize("name", ROWS)
def test_wrong_calls_are_refused(name):
    for source in wrong_calls(ROWS[name]):
        want, got = outcomes(source)
        assert isinstance(want.error, (TypeError, ValueError)), f"{source}: the row is wrong, plain Python: {want}"
        assert isinstance(got.error, TypeError), f"{source}: got {got}, plain Python: {want}"
        assert not isinstance(got.error, coachwhip.InternalError), f"{source}: {got.error}"


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.keywords])
def test_any_keyword_counts(name):
    """What takes keywords of any name uses them, or refuses them."""
    object_, positional, keywords = ROWS[name].base()
    for more in ({"bogus": "1"}, {"bogus": "1", "other": "2"}):
        compared(ROWS[name].call(object_, positional, {**keywords, **more}))


def right_calls(row):
    """The call that the others vary, and by parameter those that give it each of some values."""
    object_, positional, keywords = row.base()
    yield None, [row.call(object_, positional, keywords)]
    params = row.params if row.class_ == "numpy.ufunc" else row.own
    for place, p in enumerate(params):
        if p.kind is p.VAR_POSITIONAL or place < len(positional) and p.default is p.empty and p.kind is p.POSITIONAL_ONLY:
            continue
        values, keywords = row.values(p.name), {**row.base()[2], **row.beside(p.name)}
        if place < len(positional):
            # By keyword, with all after it.
            names = [q.name for q in params[place:len(positional)]]
            if any(q.kind in (q.POSITIONAL_ONLY, q.VAR_POSITIONAL) for q in params[place:len(positional)]):
                continue
            given = dict(zip(names, positional[place:]))
            yield p.name, [row.call(object_, positional[:place], {**given, **keywords})]
            values = values if p.default is not p.empty else []
            yield p.name, [row.call(object_, positional[:place], {**given, **keywords, p.name: v}) for v in values]
        elif p.kind is p.POSITIONAL_ONLY:
            filled = [default_source(q) for q in params[len(positional):place]]
            if None not in filled:
                yield p.name, [row.call(object_, [*positional, *filled, v], keywords) for v in values]
        else:
            yield p.name, [row.call(object_, positional, {**keywords, p.name: v}) for v in values]


def default_source(p):
    """The default of a parameter as source, None where there is none."""
    if p.default in (p.empty, ...):
        return None
    return "np._NoValue" if p.default is np._NoValue else repr(p.default)


def chosen(sources):
    """Some of the calls with values of one argument: two that work, and one that does not."""
    fine, failing = [], []
    for source in sources:
        call, arguments = function(source)
        (failing if Outcome(call, arguments, {}).error else fine).append(source)
    return [*fine[:2], *failing[:1]]


@pytest.mark.parametrize("name", [name for name in ROWS if not name.startswith(UNKNOWN)])
def test_declared_arguments_give_right_values_or_are_refused(name):
    """Every value of every argument with `COACHWHIP_CASES`; else one argument of each callable."""
    groups = [sources for _, sources in right_calls(ROWS[name])]
    if not ALL:
        place = zlib.crc32(name.encode())
        groups = [groups[place % len(groups)]]
        groups = [sources[place % len(sources):][:1] for sources in map(chosen, groups) if sources]
    for sources in groups:
        for source in sources:
            compared(source)


#: Rows that say more than the callable declares, and a call that works by what they say: NumPy's C functions take keywords
#: and places that their texts leave out.
KNOWN_BETTER = {
    "numpy.arange": "np.arange(start=0, stop=3).sum() + np.arange(0, 3, 1, 'i4').sum()",
    "numpy.empty_like": "np.empty_like(prototype=F3)", "numpy.where": "np.where(B3, None, None)",
    "numpy.clip": "np.clip(F3, 0, 1, dtype='f4', where=True, order='C', casting='unsafe', subok=True)",
    "numpy.ndarray.clip": "F3.clip(0, 1, dtype='f4', where=True, order='C', casting='unsafe', subok=True)",
    "numpy.dtype": "np.dtype('i4', metadata={})", "numpy.random.ranf": "np.random.ranf(size=2)", "numpy.random.sample": "np.random.sample(size=2)",
    "numpy.ndarray.sum": "F3.sum(None, None, None, False, 0, True)", "numpy.ndarray.prod": "F3.prod(None, None, None, False, 1, True)",
    "numpy.ndarray.min": "F3.min(None, None, False, 9, True)", "numpy.ndarray.max": "F3.max(None, None, False, 0, True)",
    "numpy.ndarray.mean": "F3.mean(None, None, None, False, where=True)",
    "numpy.ndarray.std": "F3.std(None, None, None, 0, False, where=True, mean=1.0)", "numpy.ndarray.var": "F3.var(None, None, None, 0, False, where=True, mean=1.0)",
    "numpy.ndarray.put": "OI3.put(indices=I3, values=I3)", "numpy.ndarray.dot": "F3.dot(b=F3)", "numpy.ndarray.argpartition": "F3.argpartition(kth=1)",
    "numpy.ndarray.partition": "O3.partition(kth=1)", "numpy.ndarray.searchsorted": "F3.searchsorted(v=0.3)", "numpy.ndarray.take": "F3.take(indices=I3)",
    "numpy.ndarray.compress": "F3.compress(condition=B3)", "numpy.ndarray.choose": "(J3 - 1).choose(F3, G3)", "numpy.ndarray.conj": "C3.conj(OC3)",
    "numpy.ndarray.conjugate": "C3.conjugate(OC3)", "numpy.generic.conj": "s.conj(None)", "numpy.generic.conjugate": "s.conjugate(None)",
    "numpy.divmod": "np.divmod(F3, G3, O3, P3)", "numpy.frexp": "np.frexp(F3, O3, Q3)", "numpy.modf": "np.modf(F3, O3, P3)",
    "numpy.ufunc.reduce": "np.add.reduce(array=F3, keepdims=True, initial=1, where=B3)", "numpy.ufunc.accumulate": "np.add.accumulate(array=F3)",
    "numpy.ufunc.reduceat": "np.add.reduceat(array=F3, indices=[0])", "numpy.ufunc.outer": "np.add.outer(F3, F3, dtype='f4', order='C', out=None)",
    "numpy.ufunc.at": "np.sqrt.at(O3, I3)",
    # They take their count by name since Python 3.13 and 3.15.
    "builtins.str.replace": "u.replace('a', 'b', 1)", "builtins.bytes.replace": "b'aa'.replace(b'a', b'b', 1)",
    "builtins.bytearray.replace": "bytearray(b'aa').replace(b'a', b'b', 1)",
    # What they say of themselves lacks a word on the difference between a default and nothing.
    "builtins.complex": "complex(imag=1)",
}

#: Rows that say less, and a call that does not work although the callable declares it.
KNOWN_NARROWER = {"numpy.ndarray.fill": "O3.fill(value=1.0)"}

#: Parameters of rows that not every supported version of Python and NumPy has, or takes in this way.
NEWER = {"steps", "descending", "builtins.map: strict", "functools.reduce: initial"}


def declared(row):
    """The parameters that a callable declares, None where it does not."""
    found = row.object() if row.class_ not in ("numpy.ufunc", "numpy.generic") else getattr(
        np.add if row.class_ == "numpy.ufunc" else np.int64 if row.name.endswith("bit_count") else np.float64, row.name.rpartition(".")[2])
    try:
        return list(inspect.signature(found).parameters.values())
    except ValueError:
        return None


@pytest.mark.parametrize("name", [name for name in ROWS if name not in (*KNOWN_BETTER, *KNOWN_NARROWER)])
def test_rows_are_what_python_and_numpy_declare(name):
    row = ROWS[name]
    want = declared(row)
    if want is None:
        return

    def shape(p, number):
        kind = "positional" if p.kind is p.POSITIONAL_ONLY else p.kind
        # What cannot be named may have any name.
        shown = number if kind == "positional" or p.kind is p.VAR_POSITIONAL or (row.class_ and number == 0) else p.name
        return shown, kind, p.default is not p.empty

    def compared(p):
        return not {p.name, f"{name}: {p.name}"} & NEWER and p.kind is not p.VAR_KEYWORD

    assert row.keywords == any(p.kind is p.VAR_KEYWORD for p in want), row.text
    got = [p for p in row.params if compared(p)]
    want = [p for p in want if compared(p)]
    assert [shape(p, n) for n, p in enumerate(got)] == [shape(p, n) for n, p in enumerate(want)], row.text
    for ours, theirs in zip(got, want):
        assert ours.default in (theirs.default, ...) or ours.default is theirs.default, f"{name}: {ours}, declared {theirs}"


@pytest.mark.parametrize("name", KNOWN_BETTER)
def test_rows_that_say_more_than_is_declared(name):
    assert name in ROWS
    call, arguments = function(KNOWN_BETTER[name])
    outcome = Outcome(call, arguments, {})
    assert outcome.error is None, str(outcome)


@pytest.mark.parametrize("name", KNOWN_NARROWER)
def test_rows_that_say_less_than_is_declared(name):
    call, arguments = function(KNOWN_NARROWER[name])
    assert name in ROWS and isinstance(Outcome(call, arguments, {}).error, TypeError)


def test_every_name_has_a_row():
    from coachwhip.lib.index import INDEX
    for name in INDEX:
        if not name.startswith("coachwhip.lib.") and not name.endswith(".__get__") and name not in ROWS:
            found = argument_cases.Row(name, "")
            module, _, attribute = name.rpartition(".")
            if module == "heapq" and not hasattr(heapq, attribute):
                continue  # of later versions
            raise AssertionError(f"signatures.txt lacks this row, for which NumPy says {name}{inspect.signature(found.object())}")


def test_library_functions_have_parameters_of_the_row():
    from library_cases import library_functions
    for implementation in library_functions():
        own = list(inspect.signature(implementation).parameters.values())
        for name in implementation.__implements__:
            if name not in ROWS or name.startswith("builtins."):
                continue  # those of Python are called by rules, with arguments of their own
            row = ROWS[name]
            only = [p for p in row.params if p.kind is p.POSITIONAL_ONLY]
            named = {p.name: p for p in row.params[len(only):]}
            for place, p in enumerate(own):
                if place < len(only) or p.kind is p.VAR_POSITIONAL:
                    continue
                assert p.name in named, f"{implementation.__name__}: {name} has no parameter {p.name}"
                theirs = named[p.name].default
                same = p.default is theirs or p.default == theirs or theirs is np._NoValue or theirs is ...
                assert same, f"{implementation.__name__}({p}), but {name}({named[p.name]})"


def refusal(source):
    call, arguments = function(source)
    with pytest.raises(coachwhip.CompileError) as found:
        coachwhip.jit(cache=False)(call)(*arguments)
    return found.value


@pytest.mark.parametrize("source, code, words", [
    ("np.sort(F23, axes=0)", "CW0303", ("np.sort() got an unexpected keyword argument 'axes'", "did you mean 'axis'?")),
    ("F23.sum(keepdim=True)", "CW0303", ("sum() got an unexpected keyword argument 'keepdim'", "did you mean 'keepdims'?")),
    ("np.transpose(F23, axs=(0, 1))", "CW0303", ("did you mean 'axes'?",)),
    ("math.gcd(6, 4, bogus=1)", "CW0303", ("math.gcd() got an unexpected keyword argument 'bogus'",)),
    ("np.sinc(F3, F3)", "CW0303", ("np.sinc() takes 1 positional argument but 2 were given",)),
    ("F23.mean(0, axis=0)", "CW0303", ("mean() got multiple values for argument 'axis'",)),
    ("np.take(F23)", "CW0303", ("np.take() missing 1 required positional argument: 'indices'",)),
    ("math.sqrt(x=2.0)", "CW0303", ("math.sqrt() got some positional-only arguments passed as keyword arguments: 'x'",)),
    ("np.sort(F23, descending=True)", "CW0302", ("the argument 'descending' of np.sort() is not supported in compiled code",)),
    ("np.add(F3, F3, signature='dd->d')", "CW0302", ("the argument 'signature' of np.add() is not supported",)),
    ("np.eye(True)", "CW0302", ("must be an int, not bool",)),
    ("isinstance(n, None)", "CW0302", ("isinstance() arg 2",)),
    ("np.sum(F23, keepdims=None)", "CW0302", ("keepdims must be a bool",)),
])
def test_what_a_refusal_says(source, code, words):
    error = refusal(source)
    assert error.code == code
    for word in words:
        assert word in str(error), str(error)


def test_keywords_of_users_functions_are_suggested():
    def scaled(value, *, factor=2):
        return value * factor

    def call(x):
        return scaled(x, facter=3)

    with pytest.raises(coachwhip.TypingError, match="did you mean 'factor'"):
        coachwhip.jit(cache=False)(call)(1)


def fourth(x):
    return -x


@pytest.mark.parametrize("source", [
    "max((1, -2), key=abs), min((3, -1), key=abs)", "max(n, -7, k, key=abs)", "min(F3, key=lambda v: -v)", "max(range(6), key=lambda v: (v * 5) % 7)",
    "max(I3, key=fourth), min(I3, key=fourth, default=5)", "max(F3[:0], key=abs, default=F3[0])", "max(F3[:0], key=abs)", "min((), key=abs, default=3)",
    "max((k, n), key=lambda v: v % 4)", "min(((1, 2.0), (0, 3.0)), key=lambda p: p[1])", "max((2, -2), key=abs), max((-2, 2), key=abs)",
    "min(F3, key=None), max(F3, key=None, default=2.0)",
])
def test_key_of_min_and_max(source):
    call, arguments = function(source)
    call.__globals__["fourth"] = fourth
    want, got = Outcome(call, arguments, {}), Outcome(coachwhip.jit(cache=False)(call), arguments, {})
    assert not compared(source, want, got), str(got)


@pytest.mark.parametrize("source", [
    "np.transpose(np.zeros((2, 3, 4)), axes=(1, 0, 2)).shape", "np.transpose(F23, axes=None)", "np.transpose(a=F23, axes=(0, 1))",
    "np.clip(f, 0, 10, None)", "np.clip(f, 0, 10, out=None)", "np.clip(f, min=1, max=2)", "np.clip(n, None, 3)", "np.clip(F3, min=0.3)", "np.clip(F3)",
    "np.round(f, 1, None)", "np.around(f, 1, out=None)", "np.sum(f, None, None, None)", "np.isclose(f, 1, 0.1, 0.1, True)",
    "np.sort(F23, order=None)", "np.add(F3, G3, where=True, casting='same_kind', subok=True, dtype=None)", "F23.sum(axis=None, keepdims=False)",
    "np.max(F23, initial=np._NoValue, where=np._NoValue)", "np.zeros(3, like=None)", "np.concatenate((F3, F3), axis=0, casting='same_kind')",
    "np.divmod(F3, G3, O3, P3)", "np.modf(F3, O3, None)", "np.frexp(F3, out=(O3, Q3))", "(J3 - 1).choose(F3, G3)", "C3.conj(OC3)", "F3.conj(O3)",
])
def test_arguments_that_once_were_lost(source):
    want, got = outcomes(source)
    assert not compared(source, want, got), str(got)


@pytest.mark.parametrize("source", [
    # What stands for a default by place keeps its place.
    "[6, 2].index(n, 0, 9)", "[6, 2].index(n, 0, 0)", "[6, 2, 6].index(n, 1, 9223372036854775807)", "[6, 2].pop(-1)",
    # Converted as NumPy converts it.
    "np.round(F3, 2**40)", "np.round(f, -2**40)", "np.round(F3, n * 2**31)", "s.round(n << 40)", "np.round(I3, n * 2**31)", "np.round(F3, 2**31 - 1)",
    "np.eye(3, k=np.uint64(1))", "np.eye(n, k, np.uint8(3))", "np.partition(F3, 1, kind=None)", "sorted((2, 1), reverse=n)",
    # Refused, as in NumPy.
    "np.take(F23, I3 % 2, axis=True)", "F23.compress(B2, axis=False)", "np.modf(F3, out=None)", "np.frexp(F3, out=None)", "np.ldexp(F3, I3, dtype='f4')",
    "np.matmul(F22, F22, keepdims=False)", "np.diff(F3, axis=None)", "np.diff(F3, prepend=None)", "np.diff(F3, append=None)", "np.quantile(F3, np.uint64(1))",
    "np.take_along_axis([1, 2], I3 % 2, 0)", "np.take_along_axis((1, 2), I3 % 2, 0)",
])
def test_what_the_sweep_of_arguments_found(source):
    want, got = outcomes(source)
    if want.error is None or not isinstance(got.error, coachwhip.CompileError):
        assert not compared(source, want, got), str(got)
