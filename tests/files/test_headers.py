"""What a header says of an image is asked of the library once for all files that share it, and never of another."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime import image_files
from vlc_runtime.errors import FileError
from vlc_runtime.image_files import read_header, read_image

KINDS: list[dict[str, Any]] = [
    {},
    {"value": 2},
    {"size": (5, 6, 4)},
    {"spacing": (1.0, 1.001, 2.0)},
    {"origin": (1e-5, 0.0, 0.0)},
    {"direction": (0.0, -1.0, 0, 1.0, 0, 0, 0, 0, 1.0)},
    {"dtype": np.float32},
    {"value": 3},
]
DIFFERENT = 6
"""Of these kinds, as many have a header that no other has; the values are not in it."""
ENDINGS = (".nii", ".nii.gz", ".mha")


def write(path: Path, kind: dict[str, Any]) -> Path:
    voxels = np.full(kind.get("size", (6, 5, 4))[::-1], kind.get("value", 1), kind.get("dtype", np.uint8))
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing(kind.get("spacing", (1.0, 1.0, 2.0)))
    image.SetOrigin(kind.get("origin", (0.0, 0.0, 0.0)))
    image.SetDirection(kind.get("direction", (1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0)))
    sitk.WriteImage(image, str(path))
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of which the library is asked, from here on, as if nothing had been asked before."""
    image_files._header_of_one.cache_clear()
    names: list[str] = []
    reader = image_files._informed_reader

    def told(file: Path, *more: Any) -> Any:
        names.append(file.name)
        return reader(file, *more)

    monkeypatch.setattr(image_files, "_informed_reader", told)
    return names


def test_the_library_is_asked_once_for_each_header(tmp_path: Path, asked: list[str]) -> None:
    paths = [write(tmp_path / f"{number}{end}", kind) for end in ENDINGS for number, kind in enumerate(KINDS)]
    found = [read_header(path) for path in paths]
    assert len(asked) == 2 * DIFFERENT + len(KINDS)
    for path, header in zip(paths, found, strict=True):
        image_files._header_of_one.cache_clear()
        assert read_header(path) == header
        assert header.geometry == read_image(path).geometry
    for start in range(0, len(paths), len(KINDS)):
        assert len(set(map(str, found[start : start + len(KINDS)]))) == DIFFERENT


def test_a_file_with_a_wrong_ending_is_not_taken_for_its_equal(tmp_path: Path, asked: list[str]) -> None:
    read_header(write(tmp_path / "image.nii.gz", {}))
    (tmp_path / "compressed.nii").write_bytes((tmp_path / "image.nii.gz").read_bytes())
    with pytest.raises(FileError, match=r"compressed\.nii does not hold what its name says"):
        read_header(tmp_path / "compressed.nii")


def test_a_file_that_was_replaced_has_its_own_header(tmp_path: Path, asked: list[str]) -> None:
    path = write(tmp_path / "image.nii.gz", {})
    before = read_header(path)
    assert read_header(write(path, {"size": (5, 6, 4)})) != before
    path.write_bytes(b"")
    with pytest.raises(FileError, match="is empty"):
        read_header(path)


def test_no_voxels_are_told_of_each_file(tmp_path: Path, asked: list[str]) -> None:
    """What is wrong names the file that it is wrong with: nothing that failed is remembered."""
    first = write(tmp_path / "first.nii", {})
    damaged = bytearray(first.read_bytes())
    damaged[42:44] = b"\0\0"
    for name in ("one.nii", "two.nii"):
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(FileError, match=name):
            read_header(tmp_path / name)


@pytest.mark.parametrize("name", ["image.nii", "image.nii.gz", "image.hdr"])
def test_a_file_that_is_too_short_for_its_voxels_fails_as_when_it_is_read(
    tmp_path: Path, asked: list[str], name: str
) -> None:
    """Also where the header is known from a file that is whole."""
    path = write(tmp_path / name, {"size": (200, 200, 200)})
    read_header(path)
    voxels = path.with_suffix(".img") if path.suffix == ".hdr" else path
    content = voxels.read_bytes() if path.suffix != ".gz" else gzip.compress(gzip.decompress(path.read_bytes())[:2000])
    voxels.write_bytes(content[: len(content) - 1] if path.suffix != ".gz" else content)
    problems = []
    for read in (read_header, read_image):
        with pytest.raises(FileError, match="is truncated: its header announces") as raised:
            read(path)
        problems.append(str(raised.value))
    assert problems[0] == problems[1]


def test_a_file_that_expands_as_much_as_any_can_is_not_too_short(tmp_path: Path) -> None:
    path = write(tmp_path / "image.nii.gz", {"size": (500, 400, 400), "value": 0})
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), 9))
    assert read_header(path).geometry.voxels == 80_000_000 > 1000 * path.stat().st_size
