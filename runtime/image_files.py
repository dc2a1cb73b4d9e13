"""Reading images from files. Every failure is a FileError that names the file and says what is wrong with it."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any

from vlc_runtime.compressed_voxels import bytes_of_compressed_voxels
from vlc_runtime.detached_voxels import META_EXTENSIONS
from vlc_runtime.errors import FileError
from vlc_runtime.finite_voxels import finite_voxels
from vlc_runtime.gzip_content import AGAIN, MOST_EXPANDED, require_sound
from vlc_runtime.image_formats import (
    KNOWN_EXTENSIONS,
    NIFTI_EXTENSIONS,
    PAIR_EXTENSIONS,
    TEXT_EXTENSIONS,
    ending_of,
    extension_of,
    sound_files_of,
)
from vlc_runtime.missing_files import where_looked
from vlc_runtime.nifti import (
    NiftiHeader,
    all_of_header,
    nifti_payload,
    parsed_header,
    plain_voxels,
    read_nifti_header,
    require_room,
    require_room_in_pair,
    require_whole_pair,
)
from vlc_runtime.pixel_types import bytes_of, pixel_type_named
from vlc_runtime.raster_files import is_grey_bmp, require_whole_raster
from vlc_runtime.raw_files import require_whole_raw
from vlc_runtime.simpleitk_border import READING, from_image, geometry_of, is_opaque, library, reason
from vlc_runtime.volume import Geometry, Volume

_READERS_OF_ANY_CASE = {
    **dict.fromkeys(META_EXTENSIONS, "MetaImageIO"),
    **dict.fromkeys((".jpg", ".jpeg"), "JPEGImageIO"),
}
_FORMATS = "NIfTI, MetaImage, NRRD, PNG, JPEG, TIFF and BMP are read"


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says about its image: the grid, the type of the numbers in SimpleITK's words, numbers a voxel; of a
    NIfTI image in one file, where the voxels are."""

    geometry: Geometry
    pixel_type: str
    components: int
    nifti: NiftiHeader | None = None


def read_header(path: str | PathLike[str]) -> Header:
    """Read an image's grid and pixel type without its voxels. Raises FileError, also for a NIfTI file that is too short
    to hold the voxels.

    The scans of a cohort often have one header, as far as NIfTI files hold it: ITK is asked for few of them then.
    """
    file = Path(path)
    extension = extension_of(file)
    require_one_case(file, "read")
    if extension in NIFTI_EXTENSIONS and (found := all_of_header(file)) is not None:
        header = _header_of_one(_OneFile(*found, extension, file))
        if header.nifti is not None:
            require_room(file, header.nifti)
        return header
    require_readable(file)
    files = sound_files_of(file)
    nifti = _header_of_sound_file(file) if extension in NIFTI_EXTENSIONS else None
    if nifti is not None:
        require_room(file, nifti)
    elif extension in PAIR_EXTENSIONS:
        require_room_in_pair(files[0], files[1])
    with READING:
        header = replace(_checked_header(file, _informed_reader(file)), nifti=nifti)
    _require_room(file, files, header)
    return header


def _require_room(file: Path, files: Sequence[Path], header: Header) -> None:
    """Raise FileError when files of MetaImage or NRRD, were they compressed, could not hold what the header announces:
    nobody is to count on such voxels, nor to make room for them."""
    if extension_of(file) not in TEXT_EXTENSIONS or not all(part.is_file() for part in files):
        return  # of a file that is missing, reading tells
    length = sum(part.stat().st_size for part in files)
    expected = _bytes_announced(header)
    if length * MOST_EXPANDED < expected:
        raise FileError(
            f"{file} is truncated: its header announces {expected} bytes of voxels, which are not in {length} bytes",
            AGAIN,
        )


def _bytes_announced(header: Header) -> int:
    return header.geometry.voxels * header.components * bytes_of(pixel_type_named(header.pixel_type))


