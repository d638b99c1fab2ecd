"""The systems that the benchmarks compare: how each gets a callable from a kernel."""
import copy
import ctypes
import os
import subprocess
import tempfile
import types

import numpy as np


def namespace(kernel, decorate):
    """The kernel and its helpers, copied so that they call each other's decorated versions."""
    space = dict(kernel.plain.__globals__)
    functions = {name: kernel.plain.__globals__[name] for name in kernel.helpers}
    functions[kernel.name] = kernel.plain
    for name, plain in functions.items():
        space[name] = decorate(types.FunctionType(plain.__code__, space, plain.__name__, plain.__defaults__))
    return space[kernel.name]


def coachwhip(kernel, **options):
    """Compiled by coachwhip."""
    import coachwhip as package
    return namespace(kernel, package.jit(**options) if options else package.jit)


def numba(kernel):
    """Compiled by Numba, or None where it is not installed."""
    try:
        import numba as package
    except ImportError:
        return None
    return namespace(kernel, package.njit)


def c(kernels):
    """A function from kernel and arguments to a call of the C version, or None without a C compiler."""
    compiler = os.environ.get("COACHWHIP_BENCH_CC")
    if not compiler:
        return None
    folder = tempfile.mkdtemp(prefix="coachwhip-bench-")
    source, library = os.path.join(folder, "kernels.c"), os.path.join(folder, "kernels.so")
    with open(source, "w", encoding="utf-8") as file:
        file.write("#include <math.h>\n" + "\n".join(k.c for k in kernels))
    # Contraction into fused multiply-add is off: Python rounds twice, and both sides do the same work.
    flags = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, "-o", library, source, "-lm"], check=True)
    loaded = ctypes.CDLL(library)
    return lambda kernel, arguments: c_call(getattr(loaded, kernel.name), kernel, arguments)


def c_call(function, kernel, arguments):
    """A call of no arguments into C; pointers and sizes are made beforehand."""
    words = []
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            words.append(ctypes.c_void_p(argument.ctypes.data))
            words.extend(ctypes.c_long(n) for n in argument.shape)
        else:
            words.append(ctypes.c_double(argument) if isinstance(argument, float) else ctypes.c_long(argument))
    head = kernel.c[:kernel.c.index(f" {kernel.name}(")].split()[-1]
    function.restype = {"double": ctypes.c_double, "long": ctypes.c_long, "void": None}[head]
    return lambda keep=arguments: function(*words)


def arguments(kernel):
    """Fresh arguments."""
    return copy.deepcopy(kernel.make())
