"""`vlc doctor` says what a run would find."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from vlc_runtime.cores import available_cores
from vlc_runtime.errors import StoreError
from vlc_runtime.store import Store

from tests.unprivileged import unprivileged
from vlc.cli import main


def lines_of(capsys: pytest.CaptureFixture[str], folder: Path) -> list[str]:
    assert main(["doctor", "--store", str(folder)]) == 0
    return capsys.readouterr().out.splitlines()


def test_versions_cores_and_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(capsys, tmp_path / "results")
    assert f"SQLite {sqlite3.sqlite_version}" in lines
    assert f"cores that this process may use: {available_cores()}" in lines
    assert any(line.startswith("memory that a run takes at most") and line.endswith("B") for line in lines)
    assert any(line.startswith("vlc-runtime 0.") for line in lines)


def test_the_journal_of_a_store_is_told_before_it_is_made_and_after(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results"
    before = lines_of(capsys, folder)[-1]
    assert not folder.exists()
    Store.open(folder).close()
    description = json.loads((folder / "STORE.json").read_text())
    kept = f"{description['journal']} journal, on the file system {description['file_system']}"
    assert before == f"store {folder}: none yet; a run makes it, {kept}"
    assert lines_of(capsys, folder)[-1] == f"store {folder}: {kept}"


def test_an_empty_folder_becomes_a_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"store {tmp_path}: none yet; a run makes it, " in lines_of(capsys, tmp_path)[-1]
    assert list(tmp_path.iterdir()) == []
    Store.open(tmp_path).close()


def refusals(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[str, str]:
    """Why a run cannot have this folder, by `vlc doctor` and by what a run does. The machine is told all the same."""
    assert main(["doctor", "--store", str(folder)]) == 1
    captured = capsys.readouterr()
    assert "cores that this process may use" in captured.out
    assert "store " not in captured.out
    with pytest.raises(StoreError) as refused:
        Store.open(folder)
    hint = f"  hint: {refused.value.hint}\n" if refused.value.hint else ""
    return captured.err, f"error: {refused.value.message}\n{hint}1 error\n"


def test_a_folder_of_something_else_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scan.nii").write_text("x")
    told, by_run = refusals(capsys, tmp_path)
    assert told == by_run
    assert "it holds 'scan.nii' but no STORE.json" in told
    for no_folder in (tmp_path / "scan.nii", tmp_path / "scan.nii" / "results"):
        told, by_run = refusals(capsys, no_folder)
        assert told == by_run
        assert "it is not a folder" in told


def test_a_folder_that_cannot_be_made_or_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = tmp_path / "locked"
    (locked / "empty").mkdir(parents=True)
    (locked / "empty").chmod(0o555)
    locked.chmod(0o555)
    with unprivileged(locked / "empty"):
        for folder in (locked / "empty", locked / "new", locked / "far" / "away"):
            told, by_run = refusals(capsys, folder)
            assert told == by_run
            assert "permission denied" in told
    locked.chmod(0o755)
    (locked / "empty").chmod(0o755)


def test_a_store_that_can_only_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "results"
    Store.open(folder).close()
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with unprivileged(folder):
        told = lines_of(capsys, folder)[-1]
        with Store.open(folder) as store:
            assert told == f"warning: {store.warning}"
    assert "nothing is added" in told
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
