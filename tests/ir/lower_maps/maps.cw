; stage: lower_maps
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
func @f "f"(a, b) -> array<float64, 2, C> {
block0(v0: array<float64, 2, A>, v1: array<float64, 1, C>):
  v2: int = field[2] v0
  v3: int = field[3] v0
  v4: int = const 5
  v5: array<float64, 2, C> = alloc v2, v3
  v6: ptr = field[0] v0
  v7: int = const 0
  v8: int = field[2] v0
  v9: int = field[4] v0
  v10: bool = eq v8, v2
  v11: int = select v10, v9, v7
  v12: int = field[3] v0
  v13: int = field[5] v0
  v14: bool = eq v12, v3
  v15: int = select v14, v13, v7
  v16: array<float64, 2, A> = view v0, v6, v2, v3, v11, v15
  v17: ptr = field[0] v1
  v18: int = const 0
  v19: int = field[2] v1
  v20: int = field[3] v1
  v21: bool = eq v19, v3
  v22: int = select v21, v20, v18
  v23: array<float64, 2, A> = view v1, v17, v2, v3, v18, v22
  v24: int = const 0
  jump block1(v24)
block1(v25: int):
  v26: bool = lt v25, v2
  branch v26, block2(), block3()
block2():
  v27: int = const 0
  jump block4(v27)
block3():
  return v5
block4(v28: int):
  v29: bool = lt v28, v3
  branch v29, block5(), block6()
block5():
  v30: np.float64 = load v16, v25, v28
  v31: np.float64 = load v23, v25, v28
  jump block8()
block6():
  v39: int = const 1
  v40: int = add_exact v25, v39
  jump block1(v40)
block7(v36: np.float64):
  store v5, v25, v28, v36
  v37: int = const 1
  v38: int = add_exact v28, v37
  jump block4(v38)
block8():
  v33: np.float64 = mul v30, v31
  v34: np.float64 = convert v4
  v35: np.float64 = add v33, v34
  jump block7(v35)
}

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
func @f "f"(a) -> none {
block0(v0: array<int64, 1, C>):
  v1: int = field[2] v0
  v2: int = const 1
  v3: int = sub v1, v2
  v4: ptr = address v0, v3
  v5: int = const -8
  v6: array<int64, 1, A> = view v0, v4, v1, v5
  v8: int = field[2] v0
  v9: array<int64, 1, C> = alloc v8
  v10: ptr = field[0] v0
  v11: int = const 0
  v12: int = field[2] v0
  v13: int = field[3] v0
  v14: bool = eq v12, v8
  v15: int = select v14, v13, v11
  v16: array<int64, 1, A> = view v0, v10, v8, v15
  v17: ptr = field[0] v6
  v18: int = const 0
  v19: int = field[2] v6
  v20: int = field[3] v6
  v21: bool = eq v19, v8
  v22: int = select v21, v20, v18
  v23: array<int64, 1, A> = view v6, v17, v8, v22
  v24: int = const 0
  jump block1(v24)
block1(v25: int):
  v26: bool = lt v25, v8
  branch v26, block2(), block3()
block2():
  v27: np.int64 = load v16, v25
  v28: np.int64 = load v23, v25
  jump block5()
block3():
  v34: int = const 0
  jump block6(v34)
block4(v31: np.int64):
  store v9, v25, v31
  v32: int = const 1
  v33: int = add_exact v25, v32
  jump block1(v33)
block5():
  v30: np.int64 = sub v27, v28
  jump block4(v30)
block6(v35: int):
  v36: bool = lt v35, v8
  branch v36, block7(), block8()
block7():
  v37: np.int64 = load v9, v35
  store v0, v35, v37
  v38: int = const 1
  v39: int = add_exact v35, v38
  jump block6(v39)
block8():
  v7: none = const None
  return v7
}

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
func @f "f"(a) -> array<int64, 1, C> {
block0(v0: array<int64, 1, C>):
  v1: int = field[2] v0
  v2: array<int64, 1, C> = alloc v1
  v3: ptr = field[0] v0
  v4: int = const 0
  v5: int = field[2] v0
  v6: int = field[3] v0
  v7: bool = eq v5, v1
  v8: int = select v7, v6, v4
  v9: array<int64, 1, A> = view v0, v3, v1, v8
  v10: int = const 0
  jump block1(v10)
block1(v11: int):
  v12: bool = lt v11, v1
  branch v12, block2(), block3()
block2():
  v13: np.int64 = load v9, v11
  jump block5()
block3():
  return v2
block4(v18: np.int64):
  store v2, v11, v18
  v19: int = const 1
  v20: int = add_exact v11, v19
  jump block1(v20)
block5():
  v15: np.int64 = const np.int64(0)
  v16: bool = ne v13, v15
  guard[int_div_zero] v16
  v17: np.int64 = floordiv v13, v13
  jump block4(v17)
}
