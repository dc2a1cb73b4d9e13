"""Images whose voxels are in files of their own."""

from __future__ import annotations

import gzip
import io
import locale
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime.errors import FileError
from vlc_runtime.image_files import read_header, read_image, read_series
from vlc_runtime.image_formats import (
    KNOWN_EXTENSIONS,
    NIFTI_EXTENSIONS,
    PAIR_EXTENSIONS,
    RASTER_EXTENSIONS,
    files_of,
)
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


META = "ObjectType = Image\nNDims = 3\nDimSize = 5 4 3\nElementType = MET_UCHAR\n"
NRRD = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 5 4 3\nencoding: raw\n"
SLICES = ["slice1.raw", "slice2.raw", "slice3.raw"]


def write_slices(folder: Path) -> None:
    for name, plane in zip(SLICES, IMAGE.array, strict=True):
        (folder / name).write_bytes(plane.tobytes())


@pytest.mark.parametrize(
    ("name", "header", "image_io"),
    [
        ("image.mha", META + "ElementDataFile = voxels.raw\n", ""),
        ("image.mhd", META + "ElementDataFile : voxels.raw\n", ""),
        ("image.mha", META + "ElementDataFile=voxels.raw", ""),
        ("image.mhd", META + " ElementDataFile := voxels.raw  \r\n", ""),
        ("image.mhd", META + "ElementDataFile\n= voxels.raw\n", ""),
        ("image.mha", META + "Note = of some length\n" * 300 + "ElementDataFile = voxels.raw\n", ""),
        ("image.foo", META + "ElementDataFile = voxels.raw\n", "MetaImageIO"),
        ("image.png", META + "Note = of some length\n" * 300 + "ElementDataFile = voxels.raw\n", "MetaImageIO"),
        ("image.nrrd", NRRD + "data file: voxels.raw\n", ""),
        ("image.nrrd", NRRD + "datafile: voxels.raw\r\n", ""),
        ("image.nhdr", NRRD + f"# {'x' * 5000}\nData File:  voxels.raw\n\n", ""),
        ("image.foo", NRRD + "data file: voxels.raw\n", "NrrdImageIO"),
    ],
)
def test_what_the_text_of_a_header_says(tmp_path: Path, name: str, header: str, image_io: str) -> None:
    """Where the voxels are does not go by the ending, and is spelled in many ways."""
    (tmp_path / "voxels.raw").write_bytes(IMAGE.array.tobytes())
    (tmp_path / name).write_bytes(header.encode())
    np.testing.assert_array_equal(read_image(tmp_path / name, None, image_io).array, IMAGE.array)
    assert files_of(tmp_path / name) == (tmp_path / name, tmp_path / "voxels.raw")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("image.mha", META + "ElementDataFile = LIST\n" + "\n".join(SLICES) + "\n"),
        ("image.mha", META + "ElementDataFile = LIST 2\n" + "\n".join(SLICES) + "\nanother.raw\n"),
        ("image.mhd", META + "ElementDataFile = slice%d.raw\n"),
        ("image.mha", META + "ElementDataFile = slice%i.raw 1 7 1\n"),
        ("image.nrrd", NRRD + "data file: LIST 2\n" + "\n".join(SLICES) + "\n"),
        ("image.nrrd", NRRD + "data file: slice%d.raw 1 3 1\n"),
    ],
)
def test_a_file_a_slice_in_other_words(tmp_path: Path, name: str, header: str) -> None:
    write_slices(tmp_path)
    (tmp_path / name).write_text(header)
    np.testing.assert_array_equal(read_image(tmp_path / name).array, IMAGE.array)
    assert files_of(tmp_path / name) == (tmp_path / name, *(tmp_path / each for each in SLICES))


@pytest.mark.parametrize(
    ("name", "line", "voxels", "image_io"),
    [
        ("image.spr", "", "image.sdt", ""),
        ("image.foo", "", "image.foo.sdt", "StimulateImageIO"),
        ("image.spr", "stimFileName: other.sdt\n", "other.sdt", ""),
    ],
)
def test_an_image_of_stimulate(tmp_path: Path, name: str, line: str, voxels: str, image_io: str) -> None:
    (tmp_path / name).write_text(f"numDim: 3\ndim: 5 4 3\norigin: 0 0 0\ninterval: 1 1 1\ndataType: BYTE\n{line}")
    (tmp_path / voxels).write_bytes(IMAGE.array.tobytes())
    before = locale.setlocale(locale.LC_ALL)
    np.testing.assert_array_equal(read_image(tmp_path / name, None, image_io).array, IMAGE.array)
    assert locale.setlocale(locale.LC_ALL) == before, "ITK's reader changes it"
    assert files_of(tmp_path / name) == (tmp_path / name, tmp_path / voxels)


