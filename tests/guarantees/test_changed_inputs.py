"""A file that is replaced after the run has digested it, and before it is read, is an error: its result would be stored
under the key of another content."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime import Plan, Print
from vlc_runtime.execute import execute
from vlc_runtime.kernels import simpleitk, vox1
from vlc_runtime.options import Options, Outcome


def written(path: Path, value: int) -> Path:
    """An image in which 60 voxels have this value; equal bytes for equal values."""
    sitk.WriteImage(sitk.GetImageFromArray(np.full((3, 4, 5), value, np.float32)), str(path))
    return path


def run(folder: Path, change: Callable[[], object], scheduler: str = "threads", stores: bool = True) -> Outcome:
    """Run a plan on `image.nii`; `change` is called when everything is planned and nothing is read."""
    image = vox1.intensity(simpleitk.ReadImage(str(folder / "image.nii")))
    plan = Plan(Print("ones", vox1.volume(vox1.eq_sv(1.0, image))), Print("one", 1))
    changes = [change]

    def told(_: object) -> None:
        if changes:
            changes.pop()()

    store = str(folder / "results") if stores else None
    return execute(plan, Options(store=store, scheduler=scheduler, workers=1, told=told))


@pytest.mark.parametrize("scheduler", ["threads", "sync", "processes"])
@pytest.mark.parametrize("age", [0, 10_000_000_000])
def test_a_replaced_file_fails_what_reads_it_and_is_read_by_the_next_run(
    tmp_path: Path, scheduler: str, age: int
) -> None:
    path = written(tmp_path / "image.nii", 1)
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - age))
    status = path.stat()

    def replace() -> None:
        written(path, 2)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    outcome = run(tmp_path, replace, scheduler)
    ((goal, failure),) = outcome.failures
    assert goal == 'print "ones"'
    assert failure.message == f"{path} changed since the run began"
    assert outcome.results == {"one": 1}
    assert run(tmp_path, lambda: None).results == {"ones": 0.0, "one": 1}
    written(path, 1)
    assert run(tmp_path, lambda: None).results == {"ones": 60.0, "one": 1}


@pytest.mark.parametrize("scheduler", ["threads", "sync", "processes"])
def test_a_replaced_file_fails_what_reads_it_where_nothing_is_stored_too(tmp_path: Path, scheduler: str) -> None:
    path = written(tmp_path / "image.nii", 1)
    ((_, failure),) = run(tmp_path, lambda: written(path, 2), scheduler, stores=False).failures
    assert failure.message == f"{path} changed since the run began"
    assert run(tmp_path, lambda: None, scheduler, stores=False).results == {"ones": 0.0, "one": 1}


def test_a_file_that_is_gone_fails_what_reads_it(tmp_path: Path) -> None:
    path = written(tmp_path / "image.nii", 1)
    ((_, failure),) = run(tmp_path, path.unlink).failures
    assert "image.nii" in failure.message


def test_a_file_that_was_touched_or_replaced_by_its_equal_is_no_other(tmp_path: Path) -> None:
    path = written(tmp_path / "image.nii", 1)
    assert run(tmp_path, lambda: os.utime(path, (0, 0))).results["ones"] == 60.0

    def move_a_copy_there() -> None:
        written(tmp_path / "copy.nii", 1).replace(path)

    other = tmp_path / "other"
    other.mkdir()
    path = written(other / "image.nii", 1)
    assert run(other, move_a_copy_there).results["ones"] == 60.0
