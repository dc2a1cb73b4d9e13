"""A Dask cluster of workers that know nothing of the script: the same bytes as with threads, and a worker may die."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from cohorts import Cohort, assert_sound, computed, make_cohort, stored_keys, wait_a_moment

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
    while not any(computed(store).values()) and wait_a_moment(process, 0.005):
        pass
    victim = next(iter(cluster.workers.values()))
    os.kill(victim.process.process.pid, signal.SIGKILL)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    stored = stored_keys(store)
    assert_same(cohort, expected, cluster, store)
    assert not stored & set(list(computed(store).values())[-1])
    assert {run.status for run in assert_sound(store)} == {"done"}


def assert_same(cohort: Cohort, expected: dict[str, object], cluster: distributed.LocalCluster, store: Path) -> None:
    assert cohort.results("--store", store, "--scheduler", cluster.scheduler_address) == expected
