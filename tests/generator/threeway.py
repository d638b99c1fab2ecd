"""One program, three ways: CPython, the IR interpreter (unoptimised and optimised), machine code."""
import itertools
import linecache
import math

import numpy as np
import support

import coachwhip

from . import oracle

_numbers = itertools.count()


def compiled(source):
    """The function `f` of a program, compiled, its helpers plain."""
    name = f"<generated {next(_numbers)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    space = {"np": np, "math": math}
    exec(compile(source, name, "exec"), space)  # noqa: S102
    return coachwhip.jit(exact_math=True)(space["f"])


def compare(program):
    """What is wrong, or None; and one word for the statistics."""
    plain, native = oracle.plain(program.source), compiled(program.source)
    words = set()
    for call in program.calls:
        want = support.Outcome(plain, call, {})
        got = support.Outcome(native, call, {})
        if isinstance(got.error, coachwhip.CoachwhipError):
            if got.error.code == "CW0901":
                return f"internal error: {got.error}", "failed"
            words.add(f"refused {got.error.code}")
            continue
        words.add("raised" if want.error is not None else "returned")
        found = difference(want, got, "machine code") or interpreted(native, call, want)
        if found:
            return f"{found}\ncall: {call!r}", "failed"
    refusals = [w for w in words if w.startswith("refused")]
    return None, refusals[0] if refusals else "returned" if "returned" in words else "raised"


def difference(want, got, name):
    """How two outcomes differ, or None."""
    if (want.error is None) != (got.error is None):
        return f"{name}: {got}; plain Python: {want}"
    try:
        if want.error is not None:
            messages = not isinstance(want.error, (OverflowError, UnboundLocalError))
            support.assert_same_error(got.error, want.error, name, messages)
        else:
            support.assert_same_value(got.value, want.value, name)
        support.assert_same_value(got.arguments, want.arguments, f"{name}: arguments afterwards")
    except AssertionError as error:
        return str(error)
    return None


def interpreted(native, call, want):
    """What the IR interpreter does otherwise, on the module as inferred and as optimised."""
    interpret = getattr(coachwhip._core, "interpret", None)
    if interpret is None:
        return None
    for stage in ("infer", ""):
        def run(*arguments, stage=stage):
            return interpret(native, stage, arguments)

        got = support.Outcome(run, call, {})
        if isinstance(got.error, NotImplementedError):
            continue
        found = difference(want, got, f"the interpreter behind {stage or 'all passes'}")
        if found:
            return found
    return None
