"""The library: functions in Python, compiled by coachwhip itself, behind what is not a primitive.

One file for each family of functions, one function for each callable that it stands for.  A new function is
one file (or one more function in it), and then `cargo xtask library`, which writes the index
(`coachwhip.lib.index`) and the page of what is supported (`docs/supported.md`):

    @implements("numpy.trim_zeros")                      # np.trim_zeros(...)
    @implements("numpy.searchsorted", method="searchsorted")   # and a.searchsorted(...)
    @implements(attribute="mT")                          # a.mT: a function of the array alone
    @implements("coachwhip.lib.contains")                # what only the compiler's own rules call

The parameters are NumPy's, with its names and defaults, or those of them that are supported: calls are bound by NumPy's own
signature (a row of `crates/infer/signatures.txt`; `tests/test_arguments.py` tells the row of a new name), and what the function has no
parameter for is refused.  The docstring's first line says what the function
does; what NumPy has and this has not stands in a paragraph that begins with `Limits:`.  The function runs under plain
Python too, where it must do the same.  `tested` declares arguments of which the differential tests are made.

What a function may ask when it is compiled: `isinstance`, `type(x) is`, `x.dtype`, `x.ndim`, `x is None`,
`len` of a tuple are constants and branches on them are decided, so that the other branch need not fit the types;
`coachwhip.lib.compiler` has more: `constant` for an argument that chooses types, `refuse` for what is
not supported, and functions of the run time.
"""


def implements(name=None, /, *, method=None, attribute=None, reads_once=(), separate=False):
    """Marks a function as the implementation of callables.

    `name` is canonical (`numpy.sort`); `method` and `attribute` are names of array members, whose array is the first
    argument.  A function whose parameters named in `reads_once` are arrays of which it reads each element at
    most once, and otherwise only the shape, can take an array expression in place of the array.  A large function
    that gains nothing from being compiled together with its callers is `separate`: compiled by itself, once for all
    of them, and kept in the cache; `separate=("axis",)` names parameters that must be constants in it.  What it calls
    is part of it, unless that is separate, too.
    """
    names = [name] if name else []
    if method:
        names.append(f"numpy.ndarray.{method}")
    if attribute:
        names.append(f"numpy.ndarray.{attribute}.__get__")

    def mark(function):
        function.__implements__ = (*getattr(function, "__implements__", ()), *names)
        if separate:
            function.__separate__ = () if separate is True else tuple(separate)
        if reads_once:
            function.__reads_once__ = tuple(reads_once)
        return function

    return mark


def tested(*arguments, **options):
    """Declares a group of calls for the differential tests; see `tests/library_cases.py`.

    Each positional argument says what kinds of value the parameter at its place takes, each keyword argument
    what kinds an optional one takes: a tuple of values, or a function of `coachwhip.lib.kinds`.
    """

    def mark(function):
        function.__tested__ = ((arguments, options), *getattr(function, "__tested__", ()))
        return function

    return mark
