; stage: ownership
; Every array is released once on every path; results belong to the caller.

=== a temporary
func @f "f"(n) -> np.float64 {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  v2: int = const 0
  v3: bool = in_range v2, v0
  guard[index_out_of_bounds] v3, v2, v2, v0
  v4: np.float64 = load v1, v2
  return v4
}
; run: (3,)
; run: (0,)
---
func @f "f"(n) -> np.float64 {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  own v1
  v2: int = const 0
  v3: bool = in_range v2, v0
  guard[index_out_of_bounds] v3, v2, v2, v0
  v4: np.float64 = load v1, v2
  release v1
  return v4
}

=== a result
func @f "f"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  return v1
}
; run: (3,)
---
func @f "f"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  own v1
  disown v1
  return v1
}

=== an argument as result
func @f "f"(a) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>):
  return v0
}
; run: ((dtype.float64, (2,), (1.0, 2.0)),)
---
func @f "f"(a) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>):
  retain v0
  return v0
}

=== one of two
func @f "f"(n, c) -> np.float64 {
block0(v0: int, v1: bool):
  v2: array<float64, 1, C> = alloc[1] v0
  branch v1, block1(), block2(v2)
block1():
  v3: array<float64, 1, C> = alloc[1] v0
  jump block2(v3)
block2(v4: array<float64, 1, C>):
  v5: int = const 0
  v6: np.float64 = load v4, v5
  return v6
}
; run: (3, True)
; run: (3, False)
---
func @f "f"(n, c) -> np.float64 {
block0(v0: int, v1: bool):
  v2: array<float64, 1, C> = alloc[1] v0
  own v2
  branch v1, block1(), block3()
block1():
  release v2
  v3: array<float64, 1, C> = alloc[1] v0
  own v3
  disown v3
  jump block2(v3)
block2(v4: array<float64, 1, C>):
  own v4
  v5: int = const 0
  v6: np.float64 = load v4, v5
  release v4
  return v6
block3():
  disown v2
  jump block2(v2)
}

=== replaced in a loop
func @f "f"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  v3: array<float64, 1, C> = alloc[1] v0
  jump block1(v1, v3)
block1(v4: int, v5: array<float64, 1, C>):
  v6: bool = lt v4, v0
  branch v6, block2(), block3()
block2():
  v7: array<float64, 1, C> = alloc[1] v0
  v8: np.float64 = load v5, v1
  store v7, v1, v8
  v9: int = add v4, v2
  jump block1(v9, v7)
block3():
  return v5
}
; run: (0,)
; run: (4,)
---
func @f "f"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  v3: array<float64, 1, C> = alloc[1] v0
  own v3
  disown v3
  jump block1(v1, v3)
block1(v4: int, v5: array<float64, 1, C>):
  own v5
  v6: bool = lt v4, v0
  branch v6, block2(), block3()
block2():
  v7: array<float64, 1, C> = alloc[1] v0
  own v7
  v8: np.float64 = load v5, v1
  release v5
  store v7, v1, v8
  v9: int = add v4, v2
  disown v7
  jump block1(v9, v7)
block3():
  disown v5
  return v5
}

=== a callee's result is ours
func @f "f"(n) -> np.float64 {
block0(v0: int):
  v1: array<float64, 1, C> = call[func1] v0
  v2: array<float64, 1, C> = call[func1] v0
  v3: int = const 0
  v4: bool = in_range v3, v0
  guard[index_out_of_bounds] v4, v3, v3, v0
  v5: np.float64 = load v1, v3
  v6: np.float64 = load v2, v3
  v7: np.float64 = add v5, v6
  return v7
}

func @g "g"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  return v1
}
; run: (3,)
; run: (0,)
---
func @f "f"(n) -> np.float64 {
block0(v0: int):
  v1: array<float64, 1, C> = call[func1] v0
  own v1
  v2: array<float64, 1, C> = call[func1] v0
  own v2
  v3: int = const 0
  v4: bool = in_range v3, v0
  guard[index_out_of_bounds] v4, v3, v3, v0
  v5: np.float64 = load v1, v3
  release v1
  v6: np.float64 = load v2, v3
  release v2
  v7: np.float64 = add v5, v6
  return v7
}

func @g "g"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  own v1
  disown v1
  return v1
}

=== a view of a temporary is the result
func @f "f"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  v2: ptr = field[0] v1
  v3: int = const 1
  v4: int = const 8
  v5: array<float64, 1, C> = view v1, v2, v3, v4
  return v5
}
; run: (3,)
---
func @f "f"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  own v1
  v2: ptr = field[0] v1
  v3: int = const 1
  v4: int = const 8
  v5: array<float64, 1, C> = view v1, v2, v3, v4
  disown v1
  return v5
}
