; stage: kernels

=== in a loop that can be widened, the kernel; outside, the C library
func @f "f"(a, x) -> np.float64 {
block0(v0: array<float64, 1, C>, v1: np.float64):
  v2: int = const 0
  v3: int = const 1
  v4: int = field[2] v0
  v5: np.float64 = kernel[func1, exp] v1
  jump block1(v2, v5)
block1(v6: int, v7: np.float64):
  v8: bool = lt v6, v4
  branch v8, block2(), block3()
block2():
  v9: np.float64 = load v0, v6
  v10: np.float64 = kernel[func1, exp] v9
  v11: np.float64 = add v7, v10
  v12: int = add_exact v6, v3
  jump block1(v12, v11)
block3():
  return v7
}

func @exp "exp"(x) -> np.float64 {
block0(v0: np.float64):
  v1: np.float64 = const np.float64(1.0)
  v2: np.float64 = add v0, v1
  return v2
}
---
func @f "f"(a, x) -> np.float64 {
block0(v0: array<float64, 1, C>, v1: np.float64):
  v2: int = const 0
  v3: int = const 1
  v4: int = field[2] v0
  v5: np.float64 = runtime[exp] v1
  jump block1(v2, v5)
block1(v6: int, v7: np.float64):
  v8: bool = lt v6, v4
  branch v8, block2(), block3()
block2():
  v9: np.float64 = load v0, v6
  jump block5()
block3():
  return v7
block4(v15: np.float64):
  v11: np.float64 = add v7, v15
  v12: int = add_exact v6, v3
  jump block1(v12, v11)
block5():
  v13: np.float64 = const np.float64(1.0)
  v14: np.float64 = add v9, v13
  jump block4(v14)
}

=== each pass needs the one before: the C library
func @f "f"(n, x) -> np.float64 {
block0(v0: int, v1: np.float64):
  v2: int = const 0
  v3: int = const 1
  jump block1(v2, v1)
block1(v4: int, v5: np.float64):
  v6: bool = lt v4, v0
  branch v6, block2(), block3()
block2():
  v7: np.float64 = kernel[func1, exp] v5
  v8: int = add_exact v4, v3
  jump block1(v8, v7)
block3():
  return v5
}

func @exp "exp"(x) -> np.float64 {
block0(v0: np.float64):
  v1: np.float64 = const np.float64(1.0)
  v2: np.float64 = add v0, v1
  return v2
}
---
func @f "f"(n, x) -> np.float64 {
block0(v0: int, v1: np.float64):
  v2: int = const 0
  v3: int = const 1
  jump block1(v2, v1)
block1(v4: int, v5: np.float64):
  v6: bool = lt v4, v0
  branch v6, block2(), block3()
block2():
  v7: np.float64 = runtime[exp] v5
  v8: int = add_exact v4, v3
  jump block1(v8, v7)
block3():
  return v5
}
