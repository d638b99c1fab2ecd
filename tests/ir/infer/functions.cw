; stage: infer
; Types follow from the arguments; literals fold; branches that types decide are not typed.

=== a sum over an array
func @total "total"(a, start=0.0) -> any {
block0(v0 "a", v1 "start"):
  v2 = py.iter v0
  jump block1(v2, v1)
block1(v3, v4 "s"):
  v5 = py.iter_has v3
  branch v5, block2(), block4()
block2():
  v6 "x" = py.iter_value v3
  v7 = py.iter_advance v3
  v8 = const 0
  v9 = py.compare[>] v6, v8
  v10 = py.truth v9
  branch v10, block3(), block1(v7, v4)
block3():
  v11 "s" = py.binary[+=] v4, v6
  jump block1(v7, v11)
block4():
  return v4
}
; args: array<float64, 1, A>, float
; run: ((dtype.float64, (3,), (1.0, -2.0, 3.0)), 0.5)
---
func @total "total"(a, start=0.0) -> np.float64 {
block0(v0: array<float64, 1, A>, v1: float):
  v2: lit<0> = const 0
  v3: int = const 0
  v4: iter.array<array<float64, 1, A>> = pack v0, v3
  v5: np.float64 = convert v1
  jump block1(v4, v5)
block1(v6: iter.array<array<float64, 1, A>>, v7: np.float64):
  v8: array<float64, 1, A> = field[0] v6
  v9: int = field[1] v6
  v10: int = field[2] v8
  v11: bool = lt v9, v10
  branch v11, block2(), block3()
block2():
  v12: array<float64, 1, A> = field[0] v6
  v13: int = field[1] v6
  v14: np.float64 = load v12, v13
  v15: array<float64, 1, A> = field[0] v6
  v16: int = field[1] v6
  v17: lit<1> = const 1
  v18: int = const 1
  v19: int = add v16, v18
  v20: iter.array<array<float64, 1, A>> = pack v15, v19
  v21: lit<0> = const 0
  v22: lit<np.float64(0.0)> = const np.float64(0.0)
  v23: np.float64 = const np.float64(0.0)
  v24: bool = gt v14, v23
  v25: np.bool = convert v24
  v26: bool = convert v25
  branch v26, block4(), block1(v20, v7)
block4():
  v27: np.float64 = add v7, v14
  jump block1(v20, v27)
block3():
  return v7
}
((dtype.float64, (3,), (1.0, -2.0, 3.0)), 0.5) -> np.float64(4.5)

=== an int and a float meet
func @pick "pick"(flag, x, y) -> any {
block0(v0 "flag", v1 "x", v2 "y"):
  v3 = py.truth v0
  branch v3, block1(v1), block1(v2)
block1(v4 "r"):
  return v4
}
; args: bool, int, float
; run: (True, 3, 2.5)
; run: (False, 3, 2.5)
---
func @pick "pick"(flag, x, y) -> union<float, int> {
block0(v0: bool, v1: int, v2: float):
  branch v0, block1(), block3()
block1():
  v3: lit<1> = const 1
  v4: int = const 1
  v5: lit<0.0> = const 0.0
  v6: float = const 0.0
  v7: union<float, int> = pack v4, v6, v1
  jump block2(v7)
block3():
  v8: lit<0> = const 0
  v9: int = const 0
  v10: lit<0> = const 0
  v11: int = const 0
  v12: union<float, int> = pack v9, v2, v11
  jump block2(v12)
block2(v13: union<float, int>):
  return v13
}
(True, 3, 2.5) -> 3
(False, 3, 2.5) -> 2.5

