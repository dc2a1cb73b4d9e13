"""A script's plan computed again and again in one process, in turn by one worker and by two.

    python -m benchmarks.second_worker SCRIPT ROUNDS

prints the seconds of each round as JSON. A run that is not counted comes first: what a process does once (loading
libraries, and the machine code of kernels) does not get faster by a second worker.
"""

from __future__ import annotations

import json
import runpy
import sys
import time
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Raises AssertionError when one worker and two print different results."""
    script, rounds = sys.argv[1:] if arguments is None else arguments
    build = runpy.run_path(script, run_name="script")["build"]
    expected = repr(build().run(store=None, workers=1))
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(int(rounds)):
        for workers, found in seconds.items():
            start = time.perf_counter()
            results = build().run(store=None, workers=workers)
            found.append(time.perf_counter() - start)
            assert repr(results) == expected
    print(json.dumps(list(seconds.values())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
