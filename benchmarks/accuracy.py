"""How far vector math is from the true values, in units in the last place: the table in `docs/accuracy.md`.

    python benchmarks/accuracy.py [--millions N] [--seed N] [function ...]

Each function is compiled in a loop, so that its kernel runs at the machine's full width, and evaluated on millions of
numbers: drawn from its range, from all bit patterns, and around every number where the kernel changes its way.
The reference is the C library's `long double` (64 bits), whose own error is about 1/2000 of a double's ulp.  The
worst points of each group and a sample are computed once more by mpmath (200 bits), whose value then counts; the number of
points at which the two disagree by more than 0.01 ulp is shown.

With `--all-singles`, functions of one float32 are evaluated at all 2**32 arguments instead, against the function of float64
rounded to 29 more bits, which the first table is about.
"""
import argparse
import math
import sys

import mpmath
import numpy as np

import coachwhip
from coachwhip._machine import from_bits, select, to_bits

LONG = np.longdouble
PI = math.pi
ROOT = math.sqrt(2)
LN2 = math.log(2)
#: How many of the worst points of each group, and how many at random, mpmath computes.
LOOKED_AT = 200

#: Per function: ranges to draw from, and numbers where something changes, for float64.
FUNCTIONS = {
    "exp": ([(-745.2, 709.8), (-1, 1)], [LN2 / 2, 1.5 * LN2, -LN2 / 2, 709.78, -708.4, -745.13, -346.6]),
    "exp2": ([(-1075, 1024), (-1, 1)], [0.5, -0.5, 1.5, 1024, -1022, -1074.5, -500.5]),
    "expm1": ([(-40, 709.8), (-1, 1)], [LN2 / 2, -LN2 / 2, 1.04, -1.04, 37.4, 36.7, -37.4, 709.78, 1e-16, -1e-16]),
    "log": ([(0, 4), (0.7, 1.42), (0, 1e300)], [1, ROOT / 2, ROOT, 2, 4, 2.0**-1022, 1e-310]),
    "log2": ([(0, 4), (0.7, 1.42), (0, 1e300)], [1, ROOT / 2, ROOT, 2, 8, 2.0**-1022, 1e-310]),
    "log10": ([(0, 4), (0.7, 1.42), (0, 1e300)], [1, ROOT / 2, ROOT, 10, 1000, 2.0**-1022, 1e-310]),
    "log1p": ([(-1, 4), (-0.3, 0.42), (0, 1e300)], [ROOT - 1, ROOT / 2 - 1, -0.5, 1, 1e-16, -1e-16, 2.0**53]),
    "sinh": ([(-710.5, 710.5), (-2, 2)], [LN2 / 2, 1.5 * LN2, 1e-8, 18.7, 22, 710.47]),
    "cosh": ([(-710.5, 710.5), (-2, 2)], [LN2 / 2, 1.5 * LN2, 1e-8, 18.7, 22, 710.47]),
    "tanh": ([(-23, 23), (-2, 2)], [LN2 / 2, 1.5 * LN2, 1e-8, 18.7, 19.06, 22]),
    "cbrt": ([(-8, 8), (0, 1e300)], [1, 2, 4, 8, 1 / 8, 2.0**-1022, 1e-310]),
    "sin": ([(-10, 10), (-1e6, 1e6), (-1e300, 1e300)], [n * PI / 4 for n in range(-9, 10)] + [2.0**31, 1e5 * PI]),
    "cos": ([(-10, 10), (-1e6, 1e6), (-1e300, 1e300)], [n * PI / 4 for n in range(-9, 10)] + [2.0**31, 1e5 * PI]),
    "tan": ([(-10, 10), (-1e6, 1e6), (-1e300, 1e300)], [n * PI / 4 for n in range(-9, 10)] + [2.0**31, 1e5 * PI]),
    "arcsin": ([(-1, 1), (-0.6, 0.6)], [0.5, -0.5, 1, -1, 1e-8]),
    "arccos": ([(-1, 1), (-0.6, 0.6)], [0.5, -0.5, 1, -1, 1e-8]),
    "arctan": ([(-10, 10), (-1, 1), (-1e300, 1e300)], [1, -1, 0.5, ROOT - 1, ROOT + 1, 1e-8, 1e17]),
    "arcsinh": ([(-10, 10), (-1, 1), (-1e300, 1e300)], [2e-9, 1e-4, 0.34, 0.75, 1, 2, 32768, 2.0**30, 1e308]),
    "arccosh": ([(1, 10), (1, 1.1), (0, 1e300)], [1, 1.0625, 1.25, ROOT, 2, 32768, 2.0**30, 1e308]),
    "arctanh": ([(-1, 1), (-0.3, 0.3)], [1e-8, 1e-4, 0.17, 0.2, 0.333, 0.5, 0.6, 0.75, 0.9, 1]),
    "power": ([(0, 4), (0.7, 1.42), (0, 1e300)], [1, ROOT / 2, ROOT, 2]),
    "hypot": ([(0, 4), (0, 1e300), (0, 1e-300)], [1, 2.0**500, 2.0**-500, 2.0**511, 1e308]),
    "arctan2": ([(-4, 4), (-1e300, 1e300)], [1, -1, ROOT - 1, ROOT + 1]),
}
TWO = ("power", "hypot", "arctan2")
#: mpmath's names, where they differ, and what it has no function for.
EQUALS = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh",
}
EXACT = {
    "power": mpmath.power,
    "exp2": lambda x: mpmath.power(2, x),
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
}


