; stage: scalars

=== a tuple around a loop
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: tuple<int, tuple<lit<7>, int>> = undef
  v3: lit<7> = const 7
  v4: tuple<lit<7>, int> = pack v3, v1
  v5: tuple<int, tuple<lit<7>, int>> = pack v1, v4
  jump block1(v5)
block1(v6: tuple<int, tuple<lit<7>, int>>):
  v7: int = field[0] v6
  v8: bool = lt v7, v0
  branch v8, block2(), block3()
block2():
  v9: tuple<lit<7>, int> = field[1] v6
  v10: int = field[1] v9
  v11: int = const 1
  v12: int = add v7, v11
  v13: int = add v10, v7
  v14: tuple<lit<7>, int> = pack v3, v13
  v15: tuple<int, tuple<lit<7>, int>> = pack v12, v14
  jump block1(v15)
block3():
  v16: tuple<lit<7>, int> = field[1] v6
  v17: int = field[1] v16
  return v17
}
; run: (5,)
; run: (0,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: tuple<int, tuple<lit<7>, int>> = undef
  v3: lit<7> = const 7
  v4: tuple<lit<7>, int> = pack v3, v1
  v5: tuple<int, tuple<lit<7>, int>> = pack v1, v4
  v20: int = field[0] v5
  v21: tuple<lit<7>, int> = field[1] v5
  v26: int = field[1] v21
  jump block1(v20, v26)
block1(v18: int, v25: int):
  v24: lit<7> = const 7
  v19: tuple<lit<7>, int> = pack v24, v25
  v6: tuple<int, tuple<lit<7>, int>> = pack v18, v19
  v7: int = field[0] v6
  v8: bool = lt v7, v0
  branch v8, block2(), block3()
block2():
  v9: tuple<lit<7>, int> = field[1] v6
  v10: int = field[1] v9
  v11: int = const 1
  v12: int = add v7, v11
  v13: int = add v10, v7
  v14: tuple<lit<7>, int> = pack v3, v13
  v15: tuple<int, tuple<lit<7>, int>> = pack v12, v14
  v22: int = field[0] v15
  v23: tuple<lit<7>, int> = field[1] v15
  v27: int = field[1] v23
  jump block1(v22, v27)
block3():
  v16: tuple<lit<7>, int> = field[1] v6
  v17: int = field[1] v16
  return v17
}

=== a range iterator around a loop
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
  v2: float = const 0.0
  v3: int = const 0
  v4: iter.range = pack v3, v1
  v29: int = field[0] v4
  v30: int = field[1] v4
  jump block1(v29, v30, v2)
block1(v27: int, v28: int, v6: float):
  v5: iter.range = pack v27, v28
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
  v31: int = field[0] v14
  v32: int = field[1] v14
  jump block1(v31, v32, v26)
block3():
  return v6
}
