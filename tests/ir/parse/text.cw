; stage: parse
; One of everything goes round; what is wrong is refused with its line.

=== one of everything
global 3: array<float64, 2, A, ro>
native 7: 0x7fff00001234
func @f.entry "f.<locals>.g"(a, /, b=-1, *rest, c=(1, (2.5,), ()), "d e"=None) captures(x, y) options(boundscheck=off, wrap=on, fastmath=(nnan, reassoc), inline=never, locals=(i: np.int32, j: int)) -> tuple<int, optional<float>> {
  loc0: "a b\\c.py" "f" 1:0 to 9:17
  loc1: "x.py" "g\n\"q\"" 3:4 to 3:9 inlined at loc0
block0(v0: int, v1: array<float32, 2, C>, v2: array<bool, 0, F, ro>, v3: ptr, v4: ptr<np.int8>, v5: cell<int>):
  v6: int = const -9223372036854775808 !loc1 ; 3:4
  v7 "x": np.float32 = const np.float32(0.1) !loc1 ; 3:4
  v8: bool = lt v0, v6 !loc0 ; 1:0
  v9: int, v10: bool = add_ovf v0, v6 !loc0 ; 1:0
  guard[index_out_of_bounds] v10, v0, v0, v6 !loc0 ; 1:0
  v11: float = runtime[sin] v40 !loc0 ; 1:0
  runtime[cw_poll] !loc0 ; 1:0
  v12: lit<"a\"\n\u{7f}"> = call[func2] v0 !loc0 ; 1:0
  store v1, v0, v0, v7 !loc0 ; 1:0
  branch v8, block1(v9, v6), block7() !loc0 ; 1:0
block1(v13: int, v14: int):
  jump block7() !loc0 ; 1:0
block7():
  v40: float = const nan !loc0 ; 1:0
  fail[div_zero] !loc0 ; 1:0
}

