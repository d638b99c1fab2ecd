; stage: range

=== a counter below the length
func @f "f"(a) -> int {
block0(v0: array<int64, 1, C>):
  v1: int = const 0
  v2: int = const 1
  v3: int = field[2] v0
  jump block1(v1, v1)
block1(v4: int, v5: int):
  v6: bool = lt v4, v3
  branch v6, block2(), block3()
block2():
  v7: int, v8: bool = add_ovf v4, v2
  v9: bool = not v8
  guard[int_overflow] v9
  v10: int = wrap_index v4, v3
  v11: bool = in_range v10, v3
  guard[index_out_of_bounds] v11, v4, v1, v3
  v12: np.int64 = load v0, v10
  v13: int = convert v12
  v14: int, v15: bool = add_ovf v5, v13
  v16: bool = not v15
  guard[int_overflow] v16
  jump block1(v7, v14)
block3():
  return v5
}
; run: ((dtype.int64, (3,), (1, 2, 3,)),)
; run: ((dtype.int64, (3,), (9223372036854775807, 2, 3,)),)
---
func @f "f"(a) -> int {
block0(v0: array<int64, 1, C>):
  v1: int = const 0
  v2: int = const 1
  v3: int = field[2] v0
  jump block1(v1, v1)
block1(v4: int, v5: int):
  v6: bool = lt v4, v3
  branch v6, block2(), block3()
block2():
  v17: bool = const False
  v7: int = add_exact v4, v2
  v9: bool = not v17
  v11: bool = in_range v4, v3
  v12: np.int64 = load v0, v4
  v13: int = convert v12
  v14: int, v15: bool = add_ovf v5, v13
  v16: bool = not v15
  guard[int_overflow] v16
  jump block1(v7, v14)
block3():
  return v5
}

=== a byte into a table of 256
func @f "f"(a, t) -> int {
block0(v0: array<uint8, 1, C>, v1: array<int64, 1, C>):
  v2: int = const 0
  v3: int = field[2] v1
  v4: int = const 256
  v5: bool = ge v3, v4
  branch v5, block1(), block2()
block1():
  v6: int = field[2] v0
  v7: bool = gt v6, v2
  branch v7, block3(), block2()
block3():
  v8: np.uint8 = load v0, v2
  v9: int = convert v8
  v10: int = wrap_index v9, v3
  v11: bool = in_range v10, v3
  guard[index_out_of_bounds] v11, v9, v2, v3
  v12: np.int64 = load v1, v10
  v13: int = convert v12
  return v13
block2():
  return v2
}
; run: ((dtype.uint8, (1,), (3,)), (dtype.int64, (256,), (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255,)))
---
func @f "f"(a, t) -> int {
block0(v0: array<uint8, 1, C>, v1: array<int64, 1, C>):
  v2: int = const 0
  v3: int = field[2] v1
  v4: int = const 256
  v5: bool = ge v3, v4
  branch v5, block1(), block2()
block1():
  v6: int = field[2] v0
  v7: bool = gt v6, v2
  branch v7, block3(), block2()
block3():
  v8: np.uint8 = load v0, v2
  v9: int = convert v8
  v11: bool = in_range v9, v3
  v12: np.int64 = load v1, v9
  v13: int = convert v12
  return v13
block2():
  return v2
}

=== counting down to zero
func @f "f"(a, n) -> int {
block0(v0: array<int64, 1, C>, v1: int):
  v2: int = const 0
  v3: int = const 1
  v4: int = field[2] v0
  v5: bool = le v1, v4
  guard[div_zero] v5
  jump block1(v1, v2)
block1(v6: int, v7: int):
  v8: bool = gt v6, v2
  branch v8, block2(), block3()
block2():
  v9: int, v10: bool = sub_ovf v6, v3
  v11: bool = not v10
  guard[int_overflow] v11
  v12: int = wrap_index v9, v4
  v13: bool = in_range v12, v4
  guard[index_out_of_bounds] v13, v9, v2, v4
  v14: np.int64 = load v0, v12
  v15: int = convert v14
  v16: int = xor v7, v15
  jump block1(v9, v16)
block3():
  return v7
}
; run: ((dtype.int64, (3,), (1, 2, 3,)), 3)
; run: ((dtype.int64, (3,), (1, 2, 3,)), 4)
; run: ((dtype.int64, (3,), (1, 2, 3,)), 0)
---
func @f "f"(a, n) -> int {
block0(v0: array<int64, 1, C>, v1: int):
  v2: int = const 0
  v3: int = const 1
  v4: int = field[2] v0
  v5: bool = le v1, v4
  guard[div_zero] v5
  jump block1(v1, v2)
block1(v6: int, v7: int):
  v8: bool = gt v6, v2
  branch v8, block2(), block3()
block2():
  v17: bool = const False
  v9: int = sub_exact v6, v3
  v11: bool = not v17
  v13: bool = in_range v9, v4
  v14: np.int64 = load v0, v9
  v15: int = convert v14
  v16: int = xor v7, v15
  jump block1(v9, v16)
block3():
  return v7
}

=== a binary search
func @f "f"(a, x) -> int {
block0(v0: array<int64, 1, C>, v1: np.int64):
  v2: int = const 0
  v3: int = const 1
  v4: int = const 2
  v5: int = field[2] v0
  jump block1(v2, v5)
block1(v6: int, v7: int):
  v8: bool = lt v6, v7
  branch v8, block2(), block5()
block2():
  v9: int, v10: bool = add_ovf v6, v7
  v11: bool = not v10
  guard[int_overflow] v11
  v12: int = floordiv v9, v4
  v13: int = wrap_index v12, v5
  v14: bool = in_range v13, v5
  guard[index_out_of_bounds] v14, v12, v2, v5
  v15: np.int64 = load v0, v13
  v16: bool = lt v15, v1
  branch v16, block3(), block4(v6, v12)
block3():
  v17: int, v18: bool = add_ovf v12, v3
  v19: bool = not v18
  guard[int_overflow] v19
  jump block4(v17, v7)
block4(v20: int, v21: int):
  jump block1(v20, v21)
block5():
  return v6
}
; run: ((dtype.int64, (4,), (1, 3, 5, 7)), np.int64(4))
; run: ((dtype.int64, (4,), (1, 3, 5, 7)), np.int64(9))
; run: ((dtype.int64, (0,), ()), np.int64(9))
---
func @f "f"(a, x) -> int {
block0(v0: array<int64, 1, C>, v1: np.int64):
  v2: int = const 0
  v3: int = const 1
  v4: int = const 2
  v5: int = field[2] v0
  jump block1(v2, v5)
block1(v6: int, v7: int):
  v8: bool = lt v6, v7
  branch v8, block2(), block5()
block2():
  v9: int, v10: bool = add_ovf v6, v7
  v11: bool = not v10
  guard[int_overflow] v11
  v12: int = truncdiv v9, v4
  v14: bool = in_range v12, v5
  v15: np.int64 = load v0, v12
  v16: bool = lt v15, v1
  branch v16, block3(), block4(v6, v12)
block3():
  v22: bool = const False
  v17: int = add_exact v12, v3
  v19: bool = not v22
  jump block4(v17, v7)
block4(v20: int, v21: int):
  jump block1(v20, v21)
block5():
  return v6
}
