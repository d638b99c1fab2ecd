; stage: versions

=== a stencil
func @f "f"(a, b, n) -> none {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>, v2: int):
  v3: int = const 1
  v4: int = field[2] v0
  v5: int = field[2] v1
  v20: int = const 0
  jump block1(v3)
block1(v6: int):
  v7: bool = lt v6, v2
  branch v7, block2(), block3()
block2():
  v8: int, v9: bool = sub_ovf v6, v3
  v10: bool = not v9
  guard[int_overflow] v10
  v11: int = wrap_index v8, v4
  v12: bool = in_range v11, v4
  guard[index_out_of_bounds] v12, v8, v20, v4
  v13: np.float64 = load v0, v11
  v14: int, v15: bool = add_ovf v6, v3
  v16: bool = not v15
  guard[int_overflow] v16
  v17: int = wrap_index v14, v4
  v18: bool = in_range v17, v4
  guard[index_out_of_bounds] v18, v14, v20, v4
  v19: np.float64 = load v0, v17
  v21: np.float64 = add v13, v19
  v22: int = wrap_index v6, v5
  v23: bool = in_range v22, v5
  guard[index_out_of_bounds] v23, v6, v20, v5
  store v1, v22, v21
  v24: int = add_exact v6, v3
  jump block1(v24)
block3():
  v25: none = const None
  return v25
}
; run: ((dtype.float64, (4,), (1.0, 2.0, 4.0, 5.0,)), (dtype.float64, (4,), (0.0, 0.0, 0.0, 0.0,)), 3)
; run: ((dtype.float64, (4,), (1.0, 2.0, 4.0, 5.0,)), (dtype.float64, (2,), (0.0, 0.0,)), 3)
; run: ((dtype.float64, (3,), (1.0, 2.0, 4.0,)), (dtype.float64, (3,), (0.0, 0.0, 0.0,)), 3)
; run: ((dtype.float64, (3,), (1.0, 2.0, 4.0,)), (dtype.float64, (3,), (0.0, 0.0, 0.0,)), -9223372036854775808)
; run: ((dtype.float64, (3,), (1.0, 2.0, 4.0,)), (dtype.float64, (3,), (0.0, 0.0, 0.0,)), 9223372036854775807)
---
func @f "f"(a, b, n) -> none {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>, v2: int):
  v48: bool = const False
  v47: bool = const False
  v3: int = const 1
  v4: int = field[2] v0
  v5: int = field[2] v1
  v20: int = const 0
  v44: bool = lt v2, v4
  v45: bool = le v2, v5
  v46: bool = and v44, v45
  branch v46, block7(), block6()
block1(v6: int):
  v7: bool = lt v6, v2
  branch v7, block2(), block3()
block2():
  v8: int = sub_exact v6, v3
  v10: bool = not v47
  v11: int = wrap_index v8, v4
  v12: bool = in_range v8, v4
  v13: np.float64 = load v0, v8
  v14: int = add_exact v6, v3
  v16: bool = not v48
  v17: int = wrap_index v14, v4
  v18: bool = in_range v14, v4
  v19: np.float64 = load v0, v14
  v21: np.float64 = add v13, v19
  v22: int = wrap_index v6, v5
  v23: bool = in_range v6, v5
  store v1, v6, v21
  v24: int = add_exact v6, v3
  jump block1(v24)
block3():
  v25: none = const None
  return v25
block4(v26: int):
  unlikely
  v27: bool = lt v26, v2
  branch v27, block5(), block3()
block5():
  unlikely
  v28: int, v29: bool = sub_ovf v26, v3
  v30: bool = not v29
  guard[int_overflow] v30
  v31: int = wrap_index v28, v4
  v32: bool = in_range v31, v4
  guard[index_out_of_bounds] v32, v28, v20, v4
  v33: np.float64 = load v0, v31
  v34: int, v35: bool = add_ovf v26, v3
  v36: bool = not v35
  guard[int_overflow] v36
  v37: int = wrap_index v34, v4
  v38: bool = in_range v37, v4
  guard[index_out_of_bounds] v38, v34, v20, v4
  v39: np.float64 = load v0, v37
  v40: np.float64 = add v33, v39
  v41: int = wrap_index v26, v5
  v42: bool = in_range v41, v5
  guard[index_out_of_bounds] v42, v26, v20, v5
  store v1, v41, v40
  v43: int = add_exact v26, v3
  jump block4(v43)
block6():
  jump block4(v3)
block7():
  jump block1(v3)
}

