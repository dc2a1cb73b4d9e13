"""Whether a PNG, JPEG, TIFF or BMP file is whole, and one that ITK reads as it is.

ITK reads a truncated JPEG as grey and a truncated BMP as whatever the memory held, without an error; run lengths of a
BMP that lead out of the image end the process. The libraries of PNG and TIFF notice by themselves what is missing, but
tiles of a TIFF come as four components of 8 bits, and its half precision floats as whole numbers.
"""

from __future__ import annotations

import struct
from pathlib import Path

from vlc_runtime.errors import FileError

_HINT = "copy or download the file again"
_RLE8, _RLE4 = 1, 2
_END_OF_BITMAP, _MOVE = 1, 2
_SHORT = 3
_BITS, _SAMPLES, _TILE_WIDTH, _SAMPLE_FORMAT, _FLOATS = 258, 277, 322, 339, 3
"""Tags of TIFF, and the value of one."""


def require_whole_raster(path: Path) -> None:
    """Raise FileError when a JPEG or BMP file, known by its first bytes, ends too early, and for a TIFF file that ITK
    reads as something else. Other files pass."""
    with path.open("rb") as file:
        start = file.read(54)
    if start[:2] == b"BM" and len(start) == 54:
        _require_whole_bmp(path, start)
    elif start[:4] in (b"II*\0", b"MM\0*"):
        _require_readable_tiff(path)
    elif start[:3] == b"\xff\xd8\xff":
        _require_whole_jpeg(path, path.read_bytes())


def _require_whole_bmp(path: Path, start: bytes) -> None:
    (offset,) = struct.unpack_from("<I", start, 10)
    width, height, _planes, bits, compression = struct.unpack_from("<iiHHI", start, 18)
    if compression in (_RLE8, _RLE4):
        _require_sound_runs(path, path.read_bytes()[offset:], abs(width), abs(height), compression)
        return
    row = (abs(width) * bits + 31) // 32 * 4
    expected = offset + row * abs(height)
    length = path.stat().st_size
    if length < expected:
        raise FileError(f"{path} is truncated: its header announces {expected} bytes, {length} are there", _HINT)


def _require_sound_runs(path: Path, data: bytes, width: int, height: int, compression: int) -> None:
    """Follow the run lengths. Raises FileError unless they fill each line of the image, and no more: what they leave
    out would be whatever the memory held."""
    x = y = position = 0
    while y < height and position + 2 <= len(data):
        count, value = data[position], data[position + 1]
        position += 2
        if count:
            x += count
        elif value > _MOVE:
            x += value
            length = value if compression == _RLE8 else (value + 1) // 2
            position += length + length % 2
        elif value == _MOVE or x != width:
            break
        else:
            x, y = 0, height if value == _END_OF_BITMAP and y == height - 1 else y + 1
        if x > width or position > len(data):
            break
    if y != height:
        raise FileError(f"{path} is truncated or damaged: its run lengths do not fill the image", _HINT)


def _require_readable_tiff(path: Path) -> None:
    """Look at the tags of the first image: ITK's reader gives tiles and floats of half precision as something else."""
    tags = _tags_of_tiff(path)
    bits, colours = tags.get(_BITS, 1), tags.get(_SAMPLES, 1)
    if _TILE_WIDTH in tags and not (bits == 8 and colours in (3, 4)):
        raise FileError(f"{path} holds its pixels in tiles, which cannot be read", "write it in strips")
    if tags.get(_SAMPLE_FORMAT) == _FLOATS and bits not in (32, 64):
        raise FileError(f"{path} holds floats of {bits} bits, which cannot be read", "write floats of 32 bits")


def _tags_of_tiff(path: Path) -> dict[int, int]:
    """The tags of the first image with the first value of each; what the file lacks is left out, of which its library
    tells."""
    tags: dict[int, int] = {}
    with path.open("rb") as file:
        order = "<" if file.read(2) == b"II" else ">"
        file.seek(4)
        file.seek(_number(order, "I", file.read(4)))
        entries = file.read(12 * _number(order, "H", file.read(2)))
        for start in range(0, len(entries) - 11, 12):
            tag, kind, values = struct.unpack_from(order + "HHI", entries, start)
            content = entries[start + 8 : start + 12]
            if values * (2 if kind == _SHORT else 4) > len(content):  # several stand elsewhere
                file.seek(_number(order, "I", content))
                content = file.read(4)
            tags[tag] = _number(order, "H" if kind == _SHORT else "I", content)
    return tags


def _number(order: str, kind: str, content: bytes) -> int:
    """A number of a file, 0 where it ends."""
    number: int = struct.unpack_from(order + kind, content.ljust(4, b"\0"))[0]
    return number


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
