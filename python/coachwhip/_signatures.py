"""Signatures as users write them: type objects, strings, tuples, lists of several."""
import ast

from . import types
from .types import Signature, Type


def is_signature(value):
    """Whether the first argument of `jit` is a signature and not a function."""
    if isinstance(value, (Signature, Type, str, tuple)):
        return True
    return isinstance(value, list) and all(is_signature(item) for item in value)


def read(value):
    """A list of pairs: parameter types and result type, or None."""
    if isinstance(value, list):
        return [pair for item in value for pair in read(item)]
    if isinstance(value, str):
        value = parse(value)
    if isinstance(value, Signature):
        return [(value.args, value.return_type)]
    if isinstance(value, Type):
        value = (value,)
    if isinstance(value, tuple):
        return [(tuple(types.as_type(item) for item in value), None)]
    raise TypeError(f"{value!r} is not a signature")


def parse(text):
    """A signature or a tuple of parameter types from a string; nothing in it is evaluated."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise signature_error(f"'{text}' is not a signature: {error.args[0] if error.args else error}") from None
    if len(text) > 65536:
        raise signature_error("the signature is too long")
    try:
        return build(tree.body, text)
    except TypeError as error:
        if hasattr(error, "code"):
            raise
        raise signature_error(f"'{text}': {error}") from None


def parse_type(text):
    """One type from a string."""
    result = parse(text)
    if not isinstance(result, Type):
        raise signature_error(f"'{text}' is not a type")
    return result


def build(node, text):
    """The type or signature that a node of the syntax tree stands for."""
    if isinstance(node, ast.Name):
        return named(node.id, text)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return named(node.attr, text)
    if isinstance(node, ast.Constant) and node.value is None:
        return types.none
    if isinstance(node, ast.Tuple):
        return tuple(build(item, text) for item in node.elts)
    if isinstance(node, ast.List):
        return tuple(build(item, text) for item in node.elts)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "list":
        return types.ListType(build(node.slice, text))
    if isinstance(node, ast.Subscript):
        return build(node.value, text)[dimensions(node.slice)]
    if isinstance(node, ast.Call) and not node.keywords:
        return call(node, text)
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    raise signature_error(f"'{text}' is not a signature: write it as 'float64(float64, float64[:, ::1])'")


def call(node, text):
    """A signature, or one of the type constructors."""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
    args = [build(arg, text) for arg in node.args]
    constructors = ("Tuple", "UniTuple", "CPointer", "optional", "Optional", "Array", "List", "ListType")
    if name in constructors:
        return getattr(types, name)(*args)
    return build(node.func, text)(*args)


def dimensions(node):
    """The index of an array type."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    made = []
    for part in parts:
        if not isinstance(part, ast.Slice) or part.lower or part.upper:
            raise TypeError("an array type is written float64[:], float64[:, ::1] or float64[::1, :]")
        step = part.step
        if step is not None and not (isinstance(step, ast.Constant) and step.value == 1):
            raise TypeError("the only step in an array type is 1, for the contiguous dimension")
        made.append(slice(None, None, 1 if step else None))
    return tuple(made)


def named(name, text):
    """The type with this name."""
    found = getattr(types, name, None)
    if isinstance(found, Type):
        return found
    plain = {"int": types.int64, "float": types.float64, "bool": types.boolean, "complex": types.complex128}
    if name in plain:
        return plain[name]
    import difflib

    known = [n for n in types.__all__ if isinstance(getattr(types, n), Type)]
    close = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {close[0]}?" if close else "the names are those of coachwhip.types"
    raise signature_error(f"'{text}': no type is called '{name}'", hint)


def signature_error(message, help_text="write it as 'float64(float64, float64[:, ::1])'"):
    """The exception for a signature that cannot be read."""
    from ._errors import from_diagnostic

    fields = {"code": "CW0403", "title": "the signature cannot be read", "message": message, "primary": None}
    fields |= {"secondary": [], "notes": [], "help": help_text}
    return from_diagnostic(f"error[CW0403]: {message}\n  = help: {help_text}", fields)
