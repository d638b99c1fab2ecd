; stage: fuse
; Maps go into functions that read each element once.

=== a sum of squares, by halves
func @f "f"(a, b) -> np.float64 {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>):
  v2: int = field[2] v0
  v3: array<float64, 1, C> = map[func1] v2, v0, v1
  v4: array<float64, 1, C> = map[func2] v2, v3, v3
  v5: int = const 0
  v6: np.float64 = call[func3] v4, v5, v2
  return v6
}
func @sub "sub"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = sub v0, v1
  return v2
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
func @total "total"(a, i, j) reads_once(a) -> np.float64 {
block0(v0: array<float64, 1, C>, v1: int, v2: int):
  v3: int = sub v2, v1
  v4: int = const 2
  v5: bool = lt v3, v4
  branch v5, block1(), block2()
block1():
  v6: bool = lt v1, v2
  branch v6, block3(), block4()
block3():
  v7: np.float64 = load v0, v1
  return v7
block4():
  v8: np.float64 = const np.float64(0.0)
  return v8
block2():
  v9: int = floordiv v3, v4
  v10: int = add v1, v9
  v11: np.float64 = call[func3] v0, v1, v10
  v12: np.float64 = call[func3] v0, v10, v2
  v13: np.float64 = add v11, v12
  return v13
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)), (dtype.float64, (3,), (1.0, 10.0, 100.0)))
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)), (dtype.float64, (1,), (10.0,)))
; run: ((dtype.float64, (0,), ()), (dtype.float64, (1,), (10.0,)))
---
func @f "f"(a, b) -> np.float64 {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>):
  v2: int = field[2] v0
  v5: int = const 0
  v7: int = field[2] v1
  v8: bool = eq v7, v2
  branch v8, block3(v1), block2()
block2():
  v10: array<float64, 1, C> = map[func1] v2, v1
  jump block3(v10)
block3(v9: array<float64, 1, C>):
  v6: np.float64 = call[func2] v0, v9, v5, v2
  return v6
}

func @cw_identity.5 "identity"() -> np.float64 {
block0(v0: np.float64):
  return v0
}

func @total.6 "total"("0", "1", i, j) -> np.float64 {
block0(v14: array<float64, 1, C>, v15: array<float64, 1, C>, v1: int, v2: int):
  v3: int = sub v2, v1
  v4: int = const 2
  v5: bool = lt v3, v4
  branch v5, block1(), block2()
block1():
  v6: bool = lt v1, v2
  branch v6, block3(), block4()
block3():
  v18: np.float64 = load v14, v1
  v20: np.float64 = load v15, v1
  v22: np.float64 = sub v18, v20
  v23: np.float64 = mul v22, v22
  return v23
block4():
  v8: np.float64 = const np.float64(0.0)
  return v8
block2():
  v9: int = floordiv v3, v4
  v10: int = add v1, v9
  v11: np.float64 = call[func2] v14, v15, v1, v10
  v12: np.float64 = call[func2] v14, v15, v10, v2
  v13: np.float64 = add v11, v12
  return v13
}

