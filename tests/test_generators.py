"""Generator functions and expressions, and iterators that are kept: consumed where they are made, passed on, stored."""
import numpy as np
import pytest

from support import same

CASES = []
A = np.arange(6.0)


def case(*calls):
    """Notes a function with the arguments of its calls."""

    def note(function):
        CASES.extend(pytest.param(function, arguments, id=f"{function.__name__}-{number}") for number, arguments in enumerate(calls))
        return function

    return note


def squares(n):
    for i in range(n):
        yield (i * i)


def steps(n):
    yield n
    yield (n + 1)
    for k in range(3):
        if k == 1:
            continue
        yield k


def nested(n):
    for x in squares(n):
        for y in steps(x):
            yield (x, y)


def delegates(n):
    r = (yield from returns_tenfold(n))
    yield r


def returns_tenfold(n):
    yield n
    return n * 10


def fibonacci(n):
    if n < 2:
        return n
    return sum((fibonacci(n - k) for k in (1, 2)))


def counted(n):
    k = 0
    while True:
        yield k
        k += 1
        if k == n:
            return


def endless():
    k = 0
    while True:
        yield k
        k += 1


def returns(n):
    yield 1
    return n * 7


def takes_next(n):
    it = iter(range(n))
    while True:
        yield next(it)


def raises_stop_iteration(n):
    yield 1
    raise StopIteration


def raises_value_error(n):
    yield 1
    raise ValueError('boom %d' % n)


