"""One program, three ways: CPython, the IR interpreter (unoptimised and optimised), machine code."""
import itertools
import linecache
import math

import numpy as np
import support

import coachwhip

from . import oracle

_numbers = itertools.count()


def compiled(source, options=None):
    """The function `f` of a program, compiled, its helpers plain."""
    name = f"<generated {next(_numbers)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space = {"np": np, "math": math}
    exec(compile(source, name, "exec"), space)  # noqa: S102
    return coachwhip.jit(exact_math=True, **options or {})(space["f"])


def compare(program):
    """What is wrong, or None; and one word for the statistics."""
    plain = oracle.plain(program.source, wrap="overflow" in program.options)
    native = compiled(program.source, program.options)
    plain, alike = overlapping(plain, program.aliases), overlapping(native, program.aliases)
    words = set()
    for call in program.calls:
        want = support.Outcome(plain, call, {})
        got = support.Outcome(alike, call, {})
        if isinstance(got.error, coachwhip.CoachwhipError):
            if got.error.code == "CW0901":
                return f"internal error: {got.error}", "failed"
            words.add(f"refused {got.error.code}")
            continue
        words.add("raised" if want.error is not None else "returned")
        found = difference(want, got, "machine code", program.layouts)
        if not found and not program.aliases:
            found = interpreted(native, call, want)
        if found:
            return f"{found}\ncall: {call!r}", "failed"
    refusals = [w for w in words if w.startswith("refused")]
    return None, refusals[0] if refusals else "returned" if "returned" in words else "raised"


def overlapping(function, aliases):
    """The function called with arguments that share memory; they are made from the copies that it is given."""
    def call(*arguments):
        arguments = list(arguments)
        for n, m, part in aliases:
            arguments[n] = arguments[m][part]
        return function(*arguments)

    return call if aliases else function


def difference(want, got, name, layouts=True):
    """How two outcomes differ, or None; without `layouts`, in more than the strides of what they return."""
    if (want.error is None) != (got.error is None):
        return f"{name}: {got}; plain Python: {want}"
    try:
        if want.error is not None:
            messages = not isinstance(want.error, (OverflowError, UnboundLocalError))
            support.assert_same_error(got.error, want.error, name, messages)
        else:
            values = (got.value, want.value) if layouts else (contiguous(got.value), contiguous(want.value))
            support.assert_same_value(*values, name)
        support.assert_same_value(got.arguments, want.arguments, f"{name}: arguments afterwards")
    except AssertionError as error:
        return str(error)
    return None


def interpreted(native, call, want):
    """What the IR interpreter does otherwise, on the module as inferred and as optimised."""
    for stage in ("infer", ""):
        name = f"the interpreter behind {stage or 'all passes'}"
        answer = coachwhip._core.interpret(native, stage, tuple(support.copied(tuple(call))))
        if answer[0] in ("unsupported", "steps"):
            continue
        if answer[0] == "wrong":
            return f"{name}: the module is wrong: {answer[1]}"
        found = disagreement(answer, want)
        if found:
            return f"{name}: {found}"
    return None


def disagreement(answer, want):
    """How an answer of the interpreter differs from the wanted outcome, or None."""
    kind, got, after = answer
    if (kind == "failed") != (want.error is not None):
        return f"{kind} {got!r}; plain Python: {want}"
    try:
        if want.error is not None:
            assert got is type(want.error), f"raised {got.__name__}; plain Python: {want}"
        else:
            support.assert_same_value(got, contiguous(want.value))
        support.assert_same_value(after, contiguous(tuple(want.arguments[0])), "arguments afterwards")
    except AssertionError as error:
        return str(error)
    return None


def contiguous(value):
    """A value with its arrays as the interpreter returns them: contiguous and writable."""
    if isinstance(value, tuple):
        return tuple(contiguous(item) for item in value)
    if isinstance(value, list):
        return [contiguous(item) for item in value]
    return np.array(value, order="C") if isinstance(value, np.ndarray) else value
