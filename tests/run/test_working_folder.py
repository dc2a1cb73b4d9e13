"""The folder that a command was started in may be gone, as when scratch space is tidied up."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.programs import script_of

SAID = (
    "error: the folder in which this was started is no longer there\n"
    "hint: change to a folder that is, and start it again\n"
)


def without_folder(folder: Path, *command: object) -> subprocess.CompletedProcess[str]:
    (folder / "gone").mkdir()
    text = f"cd {shlex.quote(str(folder / 'gone'))} && rmdir ../gone && exec {shlex.join(map(str, command))}"
    return subprocess.run(text, shell=True, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [[], ["--no-store"], ["--dry-run"]])
def test_a_script_says_so(tmp_path: Path, options: list[str]) -> None:
    script = script_of(tmp_path, 'print "x" 1\nsave "x.txt" 2')
    ended = without_folder(tmp_path, sys.executable, script, *options)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", SAID)


def test_a_script_that_needs_no_folder_runs(tmp_path: Path) -> None:
    script = script_of(tmp_path, 'print "x" 1\nsave "x.txt" 2')
    places = ("--store", tmp_path / "results", "--output", tmp_path / "out")
    ended = without_folder(tmp_path, sys.executable, script, *places, "--quiet")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "x=1.0\n", "")
    assert (tmp_path / "out" / "x.txt").exists()


def test_vlc_says_so(tmp_path: Path) -> None:
    (tmp_path / "p.imgql").write_text('print "x" 1\nsave "x.txt" 2', "utf-8")
    for command in (["store", "ls"], ["run", tmp_path / "p.imgql"]):
        ended = without_folder(tmp_path, sys.executable, "-P", "-m", "vlc", *command)
        assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", SAID)
