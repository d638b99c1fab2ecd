; stage: interp
; Every mistake with lists ends the run.

=== an item that is not there
func @f "f"(n) -> int {
block0(v0: int):
  v1: ref.list<int> = list_new v0
  v2: ptr<int> = list_items v1
  v3: int = const 0
  v4: int = item_load v2, v3
  return v4
}
; run: (3,)
---
(3,) -> wrong: v4: int = item_load v2, v3: item 0 is not there

=== items that have moved
func @f "f"(n) -> int {
block0(v0: int):
  v1: ref.list<int> = list_new v0
  v2: ptr<int> = list_items v1
  v3: int = const 0
  item_init v2, v3, v0
  list_resize v1, v0
  v4: int = const 100
  list_reserve v1, v4
  v5: int = item_load v2, v3
  return v5
}
; run: (1,)
---
(1,) -> wrong: v5: int = item_load v2, v3: items are looked at where they no longer are

=== a length without items
func @f "f"(n) -> int {
block0(v0: int):
  v1: ref.list<int> = list_new v0
  list_resize v1, v0
  return v0
}
; run: (3,)
; run: (0,)
---
(3,) -> wrong: list_resize v1, v0: item 0 is not there
(0,) -> 0

=== what a caller passes
func @f "f"(l) -> ref.list<int> {
block0(v0: ref.list<int>):
  v1: int = list_len v0
  v2: int = const 1
  v3: int = add v1, v2
  list_reserve v0, v3
  v4: ptr<int> = list_items v0
  item_init v4, v1, v1
  list_resize v0, v3
  return v0
}
; run: (("list", (7, 8)),)
---
(("list", (7, 8)),) -> [7, 8, 2], left [7, 8, 2]
