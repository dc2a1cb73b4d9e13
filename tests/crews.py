"""A function in a worker thread, with others that have nothing to do but help it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from vlc_runtime.admission import Admission, Demand
from vlc_runtime.worker_threads import WorkerThreads

Result = TypeVar("Result")


def in_crew(workers: int, function: Callable[[], Result], spare: int = 1 << 40) -> Result:
    """The function's result from a worker, as a run calls it, with `spare` bytes for the helpers: in the end they have
    given all of them back."""
    admission = Admission([Demand(0, 0)], spare)
    with WorkerThreads(workers, admission, {"task": 0}) as threads:
        _, _, announce, ended, _ = threads.callbacks()[0]
        assert announce is not None and ended is not None
        announce("task")
        result: Result = threads.submit(function).result()
        ended("task")
    assert admission.lend(spare)
    return result
