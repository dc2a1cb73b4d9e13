"""The same program gives the same bytes: under two hash seeds, from two folders, in two processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = ("fold_filter_map", "hostile_strings", "nested_loops", "spatial_logic", "threshold_sweep")


def _compiled(folder: Path, program: str, seed: str) -> bytes:
    command = [sys.executable, "-m", "vlc", "compile", program]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True).stdout


@pytest.mark.parametrize("case", PROGRAMS)
def test_seeds_and_folders_do_not_count(case: str, project: Path, tmp_path: Path) -> None:
    text = (project / "golden" / case / "program.imgql").read_bytes()
    deep = tmp_path / "some" / "folder"
    deep.mkdir(parents=True)
    (deep / "program.imgql").write_bytes(text)
    (tmp_path / "program.imgql").write_bytes(text)
    first = _compiled(tmp_path, "program.imgql", "1")
    assert first == _compiled(deep, str(deep / "program.imgql"), "2")
    assert first == (project / "golden" / case / "program.py").read_bytes()
    assert str(tmp_path).encode() not in first


def test_line_ends_of_the_program_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "program.imgql").write_bytes(b'a = 1\nprint "r" a + 1\n')
    unix = _compiled(tmp_path, "program.imgql", "0")
    (tmp_path / "program.imgql").write_bytes(b'a = 1\r\nprint "r" a + 1\r\n')
    assert _compiled(tmp_path, "program.imgql", "0") == unix
