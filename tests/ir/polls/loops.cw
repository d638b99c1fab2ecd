; stage: polls
; Loops look for interrupts now and then.

=== a loop whose length is not known
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v8: int = const 1
  jump block1(v1)
block1(v2: int):
  v4: bool = lt v2, v0
  branch v4, block2(), block3()
block2():
  v9: int = add v2, v8
  jump block1(v9)
block3():
  return v2
}
; run: (10,)
; run: (9000,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v10: cell<int> = cell
  v11: int = const 4096
  cell_set v10, v11
  v1: int = const 0
  v8: int = const 1
  jump block1(v1)
block1(v2: int):
  v4: bool = lt v2, v0
  branch v4, block2(), block3()
block2():
  v9: int = add v2, v8
  jump block4()
block3():
  return v2
block4():
  v12: int = cell_get v10
  v13: int = const 1
  v14: int = sub v12, v13
  cell_set v10, v14
  v15: int = const 0
  v16: bool = gt v14, v15
  branch v16, block1(v9), block5()
block5():
  v17: int = const 4096
  cell_set v10, v17
  poll
  jump block1(v9)
}

=== no loop
func @f "f"(n) -> int {
block0(v0: int):
  return v0
}
; run: (1,)
---
func @f "f"(n) -> int {
block0(v0: int):
  return v0
}
