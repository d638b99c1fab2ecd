"""`coachwhip.cache_info()` and `coachwhip cache`: what the cache of compiled code holds."""
import typing

from . import _core

HELP = """\
Compiled code is kept for other processes, so that only the first one compiles a function.

An entry is found by its content: the function's code, the values it takes from outside (globals, closures,
defaults), the functions it calls and theirs, the argument types, the options, the processor, the versions of
Python, NumPy and coachwhip.  Change any of these and the function is compiled again; there is nothing to clear
by hand.  Comments, formatting and the place of the file do not count.

  COACHWHIP_CACHE_DIR    the directory; otherwise $XDG_CACHE_HOME/coachwhip or ~/.cache/coachwhip
  COACHWHIP_CACHE_SIZE   its limit, such as 500M or 2G (1G); what was not used for longest goes first; 0: no directory
  @jit(cache=False)      neither reads nor keeps this function's code

fn.explain() says for each compiled form of fn whether it came from the cache, and if not, what has changed.
"""


class CacheInfo(typing.NamedTuple):
    """What the cache holds.  Hits and misses are those of all processes since it was cleared."""

    path: str
    usable: bool
    entries: int
    bytes: int
    limit: int
    hits: int
    misses: int

    def __str__(self):
        rows = [("directory", self.path if self.usable else f"{self.path} (cannot be used: nothing is kept)")]
        if self.usable:
            rows += [
                ("entries", f"{self.entries:,}"),
                ("bytes", f"{self.bytes:,} of {self.limit:,}"),
                ("hits", f"{self.hits:,}"),
                ("misses", f"{self.misses:,}"),
            ]
        return "\n".join(f"{name:<10} {value}" for name, value in rows)


def cache_info():
    """Where the cache of compiled code is, and what it holds."""
    report = _core.cache_report()
    path = str(report["path"]) if report["path"] else "none"
    return CacheInfo(path, *(report[name] for name in CacheInfo._fields[1:]))


def run(action):
    """The command `coachwhip cache`; returns the exit status."""
    if action == "clear":
        entries, size = _core.cache_clear()
        print(f"removed {entries:,} entr{'y' if entries == 1 else 'ies'}, {size:,} bytes")
    else:
        print(cache_info())
    return 0
