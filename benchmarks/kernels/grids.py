"""Loops over two- and three-dimensional arrays: stencils, dense linear algebra."""
import numpy as np

from kernels import kernel


def square(n, seed=1):
    """An n x n array of random numbers, well conditioned."""
    return np.random.default_rng(seed).random((n, n)) + n * np.eye(n)


@kernel("""void jacobi(const double *u, long n, long m, double *v, long n2, long m2) {
    for (long i = 1; i < n - 1; i++) for (long j = 1; j < m - 1; j++)
        v[i*m+j] = 0.25 * (u[(i-1)*m+j] + u[(i+1)*m+j] + u[i*m+j-1] + u[i*m+j+1]); }""",
        lambda: (square(300), np.zeros((300, 300))))
def jacobi(u, v):
    for i in range(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            v[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])


@kernel("""void convolve(const double *u, long n, long m, const double *k, long k0, long k1, double *v, long n2, long m2) {
    for (long i = 1; i < n - 1; i++) for (long j = 1; j < m - 1; j++) { double s = 0;
        for (long a = 0; a < 3; a++) for (long b = 0; b < 3; b++) s += k[a*3+b] * u[(i+a-1)*m + j+b-1];
        v[i*m+j] = s; } }""",
        lambda: (square(200), np.random.default_rng(3).random((3, 3)), np.zeros((200, 200))))
def convolve(u, k, v):
    for i in range(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            s = 0.0
            for a in range(3):
                for b in range(3):
                    s += k[a, b] * u[i + a - 1, j + b - 1]
            v[i, j] = s


@kernel("""void product(const double *a, long n, long m, const double *b, long m2, long p, double *c, long n2, long p2) {
    for (long i = 0; i < n; i++) { for (long j = 0; j < p; j++) c[i*p+j] = 0;
        for (long k = 0; k < m; k++) { double t = a[i*m+k]; for (long j = 0; j < p; j++) c[i*p+j] += t * b[k*p+j]; } } }""",
        lambda: (square(120), square(120, 2), np.zeros((120, 120))))
def product(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            c[i, j] = 0.0
        for k in range(a.shape[1]):
            t = a[i, k]
            for j in range(b.shape[1]):
                c[i, j] += t * b[k, j]


@kernel("""void eliminate(const double *s, long n, long m, double *a, long n2, long m2) {
    for (long i = 0; i < n; i++) for (long j = 0; j < n; j++) a[i*n+j] = s[i*n+j];
    for (long k = 0; k < n; k++) for (long i = k + 1; i < n; i++) { a[i*n+k] /= a[k*n+k];
        for (long j = k + 1; j < n; j++) a[i*n+j] -= a[i*n+k] * a[k*n+j]; } }""",
        lambda: (square(120), np.zeros((120, 120))))
def eliminate(source, a):
    n = source.shape[0]
    for i in range(n):
        for j in range(n):
            a[i, j] = source[i, j]
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]


@kernel("""void diffuse(const double *u, long n, long m, long p, double *v, long n2, long m2, long p2) {
    for (long i = 1; i < n-1; i++) for (long j = 1; j < m-1; j++) for (long k = 1; k < p-1; k++) { long o = (i*m+j)*p+k;
        v[o] = u[o] + 0.1 * (u[o-m*p] + u[o+m*p] + u[o-p] + u[o+p] + u[o-1] + u[o+1] - 6.0 * u[o]); } }""",
        lambda: (np.random.default_rng(1).random((48, 48, 48)), np.zeros((48, 48, 48))))
def diffuse(u, v):
    for i in range(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            for k in range(1, u.shape[2] - 1):
                around = u[i - 1, j, k] + u[i + 1, j, k] + u[i, j - 1, k] + u[i, j + 1, k] + u[i, j, k - 1] + u[i, j, k + 1]
                v[i, j, k] = u[i, j, k] + 0.1 * (around - 6.0 * u[i, j, k])


@kernel("""void shortest(const double *s, long n, long m, double *d, long n2, long m2) {
    for (long i = 0; i < n * n; i++) d[i] = s[i];
    for (long k = 0; k < n; k++) for (long i = 0; i < n; i++) for (long j = 0; j < n; j++) {
        double t = d[i*n+k] + d[k*n+j]; if (t < d[i*n+j]) d[i*n+j] = t; } }""",
        lambda: (np.random.default_rng(1).random((100, 100)), np.zeros((100, 100))))
def shortest(source, d):
    n = source.shape[0]
    for i in range(n):
        for j in range(n):
            d[i, j] = source[i, j]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                t = d[i, k] + d[k, j]
                if t < d[i, j]:
                    d[i, j] = t


@kernel("""void distances(const double *x, long n, long d, double *out, long n2, long n3) {
    for (long i = 0; i < n; i++) for (long j = 0; j < n; j++) { double s = 0;
        for (long k = 0; k < d; k++) { double t = x[i*d+k] - x[j*d+k]; s += t * t; } out[i*n+j] = sqrt(s); } }""",
        lambda: (np.random.default_rng(1).random((200, 3)), np.zeros((200, 200))))
def distances(x, out):
    for i in range(x.shape[0]):
        for j in range(x.shape[0]):
            s = 0.0
            for k in range(x.shape[1]):
                t = x[i, k] - x[j, k]
                s += t * t
            out[i, j] = np.sqrt(s)
