"""Arrays over raw memory, typed."""
from typing import Any

from numpy.typing import NDArray

def carray(pointer: Any, shape: int | tuple[int, ...], dtype: Any = None) -> NDArray[Any]: ...
def farray(pointer: Any, shape: int | tuple[int, ...], dtype: Any = None) -> NDArray[Any]: ...
