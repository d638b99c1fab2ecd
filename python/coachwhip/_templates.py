"""What compiled code asks of Python's own formatting."""


def formatted(template, names, *arguments):
    """`template.format(...)`; the last arguments have the names."""
    places = arguments[:len(arguments) - len(names)]
    return template.format(*places, **dict(zip(names, arguments[len(places):])))