func @untyped "h"(*, k) -> any entry block1 {
block0(v0 "a b", v1):
  v2 = py.binary[//=] v0, v1
  v3 = py.unary[not] v2
  v4 = py.unary[-] v2
  v5 = py.compare[<=] v2, v3
  v6 = py.getattr["shape"] v5
  v7 = py.call[names axis "a b"] v6, v5, v4, v3
  v8, v9 = py.unpack v7
  v10 = py.unpack_star[1, 2] v8
  v11 = py.function[fn12] v10
  v12 = py.is[1] v11, v10
  v13 = py.call[names] v12
  v14 = const @numpy.float64
  v15 = const @"odd name"
  v16 = const bigint("123456789012345678901234567890")
  v17 = const (None, Ellipsis, True, inf, -inf, nan(0x7ff8000000000001), -0.0, 1e-300, complex(1.0, -0.0))
  py.raise v13
block1():
  v18 = const (np.complex64(1.5, -inf), np.uint64(18446744073709551615), np.int8(-128), np.bool(True), np.float64(nan))
  v19 = const (bytes("a\x00\xff\"\'\\"), dtype.float32, fn3, global(4), module(5), exception_class("E", 6), native(7), object("dict", 8), named(class("P", ("tuple",), (9,), ("x", "y"), (1.5,), (method "f" 0 fn3, value "k" 0 2)), (1, 2)))
  v20: closure<fn3, int, named<class("One", ("tuple",), (9, 8), ("x",), (), ()), float>> = undef
  v21: method<np.float64, "a b"> = undef
  v22: exception<@builtins.ValueError, text<lit<"x">, int>> = undef
  v23: slice<none, int, lit<1>> = undef
  v24: iter.zip<iter.range, iter.range_step, iter.array<array<int8, 1, A>>, iter.enumerate<iter.flat<array<int8, 3, A>>>> = undef
  v25: tuple<iter.tuple<tuple<>>, iter.reversed<tuple<int, int>>, range<lit<-1>>, never, any, none, complex> = undef
  unreachable
}
---
global 3: array<float64, 2, A, ro>
native 7: 0x7fff00001234
func @f.entry "f.<locals>.g"(a, /, b=-1, *rest, c=(1, (2.5,), ()), "d e"=None) captures(x, y) options(boundscheck=off, wrap=on, fastmath=(nnan, reassoc), inline=never, locals=(i: np.int32, j: int)) -> tuple<int, optional<float>> {
  loc0: "a b\\c.py" "f" 1:0 to 9:17
  loc1: "x.py" "g\n\"q\"" 3:4 to 3:9 inlined at loc0
block0(v0: int, v1: array<float32, 2, C>, v2: array<bool, 0, F, ro>, v3: ptr, v4: ptr<np.int8>, v5: cell<int>):
  v6: int = const -9223372036854775808 !loc1 ; 3:4
  v7 "x": np.float32 = const np.float32(0.1) !loc1 ; 3:4
  v8: bool = lt v0, v6 !loc0 ; 1:0
  v9: int, v10: bool = add_ovf v0, v6 !loc0 ; 1:0
  guard[index_out_of_bounds] v10, v0, v0, v6 !loc0 ; 1:0
  v11: float = runtime[sin] v40 !loc0 ; 1:0
  runtime[cw_poll] !loc0 ; 1:0
  v12: lit<"a\"\n\u{7f}"> = call[func2] v0 !loc0 ; 1:0
  store v1, v0, v0, v7 !loc0 ; 1:0
  branch v8, block1(v9, v6), block7() !loc0 ; 1:0
block1(v13: int, v14: int):
  jump block7() !loc0 ; 1:0
block7():
  v40: float = const nan !loc0 ; 1:0
  fail[div_zero] !loc0 ; 1:0
}

func @untyped "h"(*, k) -> any entry block1 {
  loc0: "<text>" "h" 0:0 to 0:0
block0(v0 "a b", v1):
  v2 = py.binary[//=] v0, v1 !loc0 ; 0:0
  v3 = py.unary[not] v2 !loc0 ; 0:0
  v4 = py.unary[-] v2 !loc0 ; 0:0
  v5 = py.compare[<=] v2, v3 !loc0 ; 0:0
  v6 = py.getattr["shape"] v5 !loc0 ; 0:0
  v7 = py.call[names axis "a b"] v6, v5, v4, v3 !loc0 ; 0:0
  v8, v9 = py.unpack v7 !loc0 ; 0:0
  v10 = py.unpack_star[1, 2] v8 !loc0 ; 0:0
  v11 = py.function[fn12] v10 !loc0 ; 0:0
  v12 = py.is[1] v11, v10 !loc0 ; 0:0
  v13 = py.call[names] v12 !loc0 ; 0:0
  v14 = const @numpy.float64 !loc0 ; 0:0
  v15 = const @"odd name" !loc0 ; 0:0
  v16 = const bigint("123456789012345678901234567890") !loc0 ; 0:0
  v17 = const (None, Ellipsis, True, inf, -inf, nan(0x7ff8000000000001), -0.0, 1e-300, complex(1.0, -0.0)) !loc0 ; 0:0
  py.raise v13 !loc0 ; 0:0
block1():
  v18 = const (np.complex64(1.5, -inf), np.uint64(18446744073709551615), np.int8(-128), np.bool(True), np.float64(nan)) !loc0 ; 0:0
  v19 = const (bytes("a\x00\xff\"\'\\"), dtype.float32, fn3, global(4), module(5), exception_class("E", 6), native(7), object("dict", 8), named(class("P", ("tuple",), (9,), ("x", "y"), (1.5,), (method "f" 0 fn3, value "k" 0 2)), (1, 2))) !loc0 ; 0:0
  v20: closure<fn3, int, named<class("One", ("tuple",), (9, 8), ("x",), (), ()), float>> = undef !loc0 ; 0:0
  v21: method<np.float64, "a b"> = undef !loc0 ; 0:0
  v22: exception<@builtins.ValueError, text<lit<"x">, int>> = undef !loc0 ; 0:0
  v23: slice<none, int, lit<1>> = undef !loc0 ; 0:0
  v24: iter.zip<iter.range, iter.range_step, iter.array<array<int8, 1, A>>, iter.enumerate<iter.flat<array<int8, 3, A>>>> = undef !loc0 ; 0:0
  v25: tuple<iter.tuple<tuple<>>, iter.reversed<tuple<int, int>>, range<lit<-1>>, never, any, none, complex> = undef !loc0 ; 0:0
  unreachable !loc0 ; 0:0
}

=== a value that is not defined
func @f "f"() -> int {
block0():
  v1: int = add v2, v2
  return v1
}
---
line 3: v2 is not defined

=== an unknown operation
func @f "f"() -> int {
block0():
  v1: int = frobnicate
}
---
line 3: no operation is called frobnicate
