"""The phantom: the same voxels for the same seed, a head that stays off the border, two lesions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from scipy import ndimage

SCRIPT = Path(__file__).parent.parent.parent / "examples" / "make_phantom.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


def test_cases_are_made_and_reproducible(tmp_path: Path) -> None:
    first, second = tmp_path / "one" / "deep", tmp_path / "two"
    result = run("--cases", "2", "--size", "60x70x50", "--output", str(first))
    assert result.returncode == 0, result.stderr
    assert "case02" in result.stderr
    assert "(2 of 2)" in result.stderr
    assert run("--cases", "1", "--size", "60x70x50", "--output", str(second), "--seed", "2").returncode == 0
    assert sorted(path.name for path in first.iterdir()) == [
        "case01_flair.nii.gz",
        "case01_truth.nii.gz",
        "case02_flair.nii.gz",
        "case02_truth.nii.gz",
    ]
    for kind in ("flair", "truth"):
        again = sitk.GetArrayFromImage(sitk.ReadImage(str(second / f"case01_{kind}.nii.gz")))
        assert np.array_equal(sitk.GetArrayFromImage(sitk.ReadImage(str(first / f"case02_{kind}.nii.gz"))), again)
    flairs = [sitk.GetArrayFromImage(sitk.ReadImage(str(first / f"case0{n}_flair.nii.gz"))) for n in (1, 2)]
    assert not np.array_equal(*flairs)


def test_a_head_has_two_bright_lesions_and_stays_off_the_border(tmp_path: Path) -> None:
    assert run("--size", "80x90x60", "--output", str(tmp_path)).returncode == 0
    image = sitk.ReadImage(str(tmp_path / "case01_flair.nii.gz"))
    assert image.GetSize() == (80, 90, 60)
    flair = sitk.GetArrayFromImage(image)
    truth = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "case01_truth.nii.gz"))) == 1
    for axis in range(3):
        assert not flair.take([0, -1], axis).any()
    _, lesions = ndimage.label(truth, np.ones((3, 3, 3)))
    assert lesions == 2
    brain = flair > 0
    assert brain[truth].all()
    assert flair[truth].mean() > 1.5 * flair[brain & ~truth].mean()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--size", "10x10"], "a size is like 240x240x155"),
        (["--size", "10x10x10"], "at least 24"),
        (["--cases", "0"], "a number of cases"),
        (["--cases", "many"], "a number of cases"),
        (["--seed", "-1"], "not negative"),
    ],
)
def test_wrong_options(arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("--size", "24x24x24", "--output", str(tmp_path / "file" / "below"))
    assert result.returncode == 2
    assert "cannot make" in result.stderr
