"""The decorators, typed: a decorated function keeps its parameters and its result, and options are known by name."""
from collections.abc import Callable, Iterable
from typing import Any, Literal, ParamSpec, TypedDict, TypeVar, overload

from typing_extensions import Unpack

from ._callbacks import CFunc
from ._core import Dispatcher
from .types import Signature, Type, _TypeLike

P = ParamSpec("P")
R = TypeVar("R")

# A call of a type, a text, the types of the parameters, or a list of several.
_SignatureLike = Signature | Type | str | tuple[_TypeLike, ...] | list[Any]

class _Options(TypedDict, total=False):
    boundscheck: bool | None
    cache: bool | None
    debug: bool | None
    error_model: Literal["python", "numpy"]
    exact_math: bool | None
    fastmath: bool | Iterable[str] | None
    forceobj: Literal[False] | None
    inline: Literal["auto", "always", "never"]
    locals: dict[str, _TypeLike]
    looplift: bool | None
    nogil: bool | None
    nopython: bool | None
    overflow: Literal["python", "raise", "wrap"]
    parallel: bool | None
    wraparound: bool | None

@overload
def jit(signature: _SignatureLike, /, **options: Unpack[_Options]) -> Callable[[Callable[P, R]], Dispatcher[P, R]]: ...
@overload
def jit(function: Callable[P, R], /, **options: Unpack[_Options]) -> Dispatcher[P, R]: ...
@overload
def jit(function: None = None, /, **options: Unpack[_Options]) -> Callable[[Callable[P, R]], Dispatcher[P, R]]: ...
@overload
def njit(signature: _SignatureLike, /, **options: Unpack[_Options]) -> Callable[[Callable[P, R]], Dispatcher[P, R]]: ...
@overload
def njit(function: Callable[P, R], /, **options: Unpack[_Options]) -> Dispatcher[P, R]: ...
@overload
def njit(function: None = None, /, **options: Unpack[_Options]) -> Callable[[Callable[P, R]], Dispatcher[P, R]]: ...
@overload
def autojit(function: Callable[P, R], /, **options: Unpack[_Options]) -> Dispatcher[P, R]: ...
@overload
def autojit(function: None = None, /, **options: Unpack[_Options]) -> Callable[[Callable[P, R]], Dispatcher[P, R]]: ...
def locals(**kinds: _TypeLike) -> Callable[[Callable[P, R]], Dispatcher[P, R]]: ...
def cfunc(
    signature: _SignatureLike, /, **options: Unpack[_Options]
) -> Callable[[Callable[P, R]], CFunc[P, R]]: ...
