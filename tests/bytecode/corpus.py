"""Small functions that between them hold every construct; recorded by each CPython version (record.py).

Nothing here is run; the SSA of each function is in expected.txt.
"""
import math

LIMIT = 10
SCALE = 2.5


def arithmetic(x, y):
    return -x + y * 2 - (x / y) // 3 % 4 ** 2, ~x << 1 >> y & 7 | x ^ 1, +x @ y


def augmented(x, y):
    x += y
    x -= 1
    x *= 2
    x /= 3
    x //= 4
    x %= 5
    x **= 2
    x <<= 1
    x >>= 1
    x &= 7
    x |= 8
    x ^= 9
    x @= y
    return x


def comparisons(x, y):
    return x < y, x <= y, x == y, x != y, x > y, x >= y


def chain(x, y, z):
    return x < y <= z


def chain_in_if(x, y, z):
    if 0 < x < y < z:
        return 1
    return 2


def membership(x, y):
    return x in y, x not in y, x in (1, 2), x in {1, 2, 3}


def identity(x, y):
    return x is y, x is not y, x is None, x is not None


def boolean(x, y, z):
    return x and y or z


def boolean_or_and(x, y, z):
    return (x or y) and z


def boolean_in_if(x, y, z):
    if x and y or not z:
        return 1
    return 0


def negation(x):
    return not x


def conditional(x, y):
    return x if x < y else y


def nested_conditional(x):
    return 1 if x > 0 else -1 if x < 0 else 0


def walrus(x):
    if (y := x * 2) > 10:
        return y
    return y + 1


def if_elif(x):
    if x < 0:
        y = -1
    elif x == 0:
        y = 0
    elif x < 10:
        y = 1
    else:
        y = 2
    return y


def if_pass(x):
    if x:
        pass
    return 1


def early_returns(x):
    if x < 0:
        return
    if x > 10:
        return None
    print(x)


def while_loop(n):
    i = 0
    total = 0
    while i < n:
        total += i
        i += 1
    return total


def while_and(a, n):
    i = 0
    while i < n and a[i] > 0:
        i += 1
    return i


def while_else(n):
    while n > 1:
        if n == 7:
            break
        n -= 2
    else:
        n = -1
    return n


def while_true(n):
    while True:
        n -= 1
        if n < 0:
            break
        if n % 2:
            continue
        n -= 2
    return n


def while_not_none(x):
    while x is not None:
        x = math.floor(x)
    return x


def forever():
    while True:
        pass


def for_loop(n):
    total = 0.0
    for i in range(n):
        total += i * SCALE
    return total


def for_else(a):
    for x in a:
        if x < 0:
            break
    else:
        return 1
    return 0


def for_continue(a):
    count = 0
    for x in a:
        if x < 0:
            continue
        if x > 100:
            break
        count += 1
    return count


def nested_loops(a, n, m):
    s = 0.0
    for i in range(n):
        for j in range(1, m - 1):
            if a[i, j] > a[i, j - 1]:
                s += a[i, j]
    return s


def for_return(a):
    for x in a:
        if x > 0:
            return x
    return -1


def for_unpack(a, b):
    s = 0
    for i, (x, y) in enumerate(zip(a, b)):
        s += i * x * y
    return s


def loop_in_branch(n, flag):
    if flag:
        for i in range(n):
            n -= i
    else:
        while n:
            n -= 1
    return n


def maybe_unassigned(x):
    if x:
        y = 1
    return y


def unassigned_after_loop(n):
    for i in range(n):
        last = i
    return last, i


def delete_local(x):
    y = x
    del x
    return y


def delete_and_read(x):
    if x > 1:
        del x
    return x


def delete_item(d, k):
    del d[k]


def tuples(x, y):
    t = (x, y, 1)
    return t, (), (1, 2.0), (x,)


def unpacking(t):
    a, b = t
    (c, d), e = a
    return a, b, c, d, e


def starred(t):
    first, *rest, last = t
    *init, end = rest
    return first, init, end, last


def swaps(x, y, z):
    x, y = y, x
    x, y, z = z, x, y
    return x, y, z


def multiple_targets(x):
    a = b = x + 1
    return a * b


def subscripts(a, i, j):
    a[i] = a[j] + a[i, j]
    a[i, j] = 1
    a[i] += 2
    a[-1, i] *= a[0]
    return a[i][j]


def slices(a, i, j):
    b = a[i:j]
    c = a[1:]
    d = a[:-1]
    e = a[::2]
    f = a[:, 0]
    g = a[1:3, ::-1]
    h = a[..., None, i:]
    a[i:j] = b
    a[1:2] = c
    a[:] += d
    return e, f, g, h


def attributes(a):
    a.x = a.shape[0]
    a.y += a.ndim
    return a.T.flat, a.sum()


def calls(f, x):
    f()
    f(x)
    f(x, 1, k=2)
    f(x, a=1, b=x)
    return f(f(x), key=f(x))


def call_star(f, args, x):
    f(*args)
    f(x, *args)
    f(*args, x, 1, *args)
    f(*args, k=x)
    return f(x, *args, k=1, j=2)


