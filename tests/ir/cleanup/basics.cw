; stage: cleanup
; What every later pass may count on: folded constants, no copies, no dead code, no repeated sums.

=== constants fold, branches on them go
func @f "f"(a) -> int {
block0(v0: int):
  v1: int = const 2
  v2: int = const 3
  v3: int = mul v1, v2
  v4: bool = lt v1, v2
  branch v4, block1(v3), block1(v0)
block1(v5: int):
  v6: int = add v5, v0
  return v6
}
; run: (4,)
---
func @f "f"(a) -> int {
block0(v0: int):
  v7: int = const 6
  v6: int = add v0, v7
  return v6
}

=== equal sums are computed once
func @f "f"(a, b) -> int {
block0(v0: int, v1: int):
  v2: int = add v0, v1
  v3: int = add v0, v1
  v4: int = mul v2, v3
  v5: int = sub v4, v0
  return v4
}
; run: (4, 5)
---
func @f "f"(a, b) -> int {
block0(v0: int, v1: int):
  v2: int = add v0, v1
  v4: int = mul v2, v2
  return v4
}

=== loads are not moved over stores
func @f "f"(a) -> np.int64 {
block0(v0: array<int64, 1, C>):
  v1: int = const 0
  v2: np.int64 = load v0, v1
  v3: np.int64 = add v2, v2
  store v0, v1, v3
  v4: np.int64 = load v0, v1
  v5: np.int64 = add v2, v4
  return v5
}
; run: ((dtype.int64, (1,), (21,)),)
---
func @f "f"(a) -> np.int64 {
block0(v0: array<int64, 1, C>):
  v1: int = const 0
  v2: np.int64 = load v0, v1
  v3: np.int64 = add v2, v2
  store v0, v1, v3
  v4: np.int64 = load v0, v1
  v5: np.int64 = add v2, v4
  return v5
}

=== guards stay, in order
func @f "f"(a) -> int {
block0(v0: int):
  v1: int = const 0
  v2: bool = ne v0, v1
  guard[div_zero] v2
  v3: bool = gt v0, v1
  guard[negative_shift] v3
  v4: int = floordiv v0, v0
  return v4
}
; run: (0,)
; run: (-1,)
; run: (3,)
---
func @f "f"(a) -> int {
block0(v0: int):
  v1: int = const 0
  v2: bool = ne v0, v1
  guard[div_zero] v2
  v3: bool = gt v0, v1
  guard[negative_shift] v3
  v4: int = floordiv v0, v0
  return v4
}
