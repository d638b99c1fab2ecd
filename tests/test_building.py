"""`pip install .` where something is missing: one line that says what to do."""
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent
pytest.importorskip("maturin", reason="only the environment that the project is built in has it")


def build(**environment):
    """What the build backend says before it builds, and its exit code."""
    code = "import sys; sys.path.insert(0, 'xtask/python'); import backend; backend.get_requires_for_build_wheel()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, **environment}, check=False)
    return done.returncode, done.stdout + done.stderr


def test_without_llvm():
    code, text = build(LLVM_SYS_221_PREFIX="/nowhere")
    assert code == 1 and len(text.splitlines()) == 1
    assert "LLVM 22" in text and "/nowhere" in text and "cargo xtask setup" in text
    packages = re.findall(r'Package \{ name: "([^"]+)"', (ROOT / "xtask/src/setup.rs").read_text().split("debian(PACKAGES)")[0])
    named = text.split("apt-get install ")[1].split("`")[0].split()
    assert set(named) == set(packages) - {"binutils"}  # which only strips


def test_without_rust():
    code, text = build(PATH="/nowhere")
    assert code == 1 and len(text.splitlines()) == 1 and "cargo" in text


def test_with_both():
    assert build() == (0, "")
