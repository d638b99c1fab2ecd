"""The table that the inference's own tests compare with is what NumPy answers today.

`python tests/test_numbers_promotion.py` writes it anew.
"""
import operator
import pathlib
import warnings

from number_cases import TYPES, name

TABLE = pathlib.Path(__file__).parents[1] / "crates" / "infer" / "tests" / "promotion.tsv"
OPERATORS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "<<": operator.lshift, ">>": operator.rshift, "&": operator.and_,
    "|": operator.or_, "^": operator.xor, "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
    ">": operator.gt, ">=": operator.ge,
}


def rows():
    """Operator, operand types and result type, `-` for `TypeError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for symbol, function in OPERATORS.items():
            for left in TYPES:
                for right in TYPES:
                    try:
                        result = name(type(function(left(1), right(1))))
                    except TypeError:
                        result = "-"
                    yield "\t".join((symbol, name(left), name(right), result))


def text():
    return "\n".join(rows()) + "\n"


def test_table_is_fresh():
    assert TABLE.read_text() == text(), "run `python tests/test_numbers_promotion.py`"


if __name__ == "__main__":
    TABLE.write_text(text())
