"""Makes `tests/support.py` importable and keeps the tests' own warnings out of the way."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
