; stage: optimise

=== a sum whose bound is an argument
func @sum "sum"(a, n) -> float {
block0(v0: array<float64, 1, C>, v1: int):
  v2: float = const 0.0
  v3: int = const 0
  v4: iter.range = pack v3, v1
  jump block1(v4, v2)
block1(v5: iter.range, v6: float):
  v7: int = field[0] v5
  v8: int = field[1] v5
  v9: bool = lt v7, v8
  branch v9, block2(), block3()
block2():
  v10: int = field[0] v5
  v11: int = field[1] v5
  v12: int = const 1
  v13: int = add v10, v12
  v14: iter.range = pack v13, v11
  v20: int = field[2] v0
  v21: int = wrap_index v10, v20
  v22: bool = in_range v21, v20
  v23: int = const 0
  guard[index_out_of_bounds] v22, v10, v23, v20
  v24: np.float64 = load v0, v21
  v25: float = convert v24
  v26: float = add v6, v25
  jump block1(v14, v26)
block3():
  return v6
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 4.0,)), 3)
; run: ((dtype.float64, (3,), (1.0, 2.0, 4.0,)), 2)
; run: ((dtype.float64, (3,), (1.0, 2.0, 4.0,)), 4)
; run: ((dtype.float64, (3,), (1.0, 2.0, 4.0,)), -1)
---
func @sum "sum"(a, n) -> float {
block0(v0: array<float64, 1, C>, v1: int):
  v52: cell<int> = cell
  v53: int = const 4096
  cell_set v52, v53
  v2: float = const 0.0
  v3: int = const 0
  v12: int = const 1
  v20: int = field[2] v0
  v41: bool = le v1, v20
  branch v41, block10(v3, v2), block4(v3, v2)
block1(v27: int, v6: float):
  in_order
  v9: bool = lt v27, v1
  v50: bool = lt v27, v49
  branch v50, block2(), block11()
block2():
  v13: int = add_exact v27, v12
  v24: np.float64 = load v0, v27
  v25: float = convert v24
  v26: float = add v6, v25
  jump block1(v13, v26)
block3(v42: float):
  return v42
block4(v33: int, v34: float):
  unlikely
  v35: bool = lt v33, v1
  branch v35, block5(), block3(v34)
block5():
  unlikely
  v36: int = add_exact v33, v12
  v37: bool = in_range v33, v20
  guard[index_out_of_bounds] v37, v33, v3, v20
  v38: np.float64 = load v0, v33
  v39: float = convert v38
  v40: float = add v34, v39
  v54: int = cell_get v52
  v56: int = sub_exact v54, v12
  cell_set v52, v56
  v58: bool = gt v56, v3
  branch v58, block4(v36, v40), block14()
block10(v43: int, v44: float):
  v45: int = const 9223372036854771711
  v46: int = min v43, v45
  v48: int = add_exact v46, v53
  v49: int = min v48, v1
  jump block1(v43, v44)
block11():
  branch v9, block12(), block3(v6)
block12():
  poll
  jump block10(v27, v6)
block14():
  poll
  cell_set v52, v53
  jump block4(v36, v40)
}

