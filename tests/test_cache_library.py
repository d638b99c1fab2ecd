"""Library functions that are compiled by themselves: kept, found again by other callers and processes, never wrong."""
import os
import pathlib
import subprocess
import sys
import tempfile

import pytest

import coachwhip

PACKAGE = pathlib.Path(coachwhip.__file__).parent

# A module of the library that is not in any file: it stands for functions that nothing else implements.
PROBE = '''
import os, sys, types
import numpy as np, coachwhip as cw
from coachwhip import _core
from coachwhip.lib.index import INDEX

SOURCE = """
import coachwhip as cw
import numpy as np
from coachwhip.lib import implements
from coachwhip.lib.compiler import constant
TABLE = np.arange(10.0)

def helper(x, i):
    if i > 100:
        raise ValueError("too large")
    return x + TABLE[i]

@implements("coachwhip.probe_interp", separate=True)
def interp(a, k=2, fill=0.5):
    out = np.empty(a.shape[0])
    for i in range(a.shape[0]):
        out[i] = helper(a[i], k) * fill
    return out

@implements("coachwhip.probe_trapezoid", separate=("axis",))
def trapezoid(a, weight=1, axis=0):
    axis = constant(axis, "axis")
    b = cw.probe_interp(a)
    total = 0.0
    for i in range(a.shape[axis]):
        total += b[i] * weight
    return total, None, b, a

@implements("coachwhip.probe_unwrap", separate=True)
def unwrap(a, depth):
    if depth == 0:
        return a[0]
    return cw.probe_unwrap(a[1:], depth - 1)

@implements("coachwhip.probe_packbits", separate=True)
def packbits(a):
    return (1, 2)
"""
probe = types.ModuleType("coachwhip.lib._probe")
exec(compile(SOURCE, os.path.join(os.path.dirname(cw.__file__), "lib", "_probe.py"), "exec"), probe.__dict__)
sys.modules["coachwhip.lib._probe"] = probe
for name in ("interp", "trapezoid", "unwrap", "packbits"):
    def known_by_name():
        pass
    known_by_name.__module__, known_by_name.__name__ = "coachwhip", f"probe_{name}"
    setattr(cw, f"probe_{name}", known_by_name)
    INDEX[f"coachwhip.probe_{name}"] = f"_probe.{name}"
ones = np.ones(4)

def layer(function, *arguments):
    value = function(*arguments)
    spec = _core.specialisations(function)[-1]
    return spec["layer"], spec["library"][0] > 0, value
'''

USES = PROBE + '''
@cw.jit
def f(a, k):
    total, nothing, b, same = cw.probe_trapezoid(a, k)
    return cw.probe_interp(a, k), total, b, nothing, same
where, compiled, (x, total, b, nothing, same) = layer(f, ones, 3)
assert x.tolist() == [2.0] * 4 and total == 18.0 and b.tolist() == [1.5] * 4 and nothing is None and same is ones
for k, error in ((101, ValueError), (50, IndexError)):
    try:
        f(ones, k)
        raise AssertionError
    except error as raised:
        frames, trace = [], raised.__traceback__
        while trace:
            frames.append((os.path.basename(trace.tb_frame.f_code.co_filename), trace.tb_frame.f_code.co_name))
            trace = trace.tb_next
        assert frames[-2:] == [("_probe.py", "interp"), ("_probe.py", "helper")], frames
assert "call_external" in str(f.inspect_ir())
print(where, compiled)
'''


