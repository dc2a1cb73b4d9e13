"""Values as bytes: one canonical encoding, exact for every value, and no pickle.

    "vlc1"  length of the header (4 bytes, little endian)  header  blobs

The header is ASCII JSON: a flat array that lists the value in pre-order, so that nesting has no depth limit.

    true  12  2.5  "text"            bool, int, float and str are themselves
    {"float": "nan"}                 nan, inf and -inf, which JSON lacks
    {"int": "0x1f..."}               an int of more than 64 bits
    {"bytes": 17}                    a blob of 17 bytes
    {"list": 3}                      the next 3 values
    {"record": ["a", "b"]}           a dict: the values of its keys, in its order
    {"volume": {...}}                size, spacing, origin, direction, components and dtype; its voxels are a blob

Blobs follow in that order, each at a multiple of 64 bytes from the start (zeros between): voxels in C order, little
endian; bool voxels as bits, the first voxel in the highest bit. Of a large image in which most voxels are like the
first (sparse_voxels.py), "most" has the bytes of that in hexadecimal, and two blobs tell the others: bits that mark
them, and their voxels. Of a large mask whose true voxels lie in a small part of it (boxed_masks.py), "box" has where
that begins and ends along each axis, x first, and the blob has its bits alone. Floats of the geometry are
hexadecimal: exact. A volume's `source` is not part of it. Every scalar NaN is one value; NaNs in voxels keep their
payload.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.boxed_masks import boxed
from vlc_runtime.digest import Digest
from vlc_runtime.sparse_voxels import sparse_parts
from vlc_runtime.volume import Volume

Storable: TypeAlias = bool | int | float | str | bytes | Volume | list["Storable"] | dict[str, "Storable"]
Buffer: TypeAlias = bytes | bytearray | memoryview

MAGIC = b"vlc1"
START = struct.Struct("<4sI")
ALIGNMENT = 64
_PADDING = bytes(ALIGNMENT)
PLAIN_INT_LIMIT = 2**63
_HEADER_LIMIT = 2**32

DTYPES = {
    name: np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}


def _no_constant(name: str) -> float:
    raise ValueError(name)


_to_json = json.JSONEncoder(ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
from_json = json.JSONDecoder(parse_constant=_no_constant).decode


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value's canonical bytes, in pieces: the voxels of large volumes are views, not copies.

    `kind` is bool, number, string, bytes, list, record, or bool image, number image, colour image. `floats` says that
    they are the voxels of an image of floats, which no compression makes much smaller.
    """

    kind: str
    parts: tuple[Buffer, ...]
    size: int
    floats: bool = False

    def digest(self) -> Digest:
        """The SHA-256 of the canonical bytes: the name of the object."""
        state = hashlib.sha256()
        for part in self.parts:
            state.update(part)
        return state.digest()

    def __bytes__(self) -> bytes:
        return b"".join(self.parts)


def is_storable(value: object) -> bool:
    """Whether `encode_value` accepts the value. Linear in the number of its parts."""
    pending = [value]
    while pending:
        item = pending.pop()
        kind = type(item)
        if kind is list:
            pending.extend(cast("list[object]", item))
        elif kind is dict:
            record = cast("dict[object, object]", item)
            if not all(type(key) is str and _is_unicode(key) for key in record):
                return False
            pending.extend(record.values())
        elif kind is str:
            if not _is_unicode(cast(str, item)):
                return False
        elif kind is Volume:
            if cast(Volume, item).array.dtype.newbyteorder("=").name not in DTYPES:
                return False
        elif kind not in (bool, int, float, bytes):
            return False
    return True


