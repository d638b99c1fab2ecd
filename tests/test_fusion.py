"""Array expressions fused over names and statements do what the statements do one by one.

The hazards: writes between the parts, operands that overlap what is written, results that are used again, loops,
branches, early exits, sizes of one, kernels that fail.
"""
import random
import textwrap

import numpy as np
import pytest

import coachwhip as cw
from support import same

RANDOM = np.random.default_rng(5)


def values(*shape):
    return RANDOM.uniform(0.5, 2.0, shape)


def chain(x, y):
    t = x * y + 2.0
    u = t * t - x
    return u / y


def write_between(x, y):
    t = x * y
    x[0] = 100.0
    return t + x


def write_in_loop_between(x, y):
    t = x * y
    for i in range(2):
        y[i] = -1.0
    u = t - y
    return u


def write_on_a_path(x, y):
    t = x * y
    if x[0] > 1.0:
        y[:] = 3.0
    return t + y


def helper_writes(target):
    target[0] = 50.0
    return target[1]


def call_between(x, y):
    t = x + y
    v = helper_writes(x)
    return t * v


def used_twice(x, y):
    t = x / y + 1.0
    return t + 1.0, t * 2.0


def used_after_consumer(x, y):
    t = x - y
    u = t * t
    t[0] = 7.0
    return u, t


def in_a_loop(x, y):
    t = x + y
    for _ in range(3):
        y = y + t
        x += t
    return x, y


def carried(x, n):
    for _ in range(n):
        t = x * 0.5
        x = t + 1.0
    return x


def early(x, y, flag):
    t = x * y
    if flag:
        return t
    u = t + 1.0
    return u


def unused(x, y):
    t = x * y  # noqa: F841
    return x + y


def shifted_in_place(x, y):
    x[1:] = x[:-1] + y[1:]
    return x


def shifted_back(x, y):
    x[:-1] = x[1:] * y[1:]
    return x


def reversed_in_place(x, y):
    x[:] = x[::-1] + y
    return x


def mirrored(x, y):
    x *= y - 0.5 * y[::-1]
    return x


def halves(x, y):
    n = len(x) // 2
    x[:n] = x[n:n + n] + 1.0
    x[n:n + n] += x[:n]
    return x


def augmented_fresh(x, y):
    t = x + y
    t *= 2.0
    t -= x
    t[0] = 5.0
    t += y
    return t


def augmented_alias(x, y):
    t = x + y
    v = t[1:]
    t *= 2.0
    return v, t


def view_of_a_map(x, y):
    t = x * y
    v = t[::-1]
    return v + x


def result_is_argument(x, y):
    x += y
    x *= x
    return x


def swapped(x, y):
    x, y = y + 1.0, x * 2.0
    return x - y


def stencil(u, v):
    v[1:-1] = 0.25 * (u[2:] + u[:-2]) + 0.5 * u[1:-1]
    u[1:-1] = 0.25 * (u[2:] + u[:-2]) + 0.5 * v[1:-1]
    return u


def raised(x, y):
    t = x * y
    x[0] = 9.0
    if x[1] > 0.0:
        raise ValueError("stop")
    return t


LINES = [chain, write_between, write_in_loop_between, write_on_a_path, call_between, used_twice, used_after_consumer,
         in_a_loop, unused, shifted_in_place, shifted_back, reversed_in_place, mirrored, halves, augmented_fresh, augmented_alias,
         view_of_a_map, result_is_argument, swapped, stencil, raised]


@pytest.mark.parametrize("function", LINES, ids=lambda f: f.__name__)
def test_lines(function):
    compiled = cw.jit(function)
    for n in (6, 2, 37):
        same(function, values(n), values(n), compiled=compiled)
    x = values(40)
    for a, b in ((x[1:20], x[20:39]), (x[:20], x[10:30]), (x[10:30], x[:20]), (x[5:15], x[5:15]), (x[:20:2], x[1:20:2]),
                 (x[19::-1], x[:20])):
        mixed = Views(compiled, function, a, b)
        mixed.check()


