"""Calls with one argument out of the ordinary: compiled code does what NumPy does, or refuses before running."""
import os

import coachwhip
import numpy as np
import odd_calls
import pytest
from support import Outcome, assert_same_value

COUNT = 48 * int(os.environ.get("COACHWHIP_CASES", "1"))

#: Differences that docs/deviations.md has, or that no program can rest on, by what they look like.
KNOWN = (
    # NumPy converts an axis to a C int first, an axis of a strange type after it has looked at the array.
    lambda call, want, got: call.varied.startswith("axis=") and want.error is not None and got.error is not None,
    # NumPy broadcasts results of `nanmedian` into `out`.
    lambda call, want, got: call.varied.startswith("out=") and isinstance(got.error, ValueError),
    # `overwrite_input` only allows NumPy to leave anything in the array.
    lambda call, want, got: call.varied.startswith("overwrite_input") and got.error is None,
    lambda call, want, got: isinstance(want.error, MemoryError) and isinstance(got.error, MemoryError),
    # Which arguments there are is for the tests of binding.
    lambda call, want, got: isinstance(want.error, TypeError) and any(
        what in str(want.error) for what in ("keyword argument", "positional argument", "requires stop")),
    # NumPy fails in the middle, with an error of another function.
    lambda call, want, got: isinstance(want.error, (AttributeError, TypeError)) and isinstance(got.error, (IndexError, ValueError)),
)


def made(call):
    """What NumPy does and what compiled code does."""
    source, given = call.source()
    scope = {"np": np}
    exec(source, scope)
    want = Outcome(scope["call"], tuple(given), {})
    return want, Outcome(coachwhip.jit(scope["call"], cache=False), tuple(given), {})


@pytest.mark.parametrize("call", odd_calls.calls()[:COUNT], ids=repr)
@pytest.mark.filterwarnings("ignore")
def test_odd_call(call):
    want, got = made(call)
    if isinstance(got.error, coachwhip.CoachwhipError):
        assert not got.error.code.startswith("CW09"), got
        return
    if any(known(call, want, got) for known in KNOWN):
        return
    assert (got.error is None) == (want.error is None), f"got {got}; NumPy: {want}"
    if want.error is not None:
        assert type(got.error) is type(want.error), f"got {got}; NumPy: {want}"
    else:
        assert_same_value(got.value, want.value, "value", ulp=4, strides=False)
        assert_same_value(got.arguments, want.arguments, "arguments", ulp=4)