def _require_sound(file: Path, files: Sequence[Path], header: Header) -> None:
    """Raise FileError where voxels are too few, or compressed voxels of MetaImage or NRRD are damaged."""
    require_whole_raw(file, _bytes_announced(header), header.geometry.voxels * header.components)
    if not all(part.is_file() for part in files):
        return  # of a file that is missing, reading tells
    length = bytes_of_compressed_voxels(files)
    if length is not None and length < _bytes_announced(header):
        raise FileError(
            f"{file} is truncated: its header announces {_bytes_announced(header)} bytes of voxels, {length} are there",
            AGAIN,
        )


@dataclass(frozen=True, slots=True)
class _OneFile:
    """A NIfTI image in one file by what ITK goes by: files of one header and one ending are equal."""

    header: bytes
    compressed: bool
    extension: str
    path: Path = field(compare=False)


@lru_cache(maxsize=256)
def _header_of_one(file: _OneFile) -> Header:
    with READING:
        header = _checked_header(file.path, _informed_reader(file.path))
    return replace(header, nifti=parsed_header(file.path, file.header, file.compressed))


def read_image(path: str | PathLike[str], pixel_type: int | None = None, image_io: str = "") -> Volume:
    """Read an image in the file's own pixel type (NIfTI: scaled as its header says); the metadata is not kept.

    `pixel_type` is a pixel ID of SimpleITK to convert to while reading, `image_io` the name of one of its readers.
    Reads through ITK are one at a time. Raises FileError; a series of volumes (4 axes) is one too.
    """
    file = Path(path)
    require_readable(file)
    require_one_case(file, "read")
    files = sound_files_of(file)
    if extension_of(file) in NIFTI_EXTENSIONS:
        return _read_nifti(file, pixel_type, image_io)
    if extension_of(file) in PAIR_EXTENSIONS:
        require_whole_pair(files[0], files[1])
    require_whole_raster(file)
    volume = _read_by_itk(file, pixel_type, image_io)
    if volume.components == 3 and extension_of(file) == ".bmp" and is_grey_bmp(file):
        return Volume(volume.array[..., 0].copy(), volume.geometry, 1, volume.source)
    return volume


def read_series(paths: Sequence[str], pixel_type: int | None = None, image_io: str = "") -> Volume:
    """Read slices, a file each in this order, as one volume, as SimpleITK's ImageSeriesReader does."""
    if not paths:
        raise FileError("a series of no files")
    for path in paths:
        _require_whole(Path(path))
    sitk = library()
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames([str(path) for path in paths])
    reader.SetImageIO(image_io or _reader_for(Path(paths[0])))
    reader.SetOutputPixelType(sitk.sitkUnknown if pixel_type is None else pixel_type)
    with READING:
        try:
            image = reader.Execute()
        except RuntimeError as error:
            raise FileError(f"{paths[0]} and {len(paths) - 1} more cannot be read as one: {reason(error)}") from error
    return _to_volume(image, paths[0])


def _require_whole(file: Path) -> None:
    """Raise FileError unless a file of a series holds all that its header announces, undamaged: ITK does not notice."""
    header = read_header(file)
    files = sound_files_of(file)
    if extension_of(file) in NIFTI_EXTENSIONS:
        nifti = _header_of_sound_file(file)
        nifti_payload(file, nifti)
    elif extension_of(file) in PAIR_EXTENSIONS:
        require_whole_pair(files[0], files[1])
    require_whole_raster(file)
    _require_sound(file, files, header)


