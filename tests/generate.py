"""Generated programs, compared three ways: CPython, the interpreter of coachwhip's IR, and machine code.

    python tests/generate.py                   the seeds of the test command
    python tests/generate.py --seed 17         one seed: prints the program and what happened
    python tests/generate.py --forever         until it is stopped; prints each failure, shrunk

A program is a few functions over ints, floats, bools, NumPy scalars, arrays and tuples, one over whole arrays, one over lists
with exception handlers, or one over strings: the seed's rest by four says which.
Expressions are made for a wanted type, so nearly all programs are accepted.  CPython runs a copy in which the
result of every operation is checked for 64 bits, because that is the one thing in which compiled code is meant
to differ.  A refusal is no failure, but their number is printed; an internal error is a failure.
"""
import argparse
import multiprocessing
import os
import random
import sys
import time

import numpy as np

from generator import containers, programs, shrink, texts, threeway, unions, wholes

KINDS = (programs, wholes, containers, texts, unions)


def check(seed):
    """The failure of one seed, or None; and the outcome's name for the statistics."""
    program = KINDS[seed % len(KINDS)].make(random.Random(seed))
    return program, *threeway.compare(program)


def report(seed, program, failure):
    """Prints a failure with the smallest program that shows it."""
    small = shrink.shrink(program, lambda p: threeway.compare(p)[0])
    print(f"==== seed {seed} ====\n{small.source}\narguments: {small.shown()}\n{threeway.compare(small)[0] or failure}\n")
    sys.stdout.flush()


def run(seeds, seconds=None):
    """Checks seeds until they or the time are over; the failing seeds and a line of figures."""
    start, failing, outcomes = time.monotonic(), [], {}
    for seed in seeds:
        program, failure, outcome = check(seed)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if failure:
            failing.append(seed)
            report(seed, program, failure)
        if seconds and time.monotonic() - start > seconds:
            break
    figures = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
    return failing, f"{sum(outcomes.values())} programs: {figures}"


def in_child(first, count):
    """Checks seeds in a process of their own, so that a crash is a finding and not the end."""
    seen = multiprocessing.Value("q", first)

    def seeds():
        for seed in range(first, first + count):
            seen.value = seed
            yield seed

    pid = os.fork()
    if pid == 0:
        try:
            _, figures = run(seeds())
            print(f"seeds {first} to {first + count - 1}: {figures}", flush=True)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        print(f"==== seed {seen.value} ended the process with signal {os.WTERMSIG(status)} ====", flush=True)
        rest = first + count - seen.value - 1
        if rest > 0:
            in_child(seen.value + 1, rest)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, help="one seed, shown in full")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=200, help="how many seeds")
    parser.add_argument("--forever", action="store_true", help="until it is stopped")
    chosen = parser.parse_args()
    np.seterr(all="ignore")
    if chosen.seed is not None:
        program, failure, outcome = check(chosen.seed)
        print(f"{program.source}\narguments: {program.shown()}\n{failure or outcome}")
        return int(bool(failure))
    if chosen.forever:
        seed = chosen.start or int(time.time()) * 1000
        while True:
            in_child(seed, 250)
            seed += 250
    failing, figures = run(range(chosen.start, chosen.start + chosen.count))
    print(f"{figures}; failing seeds: {failing or 'none'}")
    return int(bool(failing))


if __name__ == "__main__":
    sys.exit(main())
