"""The programs of examples/, compiled and run from the command line on small images."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "examples"


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the images and truths of two small heads, whose voxels are as large as a head of them needs."""
    folder = tmp_path_factory.mktemp("heads")
    script = [sys.executable, str(EXAMPLES / "make_phantom.py"), "--cases", "2", "--seed", "2"]
    subprocess.run([*script, "--size", "48x56x40", "--output", str(folder)], check=True, capture_output=True)
    for path in folder.iterdir():
        image = sitk.ReadImage(str(path))
        image.SetSpacing((1.9, 1.9, 1.9))
        sitk.WriteImage(image, str(path), True)
    return folder


def run(program: str, *options: str) -> list[str]:
    """The lines that a program prints."""
    command = [sys.executable, "-m", "vlc", "run", str(EXAMPLES / program), "--no-store", "--quiet", *options]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def settings(**parameters: object) -> list[str]:
    return [part for name, value in parameters.items() for part in ("--set", f"{name}={value}")]


def voxels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(sitk.GetArrayFromImage(sitk.ReadImage(str(path))))


def dice(left: Path, right: Path) -> float:
    a, b = voxels(left) > 0, voxels(right) > 0
    return float(2 * np.count_nonzero(a & b) / (np.count_nonzero(a) + np.count_nonzero(b)))


def test_glioblastoma_in_both_dialects(heads: Path, tmp_path: Path) -> None:
    scores = []
    for case in ("case01", "case02"):
        lines = run("glioblastoma.imgql", *settings(INPUTDIR=heads, NAME=case, OUTPUTDIR=tmp_path))
        assert [line.partition("=")[0][:7] for line in lines] == ["01_dice", "02_dice", "03_dice", "04_dice"]
        scores.append(float(lines[-1].partition("=")[2]))
        assert scores[-1] == dice(tmp_path / f"{case}_gtv.nii.gz", heads / f"{case}_truth.nii.gz")
    assert min(scores) > 0.9
    lines = run("glioblastoma_cohort.imgql", *settings(folder=heads), "--output", str(tmp_path))
    assert json.loads(lines[1].partition("=")[2]) == scores
    assert json.loads((tmp_path / "output" / "scores.json").read_text()) == scores
    for case in ("case01", "case02"):
        assert np.array_equal(
            voxels(tmp_path / "output" / f"{case}_flair_tumour.nii.gz"), voxels(tmp_path / f"{case}_gtv.nii.gz")
        )


def test_colour(tmp_path: Path) -> None:
    lines = run("colour.imgql", "--output", str(tmp_path))
    assert lines[0] == "things=3.0"
    table, things = voxels(tmp_path / "output" / "table.png"), voxels(tmp_path / "output" / "things.png")
    assert set(np.unique(table)) == {0, 255}
    picture = voxels(EXAMPLES / "data" / "items.png")
    shown = things.any(axis=2)
    assert np.array_equal(things[shown], picture[shown])
    assert f"pixels={np.count_nonzero(shown)}.0" in lines


def test_region_calculus(tmp_path: Path) -> None:
    lines = run("region_calculus.imgql", "--output", str(tmp_path))
    assert [line.rpartition("=")[2] for line in lines] == ["True"] * 6 + ["False"] * 2


def test_the_pictures_are_what_their_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(EXAMPLES / "make_pictures.py"), "--output", str(tmp_path)], check=True)
    for name in ("items.png", "regions.png"):
        assert np.array_equal(voxels(tmp_path / name), voxels(EXAMPLES / "data" / name))
