"""Every Python block of README.md and docs/ runs.

The blocks of one document share a namespace and run in order.  A block fenced as ```` ```python raises=NAME ````
must raise that exception (a class name), and its text must contain what a following line `#> text` says.
A line `#> text` behind a `print` states a line of the output.
"""
import contextlib
import io
import linecache
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```python(?: raises=(\w+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(path):
    """(line, expected exception or None, code) of each Python block."""
    text = path.read_text(encoding="utf-8")
    return [(text[:m.start()].count("\n") + 2, m[1], m[2]) for m in FENCE.finditer(text)]


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if blocks(p)], ids=lambda p: p.name)
def test_document(path):
    space = {"__name__": "document"}
    for line, raises, code in blocks(path):
        name = f"<{path.name}:{line}>"
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        printed = io.StringIO()
        wanted = [m.strip() for m in re.findall(r"#> (.*)$", code, re.MULTILINE)]
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(code, name, "exec"), space)  # noqa: S102
        except Exception as error:
            assert raises, f"{path.name}:{line} raised {type(error).__name__}: {error}"
            classes = {c.__name__ for c in type(error).__mro__}
            assert raises in classes, f"{path.name}:{line} raised {type(error).__name__}, not {raises}: {error}"
            shown = f"{type(error).__name__}: {error}"
        else:
            assert not raises, f"{path.name}:{line} did not raise {raises}"
            shown = printed.getvalue()
        for text in wanted:
            assert text in shown, f"{path.name}:{line}: {text!r} is not in {shown!r}"
