"""The order in memory of results is that of NumPy's iterator, of its concatenation and of its copies.

Operands are random: axes of length 1, transposed, reversed, with gaps, repeated by stride 0; up to six dimensions.  Values,
shapes and strides are NumPy's.
"""
import coachwhip
import numpy as np
import pytest
from support import same

COPIES = "np.zeros_like(a), np.copy(a, order='K'), a.astype(np.float32), np.array(a)"
JOINS = "np.concatenate((a, b), axis=0), np.stack((a, b, a), axis=1), np.concatenate((a, b), axis=-1)"
REDUCED = "a.sum(axis=0), np.max(a, axis=1), np.cumsum(b, axis=-1), np.var(b, axis=1), np.all(a, axis=(0, -1))"
MASKED = "np.sum(a, axis=1, where=m), np.mean(b, axis=0, where=m), np.max(a, axis=-1, where=m, initial=0)"
FEW = "a.sum(axis=1), np.cumsum(b, axis=0)"
MAPS = "a + b, np.sqrt(a), np.where(m, a, b), (a + b) * a, a[..., ::-1] * 2, a * b[:1] - b"


def strided(rng, shape, dtype=np.float64):
    """An array over memory of any order, never contiguous, writable."""
    ndim = len(shape)
    while True:
        order = rng.permutation(ndim)
        gaps = rng.choice([1, 1, 1, 2], ndim)
        sizes = [int(n * g) for n, g in zip(shape, gaps)]
        base = rng.integers(0, 50, [sizes[axis] for axis in order]).astype(dtype)
        made = base.transpose(np.argsort(order))[tuple(slice(None, None, int(gap)) for gap in gaps)]
        made = made[tuple(slice(None, None, -1) if rng.random() < 0.2 else slice(None) for _ in shape)]
        still = rng.random(ndim) < 0.2
        steps = [0 if zero else step for zero, step in zip(still, made.strides)]
        made = np.lib.stride_tricks.as_strided(made, shape, steps)
        if not made.flags.c_contiguous and not made.flags.f_contiguous:
            return made


def compiled(texts):
    scope = {"np": np}
    exec(f"def f(a, b, m):\n    return {texts}", scope)
    return scope["f"], coachwhip.jit(scope["f"])


def check(ndim, texts, rounds=60, **options):
    f, fast = compiled(texts)
    rng = np.random.default_rng(ndim)
    for _ in range(rounds):
        shape = tuple(int(n) for n in rng.choice([1, 1, 2, 3, 4], ndim))
        if np.prod(shape) == 1:
            continue
        same(f, strided(rng, shape), strided(rng, shape), strided(rng, shape, bool), compiled=fast, **options)


@pytest.mark.parametrize("ndim", range(2, 7))
@pytest.mark.parametrize("texts", [COPIES, JOINS], ids=["copies", "joins"])
def test_copies_and_joins(ndim, texts):
    check(ndim, texts)


@pytest.mark.parametrize("ndim, texts", [(2, REDUCED), (3, REDUCED), (4, FEW), (6, FEW), (2, MASKED), (3, MASKED)])
def test_reductions(ndim, texts):
    check(ndim, texts)


@pytest.mark.parametrize("ndim", [2, 3, 5])
def test_maps(ndim):
    check(ndim, MAPS, strides=False)


def test_contiguous_operands_with_axes_of_length_one():
    """The strides of such axes may be anything: they decide nothing."""
    f, fast = compiled("np.stack((a, b), axis=1), np.concatenate((a, b), axis=-1), a.sum(axis=0), np.copy(a, order='K')")
    big = np.arange(100.0).reshape(10, 10)
    m = np.zeros(1, bool)
    for shape in ((3, 2), (1, 3), (3, 1), (2, 2)):
        for a in (big[:shape[0], :shape[1]], big.T[:shape[0], :shape[1]]):
            for b in (big[1:shape[0] + 1, :shape[1]], (big + 100).T[:shape[0], :shape[1]]):
                same(f, a, b, m, compiled=fast)
                same(f, a[:, None], b[:, None], m, compiled=fast)


@pytest.mark.parametrize("shape", [(2, 1, 3), (1, 2, 3), (2, 3, 1), (1, 3), (3, 1), (2, 1, 1), (2, 3, 2)])
def test_joined_transposes_with_axes_of_length_one(shape):
    """They are known to lie in Fortran's order, which says nothing about such axes."""
    def joined(a):
        t = a.T
        return np.stack((t, t)), np.stack((t, t), axis=-1), np.concatenate((t, t)), np.concatenate((t, t), axis=1), np.concatenate((t, t), axis=-1)

    a = np.arange(float(np.prod(shape))).reshape(shape)
    same(joined, a)
    same(joined, np.broadcast_to(a, shape))
