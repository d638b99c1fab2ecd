"""The long sweeps, in shards that are run one after the other; a run that was stopped goes on where it was.

    arguments  every callable with every argument that it declares (tests/test_arguments.py)
    odd        every function of NumPy with one argument out of the ordinary (tests/test_odd_calls.py)
    calls      every supported name with every kind of one argument, and one keyword (tests/sweep.py)
    more       the same with two and three arguments; there are too many to run them all, so each shard is spread over them

The state lies in a folder of its own for each build of the extension and the library: `done.tsv` has a line for each
finished shard, `failures.tsv` one for each call that failed.  Every call runs in a forked child.
"""
import argparse
import functools
import hashlib
import itertools
import pathlib
import shutil
import sys
import time

import odd_calls
import sweep
import test_arguments
import test_odd_calls

import coachwhip

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Calls in a shard of odd calls, and shards of the calls with at most one argument and with more.
ODD, CALLS, MORE = 150, 499, 50021


class Shard:
    """Some calls, how one is run and how it is shown."""

    def __init__(self, name, make, run, shown=str):
        self.name, self.make, self.run, self.shown = name, make, run, shown


def verdict(test, argument):
    """The complaint of a test, or None."""
    try:
        test(argument)
    except AssertionError as error:
        return str(error) or "a failed assertion"
    except Exception as error:  # noqa: BLE001 -- of the test itself
        return f"{type(error).__name__}: {error}"
    return None


def declared_calls(name):
    """The calls of one callable."""
    return [source for _, sources in test_arguments.right_calls(test_arguments.ROWS[name]) for source in sources]


def arguments():
    for name in test_arguments.ROWS:
        if not name.startswith(test_arguments.UNKNOWN):
            yield Shard(f"arguments {name}", functools.partial(declared_calls, name), functools.partial(verdict, test_arguments.compared))


def odd():
    every = odd_calls.calls()
    for start in range(0, len(every), ODD):
        yield Shard(f"odd {start}", functools.partial(every.__getitem__, slice(start, start + ODD)),
                    functools.partial(verdict, test_odd_calls.test_odd_call), repr)


def calls():
    for part in range(CALLS):
        yield Shard(f"calls {part}", functools.partial(sweep.calls, part, CALLS, None, 1), sweep.run, sweep.shown)


def more():
    for part in range(MORE):
        yield Shard(f"more {part}", functools.partial(sweep.calls, part, MORE, None, 3, 2), sweep.run, sweep.shown)


KINDS = {"arguments": arguments, "odd": odd, "calls": calls, "more": more}


def build():
    """Names the build: the extension, the library and the sweeps."""
    digest = hashlib.sha256()
    files = sorted([pathlib.Path(coachwhip._core.__file__), *pathlib.Path(coachwhip.__file__).parent.glob("lib/**/*.py"),
                    *pathlib.Path(__file__).parent.glob("*.py")])
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


