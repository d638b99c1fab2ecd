; stage: latches

=== a loop that leads back from two places
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  v3: int = const 3
  jump block1(v1, v1)
block1(v4: int, v5: int):
  v6: bool = lt v4, v0
  branch v6, block2(), block3()
block2():
  v7: int = add v4, v2
  v8: bool = lt v4, v3
  branch v8, block1(v7, v5), block4()
block4():
  v9: int = add v5, v4
  jump block1(v7, v9)
block3():
  return v5
}
; run: (6,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  v3: int = const 3
  jump block1(v1, v1)
block1(v4: int, v5: int):
  v6: bool = lt v4, v0
  branch v6, block2(), block3()
block2():
  v7: int = add v4, v2
  v8: bool = lt v4, v3
  branch v8, block5(v7, v5), block4()
block4():
  v9: int = add v5, v4
  jump block5(v7, v9)
block3():
  return v5
block5(v10: int, v11: int):
  jump block1(v10, v11)
}
