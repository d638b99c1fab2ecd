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
  v1: int = const 0
  v8: int = const 1
  jump block4(v1)
block1(v2: int):
  v4: bool = lt v2, v0
  v16: bool = lt v2, v15
  branch v16, block2(), block5()
block2():
  v9: int = add v2, v8
  jump block1(v9)
block3():
  return v2
block4(v10: int):
  v11: int = const 9223372036854771711
  v12: int = min v10, v11
  v13: int = const 4096
  v14: int = add_exact v12, v13
  v15: int = min v14, v0
  jump block1(v10)
block5():
  v17: bool = lt v2, v0
  branch v17, block6(), block3()
block6():
  poll
  jump block4(v2)
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
