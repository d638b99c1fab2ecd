"""Literate tests: Markdown whose Python blocks say beside each call what type its result has, or what is refused.

The blocks of a file share a namespace.  A call that stands alone on a line carries one of

    f(1, 2.0)    # reveal: float
    f("a", 1)    # error: CW0301 "part of the message"
    f(0)         # raises: ZeroDivisionError "part of the message"

`reveal` also compares the result with the plain function's.  Both ways strict: a call without a comment fails, and
so does a comment that belongs to no call.
"""
import ast
import io
import linecache
import pathlib
import re
import tokenize

import numpy as np
import pytest
import support

import coachwhip

FOLDER = pathlib.Path(__file__).resolve().parent / "literate"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"#\s*(reveal|error|raises):\s*(.*)$")
REFUSED = re.compile(r'(\w+)(?:\s+"(.*)")?$')


def expectations(code):
    """(what, text) by line, from the comments."""
    found = {}
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        match = token.type == tokenize.COMMENT and COMMENT.match(token.string)
        if match:
            found[token.start[0]] = (match[1], match[2].strip())
    return found


def evaluate(node, space):
    """The value of an expression."""
    return eval(compile(ast.Expression(node), "<literate>", "eval"), space)  # noqa: S307


def check(call, expectation, space):
    """Makes one call and compares it with what stands beside it; the difference, or None."""
    what, text = expectation
    function = evaluate(call.func, space)
    arguments = [evaluate(a, space) for a in call.args]
    keywords = {k.arg: evaluate(k.value, space) for k in call.keywords}
    plain = support.Outcome(getattr(function, "py_func", function), arguments, keywords)
    got = support.Outcome(function, arguments, keywords)
    if what == "reveal":
        if got.error is not None:
            return f"raised {type(got.error).__name__}: {got.error}"
        support.assert_same_value(got.value, plain.value)
        support.assert_same_value(got.arguments, plain.arguments)
        revealed = coachwhip._core.reveal(function, tuple(arguments))
        return None if revealed == text else f"reveals {revealed}, not {text}"
    name, part = REFUSED.match(text).groups()
    if got.error is None:
        return f"returned {got.value!r}"
    if what == "error":
        code = getattr(got.error, "code", type(got.error).__name__)
    else:
        code = type(got.error).__name__
        if type(plain.error) is not type(got.error):
            return f"plain Python: {plain}"
    return None if code == name and (part or "") in str(got.error) else f"raised {code}: {got.error}"


def run(code, name, space):
    """Runs a block; what is wrong, by line."""
    wanted = expectations(code)
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    problems = []
    for statement in ast.parse(code).body:
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
            exec(compile(ast.Module([statement], []), name, "exec"), space)  # noqa: S102
            continue
        expectation = wanted.pop(statement.end_lineno, None)
        if expectation is None:
            problems.append(f"line {statement.lineno}: a call without an expectation")
            continue
        problem = check(statement.value, expectation, space)
        if problem:
            problems.append(f"line {statement.lineno}: {ast.unparse(statement)}: {problem}")
    problems += [f"line {line}: an expectation that belongs to no call" for line in wanted]
    return problems


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda p: p.stem)
def test_literate(path):
    text = path.read_text(encoding="utf-8")
    space = {"np": np, "jit": coachwhip.jit, "__name__": "literate"}
    problems = []
    for match in FENCE.finditer(text):
        first = text[:match.start()].count("\n") + 1
        code = "\n" * first + match[1]
        problems += run(code, f"<{path.name}:{first}>", space)
    assert not problems, f"{path.name}\n" + "\n".join(problems)
