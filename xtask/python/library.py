"""Writes what is made from the library: its index and the page of what is supported.

Reads sources only (Python by `ast`, tables of rules by their form), so that it needs neither the extension nor NumPy.
With `--check` it writes nothing and fails if a file is not as it would be written.
"""
import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "python/coachwhip/lib"
RULES = ROOT / "crates/infer/src/rules"
NOT_FAMILIES = {"__init__", "index", "compiler", "kinds"}


class Entry:
    """A function of the library and the names that it implements."""

    def __init__(self, module, node, names):
        self.module, self.node, self.names = module, node, names
        self.place = f"{module}.{node.name}"
        self.doc = ast.get_docstring(node) or ""


def names_of(decorator):
    """The canonical names in `@implements(...)`, or none."""
    if not isinstance(decorator, ast.Call) or getattr(decorator.func, "id", None) != "implements":
        return []
    names = [ast.literal_eval(item) for item in decorator.args]
    for keyword in decorator.keywords:
        if keyword.arg == "method":
            names.append(f"numpy.ndarray.{ast.literal_eval(keyword.value)}")
        if keyword.arg == "attribute":
            names.append(f"numpy.ndarray.{ast.literal_eval(keyword.value)}.__get__")
    return names


def entries():
    """Every function of the library, by file and place."""
    for path in sorted(LIBRARY.rglob("*.py")):
        if path.stem in NOT_FAMILIES:
            continue
        module = ".".join(path.relative_to(LIBRARY).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                names = [name for decorator in node.decorator_list for name in names_of(decorator)]
                if names:
                    yield Entry(module, node, names)


def index(found):
    """The text of `coachwhip/lib/index.py`."""
    lines = {}
    for entry in found:
        for name in entry.names:
            if name in lines:
                sys.exit(f"library: {name} is implemented twice: {lines[name]} and {entry.place}")
            lines[name] = entry.place
    rows = "".join(f'    "{name}": "{place}",\n' for name, place in sorted(lines.items()))
    return (
        '"""Where each library function is; written by `cargo xtask library` from the decorators."""\n\n'
        f"INDEX = {{\n{rows}}}\n"
    )


def main():
    """Writes or checks the files."""
    found = list(entries())
    wanted = {LIBRARY / "index.py": index(found)}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)}: not as `cargo xtask library` writes it")
        return
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
