"""The steady-state kernels: plain Python, the same in C, and the inputs, side by side.

A kernel is a plain function decorated with `kernel`.  Its C text defines a function of the same name that takes,
for each argument in order, a pointer and then the sizes of all its dimensions (arrays), a `double` (float) or a
`long` (int), and returns `double`, `long` or nothing.
"""
import importlib

REGISTRY = {}


class Kernel:
    """One kernel: `plain` (the Python function), `c` (its C text), `make` (its arguments), `helpers`."""

    def __init__(self, plain, c, make, helpers):
        self.plain, self.c, self.make, self.helpers = plain, c, make, helpers
        self.name = plain.__name__


def kernel(c, make, helpers=()):
    """Registers the decorated function; `helpers` are the functions that it calls by global name."""
    def register(plain):
        REGISTRY[plain.__name__] = Kernel(plain, c, make, helpers)
        return plain
    return register


def load():
    """All kernels by name."""
    for module in ("loops", "grids", "numbers", "indices", "mixed"):
        importlib.import_module(f"kernels.{module}")
    return REGISTRY
