"""What is refused of generators, with its words."""
import pytest

from coachwhip import jit
from support import refused


def squares(n):
    for i in range(n):
        yield i * i


def counted(n):
    for i in range(n):
        yield i


def walk(n):
    if n > 0:
        yield n
        yield from walk(n - 1)


def makes_itself(n):
    return list(walk(n))


def in_finally(n):
    try:
        yield n
    finally:
        n += 1


def yields_in_finally(n):
    return list(in_finally(n))


def in_handler(a):
    try:
        yield a[0]
    except IndexError:
        yield 0


def yields_in_handler(a):
    return list(in_handler(a))


def different_generators(n):
    found = counted(n) if n > 2 else squares(n)
    return list(found)


def shared_variable(n):
    total = 0

    def running():
        nonlocal total
        for i in range(n):
            total += i
            yield total

    return running()


def inside_assignment(n):
    def running():
        total = 0

        def add(x):
            nonlocal total
            total += x

        for i in range(n):
            add(i)
            yield total

    return list(running())


def strict_zip(n):
    return list(zip(squares(n), squares(n), strict=True))


@pytest.mark.parametrize(("function", "argument", "code", "words"), [
    (makes_itself, 3, "CW0309", "makes itself"),
    (yields_in_finally, 3, "CW0102", "finally"),
    (yields_in_handler, [1], "CW0102", "except clause"),
    (different_generators, 3, "CW0304", "two different generators"),
    (inside_assignment, 3, "CW0102", "nested function"),
    (strict_zip, 3, "CW0101", "strict"),
])
def test_refusals(function, argument, code, words):
    assert words in str(refused(function, argument, code=code))


def returns_after_two():
    yield 1
    return 7


def asks_one_that_has_ended():
    made = returns_after_two()
    first = yield from made
    second = yield from made
    yield first
    yield second


def listed_until_it_fails():
    return list(asks_one_that_has_ended())


def test_a_generator_gives_its_value_once():
    """Python's second value is None, which the specialisation has no room for."""
    with pytest.raises(RuntimeError, match="had ended before"):
        jit(listed_until_it_fails)()
