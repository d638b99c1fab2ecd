; stage: interp
; Memory: what machine code would suffer, the interpreter sees.

=== sums of rows
func @f "f"(a) -> np.float64 {
block0(v0: array<float64, 2, C>):
  v1: int = field[2] v0
  v2: int = field[3] v0
  v3: int = const 0
  v4: int = const 1
  v5: np.float64 = const np.float64(0.0)
  jump block1(v3, v5)
block1(v6: int, v7: np.float64):
  v8: bool = lt v6, v1
  branch v8, block2(v3, v7), block4()
block2(v9: int, v10: np.float64):
  v11: bool = lt v9, v2
  branch v11, block3(), block5()
block3():
  v12: np.float64 = load v0, v6, v9
  v13: np.float64 = add v10, v12
  v14: int = add v9, v4
  jump block2(v14, v13)
block5():
  v15: int = add v6, v4
  jump block1(v15, v10)
block4():
  return v7
}
; run: ((dtype.float64, (2, 3), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)),)
; run: ((dtype.float64, (0, 3), ()),)
---
((dtype.float64, (2, 3), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)),) -> np.float64(21.0)
((dtype.float64, (0, 3), ()),) -> np.float64(0.0)

=== an index that nobody checked
func @f "f"(a, i) -> np.int32 {
block0(v0: array<int32, 1, C>, v1: int):
  v2: np.int32 = load v0, v1
  v3: np.int32 = add v2, v2
  store v0, v1, v3
  return v3
}
; run: ((dtype.int32, (3,), (1, 2, 3)), 1)
; run: ((dtype.int32, (3,), (1, 2, 3)), 3)
; run: ((dtype.int32, (3,), (1, 2, 3)), -1)
---
((dtype.int32, (3,), (1, 2, 3)), 1) -> np.int32(4), left int32[3](1, 4, 3)
((dtype.int32, (3,), (1, 2, 3)), 3) -> wrong: v2: np.int32 = load v0, v1: index 3 of axis 0 is outside 0 to 3
((dtype.int32, (3,), (1, 2, 3)), -1) -> wrong: v2: np.int32 = load v0, v1: index -1 of axis 0 is outside 0 to 3

=== printing and raising
func @f "f"(x) -> never {
block0(v0: float):
  v1: lit<"x = "> = const "x = "
  v2: lit<".2f"> = const ".2f"
  v3: lit<0> = const 0
  v4: tuple<float, lit<".2f">, lit<0>> = pack v0, v2, v3
  v5: text<lit<"x = ">, tuple<float, lit<".2f">, lit<0>>> = pack v1, v4
  print v5
  v6: exception<@builtins.ValueError, float> = pack v0
  throw v6
}
; run: (1.5,)
---
(1.5,) -> failed[user] @builtins.ValueError 1.5, printed text("x = ", format(1.5, ".2f", 0))

=== an attempt that fails, and one that does not
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = runtime[cw_handled]
  v2: array<float64, 1, C>, v3: bool = try alloc v0
  branch v3, block1(), block2()
block1():
  v4: int = field[2] v2
  return v4
block2():
  v5: int = runtime[cw_caught] v1
  v6: int = runtime[cw_caught_class] v5
  runtime[cw_end_handling] v1
  return v6
}
; run: (3)
; run: (100000000000)
---
(3) -> 3
(100000000000) -> 21

=== an attempted call fails in the callee, which keeps an array
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = runtime[cw_handled]
  v2: int, v3: bool = try call[func1] v0
  branch v3, block1(), block2()
block1():
  return v2
block2():
  v4: int = runtime[cw_caught] v1
  v5: int = runtime[cw_caught_class] v4
  runtime[cw_reraise] v4
  leave
}
func @g "g"(n) -> int {
block0(v0: int):
  v1: int = const 1
  v2: array<float64, 1, C> = alloc v1
  own v2
  v3: bool = gt v0, v1
  guard[index_out_of_bounds] v3, v0, v1, v1
  v4: int = field[2] v2
  release v2
  return v4
}
; run: (3)
; run: (0)
---
(3) -> 1
(0) -> failed[index_out_of_bounds] 0, 1, 1