class Views:
    """A call whose arguments are views of one array: both functions get their own copy of it."""

    def __init__(self, compiled, function, a, b):
        self.compiled, self.function, self.a, self.b = compiled, function, a, b

    def arguments(self):
        base = np.array(self.a.base)
        start = self.a.base.__array_interface__["data"][0]

        def like(v):
            offset = v.__array_interface__["data"][0] - start
            return np.ndarray(v.shape, v.dtype, base, offset, v.strides)

        return base, like(self.a), like(self.b)

    def run(self, function):
        base, a, b = self.arguments()
        try:
            return base, function(a, b)
        except ValueError as error:
            return base, str(error)

    def check(self):
        (base, got), (expected_base, expected) = self.run(self.compiled), self.run(self.function)
        np.testing.assert_array_equal(base, expected_base)
        if not isinstance(expected, tuple):
            got, expected = (got,), (expected,)
        for one, other in zip(got, expected):
            np.testing.assert_array_equal(one, other)


def test_loops_and_flags():
    same(carried, values(5), 4)
    same(carried, values(5), 0)
    for flag in (True, False):
        same(early, values(5), values(5), flag)


SHAPES = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 4), (1, 4)), ((3, 1), (1, 4)), ((3, 1), (4,)), ((1,), (5,)), ((5,), (1,)),
          ((0, 4), (4,)), ((3, 0), (3, 1)), ((2, 3, 4), (3, 1)), ((2, 3, 4), (2, 1, 4)), ((1, 1), (1, 1)), ((2, 1, 4), (1, 3, 1)),
          ((0,), (1,)), ((7,), (7,)), ((), (3,)), ((), ())]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_broadcasting_and_orders(shapes):
    def both(x, y):
        t = x - y
        return t * t + x, y * t

    for orders in ("CC", "FF", "CF", "FC"):
        x, y = (np.array(values(*shape), order=order) for shape, order in zip(shapes, orders))
        same(both, x, y, strides=False)
    if min(map(len, shapes)) > 0:
        spread = [np.repeat(values(*shape), 2, axis=-1)[..., ::2] for shape in shapes]
        same(both, *spread, strides=False)
        same(both, spread[0], values(*shapes[1]), strides=False)
        same(both, *(a[..., ::-1] for a in spread), strides=False)


def test_mismatch_leaves_everything():
    def bad(x, y):
        x += 1.0
        t = x * y
        return t - 1.0

    same(bad, values(3), values(4))
    same(bad, values(3, 2), values(3, 3))


def test_assignment_to_selections_of_planes():
    def planes(u, k):
        u[k] = u[k + 1] * 2.0 - u[0]
        u[:, k] += u[:, 0] * u[k]
        u[k:, k:] -= u[k:, k - 1:k] * u[k - 1, k:]
        u[:, ::2] = u[:, 1::2] + u[:, ::2]
        u.T[1:] = u.T[:-1] + 1.0
        return u

    for k in (1, 2, 3):
        same(planes, values(6, 6), k)
        same(planes, np.asfortranarray(values(6, 6)), k)


def test_dtypes_meet():
    def mixed(i, f, b):
        t = i + f
        u = t * 2
        i += b
        return u.astype(np.int32), np.where(b, u, i), -t > u

    same(mixed, np.arange(5), values(5).astype(np.float32), values(5) > 1.0)
    same(mixed, np.arange(5, dtype=np.uint8), values(5), values(5) > 1.0)


def expression(rng, names, depth=2):
    """A random expression over arrays of one length."""
    if depth == 0 or rng.random() < 0.2:
        name = rng.choice(names)
        form = rng.choice(["{}", "{}", "{}[::-1]", "{}[:]", "0.5 * {}", "np.abs({})"])
        return form.format(name)
    op = rng.choice(["+", "-", "*"])
    return f"({expression(rng, names, depth - 1)} {op} {expression(rng, names, depth - 1)})"


def statement(rng, names):
    """A random statement, and the names that there are after it."""
    kind = rng.randrange(10)
    value = expression(rng, names)
    if kind < 4:
        name = f"t{rng.randrange(4)}"
        return [f"{name} = {value}"], [*names, name]
    target = rng.choice(names)
    if kind == 4:
        return [f"{target}[{rng.randrange(3)}] = {rng.random():.2f}"], names
    if kind == 5:
        low, high = rng.choice([("1:", ":-1"), (":-1", "1:"), ("::2", "::2"), (":2", "-2:")])
        return [f"{target}[{low}] = {rng.choice(names)}[{high}] * 0.5 + 1.0"], names
    if kind == 6:
        return [f"{target}[:] = {value}"], names
    if kind == 7:
        return [f"{target} {rng.choice(['+=', '-=', '*='])} {value}"], names
    if kind == 8:
        inner, _ = statement(rng, names)
        return ["for k in range(2):"] + ["    " + line for line in inner], names
    inner, _ = statement(rng, names)
    return [f"if {target}[0] > 0.5:"] + ["    " + line for line in inner], names