=== all elements of a matrix in a row
func @f "f"(a, b) -> np.float64 {
block0(v0: array<float64, 2, C>, v1: array<float64, 2, C>):
  v2: int = field[2] v0
  v3: int = field[3] v0
  v4: array<float64, 2, C> = map[func1] v2, v3, v0, v1
  v5: ptr = field[0] v4
  v6: int = mul v2, v3
  v7: int = const 8
  v8: array<float64, 1, C> = view v4, v5, v6, v7
  v9: np.float64 = call[func2] v8
  return v9
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
func @total "total"(a) reads_once(a) -> np.float64 {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: int = const 0
  v3: int = const 1
  v4: np.float64 = const np.float64(0.0)
  jump block1(v2, v4)
block1(v5: int, v6: np.float64):
  v7: bool = lt v5, v1
  branch v7, block2(), block3()
block2():
  v8: np.float64 = load v0, v5
  v9: np.float64 = add v6, v8
  v10: int = add v5, v3
  jump block1(v10, v9)
block3():
  return v6
}
; run: ((dtype.float64, (2, 2), (1.0, 2.0, 5.0, 7.0)), (dtype.float64, (2, 2), (1.0, 10.0, 100.0, 1000.0)))
; run: ((dtype.float64, (2, 2), (1.0, 2.0, 5.0, 7.0)), (dtype.float64, (1, 2), (1.0, 10.0)))
; run: ((dtype.float64, (2, 2), (1.0, 2.0, 5.0, 7.0)), (dtype.float64, (2, 1), (1.0, 10.0)))
---
func @f "f"(a, b) -> np.float64 {
block0(v0: array<float64, 2, C>, v1: array<float64, 2, C>):
  v2: int = field[2] v0
  v3: int = field[3] v0
  v6: int = mul v2, v3
  v7: int = const 8
  v11: ptr = field[0] v0
  v13: array<float64, 1, C> = view v0, v11, v6, v7
  v14: int = field[2] v1
  v15: bool = eq v14, v2
  v16: int = field[3] v1
  v17: bool = eq v16, v3
  v18: bool = and v15, v17
  branch v18, block3(v1), block2()
block2():
  v20: array<float64, 2, C> = map[func1] v2, v3, v1
  jump block3(v20)
block3(v19: array<float64, 2, C>):
  v22: ptr = field[0] v19
  v24: array<float64, 1, C> = view v19, v22, v6, v7
  v28: int = const 0
  v29: int = const 1
  v30: np.float64 = const np.float64(0.0)
  jump block6(v28, v30)
block4():
  return v26
block6(v25: int, v26: np.float64):
  v31: bool = lt v25, v6
  branch v31, block7(), block4()
block7():
  v32: np.float64 = load v13, v25
  v33: np.float64 = load v24, v25
  v34: np.float64 = mul v32, v33
  v35: np.float64 = add v26, v34
  v36: int = add v25, v29
  jump block6(v36, v35)
}

func @cw_identity.3 "identity"() -> np.float64 {
block0(v0: np.float64):
  return v0
}

=== one axis is known to be single
func @f "f"(a) -> np.float64 {
block0(v0: array<float64, 2, C>):
  v1: int = field[2] v0
  v2: int = field[3] v0
  v3: int = const 1
  v4: int = field[4] v0
  v5: int = const 0
  v6: ptr = address v0, v5, v5
  v7: array<float64, 2, A> = view v0, v6, v1, v3, v4, v5
  v8: array<float64, 2, C> = map[func1] v1, v2, v0, v7
  v9: np.float64 = call[func2] v8
  return v9
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
func @corner "corner"(a) reads_once(a) -> np.float64 {
block0(v0: array<float64, 2, C>):
  v1: int = field[2] v0
  v2: int = const 1
  v3: int = sub v1, v2
  v4: int = field[3] v0
  v5: int = sub v4, v2
  v6: np.float64 = load v0, v3, v5
  return v6
}
; run: ((dtype.float64, (2, 2), (1.0, 2.0, 5.0, 7.0)),)
---
func @f "f"(a) -> np.float64 {
block0(v0: array<float64, 2, C>):
  v1: int = field[2] v0
  v3: int = const 1
  v4: int = field[4] v0
  v5: int = const 0
  v6: ptr = address v0, v5, v5
  v7: array<float64, 2, A> = view v0, v6, v1, v3, v4, v5
  v11: int = field[3] v0
  v13: int = sub v1, v3
  v14: int = sub v11, v3
  v16: np.float64 = load v0, v13, v14
  v17: np.float64 = load v7, v13, v5
  v18: np.float64 = mul v16, v17
  return v18
}

=== a function that writes to the operand
func @f "f"(a) -> np.float64 {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: array<float64, 1, C> = map[func1] v1, v0, v0
  v3: np.float64 = call[func2] v2, v0
  return v3
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
func @odd "odd"(a, out) reads_once(a) -> np.float64 {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>):
  v2: int = const 0
  v3: np.float64 = const np.float64(1000.0)
  store v1, v2, v3
  v4: np.float64 = load v0, v2
  return v4
}
; run: ((dtype.float64, (2,), (3.0, 2.0)),)
---
func @f "f"(a) -> np.float64 {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: array<float64, 1, C> = map[func1] v1, v0, v0
  v4: int = const 0
  v5: np.float64 = const np.float64(1000.0)
  store v0, v4, v5
  v6: np.float64 = load v2, v4
  return v6
}

func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
