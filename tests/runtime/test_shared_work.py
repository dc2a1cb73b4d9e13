"""Workers without a task help those that have one, with real threads: events decide who does what."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.admission import Admission, Demand
from vlc_runtime.shared_work import map_pieces
from vlc_runtime.worker_threads import WorkerThreads

from tests.crews import in_crew


def test_alone_pieces_are_done_in_order_in_this_thread() -> None:
    seen: list[tuple[int, int]] = []
    assert map_pieces(lambda piece: seen.append((piece, threading.get_ident())) or piece * 2, [3, 1, 2]) == [6, 2, 4]
    assert seen == [(piece, threading.get_ident()) for piece in (3, 1, 2)]


def test_every_worker_takes_a_piece() -> None:
    together = threading.Barrier(4)  # passed only when four threads are there at once

    def piece(number: int) -> int:
        together.wait(30)
        return number * number

    assert in_crew(4, lambda: map_pieces(piece, range(4))) == [0, 1, 4, 9]


def test_helpers_whose_memory_is_not_there_do_not_help() -> None:
    def work() -> set[int]:
        return set(map_pieces(lambda _: threading.get_ident(), range(50), scratch=10))

    assert len(in_crew(4, work, spare=9)) == 1


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 5), st.lists(st.integers(-5, 5), max_size=30), st.integers(0, 3))
def test_results_and_failures_are_those_of_one_worker(workers: int, numbers: list[int], nested: int) -> None:
    def piece(number: int) -> Any:
        if number == -5:
            raise ValueError(f"five below {len(numbers)}")
        return map_pieces(lambda each: each + number, range(nested))

    def work() -> Any:
        try:
            return map_pieces(piece, numbers)
        except ValueError as problem:
            return str(problem)

    assert in_crew(workers, work) == work()


def test_the_first_piece_that_fails_is_told_of() -> None:
    both_there = threading.Barrier(2)

    def piece(number: int) -> int:
        if number in (2, 3):
            both_there.wait(30)
            raise ValueError(number)
        return number

    with pytest.raises(ValueError, match="2"):
        in_crew(2, lambda: map_pieces(piece, range(50)))


def test_a_task_goes_before_pieces_and_who_is_free_later_helps() -> None:
    """Two workers: the second one has a task, then helps the first, and leaves it for another task."""
    busy, helped, second_submitted, second_done = (threading.Event() for _ in range(4))
    owner: list[int] = []
    by_helper: list[int] = []
    done: list[str] = []

    def piece(number: int) -> None:
        if threading.get_ident() == owner[0]:
            assert second_done.wait(30)
        else:
            by_helper.append(number)
            helped.set()
            assert second_submitted.wait(30)

    def sharing() -> None:
        owner.append(threading.get_ident())
        assert busy.wait(30)
        map_pieces(piece, range(6))

    def short() -> None:
        busy.set()
        done.append("short")

    def second() -> None:
        done.append(f"second after {len(by_helper)} pieces")
        second_done.set()

    names = {"sharing": 0, "short": 1, "second": 2}
    with WorkerThreads(2, Admission([Demand(0, 0)] * 3, 1), names) as threads:
        _, _, announce, ended, _ = threads.callbacks()[0]
        assert announce is not None and ended is not None

        def submit(name: str, function: Any) -> Future[Any]:
            announce(name)
            return threads.submit(function)

        shared = submit("sharing", sharing)
        submit("short", short).result()
        ended("short")  # now the second worker is free
        assert helped.wait(30)
        later = submit("second", second)
        second_submitted.set()
        later.result()
        ended("second")
        shared.result()
        ended("sharing")
    assert done == ["short", "second after 1 pieces"]


def test_after_an_error_nobody_begins_to_help() -> None:
    """What a run that was stopped leaves running ends without the others."""
    stopped, started = threading.Event(), threading.Event()
    seen: list[list[int]] = []
    ended = threading.Event()

    def work() -> None:
        started.set()
        assert stopped.wait(30)
        seen.append(map_pieces(lambda _: threading.get_ident(), range(20)))
        ended.set()

    with pytest.raises(KeyboardInterrupt), WorkerThreads(3, Admission([Demand(0, 0)], 0), {"task": 0}) as threads:
        announce = threads.callbacks()[0][2]
        assert announce is not None
        announce("task")
        threads.submit(work)
        assert started.wait(30)
        raise KeyboardInterrupt
    stopped.set()
    assert ended.wait(30)
    assert len(set(seen[0])) == 1
