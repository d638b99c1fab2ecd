"""Makes `tests/support.py` importable and keeps the tests' own warnings out of the way."""
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

# A runner started in the background may have SIGINT ignored, and its children would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
