"""Lists that change where exceptions are handled."""
import numpy as np
import pytest

from support import same


def grown_inside(n):
    values = [0]
    try:
        for i in range(n):
            values.append(10 // (3 - i))
    except ZeroDivisionError:
        values.append(-1)
    return values


def made_inside(n):
    values = [1]
    try:
        values = [n, 5 // n]
        values.append(7)
    except ZeroDivisionError:
        values.append(2)
    else:
        values.append(3)
    finally:
        values.append(4)
    return values


def fails(values, n):
    values.append(n)
    if n == 0:
        raise ValueError("zero")
    return [n, n]


def result_of_a_call(n):
    values = [1]
    try:
        values = fails(values, n)
    except ValueError:
        values.append(9)
    return values


def unused_result(n):
    seen = [0]
    for i in range(n):
        try:
            fails(seen, i)
            seen = fails(seen, i - 1)
        except ValueError:
            seen.append(-i)
    return seen


def items_in_lists(n):
    rows = [[0]]
    try:
        for i in range(5):
            row = [i]
            rows.append(row)
            row.append(6 // (n - i))
    except ZeroDivisionError:
        rows[-1].append(-1)
    return rows


def index_and_pop(n):
    values = [1, 2, 3]
    count = 0
    while True:
        try:
            if n:
                values[n] = values[n - 1]
            values.pop()
            count += 1
        except IndexError:
            return values, count


def returned_from_inside(n):
    values = [n]
    try:
        values.append(1 // n)
        return values
    except ZeroDivisionError:
        return [0, n]


def arrays_in_lists(n):
    parts = [np.zeros(2)]
    try:
        for i in range(5):
            parts.append(np.ones(2) * i)
            parts[i][n] = 4.0
    except IndexError:
        parts.append(np.full(2, 7.0))
    return parts[-1], len(parts)


@pytest.mark.parametrize("function", [
    grown_inside, made_inside, result_of_a_call, unused_result, items_in_lists, index_and_pop, returned_from_inside,
    arrays_in_lists,
])  # fmt: skip
@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
def test_lists_of_its_own(function, n):
    same(function, n)


def caught(values, n):
    try:
        for i in range(4):
            values.append(12 // (n - i))
    except ZeroDivisionError:
        values.append(-1)
        return values
    return None


def fails_after(values, n):
    try:
        values.append(12 // n)
    except ZeroDivisionError:
        values.append(-1)
    values.append(values[n])
    return len(values)


def raised_in_a_handler(values, n):
    try:
        values[0] = 1 // n
    except ZeroDivisionError as error:
        values.append(5)
        raise ValueError("again") from error
    finally:
        values.append(6)
    return values


@pytest.mark.parametrize("function", [caught, fails_after, raised_in_a_handler])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 9])
def test_lists_of_the_caller(function, n):
    same(function, [1, 2], n)


def rows_of_the_caller(rows, n):
    try:
        rows[n].append(1)
        rows.append([n])
        rows[0][n] = 7
    except IndexError:
        rows[0].append(-2)
        rows.append(rows[0])
    return rows


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_nested_lists_of_the_caller(n):
    same(rows_of_the_caller, [[1, 2], [3]], n)