def compiled(name, dtype):
    """The function in a loop, compiled."""
    arguments = "x, y" if name in TWO else "x"
    call = "np.{}({})".format(name, ", ".join(f"{a}[i]" for a in arguments.split(", ")))
    source = f"def loop({arguments}, out):\n    for i in range(out.shape[0]):\n        out[i] = {call}\n"
    scope = {"np": np}
    exec(source, scope)
    loop = coachwhip.jit(scope["loop"])
    number = np.ones(1, dtype)
    loop(*[number] * (arguments.count(",") + 1), number)
    return loop


def bit_patterns(random, dtype, count):
    """Numbers of every size, subnormal, infinite and not numbers among them."""
    kind = np.uint32 if dtype == np.float32 else np.uint64
    return random.integers(0, np.iinfo(kind).max, count, dtype=kind, endpoint=True).view(dtype)


def near(numbers, dtype, each):
    """Neighbours of some numbers on both sides."""
    kind = np.int32 if dtype == np.float32 else np.int64
    steps = np.arange(-each, each, dtype=kind)
    with np.errstate(over="ignore"):
        starts = np.asarray([n for n in numbers if np.isfinite(dtype(n)) and dtype(n) != 0], dtype)
    return (starts.view(kind)[:, None] + steps).ravel().view(dtype)


