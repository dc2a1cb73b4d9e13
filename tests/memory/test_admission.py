"""Tasks start in their order and within the memory that is allowed, with any number of real threads."""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.admission import Admission, Demand
from vlc_runtime.worker_threads import WorkerThreads


class Machine:
    """Counts what tasks take while they run, and what results hold until the last user is done: exactly."""

    def __init__(self, demands: list[Demand], inputs: list[list[int]]) -> None:
        self.demands, self.inputs = demands, inputs
        self.users = [sum(each in given for given in inputs) for each in range(len(demands))]
        self.running: set[int] = set()
        self.held: set[int] = set()
        self.done: set[int] = set()
        self.most = 0

    @property
    def bytes(self) -> int:
        return sum(self.demands[task].peak for task in self.running) + sum(
            self.demands[task].outputs for task in self.held
        )

    def ready(self) -> list[int]:
        return [task for task, given in enumerate(self.inputs) if set(given) <= self.done]

    def start(self, task: int) -> None:
        self.running.add(task)
        self.most = max(self.most, self.bytes)

    def end(self, task: int) -> None:
        self.running.remove(task)
        self.done.add(task)
        for source in self.inputs[task]:
            self.users[source] -= 1
        if self.users[task]:
            self.held.add(task)
        self.held = {each for each in self.held if self.users[each]}


def one_at_a_time(demands: list[Demand], inputs: list[list[int]]) -> int:
    machine = Machine(demands, inputs)
    for task in range(len(demands)):
        machine.start(task)
        machine.end(task)
    return machine.most


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Demand], list[list[int]]]:
    """Tasks in an order, each after its inputs."""
    count = draw(st.integers(1, 12))
    inputs = [sorted(draw(st.sets(st.integers(0, task - 1), max_size=3))) if task else [] for task in range(count)]
    demands = []
    for _ in range(count):
        outputs = draw(st.integers(0, 20))
        demands.append(Demand(outputs + draw(st.integers(0, 20)), outputs))
    return demands, inputs


@settings(max_examples=300, deadline=None)
@given(graphs(), st.integers(1, 4), st.integers(0, 60), st.randoms(use_true_random=False))
def test_whatever_ends_first_all_is_done_and_nothing_exceeds(
    graph: tuple[list[Demand], list[list[int]]], workers: int, spare: int, random: Any
) -> None:
    demands, inputs = graph
    machine = Machine(demands, inputs)
    admission = Admission(demands, spare)
    offered: set[int] = set()
    while len(machine.done) < len(demands):
        ready = [task for task in machine.ready() if task not in offered]
        random.shuffle(ready)
        for task in ready:
            offered.add(task)
            admission.offer(task)
        while len(machine.running) < workers and (started := admission.start()) is not None:
            machine.start(started)
        assert machine.running, "nothing may start, and nothing runs"
        ended = random.choice(sorted(machine.running))
        machine.end(ended)
        admission.end(ended)
    assert machine.most <= one_at_a_time(demands, inputs) + spare


def test_without_spare_memory_tasks_run_one_at_a_time_in_order() -> None:
    started = through_threads([Demand(10, 0)] * 8, spare=9, workers=4, order=[5, 3, 0, 1, 7, 2, 6, 4])
    assert started.most == 10
    assert started.order == list(range(8))


def test_with_spare_memory_as_many_run_as_fit() -> None:
    started = through_threads([Demand(10, 0)] * 9, spare=20, workers=4, order=list(range(9)), meeting=3)
    assert started.most == 30


def test_with_ample_memory_all_workers_are_used() -> None:
    started = through_threads([Demand(10, 0)] * 8, spare=10**9, workers=4, order=list(range(8)), meeting=4)
    assert started.most == 40


class _Started:
    def __init__(self) -> None:
        self.order: list[int] = []
        self.most = 0


def through_threads(demands: list[Demand], spare: int, workers: int, order: list[int], meeting: int = 1) -> _Started:
    """Run tasks that wait for nothing in threads, offered in some order; `meeting` of them wait until so many run."""
    keys = [f"task {number}" for number in range(len(demands))]
    lock, barrier, started = threading.Lock(), threading.Barrier(meeting), _Started()
    taken = 0

    def task(number: int) -> int:
        nonlocal taken
        with lock:
            taken += demands[number].peak
            started.order.append(number)
            started.most = max(started.most, taken)
        barrier.wait(30)
        with lock:
            taken -= demands[number].peak
        return number

    with WorkerThreads(workers, Admission(demands, spare), dict(zip(keys, range(len(keys)), strict=True))) as threads:
        ((_, _, before, after, _),) = threads.callbacks()
        assert before is not None and after is not None
        futures: dict[Future[int], int] = {}
        for number in order:
            before(keys[number], {}, {})
            futures[threads.submit(task, number)] = number
        pending = set(futures)
        while pending:
            done, pending = wait(pending, 30, "FIRST_COMPLETED")
            assert done
            for future in done:
                assert future.result() == futures[future]
                after(keys[futures[future]], future.result(), {}, {}, 0)
    return started


def test_what_a_task_raises_is_its_future_s() -> None:
    with WorkerThreads(1, Admission([Demand(0, 0)], 0), {"a": 0}) as threads:
        ((_, _, before, _, _),) = threads.callbacks()
        assert before is not None
        before("a")
        with pytest.raises(ZeroDivisionError):
            threads.submit(lambda: 1 / 0).result(30)
