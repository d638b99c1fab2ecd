"""Vector math: branch-free kernels that LLVM's loop vectoriser widens to what the processor has.

A kernel takes and gives NumPy scalars of one dtype; its error is at most 1 ulp, of most 0.6.  The rules for
numbers call it, always inlined, for `math.exp(x)`, `np.exp(x)` and the like.  What CPython's `math` refuses is
checked by the rules, not here.  Conditions choose between values that have both been computed (`select`), so
that no branch stands in the way of the vectoriser; fused multiply-adds carry the low parts of products.
Coefficients are made by `tools/fit_polynomials.py`.
"""
