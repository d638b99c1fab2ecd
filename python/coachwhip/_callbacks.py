"""C callbacks: `cfunc` objects, and how an exception raised inside one reaches Python.

A C caller knows nothing of Python exceptions.  A callback that returns a status (an integer, 0 for failure) to a
caller that holds the interpreter sets the exception the usual way; SciPy's filters then raise it.  A callback that
returns a value (`quad`) has no way to say so: the exception is left for the interpreter, which raises it as soon as
the C function around the callback returns to it.
"""
import ctypes
import os
import threading

from . import _core, _inspection, config
from ._errors import shown
from ._signatures import signature_error
from .types import Signature


# Files of our own, which stand between a C caller and the user's function.
_OURS = ("<coachwhip ", os.path.dirname(__file__) + os.sep)
# What has a C type.
_PASSED_TO_C = ("int", "float", "bool", "complex", "scalar", "pointer", "none")


class CFunc:
    """A function compiled for C callers.  Calling it from Python calls the plain function."""

    def __init__(self, function, signature, options, user_data=False, compiled=True):
        for kind in (*signature[0], signature[1]):
            if kind._spec[0] not in _PASSED_TO_C:
                raise signature_error(
                    f"a C function cannot take or return {kind}",
                    "use numbers and pointers; carray(pointer, shape) makes an array of a pointer")
        self.signature = Signature(*signature)
        self.__wrapped__ = self.py_func = function
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(self, name, getattr(function, name, None))
        self._user_data = user_data  # the last parameter is `void *` for C, whatever it is for the function
        self._ctypes = self._compiled = None
        self.targetoptions = options
        self._is_plain = config.disable_jit
        if compiled and not self._is_plain:
            self._dispatcher  # noqa: B018 -- compiles

    def __call__(self, *args, **kwargs):
        return self.__wrapped__(*args, **kwargs)

    def __repr__(self):
        return f"<C function {self.__qualname__}: {self.signature}>"

    __reduce_ex__ = _inspection.reduce
    __copy__ = __deepcopy__ = _inspection.itself
    _code_to_pickle = _inspection.stand_in("_code_to_pickle")
    _state_to_pickle = _inspection.stand_in("_state_to_pickle")

    @property
    def _dispatcher(self):
        if self._is_plain:
            raise RuntimeError(f"{self.__qualname__} is not compiled: coachwhip.config.disable_jit was set")
        if self._compiled is None:
            function, options = self.py_func, self.targetoptions
            signature = (self.signature.args, self.signature.return_type)
            self._compiled = _inspection.dress(_core.make(function, options, [signature], True), function, options)
        return self._compiled

    @property
    def address(self):
        """The address of the C function, valid as long as this object lives."""
        if self._is_plain:
            return ctypes.cast(self.ctypes, ctypes.c_void_p).value
        return _core.callback_address(self._dispatcher)

    @property
    def native_name(self):
        """The linker symbol of the C function."""
        return _core.specialisations(self._dispatcher)[0]["symbol"] + ".c"

    @property
    def ctypes(self):
        """The C function as a ctypes function object with its argument and result types."""
        if self._ctypes is None:
            from ._pointers import to_ctypes

            result = self.signature.return_type
            result = None if result._spec[0] == "none" else to_ctypes(result)
            params = [to_ctypes(param) for param in self.signature.args]
            if self._user_data:
                params[-1] = ctypes.c_void_p
            prototype = ctypes.CFUNCTYPE(result, *params)
            self._ctypes = prototype(_for_c(self.py_func) if self._is_plain else self.address)
            self._ctypes._coachwhip_owner = self  # the code lives as long as whoever holds the pointer
        return self._ctypes

    def inspect_llvm(self):
        """LLVM's IR as text."""
        return _core.inspect(self._dispatcher, 0, "llvm", "")

    def inspect_asm(self):
        """The assembly as text."""
        return _core.inspect(self._dispatcher, 0, "asm", "")

    def inspect_ir(self, stage=""):
        """Our SSA as text, after the named stage."""
        return _core.inspect(self._dispatcher, 0, "ir", stage)


def _for_c(function):
    """The plain function with results that ctypes takes: it knows no NumPy scalars."""

    def called_from_c(*args):
        result = function(*args)
        return getattr(result, "item", lambda: result)()

    return called_from_c


def messenger(exception):
    """A class for `PyThreadState_SetAsyncExc`, which takes no instances, and the number of this thread.

    The interpreter makes an instance of the class when it raises, and gets the exception instead."""

    traceback = exception.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not code.co_filename.startswith(_OURS):
            place = f'File "{shown(code.co_filename)}", line {traceback.tb_lineno}, in {code.co_name}'
            exception.add_note(f"  in the callback: {place}")
        traceback = traceback.tb_next

    class Raised(BaseException):
        """Stands for an exception of a C callback."""

        def __new__(cls, *_):
            _core.surfaced()
            return exception

    return Raised, threading.get_ident()
