; stage: optimise
; A checked sum in front of a loop whose guard is in the loop: the loop's unchecked version may not take it for exact.

=== the sum of the outer loop's counter, guarded in the inner loop
func @f "f"(p0, p1, p2, p3) options(exact_math=on) -> lit<None> {
block0(v0: np.bool, v1: bool, v2: np.float64, v3: array<uint8, 1, C>):
  v4: lit<@builtins.enumerate> = const @builtins.enumerate
  v5: lit<0> = const 0
  v6: int = const 0
  v7: lit<0> = const 0
  v8: int = const 0
  v9: iter.array<array<uint8, 1, C>> = pack v3, v8
  v10: iter.enumerate<iter.array<array<uint8, 1, C>>> = pack v6, v9
  jump block1(v10)
block1(v11: iter.enumerate<iter.array<array<uint8, 1, C>>>):
  v12: iter.array<array<uint8, 1, C>> = field[1] v11
  v13: array<uint8, 1, C> = field[0] v12
  v14: int = field[1] v12
  v15: int = field[2] v13
  v16: bool = lt v14, v15
  branch v16, block2(), block3()
block2():
  v17: int = field[0] v11
  v18: iter.array<array<uint8, 1, C>> = field[1] v11
  v19: array<uint8, 1, C> = field[0] v18
  v20: int = field[1] v18
  v21: np.uint8 = load v19, v20
  v22: tuple<int, np.uint8> = pack v17, v21
  v23: lit<1> = const 1
  v24: lit<1> = const 1
  v25: int = field[0] v11
  v26: iter.array<array<uint8, 1, C>> = field[1] v11
  v27: int = const 1
  v28: int = add v25, v27
  v29: array<uint8, 1, C> = field[0] v26
  v30: int = field[1] v26
  v31: lit<1> = const 1
  v32: int = const 1
  v33: int = add v30, v32
  v34: iter.array<array<uint8, 1, C>> = pack v29, v33
  v35: iter.enumerate<iter.array<array<uint8, 1, C>>> = pack v28, v34
  v36: int = field[0] v22
  v37: np.uint8 = field[1] v22
  v38: lit<4> = const 4
  v39: lit<0> = const 0
  v40: int = const 0
  v41: iter.array<array<uint8, 1, C>> = pack v3, v40
  jump block4(v41)
block4(v42: iter.array<array<uint8, 1, C>>):
  v43: array<uint8, 1, C> = field[0] v42
  v44: int = field[1] v42
  v45: int = field[2] v43
  v46: bool = lt v44, v45
  branch v46, block5(), block1(v35)
block5():
  v47: array<uint8, 1, C> = field[0] v42
  v48: int = field[1] v42
  v49: np.uint8 = load v47, v48
  v50: array<uint8, 1, C> = field[0] v42
  v51: int = field[1] v42
  v52: lit<1> = const 1
  v53: int = const 1
  v54: int = add v51, v53
  v55: iter.array<array<uint8, 1, C>> = pack v50, v54
  v56: lit<4> = const 4
  v57: int = const 4
  v58: int, v59: bool = add_ovf v36, v57
  v60: bool = not v59
  guard[int_overflow] v60
  jump block4(v55)
block3():
  v61: lit<None> = const None
  return v61
}
; run: (np.bool(True), False, np.float64(1.0), (dtype.uint8, (4,), (5, 0, 1, 2)))
; run: (np.bool(True), False, np.float64(1.0), (dtype.uint8, (0,), ()))
---
func @f "f"(p0, p1, p2, p3) options(exact_math=on) -> lit<None> {
block0(v0: np.bool, v1: bool, v2: np.float64, v3: array<uint8, 1, C>):
  v90: cell<int> = cell
  v91: int = const 4096
  cell_set v90, v91
  v6: int = const 0
  v15: int = field[2] v3
  v27: int = const 1
  jump block1(v6)
block1(v69: int):
  v16: bool = lt v69, v15
  branch v16, block2(), block3()
block2():
  v28: int = add_exact v69, v27
  jump block6(v6)
block4(v75: int):
  v46: bool = lt v75, v15
  v88: bool = lt v75, v87
  branch v88, block5(), block9()
block5():
  v54: int = add_exact v75, v27
  jump block4(v54)
block3():
  v61: lit<None> = const None
  return v61
block6(v82: int):
  v83: int = const 9223372036854771711
  v84: int = min v82, v83
  v86: int = add_exact v84, v91
  v87: int = min v86, v15
  jump block4(v82)
block7():
  branch v46, block8(), block1(v28)
block8():
  poll
  jump block6(v75)
block9():
  v92: int = cell_get v90
  v93: int = const 65
  v94: int = sub_exact v92, v93
  cell_set v90, v94
  v96: bool = gt v94, v6
  branch v96, block7(), block10()
block10():
  poll
  cell_set v90, v91
  jump block7()
}
