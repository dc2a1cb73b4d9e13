"""NaN and infinities in NIfTI files are read as 0, whichever way a file is read, as SimpleITK reads them."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime.image_files import read_image
from vlc_runtime.kernels.algorithms.blocks import PIECE

VALUES = np.array([[1, np.nan, np.inf, 3e38], [-np.inf, -0.0, 2, 3e38]])


def same_as_simpleitk(path: Path) -> bool:
    expected = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
    found = read_image(path).array
    return found.dtype == expected.dtype and found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "a.hdr", "a.nrrd", "a.mha"])
def test_voxels_are_those_of_simpleitk(tmp_path: Path, name: str, dtype: type[np.floating]) -> None:
    sitk.WriteImage(sitk.GetImageFromArray(VALUES.astype(dtype)), str(tmp_path / name))
    assert same_as_simpleitk(tmp_path / name)
    assert np.isfinite(read_image(tmp_path / name).array).all() == (name not in ("a.nrrd", "a.mha"))


@pytest.mark.parametrize(("slope", "order"), [(2.0, "<"), (1.0, ">")])
def test_scaled_ones_and_those_of_other_machines_too(tmp_path: Path, slope: float, order: str) -> None:
    path = tmp_path / "a.nii"
    sitk.WriteImage(sitk.GetImageFromArray(VALUES[:, :3].astype(np.float32)), str(path))
    header = bytearray(path.read_bytes())
    struct.pack_into("<f", header, 112, slope)
    if order == ">":
        header = swapped(header)
    path.write_bytes(header)
    assert same_as_simpleitk(path)


def swapped(data: bytearray) -> bytearray:
    """A NIfTI-1 file of floats in the other byte order."""
    fields = "i10s18sihcB8h3f4h8f3fhBB4f2i80s24s2h6f4f4f4f16s4s"
    values = struct.unpack_from("<" + fields, data)
    rest = np.frombuffer(bytes(data[352:]), "<f4").astype(">f4").tobytes()
    return bytearray(struct.pack(">" + fields, *values) + bytes(data[348:352]) + rest)


def test_one_in_a_later_piece_is_found(tmp_path: Path) -> None:
    voxels = np.ones((PIECE // 1024 + 1, 1024), np.float32)
    voxels[-1, -1] = np.nan
    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(tmp_path / "a.nii"))
    assert read_image(tmp_path / "a.nii").array[-1, -1] == 0
    assert same_as_simpleitk(tmp_path / "a.nii")
