"""Settings of the whole process.

`disable_jit`: what is decorated from now on stays a plain function, so that debuggers, `breakpoint()` and measures of
coverage see inside.  The environment variable `COACHWHIP_DISABLE_JIT=1` sets it from the start.
"""
import os

disable_jit = os.environ.get("COACHWHIP_DISABLE_JIT", "").strip().lower() not in ("", "0", "false", "no", "off")
