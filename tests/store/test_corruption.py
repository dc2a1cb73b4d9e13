"""Whichever bytes of a store are changed: never a wrong value, never a traceback, always mended by storing again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from store_processes import image, key
from vlc_runtime.store import MISSING, Put, Store, verify
from vlc_runtime.volume import Volume

VALUES: dict[str, Any] = {
    **{f"number {i}": i / 3 for i in range(120)},
    "text": "some text " * 400,
    "image": image(1, 26),
    "other image": image(2, 26),
}


def put_all(store: Store) -> None:
    store.put_many(Put(key(name), value, "test.made", "1", 0.0) for name, value in VALUES.items())


def is_same(found: Any, value: Any) -> bool:
    if isinstance(value, Volume):
        return isinstance(found, Volume) and found.array.tobytes() == value.array.tobytes()
    return type(found) is type(value) and found == value


def right_values(store: Store) -> int:
    """How many values are served; fails when one is wrong."""
    served = 0
    found = store.get_many([key(name) for name in VALUES])
    for name, value in VALUES.items():
        if key(name) in found:
            loaded = store.load(key(name), found[key(name)])
            if loaded is not MISSING:
                assert is_same(loaded, value)
                served += 1
    return served


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original") / "results"
    with Store.open(folder) as store:
        put_all(store)
    return folder


@pytest.fixture
def results(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "results")
    return tmp_path / "results"


def copies(original: Path, folder: Path, changed: str) -> Iterator[tuple[Path, bytes]]:
    """Fresh copies of a store, with the bytes of the file that is to be changed in each."""
    data = (original / changed).read_bytes()
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(original, folder)
        yield folder / changed, data


def assert_recovers(folder: Path) -> int:
    with Store.open(folder, read_only=True) as store:
        right_values(store)
    with Store.open(folder) as store:
        served = right_values(store)
        put_all(store)
        assert right_values(store) == len(VALUES)
        # what is damaged where nobody looked is found, and may cost a result more
        verify(store)
        assert right_values(store) >= len(VALUES) - 2
        put_all(store)
        assert verify(store).damaged == []
        assert right_values(store) == len(VALUES)
    return served


def regions(length: int, count: int) -> list[int]:
    """Positions spread over a file, its first bytes among them."""
    step = max(1, length // count)
    return sorted({*range(0, min(length, 100), 20), *(i * step + (i * 37) % step for i in range(count)), length - 1})


@pytest.mark.parametrize("suffix", ["", ".keys"])
def test_changed_bytes_of_objects(original: Path, tmp_path: Path, suffix: str) -> None:
    name = next(path for path in sorted(original.glob("objects/*/*")) if path.suffix == suffix)
    fresh = copies(original, tmp_path / "results", str(name.relative_to(original)))
    for position in regions(name.stat().st_size, 12):
        path, data = next(fresh)
        path.write_bytes(data[:position] + bytes([data[position] ^ 0x41]) + data[position + 1 :])
        assert assert_recovers(tmp_path / "results") >= len(VALUES) - 1
        path, data = next(fresh)
        path.write_bytes(data[:position])
        assert assert_recovers(tmp_path / "results") >= len(VALUES) - 1


def test_a_changed_object_is_set_aside_and_forgotten(results: Path) -> None:
    path = next(path for path in sorted(results.glob("objects/*/*")) if path.suffix == "")
    path.write_bytes(path.read_bytes()[:-10])
    with Store.open(results) as store:
        missing = [name for name in VALUES if store.load(key(name)) is MISSING]
        assert len(missing) == 1
        assert key(missing[0]) not in store.get_many([key(missing[0])])
        assert len(list((results / "damaged").iterdir())) == 1
        assert not path.exists()


def test_an_object_that_holds_another_value_is_not_served(results: Path) -> None:
    one, other = (path for path in sorted(results.glob("objects/*/*")) if path.suffix == "")
    one.write_bytes(other.read_bytes())
    with Store.open(results) as store:
        assert right_values(store) == len(VALUES) - 1
        assert len(verify(store).damaged) == 0


def test_verify_finds_what_nobody_reads(results: Path) -> None:
    one, other = (path for path in sorted(results.glob("objects/*/*")) if path.suffix == "")
    one.write_bytes(other.read_bytes()[:-1])
    other.unlink()
    with Store.open(results) as store:
        assert len(verify(store).damaged) == 2
        assert verify(store).damaged == []
        assert right_values(store) == len(VALUES) - 2


def test_flipped_bytes_of_the_index(original: Path, tmp_path: Path) -> None:
    fresh = copies(original, tmp_path / "results", "index.sqlite")
    for position in regions((original / "index.sqlite").stat().st_size, 60):
        path, data = next(fresh)
        path.write_bytes(data[:position] + bytes([data[position] ^ 0xFF]) + data[position + 1 :])
        assert_recovers(tmp_path / "results")


def test_truncated_and_overwritten_indexes(original: Path, tmp_path: Path) -> None:
    fresh = copies(original, tmp_path / "results", "index.sqlite")
    length = (original / "index.sqlite").stat().st_size
    for position in [0, 1, 100, *range(4096, length, 8192)]:
        path, data = next(fresh)
        path.write_bytes(data[:position])
        assert_recovers(tmp_path / "results")
        path, data = next(fresh)
        path.write_bytes(data[:position] + b"\xa5" * 600 + data[position + 600 :])
        assert_recovers(tmp_path / "results")


@pytest.mark.parametrize("wreck", ["gone", "text", "empty", "another"])
def test_the_index_is_rebuilt_from_the_objects(results: Path, wreck: str) -> None:
    index = results / "index.sqlite"
    index.unlink()
    if wreck == "text":
        index.write_text("this was an index " * 1000)
    elif wreck == "empty":
        index.touch()
    elif wreck == "another":
        shutil.copy(next(results.glob("objects/*/*")), index)
    with Store.open(results, read_only=True) as store:
        assert right_values(store) == 2
    with Store.open(results) as store:
        assert right_values(store) == 2
        assert verify(store).damaged == []
    assert assert_recovers(results) == 2


def test_an_index_that_is_exchanged_under_an_open_store_is_noticed(results: Path, tmp_path: Path) -> None:
    with Store.open(results) as store:
        assert right_values(store) == len(VALUES)
        (results / "index.sqlite").unlink()
        assert right_values(store) == 2
        with Store.open(results) as other:
            put_all(other)
            assert right_values(store) == len(VALUES)


def test_a_damaged_index_under_an_open_store_is_mended(results: Path) -> None:
    with Store.open(results) as store, Store.open(results) as other:
        assert right_values(store) == right_values(other) == len(VALUES)
        with (results / "index.sqlite").open("r+b") as file:
            file.write(b"\xa5" * 20_000)
        right_values(store)
        put_all(store)
        assert right_values(other) == len(VALUES)
        assert verify(other).damaged == []


def test_a_journal_that_belongs_to_another_index_does_no_harm(results: Path) -> None:
    (results / "index.sqlite-journal").write_bytes(b"\xd9\xd5\x05\xf9 \xa1c\xd7" + b"\x11" * 5000)
    assert_recovers(results)


def test_a_missing_folder_is_made_again(results: Path) -> None:
    for name in ("objects", "temporary", "damaged", "runs", "claims"):
        shutil.rmtree(results / name)
    with Store.open(results) as store:
        assert right_values(store) == len(VALUES) - 2
    assert assert_recovers(results) == len(VALUES) - 2
