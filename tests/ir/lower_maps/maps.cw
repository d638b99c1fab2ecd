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
  v6: int = field[5] v0
  v7: int = const 8
  v8: bool = eq v6, v7
  branch v8, block1(), block2()
block1():
  v9: int = const 0
  v10: int = field[4] v0
  v11: int = field[5] v0
  v12: int = field[2] v1
  v13: bool = ne v12, v3
  branch v13, block4(), block5()
block2():
  v57: int = const 0
  v58: int = field[4] v0
  v59: int = field[5] v0
  v60: int = const 0
  v61: int = field[2] v1
  v62: int = field[3] v1
  v63: int = const 0
  v64: bool = eq v61, v3
  v65: int = select v64, v62, v63
  v66: ptr = field[0] v1
  v67: array<float64, 2, A> = view v1, v66, v2, v3, v60, v65
  v68: int = field[4] v5
  v69: int = field[5] v5
  v70: int = const 0
  jump block18(v70)
block3():
  return v5
block4():
  v15: array<float64, 1, C> = alloc v3
  jump block6(v15)
block5():
  v16: array<float64, 1, C> = undef
  jump block6(v16)
block6(v14: array<float64, 1, C>):
  v17: int = const 0
  v18: int = field[2] v1
  v19: int = field[3] v1
  v20: int = const 0
  v21: bool = eq v18, v3
  v22: int = select v21, v19, v20
  v23: ptr = field[0] v1
  v24: array<float64, 2, A> = view v1, v23, v2, v3, v17, v22
  v25: int = field[4] v5
  v26: int = field[5] v5
  v27: int = const 0
  jump block7(v27)
block7(v28: int):
  v29: bool = lt v28, v2
  branch v29, block8(), block9()
block8():
  v30: ptr = address v0, v28, v9
  v31: int = const 8
  v32: array<float64, 1, C> = view v0, v30, v3, v31
  v33: ptr = address v24, v28, v9
  v34: ptr = field[0] v14
  branch v13, block10(), block11()
block9():
  jump block3()
block10():
  v35: int = const 8
  v36: int = const 0
  runtime[cw_copy_elements] v34, v35, v33, v36, v3, v35
  jump block12()
block11():
  jump block12()
block12():
  v37: ptr = select v13, v34, v33
  v38: int = const 8
  v39: array<float64, 1, C> = view v24, v37, v3, v38
  v40: ptr = address v5, v28, v9
  v41: int = const 8
  v42: array<float64, 1, C> = view v5, v40, v3, v41
  v43: int = const 0
  jump block13(v43)
block13(v44: int):
  independent
  v45: bool = lt v44, v3
  branch v45, block14(), block15()
block14():
  v46: np.float64 = load v32, v44
  v47: np.float64 = load v39, v44
  jump block17()
block15():
  v55: int = const 1
  v56: int = add_exact v28, v55
  jump block7(v56)
block16(v52: np.float64):
  store v42, v44, v52
  v53: int = const 1
  v54: int = add_exact v44, v53
  jump block13(v54)
block17():
  v49: np.float64 = mul v46, v47
  v50: np.float64 = convert v4
  v51: np.float64 = add v49, v50
  jump block16(v51)
block18(v71: int):
  unlikely
  v72: bool = lt v71, v2
  branch v72, block19(), block20()
block19():
  v73: ptr = address v0, v71, v57
  v74: array<float64, 1, A> = view v0, v73, v3, v59
  v75: ptr = address v67, v71, v57
  v76: array<float64, 1, A> = view v67, v75, v3, v65
  v77: ptr = address v5, v71, v57
  v78: int = const 8
  v79: array<float64, 1, C> = view v5, v77, v3, v78
  v80: int = const 0
  jump block21(v80)
block20():
  jump block3()
block21(v81: int):
  unlikely
  v82: bool = lt v81, v3
  branch v82, block22(), block23()
block22():
  v83: np.float64 = load v74, v81
  v84: np.float64 = load v76, v81
  jump block25()
block23():
  v92: int = const 1
  v93: int = add_exact v71, v92
  jump block18(v93)
block24(v89: np.float64):
  store v79, v81, v89
  v90: int = const 1
  v91: int = add_exact v81, v90
  jump block21(v91)
block25():
  v86: np.float64 = mul v83, v84
  v87: np.float64 = convert v4
  v88: np.float64 = add v86, v87
  jump block24(v88)
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
  branch v30, block1(), block2()
block1():
  v32: array<int64, 1, C> = alloc v8
  jump block3(v32)
block2():
  jump block3(v0)
block3(v31: array<int64, 1, C>):
  v33: ptr = field[0] v31
  v34: int = const 8
  v35: array<int64, 1, C> = view v31, v33, v8, v34
  v36: int = const 0
  v37: int = field[3] v0
  v38: int = field[3] v6
  v39: int = field[3] v35
  v40: ptr = address v0, v36
  v41: int = const 8
  v42: array<int64, 1, C> = view v0, v40, v8, v41
  v43: ptr = address v6, v36
  v44: array<int64, 1, A> = view v6, v43, v8, v38
  v45: ptr = address v35, v36
  v46: int = const 8
  v47: array<int64, 1, C> = view v35, v45, v8, v46
  v48: int = const 0
  jump block4(v48)
block4(v49: int):
  independent
  v50: bool = lt v49, v8
  branch v50, block5(), block6()
block5():
  v51: np.int64 = load v42, v49
  v52: np.int64 = load v44, v49
  jump block8()
block6():
  branch v30, block9(), block10()
block7(v55: np.int64):
  store v47, v49, v55
  v56: int = const 1
  v57: int = add_exact v49, v56
  jump block4(v57)
block8():
  v54: np.int64 = sub v51, v52
  jump block7(v54)
block9():
  v58: int = const 8
  v59: ptr = field[0] v0
  v60: ptr = field[0] v35
  runtime[cw_copy_elements] v59, v58, v60, v58, v8, v58
  jump block11()
block10():
  jump block11()
block11():
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