def method_calls(a, x):
    return a.reshape(2, 3).astype(dtype=x), math.sqrt(x), abs(x)


def call_with_branches(f, x, y):
    return f(x if x > y else y, x and y, *((x, y) if x else ()))


def defaults(x, y=1, /, z=2.5, *, k=None, m):
    return x, y, z, k, m


def varargs(x, *args, k=1):
    return len(args)


def globals_and_builtins(x):
    return len(x) + LIMIT + missing_name


def closure(x, y):
    def inner(z):
        return x * z + y
    y += 1
    return inner(x) + y


def closure_defaults(x):
    def inner(a, b=1, c=x, *, d=2, e=x):
        return a + b + c + d + e
    return inner(x, e=3)


def nonlocal_counter(n):
    count = 0

    def add(k):
        nonlocal count
        count += k

    for i in range(n):
        add(i)
    return count


def deep_closure(x):
    def middle(y):
        def inner(z):
            return x + y + z
        return inner(1)
    return middle(2)


def annotated_inner(x):
    def inner(a: int, b: "float" = 1.0) -> math.inf:
        return a + b
    return inner(x)


def lambdas(x):
    f = lambda y: x + y
    g = lambda y, z=2: y * z
    return f(1) + g(2)


def recursive_inner(n):
    def fact(k):
        return 1 if k < 2 else k * fact(k - 1)
    return fact(n)


def assertion(x):
    assert x > 0
    assert x < 10, "too large"
    return x


def assertion_text(x, y):
    assert x > 0, f"x is {x}"
    return x


def raises(x):
    if x < 0:
        raise ValueError("negative")
    if x > 9:
        raise IndexError
    raise ValueError(f"x={x!r} of {x:.2f} and {x!s:>10}") from None


def texts(x, w):
    return f"{x}", f"a{x}b{w!a}", f"{x:{w}.2f}", f"{x=}"


def docstring(x):
    """Says nothing."""
    y: int = x
    z: float
    return y


def match_numbers(x):
    match x:
        case 0:
            return "zero"
        case 1 | 2:
            return "few"
        case -1.5:
            return "odd"
        case None:
            return "none"
        case n if n > 10:
            return "many"
        case _:
            return "other"


def match_tuples(t):
    match t:
        case (0, y):
            return y
        case (x, 0):
            return x
        case (x, (y, z)):
            return x + y + z
        case [x, *rest]:
            return len(rest)
    return None


def narrow_if(x):
    if x is None:
        return 0
    return x + 1


def narrow_else(x, y):
    if x is not None and y is not None:
        z = x + y
    elif x is None:
        z = y
    else:
        z = x
    return z


def narrow_default(a, out=None):
    if out is None:
        out = a * 2
    return out


def constants():
    return 10 ** 20, 1.5, 2j, "text", b"bytes", True, None, ..., -1, 2 ** 10


def comprehension_body(a):
    total = 0
    for row in a:
        for x in row:
            while x > 1:
                x /= 2
                if x < 0.5:
                    break
            else:
                total += 1
    return total


def complicated_flow(a, n):
    best = -1
    i = 0
    while i < n:
        if a[i] < 0 or (a[i] > 10 and i > 2):
            i += 1
            continue
        for j in range(i, n):
            if a[j] == a[i]:
                if best < j - i:
                    best = j - i
                elif best == 3:
                    return best
            else:
                break
        i = i + 1 if best < 0 else i + best
    return best if best > 0 else None


def many_arguments(a, b, c, d, e, f, g, h):
    return a + b + c + d + e + f + g + h


def wide_constants(x):
    return (x + 1001, x + 1002, x + 1003, x - 1001, x * 255, x * 256, x * 257)


def conditional_return_values(x, y):
    return (x or y), (x and y), not (x and y)


def and_chain_assign(a, b, c, d):
    r = a and b and c and d
    s = a or b or c or d
    t = a and (b or c) and d
    return r, s, t


def if_in_loop_tail(a):
    c = 0
    for x in a:
        if x > 0:
            c += 1
    return c


def loop_with_two_exits(a, n):
    i = 0
    while i < n:
        if a[i] == 0:
            return i
        i += 1


def while_or(a, b):
    while a or b:
        a -= 1
        b -= 1
    return a


def while_not(a):
    while not a:
        a = a + 1
    return a


def while_chain(a, b):
    while 0 < a < b:
        a += 1
    return a


def while_walrus(f):
    while (x := f()) > 0:
        f(x)
    return x


def double_negation(x, y):
    return not not x, not not x < y, not x in y


def unpack_constants():
    a, b, c = 1, 2.5, (3, 4)
    (d, e), f = (5, 6), 7
    return a, b, c, d, e, f


def iterate_displays(x):
    s = 0
    for y in [x, 1, 2]:
        s += y
    for y in [1, 2, 3]:
        s += y
    for y in (10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35):
        s += y
    return s if x in [1, 2] else x


