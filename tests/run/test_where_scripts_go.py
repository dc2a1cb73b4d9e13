"""`vlc compile -o`: scripts are replaced and nothing else is, pipes and devices are written to."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

PROGRAM = 'print "one" 1\n'


def compiled(folder: Path, *options: str, program: str = PROGRAM) -> subprocess.CompletedProcess[str]:
    (folder / "one.imgql").write_text(program, "utf-8")
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
    (tmp_path / "one.py").write_text("# Compiled by vlc from two.imgql.\n")
    with (tmp_path / "one.py").open() as old:
        assert compiled(tmp_path, "-o", "one.py").returncode == 0
        assert old.read() == "# Compiled by vlc from two.imgql.\n"
    for _ in range(2):  # over a script of another program, and over its own
        assert (tmp_path / "one.py").read_text().startswith("# Compiled by vlc from one.imgql.")
        assert compiled(tmp_path, "-o", "one.py").returncode == 0


def test_an_empty_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "one.py").touch()
    assert compiled(tmp_path, "-o", "one.py").returncode == 0
    assert (tmp_path / "one.py").read_text().startswith("# Compiled by vlc")


@pytest.mark.parametrize("output", ["one.imgql", "../{folder}/./one.imgql", "link", "library.imgql", "link_to_library"])
def test_the_program_and_what_it_imports_are_not_replaced(tmp_path: Path, output: str) -> None:
    (tmp_path / "library.imgql").touch()
    (tmp_path / "link").symlink_to("one.imgql")
    (tmp_path / "link_to_library").symlink_to("library.imgql")
    program = 'import "./library"\n' + PROGRAM
    ended = compiled(tmp_path, "-o", output.format(folder=tmp_path.name), program=program)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "is a file of the program: a script would replace it" in ended.stderr
    assert "hint: choose another name for the script with -o" in ended.stderr
    assert (tmp_path / "one.imgql").read_text("utf-8") == program
    assert (tmp_path / "library.imgql").read_text("utf-8") == ""
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\x00\xff", b"import numpy\n", b"# Compiled"])
def test_a_file_that_is_no_script_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "scan.nii.gz").write_bytes(content)
    ended = compiled(tmp_path, "-o", "scan.nii.gz")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "scan.nii.gz exists and is no script that vlc wrote" in ended.stderr
    assert "or remove the file" in ended.stderr
    assert (tmp_path / "scan.nii.gz").read_bytes() == content


def test_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.py").mkdir()
    ended = compiled(tmp_path, "-o", "one.py")
    assert ended.returncode != 0
    assert "one.py cannot be written" in ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.imgql", "one.py"]
