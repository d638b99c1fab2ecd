"""One function per table: measures, prints and returns the rows."""
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import cases as with_cpp
import containers
import peers
import strings
import whole

FIRST_CALL = """
import time, sys
import numpy as np
{imports}
{function}
x = np.arange(10.0)
start = time.perf_counter()
compiled(x, 2.5)
print(time.perf_counter() - start)
"""
LOOP = """
@{decorate}
def compiled(x, k):
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
"""
EXPRESSION = """
@{decorate}
def compiled(x, k):
    return np.sqrt(((x - k) ** 2).sum())
"""
PERCENTILE = """
@{decorate}
def compiled(x, k):
    return np.percentile(x, k)
"""


def child(code, **environment):
    """What a fresh Python prints for a piece of code, as a number."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment})
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
    """First call in a fresh process, with nothing cached, and with the cache that an earlier process left."""
    rows = []
    print(f"{'first call':<28}{'uncached':>10}{'cached':>10}")
    for label, function in (("ten-line loop", LOOP), ("array expression", EXPRESSION), ("np.percentile", PERCENTILE)):
        for package, plain, cached in (("coachwhip", "coachwhip.jit", "coachwhip.jit"), ("numba", "numba.njit", "numba.njit(cache=True)")):
            row = {"case": label, "package": package, **first_calls(package, function, plain, cached, max(3, rounds // 3))}
            rows.append(row)
            print(f"{label + ', ' + package:<28}{seconds(row['uncached']):>10}{seconds(row['cached']):>10}", flush=True)
    return rows


def first_calls(package, function, plain, cached, rounds):
    """Median seconds of first calls without and with a cache; Numba caches only functions of files."""
    def code(decorate):
        return FIRST_CALL.format(imports=f"import {package}", function=function.format(decorate=decorate))

    with tempfile.TemporaryDirectory() as folder:
        empty = [child(code(plain), COACHWHIP_CACHE_DIR=os.path.join(folder, str(i))) for i in range(rounds)]
        module = os.path.join(folder, "first_call.py")
        with open(module, "w", encoding="utf-8") as file:
            file.write(code(cached))
        run = f"import sys; sys.path.insert(0, {folder!r}); import first_call"
        again = [child(run, COACHWHIP_CACHE_DIR=os.path.join(folder, "kept")) for _ in range(rounds + 1)][1:]
    return {"uncached": statistics.median(empty), "cached": statistics.median(again)}


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
    ratios = list(ratios)
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


def table_ufuncs(_kernels, rounds):
    """Each ufunc over 10^6 elements of four dtypes."""
    return whole_arrays(whole.ufuncs(), rounds)


def table_expressions(_kernels, rounds):
    """Array expressions."""
    return whole_arrays(whole.expressions(), rounds)


def table_reductions(_kernels, rounds):
    """Reductions, whole and by axis."""
    return whole_arrays(whole.reductions(), rounds)


def table_indexing(_kernels, rounds):
    """Masks, gathers and scatters."""
    return whole_arrays(whole.indexing(), rounds)


def table_mathematics(_kernels, rounds):
    """Loops with a mathematical function, beside NumPy's call for the whole array."""
    return whole_arrays(whole.loops(), rounds)


def table_strings(_kernels, rounds):
    """Work on strings, beside Numba, CPython and std::string_view."""
    return of_cases(strings.CASES, rounds)


def table_lists(_kernels, rounds):
    """Lists, beside Numba's reflected lists, CPython and std::vector."""
    return of_cases(containers.LISTS, rounds)


def table_dicts(_kernels, rounds):
    """Dicts and sets, beside Numba's, CPython's and an open-addressed table in C++."""
    return of_cases(containers.DICTS, rounds)


def table_exceptions(_kernels, rounds):
    """A `try` in a loop that never raises, and one that always does."""
    return of_cases(containers.EXCEPTIONS, rounds)


