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
  v6: int = field[4] v0
  v7: int = field[5] v0
  v8: int = const 8
  v9: bool = eq v7, v8
  v10: int = const 0
  v11: int = field[2] v1
  v12: int = field[3] v1
  v13: int = const 0
  v14: bool = eq v11, v3
  v15: int = select v14, v12, v13
  v16: int = const 8
  v17: bool = eq v15, v16
  v18: bool = and v9, v17
  branch v18, block1(), block2()
block1():
  v19: int = const 0
  v20: int = field[4] v0
  v21: int = field[5] v0
  v22: int = const 0
  v23: int = field[2] v1
  v24: int = field[3] v1
  v25: int = const 0
  v26: bool = eq v23, v3
  v27: int = select v26, v24, v25
  v28: ptr = field[0] v1
  v29: array<float64, 2, A> = view v1, v28, v2, v3, v22, v27
  v30: int = field[4] v5
  v31: int = field[5] v5
  v32: int = const 0
  jump block4(v32)
block2():
  v58: int = const 0
  v59: int = field[4] v0
  v60: int = field[5] v0
  v61: int = const 0
  v62: int = field[2] v1
  v63: int = field[3] v1
  v64: int = const 0
  v65: bool = eq v62, v3
  v66: int = select v65, v63, v64
  v67: ptr = field[0] v1
  v68: array<float64, 2, A> = view v1, v67, v2, v3, v61, v66
  v69: int = field[4] v5
  v70: int = field[5] v5
  v71: int = const 0
  jump block12(v71)
block3():
  return v5
block4(v33: int):
  v34: bool = lt v33, v2
  branch v34, block5(), block6()
block5():
  v35: ptr = address v0, v33, v19
  v36: int = const 8
  v37: array<float64, 1, C> = view v0, v35, v3, v36
  v38: ptr = address v29, v33, v19
  v39: int = const 8
  v40: array<float64, 1, C> = view v29, v38, v3, v39
  v41: ptr = address v5, v33, v19
  v42: int = const 8
  v43: array<float64, 1, C> = view v5, v41, v3, v42
  v44: int = const 0
  jump block7(v44)
block6():
  jump block3()
block7(v45: int):
  independent
  v46: bool = lt v45, v3
  branch v46, block8(), block9()
block8():
  v47: np.float64 = load v37, v45
  v48: np.float64 = load v40, v45
  jump block11()
block9():
  v56: int = const 1
  v57: int = add_exact v33, v56
  jump block4(v57)
block10(v53: np.float64):
  store v43, v45, v53
  v54: int = const 1
  v55: int = add_exact v45, v54
  jump block7(v55)
block11():
  v50: np.float64 = mul v47, v48
  v51: np.float64 = convert v4
  v52: np.float64 = add v50, v51
  jump block10(v52)
block12(v72: int):
  unlikely
  v73: bool = lt v72, v2
  branch v73, block13(), block14()
block13():
  v74: ptr = address v0, v72, v58
  v75: array<float64, 1, A> = view v0, v74, v3, v60
  v76: ptr = address v68, v72, v58
  v77: array<float64, 1, A> = view v68, v76, v3, v66
  v78: ptr = address v5, v72, v58
  v79: int = const 8
  v80: array<float64, 1, C> = view v5, v78, v3, v79
  v81: int = const 0
  jump block15(v81)
block14():
  jump block3()
block15(v82: int):
  unlikely
  v83: bool = lt v82, v3
  branch v83, block16(), block17()
block16():
  v84: np.float64 = load v75, v82
  v85: np.float64 = load v77, v82
  jump block19()
block17():
  v93: int = const 1
  v94: int = add_exact v72, v93
  jump block12(v94)
block18(v90: np.float64):
  store v80, v82, v90
  v91: int = const 1
  v92: int = add_exact v82, v91
  jump block15(v92)
block19():
  v87: np.float64 = mul v84, v85
  v88: np.float64 = convert v4
  v89: np.float64 = add v87, v88
  jump block18(v89)
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
  v9: ptr = field[0] v0
  v10: int = const 8
  v11: int = field[2] v0
  v12: int = mul v10, v11
  v13: ptr = offset v9, v12
  v14: ptr = field[0] v6
  v15: int = const 8
  v16: int = const 0
  v17: int = const 1
  v18: int = field[2] v6
  v19: int = field[3] v6
  v20: int = sub v18, v17
  v21: int = mul v20, v19
  v22: int = min v21, v16
  v23: int = max v21, v16
  v24: int = add v16, v22
  v25: int = add v15, v23
  v26: ptr = offset v14, v24
  v27: ptr = offset v14, v25
  v28: bool = lt v9, v27
  v29: bool = lt v26, v13
  v30: bool = and v28, v29
  v31: ptr = field[0] v0
  v32: ptr = field[0] v6
  v33: bool = eq v31, v32
  v34: int = field[2] v0
  v35: int = field[2] v6
  v36: bool = eq v34, v35
  v37: int = field[3] v0
  v38: int = field[3] v6
  v39: bool = eq v37, v38
  v40: bool = and v33, v36
  v41: bool = and v40, v39
  v42: bool = not v41
  v43: bool = and v30, v42
  branch v43, block1(), block2(v0)
block1():
  v44: array<int64, 1, C> = alloc v8
  jump block2(v44)
block2(v45: array<int64, 1, C>):
  v46: int = const 0
  v47: int = field[3] v0
  v48: int = field[3] v6
  v49: int = field[3] v45
  v50: ptr = address v0, v46
  v51: int = const 8
  v52: array<int64, 1, C> = view v0, v50, v8, v51
  v53: ptr = address v6, v46
  v54: array<int64, 1, A> = view v6, v53, v8, v48
  v55: ptr = address v45, v46
  v56: int = const 8
  v57: array<int64, 1, C> = view v45, v55, v8, v56
  v58: int = const 0
  jump block3(v58)
block3(v59: int):
  independent
  v60: bool = lt v59, v8
  branch v60, block4(), block5()
block4():
  v61: np.int64 = load v52, v59
  v62: np.int64 = load v54, v59
  jump block7()
block5():
  branch v43, block8(), block9()
block6(v65: np.int64):
  store v57, v59, v65
  v66: int = const 1
  v67: int = add_exact v59, v66
  jump block3(v67)
block7():
  v64: np.int64 = sub v61, v62
  jump block6(v64)
block8():
  v68: int = const 8
  v69: ptr = field[0] v0
  v70: ptr = field[0] v45
  v71: int = const 8
  runtime[cw_copy_elements] v69, v68, v70, v68, v8, v71
  jump block10()
block9():
  jump block10()
block10():
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
  v3: ptr = field[0] v2
  v4: int = const 8
  v5: array<int64, 1, C> = view v2, v3, v1, v4
  v6: ptr = field[0] v0
  v7: int = const 8
  v8: array<int64, 1, C> = view v0, v6, v1, v7
  v9: int = const 0
  jump block1(v9)
block1(v10: int):
  independent
  v11: bool = lt v10, v1
  branch v11, block2(), block3()
block2():
  v12: np.int64 = load v8, v10
  jump block5()
block3():
  return v2
block4(v17: np.int64):
  store v5, v10, v17
  v18: int = const 1
  v19: int = add_exact v10, v18
  jump block1(v19)
block5():
  v14: np.int64 = const np.int64(0)
  v15: bool = ne v12, v14
  guard[int_div_zero] v15
  v16: np.int64 = floordiv v12, v12
  jump block4(v16)
}
