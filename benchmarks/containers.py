"""Lists and exceptions: the cases of the tables `lists` and `exceptions`, with their C++ versions."""
import ctypes
import os
import pathlib
import subprocess
import tempfile
import warnings

# Calls of C++ have one argument, the size, and give a double.
HEAD = """
#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>
#define CASE(name) extern "C" double name(long n)
"""


class Case:
    """A function, what makes its arguments, and the body of its C++ version (of `long n`)."""

    def __init__(self, function, arguments, cpp=None):
        self.function, self.arguments, self.cpp = function, arguments, cpp
        self.name = function.__name__


def append(n):
    items = []
    for i in range(n):
        items.append(i * 0.5)
    total = 0.0
    for x in items:
        total += x
    return total


def sum_of_tuples(n):
    pairs = []
    for i in range(n):
        pairs.append((i, i * 0.5))
    total = 0.0
    for count, weight in pairs:
        total += count * weight
    return total


def stack(n):
    waiting = [n]
    seen = 0
    while waiting:
        k = waiting.pop()
        seen += k & 7
        if k > 1:
            waiting.append(k // 2)
            waiting.append(k - k // 2)
    return float(seen)


def comprehension(n):
    return float(sum([i * i for i in range(n) if i % 3]))


def sort(n):
    items = []
    state = 12345
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        items.append(state / 2147483648)
    items.sort()
    return items[0] + items[n // 2] + items[-1]


def argument_of_floats(items):
    total = 0.0
    for x in items:
        total += x
    return total


def result_of_floats(n):
    return [i * 0.5 for i in range(n)]


def try_that_never_raises(n):
    total = 0.0
    for i in range(n):
        try:
            if i < 0:
                raise ValueError
            total += i * 0.5
        except Exception:
            total -= 1.0
    return total


def try_that_always_raises(n):
    total = 0.0
    for i in range(n):
        try:
            if i >= 0:
                raise ValueError
            total += i * 0.5
        except Exception:
            total -= 1.0
    return total


LISTS = [
    Case(append, lambda: (10_000,), """
        std::vector<double> items;
        for (long i = 0; i < n; i++) items.push_back(i * 0.5);
        double total = 0; for (double x : items) total += x;
        return total;"""),
    Case(sum_of_tuples, lambda: (10_000,), """
        std::vector<std::pair<long, double>> pairs;
        for (long i = 0; i < n; i++) pairs.emplace_back(i, i * 0.5);
        double total = 0; for (auto& p : pairs) total += p.first * p.second;
        return total;"""),
    Case(stack, lambda: (5_000,), """
        std::vector<long> waiting{n};
        long seen = 0;
        while (!waiting.empty()) {
            long k = waiting.back(); waiting.pop_back();
            seen += k & 7;
            if (k > 1) { waiting.push_back(k / 2); waiting.push_back(k - k / 2); }
        }
        return seen;"""),
    Case(comprehension, lambda: (10_000,), """
        std::vector<long> items;
        for (long i = 0; i < n; i++) if (i % 3) items.push_back(i * i);
        long total = 0; for (long x : items) total += x;
        return total;"""),
    Case(sort, lambda: (10_000,), """
        std::vector<double> items;
        long state = 12345;
        for (long i = 0; i < n; i++) {
            state = (state * 1103515245 + 12345) % 2147483648;
            items.push_back(state / 2147483648.0);
        }
        std::stable_sort(items.begin(), items.end());
        return items[0] + items[n / 2] + items[n - 1];"""),
    Case(argument_of_floats, lambda: ([i * 0.5 for i in range(1000)],)),
    Case(result_of_floats, lambda: (1000,)),
]

EXCEPTIONS = [
    Case(try_that_never_raises, lambda: (10_000,), """
        double total = 0;
        for (long i = 0; i < n; i++)
            try { if (i < 0) throw std::invalid_argument(""); total += i * 0.5; }
            catch (const std::exception&) { total -= 1; }
        return total;"""),
    Case(try_that_always_raises, lambda: (10_000,), """
        double total = 0;
        for (long i = 0; i < n; i++)
            try { if (i >= 0) throw std::invalid_argument(""); total += i * 0.5; }
            catch (const std::exception&) { total -= 1; }
        return total;"""),
]


def cpp(cases):
    """The C++ versions by name, or nothing without a compiler."""
    compiler = os.environ.get("COACHWHIP_BENCH_CC")
    written = [case for case in cases if case.cpp]
    if not compiler or not written:
        return {}
    folder = pathlib.Path(tempfile.mkdtemp(prefix="coachwhip-bench-"))
    source, library = folder / "containers.cpp", folder / "containers.so"
    source.write_text(HEAD + "".join(f"CASE({case.name}) {{{case.cpp}\n}}\n" for case in written), encoding="utf-8")
    flags = ["-x", "c++", "-std=c++20", "-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    try:
        subprocess.run([compiler, *flags, "-o", library, source, "-lstdc++"], check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        print(f"no column for C++: {error.stderr.decode().strip().splitlines()[-1]}")
        return {}
    loaded = ctypes.CDLL(str(library))
    found = {case.name: getattr(loaded, case.name) for case in written}
    for function in found.values():
        function.restype, function.argtypes = ctypes.c_double, [ctypes.c_long]
    return found


def calls(case, in_cpp):
    """The calls to time, by peer, and whether a compiled result is wrong."""
    import numba

    import coachwhip

    warnings.simplefilter("ignore")
    made = {"coachwhip": coachwhip.jit(case.function), "python": case.function, "numba": numba.njit(case.function)}
    if case.name in in_cpp:
        made["cpp"] = in_cpp[case.name]
    wanted = case.function(*case.arguments())
    wrong = sum(function(*case.arguments()) != wanted for function in made.values())
    arguments = case.arguments()
    return {name: lambda f=function: f(*arguments) for name, function in made.items()}, wrong
