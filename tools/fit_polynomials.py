"""Coefficients of the polynomials in `python/coachwhip/lib/vecmath`: minimax fits by Remez's exchange.

A development tool; it needs mpmath.  `python tools/fit_polynomials.py exp log` prints the coefficients of the
named polynomials (all without arguments), lowest power first, as literals that read back to the same numbers,
and the largest relative error of the rounded polynomial as a power of two.

Each fit minimises the largest weighted error of a sum of given powers over an interval (Remez's exchange, in
300 bits); the coefficients are then rounded to the precision in which the kernel holds them.
"""
import sys

import mpmath as mp

mp.mp.prec = 300


class Fit:
    """One polynomial: `f` is about the sum of `c[i] * x**powers[i]` on `interval`, errors times `weight(x)`.

    Coefficients are held in `bits` bits, the first `pairs` of them as sums of two such numbers.  After each of the
    first `again` of them has been rounded, the others are fitted anew to what is left.
    """

    def __init__(self, f, powers, interval, weight, bits=53, pairs=0, again=0):
        self.f, self.powers, self.weight = f, list(powers), weight
        self.low, self.high = map(mp.mpf, interval)
        self.bits, self.pairs, self.again = bits, pairs, again


def rounded(value, bits):
    """The nearest number of so many bits."""
    with mp.workprec(bits):
        return +value


def value(coefficients, powers, x):
    """The sum of the powers."""
    return mp.fsum(c * x**p for c, p in zip(coefficients, powers))


def exchange(f, powers, low, high, weight, rounds=30):
    """Minimax coefficients by Remez's exchange on a fine Chebyshev grid."""
    count = len(powers) + 1
    middle, half = (low + high) / 2, (high - low) / 2
    size = 16 * count
    grid = [middle - half * mp.cos(mp.pi * (i + mp.mpf(1) / 2) / size) for i in range(size)]
    targets, weights = [f(x) for x in grid], [weight(x) for x in grid]
    rows = [[x**p for p in powers] for x in grid]
    nodes = [round(i * (size - 1) / (count - 1)) for i in range(count)]
    for _ in range(rounds):
        matrix = mp.matrix(count, count)
        right = mp.matrix(count, 1)
        for i, node in enumerate(nodes):
            for j in range(len(powers)):
                matrix[i, j] = rows[node][j]
            matrix[i, count - 1] = (-1) ** i / weights[node]
            right[i] = targets[node]
        solution = mp.lu_solve(matrix, right)
        coefficients = [solution[j] for j in range(len(powers))]
        errors = [
            (t - mp.fsum(c * r for c, r in zip(coefficients, row))) * w
            for t, row, w in zip(targets, rows, weights)
        ]
        new = alternation(errors, count)
        if new is None or new == nodes:
            break
        nodes = new
    return coefficients


def alternation(errors, count):
    """Positions of extremes of alternating sign, the largest ones."""
    places = []
    for i, error in enumerate(errors):
        if places and (errors[places[-1]] > 0) == (error > 0):
            if abs(error) > abs(errors[places[-1]]):
                places[-1] = i
        else:
            places.append(i)
    while len(places) > count:
        if abs(errors[places[0]]) < abs(errors[places[-1]]):
            places.pop(0)
        else:
            places.pop()
    return places if len(places) == count else None


def remainder(f, known):
    """What a function is more than a polynomial."""
    return lambda x: f(x) - mp.fsum(mp.fsum(parts) * x**p for p, parts in known.items())


def fit(job):
    """Rounded coefficients and the largest weighted error with them."""
    coefficients = exchange(job.f, job.powers, job.low, job.high, job.weight)
    known = {}
    for position, power in enumerate(job.powers):
        if 0 < position <= job.again:
            left = remainder(job.f, known)
            coefficients[position:] = exchange(left, job.powers[position:], job.low, job.high, job.weight)
        number = coefficients[position]
        parts = [rounded(number, job.bits)]
        if position < job.pairs:
            parts.append(rounded(number - parts[0], job.bits))
        known[power] = parts
    worst = mp.mpf(0)
    steps = 2000
    for i in range(steps + 1):
        x = job.low + (job.high - job.low) * i / steps
        if x != 0:
            rest = job.f(x) - mp.fsum(mp.fsum(parts) * x**p for p, parts in known.items())
            worst = max(worst, abs(rest * job.weight(x)))
    return known, worst


