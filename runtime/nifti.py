"""What must be known of a NIfTI file before ITK may read it.

ITK reads a truncated NIfTI file without a complaint, and the voxels that are missing are whatever the memory held; nor
does it look at gzip's checksum. So the header is parsed here, what is there is compared with what the header
announces, and plain images are taken from the bytes directly.

The layout of the header is that of nifti1.h and nifti2.h (NIfTI Data Format Working Group).
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import FileError
from vlc_runtime.file_content import read_whole
from vlc_runtime.gzip_content import (
    AGAIN,
    GZIP,
    MOST_EXPANDED,
    damaged,
    decompressed,
    first_bytes,
    require_sound,
)

_DTYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8"}
_HEADER_1, _HEADER_2 = 348, 540


@dataclass(frozen=True, slots=True)
class NiftiHeader:
    """The facts of a header that say where the voxels are. `size` has every axis, x first, trailing ones included."""

    size: tuple[int, ...]
    dtype: np.dtype[Any] | None
    bits: int
    offset: int
    slope: float
    intercept: float
    compressed: bool
    one_file: bool

    @property
    def voxel_bytes(self) -> int:
        count = 1
        for extent in self.size:
            count *= extent
        return count * self.bits // 8

    @property
    def time_points(self) -> int:
        return self.size[3] if len(self.size) > 3 else 1

    @property
    def plain(self) -> bool:
        """Whether the numbers in the file are the voxels: one component, one volume, no scaling."""
        return (
            self.one_file
            and self.dtype is not None
            and all(extent == 1 for extent in self.size[3:])
            and not self.scaled
        )

    @property
    def scaled(self) -> bool:
        """Whether the numbers in the file are not yet those that are meant."""
        return self.slope not in (0.0, 1.0) or self.intercept != 0.0


def read_nifti_header(path: Path) -> NiftiHeader:
    """Parse the header of a NIfTI-1 or NIfTI-2 file, gzipped or not. Raises FileError when it is not one."""
    return parsed_header(path, *_start_of(path))


def parsed_header(path: Path, start: bytes, compressed: bool) -> NiftiHeader:
    """The facts of a header whose bytes are at hand. Raises FileError when it is not one of NIfTI."""
    for order in "<>":
        if len(start) >= _HEADER_1 and struct.unpack_from(order + "i", start)[0] == _HEADER_1:
            return _parsed(path, _fields_1(start, order), order, compressed, start[344:347] == b"n+1", _HEADER_1)
        if len(start) >= _HEADER_2 and struct.unpack_from(order + "i", start)[0] == _HEADER_2:
            return _parsed(path, _fields_2(start, order), order, compressed, start[4:7] == b"n+2", _HEADER_2)
    if path.suffix.lower() == ".gz" and not compressed:
        raise FileError(f"{path} is not gzip data, whatever its name says", AGAIN)
    if len(start) < _HEADER_1:
        raise FileError(f"{path} is truncated: a NIfTI header has {_HEADER_1} bytes, this file gives {len(start)}")
    raise FileError(f"{path} is not a NIfTI image, whatever its name says")


def _start_of(path: Path) -> tuple[bytes, bool]:
    """The first bytes of a file, as many as a header has, and whether they were compressed."""
    with path.open("rb") as file:
        start = file.read(_HEADER_2)
        if start[:2] != GZIP:
            return start, False
        file.seek(0)
        try:
            return first_bytes(file, _HEADER_2), True
        except zlib.error as error:
            raise damaged(path, error) from error


def all_of_header(path: Path) -> tuple[bytes, bool] | None:
    """The bytes of the header of a NIfTI-1 image in one file, and whether they were compressed. None for other files.

    What ITK says of an image follows from them alone, so images of one header are of one grid and one type.
    """
    try:
        start, compressed = _start_of(path)
    except (OSError, ValueError, FileError):
        return None
    return (start[:_HEADER_1], compressed) if len(start) >= _HEADER_1 and start[344:348] == b"n+1\0" else None


_Fields = tuple[tuple[int, ...], int, int, float, float, float]


def _fields_1(start: bytes, order: str) -> _Fields:
    kind, bits = struct.unpack_from(order + "2h", start, 70)
    return struct.unpack_from(order + "8h", start, 40), kind, bits, *struct.unpack_from(order + "3f", start, 108)


def _fields_2(start: bytes, order: str) -> _Fields:
    kind, bits = struct.unpack_from(order + "2h", start, 12)
    offset, slope, intercept = struct.unpack_from(order + "q2d", start, 168)
    return struct.unpack_from(order + "8q", start, 16), kind, bits, float(offset), slope, intercept


def _parsed(
    path: Path, fields: _Fields, order: str, compressed: bool, one_file: bool, header_bytes: int
) -> NiftiHeader:
    dimensions, kind, bits, offset, slope, intercept = fields
    size = dimensions[1 : 1 + dimensions[0]]
    if not 1 <= dimensions[0] <= 7 or offset < 0 or offset != offset:
        raise FileError(f"{path} is damaged: its NIfTI header announces {dimensions[0]} axes, voxels at {offset:g}")
    if any(extent < 0 for extent in size):
        raise FileError(f"{path} is damaged: its NIfTI header announces {' x '.join(map(str, size))} voxels")
    dtype = np.dtype(order + _DTYPES[kind]) if kind in _DTYPES else None
    # in one file they come after the header, though some programs announce them at 0
    start = max(int(offset), header_bytes) if one_file else int(offset)
    # its library takes 0 for what is no number, as nibabel writes where there is no scale
    slope, intercept = (number if math.isfinite(number) else 0.0 for number in (slope, intercept))
    return NiftiHeader(size, dtype, bits, start, slope, intercept, compressed, one_file)


def nifti_payload(path: Path, header: NiftiHeader) -> memoryview:
    """The file's bytes, decompressed, their checksum verified; at least as many as the header announces.

    Raises FileError when the file ends before that or its checksum is wrong.
    """
    if header.compressed:
        content = memoryview(decompressed(path, path.read_bytes(), header.offset + header.voxel_bytes)).toreadonly()
    else:
        content = read_whole(path)
    _require_length(path, header, len(content))
    return content


def plain_voxels(payload: memoryview, header: NiftiHeader) -> NDArray[Any]:
    """The voxels of a `plain` file, a flat array in the machine's byte order: a view of the payload where possible,
    which spares the time and the memory of a copy."""
    assert header.dtype is not None
    count = header.voxel_bytes // header.dtype.itemsize
    voxels = np.frombuffer(payload, header.dtype, count, header.offset)
    if voxels.flags.aligned and header.dtype.isnative:
        return voxels
    return voxels.astype(header.dtype.newbyteorder("="))


def require_whole_nifti(path: Path, header: NiftiHeader) -> None:
    """Raise FileError unless the file is as long as its header announces, without decompressing it where gzip's
    trailer says enough. For files just written: the checksum is not verified."""
    if not header.one_file:
        return
    if not header.compressed:
        _require_length(path, header, path.stat().st_size)
        return
    with path.open("rb") as file:
        file.seek(-4, 2)
        (length,) = struct.unpack("<I", file.read(4))
    if length != (header.offset + header.voxel_bytes) % 2**32:
        nifti_payload(path, header)


def require_room(path: Path, header: NiftiHeader) -> None:
    """Raise FileError when a file is too short for what its header announces, as reading it would, but at once: of a
    compressed one, whether so few bytes can hold that much. So nobody counts on voxels that cannot be there."""
    _require_room(path, header, header.compressed)


def require_room_in_pair(header_path: Path, voxels_path: Path) -> None:
    """As `require_room`, for the voxels of a pair."""
    _require_both(header_path, voxels_path)
    with voxels_path.open("rb") as file:
        compressed = file.read(2) == GZIP
    _require_room(voxels_path, read_nifti_header(header_path), compressed)


def _require_room(path: Path, header: NiftiHeader, compressed: bool) -> None:
    length = path.stat().st_size
    if not compressed:
        _require_length(path, header, length)
    elif length * MOST_EXPANDED < header.offset + header.voxel_bytes:
        _require_length(path, header, require_sound(path))


def require_whole_pair(header_path: Path, voxels_path: Path) -> None:
    """Raise FileError unless the voxels of a NIfTI or ANALYZE pair are as many as the header announces."""
    _require_both(header_path, voxels_path)
    header = read_nifti_header(header_path)
    data = voxels_path.read_bytes()
    compressed = data[:2] == GZIP
    content = decompressed(voxels_path, data, header.offset + header.voxel_bytes) if compressed else data
    _require_length(voxels_path, header, len(content))


def _require_both(header_path: Path, voxels_path: Path) -> None:
    for path in (header_path, voxels_path):
        if not path.is_file():
            raise FileError(f"{path} is missing: {header_path.name} and {voxels_path.name} are one image")


def _require_length(path: Path, header: NiftiHeader, length: int) -> None:
    expected = header.offset + header.voxel_bytes
    if length < expected:
        raise FileError(
            f"{path} is truncated: its header announces {expected} bytes, {max(length, 0)} are there",
            AGAIN,
        )
