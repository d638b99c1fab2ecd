"""Counters: `coachwhip.lib.dicts` of ints.  What the compiler's own rules call is named `coachwhip.lib.counters`."""
import heapq
import operator

from coachwhip.lib import implements
from coachwhip.lib.compiler import entries_of, words_of
from coachwhip.lib.dicts import delitem as delete
from coachwhip.lib.tables import find


@implements("coachwhip.lib.counters.add_items")
def add_items(counter, items):
    """Counts the items of an iterable."""
    for item in items:
        counter[item] = counter.get(item, 0) + 1


@implements("coachwhip.lib.counters.subtract_items")
def subtract_items(counter, items):
    """Takes the items of an iterable from the counts."""
    for item in items:
        counter[item] = counter.get(item, 0) - 1


@implements("coachwhip.lib.counters.add_counts")
def add_counts(counter, more):
    """Adds the counts of a mapping."""
    for key, count in more.items():
        counter[key] = count + counter.get(key, 0)


@implements("coachwhip.lib.counters.subtract_counts")
def subtract_counts(counter, less):
    """Subtracts the counts of a mapping."""
    for key, count in less.items():
        counter[key] = counter.get(key, 0) - count


@implements("coachwhip.lib.counters.delitem")
def delitem(counter, key):
    """`del counter[key]`, whether it is there or not."""
    if find(words_of(counter), entries_of(counter), key, hash(key))[1] >= 0:
        delete(counter, key)


@implements("coachwhip.lib.counters.total")
def total(counter):
    """The sum of the counts."""
    found = 0
    for count in counter.values():
        found += count
    return found


@implements("coachwhip.lib.counters.elements")
def elements(counter):
    """A list of the keys, each as often as it counts."""
    found = []
    for key, count in counter.items():
        for _ in range(count):
            found.append(key)
    return found


def count_of(pair):
    """The count of a key and its count."""
    return pair[1]


@implements("coachwhip.lib.counters.most_common")
def most_common(counter, n):
    """Keys and counts, the greatest first: all of them, or n."""
    pairs = list(counter.items())
    if n is None:
        pairs.sort(key=count_of, reverse=True)
        return pairs
    return heapq.nlargest(n, pairs, key=count_of)


def of_either(made, a, b, both):
    """Keys of one or both in an empty counter, with the counts that are positive; `both` says what two counts become."""
    for key, count in a.items():
        found = both(count, b[key])
        if found > 0:
            made[key] = found
    for key, count in b.items():
        if key not in a and count > 0:
            made[key] = count
    return made


@implements("coachwhip.lib.counters.added")
def added(made, a, b):
    """`a + b` in an empty counter: counts that are positive."""
    return of_either(made, a, b, operator.add)


@implements("coachwhip.lib.counters.subtracted")
def subtracted(made, a, b):
    """`a - b` in an empty counter: counts that are positive."""
    for key, count in a.items():
        rest = count - b[key]
        if rest > 0:
            made[key] = rest
    for key, count in b.items():
        if key not in a and count < 0:
            made[key] = 0 - count
    return made


@implements("coachwhip.lib.counters.greatest")
def greatest(made, a, b):
    """`a | b` in an empty counter: counts that are positive."""
    return of_either(made, a, b, max)


@implements("coachwhip.lib.counters.least")
def least(made, a, b):
    """`a & b` in an empty counter: counts that are positive."""
    for key, count in a.items():
        other = b[key]
        fewest = count if count < other else other
        if fewest > 0:
            made[key] = fewest
    return made


def keep_positive(counter):
    """Takes out what does not count more than 0."""
    gone = [key for key, count in counter.items() if not count > 0]
    for key in gone:
        del counter[key]
    return counter


@implements("coachwhip.lib.counters.add_in_place")
def add_in_place(counter, more):
    """`counter += more`."""
    for key, count in more.items():
        counter[key] += count
    return keep_positive(counter)


@implements("coachwhip.lib.counters.subtract_in_place")
def subtract_in_place(counter, less):
    """`counter -= less`."""
    for key, count in less.items():
        counter[key] -= count
    return keep_positive(counter)


@implements("coachwhip.lib.counters.greatest_in_place")
def greatest_in_place(counter, other):
    """`counter |= other`."""
    for key, count in other.items():
        if count > counter[key]:
            counter[key] = count
    return keep_positive(counter)


@implements("coachwhip.lib.counters.least_in_place")
def least_in_place(counter, other):
    """`counter &= other`."""
    for key, count in counter.items():
        fewest = other[key]
        if fewest < count:
            counter[key] = fewest
    return keep_positive(counter)


@implements("coachwhip.lib.counters.positive")
def positive(made, counter):
    """`+counter` in an empty counter."""
    for key, count in counter.items():
        if count > 0:
            made[key] = count
    return made


@implements("coachwhip.lib.counters.negative")
def negative(made, counter):
    """`-counter` in an empty counter."""
    for key, count in counter.items():
        if count < 0:
            made[key] = 0 - count
    return made


@implements("coachwhip.lib.counters.equal")
def equal(a, b):
    """Whether all counts are equal."""
    for key, count in a.items():
        if count != b[key]:
            return False
    for key, count in b.items():
        if count != a[key]:
            return False
    return True


@implements("coachwhip.lib.counters.within")
def within(a, b):
    """Whether no count is greater than the other counter's."""
    for key, count in a.items():
        if count > b[key]:
            return False
    for key, count in b.items():
        if a[key] > count:
            return False
    return True


@implements("coachwhip.lib.counters.below")
def below(a, b):
    """`a < b`."""
    return within(a, b) and not equal(a, b)