def groups(name, dtype, random, count):
    """Tuples of argument arrays."""
    ranges, breaks = FUNCTIONS[name]
    most = float(np.finfo(dtype).max)
    clipped = [(max(low, -most), min(high, most)) for low, high in ranges]

    def drawn():
        yield bit_patterns(random, dtype, count)
        for low, high in clipped:
            # Halves, because a range of all numbers is too wide for a difference.
            yield (2 * random.uniform(low / 2, high / 2, count)).astype(dtype)
        yield near(breaks, dtype, max(200, count // 50))

    for x in drawn():
        if name not in TWO:
            yield (x,)
        elif name == "power":
            with np.errstate(all="ignore"):
                size = np.abs(x)
                limit = 1070 if dtype == np.float64 else 148
                yield size, (random.uniform(-limit, limit, x.size) / np.log2(size.astype(float))).astype(dtype)
            yield x, random.uniform(-4, 4, x.size).astype(dtype)
            yield x, np.round(random.uniform(-20, 20, x.size)).astype(dtype)
            yield x, bit_patterns(random, dtype, x.size)
        else:
            with np.errstate(all="ignore"):
                yield x, (x * random.uniform(-4, 4, x.size)).astype(dtype)
            yield x, random.permutation(x)
            yield x, bit_patterns(random, dtype, x.size)


def reference(name, arguments):
    """The values in `long double`."""
    return getattr(np, name)(*(a.astype(LONG) for a in arguments))


def ulps(got, want, dtype):
    """Distances in units of the result's last place; infinite where one is finite or a number and the other is not."""
    rounded = want.astype(dtype)
    unit = np.spacing(np.minimum(np.abs(rounded), np.finfo(dtype).max)).astype(LONG)
    distance = np.abs(got.astype(LONG) - want) / unit
    # Where the true value rounds to infinity, the largest number is as near as the threshold.
    same = (np.isnan(got) & np.isnan(want)) | (got == rounded)
    special = ~np.isfinite(got) | ~np.isfinite(rounded)
    distance[special] = np.where(same, 0, np.inf)[special]
    zero = (rounded == 0) & (got == 0)
    distance[zero & (np.signbit(got) != np.signbit(want))] = np.inf
    return distance.astype(float)


def exact(name, arguments):
    """One value in 200 bits, as a sum of two doubles; None where it is not finite."""
    with mpmath.workprec(200):
        value = EXACT.get(name, getattr(mpmath, EQUALS.get(name, name), None))(*(mpmath.mpf(float(a)) for a in arguments))
        if not mpmath.isfinite(value) or not isinstance(value, mpmath.mpf):
            return None
        # Beyond the range of doubles, the long double reference stands.
        high = float(value)
        return LONG(high) + LONG(float(value - high)) if math.isfinite(high) and abs(high) > 1e-290 else None


def measure(name, dtype, random, count, looked_at=LOOKED_AT):
    """Largest distance, where, number of points, and where the quick reference was wrong."""
    loop = compiled(name, dtype)
    worst, place, points, corrected = 0.0, None, 0, 0
    for arguments in groups(name, dtype, random, count):
        out = np.empty(arguments[0].size, dtype)
        with np.errstate(all="ignore"):
            loop(*arguments, out)
            want = reference(name, arguments)
            distance = ulps(out, want, dtype)
            points += out.size
            looked = np.concatenate([np.argsort(distance)[-looked_at:], random.integers(0, out.size, looked_at)])
            for at in looked:
                value = exact(name, [a[at] for a in arguments]) if np.isfinite(want[at]) else None
                if value is not None and want[at] != 0:
                    anew = ulps(out[at : at + 1], np.array([value], LONG), dtype)[0]
                    corrected += abs(anew - distance[at]) > 0.01
                    distance[at] = anew
        at = np.argmax(distance)
        if distance[at] > worst:
            worst, place = distance[at], [a[at] for a in arguments]
    return worst, place, points, corrected


def single_loop(name):
    """A compiled loop that fills in the errors of a function of float32, from bit patterns."""
    source = (
        "def loop(bits, errors):\n"
        "    for i in range(bits.shape[0]):\n"
        "        x = from_bits(bits[i])\n"
        f"        got, want = np.{name}(x), np.{name}(np.float64(x))\n"
        "        nearest = np.float32(want)\n"
        "        unit = np.float64(from_bits(to_bits(nearest) & 0x7F800000)) * 2.0**-23\n"
        "        unit = select(unit > 2.0**-149, unit, 2.0**-149)\n"
        "        off = abs(np.float64(got) - want) / unit\n"
        "        same = (to_bits(got) == to_bits(nearest)) | ((got != got) & (want != want))\n"
        "        fine = (abs(got) < math.inf) & (abs(nearest) < math.inf) & ((got != 0.0) | (off > 0.0))\n"
        "        errors[i] = select(same & ~fine, 0.0, select(fine, off, math.inf))\n"
    )
    scope = {"np": np, "math": math, "from_bits": from_bits, "to_bits": to_bits, "select": select}
    exec(source, scope)
    return coachwhip.jit(scope["loop"])


def measure_all_singles(name, chunk=1 << 22):
    """Largest distance over all arguments, and where."""
    loop = single_loop(name)
    errors, bits = np.empty(chunk), np.arange(chunk, dtype=np.int32)
    bits -= np.int32(2**31 - 1)
    bits -= np.int32(1)
    worst, place = -1.0, None
    for _ in range(2**32 // chunk):
        loop(bits, errors)
        at = np.argmax(errors)
        if errors[at] > worst:
            worst, place = errors[at], bits[at : at + 1].view(np.float32)[0]
        # The last step wraps around.
        bits += np.int32(chunk)
    return worst, place


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("functions", nargs="*", default=list(FUNCTIONS))
    parser.add_argument("--millions", type=float, default=2, help="points of each group, in millions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all-singles", action="store_true", help="all 2**32 arguments of float32")
    options = parser.parse_args()
    if options.all_singles:
        print("| function | largest error (ulp) | at |\n|---|---|---|")
        for name in options.functions:
            if name not in TWO:
                worst, place = measure_all_singles(name)
                print(f"| `{name}` | {worst:.3f} | {float(place)!r} |", flush=True)
        return
    print("| function | dtype | largest error (ulp) | at | points (millions) |")
    print("|---|---|---|---|---|")
    for name in options.functions:
        for dtype in (np.float64, np.float32):
            random = np.random.default_rng(options.seed)
            worst, place, points, corrected = measure(name, dtype, random, int(options.millions * 1e6))
            at = ", ".join(repr(float(v)) for v in place or ())
            print(f"| `{name}` | {dtype.__name__} | {worst:.3f} | {at} | {points / 1e6:.1f} |", flush=True)
            if corrected:
                print(f"{name} {dtype.__name__}: the reference was corrected at {corrected} points", file=sys.stderr)


if __name__ == "__main__":
    main()
