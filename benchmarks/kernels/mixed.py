"""Small programs: n bodies, sorting in place by recursion, insertion sort."""
import numpy as np

from kernels import kernel


def bodies():
    """Positions, velocities and masses of five bodies, and a number of steps."""
    rng = np.random.default_rng(1)
    return rng.random((5, 3)) * 10, rng.random((5, 3)), rng.random(5), 200


@kernel("""double planets(double *x, long n, long d, double *v, long n2, long d2, const double *m, long n3, long steps) {
    for (long s = 0; s < steps; s++) {
        for (long i = 0; i < n; i++) for (long j = 0; j < n; j++) if (i != j) {
            double a = x[3*j] - x[3*i], b = x[3*j+1] - x[3*i+1], c = x[3*j+2] - x[3*i+2];
            double q = a*a + b*b + c*c + 0.01, w = m[j] / (q * sqrt(q)) * 0.001;
            v[3*i] += a * w; v[3*i+1] += b * w; v[3*i+2] += c * w; }
        for (long i = 0; i < n; i++) for (long k = 0; k < 3; k++) x[3*i+k] += 0.001 * v[3*i+k]; }
    return x[0]; }""", bodies)
def planets(x, v, m, steps):
    n = x.shape[0]
    for _ in range(steps):
        for i in range(n):
            for j in range(n):
                if i != j:
                    a = x[j, 0] - x[i, 0]
                    b = x[j, 1] - x[i, 1]
                    c = x[j, 2] - x[i, 2]
                    q = a * a + b * b + c * c + 0.01
                    w = m[j] / (q * np.sqrt(q)) * 0.001
                    v[i, 0] += a * w
                    v[i, 1] += b * w
                    v[i, 2] += c * w
        for i in range(n):
            for k in range(3):
                x[i, k] += 0.001 * v[i, k]
    return float(x[0, 0])


def quick(a, low, high):
    """Sorts a[low:high + 1] in place."""
    i = low
    j = high
    pivot = a[(low + high) // 2]
    while i <= j:
        while a[i] < pivot:
            i += 1
        while a[j] > pivot:
            j -= 1
        if i <= j:
            a[i], a[j] = a[j], a[i]
            i += 1
            j -= 1
    if low < j:
        quick(a, low, j)
    if i < high:
        quick(a, i, high)


@kernel("""static void quick_(double *a, long lo, long hi) { long i = lo, j = hi; double p = a[(lo + hi) / 2];
    while (i <= j) { while (a[i] < p) i++; while (a[j] > p) j--; if (i <= j) { double t = a[i]; a[i] = a[j]; a[j] = t; i++; j--; } }
    if (lo < j) quick_(a, lo, j); if (i < hi) quick_(a, i, hi); }
    void sort_copy(const double *x, long n, double *a, long m) { for (long i = 0; i < n; i++) a[i] = x[i]; quick_(a, 0, n - 1); }""",
        lambda: (np.random.default_rng(1).random(5000), np.empty(5000)), helpers=("quick",))
def sort_copy(x, a):
    for i in range(x.shape[0]):
        a[i] = x[i]
    quick(a, 0, x.shape[0] - 1)


@kernel("""void insertion(const double *x, long n, double *a, long m) { for (long i = 0; i < n; i++) { double v = x[i]; long j = i;
    while (j > 0 && a[j-1] > v) { a[j] = a[j-1]; j--; } a[j] = v; } }""",
        lambda: (np.random.default_rng(1).random(400), np.empty(400)))
def insertion(x, a):
    for i in range(x.shape[0]):
        v = x[i]
        j = i
        while j > 0 and a[j - 1] > v:
            a[j] = a[j - 1]
            j -= 1
        a[j] = v
