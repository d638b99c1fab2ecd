"""Runs Numba's own test modules (they are installed with Numba) with its decorators standing for Coachwhip's.

Each case runs twice, in a child of its own each time: as plain Python, with decorators that do nothing, and compiled
by Coachwhip.  Whatever fails as plain Python is Numba's expectation alone; of the others, Python's oracle says that
they must pass.  `tests/numba_expectations.txt` lists what is expected to fail, and why.

What stands in the place of Numba's own things, in both runs:

* `jit`, `njit`, `register_jitable`, and Numba's types in signatures;
* a typed list is a list: `List()`, `typed.List()`, `listobject.new_list(type)`;
* `prange` is `range`, `literal_unroll(x)` is `x`, and the types of `signed_domain` and `unsigned_domain` are NumPy's;
* statements that look for something in Numba's LLVM are left out.
"""
import argparse
import ast
import importlib.abc
import importlib.util
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXPECTATIONS = ROOT / "tests" / "numba_expectations.txt"
KINDS = {
    "numba": "plain Python fails as well: only Numba expects this",
    "internal": "passes as plain Python by the way, but is about Numba's own parts",
    "open": "Coachwhip fails where plain Python passes",
}
# Options of Numba's decorators that are about Numba's own parts.
NUMBAS_OWN = {"_nrt", "forceobj", "looplift", "no_cpython_wrapper", "nopython", "parallel"}
# Begins the lines for the parent, among whatever a test module prints.
MARK = "CASE "
# Seconds for one case.
LIMIT = 40


