"""What the name of an image says: its format, and the files it consists of.

Some formats keep the header in one file and the voxels in others; whoever asks whether an image has changed must ask
all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path

from vlc_runtime.digest import Digest, digest

NIFTI_EXTENSIONS = (".nii", ".nii.gz")
PAIR_EXTENSIONS = (".hdr", ".img", ".img.gz")
RASTER_EXTENSIONS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
KNOWN_EXTENSIONS = (*NIFTI_EXTENSIONS, *PAIR_EXTENSIONS, ".mha", ".mhd", ".nrrd", ".nhdr", *RASTER_EXTENSIONS)
_LONGEST_HEADER = 1 << 20
_MOST_PARTS = 100_000


def extension_of(path: str | PathLike[str]) -> str:
    """The known image extension at the end of a path, in small letters (`.nii.gz` is one), or else the last suffix."""
    return _extension_of(fspath(path))


@lru_cache(maxsize=1024)
def _extension_of(path: str) -> str:
    name = Path(path).name.lower()
    for extension in KNOWN_EXTENSIONS:
        if name.endswith(extension):
            return extension
    return Path(name).suffix


def files_of(path: str | PathLike[str]) -> tuple[Path, ...]:
    """The file with the header, then the files with the voxels in the order in which the header names them.

    `.mhd` and `.nhdr` headers name one file, a list or a numbered series; `.hdr` goes with `.img` or `.img.gz`, and
    either may be given. Every other image is one file. Files need not exist: reading the image says what is missing.
    """
    file = Path(path)
    extension = extension_of(file)
    if extension in PAIR_EXTENSIONS:
        stem = file.name[: -len(extension)]
        voxels = [file.with_name(stem + ending) for ending in (".img", ".img.gz")]
        return (
            file.with_name(stem + ".hdr"),
            voxels[1] if voxels[1].exists() and not voxels[0].exists() else voxels[0],
        )
    if extension not in (".mhd", ".nhdr") or not file.is_file():
        return (file,)
    with file.open("rb") as opened:
        lines = opened.read(_LONGEST_HEADER).decode("latin-1").splitlines()
    field = r"ElementDataFile\s*=\s*(.*)" if extension == ".mhd" else r"data ?file:\s*(.*)"
    for number, line in enumerate(lines):
        if match := re.fullmatch(field, line.strip(), re.IGNORECASE):
            return (file, *(file.parent / name for name in _names(match[1].strip(), lines[number + 1 :])))
    return (file,)


def written_with(path: str) -> tuple[str, ...]:
    """The files that may be written when an image is saved at a path: itself, and those that hold its voxels."""
    extension = extension_of(path)
    stem = path[: len(path) - len(extension)]
    return (path, stem + ".raw", stem + ".zraw") if extension == ".mhd" else (path,)


def content_of(path: str | PathLike[str], file_digest: Callable[[str], Digest]) -> Digest:
    """The digest of an image's content, in all its files; `file_digest` gives that of one file."""
    return digest("file", tuple(file_digest(str(part)) for part in files_of(path)))


def _names(value: str, following: list[str]) -> list[str]:
    if value.upper() in ("LOCAL", ""):
        return []
    if re.fullmatch(r"LIST(\s+\d+)?", value, re.IGNORECASE):
        return [line.strip() for line in following if line.strip()]
    if match := re.fullmatch(r"(\S*%0?\d*d\S*)\s+(-?\d+)\s+(-?\d+)(?:\s+(-?\d+))?.*", value):
        first, last, step = int(match[2]), int(match[3]), int(match[4] or 1)
        numbers = range(first, last + 1, step) if step > 0 else range(0)
        return [match[1] % number for number in numbers[:_MOST_PARTS]]
    return [value]
