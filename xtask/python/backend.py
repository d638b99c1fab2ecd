"""What `pip` builds with: maturin, after a look whether LLVM is there, which fails with one line that says what to do."""
import os
import shutil
import sys

from maturin import *  # noqa: F403 -- the hooks of a build backend, those that are not replaced below
import maturin

#: Where Debian's packages put LLVM's tool, unless the variable of `.cargo/config.toml` names another place.
PREFIX = "/usr/lib/llvm-22"
PACKAGES = "llvm-22-dev libpolly-22-dev libzstd-dev zlib1g-dev libxml2-dev g++"


# maturin knows only itself as a backend, and says so at each build.
os.environ["MATURIN_NO_MISSING_BUILD_BACKEND_WARNING"] = "1"


def check():
    """Ends the build in one line if something that it takes is missing."""
    prefix = os.environ.get("LLVM_SYS_221_PREFIX", PREFIX)
    if shutil.which("cargo") is None:
        sys.exit("coachwhip is built with Rust 1.95 or later, whose cargo is not on the search path")
    if not os.path.exists(os.path.join(prefix, "bin", "llvm-config")):
        sys.exit(f"coachwhip is built on LLVM 22, which is not in {prefix}: run `cargo xtask setup`, or as root `apt-get install "
                 f"{PACKAGES}`; LLVM_SYS_221_PREFIX names another place")


def checked(name):
    """The hook of that name, after the check."""
    def hook(*arguments, **keywords):
        check()
        return getattr(maturin, name)(*arguments, **keywords)

    return hook


get_requires_for_build_wheel = checked("get_requires_for_build_wheel")
get_requires_for_build_editable = checked("get_requires_for_build_editable")
build_wheel = checked("build_wheel")
build_editable = checked("build_editable")
