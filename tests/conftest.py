"""Makes `tests/support.py` importable, and gives the run a cache of its own that is empty at first."""
import atexit
import os
import pathlib
import shutil
import signal
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

# A runner started in the background may have SIGINT ignored, and its children would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# With the cache on, as users have it; processes that tests start inherit the variable.  A child that was forked
# must not remove the directory.
_cache = tempfile.mkdtemp(prefix="coachwhip-tests-")
os.environ["COACHWHIP_CACHE_DIR"] = _cache
_owner = os.getpid()
atexit.register(lambda: os.getpid() == _owner and shutil.rmtree(_cache, ignore_errors=True))


# `COACHWHIP_TEST_OVERFLOW=raise` makes every test run with that option unless it has one of its own; what fails then must be
# about numbers that wrap.
if _overflow := os.environ.get("COACHWHIP_TEST_OVERFLOW"):
    from coachwhip import _options

    _check = _options.check
    _options.check = lambda given: _check({"overflow": _overflow, **given})


@pytest.fixture(autouse=True)
def overloads():
    """What a test teaches the compiler is forgotten after it."""
    from coachwhip import extending
    tables = (extending._FUNCTIONS, extending._METHODS, extending._ATTRIBUTES)
    before = [{key: list(found) for key, found in table.items()} for table in tables]
    yield
    for table, kept in zip(tables, before):
        table.clear()
        table.update(kept)
