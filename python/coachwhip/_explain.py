"""The text of `fn.explain()`."""
from . import _core


def explain(dispatcher):
    """Per specialisation: its types, the time of each stage, its size, what became of the loops."""
    function = dispatcher.py_func
    code = function.__code__
    lines = [f"{function.__qualname__} ({code.co_filename}:{code.co_firstlineno})"]
    specialisations = _core.specialisations(dispatcher)
    if not specialisations:
        lines.append("  not compiled yet: it is compiled when it is called, for the types of that call")
    for index, spec in enumerate(specialisations):
        lines.extend(_specialisation(dispatcher, index, spec))
    return "\n".join(lines)


def _specialisation(dispatcher, index, spec):
    params = ", ".join(map(repr, spec["params"]))
    reason = "declared" if spec["declared"] else "first called with these types"
    yield f"  ({params}) -> {spec['ret']!r}: {reason}"
    total = sum(time for _, time in spec["times"])
    stages = ", ".join(f"{stage} {time * 1e3:.1f}" for stage, time in spec["times"])
    yield f"    compiled in {total * 1e3:.1f} ms: {stages}"
    gil = "other threads run during a call" if spec["releases_gil"] else "holds the interpreter: no loop, so calls are short"
    yield f"    {spec['bytes']:,} bytes of code; {gil}"
    remarks = _telling(_core.remarks(dispatcher, index))
    if not remarks:
        yield "    no loop that could be vectorised"
    for file, line, vectorised, reason in sorted(remarks, key=lambda r: (r[0], r[1])):
        what = "vectorised" if vectorised else "not vectorised"
        yield f"    line {line}: {what}: {reason}" if file == dispatcher.py_func.__code__.co_filename else (
            f"    {file}:{line}: {what}: {reason}")


def _telling(remarks):
    """One remark for each loop; without reasons that say nothing where others say something."""
    loops = {}
    for file, line, vectorised, reason in remarks:
        if "already been vectorized" not in reason:
            loops.setdefault((file, line, vectorised), []).append(reason)
    if any(set(reasons) != {_BARE} for reasons in loops.values()):
        loops = {loop: [reason for reason in reasons if reason != _BARE] for loop, reasons in loops.items()}
    return [(*loop, "; ".join(reasons)) for loop, reasons in loops.items() if reasons]


# What LLVM says of a loop that it did not look at.
_BARE = "loop not vectorized"
