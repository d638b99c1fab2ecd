"""Code objects that CPython itself cannot read.

An instruction that leads to an optimised trace stands in code only while the interpreter makes traces.  Bytes made by
hand may name a trace that is not there: whoever asks for `co_code` then ends the process.
"""
import opcode
import sys

#: The instruction, unless the interpreter says that it makes traces itself.
ENTER_TRACE = None if hasattr(sys, "_jit") and sys._jit.is_enabled() else opcode.opmap.get("ENTER_EXECUTOR")


def _may_make_traces():
    """Whether an interpreter that cannot say it was built to make traces (3.13)."""
    import sysconfig

    return not hasattr(sys, "_jit") and "experimental-jit" in (sysconfig.get_config_var("CONFIG_ARGS") or "")


def _caches():
    """Units of two bytes after each instruction that are none themselves."""
    import _opcode_metadata

    bases = {name: base for base, names in _opcode_metadata._specializations.items() for name in names}
    caches = {}
    for name, number in {**opcode.opmap, **_opcode_metadata._specialized_opmap}.items():
        base = bases.get(name, name).removeprefix("INSTRUMENTED_")
        caches[number] = opcode._inline_cache_entries.get(base, 0)
    return caches


def names_a_trace(adaptive):
    """Whether an instruction among the bytes as they are executed (`_co_code_adaptive`) leads to a trace."""
    if _may_make_traces():
        return False
    caches = _caches()
    position = 0
    while position < len(adaptive):
        if adaptive[position] == ENTER_TRACE:
            return True
        position += 2 + 2 * caches.get(adaptive[position], 0)
    return False
