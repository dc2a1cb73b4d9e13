"""Compressed voxels of MetaImage and NRRD files, with their checksums verified.

ITK's readers look at no checksum: of a file with one wrong byte they make an image, whose voxels from there on are
wrong, or whatever the memory held.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from vlc_runtime.detached_voxels import LONGEST_HEADER, META_VOXELS, NRRD, meta_fields
from vlc_runtime.errors import FileError
from vlc_runtime.gzip_content import AGAIN

_PIECE = 1 << 20
_ANY_WRAPPING = 47
"""For zlib: its own format, or gzip's, as the data begins."""
_NRRD_END = re.compile(rb"\r?\n\r?\n")
_NRRD_COMPRESSED = re.compile(rb"^encoding: *gz(?:ip)?\s*$", re.MULTILINE | re.IGNORECASE)
_NRRD_SKIPS_LINES = re.compile(rb"^line ?skip: *[1-9]", re.MULTILINE | re.IGNORECASE)


def bytes_of_compressed_voxels(files: Sequence[Path]) -> int | None:
    """How many bytes of voxels are in files where they are compressed; None where they are plain. `files` is the one
    with the header, then those that it names. FileError when they are damaged or truncated. Decompresses all of it
    once, in pieces."""
    with files[0].open("rb") as file:
        start = _start_of_compressed(file.read(LONGEST_HEADER))
        if start is None:
            return None
        if len(files) == 1:
            file.seek(start)
            return _length_of(files[0], file)
    length = 0
    for path in files[1:]:
        with path.open("rb") as file:
            length += _length_of(path, file)
    return length


def _start_of_compressed(head: bytes) -> int | None:
    """Where what follows a header begins, if voxels are compressed; else None."""
    if head.startswith(NRRD):
        end = _NRRD_END.search(head)
        text = head[: end.start()] if end else head
        if not _NRRD_COMPRESSED.search(text) or _NRRD_SKIPS_LINES.search(text):
            return None
        return end.end() if end else len(head)
    if META_VOXELS not in head:
        return None
    compressed, start = False, 0
    for key, value, start in meta_fields(head):  # noqa: B007 - the last one is what is asked for
        compressed = value[:1] in (b"T", b"t", b"1") if key == b"CompressedData" else compressed
    return start if compressed else None


def _length_of(path: Path, file: IO[bytes]) -> int:
    """The length of what a file holds from here on, decompressed."""
    stream = zlib.decompressobj(_ANY_WRAPPING)
    length = 0
    data = file.read(_PIECE)
    while data and not stream.eof:
        try:
            length += len(stream.decompress(data, _PIECE))
        except zlib.error as error:
            raise FileError(f"{path} is damaged: its voxels cannot be decompressed ({error})", AGAIN) from None
        data = stream.unconsumed_tail or file.read(_PIECE)
    if not stream.eof:
        raise FileError(f"{path} is truncated: its compressed voxels end in the middle", AGAIN)
    return length
