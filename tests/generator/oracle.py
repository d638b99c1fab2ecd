"""CPython as the oracle: the program with every operation's result held to 64 bits, as compiled code does."""
import ast
import dis
import math
import operator

import numpy as np

OVERFLOW = "integer overflow"

#: What augmented assignments call, by the name of the operator in `ast`.
INPLACE = {"_Add": operator.iadd, "_Sub": operator.isub, "_Mult": operator.imul, "_Div": operator.itruediv, "_FloorDiv": operator.ifloordiv,
           "_Mod": operator.imod, "_Pow": operator.ipow, "_LShift": operator.ilshift, "_RShift": operator.irshift,
           "_BitAnd": operator.iand, "_BitOr": operator.ior, "_BitXor": operator.ixor, "_MatMult": operator.imatmul}


def checked(value):
    """The value, if it is not an int beyond 64 bits."""
    if type(value) is int and not -2**63 <= value < 2**63:
        raise OverflowError(OVERFLOW)
    if type(value) in (tuple, list):
        for item in value:
            checked(item)
    return value


def is_constant(node):
    """Whether CPython's compiler makes a constant of an expression."""
    parts = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    if not all(isinstance(part, parts) for part in ast.walk(node)):
        return False
    code = compile(ast.Expression(node), "<constant>", "eval")
    return not any(step.opname.startswith(("BINARY", "UNARY")) for step in dis.get_instructions(code))


def wrapped(value):
    """The value with its ints cut to 64 bits, as `overflow="wrap"` does."""
    if type(value) is int:
        return (value + 2**63) % 2**64 - 2**63
    return tuple(wrapped(item) for item in value) if type(value) is tuple else value


class Checks(ast.NodeTransformer):
    """Wraps every operation that can make a larger int."""

    def wrap(self, node):
        if is_constant(node):
            return node  # CPython's compiler folds it: the program holds the large int as a constant
        self.generic_visit(node)
        call = ast.Call(ast.Name("_checked", ast.Load()), [node], [])
        return ast.copy_location(call, node)

    visit_BinOp = visit_UnaryOp = visit_Call = wrap

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        function = ast.Name(f"_{type(node.op).__name__}", ast.Load())  # arrays are changed in place
        value = ast.Call(function, [ast.Name(node.target.id, ast.Load()), node.value], [])
        call = ast.Call(ast.Name("_checked", ast.Load()), [value], [])
        return ast.copy_location(ast.Assign([node.target], call), node)

    def visit_Raise(self, node):
        return node




def plain(source, wrap=False):
    """The function `f`, its ints checked or wrapped."""
    tree = ast.fix_missing_locations(Checks().visit(ast.parse(source)))
    space = {"np": np, "math": math, "_checked": wrapped if wrap else checked, **INPLACE}
    exec(compile(tree, "<oracle>", "exec"), space)  # noqa: S102
    return space["f"]
