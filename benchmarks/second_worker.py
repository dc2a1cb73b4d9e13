"""A script's plan computed again and again in one process, in turn by one worker and by two.

    python -m benchmarks.second_worker SCRIPT ROUNDS [HALF HALF]

prints the seconds of each round as JSON. A run that is not counted comes first: what a process does once (loading
libraries, and the machine code of kernels) does not get faster by a second worker. HALF and HALF are folders with half
of the cohort each: two processes then do these beside each other, in each round, by one worker each. They share nothing
but the machine, and so show what it gives to a second one.
"""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Raises AssertionError when one worker and two print different results."""
    script, rounds, *halves = sys.argv[1:] if arguments is None else arguments
    if rounds == "beside":
        return _beside(script, halves[0])
    build = runpy.run_path(script, run_name="script")["build"]
    expected = repr(build().run(store=None, workers=1))

    def by(workers: int) -> Callable[[], None]:
        def run() -> None:
            assert repr(build().run(store=None, workers=workers)) == expected

        return run

    with ExitStack() as processes:
        beside = [processes.enter_context(_Beside(script, half)) for half in halves]
        ways: dict[str, Callable[[], None]] = {"one": by(1), "two": by(2)}
        if beside:
            ways["beside"] = lambda: _together(beside)
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(int(rounds)):
            for way, run in ways.items():
                start = time.perf_counter()
                run()
                seconds[way].append(time.perf_counter() - start)
    print(json.dumps(seconds))
    return 0


class _Beside:
    """A process that computes one half each time it is told to."""

    def __init__(self, script: str, half: str) -> None:
        command = [sys.executable, "-m", "benchmarks.second_worker", script, "beside", half]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> _Beside:
        self.wait()
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.communicate()

    def start(self) -> None:
        assert self._process.stdin is not None
        print("go", file=self._process.stdin, flush=True)

    def wait(self) -> None:
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError("a process beside this one ended")


def _together(processes: Sequence[_Beside]) -> None:
    for each in processes:
        each.start()
    for each in processes:
        each.wait()


def _beside(script: str, half: str) -> int:
    build = runpy.run_path(script, run_name="script")["build"]
    build(folder=half).run(store=None, workers=1)
    print("ready", flush=True)
    for _ in sys.stdin:
        build(folder=half).run(store=None, workers=1)
        print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