def _read_nifti(file: Path, pixel_type: int | None, image_io: str) -> Volume:
    """Decompress and view plain voxels outside the lock; leave vectors and scaled numbers to ITK once the file is
    known to be whole."""
    header = _header_of_sound_file(file)
    payload = nifti_payload(file, header)
    if header.scaled and (header.dtype is None or any(extent > 1 for extent in header.size[4:])):
        # ITK scales the first component of a vector, or more than there is; colours it makes of other memory
        what = "colours" if header.dtype is None else "vectors"
        raise FileError(
            f"{file} cannot be read: it holds {what} and a scale for them (scl_slope {header.slope:g})",
            "set scl_slope to 0: colours are not scaled" if header.dtype is None else "write the scaled numbers",
        )
    if header.plain and pixel_type is None and not image_io:
        found = read_header(file)
        voxels = finite_voxels(plain_voxels(payload, header))
        if voxels.size == found.geometry.voxels and found.components == 1:
            return Volume(voxels.reshape(found.geometry.shape), found.geometry, source=str(file))
    if not header.compressed:
        return _read_by_itk(file, pixel_type, image_io)
    # Asked for `a.nii.gz`, ITK takes the voxels from a file `a.nii` beside it when there is one.
    try:
        with tempfile.TemporaryDirectory(prefix="vlc-") as workplace:
            place = Path(workplace, "image.nii")
            place.write_bytes(payload)
            return _read_by_itk(file, pixel_type, image_io, place)
    except OSError as error:
        raise FileError(f"{file} cannot be decompressed into a temporary file: {in_words(error)}") from error


def _header_of_sound_file(file: Path) -> NiftiHeader:
    """The header of a NIfTI image that can be read. One that says otherwise is not believed before the checksum of a
    compressed file is: a flipped byte of a small file is often in its header."""
    try:
        return _readable_header(file)
    except FileError:
        require_sound(file)
        raise


def _readable_header(file: Path) -> NiftiHeader:
    header = read_nifti_header(file)
    if header.time_points > 1:
        raise _series(file, header.size)
    if 0 in header.size:
        raise FileError(f"{file} has no voxels: its size is {' x '.join(map(str, header.size))}")
    if not header.one_file:  # ITK would take it for an ANALYZE header and its bytes for voxels
        raise FileError(
            f"{file} is not a NIfTI image in one file: its magic number is wrong",
            "the header of a pair of files is named .hdr, its voxels .img",
        )
    return header


def _read_by_itk(file: Path, pixel_type: int | None, image_io: str, place: Path | None = None) -> Volume:
    """Read through ITK; `place` is where the content of `file` is, when it is not there."""
    with READING:
        reader = _informed_reader(place or file, image_io)
        header, files = _checked_header(file, reader), sound_files_of(file)
        _require_room(file, files, header)
        _require_sound(file, files, header)
        if pixel_type is not None:
            reader.SetOutputPixelType(pixel_type)
        try:
            image = reader.Execute()
        except RuntimeError as error:
            raise FileError(
                f"{file} is truncated or damaged: its header can be read, its voxels cannot ({reason(error)})",
                "copy or download the file again",
            ) from error
    return _to_volume(image, str(file))


def _to_volume(image: Any, source: str) -> Volume:
    # What is written must not depend on where an image came from, so what else the file said stays behind.
    for key in image.GetMetaDataKeys():
        with suppress(TypeError):  # a key that is not UTF-8, of which SimpleITK takes none back
            image.EraseMetaData(key)
    if is_opaque(image):
        raise FileError(f"{source} holds {image.GetPixelIDTypeAsString()}: there is no image of those in the language")
    return from_image(image, source)


def require_readable(file: Path) -> None:
    """Raise FileError unless there is a file with something in it that can be opened."""
    try:
        if file.is_dir():
            raise FileError(f"{file} is a directory, not a file")
        with file.open("rb") as opened:
            if not opened.read(1):
                raise FileError(f"{file} is empty")
    except (OSError, ValueError) as error:
        hint = where_looked(str(file)) if isinstance(error, FileNotFoundError) else ""
        raise FileError(f"{file} cannot be read: {in_words(error)}", hint) from error


