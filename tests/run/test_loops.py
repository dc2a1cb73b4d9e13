"""Loops as programs have them: what does not change is computed once, and few images are alive at a time."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime.execute import execute
from vlc_runtime.options import Options, Progress

from tests.run.programs import computed, run_program, script_of, write_image

PAIRS = """
import "simpleitk"
let img = Cast(ReadImage("a.nii"), "sitkUInt8")
let data = for i in range(1,{count}) do Multiply(BinaryThreshold(img,3,4,1,0), img)
let pairs = for j in data do MinimumMaximum(j)
print "pairs" pairs
"""

IMAGES = """
import "vox1"
import "simpleitk"
image = intensity(ReadImage("a.nii"))
data = for i in range(1,{count}) do near(image > i) & (image < i)
print "volumes" for j in data do volume(j)
"""


def test_what_does_not_depend_on_the_item_is_computed_once(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    ended = run_program(tmp_path, PAIRS.format(count=500))
    assert ended.status == 0, ended.err
    assert ended.out == f"pairs=[{', '.join(['[0.0, 4.0]'] * 499)}]\n"
    counts = computed(tmp_path)
    assert counts["simpleitk.Multiply"] == 1
    assert counts["simpleitk.MinimumMaximum"] == 1


def peak_memory(folder: Path, count: int) -> int:
    """The peak of a run's memory in bytes, measured in a process of its own."""
    script = script_of(folder, IMAGES.format(count=count), f"images{count}")
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, sys.executable, str(script), "--no-store", "--quiet"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return int(result.stdout) * (1 if sys.platform == "darwin" else 1024)


def test_memory_does_not_grow_with_the_number_of_items(tmp_path: Path) -> None:
    voxels = np.arange(100 * 100 * 100, dtype=np.float32).reshape(100, 100, 100)
    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(tmp_path / "a.nii"))
    image = 100**3
    assert peak_memory(tmp_path, 300) - peak_memory(tmp_path, 30) < 30 * image, "270 masks more would be 270 times this"


def test_a_loop_over_a_directory(tmp_path: Path) -> None:
    for number in range(3):
        write_image(tmp_path / "scans" / f"scan{number}.nii", seed=number)
    (tmp_path / "scans" / "notes.txt").write_text("no image")
    program = (
        'import "simpleitk"\nprint "r" for f in dir("scans", "*.nii", false, true) do MinimumMaximum(ReadImage(f))'
    )
    ended = run_program(tmp_path, program)
    assert ended.status == 0, ended.err
    assert ended.out == "r=[[0.0, 9.0], [0.0, 9.0], [0.0, 9.0]]\n"


def test_a_length_that_is_known_only_when_something_was_computed(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = """
import "vox1"
import "simpleitk"
image = intensity(ReadImage("a.nii"))
print "r" for i in range(max(image)) do volume(image > i)
print "kept" filter i in range(10) do volume(image > i) > 20
"""
    ended = run_program(tmp_path, program)
    assert ended.status == 0, ended.err
    voxels = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "a.nii")))
    volumes = [float((voxels > i).sum()) for i in range(10)]
    assert ended.out == f"r={volumes[:9]}\nkept={[i for i in range(10) if volumes[i] > 20]}\n"


@pytest.mark.parametrize(("chosen", "computes"), [("all[3]", 1), ("all[2:4]", 2), ("subsequence(all, 5)", 5)])
def test_only_the_items_that_are_asked_for_are_computed(chosen: str, computes: int, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = f"""
import "vox1"
import "simpleitk"
image = intensity(ReadImage("a.nii"))
all = for i in range(8) do volume(near(image > i))
print "r" {chosen}
"""
    ended = run_program(tmp_path, program)
    assert ended.status == 0, ended.err
    assert computed(tmp_path)["vox1.volume"] == computes


TWO_LOOPS = """
import "vox1"
import "simpleitk"
files = dir("images", "*.nii", false, true)
bright(file) = maxvol(intensity(ReadImage(file)) >. 4)
print "bright" for file in files do volume(bright(file))
print "around" for path in files do volume(near(bright(path)))
"""


def test_loops_over_one_sequence_share_its_items(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        write_image(tmp_path / "images" / f"{number}.nii", number)
    monkeypatch.chdir(tmp_path)
    plan = runpy.run_path(str(script_of(tmp_path, TWO_LOOPS)))["build"]()
    told: list[tuple[int, bool, int]] = []

    def tell(progress: Progress) -> None:
        told.append((progress.files, progress.total > 0, progress.loop_items))

    outcome = execute(plan, Options(scheduler="sync", told=tell))
    assert told[:3] == [(files, False, 0) for files in (1, 2, 3)]
    assert set(told[3:]) == {(3, True, 3)}
    bright, around = (value for _, _, value in outcome.shown)
    assert all(0 < few < more for few, more in zip(bright, around, strict=True))
    # what belongs to an item is done in one go, and images are dropped before the next
    (record,) = (tmp_path / "results" / "runs").glob("*.jsonl")
    lines = map(json.loads, record.read_text("ascii").splitlines())
    order = [line["operator"] for line in lines if line["event"] == "node"]
    assert order == order[: len(order) // 3] * 3
    assert Counter(order)["vox1.maxvol"] == 3
