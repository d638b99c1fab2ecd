; stage: inline

=== a small callee, and a recursive one
func @f "f"(n) -> int {
  loc0: "f.py" "f" 1:0 to 9:17
block0(v0: int):
  v1: int = call[func1] v0 !loc0
  v2: int = call[func2] v1 !loc0
  v3: int = add v1, v2 !loc0
  return v3 !loc0
}
func @g "g"(n) -> int {
  loc0: "g.py" "g" 1:0 to 9:17
block0(v0: int):
  v1: int = const 0 !loc0
  v2: bool = lt v0, v1 !loc0
  branch v2, block1(), block2() !loc0
block1():
  v3: int = sub v1, v0 !loc0
  return v3 !loc0
block2():
  return v0 !loc0
}
func @r "r"(n) -> int {
  loc0: "r.py" "r" 1:0 to 9:17
block0(v0: int):
  v1: int = const 1 !loc0
  v2: bool = lt v0, v1 !loc0
  branch v2, block1(), block2() !loc0
block1():
  return v0 !loc0
block2():
  v3: int = sub v0, v1 !loc0
  v4: int = call[func2] v3 !loc0
  return v4 !loc0
}
; run: (5,)
; run: (-5,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v4: int = const 0
  v5: bool = lt v0, v4
  branch v5, block3(), block1(v0)
block1(v7: int):
  v2: int = call[func1] v7
  v3: int = add v7, v2
  return v3
block3():
  v6: int = sub v4, v0
  jump block1(v6)
}

func @r "r"(n) -> int {
block0(v0: int):
  v1: int = const 1
  v2: bool = lt v0, v1
  branch v2, block1(), block2()
block1():
  return v0
block2():
  v3: int = sub v0, v1
  v4: int = call[func1] v3
  return v4
}