=== values that are used behind the loop
func @f "f"(a, n) -> int {
block0(v0: array<int64, 1, C>, v1: int):
  v2: int = const 0
  v3: int = const 1
  v4: int = field[2] v0
  jump block1(v2)
block1(v5: int):
  v6: bool = lt v5, v1
  branch v6, block2(), block4()
block2():
  v7: bool = in_range v5, v4
  guard[index_out_of_bounds] v7, v5, v2, v4
  v8: np.int64 = load v0, v5
  v9: int = convert v8
  v10: bool = eq v9, v2
  branch v10, block3(), block5()
block5():
  v11: int = add_exact v5, v3
  jump block1(v11)
block3():
  v12: int = add v5, v9
  return v12
block4():
  return v5
}
; run: ((dtype.int64, (3,), (5, 6, 0,)), 3)
; run: ((dtype.int64, (3,), (5, 6, 0,)), 2)
; run: ((dtype.int64, (3,), (5, 6, 1,)), 4)
---
func @f "f"(a, n) -> int {
block0(v0: array<int64, 1, C>, v1: int):
  v2: int = const 0
  v3: int = const 1
  v4: int = field[2] v0
  v20: bool = le v1, v4
  branch v20, block10(), block9()
block1(v5: int):
  v6: bool = lt v5, v1
  branch v6, block2(), block4(v5)
block2():
  v7: bool = in_range v5, v4
  v8: np.int64 = load v0, v5
  v9: int = convert v8
  v10: bool = eq v9, v2
  branch v10, block3(v5, v9), block5()
block5():
  v11: int = add_exact v5, v3
  jump block1(v11)
block3(v21: int, v22: int):
  v12: int = add v21, v22
  return v12
block4(v23: int):
  return v23
block6(v13: int):
  unlikely
  v14: bool = lt v13, v1
  branch v14, block7(), block4(v13)
block7():
  unlikely
  v15: bool = in_range v13, v4
  guard[index_out_of_bounds] v15, v13, v2, v4
  v16: np.int64 = load v0, v13
  v17: int = convert v16
  v18: bool = eq v17, v2
  branch v18, block3(v13, v17), block8()
block8():
  unlikely
  v19: int = add_exact v13, v3
  jump block6(v19)
block9():
  jump block6(v2)
block10():
  jump block1(v2)
}

=== a check whose failure a handler waits for
func @f "f"(a, n) -> np.float64 {
block0(v0: array<float64, 1, C>, v1: int):
  v2: int = runtime[cw_handled]
  v3: int = const 0
  v4: int = const 1
  v5: np.float64 = const np.float64(0.0)
  v6: int = field[2] v0
  jump block1(v3, v5)
block1(v7: int, v8: np.float64):
  v9: bool = lt v7, v1
  branch v9, block2(), block6(v8)
block2():
  v10: int = wrap_index v7, v6
  v11: bool = in_range v10, v6
  branch v11, block3(), block4()
block3():
  v12: np.float64 = load v0, v10
  v13: np.float64 = add v8, v12
  v14: int = add_exact v7, v4
  jump block1(v14, v13)
block4():
  unlikely
  record[index_out_of_bounds] v7, v3, v6
  v15: int = runtime[cw_caught] v2
  runtime[cw_end_handling] v2
  jump block6(v8)
block6(v16: np.float64):
  return v16
}
; run: ((dtype.float64, (4,), (1.0, 2.0, 4.0, 5.0,)), 3)
; run: ((dtype.float64, (4,), (1.0, 2.0, 4.0, 5.0,)), 9)
---
func @f "f"(a, n) -> np.float64 {
block0(v0: array<float64, 1, C>, v1: int):
  v2: int = runtime[cw_handled]
  v3: int = const 0
  v4: int = const 1
  v5: np.float64 = const np.float64(0.0)
  v6: int = field[2] v0
  v25: bool = le v1, v6
  branch v25, block11(), block10()
block1(v7: int, v8: np.float64):
  v9: bool = lt v7, v1
  branch v9, block2(), block6(v8)
block2():
  v10: int = wrap_index v7, v6
  v11: bool = in_range v7, v6
  jump block3()
block3():
  v12: np.float64 = load v0, v7
  v13: np.float64 = add v8, v12
  v14: int = add_exact v7, v4
  jump block1(v14, v13)
block4(v26: int, v27: np.float64):
  unlikely
  record[index_out_of_bounds] v26, v3, v6
  v15: int = runtime[cw_caught] v2
  runtime[cw_end_handling] v2
  jump block6(v27)
block6(v16: np.float64):
  return v16
block7(v17: int, v18: np.float64):
  unlikely
  v19: bool = lt v17, v1
  branch v19, block8(), block6(v18)
block8():
  unlikely
  v20: int = wrap_index v17, v6
  v21: bool = in_range v20, v6
  branch v21, block9(), block4(v17, v18)
block9():
  unlikely
  v22: np.float64 = load v0, v20
  v23: np.float64 = add v18, v22
  v24: int = add_exact v17, v4
  jump block7(v24, v23)
block10():
  jump block7(v3, v5)
block11():
  jump block1(v3, v5)
}
