"""A run imports no more than what it does: large libraries take longer to import than stored results to load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from vlc import compile as compile_program

PROGRAM = """\
import "vox1"
import "simpleitk"
import "test"
image = intensity(ReadImage("image.nii.gz"))
volumes = for threshold in range(1, 5) do volume(near(image >= threshold))
print "volumes" volumes
print "waste" timewaste(10, 2)
print "answer" fibonacci(10)
save "mask.nii.gz" image >= 3
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    voxels = np.arange(5 * 6 * 7, dtype=np.float32).reshape(5, 6, 7) % 5
    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(tmp_path / "image.nii.gz"))
    path = tmp_path / "program.py"
    path.write_text(compile_program(PROGRAM), "utf-8")
    return path


def run(script: Path, *options: str) -> tuple[str, set[str]]:
    """What a run prints, and the top-level names of the modules that it imports."""
    command = [sys.executable, "-X", "importtime", script.name, "--quiet", *options]
    done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return done.stdout, {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def test_what_is_stored_is_loaded_without_dask(script: Path) -> None:
    first, imported = run(script)
    assert "dask" in imported
    (script.parent / "mask.nii.gz").unlink()
    again, imported = run(script)
    assert again == first
    assert first.startswith("volumes=[210.0, 210.0, 210.0, 210.0]\nwaste=0.")
    assert not {"dask", "distributed"} & imported
    assert (script.parent / "mask.nii.gz").exists()


def test_one_task_is_done_without_dask(script: Path) -> None:
    head = 'import "vox1"\nimport "simpleitk"\nlargest = maxvol(intensity(ReadImage("image.nii.gz")) >= 3)\n'
    for goal, store, expected in (
        ('print "volume" volume(largest)', "--no-store", "volume=84.0"),
        ('print "volume" volume(largest)', "--store=results", "volume=84.0"),
        ('print "near" volume(near(largest))', "--store=results", "near=210.0"),  # `largest` is loaded
    ):
        script.write_text(compile_program(head + goal), "utf-8")
        printed, imported = run(script, store)
        assert printed == expected + "\n"
        assert "dask" not in imported


def test_schedulers_of_one_process_do_without_distributed(script: Path) -> None:
    results = set()
    for scheduler in ("threads", "sync"):
        printed, imported = run(script, "--no-store", "--scheduler", scheduler)
        assert "dask" in imported
        assert "distributed" not in imported
        results.add(printed)
    assert len(results) == 1


def test_help_needs_no_dask_and_no_simpleitk(script: Path) -> None:
    command = [sys.executable, "-X", "importtime", script.name, "--help"]
    done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not {"dask", "distributed", "SimpleITK", "sqlite3"} & imported


def test_the_runtime_itself_imports_no_library() -> None:
    check = "import sys, vlc_runtime; print(sorted({'numpy', 'dask', 'SimpleITK', 'zstandard'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
