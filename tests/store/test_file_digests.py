"""Input files are known by their content, which is read again whenever the file may have changed."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from pathlib import Path

import pytest
from vlc_runtime.errors import FileError
from vlc_runtime.store import FileDigests, FileStates, Store
from vlc_runtime.store.files import read_digest

from tests.unprivileged import unprivileged

LONG_AGO = 1_500_000_000_000_000_000


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    return path


def memos(store: Store) -> list[str]:
    with sqlite3.connect(store.layout.index) as connection:
        return [path for (path,) in connection.execute("SELECT path FROM files")]


def remember(store: Store, path: Path, digest: bytes) -> None:
    """Write a digest into the index as if it had been computed from the file as it is."""
    from vlc_runtime.store.files import seal, state_of

    state = state_of(str(path))
    store.access.operate(
        lambda: store.access.index(
            lambda index: index.remember_files([(str(path), state, digest, seal(str(path), state, digest))])
        )
    )


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    with Store.open(tmp_path / "results") as store:
        for digests in (store, FileDigests()):
            assert digests.file_digest(written(tmp_path / "a", content)) == hashlib.sha256(content).digest()
            assert digests.file_digest(str(written(tmp_path / "b", b""))) == hashlib.sha256(b"").digest()


def test_a_change_of_the_content_is_seen_whatever_stays(tmp_path: Path) -> None:
    path = written(tmp_path / "a", b"old")
    with Store.open(tmp_path / "results") as store:
        assert store.file_digest(path) == hashlib.sha256(b"old").digest()
        path.write_bytes(b"new")  # in place: the same size and inode, and then the same time
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
        assert store.file_digest(path) == hashlib.sha256(b"new").digest()
        other = written(tmp_path / "b", b"alt")
        other.replace(path)  # the same size and time, another inode
        assert store.file_digest(path) == hashlib.sha256(b"alt").digest()
    with Store.open(tmp_path / "results") as store:
        assert store.file_digest(path) == hashlib.sha256(b"alt").digest()


def test_a_link_that_is_turned_before_the_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered is the digest of the file that was read, not of the one that the name led to before."""
    monkeypatch.setattr("vlc_runtime.store.files._TOO_FRESH", 0)
    for name in ("one", "other"):
        written(tmp_path / name, name.encode())
    link = tmp_path / "scan"
    link.symlink_to("one")

    def turned(path: str) -> tuple[bytes, str, bool]:
        link.unlink()
        link.symlink_to("other")
        return read_digest(path)

    with Store.open(tmp_path / "results") as store:
        with monkeypatch.context() as patch:
            patch.setattr("vlc_runtime.store.files.read_digest", turned)
            assert store.file_digest(link) == hashlib.sha256(b"other").digest()
        identity = store.digested(link)
        assert identity is not None
        identity.verify()
    link.unlink()
    link.symlink_to("one")
    with pytest.raises(FileError, match="changed since the run began"):
        identity.verify()
    with Store.open(tmp_path / "results") as store:
        assert store.file_digest(link) == hashlib.sha256(b"one").digest()


def test_a_digest_is_remembered_by_the_store_as_long_as_the_file_stays(tmp_path: Path) -> None:
    path = written(tmp_path / "a", b"content")
    with Store.open(tmp_path / "results") as store:
        remember(store, path, b"\1" * 32)
    with Store.open(tmp_path / "results") as store:
        assert store.file_digest(path) == b"\1" * 32
        path.touch()
        assert store.file_digest(path) == hashlib.sha256(b"content").digest()


def test_digests_are_kept_some_at_a_time_and_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vlc_runtime.store.files._TOO_FRESH", 0)
    paths = [written(tmp_path / f"file{number}", b"%d" % number) for number in range(300)]
    with Store.open(tmp_path / "results") as store:
        for path in paths:
            store.file_digest(path)
        found = memos(store)
        assert 256 <= len(found) <= 300  # who is killed now loses the others
        store.keep_file_digests()
        assert sorted(memos(store)) == sorted(map(str, paths))
        store.file_digest(written(tmp_path / "last", b"last"))
    assert str(tmp_path / "last") in memos(store)


def test_a_digest_that_was_damaged_in_the_index_is_not_used(tmp_path: Path) -> None:
    path = written(tmp_path / "a", b"content")
    with Store.open(tmp_path / "results") as store:
        remember(store, path, b"\1" * 32)
    with sqlite3.connect(tmp_path / "results" / "index.sqlite") as connection:
        connection.execute("UPDATE files SET digest = ?", (b"\2" * 32,))
    connection.close()
    with Store.open(tmp_path / "results") as store:
        assert store.file_digest(path) == hashlib.sha256(b"content").digest()


def test_a_file_that_was_just_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"content")
    with Store.open(tmp_path / "results") as store:
        store.file_digest(path)
        assert memos(store) == []


def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(50_000_000))
    stop = threading.Event()

    def change() -> None:
        with path.open("r+b") as file:
            number = 0
            while not stop.is_set():
                number += 1
                file.seek(0)
                file.write(b"%d" % number)
                file.flush()

    changer = threading.Thread(target=change)
    changer.start()
    try:
        with pytest.raises(FileError, match="changed while it was read"):
            FileDigests().file_digest(path)
    finally:
        stop.set()
        changer.join()


@pytest.mark.parametrize("name", ["missing", "missing/deeper", "folder", "folder/file/deeper"])
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    with pytest.raises(FileError, match=f"cannot read .*{name}"):
        FileDigests().file_digest(tmp_path / name)
    with pytest.raises(FileError, match=f"cannot read .*{name}"):
        FileStates().file_digest(tmp_path / name)


def test_without_a_store_files_are_known_by_their_names_and_states(tmp_path: Path) -> None:
    path, other = written(tmp_path / "a", b"content"), written(tmp_path / "b", b"content")
    states = FileStates()
    first = states.file_digest(path)
    assert FileStates().file_digest(str(path)) == first != states.file_digest(other)
    identity = states.digested(path)
    assert identity is not None
    identity.verify()
    path.write_bytes(b"changed")
    assert states.file_digest(path) != first
    with pytest.raises(FileError, match="changed since the run began"):
        identity.verify()


def test_without_a_store_no_content_is_read(tmp_path: Path) -> None:
    path = tmp_path / "endless"
    with path.open("wb") as file:
        file.truncate(1 << 43)  # a hole of 8 TB, which would take hours to read
    assert FileStates().file_digest(path) == FileStates().file_digest(path)


def test_a_file_that_may_not_be_read_is_told_of_without_a_store_too(tmp_path: Path) -> None:
    path = written(tmp_path / "a", b"content")
    path.chmod(0)
    with unprivileged(tmp_path), pytest.raises(FileError, match=f"cannot read {path}: Permission denied"):
        FileStates().file_digest(path)