def test_numbers_that_go_down_or_in_steps(tmp_path: Path) -> None:
    write_slices(tmp_path)
    (tmp_path / "down.nrrd").write_text(NRRD + "data file: slice%d.raw 3 1 -1\n")
    np.testing.assert_array_equal(read_image(tmp_path / "down.nrrd").array, IMAGE.array[::-1])
    assert files_of(tmp_path / "down.nrrd")[1:] == tuple(tmp_path / name for name in reversed(SLICES))
    for number in (1, 3, 5):
        (tmp_path / f"odd{number}.raw").write_bytes(IMAGE.array[number // 2].tobytes())
    (tmp_path / "odd.mhd").write_text(META + "ElementDataFile = odd%d.raw 1 7\n")  # 6 // 3 is the step
    np.testing.assert_array_equal(read_image(tmp_path / "odd.mhd").array, IMAGE.array)
    assert files_of(tmp_path / "odd.mhd")[1:] == tuple(tmp_path / f"odd{number}.raw" for number in (1, 3, 5))


@pytest.mark.parametrize(
    ("name", "voxels", "problem"),
    [
        ("image.mhd", "slice%d.raw 1 3", "numbers do not grow"),  # a division by zero in ITK
        ("image.mha", "slice%d.raw 1 3 0", "numbers do not grow"),
        ("image.mhd", "slice%d.raw 1 3 0.5", "numbers do not grow"),
        ("image.mhd", "slice%d.raw 3 1 -1", "numbers do not grow"),
        ("image.mhd", "slice%s.raw 1 3 1", "in a way that is not understood"),
        ("image.mhd", "slice%d.raw 1 3 1 2", "in a way that is not understood"),
        ("image.mhd", "slice%d.raw 1 2 1", "names 2 files of voxels, where its size needs 3"),
        ("image.mhd", "LIST\nslice1.raw\nslice2.raw\n", "lists 2 files of 2 axes, where its size needs 3"),
        ("image.mhd", "LIST\nslice1.raw\nslice2.raw\nslice3.raw", "lists 2 files of 2 axes, where its size needs 3"),
        ("image.mhd", "LIST 3\nslice1.raw\n", "lists 1 files of 3 axes"),
        ("image.nrrd", "slice%s%d.raw 1 3 1", "in no way that is known"),
    ],
)
def test_headers_with_which_the_library_would_go_wrong(tmp_path: Path, name: str, voxels: str, problem: str) -> None:
    """It ends the process, or takes voxels from what the memory held: such a header is not read at all."""
    write_slices(tmp_path)
    header = META + "ElementDataFile = " if name != "image.nrrd" else NRRD + "data file: "
    (tmp_path / name).write_text(header + voxels + ("" if voxels.endswith("3.raw") else "\n"))
    readers: list[Callable[[str], object]] = [read_image, read_header, lambda path: read_series([path])]
    for read in readers:
        with pytest.raises(FileError, match=problem) as raised:
            read(str(tmp_path / name))
        assert str(tmp_path / name) in raised.value.message
    assert files_of(tmp_path / name) == (tmp_path / name,)


@pytest.mark.parametrize(("name", "local"), [("image.mha", "ElementDataFile = LOCAL\n"), ("image.nrrd", "\n")])
def test_of_a_large_image_the_header_alone_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, local: str
) -> None:
    header = META if name.endswith(".mha") else NRRD
    (tmp_path / name).write_bytes((header + local).encode() + b"\ndata file: x\nElementDataFile = x\n" * 100_000)
    asked: list[int] = []

    class Counted(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(-1 if size is None else size)
            return super().read(size)

    monkeypatch.setattr(Path, "open", lambda path, mode: Counted(path, mode))
    assert files_of(tmp_path / name) == (tmp_path / name,)
    assert asked == [4096]


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


@pytest.mark.parametrize("voxels", ["image.img", "image.img.gz"])
def test_a_pair_whose_header_is_compressed(tmp_path: Path, voxels: str) -> None:
    sitk.WriteImage(sitk.GetImageFromArray(IMAGE.array), str(tmp_path / "image.hdr"))
    for name in ("image.hdr", "image.img") if voxels.endswith(".gz") else ("image.hdr",):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress((tmp_path / name).read_bytes()))
        (tmp_path / name).unlink()
    for name in ("image.hdr.gz", voxels):
        assert files_of(tmp_path / name) == (tmp_path / "image.hdr.gz", tmp_path / voxels)
        np.testing.assert_array_equal(read_image(tmp_path / name).array, IMAGE.array)


@pytest.mark.parametrize("extension", KNOWN_EXTENSIONS)
@pytest.mark.parametrize("spell", [str.upper, str.title])
def test_endings_in_capital_letters(tmp_path: Path, extension: str, spell: Callable[[str], str]) -> None:
    """They are read as those in small letters are, also as a series; those of NIfTI are not both in one name."""
    image = sitk.GetImageFromArray(IMAGE.array[0] if extension in RASTER_EXTENSIONS else IMAGE.array)
    pair = extension in PAIR_EXTENSIONS
    sitk.WriteImage(image, str(tmp_path / ("small.hdr" if pair else f"small{extension}")))
    if pair:
        for name, compressed in (("small.hdr", ".hdr.gz"), ("small.img", ".img.gz")):
            if extension == compressed:
                (tmp_path / f"{name}.gz").write_bytes(gzip.compress((tmp_path / name).read_bytes()))
                (tmp_path / name).unlink()
    expected = read_image(tmp_path / f"small{extension}")
    for path in files_of(tmp_path / f"small{extension}") if pair else [tmp_path / f"small{extension}"]:
        small = "".join(path.suffixes)
        path.rename(tmp_path / f"small{spell(small)}")
    path = tmp_path / f"small{spell(extension)}"
    if spell is str.title and extension in (*NIFTI_EXTENSIONS, *PAIR_EXTENSIONS):
        for read in (read_image, read_header):
            with pytest.raises(FileError, match="in small letters, or all in capital ones"):
                read(path)
        return
    assert read_header(path).geometry == expected.geometry
    np.testing.assert_array_equal(read_image(path).array, expected.array)
    if extension in (".jpg", ".png"):
        np.testing.assert_array_equal(read_series([str(path)] * 2).array[1], expected.array)


@pytest.mark.parametrize("extension", [".MHD", ".Mha", ".Jpg", ".JPEG"])
def test_a_wrong_ending_in_capital_letters(tmp_path: Path, extension: str) -> None:
    (tmp_path / f"text{extension}").write_text("once upon a time there was no image here; " * 30)
    with pytest.raises(FileError, match="does not hold what its name says"):
        read_image(tmp_path / f"text{extension}")
