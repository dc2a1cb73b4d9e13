"""The first tasks of a run's workers begin one after the other, each worker helping those before it meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest
from vlc_runtime import worker_threads
from vlc_runtime.admission import Admission, Demand
from vlc_runtime.crew import crew_of_thread
from vlc_runtime.shared_work import SharedWork
from vlc_runtime.worker_threads import WorkerThreads

AGES = 60.0
"""Seconds that no test takes: who would wait for so long is told to go on."""


@contextmanager
def workers(count: int, tasks: int) -> Iterator[Callable[[Callable[[], object]], Future[object]]]:
    """What starts a task in a worker."""
    with WorkerThreads(
        count, Admission([Demand(0, 0)] * tasks, 1 << 40), {task: task for task in range(tasks)}
    ) as crew:
        _, _, announce, ended, _ = crew.callbacks()[0]
        assert announce is not None and ended is not None
        names = iter(range(tasks))

        def start(task: Callable[[], object]) -> Future[object]:
            announce(name := next(names))
            future = crew.submit(task)
            future.add_done_callback(lambda _: ended(name))
            return future

        yield start


def test_the_second_worker_helps_the_first_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_threads, "PATIENCE", AGES)
    told: list[str] = []
    begun, submitted, helped = threading.Event(), threading.Event(), threading.Event()

    def help_out(_: int) -> None:
        told.append(f"help by {threading.current_thread().name}")
        helped.set()

    def first() -> None:
        crew = crew_of_thread()
        assert crew is not None
        crew.begin()
        begun.set()
        assert submitted.wait(AGES)
        work = SharedWork(help_out, [0], 0)
        crew.offer(work)
        assert helped.wait(AGES)
        told.append("first goes on")
        crew.advance(1.0)
        crew.withdraw(work)

    def second() -> None:
        crew = crew_of_thread()
        assert crew is not None
        crew.begin()
        told.append(f"second in {threading.current_thread().name}")

    with workers(2, 2) as start:
        one = start(first)
        assert begun.wait(AGES)
        other = start(second)
        submitted.set()
        for each in (one, other):
            each.result(AGES)
    helper = told[0].removeprefix("help by ")
    assert told == [f"help by {helper}", "first goes on", f"second in {helper}"]


def test_only_the_first_tasks_wait_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_threads, "PATIENCE", 0.0)
    begun = threading.Barrier(2)

    def task() -> None:
        crew = crew_of_thread()
        assert crew is not None
        crew.begin()
        begun.wait(AGES)  # none of the two has done a step

    with workers(2, 4) as start:
        for each in [start(task), start(task)]:
            each.result(AGES)
        monkeypatch.setattr(worker_threads, "PATIENCE", AGES)
        for each in [start(task), start(task)]:
            each.result(AGES)


def test_who_waits_goes_on_when_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_threads, "PATIENCE", AGES)
    waiting, done = threading.Event(), threading.Event()

    def second() -> None:
        crew = crew_of_thread()
        assert crew is not None
        waiting.set()
        crew.begin()
        done.set()

    def first() -> None:
        crew = crew_of_thread()
        assert crew is not None
        crew.begin()

    with pytest.raises(KeyboardInterrupt), workers(2, 2) as start:
        start(first).result(AGES)
        start(second)
        assert waiting.wait(AGES)
        raise KeyboardInterrupt
    assert done.wait(AGES)
