"""Every diagnostic code has a page; the page's example raises exactly that code, and its mended example runs."""
import contextlib
import io
import linecache
import pathlib
import re

import pytest

import coachwhip

PAGES = pathlib.Path(coachwhip.__file__).parent / "errors"
TABLE = pathlib.Path(__file__).resolve().parent.parent / "crates" / "ir" / "src" / "diagnostic.rs"
FENCE = re.compile(r"^```python(?: raises=(CW\d{4}))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# The code of coachwhip's own mistakes: an example would be a bug that nobody mends.
WITHOUT_EXAMPLE = {"CW0901"}


def titles():
    """The title of each code in the table."""
    return dict(re.findall(r'"(CW\d{4})",\s*"(.*?)";', TABLE.read_text(encoding="utf-8")))


def run(code, block, name):
    """Runs a block; the diagnostic it raised, if it raised one."""
    linecache.cache[name] = (len(block), None, block.splitlines(True), name)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(block, name, "exec"), {"__name__": "page"})  # noqa: S102
    except coachwhip.CoachwhipError as error:
        return error
    return None


@pytest.mark.parametrize("code", sorted(titles()))
def test_page(code):
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {titles()[code]}\n")
    blocks = FENCE.findall(text)
    if code in WITHOUT_EXAMPLE:
        assert not blocks
        return
    assert [raises for raises, _ in blocks] == [code, ""], "one example that is refused, then one that runs"
    error = run(code, blocks[0][1], f"<{code} example>")
    assert error is not None, "the example is not refused"
    assert error.code == code, f"the example raises {error.code}:\n{error}"
    assert len(str(error).splitlines()) <= 12, str(error)
    assert run(code, blocks[1][1], f"<{code} mended>") is None


def test_no_other_pages():
    assert {path.stem for path in PAGES.glob("*.md")} == set(titles())
