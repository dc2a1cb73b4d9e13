"""Objects: files that hold one value each, compressed, named by the SHA-256 of what is in them."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import zstandard
from vlc_runtime.codec import MAGIC, Encoded
from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.store.layout import Layout
from vlc_runtime.store.rows import Row, from_line, to_line

COMPRESSION_LEVEL = 1
FLOATS_COMPRESSION_LEVEL = -10
"""The low bits of floats are noise: looking harder for repetitions takes twice as long and saves a sixth."""

_CHUNK = 1 << 20
_SMALLEST_COMPRESSED = 512
_KEYS = ".keys"


def write_object(layout: Layout, encoded: Encoded, digest: Digest) -> int:
    """Write an object and return its size on disk. It is there whole or not at all.

    An object that is there already is replaced by the same bytes, which mends it if it was damaged.
    """
    path = layout.object(digest)
    temporary = layout.new_temporary()
    try:
        # buffered: on a disk that is nearly full, a bare write may take only a part without an error
        with temporary.open("xb") as file:
            level = FLOATS_COMPRESSION_LEVEL if encoded.floats else COMPRESSION_LEVEL
            compressor = zstandard.ZstdCompressor(level=level)
            # not a `with`: it would end the frame after an error too, and hide that the disk is full
            stream = compressor.stream_writer(file, size=encoded.size, closefd=False)
            for part in encoded.parts:
                view = memoryview(part).cast("B")
                for start in range(0, len(view), _CHUNK):
                    stream.write(view[start : start + _CHUNK])
            stream.flush(zstandard.FLUSH_FRAME)
            file.flush()
            os.fsync(file.fileno())
            stored = file.tell()
        make_parent(path)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return stored


def make_parent(path: Path) -> None:
    """Make the folder of an object, and none above it: a store that was moved or removed meanwhile must not begin to
    be anew, as a folder with objects and nothing else."""
    if not path.parent.is_dir():
        path.parent.mkdir(exist_ok=True)


def read_object(layout: Layout, digest: Digest, size: int) -> memoryview | None:
    """The canonical bytes of an object, which take `size`; None when there is no such object.

    StoreError when they are not the bytes that were written. Memory: the uncompressed bytes, once.
    """
    try:
        file = layout.object(digest).open("rb", buffering=0)
    except FileNotFoundError:
        return None
    with file:
        # compressed bytes expand at most about 2^15 times: a wrong size is not believed
        if size > (os.fstat(file.fileno()).st_size + 1) << 17:
            raise StoreError(f"damaged object {digest.hex()}: it is cut short")
        buffer = np.empty(size, np.uint8).data
        state = hashlib.sha256()
        filled = 0
        try:
            with zstandard.ZstdDecompressor().stream_reader(file, closefd=False) as stream:
                while filled < size:
                    count = stream.readinto(buffer[filled : filled + _CHUNK])
                    if count == 0:
                        break
                    state.update(buffer[filled : filled + count])
                    filled += count
                excess = len(stream.read(1))
        except zstandard.ZstdError as error:
            raise StoreError(f"damaged object {digest.hex()}: {error}") from None
    if filled != size or excess or state.digest() != digest:
        raise StoreError(f"damaged object {digest.hex()}: its bytes are not those that were written")
    return buffer.toreadonly()


def digest_of_file(path: Path) -> tuple[Digest, int]:
    """The digest and the size of the canonical bytes in an object's file. StoreError when it cannot be decompressed."""
    with path.open("rb", buffering=0) as file:
        return digest_of_open_file(file)


def digest_of_open_file(file: IO[bytes]) -> tuple[Digest, int]:
    """`digest_of_file` of one that is open, from where it is read on."""
    state = hashlib.sha256()
    size = 0
    try:
        with zstandard.ZstdDecompressor().stream_reader(file, closefd=False) as stream:
            while chunk := stream.read(_CHUNK):
                state.update(chunk)
                size += len(chunk)
    except zstandard.ZstdError as error:
        raise StoreError(f"damaged object {file.name}: {error}") from None
    return state.digest(), size


def set_aside(layout: Layout, digest: Digest) -> None:
    """Move a damaged object out of the way, so that nobody meets it again."""
    path = layout.object(digest)
    layout.damaged.mkdir(exist_ok=True)
    path.with_name(path.name + _KEYS).unlink(missing_ok=True)
    try:
        path.replace(layout.damaged / f"{digest.hex()}-{uuid.uuid4().hex[:8]}")
    except FileNotFoundError:
        return  # somebody else did


def remove_object(layout: Layout, digest: Digest) -> None:
    path = layout.object(digest)
    path.with_name(path.name + _KEYS).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def note_key(layout: Layout, row: Row) -> None:
    """Write beside the object that this key leads to it: what the index is rebuilt from."""
    path = layout.object(row.digest)
    with path.with_name(path.name + _KEYS).open("ab") as file:
        file.write(to_line(row))


def noted_rows(layout: Layout) -> Iterator[Row]:
    """Every row that is noted beside an object that exists."""
    for digest, _ in all_objects(layout):
        yield from rows_of_object(layout, digest)


def rows_of_object(layout: Layout, digest: Digest) -> Iterator[Row]:
    """The rows that are noted beside an object. Lines that are damaged are left out."""
    path = layout.object(digest)
    try:
        lines = path.with_name(path.name + _KEYS).read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        row = from_line(line)
        if row is not None and row.digest == digest and row.inline is None:
            yield row


def all_objects(layout: Layout) -> Iterator[tuple[Digest, Path]]:
    """Every object, in the order of the digests."""
    if not layout.objects.is_dir():
        return
    for folder in sorted(layout.objects.iterdir()):
        if len(folder.name) != 2 or not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            try:
                digest = bytes.fromhex(folder.name + path.name)
            except ValueError:
                continue
            if len(digest) == 32:
                yield digest, path


def pack_inline(encoded: Encoded) -> bytes:
    """The bytes of a small value for the index: compressed when that is worth it."""
    data = bytes(encoded)
    if len(data) < _SMALLEST_COMPRESSED:
        return data
    packed = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress(data)
    return packed if len(packed) < len(data) else data


def unpack_inline(inline: bytes, digest: Digest, size: int) -> bytes:
    """The canonical bytes of a small value. StoreError when they are not those that were stored."""
    data = inline
    if not inline.startswith(MAGIC):
        try:
            data = (
                zstandard.ZstdDecompressor().decompress(inline, max_output_size=size)
                if _frame_is(inline, size)
                else b""
            )
        except zstandard.ZstdError:
            data = b""
    if len(data) != size or hashlib.sha256(data).digest() != digest:
        raise StoreError("damaged result: its bytes are not those that were written")
    return data


def _frame_is(inline: bytes, size: int) -> bool:
    # -1: the frame does not say
    return zstandard.frame_content_size(inline) in (-1, size)
