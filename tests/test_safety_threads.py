"""Threads, forks and the interpreter lock: compiled functions used from everywhere at once."""
import os
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np

from coachwhip import jit


def total(x):
    """Sum in source order."""
    s = 0.0
    for i in range(x.shape[0]):
        s += x[i]
    return s


def spin(n):
    """A loop that LLVM cannot remove and that takes about a nanosecond a pass."""
    x = 1
    for _ in range(n):
        x = (x * 1103515245 + 12345) % 2147483648
    return x


def in_threads(count, work):
    """Runs `work(k)` in `count` threads that start together; raises the first exception."""
    ready, failures = threading.Barrier(count), []

    def run(k):
        try:
            ready.wait()
            work(k)
        except BaseException as error:  # noqa: BLE001 -- handed to the main thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_threads_call_one_function_for_the_first_time_at_once():
    for _ in range(10):
        compiled = jit(total)
        results = {}
        x = np.arange(1000.0)
        in_threads(8, lambda k: results.__setitem__(k, compiled(x)))
        assert set(results.values()) == {total(x)} and len(results) == 8
        assert len(compiled.signatures) == 1


def test_threads_compile_different_types_of_one_function():
    dtypes = [np.float64, np.float32, np.int64, np.int32, np.int16, np.int8, np.uint8, np.uint16]
    compiled = jit(total)

    def work(k):
        x = np.arange(100).astype(dtypes[k])
        for _ in range(50):
            assert compiled(x) == total(x)

    in_threads(8, work)
    assert len(compiled.signatures) == 8


def test_threads_compile_different_functions():
    def work(k):
        for j in range(5):
            space = {}
            exec(f"def f(x):\n    return x * {k} + {j}\n", space)
            assert jit(space["f"])(7) == 7 * k + j

    in_threads(8, work)


def test_errors_in_threads_do_not_mix():
    @jit
    def fail(x, k):
        s = 0.0
        for i in range(1000):
            s += x[i % x.shape[0]]
        return x[k]

    x = np.zeros(5)

    def work(k):
        for _ in range(200):
            try:
                fail(x, 100 + k)
            except IndexError as error:
                assert f"index {100 + k} is" in str(error)
            else:
                raise AssertionError("no IndexError")

    in_threads(6, work)


def test_the_interpreter_lock_is_released_around_loops():
    compiled = jit(spin)
    compiled(10)
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    time.sleep(0.02)
    start = time.perf_counter()
    compiled(300_000_000)
    end = time.perf_counter()
    stop.set()
    thread.join()
    inside = sum(start < t < end for t in ticks)
    assert inside >= 5, f"{inside} ticks in {end - start:.3f} s"


def test_arrays_made_in_threads_are_freed():
    @jit
    def churn(n):
        s = 0.0
        for i in range(n):
            a = np.zeros(100)
            a[i % 100] = 1.0
            s += a[i % 100]
        return s

    in_threads(4, lambda k: [churn(1000) for _ in range(20)])


def child(code, **options):
    """Runs code in a fresh Python and returns the finished process."""
    return subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120, **options)


def test_fork_after_use():
    x = np.arange(100.0)
    compiled = jit(total)
    assert compiled(x) == total(x)
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            again = jit(total)
            good = compiled(x) == total(x) and again(np.arange(50, dtype=np.int32)) == 1225 and jit(spin)(1000) == spin(1000)
            os.write(write, b"good" if good else b"bad")
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    assert status == 0 and os.read(read, 10) == b"good"
    os.close(read)
    os.close(write)
    assert compiled(x) == total(x)


def test_fork_while_other_threads_compile():
    done = child("""
        import os, threading
        from coachwhip import jit
        stop = False
        def compile_on():
            k = 0
            while not stop:
                space = {}
                exec(f"def f(x):\\n    return x + {k}\\n", space)
                jit(space["f"])(1)
                k += 1
        threads = [threading.Thread(target=compile_on) for _ in range(2)]
        for t in threads: t.start()
        bad = 0
        for n in range(10):
            pid = os.fork()
            if pid == 0:
                def g(x): return x * 2
                os._exit(0 if jit(g)(21) == 42 else 1)
            bad += os.waitpid(pid, 0)[1] != 0
        stop = True
        for t in threads: t.join()
        print("bad", bad)
    """)
    assert done.stdout.strip() == "bad 0", done.stderr[-2000:]


def test_multiprocessing_pool():
    done = child("""
        import multiprocessing, numpy as np
        from coachwhip import jit
        @jit
        def total(x):
            s = 0.0
            for v in x: s += v
            return s
        if __name__ == "__main__":
            total(np.arange(10.0))
            with multiprocessing.get_context("fork").Pool(2) as pool:
                print(pool.map(total, [np.arange(float(n)) for n in (3, 4, 5)]))
    """)
    assert done.stdout.strip() in ("[3.0, 6.0, 10.0]", "[np.float64(3.0), np.float64(6.0), np.float64(10.0)]"), done.stderr[-2000:]
