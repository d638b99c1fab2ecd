; stage: interp
; Arithmetic as the machine does it.

=== sums wrap and say so
func @f "f"(a, b) -> tuple<int, bool> {
block0(v0: int, v1: int):
  v2: int, v3: bool = add_ovf v0, v1
  v4: tuple<int, bool> = pack v2, v3
  return v4
}
; run: (1, 2)
; run: (9223372036854775807, 1)
---
(1, 2) -> (3, False)
(9223372036854775807, 1) -> (-9223372036854775808, True)

=== divisions
func @f "f"(a, b) -> tuple<int, int, int, int> {
block0(v0: int, v1: int):
  v2: int = floordiv v0, v1
  v3: int = floormod v0, v1
  v4: int = truncdiv v0, v1
  v5: int = truncmod v0, v1
  v6: tuple<int, int, int, int> = pack v2, v3, v4, v5
  return v6
}
; run: (7, -2)
; run: (-7, 2)
; run: (7, 0)
; run: (-9223372036854775808, -1)
---
(7, -2) -> (-4, -1, -3, 1)
(-7, 2) -> (-4, 1, -3, -1)
(7, 0) -> wrong: v2: int = floordiv v0, v1: the precondition does not hold for 7, 0
(-9223372036854775808, -1) -> wrong: v2: int = floordiv v0, v1: the precondition does not hold for -9223372036854775808, -1

=== narrow integers and floats
func @f "f"(a) -> tuple<np.int8, np.uint8, np.float32, bool> {
block0(v0: int, v1: float):
  v2: np.int8 = convert v0
  v3: np.uint8 = convert v0
  v4: np.float32 = convert v1
  v5: bool = lt v1, v1
  v6: tuple<np.int8, np.uint8, np.float32, bool> = pack v2, v3, v4, v5
  return v6
}
; run: (200, 0.1)
; run: (-1, nan)
---
(200, 0.1) -> (np.int8(-56), np.uint8(200), np.float32(0.1), False)
(-1, nan) -> (np.int8(-1), np.uint8(255), np.float32(nan), False)

=== guards and failures
func @f "f"(i, n) -> int {
block0(v0: int, v1: int):
  v2: bool = in_range v0, v1
  v3: int = const 0
  guard[index_out_of_bounds] v2, v0, v3, v1
  return v0
}
; run: (2, 3)
; run: (3, 3)
; run: (-1, 3)
---
(2, 3) -> 2
(3, 3) -> failed[index_out_of_bounds] 3, 0, 3
(-1, 3) -> failed[index_out_of_bounds] -1, 0, 3
