"""`vlc memory` says what a run is bound to fail at, as `vlc run --dry-run` does, and predicts the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.memory.plans import head
from vlc.cli import main

BEGINNING = """
import "vox1"
import "simpleitk"
flair = intensity(ReadImage("flair.nii.gz"))
other = intensity(ReadImage("other.nii.gz"))
"""
SOUND = 'print "sound" volume(near(flair > 100))\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    head(tmp_path / "flair.nii.gz", (30, 20, 10))


def both(capsys: pytest.CaptureFixture[str], program: str, *options: str) -> tuple[str, str, str]:
    """What `vlc memory` says on standard output and error, and what `vlc run --dry-run` says on standard error."""
    Path("program.imgql").write_text(BEGINNING + program, "utf-8")
    assert main(["memory", "program.imgql", *options]) == 1
    memory = capsys.readouterr()
    assert main(["run", "program.imgql", "--dry-run", "--quiet"]) == 1
    return memory.out, memory.err, capsys.readouterr().err


def test_a_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    out, told, by_dry_run = both(capsys, SOUND + 'print "lost" volume(near(other > 100))\n')
    assert "cannot read other.nii.gz: No such file or directory" in told
    assert "program.imgql:5:19:" in told
    assert told == by_dry_run
    assert out.startswith("predicted peak: ")
    assert "not counted: 1 goal that cannot succeed" in out
    assert "flair" in out
    assert "other" not in out


def test_images_of_two_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    head(Path("other.nii.gz"), (30, 20, 11))
    out, told, by_dry_run = both(
        capsys, SOUND + 'print "sum" volume(near(flair + other > 9))\nsave "sum.nii.gz" near(other - flair > 9)\n'
    )
    assert "images on different grids meet: size 30 x 20 x 10 against 30 x 20 x 11" in told
    assert told == by_dry_run
    assert "not counted: 2 goals that cannot succeed" in out


def test_a_file_that_is_no_image(capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.nii.gz").write_text("hello")
    Path("program.imgql").write_text(f'{BEGINNING}{SOUND}print "lost" volume(near(other > 100))\n', "utf-8")
    assert main(["memory", "program.imgql"]) == 1
    captured = capsys.readouterr()
    assert "other.nii.gz is not gzip data, whatever its name says" in captured.err
    assert 'print "lost" failed' in captured.err
    assert "not counted: 1 goal that cannot succeed" in captured.out


def test_a_loop_over_what_cannot_be_counted(capsys: pytest.CaptureFixture[str]) -> None:
    head(Path("other.nii.gz"), (30, 20, 11))
    loop = 'print "loop" for i in range(volume(flair + other > 9)) do volume(near(flair > i))\n'
    out, told, by_dry_run = both(capsys, SOUND + loop)
    assert told == by_dry_run
    assert "in vox1.add" in told
    assert "not counted: 1 goal that cannot succeed" in out
    assert "must be computed first" not in out


def test_nothing_is_predicted_of_a_program_that_fails_whole(capsys: pytest.CaptureFixture[str]) -> None:
    out, told, _ = both(capsys, 'print "lost" volume(near(other > 100))\n')
    assert out == ""
    assert "1 goal failed" in told


def test_files_do_not_matter_where_a_header_is_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("program.imgql").write_text(f'{BEGINNING}{SOUND}print "both" volume(flair + other > 1)\n', "utf-8")
    for assumed in (["--shape", "9x9x9"], ["--image", "flair.nii.gz"]):
        assert main(["memory", "program.imgql", *assumed]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        assert "cannot succeed" not in captured.out


def test_what_planning_refuses_is_left_out_of_the_prediction(capsys: pytest.CaptureFixture[str]) -> None:
    loop = 'print "files" for f in dir("missing") do volume(near(ReadImage(f) > 1))\n'
    Path("program.imgql").write_text(BEGINNING + SOUND + loop, "utf-8")
    assert main(["memory", "program.imgql", "--shape", "9x9x9"]) == 1
    captured = capsys.readouterr()
    assert "there is no directory" in captured.err
    assert "not counted: 1 goal that cannot succeed" in captured.out