=== matrix product
func @matmul "matmul"(a, b, c) -> none {
block0(v0: array<float64, 2, C>, v1: array<float64, 2, C>, v2: array<float64, 2, C>):
  v3: int = const 0
  v4: int = field[2] v0
  v5: int = field[3] v0
  v6: int = field[3] v1
  v7: iter.range = pack v3, v4
  jump block1(v7)
block1(v8: iter.range):
  v9: int = field[0] v8
  v10: int = field[1] v8
  v11: bool = lt v9, v10
  branch v11, block2(), block9()
block2():
  v12: int = const 1
  v13: int = add v9, v12
  v14: iter.range = pack v13, v10
  v15: iter.range = pack v3, v5
  jump block3(v15)
block3(v16: iter.range):
  v17: int = field[0] v16
  v18: int = field[1] v16
  v19: bool = lt v17, v18
  branch v19, block4(), block8()
block4():
  v20: int = add v17, v12
  v21: iter.range = pack v20, v18
  v22: int = field[2] v0
  v23: int = wrap_index v9, v22
  v24: bool = in_range v23, v22
  guard[index_out_of_bounds] v24, v9, v3, v22
  v25: int = field[3] v0
  v26: int = wrap_index v17, v25
  v27: bool = in_range v26, v25
  guard[index_out_of_bounds] v27, v17, v12, v25
  v28: np.float64 = load v0, v23, v26
  v29: iter.range = pack v3, v6
  jump block5(v29)
block5(v30: iter.range):
  v31: int = field[0] v30
  v32: int = field[1] v30
  v33: bool = lt v31, v32
  branch v33, block6(), block7()
block6():
  v34: int = add v31, v12
  v35: iter.range = pack v34, v32
  v36: int = field[2] v2
  v37: int = wrap_index v9, v36
  v38: bool = in_range v37, v36
  guard[index_out_of_bounds] v38, v9, v3, v36
  v39: int = field[3] v2
  v40: int = wrap_index v31, v39
  v41: bool = in_range v40, v39
  guard[index_out_of_bounds] v41, v31, v12, v39
  v42: np.float64 = load v2, v37, v40
  v43: int = field[2] v1
  v44: int = wrap_index v17, v43
  v45: bool = in_range v44, v43
  guard[index_out_of_bounds] v45, v17, v3, v43
  v46: int = field[3] v1
  v47: int = wrap_index v31, v46
  v48: bool = in_range v47, v46
  guard[index_out_of_bounds] v48, v31, v12, v46
  v49: np.float64 = load v1, v44, v47
  v50: np.float64 = mul v28, v49
  v51: np.float64 = add v42, v50
  store v2, v37, v40, v51
  jump block5(v35)
block7():
  jump block3(v21)
block8():
  jump block1(v14)
block9():
  v60: none = const None
  return v60
}
; run: ((dtype.float64, (2, 2), (1.0, 2.0, 3.0, 4.0,)), (dtype.float64, (2, 2), (1.0, 2.0, 3.0, 4.0,)), (dtype.float64, (2, 2), (0.0, 0.0, 0.0, 0.0,)))
; run: ((dtype.float64, (2, 2), (1.0, 2.0, 3.0, 4.0,)), (dtype.float64, (2, 3), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0,)), (dtype.float64, (2, 2), (0.0, 0.0, 0.0, 0.0,)))
; run: ((dtype.float64, (2, 2), (1.0, 2.0, 3.0, 4.0,)), (dtype.float64, (1, 2), (1.0, 2.0,)), (dtype.float64, (2, 2), (0.0, 0.0, 0.0, 0.0,)))
; run: ((dtype.float64, (3, 1), (1.0, 2.0, 3.0,)), (dtype.float64, (1, 2), (1.0, 2.0,)), (dtype.float64, (2, 2), (0.0, 0.0, 0.0, 0.0,)))
---
func @matmul "matmul"(a, b, c) -> none {
block0(v0: array<float64, 2, C>, v1: array<float64, 2, C>, v2: array<float64, 2, C>):
  v109: cell<int> = cell
  v110: int = const 4096
  cell_set v109, v110
  v3: int = const 0
  v4: int = field[2] v0
  v5: int = field[3] v0
  v6: int = field[3] v1
  v12: int = const 1
  v36: int = field[2] v2
  v39: int = field[3] v2
  v43: int = field[2] v1
  v96: bool = le v4, v36
  v97: bool = le v6, v39
  v98: bool = and v96, v97
  v99: bool = le v5, v43
  v100: bool = and v98, v99
  branch v100, block1(v3), block10(v3)
block1(v61: int):
  v11: bool = lt v61, v4
  branch v11, block2(), block9()
block2():
  v13: int = add_exact v61, v12
  jump block3(v3)
block3(v67: int):
  v19: bool = lt v67, v5
  branch v19, block4(), block33()
block4():
  v20: int = add_exact v67, v12
  v28: np.float64 = load v0, v61, v67
  jump block22(v3)
block5(v73: int):
  v33: bool = lt v73, v6
  v107: bool = lt v73, v106
  branch v107, block6(), block23()
block6():
  v34: int = add_exact v73, v12
  v42: np.float64 = load v2, v61, v73
  v49: np.float64 = load v1, v67, v73
  v50: np.float64 = mul v28, v49
  v51: np.float64 = add v42, v50
  store v2, v61, v73, v51
  jump block5(v34)
block9():
  v60: none = const None
  return v60
block10(v79: int):
  unlikely
  v82: bool = lt v79, v4
  branch v82, block11(), block9()
block11():
  unlikely
  v83: int = add_exact v79, v12
  v84: bool = in_range v79, v36
  jump block12(v3)
block12(v80: int):
  unlikely
  v85: bool = lt v80, v5
  branch v85, block13(), block17()
block13():
  unlikely
  v86: int = add_exact v80, v12
  v87: np.float64 = load v0, v79, v80
  v88: bool = in_range v80, v43
  jump block14(v3)
block14(v81: int):
  unlikely
  v89: bool = lt v81, v6
  branch v89, block15(), block16()
block15():
  unlikely
  v90: int = add_exact v81, v12
  guard[index_out_of_bounds] v84, v79, v3, v36
  v91: bool = in_range v81, v39
  guard[index_out_of_bounds] v91, v81, v12, v39
  v92: np.float64 = load v2, v79, v81
  guard[index_out_of_bounds] v88, v80, v3, v43
  v93: np.float64 = load v1, v80, v81
  v94: np.float64 = mul v87, v93
  v95: np.float64 = add v92, v94
  store v2, v79, v81, v95
  v111: int = cell_get v109
  v113: int = sub_exact v111, v12
  cell_set v109, v113
  v115: bool = gt v113, v3
  branch v115, block14(v90), block26()
block16():
  unlikely
  v117: int = cell_get v109
  v118: int = const 65
  v119: int = sub_exact v117, v118
  cell_set v109, v119
  v121: bool = gt v119, v3
  branch v121, block12(v86), block28()
block17():
  unlikely
  v123: int = cell_get v109
  v124: int = const 65
  v125: int = sub_exact v123, v124
  cell_set v109, v125
  v127: bool = gt v125, v3
  branch v127, block10(v83), block30()
block22(v101: int):
  v102: int = const 9223372036854771711
  v103: int = min v101, v102
  v105: int = add_exact v103, v110
  v106: int = min v105, v6
  jump block5(v101)
block23():
  branch v33, block24(), block31()
block24():
  poll
  jump block22(v73)
block26():
  poll
  cell_set v109, v110
  jump block14(v90)
block28():
  poll
  cell_set v109, v110
  jump block12(v86)
block30():
  poll
  cell_set v109, v110
  jump block10(v83)
block31():
  v129: int = cell_get v109
  v130: int = const 65
  v131: int = sub_exact v129, v130
  cell_set v109, v131
  v133: bool = gt v131, v3
  branch v133, block3(v20), block32()
block32():
  poll
  cell_set v109, v110
  jump block3(v20)
block33():
  v135: int = cell_get v109
  v136: int = const 65
  v137: int = sub_exact v135, v136
  cell_set v109, v137
  v139: bool = gt v137, v3
  branch v139, block1(v13), block34()
block34():
  poll
  cell_set v109, v110
  jump block1(v13)
}
