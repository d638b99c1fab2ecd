"""The table of exception classes in the compiler is Python's hierarchy."""
import builtins
import importlib
import pathlib
import re

TABLE = pathlib.Path(__file__).resolve().parent.parent / "crates" / "abi" / "src" / "class.rs"
#: Classes that newer versions have and no compiled code names; a handler for one of their bases catches them by that.
LEFT_OUT = {"ExceptionGroup", "PythonFinalizationError", "_IncompleteInputError", "ImportCycleError"}


def table():
    """The classes with their bases in the table, themselves included."""
    text = TABLE.read_text(encoding="utf-8")
    rows = [(int(depth), name) for depth, name in re.findall(r'\((\d+), "([\w.]+)"\),', text)]
    second = text[text.index("const ALSO"):]
    also = dict(re.findall(r'\("([\w.]+)", "([\w.]+)"\)', second[:second.index(";\n")]))
    above, bases = [], {}
    for depth, name in rows:
        above = [*above[:depth], name]
        bases[name] = set(above) | (bases[also[name]] if name in also else set())
    return bases


def python_class(name):
    module, _, short = name.rpartition(".")
    return getattr(importlib.import_module(module), short)


def test_every_class_is_derived_from_what_the_table_says():
    bases = table()
    assert len(bases) > 60
    for name, wanted in bases.items():
        here = python_class(name)
        found = {other for other in bases if issubclass(here, python_class(other))}
        assert found == wanted, f"{name}: {found ^ wanted}"


def test_every_class_of_python_is_in_the_table():
    known = {python_class(name) for name in table()}
    for name, value in vars(builtins).items():
        if isinstance(value, type) and issubclass(value, BaseException) and name not in LEFT_OUT:
            assert value in known, name