def _is_unicode(text: str) -> bool:
    """Whether the text has no lone surrogates: two of them that meet would come back from JSON as one character."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def encode_value(value: Storable) -> Encoded:
    """The canonical bytes of a value. Equal values have equal bytes.

    Types are exact (a subclass such as np.float64 would come back as something else): TypeError for anything else
    than a Storable.
    """
    kind = type(value)
    if (kind is float and math.isfinite(cast(float, value))) or (kind is int and -(2**63) <= cast(int, value) < 2**63):
        return _of_header("number", f"[{value!r}]".encode("ascii"))  # numbers are by far the commonest
    tokens: list[object] = []
    blobs: list[Buffer] = []
    pending: list[object] = [value]
    while pending:
        _encode_one(pending.pop(), tokens, blobs, pending)
    header = _to_json(tokens).encode("ascii")
    if not blobs:
        return _of_header(kind_of(value), header)
    if len(header) >= _HEADER_LIMIT:
        raise TypeError("a value of more than 4 GB of scalars cannot be stored")
    parts: list[Buffer] = [START.pack(MAGIC, len(header)), header]
    size = START.size + len(header)
    for blob in blobs:
        gap = -size % ALIGNMENT
        parts += (_PADDING[:gap], blob)
        size += gap + len(blob)
    return Encoded(kind_of(value), tuple(parts), size, kind is Volume and cast(Volume, value).array.dtype.kind in "fc")


def kind_of(value: Storable) -> str:
    """The word for a value's kind: see Encoded."""
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case bytes():
            return "bytes"
        case list():
            return "list"
        case dict():
            return "record"
        case Volume():
            return f"{value.kind} image"
    raise TypeError(f"a {type(value).__name__} cannot be stored")


def _of_header(kind: str, header: bytes) -> Encoded:
    encoded = START.pack(MAGIC, len(header)) + header
    return Encoded(kind, (encoded,), len(encoded))


def _encode_one(item: object, tokens: list[object], blobs: list[Buffer], pending: list[object]) -> None:
    kind = type(item)
    if kind is float:
        number = cast(float, item)
        tokens.append(number if math.isfinite(number) else {"float": str(number)})
    elif kind is int:
        whole = cast(int, item)
        tokens.append(whole if -PLAIN_INT_LIMIT <= whole < PLAIN_INT_LIMIT else {"int": hex(whole)})
    elif kind is bool:
        tokens.append(item)
    elif kind is str:
        if not _is_unicode(cast(str, item)):
            raise TypeError("a string that is not Unicode text cannot be stored")
        tokens.append(item)
    elif kind is list:
        items = cast("list[object]", item)
        tokens.append({"list": len(items)})
        pending.extend(reversed(items))
    elif kind is dict:
        record = cast("dict[object, object]", item)
        if not all(type(key) is str and _is_unicode(key) for key in record):
            raise TypeError("a record whose keys are not all Unicode strings cannot be stored")
        tokens.append({"record": list(record)})
        pending.extend(reversed(record.values()))
    elif kind is bytes:
        blob = cast(bytes, item)
        tokens.append({"bytes": len(blob)})
        blobs.append(blob)
    elif kind is Volume:
        volume = cast(Volume, item)
        description = _description(volume)
        blobs.extend(_voxels_as_bytes(volume, description))
        tokens.append({"volume": description})
    else:
        raise TypeError(f"a {kind.__name__} cannot be stored")


def _description(volume: Volume) -> dict[str, object]:
    geometry = volume.geometry
    name = volume.array.dtype.newbyteorder("=").name
    if name not in DTYPES:
        raise TypeError(f"an image of {name} voxels cannot be stored")
    return {
        "components": int(volume.components),
        "direction": [float(entry).hex() for entry in geometry.direction],
        "dtype": name,
        "origin": [float(entry).hex() for entry in geometry.origin],
        "size": [int(extent) for extent in geometry.size],
        "spacing": [float(entry).hex() for entry in geometry.spacing],
    }


def _voxels_as_bytes(volume: Volume, description: dict[str, object]) -> list[memoryview]:
    """The blobs of an image. Its description is told when they have only some of the voxels."""
    if volume.array.dtype == np.bool_:
        return [_mask_as_bits(volume, description).data]
    flat = np.ascontiguousarray(volume.array).reshape(-1)
    little = flat.astype(flat.dtype.newbyteorder("<"), copy=False)
    parts = sparse_parts(little) if volume.components == 1 else None
    if parts is None:
        return [little.view(np.uint8).data]
    marks, others = parts
    description["most"] = little[:1].tobytes().hex()
    return [marks.data, others.view(np.uint8).data]


def _mask_as_bits(volume: Volume, description: dict[str, object]) -> NDArray[np.uint8]:
    found = boxed(volume.array) if volume.components == 1 else None
    if found is None:
        return np.packbits(np.ascontiguousarray(volume.array).reshape(-1))
    box, part = found
    description["box"] = [[side.start, side.stop] for side in reversed(box)]
    return np.packbits(np.ascontiguousarray(part).reshape(-1))
