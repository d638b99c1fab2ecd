"""Every supported name with every kind of argument: compiling and running must not end the process.

    python tests/sweep.py --part 3/1009            every 1,009th call, from the third on; some hours
    python tests/sweep.py --only numpy.clip --part 0/7

`tests/nightly.py` runs it in shards, with other sweeps.  The calls run in forked children, so that a crash costs one call and is seen as what it is.  Reported are the death of
the process, errors inside coachwhip (CW0901), and calls that do not come back.  Values are the business of other tests.
"""
import argparse
import faulthandler
import itertools
import os
import pathlib
import re
import resource
import signal
import sys
import warnings

import numpy as np

import coachwhip
from coachwhip.lib.index import INDEX

RULES = pathlib.Path(__file__).resolve().parent.parent / "crates" / "infer" / "rules.tsv"
# What reads memory at an address that it is given, and what only the library itself may call.
LEFT_OUT = ("coachwhip.",)
# Calls in one child, and seconds of processor time for each.
BATCH, SECONDS = 100, 20
# Memory of a child.
MOST_MEMORY = 6 << 30

# Each kind of argument as source, which is evaluated anew for each call.
KINDS = [
    "1", "-3", "0", "2**40", "2**63", "2.5", "float('nan')", "True", "None", "1j", "'abc'", "''", "b'ab'", "...", "()", "(1, 2)",
    "(1, 2.5, 1j)", "((1, 2), (3, 4))", "(1, (2, 3))", "(None,)", "range(3)", "range(9, 0, -2)", "slice(1, 2)", "slice(None)",
    "np.float32(2)", "np.float64(2.5)", "np.int8(3)", "np.uint64(7)", "np.bool_(True)", "np.complex64(1)", "np.arange(4.)",
    "np.arange(6)", "np.arange(6.).reshape(2, 3)", "np.array(2.)", "np.array(3)", "np.zeros(0)", "np.zeros((0, 3))",
    "np.arange(4) > 1", "np.ones(3, complex)", "np.arange(9, dtype=np.uint8)[::2]", "np.ones((2, 3), order='F')",
    "np.ones((2, 2, 2), np.float32)", "np.broadcast_to(1., (2, 3))", "np.dtype('f8')", "np.float64", "np.int8", "int", "float",
    "tuple", "type(None)", "len", "print", "math.sqrt", "math", "np", "np.add", "np.add.reduce", "function", "compiled",
    "ValueError", "Error", "NotImplemented",
]
KEYWORDS = ["axis=0", "axis=None", "dtype=np.float32", "dtype=int", "out=np.zeros(3)", "keepdims=True", "start=2", "default=1", "where=True"]


class Error(Exception):
    """A user's exception class."""


def function(*items):
    """A plain function that a compiled one may get."""
    return items[0]


SCOPE = {"np": np, "math": __import__("math"), "cmath": __import__("cmath"), "operator": __import__("operator"),
         "builtins": __import__("builtins"), "function": function, "compiled": coachwhip.jit(function), "Error": Error}


class Hang(BaseException):
    """A call has not come back."""


def names():
    """Every supported callable and member, as the start of a call's source: `numpy.clip` or `.clip`."""
    listed = [line.split("\t")[0] for line in RULES.read_text(encoding="utf-8").splitlines()]
    found = {}
    for name in [*listed, *INDEX]:
        if name.startswith(LEFT_OUT) or not re.fullmatch(r"[\w.]+", name):
            continue
        member = re.fullmatch(r"numpy\.(?:ndarray|generic)\.(\w+)(\.__get__)?", name)
        if member:
            found["." + member[1] + (" get" if member[2] else "")] = None
        else:
            found[name.replace("numpy.", "np.", 1)] = None
    return list(found)


# What kinds of calls there are: number of arguments, a keyword, whether the arguments are constants of the source.
LEVELS = [(0, None, False), (1, None, False), (1, None, True), *((1, keyword, False) for keyword in KEYWORDS), (2, None, False),
          (2, None, True), (3, None, False)]


