"""What library functions may ask of the compiler.  In compiled code these are rules of the compiler
(`crates/infer/src/rules/library.rs`); the functions here do the same under plain Python."""
import numpy as np


def constant(value, name):
    """The value of the argument `name`, which must be known when compiling: it is then a constant."""
    return value


def refuse(message):
    """Refuses what is not supported: a diagnostic at the user's call wherever this is reached when compiling."""
    raise NotImplementedError(message)


def sort(a, scratch):
    """Sorts a contiguous array of one dimension in place, NaN last.

    With a scratch array of the same dtype and length, long ones are sorted much faster; it may be empty.
    """
    a.sort()


def select(a, place):
    """Brings the element that belongs at `place` of the sorted array there, no greater ones before it."""
    a.partition(place)


def sort_positions(a, found, scratch):
    """Fills `found`, int64, with the positions that sort a contiguous array; equal elements keep their order.

    `scratch` is an array of uint64 with four times as many elements.
    """
    found[:] = a.argsort(kind="stable")


def select_positions(a, place, found, scratch):
    """As `sort_positions`, but only the one at `place` is sure to be right, and no greater ones are before it."""
    found[:] = a.argpartition(place)


def empty_like_all(arrays, shape, dtype):
    """A new array whose axes lie in memory as in `arrays`; C order wins where these differ."""
    axes = list(range(len(shape)))
    if all(a.ndim == len(shape) for a in arrays):
        for i in range(1, len(shape)):
            axis, at = axes[i], i
            for before in range(i - 1, -1, -1):
                other = axes[before]
                said = [abs(a.strides[axis]) > abs(a.strides[other]) for a in arrays
                        if a.shape[axis] != 1 and a.shape[other] != 1]
                if said and all(said):
                    at = before
                elif said:
                    break
            axes.insert(at, axes.pop(i))
    made = np.empty([shape[axis] for axis in axes], dtype)
    return made.transpose(np.argsort(axes))


def contiguous(a):
    """Whether an array is known to lie in memory in C order, without gaps: a constant."""
    return a.flags.c_contiguous


def writeable(a):
    """Whether the elements of an array may be changed: a constant."""
    return a.flags.writeable


def random_double():
    """The next number of NumPy's global stream of random numbers, in [0, 1)."""
    return np.random.random_sample()


def random_interval(most):
    """The next whole number of 0 to `most` of that stream."""
    return np.random.randint(most + 1)


def random_seed(seed):
    """Sets that stream, from an int or None."""
    np.random.seed(seed)


def rarely():
    """True.  `while rarely() and …` is a loop that rarely runs, which is compiled for size."""
    return True


def in_lanes():
    """Says that the loop around is written for several elements side by side, which stay together: each of its sums goes
    into a lane of a vector.  LLVM's loop vectoriser would take the sums apart and gather each from everywhere."""


def mask_count(mask):
    """The number of true elements of a contiguous mask of one dimension."""
    return int(np.count_nonzero(mask))


def mask_positions(mask, found, first):
    """Stores the positions of true elements, counted from `first`, at the beginning of `found`; returns how many."""
    places = np.flatnonzero(mask) + first
    found[:len(places)] = places
    return len(places)


def mask_compress(mask, source, target):
    """Stores the elements of `source` where `mask` is true at the beginning of `target`; returns how many."""
    items = source[mask]
    target[:len(items)] = items
    return len(items)


def mask_expand(mask, source, target):
    """Stores the first items of `source` where `mask` is true in `target`; returns how many."""
    count = int(np.count_nonzero(mask))
    target[mask] = source[:count]
    return count


def push(items, item):
    """Appends an item to a list."""
    items.append(item)


def get(items, i):
    """The item at position `i`, 0 <= i < len(items)."""
    return items[i]


def put(items, i, item):
    """Puts another item in the place of the one at position `i`, 0 <= i < len(items)."""
    items[i] = item


def cut(items, n):
    """Takes away what is beyond the first `n` items, n <= len(items)."""
    del items[n:]


def close_gap(items, at, n):
    """Takes away the `n` items from position `at` on, all of which are there."""
    del items[at:at + n]


def put_in(items, at, item):
    """Puts an item in before position `at`, 0 <= at <= len(items)."""
    items.insert(at, item)


def new_like(items, n):
    """An empty list for items of the same type, with room for `n` of them."""
    return []


def words_of(table):
    """The words of a dict or set as a list (`coachwhip.lib.tables`)."""
    raise NotImplementedError


def entries_of(table):
    """The entries of a dict or set as a list (`coachwhip.lib.tables`)."""
    raise NotImplementedError


def empty_like(table):
    """A dict or set of the same type, without any words yet."""
    raise NotImplementedError


def vacant(entries):
    """An entry that stands for a hole."""
    raise NotImplementedError


def reserve(items, n):
    """Makes room for `n` items in a list."""


def fill(items, i, item):
    """Puts an item into room where none is."""
    items.insert(i, item)


def resize(items, n):
    """Has a list have `n` items, which are there."""
