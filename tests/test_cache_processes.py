"""The cache between real processes: every way to run Python, directories of every kind, processes that are killed."""
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

import pytest

import coachwhip

PACKAGE = str(pathlib.Path(coachwhip.__file__).parents[1])

# Prints the layers of its functions and what they returned.
PROGRAM = """
import warnings, coachwhip as cw
warnings.simplefilter("always")
@cw.jit
def f(x):
    return 3 if x in {"no", "yes", "perhaps"} else x * 2 + 1
value = f(20)
from coachwhip import _core
print(_core.specialisations(f)[0]["layer"], value)
"""


def environment(cache, **more):
    """The variables of a process that uses a directory."""
    return {**os.environ, "PYTHONPATH": PACKAGE, "COACHWHIP_CACHE_DIR": str(cache), **more}


def run(*arguments, cache, text=None, check=True, **more):
    """Runs Python; the words of its output, and what it wrote to the error stream."""
    done = subprocess.run([sys.executable, *arguments], input=text, env=environment(cache, **more), text=True,
                          capture_output=True, timeout=120)
    if check:
        assert done.returncode == 0, done.stderr
    return done.stdout.split(), done.stderr


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def test_file_exec_command_and_standard_input_share_entries(tmp_path, cache):
    here, there = tmp_path / "here.py", tmp_path / "there.py"
    here.write_text(PROGRAM)
    there.write_text("# Moved.\n" + PROGRAM)
    assert run(str(here), cache=cache, PYTHONHASHSEED="1")[0] == ["compiled", "41"]
    assert run(str(there), cache=cache, PYTHONHASHSEED="2")[0] == ["user", "41"]
    assert run("-c", PROGRAM, cache=cache)[0] == ["user", "41"]
    assert run("-", text=PROGRAM, cache=cache)[0] == ["user", "41"]
    assert run("-c", f"exec({PROGRAM!r})", cache=cache)[0] == ["user", "41"]


def test_arrays_library_functions_and_callbacks_from_another_process(cache):
    text = """
import numpy as np, coachwhip as cw
from coachwhip import _core
TABLE = np.arange(6.0)
class Wrong(Exception): pass
@cw.jit
def f(a):
    if len(a) == 0:
        raise Wrong("empty", 0)
    b = np.zeros(3)
    b[:] = a[1:4]
    return b, TABLE[2] + max(a[0], 2.5), a
@cw.cfunc("float64(float64)")
def c(x):
    return x * 2 + 0.25
a = np.arange(10.0)
b, x, same = f(a)
assert same is a and b.tolist() == [1.0, 2.0, 3.0] and x == 4.5
assert c.ctypes(4.0) == 8.25
try:
    f(a[:0])
except Wrong as error:
    assert error.args == ("empty", 0) and error.__traceback__.tb_next.tb_lineno == 9, error.__traceback__.tb_next.tb_lineno
print(_core.specialisations(f)[0]["layer"], c(4.0))
"""
    for layer in ("compiled", "user", "user"):
        assert run("-c", text, cache=cache)[0] == [layer, "8.25"]


def entry(cache):
    [path] = cache.glob("*.cw")
    return path


def ran(cache, **more):
    """The layer of the program, which must be right, and its warnings."""
    (layer, value), errors = run("-c", PROGRAM, cache=cache, **more)
    assert value == "41"
    return layer, errors


