"""Writes what is made from the library: its index and the page of what is supported.

Reads sources only (Python by `ast`, tables of rules by their form), so that it needs neither the extension nor NumPy.
With `--check` it writes nothing and fails if a file is not as it would be written.
"""
import ast
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "python/coachwhip/lib"
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


def signature(node):
    """The parameters of a function as they are written."""
    return ast.unparse(node.args).replace("|", "\\|")


def limits(doc):
    """The paragraph of a docstring that says what is missing."""
    for paragraph in doc.split("\n\n"):
        if paragraph.strip().startswith("Limits:"):
            return " ".join(paragraph.split())[len("Limits:"):].strip()
    return ""


def kernels(entry):
    """The functions of the run time that a function reaches within its file."""
    tree = ast.parse((LIBRARY / (entry.module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    bodies = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    reached, work = set(), [entry.node.name]
    while work:
        name = work.pop()
        if name in reached:
            continue
        reached.add(name)
        if name in bodies:
            work.extend(node.id for node in ast.walk(bodies[name]) if isinstance(node, ast.Name))
    return sorted(reached & KERNELS & imported(tree))


def imported(tree):
    """What a file takes from `coachwhip.lib.compiler`."""
    froms = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "coachwhip.lib.compiler"]
    return {alias.name for node in froms for alias in node.names}


KERNELS = {"sort", "select", "sort_positions", "select_positions", "random_double", "random_seed"}


class Row:
    """A line of the page."""

    def __init__(self, arguments, where, missing=""):
        self.arguments, self.where, self.missing = arguments, where, missing


def rows(found):
    """What is supported, by canonical name: rules first, which are asked first."""
    known = {}
    for line in (ROOT / "crates/infer/rules.tsv").read_text(encoding="utf-8").splitlines():
        name, arguments = line.split("\t")
        known[name] = Row(arguments.replace("numpy._NoValue", "..."), "rule")
    for entry in found:
        used = kernels(entry)
        where = f"library (`{entry.module.replace('.', '/')}.py`)" + (f", kernel ({', '.join(used)})" if used else "")
        for name in entry.names:
            known.setdefault(name, Row(signature(entry.node), where, limits(entry.doc)))
    return known


SECTIONS = (
    ("Functions of NumPy", "numpy.", "np."),
    ("Methods of arrays", "numpy.ndarray.", "a."),
    ("Attributes of arrays", "attribute", "a."),
    ("Built-in functions", "builtins.", ""),
    ("Methods of str", "builtins.str.", "s."),
    ("Methods of bytes", "builtins.bytes.", "b."),
    ("The module math", "math.", "math."),
    ("The module cmath", "cmath.", "cmath."),
    ("The module operator", "operator.", "operator."),
    ("The module collections", "collections.", "collections."),
    ("The module functools", "functools.", "functools."),
    ("The module heapq", "heapq.", "heapq."),
    ("The module bisect", "bisect.", "bisect."),
)


def section_of(name):
    """The beginning of the section where a name belongs, or None: our own."""
    if name.endswith(".__get__"):
        return "attribute"
    fits = [prefix for _, prefix, _ in SECTIONS if name.startswith(prefix)]
    return max(fits, key=len, default=None)


def page(found):
    """The text of `docs/supported.md`."""
    known = rows(found)
    text = [
        "# What is supported\n\nWritten by `cargo xtask library` from the rules of the compiler (`crates/infer/src/rules`) and the"
        "\nfunction library (`python/coachwhip/lib`).  A *rule* is a few instructions that the compiler puts in place, a"
        "\nfunction of the *library* is Python that the compiler compiles with your code, a *kernel* is part of the run time."
        "\nArguments are Python's and NumPy's; `=` marks those that may be left out, `=...` those whose absence no value stands for."
        "\nWhat Python or NumPy declares beside them is refused with a message that says so.  Scalar types (`np.float32(x)`) are among the"
        "\nfunctions; operators and indexing are described in the [guide](guide.md).  What is not here can be added: see"
        "\n`coachwhip.extending` there.\n"
    ]
    for title, prefix, shown in SECTIONS:
        names = sorted(name for name in known if section_of(name) == prefix)
        text.append(f"\n## {title}\n\n{len(names)} in all.\n")
        attributes = prefix == "attribute"
        columns = ["name", *([] if attributes else ["arguments"]), "where", "limits"]
        text.append(f"\n| {' | '.join(columns)} |\n{'|---' * len(columns)}|\n")
        for name in names:
            row = known[name]
            short = name.removesuffix(".__get__").removeprefix("numpy.ndarray." if attributes else prefix)
            cells = [f"`{shown}{short}`", *([] if attributes else [arguments_cell(row, prefix)]), row.where, row.missing]
            text.append(f"| {' | '.join(cells)} |\n")
    return "".join(text)


def arguments_cell(row, prefix):
    """The arguments of a line; of a method without its object."""
    arguments = row.arguments
    if prefix == "numpy.ndarray." or arguments.startswith("self, "):
        arguments = ", ".join(arguments.split(", ")[1:]).removeprefix("/, ").removeprefix("/")
    return f"`{arguments}`" if arguments else ""


def main():
    """Writes or checks the files."""
    found = list(entries())
    wanted = {LIBRARY / "index.py": index(found), ROOT / "docs/supported.md": page(found)}
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
