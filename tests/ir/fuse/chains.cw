; stage: fuse
; Maps become part of the maps that read them.

=== a chain over names, the shared part once
func @f "f"(a, b) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>):
  v2: int = field[2] v0
  v3: array<float64, 1, C> = map[func1] v2, v0, v1
  v4: int = field[2] v3
  v5: array<float64, 1, C> = map[func2] v4, v3, v3
  v6: array<float64, 1, C> = map[func1] v4, v5, v3
  return v6
}
func @sub "sub"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = sub v0, v1
  return v2
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)), (dtype.float64, (3,), (1.0, 10.0, 100.0)))
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)), (dtype.float64, (1,), (10.0,)))
---
func @f "f"(a, b) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>, v1: array<float64, 1, C>):
  v2: int = field[2] v0
  v6: array<float64, 1, C> = map[func4] v2, v0, v1
  return v6
}

func @sub "sub"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = sub v0, v1
  return v2
}

func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}

func @sub.3 "sub"() -> np.float64 {
block0(v0: np.float64):
  v2: np.float64 = mul v0, v0
  v5: np.float64 = sub v2, v0
  return v5
}

func @sub.4 "sub"() -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v3: np.float64 = sub v0, v1
  v6: np.float64 = mul v3, v3
  v7: np.float64 = sub v6, v3
  return v7
}

=== a store between: the operand would be read too late
func @f "f"(a) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: array<float64, 1, C> = map[func1] v1, v0, v0
  v3: int = const 0
  v4: np.float64 = const np.float64(100.0)
  store v0, v3, v4
  v5: array<float64, 1, C> = map[func1] v1, v2, v0
  return v5
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)),)
---
func @f "f"(a) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: array<float64, 1, C> = map[func1] v1, v0, v0
  v3: int = const 0
  v4: np.float64 = const np.float64(100.0)
  store v0, v3, v4
  map_into[func1] v2, v2, v0
  return v2
}

func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}

=== a store to another array does not matter
func @f "f"(a) -> tuple<array<float64, 1, C>, array<float64, 1, C>> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v6: array<float64, 1, C> = alloc[1] v1
  v2: array<float64, 1, C> = map[func1] v1, v0, v0
  v3: int = const 0
  v4: np.float64 = const np.float64(100.0)
  store v6, v3, v4
  v5: array<float64, 1, C> = map[func1] v1, v2, v0
  v7: tuple<array<float64, 1, C>, array<float64, 1, C>> = pack v5, v6
  return v7
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)),)
---
func @f "f"(a) -> tuple<array<float64, 1, C>, array<float64, 1, C>> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v6: array<float64, 1, C> = alloc[1] v1
  v3: int = const 0
  v4: np.float64 = const np.float64(100.0)
  store v6, v3, v4
  v5: array<float64, 1, C> = map[func2] v1, v0
  v7: tuple<array<float64, 1, C>, array<float64, 1, C>> = pack v5, v6
  return v7
}

func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}

func @mul.2 "mul"() -> np.float64 {
block0(v0: np.float64):
  v2: np.float64 = mul v0, v0
  v5: np.float64 = mul v2, v0
  return v5
}

=== into a view of the operand, in place, and nobody needs it
func @f "f"(a) -> none {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: array<float64, 1, C> = map[func1] v1, v0, v0
  v3: int = const 1
  v4: int = sub v1, v3
  v5: ptr = address v0, v4
  v6: int = const -8
  v7: array<float64, 1, A> = view v0, v5, v1, v6
  map_into[func1] v7, v2, v0
  v8: array<float64, 1, C> = map[func1] v1, v0, v0
  v9: none = const None
  return v9
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)),)
---
func @f "f"(a) -> none {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v3: int = const 1
  v4: int = sub v1, v3
  v5: ptr = address v0, v4
  v6: int = const -8
  v7: array<float64, 1, A> = view v0, v5, v1, v6
  map_into[func2] v7, v0
  v9: none = const None
  return v9
}

func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}

func @mul.2 "mul"() -> np.float64 {
block0(v0: np.float64):
  v2: np.float64 = mul v0, v0
  v5: np.float64 = mul v2, v0
  return v5
}