def main():
    parser = argparse.ArgumentParser(
        prog="cargo xtask numba-tests", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Examples:\n"
               "  cargo xtask numba-tests lists try_except      numba.tests.test_lists and test_try_except\n"
               "  cargo xtask numba-tests lists -k sort -v      the cases with 'sort' in their names, with what failed\n\n"
               "Kinds in tests/numba_expectations.txt:\n"
               + "".join(f"  {name:9} {why}\n" for name, why in KINDS.items()))
    parser.add_argument("modules", nargs="+", metavar="MODULE", help="lists, test_lists or numba.tests.test_lists")
    parser.add_argument("-k", dest="part", default="", help="only the cases with this text in their names")
    parser.add_argument("-v", dest="verbose", action="store_true", help="every case that fails, with its last lines")
    parser.add_argument("--serve", choices=("plain", "coachwhip"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    modules = [full_name(module) for module in options.modules]
    if options.serve:
        return serve(modules[0], options.serve, options.part)
    return report(modules, options)


def full_name(module):
    """The whole name of a test module."""
    last = module.rsplit(".", 1)[-1]
    return "numba.tests." + (last if last.startswith("test_") else "test_" + last)


# The face: runs, compares, prints.


def report(modules, options):
    """Runs the modules and prints the table; 1 if something is not as expected."""
    expected = read_expectations()
    surprises = []
    rows = []
    for module in modules:
        plain = outcomes(module, "plain", options.part)
        ours = outcomes(module, "coachwhip", options.part)
        rows.append(row(module, plain, ours, expected))
        surprises += compare(module, plain, ours, expected, options)
    print(f"{'module':32}{'cases':>7}{'skipped':>9}{'Numba alone':>13}{'shared':>8}{'pass':>6}{'':>8}")
    for line in rows:
        print(line)
    for line in surprises:
        print(line)
    if surprises:
        print(f"\n{len(surprises)} not as tests/numba_expectations.txt says")
        return 1
    print("\nall as tests/numba_expectations.txt says")
    return 0


def row(module, plain, ours, expected):
    """One line of the table."""
    skipped = sum(o["outcome"] == "skipped" for o in plain.values())
    about = {n for n in plain if expected.get((module, n), ("", ""))[0] == "internal"}
    shared = [n for n, o in plain.items() if o["outcome"] == "passed" and n not in about]
    passed = sum(ours.get(n, {}).get("outcome") == "passed" for n in shared)
    alone = len(plain) - skipped - len(shared)
    share = f"{100 * passed / len(shared):.1f} %" if shared else "-"
    return f"{module:32}{len(plain):7}{skipped:9}{alone:13}{len(shared):8}{passed:6}{share:>8}"


def compare(module, plain, ours, expected, options):
    """Lines about the cases that are not as expected; prints what failed if that is asked for."""
    lines = []
    for name, one in plain.items():
        kind, _ = expected.get((module, name), ("", ""))
        alone = one["outcome"] != "passed"
        failed = ours.get(name, {"outcome": "lost", "text": ""})
        if one["outcome"] == "skipped":
            continue
        if options.verbose and failed["outcome"] != "passed" and not alone:
            print(f"--- {module} {name} {failed['outcome']} {kind}\n{failed['text']}\n")
        if alone:
            if kind != "numba":
                lines.append(f"{module} {name}: fails as plain Python, and is not listed: {last_line(one['text'])}")
        elif kind == "numba":
            lines.append(f"{module} {name}: listed as Numba's alone, but passes as plain Python")
        elif failed["outcome"] == "passed" and kind == "open":
            lines.append(f"{module} {name}: listed as open, but passes")
        elif failed["outcome"] in ("crashed", "hung", "lost"):
            lines.append(f"{module} {name}: {failed['outcome']}")
        elif failed["outcome"] != "passed" and not kind:
            lines.append(f"{module} {name}: failed: {last_line(failed['text'])}")
    if not options.part:
        known = {n for m, n in expected if m == module}
        lines += [f"{module} {name}: listed, but there is no such case" for name in sorted(known - set(plain))]
    return lines


def last_line(text):
    """What a text says first of all: the diagnostic in it, or its last line."""
    lines = text.strip().splitlines() or [""]
    return next((line for line in reversed(lines) if ": error[CW" in line), lines[-1])[:200]


def read_expectations():
    """(module, case) to (kind, why); lines are `kind case why` below a line `[module]`."""
    found = {}
    module = ""
    for number, line in enumerate(EXPECTATIONS.read_text().splitlines(), 1):
        line = line.split("#", 1)[0].strip() if line.startswith("#") else line.strip()
        if line.startswith("["):
            module = full_name(line.strip("[]"))
        elif line:
            kind, case, *why = line.split(None, 2)
            if kind not in KINDS or not why:
                raise SystemExit(f"{EXPECTATIONS.name}:{number}: a line is KIND CASE WHY, with KIND one of {', '.join(KINDS)}")
            found[module, case] = kind, why[0]
    return found


def outcomes(module, mode, part):
    """What each case of a module does: its name to outcome and text."""
    command = [sys.executable, __file__, "--serve", mode, module] + (["-k", part] if part else [])
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{module} cannot be run as {mode}: exit {done.returncode}; its error is above")
    found = [json.loads(line.removeprefix(MARK)) for line in done.stdout.splitlines() if line.startswith(MARK)]
    return {one["name"]: one for one in found}


# The child that imports a module and forks for each case.


def serve(module, mode, part):
    """Runs every case of a module in a fork of this process and prints a line of JSON for each."""
    import unittest

    stand_in(mode)
    loaded = load(module)
    suite = [unittest.defaultTestLoader.loadTestsFromModule(loaded)]
    while suite:
        one = suite.pop(0)
        if isinstance(one, unittest.TestSuite):
            suite = list(one) + suite
        elif part in one.id():
            outcome, text = forked(one)
            name = one.id().removeprefix(module + ".")
            print(MARK + json.dumps({"name": name, "outcome": outcome, "text": text}), flush=True)
    return 0


def forked(case):
    """Outcome and text of a case that runs in a child."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.write(there, json.dumps(run(case)).encode())
        os._exit(0)
    os.close(there)
    data = b""
    end = time.monotonic() + LIMIT
    while select.select([here], [], [], max(0.0, end - time.monotonic()))[0]:
        more = os.read(here, 1 << 16)
        if not more:
            break
        data += more
    else:
        os.kill(child, signal.SIGKILL)
    os.close(here)
    _, status = os.waitpid(child, 0)
    try:
        return json.loads(data)
    except ValueError:
        ended = f"signal {status & 127}" if status & 127 else f"exit {status >> 8}"
        return ("hung" if time.monotonic() >= end else "crashed"), ended


def run(case):
    """Outcome and text of a case."""
    import unittest

    result = unittest.TestResult()
    try:
        case.run(result)
    except BaseException as error:  # noqa: BLE001 -- whatever ends a case is its failure
        return "failed", f"{type(error).__name__}: {error}"
    told = [text for _, text in result.errors + result.failures]
    if told:
        return "failed", "\n".join(told)[-4000:]
    return ("skipped" if result.skipped else "passed"), ""


# What stands in the place of Numba's own things.


def stand_in(mode):
    """Puts the stand-ins into Numba, before a test module asks for them."""
    import numba
    import numba.extending
    import numpy

    import coachwhip

    def plain(function):
        function.py_func = function
        return function

    def jit(signature_or_function=None, signature=None, **options):
        if callable(signature_or_function) and hasattr(signature_or_function, "__code__"):
            return plain(signature_or_function) if mode == "plain" else coachwhip.jit(signature_or_function)
        if isinstance(signature_or_function, coachwhip.Dispatcher):
            return coachwhip.jit(signature_or_function)
        if mode == "plain":
            return plain
        kept = {name: value for name, value in options.items() if name not in NUMBAS_OWN}
        first = signature_or_function if signature_or_function is not None else signature
        return coachwhip.jit(*([] if first is None else [translated(first)]), **kept)

    def same(x):
        return x

    numba.jit = numba.njit = jit
    numba.extending.register_jitable = same
    numba.literal_unroll = same
    numba.prange = range
    types = numba.core.types
    types.signed_domain = tuple(getattr(numpy, t.name) for t in sorted(types.signed_domain, key=str))
    types.unsigned_domain = tuple(getattr(numpy, t.name) for t in sorted(types.unsigned_domain, key=str))


def translated(signature):
    """A signature of Numba's as one of Coachwhip's."""
    import numba
    from numba.core import types
    from numba.core.typing import Signature

    import coachwhip.types as ours

    if isinstance(signature, list):
        return [translated(one) for one in signature]
    if isinstance(signature, tuple):
        return tuple(translated(one) for one in signature)
    if isinstance(signature, Signature):
        result = translated(signature.return_type) if signature.return_type is not None else ours.void
        return result(*map(translated, signature.args))
    if isinstance(signature, types.Array):
        element = translated(signature.dtype)
        axes = [slice(None)] * signature.ndim
        if signature.layout == "C":
            axes[-1] = slice(None, None, 1)
        elif signature.layout == "F":
            axes[0] = slice(None, None, 1)
        return element[axes[0] if len(axes) == 1 else tuple(axes)]
    if isinstance(signature, types.BaseTuple):
        return ours.Tuple([translated(one) for one in signature])
    if isinstance(signature, (types.List, types.ListType)) and hasattr(ours, "ListType"):
        return ours.ListType(translated(signature.dtype))
    if isinstance(signature, types.Type):
        known = getattr(ours, {"bool": "boolean"}.get(signature.name, signature.name), None)
        if known is None:
            raise NotImplementedError(f"{signature} in a signature")
        return known
    assert not isinstance(signature, numba.types.Type)
    return signature


class Lists(ast.NodeTransformer):
    """Makes lists of Numba's typed lists, and leaves looks at LLVM out."""

    def visit_Expr(self, node):
        if "inspect_llvm" in ast.unparse(node):
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)

    def visit_Call(self, node):
        self.generic_visit(node)
        name = ast.unparse(node.func)
        new = name in ("listobject.new_list", "List.empty_list", "typed.List.empty_list") and len(node.args) == 1
        if new and not node.keywords or name in ("List", "typed.List") and not node.args:
            return ast.copy_location(ast.List([], ast.Load()), node)
        if name in ("List", "typed.List"):
            return ast.copy_location(ast.Call(ast.Name("list", ast.Load()), node.args, node.keywords), node)
        return node


class Loader(importlib.abc.SourceLoader):
    """Loads a test module with typed lists as lists; its lines stay where they are."""

    def __init__(self, path):
        self.path = path

    def get_filename(self, fullname):
        return self.path

    def get_data(self, path):
        if path != self.path:
            raise OSError("nothing compiled is kept")
        return pathlib.Path(path).read_bytes()

    def source_to_code(self, data, path, *, _optimize=-1):
        tree = ast.fix_missing_locations(Lists().visit(ast.parse(data, path)))
        return compile(tree, path, "exec", dont_inherit=True)


def load(module):
    """A test module of Numba's."""
    found = importlib.util.find_spec(module)
    if found is None:
        raise SystemExit(f"there is no module {module}")
    spec = importlib.util.spec_from_loader(module, Loader(found.origin), origin=found.origin)
    made = importlib.util.module_from_spec(spec)
    sys.modules[module] = made
    spec.loader.exec_module(made)
    return made


if __name__ == "__main__":
    sys.exit(main())
