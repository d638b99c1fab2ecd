; stage: verify
; Operands and results have the types that the operation wants.

=== a right function
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 0
  jump block1(v1, v1)
block1(v2: int, v3: int):
  v4: bool = lt v2, v0
  branch v4, block2(), block3()
block2():
  v5: int, v6: bool = add_ovf v3, v2
  v7: bool = not v6
  guard[int_overflow] v7
  v8: int = const 1
  v9: int = add v2, v8
  jump block1(v9, v5)
block3():
  return v3
}
---
no problems

=== numbers of two types
func @f "f"(n) -> float {
block0(v0: int, v1: float):
  v2: float = add v0, v1
  v3: bool = lt v0, v1
  return v2
}
---
f: v2: float = add v0, v1: operand 0 is int, the result is float
f: v3: bool = lt v0, v1: the operands are int and float

=== a Python number and a NumPy scalar of one machine form go together
func @f "f"(n) -> float {
block0(v0: np.float64, v1: float):
  v2: float = add v0, v1
  return v2
}
---
no problems

=== elements and indices
func @f "f"(a) -> np.float64 {
block0(v0: array<float64, 2, C>, v1: int, v2: array<float64, 1, C, ro>):
  v3: np.float64 = load v0, v1
  v4: np.float32 = load v0, v1, v1
  v5: np.float64 = load v0, v1, v1
  store v2, v1, v5
  return v5
}
---
f: v3: np.float64 = load v0, v1: wants 3 operands
f: v4: np.float32 = load v0, v1, v1: the result is np.float32, not np.float64
f: store v2, v1, v5: a store to a read-only array

=== literals are not operands
func @f "f"(a) -> tuple<int, lit<3>> {
block0(v0: int):
  v1: lit<3> = const 3
  v2: int = add v0, v1
  v3: tuple<int, lit<3>> = pack v0, v1
  guard[unbound_local] v4, v5
  return v3
}
---
line 6: v4 is not defined

=== a call that does not match
func @f "f"(a) -> int {
block0(v0: int):
  v1: float = call[func1] v0
  v2: int = call[func1] v0, v0
  return v0
}

func @g "g"(a) -> int {
block0(v0: float):
  v1: int = const 1
  return v1
}
---
f: v1: float = call[func1] v0: operand 0 is int, the callee's parameter is float
f: v2: int = call[func1] v0, v0: wants 1 operands

=== ownership before its pass
func @f "f"(a) -> int {
block0(v0: int):
  v1: array<int8, 1, C> = alloc v0
  own v1
  return v0
}
---
f: own v1: made by the ownership pass alone

=== Python operations
func @f "f"(a) -> int {
block0(v0: int):
  v1: int = py.binary[+] v0, v0
  return v1
}
---
f: v1: int = py.binary[+] v0, v0: a Python operation in a typed function
