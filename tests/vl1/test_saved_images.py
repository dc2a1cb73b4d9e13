"""What `save` writes reads back equal: masks and numbers, their pixel type and their place in space."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from tests.vl1.programs import run

ANGLE = np.deg2rad(30)
ROTATED = (np.cos(ANGLE), -np.sin(ANGLE), 0.0, np.sin(ANGLE), np.cos(ANGLE), 0.0, 0.0, 0.0, 1.0)


@pytest.fixture
def head(tmp_path: Path) -> Path:
    """A file with an image of numbers that float32 rounds, in a place of its own."""
    random = np.random.default_rng(3)
    image = sitk.GetImageFromArray(random.normal(0, 1000, (4, 5, 6)))
    image.SetSpacing((0.5, 0.7, 3.1))
    image.SetOrigin((-12.5, 7.25, 100.1))
    image.SetDirection(ROTATED)
    path = tmp_path / "head.mha"
    sitk.WriteImage(image, str(path))
    return path


@pytest.mark.parametrize("extension", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_masks_and_numbers_in_space(head: Path, tmp_path: Path, extension: str) -> None:
    run(
        f'load i = "{head}"\nlet img = intensity(i)\n'
        f'save "{tmp_path}/mask{extension}" img >. 0\nsave "{tmp_path}/numbers{extension}" img /. 3\n'
    )
    source = sitk.ReadImage(str(head))
    voxels = sitk.GetArrayFromImage(source).astype(np.float32)
    mask, numbers = (sitk.ReadImage(str(tmp_path / f"{name}{extension}")) for name in ("mask", "numbers"))
    assert (mask.GetPixelID(), numbers.GetPixelID()) == (sitk.sitkUInt8, sitk.sitkFloat32)
    assert np.array_equal(sitk.GetArrayFromImage(mask), (voxels > 0).astype(np.uint8))
    assert np.array_equal(sitk.GetArrayFromImage(numbers), voxels * np.float32(1 / 3))
    tolerance = 1e-6 if extension.startswith(".nii") else 1e-12  # NIfTI keeps float32
    for saved in (mask, numbers):
        np.testing.assert_allclose(saved.GetSpacing(), source.GetSpacing(), rtol=tolerance)
        np.testing.assert_allclose(saved.GetOrigin(), source.GetOrigin(), rtol=tolerance)
        np.testing.assert_allclose(saved.GetDirection(), source.GetDirection(), atol=tolerance)
    again = run(
        f'load mask = "{tmp_path}/mask{extension}"\nload numbers = "{tmp_path}/numbers{extension}"\n'
        f'let i = numbers\nprint "same" eqB(intensity(mask) >. 0, intensity(numbers) >. 0)\nprint "r" intensity(i)\n'
    )
    assert again["same"] is True
    assert np.array_equal(again["r"].array, voxels * np.float32(1 / 3))


def test_pictures(tmp_path: Path) -> None:
    """A mask is black and white; numbers are written as they are, and read back equal if they are 0 to 255."""
    numbers = np.arange(256, dtype=np.uint8).reshape(8, 32)
    sitk.WriteImage(sitk.GetImageFromArray(numbers), str(tmp_path / "in.png"))
    run(
        f'load i = "{tmp_path}/in.png"\nlet img = intensity(i)\n'
        f'save "{tmp_path}/mask.png" img >. 99\nsave "{tmp_path}/numbers.png" img\n'
        f'save "{tmp_path}/colour.png" rgb(img, 255 .- img, img *. 0)\n'
    )
    mask = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "mask.png")))
    assert np.array_equal(mask, np.where(numbers > 99, 255, 0))
    saved = sitk.ReadImage(str(tmp_path / "numbers.png"))
    assert saved.GetPixelID() == sitk.sitkUInt8
    assert np.array_equal(sitk.GetArrayFromImage(saved), numbers)
    colour = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "colour.png")))
    assert np.array_equal(colour, np.stack([numbers, 255 - numbers, 0 * numbers], axis=2))
    again = run(f'load m = "{tmp_path}/mask.png"\nprint "r" volume(intensity(m) >. 0)')
    assert again == {"r": 156.0}
