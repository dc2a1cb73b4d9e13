"""A store keeps values under keys, for every process that opens its folder."""

from __future__ import annotations

import hashlib
import json
import math
import pickle
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard
from vlc_runtime.errors import StoreError
from vlc_runtime.store import MISSING, Put, Store, index, verify
from vlc_runtime.store.file_system import file_system_of, journal_for
from vlc_runtime.volume import Geometry, Volume

from tests.unprivileged import unprivileged


def key(name: object) -> bytes:
    return hashlib.sha256(repr(name).encode()).digest()


def image(seed: int, side: int = 30) -> Volume:
    """An image that is large enough to be an object."""
    voxels = np.random.default_rng(seed).normal(size=(side, side, side)).astype(np.float32)
    return Volume(voxels, Geometry.of_size(side, side, side))


def put(store: Store, name: object, value: Any) -> None:
    store.put(key(name), value, operator="test.made", version="1", seconds=0.5)


VALUES: dict[str, Any] = {
    "number": 0.1,
    "nan": math.nan,
    "minus zero": -0.0,
    "bool": True,
    "text": "é" * 300,
    "long text": "ab" * 20_000,
    "very long text": "ab" * 50_000,
    "bytes": bytes(range(256)) * 1000,
    "list": [1, [2.5, "x"], []],
    "record": {"b": 1, "a": [True]},
    "small image": image(1, 3),
    "image": image(2),
    "mask": Volume(image(3, 100).array > 0, Geometry.of_size(100, 100, 100)),
    "images": [image(4), image(5)],
}


def assert_same(found: Any, value: Any) -> None:
    assert type(found) is type(value)
    if isinstance(value, Volume):
        assert found.geometry == value.geometry
        assert found.array.dtype == value.array.dtype
        assert found.array.tobytes() == value.array.tobytes()
    elif isinstance(value, list):
        assert len(found) == len(value)
        for one, other in zip(found, value, strict=True):
            assert_same(one, other)
    elif isinstance(value, float):
        assert repr(found) == repr(value)
    else:
        assert found == value


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_found_again_by_another_opening(tmp_path: Path, name: str) -> None:
    with Store.open(tmp_path / "results") as store:
        put(store, name, VALUES[name])
        assert_same(store.load(key(name)), VALUES[name])
    with Store.open(tmp_path / "results") as store:
        (entry,) = store.get_many([key(name), key("another")]).values()
        assert entry.seconds == 0.5
        assert_same(store.load(key(name), entry), VALUES[name])
        assert_same(store.load(key(name)), VALUES[name])
        assert store.load(key("another")) is MISSING


