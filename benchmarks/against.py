"""The kernels of this tree beside those of another one, as an older head in a worktree with its own environment.

    git worktree add ../older COMMIT                (and there: cargo xtask build)
    python benchmarks/against.py ../older           every kernel: time, first call, whether LLVM was given the same code
    python benchmarks/against.py ../older axpy lu --rounds 25

Both trees run at the same time, each in its own process, and are timed in alternation; what counts is the ratio.  Kernels
of which LLVM made the same code differ by the noise of the machine alone, which shows how much that is.
"""
import argparse
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def worker(tree):
    """Answers, line by line, with the time of a call of a kernel, that of its first call, and LLVM's text of it."""
    sys.path.insert(0, str(tree / "benchmarks"))
    import peers
    from kernels import load

    kernels, made = load(), {}
    print(json.dumps(sorted(kernels)), flush=True)
    for line in sys.stdin:
        name = line.strip()
        if name not in made:
            function, arguments = peers.coachwhip(kernels[name]), peers.arguments(kernels[name])
            first = timed(function, arguments, 1)
            repeats = max(1, min(100_000, int(4e-3 / max(timed(function, arguments, 1), 1e-9))))
            made[name] = function, arguments, repeats, first, code(function)
        function, arguments, repeats, first, text = made[name]
        print(json.dumps([timed(function, arguments, repeats), first, text]), flush=True)


def timed(function, arguments, repeats):
    """Processor seconds of a call."""
    start = time.thread_time()
    for _ in range(repeats):
        function(*arguments)
    return (time.thread_time() - start) / repeats


def code(function):
    """LLVM's text of the last specialisation without what is told of lines, names and numbers of failures."""
    text = function.inspect_llvm(function.signatures[-1])
    kept = [line for line in text.splitlines() if not re.match(r"!\d+ = |@data|;", line)]
    text = re.sub(r",? ?!dbg !\d+|@data\.\d+", "", "\n".join(kept))
    return re.sub(r"@cw_fail\(([^,]*), i32 \d+", r"@cw_fail(\1", re.sub(r"\.[0-9a-f]{8}\.", ".", text))


def start(tree, folder):
    """A worker of a tree with an empty cache, and the names of its kernels."""
    python = tree / ".venv/bin/python"
    process = subprocess.Popen([python if python.exists() else sys.executable, __file__, "--worker", tree], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "COACHWHIP_CACHE_DIR": folder})
    return process, json.loads(process.stdout.readline())


def ask(process, name):
    """What a worker answers."""
    process.stdin.write(name + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=pathlib.Path, help="the other tree")
    parser.add_argument("kernels", nargs="*", help="some kernels; all, if none are named")
    parser.add_argument("--rounds", type=int, default=9, help="how often each figure is taken")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return worker(options.tree)
    ratios = []
    print(f"{'kernel':<20}{'other':>10}{'this':>10}{'ratio':>8}{'first, other':>14}{'this':>8}  code")
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        (other, known), (this, names) = start(options.tree.resolve(), first), start(HERE.parent, second)
        for name in [n for n in options.kernels or names if n in known]:
            rounds = [(ask(other, name), ask(this, name)) for _ in range(options.rounds)]
            old, new = (statistics.median(pair[side][0] for pair in rounds) for side in (0, 1))
            (_, old_first, old_code), (_, new_first, new_code) = rounds[0]
            ratios.append(math.log(new / old))
            print(f"{name:<20}{old * 1e6:>8.2f}us{new * 1e6:>8.2f}us{new / old:>8.3f}{old_first * 1e3:>12.1f}ms{new_first * 1e3:>6.1f}ms"
                  f"  {'same' if old_code == new_code else 'other'}", flush=True)
        other.stdin.close()
        this.stdin.close()
        other.wait()
        this.wait()
    print(f"geometric mean of the ratios: {math.exp(statistics.fmean(ratios)):.3f}")


if __name__ == "__main__":
    main()
