"""What the name of an image says: its format, and the files it consists of.

Some formats keep the header in one file and the voxels in others; whoever asks whether an image has changed must ask
all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path

from vlc_runtime.detached_voxels import META_EXTENSIONS, files_of_voxels
from vlc_runtime.digest import Digest, digest
from vlc_runtime.errors import FileError

NIFTI_EXTENSIONS = (".nii", ".nii.gz")
HEADER_EXTENSIONS = (".hdr", ".hdr.gz")
PAIR_EXTENSIONS = (*HEADER_EXTENSIONS, ".img", ".img.gz")
TEXT_EXTENSIONS = (*META_EXTENSIONS, ".nrrd", ".nhdr")
RASTER_EXTENSIONS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
KNOWN_EXTENSIONS = (*NIFTI_EXTENSIONS, *PAIR_EXTENSIONS, *TEXT_EXTENSIONS, *RASTER_EXTENSIONS)


def extension_of(path: str | PathLike[str]) -> str:
    """The known image extension at the end of a path, in small letters (`.nii.gz` is one), or else the last suffix."""
    return _extension_of(fspath(path))


@lru_cache(maxsize=1024)
def _extension_of(path: str) -> str:
    small = path.lower()
    for extension in KNOWN_EXTENSIONS:
        if small.endswith(extension):
            return extension
    name = Path(small).name  # without what may follow it, as in `a.nii/`
    return next((extension for extension in KNOWN_EXTENSIONS if name.endswith(extension)), Path(name).suffix)


def in_small_letters(name: str) -> str:
    """The name of an image with its extension in small letters: some of ITK's classes know no other."""
    extension = extension_of(name)
    return name[: len(name) - len(extension)] + extension


def files_of(path: str | PathLike[str]) -> tuple[Path, ...]:
    """The file with the header, then the files with the voxels in the order in which the header names them.

    Headers of MetaImage, NRRD and Stimulate, whatever they are called, may name one file, a list or a numbered series;
    a pair of NIfTI is known by its endings, and either of its files may be given. Every other image is one file. Files
    need not exist, and headers may be wrong: reading the image says what is missing.
    """
    try:
        return sound_files_of(path)
    except FileError:
        return (Path(path),)


def sound_files_of(path: str | PathLike[str]) -> tuple[Path, ...]:
    """As `files_of`; raises FileError when the header is one with which ITK would go wrong."""
    file = Path(path)
    extension = extension_of(file)
    if extension in NIFTI_EXTENSIONS:
        return (file,)
    if extension in PAIR_EXTENSIONS:
        return _pair(file, extension)
    return (file, *files_of_voxels(file, extension)) if file.is_file() else (file,)


def ending_of(path: str | PathLike[str]) -> str:
    """The known extension at the end of a path as it is spelled there; nothing if there is none."""
    name = Path(path).name
    extension = extension_of(name)
    return name[-len(extension) :] if extension in KNOWN_EXTENSIONS else ""


def ending_in_keys(path: str) -> str:
    """What of a name is in the key of what is read from it, since ITK's readers go by it: the last suffix, and the
    whole of an ending that is not in small letters. Without an ending, `.gz` is not that of an image."""
    ending, suffix = ending_of(path), Path(path).suffix
    if ending.islower():
        return suffix
    return ending or (f"no image{suffix}" if suffix.lower() == ".gz" else suffix)


def _pair(file: Path, extension: str) -> tuple[Path, Path]:
    stem, ending = file.name[: -len(extension)], ending_of(file)

    def first_there(endings: tuple[str, ...]) -> Path:
        return _first_there([file.with_name(stem + (each.upper() if ending.isupper() else each)) for each in endings])

    header = file if extension in HEADER_EXTENSIONS else first_there(HEADER_EXTENSIONS)
    return header, first_there((".img", ".img.gz"))


def _first_there(files: list[Path]) -> Path:
    """What the library of NIfTI takes, of files that may both be there."""
    return next((file for file in files if file.exists()), files[0])


def written_with(path: str) -> tuple[str, ...]:
    """The files that may be written when an image is saved at a path: itself, and those that hold its voxels."""
    extension = extension_of(path)
    stem = path[: len(path) - len(extension)]
    return (path, stem + ".raw", stem + ".zraw") if extension == ".mhd" else (path,)


def content_of(path: str | PathLike[str], file_digest: Callable[[str], Digest]) -> Digest:
    """The digest of an image's content, in all its files; `file_digest` gives that of one file."""
    return digest("file", tuple(file_digest(str(part)) for part in files_of(path)))