def of_cases(cases, rounds):
    """Prints cases against Numba, CPython and C++; ratios above 1 mean that coachwhip is faster."""
    rows = []
    in_cpp = with_cpp.cpp(cases)
    names = ("cpp", "numba", "python")
    print(f"{'case':<24}{'coachwhip':>11}{'C++':>10}{'numba':>10}{'python':>10}{'x C++':>8}{'x numba':>9}{'x python':>10}")
    for case in cases:
        calls, wrong = with_cpp.calls(case, in_cpp)
        row = {"case": case.name, "wrong": wrong, **alternate(calls, max(3, rounds // 3))}
        rows.append(row)
        times = "".join(f"{seconds(row[p]) if row.get(p) else '-':>{w}}" for p, w in zip(("coachwhip", *names), (11, 10, 10, 10)))
        ratios = "".join(f"{row[p] / row['coachwhip']:>{w}.2f}" if row.get(p) else f"{'-':>{w}}" for p, w in zip(names, (8, 9, 10)))
        print(f"{case.name:<24}{times}{ratios}{'   WRONG RESULT' if wrong else ''}", flush=True)
    return rows


def whole_arrays(cases, rounds):
    """Prints cases against NumPy and Numba; ratios above 1 mean that coachwhip is faster."""
    rows = []
    print(f"{'case':<28}{'coachwhip':>11}{'numpy':>10}{'numba':>10}{'x numpy':>9}{'x numba':>9}")
    for case in cases:
        try:
            row = measure_whole(case, max(3, rounds // 3))
        except Exception as error:                                                                          # noqa: BLE001
            row = {"case": case.name, "refused": f"{type(error).__name__}: {error}".splitlines()[0]}
        rows.append(row)
        if "refused" in row:
            print(f"{case.name:<28}{row['refused'][:90]}", flush=True)
            continue
        ratios = "".join(f"{row[p] / row['coachwhip']:>9.2f}" if row.get(p) else f"{'-':>9}" for p in ("numpy", "numba"))
        times = "".join(f"{seconds(row[p]) if row.get(p) else '-':>{w}}" for p, w in (("coachwhip", 11), ("numpy", 10), ("numba", 10)))
        print(f"{case.name:<28}{times}{ratios}{'   WRONG RESULT' if row['wrong'] else ''}", flush=True)
    for peer in ("numpy", "numba"):
        ratios = {row["case"]: row[peer] / row["coachwhip"] for row in rows if row.get(peer)}
        if ratios:
            slow = ", ".join(f"{name} {ratio:.2f}" for name, ratio in sorted(ratios.items(), key=lambda pair: pair[1]) if ratio < 0.95)
            print(f"geometric mean over {len(ratios)} cases: {geometric(ratios.values()):.2f} x {peer}; below 0.95: {slow or 'none'}")
    return rows


@np.errstate(all="ignore")
def measure_whole(case, rounds):
    """The row of one case; `wrong` if the compiled result differs from NumPy's by more than the last places."""
    import coachwhip
    import numba
    calls = {}
    wanted = case.function()(*case.arguments())
    compiled = coachwhip.jit(case.function())
    wrong = int(not same_values(compiled(*case.arguments()), wanted))
    for name, function in (("coachwhip", compiled), ("numpy", case.function(case.by_numpy)), ("numba", numba.njit(case.function()))):
        arguments = case.arguments()
        try:
            function(*arguments)
        except Exception:                                                                                   # noqa: BLE001
            if name == "coachwhip":
                raise
            continue
        calls[name] = lambda f=function, a=arguments: f(*a)
    return {"case": case.name, "wrong": wrong, **alternate(calls, rounds)}


def same_values(got, wanted):
    """Equal dtype and shape, and equal but for the last places."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    if got.dtype != wanted.dtype or got.shape != wanted.shape:
        return False
    single = wanted.dtype in (np.float32, np.complex64)
    return bool(np.allclose(got, wanted, rtol=1e-5 if single else 1e-9, atol=1e-6 if single else 1e-12, equal_nan=True))