def program(seed):
    """The source of a random function of two arrays."""
    rng = random.Random(seed)
    lines, names = ["t0 = a * 0.5", "t1 = b + 1.0", "t2 = a - b", "t3 = b"], ["a", "b", "t0", "t1", "t2", "t3"]
    for _ in range(6):
        more, names = statement(rng, names)
        lines += more
    body = textwrap.indent("\n".join([*lines, "return a, b, t0, t1 + t2, t3"]), "    ")
    return f"def made(a, b):\n{body}\n"


@pytest.mark.parametrize("seed", range(40))
def test_random_programs(seed):
    source = program(seed)
    scope = {"np": np}
    exec(source, scope)
    made = scope["made"]
    compiled = cw.jit(cache=False)(made)
    x = RANDOM.uniform(-1.0, 1.0, 20)
    same(made, x[:5], x[5:10], compiled=compiled)
    for a, b in ((x[:6], x[3:9]), (x[4:12:2], x[:4]), (x[:5], x[:5])):
        Views(compiled, made, a, b).check()


def test_memory_of_a_polynomial():
    def polynomial(x):
        return 0.25 * x**3 + 0.75 * x**2 - 1.5 * x - 2

    check_peak(polynomial, 1)


def test_memory_of_named_temporaries():
    def named(x):
        a = x * 2.0
        b = a - 1.0
        c = a * b
        a[0] = 1.0
        d = c + a
        return d * d

    # `a` is needed, and so is `c`, which `d` and the result then write over.
    check_peak(named, 2)


def check_peak(function, arrays):
    """The compiled function takes no more memory at once than so many arrays of its argument's size."""
    import subprocess
    import sys

    source = textwrap.dedent(__import__("inspect").getsource(function))
    code = textwrap.dedent("""
        import resource
        import numpy as np
        import coachwhip as cw
        {source}
        compiled = cw.jit({name})
        compiled(np.zeros(5))
        x = np.ones(10**7)
        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        before = peak()
        y = compiled(x)
        used = peak() - before
        assert y.shape == x.shape
        print(used / x.nbytes)
    """).format(source=textwrap.indent(source, "        ").strip(), name=function.__name__)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < arrays + 0.2, done.stdout


def total_of_names(x, y):
    t = x - y
    u = t * t
    return np.sum(u)


def total_behind_a_write(x, y):
    t = x * y
    x[0] = 100.0
    return np.sum(t) + np.sum(x)


def two_totals(x, y):
    t = x * y + 1.0
    return np.sum(t), np.max(t), t.mean()


def deviation(x, y):
    m = np.mean(x)
    return np.sqrt(np.sum((x - m) ** 2) / len(x)) + np.sum(y > 1.0)


def total_and_array(x, y):
    t = x / y
    return t.sum(), t


def extremes(x, y):
    return np.min(x - y), np.max(np.abs(x) + y), (x * y).prod()


def total_in_a_loop(x, y):
    s = 0.0
    for k in range(3):
        s += np.sum(x * y)
        y[k % 2] = 0.0
    return s


REDUCTIONS = [total_of_names, total_behind_a_write, two_totals, deviation, total_and_array, extremes, total_in_a_loop]


@pytest.mark.parametrize("function", REDUCTIONS, ids=lambda f: f.__name__)
def test_reductions(function):
    compiled = cw.jit(function)
    for n in (2, 7, 8, 130, 1000):
        same(function, values(n), values(n), compiled=compiled)
    same(function, values(20), values(1).repeat(20), compiled=compiled)
    x = values(300)
    same(function, x[::2], x[1::2])
    special = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0] * 30)
    same(function, special, values(150), compiled=compiled)


def test_reductions_of_planes():
    def planes(x, y):
        return np.sum(x * y), np.sum(x - y, axis=0), (x * 2.0).sum(axis=1), np.max(x + y)

    for shapes in (((4, 5), (4, 5)), ((4, 5), (5,)), ((4, 5), (1, 5)), ((4, 5), (4, 1)), ((40, 50), (40, 50))):
        x, y = (values(*shape) for shape in shapes)
        same(planes, x, y)
        # An array of one row has both orders, and a sum goes by the order of the result.
        same(planes, np.asfortranarray(x), np.asfortranarray(y), ulp=4, strides=False)
        same(planes, x[::-1], y[..., ::-1], ulp=4)
