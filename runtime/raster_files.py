"""Whether a PNG, JPEG, TIFF or BMP file is whole.

ITK reads a truncated JPEG as grey and a truncated BMP as whatever the memory held, without an error; the libraries of
PNG and TIFF notice by themselves.
"""

from __future__ import annotations

import struct
from pathlib import Path

from vlc_runtime.errors import FileError

_HINT = "copy or download the file again"


def require_whole_raster(path: Path) -> None:
    """Raise FileError when a JPEG or BMP file, known by its first bytes, ends too early. Other files pass."""
    with path.open("rb") as file:
        start = file.read(54)
    if start[:2] == b"BM" and len(start) == 54:
        _require_whole_bmp(path, start)
    elif start[:3] == b"\xff\xd8\xff":
        _require_whole_jpeg(path, path.read_bytes())


def _require_whole_bmp(path: Path, start: bytes) -> None:
    (offset,) = struct.unpack_from("<I", start, 10)
    width, height, _planes, bits, compression = struct.unpack_from("<iiHHI", start, 18)
    if compression != 0:  # run lengths say nothing about the size
        return
    row = (abs(width) * bits + 31) // 32 * 4
    expected = offset + row * abs(height)
    length = path.stat().st_size
    if length < expected:
        raise FileError(f"{path} is truncated: its header announces {expected} bytes, {length} are there", _HINT)


def _require_whole_jpeg(path: Path, data: bytes) -> None:
    """Walk the segments up to the first scan (a thumbnail inside one has an end marker of its own), then look for the
    marker that ends the image."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xDA:
            if data.find(b"\xff\xd9", position) >= 0:
                return
            break
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    raise FileError(f"{path} is truncated: the JPEG data has no end", _HINT)


def is_grey_bmp(path: Path) -> bool:
    """Whether a BMP file holds one component: 8 bits a pixel through a palette of greys in order. ITK gives three."""
    with path.open("rb") as file:
        start = file.read(54)
        if start[:2] != b"BM" or len(start) < 54 or struct.unpack_from("<H", start, 28)[0] != 8:
            return False
        (header,) = struct.unpack_from("<I", start, 14)
        file.seek(14 + header)
        palette = file.read(1024)
    return all(palette[channel::4] == bytes(range(256)) for channel in range(3))
