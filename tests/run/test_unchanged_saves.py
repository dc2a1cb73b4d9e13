"""A save whose file has what would be written leaves it as it is; whatever else the file is, it is written."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.run.programs import Ended, run_program, write_image

PROGRAM = """\
import "vox1"
import "simpleitk"
x = intensity(ReadImage("a.nii"))
save "{}" x > 3
print "v" volume(x > 3)
"""
IMAGE_FILES = ["m.nii.gz", "m.nii", "m.mha", "m.mhd"]


def _told(ended: Ended) -> str:
    assert ended.status == 0, ended.err
    (line,) = [line for line in ended.err.splitlines() if line.startswith(("saved", "unchanged"))]
    return line


@pytest.mark.parametrize("name", IMAGE_FILES)
def test_the_second_run_leaves_the_file_as_it_is(name: str, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = PROGRAM.replace("{}", name)
    assert _told(run_program(tmp_path, program)) == f"saved {name}"
    before = (tmp_path / name).stat()
    assert _told(run_program(tmp_path, program)) == f"unchanged {name}"
    after = (tmp_path / name).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_values_are_left_as_they_are_too(tmp_path: Path) -> None:
    program = 'n = 2\nsave "n.json" [n, 3]'
    assert _told(run_program(tmp_path, program)) == "saved n.json"
    assert _told(run_program(tmp_path, program)) == "unchanged n.json"
    assert _told(run_program(tmp_path, program, "--set", "n=4")) == "saved n.json"
    assert _told(run_program(tmp_path, program)) == "saved n.json"
    assert (tmp_path / "n.json").read_text() == "[2.0, 3.0]\n"


@pytest.mark.parametrize("name", IMAGE_FILES)
def test_a_file_that_was_altered_with_its_times_restored_is_written_again(name: str, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = PROGRAM.replace("{}", name)
    run_program(tmp_path, program)
    target = next((path for path in tmp_path.glob("m.*raw")), tmp_path / name)  # of .mhd, the file with the voxels
    good, status = target.read_bytes(), target.stat()
    altered = bytearray(good)
    altered[-1] ^= 1
    target.write_bytes(bytes(altered))
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert _told(run_program(tmp_path, program)) == f"saved {name}"
    assert target.read_bytes() == good


def test_a_file_that_is_gone_is_written_again(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = PROGRAM.replace("{}", "m.nii")
    run_program(tmp_path, program)
    good = (tmp_path / "m.nii").read_bytes()
    (tmp_path / "m.nii").unlink()
    assert _told(run_program(tmp_path, program, "--scheduler", "processes", "--workers", "1")) == "saved m.nii"
    assert (tmp_path / "m.nii").read_bytes() == good


def test_two_programs_that_save_in_one_file_each_write_their_own(tmp_path: Path) -> None:
    for _ in range(2):
        for value in ("1", "2"):
            assert _told(run_program(tmp_path, f'save "v.txt" {value}')) == "saved v.txt"
            assert (tmp_path / "v.txt").read_text() == f"{value}.0\n"


def test_a_changed_input_is_saved(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = PROGRAM.replace("{}", "m.nii")
    run_program(tmp_path, program)
    before = (tmp_path / "m.nii").read_bytes()
    content = bytearray((tmp_path / "a.nii").read_bytes())
    content[352:] = bytes(len(content) - 352)
    (tmp_path / "a.nii").write_bytes(bytes(content))
    assert _told(run_program(tmp_path, program)) == "saved m.nii"
    assert (tmp_path / "m.nii").read_bytes() != before


def test_an_item_that_is_gone_is_the_only_one_that_is_written(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = PROGRAM.replace("{}", "n_{}.nii").replace("x > 3\nprint", "for i in range(3) do x > i\nprint")
    assert run_program(tmp_path, program).status == 0
    (tmp_path / "n_1.nii").unlink()
    ended = run_program(tmp_path, program)
    told = sorted(line for line in ended.err.splitlines() if line.endswith(".nii"))
    assert told == ["saved n_1.nii", "unchanged n_0.nii", "unchanged n_2.nii"]


def test_without_a_store_files_are_written(tmp_path: Path) -> None:
    for _ in range(2):
        assert _told(run_program(tmp_path, 'save "v.txt" 1', "--no-store")) == "saved v.txt"


def test_a_damaged_record_of_a_save_is_no_reason_to_trust_it(tmp_path: Path) -> None:
    run_program(tmp_path, 'save "v.txt" 1')
    with sqlite3.connect(tmp_path / "results" / "index.sqlite") as index:
        assert index.execute("UPDATE results SET inline = x'00' WHERE operator LIKE '%saved'").rowcount == 1
    assert _told(run_program(tmp_path, 'save "v.txt" 1')) == "saved v.txt"
