"""`vlc doctor` says what a run would find."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from vlc_runtime.cores import available_cores
from vlc_runtime.store import Store

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


def test_a_folder_that_is_no_store_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scan.nii").write_text("x")
    assert main(["doctor", "--store", str(tmp_path)]) == 1
    assert f"there is no store in {tmp_path}" in capsys.readouterr().err
