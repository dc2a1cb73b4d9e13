"""Sessions: what waits to be stored, and what another process gets of them."""

from __future__ import annotations

import pickle
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vlc_runtime import session as sessions
from vlc_runtime.digest import digest
from vlc_runtime.errors import StoreError
from vlc_runtime.failures import Failure
from vlc_runtime.kernels import scalar
from vlc_runtime.session import Session, TaskCall
from vlc_runtime.store import RunRecord, Store, verify
from vlc_runtime.volume import Geometry, Volume
from vlc_runtime.worker import At, Task

from tests.unprivileged import unprivileged

KEYS = [digest("result", number) for number in range(3)]


def tasks(keep: bool = True) -> list[Task]:
    return [Task(key, scalar.add, (At(1.0), At(float(number))), (), keep=keep) for number, key in enumerate(KEYS)]


def test_small_results_wait_for_the_end_of_a_task_or_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for longest, found in ((3600.0, [0, 0, 0]), (-1.0, [1, 2, 3])):
        monkeypatch.setattr(sessions, "LONGEST_WAIT", longest)
        with Store.open(tmp_path / str(longest)) as store:
            seen: list[int] = []

            def told(*_: Any, store: Store = store, seen: list[int] = seen) -> None:
                seen.append(len(store.get_many(KEYS)))

            TaskCall(Session(store, told=told), tasks(), [], as_pairs=False)()
            assert seen == found
            assert len(store.get_many(KEYS)) == 3


@pytest.mark.parametrize(("risk", "found"), [(3600.0, [0, 0, 0]), (0.0, [1, 2, 3])])
def test_results_that_took_long_do_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, risk: float, found: list[int]
) -> None:
    monkeypatch.setattr(sessions, "LONGEST_WAIT", 3600.0)
    monkeypatch.setattr(sessions, "MOST_AT_RISK", risk)
    voxels = np.random.default_rng(1).random((3, 50, 60, 70), np.float32)
    images = [Volume(each, Geometry.of_size(70, 60, 50)) for each in voxels]
    with Store.open(tmp_path / "results") as store:
        session, seen = Session(store), list[int]()
        for task, image in zip(tasks(), images, strict=True):
            session.keep(task, image, 0.001)
            seen.append(len(store.get_many(KEYS)))
        assert seen == found
        assert len(list(store.layout.objects.glob("*/*.keys"))) == 3, "images are written at once all the same"
        session.end_task()
        assert len(store.get_many(KEYS)) == 3
        assert verify(store).damaged == []


def test_what_waits_in_any_thread_can_be_stored(tmp_path: Path) -> None:
    with Store.open(tmp_path / "results") as store:
        session = Session(store)
        threads = [threading.Thread(target=session.keep, args=(task, 1.0, 0.0)) for task in tasks()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not store.get_many(KEYS)
        session.flush()
        assert len(store.get_many(KEYS)) == 3


def test_the_record_knows_of_what_is_stored(tmp_path: Path) -> None:
    with Store.open(tmp_path / "results") as store, RunRecord.start(store, parameters={}, versions={}) as record:
        session = Session(store, record.id)
        session.flush_record = record.flush
        record.node(KEYS[0], operator="scalar.add", source="", outcome="computed", seconds=0.0)
        before = store.layout.record(record.id).read_text("ascii")
        session.keep(tasks()[0], 1.0, 0.0)
        session.end_task()
        after = store.layout.record(record.id).read_text("ascii")
    assert KEYS[0].hex() not in before
    assert KEYS[0].hex() in after


def test_who_hands_a_task_on_needs_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    with Store.open(folder) as store:
        call = pickle.dumps(TaskCall(Session(store, "run"), tasks(), KEYS, as_pairs=False))
    shutil.rmtree(folder)
    again = pickle.dumps(pickle.loads(call))
    assert not folder.exists()
    assert len(again) == len(call)


def test_a_run_that_was_stopped_does_not_stop_the_next() -> None:
    failing = [Task(KEYS[0], scalar.divide, (At(1.0), At(0.0)), ())]
    first, second = (
        TaskCall(Session(None, fail_fast=True).remote, each, [each[0].key], as_pairs=False)
        for each in (failing, tasks(keep=False))
    )
    for _ in range(2):
        assert isinstance(first()[KEYS[0]], Failure)
        assert second()[KEYS[0]] == 1.0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux tells them")
def test_a_worker_closes_the_stores_of_runs_that_are_over(tmp_path: Path) -> None:
    def open_files() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    counts = []
    for _ in range(16):
        with Store.open(tmp_path / "results") as store, RunRecord.start(store, parameters={}, versions={}) as record:
            TaskCall(Session(store, record.id).remote, tasks(), KEYS, as_pairs=False)()
        counts.append(open_files())
    assert counts[-1] == counts[7]


def test_what_needs_a_failure_has_it_when_the_run_is_stopped() -> None:
    session = Session(None, fail_fast=True)
    failing = Task(KEYS[0], scalar.divide, (At(1.0), At(0.0)), ())
    needing = Task(KEYS[1], scalar.add, (At(1.0), (KEYS[0],)), ())
    other = Task(KEYS[2], scalar.add, (At(1.0), At(1.0)), ())
    results = TaskCall(session, [failing, needing, other], KEYS, as_pairs=False)()
    assert results[KEYS[1]] is results[KEYS[0]]
    assert results[KEYS[2]].message == "this was not computed, since the run was stopped"


def test_a_worker_without_the_folder_of_the_store_says_so(tmp_path: Path) -> None:
    with Store.open(tmp_path / "results") as store, RunRecord.start(store, parameters={}, versions={}) as record:
        call = TaskCall(Session(store, record.id).remote, tasks(), KEYS, as_pairs=False)
        (tmp_path / "results").rename(tmp_path / "elsewhere")
        with pytest.raises(StoreError, match=f"has no folder {tmp_path / 'results'} with the store of this run"):
            call()
    assert not (tmp_path / "results").exists()


def test_a_worker_that_cannot_write_the_store_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    with Store.open(folder) as store, RunRecord.start(store, parameters={}, versions={}) as record:
        call = TaskCall(Session(store, record.id).remote, tasks(), KEYS, as_pairs=False)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        with unprivileged(folder), pytest.raises(StoreError, match=f"cannot write the store {folder}"):
            call()
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_worker_of_a_run_that_can_only_read_the_store_only_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    with Store.open(folder) as store:
        store.put(KEYS[0], 7.0, operator="scalar.add", version="1", seconds=0.0)
    with Store.open(folder, read_only=True) as store:
        remote = Session(store, "run").remote
        assert TaskCall(remote, tasks(), KEYS, as_pairs=False)()[KEYS[1]] == 2.0
        assert store.get_many(KEYS).keys() == {KEYS[0]}
        assert not list(store.layout.runs.iterdir())
