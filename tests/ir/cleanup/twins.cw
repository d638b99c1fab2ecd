; stage: cleanup
; Loop variables that always have the same value become one.

=== a count and the position it counts
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  jump block1(v1, v1, v1)
block1(v3: int, v4: int, v5: int):
  v6: bool = lt v4, v0
  branch v6, block2(), block3()
block2():
  v7: int = add v3, v2
  v8: int = add_exact v4, v2
  v9: int = mul v3, v4
  v10: int = add v5, v9
  jump block1(v7, v8, v10)
block3():
  return v5
}
; run: (5,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  jump block1(v1, v1)
block1(v4: int, v5: int):
  v6: bool = lt v4, v0
  branch v6, block2(), block3()
block2():
  v8: int = add_exact v4, v2
  v9: int = mul v4, v4
  v10: int = add v5, v9
  jump block1(v8, v10)
block3():
  return v5
}

=== another start or another step is another variable
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  v3: int = const 2
  jump block1(v1, v1, v2, v1)
block1(v4: int, v5: int, v6: int, v7: int):
  v8: bool = lt v4, v0
  branch v8, block2(), block3()
block2():
  v9: int = add_exact v4, v2
  v10: int = add v5, v3
  v11: int = add v6, v2
  v12: int = add v7, v5
  v13: int = add v12, v6
  jump block1(v9, v10, v11, v13)
block3():
  return v7
}
; run: (5,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  v3: int = const 2
  jump block1(v1, v1, v2, v1)
block1(v4: int, v5: int, v6: int, v7: int):
  v8: bool = lt v4, v0
  branch v8, block2(), block3()
block2():
  v9: int = add_exact v4, v2
  v10: int = add v5, v3
  v11: int = add v6, v2
  v12: int = add v7, v5
  v13: int = add v12, v6
  jump block1(v9, v10, v11, v13)
block3():
  return v7
}