def run(text, cache):
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "COACHWHIP_CACHE_DIR": str(cache)}
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([sys.executable, file.name], env=environment, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_callers_in_other_processes_use_what_is_kept(tmp_path):
    cache = tmp_path / "cache"
    assert run(USES, cache) == ["compiled", "True"]
    assert run(USES, cache) == ["user", "False"]
    # A new caller, with the function kept and its own code not.
    other = USES.replace("cw.probe_interp(a, k), total", "cw.probe_interp(a, k) * 1.0, total")
    assert run(other, cache) == ["compiled", "False"]
    # Callers of kept functions that were removed.
    for path in cache.glob("*.cw"):
        whole = path.read_bytes()
        path.unlink()
        words = run(USES, cache)
        assert words[0] in ("user", "compiled")
        path.write_bytes(whole)
    for path in cache.glob("*.cw"):
        path.write_bytes(path.read_bytes()[:-5] + b"12345")
    assert run(USES, cache) == ["compiled", "True"]


def test_without_a_directory(tmp_path):
    assert run(USES, "/dev/null/nowhere") == ["compiled", "True"]


def test_the_cache_off_compiles_one_module(tmp_path):
    text = USES.replace("@cw.jit\n", "@cw.jit(cache=False)\n").replace('assert "call_external" in', 'assert "call_external" not in')
    assert run(text, tmp_path) == ["off", "False"]


def test_forms(tmp_path):
    text = PROBE + '''
def entries():
    return cw.cache_info().entries
@cw.jit
def numbers(a):
    return cw.probe_interp(a, 1)[0] + cw.probe_interp(a, 2)[0] + cw.probe_interp(a, k=3)[0]
before = entries()
assert layer(numbers, ones) == ("compiled", True, 0.5 * (2 + 3 + 4))
assert entries() == before + 2, "numbers are no constants in the function: one form for all"
@cw.jit
def axes(a):
    return cw.probe_trapezoid(a, 2, axis=-1)[0] + cw.probe_trapezoid(a, 2.5)[0]
before = entries()
where, compiled, value = layer(axes, ones)
assert (where, value) == ("compiled", 12.0 + 15.0) and entries() == before + 3, (where, value, entries() - before)
@cw.jit
def itself(a):
    return cw.probe_unwrap(a, 2)
assert layer(itself, np.arange(5.0))[2] == 2.0
@cw.jit
def constants(a):
    return a.reshape(cw.probe_packbits(a))
assert layer(constants, np.arange(2.0))[2].shape == (1, 2)
@cw.jit
def many(a, n):
    total = 0.0
    for i in range(n):
        total += cw.probe_interp(a, i % 10)[0]
    return total
assert layer(many, ones, 1000)[2] == sum(0.5 * (1 + i % 10) for i in range(1000))
assert _core.specialisations(many)[0]["releases_gil"]
live = _core.live_arrays()
many(ones, 5000)
assert _core.live_arrays() == live, "what the function returns is released by its caller"
'''
    run(text, tmp_path)


@pytest.mark.parametrize("call, what", [("cw.probe_interp(a, 'x')", "str"), ("cw.probe_trapezoid(a, 1, axis=k)", "axis")])
def test_mistakes_are_shown_at_the_call(tmp_path, call, what):
    text = PROBE + f'''
@cw.jit
def f(a, k):
    return {call}
try:
    f(ones, 0)
except cw.CompileError as error:
    message = str(error)
    assert {call!r} in message and {what!r} in message, message
else:
    raise AssertionError
'''
    run(text, tmp_path)


def package_copy(folder):
    """The package in another place: links to its files, so that a layer can be put beside them."""
    copy = folder / "coachwhip"
    for directory, _, files in os.walk(PACKAGE):
        place = copy / pathlib.Path(directory).relative_to(PACKAGE)
        if place.name == "__pycache__":
            continue
        place.mkdir(parents=True)
        for file in files:
            if file != "_layer.bin":
                (place / file).symlink_to(pathlib.Path(directory) / file)
    for libraries in pathlib.Path(PACKAGE).parent.glob("coachwhip.libs"):
        (folder / libraries.name).symlink_to(libraries)
    return copy


def run_in(folder, text, cache="/dev/null/none"):
    environment = {**os.environ, "PYTHONPATH": str(folder), "COACHWHIP_CACHE_DIR": str(cache)}
    done = subprocess.run([sys.executable, "-c", text], env=environment, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


MAKE = """
import numpy as np, coachwhip as cw
from coachwhip import _core
_core.layer_record()
@cw.jit
def f(a):
    return np.sort(a), np.median(a)
f(np.arange(5.0))
print(_core.layer_write()[1])
"""

TAKE = """
import numpy as np, coachwhip as cw
from coachwhip import _core
a = np.array([3.0, 1.0, 2.0, 7.0])
@cw.jit
def g(a, b):
    return np.median(a), np.sort(b)
middle, ordered = g(a, a)
assert middle == 2.5 and ordered.tolist() == [1.0, 2.0, 3.0, 7.0]
print(*_core.specialisations(g)[0]["library"], _core.specialisations(g)[0]["layer"])
"""


def test_the_layer_of_the_package(tmp_path):
    copy = package_copy(tmp_path / "here")
    count = int(run_in(copy.parent, MAKE)[0])
    assert count >= 4 and count % 2 == 0, "each function for two kinds of processor"
    layer = copy / "lib" / "_layer.bin"
    # The functions come from the layer, with and without a directory of the user; what used them is kept there.
    assert run_in(copy.parent, TAKE) == ["0", "2", "compiled"]
    cache = tmp_path / "cache"
    assert run_in(copy.parent, TAKE, cache) == ["0", "2", "compiled"]
    assert run_in(copy.parent, TAKE, cache) == ["0", "0", "user"]
    assert len(list(cache.glob("*.cw"))) == 1
    # Somewhere else it is the same layer.
    moved = tmp_path / "there"
    copy.parent.rename(moved)
    layer = moved / "coachwhip" / "lib" / "_layer.bin"
    assert run_in(moved, TAKE) == ["0", "2", "compiled"]
    # Damage, and a library that has changed, mean that there is none.
    whole = layer.read_bytes()
    for data in (whole[:100], b""):
        layer.write_bytes(data)
        assert run_in(moved, TAKE)[2] == "compiled"
    layer.write_bytes(whole)
    for position in (60, len(whole) // 2):
        data = bytearray(whole)
        data[position] ^= 1
        layer.write_bytes(data)
        assert run_in(moved, TAKE)[2] == "compiled"
    layer.write_bytes(whole)
    assert run_in(moved, TAKE) == ["0", "2", "compiled"]
    changed = moved / "coachwhip" / "lib" / "axes.py"
    text = changed.read_text()
    changed.unlink()
    changed.write_text(text + "\n# Changed.\n")
    # The median's own function is compiled as well.
    assert run_in(moved, TAKE) == ["3", "0", "compiled"]