def test_large_values_are_objects_and_small_ones_are_not(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for name, value in VALUES.items():
            put(store, name, value)
        found = store.get_many([key(name) for name in VALUES])
    objects = {name for name in VALUES if found[key(name)].is_object}
    assert objects == {"very long text", "bytes", "image", "mask", "images"}
    assert len([path for path in (tmp_path / "objects").glob("*/*") if path.suffix == ""]) == len(objects)


@pytest.mark.parametrize("level", [-50, 1, 19])
@pytest.mark.parametrize("name", ["image", "mask"])
def test_objects_compressed_more_or_less_are_the_same_value(tmp_path: Path, name: str, level: int) -> None:
    with Store.open(tmp_path) as store:
        put(store, name, VALUES[name])
    (path,) = (each for each in (tmp_path / "objects").glob("*/*") if each.suffix == "")
    content = zstandard.ZstdDecompressor().decompress(path.read_bytes())
    path.write_bytes(zstandard.ZstdCompressor(level=level).compress(content))
    with Store.open(tmp_path) as store:
        assert_same(store.load(key(name)), VALUES[name])
        assert not verify(store).damaged


def test_floats_take_no_more_than_their_bytes_and_constant_ones_next_to_nothing(tmp_path: Path) -> None:
    noise = image(6, 64)
    half = Volume(np.where(np.arange(64)[:, None, None] < 32, noise.array, np.float32(0.5)), noise.geometry)
    with Store.open(tmp_path) as store:
        for value, most in ((noise, 1.01), (half, 0.51), (noise.like(np.zeros_like(noise.array)), 0.01)):
            put(store, most, value)
            entry = store.get_many([key(most)])[key(most)]
            path = store.layout.object(entry.digest)
            assert (path.stat().st_size if entry.is_object else len(entry.inline)) < most * noise.array.nbytes
            assert_same(store.load(key(most), entry), value)


def test_equal_values_share_one_object(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        put(store, "a", image(1))
        put(store, "b", image(1))
        assert len({entry.digest for entry in store.get_many([key("a"), key("b")]).values()}) == 1
        assert_same(store.load(key("b")), image(1))


def test_a_new_result_replaces_the_old_one(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        put(store, "a", 1)
        put(store, "a", image(1))
        assert_same(store.load(key("a")), image(1))
        put(store, "a", 2)
        assert store.load(key("a")) == 2
        store.forget([key("a")])
        assert store.load(key("a")) is MISSING


def test_many_results_at_once(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put_many(Put(key(i), i / 7, "test.divided", "1", 0.0) for i in range(25_000))
        found = store.get_many([key(i) for i in range(30_000)])
        assert len(found) == 25_000
        assert all(store.load(key(i), found[key(i)]) == i / 7 for i in range(25_000))


def test_many_are_asked_for_of_an_sqlite_that_takes_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(location: str) -> sqlite3.Connection:
        connection = connected(location)
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 20)
        return connection

    connected = index.connect
    monkeypatch.setattr(index, "connect", connect)
    with Store.open(tmp_path / "results") as store:
        store.put_many([Put(key(number), number, "test.made", "1", 0.1) for number in range(50)])
        assert len(store.get_many([key(number) for number in range(100)])) == 50
    assert not list((tmp_path / "results" / "damaged").iterdir())


def test_all_or_nothing_of_a_batch_is_stored(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        bad: Any = object()
        with pytest.raises(TypeError, match="cannot be stored"):
            store.put_many([Put(key(1), 1, "o", "1", 0.0), Put(key(2), bad, "o", "1", 0.0)])
        assert store.get_many([key(1), key(2)]) == {}


def test_threads_share_a_store(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def work(store: Store, number: int) -> None:
        try:
            for i in range(20):
                put(store, (number, i), [number, i])
                put(store, ("image", number), image(number, 26))
                assert store.load(key((number, i))) == [number, i]
                assert_same(store.load(key(("image", number))), image(number, 26))
        except BaseException as failure:
            failures.append(failure)

    with Store.open(tmp_path) as store:
        threads = [threading.Thread(target=work, args=(store, number)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_a_store_travels_as_its_path(tmp_path: Path) -> None:
    with Store.open(tmp_path, run="a run") as store:
        put(store, "a", 5)
        with pickle.loads(pickle.dumps(store)) as other:
            assert (other.folder, other.run, other.read_only) == (store.folder, "a run", False)
            assert other.load(key("a")) == 5


def test_a_relative_folder_stays_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.open("results") as store:
        monkeypatch.chdir("/")
        put(store, "a", image(1))
        assert (tmp_path / "results" / "STORE.json").exists()


# what is no store


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("text")
    for path in (tmp_path / "results", tmp_path / "results" / "deeper"):
        with pytest.raises(StoreError, match="not a folder") as error:
            Store.open(path)
        assert str(path) in error.value.message
        with pytest.raises(StoreError):
            Store.open(path, read_only=True)
    assert (tmp_path / "results").read_text() == "text"


@pytest.mark.parametrize("name", ["STORE.json", "maintenance.lock"])
def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path, name: str) -> None:
    Store.open(tmp_path / "results").close()
    (tmp_path / "results" / name).unlink()
    (tmp_path / "results" / name).mkdir()
    with pytest.raises(StoreError, match=f"{name} is a folder, and should be a file"):
        Store.open(tmp_path / "results")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    Store.open(tmp_path / "results").close()
    (tmp_path / "results" / "objects").rmdir()
    (tmp_path / "results" / "objects").touch()
    with pytest.raises(StoreError, match="objects is not a folder"):
        Store.open(tmp_path / "results")


def test_what_a_removal_left_of_an_index_is_no_other_content(tmp_path: Path) -> None:
    with Store.open(tmp_path / "results") as store:
        put(store, "a", 1.0)
    for path in (tmp_path / "results").iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (tmp_path / "results" / "index.sqlite-journal").write_bytes(b"left over")
    with Store.open(tmp_path / "results") as store:
        put(store, "a", 2.0)
        assert store.load(key("a")) == 2.0


def test_a_folder_with_other_content_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years")
    with pytest.raises(StoreError, match=r"is not a store: it holds 'thesis.txt'"):
        Store.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_nothing_is_made_for_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        Store.open(tmp_path / "results", read_only=True)
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "has format version 2"),
        ({"version": "1"}, "has format version"),
        ({"format": "something"}, "is not a store of vlc"),
        ({"journal": "memory"}, "unknown scheme 'memory'"),
    ],
)
def test_unknown_formats_are_refused_and_kept(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with Store.open(tmp_path) as store:
        put(store, "a", 1)
    description = tmp_path / "STORE.json"
    content = json.loads(description.read_text()) | change
    description.write_text(json.dumps(content))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for read_only in (False, True):
        with pytest.raises(StoreError, match=message):
            Store.open(tmp_path, read_only=read_only)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000])
def test_a_damaged_description_is_told(tmp_path: Path, text: str) -> None:
    Store.open(tmp_path).close()
    (tmp_path / "STORE.json").write_text(text)
    with pytest.raises(StoreError, match=r"damaged|not a store"):
        Store.open(tmp_path)
    assert (tmp_path / "STORE.json").read_text() == text


# permissions


@pytest.fixture
def locked_folder(tmp_path: Path) -> Iterator[Path]:
    """A store with two results, in which nothing can be written."""
    folder = tmp_path / "results"
    with Store.open(folder) as store:
        put(store, "number", 7)
        put(store, "image", image(1))
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_store_that_cannot_be_written_is_read(locked_folder: Path) -> None:
    before = sorted(locked_folder.rglob("*"))
    with unprivileged(locked_folder), Store.open(locked_folder) as store:
        assert store.read_only
        assert "cannot be written" in store.warning
        assert store.load(key("number")) == 7
        assert_same(store.load(key("image")), image(1))
        put(store, "another", 8)
        assert store.load(key("another")) is MISSING
        store.forget([key("number")])
        assert store.load(key("number")) == 7
        with store.claim([key("another")]) as claim:
            assert claim.granted == {key("another")}
        assert len(store.file_digest(locked_folder / "STORE.json")) == 32
    assert sorted(locked_folder.rglob("*")) == before


def test_claims_that_another_user_denies_do_not_stop_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    with Store.open(folder) as store:
        store.claim([key(name) for name in range(300)])
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o444 if path.parent.name == "claims" else 0o666)
    with unprivileged(folder), Store.open(folder) as store:
        assert not store.read_only
        with store.claim([key("a")]) as claim:
            assert claim.granted == {key("a")}
            assert store.claim([key("a")]).held == {key("a")}


def test_asking_for_reading_only_changes_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        put(store, "a", 1)
    with Store.open(tmp_path, read_only=True) as store:
        put(store, "a", 2)
        assert store.load(key("a")) == 1
        assert store.warning == ""


def test_a_folder_that_may_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "above").mkdir(mode=0o555)
    with unprivileged(tmp_path / "above"), pytest.raises(StoreError, match="permission denied"):
        Store.open(tmp_path / "above" / "results")


