"""The exceptions that coachwhip raises by itself, before any compiled code runs, and its warnings."""
import sys


class Diagnostic:
    """What is wrong, as data: `code`, `title`, `message`, `primary` and `secondary` places, `notes`, `help`.

    A place is a dict with `text`, `function`, `file`, `line`, `column`, `end_line` and `end_column`.
    """

    __slots__ = ("code", "title", "message", "primary", "secondary", "notes", "help")
    code: str
    title: str
    message: str
    primary: "dict | None"
    secondary: "list[dict]"
    notes: "list[str]"
    help: "str | None"

    def __init__(self, **fields):
        for name in self.__slots__:
            setattr(self, name, fields[name])

    def __repr__(self):
        return f"<Diagnostic {self.code}: {self.message}>"


class CoachwhipError(Exception):
    """Base of the exceptions below.  `code` is the stable code, `diagnostic` the parts of the message."""

    code: "str | None" = None
    diagnostic: "Diagnostic | None" = None


class CompileError(CoachwhipError):
    """The function uses something that cannot be compiled."""


class TypingError(CompileError, TypeError):
    """Types do not fit: of operands, of arguments, of a signature."""


class UnknownNameError(CompileError, NameError):
    """A global name is not defined."""


class UnknownAttributeError(CompileError, AttributeError):
    """A value has no such attribute."""


class InternalError(CoachwhipError, SystemError):
    """An error inside coachwhip.  Please report it."""


class CoachwhipWarning(UserWarning):
    """Something is accepted that has no effect, or not the one that might be expected."""


def warn(text):
    """Warns at the line of the user's that called us."""
    import warnings

    frame, level = sys._getframe(1), 2
    package = __file__.removesuffix("_errors.py")
    while frame.f_back is not None and frame.f_code.co_filename.startswith(package):
        frame, level = frame.f_back, level + 1
    warnings.warn(text, CoachwhipWarning, stacklevel=level)


def shown(file):
    """How messages name a file: IPython calls its cells `Cell In[3]`, and the paths behind them mean nothing."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    name_of = getattr(getattr(shell, "compile", None), "format_code_name", None)
    found = name_of and name_of(file)
    return " ".join(found) if found else file


_CLASSES = {"CW0201": UnknownNameError, "CW0202": UnknownAttributeError, "CW0901": InternalError}


def from_diagnostic(text, fields):
    """The exception for a diagnostic that was rendered as `text`."""
    diagnostic = Diagnostic(**fields)
    family = TypingError if diagnostic.code[2:4] in ("03", "04") else CompileError
    error = _CLASSES.get(diagnostic.code, family)(text)
    error.code = diagnostic.code
    error.diagnostic = diagnostic
    return error
