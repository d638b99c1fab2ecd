; stage: verify
; Blocks, edges and dominance.

=== a definition that does not dominate
func @f "f"(a) -> int {
block0(v0: int, v1: bool):
  branch v1, block1(), block2()
block1():
  v2: int = const 1
  jump block2()
block2():
  return v2
}
---
f: return v2: v2 is not defined on every path to here

=== a use before its definition
func @f "f"(a) -> int {
block0(v0: int):
  v1: int = add v0, v2
  v2: int = add v0, v0
  return v1
}
---
f: v1: int = add v0, v2: v2 is not defined on every path to here

=== a loop defines what is behind it
func @f "f"(a) -> int {
block0(v0: int, v1: bool):
  jump block1()
block2():
  return v2
block1():
  v2: int = add v0, v0
  branch v1, block1(), block2()
}
---
no problems

=== edges that do not fit
func @f "f"(a) -> int {
block0(v0: int, v1: bool):
  branch v1, block1(), block1(v1)
block1(v2: int):
  return v2
}
---
f: branch v1, block1(), block1(v1): block1 has 1 parameters
f: branch v1, block1(), block1(v1): v2 of block1 is int, but v1 is bool

=== terminators
func @f "f"(a) -> int {
block0(v0: int):
  return v0
  return v0
block1():
  v1: int = const 1
}
---
f: return v0: a terminator before the end of its block
f: v1: int = const 1: the last instruction of a block is a terminator