=== two consumers: a cheap kernel goes into both, another is stored
func @f "f"(a) -> tuple<array<float64, 1, C>, array<float64, 1, C>, array<float64, 1, C>> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: array<float64, 1, C> = map[func1] v1, v0, v0
  v3: array<float64, 1, C> = map[func1] v1, v2, v0
  v4: array<float64, 1, C> = map[func2] v1, v2
  v5: array<float64, 1, C> = map[func2] v1, v4
  v6: array<float64, 1, C> = map[func1] v1, v4, v0
  v7: tuple<array<float64, 1, C>, array<float64, 1, C>, array<float64, 1, C>> = pack v3, v5, v6
  return v7
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
func @root "root"(x) -> np.float64 {
block0(v0: np.float64):
  v1: np.float64 = sqrt v0
  v2: np.float64 = sqrt v1
  return v2
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)),)
---
func @f "f"(a) -> tuple<array<float64, 1, C>, array<float64, 1, C>, array<float64, 1, C>> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v3: array<float64, 1, C> = map[func3] v1, v0
  v4: array<float64, 1, C> = map[func4] v1, v0
  v5: array<float64, 1, C> = map[func2] v1, v4
  map_into[func1] v4, v4, v0
  v7: tuple<array<float64, 1, C>, array<float64, 1, C>, array<float64, 1, C>> = pack v3, v5, v4
  return v7
}

func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}

func @root "root"(x) -> np.float64 {
block0(v0: np.float64):
  v1: np.float64 = sqrt v0
  v2: np.float64 = sqrt v1
  return v2
}

func @mul.3 "mul"() -> np.float64 {
block0(v0: np.float64):
  v2: np.float64 = mul v0, v0
  v5: np.float64 = mul v2, v0
  return v5
}

func @root.4 "root"() -> np.float64 {
block0(v0: np.float64):
  v2: np.float64 = mul v0, v0
  v5: np.float64 = sqrt v2
  v6: np.float64 = sqrt v5
  return v6
}

=== a loop: the map outside stays outside
func @f "f"(a, n) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>, v1: int):
  v2: int = field[2] v0
  v3: array<float64, 1, C> = map[func1] v2, v0, v0
  v4: int = const 0
  v5: int = const 1
  jump block1(v4)
block1(v6: int):
  v7: bool = lt v6, v1
  branch v7, block2(), block3()
block2():
  map_into[func1] v0, v0, v3
  v8: int = add v6, v5
  jump block1(v8)
block3():
  return v0
}
func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)), 3)
---
func @f "f"(a, n) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>, v1: int):
  v2: int = field[2] v0
  v3: array<float64, 1, C> = map[func1] v2, v0, v0
  v4: int = const 0
  v5: int = const 1
  jump block1(v4)
block1(v6: int):
  v7: bool = lt v6, v1
  branch v7, block2(), block3()
block2():
  map_into[func1] v0, v0, v3
  v8: int = add v6, v5
  jump block1(v8)
block3():
  return v0
}

func @mul "mul"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = mul v0, v1
  return v2
}

=== a dying array is written again
func @f "f"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  v2: int = const 0
  v3: np.float64 = const np.float64(3.0)
  store v1, v2, v3
  v4: array<float64, 1, C> = map[func1] v0, v1, v1
  v5: np.float64 = load v4, v2
  v6: array<float64, 1, C> = map[func1] v0, v4, v5
  return v6
}
func @add "add"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = add v0, v1
  return v2
}
; run: (3,)
---
func @f "f"(n) -> array<float64, 1, C> {
block0(v0: int):
  v1: array<float64, 1, C> = alloc[1] v0
  v2: int = const 0
  v3: np.float64 = const np.float64(3.0)
  store v1, v2, v3
  map_into[func1] v1, v1, v1
  v5: np.float64 = load v1, v2
  map_into[func1] v1, v1, v5
  return v1
}

func @add "add"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = add v0, v1
  return v2
}

=== in-place arithmetic on a fresh array is arithmetic
func @f "f"(a) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v2: array<float64, 1, C> = map[func1] v1, v0, v0
  map_into[func1] v2, v2, v0
  map_into[func1] v2, v2, v2
  return v2
}
func @add "add"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = add v0, v1
  return v2
}
; run: ((dtype.float64, (3,), (1.0, 2.0, 5.0)),)
---
func @f "f"(a) -> array<float64, 1, C> {
block0(v0: array<float64, 1, C>):
  v1: int = field[2] v0
  v4: array<float64, 1, C> = map[func3] v1, v0
  return v4
}

func @add "add"(x, y) -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v2: np.float64 = add v0, v1
  return v2
}

func @add.2 "add"() -> np.float64 {
block0(v0: np.float64, v1: np.float64):
  v3: np.float64 = add v0, v1
  v6: np.float64 = add v3, v3
  return v6
}

func @add.3 "add"() -> np.float64 {
block0(v0: np.float64):
  v2: np.float64 = add v0, v0
  v5: np.float64 = add v2, v0
  v6: np.float64 = add v5, v5
  return v6
}
