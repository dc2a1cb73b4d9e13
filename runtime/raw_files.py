"""Whether a VTK, GIPL, MRC or BioRad file has all its voxels.

They lie in the file as they are in memory. ITK reads on past the end of a file that was cut off: the voxels that are
missing are whatever the memory held, or zeros.
"""

from __future__ import annotations

import re
from pathlib import Path

from vlc_runtime.errors import FileError
from vlc_runtime.gzip_content import AGAIN, GZIP, require_sound

_LEAST_HEADER = {".gipl": 256, ".gipl.gz": 256, ".mrc": 1024, ".rec": 1024, ".pic": 76}
"""Bytes before the voxels, by the ending of the name, which is what ITK goes by."""
_VTK = b"# vtk DataFile"
_LONGEST_HEADER = 1 << 16
_VTK_DATA = re.compile(rb"\n(?:LOOKUP_TABLE|COLOR_SCALARS|VECTORS|TENSORS)[^\n]*\n", re.IGNORECASE)


def require_whole_raw(path: Path, voxels: int, numbers: int) -> None:
    """Raise FileError when a file of these formats is too short for voxels that take so many bytes, or are so many
    numbers in text. Other files pass."""
    with path.open("rb") as file:
        head = file.read(_LONGEST_HEADER)
    if head.startswith(_VTK):
        found = _VTK_DATA.search(head)
        if found is None:
            return  # ITK says what is wrong with it
        if b"\nASCII" in head[: found.start()].upper():
            _require(path, numbers, len(path.read_bytes()[found.end() :].split()), "numbers")
        else:
            _require(path, found.end() + voxels, path.stat().st_size, "bytes")
        return
    name = path.name.lower()
    ending = next((each for each in _LEAST_HEADER if name.endswith(each)), None)
    if ending is not None:
        length = require_sound(path) if head.startswith(GZIP) else path.stat().st_size
        _require(path, _LEAST_HEADER[ending] + voxels, length, "bytes")


def _require(path: Path, expected: int, length: int, unit: str) -> None:
    if length < expected:
        raise FileError(f"{path} is truncated: its header announces {expected} {unit}, {length} are there", AGAIN)
