; stage: ownership
; A list keeps what is stored in it; what is read is borrowed where nothing can end it meanwhile.

=== a list of ints
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 1
  v2: ref.list<int> = list_new v1
  v3: ptr<int> = list_items v2
  v4: int = const 0
  item_init v3, v4, v0
  list_resize v2, v1
  v5: int = item_load v3, v4
  return v5
}
; run: (3,)
---
func @f "f"(n) -> int {
block0(v0: int):
  v1: int = const 1
  v2: ref.list<int> = list_new v1
  own v2
  v3: ptr<int> = list_items v2
  v4: int = const 0
  item_init v3, v4, v0
  list_resize v2, v1
  v5: int = item_load v3, v4
  release v2
  return v5
}

=== a list of arrays, one replaced
func @f "f"(n) -> ref.list<array<float64, 1, C>> {
block0(v0: int):
  v1: int = const 1
  v2: ref.list<array<float64, 1, C>> = list_new v1
  v3: ptr<array<float64, 1, C>> = list_items v2
  v4: int = const 0
  v5: array<float64, 1, C> = alloc[1] v0
  item_init v3, v4, v5
  list_resize v2, v1
  v6: array<float64, 1, C> = item_load v3, v4
  v7: array<float64, 1, C> = alloc[1] v1
  item_store v3, v4, v7
  item_store v3, v4, v6
  return v2
}
; run: (3,)
---
func @f "f"(n) -> ref.list<array<float64, 1, C>> {
block0(v0: int):
  v1: int = const 1
  v2: ref.list<array<float64, 1, C>> = list_new v1
  own v2
  v3: ptr<array<float64, 1, C>> = list_items v2
  v4: int = const 0
  v5: array<float64, 1, C> = alloc[1] v0
  own v5
  retain v5
  item_init v3, v4, v5
  release v5
  list_resize v2, v1
  v6: array<float64, 1, C> = item_load v3, v4
  retain v6
  own v6
  v7: array<float64, 1, C> = alloc[1] v1
  own v7
  retain v7
  v8: array<float64, 1, C> = item_load v3, v4
  item_store v3, v4, v7
  release v8
  release v7
  retain v6
  v9: array<float64, 1, C> = item_load v3, v4
  item_store v3, v4, v6
  release v9
  release v6
  disown v2
  return v2
}

=== an item that ends
func @f "f"(l) -> array<float64, 1, C> {
block0(v0: ref.list<array<float64, 1, C>>):
  v1: ptr<array<float64, 1, C>> = list_items v0
  v2: int = const 0
  v3: array<float64, 1, C> = item_load v1, v2
  v4: int = const 1
  items_drop v1, v2, v4
  list_resize v0, v2
  return v3
}
; run: (("list", ((dtype.float64, (2,), (1.0, 2.0)),)),)
---
func @f "f"(l) -> array<float64, 1, C> {
block0(v0: ref.list<array<float64, 1, C>>):
  v1: ptr<array<float64, 1, C>> = list_items v0
  v2: int = const 0
  v3: array<float64, 1, C> = item_load v1, v2
  retain v3
  own v3
  v4: int = const 1
  items_drop v1, v2, v4
  list_resize v0, v2
  disown v3
  return v3
}

=== inner lists that are only read are not counted
func @f "f"(l, n) -> int {
block0(v0: ref.list<ref.list<int>>, v1: int):
  v2: int = const 0
  jump block1(v2, v2)
block1(v3: int, v4: int):
  v5: bool = lt v3, v1
  branch v5, block2(), block3()
block2():
  v6: ptr<ref.list<int>> = list_items v0
  v7: ref.list<int> = item_load v6, v3
  v8: ptr<int> = list_items v7
  v9: int = item_load v8, v2
  v10: int = add v4, v9
  v11: int = const 1
  v12: int = add v3, v11
  jump block1(v12, v10)
block3():
  return v4
}
; run: (("list", (("list", (1, 2)), ("list", (30,)))), 2)
---
func @f "f"(l, n) -> int {
block0(v0: ref.list<ref.list<int>>, v1: int):
  v2: int = const 0
  jump block1(v2, v2)
block1(v3: int, v4: int):
  v5: bool = lt v3, v1
  branch v5, block2(), block3()
block2():
  v6: ptr<ref.list<int>> = list_items v0
  v7: ref.list<int> = item_load v6, v3
  v8: ptr<int> = list_items v7
  v9: int = item_load v8, v2
  v10: int = add v4, v9
  v11: int = const 1
  v12: int = add v3, v11
  jump block1(v12, v10)
block3():
  return v4
}

=== inner lists of a list that changes are counted
func @f "f"(l, n) -> int {
block0(v0: ref.list<ref.list<int>>, v1: int):
  v2: int = const 0
  jump block1(v2, v2)
block1(v3: int, v4: int):
  v5: bool = lt v3, v1
  branch v5, block2(), block3()
block2():
  v6: ptr<ref.list<int>> = list_items v0
  v7: ref.list<int> = item_load v6, v3
  v13: ref.list<int> = list_new v2
  item_store v6, v3, v13
  v8: ptr<int> = list_items v7
  v9: int = item_load v8, v2
  v10: int = add v4, v9
  v11: int = const 1
  v12: int = add v3, v11
  jump block1(v12, v10)
block3():
  return v4
}
; run: (("list", (("list", (1, 2)), ("list", (30,)))), 2)
---
func @f "f"(l, n) -> int {
block0(v0: ref.list<ref.list<int>>, v1: int):
  v2: int = const 0
  jump block1(v2, v2)
block1(v3: int, v4: int):
  v5: bool = lt v3, v1
  branch v5, block2(), block3()
block2():
  v6: ptr<ref.list<int>> = list_items v0
  v7: ref.list<int> = item_load v6, v3
  retain v7
  own v7
  v13: ref.list<int> = list_new v2
  own v13
  retain v13
  v14: ref.list<int> = item_load v6, v3
  item_store v6, v3, v13
  release v14
  release v13
  v8: ptr<int> = list_items v7
  v9: int = item_load v8, v2
  release v7
  v10: int = add v4, v9
  v11: int = const 1
  v12: int = add v3, v11
  jump block1(v12, v10)
block3():
  return v4
}
