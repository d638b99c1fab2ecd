"""The library: functions in Python, compiled by coachwhip itself, behind what is not a primitive.

Each implements one callable, named by `implements`, and runs under plain Python too.  Names that begin with
`coachwhip.lib.` are what the compiler's own rules call.  A file is imported when one of its functions is
first asked for, so `INDEX` says where each is; a test keeps it in step with the decorators.
"""

INDEX = {
    "builtins.all": "builtins.all_",
    "builtins.any": "builtins.any_",
    "builtins.max": "builtins.max_",
    "builtins.min": "builtins.min_",
    "builtins.sum": "builtins.sum_",
    "coachwhip.lib.arange_counting": "ranges.arange_counting",
    "coachwhip.lib.arange_float": "ranges.arange_float",
    "coachwhip.lib.arange_int": "ranges.arange_int",
    "coachwhip.lib.assign": "arrays.assign",
    "coachwhip.lib.compensated": "builtins.compensated",
    "coachwhip.lib.contains": "arrays.contains",
    "coachwhip.lib.copy": "arrays.copy",
    "coachwhip.lib.fill": "arrays.fill",
    "coachwhip.lib.floor_in_place": "ranges.floor_in_place",
    "coachwhip.lib.linspace": "ranges.linspace",
    "coachwhip.lib.max_default": "builtins.max_default",
    "coachwhip.lib.min_default": "builtins.min_default",
    "coachwhip.lib.reshape_strides": "arrays.reshape_strides",
}


def implements(name, reads_once=()):
    """Marks a function as the implementation of the callable with this canonical name.

    `reads_once` names parameters, arrays, of which the function looks at nothing but the shape and each
    element at most once: an array expression given for one is computed element by element there.
    """

    def mark(function):
        function.__implements__ = name
        if reads_once:
            function.__reads_once__ = tuple(reads_once)
        return function

    return mark
