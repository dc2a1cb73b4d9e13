"""Plans of scalars alone, built and run in this process: what the runtime itself takes for a node.

    python -m benchmarks.scalar_plans WAY COUNT [STORE]

prints the seconds of processor time: the clock's depend on what else the machine does.

WAY is immediate (computed while the run is planned), task (each a step of its own, as a kernel of
unknown cost is), or dask (a Dask graph with one task a node, on one thread).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from vlc_runtime import Plan, Print
from vlc_runtime.kernels import scalar
from vlc_runtime.operator import operator


@operator(cost="scalar")
def increase(value: float) -> float:
    """value + 1."""
    return value + 1.0


def immediate(count: int, store: str | None) -> float:
    value: Any = 0.0
    for _ in range(count):
        value = scalar.add(value, 1.0)
    return _result(value, store)


def task(count: int, store: str | None) -> float:
    value: Any = 0.0
    for _ in range(count):
        value = increase(value)
    return _result(value, store)


def _result(value: Any, store: str | None) -> float:
    return float(Plan(Print("last", value)).run(store=store)["last"])


def dask(count: int, store: str | None) -> float:
    from dask.local import get_sync

    graph: dict[str, Any] = {"0": 0.0}
    for number in range(count):
        graph[str(number + 1)] = (increase.function, str(number))
    return float(get_sync(graph, str(count)))


WAYS: dict[str, Callable[[int, str | None], float]] = {"immediate": immediate, "task": task, "dask": dask}


def main(way: str, count: str, store: str | None = None) -> None:
    run = WAYS[way]
    run(10, None)  # the imports are no part of what a node takes
    start = time.process_time()
    result = run(int(count), store)
    seconds = time.process_time() - start
    if result != float(count):
        raise AssertionError(f"{way}: {count} increments came to {result}")
    print(seconds)


if __name__ == "__main__":
    main(*sys.argv[1:])
