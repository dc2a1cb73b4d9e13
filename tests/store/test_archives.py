"""Results travel between stores as one file, which is believed in nothing."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from store_processes import image, key
from vlc_runtime.errors import StoreError
from vlc_runtime.store import MISSING, Put, Store, Transferred, export_results, import_results, verify
from vlc_runtime.volume import Volume

from tests.unprivileged import unprivileged


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "here") as store:
        store.put_many(Put(key(i), i / 3, "test.third", "1", 0.5) for i in range(30))
        store.put_many(Put(key(("image", i)), image(i // 2), "test.image", "2", 0.5) for i in range(4))
        assert export_results(store, tmp_path / "results.tar") == Transferred(34, 2)
    return tmp_path / "results.tar"


def test_results_move_to_another_store(exported: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "there") as store:
        store.put(key(3), "known", operator="test", version="1", seconds=0.0)
        assert import_results(store, exported) == Transferred(33, 2)
        assert [store.load(key(i)) for i in range(30) if i != 3] == [i / 3 for i in range(30) if i != 3]
        assert store.load(key(3)) == "known"
        for i in range(4):
            loaded = store.load(key(("image", i)))
            assert isinstance(loaded, Volume)
            assert loaded.array.tobytes() == image(i // 2).array.tobytes()
        assert store.get_many([key(1)])[key(1)].seconds == 0.5
        assert verify(store).damaged == []
        assert import_results(store, exported) == Transferred(0, 2)
        store.layout.index.unlink()
        assert store.load(key(("image", 1))) is not MISSING


def test_some_results_are_exported(tmp_path: Path, exported: Path) -> None:
    with Store.open(tmp_path / "here", read_only=True) as store:
        moved = export_results(store, tmp_path / "some.tar", [key(1), key(("image", 3)), key("unknown")])
    assert moved == Transferred(2, 1)
    with Store.open(tmp_path / "there") as store:
        assert import_results(store, tmp_path / "some.tar") == Transferred(2, 1)


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("damage", ["flipped", "halved", "emptied", "gone"])
def test_what_is_damaged_is_left_out_and_set_aside(
    damage: str, read_only: bool, exported: Path, tmp_path: Path
) -> None:
    with Store.open(tmp_path / "here") as store:
        path = store.layout.object(store.get_many([key(("image", 2))])[key(("image", 2))].digest)
    content = path.read_bytes()
    match damage:
        case "flipped":
            path.write_bytes(content[:2000] + bytes([content[2000] ^ 1]) + content[2001:])
        case "halved":
            path.write_bytes(content[: len(content) // 2])
        case "emptied":
            path.write_bytes(b"")
        case _:
            path.unlink()
    with Store.open(tmp_path / "here", read_only=read_only) as store:
        assert export_results(store, exported) == Transferred(32, 1, 2)  # two results have one object
        if not read_only:
            assert not path.exists()
            assert len(list(store.layout.damaged.iterdir())) == (damage != "gone")
            assert store.load(key(("image", 2))) is MISSING
            assert export_results(store, exported) == Transferred(32, 1)
    with Store.open(tmp_path / "there") as store:
        assert import_results(store, exported) == Transferred(32, 1)
        assert verify(store).damaged == []


def test_a_small_value_that_is_damaged_is_left_out(exported: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "here") as store:
        assert store.load(key(4)) == 4 / 3
    with closing(sqlite3.connect(tmp_path / "here" / "index.sqlite")) as connection, connection:
        connection.execute("update results set inline = zeroblob(length(inline)) where key = ?", (key(4),))
    with Store.open(tmp_path / "here") as store:
        assert export_results(store, exported) == Transferred(33, 2, 1)
        assert export_results(store, exported) == Transferred(33, 2)
    with Store.open(tmp_path / "there") as store:
        assert import_results(store, exported) == Transferred(33, 2)


Members = list[tuple[tarfile.TarInfo, bytes]]


def members(path: Path) -> Members:
    with tarfile.open(path) as tar:
        return [(member, tar.extractfile(member).read()) for member in tar.getmembers()]  # type: ignore[union-attr]


def write(path: Path, content: Members) -> None:
    with tarfile.open(path, "w") as tar:
        for member, data in content:
            member.size = len(data) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(data) if member.isreg() else None)


def named(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def relabelled(content: Members, change: Callable[[dict[str, object]], object]) -> Members:
    lines = [json.loads(line) for line in content[-1][1].splitlines()]
    change(next(line for line in lines if "inline" not in line))
    return [*content[:-1], (content[-1][0], "".join(json.dumps(line) + "\n" for line in lines).encode())]


CHANGES: dict[str, Callable[[Members], Members]] = {
    "a path that climbs": lambda m: [*m[:1], (named("objects/../../evil"), b"x"), *m[1:]],
    "an absolute path": lambda m: [*m[:1], (named("/tmp/vlc-evil"), b"x"), *m[1:]],
    "another file": lambda m: [*m[:1], (named("STORE.json"), b"{}"), *m[1:]],
    "a link for an object": lambda m: [
        *m[:1],
        (named(m[1][0].name, tarfile.SYMTYPE, "/etc/passwd"), b""),
        *m[2:],
    ],
    "a hard link": lambda m: [*m[:1], (named(m[1][0].name, tarfile.LNKTYPE, m[2][0].name), b""), *m[2:]],
    "a folder": lambda m: [*m[:1], (named("objects", tarfile.DIRTYPE), b""), *m[1:]],
    "no manifest": lambda m: m[1:],
    "nothing": lambda m: [],
    "another manifest": lambda m: [(m[0][0], b'{"format": "x"}'), *m[1:]],
    "a manifest of nothing": lambda m: [(m[0][0], b"null"), *m[1:]],
    "a manifest of text": lambda m: [(m[0][0], b"text"), *m[1:]],
    "another version": lambda m: [(m[0][0], b'{"format": "vlc result export", "version": 9}'), *m[1:]],
    "no results": lambda m: m[:-1],
    "results first": lambda m: [m[0], m[-1], *m[1:-1]],
    "an object missing": lambda m: [m[0], *m[2:]],
    "an object of other bytes": lambda m: [m[0], (m[1][0], m[2][1]), *m[2:]],
    "an object of no sense": lambda m: [m[0], (m[1][0], b"no sense"), *m[2:]],
    "an object cut short": lambda m: [m[0], (m[1][0], m[1][1][:-5]), *m[2:]],
    "a result cut short": lambda m: [*m[:-1], (m[-1][0], m[-1][1][:-40])],
    "a result of no sense": lambda m: [*m[:-1], (m[-1][0], m[-1][1] + b"[1]\n")],
    "another key": lambda m: relabelled(m, lambda line: line.update(key="00" * 32)),
    "another size": lambda m: relabelled(m, lambda line: line.update(size=5)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_hostile_and_damaged_files_are_refused(exported: Path, tmp_path: Path, change: str) -> None:
    write(tmp_path / "changed.tar", CHANGES[change](members(exported)))
    outside = sorted(tmp_path.iterdir())
    with Store.open(tmp_path / "there") as store:
        with pytest.raises(StoreError, match=r"cannot import .*changed.tar"):
            import_results(store, tmp_path / "changed.tar")
        assert store.get_many([key(1), key(("image", 0)), bytes(32)]) == {}
        assert list(store.layout.temporary.iterdir()) == []
        assert verify(store).damaged == []
    assert sorted(tmp_path.iterdir()) == sorted([*outside, tmp_path / "there"])


@pytest.mark.parametrize("content", [b"# A text\n\nof some lines.\n", b"x" * 5000, b""])
def test_what_was_never_exported_is_not_called_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "README.md").write_bytes(content)
    with Store.open(tmp_path / "there") as store, pytest.raises(StoreError) as raised:
        import_results(store, tmp_path / "README.md")
    assert raised.value.message == f"cannot import {tmp_path / 'README.md'}: it is not an exported store"
    assert "vlc store export" in raised.value.hint


def test_an_untouched_file_passes_the_same_way(exported: Path, tmp_path: Path) -> None:
    write(tmp_path / "changed.tar", members(exported))
    with Store.open(tmp_path / "there") as store:
        assert import_results(store, tmp_path / "changed.tar") == Transferred(34, 2)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9])
def test_files_that_are_cut_short_are_refused(exported: Path, tmp_path: Path, part: float) -> None:
    data = exported.read_bytes()
    (tmp_path / "cut.tar").write_bytes(data[: int(len(data) * part)])
    with Store.open(tmp_path / "there") as store, pytest.raises(StoreError, match=r"cannot import .*cut.tar"):
        import_results(store, tmp_path / "cut.tar")


def test_what_cannot_be_read_or_written_is_told(exported: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "there") as store:
        with pytest.raises(StoreError, match=r"cannot import .*missing.tar"):
            import_results(store, tmp_path / "missing.tar")
        with pytest.raises(StoreError, match=r"cannot export to .*results.tar"):
            export_results(store, tmp_path / "missing" / "results.tar")
    with Store.open(tmp_path / "there", read_only=True) as store, pytest.raises(StoreError, match="only be read"):
        import_results(store, exported)


def test_what_a_killed_export_left_is_removed_by_the_next(exported: Path, tmp_path: Path) -> None:
    left = tmp_path / f".{exported.name}.0.unfinished"
    (left / "files").mkdir(parents=True)
    (left / "files" / exported.name).write_bytes(b"half")
    with Store.open(tmp_path / "results") as store:
        export_results(store, exported)
    assert not left.exists()


def test_temporary_files_of_an_export_are_beside_it(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with Store.open(tmp_path / "results") as store:
        export_results(store, exported)
    assert exported.exists()


@pytest.mark.parametrize("shut", ["objects", "objects/*", "objects/*/*"])
def test_objects_that_may_not_be_read_are_told_as_those_of_the_store(shut: str, exported: Path, tmp_path: Path) -> None:
    """As in a store that people share under different umasks. Nothing is taken to be damaged."""
    (tmp_path / "out").mkdir(mode=0o777)
    (tmp_path / "out").chmod(0o777)
    paths = [path for path in (tmp_path / "here").glob(shut) if path.suffix != ".keys"]
    modes = [path.stat().st_mode for path in paths]
    with Store.open(tmp_path / "here", read_only=True) as store:
        for path in paths:
            path.chmod(0)
        try:
            with unprivileged(tmp_path):
                with pytest.raises(StoreError, match=f"the store {store.folder} cannot be used: permission denied for"):
                    verify(store)
                with pytest.raises(StoreError, match=f"the store {store.folder} cannot be used: permission denied for"):
                    export_results(store, tmp_path / "out" / "results.tar")
        finally:
            for path, mode in zip(paths, modes, strict=True):
                path.chmod(mode)
        assert verify(store).damaged == []
    assert list((tmp_path / "out").iterdir()) == []
