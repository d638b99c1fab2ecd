; stage: licm

=== what a loop does not change
func @f "f"(a, n, m) -> int {
block0(v0: array<int64, 1, C>, v1: int, v2: int):
  v3: int = const 0
  jump block1(v3, v3)
block1(v4: int, v5: int):
  v6: bool = lt v4, v1
  branch v6, block2(), block3()
block2():
  v7: int = const 1
  v8: int = field[2] v0
  v9: bool = in_range v2, v8
  guard[index_out_of_bounds] v9, v2, v3, v8
  v10: np.int64 = load v0, v2
  v11: int = convert v10
  v12: int = mul v1, v2
  v13: int = add v5, v11
  v14: int = add v13, v12
  v15: int = add_exact v4, v7
  jump block1(v15, v14)
block3():
  return v5
}
; run: ((dtype.int64, (3,), (1, 2, 3,)), 3, 2)
; run: ((dtype.int64, (3,), (1, 2, 3,)), 3, 3)
; run: ((dtype.int64, (3,), (1, 2, 3,)), 0, 3)
---
func @f "f"(a, n, m) -> int {
block0(v0: array<int64, 1, C>, v1: int, v2: int):
  v3: int = const 0
  v7: int = const 1
  v8: int = field[2] v0
  v9: bool = in_range v2, v8
  v12: int = mul v1, v2
  jump block1(v3, v3)
block1(v4: int, v5: int):
  v6: bool = lt v4, v1
  branch v6, block2(), block3()
block2():
  guard[index_out_of_bounds] v9, v2, v3, v8
  v10: np.int64 = load v0, v2
  v11: int = convert v10
  v13: int = add v5, v11
  v14: int = add v13, v12
  v15: int = add_exact v4, v7
  jump block1(v15, v14)
block3():
  return v5
}
