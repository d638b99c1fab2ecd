; stage: frames

=== a frame that nobody else has is a variable for each field
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 1
  v2: int = const 0
  v3: ref.list<tuple<int, int>> = list_new v1
  v4: ptr<tuple<int, int>> = list_items v3
  v5: tuple<int, int> = pack v2, v2
  item_init v4, v2, v5
  list_resize v3, v1
  jump block1()
block1():
  v6: ptr<tuple<int, int>> = list_items v3
  v7: tuple<int, int> = item_load v6, v2
  v8: int = field[0] v7
  v9: int = field[1] v7
  v10: bool = lt v8, v0
  branch v10, block2(), block3()
block2():
  v11: int = add v8, v1
  v12: int = add v9, v8
  v13: tuple<int, int> = pack v11, v12
  item_store v6, v2, v13
  jump block1()
block3():
  return v9
}
; run: (0,)
; run: (5,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 1
  v2: int = const 0
  jump block1(v2, v2)
block1(v16: int, v17: int):
  v10: bool = lt v16, v0
  branch v10, block2(), block3()
block2():
  v11: int = add v16, v1
  v12: int = add v17, v16
  jump block1(v11, v12)
block3():
  return v17
}

=== a list that is returned stays one
func @g "g"(n) -> ref.list<tuple<int, int>> {
block0(v0: int):
  v1: int = const 1
  v2: int = const 0
  v3: ref.list<tuple<int, int>> = list_new v1
  v4: ptr<tuple<int, int>> = list_items v3
  v5: tuple<int, int> = pack v2, v0
  item_init v4, v2, v5
  list_resize v3, v1
  return v3
}
; run: (5,)
---
func @g "g"(n) -> ref.list<tuple<int, int>> {
block0(v0: int):
  v1: int = const 1
  v2: int = const 0
  v3: ref.list<tuple<int, int>> = list_new v1
  v4: ptr<tuple<int, int>> = list_items v3
  v5: tuple<int, int> = pack v2, v0
  item_init v4, v2, v5
  list_resize v3, v1
  return v3
}
