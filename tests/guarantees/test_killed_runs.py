"""Runs killed at any moment, the run itself or a worker: a rerun gives the same results and computes nothing that was
stored again. VLC_CRASHES says how often; a hundred and more take minutes."""

from __future__ import annotations

import os
import select
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from cohorts import (
    Cohort,
    assert_sound,
    computed,
    kill_group,
    last_record,
    make_cohort,
    moments,
    nodes,
    stored_keys,
    wait_a_moment,
    wait_until_running,
    workers_of,
)

ROUNDS = int(os.environ.get("VLC_CRASHES", "24"))


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return make_cohort(tmp_path_factory.mktemp("crashes"))


@pytest.fixture(scope="module")
def expected(cohort: Cohort) -> dict[str, object]:
    return cohort.results("--no-store")


def killed(cohort: Cohort, store: Path, moment: float, *options: object) -> float | None:
    """Kill a run so long after it began. Returns the seconds that it took, if it ended before."""
    process = cohort.start("--store", store, *options)
    known = len(list(store.glob("runs/*.jsonl")))
    running = wait_until_running(process, store, known)
    began = time.monotonic()
    if running and wait_a_moment(process, moment):
        kill_group(process)
        return None
    process.communicate()
    return time.monotonic() - began


def rerun(cohort: Cohort, store: Path, expected: dict[str, object], *options: object) -> None:
    """Run to the end: the results are right, and nothing is computed that was stored."""
    stored = stored_keys(store)
    assert cohort.results("--store", store, *options) == expected
    again = [node for node in nodes(last_record(store), "computed") if node[0] in stored]
    assert again == []
    assert assert_sound(store)[-1].status == "done"


def length_of_a_run(cohort: Cohort, store: Path, *options: object) -> float:
    """Seconds from the beginning of the record to the end of the process."""
    process = cohort.start("--store", store, *options)
    assert wait_until_running(process, store, 0)
    started = time.monotonic()
    process.communicate()
    return time.monotonic() - started


def test_runs_killed_at_any_moment(cohort: Cohort, expected: dict[str, object], tmp_path: Path) -> None:
    longest = length_of_a_run(cohort, tmp_path / "whole")
    hits = 0
    # several kills in a row on each store: what one left is what the next finds
    for number, part in enumerate(moments(1, ROUNDS)):
        store = tmp_path / f"store{number // 2}"
        length = killed(cohort, store, part * longest)
        hits += length is None
        if length is not None and number % 2 == 0:
            longest = min(longest, length)  # a machine with other work to do was slow at first
        if number % 2 == 1 or number == ROUNDS - 1:
            rerun(cohort, store, expected)
            assert Counter(run.status for run in assert_sound(store))["done"] >= 1
    assert hits >= ROUNDS // 2


def test_runs_killed_before_they_begin(cohort: Cohort, expected: dict[str, object], tmp_path: Path) -> None:
    """While the store is made, and the record begun."""
    store = tmp_path / "results"
    for _ in range(max(3, ROUNDS // 8)):
        process = cohort.start("--store", store)
        while not store.exists() and wait_a_moment(process, 0.001):
            pass
        kill_group(process)
    rerun(cohort, store, expected)


def test_processes_killed_with_their_workers(cohort: Cohort, expected: dict[str, object], tmp_path: Path) -> None:
    options = ("--scheduler", "processes", "--workers", 2)
    longest = length_of_a_run(cohort, tmp_path / "whole", *options)
    store = tmp_path / "results"
    for part in moments(2, max(2, ROUNDS // 8)):
        killed(cohort, store, part * longest, *options)
    rerun(cohort, store, expected, *options)


def test_a_worker_that_is_killed_ends_the_run_with_a_message(
    cohort: Cohort, expected: dict[str, object], tmp_path: Path
) -> None:
    for number in range(max(2, ROUNDS // 12)):
        store = tmp_path / f"store{number}"
        process = cohort.start("--store", store, "--scheduler", "processes", "--workers", 2)
        while len(computed_by_workers(store)) <= number and wait_a_moment(process, 0.002):
            pass
        victims = workers_of(process)
        assert victims, "no worker was there"
        os.kill(victims[-1], signal.SIGKILL)
        output, errors = process.communicate()
        assert process.returncode == 1, (output, errors)
        assert "Traceback" not in errors
        assert "error: a worker process was killed" in errors
        assert "run again" in errors
        rerun(cohort, store, expected)


def computed_by_workers(store: Path) -> list[str]:
    return [key for keys in computed(store).values() for key in keys]


def test_workers_end_when_their_run_is_killed(cohort: Cohort, expected: dict[str, object], tmp_path: Path) -> None:
    store = tmp_path / "results"
    process = cohort.start("--store", store, "--scheduler", "processes", "--workers", 2)
    while not computed_by_workers(store) and wait_a_moment(process, 0.002):
        pass
    workers = [os.pidfd_open(worker) for worker in workers_of(process)]
    assert workers
    process.kill()
    process.communicate()
    for worker in workers:
        ready, _, _ = select.select([worker], [], [], 30)
        assert ready, "a worker goes on without its run"
        os.close(worker)
    rerun(cohort, store, expected)
