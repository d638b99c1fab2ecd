"""`try`, `except`, `else` and `finally`: what is caught, by whom, and what the exception that comes out tells.

PYTEST_DONT_REWRITE: `assert` of a compiled function must stay what Python makes of it.
"""
import traceback

import numpy as np
import pytest
from support import refused, same

import coachwhip as cw


class Problem(Exception):
    """A user's own class."""


class Detail(Problem):
    """One derived from it."""


def described(error):
    """All that an exception tells, with those that it came out of."""
    if error is None:
        return None
    lines = [(entry.name, entry.lineno) for entry in traceback.extract_tb(error.__traceback__) if entry.name != "told"]
    causes = described(error.__cause__), described(error.__context__)
    return type(error), error.args, lines, causes, error.__suppress_context__


def plain_numbers(value):
    """NumPy scalars as Python's: a value that is either of both is the NumPy scalar in compiled code (deviations.md)."""
    if isinstance(value, tuple):
        return tuple(plain_numbers(item) for item in value)
    return value.item() if isinstance(value, np.generic) else value


def told(function, arguments):
    try:
        return plain_numbers(function(*arguments))
    except BaseException as error:
        return described(error)


def alike(function, *arguments, **options):
    """Plain and compiled function return the same, or raise exceptions that tell the same."""
    plain, compiled = told(function, arguments), told(cw.jit(**options)(function), arguments)
    assert repr(compiled) == repr(plain), f"{function.__name__}{arguments}: got {compiled}; plain Python: {plain}"


def item(a, i):
    try:
        return a[i]
    except IndexError:
        return -1.0


def several(kind, x):
    try:
        if kind == 0:
            return 1 / x
        if kind == 1:
            raise ValueError("one", x)
        if kind == 2:
            raise KeyError(x)
        if kind == 3:
            raise Detail("detail")
        if kind == 4:
            raise KeyboardInterrupt
        return np.arange(3)[x] + 0.5
    except ZeroDivisionError:
        return 10.0
    except (ValueError, KeyError):
        return 20.0
    except Problem:
        return 30.0
    except LookupError:
        return 40.0


def unmatched(x):
    try:
        return 1 // x
    except (IndexError, KeyError):
        return -1


def everything(kind):
    try:
        if kind == 0:
            raise SystemExit(3)
        if kind == 1:
            raise Detail
        return kind // 0
    except:  # noqa: E722
        return -1


def state(x, y):
    s = 0
    try:
        s = 1
        z = x // y
        s = 2
    except ZeroDivisionError:
        return s, 0
    else:
        s += 10
    finally:
        s += 100
    return s, z


def final(a, i, out):
    try:
        out[0] = 1.0
        return a[i]
    finally:
        out[1] = 2.0


def final_returns(a, i):
    try:
        return a[i]
    finally:
        return -5.0  # noqa: B012


def returns_in_handler(x):
    try:
        return 1 // x
    except ZeroDivisionError:
        return x + 5
    finally:
        x = 3


def returns_in_loop(a, x):
    for value in a:
        try:
            x += 1 // (x - 1)
        except ZeroDivisionError:
            return x, value
        finally:
            x -= 1
    return x, 0.0


def loops(a, n):
    total = 0.0
    for i in range(n):
        try:
            if i == 2:
                continue
            total += a[i]
            if total > 100.0:
                break
        except IndexError:
            total += 1000.0
            continue
        finally:
            total += 0.5
    return total


def partial_sum(a, n):
    total = 0.0
    i = -1
    try:
        for i in range(n):
            total += a[i]
    except IndexError:
        return total, i
    return total, -i


def wrapped(x):
    try:
        if x < 0:
            raise ValueError("negative", x)
        return 10 // x
    except ValueError as error:
        raise RuntimeError(f"bad: {error}") from error
    except ZeroDivisionError:
        raise RuntimeError("zero") from None


def in_handler(a, i):
    try:
        return a[i]
    except IndexError:
        return 1.0 // int(a[0])


def again(a, i):
    try:
        try:
            return a[i]
        except (IndexError, KeyError):
            raise
    except KeyError:
        return 1.0


def named_again(a, i):
    try:
        return a[i]
    except IndexError as error:
        raise error


def from_fresh(x):
    try:
        return 1 // x
    except ZeroDivisionError:
        raise KeyError(x) from ValueError("fresh")


def nested(a, i, x):
    result = 0.0
    try:
        try:
            result += a[i]
            result += 1 // x
        except IndexError:
            result += 100.0
            result += 1 // x
        finally:
            result += 0.25
    except ZeroDivisionError:
        result += 1000.0
    return result


def divide(x, y):
    return x // y


def looked_up(a, i, x):
    value = a[i]
    return value + divide(3, x)


