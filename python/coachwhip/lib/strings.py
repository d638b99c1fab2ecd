"""Strings: arithmetic of positions that their operators need."""
from coachwhip.lib import implements


@implements("coachwhip.lib.strings.count")
def count(distance, step):
    """How many positions there are from one to another (apart by `distance`), by steps that are not zero."""
    if step < 0:
        distance, step = -distance, -step
    return (distance + step - 1) // step if distance > 0 else 0
