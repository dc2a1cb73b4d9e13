"""Files that cannot be read or written: one readable error that names the file, and nothing left behind."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from vlc_runtime.errors import FileError
from vlc_runtime.image_files import read_header, read_image, read_series
from vlc_runtime.image_saving import WRITABLE_EXTENSIONS, write_image
from vlc_runtime.volume import Geometry, Volume

SLICE = Volume((np.arange(400).reshape(20, 20) * 7 % 251).astype(np.uint8), Geometry.of_size(20, 20))
EXTENSIONS = [extension for extension in WRITABLE_EXTENSIONS if extension not in (".jpeg", ".tiff")]


def message(path: Path) -> str:
    with pytest.raises(FileError) as raised:
        read_image(path)
    assert str(path) in raised.value.message
    return raised.value.message


def test_missing_directory_empty_and_foreign(tmp_path: Path) -> None:
    assert "no such file" in message(tmp_path / "missing.nii.gz")
    (tmp_path / "folder.nii").mkdir()
    assert "is a directory" in message(tmp_path / "folder.nii")
    (tmp_path / "file").write_text("x")
    assert "not a directory" in message(tmp_path / "file" / "a.nii")
    (tmp_path / "notes.docx").write_text("hello" * 100)
    assert "not an image of a known format" in message(tmp_path / "notes.docx")
    with pytest.raises(FileError, match="null byte"):
        read_image("a\0b.nii")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_empty_and_wrong_content(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"image{extension}"
    path.write_bytes(b"")
    assert "is empty" in message(path)
    path.write_bytes(b"once upon a time there was no image here; " * 30)
    text = message(path)
    assert "says" in text
    with pytest.raises(FileError):
        read_header(path)


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, -30])
def test_truncated(tmp_path: Path, extension: str, part: float) -> None:
    path = tmp_path / f"image{extension}"
    write_image(SLICE, path)
    voxels = path if extension != ".mhd" else path.with_suffix(".raw")
    whole = voxels.read_bytes()
    cut = int(len(whole) * part) if part > 0 else len(whole) + int(part)
    voxels.write_bytes(whole[:cut])
    if extension == ".tif" and part < 0:  # what is missing is the name of the program that wrote it
        np.testing.assert_array_equal(read_image(path).array, SLICE.array)
        return
    message(path)


@pytest.mark.parametrize("position", ["early", "middle", "checksum"])
def test_a_flipped_bit_in_a_compressed_volume(tmp_path: Path, position: str) -> None:
    path = tmp_path / "image.nii.gz"
    write_image(SLICE, path)
    damaged = bytearray(path.read_bytes())
    damaged[{"early": 30, "middle": len(damaged) // 2, "checksum": len(damaged) - 6}[position]] ^= 4
    path.write_bytes(damaged)
    assert "damaged" in message(path) or "truncated" in message(path)


def test_a_flipped_bit_of_a_small_file_is_never_taken_for_what_the_file_says(tmp_path: Path) -> None:
    """Most of a small compressed image is its header, and much of that is not looked at otherwise."""
    path = tmp_path / "image.nii.gz"
    write_image(Volume(np.zeros((3, 4, 5), np.uint8), Geometry.of_size(5, 4, 3)), path)
    whole = path.read_bytes()
    told = []
    for position in range(10, len(whole)):  # after what gzip keeps of the file
        flipped = bytearray(whole)
        flipped[position] ^= 1
        path.write_bytes(flipped)
        try:
            assert not read_image(path).array.any()  # the bit is one that fills a byte up
        except FileError as error:
            told.append(error.message)
    assert len(told) > 0.8 * len(whole)
    assert all("its gzip data" in each for each in told), told


@pytest.mark.parametrize("extent", [0, -1, 9])
def test_a_header_that_is_wrong_in_a_sound_file_is_told(tmp_path: Path, extent: int) -> None:
    path = tmp_path / "image.nii"
    write_image(Volume(np.zeros((3, 4, 5), np.uint8), Geometry.of_size(5, 4, 3)), path)
    content = bytearray(path.read_bytes())
    content[42:44] = extent.to_bytes(2, "little", signed=True)
    (tmp_path / "image.nii.gz").write_bytes(gzip.compress(content))
    expected = {0: "has no voxels", -1: "its NIfTI header announces", 9: "its header announces"}[extent]
    assert expected in message(tmp_path / "image.nii.gz")


@pytest.mark.parametrize("content", [b"hello\n", b"no image " * 100])
def test_what_is_not_compressed_is_not_called_truncated(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "text.nii.gz"
    path.write_bytes(content)
    assert message(path) == f"{path} is not gzip data, whatever its name says"


def test_an_image_that_is_not_compressed_is_read_all_the_same(tmp_path: Path) -> None:
    write_image(SLICE, tmp_path / "image.nii")
    (tmp_path / "image.nii").rename(tmp_path / "image.nii.gz")
    np.testing.assert_array_equal(read_image(tmp_path / "image.nii.gz").array, SLICE.array)


def test_stored_blocks_with_a_wrong_checksum_are_damaged(tmp_path: Path) -> None:
    """A flip in an uncompressed block of gzip decompresses without an error but for the checksum."""
    path = tmp_path / "image.nii"
    write_image(SLICE, path)
    stored = bytearray(gzip.compress(path.read_bytes(), compresslevel=0))
    (tmp_path / "image.nii.gz").write_bytes(stored)
    np.testing.assert_array_equal(read_image(tmp_path / "image.nii.gz").array, SLICE.array)
    stored[-100] ^= 1
    (tmp_path / "image.nii.gz").write_bytes(stored)
    assert "damaged" in message(tmp_path / "image.nii.gz")


def test_several_gzip_members_are_one_file(tmp_path: Path) -> None:
    write_image(SLICE, tmp_path / "image.nii")
    content = (tmp_path / "image.nii").read_bytes()
    (tmp_path / "parts.nii.gz").write_bytes(gzip.compress(content[:500]) + gzip.compress(content[500:]))
    np.testing.assert_array_equal(read_image(tmp_path / "parts.nii.gz").array, SLICE.array)


@pytest.mark.parametrize("extension", [".nii", ".nii.gz", ".mha", ".nrrd"])
def test_a_time_series_is_not_an_image(tmp_path: Path, extension: str) -> None:
    import SimpleITK as sitk

    path = tmp_path / f"series{extension}"
    sitk.WriteImage(sitk.GetImageFromArray(np.zeros((3, 4, 5, 6), np.int16), isVector=False), str(path))
    with pytest.raises(FileError, match="4 axes") as raised:
        read_image(path)
    assert "time point" in raised.value.hint
    with pytest.raises(FileError, match="4 axes"):
        read_header(path)


def test_no_voxels(tmp_path: Path) -> None:
    write_image(SLICE, tmp_path / "image.nii")
    content = bytearray((tmp_path / "image.nii").read_bytes())
    content[42:44] = b"\0\0"
    (tmp_path / "none.nii").write_bytes(content)
    assert "no voxels" in message(tmp_path / "none.nii")


def test_nonsense_in_a_nifti_header(tmp_path: Path) -> None:
    write_image(SLICE, tmp_path / "image.nii")
    content = bytearray((tmp_path / "image.nii").read_bytes())
    content[40:42] = b"\x63\0"
    (tmp_path / "axes.nii").write_bytes(content)
    assert "99 axes" in message(tmp_path / "axes.nii")
    content[40:44] = b"\x02\0\xff\xff"
    (tmp_path / "negative.nii").write_bytes(content)
    assert "-1" in message(tmp_path / "negative.nii")


def test_series_of_slices(tmp_path: Path) -> None:
    paths = []
    for index in range(3):
        paths.append(str(tmp_path / f"slice{index}.png"))
        write_image(Volume(SLICE.array // 2 + np.uint8(index), SLICE.geometry), paths[-1])
    stack = read_series(paths)
    assert stack.geometry.size == (20, 20, 3)
    np.testing.assert_array_equal(stack.array, np.stack([SLICE.array // 2 + np.uint8(index) for index in range(3)]))
    with pytest.raises(FileError, match=r"slice9\.png"):
        read_series([*paths, str(tmp_path / "slice9.png")])
    with pytest.raises(FileError, match="no files"):
        read_series([])


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.mha"
    write_image(SLICE, path)
    path.chmod(0)
    assert "no permission" in message(path)
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="no permission"):
        write_image(SLICE, tmp_path / "other.mha")
    tmp_path.chmod(0o700)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("extension", [".nii", ".nii.gz", ".mha", ".mhd", ".nrrd", ".png", ".tif", ".bmp"])
def test_a_full_disk(small_disk: Path, extension: str) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (400, 400)).astype(np.uint8)
    with pytest.raises(FileError, match="cannot be written"):
        write_image(Volume(noise, Geometry.of_size(400, 400)), small_disk / f"image{extension}")
    assert list(small_disk.iterdir()) == []


def test_a_read_only_disk(small_disk: Path) -> None:
    write_image(SLICE, small_disk / "before.mha")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(FileError, match="read-only"):
        write_image(SLICE, small_disk / "image.mha")
    with pytest.raises(FileError, match="read-only"):
        write_image(SLICE, small_disk / "folder" / "image.mha")
    np.testing.assert_array_equal(read_image(small_disk / "before.mha").array, SLICE.array)


def test_unwritable_places(tmp_path: Path) -> None:
    (tmp_path / "folder.nii").mkdir()
    with pytest.raises(FileError, match="is a directory"):
        write_image(SLICE, tmp_path / "folder.nii")
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError, match="not a directory"):
        write_image(SLICE, tmp_path / "file" / "image.nii")
    with pytest.raises(FileError, match="extension") as raised:
        write_image(SLICE, tmp_path / "image.xyz")
    assert ".nii.gz" in raised.value.hint
    with pytest.raises(FileError, match="extension"):
        write_image(SLICE, tmp_path / "image")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.nii"]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_writing_replaces_and_leaves_nothing_else(tmp_path: Path, extension: str) -> None:
    write_image(SLICE, tmp_path / f"image{extension}")
    names = sorted(path.name for path in tmp_path.iterdir())
    write_image(Volume(SLICE.array[::-1].copy(), SLICE.geometry), tmp_path / f"image{extension}")
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    back = read_image(tmp_path / f"image{extension}").array
    if extension != ".jpg":
        np.testing.assert_array_equal(back, SLICE.array[::-1])


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems have no such names")
def test_names_that_are_not_text_never_come_to_the_library(tmp_path: Path) -> None:
    """It ends the process at one; `\\udcff` stands for a byte that is no UTF-8."""
    folder = tmp_path / "\udcff"
    for extension in WRITABLE_EXTENSIONS:
        with pytest.raises(FileError, match=r"\\udcff/a\..* cannot be written: its name is not UTF-8"):
            write_image(SLICE, folder / f"a{extension}")
    assert list(tmp_path.iterdir()) == []
    write_image(SLICE, tmp_path / "a.mha")
    (tmp_path / "a.mha").rename(tmp_path / "a\udcff.mha")
    for read in (read_image, read_header):
        with pytest.raises(FileError, match=r"a\\udcff\.mha cannot be read: its name is not UTF-8"):
            read(tmp_path / "a\udcff.mha")
