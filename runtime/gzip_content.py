"""The content of gzip files, with the checksum of each member verified.

libdeflate, where it is installed (`vlc-runtime[fast]`), decompresses a member as a whole and so takes a fifth of zlib's
time. What it cannot do (several members, more in the file than expected) zlib does, and says what is wrong with a file.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO, TypeAlias

from vlc_runtime.errors import FileError

GZIP = b"\x1f\x8b"
"""What gzip files begin with."""
MOST_EXPANDED = 1032
"""No byte of compressed data stands for more bytes of content: two bits for 258 of them are the least."""
AGAIN = "copy or download the file again"
_PIECE = 1 << 20
_MOST_MORE = 1 << 26
"""Bytes that may follow what is expected, unless that is more."""
_START = 4096
Content: TypeAlias = bytes | bytearray
Inflate: TypeAlias = Callable[[bytes, int], Content]
"""Decompresses the first member of a gzip file, which has so many bytes. Any exception: it has not, or is damaged."""


def decompressed(path: Path, data: bytes, expected: int) -> Content:
    """The content of all members of a gzip file. Raises FileError when it is damaged or truncated, or holds by far more
    than is expected: a megabyte can stand for a gigabyte of zeros.

    A file of one member, as its trailer tells, goes into memory of the `expected` size at once: what grows is copied.
    """
    if expected and int.from_bytes(data[-4:], "little") == expected % 2**32:  # libdeflate takes 0 for unknown
        try:
            whole = fastest()(data, expected)
        except Exception:  # what follows finds out what is wrong
            whole = b""
        if len(whole) == expected:
            return whole
    members: list[bytes] = []
    rest = data
    room = expected + max(expected, _MOST_MORE) if expected > 0 else sys.maxsize
    while rest[:2] == GZIP:
        stream = zlib.decompressobj(31)
        try:
            members.append(stream.decompress(rest, room))
        except zlib.error as error:
            raise damaged(path, error) from error
        room -= len(members[-1])
        if room <= 0:
            raise FileError(f"{path} is damaged: {expected} bytes are announced, and by far more are in it", AGAIN)
        if not stream.eof:
            raise _truncated(path, len(data))
        rest = stream.unused_data
    return members[0] if len(members) == 1 else b"".join(members)


def require_sound(path: Path) -> int:
    """Raise FileError where `decompressed` does, without keeping the content, of which the length is returned. A file
    that is no gzip file passes."""
    length = 0
    with path.open("rb") as file:
        data = file.read(_PIECE)
        while data[:2] == GZIP:
            data, member = _after_member(path, file, data)
            length += member
    return length


def _after_member(path: Path, file: IO[bytes], data: bytes) -> tuple[bytes, int]:
    """What follows a member that begins with this data, the first two bytes of it at least; and the member's length."""
    stream = zlib.decompressobj(31)
    length = 0
    while not stream.eof:
        if not data:
            raise _truncated(path, file.tell())
        try:
            length += len(stream.decompress(data, _PIECE))
        except zlib.error as error:
            raise damaged(path, error) from error
        data = stream.unused_data if stream.eof else stream.unconsumed_tail or file.read(_PIECE)
    return data if len(data) > 1 else data + file.read(_PIECE), length


def damaged(path: Path, error: zlib.error) -> FileError:
    """What is wrong with a file whose data zlib refuses."""
    return FileError(f"{path} is damaged: its gzip data cannot be decompressed ({error})", AGAIN)


def _truncated(path: Path, length: int) -> FileError:
    return FileError(f"{path} is truncated: its gzip data ends after {length} bytes, in the middle", AGAIN)


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


def first_bytes(file: IO[bytes], count: int) -> bytes:
    """The first bytes of the content of a gzip file that is read from its beginning, fewer where it has fewer. Members
    may hold none or a few of them. Raises zlib.error for what is no gzip data."""
    found = bytearray()
    data = file.read(_START)
    while data[:2] == GZIP and len(found) < count:
        stream = zlib.decompressobj(31)
        while data and not stream.eof and len(found) < count:
            found += stream.decompress(data, count - len(found))
            data = stream.unused_data if stream.eof else file.read(_START)
        if stream.eof and len(data) < len(GZIP):
            data += file.read(_START)
    return bytes(found)
