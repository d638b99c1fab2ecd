; stage: marks
; What the code generator is told about loops.

=== what the library says of a body stands at the header of the innermost loop
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 4
  jump block1(v1)
block1(v3: int):
  v4: bool = lt v3, v0
  branch v4, block2(v1), block5()
block2(v5: int):
  v6: bool = lt v5, v0
  branch v6, block3(), block4()
block3():
  lanes
  v7: int = add v5, v2
  jump block2(v7)
block4():
  v8: int = add v3, v2
  jump block1(v8)
block5():
  return v3
}
; run: (9,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 4
  jump block1(v1)
block1(v3: int):
  v4: bool = lt v3, v0
  branch v4, block2(v1), block5()
block2(v5: int):
  lanes
  v6: bool = lt v5, v0
  branch v6, block3(), block4()
block3():
  v7: int = add v5, v2
  jump block2(v7)
block4():
  v8: int = add v3, v2
  jump block1(v8)
block5():
  return v3
}

=== without a loop around it means nothing
func @f "f"(n) -> int {
block0(v0: int):
  lanes
  return v0
}
; run: (9,)
---
func @f "f"(n) -> int {
block0(v0: int):
  lanes
  return v0
}

=== a short sum of floats, with a choice
func @f "f"(n, x) -> float {
block0(v0: int, v1: float):
  v2: int = const 0
  v3: int = const 1
  v4: float = const 0.0
  jump block1(v2, v4)
block1(v5: int, v6: float):
  v7: bool = lt v5, v0
  branch v7, block2(), block3()
block2():
  v8: float = add v6, v1
  v9: bool = lt v8, v1
  v10: float = select v9, v6, v8
  v11: int = add v5, v3
  jump block1(v11, v10)
block3():
  return v6
}
; run: (9, 0.5)
---
func @f "f"(n, x) -> float {
block0(v0: int, v1: float):
  v2: int = const 0
  v3: int = const 1
  v4: float = const 0.0
  jump block1(v2, v4)
block1(v5: int, v6: float):
  in_order
  v7: bool = lt v5, v0
  branch v7, block2(), block3()
block2():
  v8: float = add v6, v1
  v9: bool = lt v8, v1
  v10: float = select v9, v6, v8
  v11: int = add v5, v3
  jump block1(v11, v10)
block3():
  return v6
}

=== a division takes longer than the additions wait
func @f "f"(n, x) -> float {
block0(v0: int, v1: float):
  v2: int = const 0
  v3: int = const 1
  v4: float = const 0.0
  jump block1(v2, v4)
block1(v5: int, v6: float):
  v7: bool = lt v5, v0
  branch v7, block2(), block3()
block2():
  v8: float = div v1, v6
  v9: float = add v6, v8
  v10: int = add v5, v3
  jump block1(v10, v9)
block3():
  return v6
}
; run: (9, 0.5)
---
func @f "f"(n, x) -> float {
block0(v0: int, v1: float):
  v2: int = const 0
  v3: int = const 1
  v4: float = const 0.0
  jump block1(v2, v4)
block1(v5: int, v6: float):
  v7: bool = lt v5, v0
  branch v7, block2(), block3()
block2():
  v8: float = div v1, v6
  v9: float = add v6, v8
  v10: int = add v5, v3
  jump block1(v10, v9)
block3():
  return v6
}

=== a sum of ints may be in any order
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  jump block1(v1, v1)
block1(v3: int, v4: int):
  v5: bool = lt v3, v0
  branch v5, block2(), block3()
block2():
  v6: int = add v4, v3
  v7: int = add v3, v2
  jump block1(v7, v6)
block3():
  return v4
}
; run: (9,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  v2: int = const 1
  jump block1(v1, v1)
block1(v3: int, v4: int):
  v5: bool = lt v3, v0
  branch v5, block2(), block3()
block2():
  v6: int = add v4, v3
  v7: int = add v3, v2
  jump block1(v7, v6)
block3():
  return v4
}

=== a loop that rarely runs is kept small as it is
func @f "f"(n, x) -> float {
block0(v0: int, v1: float):
  v2: int = const 0
  v3: int = const 1
  v4: float = const 0.0
  jump block1(v2, v4)
block1(v5: int, v6: float):
  unlikely
  v7: bool = lt v5, v0
  branch v7, block2(), block3()
block2():
  v9: float = add v6, v1
  v10: int = add v5, v3
  jump block1(v10, v9)
block3():
  return v6
}
; run: (9, 0.5)
---
func @f "f"(n, x) -> float {
block0(v0: int, v1: float):
  v2: int = const 0
  v3: int = const 1
  v4: float = const 0.0
  jump block1(v2, v4)
block1(v5: int, v6: float):
  unlikely
  v7: bool = lt v5, v0
  branch v7, block2(), block3()
block2():
  v9: float = add v6, v1
  v10: int = add v5, v3
  jump block1(v10, v9)
block3():
  return v6
}
