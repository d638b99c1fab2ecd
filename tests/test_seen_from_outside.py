"""gdb and perf see Python lines inside compiled loops; where these tools are not installed or not allowed, nothing is asked."""
import functools
import os
import re
import shutil
import subprocess
import sys

import pytest

#: A loop that runs until somebody has seen it; the lines are counted in the tests.
SCRIPT = '''\
import os, signal, sys, threading, time
import numpy as np
from coachwhip import jit

def step(x):
    return x * 0.5 + 1.0

@jit(cache=False)
def spin(a, n):
    total = 0.0
    for k in range(n):
        for i in range(a.shape[0]):
            total += step(a[i]) / (total + 2.0)
    return total

spin(np.ones(10), 1)
'''
LOOP = range(11, 14)
STEP = 6


def written(tmp_path, end):
    """The script with an end."""
    path = tmp_path / "demo.py"
    path.write_text(SCRIPT + end)
    return path


def run(command, seconds=120, **options):
    """What a command says."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, errors="replace", **options)
    return done.stdout + done.stderr


def environment(tmp_path, **more):
    """Ours, with a compiled function's own directory for what is written."""
    return {**os.environ, "COACHWHIP_CACHE_DIR": str(tmp_path / "cache"), "PYTHONFAULTHANDLER": "", **more}


@functools.cache
def works(*command):
    """Whether a tool is there and may do its work."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, timeout=60).returncode == 0


@pytest.mark.skipif(not works("gdb", "-batch", "-ex", "run", "--args", "/bin/true"), reason="gdb is not here")
@pytest.mark.skipif(not works(os.path.realpath(sys.executable), "-c", "pass"), reason="the interpreter starts by a script alone")
def test_gdb_shows_the_line_of_a_compiled_loop(tmp_path):
    """A signal stops the process in the loop: the frame has file and line, and so has the inlined call's."""
    path = written(tmp_path, '''
def stop():
    time.sleep(0.3)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)

threading.Thread(target=stop, daemon=True).start()
spin(np.ones(1000), 10**8)
''')
    said = run(
        ["gdb", "-batch", "-nx", "-ex", "set breakpoint pending on", "-ex", "handle SIGUSR1 stop print", "-ex", "run",
         "-ex", "backtrace 3", "-ex", "kill", "--args", os.path.realpath(sys.executable), str(path)],
        env=environment(tmp_path, COACHWHIP_GDB="1", PYTHONPATH=os.pathsep.join(sys.path)),
    )
    frame = re.search(r"#0 .*?(\w+) \(.*\) at (\S*demo\.py):(\d+)", said)
    assert frame, said
    assert (frame[1], int(frame[3])) == ("step", STEP) or frame[1] == "spin" and int(frame[3]) in LOOP, said
    assert re.search(r"#\d .*spin \(.*\) at \S*demo\.py:1[1-3]", said), said


@pytest.mark.skipif(not works("perf", "record", "-q", "-e", "cpu-clock", "-o", "/dev/null", "true"), reason="perf is not here")
def test_perf_shows_the_lines_of_a_compiled_loop(tmp_path):
    path = written(tmp_path, "spin(np.ones(1000), 10**5)\n")
    at = environment(tmp_path, COACHWHIP_PERF="jitdump", JITDUMPDIR=str(tmp_path), PYTHONPATH=os.pathsep.join(sys.path))
    record = ["perf", "record", "-q", "-k", "mono", "-F", "999", "-e", "cpu-clock", "-o", "raw", sys.executable, str(path)]
    said = run(record, cwd=tmp_path, env=at)
    assert list(tmp_path.glob("jit-*.dump")), said
    said += run(["perf", "inject", "--jit", "-i", "raw", "-o", "data"], cwd=tmp_path)
    lines = run(["perf", "script", "-i", "data", "-F", "ip,sym,srcline"], cwd=tmp_path)
    assert "py::spin:" in lines, said + lines[:2000]
    found = {int(line) for line in re.findall(r"demo\.py:(\d+)", lines)}
    assert found and found <= {*LOOP, STEP, 10}, (found, said)


def test_perf_map_names_the_functions(tmp_path):
    path = written(tmp_path, "print(os.getpid())\n")
    said = run([sys.executable, str(path)], env=environment(tmp_path, COACHWHIP_PERF="1", PYTHONPATH=os.pathsep.join(sys.path)))
    names = f"/tmp/perf-{said.split()[-1]}.map"
    try:
        with open(names) as file:
            assert re.search(rf"^[0-9a-f]+ [0-9a-f]+ py::spin:{re.escape(str(path))}$", file.read(), re.M)
    finally:
        os.remove(names)
