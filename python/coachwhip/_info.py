"""`coachwhip info` and `coachwhip explain`: versions and processor; the pages of the diagnostics."""
import pathlib

from . import _core


def info():
    """Versions, processor and features, one a line."""
    import platform

    import numpy

    cpu, features, llvm = _core.host()
    lines = [
        f"coachwhip {_core.__version__}",
        f"Python    {platform.python_version()} ({platform.python_implementation()}, {platform.platform()})",
        f"NumPy     {numpy.__version__}",
        f"SciPy     {_version('scipy')}",
        f"LLVM      {llvm}",
        f"CPU       {cpu}",
        f"features  {_useful(features)}",
    ]
    return "\n".join(lines)


def _version(package):
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _useful(features):
    """The features that decide the width of vectors."""
    on = {name[1:] for name in features.split(",") if name.startswith("+")}
    known = ("sse4.2", "avx", "avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl", "neon", "sve")
    return " ".join(name for name in known if name in on) or "none that matter"


def explain(code):
    """The page of a diagnostic code such as `CW0301`."""
    code = code.upper()
    titles = dict(_core.codes())
    if code not in titles:
        raise KeyError(f"there is no code {code}; the codes are {', '.join(titles)}")
    page = _pages() / f"{code}.md"
    if page.is_file():
        return page.read_text(encoding="utf-8")
    return f"# {code}: {titles[code]}\n\nThis code has no page yet.\n"


def _pages():
    """The folder of the pages."""
    return pathlib.Path(__file__).resolve().parent / "errors"
