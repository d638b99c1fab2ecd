"""The types of signatures, typed."""
from collections.abc import Iterator
from typing import Any, overload

from numpy import dtype as _Dtype
from numpy import generic as _Generic

# What stands for a type: one of ours, `int`, `np.float32`, a dtype, a string, a tuple of such.
_TypeLike = Type | type[Any] | _Dtype[Any] | str | tuple[Any, ...] | None

class Type:
    name: str
    @overload
    def __call__(self, *params: _TypeLike) -> Signature: ...
    @overload
    def __call__(self, number: complex | _Generic, /) -> Any: ...
    def __getitem__(self, index: slice | tuple[slice, ...], /) -> Array: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

class Number(Type):
    @property
    def bitwidth(self) -> int: ...

class Integer(Number):
    @property
    def signed(self) -> bool: ...

class Float(Number): ...
class Complex(Number): ...
class Boolean(Type): ...
class NoneType(Type): ...

class Array(Type):
    def __new__(cls, dtype: _TypeLike, ndim: int, layout: str = "C", readonly: bool = False) -> Array: ...
    @property
    def dtype(self) -> Type: ...
    @property
    def ndim(self) -> int: ...
    @property
    def layout(self) -> str: ...
    @property
    def mutable(self) -> bool: ...

class BaseTuple(Type):
    @property
    def types(self) -> tuple[Type, ...]: ...
    @property
    def count(self) -> int: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Type]: ...

class Tuple(BaseTuple):
    def __new__(cls, items: tuple[_TypeLike, ...] | list[_TypeLike]) -> Tuple: ...

class ListType(Type):
    def __new__(cls, item: _TypeLike) -> ListType: ...
    @property
    def dtype(self) -> Type: ...

List = ListType

class UniTuple(BaseTuple):
    def __new__(cls, item: _TypeLike, count: int) -> UniTuple: ...
    @property
    def dtype(self) -> Type: ...

class CPointer(Type):
    def __new__(cls, target: _TypeLike) -> CPointer: ...
    @property
    def dtype(self) -> Type: ...

class Optional(Type):
    def __new__(cls, item: _TypeLike) -> Optional: ...
    @property
    def type(self) -> Type: ...

class Literal(Type):
    @property
    def literal_value(self) -> Any: ...

class UnicodeType(Type): ...
class Bytes(Type): ...
class StringLiteral(UnicodeType, Literal): ...

class DType(Type):
    @property
    def dtype(self) -> Type: ...

class RangeType(Type): ...
class SliceType(Type): ...
class Callable(Type): ...
class Opaque(Type): ...

optional = Optional
NumberClass = DType
Function = Callable

class Signature:
    args: tuple[Type, ...]
    return_type: Type | None
    def __init__(self, args: tuple[Type, ...], return_type: Type | None = None) -> None: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

def as_type(value: _TypeLike) -> Type: ...
def from_dtype(dtype: Any) -> Type: ...

b1: Boolean
bool_: Boolean
boolean: Boolean
byte: Integer
char: Integer
i1: Integer
i2: Integer
i4: Integer
i8: Integer
int16: Integer
int32: Integer
int64: Integer
int8: Integer
int_: Integer
intc: Integer
intp: Integer
long_: Integer
longlong: Integer
short: Integer
size_t: Integer
ssize_t: Integer
u1: Integer
u2: Integer
u4: Integer
u8: Integer
uchar: Integer
uint: Integer
uint16: Integer
uint32: Integer
uint64: Integer
uint8: Integer
uintc: Integer
uintp: Integer
ulong: Integer
ulonglong: Integer
ushort: Integer
c16: Complex
c8: Complex
complex128: Complex
complex64: Complex
double: Float
f2: Float
f4: Float
f8: Float
float16: Float
float32: Float
float64: Float
float_: Float
none: NoneType
void: NoneType
string: UnicodeType
unicode_type: UnicodeType
bytes_type: Bytes
voidptr: CPointer
