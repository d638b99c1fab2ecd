"""One function per table: measures, prints and returns the rows."""
import math
import statistics
import subprocess
import sys
import time

import numpy as np

import peers

FIRST_CALL = """
import time, sys
import numpy as np
{imports}
def loop(x, k):
    total = 0.0
    count = 0
    for i in range(x.shape[0]):
        v = x[i]
        if v > k:
            total += v * v
            count += 1
        else:
            total -= v
    return total / count
compiled = {decorate}(loop)
x = np.arange(10.0)
start = time.perf_counter()
compiled(x, 2.5)
print(time.perf_counter() - start)
"""


def child(code):
    """What a fresh Python prints for a piece of code, as a number."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def seconds(value):
    """A time for people."""
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6), ("ns", 1e9)):
        if value * factor >= 1 or unit == "ns":
            return f"{value * factor:.3g} {unit}"
    return "-"


def alternate(calls, rounds):
    """Median seconds per call of each, timed in turn; a call is repeated to fill about 2 ms.

    The clock is the thread's processor time, which a busy machine distorts less than wall time.
    """
    clock = time.thread_time
    times = {name: [] for name in calls}
    repeats = {}
    for name, call in calls.items():
        call()
        start = time.perf_counter()
        call()
        repeats[name] = max(1, min(100_000, int(2e-3 / max(time.perf_counter() - start, 1e-9))))
    for _ in range(rounds):
        for name, call in calls.items():
            span = range(repeats[name])
            start = clock()
            for _ in span:
                call()
            times[name].append((clock() - start) / repeats[name])
    return {name: statistics.median(t) for name, t in times.items()}


def table_import(_kernels, rounds):
    """Import time beyond NumPy's, in fresh processes."""
    code = "import time; import numpy; s = time.perf_counter(); import {0}; print(time.perf_counter() - s)"
    rows = []
    print(f"{'import beyond numpy':<28}{'median':>10}")
    for name in ("coachwhip", "numba"):
        taken = statistics.median(child(code.format(name)) for _ in range(max(3, rounds // 3)))
        rows.append({"package": name, "seconds": taken})
        print(f"{name:<28}{seconds(taken):>10}")
    return rows


def table_first(_kernels, rounds):
    """First call of a ten-line loop in a fresh process, nothing cached."""
    rows = []
    print(f"{'first call, ten-line loop':<28}{'median':>10}")
    for name, imports, decorate in (("coachwhip", "import coachwhip", "coachwhip.jit"), ("numba", "import numba", "numba.njit")):
        code = FIRST_CALL.format(imports=imports, decorate=decorate)
        taken = statistics.median(child(code) for _ in range(max(3, rounds // 3)))
        rows.append({"package": name, "seconds": taken})
        print(f"{name:<28}{seconds(taken):>10}")
    return rows


def nothing():
    """No arguments."""
    return 1.0


def one(a):
    """One argument."""
    return 1.0


def three(a, b, c):
    """Three arguments."""
    return 1.0


def table_calls(_kernels, rounds):
    """Call overhead: a body that returns a constant."""
    import coachwhip
    import numba
    x = np.arange(3.0)
    cases = [("0 arguments", nothing, ()), ("1 float", one, (1.5,)), ("3 floats", three, (1.5, 2.5, 3.5)),
             ("1 array", one, (x,)), ("3 arrays", three, (x, x, x))]
    rows = []
    print(f"{'call overhead':<28}{'coachwhip':>10}{'numba':>10}{'python':>10}")
    for label, plain, arguments in cases:
        calls = {"coachwhip": coachwhip.jit(plain), "numba": numba.njit(plain), "python": plain}
        taken = {name: call_time(function, arguments, rounds) for name, function in calls.items()}
        rows.append({"case": label, **taken})
        print(f"{label:<28}" + "".join(f"{seconds(t):>10}" for t in taken.values()))
    return rows


def call_time(function, arguments, rounds):
    """Median seconds of one call, the cost of the loop taken off."""
    names = [f"a{i}" for i in range(len(arguments))]
    body = f"f({', '.join(names)})"
    space = {}
    exec(f"def run(f, n, {', '.join(names)}):\n    for _ in n:\n        {body}\n"                       # noqa: S102
         f"def bare(f, n, {', '.join(names)}):\n    for _ in n:\n        pass\n", space)
    span = range(20_000)
    function(*arguments)

    def once(which):
        start = time.thread_time()
        space[which](function, span, *arguments)
        return (time.thread_time() - start) / len(span)
    return statistics.median(once("run") - once("bare") for _ in range(rounds))


def same(got, wanted):
    """Equal but for the last places, which vectorised C mathematics may change."""
    return wanted is None or np.allclose(np.asarray(got, dtype=complex), np.asarray(wanted, dtype=complex), rtol=1e-9, atol=1e-12)


def table_kernels(kernels, rounds):
    """Steady state against C, Numba and CPython; ratios above 1 mean that coachwhip is faster."""
    rows = []
    in_c = peers.c(kernels)
    print(f"{'kernel':<16}{'coachwhip':>11}{'C':>10}{'numba':>10}{'python':>10}{'x C':>8}{'x numba':>9}{'x python':>10}")
    for kernel in kernels:
        row = measure(kernel, in_c, rounds)
        rows.append(row)
        figures = "".join(f"{seconds(row[p]) if row.get(p) else '-':>{w}}" for p, w in (("coachwhip", 11), ("c", 10), ("numba", 10), ("python", 10)))
        ratios = "".join(f"{row[p] / row['coachwhip']:>{w}.2f}" if row.get(p) else f"{'-':>{w}}" for p, w in (("c", 8), ("numba", 9), ("python", 10)))
        print(f"{kernel.name:<16}{figures}{ratios}{'   WRONG RESULT' if row['wrong'] else ''}", flush=True)
    for peer in ("c", "numba", "python"):
        ratios = [row[peer] / row["coachwhip"] for row in rows if row.get(peer)]
        if ratios:
            print(f"geometric mean over {len(ratios)} kernels: {geometric(ratios):.2f} x {peer}, least {min(ratios):.2f}")
    return rows


def geometric(ratios):
    """Geometric mean."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


@np.errstate(all="ignore")
def measure(kernel, in_c, rounds):
    """The row of one kernel: median seconds by peer, and whether the compiled results are wrong."""
    functions = {"coachwhip": peers.coachwhip(kernel), "numba": peers.numba(kernel)}
    wanted_arguments = peers.arguments(kernel)
    start = time.perf_counter()
    wanted = kernel.plain(*wanted_arguments)
    python = time.perf_counter() - start
    calls, wrong = {}, 0
    for name, function in functions.items():
        if function is None:
            continue
        arguments = peers.arguments(kernel)
        got = function(*arguments)
        if name == "coachwhip":
            pairs = [(got, wanted), *((a, b) for a, b in zip(arguments, wanted_arguments) if isinstance(a, np.ndarray))]
            wrong = int(not all(same(a, b) for a, b in pairs))
        calls[name] = lambda f=function, a=arguments: f(*a)
    if in_c:
        calls["c"] = in_c(kernel, peers.arguments(kernel))
    return {"kernel": kernel.name, "wrong": wrong, "python": python, **alternate(calls, rounds)}


def table_checks(kernels, rounds):
    """What all safety checks cost: the default against boundscheck=False, overflow="wrap"."""
    rows = []
    print(f"{'checks':<16}{'checked':>11}{'unchecked':>11}{'ratio':>8}")
    for kernel in kernels:
        checked, unchecked = peers.coachwhip(kernel), peers.coachwhip(kernel, boundscheck=False, overflow="wrap")
        mine, other = peers.arguments(kernel), peers.arguments(kernel)
        taken = alternate({"checked": lambda: checked(*mine), "unchecked": lambda: unchecked(*other)}, rounds)
        rows.append({"kernel": kernel.name, **taken})
        print(f"{kernel.name:<16}{seconds(taken['checked']):>11}{seconds(taken['unchecked']):>11}"
              f"{taken['checked'] / taken['unchecked']:>8.2f}", flush=True)
    ratios = [row["checked"] / row["unchecked"] for row in rows]
    print(f"geometric mean over {len(ratios)} kernels: {geometric(ratios):.3f}, most {max(ratios):.2f}")
    return rows
