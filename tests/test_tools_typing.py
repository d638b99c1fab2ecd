"""The stubs: what type checkers make of decorated functions, methods, options and signatures."""
import ast
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

import pytest

import coachwhip as cw
from coachwhip import _options, extending, types

PACKAGE = pathlib.Path(cw.__file__).parent
# NumPy's stubs take a checker long: what it knows of them is kept between runs.
CACHE = pathlib.Path(__file__).parent.parent / "target" / "mypy"

PROGRAM = """
    import numpy as np
    from numpy.typing import NDArray

    import coachwhip as cw
    from coachwhip import cfunc, extending, float64, int32, jit, jit_filter_function, jit_integrand_function, njit, types

    class Model:
        @jit
        def shift(self, x: float) -> float:
            return x

        @jit(boundscheck=False)
        def scaled(self, x: int, by: int = 2) -> int:
            return x * by

        @classmethod
        @jit
        def made(cls, x: float) -> float:
            return x

        @staticmethod
        @jit
        def alone(x: float) -> float:
            return x

        def uses(self) -> float:
            return self.shift(1.0) + self.alone(2.0) + self.made(3.0)

    def methods() -> tuple[float, int, float, float, float]:
        m = Model()
        return m.shift(1.0), m.scaled(2, by=3), Model.made(1.0), Model.alone(1.0), Model.shift(m, 1.0)

    @jit(float64(float64, int32))
    def declared(a: float, b: int) -> float:
        return a

    @jit([float64(float64), float64[:](float64[::1])], fastmath={"nnan"}, cache=False)
    def several(a: float) -> float:
        return a

    @njit("float64(float64)", inline="always")
    def by_text(a: float) -> float:
        return a

    @jit((float64, types.Array(int32, 2, "F")))
    def of_tuple(a: float, b: NDArray[np.int32]) -> float:
        return a

    @jit
    @cw.locals(total=float64, n=types.Tuple((int32, int32)))
    def with_locals(total: float, n: tuple[int, int]) -> float:
        return total

    @cfunc("float64(float64)", overflow="wrap")
    def for_c(x: float) -> float:
        return x

    @jit_filter_function
    def least(window: NDArray[np.float64]) -> float:
        return 1.0

    @jit_integrand_function(user_data=2.0, error_model="numpy")
    def power(x: float, n: float) -> float:
        return x * n

    @extending.overload(np.trim_zeros)
    def trim(filt: types.Type, trim: str = "fb") -> object:
        return None

    def uses() -> tuple[float, float, float, int, float, str | None]:
        try:
            return declared(1.0, 2), by_text(1.0), for_c(2.0), for_c.address, with_locals.py_func(1.0, (1, 2)), None
        except cw.CoachwhipError as error:
            return several(1.0), 0.0, 0.0, 0, 0.0, error.code

    def wrong() -> None:
        Model().shift("a")  # wrong
        Model().scaled(1, 2, 3)  # wrong
        Model.made([])  # wrong
        declared("a", 2)  # wrong
        by_text(1.0).nothing  # wrong
        jit(bounds_check=False)  # wrong
        jit(boundscheck="yes")  # wrong
        cfunc("float64()", inlin="always")  # wrong
        jit_filter_function(cach=True)  # wrong
        for_c.nothing  # wrong
        Model().shift.signatures.nothing  # wrong
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("typing") / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    return path


def checked(program, command):
    """Asserts that the checker reports the lines that are marked, and no others."""
    told = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=program.parent).stdout
    found = {int(line) for line in re.findall(r"program\.py:(\d+):.*error", told)}
    lines = enumerate(program.read_text().splitlines(), 1)
    assert found == {number for number, line in lines if line.endswith("# wrong")}, told


def test_mypy(program):
    pytest.importorskip("mypy")
    checked(program, [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(CACHE), str(program)])


def test_pyright(program):
    if importlib.util.find_spec("basedpyright") is None and not shutil.which("pyright"):
        pytest.skip("no pyright")
    own = importlib.util.find_spec("basedpyright")
    command = [sys.executable, "-m", "basedpyright"] if own else ["pyright"]
    (program.parent / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "reportUnusedExpression": false, "reportUnknownMemberType": false}')
    checked(program, [*command, "--pythonpath", sys.executable, str(program)])


def names_of(stub):
    """What a stub defines."""
    found = set()
    for node in ast.parse((PACKAGE / stub).read_text()).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname for alias in node.names if alias.asname == alias.name}
        elif isinstance(node, ast.AnnAssign):
            found.add(node.target.id)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets}
    return {name for name in found if not name.startswith("_") or name == "__version__"}


def test_stubs_know_every_name():
    assert names_of("__init__.pyi") - {"__version__"} == set(cw.__all__)
    public = {name for name in vars(types) if not name.startswith("_")}
    assert names_of("types.pyi") == public
    assert names_of("extending.pyi") - {"F"} == set(extending.__all__)


def test_stubs_know_every_option():
    tree = ast.parse((PACKAGE / "_decorators.pyi").read_text())
    options = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "_Options")
    assert {item.target.id for item in options.body} == set(_options.OPTIONS)


def test_subscripts_run():
    assert cw.Dispatcher[[float], float].__origin__ is cw.Dispatcher
