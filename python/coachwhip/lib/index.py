"""Where each library function is; written by `cargo xtask library` from the decorators."""

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
    "coachwhip.lib.vecmath.exp": "vecmath.exponential.exp",
}
