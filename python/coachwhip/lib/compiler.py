"""What library functions may ask of the compiler.  In compiled code these are rules of the compiler
(`crates/infer/src/rules/library.rs`); the functions here do the same under plain Python."""


def constant(value, name):
    """The value of the argument `name`, which must be known when compiling: it is then a constant."""
    return value


def refuse(message):
    """Refuses what is not supported: a diagnostic at the user's call wherever this is reached when compiling."""
    raise NotImplementedError(message)