def calls(part=0, parts=1, only=None, most=3, least=0):
    """Every `parts`-th call with so many arguments, from the given one on, as a body and the arguments of the function
    around it."""
    known = [name for name in names() if only is None or name.split(" ")[0] == only.replace("numpy.", "np.", 1)]
    place = part
    for count, keyword, constant in (level for level in LEVELS if least <= level[0] <= most):
        size = len(known) * len(KINDS) ** count
        while place < size:
            combination, name = divmod(place, len(known))
            arguments = []
            for _ in range(count):
                combination, kind = divmod(combination, len(KINDS))
                arguments.append(KINDS[kind])
            made = spelled(known[name], arguments, keyword, constant)
            if made is not None:
                yield made
            place += parts
        place -= size


def spelled(name, arguments, keyword, constant):
    """One call."""
    given = arguments if constant else [f"x{i}" for i in range(len(arguments))]
    more = [keyword] if keyword else []
    arguments = [] if constant else arguments
    if not name.startswith("."):
        return f"{name}({', '.join([*given, *more])})", arguments
    if not given:
        return None
    first, *rest = given
    if name.endswith(" get"):
        return None if rest or more else (f"({first}){name.removesuffix(' get')}", arguments)
    return f"({first}){name}({', '.join([*rest, *more])})", arguments


def run(call):
    """Compiles and calls; the complaint, or None."""
    body, arguments = call
    parameters = ", ".join(f"x{i}" for i in range(len(arguments)))
    try:
        function = eval(f"lambda {parameters}: {body}", dict(SCOPE))
        given = [eval(argument, dict(SCOPE)) for argument in arguments]
        coachwhip.jit(function, cache=False)(*given)
    except coachwhip.InternalError as error:
        return str(error).splitlines()[0]
    except (SystemError, KeyboardInterrupt) as error:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 -- refusals, and whatever the call itself raises
        return None
    return None


def shown(call):
    """A call as one line."""
    body, arguments = call
    return f"{body}  with  {', '.join(arguments)}" if arguments else body


def child(batch, run, pipe):
    """Runs calls, and writes the number of each to the pipe before, complaints after it."""
    signal.signal(signal.SIGPROF, lambda *_: (_ for _ in ()).throw(Hang))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    null = open(os.devnull, "w", encoding="utf-8")
    for number, call in enumerate(batch):
        os.write(pipe, f"{number}\n".encode())
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        # For what does not look at signals, or waits; by the clock, which a busy machine leaves little of.
        faulthandler.dump_traceback_later(15 * SECONDS, exit=True, file=null)
        try:
            complaint = run(call)
        except Hang:
            complaint = "does not come back"
        signal.setitimer(signal.ITIMER_PROF, 0)
        if complaint:
            os.write(pipe, f"! {' '.join(complaint.split())}\n".encode())


def forked(batch, run=run):
    """Runs calls in children; yields each that failed with the complaint, which `run` gives or the end of the process."""
    batch = list(batch)
    while batch:
        reading, writing = os.pipe()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            try:
                child(batch, run, writing)
                os._exit(0)
            finally:
                os._exit(70)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8", errors="replace") as lines:
            last = -1
            for line in lines:
                if line.startswith("! "):
                    yield batch[last], line[2:].strip()
                else:
                    last = int(line)
        _, status = os.waitpid(pid, 0)
        if status == 0:
            return
        how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit status {os.WEXITSTATUS(status)}"
        yield batch[max(last, 0)], f"the process ended: {how}"
        batch = batch[max(last, 0) + 1:]


def sweep(part, parts, only=None, most=3):
    """Every `parts`-th call, from the given one on; the number of calls and of failures."""
    chosen = calls(part, parts, only, most)
    count = failures = 0
    while batch := list(itertools.islice(chosen, BATCH)):
        count += len(batch)
        for call, complaint in forked(batch):
            failures += 1
            print(f"{shown(call)}: {complaint}", flush=True)
    return count, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", default="0/1", help="every n-th call: m/n")
    parser.add_argument("--only", help="one name")
    parser.add_argument("--most", type=int, default=3, help="at most so many arguments")
    chosen = parser.parse_args()
    part, parts = map(int, chosen.part.split("/"))
    count, failures = sweep(part, parts, chosen.only, chosen.most)
    print(f"{count} calls, {failures} failures")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
