"""The figures of README.md: coachwhip beside Numba, NumPy, CPython and C, all in one run.

    cargo xtask bench                    everything
    cargo xtask bench kernels axpy lu    some kernels
    cargo xtask bench import first calls some tables
    cargo xtask bench lists exceptions   lists against std::vector, `try` against C++'s
    cargo xtask bench dicts              dicts and sets against an open-addressed table in C++
    cargo xtask bench ufuncs --rounds 9  each ufunc over 10^6 elements of four dtypes
    cargo xtask bench --json             one JSON object per line as well
    python benchmarks/against.py TREE    the kernels beside those of another tree, as an older head

Every figure is a median; peers are timed in alternation with coachwhip, because machines are noisy.
"""
import argparse
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import tables                                                     # noqa: E402
from kernels import load                                          # noqa: E402

TABLES = ("import", "first", "calls", "kernels", "checks", "expressions", "reductions", "indexing", "mathematics", "ufuncs", "strings",
          "lists", "dicts", "exceptions")


def main():
    """Prints the tables asked for; the exit status is 1 only if a compiled kernel gives a wrong result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", help=f"tables ({', '.join(TABLES)}) or names of kernels")
    parser.add_argument("--json", action="store_true", help="one JSON object per line as well")
    parser.add_argument("--rounds", type=int, default=15, help="how often each figure is taken")
    options = parser.parse_args()
    kernels = load()
    unknown = [w for w in options.what if w not in TABLES and w not in kernels]
    if unknown:
        parser.error(f"no table or kernel named {unknown[0]!r}; kernels: {', '.join(sorted(kernels))}")
    chosen = [w for w in options.what if w in TABLES] or (["kernels"] if options.what else list(TABLES))
    names = [w for w in options.what if w in kernels] or list(kernels)
    wrong = 0
    for table in chosen:
        print()
        rows = getattr(tables, f"table_{table}")([kernels[n] for n in names], options.rounds)
        wrong += sum(row.get("wrong", 0) for row in rows)
        if options.json:
            for row in rows:
                print(json.dumps({"table": table, **row}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
