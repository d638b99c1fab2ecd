"""Makes `tests/support.py` importable, and gives the run a cache of its own that is empty at first."""
import atexit
import os
import pathlib
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

# A runner started in the background may have SIGINT ignored, and its children would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# With the cache on, as users have it; processes that tests start inherit the variable.  A child that was forked
# must not remove the directory.
_cache = tempfile.mkdtemp(prefix="coachwhip-tests-")
os.environ["COACHWHIP_CACHE_DIR"] = _cache
_owner = os.getpid()
atexit.register(lambda: os.getpid() == _owner and shutil.rmtree(_cache, ignore_errors=True))
