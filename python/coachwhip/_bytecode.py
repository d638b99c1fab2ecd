"""Code objects that CPython itself cannot read.

An instruction that leads to an optimised trace stands in code only while the interpreter makes traces.  Bytes made by
hand may name a trace that is not there: whoever asks for `co_code` then ends the process.
"""
import opcode
import sys

_JIT = getattr(sys, "_jit", None)
#: The instruction, on interpreters that know traces but make none.
ENTER_TRACE = opcode.opmap.get("ENTER_EXECUTOR") if _JIT is not None and not _JIT.is_enabled() else None


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
    caches = _caches()
    position = 0
    while position < len(adaptive):
        if adaptive[position] == ENTER_TRACE:
            return True
        position += 2 + 2 * caches.get(adaptive[position], 0)
    return False