def require_one_case(file: Path, cannot_be: str) -> None:
    """Raise FileError for an ending of NIfTI in capital and small letters, which its library refuses. Headers that are
    known from other files would hide that."""
    ending = ending_of(file)
    if ending.islower() or ending.isupper() or extension_of(file) not in (*NIFTI_EXTENSIONS, *PAIR_EXTENSIONS):
        return
    raise FileError(
        f"{file} cannot be {cannot_be}: its ending {ending} is for NIfTI in small letters, or all in capital ones",
        "give it another name",
    )


def require_utf8_name(path: Path, cannot_be: str) -> None:
    """Raise FileError for a name that is not text in UTF-8: given one, SimpleITK ends the process."""
    shown = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    if shown != str(path):
        raise FileError(f"{shown} cannot be {cannot_be}: its name is not UTF-8", "give it another, or its folder")


def in_words(error: OSError | ValueError) -> str:
    """What an error of the operating system means to a user."""
    if not isinstance(error, OSError):
        return str(error)
    words = {
        errno.ENOENT: "there is no such file",
        errno.EACCES: "no permission",
        errno.EPERM: "no permission",
        errno.EROFS: "it is on a read-only file system",
        errno.ENOTDIR: "a part of the path is a file, not a directory",
        errno.EEXIST: "a part of the path is a file, not a directory",
        errno.ENOSPC: "the disk is full",
        errno.ENAMETOOLONG: "the name is too long",
    }
    return words.get(error.errno or 0, error.strerror or str(error))


def _informed_reader(file: Path, image_io: str = "") -> Any:
    """A reader of SimpleITK that has read the header."""
    require_utf8_name(file, "read")
    reader = library().ImageFileReader()
    reader.SetFileName(str(file))
    by_name = "" if image_io else _reader_for(file)
    reader.SetImageIO(image_io or by_name)
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        if not by_name and "Unable to determine ImageIO" not in str(error):
            raise FileError(f"{file} cannot be read: {reason(error)}") from error
        if extension_of(file) in KNOWN_EXTENSIONS:
            raise FileError(f"{file} does not hold what its name says: it is no {extension_of(file)} image") from error
        raise FileError(f"{file} is not an image of a known format", _FORMATS) from error
    if image_io and 0 in reader.GetSize():
        raise FileError(f"{file} is nothing that {image_io} can read")
    return reader


def _reader_for(file: Path) -> str:
    """The reader that takes a file whatever the case of its ending, where ITK finds none by that; else nothing."""
    return "" if ending_of(file).islower() else _READERS_OF_ANY_CASE.get(extension_of(file), "")


def _with_spacing_above_zero(geometry: Geometry) -> Geometry:
    """The grid that ITK gives an image where a header has negative spacing: it turns the axis round instead."""
    turned = [-1.0 if spacing < 0 else 1.0 for spacing in geometry.spacing]
    if -1.0 not in turned:
        return geometry
    direction = [value * turned[at % len(turned)] + 0.0 for at, value in enumerate(geometry.direction)]  # no -0.0
    return replace(geometry, spacing=tuple(map(abs, geometry.spacing)), direction=tuple(direction))


def _checked_header(file: Path, reader: Any) -> Header:
    geometry = _with_spacing_above_zero(geometry_of(reader))
    if geometry.voxels == 0:
        raise FileError(f"{file} has no voxels: its size is {' x '.join(map(str, geometry.size))}")
    if geometry.dimension > 3:
        raise _series(file, geometry.size)
    if geometry.dimension < 2:
        raise FileError(f"{file} has one axis of {geometry.size[0]} voxels: images have two or three")
    components = reader.GetNumberOfComponents()
    pixel_type = library().GetPixelIDValueAsString(reader.GetPixelIDValue())
    if components == 3 and extension_of(file) == ".bmp" and is_grey_bmp(file):
        return Header(geometry, "8-bit unsigned integer", 1)
    return Header(geometry, pixel_type, components)


def _series(file: Path, size: tuple[int, ...]) -> FileError:
    return FileError(
        f"{file} has {len(size)} axes ({' x '.join(map(str, size))}): it is a series of images, not one",
        "pick a time point and keep it in a file of its own",
    )