def through_calls(a, i, x):
    try:
        return looked_up(a, i, x)
    except ArithmeticError:
        return -1.0


def unassigned(x):
    try:
        y = 1 // x
    except ZeroDivisionError:
        pass
    return y


def forgotten(x):
    try:
        x = 1 // x
    except ZeroDivisionError as error:
        print("once:", error)
    return error


def arrays(a, b):
    try:
        c = a + b
        c = c * 2.0
        return c[:2].sum()
    except ValueError:
        d = np.ones(3)
        return d.sum() + a[0]


def allocates(n):
    try:
        a = np.zeros(n)
        a[5] = 1.0
        b = np.ones(n + 1)
        return a, b
    except IndexError:
        return np.zeros(1), np.zeros(1)


def bare(x):
    if x > 0:
        raise
    return x


def checked(x):
    try:
        assert x > 1, f"too small: {x}"
        return x
    except AssertionError:
        return -x


def isinstance_of(x):
    try:
        if x == 0:
            raise Detail("d")
        return 1 // (x - 1)
    except Exception as error:
        if isinstance(error, Problem):
            return 1
        if isinstance(error, (KeyError, ArithmeticError)):
            return 2
        return 3


def final_raises(x):
    y = 0
    try:
        y = 12 // x
    finally:
        y += 1
        if x > 5:
            raise ValueError("large")
        assert x != 3
    return y


def final_tries(x):
    y = 0
    for _ in range(3):
        try:
            y += 12 // x
        finally:
            try:
                x = 3 // (x - 1)
            except ZeroDivisionError:
                x = 4
            finally:
                y += x
                if y > 100:
                    raise KeyError(y)
    return x, y


def final_in_a_handler(x):
    y = 0
    try:
        y = 12 // x
    except ZeroDivisionError:
        try:
            y = 5 // (x + y)
        finally:
            for i in range(4):
                try:
                    y += 6 // (i - x - 1)
                except ArithmeticError:
                    continue
                finally:
                    if i == 3:
                        raise IndexError(y)
    finally:
        if x == 4:
            raise LookupError(str(4))
        try:
            y = y // (x - 2)
        finally:
            y += 1 // (x - 1)
    return y


A = np.arange(1.0, 4.0)
CALLS = [
    *[(item, A, i) for i in (0, -3, 3, -4)],
    *[(several, kind, x) for kind in range(6) for x in (0, 2, 5)],
    (unmatched, 3), (unmatched, 0),
    *[(everything, kind) for kind in range(3)],
    (state, 7, 2), (state, 7, 0),
    *[(final_returns, A, i) for i in (1, 7)],
    (returns_in_handler, 1), (returns_in_handler, 0), *[(returns_in_loop, A, x) for x in (1, 2, 3, 9)],
    (loops, A, 2), (loops, A, 6), (loops, A * 60, 6),
    (partial_sum, A, 3), (partial_sum, A, 9), (partial_sum, A, 0),
    (wrapped, 5), (wrapped, 0), (wrapped, -5),
    (in_handler, A, 1), (in_handler, A, 7), (in_handler, np.zeros(1), 7),
    (again, A, 2), (again, A, 9), (named_again, A, 2), (named_again, A, 9),
    (from_fresh, 1), (from_fresh, 0),
    *[(nested, A, i, x) for i in (0, 9) for x in (0, 1)],
    *[(through_calls, A, i, x) for i in (0, 9) for x in (0, 1)],
    (unassigned, 1), (unassigned, 0), (forgotten, 0),
    (arrays, A, A), (arrays, A, np.ones(2)), (arrays, A, np.ones(1)),
    (allocates, 9), (allocates, 2),
    (bare, 0), (bare, 1), (checked, 5), (checked, 0),
    *[(isinstance_of, x) for x in (0, 1, 3)],
    *[(f, x) for f in (final_raises, final_tries, final_in_a_handler) for x in range(8)],
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0].__name__}-{call[1:]!r}"[:40])
def test_results_and_exceptions(call):
    alike(*call)


@pytest.mark.parametrize("call", CALLS[::3], ids=lambda call: f"{call[0].__name__}-{call[1:]!r}"[:40])
def test_without_optimisation(call):
    alike(*call, debug=True)


def test_what_was_done_before_stays():
    same(final, A, 1, np.zeros(2))
    same(final, A, 9, np.zeros(2))


def test_memory_is_freed_on_every_path():
    f = cw.jit(allocates)
    before = cw._core.live_arrays()
    for n in (9, 2, 9, 2):
        f(n)
    with pytest.raises(ValueError):
        f(-1)
    assert cw._core.live_arrays() == before


