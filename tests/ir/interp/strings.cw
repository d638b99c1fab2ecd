; stage: interp
; Every mistake with strings ends the run.

=== a character that is not there
func @f "f"(s, i) -> int {
block0(v0: ref.str, v1: int):
  v2: ptr = text_units v0
  v3: int = text_width v0
  v4: int = text_unit v2, v3, v1
  return v4
}
; run: ("abc", 1)
; run: ("abc", 3)
---
("abc", 1) -> 98
("abc", 3) -> wrong: v4: int = text_unit v2, v3, v1: character 3 of 3

=== another width
func @f "f"(s) -> int {
block0(v0: ref.str):
  v1: ptr = text_units v0
  v2: int = const 2
  v3: int = const 0
  v4: int = text_unit v1, v2, v3
  return v4
}
; run: ("abc",)
---
("abc",) -> wrong: v4: int = text_unit v1, v2, v3: code points of 2 bytes in a string of 1

=== joined, cut and compared
func @f "f"(s, t) -> tuple<ref.str, ref.str, int, int> {
block0(v0: ref.str, v1: ref.str):
  v2: ref.str = runtime[cw_str_concat] v0, v1
  v3: int = text_len v2
  v4: int = const 1
  v5: int = sub v3, v4
  v6: int = const -1
  v7: ref.str = runtime[cw_str_slice] v2, v5, v6, v3
  v8: int = runtime[cw_str_equal] v2, v7
  v9: tuple<ref.str, ref.str, int, int> = pack v2, v7, v3, v8
  return v9
}
; run: ("ab", "cd")
; run: ("a", "a")
---
("ab", "cd") -> ("abcd", "dcba", 4, 0)
("a", "a") -> ("aa", "aa", 2, 1)

=== a slice that leaves its string
func @f "f"(s, n) -> ref.str {
block0(v0: ref.str, v1: int):
  v2: int = const 0
  v3: int = const 1
  v4: ref.str = runtime[cw_str_slice] v0, v2, v3, v1
  return v4
}
; run: ("ab", 2)
; run: ("ab", 3)
---
("ab", 2) -> "ab"
("ab", 3) -> wrong: v4: ref.str = runtime[cw_str_slice] v0, v2, v3, v1: a slice leaves its string
