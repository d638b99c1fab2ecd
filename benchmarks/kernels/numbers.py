"""Scalars: integers, recursion, nested calls, complex iteration."""
from kernels import kernel


@kernel("long squares(long n) { long s = 0; for (long i = 0; i < n; i++) s += i * i; return s; }", lambda: (200_000,))
def squares(n):
    s = 0
    for i in range(n):
        s += i * i
    return s


@kernel("""long collatz(long n) { long most = 0; for (long i = 1; i < n; i++) { long c = 0, k = i;
    while (k != 1) { k = k % 2 == 0 ? k / 2 : 3 * k + 1; c++; } if (c > most) most = c; } return most; }""", lambda: (3000,))
def collatz(n):
    most = 0
    for i in range(1, n):
        count = 0
        k = i
        while k != 1:
            k = k // 2 if k % 2 == 0 else 3 * k + 1
            count += 1
        if count > most:
            most = count
    return most


@kernel("long fib(long n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }", lambda: (22,), helpers=("fib",))
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def gcd(a, b):
    """Euclid's algorithm."""
    while b:
        a, b = b, a % b
    return a


@kernel("""static long gcd_(long a, long b) { while (b) { long t = a % b; a = b; b = t; } return a; }
    long coprime(long n) { long c = 0; for (long i = 1; i < n; i++) for (long j = 1; j < n; j++) c += gcd_(i, j) == 1; return c; }""",
        lambda: (150,), helpers=("gcd",))
def coprime(n):
    count = 0
    for i in range(1, n):
        for j in range(1, n):
            if gcd(i, j) == 1:
                count += 1
    return count


@kernel("""long escape(long n, long most) { long c = 0; for (long i = 0; i < n; i++) for (long j = 0; j < n; j++) {
    double a = -2.0 + 3.0 * i / n, b = -1.5 + 3.0 * j / n, x = 0, y = 0;
    for (long k = 0; k < most; k++) { double t = x * x - y * y + a; y = x * y + y * x + b; x = t;
        if (x * x + y * y > 4.0) break; c++; } } return c; }""", lambda: (60, 100))
def escape(n, most):
    count = 0
    for i in range(n):
        for j in range(n):
            c = complex(-2.0 + 3.0 * i / n, -1.5 + 3.0 * j / n)
            z = 0j
            for _ in range(most):
                z = z * z + c
                if z.real * z.real + z.imag * z.imag > 4.0:
                    break
                count += 1
    return count


def cubic(x, shift):
    """The function whose root is looked for."""
    return x * x * x - x - shift


@kernel("""static double cubic_(double x, double s) { return x * x * x - x - s; }
    double roots(long n) { double total = 0; for (long k = 0; k < n; k++) { double s = 0.5 + k * 0.01, lo = 1, hi = 4, f = cubic_(lo, s);
        while (hi - lo > 1e-12) { double mid = 0.5 * (lo + hi), v = cubic_(mid, s);
            if ((v < 0) == (f < 0)) { lo = mid; f = v; } else hi = mid; }
        total += lo; } return total; }""", lambda: (500,), helpers=("cubic",))
def roots(n):
    total = 0.0
    for k in range(n):
        shift = 0.5 + k * 0.01
        low = 1.0
        high = 4.0
        at_low = cubic(low, shift)
        while high - low > 1e-12:
            middle = 0.5 * (low + high)
            value = cubic(middle, shift)
            if (value < 0) == (at_low < 0):
                low = middle
                at_low = value
            else:
                high = middle
        total += low
    return total


@kernel("double series(long n) { double s = 0; for (long k = 1; k <= n; k++) s += 1.0 / ((double) k * k); return s; }", lambda: (50_000,))
def series(n):
    s = 0.0
    for k in range(1, n + 1):
        s += 1.0 / (k * k)
    return s
