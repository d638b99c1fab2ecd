"""Fixed seeds of the program generator; `python tests/generate.py --forever` goes on from there."""
import random

import numpy as np
import pytest

import coachwhip
import generate
from generator import oracle, programs, shrink, threeway, values

SEEDS = range(0, 160, 20)


@pytest.mark.parametrize("first", SEEDS)
def test_seeds(first):
    with np.errstate(all="ignore"):
        failing, figures = generate.run(range(first, first + 20))
    assert not failing, f"seeds {failing}; {figures}"


def test_most_programs_are_accepted():
    with np.errstate(all="ignore"):
        outcomes = [generate.check(seed)[2] for seed in range(100)]
    # Programs over arrays keep to no rules of dtypes, so what compiled code refuses before it runs is more often among them;
    # those over lists fail more often, which is what their handlers are for.
    for first, most, least in (0, 3, 10), (1, 8, 9), (2, 3, 3), (3, 3, 4), (4, 3, 14):
        which = outcomes[first::5]
        assert sum(outcome.startswith("refused") for outcome in which) <= most, which
        assert which.count("returned") >= least, which


def test_the_interpreter_runs_most_programs(monkeypatch):
    """The third way is one: of the calls of programs over numbers and arrays, the interpreter runs nearly all."""
    answers = []
    interpret = coachwhip._core.interpret

    def counted(*arguments):
        answers.append(interpret(*arguments))
        return answers[-1]

    monkeypatch.setattr(coachwhip._core, "interpret", counted)
    with np.errstate(all="ignore"):
        for seed in range(0, 75, 5):
            generate.check(seed)
    run = sum(answer[0] not in ("unsupported", "steps") for answer in answers)
    assert len(answers) > 30 and run >= 0.9 * len(answers), f"{run} of {len(answers)}"


def test_kinds_are_what_the_generator_says():
    """The generator's own idea of types is CPython's."""
    def kind(value):
        if isinstance(value, np.ndarray):
            return f"{value.dtype}[{value.ndim}]"
        name = type(value).__name__.rstrip("_")
        return name if type(value).__module__ == "builtins" else f"np.{name}"

    returned = 0
    with np.errstate(all="ignore"):
        for seed in range(60):
            program = programs.make(random.Random(seed))
            function = oracle.plain(program.source, wrap="overflow" in program.options)
            function = threeway.overlapping(function, program.aliases)
            for call in program.calls:
                try:
                    result = function(*call)
                except Exception:  # noqa: BLE001 -- programs may fail
                    continue
                returned += 1
                assert [kind(v) for v in result] == [k for k in program.kinds], seed
    assert returned > 50


def test_a_difference_is_found_and_shrunk(monkeypatch):
    """A compiler that forgets a product is found, and the program that shows it is small."""
    def wrong(source, _):
        return oracle.plain(source.replace(" * ", " + "))

    monkeypatch.setattr(threeway, "compiled", wrong)
    monkeypatch.setattr(threeway, "interpreted", lambda *_: None)
    rng = random.Random(5)
    source = "def f(p0):\n    x = p0 + 3\n    if x > 2:\n        x = x * 5\n    return (x,)\n"
    program = programs.Program(source, [[values.argument(rng, "int")], [7]])
    failure = threeway.compare(program)[0]
    assert failure and "machine code" in failure
    small = shrink.shrink(program, lambda p: threeway.compare(p)[0])
    assert len(small.source.splitlines()) <= 4, small.source
