"""Cases with a C++ version beside them: how they are built and called."""
import ctypes
import os
import pathlib
import subprocess
import tempfile
import warnings

# A C++ version gets a size, or the characters of a text and how many there are, and gives a double.
HEAD = """
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#define OF_SIZE(name) extern "C" double name(long n)
#define OF_TEXT(name) static double name##_of(std::string_view text); \\
    extern "C" double name(const char* data, long size) { return name##_of({data, size_t(size)}); } \\
    static double name##_of(std::string_view text)
"""


class Case:
    """A function, what makes its arguments, the body of its C++ version (of `long n`, or of `std::string_view text`), and what
    stands once before all of them."""

    def __init__(self, function, arguments, cpp=None, head=""):
        self.function, self.arguments, self.cpp, self.head = function, arguments, cpp, head
        self.name = function.__name__

    def of_text(self):
        """Whether the argument is a text."""
        return isinstance(self.arguments()[0], str)


def cpp(cases):
    """Calls of the C++ versions by name, or nothing without a compiler."""
    compiler = os.environ.get("COACHWHIP_BENCH_CC")
    written = [case for case in cases if case.cpp]
    if not compiler or not written:
        return {}
    folder = pathlib.Path(tempfile.mkdtemp(prefix="coachwhip-bench-"))
    source, library = folder / "cases.cpp", folder / "cases.so"
    texts = [f"{'OF_TEXT' if case.of_text() else 'OF_SIZE'}({case.name}) {{{case.cpp}\n}}\n" for case in written]
    heads = dict.fromkeys(case.head for case in written)
    source.write_text(HEAD + "".join((*heads, *texts)), encoding="utf-8")
    flags = ["-x", "c++", "-std=c++20", "-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    try:
        subprocess.run([compiler, *flags, "-o", library, source, "-lstdc++"], check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        print(f"no column for C++: {error.stderr.decode().strip().splitlines()[0]}")
        return {}
    loaded = ctypes.CDLL(str(library))
    return {case.name: cpp_call(getattr(loaded, case.name), case) for case in written}


def cpp_call(function, case):
    """A function that takes the case's own arguments; the text of a string is made beforehand."""
    function.restype = ctypes.c_double
    if not case.of_text():
        function.argtypes = [ctypes.c_long]
        return function
    data = case.arguments()[0].encode()
    function.argtypes = [ctypes.c_char_p, ctypes.c_long]
    return lambda _text: function(data, len(data))


def calls(case, in_cpp):
    """The calls to time, by peer, and how many of them are wrong; without Numba where it refuses the function."""
    import numba

    import coachwhip

    warnings.simplefilter("ignore")
    peers = {"coachwhip": coachwhip.jit(case.function), "python": case.function, "numba": numba.njit(case.function)}
    if case.name in in_cpp:
        peers["cpp"] = in_cpp[case.name]
    wanted, made, wrong = case.function(*case.arguments()), {}, 0
    for name, function in peers.items():
        try:
            got = function(*case.arguments())
        except numba.core.errors.NumbaError:
            continue
        # C++ gives a number for what is a text in Python: its length.
        wrong += got != (len(wanted) if name == "cpp" and isinstance(wanted, str) else wanted)
        made[name] = function
    arguments = case.arguments()
    return {name: lambda f=function: f(*arguments) for name, function in made.items()}, wrong
