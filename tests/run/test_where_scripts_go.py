"""`vlc compile -o`: files are replaced, pipes and devices are written to."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

PROGRAM = 'print "one" 1\n'


def compiled(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "one.imgql").write_text(PROGRAM, "utf-8")
    command = [sys.executable, "-m", "vlc", "compile", "one.imgql", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("-o", "-"), ("-o", "/dev/stdout"), ("-o", "/dev/fd/1")])
def test_standard_output(tmp_path: Path, options: tuple[str, ...]) -> None:
    before = os.lstat("/dev/stdout")
    ended = compiled(tmp_path, *options)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("# Compiled by vlc from one.imgql.")
    after = os.lstat("/dev/stdout")
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.imgql"]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append((tmp_path / "pipe").read_text("utf-8")))
    reader.start()
    ended = compiled(tmp_path, "-o", "pipe")
    reader.join()
    assert ended.returncode == 0, ended.stderr
    assert found[0].startswith("# Compiled by vlc")
    assert (tmp_path / "pipe").is_fifo()


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("old")
    with (tmp_path / "one.py").open() as old:
        assert compiled(tmp_path, "-o", "one.py").returncode == 0
        assert old.read() == "old"
    assert (tmp_path / "one.py").read_text().startswith("# Compiled by vlc")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.py").mkdir()
    ended = compiled(tmp_path, "-o", "one.py")
    assert ended.returncode != 0
    assert "one.py cannot be written" in ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.imgql", "one.py"]
