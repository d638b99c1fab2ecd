"""CPython as the oracle: the program with every operation's result held to 64 bits, as compiled code does."""
import ast
import math

import numpy as np

OVERFLOW = "integer overflow"


def checked(value):
    """The value, if it is not an int beyond 64 bits."""
    if type(value) is int and not -2**63 <= value < 2**63:
        raise OverflowError(OVERFLOW)
    if type(value) is tuple:
        for item in value:
            checked(item)
    return value


class Checks(ast.NodeTransformer):
    """Wraps every operation that can make a larger int."""

    def wrap(self, node):
        self.generic_visit(node)
        call = ast.Call(ast.Name("_checked", ast.Load()), [node], [])
        return ast.copy_location(call, node)

    visit_BinOp = visit_UnaryOp = visit_Call = wrap

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        value = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        call = ast.Call(ast.Name("_checked", ast.Load()), [value], [])
        return ast.copy_location(ast.Assign([node.target], call), node)

    def visit_Raise(self, node):
        return node




def plain(source):
    """The function `f`, checked."""
    tree = ast.fix_missing_locations(Checks().visit(ast.parse(source)))
    space = {"np": np, "math": math, "_checked": checked}
    exec(compile(tree, "<oracle>", "exec"), space)  # noqa: S102
    return space["f"]
