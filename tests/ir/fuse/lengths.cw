; stage: fuse
; Lengths of slices are brought into one form.

=== three ways to leave out two
func @f "f"(a) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: int = const 2
  v3: int = min v1, v2
  v4: int = sub v1, v3
  v5: ptr = address v0, v3
  v6: int = const 8
  v7: array<float64, 1, C> = view v0, v5, v4, v6
  v8: int = const -2
  v9: int = add v1, v8
  v10: int = const 0
  v11: int = max v9, v10
  v12: int = min v11, v1
  v13: ptr = field[0] v0
  v14: array<float64, 1, C> = view v0, v13, v12, v6
  v15: int = const 1
  v16: int = min v1, v15
  v17: int = const -1
  v18: int = add v1, v17
  v19: int = max v18, v10
  v20: int = min v19, v1
  v21: int = sub v20, v16
  v22: int = max v21, v10
  v23: ptr = address v0, v16
  v24: array<float64, 1, C> = view v0, v23, v22, v6
  v25: array<float64, 1, C> = map[func1] v4, v7, v14, v24
  return v25
}
func @k "k"(x, y, z) -> np.float64 {
block0(v0: np.float64, v1: np.float64, v2: np.float64):
  v3: np.float64 = sub v0, v1
  v4: np.float64 = sub v3, v2
  return v4
}
; run: ((dtype.float64, (5,), (1.0, 2.0, 5.0, 9.0, 11.0)),)
; run: ((dtype.float64, (2,), (1.0, 2.0)),)
; run: ((dtype.float64, (1,), (1.0,)),)
; run: ((dtype.float64, (0,), ()),)
---
func @f "f"(a) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: int = const 2
  v3: int = min v1, v2
  v26: int = const -2
  v27: int = const 0
  v28: int = add v1, v26
  v29: int = max v28, v27
  v5: ptr = address v0, v3
  v6: int = const 8
  v7: array<float64, 1, C> = view v0, v5, v29, v6
  v13: ptr = field[0] v0
  v14: array<float64, 1, C> = view v0, v13, v29, v6
  v15: int = const 1
  v16: int = min v1, v15
  v23: ptr = address v0, v16
  v24: array<float64, 1, C> = view v0, v23, v29, v6
  v25: array<float64, 1, C> = map[func1] v29, v7, v14, v24
  return v25
}

func @k "k"(x, y, z) -> np.float64 {
block0(v0: np.float64, v1: np.float64, v2: np.float64):
  v3: np.float64 = sub v0, v1
  v4: np.float64 = sub v3, v2
  return v4
}
