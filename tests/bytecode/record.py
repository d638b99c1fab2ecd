"""Writes the code objects of corpus.py, as the running CPython makes them, as JSON to standard output.

    python3.12 tests/bytecode/record.py > tests/bytecode/recorded/3.12.json

Runs under any CPython from 3.11 and needs nothing but the standard library; `cargo xtask interpreters` brings those
that the machine lacks.  The reader is crates/frontend/tests/bytecode/recording.rs; keep the two in step.
"""
import builtins
import dis
import json
import struct
import sys
import types


def constant(value, codes):
    """A constant as [kind, content]."""
    kind = type(value)
    if value is None:
        return ["none"]
    if value is ...:
        return ["ellipsis"]
    if kind is bool:
        return ["bool", value]
    if kind is int:
        return ["int", str(value)]
    if kind is float:
        return ["float", bits(value)]
    if kind is complex:
        return ["complex", bits(value.real), bits(value.imag)]
    if kind is str:
        return ["str", value]
    if kind is bytes:
        return ["bytes", value.hex()]
    if kind is tuple:
        return ["tuple", [constant(item, codes) for item in value]]
    if kind is frozenset:
        return ["set", sorted((constant(item, codes) for item in value), key=repr)]
    if kind is slice:
        return ["slice", [constant(part, codes) for part in (value.start, value.stop, value.step)]]
    if kind is types.CodeType:
        return ["code", codes(value)]
    raise TypeError(f"no way to record a {kind.__name__}")


def bits(number):
    return struct.pack(">d", number).hex()


def runs(positions):
    """Positions of the code units, equal neighbours as one: [count, line, end line, column, end column]."""
    found = []
    for position in positions:
        if found and found[-1][1:] == list(position):
            found[-1][0] += 1
        else:
            found.append([1, *position])
    return found


def globals_of(code, module):
    """What the global names stand for: built-ins and modules by name, numbers as they are."""
    known = {}
    for name in code.co_names:
        if name in module:
            value = module[name]
            if isinstance(value, types.ModuleType):
                known[name] = ["named", value.__name__]
            elif isinstance(value, types.FunctionType):
                known[name] = ["named", "corpus." + name]
            else:
                known[name] = constant(value, None)
        elif hasattr(builtins, name):
            known[name] = ["named", "builtins." + name]
    for name in imported(code):
        for module in (name, name.partition(".")[0]):
            known["import " + module] = ["named", module]
    return known


def imported(code):
    """The names that the code imports; 3.15 has two flags below their numbers."""
    flags = 2 if sys.version_info >= (3, 15) else 0
    instructions = [found for found in dis.get_instructions(code) if found.opname == "IMPORT_NAME"]
    return [code.co_names[found.arg >> flags] for found in instructions]


def record(source, filename):
    """Every function of the source, nested ones after the one that holds them."""
    module = {"__name__": "corpus"}
    exec(compile(source, filename, "exec"), module)
    recorded = []

    def add(code, defaults):
        number = len(recorded)
        entry = {}
        recorded.append(entry)
        entry.update(
            qualname=code.co_qualname,
            firstlineno=code.co_firstlineno,
            code=code.co_code.hex(),
            consts=[constant(value, lambda nested: add(nested, [])) for value in code.co_consts],
            names=list(code.co_names),
            varnames=list(code.co_varnames),
            cellvars=list(code.co_cellvars),
            freevars=list(code.co_freevars),
            counts=[code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount],
            flags=code.co_flags,
            exception_table=code.co_exceptiontable.hex(),
            positions=runs(code.co_positions()),
            globals=globals_of(code, module),
            defaults=defaults,
        )
        return number

    for value in list(module.values()):
        if isinstance(value, types.FunctionType) and value.__module__ == "corpus":
            code = value.__code__
            names = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]
            given = dict(zip(reversed(names[:code.co_argcount]), reversed(value.__defaults__ or ())))
            given.update(value.__kwdefaults__ or {})
            add(code, [constant(given[name], None) if name in given else None for name in names])
    return {"version": list(sys.version_info[:2]), "full_version": sys.version.split()[0], "functions": recorded}


def dump(recording):
    """One line per function, so that a change shows."""
    functions = recording.pop("functions")
    lines = ",\n".join(json.dumps(function, separators=(",", ":")) for function in functions)
    return json.dumps(recording, separators=(",", ":"))[:-1] + ',"functions":[\n' + lines + "\n]}\n"


if __name__ == "__main__":
    import pathlib

    path = pathlib.Path(__file__).with_name("corpus.py")
    sys.stdout.write(dump(record(path.read_text(), "corpus.py")))
