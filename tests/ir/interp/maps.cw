; stage: interp
; Kernels over the elements of arrays.

=== a map of two arrays, one broadcast, and a number
func @f "f"(a, b) -> array<float64, 2, C> {
block0(v0: array<float64, 2, A>, v1: array<float64, 1, C>):
  v2: int = field[2] v0
  v3: int = field[3] v0
  v4: int = const 5
  v5: array<float64, 2, C> = map[func1] v2, v3, v0, v1, v4
  return v5
}
func @k "k"(x, y, z) -> np.float64 {
block0(v0: np.float64, v1: np.float64, v2: int):
  v3: np.float64 = mul v0, v1
  v4: np.float64 = convert v2
  v5: np.float64 = add v3, v4
  return v5
}
; run: ((dtype.float64, (2, 3), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)), (dtype.float64, (3,), (1.0, 10.0, 100.0)))
; run: ((dtype.float64, (2, 1), (1.0, 2.0)), (dtype.float64, (1,), (3.0,)))
; run: ((dtype.float64, (0, 3), ()), (dtype.float64, (3,), (1.0, 10.0, 100.0)))
---
((dtype.float64, (2, 3), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)), (dtype.float64, (3,), (1.0, 10.0, 100.0))) -> float64[2, 3](6.0, 25.0, 305.0, 9.0, 55.0, 605.0)
((dtype.float64, (2, 1), (1.0, 2.0)), (dtype.float64, (1,), (3.0,))) -> float64[2, 1](8.0, 11.0)
((dtype.float64, (0, 3), ()), (dtype.float64, (3,), (1.0, 10.0, 100.0))) -> float64[0, 3]()

=== a map into its own operand, seen backwards
func @f "f"(a) -> none {
block0(v0: array<int64, 1, C>):
  v1: int = field[2] v0
  v2: int = const 1
  v3: int = sub v1, v2
  v4: ptr = address v0, v3
  v5: int = const -8
  v6: array<int64, 1, A> = view v0, v4, v1, v5
  map_into[func1] v0, v0, v6
  v7: none = const None
  return v7
}
func @k "k"(x, y) -> np.int64 {
block0(v0: np.int64, v1: np.int64):
  v2: np.int64 = sub v0, v1
  return v2
}
; run: ((dtype.int64, (4,), (1, 2, 3, 5)),)
---
((dtype.int64, (4,), (1, 2, 3, 5)),) -> None, left int64[4](-4, -1, 1, 4)

=== a kernel that fails
func @f "f"(a) -> array<int64, 1, C> {
block0(v0: array<int64, 1, C>):
  v1: int = field[2] v0
  v2: array<int64, 1, C> = map[func1] v1, v0
  return v2
}
func @k "k"(x) -> np.int64 {
block0(v0: np.int64):
  v1: np.int64 = const np.int64(0)
  v2: bool = ne v0, v1
  guard[int_div_zero] v2
  v3: np.int64 = floordiv v0, v0
  return v3
}
; run: ((dtype.int64, (3,), (1, 2, 3)),)
; run: ((dtype.int64, (3,), (1, 0, 3)),)
---
((dtype.int64, (3,), (1, 2, 3)),) -> int64[3](1, 1, 1)
((dtype.int64, (3,), (1, 0, 3)),) -> failed[int_div_zero]