=== an int and a tuple do not
func @pick "pick"(flag, x, y) -> any {
block0(v0 "flag", v1 "x", v2 "y"):
  v3 = py.truth v0
  branch v3, block1(v1), block1(v2)
block1(v4 "r"):
  return v4
}
; args: bool, int, tuple<int>
---
func @pick "pick"(flag, x, y) -> union<int, tuple<int>> {
block0(v0: bool, v1: int, v2: tuple<int>):
  branch v0, block1(), block3()
block1():
  v3: lit<0> = const 0
  v4: int = const 0
  v5: tuple<int> = undef
  v6: union<int, tuple<int>> = pack v4, v1, v5
  jump block2(v6)
block3():
  v7: lit<1> = const 1
  v8: int = const 1
  v9: lit<0> = const 0
  v10: int = const 0
  v11: union<int, tuple<int>> = pack v8, v10, v2
  jump block2(v11)
block2(v12: union<int, tuple<int>>):
  return v12
}

=== None decides the branch
func @default "default"(x=None) -> any {
block0(v0 "x"):
  v1 = const None
  v2 = py.is[0] v0, v1
  v3 = py.truth v2
  branch v3, block1(), block2()
block1():
  v4 = const 1.5
  return v4
block2():
  v5 = py.narrow_some v0
  v6 = const 2.0
  v7 = py.binary[*] v5, v6
  return v7
}
; args: lit<None>
---
func @default "default"(x=None) -> float {
block0(v0: lit<None>):
  v1: lit<None> = const None
  v2: lit<None> = const None
  v3: lit<True> = const True
  v4: lit<True> = const True
  jump block1()
block1():
  v5: lit<1.5> = const 1.5
  v6: float = const 1.5
  return v6
}

=== recursion
func @fact "fact"(n) -> any {
block0(v0 "n"):
  v1 = const 2
  v2 = py.compare[<] v0, v1
  v3 = py.truth v2
  branch v3, block1(), block2()
block1():
  v4 = const 1
  jump block3(v4)
block2():
  v5 = const fn0
  v6 = const 1
  v7 = py.binary[-] v0, v6
  v8 = py.call v5, v7
  v9 = py.binary[*] v0, v8
  jump block3(v9)
block3(v10):
  return v10
}
; args: int
; run: (10,)
; run: (40,)
---
func @fact "fact"(n) -> int {
block0(v0: int):
  v1: lit<2> = const 2
  v2: lit<2> = const 2
  v3: int = const 2
  v4: bool = lt v0, v3
  branch v4, block1(), block2()
block1():
  v5: lit<1> = const 1
  v6: int = const 1
  jump block3(v6)
block2():
  v7: lit<fn0> = const fn0
  v8: lit<1> = const 1
  v9: lit<1> = const 1
  v10: int = const 1
  v11: int, v12: bool = sub_ovf v0, v10
  v13: bool = not v12
  guard[int_overflow] v13
  v14: int = call[func0] v11
  v15: int, v16: bool = mul_ovf v0, v14
  v17: bool = not v16
  guard[int_overflow] v17
  jump block3(v15)
block3(v18: int):
  return v18
}
(10,) -> 3628800
(40,) -> failed[int_overflow]

=== operators that do not accept their operands
func @add "add"(a, b) -> any {
block0(v0 "a", v1 "b"):
  v2 = py.binary[+] v0, v1
  return v2
}
; args: int, tuple<int>
---
CW0301: + does not accept int and tuple of one int

=== a wrong index is an exception, a wrong number of indices a refusal
func @item "item"(a, i) -> any {
block0(v0 "a", v1 "i"):
  v2 = py.getitem v0, v1
  return v2
}
; args: array<int32, 1, C>, int
; run: ((dtype.int32, (2,), (5, 6)), -1)
; run: ((dtype.int32, (2,), (5, 6)), 2)
---
func @item "item"(a, i) -> np.int32 {
block0(v0: array<int32, 1, C>, v1: int):
  v2: int = field[2] v0
  v3: int = wrap_index v1, v2
  v4: bool = in_range v3, v2
  v5: lit<0> = const 0
  v6: int = const 0
  guard[index_out_of_bounds] v4, v1, v6, v2
  v7: np.int32 = load v0, v3
  return v7
}
((dtype.int32, (2,), (5, 6)), -1) -> np.int32(6)
((dtype.int32, (2,), (5, 6)), 2) -> failed[index_out_of_bounds] 2, 0, 2
