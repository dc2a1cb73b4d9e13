"""`--memory` of scripts: what fits runs within it, what does not is refused before it starts."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from vlc_runtime.sizes import size_text

from tests.memory.plans import head
from tests.run.programs import computed, run_command, run_program, vlc_run

PROGRAM = """
import "vox1"
import "simpleitk"
flair = intensity(ReadImage("head.nii.gz"))
bright = flair > 200
deep = dt(bright)
print "deep" max(deep)
print "grown" for r in [1, 2, 3, 4] do volume((flair + r) > 250)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    head(tmp_path / "head.nii.gz", (120, 110, 100))
    return tmp_path


@pytest.mark.parametrize("size", ["0", "12Q", "", "-1GB", "nan", "4"])
def test_what_is_no_size_is_wrong_use(folder: Path, size: str) -> None:
    ended = run_program(folder, PROGRAM, f"--memory={size}")
    assert ended.status == 2
    assert f"`{size}` is no size of memory" in ended.err and "500MB" in ended.err
    assert "Traceback" not in ended.err and not ended.out
    assert not (folder / "results").exists()


@pytest.mark.parametrize("scheduler", ["threads", "sync", "processes"])
def test_a_run_that_cannot_fit_is_refused_before_it_starts(folder: Path, scheduler: str) -> None:
    ended = run_program(folder, PROGRAM, "--memory", "60MB", "--scheduler", scheduler)
    assert ended.status == 1 and not ended.out
    assert "of it for the process and its libraries), and 60 MB are allowed" in ended.err
    assert "vox1.dt of `deep = dt(bright)`" in ended.err
    assert "Traceback" not in ended.err
    assert not computed(folder)


def test_the_size_that_the_refusal_names_is_enough(folder: Path) -> None:
    free = run_program(folder, PROGRAM, "--no-store")
    refused = run_program(folder, PROGRAM, "--memory", "10MB", "--no-store")
    named = re.search(r"--memory (\d+MB)", refused.err)
    assert named is not None
    ended = run_program(folder, PROGRAM, "--memory", named.group(1), "--no-store", "--workers", "4")
    assert (ended.status, ended.out) == (0, free.out)
    less = f"{int(named.group(1)[:-2]) - 1}MB"
    assert run_program(folder, PROGRAM, "--memory", less, "--no-store").status == 1


def test_fewer_processes_when_no_more_fit(folder: Path) -> None:
    """Two take twice the libraries; with room for one, one does it all."""
    refused = run_program(folder, PROGRAM, "--memory", "10MB", "--no-store", "--scheduler", "processes")
    named = re.search(r"--memory (\d+MB)", refused.err)
    assert named is not None
    options = ["--memory", named.group(1), "--scheduler", "processes", "--workers", "3"]
    ended = run_program(folder, PROGRAM, *options)
    assert ended.status == 0, ended.err
    assert ended.out == run_program(folder, PROGRAM, "--no-store").out


def test_what_is_stored_needs_no_memory_to_be_computed(folder: Path) -> None:
    first = run_program(folder, PROGRAM)
    again = run_program(folder, PROGRAM, "--memory", "10MB")
    assert (again.status, again.out) == (0, first.out)


def test_records_tell_what_was_taken(folder: Path) -> None:
    assert run_program(folder, PROGRAM, "--workers", "1").status == 0
    (record,) = (folder / "results" / "runs").glob("*.jsonl")
    nodes = [line for line in map(json.loads, record.read_text().splitlines()) if line["event"] == "node"]
    peaks = [line["peak"] for line in nodes if line["operator"].startswith(("vox1.", "simpleitk."))]
    image = 120 * 110 * 100 * 4
    assert len(peaks) > 5 and image < min(peaks)
    assert peaks == sorted(peaks), "the most so far never becomes less"
    runs = run_command([sys.executable, "-m", "vlc_runtime.store", "runs", "--store", "results"], folder)
    header, line = runs.out.splitlines()
    assert header.split()[4] == "peak"
    assert size_text(max(peaks)) in line


def test_vlc_run_takes_the_option_too(folder: Path) -> None:
    ended = vlc_run(folder, PROGRAM, "--memory", "60MB")
    assert ended.status == 1 and "60 MB are allowed" in ended.err


def test_scalars_are_not_refused(tmp_path: Path) -> None:
    ended = run_program(tmp_path, 'print "r" for i in range(3) do i * 2', "--memory", "1MB")
    assert (ended.status, ended.out) == (0, "r=[0.0, 2.0, 4.0]\n")