class State:
    """What has been run with this build."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.done_file, self.failures_file = folder / "done.tsv", folder / "failures.tsv"
        self.done, self.calls, self.failures = set(), 0, 0
        if self.done_file.exists():
            for line in self.done_file.read_text(encoding="utf-8").splitlines():
                name, calls, failures, _ = line.split("\t")
                self.done.add(name)
                self.calls += int(calls)
                self.failures += int(failures)

    def finish(self, shard, calls, failures, seconds):
        """Notes a shard that has been run whole, its failures first."""
        with self.failures_file.open("a", encoding="utf-8") as file:
            file.writelines(f"{shard.name}\t{shard.shown(call)}\t{complaint}\n" for call, complaint in failures)
        with self.done_file.open("a", encoding="utf-8") as file:
            file.write(f"{shard.name}\t{calls}\t{len(failures)}\t{seconds:.1f}\n")
        self.done.add(shard.name)
        self.calls += calls
        self.failures += len(failures)


class Bar:
    """A progress bar on a terminal, a line from time to time elsewhere."""

    def __init__(self, total, state):
        self.total, self.state, self.start, self.told = total, state, time.monotonic(), 0.0

    def show(self, finished, name):
        now = time.monotonic() - self.start
        hours, minutes, seconds = int(now / 3600), int(now / 60) % 60, int(now) % 60
        text = (f"{finished:,} of {self.total:,} shards, {self.state.calls:,} calls, {self.state.failures:,} failures, "
                f"{hours}:{minutes:02}:{seconds:02}, {name}")
        if sys.stderr.isatty():
            width = 24
            full = width * finished // max(self.total, 1)
            room = shutil.get_terminal_size().columns - 1
            print(f"\r[{'#' * full}{'.' * (width - full)}] {text}"[:room].ljust(room), end="", file=sys.stderr, flush=True)
        elif not self.told or now - self.told >= 60:
            self.told = now or 1e-9
            print(text, file=sys.stderr, flush=True)

    def away(self):
        if sys.stderr.isatty():
            print("\r" + " " * (shutil.get_terminal_size().columns - 1), end="\r", file=sys.stderr, flush=True)


def run(shard, bar):
    """Runs a shard; the number of its calls, and those that failed with their complaints."""
    count, failures, every = 0, [], iter(shard.make())
    while batch := list(itertools.islice(every, sweep.BATCH)):
        count += len(batch)
        for call, complaint in sweep.forked(batch, shard.run):
            failures.append((call, complaint))
            bar.away()
            print(f"{shard.shown(call)}: {complaint}"[:600], flush=True)
    return count, failures


def share(text):
    """`m/n` as two numbers."""
    number, _, of = text.partition("/")
    if not (number.isdigit() and of.isdigit() and int(number) < int(of)):
        raise argparse.ArgumentTypeError(f"{text!r} is not m/n with m below n")
    return int(number), int(of)


def main():
    parser = argparse.ArgumentParser(prog="cargo xtask sweep", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"what is run, in this order: {', '.join(KINDS)} (all but `more` by default)")
    parser.add_argument("--only", metavar="TEXT", help="only shards whose name has this text, such as 'numpy.clip'")
    parser.add_argument("--shard", type=share, default=(0, 1), metavar="m/n", help="every n-th shard from the m-th on, for several processes or machines")
    parser.add_argument("--minutes", type=float, metavar="N", help="starts no shard after so many minutes")
    parser.add_argument("--again", action="store_true", help="runs also what has been run with this build")
    parser.add_argument("--state", type=pathlib.Path, default=ROOT / "target/sweep", metavar="FOLDER", help="where the state lies (target/sweep)")
    parser.add_argument("--built", action="store_true", help="takes the extension as it is instead of building it")
    chosen = parser.parse_args()
    for kind in chosen.kinds:
        if kind not in KINDS:
            parser.error(f"no kind named {kind!r}; there are {', '.join(KINDS)}")
    kinds = chosen.kinds or [kind for kind in KINDS if kind != "more"]
    place = chosen.state / build()
    state = State(place)
    part, parts = chosen.shard
    shards = [shard for kind in kinds for shard in KINDS[kind]() if chosen.only is None or chosen.only in shard.name][part::parts]
    waiting = [shard for shard in shards if chosen.again or shard.name not in state.done]
    bar, finished, found = Bar(len(shards), state), len(shards) - len(waiting), 0
    for shard in waiting:
        if chosen.minutes is not None and time.monotonic() - bar.start > chosen.minutes * 60:
            break
        bar.show(finished, shard.name)
        before = time.monotonic()
        count, failures = run(shard, bar)
        state.finish(shard, count, failures, time.monotonic() - before)
        finished, found = finished + 1, found + len(failures)
    bar.away()
    print(f"{finished:,} of {len(shards):,} shards have been run with this build, {state.calls:,} calls, {state.failures:,} failures; see {place}")
    return int(bool(state.failures))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        sys.exit(130)
