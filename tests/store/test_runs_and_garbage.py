"""Runs are recorded, and what a living run may need is never collected."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_processes import image, key, start
from vlc_runtime.errors import StoreError
from vlc_runtime.store import MISSING, Put, RunRecord, Store, collect_garbage, garbage, list_runs, verify
from vlc_runtime.store.archive import export_results, import_results
from vlc_runtime.store.runs import lines_of, run_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "results") as store:
        yield store


def put(store: Store, name: object, value: object) -> None:
    store.put_many([Put(key(name), value, "test.made", "1", 0.25)])  # type: ignore[arg-type]


def begin(store: Store) -> RunRecord:
    return RunRecord.start(store, program="sweep.py", parameters={"k": 0.5, "name": "é"}, versions={"vlc": "1"})


def present(store: Store, *names: object) -> list[object]:
    return [name for name in names if key(name) in store.access.operate(lambda: found(store, names))]


def found(store: Store, names: tuple[object, ...]) -> set[bytes]:
    return store.access.index(lambda index: {k for k, _ in index.find([key(name) for name in names], 0)})


# records


def test_a_run_is_recorded_line_by_line(store: Store) -> None:
    with begin(store) as record:
        (run,) = list_runs(store)
        assert (run.id, run.status, run.ended, run.program) == (record.id, "running", None, "sweep.py")
        assert run.parameters == {"k": 0.5, "name": "é"}
        record.input("/data/a.nii", key("a"))
        record.node(key(1), operator="vox1.near", source="a = near(b)", outcome="computed", seconds=0.5, size=10)
        record.node(key(2), operator="vox1.near", source="c = near(d)", outcome="stored", seconds=0.1, peak=5)
        record.node(key(3), operator="vox1.near", source="e = near(f)", outcome="failed", seconds=0.1, message="no")
        record.flush()
        (run,) = list_runs(store)
        assert (run.computed, run.stored, run.failed) == (1, 1, 1)
    (run,) = list_runs(store)
    assert (run.status, run.computed, run.stored, run.failed, run.peak) == ("done", 1, 1, 1, 5)
    assert run.ended is not None
    assert run.ended >= run.started
    lines = list(lines_of(store.layout.record(record.id)))
    assert [line["event"] for line in lines] == ["start", "input", "node", "node", "node", "end"]
    assert lines[2] == {
        "event": "node",
        "key": key(1).hex(),
        "operator": "vox1.near",
        "source": "a = near(b)",
        "outcome": "computed",
        "seconds": 0.5,
        "size": 10,
    }


def test_many_nodes_are_recorded(store: Store) -> None:
    with begin(store) as record:
        for number in range(1000):
            record.node(key(number), operator="o", source="s", outcome="computed", seconds=0.0)
    assert list_runs(store)[0].computed == 1000
    assert len(list(lines_of(store.layout.record(record.id)))) == 1002


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError, "failed"), (KeyboardInterrupt, "interrupted"), (StoreError, "failed")]
)
def test_a_run_that_ends_badly_says_so(store: Store, error: type[BaseException], status: str) -> None:
    with pytest.raises(error), begin(store):
        raise error("something")
    assert [run.status for run in list_runs(store)] == [status]


def test_a_killed_run_is_told_from_a_running_one(store: Store) -> None:
    process = start("run_forever", store.folder)
    assert process.stdout is not None
    identifier = process.stdout.readline().strip()
    (run,) = list_runs(store)
    assert (run.id, run.status, run.pid) == (identifier, "running", process.pid)
    process.kill()
    process.communicate()
    assert [run.status for run in list_runs(store)] == ["killed"]


def test_damaged_lines_of_a_record_are_passed_over(store: Store) -> None:
    begin(store).end("done")
    (path,) = store.layout.runs.glob("*.jsonl")
    path.write_bytes(
        b'[1]\n{"event": "node", "outcome": {}\n{"event": "node", "outcome": "computed", "peak": "x"}\n\xff\xfe\n'
        + path.read_bytes()
        + b'{"event": "e'
    )
    (store.layout.runs / "empty.jsonl").touch()
    assert [run.status for run in list_runs(store)] == ["done", "killed"]


def test_a_run_that_ends_on_a_full_disk_says_how_it_ended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place that its first line keeps: nothing can be added."""

    def refuse(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for status, shown in (("done", "failed"), ("failed", "failed"), ("interrupted", "interrupted")):
        record = begin(store)
        record.node(key(1), operator="o", source="s", outcome="computed", seconds=0.5)
        size = store.layout.record(record.id).stat().st_size
        with monkeypatch.context() as full:
            full.setattr(os, "write", refuse)
            with pytest.raises(StoreError, match="disk is full"):
                record.end(status)  # type: ignore[arg-type]
        assert store.layout.record(record.id).stat().st_size == size
        run = run_of(store.layout.record(record.id))
        assert (run.status, run.computed, run.program) == (shown, 1, "sweep.py")
        assert run.ended is not None
        for line in store.layout.record(record.id).read_text("ascii").splitlines():
            assert json.loads(line)["event"] in ("start", "end")


def test_a_run_that_cannot_begin_leaves_no_record(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(StoreError, match="disk is full"):
        begin(store)
    assert list_runs(store) == []


def test_what_is_no_file_is_no_record(store: Store) -> None:
    begin(store).end("done")
    (store.layout.runs / "d.jsonl").mkdir()
    assert [run.status for run in list_runs(store)] == ["done"]
    collect_garbage(store, keep_runs=0)
    assert list_runs(store) == []
    assert (store.layout.runs / "d.jsonl").is_dir()


def test_a_run_on_a_store_that_can_only_be_read_leaves_no_record(store: Store) -> None:
    with Store.open(store.folder, read_only=True) as reader, begin(reader) as record:
        record.node(key(1), operator="o", source="s", outcome="stored", seconds=0.0)
    assert list_runs(store) == []


# garbage


def test_without_limits_only_left_overs_go(store: Store) -> None:
    put(store, "number", 1)
    put(store, "image", image(1))
    put(store, "replaced", image(2))
    put(store, "replaced", image(3))
    (store.layout.temporary / "abc").write_bytes(b"12345")
    (store.layout.damaged / "old").mkdir()
    dry = collect_garbage(store, dry_run=True)
    assert (dry.results, dry.objects, dry.left_over, dry.runs) == (0, 1, 2, 0)
    assert (store.layout.temporary / "abc").exists()
    assert collect_garbage(store) == dry
    assert not (store.layout.temporary / "abc").exists()
    again = collect_garbage(store)
    assert (again.results, again.objects, again.left_over, again.freed) == (0, 0, 0, 0)
    assert present(store, "number", "image", "replaced") == ["number", "image", "replaced"]
    assert verify(store).damaged == []


def test_least_recently_used_results_go_first(store: Store) -> None:
    for name in ("a", "b", "c", "d"):
        put(store, name, image(ord(name)))
    with begin(store):
        store.get_many([key("a")])
    store.run = ""
    size = sum(path.stat().st_size for path in store.layout.objects.glob("*/*") if path.suffix == "")
    gone = collect_garbage(store, max_size=size * 3 // 4)
    assert (gone.results, gone.objects) == (1, 1)
    assert present(store, "a", "b", "c", "d") == ["a", "c", "d"]
    collect_garbage(store, max_size=size // 4)
    assert present(store, "a", "b", "c", "d") == ["a"]
    assert collect_garbage(store, max_size=0).remaining == 0
    assert present(store, "a", "b", "c", "d") == []
    assert list(store.layout.objects.glob("*/*")) == []


def test_an_object_stays_as_long_as_one_key_leads_to_it(store: Store) -> None:
    with begin(store):
        put(store, "a", image(1))
    with begin(store):
        put(store, "b", image(1))
    assert collect_garbage(store, keep_runs=1).objects == 0
    assert present(store, "a", "b") == ["b"]
    assert store.load(key("b")) is not MISSING
    assert collect_garbage(store, keep_runs=0).objects == 1


def test_what_the_last_runs_used_stays(store: Store) -> None:
    for number in range(4):
        with begin(store):
            put(store, ("put by", number), number)
            store.get_many([key("shared")] if number == 2 else [])
            if number == 0:
                put(store, "shared", image(0))
    assert len(list_runs(store)) == 4
    gone = collect_garbage(store, keep_runs=2)
    assert (gone.results, gone.runs) == (2, 2)
    names = [*[("put by", number) for number in range(4)], "shared"]
    assert present(store, *names) == [("put by", 2), ("put by", 3), "shared"]
    assert len(list_runs(store)) == 2


def test_what_a_living_run_needs_stays(store: Store) -> None:
    for number in range(10):
        put(store, number, image(number, 25))
    put(store, "other", image(99))
    process = start("run_forever", store.folder)
    assert process.stdout is not None
    process.stdout.readline()
    gone = collect_garbage(store, max_size=0, keep_runs=0)
    assert (gone.results, gone.runs) == (1, 0)
    assert present(store, *range(10), "mine", "other") == [*range(10), "mine"]
    process.kill()
    process.communicate()
    gone = collect_garbage(store, max_size=0, keep_runs=0)
    assert (gone.results, gone.runs) == (11, 1)
    assert list(store.layout.runs.iterdir()) == []


def test_what_damage_left_is_collected(store: Store) -> None:
    put(store, "a", image(1))
    put(store, "b", image(2))
    store.layout.object(store.get_many([key("a")])[key("a")].digest).unlink()
    gone = collect_garbage(store)
    assert (gone.results, gone.objects) == (1, 0)
    assert present(store, "a", "b") == ["b"]


def test_what_was_imported_is_as_new_as_the_import(store: Store, tmp_path: Path) -> None:
    with begin(store):
        put(store, "old", 1)
    archive = tmp_path / "results.tar"
    export_results(store, archive)
    with Store.open(tmp_path / "other") as other:
        import_results(other, archive)
        assert collect_garbage(other, keep_runs=1).results == 0
        for _ in range(2):
            with begin(other):
                put(other, "new", 2)
        other.run = ""
        assert collect_garbage(other, keep_runs=1).results == 1
        assert present(other, "old", "new") == ["new"]
        import_results(other, archive)
        assert collect_garbage(other, keep_runs=1).results == 0
        assert present(other, "old", "new") == ["old", "new"]


def test_an_object_that_waits_for_its_key_stays_while_a_run_lives_that_is_older(store: Store) -> None:
    with begin(store):
        row = store.prepare(Put(key("a"), image(1), "test.made", "1", 0.25))
        assert present(store, "a") == []
        assert collect_garbage(store, max_size=0).objects == 0
        store.put_many([], [row])
        assert store.load(key("a")) is not MISSING
        store.prepare(Put(key("b"), image(2), "test.made", "1", 0.25))
    assert collect_garbage(store).objects == 1
    assert present(store, "a", "b") == ["a"]


def test_an_object_that_a_living_run_wrote_again_stays_for_its_new_key(store: Store) -> None:
    """An older key led to equal voxels, and is collected."""
    put(store, "old", image(1))
    with begin(store):
        row = store.prepare(Put(key("new"), image(1), "test.made", "1", 0.25))
        assert collect_garbage(store, max_size=0).objects == 0
        assert present(store, "old") == []
        store.put_many([], [row])
        assert store.load(key("new")) is not MISSING
    assert collect_garbage(store, max_size=0).objects == 1


def test_a_key_whose_object_was_removed_before_it_came_leads_nowhere(store: Store) -> None:
    row = store.prepare(Put(key("a"), image(1), "test.made", "1", 0.25))
    assert collect_garbage(store).objects == 1
    store.put_many([Put(key("b"), 1, "test.made", "1", 0.25)], [row])
    assert present(store, "a", "b") == ["b"]
    assert verify(store).damaged == []


def test_a_collection_that_is_cut_short_leaves_no_damage(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        put(store, number, image(number))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(garbage, "remove_object", interrupted)
        with pytest.raises(KeyboardInterrupt):
            collect_garbage(store, max_size=0)
    assert verify(store).damaged == []
    assert collect_garbage(store).objects == 3