def test_damage_is_absence(cache):
    assert ran(cache) == ("compiled", "")
    path = entry(cache)
    whole = path.read_bytes()
    generator = random.Random(5)
    spoilt = [b"", whole[:-1], whole[:40], whole + b"x", bytes(len(whole)), generator.randbytes(len(whole))]
    for position in (0, 9, 20, 60, len(whole) // 2, len(whole) - 1):
        data = bytearray(whole)
        data[position] ^= 1 << generator.randrange(8)
        spoilt.append(bytes(data))
    for data in spoilt:
        path.write_bytes(data)
        assert ran(cache) == ("compiled", "")
        assert path.read_bytes() != data, "a good entry takes its place"
    assert ran(cache) == ("user", "")


def test_entries_that_are_not_ours_are_absent(cache, tmp_path):
    assert ran(cache) == ("compiled", "")
    path = entry(cache)
    whole = path.read_bytes()
    # Sealed by somebody else: another user's cache has another secret.
    other = tmp_path / "other"
    assert ran(other) == ("compiled", "")
    path.write_bytes(entry(other).read_bytes())
    assert ran(cache) == ("compiled", "")
    # Writable by others.
    path.chmod(0o666)
    assert ran(cache) == ("compiled", "")
    # A link to a good entry.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(whole)
    path.unlink()
    path.symlink_to(elsewhere)
    assert ran(cache)[0] == "compiled"
    assert not path.is_symlink() and elsewhere.read_bytes() == whole
    # Things that are no files.
    path.unlink()
    path.mkdir()
    assert ran(cache) == ("compiled", "")
    path.rmdir()
    os.mkfifo(path)
    assert ran(cache)[0] == "compiled"
    assert ran(cache)[0] == "user"


def refused(cache, why):
    layer, errors = ran(cache)
    assert layer == "compiled"
    assert errors.count("RuntimeWarning") == 1 and why in errors and "COACHWHIP_CACHE_DIR" in errors, errors


def test_directories_that_others_control_are_refused(cache, tmp_path):
    cache.mkdir(mode=0o700)
    cache.chmod(0o777)
    refused(cache, "others may write to it")
    assert not list(cache.iterdir())
    cache.chmod(0o755)
    assert ran(cache) == ("compiled", "")
    secret = cache / "secret"
    secret.chmod(0o644)
    refused(cache, "others may read or write its secret")
    secret.chmod(0o600)
    assert ran(cache) == ("user", "")
    secret.write_bytes(b"short")
    refused(cache, "its secret is damaged")
    secret.unlink()
    assert ran(cache) == ("compiled", "")
    link = tmp_path / "link"
    link.symlink_to(cache)
    refused(link, "it is a symbolic link")
    if os.geteuid() == 0:
        os.chown(cache, 12345, -1)
        refused(cache, "it belongs to another user")


def test_modes_of_what_is_made(cache):
    ran(cache)
    assert cache.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in cache.iterdir()} == {0o600}


# Without this, root may write where the mode says that nobody may.
POWERLESS = """
import ctypes
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)())
"""


def test_directories_that_cannot_be_written(cache, tmp_path):
    assert ran(cache) == ("compiled", "")
    cache.chmod(0o500)
    try:
        assert run("-c", POWERLESS + PROGRAM, cache=cache) == (["user", "41"], "")
        changed = POWERLESS + PROGRAM.replace("+ 1", "+ 2")
        assert run("-c", changed, cache=cache) == (["compiled", "42"], "")
    finally:
        cache.chmod(0o700)
    assert len(list(cache.glob("*.cw"))) == 1
    file = tmp_path / "file"
    file.write_text("x")
    for place in (file, file / "below", "/proc/nowhere", "/dev/null"):
        assert ran(place) == ("compiled", "")
    nowhere = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME")}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env={**nowhere, "PYTHONPATH": PACKAGE, "COACHWHIP_CACHE_DIR": ""},
                          text=True, capture_output=True)
    assert done.stdout.split() == ["compiled", "41"] and not done.stderr


def test_a_full_disk_leaves_nothing_half(cache):
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n" + PROGRAM
    for _ in range(2):
        assert run("-c", full, cache=cache) == (["compiled", "41"], "")
        assert not [path.name for path in cache.iterdir() if path.suffix == ".cw" or path.name.startswith(".")]
    assert ran(cache) == ("compiled", "")
    assert ran(cache) == ("user", "")