def divides(a):
    for x in a:
        try:
            yield (10 // x)
        except ZeroDivisionError:
            pass


def records(l, n):
    for i in range(n):
        l.append(i)
        yield i
        l.append(i * 10)


def total(g):
    s = 0
    for x in g:
        s += x
    return s


def makes(n):
    return counted(n)


def chained(a, b):
    yield from a
    yield from b


def every_other(n):
    for i in range(n):
        yield (None if i % 2 else i)


def texts(n):
    yield 'a'
    yield 'bcd'
    yield str(n)


def nothing():
    return
    yield 1


def rows(a, b, c, d):
    for i in range(a.size):
        yield (a[i] + b[i] + c[i] + d[i])


@case((5,), (0,))
def for_loop(n):
    s = 0
    for x in squares(n):
        s += x
    return s


@case((A,))
def sum_with_condition(a):
    return sum((x * x for x in a if x > 2))


@case((A,))
def any_and_all(a):
    return (any((x > 3 for x in a)), all((x > 3 for x in a)), all((x >= 0 for x in a)))


@case((A,), (A[:0],))
def max_of_expression(a):
    return max((x - 3 for x in a))


@case((A,))
def list_of_expression(a):
    return list((x * 2 for x in a))


@case((7,))
def sorted_expression(n):
    return sorted((-i for i in range(n)))


@case((7,))
def set_of_expression(n):
    return set((i % 3 for i in range(n)))


@case((7,))
def dict_of_pairs(n):
    return dict(((i, i * i) for i in range(n)))


@case((5,))
def join_of_expression(n):
    return ','.join((str(i) for i in range(n)))


@case((5,))
def enumerate_of_generator(n):
    s = 0
    for i, x in enumerate(squares(n)):
        s += i * x
    return s


@case((5,))
def zip_of_generators(n):
    s = 0
    for i, x in zip(squares(n), steps(n)):
        s += i * x
    return s


@case((5,))
def several_yields(n):
    s = []
    for x in steps(n):
        if x > 5:
            s.append(x)
        s.append(-x)
        if x == 0:
            break
    return s


@case((4,))
def nested_expression(n):
    return sum((i * j for i in range(n) for j in range(i) if i != j))


@case((4,))
def nested_generators(n):
    s = []
    for x, y in nested(n):
        s.append(x * y)
    return s


@case((np.array([1.0, 0.0, 2.0]),))
def division_in_expression(a):
    s = 0.0
    for x in (1 / float(v) for v in a):
        s += x
    return s


@case((4,))
def delegates_result(n):
    return [x for x in delegates(n)]


@case((4,))
def nested_function(n):
    k = n * 2

    def inner():
        for i in range(k):
            yield (i + n)
    return sum(inner())


@case((3,))
def goes_on_after_break(n):
    g = squares(n)
    s = 0
    for x in g:
        s += x
        if x > 0:
            break
    for x in g:
        s += 100 * x
    return s


@case((np.arange(12.0).reshape(3, 4),))
def yields_arrays(a):
    return [r.sum() for r in (row * 2 for row in a)]


@case((3,))
def failure_in_try(n):
    try:
        for x in (10 // (2 - i) for i in range(n)):
            pass
    except ZeroDivisionError as e:
        return str(e)
    return 'no'


@case((3,))
def extend_by_expression(n):
    l = [1, 2, 3]
    l.extend((i for i in range(n)))
    return l


@case((3,))
def expression_in_comprehension(n):
    fib = lambda k: k
    return [sum((v for v in range(m))) for m in range(n)]


@case((10,))
def recursion_through_expression(n):
    return fibonacci(n)


@case((3,), (0,))
def next_twice(n):
    g = counted(n + 1)
    return (next(g), next(g))


@case((1,))
def next_after_the_end(n):
    g = counted(n)
    next(g)
    return next(g)


@case((1,))
def next_with_default(n):
    g = counted(n)
    return (next(g), next(g, -5), next(g, -6))


@case((3,))
def value_of_stop_iteration(n):
    g = returns(n)
    next(g)
    try:
        next(g)
    except StopIteration as e:
        return str(e)


@case((3,))
def infinite(n):
    s = 0
    for x in endless():
        if x > n:
            break
        s += x
    return s


@case((A,))
def iterator_of_an_array_is_kept(a):
    it = iter(a)
    return (next(it), next(it), sum(it))


@case(([1, 2, 3],))
def iterator_sees_appended_items(l):
    it = iter(l)
    first = next(it)
    l.append(5)
    return (first, [x for x in it])


@case((3,))
def zip_is_kept(n):
    z = zip(range(n), range(10, 20))
    a, b = next(z)
    return (a, b, list(z))


@case((3,))
def map_in_enumerate_is_kept(n):
    m = map(lambda x: x * 2, range(n))
    e = enumerate(m)
    r = []
    for i, x in e:
        r.append(i * 100 + x)
    return r


@case((7,))
def filter_of_generator(n):
    f = filter(lambda x: x % 2, (i for i in range(n)))
    return list(f)


@case((3,))
def reversed_is_kept(n):
    r = reversed([1, 2, 3])
    x = next(r)
    return (x, list(r))


@case((5,))
def membership(n):
    return (3 in (i for i in range(n)), 9 in (i for i in range(n)))


@case((3,))
def stop_iteration_of_next_becomes_runtime_error(n):
    r = []
    for x in takes_next(n):
        r.append(x)
    return r


@case((3,))
def raised_stop_iteration_becomes_runtime_error(n):
    return [x for x in raises_stop_iteration(n)]


@case((3,))
def failure_in_generator(n):
    return [x for x in raises_value_error(n)]


@case((3,))
def failure_is_caught_outside(n):
    r = []
    try:
        for x in raises_value_error(n):
            r.append(x)
    except ValueError as e:
        r.append(2)
    return r


@case(([1, 0, 5],))
def failure_is_caught_inside(l):
    return list(divides(l))


@case((3,))
def order_of_effects(n):
    l = [0]
    for x in records(l, n):
        l.append(x * 100)
    return l


@case((3,))
def order_of_effects_in_zip(n):
    l = [0]
    for x, y in zip(records(l, n), records(l, n - 1)):
        l.append(x * 100)
    return l


@case((3,))
def zip_with_a_list_that_grows(n):
    l = [1, 2, 3]
    r = []
    for x, y in zip(l, records(l, n)):
        r.append((x, y))
    return (len(r), l)


@case(('abc',))
def join_of_characters(s):
    return ''.join((c.upper() for c in s if c != 'b'))


@case(('abc',))
def dict_of_enumerate(s):
    return {c: i for i, c in enumerate((c2 for c2 in s))}


@case((np.arange(6).reshape(2, 3),))
def expression_over_rows(a):
    return sum((int(v) for row in a for v in row))


@case((4,))
def sums_of_sums(n):
    return sum([sum((j for j in range(i))) for i in range(n)])


@case((4,))
def generators_in_a_list(n):
    gs = [counted(k + 1) for k in range(n)]
    return ([next(g) for g in gs], [list(g) for g in gs])


@case((4,))
def generators_as_arguments(n):
    return (total(counted(n)), total((i * i for i in range(n))))


@case((4,))
def generator_as_result_of_a_function(n):
    return list(makes(n))


@case((4,))
def generator_by_condition(n):
    g = counted(n) if n > 2 else counted(n + 1)
    return list(g)


@case((4,))
def unpacked_pairs(n):
    d = {}
    for k, v in ((i % 3, i) for i in range(n)):
        d[k] = v
    return d


@case((4,))
def starred_unpacking(n):
    x, y, *r = (i for i in range(n))
    return (x, y, r)


@case((4,), (2,))
def unpacking(n):
    x, y = (i for i in range(n))
    return (x, y)


@case((4,))
def truth(n):
    g = (i for i in range(n))
    if g:
        return 1
    return 0


@case((3,))
def yield_from_iterables(n):
    return (list(chained(range(n), [7, 8])), list(chained('ab', 'c')))


@case((3,))
def sorted_and_min(n):
    return (sorted((x for x in [3, 1, 2]), reverse=True), min((x for x in [3.0, 1.0])))


@case((3,))
def writes_to_an_array(n):
    a = np.zeros(3)

    def g():
        for i in range(3):
            a[i] += 1
            yield a
    r = 0.0
    for b in g():
        r += b.sum()
    return (r, a)


@case((3,))
def zip_of_map_and_filter(n):
    return [t for t in zip((i for i in range(n)), map(lambda v: v * 2, range(n)), filter(None, range(n)))]


@case((3,))
def loop_variable_of_an_empty_one(n):
    for x in (i for i in range(0)):
        pass
    return x


@case((3,))
def nested_loops_with_else(n):
    s = 0
    for x in counted(n):
        for y in counted(x + 1):
            if y == 1:
                continue
            if x == 2:
                break
            s += x * 10 + y
        else:
            s += 1000
    else:
        s += 5
    return s


@case((4,))
def yields_none_or_int(n):
    return list(every_other(n))


@case((4,))
def yields_strings(n):
    return (list(texts(n)), ''.join(texts(n)))


@case((4,))
def never_yields(n):
    r = 0
    for x in nothing():
        r += 1
    return (r, sum(nothing()))


@case((4,))
def zip_of_itself(n):
    it = iter([1, 2, 3])
    return list(zip(it, it))


@case((4,))
def aliases(n):
    a = b = (i for i in range(n))
    return (next(a), next(b), list(a), list(b))


@case((4,))
def next_in_try(n):
    try:
        return next((i for i in range(0)))
    except StopIteration:
        return -1


@case((4,))
def next_or_none(n):
    return next((i for i in range(n) if i > 2), None)


@case((A,))
def array_of_expression(a):
    return np.array([x * 2 for x in (v for v in a)])


@case((4,))
def captured_late(n):
    k = 1
    g = (i * k for i in range(n))
    k = 10
    return list(g)


@case((4,))
def accumulates(n):

    def acc():
        t = 0
        for i in range(n):
            t += i
            yield t
    return list(acc())


@case((4,))
def counts_in_a_captured_variable(n):
    t = 0

    def acc():
        nonlocal t
        for i in range(n):
            t += i
            yield t
    return (list(acc()), t)


@case((4,))
def any_and_not_all(n):
    return any((i > 2 for i in range(n))) and (not all((i for i in range(n))))


@case((A, A, A, A))
def many_arrays(a, b, c, d):
    return sum(rows(a, b, c, d))


@case((3,))
def consumes_twice(n):
    return ([str(x) for x in texts(n)], len(list(texts(n))))


def int_and_float(n):
    yield 1
    yield 2.5
    if n > 2:
        yield n


@case((3,))
def sum_of_int_and_float(n):
    return sum(int_and_float(n))


@case((4,))
def fills_an_array(n):
    a = np.zeros(n)
    for i, v in enumerate((x * x for x in range(n))):
        a[i] = v
    return a


@case((4,))
def returns_from_nested_loops(n):
    for k in range(n):
        for x in (j for j in range(k)):
            if x == 2:
                return (k, x)
    return (-1, -1)


def windows(a, k):
    for i in range(len(a) - k + 1):
        yield a[i:i + k]


@case((A, 2))
def means_of_windows(a, k):
    return [float(w.mean()) for w in windows(a, k)]


@case((A, 2))
def window_outlives_the_loop(a, k):
    last = a
    for w in windows(a, k):
        last = w
    last[0] = 99
    return a


def primes():
    found = [2]
    yield 2
    n = 3
    while True:
        if all((n % p for p in found)):
            found.append(n)
            yield n
        n += 2


@case((10,))
def first_primes(n):
    g = primes()
    return [next(g) for _ in range(n)]


@case((10,))
def primes_up_to(n):
    out = []
    for p in primes():
        if p > n:
            break
        out.append(p)
    return out


def fibonacci_numbers(n):
    a, b = (0, 1)
    for _ in range(n):
        yield a
        a, b = (b, a + b)


@case((10,))
def fibonacci_pairs(n):
    return (list(fibonacci_numbers(n)), list(zip(fibonacci_numbers(n), fibonacci_numbers(n - 1))))


@case((3,))
def dict_of_zip(n):
    d = {k: v for k, v in zip('abc', fibonacci_numbers(n))}
    return d


@case((3,))
def stop_iteration_ends_a_loop(n):
    g = fibonacci_numbers(n)
    t = 0
    while True:
        try:
            t += next(g)
        except StopIteration:
            break
    return t


@case((3,))
def own_scope(n):
    x = 5
    y = sum((x for x in range(n)))
    return (x, y)


@case((3,))
def max_of_pairs(n):
    return max(((i * 7 % 5, i) for i in range(n)))


@case((3,))
def min_with_key(n):
    return min((abs(i - 1) for i in range(n)), key=lambda v: -v)


def reciprocals(n):
    try:
        for i in range(n):
            yield (1 / (i - 1))
    except ZeroDivisionError as e:
        pass
    yield (-1.0)


@case((3,))
def caught_in_generator(n):
    return list(reciprocals(n))


@case(({'a': 1, 'b': 2},))
def over_views(d):
    return (sum((v for v in d.values())), sorted((k for k in d)), [k + str(v) for k, v in ((k, v) for k, v in d.items())])


@case((b'abc',))
def over_bytes(b):
    return [x for x in (v + 1 for v in b)]


@case((5,))
def exhausted(n):
    g = fibonacci_numbers(n)
    l = list(g)
    m = list(g)
    return (l, m)


@case((5,))
def yields_lists(n):

    def inner(k):
        for i in range(k):
            yield ([i] * i)
    return ([len(v) for v in inner(n)], list(inner(3)))


@case((5,))
def yields_one_list(n):

    def inner(k):
        l = []
        for i in range(k):
            l.append(i)
            yield l
    return [v for v in inner(n)]


@case((5,))
def enumerate_from(n):
    e = enumerate(fibonacci_numbers(n), 3)
    next(e)
    return list(e)


@case((5,))
def map_of_two(n):
    m = map(lambda a, b: a * b, fibonacci_numbers(n), range(n))
    return (next(m), list(m))


@case(([3, 1, 2],))
def goes_on_with_an_iterator(l):
    it = iter(l)
    for x in it:
        if x == 1:
            break
    return (next(it), next(it, None))


@case(([3, 1, 2],))
def takes_while_iterating(l):
    it = iter(l)
    return [(x, next(it, 0)) for x in it]


@case(('hello',))
def iterator_of_a_string(s):
    it = iter(s)
    return (next(it) + next(it), ''.join(it))


@case((5,))
def nested_expression_of_pairs(n):
    t = 0
    for x, y in ((i, j) for i in range(n) for j in range(n) if (i + j) % 2):
        t += x * y
    return t


def returns_early(n):
    if n < 0:
        return 7
    yield n


def delegates_early(n):
    r = (yield from returns_early(n))
    yield (-5 if r is None else r)


@case((3,), (-3,))
def returns_before_the_first_yield(n):
    return list(delegates_early(n))


@case((3,))
def sees_a_list_that_grows(n):
    lst = [1, 2, 3]
    g = (x for x in lst)
    lst.append(4)
    return list(g)


@case((3,))
def membership_consumes(n):
    g = (i for i in range(n))
    return (1 in g, list(g))


@case((0,))
def max_of_nothing(n):
    return max((i for i in range(n)))


@case((3,))
def filter_of_map(n):
    return list(filter(lambda x: x > 0, map(lambda x: x - 1, fibonacci_numbers(n + 3))))


@case((2, 3), (0, 3), (2, -1))
def indices(m, n):
    return list(np.ndindex(m, n)), list(np.ndindex((n, m, 2))), [i for (i,) in np.ndindex(m)], list(np.ndindex())


@case((np.arange(6.0).reshape(2, 3),), (np.arange(4),), (np.zeros((2, 0, 1)),))
def enumerated(a):
    return [x for _, x in np.ndenumerate(a)], [i for i, _ in np.ndenumerate(a)]


@pytest.mark.parametrize(("function", "arguments"), CASES)
def test_generators(function, arguments):
    same(function, *arguments)


@pytest.mark.parametrize("name", ["several_yields", "nested_generators", "zip_of_generators", "goes_on_after_break", "first_primes"])
def test_without_optimisation(name):
    """The frames of generators that stay in memory."""
    function, arguments = next(found.values for found in CASES if found.id == f"{name}-0")
    same(function, *arguments, debug=True)
