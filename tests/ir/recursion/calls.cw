; stage: recursion

=== a function that calls itself
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 1
  v2: bool = lt v0, v1
  branch v2, block1(), block2()
block1():
  return v0
block2():
  v3: int = sub v0, v1
  v4: int = call[func0] v3
  return v4
}
; run: (5,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 1
  v2: bool = lt v0, v1
  branch v2, block1(), block2()
block1():
  return v0
block2():
  v3: int = sub v0, v1
  poll_call
  v4: int = call[func0] v3
  return v4
}
