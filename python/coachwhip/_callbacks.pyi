"""C functions made of Python ones, typed."""
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from .types import Signature

P = ParamSpec("P")
R = TypeVar("R")

class CFunc(Generic[P, R]):
    signature: Signature
    __name__: str
    __qualname__: str
    py_func: Callable[P, R]
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
    @property
    def address(self) -> int: ...
    @property
    def native_name(self) -> str: ...
    @property
    def ctypes(self) -> Any: ...
    def inspect_llvm(self) -> str: ...
    def inspect_asm(self) -> str: ...
    def inspect_ir(self, stage: str = "") -> str: ...
