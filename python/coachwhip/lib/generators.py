"""Iterators as objects: generators of the library."""
from coachwhip.lib import implements


@implements("coachwhip.lib.generators.over")
def over(iterator):
    """The items of an iterator, each when it is asked for."""
    for item in iterator:
        yield item


@implements("coachwhip.lib.generators.kept")
def kept(function, iterable):
    """`filter`: the items for which the function gives something true, or that are true."""
    for item in iterable:
        if function is None:
            if item:
                yield item
        elif function(item):
            yield item


@implements("coachwhip.lib.generators.contains")
def contains(iterator, wanted):
    """`wanted in iterator`: what comes after the item is not looked at."""
    for item in iterator:
        if item == wanted:
            return True
    return False