def literal(number, bits):
    """Shortest text that reads back to the number in its precision."""
    for digits in range(1, 18):
        text = f"{float(number):.{digits}g}"
        if rounded(mp.mpf(float(text)), bits) == number:
            return repr(float(text))
    return repr(float(number))


LN2 = mp.log(2)
#: Half the logarithm of the largest quotient m / 1 of what logarithms leave of their argument: sqrt(2).
LARGEST_S = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) + mp.mpf("1e-9")


def after(series, first, count=60):
    """The sum of `series(n) * z**(n - first)` for n from `first` on."""
    return lambda z: mp.fsum(series(n) * z ** (n - first) for n in range(first, first + count))


def odd(f):
    """`(f(r) - r) / r**3` of `z = r**2`, for an odd function that is about `r`."""
    return lambda z: (f(mp.sqrt(z)) - mp.sqrt(z)) / mp.sqrt(z) ** 3


#: Squares of reduced arguments: of sines and tangents, of arc sines and arc tangents, of hyperbolic functions.
QUARTER = (mp.mpf("1e-9"), (mp.pi / 4) ** 2 * mp.mpf("1.00002"))
HALF = (mp.mpf("1e-9"), mp.mpf("0.25"))
LOG_HALF = (mp.mpf("1e-9"), (LN2 / 2) ** 2 * mp.mpf("1.0002"))
#: (m - 1) / (m + 1) of quotients m up to 2**0.5875, which is where exponents that are subtracted leave them.
QUOTIENT = (mp.mpf("1e-9"), ((mp.mpf(2) ** 0.5875 - 1) / (mp.mpf(2) ** 0.5875 + 1)) ** 2)
#: Reduced arguments of exponentials; mantissas less 1 of logarithms.
AROUND = (-LN2 / 2 * mp.mpf("1.0001"), LN2 / 2 * mp.mpf("1.00011"))
MANTISSA = (mp.sqrt(0.5) * mp.mpf("0.99999") - 1, mp.sqrt(2) * mp.mpf("1.00001") - 1)

