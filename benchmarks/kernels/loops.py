"""Loops over one-dimensional arrays: reductions, maps, recurrences."""
import math

import numpy as np

from kernels import kernel

N = 100_000


def floats(n=N, seed=1, dtype=np.float64):
    """Random numbers in [0.5, 1.5)."""
    return (np.random.default_rng(seed).random(n) + 0.5).astype(dtype)


@kernel("double total(const double *x, long n) { double s = 0; for (long i = 0; i < n; i++) s += x[i]; return s; }",
        lambda: (floats(),))
def total(x):
    s = 0.0
    for i in range(x.shape[0]):
        s += x[i]
    return s


@kernel("double total_each(const double *x, long n) { double s = 0; for (long i = 0; i < n; i++) s += x[i]; return s; }",
        lambda: (floats(),))
def total_each(x):
    s = 0.0
    for v in x:
        s += v
    return s


@kernel("void axpy(double a, const double *x, long n, double *y, long m)"
        "{ for (long i = 0; i < n; i++) y[i] = a * x[i] + y[i]; }",
        lambda: (1e-9, floats(), floats(seed=2)))
def axpy(a, x, y):
    for i in range(x.shape[0]):
        y[i] = a * x[i] + y[i]


@kernel("void axpy_float32(const float *x, long n, float *y, long m)"
        "{ for (long i = 0; i < n; i++) y[i] = x[i] * 0.5f + y[i] * 0.5f; }",
        lambda: (floats(dtype=np.float32), floats(seed=2, dtype=np.float32)))
def axpy_float32(x, y):
    for i in range(x.shape[0]):
        y[i] = x[i] * 0.5 + y[i] * 0.5


@kernel("void running_sum(const double *x, long n, double *y, long m)"
        "{ double s = 0; for (long i = 0; i < n; i++) { s += x[i]; y[i] = s; } }",
        lambda: (floats(), np.empty(N)))
def running_sum(x, out):
    s = 0.0
    for i in range(len(x)):
        s += x[i]
        out[i] = s


@kernel("void quotient(const double *x, long n, const double *y, long m, double *z, long k)"
        "{ for (long i = 0; i < n; i++) z[i] = x[i] / y[i]; }",
        lambda: (floats(), floats(seed=2), np.empty(N)))
def quotient(x, y, out):
    for i in range(x.size):
        out[i] = x[i] / y[i]


@kernel("void smooth(const double *x, long n, double *y, long m)"
        "{ for (long i = 1; i < n - 1; i++) y[i] = (x[i-1] + x[i] + x[i+1]) / 3.0; }",
        lambda: (floats(), np.zeros(N)))
def smooth(x, out):
    for i in range(1, x.shape[0] - 1):
        out[i] = (x[i - 1] + x[i] + x[i + 1]) / 3.0


@kernel("void gauss(const double *x, long n, double *y, long m) { for (long i = 0; i < n; i++) y[i] = exp(-x[i] * x[i]); }",
        lambda: (floats(), np.empty(N)))
def gauss(x, out):
    for i in range(x.shape[0]):
        out[i] = math.exp(-x[i] * x[i])


@kernel("void waves(const double *x, long n, double *y, long m) { for (long i = 0; i < n; i++) y[i] = sin(x[i]) + cos(2.0 * x[i]); }",
        lambda: (floats(), np.empty(N)))
def waves(x, out):
    for i in range(x.shape[0]):
        out[i] = np.sin(x[i]) + np.cos(2.0 * x[i])


@kernel("long above(const float *x, long n) { long c = 0; for (long i = 0; i < n; i++) if (x[i] > 1.0f) c++; return c; }",
        lambda: (floats(dtype=np.float32),))
def above(x):
    count = 0
    for i in range(x.shape[0]):
        if x[i] > 1.0:
            count += 1
    return count


@kernel("void clamp(double *x, long n, double lo, double hi)"
        "{ for (long i = 0; i < n; i++) { if (x[i] < lo) x[i] = lo; else if (x[i] > hi) x[i] = hi; } }",
        lambda: (floats(), 0.6, 1.4))
def clamp(x, low, high):
    for i in range(x.shape[0]):
        if x[i] < low:
            x[i] = low
        elif x[i] > high:
            x[i] = high


@kernel("void rotate(const double *z, long n, double *w, long m)"
        "{ for (long i = 0; i < n; i++) { double a = z[2*i], b = z[2*i+1];"
        " w[2*i] = a * 0.6 - b * 0.8; w[2*i+1] = a * 0.8 + b * 0.6; } }",
        lambda: (floats() + 1j * floats(seed=2), np.empty(N, np.complex128)))
def rotate(z, out):
    turn = 0.6 + 0.8j
    for i in range(z.shape[0]):
        out[i] = z[i] * turn
