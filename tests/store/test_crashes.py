"""Whatever ends a process, and however full the disk: what was stored is there, and nothing else."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_processes import finish, image, key, start
from vlc_runtime.errors import StoreError
from vlc_runtime.store import Put, Store, collect_garbage, list_runs, verify
from vlc_runtime.volume import Volume


def test_completed_results_survive_kills_at_any_moment(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    generator = random.Random(1)
    completed: set[int] = set()
    for round_ in range(12):
        writers = [start("put_forever", folder, round_ * 2 + i) for i in range(2)]
        outputs = [writer.stdout for writer in writers]
        for output in outputs:
            assert output is not None
            for _ in range(generator.randrange(1, 12)):
                line = output.readline().strip()
                completed.update([int(line)] if line.isdigit() else [])
        for writer in writers:
            writer.kill()
        for writer in writers:
            rest, _ = writer.communicate()
            # a last line without its end was cut: nobody was told
            completed.update(int(line) for line in rest.split("\n")[:-1] if line.isdigit())
    with Store.open(folder) as store:
        assert verify(store).damaged == []
        wanted = {key((number, i)): [number, i] for number in completed for i in range(20)}
        found = store.get_many(wanted)
        assert {k: store.load(k, entry) for k, entry in found.items()} == wanted
        for number in {number % 50 for number in completed}:
            loaded = store.load(key(number))
            assert isinstance(loaded, Volume)
            assert loaded.array.tobytes() == image(number).array.tobytes()
        assert {run.status for run in list_runs(store)} == {"killed"}
        collect_garbage(store)
        assert list(store.layout.temporary.iterdir()) == []
        assert verify(store).damaged == []
        assert len(store.get_many(wanted)) == len(wanted)
    assert len(completed) > 12


def test_a_store_that_was_half_made_is_made(tmp_path: Path) -> None:
    for attempt in range(8):
        folder = tmp_path / str(attempt)
        writers = [start("put_forever", folder, attempt) for _ in range(2)]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begin\n"
            writer.kill()
            writer.communicate()
        with Store.open(folder) as store:
            store.put(key("a"), 1, operator="test", version="1", seconds=0.0)
            assert store.load(key("a")) == 1
            assert verify(store).damaged == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(options, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system of a small size can be made by root only")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def assert_intact(folder: Path, stored: int) -> None:
    with Store.open(folder) as store:
        assert verify(store).damaged == []
        for number in range(stored):
            assert store.load(key((number, "number"))) == number
            loaded = store.load(key((number, "image")))
            assert isinstance(loaded, Volume)
            assert loaded.array.tobytes() == image(number).array.tobytes()
        assert store.get_many([key((stored, "number"))]) == {}
        assert list(store.layout.temporary.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_the_store_intact(small_disk: Path) -> None:
    folder = small_disk / "results"
    stored, _, message = finish(start("fill_disk", folder, 0)).partition(" ")
    assert int(stored) >= 2
    assert "the disk is full" in message
    assert str(folder) in message
    assert_intact(folder, int(stored))
    with Store.open(folder) as store:
        collect_garbage(store, max_size=500_000)
        with pytest.raises(StoreError, match="disk is full"):
            store.put_many(Put(key(n), image(n, 60), "test", "1", 0.0) for n in range(5))
        store.put(key("small"), 1, operator="test", version="1", seconds=0.0)
        assert store.load(key("small")) == 1


# objects are over 90 kB; the index grows by 25 kB a time
@pytest.mark.parametrize(("limit", "least"), [(50_000, 0), (400_000, 5)], ids=["objects", "index"])
def test_a_limit_on_files_is_told_and_leaves_the_store_intact(tmp_path: Path, limit: int, least: int) -> None:
    folder = tmp_path / "results"
    stored, _, message = finish(start("fill_disk", folder, limit)).partition(" ")
    assert int(stored) >= least
    assert str(folder) in message
    assert "disk" in message
    assert_intact(folder, int(stored))