def test_many_caught_exceptions_leave_nothing():
    @cw.jit
    def count(n):
        caught = 0
        for i in range(n):
            try:
                caught += 1 // (i % 2)
            except ZeroDivisionError:
                caught += 10
        return caught

    assert count(100_000) == 50_000 * 11


def test_context_of_the_caller():
    f = cw.jit(lambda x: 1 // x)
    try:
        try:
            raise KeyError("outer")
        except KeyError:
            f(0)
    except ZeroDivisionError as error:
        assert type(error.__context__) is KeyError


def test_interrupts_are_exceptions_like_others():
    import _thread
    import threading

    @cw.jit
    def waits(n, out):
        total = 0.0
        try:
            for i in range(n):
                total += i % 7
        finally:
            out[0] = 1.0
        return total

    @cw.jit
    def catches(n):
        total = 0
        try:
            for i in range(n):
                total += i % 7
        except KeyboardInterrupt:
            return -1
        return total

    out = np.zeros(1)
    waits(10, out), catches(10)
    out[0] = 0.0
    threading.Timer(0.1, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        waits(10**12, out)
    assert out[0] == 1.0
    threading.Timer(0.1, _thread.interrupt_main).start()
    assert catches(10**12) == -1


def test_refusals():
    def not_a_class(x):
        try:
            return 1 // x
        except 3:
            return 0

    def kept(x):
        try:
            return 1 // x
        except ZeroDivisionError as error:
            return error

    def argument(x):
        try:
            return 1 // x
        except ZeroDivisionError as error:
            raise ValueError(error)  # noqa: B904

    assert "BaseException" in str(refused(not_a_class, 0))
    assert "exception" in str(refused(kept, 0))
    assert "str(e)" in str(refused(argument, 0))


def bare_raise():
    raise


def caught_bare_raise():
    try:
        raise
    except KeyError:
        return 1


def handles_around(function):
    """What a function gives that is called while plain Python handles an exception."""
    try:
        raise KeyError("a")
    except KeyError as handled:
        try:
            return function()
        except Exception as error:
            return error is handled, repr(error)


def test_raise_alone_raises_what_plain_python_handles_around_the_call():
    for function in (bare_raise, caught_bare_raise):
        assert handles_around(cw.jit(function)) == handles_around(function)
    same(bare_raise)


class Demanding(Exception):
    def __init__(self, first, second):
        super().__init__(first)


def asks_too_little(x):
    raise Demanding(x)


def test_a_class_that_cannot_be_called_so_fails_where_the_code_calls_it():
    def names(function):
        with pytest.raises(TypeError) as caught:
            function(1)
        return [(frame.name, frame.filename) for frame in traceback.extract_tb(caught.tb)][1:]

    assert names(cw.jit(asks_too_little)) == names(asks_too_little)


def try_in_a_handler(p, q):
    n = 0
    try:
        n += 1
        if p:
            raise ValueError
        n += 2
    except Exception:
        n += 4
        try:
            n += 8
            if q:
                raise KeyError
        except LookupError:
            n += 16
        else:
            n += 32
    return n


def try_in_finally(p, q):
    n = 0
    try:
        n += 1
        if p:
            raise ValueError
        n += 2
    except ArithmeticError:
        n += 4
    finally:
        try:
            n += 8
            if q:
                raise KeyError(n)
        except LookupError:
            n += 16
        else:
            n += 32
    return n


def raise_in_finally(p, q):
    try:
        if p:
            raise ValueError
    finally:
        if q:
            raise KeyError("in finally")
    return 1


def continue_in_finally(p, q):
    n = 0
    for i in range(4):
        try:
            if i == 1 and p:
                raise ValueError
            n += 1
        finally:
            if q:
                continue
            n += 10
        n += 100
    return n


@pytest.mark.parametrize("function", [try_in_a_handler, try_in_finally, raise_in_finally, continue_in_finally])
@pytest.mark.parametrize("p, q", [(False, False), (False, True), (True, False), (True, True)])
def test_handlers_in_handlers(function, p, q):
    same(function, p, q)


def three_handlers_and_a_finally(a, n):
    x = 0
    try:
        x += a[n]
    except IndexError:
        try:
            x += a[n - 1]
        except IndexError:
            try:
                x += 10 // n
            except ZeroDivisionError:
                x = -1
            else:
                x += 100
        x += 1000
    try:
        x += 1
    finally:
        try:
            x += a[n - 2]
        except (LookupError, ValueError):
            x += 10000
        except ZeroDivisionError:
            x = -2
    return x


@pytest.mark.parametrize("n", range(6))
def test_handlers_of_one_depth_that_lie_in_different_ones(n):
    same(three_handlers_and_a_finally, [1, 2], n)
