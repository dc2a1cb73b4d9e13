"""The cores that tasks share."""

from __future__ import annotations

import threading

from vlc_runtime.cores import Cores


def test_only_idle_cores_are_lent() -> None:
    cores = Cores(3)
    with cores.one(), cores.borrowed(5) as first, cores.borrowed(5) as second:
        assert (first, second) == (2, 0)
    with cores.one(), cores.borrowed(1) as again:
        assert again == 1
    with cores.borrowed(-1) as none:
        assert none == 0


def test_a_task_waits_for_a_borrowed_core() -> None:
    cores = Cores(2)
    order: list[str] = []

    def task() -> None:
        with cores.one():
            order.append("task")

    with cores.one():
        with cores.borrowed(1) as count:
            assert count == 1
            thread = threading.Thread(target=task)
            thread.start()
            thread.join(0.05)
            order.append("borrowed")
        thread.join()
    assert order == ["borrowed", "task"]


def test_tasks_beyond_the_cores_are_let_through() -> None:
    cores = Cores(1)
    with cores.one(), cores.one(), cores.borrowed(1) as count:
        assert count == 0
