; stage: lists
; What says where a list's items are and how many is read before a loop that does not change it.

=== a loop that stores items
func @f "f"(l, n) -> int {
block0(v0: ref.list<int>, v1: int):
  v2: int = const 0
  jump block1(v2)
block1(v3: int):
  v4: bool = lt v3, v1
  branch v4, block2(), block3()
block2():
  v5: int = list_len v0
  v6: bool = in_range v3, v5
  guard[list_index] v6
  v7: ptr<int> = list_items v0
  v8: int = item_load v7, v3
  v9: int = add v8, v8
  item_store v7, v3, v9
  v10: int = const 1
  v11: int = add v3, v10
  jump block1(v11)
block3():
  v12: int = list_len v0
  return v12
}
; run: (("list", (1, 2)), 2)
; run: (("list", (1, 2)), 0)
; run: (("list", ()), 1)
---
func @f "f"(l, n) -> int {
block0(v0: ref.list<int>, v1: int):
  v2: int = const 0
  v5: int = list_len v0
  v7: ptr<int> = list_items v0
  v10: int = const 1
  jump block1(v2)
block1(v3: int):
  v4: bool = lt v3, v1
  branch v4, block2(), block3()
block2():
  v6: bool = in_range v3, v5
  guard[list_index] v6
  v8: int = item_load v7, v3
  v9: int = add v8, v8
  item_store v7, v3, v9
  v11: int = add v3, v10
  jump block1(v11)
block3():
  return v5
}

=== a loop that appends to another list that it may be
func @f "f"(l, m) -> int {
block0(v0: ref.list<int>, v1: ref.list<int>):
  v2: int = const 0
  jump block1(v2)
block1(v3: int):
  v4: int = list_len v0
  v5: bool = lt v3, v4
  branch v5, block2(), block3()
block2():
  v6: int = list_len v1
  v7: int = const 1
  v8: int = add v6, v7
  list_reserve v1, v8
  v9: ptr<int> = list_items v1
  item_init v9, v6, v3
  list_resize v1, v8
  v10: int = add v3, v7
  jump block1(v10)
block3():
  return v3
}
; run: (("list", (1, 2)), ("list", (3,)))
---
func @f "f"(l, m) -> int {
block0(v0: ref.list<int>, v1: ref.list<int>):
  v2: int = const 0
  v7: int = const 1
  jump block1(v2)
block1(v3: int):
  v4: int = list_len v0
  v5: bool = lt v3, v4
  branch v5, block2(), block3()
block2():
  v6: int = list_len v1
  v8: int = add v6, v7
  list_reserve v1, v8
  v9: ptr<int> = list_items v1
  item_init v9, v6, v3
  list_resize v1, v8
  v10: int = add v3, v7
  jump block1(v10)
block3():
  return v3
}

=== a loop that appends to a list of its own
func @f "f"(l) -> ref.list<int> {
block0(v0: ref.list<int>):
  v2: int = const 0
  v1: ref.list<int> = list_new v2
  jump block1(v2)
block1(v3: int):
  v4: int = list_len v0
  v5: bool = lt v3, v4
  branch v5, block2(), block3()
block2():
  v6: int = list_len v1
  v7: int = const 1
  v8: int = add v6, v7
  list_reserve v1, v8
  v9: ptr<int> = list_items v1
  item_init v9, v6, v3
  list_resize v1, v8
  v10: int = add v3, v7
  jump block1(v10)
block3():
  return v1
}
; run: (("list", (1, 2)),)
---
func @f "f"(l) -> ref.list<int> {
block0(v0: ref.list<int>):
  v2: int = const 0
  v1: ref.list<int> = list_new v2
  v4: int = list_len v0
  v7: int = const 1
  jump block1(v2)
block1(v3: int):
  v5: bool = lt v3, v4
  branch v5, block2(), block3()
block2():
  v6: int = list_len v1
  v8: int = add v6, v7
  list_reserve v1, v8
  v9: ptr<int> = list_items v1
  item_init v9, v6, v3
  list_resize v1, v8
  v10: int = add v3, v7
  jump block1(v10)
block3():
  return v1
}

=== a list that may not be there
func @f "f"(l, c) -> int {
block0(v0: ref.list<int>, v1: bool):
  v2: ref.list<int> = undef
  v3: int = const 0
  branch v1, block1(v0), block1(v2)
block1(v4: ref.list<int>):
  jump block2(v3)
block2(v5: int):
  branch v1, block3(), block4()
block3():
  v6: int = list_len v4
  v7: bool = lt v5, v6
  v8: int = const 1
  v9: int = add v5, v8
  branch v7, block2(v9), block4()
block4():
  return v5
}
; run: (("list", (1, 2)), True)
; run: (("list", (1, 2)), False)
---
func @f "f"(l, c) -> int {
block0(v0: ref.list<int>, v1: bool):
  v2: ref.list<int> = undef
  v3: int = const 0
  branch v1, block1(v0), block1(v2)
block1(v4: ref.list<int>):
  v8: int = const 1
  jump block2(v3)
block2(v5: int):
  branch v1, block3(), block4()
block3():
  v6: int = list_len v4
  v7: bool = lt v5, v6
  v9: int = add v5, v8
  branch v7, block2(v9), block4()
block4():
  return v5
}
