"""The exceptions that coachwhip raises by itself, before any compiled code runs."""


class Diagnostic:
    """What is wrong, as data: `code`, `title`, `message`, `primary` and `secondary` places, `notes`, `help`.

    A place is a dict with `text`, `function`, `file`, `line`, `column`, `end_line` and `end_column`.
    """

    __slots__ = ("code", "title", "message", "primary", "secondary", "notes", "help")

    def __init__(self, **fields):
        for name in self.__slots__:
            setattr(self, name, fields[name])

    def __repr__(self):
        return f"<Diagnostic {self.code}: {self.message}>"


class CoachwhipError(Exception):
    """Base of the exceptions below.  `code` is the stable code, `diagnostic` the parts of the message."""

    code = None
    diagnostic = None


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


_CLASSES = {"CW0201": UnknownNameError, "CW0202": UnknownAttributeError, "CW0901": InternalError}


def from_diagnostic(text, fields):
    """The exception for a diagnostic that was rendered as `text`."""
    diagnostic = Diagnostic(**fields)
    family = TypingError if diagnostic.code[2:4] in ("03", "04") else CompileError
    error = _CLASSES.get(diagnostic.code, family)(text)
    error.code = diagnostic.code
    error.diagnostic = diagnostic
    return error
