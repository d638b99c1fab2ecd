"""The text of `fn.explain()`."""
from . import _core
from ._errors import shown


def explain(dispatcher):
    """Per specialisation: its types, the time of each stage, its size, what became of the loops."""
    function = dispatcher.py_func
    code = function.__code__
    lines = [f"{function.__qualname__} ({shown(code.co_filename)}:{code.co_firstlineno})"]
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
    yield from _layer(dispatcher, index, spec)
    gil = "other threads run during a call" if spec["releases_gil"] else "holds the interpreter: no loop, so calls are short"
    yield f"    {spec['bytes']:,} bytes of code; {gil}"
    loops = _loops(_core.remarks(dispatcher, index), dispatcher.py_func.__code__)
    if not loops:
        yield "    no loop that could be vectorised"
    for (file, line), what in sorted(loops.items()):
        place = f"line {line}" if file == dispatcher.py_func.__code__.co_filename else f"{shown(file)}:{line}"
        yield f"    {place}: {what}"


def _layer(dispatcher, index, spec):
    """Where the code comes from; if it was compiled, why no earlier compile would do."""
    total = sum(time for _, time in spec["times"])
    if spec["layer"] == "user":
        yield f"    from the cache in the user's directory; it took {total * 1e3:.1f} ms to compile before"
        return
    if spec["layer"] == "process":
        yield f"    from the cache of this process; it took {total * 1e3:.1f} ms to compile before"
        return
    stages = ", ".join(f"{stage} {time * 1e3:.1f}" for stage, time in spec["times"])
    yield f"    compiled in {total * 1e3:.1f} ms: {stages}"
    made, kept = spec["library"]
    if made or kept:
        yield f"    library functions compiled by themselves: {made} compiled, {kept} from the cache"
    if spec["layer"] == "off":
        off = dispatcher.targetoptions.get("cache", True) is False
        yield "    not cached: " + ("the cache is off for this function" if off else "it uses overloads of coachwhip.extending")
        return
    reasons = _core.cache_missed(dispatcher, index)
    if reasons is not None:
        first, *others = reasons
        yield f"    not in the cache: {first}"
        for reason in others:
            yield f"                      {reason}"


def _loops(remarks, code):
    """What became of the loop at each (file, line).

    A loop of the source is several for LLVM: chunks between polls, the unchecked copy and the checked one.  It
    counts as vectorised if one of them is.  LLVM's lines are often inside the loop: they belong to the last loop
    of the source that begins at or before them.
    """
    begins = {(code.co_filename, line) for line in _loop_lines(code)}
    begins |= {(file, line) for file, line, vectorised, reason in remarks
               if file != code.co_filename and (vectorised or _is_bare(reason))}
    vectorised_as, reasons = {}, {}
    for file, line, vectorised, reason in remarks:
        loop = max((b for b in begins if b[0] == file and b[1] <= line), default=(file, line))
        known = reasons.setdefault(loop, [])
        if vectorised:
            vectorised_as.setdefault(loop, reason)
        elif not _is_bare(reason) and reason not in known:
            known.append(reason)
    return {
        loop: f"vectorised: {vectorised_as[loop]}" if loop in vectorised_as else "; ".join(
            ["not vectorised"] if not why else [f"not vectorised: {why[0]}", *why[1:]])
        for loop, why in reasons.items()
    }


def _loop_lines(code):
    """The lines at which loops of the source begin: where jumps back lead to."""
    import dis

    instructions = list(dis.get_instructions(code))
    lines = {instruction.offset: instruction.positions.lineno for instruction in instructions}
    targets = {i.argval for i in instructions if "JUMP" in i.opname and isinstance(i.argval, int) and i.argval <= i.offset}
    return {lines[target] for target in targets if lines.get(target)}


def _is_bare(reason):
    """Whether LLVM names the loop and says nothing of the reason."""
    return reason == "loop not vectorized" or "already been vectorized" in reason
