; stage: flatten

=== a step of Collatz: both arms compute, one with checks
func @f "f"(k) -> int {
block0(v0: int):
  v1: int = const 2
  v2: int = const 0
  v3: int = floormod v0, v1
  v4: bool = eq v3, v2
  branch v4, block1(), block2()
block1():
  v5: int = floordiv v0, v1
  jump block3(v5)
block2():
  v6: int = const 3
  v7: int, v8: bool = mul_ovf v0, v6
  v9: bool = not v8
  guard[int_overflow] v9
  v10: int = const 1
  v11: int, v12: bool = add_ovf v7, v10
  v13: bool = not v12
  guard[int_overflow] v13
  jump block3(v11)
block3(v14: int):
  return v14
}
; run: (10,)
; run: (7,)
; run: (4611686018427387905,)
; run: (3074457345618258603,)
; run: (9223372036854775806,)
---
func @f "f"(k) -> int {
block0(v0: int):
  v1: int = const 2
  v2: int = const 0
  v3: int = floormod v0, v1
  v4: bool = eq v3, v2
  v5: int = floordiv v0, v1
  v6: int = const 3
  v7: int, v8: bool = mul_ovf v0, v6
  v9: bool = not v8
  v10: int = const 1
  v11: int, v12: bool = add_ovf v7, v10
  v13: bool = not v12
  v15: bool = and v9, v13
  v16: bool = const True
  v17: bool = select v4, v16, v15
  guard[int_overflow] v17
  v18: int = select v4, v5, v11
  jump block3(v18)
block3(v14: int):
  return v14
}

=== one arm, no step exact outside it
func @f "f"(a, b) -> int {
block0(v0: int, v1: int):
  v2: bool = lt v0, v1
  branch v2, block1(), block2(v0)
block1():
  v3: int = sub_exact v1, v0
  v4: int, v5: bool = sub_ovf v3, v0
  v6: bool = not v5
  guard[int_overflow] v6
  jump block2(v4)
block2(v7: int):
  return v7
}
; run: (3, 10)
; run: (10, 3)
; run: (9223372036854775807, -9223372036854775808)
---
func @f "f"(a, b) -> int {
block0(v0: int, v1: int):
  v2: bool = lt v0, v1
  v3: int = sub v1, v0
  v4: int, v5: bool = sub_ovf v3, v0
  v6: bool = not v5
  v8: bool = const True
  v9: bool = select v2, v6, v8
  guard[int_overflow] v9
  v10: int = select v2, v4, v0
  jump block2(v10)
block2(v7: int):
  return v7
}

=== loads, guards with arguments and arms without guards stay
func @f "f"(a, i) -> int {
block0(v0: array<int64, 1, C>, v1: int):
  v2: int = const 0
  v3: int = field[2] v0
  v4: bool = lt v2, v1
  branch v4, block1(), block2(v2)
block1():
  v5: bool = in_range v1, v3
  guard[index_out_of_bounds] v5, v1, v2, v3
  jump block2(v1)
block2(v6: int):
  v7: bool = lt v6, v3
  branch v7, block3(), block4(v2)
block3():
  v8: int = add v6, v6
  jump block4(v8)
block4(v9: int):
  return v9
}
---
func @f "f"(a, i) -> int {
block0(v0: array<int64, 1, C>, v1: int):
  v2: int = const 0
  v3: int = field[2] v0
  v4: bool = lt v2, v1
  branch v4, block1(), block2(v2)
block1():
  v5: bool = in_range v1, v3
  guard[index_out_of_bounds] v5, v1, v2, v3
  jump block2(v1)
block2(v6: int):
  v7: bool = lt v6, v3
  branch v7, block3(), block4(v2)
block3():
  v8: int = add v6, v6
  jump block4(v8)
block4(v9: int):
  return v9
}
