"""The runner of Numba's own tests: it tells what passes, what fails and what ends the process."""
import os
import pathlib
import signal
import sys
import unittest

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
import numba_tests  # noqa: E402


class Cases(unittest.TestCase):
    #: Only the runner runs these.
    __test__ = False

    def test_passes(self):
        self.assertEqual(1, 1)

    def test_fails(self):
        self.assertEqual(1, 2)

    def test_crashes(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def test_hangs(self):
        while True:
            pass

    @unittest.skip("as Numba does")
    def test_skipped(self):
        raise AssertionError


@pytest.mark.parametrize("name, outcome", [("passes", "passed"), ("fails", "failed"), ("crashes", "crashed"),
                                           ("hangs", "hung"), ("skipped", "skipped")])
def test_each_end_of_a_case_is_told_apart(name, outcome, monkeypatch):
    monkeypatch.setattr(numba_tests, "LIMIT", 0.5 if name == "hangs" else 30)
    assert numba_tests.forked(Cases(f"test_{name}"))[0] == outcome


def test_expectations_are_read_and_every_line_says_why():
    found = numba_tests.read_expectations()
    assert len(found) > 50 and all(why for _, why in found.values())
    assert {module for module, _ in found} >= {"numba.tests.test_lists", "numba.tests.test_try_except"}


def compared(outcome, kind, plain="passed"):
    """What the runner says of a case with these outcomes and this line of the list."""
    expected = {("m", "case"): (kind, "why")} if kind else {}
    options = type("Options", (), {"verbose": False, "part": ""})
    ours = {"case": {"outcome": outcome, "text": "told"}}
    return numba_tests.compare("m", {"case": {"outcome": plain, "text": ""}}, ours, expected, options)


def test_what_is_not_as_listed_is_told():
    assert compared("passed", "") == [] and compared("failed", "open") == []
    assert compared("failed", "numba", plain="failed") == []
    assert "failed: told" in compared("failed", "")[0]
    assert "listed as open, but passes" in compared("passed", "open")[0]
    assert "not listed" in compared("failed", "", plain="failed")[0]
    assert "passes as plain Python" in compared("passed", "numba")[0]
    assert "crashed" in compared("crashed", "open")[0]