def test_the_usual_directory(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    base = {name: value for name, value in os.environ.items() if name not in ("COACHWHIP_CACHE_DIR", "XDG_CACHE_HOME")}
    for more, expected in (({}, home / ".cache/coachwhip"),
                           ({"XDG_CACHE_HOME": str(tmp_path / "xdg")}, tmp_path / "xdg/coachwhip"),
                           ({"XDG_CACHE_HOME": "relative"}, home / ".cache/coachwhip")):
        subprocess.run([sys.executable, "-c", PROGRAM], env={**base, "PYTHONPATH": PACKAGE, "HOME": str(home), **more},
                       check=True, capture_output=True)
        assert len(list(expected.glob("*.cw"))) == 1
    assert (home / ".cache").stat().st_mode & 0o777 == 0o700


MANY = """
import sys, coachwhip as cw
from coachwhip import _core
layers = []
for k in map(int, sys.argv[1:]):
    names = {}
    exec(f"def f(x):\\n    return x * {k} + 1\\n", names)
    f = cw.jit(names["f"])
    assert f(2) == 2 * k + 1
    layers.append(_core.specialisations(f)[0]["layer"])
print(*layers)
"""


def test_eviction_removes_what_was_not_used_for_longest(cache):
    some = [str(k) for k in range(10)]
    assert run("-c", MANY, *some, cache=cache)[0] == ["compiled"] * 10
    size = max(path.stat().st_size for path in cache.glob("*.cw"))
    for path in cache.glob("*.cw"):
        os.utime(path, (1, 1))
    assert run("-c", MANY, "3", "5", cache=cache)[0] == ["user"] * 2
    limit = {"COACHWHIP_CACHE_SIZE": str(11 * size)}
    more = [str(k) for k in range(100, 105)]
    assert run("-c", MANY, *more, cache=cache, **limit)[0] == ["compiled"] * 5
    assert 5 <= len(list(cache.glob("*.cw"))) <= 11
    assert run("-c", MANY, "3", "5", *more, cache=cache, **limit)[0] == ["user"] * 7
    # A limit that nothing fits in, none at all, and one that is no size.
    small = cache.with_name("small")
    assert run("-c", MANY, "1", cache=small, COACHWHIP_CACHE_SIZE="1K")[0] == ["compiled"]
    assert not list(small.glob("*.cw"))
    none = cache.with_name("none")
    assert run("-c", MANY, "1", cache=none, COACHWHIP_CACHE_SIZE="0")[0] == ["compiled"]
    assert not none.exists()
    words, errors = run("-c", MANY, "1", cache=small, COACHWHIP_CACHE_SIZE="much")
    assert words == ["compiled"] and "COACHWHIP_CACHE_SIZE=much is not a size" in errors
    assert len(list(small.glob("*.cw"))) == 1


def test_the_command_line(cache):
    run("-c", MANY, "1", "2", cache=cache)
    run("-c", MANY, "1", "2", "3", cache=cache)
    words, _ = run("-m", "coachwhip", "cache", "info", cache=cache)
    table = dict(zip(words, words[1:]))
    assert (table["directory"], table["entries"], table["hits"], table["misses"]) == (str(cache), "3", "2", "3")
    words, _ = run("-m", "coachwhip", "cache", "clear", cache=cache)
    assert words[:3] == ["removed", "3", "entries,"]
    assert not list(cache.glob("*.cw"))
    assert "COACHWHIP_CACHE_SIZE" in " ".join(run("-m", "coachwhip", "cache", "--help", cache=cache)[0])
    assert "cannot be used" in " ".join(run("-m", "coachwhip", "cache", cache="/dev/null/x")[0])
    assert run("-c", MANY, "1", cache=cache)[0] == ["compiled"]


def test_a_forked_child_uses_the_cache(cache):
    text = MANY.replace("layers = []", """
import os
child = os.fork()
if child:
    assert os.waitpid(child, 0)[1] == 0
layers = []
""")
    assert run("-c", text, "4", "5", cache=cache)[0] == ["compiled"] * 2 + ["user"] * 2


def crowd(seed, directory, end):
    """A process that forks children which call small functions, kills some of them, and says if a result was wrong."""
    os.environ["COACHWHIP_CACHE_DIR"] = str(directory)
    generator = random.Random(seed)
    while time.monotonic() < end:
        child = os.fork()
        if child == 0:
            wrong = 1
            try:
                for _ in range(40):
                    k = generator.randrange(25)
                    names = {}
                    exec(f"def f(x):\n    return x * {k} + {seed % 2}\n", names)
                    if coachwhip.jit(names["f"])(7) != 7 * k + seed % 2:
                        os._exit(2)
                    if generator.random() < 0.1:
                        spoil(directory, generator)
                wrong = 0
            finally:
                os._exit(wrong)
        if generator.random() < 0.7:
            time.sleep(generator.random() * 0.1)
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        generator.random()
        if status not in (0, signal.SIGKILL):
            return status
    return 0


def spoil(directory, generator):
    """Damages or removes an entry."""
    entries = list(directory.glob("*.cw"))
    if not entries:
        return
    path = generator.choice(entries)
    try:
        if generator.random() < 0.3:
            path.unlink()
        else:
            with open(path, "r+b") as file:
                file.seek(generator.randrange(path.stat().st_size))
                file.write(generator.randbytes(3))
    except OSError:
        pass


def test_32_processes_in_one_directory_some_of_them_killed(cache):
    program = f"""
import sys, pathlib, time
sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r})
import test_cache_processes as t
import os
os.environ["COACHWHIP_CACHE_SIZE"] = "60K"
children = []
end = time.monotonic() + 5
for seed in range(32):
    child = os.fork()
    if child == 0:
        os._exit(t.crowd(seed, pathlib.Path(sys.argv[1]), end) != 0)
    children.append(child)
print(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""
    assert run("-c", program, str(cache), cache=cache)[0] == ["0"]
    assert ran(cache)[0] == "compiled"
    assert ran(cache) == ("user", "")
