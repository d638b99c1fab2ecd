"""Data-dependent indices, integers and bytes."""
import numpy as np

from kernels import kernel

N = 100_000


def bytes_(n=N, seed=1):
    """Random bytes."""
    return np.random.default_rng(seed).integers(0, 256, n).astype(np.uint8)


@kernel("void blend(const unsigned char *a, long n, const unsigned char *b, long m, unsigned char *c, long k)"
        "{ for (long i = 0; i < n; i++) c[i] = (unsigned char) (a[i] + b[i]); }",
        lambda: (bytes_(), bytes_(seed=2), np.empty(N, np.uint8)))
def blend(a, b, out):
    for i in range(a.shape[0]):
        out[i] = a[i] + b[i]


@kernel("void table(const unsigned char *x, long n, const unsigned char *t, long m, unsigned char *y, long k)"
        "{ for (long i = 0; i < n; i++) y[i] = t[x[i]]; }",
        lambda: (bytes_(), bytes_(256, 2), np.empty(N, np.uint8)))
def table(x, lookup, out):
    for i in range(x.shape[0]):
        out[i] = lookup[x[i]]


@kernel("void histogram(const unsigned char *x, long n, long *h, long m) { for (long i = 0; i < n; i++) h[x[i]]++; }",
        lambda: (bytes_(), np.zeros(256, np.int64)))
def histogram(x, counts):
    for i in range(x.shape[0]):
        counts[x[i]] += 1


@kernel("double gather(const double *x, long n, const long *i, long m) { double s = 0; for (long k = 0; k < m; k++) s += x[i[k]]; return s; }",
        lambda: (np.random.default_rng(1).random(N), np.random.default_rng(2).integers(0, N, N)))
def gather(x, index):
    s = 0.0
    for k in range(index.shape[0]):
        s += x[index[k]]
    return s


def sparse(n=2000, each=20):
    """A random matrix in compressed rows, and a vector."""
    rng = np.random.default_rng(1)
    return (rng.random(n * each), rng.integers(0, n, n * each).astype(np.int32), np.arange(0, n * each + 1, each, dtype=np.int32),
            rng.random(n), np.empty(n))


@kernel("""void spmv(const double *v, long nv, const int *c, long nc, const int *p, long np, const double *x, long nx, double *y, long n) {
    for (long i = 0; i < n; i++) { double s = 0; for (int k = p[i]; k < p[i+1]; k++) s += v[k] * x[c[k]]; y[i] = s; } }""", sparse)
def spmv(values, columns, starts, x, y):
    for i in range(y.shape[0]):
        s = 0.0
        for k in range(starts[i], starts[i + 1]):
            s += values[k] * x[columns[k]]
        y[i] = s


@kernel("""long edit(const unsigned char *a, long n, const unsigned char *b, long m, int *d, long r, long c) {
    for (long i = 0; i <= n; i++) d[i*c] = i;
    for (long j = 0; j <= m; j++) d[j] = j;
    for (long i = 1; i <= n; i++) for (long j = 1; j <= m; j++) { int t = d[(i-1)*c+j-1] + (a[i-1] != b[j-1]);
        if (d[(i-1)*c+j] + 1 < t) t = d[(i-1)*c+j] + 1; if (d[i*c+j-1] + 1 < t) t = d[i*c+j-1] + 1; d[i*c+j] = t; }
    return d[n*c+m]; }""", lambda: (bytes_(200), bytes_(200, 2), np.zeros((201, 201), np.int32)))
def edit(a, b, d):
    n = a.shape[0]
    m = b.shape[0]
    for i in range(n + 1):
        d[i, 0] = i
    for j in range(m + 1):
        d[0, j] = j
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            t = d[i - 1, j - 1]
            if a[i - 1] != b[j - 1]:
                t += 1
            if d[i - 1, j] + 1 < t:
                t = d[i - 1, j] + 1
            if d[i, j - 1] + 1 < t:
                t = d[i, j - 1] + 1
            d[i, j] = t
    return int(d[n, m])


@kernel("""long primes(unsigned char *f, long n) { long c = 0; for (long i = 0; i < n; i++) f[i] = 1;
    for (long i = 2; i < n; i++) if (f[i]) { c++; for (long j = i * i; j < n; j += i) f[j] = 0; } return c; }""",
        lambda: (np.zeros(50_000, np.bool_),))
def primes(flags):
    count = 0
    n = flags.shape[0]
    for i in range(n):
        flags[i] = True
    for i in range(2, n):
        if flags[i]:
            count += 1
            for j in range(i * i, n, i):
                flags[j] = False
    return count


@kernel("long total_int(const int *x, long n) { long s = 0; for (long i = 0; i < n; i++) s += x[i]; return s; }",
        lambda: (np.random.default_rng(1).integers(-1000, 1000, N).astype(np.int32),))
def total_int(x):
    s = np.int64(0)
    for i in range(x.shape[0]):
        s += x[i]
    return int(s)


@kernel("""long search(const double *x, long n, const double *q, long m) { long s = 0; for (long k = 0; k < m; k++) { long lo = 0, hi = n;
    while (lo < hi) { long mid = (lo + hi) / 2; if (x[mid] < q[k]) lo = mid + 1; else hi = mid; } s += lo; } return s; }""",
        lambda: (np.sort(np.random.default_rng(1).random(10_000)), np.random.default_rng(2).random(2000)))
def search(x, queries):
    s = 0
    for k in range(queries.shape[0]):
        low = 0
        high = x.shape[0]
        while low < high:
            middle = (low + high) // 2
            if x[middle] < queries[k]:
                low = middle + 1
            else:
                high = middle
        s += low
    return s
