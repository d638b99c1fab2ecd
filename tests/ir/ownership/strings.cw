; stage: ownership
; A string that is not needed any more grows in place; one that is needed is copied; constants and arguments are not counted.

=== the sum of a loop grows
func @f "f"(s, n) -> ref.str {
block0(v0: ref.str, v1: int):
  v2: ref.str = const ""
  v3: int = const 0
  jump block1(v2, v3)
block1(v4: ref.str, v5: int):
  v6: bool = lt v5, v1
  branch v6, block2(), block3()
block2():
  v7: ref.str = runtime[cw_str_concat] v4, v0
  v8: int = const 1
  v9: int = add v5, v8
  jump block1(v7, v9)
block3():
  return v4
}
; run: ("ab", 3)
---
func @f "f"(s, n) -> ref.str {
block0(v0: ref.str, v1: int):
  v2: ref.str = const ""
  v3: int = const 0
  retain v2
  jump block1(v2, v3)
block1(v4: ref.str, v5: int):
  own v4
  v6: bool = lt v5, v1
  branch v6, block2(), block3()
block2():
  disown v4
  v7: ref.str = runtime[cw_str_append] v4, v0
  own v7
  v8: int = const 1
  v9: int = add v5, v8
  disown v7
  jump block1(v7, v9)
block3():
  disown v4
  return v4
}

=== what is needed again is copied
func @f "f"(s) -> tuple<ref.str, ref.str> {
block0(v0: ref.str):
  v1: ref.str = runtime[cw_str_concat] v0, v0
  v2: ref.str = runtime[cw_str_concat] v1, v0
  v3: tuple<ref.str, ref.str> = pack v1, v2
  return v3
}
; run: ("ab",)
---
func @f "f"(s) -> tuple<ref.str, ref.str> {
block0(v0: ref.str):
  v1: ref.str = runtime[cw_str_concat] v0, v0
  own v1
  v2: ref.str = runtime[cw_str_concat] v1, v0
  own v2
  v3: tuple<ref.str, ref.str> = pack v1, v2
  retain v3
  release v1
  release v2
  return v3
}

=== a string joined to itself is copied
func @f "f"(s) -> ref.str {
block0(v0: ref.str):
  v1: ref.str = runtime[cw_str_concat] v0, v0
  v2: ref.str = runtime[cw_str_concat] v1, v1
  return v2
}
; run: ("ab",)
---
func @f "f"(s) -> ref.str {
block0(v0: ref.str):
  v1: ref.str = runtime[cw_str_concat] v0, v0
  own v1
  v2: ref.str = runtime[cw_str_concat] v1, v1
  own v2
  release v1
  disown v2
  return v2
}
