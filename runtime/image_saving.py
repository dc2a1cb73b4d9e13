"""Writing images to files, in the format that the extension names.

What is kept, so that it can be relied on:

- `.mha .mhd`: everything, exactly. `.nrrd`: voxels, origin exactly, spacing and direction to the last bit or two
  of a double (the format stores their product).
- `.nii .nii.gz`: voxels exactly; spacing, origin and direction as the float32 numbers of the format. Axes must be
  orthonormal.
- `.png .jpg .jpeg .tif .tiff .bmp`: two-dimensional images of 8-bit numbers; the geometry is not kept, JPEG is lossy.
  True is 255. Numbers are rounded to the nearest integer, halves to the even one; one outside 0..255, or NaN, is an
  error: nothing wraps.

Bools are 0 and 1 (uint8) in the formats of volumes; float32 stays float32 there. The bytes are a function of the voxels
and the geometry: no times, no names.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.atomic_files import write_whole, written_content
from vlc_runtime.digest import Digest
from vlc_runtime.errors import FileError
from vlc_runtime.image_files import require_one_case, require_utf8_name
from vlc_runtime.image_formats import NIFTI_EXTENSIONS, RASTER_EXTENSIONS, extension_of, in_small_letters
from vlc_runtime.nifti import read_nifti_header, require_whole_nifti
from vlc_runtime.raster_files import require_whole_raster
from vlc_runtime.simpleitk_border import library, reason, to_image
from vlc_runtime.volume import Volume

WRITABLE_EXTENSIONS = (".nii.gz", ".nii", ".mha", ".mhd", ".nrrd", *RASTER_EXTENSIONS)
_RASTER_COMPONENTS = {".png": (1, 3, 4), ".jpg": (1, 3), ".tif": (1, 3, 4), ".bmp": (1, 3)}
_SAME_FORMAT = {".jpeg": ".jpg", ".tiff": ".tif"}
_ORTHONORMAL_TOLERANCE = 1e-4
"""NIfTI keeps a direction as float32 numbers; below this ITK itself takes axes for orthonormal."""


def is_image_path(path: str | PathLike[str]) -> bool:
    """Whether `write_image` knows the extension."""
    return extension_of(path) in WRITABLE_EXTENSIONS


def write_image(
    volume: Volume, path: str | PathLike[str], compress: bool | None = None, compression_level: int = -1
) -> Digest:
    """Write an image; its directory is created; the file appears whole or not at all. Raises FileError.

    Returns the digest of what was written, in all its files.

    `compress` asks for compression inside MetaImage, NRRD, PNG and TIFF files (None: as the format usually is; a
    `.nii.gz` always is), `compression_level` sets ITK's level, -1 the format's own.
    """
    target = Path(path)
    require_utf8_name(target, "written")
    require_one_case(target, "written")
    extension = extension_of(target)
    if extension in RASTER_EXTENSIONS:
        volume = _as_raster(volume, target, _SAME_FORMAT.get(extension, extension))
    elif extension in WRITABLE_EXTENSIONS:
        _require_storable_axes(volume, target, extension)
    else:
        raise FileError(
            f"{target} cannot be written: no image format is written with the extension {extension!r}",
            f"use one of {' '.join(WRITABLE_EXTENSIONS)}",
        )
    image = to_image(volume)

    def write(place: Path) -> Digest:
        _write_by_itk(image, place, target, compress, compression_level)
        _require_whole(place, target, volume, extension)
        return written_content(place)

    return write_whole(target, write, in_small_letters(target.name))


def _write_by_itk(image: Any, place: Path, target: Path, compress: bool | None, level: int) -> None:
    writer = library().ImageFileWriter()
    writer.SetFileName(str(place))
    writer.SetUseCompression(bool(compress))
    writer.SetCompressionLevel(level)
    try:
        writer.Execute(image)
    except RuntimeError as error:
        raise FileError(f"{target} cannot be written: {reason(error)}") from error


def _require_whole(place: Path, target: Path, volume: Volume, extension: str) -> None:
    """A full disk goes unnoticed by some of ITK's writers: look at what arrived."""
    try:
        if extension in NIFTI_EXTENSIONS:
            require_whole_nifti(place, read_nifti_header(place))
        elif extension in RASTER_EXTENSIONS:
            require_whole_raster(place)
        length = sum(path.stat().st_size for path in place.parent.iterdir())
    except FileError as error:
        raise FileError(f"{target} cannot be written: the file came out incomplete", "is the disk full?") from error
    if length == 0:
        raise FileError(f"{target} cannot be written: the file came out empty", "is the disk full?")


def _require_storable_axes(volume: Volume, target: Path, extension: str) -> None:
    direction = np.array(volume.geometry.direction).reshape((volume.geometry.dimension,) * 2)
    products = direction.T @ direction
    if extension in NIFTI_EXTENSIONS:
        if np.abs(products - np.eye(len(direction))).max() > _ORTHONORMAL_TOLERANCE:
            raise FileError(
                f"{target} cannot be written: the axes of the image are not at right angles, which NIfTI cannot keep",
                "save it as .mha, or resample it",
            )
    elif extension == ".nrrd" and np.abs(np.diag(products) - 1).max() > _ORTHONORMAL_TOLERANCE:
        raise FileError(
            f"{target} cannot be written: the axes of the image are not of length 1, which NRRD cannot keep",
            "save it as .mha",
        )


def _as_raster(volume: Volume, target: Path, extension: str) -> Volume:
    """The image with uint8 voxels, on a grid without geometry."""
    if volume.geometry.dimension != 2:
        raise FileError(
            f"{target} cannot be written: the image has {volume.geometry.dimension} dimensions, {extension} keeps 2",
            "save it as .nii.gz, or extract a slice",
        )
    if volume.components not in _RASTER_COMPONENTS[extension]:
        raise FileError(f"{target} cannot be written: {extension} has no images of {volume.components} components")
    array = volume.array
    if array.dtype == np.bool_:
        array = array.view(np.uint8) * np.uint8(255)
    elif array.dtype != np.uint8:
        array = _rounded(array, target)
    return Volume(array, type(volume.geometry).of_size(*volume.geometry.size), volume.components)


def _rounded(array: NDArray[Any], target: Path) -> NDArray[np.uint8]:
    rounded = np.rint(array) if array.dtype.kind == "f" else array
    if not ((rounded >= 0) & (rounded <= 255)).all():
        low, high = array.min(), array.max()
        raise FileError(
            f"{target} cannot be written: its numbers go from {low:.7g} to {high:.7g}, the format keeps 0 .. 255",
            "scale them, or save as .nii.gz, .mha or .nrrd",
        )
    return rounded.astype(np.uint8)