def test_a_store_that_may_not_be_read_is_told(locked_folder: Path) -> None:
    (locked_folder / "index.sqlite").chmod(0)
    with unprivileged(locked_folder), pytest.raises(StoreError, match=str(locked_folder)):
        Store.open(locked_folder)


# the journal of the index


def test_the_file_system_decides_about_the_journal() -> None:
    mounts = "\n".join(
        [
            "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
            "22 21 0:5 / /home rw shared:2 - nfs4 server:/home rw",
            "23 22 0:6 / /home/fast\\040disk rw - xfs /dev/sdb rw",
            "garbage",
        ]
    )
    assert file_system_of(Path("/results"), mounts) == "ext4"
    assert file_system_of(Path("/home/me/results"), mounts) == "nfs4"
    assert file_system_of(Path("/home/fast disk/results"), mounts) == "xfs"
    assert file_system_of(Path("/results"), "") == "unknown"
    assert journal_for("ext4", (3, 51, 3)) == "wal"
    assert journal_for("ext4", (3, 51, 2)) == "rollback"
    assert journal_for("nfs4", (3, 52, 0)) == "rollback"
    assert journal_for("unknown", (3, 52, 0)) == "rollback"


def test_the_journal_is_recorded_and_used(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    recorded = json.loads((tmp_path / "STORE.json").read_text())
    assert recorded["file_system"] == file_system_of(tmp_path)
    assert recorded["journal"] == journal_for(recorded["file_system"])
    (used,) = sqlite3.connect(tmp_path / "index.sqlite").execute("PRAGMA journal_mode").fetchone()
    assert (used == "wal") == (recorded["journal"] == "wal")


def test_a_store_from_where_the_write_ahead_log_was_sound(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        put(store, "a", 1)
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    assert connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    content = json.loads((tmp_path / "STORE.json").read_text()) | {"journal": "wal"}
    (tmp_path / "STORE.json").write_text(json.dumps(content))
    sound = journal_for(file_system_of(tmp_path)) == "wal"
    connection.execute("SELECT * FROM results").fetchall()
    if not sound:
        with pytest.raises(StoreError, match="in use by a newer SQLite"):
            Store.open(tmp_path)
    connection.close()
    with Store.open(tmp_path) as store:
        assert store.load(key("a")) == 1
    assert json.loads((tmp_path / "STORE.json").read_text())["journal"] == ("wal" if sound else "rollback")
