; stage: optimise

=== the sum of squares
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  jump block1(v1, v1)
block1(v3: int, v4: int):
  v5: bool = lt v3, v0
  branch v5, block2(), block3()
block2():
  v6: int, v7: bool = mul_ovf v3, v3
  v8: bool = not v7
  guard[int_overflow] v8
  v9: int, v10: bool = add_ovf v4, v6
  v11: bool = not v10
  guard[int_overflow] v11
  v12: int = add v3, v2
  jump block1(v12, v9)
block3():
  return v4
}
; run: (10,)
; run: (0,)
; run: (5000,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  jump block4(v1, v1)
block1(v3: int, v4: int):
  v20: bool = lt v3, v19
  branch v20, block2(), block5(v3, v4)
block2():
  v6: int = mul_exact v3, v3
  v9: int = add_exact v4, v6
  v12: int = add_exact v3, v2
  jump block1(v12, v9)
block3():
  return v53
block4(v13: int, v14: int):
  v15: int = const 9223372036854771711
  v16: int = min v13, v15
  v17: int = const 4096
  v18: int = add_exact v16, v17
  v19: int = min v18, v0
  v33: int, v34: bool = add_ovf v13, v19
  v35: int, v36: bool = mul_ovf v19, v19
  v37: int, v38: bool = sub_ovf v33, v35
  v39: bool = or v34, v38
  v40: int = const -562949953421312
  v41: bool = ge v37, v40
  v42: bool = not v39
  v43: bool = and v41, v42
  v44: bool = not v36
  v45: bool = and v43, v44
  v46: int = const 4611686018427387904
  v47: bool = le v14, v46
  v48: bool = and v45, v47
  v49: int = const -4611686018427387904
  v50: bool = ge v14, v49
  v51: bool = and v48, v50
  branch v51, block1(v13, v14), block7(v13, v14)
block5(v52: int, v53: int):
  v21: bool = lt v52, v0
  branch v21, block6(), block3()
block6():
  poll
  jump block4(v52, v53)
block7(v22: int, v23: int):
  unlikely
  v25: bool = lt v22, v19
  branch v25, block8(), block5(v22, v23)
block8():
  unlikely
  v26: int, v27: bool = mul_ovf v22, v22
  v28: bool = not v27
  guard[int_overflow] v28
  v29: int, v30: bool = add_ovf v23, v26
  v31: bool = not v30
  guard[int_overflow] v31
  v32: int = add_exact v22, v2
  jump block7(v32, v29)
}

=== counting what is positive
func @f "f"(a, k) -> int {
block0(v0: array<int64, 1, C>, v20: int):
  v1: int = const 0
  v2: int = const 1
  v3: int = field[2] v0
  jump block1(v1, v20)
block1(v4: int, v5: int):
  v6: bool = lt v4, v3
  branch v6, block2(), block3()
block2():
  v7: np.int64 = load v0, v4
  v8: np.int64 = const np.int64(0)
  v9: bool = gt v7, v8
  branch v9, block4(), block5(v5)
block4():
  v10: int, v11: bool = add_ovf v5, v2
  v12: bool = not v11
  guard[int_overflow] v12
  jump block5(v10)
block5(v13: int):
  v14: int = add v4, v2
  jump block1(v14, v13)
block3():
  return v5
}
; run: ((dtype.int64, (3,), (1, -2, 3)), 0)
; run: ((dtype.int64, (3,), (1, -2, 3)), 9223372036854775805)
; run: ((dtype.int64, (3,), (1, -2, 3)), 9223372036854775806)
---
func @f "f"(a, k) -> int {
block0(v0: array<int64, 1, C>, v20: int):
  v1: int = const 0
  v2: int = const 1
  v3: int = field[2] v0
  v8: np.int64 = const np.int64(0)
  jump block6(v1, v20)
block1(v4: int, v5: int):
  v28: bool = lt v4, v27
  branch v28, block2(), block7(v4, v5)
block2():
  v7: np.int64 = load v0, v4
  v9: bool = gt v7, v8
  branch v9, block4(), block5(v5)
block4():
  v10: int = add_exact v5, v2
  jump block5(v10)
block5(v13: int):
  v14: int = add_exact v4, v2
  jump block1(v14, v13)
block3():
  return v47
block6(v21: int, v22: int):
  v23: int = const 9223372036854771711
  v24: int = min v21, v23
  v25: int = const 4096
  v26: int = add_exact v24, v25
  v27: int = min v26, v3
  v41: int = const 4611686018427387904
  v42: bool = le v22, v41
  v43: int = const -4611686018427387904
  v44: bool = ge v22, v43
  v45: bool = and v42, v44
  branch v45, block1(v21, v22), block9(v21, v22)
block7(v46: int, v47: int):
  v29: bool = lt v46, v3
  branch v29, block8(), block3()
block8():
  poll
  jump block6(v46, v47)
block9(v30: int, v31: int):
  unlikely
  v34: bool = lt v30, v27
  branch v34, block10(), block7(v30, v31)
block10():
  unlikely
  v35: np.int64 = load v0, v30
  v36: bool = gt v35, v8
  branch v36, block11(), block12(v31)
block11():
  unlikely
  v37: int, v38: bool = add_ovf v31, v2
  v39: bool = not v38
  guard[int_overflow] v39
  jump block12(v37)
block12(v32: int):
  unlikely
  v40: int = add_exact v30, v2
  jump block9(v40, v32)
}
