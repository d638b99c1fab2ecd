; stage: trials

=== square roots are tried, then computed without checks
func @f "f"(a, b, n) -> none {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>, v2: int):
  v3: int = const 0
  v4: np.float64 = const np.float64(0.0)
  v5: int = const 1
  jump block1(v3)
block1(v6: int):
  v7: bool = lt v6, v2
  branch v7, block2(), block3()
block2():
  v8: np.float64 = load v0, v6
  v9: bool = lt v8, v4
  v10: bool = not v9
  guard[math_domain] v10
  v11: np.float64 = sqrt v8
  store v1, v6, v11
  v12: int = add_exact v6, v5
  jump block1(v12)
block3():
  v13: none = const None
  return v13
}
; run: ((dtype.float64, (3,), (1.0, 4.0, 9.0,)), (dtype.float64, (3,), (0.0, 0.0, 0.0,)), 3)
; run: ((dtype.float64, (3,), (1.0, -4.0, 9.0,)), (dtype.float64, (3,), (7.0, 7.0, 7.0,)), 3)
; run: ((dtype.float64, (1,), (1.0,)), (dtype.float64, (1,), (7.0,)), 0)
---
func @f "f"(a, b, n) -> none {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>, v2: int):
  v3: int = const 0
  v4: np.float64 = const np.float64(0.0)
  v5: int = const 1
  v48: bool = const True
  jump block4(v3, v48)
block1(v6: int):
  v7: bool = lt v6, v2
  branch v7, block2(), block3()
block2():
  v8: np.float64 = load v0, v6
  v9: bool = lt v8, v4
  v10: bool = not v9
  v11: np.float64 = sqrt v8
  store v1, v6, v11
  v12: int = add_exact v6, v5
  jump block1(v12)
block3():
  v13: none = const None
  return v13
block4(v14: int, v15: bool):
  v16: bool = lt v14, v2
  branch v16, block5(), block6()
block5():
  v17: np.float64 = load v0, v14
  v18: bool = lt v17, v4
  v19: bool = not v18
  v20: int = add_exact v14, v5
  v21: bool = and v15, v19
  jump block4(v20, v21)
block6():
  v22: bool = const True
  v23: ptr = field[0] v1
  v24: int = const 8
  v25: int = field[2] v1
  v26: int = mul v24, v25
  v27: ptr = offset v23, v26
  v28: ptr = field[0] v0
  v29: int = const 8
  v30: int = field[2] v0
  v31: int = mul v29, v30
  v32: ptr = offset v28, v31
  v33: bool = lt v23, v32
  v34: bool = lt v28, v27
  v35: bool = and v33, v34
  v36: ptr = field[0] v1
  v37: ptr = field[0] v0
  v38: bool = eq v36, v37
  v39: int = field[2] v1
  v40: int = field[2] v0
  v41: bool = eq v39, v40
  v42: bool = and v38, v41
  v43: bool = not v42
  v44: bool = and v35, v43
  v45: bool = not v44
  v46: bool = and v22, v45
  v47: bool = and v15, v46
  branch v47, block1(v3), block7(v3)
block7(v49: int):
  unlikely
  v50: bool = lt v49, v2
  branch v50, block8(), block3()
block8():
  unlikely
  v51: np.float64 = load v0, v49
  v52: bool = lt v51, v4
  v53: bool = not v52
  guard[math_domain] v53
  v54: np.float64 = sqrt v51
  store v1, v49, v54
  v55: int = add_exact v49, v5
  jump block7(v55)
}

=== what is checked was stored by the pass before: no trial
func @f "f"(a, n) -> none {
block0(v0: array<float64, 1, C>, v2: int):
  v3: int = const 0
  v4: np.float64 = const np.float64(0.0)
  v5: int = const 1
  jump block1(v3)
block1(v6: int):
  v7: bool = lt v6, v2
  branch v7, block2(), block3()
block2():
  v8: np.float64 = load v0, v6
  v9: bool = lt v8, v4
  v10: bool = not v9
  guard[math_domain] v10
  v11: np.float64 = sub v8, v8
  v12: int = add_exact v6, v5
  store v0, v12, v11
  jump block1(v12)
block3():
  v13: none = const None
  return v13
}
; run: ((dtype.float64, (4,), (1.0, 4.0, 9.0, 2.0,)), 3)
---
func @f "f"(a, n) -> none {
block0(v0: array<float64, 1, C>, v2: int):
  v3: int = const 0
  v4: np.float64 = const np.float64(0.0)
  v5: int = const 1
  jump block1(v3)
block1(v6: int):
  v7: bool = lt v6, v2
  branch v7, block2(), block3()
block2():
  v8: np.float64 = load v0, v6
  v9: bool = lt v8, v4
  v10: bool = not v9
  guard[math_domain] v10
  v11: np.float64 = sub v8, v8
  v12: int = add_exact v6, v5
  store v0, v12, v11
  jump block1(v12)
block3():
  v13: none = const None
  return v13
}
