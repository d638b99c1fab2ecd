"""The generator of programs: see tests/generate.py."""
