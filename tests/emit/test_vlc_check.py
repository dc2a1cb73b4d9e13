"""`vlc check PROGRAM SCRIPT` tells whether the script is what the program compiles to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vlc.cli import main

PROGRAM = 'k = 2\nunused = 3\nprint "k" k\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("p.imgql").write_text(PROGRAM, "utf-8")
    assert main(["compile", "p.imgql", "-o", "p.py"]) == 0
    capsys.readouterr()
    return tmp_path


def test_a_script_that_is_fresh(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "p.imgql", "p.py"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["check", "p.imgql", "p.py", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1  # the warning


def test_a_script_that_is_stale(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "p.imgql").write_text(PROGRAM.replace("k = 2", "k = 5"), "utf-8")
    assert main(["check", "p.imgql", "p.py"]) == 1
    told = capsys.readouterr()
    assert "-    k: float = 2.0,\n" in told.out and "+    k: float = 5.0,\n" in told.out
    assert "error: p.py is stale: it is not what p.imgql compiles to\n  hint: compile it again: vlc compile" in told.err
    assert main(["check", "p.imgql", "p.py", "--json"]) == 1
    warning, stale = json.loads(capsys.readouterr().out)
    assert (warning["severity"], stale["severity"]) == ("warning", "error")
    assert stale["hint"] == "compile it again: vlc compile p.imgql -o p.py"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_script_that_cannot_be_read(folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "p.imgql", "gone.py", *options]) == 1
    told = capsys.readouterr()
    assert "gone.py cannot be read: No such file or directory" in told.out + told.err
    if options:
        assert len(json.loads(told.out)) == 1