def return_constant_in_loops(a):
    for x in a:
        for y in x:
            if y:
                return -1
            if x is y:
                return None
    return 0


def slices_in_slices(a, b, i, j):
    a[i:j] += b[i:j]
    a[i:j] = a[i:j] + a[b[i:j]]
    a[:i][j:] *= b[:j]


def walk(t):
    u = t.next
    while u.next:
        u = u.next
    _, _, v = u
    return v


def return_none_or_value(x, f):
    if f(x):
        return None
    if x > 1:
        return None if f(1) else x
    else:
        return None if f(2) else x


def long_function(a, b):
    c = a * 1.0 + b
    d = c if c > 1 else c * 2 if c > 2 else c * 3
    e = (d and c) or (b and a)
    while True:
        e -= 1
        for i in range(10):
            if i == e:
                continue
            for j in range(i):
                if j == e:
                    break
                if i * j > 12:
                    return i, j
            else:
                d += 1
                continue
            c -= 1
            break
        else:
            if d > 100:
                break
        if c < 0 or d < 0 and e < 0:
            return None
    assert c, d
    return c, d, e


def list_display(x):
    return [x, 1, 2], [1, 2, 3], []


def dict_display(x):
    return {"a": x, "b": 1}


def set_display(x):
    return {x, 1}


# What follows is refused.


def list_comprehension(a):
    return [x * 2 for x in a]


def nested_comprehension(a):
    return [[x for x in row] for row in a]


def comprehension_with_conditions(a, b, low):
    pairs = [x - y for x in a if x > low if x != 3 for y in b if y or x]
    return pairs


def comprehension_shadows(a, x):
    doubled = [x * 2 for x in a]
    return doubled, x


def comprehension_over_itself(x):
    x = [x + 1 for x in x]
    return x


def comprehension_leaves_unassigned(a, flag):
    if flag:
        x = 1
    found = [x for x in a if x]
    return found, x


def comprehension_nested_names(a):
    x = 2.0
    rows = [[x * y for x in row] for row in a for y in [x for x in row]]
    return rows, x


def comprehension_in_call(a, n):
    return n + sum([x for x in a if x > 0]) + len([x for x in a])


def comprehension_in_loop(a):
    total = 0
    for x in [x + 1 for x in a]:
        total += x
        if [x for x in a if x > total]:
            total += 1
    return total


def comprehension_in_try(a, b):
    x = 1
    try:
        x = [b[x] for x in a]
        y = [[x // z for x in a] for z in b]
    except IndexError:
        return x
    except ZeroDivisionError:
        return [x for x in b]
    return y


def comprehension_captured(a, x):
    found = [(lambda: x)() for x in a]
    return found, x


def comprehension_captures(a, x):
    return [(lambda y: x + y)(z) for z in a]


def comprehension_assigns(a):
    return [last := x for x in a], last


def dict_comprehension(a):
    return {x: 1 for x in a}


def set_comprehension(a):
    return {x for x in a}


def starred_list(a):
    return [1, *a]


def generator(n):
    for i in range(n):
        yield i
    return n


def generator_expression(a):
    return sum(x for x in a if x > 0)


def generator_all(a):
    return all(x > 0 for x in a)


def generator_sent(n):
    total = 0
    while total < n:
        more = yield total
        if more is not None:
            total += more


def generator_in_try(a):
    try:
        for x in a:
            yield 1 / x
    finally:
        a[0] = 1


def generator_delegates(a):
    result = yield from generator(a)
    yield result


def refused_yield_in_handler(a):
    try:
        yield a[0]
    except IndexError:
        yield 0


async def refused_async(a):
    await a


def try_except(x):
    y = 1
    try:
        y = 1 / x
    except ZeroDivisionError:
        y = 2
    return y


def try_finally(x):
    try:
        x += 1
    finally:
        x -= 1
    return x


def try_in_loop(a):
    for x in a:
        if x:
            try:
                x += 1
            except (ValueError, TypeError) as error:
                raise RuntimeError from error
    return 1


def manager_with(f):
    with f() as g:
        return g


def import_whole(x):
    import math
    import os.path
    return math.sqrt(x), os.path.sep


def import_as(x):
    import os.path as place
    return place.sep


def import_from(x):
    from math import cos, sqrt as root
    return root(cos(x))


def refused_import_relative(x):
    from . import sqrt
    return sqrt(x)


def refused_global(x):
    global LIMIT
    LIMIT = x


def refused_keywords(f, k):
    return f(1, **k)


def refused_keyword_parameters(x, **kwargs):
    return x


def refused_class(x):
    class A:
        y = 1
    return A


def refused_class_pattern(x):
    match x:
        case int():
            return 1


def refused_mapping_pattern(x):
    match x:
        case {"a": y}:
            return y


def refused_delete_attribute(x):
    del x.y


def refused_delete_captured(x):
    def inner():
        return x
    del x
    return inner


def refused_delete_global():
    global LIMIT
    del LIMIT


def reraise_bare():
    raise


def set_update(a):
    return {*a, 1}


def dict_update(a):
    return {**a, "x": 1}
