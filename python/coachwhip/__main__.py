"""The command line: `python -m coachwhip info`, `python -m coachwhip explain CW0301`, `python -m coachwhip cache info`."""
import argparse
import sys

HELP = """\
Coachwhip compiles numerical Python functions.  Put @jit on one:

    import coachwhip as cw

    @cw.jit
    def total(values):
        result = 0.0
        for value in values:
            result += value
        return result

A message that starts with error[CW0301] is explained by: coachwhip explain CW0301
"""


def main(arguments=None):
    """Runs a command; returns the exit status."""
    parser = argparse.ArgumentParser(
        "coachwhip", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("info", help="versions, processor and its features: what a report should contain")
    explain = commands.add_parser("explain", help="the page of a diagnostic code, or the list of codes")
    explain.add_argument("code", nargs="?", help="such as CW0301; without it, every code with its title")
    _add_cache(commands)
    given = parser.parse_args(arguments)
    if given.command == "info":
        from ._info import info

        print(info())
        return 0
    if given.command == "explain":
        return explain_code(given.code)
    if given.command == "cache":
        from ._cache import run

        return run(given.action)
    parser.print_help()
    return 0


def _add_cache(commands):
    from ._cache import HELP

    cache = commands.add_parser(
        "cache", help="what the cache of compiled code holds, or empty it", description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    cache.add_argument("action", nargs="?", choices=("info", "clear"), default="info",
                       help="info: directory, entries, bytes, hits and misses; clear: remove every entry")


def explain_code(code):
    """Prints a page, or the list of codes."""
    from . import _core
    from ._info import explain

    if code is None:
        for known, title in _core.codes():
            print(f"{known}  {title}")
        return 0
    try:
        print(explain(code), end="")
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
