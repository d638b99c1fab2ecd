"""The smallest program that still fails: statements are removed, expressions become their parts."""
import ast
import copy

TRIES = 400


def shrink(program, failure):
    """A smaller program for which `failure(program)` is still true."""
    best, tries, changed = program, 0, True
    for call in program.calls:
        single = type(program)(program.source, [call], options=program.options, aliases=program.aliases)
        if works(single, failure):
            best = single
            break
    while changed and tries < TRIES:
        changed = False
        for source in smaller(best.source):
            tries += 1
            candidate = type(program)(source, best.calls, options=best.options, aliases=best.aliases)
            if works(candidate, failure):
                best, changed = candidate, True
                break
            if tries >= TRIES:
                break
    return best


def works(program, failure):
    """Whether the program is valid and still fails."""
    try:
        compile(program.source, "<shrunk>", "exec")
        return bool(failure(program))
    except Exception:  # noqa: BLE001 -- whatever breaks, this is no smaller program of the same failure
        return False


def smaller(source):
    """Programs that are a step smaller, the largest steps first."""
    tree = ast.parse(source)
    for path in bodies(tree):
        for position in range(len(follow(tree, path))):
            copied = copy.deepcopy(tree)
            body = follow(copied, path)
            removed = body.pop(position)
            inner = getattr(removed, "body", None)
            if inner and not isinstance(removed, ast.FunctionDef):
                lifted = copy.deepcopy(copied)
                follow(lifted, path)[position:position] = inner
                yield ast.unparse(ast.fix_missing_locations(lifted))
            if not body:
                body.append(ast.Pass())
            yield ast.unparse(ast.fix_missing_locations(copied))
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.IfExp, ast.BoolOp, ast.Call))]
    for position in range(len(nodes)):
        count = len(parts(nodes[position]))
        for part in range(count):
            yield replaced(tree, position, part)


def bodies(tree, path=()):
    """Paths to every list of statements."""
    for field in ("body", "orelse"):
        statements = getattr(tree, field, None)
        if isinstance(statements, list):
            if statements:
                yield (*path, field)
            for position, statement in enumerate(statements):
                yield from bodies(statement, (*path, field, position))


def follow(tree, path):
    """What a path leads to."""
    for step in path:
        tree = tree[step] if isinstance(step, int) else getattr(tree, step)
    return tree


def parts(node):
    """The expressions that may stand for an expression."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    return node.args


def replaced(tree, position, part):
    """The program in which an expression has become one of its parts."""
    copied = copy.deepcopy(tree)
    kinds = (ast.BinOp, ast.UnaryOp, ast.IfExp, ast.BoolOp, ast.Call)
    target = [node for node in ast.walk(copied) if isinstance(node, kinds)][position]
    new = parts(target)[part]

    class Swap(ast.NodeTransformer):
        def visit(self, node):
            return new if node is target else self.generic_visit(node)

    return ast.unparse(ast.fix_missing_locations(Swap().visit(copied)))
