"""Coachwhip: a just-in-time compiler for numerical Python.

Put `@jit` on a function over numbers and NumPy arrays; it then returns what it returned before, compiled.

    import coachwhip as cw

    @cw.jit
    def total(values):
        result = 0.0
        for value in values:
            result += value
        return result
"""
from collections import abc as _abc

from . import _core, config, types
from ._core import __version__
from ._decorators import autojit, cfunc, jit, locals, njit
from ._errors import (
    CoachwhipError,
    CoachwhipWarning,
    CompileError,
    InternalError,
    TypingError,
    UnknownAttributeError,
    UnknownNameError,
)
from ._pointers_in_code import carray, farray
from .types import *  # noqa: F403 -- the type names, as in Numba

Dispatcher = _core.Dispatcher
_abc.Generator.register(_core.CompiledGenerator)

_LAZY = {
    "jit_filter_function": "_scipy",
    "jit_filter1d_function": "_scipy",
    "jit_geometric_function": "_scipy",
    "jit_integrand_function": "_scipy",
    "cache_info": "_cache",
    "info": "_info",
    "explain": "_info",
}

__all__ = [
    "CoachwhipError",
    "CoachwhipWarning",
    "CompileError",
    "Dispatcher",
    "InternalError",
    "TypingError",
    "UnknownAttributeError",
    "UnknownNameError",
    "autojit",
    "cache_info",
    "carray",
    "cfunc",
    "config",
    "explain",
    "farray",
    "info",
    "jit",
    "jit_filter1d_function",
    "jit_filter_function",
    "jit_geometric_function",
    "jit_integrand_function",
    "locals",
    "njit",
    "types",
    *types.__all__,
]


def __getattr__(name):
    """Loads what few programs need when it is first asked for."""
    if name in _LAZY:
        import importlib

        value = getattr(importlib.import_module(f"{__name__}.{_LAZY[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'coachwhip' has no attribute '{name}'")


def __dir__():
    return sorted(set(globals()) | set(__all__))
