; stage: optimise
; A product that goes around a loop: the proof that it fits ends.

=== a product multiplied in a loop
func @f "f"(p0)  -> lit<None> {
block0(v0: int):
  v1: lit<1099511627776> = const 1099511627776
  v2: lit<@builtins.range> = const @builtins.range
  v3: lit<3> = const 3
  v4: lit<0> = const 0
  v5: lit<1> = const 1
  v6: lit<True> = const True
  v7: int = const 0
  v8: int = const 3
  v9: range<lit<1>> = pack v7, v8, v5
  v10: int = field[0] v9
  v11: int = field[1] v9
  v12: lit<1> = const 1
  v13: iter.range = pack v10, v11
  v14: int = const 1099511627776
  jump block1(v13, v14)
block1(v15: iter.range, v16: int):
  v17: int = field[0] v15
  v18: int = field[1] v15
  v19: bool = lt v17, v18
  branch v19, block2(), block3()
block2():
  v20: int = field[0] v15
  v21: lit<1> = const 1
  v22: int = field[0] v15
  v23: int = field[1] v15
  v24: int = const 1
  v25: int = add v22, v24
  v26: iter.range = pack v25, v23
  v27: lit<@builtins.abs> = const @builtins.abs
  v28: lit<-9223372036854775808> = const -9223372036854775808
  v29: int = const -9223372036854775808
  v30: bool = ne v20, v29
  guard[int_overflow] v30
  v31: int = abs v20
  v32: int, v33: bool = mul_ovf v16, v31
  v34: bool = not v33
  guard[int_overflow] v34
  jump block1(v26, v32)
block3():
  v35: lit<None> = const None
  return v35
}
; run: (5,)
---
func @f "f"(p0) -> lit<None> {
block0(v0: int):
  v7: int = const 0
  v8: int = const 3
  v14: int = const 1099511627776
  v24: int = const 1
  jump block1(v7, v14)
block1(v36: int, v16: int):
  v19: bool = lt v36, v8
  branch v19, block2(), block3()
block2():
  v25: int = add_exact v36, v24
  v31: int = abs v36
  v32: int, v33: bool = mul_ovf v16, v31
  v34: bool = not v33
  guard[int_overflow] v34
  jump block1(v25, v32)
block3():
  v35: lit<None> = const None
  return v35
}
