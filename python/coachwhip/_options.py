"""The options of `jit`: one table of names, checks and meanings."""

FASTMATH_FLAGS = ("fast", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc")


def _flag(name, value):
    if not isinstance(value, (bool, type(None))):
        raise TypeError(f"option '{name}' takes True or False, not {value!r}")
    return bool(value)


def _cache(name, value):
    return True if value is None else _flag(name, value)


def _one_of(*words):
    def check(name, value):
        if value not in words:
            raise ValueError(f"option '{name}' takes {' or '.join(map(repr, words))}, not {value!r}")
        return value

    return check


def _fastmath(name, value):
    if isinstance(value, (bool, type(None))):
        return bool(value)
    if isinstance(value, str) or not all(isinstance(flag, str) for flag in value):
        raise TypeError(f"option '{name}' takes True, False or a set of flags, not {value!r}")
    for flag in value:
        if flag not in FASTMATH_FLAGS:
            raise ValueError(f"option '{name}': unknown flag {flag!r}{_nearest(flag, FASTMATH_FLAGS)}")
    return sorted(value)


def _locals(name, value):
    from .types import as_type

    if not isinstance(value, dict):
        raise TypeError(f"option '{name}' takes a dict of variable names and types, not {value!r}")
    return {variable: as_type(kind) for variable, kind in value.items()}


# What is accepted without effect: a value other than the option's default, and what the warning says of it.
WITHOUT_EFFECT = {
    "looplift": (True, "loops are always compiled with the function around them"),
    "nopython": (False, "functions are compiled completely or refused, there is no object mode"),
    "parallel": (True, "the function runs in one thread, until a later version"),
}

# Name, check, meaning.
OPTIONS = {
    "boundscheck": (_flag, "check every index (on); False is unsafe"),
    "cache": (_cache, "keep compiled code for other processes (on); False neither reads nor writes it"),
    "debug": (_flag, "no optimisation"),
    "error_model": (_one_of("python", "numpy"), "what a division by zero does"),
    "exact_math": (_flag, "the bits of the C library's mathematics"),
    "fastmath": (_fastmath, "allow relaxed floating-point arithmetic: True or a set of LLVM's flags"),
    "forceobj": (_flag, "accepted only as False: there is no object mode"),
    "inline": (_one_of("auto", "always", "never"), "when calls of this function are replaced by its body"),
    "locals": (_locals, "types of variables by name"),
    "looplift": (_flag, "accepted, without effect: there is no object mode to lift loops out of"),
    "nogil": (_flag, "let other threads run during every call; calls that loop always do"),
    "nopython": (_flag, "accepted: code is always compiled completely"),
    "overflow": (_one_of("python", "raise", "wrap"), "what integers beyond their width do"),
    "parallel": (_flag, "accepted, without effect: parallel loops come with a later version"),
    "wraparound": (_flag, "negative indices count from the end"),
}


def check(given):
    """The options, checked; an unknown one is a TypeError that names the nearest known one."""
    checked = {}
    for name, value in given.items():
        if name not in OPTIONS:
            raise TypeError(f"jit() got an unknown option '{name}'{_nearest(name, OPTIONS)}")
        checked[name] = OPTIONS[name][0](name, value)
    if checked.get("forceobj"):
        raise ValueError("there is no object mode: functions are compiled completely or refused")
    for name, (value, why) in WITHOUT_EFFECT.items():
        if checked.get(name) is value and given[name] is not None:
            from ._errors import warn

            warn(f"option '{name}={value}' has no effect: {why}")
    return checked


def check_names(checked, function):
    """Warns of declared types of variables that the function does not have; they mean nothing to it."""
    code = function.__code__
    variables = (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
    for name in checked.get("locals", ()):
        if name not in variables:
            import warnings

            from ._errors import CoachwhipWarning

            message = f"option 'locals': {function.__name__}() has no variable '{name}'{_nearest(name, variables)}"
            # At the function's own line, however many decorators stand between.
            place = (code.co_filename, code.co_firstlineno, function.__module__)
            warnings.warn_explicit(message, CoachwhipWarning, *place)


def _nearest(name, known):
    import difflib

    close = difflib.get_close_matches(name, list(known), 1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; known are {', '.join(sorted(known))}"
