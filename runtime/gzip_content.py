"""The content of gzip files, with the checksum of each member verified.

libdeflate, where it is installed (`vlc-runtime[fast]`), decompresses a member as a whole and so takes a fifth of zlib's
time. What it cannot do (several members, more in the file than expected) zlib does, and says what is wrong with a file.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias

from vlc_runtime.errors import FileError

GZIP = b"\x1f\x8b"
"""What gzip files begin with."""
Content: TypeAlias = bytes | bytearray
Inflate: TypeAlias = Callable[[bytes, int], Content]
"""Decompresses the first member of a gzip file, which has so many bytes. Any exception: it has not, or is damaged."""


def decompressed(path: Path, data: bytes, expected: int) -> Content:
    """The content of all members of a gzip file. Raises FileError when it is damaged or truncated.

    A file of one member, as its trailer tells, goes into memory of the `expected` size at once: what grows is copied.
    """
    if int.from_bytes(data[-4:], "little") == expected % 2**32:
        try:
            whole = fastest()(data, expected)
        except Exception:  # what follows finds out what is wrong
            whole = b""
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


def by_zlib(data: bytes, size: int) -> bytes:
    """Decompress by Python's own library."""
    return zlib.decompress(data, 31, size)


@cache
def by_libdeflate() -> Inflate | None:
    """Decompressing by libdeflate; None where it is not installed."""
    try:
        from deflate import gzip_decompress
    except ImportError:
        return None

    def inflate(data: bytes, size: int) -> bytearray:
        content: bytearray = gzip_decompress(data, size)
        return content

    return inflate


def fastest() -> Inflate:
    """What decompresses a member here."""
    return by_libdeflate() or by_zlib
