"""The content of gzip files, with the checksum of each member verified."""

from __future__ import annotations

import zlib
from pathlib import Path

from vlc_runtime.errors import FileError

GZIP = b"\x1f\x8b"
"""What gzip files begin with."""


def decompressed(path: Path, data: bytes, expected: int) -> bytes:
    """The content of all members of a gzip file. Raises FileError when it is damaged or truncated.

    A file of one member, as its trailer tells, goes into memory of the `expected` size at once: what grows is copied.
    """
    if int.from_bytes(data[-4:], "little") == expected % 2**32:
        try:
            whole = zlib.decompress(data, 31, expected)
        except (zlib.error, MemoryError, OverflowError):
            whole = b""  # what follows finds out what is wrong
        if len(whole) == expected:
            return whole
    members: list[bytes] = []
    rest = data
    while rest[:2] == GZIP:
        stream = zlib.decompressobj(31)
        try:
            members.append(stream.decompress(rest))
        except zlib.error as error:
            raise FileError(
                f"{path} is damaged: its gzip data cannot be decompressed ({error})", "copy or download the file again"
            ) from error
        if not stream.eof:
            raise FileError(
                f"{path} is truncated: its gzip data ends after {len(data)} bytes, in the middle",
                "copy or download the file again",
            )
        rest = stream.unused_data
    return members[0] if len(members) == 1 else b"".join(members)