#: Names that begin with `single_` are of float32, as are those of its kernels that compute in float64 (`single_pow_`).
JOBS = {
    # sin(r) = r + r * z * P(z), cos(r) = 1 - z/2 + z**2 * Q(z), tan(r) = r + r * z * R(z) with z = r**2
    "sin": lambda: Fit(odd(mp.sin), range(6), QUARTER, lambda z: z, again=3),
    "cos": lambda: Fit(
        lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, range(6), QUARTER, lambda z: z**2, again=3
    ),
    "tan": lambda: Fit(odd(mp.tan), range(15), QUARTER, lambda z: z, again=2),
    "asin": lambda: Fit(odd(mp.asin), range(12), HALF, lambda z: z, again=3),
    "atan": lambda: Fit(odd(mp.atan), range(12), HALF, lambda z: z, again=2),
    "single_sin": lambda: Fit(odd(mp.sin), range(3), QUARTER, lambda z: z, bits=24, again=2),
    "single_cos": lambda: Fit(
        lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, range(3), QUARTER, lambda z: z**2, bits=24, again=2
    ),
    "single_tan": lambda: Fit(odd(mp.tan), range(7), QUARTER, lambda z: z, bits=24, again=3),
    "single_asin": lambda: Fit(odd(mp.asin), range(5), HALF, lambda z: z, bits=24, again=3),
    "single_atan": lambda: Fit(odd(mp.atan), range(5), HALF, lambda z: z, bits=24, again=3),
    # exp(r) = 1 + r + r**2 * P(r), 2**r = 1 + r*log(2) + r**2 * Q(r)
    "single_exp": lambda: Fit(
        lambda r: (mp.exp(r) - 1 - r) / r**2, range(6), AROUND, lambda r: r**2, bits=24
    ),
    "single_exp2": lambda: Fit(
        lambda r: (mp.mpf(2) ** r - 1 - r * LN2) / r**2, range(5), (-0.5, 0.5001), lambda r: r**2, bits=24
    ),
    # log(1+f) = f - f**2/2 + f**3 * P(f)
    "single_log": lambda: Fit(
        lambda f: (mp.log(1 + f) - f + f**2 / 2) / f**3, range(9), MANTISSA, lambda f: f**2, bits=24
    ),
    # cosh(r) = 1 + z * P(z), sinh(r) = r + r * z * Q(z) with z = r**2
    "single_cosh": lambda: Fit(
        lambda z: (mp.cosh(mp.sqrt(z)) - 1) / z, range(3), LOG_HALF, lambda z: z, bits=24, again=2
    ),
    "single_sinh": lambda: Fit(odd(mp.sinh), range(3), LOG_HALF, lambda z: z, bits=24, again=2),
    # m**(-1/3) for 1 <= m < 2
    "single_cbrt": lambda: Fit(lambda m: 1 / mp.cbrt(m), range(5), (1, 2), lambda m: mp.mpf(1), bits=24),
    # log2(1+f) = f * P(f), 2**r = 1 + r * Q(r)
    "single_pow_log2": lambda: Fit(
        lambda f: mp.log(1 + f) / f / LN2, range(15), MANTISSA, lambda f: mp.mpf(1)
    ),
    "single_pow_exp2": lambda: Fit(
        lambda r: (mp.mpf(2) ** r - 1) / r, range(7), (-0.5, 0.5001), lambda r: mp.mpf(1)
    ),
    # exp(r) = 1 + r + r**2/2 + r**3 * P(r)
    "exp": lambda: Fit(
        after(lambda n: 1 / mp.factorial(n), 3),
        range(9), (-LN2 / 2 - 1e-6, LN2 / 2 + 1e-6), lambda r: abs(r) ** 3,
    ),
    # The same for expm1, which wants the error relative to r.
    "expm1": lambda: Fit(
        after(lambda n: 1 / mp.factorial(n), 3),
        range(10), (-LN2 / 2 - 1e-6, LN2 / 2 + 1e-6), lambda r: r**2,
    ),
    # 2**r = 1 + r*log(2) + r**2 * P(r)
    "exp2": lambda: Fit(
        after(lambda n: LN2**n / mp.factorial(n), 2),
        range(10), (-0.5 - 1e-9, 0.5 + 1e-9), lambda r: r**2,
    ),
    # log((1+s)/(1-s)) = 2*s + s * z * P(z) with z = s**2: the weight is s**3
    "log": lambda: Fit(
        after(lambda n: mp.mpf(2) / (2 * n + 1), 1),
        range(7), (0, LARGEST_S**2), lambda z: z,
    ),
    # The same to base 2 and 10: s * (C + z * P(z)), C = 2/log(base).
    "log2": lambda: Fit(
        after(lambda n: 2 / LN2 / (2 * n + 1), 1),
        range(7), (0, LARGEST_S**2), lambda z: z,
    ),
    "log10": lambda: Fit(
        after(lambda n: 2 / mp.log(10) / (2 * n + 1), 1),
        range(7), (0, LARGEST_S**2), lambda z: z,
    ),
    # log2((1+s)/(1-s)) = s * (C + z * (D + z * (E + z * P(z)))) with z = s**2, C = 2/log(2), D = C/3, E = C/5
    "pow": lambda: Fit(
        after(lambda n: 2 / LN2 / (2 * n + 1), 3),
        range(8), (0, LARGEST_S**2), lambda z: z**3,
    ),
    # sinh(r) = r + r * z * P(z), cosh(r) = 1 + z/2 + z**2 * Q(z) with z = r**2
    "sinh": lambda: Fit(
        after(lambda n: 1 / mp.factorial(2 * n + 1), 1),
        range(6), (0, (LN2 / 2 + 1e-6) ** 2), lambda z: z,
    ),
    "cosh": lambda: Fit(
        after(lambda n: 1 / mp.factorial(2 * n), 2),
        range(5), (0, (LN2 / 2 + 1e-6) ** 2), lambda z: z**2,
    ),
    # atanh(s) = s + s * z * P(z) with z = s**2
    "atanh": lambda: Fit(odd(mp.atanh), range(8), QUOTIENT, lambda z: z, again=2),
    "single_atanh": lambda: Fit(odd(mp.atanh), range(4), QUOTIENT, lambda z: z, bits=24, again=2),
    # m**(-1/3) for 1 <= m < 2
    "cbrt": lambda: Fit(
        lambda m: mp.mpf(m) ** (mp.mpf(-1) / 3),
        range(6), (1, 2), lambda m: mp.mpf(m) ** (mp.mpf(1) / 3),
    ),
}


def main(names):
    """Prints the fits asked for."""
    for name in names or JOBS:
        job = JOBS[name]()
        known, worst = fit(job)
        print(f"{name}: error 2**{float(mp.log(worst, 2)):.1f}")
        for power in job.powers:
            print(f"    x**{power}: " + " + ".join(literal(part, job.bits) for part in known[power]))


if __name__ == "__main__":
    main(sys.argv[1:])
