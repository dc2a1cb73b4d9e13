"""Images whose voxels are in files of their own."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime.errors import FileError
from vlc_runtime.image_files import read_image
from vlc_runtime.image_formats import files_of
from vlc_runtime.image_saving import write_image
from vlc_runtime.volume import Geometry, Volume

IMAGE = Volume(np.arange(60, dtype=np.uint8).reshape(3, 4, 5), Geometry.of_size(5, 4, 3))


@pytest.mark.parametrize("extension", [".nii", ".nii.gz", ".mha", ".nrrd"])
def test_most_images_are_one_file(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"image{extension}"
    write_image(IMAGE, path)
    assert files_of(path) == (path,) == files_of(str(path))


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("extension", [".mhd", ".nhdr", ".hdr"])
def test_a_header_and_its_voxels(tmp_path: Path, extension: str, compress: bool) -> None:
    path = tmp_path / f"image{extension}"
    sitk.WriteImage(sitk.GetImageFromArray(IMAGE.array), str(path), compress)
    parts = files_of(path)
    assert parts[0] == path and set(parts) == set(tmp_path.iterdir())
    assert len(parts) == 2
    np.testing.assert_array_equal(read_image(path).array, IMAGE.array)


@pytest.mark.parametrize("element", ["LIST", "slice%02d.raw 1 3 1"])
def test_a_file_a_slice(tmp_path: Path, element: str) -> None:
    names = [f"slice{number:02}.raw" for number in (1, 2, 3)]
    for name, plane in zip(names, IMAGE.array, strict=True):
        (tmp_path / name).write_bytes(plane.tobytes())
    header = f"ObjectType = Image\nNDims = 3\nDimSize = 5 4 3\nElementType = MET_UCHAR\nElementDataFile = {element}\n"
    (tmp_path / "image.mhd").write_text(header + ("\n".join(names) + "\n" if element == "LIST" else ""))
    np.testing.assert_array_equal(read_image(tmp_path / "image.mhd").array, IMAGE.array)
    assert files_of(tmp_path / "image.mhd") == (tmp_path / "image.mhd", *(tmp_path / name for name in names))


def test_missing_and_odd_headers(tmp_path: Path) -> None:
    assert files_of(tmp_path / "missing.mhd") == (tmp_path / "missing.mhd",)
    (tmp_path / "odd.nhdr").write_bytes(b"\xff\xfe nothing here\n")
    assert files_of(tmp_path / "odd.nhdr") == (tmp_path / "odd.nhdr",)
    (tmp_path / "local.mhd").write_text("ElementDataFile = LOCAL\n")
    assert files_of(tmp_path / "local.mhd") == (tmp_path / "local.mhd",)


@pytest.mark.parametrize("compress", [False, True])
def test_a_pair_must_be_whole(tmp_path: Path, compress: bool) -> None:
    sitk.WriteImage(sitk.GetImageFromArray(IMAGE.array), str(tmp_path / "image.hdr"))
    voxels = tmp_path / "image.img"
    content = voxels.read_bytes()
    if compress:
        voxels.unlink()
        voxels = tmp_path / "image.img.gz"
        content = gzip.compress(content)
        voxels.write_bytes(content)
    np.testing.assert_array_equal(read_image(tmp_path / "image.hdr").array, IMAGE.array)
    np.testing.assert_array_equal(read_image(voxels).array, IMAGE.array)
    assert files_of(voxels) == files_of(tmp_path / "image.hdr") == (tmp_path / "image.hdr", voxels)
    voxels.write_bytes(content[:-9])
    for path in (voxels, tmp_path / "image.hdr"):
        with pytest.raises(FileError, match="truncated") as raised:
            read_image(path)
        assert str(voxels) in raised.value.message
    voxels.unlink()
    with pytest.raises(FileError, match="is missing"):
        read_image(tmp_path / "image.hdr")
