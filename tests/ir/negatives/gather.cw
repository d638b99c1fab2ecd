; stage: negatives

=== a sum over indices from an array
func @f "f"(a, k) -> int {
block0(v0: array<int64, 1, C>, v1: array<int64, 1, C>):
  v2: int = const 0
  v3: int = const 1
  v4: int = field[2] v1
  v5: int = field[2] v0
  jump block1(v2, v2)
block1(v6: int, v7: int):
  v8: bool = lt v6, v4
  branch v8, block2(), block3()
block2():
  v9: np.int64 = load v1, v6
  v10: int = convert v9
  v11: int = wrap_index v10, v5
  v12: bool = in_range v11, v5
  guard[index_out_of_bounds] v12, v10, v2, v5
  v13: np.int64 = load v0, v11
  v14: int = convert v13
  v15: int = wrap_index v14, v5
  v16: bool = in_range v15, v5
  guard[index_out_of_bounds] v16, v14, v2, v5
  v17: np.int64 = load v0, v15
  v18: int = convert v17
  v19: int = add v7, v18
  v20: int = add_exact v6, v3
  jump block1(v20, v19)
block3():
  return v7
}
; run: ((dtype.int64, (3,), (2, -3, 1)), (dtype.int64, (4,), (0, -1, 2, -3)))
; run: ((dtype.int64, (3,), (2, -4, 1)), (dtype.int64, (4,), (0, -1, 1, -3)))
; run: ((dtype.int64, (3,), (2, -3, 1)), (dtype.int64, (2,), (0, 3)))
---
func @f "f"(a, k) -> int {
block0(v0: array<int64, 1, C>, v1: array<int64, 1, C>):
  v2: int = const 0
  v3: int = const 1
  v4: int = field[2] v1
  v5: int = field[2] v0
  jump block1(v2, v2)
block1(v6: int, v7: int):
  v8: bool = lt v6, v4
  branch v8, block2(), block3()
block2():
  v9: np.int64 = load v1, v6
  v10: int = convert v9
  v26: bool = in_range v10, v5
  branch v26, block6(v10), block7()
block3():
  return v7
block4(v21: int):
  v17: np.int64 = load v0, v21
  v18: int = convert v17
  v19: int = add v7, v18
  v20: int = add_exact v6, v3
  jump block1(v20, v19)
block5():
  unlikely
  v23: int = wrap_index v14, v5
  v24: bool = in_range v23, v5
  guard[index_out_of_bounds] v24, v14, v2, v5
  jump block4(v23)
block6(v25: int):
  v13: np.int64 = load v0, v25
  v14: int = convert v13
  v22: bool = in_range v14, v5
  branch v22, block4(v14), block5()
block7():
  unlikely
  v27: int = wrap_index v10, v5
  v28: bool = in_range v27, v5
  guard[index_out_of_bounds] v28, v10, v2, v5
  jump block6(v27)
}
