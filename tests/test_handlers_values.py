"""Exceptions as values: class, arguments and attributes, texts, and exceptions that are looked at after their handlers."""
import numpy as np
import pytest
from support import assert_same_value, refused, same

import coachwhip as cw


class Problem(ValueError):
    """A user's own class."""


class Coded(Exception):
    """One with an attribute and a constructor of its own."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def compiled(source, **names):
    """A function of one argument whose body is given."""
    scope = {"np": np, "Problem": Problem, "Coded": Coded, **names}
    lines = "\n".join(f"    {line}" for line in source.strip("\n").split("\n"))
    exec(compile(f"def f(a):\n{lines}\n", "<text>", "exec"), scope)
    return scope["f"]


CAUGHT = """
try:
    raise {raised}
except {caught} as e:
    return {shown}
"""

SHOWN = [
    "e.args", "e.args[0]", "e.args[-1]", "e.args[:1]", "len(e.args)", "bool(e.args)", "e.args == (1,)", "e.args + (1,)", "str(e)", "repr(e)",
    "f'{e}|{e!r}|{e.args}'", "type(e)", "type(e).__name__", "type(e).__qualname__, type(e).__module__", "type(e) is ValueError",
    "type(e) == ValueError", "type(e) in (KeyError, ValueError)", "issubclass(type(e), LookupError)", "isinstance(e, (KeyError, ValueError))",
    "e.__class__.__name__", "e.__cause__ is None", "e.__context__", "e.args[0] if e.args else None", "isinstance(e.args[0], str)",
    "[x for x in e.args]", "e.args[0] == 3", "e.args[0] in (1, 3)", "e.args[1]", "e.nothing", "e",
]  # fmt: skip


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("raised", ["ValueError(a, 'x')", "ValueError(str(a))", "Problem(a)", "ValueError"])
def test_what_an_exception_tells(shown, raised):
    function = compiled(CAUGHT.format(raised=raised, caught="Exception", shown=shown))
    if shown != "e":
        same(function, 3)
    else:
        got, want = cw.jit(function)(3), function(3)
        assert type(got) is type(want) and got.args == want.args


@pytest.mark.parametrize(
    ("raised", "shown"),
    [
        ("StopIteration(a)", "e.value"), ("StopIteration", "e.value"), ("KeyError(str(a))", "str(e), e.args[0]"), ("OSError(2, 'no', 'f')", "type(e).__name__, e.errno, e.filename, e.args"),
        ("SystemExit(a)", "e.code"), ("Coded(a, 'text')", "e.code, str(e), e.args"), ("UnicodeDecodeError('utf-8', b'x', 0, 1, 'bad')", "e.start, e.reason, str(e)"),
        ("ValueError(a) from KeyError(a)", "str(e.__cause__), e.__cause__.args[0], e.__suppress_context__"), ("ZeroDivisionError(1 // (a - 3))", "e.args"), ("ValueError(int('z'))", "e.args"),
    ],
)  # fmt: skip
def test_attributes_of_classes(raised, shown):
    same(compiled(CAUGHT.format(raised=raised, caught="BaseException", shown=shown)), 3)


VALUES = [
    [1, 2], (1, 2), {1: 2}, {1, 2}, np.arange(3), range(3), None, 1.5, "s", b"b", True, 1j, np.float32(2), frozenset({1}), bytearray(b"a"),
    slice(1, 2), [[1], [2]], [], {"a": [1]}, [np.arange(2)], {(1, "a"): 2.5},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_arguments_of_every_kind(value):
    for body in ["raise ValueError(a)", "raise ValueError('x', a, [a], (a, 1))", "raise ValueError(f'bad {a}') from KeyError(a)"]:
        function = compiled(body)
        with pytest.raises(ValueError) as want:
            function(value)
        with pytest.raises(ValueError) as got:
            cw.jit(function)(value)
        assert_same_value(got.value.args, want.value.args, body)
    same(compiled("try:\n    raise ValueError(a, 1)\nexcept ValueError as e:\n    return str(e), repr(e), len(e.args)"), value)


def test_arguments_are_the_callers_own():
    raises = cw.jit(compiled("raise ValueError(a, [a])"))
    for value in ([1], {1: 2}, {1}, np.arange(2), bytearray(b"x")):
        with pytest.raises(ValueError) as error:
            raises(value)
        assert error.value.args[0] is value and error.value.args[1][0] is value


def last_of(a):
    last = None
    for x in a:
        try:
            10 // x
        except ZeroDivisionError as error:
            last = error
    return str(last), repr(last)


def raised_later(a):
    last = None
    for x in a:
        try:
            10 // x
        except ZeroDivisionError as error:
            last = error
    if last is not None:
        raise ValueError(len(a)) from last
    return 1


def two_kept(a):
    try:
        raise ValueError(a)
    except ValueError as error:
        first = error
    try:
        raise KeyError(2)
    except KeyError as error:
        second = error
    return str(first), str(second), type(first).__name__, first.args


def given_back(error):
    return error


def kept_by_a_call(a):
    try:
        raise ValueError(a)
    except ValueError as error:
        kept = given_back(error)
    try:
        raise KeyError(2)
    except KeyError:
        return str(kept)


def unpacked(a):
    total = 0
    for x in a:
        try:
            raise ValueError(x, str(x))
        except ValueError as error:
            code, text = error.args
            total += int(code) * len(str(text))
    return total


def not_so_many(a):
    try:
        raise ValueError(a)
    except ValueError as error:
        x, y = error.args
        return x


def nothing_given(a):
    try:
        raise ValueError(a)
    except ValueError as error:
        if error.args[0] is None:
            return 1
        if error.args[0] == None:  # noqa: E711 -- what is tested
            return 2
        return 3


def counted(a):
    kinds = {}
    for text in a:
        try:
            float(text)
        except ValueError as error:
            kinds[type(error).__name__] = kinds.get(type(error).__name__, 0) + 1
    return kinds


def made_and_looked_at(a):
    error = ValueError("no", a)
    return error.args, str(error), repr(error), type(error) is ValueError, type(error).__name__


def test_exceptions_after_their_handlers():
    same(last_of, [1, 0, 2])
    same(last_of, [1, 2])
    same(raised_later, [1, 0])
    same(raised_later, [1])
    same(two_kept, 3)
    same(kept_by_a_call, 3)


def test_arguments_as_values():
    same(unpacked, [1, 20])
    same(not_so_many, 1)
    same(nothing_given, None)
    same(nothing_given, 1)
    same(counted, ["1", "x", "y"])
    same(made_and_looked_at, [1, 2])
    same(compiled("try:\n    raise KeyError(a)\nexcept KeyError as e:\n    return e.args[0] + 1, -e.args[0], e.args[0] * 2, e.args[0] % 3"), 7)
    same(compiled("try:\n    raise KeyError(a)\nexcept KeyError as e:\n    return float(e.args[0]), abs(e.args[0]), hash(e.args[0])"), -7)
    same(compiled("try:\n    raise KeyError(a)\nexcept KeyError as e:\n    return int(e.args[0])"), "x")


def test_objects_are_freed():
    def many(n):
        total = 0
        for i in range(n):
            try:
                raise ValueError(i, "text", [i])
            except ValueError as error:
                total += len(error.args) + int(error.args[0])
        return total

    counts = cw.jit(many)
    before = cw._core.live_arrays()
    assert counts(50) == many(50)
    assert cw._core.live_arrays() == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("e.add_note('x')", "CW0202"), ("e.args = (1,)", "CW0202"), ("return e.args[0].upper()", "CW0307"), ("raise e.__cause__", "CW0101"), ("raise ValueError(1) from e.__cause__", "CW0101"),
        ("return e.args is e.args", "CW0301"), ("return np.sum(e.args[0])", "CW0302"), ("return {e.args[0]: 1}", "CW0104"), ("e.args[0][0] = 1", "CW0306"), ("match e.args:\n        case (x,): return x", "CW0301"),
    ],
)  # fmt: skip
def test_what_is_refused(body, code):
    refused(compiled(f"try:\n    raise ValueError(a)\nexcept ValueError as e:\n    {body}\nreturn 1"), "x", code=code)
