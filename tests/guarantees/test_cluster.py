"""A Dask cluster of workers that know nothing of the script: the same bytes as with threads, and a worker may die."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
from cohorts import (
    Cohort,
    assert_sound,
    computed,
    ended,
    last_record,
    make_cohort,
    nodes,
    stored_keys,
    wait_a_moment,
)

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[distributed.LocalCluster]:
    folder = tmp_path_factory.mktemp("workers")
    settings = {"distributed.worker.daemon": True, "temporary-directory": str(folder)}
    from dask import config

    with (
        config.set(settings),
        distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
    ):
        yield cluster


def test_a_cluster_gives_the_same_bytes_even_when_a_worker_dies(
    cluster: distributed.LocalCluster, tmp_path: Path
) -> None:
    cohort = make_cohort(tmp_path / "cohort")
    expected = cohort.results("--no-store")
    assert_same(cohort, expected, cluster, tmp_path / "whole")

    store = tmp_path / "results"
    process = cohort.start("--store", store, "--scheduler", cluster.scheduler_address)
    while not (victims := workers_with_results(cluster, store)) and wait_a_moment(process, 0.002):
        pass
    os.kill(victims[0], signal.SIGKILL)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    stored = stored_keys(store)
    (interrupted,) = computed(store).values()
    again = [key for key, times in Counter(interrupted).items() if key in stored and times > 1]
    assert again == []
    loaded = {key for key, _ in nodes(last_record(store), "stored")}
    assert loaded & stored, "nothing of what the worker had done was needed again"
    assert_same(cohort, expected, cluster, store)
    assert not stored & set(list(computed(store).values())[-1])
    assert {run.status for run in assert_sound(store)} == {"done"}


def test_relative_paths_are_those_of_the_run_wherever_its_workers_are(
    cluster: distributed.LocalCluster, tmp_path: Path
) -> None:
    program = """
import "simpleitk"
import "vox1"
image = intensity(ReadImage("images/case0.nii.gz"))
save "output/mask.nii.gz" near(image > 1)
written = WriteImage(image, "output/image.mha")
"""
    cohort = make_cohort(tmp_path / "cohort", program, cases=1)
    here, there = (
        saved_by(cohort, "--no-store", *options) for options in ((), ("--scheduler", cluster.scheduler_address))
    )
    assert sorted(here) == ["image.mha", "mask.nii.gz"]
    assert here == there


def saved_by(cohort: Cohort, *options: object) -> dict[str, bytes]:
    """The files that a run leaves in the folder of outputs, which is removed."""
    end = cohort.run(*options)
    assert end.status == 0, end.errors
    files = {path.name: path.read_bytes() for path in (cohort.folder / "output").iterdir()}
    shutil.rmtree(cohort.folder / "output")
    return files


def workers_with_results(cluster: distributed.LocalCluster, store: Path) -> list[int]:
    """The processes of workers that hold what loop items came to, which is stored, and is lost when they die."""
    if not any(computed(store).values()):
        return []
    workers = list(cluster.scheduler.workers.values())
    holding = [each.address for each in workers if any("loop-" in str(task.key) for task in list(each.has_what))]
    return [nanny.process.pid for nanny in cluster.workers.values() if nanny.worker_address in holding]


def test_a_scheduler_without_workers_is_waited_for_and_told(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", cases=2)
    expected = cohort.results("--no-store")
    with distributed.LocalCluster(
        n_workers=0, threads_per_worker=1, protocol="tcp", dashboard_address=":0", silence_logs=50
    ) as empty:
        process = cohort.start("--scheduler", empty.scheduler_address)
        assert process.stderr is not None
        assert "waiting for workers" in process.stderr.readline()
        empty.scale(1)
        end = ended(process)
    assert end.status == 0, end.errors
    assert end.results(cohort.folder) == expected


def test_a_cluster_that_loses_all_workers_is_waited_for_and_told(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", cases=20)  # so many that some are left when the first is done
    expected = cohort.results("--no-store")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, protocol="tcp", dashboard_address=":0", silence_logs=50
    ) as cluster:
        store = tmp_path / "results"
        process = cohort.start("--store", store, "--scheduler", cluster.scheduler_address)
        while not any(computed(store).values()) and wait_a_moment(process, 0.002):
            pass
        cluster.scale(0)
        assert process.stderr is not None
        assert "waiting for workers" in process.stderr.readline()
        cluster.scale(1)
        assert "has a worker: going on" in process.stderr.readline()
        end = ended(process)
    assert end.status == 0, end.errors
    assert end.results(cohort.folder) == expected


def test_a_scheduler_that_is_killed_is_told(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", cases=20)  # so many that some are left when the first is done
    store = tmp_path / "results"
    with dask_scheduler(tmp_path) as (scheduler, address), dask_worker(tmp_path, address):
        process = cohort.start("--store", store, "--scheduler", address)
        while not any(computed(store).values()) and wait_a_moment(process, 0.002):
            pass
        scheduler.kill()
        end = ended(process)
    assert end.status == 1
    assert "Traceback" not in end.errors
    error, hint = end.errors.splitlines()[-2:]
    assert error.startswith(f"error: the Dask scheduler at {address} is gone")
    assert hint.startswith("hint: run again")
    assert cohort.results("--store", store) == cohort.results("--no-store")


@contextmanager
def dask_scheduler(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process of a scheduler, and its address."""
    description = folder / "scheduler.json"
    command = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", description]
    with dask_process(folder, *command) as process:
        address = ""
        while not address and wait_a_moment(process, 0.01):
            with suppress(FileNotFoundError, json.JSONDecodeError):  # it is written in pieces
                address = json.loads(description.read_text())["address"]
        yield process, address


def dask_worker(folder: Path, address: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return dask_process(folder, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")


@contextmanager
def dask_process(folder: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """What `dask` starts, until it is killed."""
    command = [sys.executable, "-m", "dask", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_an_interrupt_of_a_local_cluster_is_told_once(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", cases=150)  # so many that most are left when the first is done
    store = tmp_path / "results"
    process = cohort.start("--store", store, "--local-cluster", 2)
    while not any(computed(store).values()) and wait_a_moment(process, 0.002):
        pass
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: its workers hear it too
    end = ended(process)
    assert end.status == 130
    assert [line for line in end.errors.splitlines() if line and not line.startswith("dashboard: ")] == [
        f"interrupted; what was computed is in {store}: run again to go on from there"
    ]
    assert cohort.results("--store", store) == cohort.results("--no-store")


@pytest.mark.parametrize("listens", [False, True])
def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path, listens: bool) -> None:
    cohort = make_cohort(tmp_path / "cohort", cases=1)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        if listens:
            other.listen()
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        end = cohort.run("--scheduler", address)
    assert end.status == 2
    assert end.errors.startswith(f"error: no Dask scheduler answers at {address}: ")
    assert "Traceback" not in end.errors
    assert "hint: " in end.errors


@pytest.mark.parametrize("address", ["tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:port"])
def test_an_address_that_is_none_is_told(tmp_path: Path, address: str) -> None:
    cohort = make_cohort(tmp_path / "cohort", cases=1)
    end = cohort.run("--scheduler", address)
    assert end.status == 2
    assert end.errors.startswith(f"error: `{address}` is no address of a Dask scheduler")


def assert_same(cohort: Cohort, expected: dict[str, object], cluster: distributed.LocalCluster, store: Path) -> None:
    assert cohort.results("--store", store, "--scheduler", cluster.scheduler_address) == expected
