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
endian; bool voxels as bits, the first voxel in the highest bit. Floats of the geometry are hexadecimal: exact.
A volume's `source` is not part of it. Every scalar NaN is one value; NaNs in voxels keep their payload.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.volume import Geometry, Volume

Storable: TypeAlias = bool | int | float | str | bytes | Volume | list["Storable"] | dict[str, "Storable"]
Buffer: TypeAlias = bytes | bytearray | memoryview

MAGIC = b"vlc1"
_START = struct.Struct("<4sI")
_ALIGNMENT = 64
_PADDING = bytes(_ALIGNMENT)
_PLAIN_INT_LIMIT = 2**63
_HEADER_LIMIT = 2**32

_DTYPES = {
    name: np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}


def _no_constant(name: str) -> float:
    raise ValueError(name)


_to_json = json.JSONEncoder(ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
_from_json = json.JSONDecoder(parse_constant=_no_constant).decode


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value's canonical bytes, in pieces: the voxels of large volumes are views, not copies.

    `kind` is bool, number, string, bytes, list, record, or bool image, number image, colour image.
    """

    kind: str
    parts: tuple[Buffer, ...]
    size: int

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
            if cast(Volume, item).array.dtype.newbyteorder("=").name not in _DTYPES:
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
    parts: list[Buffer] = [_START.pack(MAGIC, len(header)), header]
    size = _START.size + len(header)
    for blob in blobs:
        gap = -size % _ALIGNMENT
        parts += (_PADDING[:gap], blob)
        size += gap + len(blob)
    return Encoded(kind_of(value), tuple(parts), size)


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
    encoded = _START.pack(MAGIC, len(header)) + header
    return Encoded(kind, (encoded,), len(encoded))


def _encode_one(item: object, tokens: list[object], blobs: list[Buffer], pending: list[object]) -> None:
    kind = type(item)
    if kind is float:
        number = cast(float, item)
        tokens.append(number if math.isfinite(number) else {"float": str(number)})
    elif kind is int:
        whole = cast(int, item)
        tokens.append(whole if -_PLAIN_INT_LIMIT <= whole < _PLAIN_INT_LIMIT else {"int": hex(whole)})
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
        tokens.append({"volume": _description(volume)})
        blobs.append(_voxels_as_bytes(volume.array))
    else:
        raise TypeError(f"a {kind.__name__} cannot be stored")


def _description(volume: Volume) -> dict[str, object]:
    geometry = volume.geometry
    name = volume.array.dtype.newbyteorder("=").name
    if name not in _DTYPES:
        raise TypeError(f"an image of {name} voxels cannot be stored")
    return {
        "components": int(volume.components),
        "direction": [float(entry).hex() for entry in geometry.direction],
        "dtype": name,
        "origin": [float(entry).hex() for entry in geometry.origin],
        "size": [int(extent) for extent in geometry.size],
        "spacing": [float(entry).hex() for entry in geometry.spacing],
    }


def _voxels_as_bytes(array: NDArray[Any]) -> memoryview:
    flat = np.ascontiguousarray(array).reshape(-1)
    if flat.dtype == np.bool_:
        return np.packbits(flat).data
    little = flat.astype(flat.dtype.newbyteorder("<"), copy=False)
    return little.view(np.uint8).data


def decode_value(data: Buffer) -> Storable:
    """The value whose canonical bytes these are.

    The voxels of a volume are read-only views of `data` (bools are unpacked). Anything else than canonical bytes is
    a StoreError.
    """
    view = memoryview(data).cast("B")
    try:
        return _Decoder(view).value()
    except _Malformed as error:
        raise StoreError(f"damaged result: {error}") from None


class _Malformed(Exception):
    """The bytes are not an encoding."""


class _Decoder:
    """One pass over tokens and blobs. Every length is checked against what is there before anything is allocated."""

    def __init__(self, view: memoryview) -> None:
        if len(view) < _START.size:
            raise _Malformed("it is too short")
        magic, length = _START.unpack_from(view)
        if magic != MAGIC:
            raise _Malformed("it does not start as one")
        if length > len(view) - _START.size:
            raise _Malformed("its header is cut short")
        self.view = view
        self.position = _START.size + length
        self.tokens = _parse_header(bytes(view[_START.size : self.position]))

    def value(self) -> Storable:
        remaining: Iterator[object] = iter(self.tokens)
        # open containers: (the items so far, the keys of a record, the number of items that are still to come)
        items: list[Storable] = []
        keys: list[str] | None = None
        missing = 1
        outer: list[tuple[list[Storable], list[str] | None, int]] = []
        for token in remaining:
            if missing == 0:
                raise _Malformed("its header lists more than one value")
            missing -= 1
            if type(token) is not dict:
                items.append(_plain(token))
            elif "list" in token or "record" in token:
                outer.append((items, keys, missing))
                items, keys, missing = [], *_container(token)
            else:
                items.append(self._leaf(token))
            while missing == 0 and outer:
                done: Storable = items if keys is None else dict(zip(keys, items, strict=True))
                items, keys, missing = outer.pop()
                items.append(done)
        if missing or outer:
            raise _Malformed("its header lists too few values")
        if self.position != len(self.view):
            raise _Malformed("bytes follow its end")
        return items[0]

    def _leaf(self, token: dict[str, object]) -> Storable:
        match token:
            case {"float": "nan" | "inf" | "-inf" as text} if len(token) == 1:
                return float(text)
            case {"int": str(text)} if len(token) == 1:
                return _large_int(text)
            case {"bytes": length} if len(token) == 1:
                return bytes(self._blob(_count(length)))
            case {"volume": dict(description)} if len(token) == 1:
                return self._volume(description)
        raise _Malformed("its header holds an unknown entry")

    def _volume(self, description: dict[str, object]) -> Volume:
        if set(description) != {"components", "direction", "dtype", "origin", "size", "spacing"}:
            raise _Malformed("an image is described by unknown words")
        size = tuple(_count(extent) for extent in _list(description["size"]))
        components = _count(description["components"])
        dtype = _DTYPES.get(description["dtype"]) if type(description["dtype"]) is str else None
        dimension = len(size)
        if dtype is None or components < 1 or not 1 <= dimension <= 30:
            raise _Malformed("an image has no known pixel type, components or dimension")
        geometry = Geometry(
            size,
            _floats(description["spacing"], dimension),
            _floats(description["origin"], dimension),
            _floats(description["direction"], dimension * dimension),
        )
        count = geometry.voxels * components
        shape = geometry.shape + ((components,) if components > 1 else ())
        if dtype == np.bool_:
            packed = np.frombuffer(self._blob(-(-count // 8)), np.uint8)
            if count % 8 and packed[-1] & (0xFF >> count % 8):
                raise _Malformed("bits follow the end of an image of bools")
            flat = np.unpackbits(packed, count=count).view(np.bool_)
        else:
            blob = self._blob(count * dtype.itemsize)
            flat = np.frombuffer(blob, dtype.newbyteorder("<")).astype(dtype, copy=False)
        try:
            array = flat.reshape(shape)
        except ValueError:  # numpy refuses huge extents even where another extent is 0
            raise _Malformed("an image has an impossible size") from None
        array.flags.writeable = False
        return Volume(array, geometry, components)

    def _blob(self, length: int) -> memoryview:
        start = self.position + -self.position % _ALIGNMENT
        if length > len(self.view) - start:
            raise _Malformed("its data is cut short")
        if any(self.view[self.position : start]):
            raise _Malformed("its data does not start where it should")
        self.position = start + length
        return self.view[start : self.position].toreadonly()


def _parse_header(text: bytes) -> list[object]:
    try:
        tokens = _from_json(text.decode("ascii"))
    except (ValueError, RecursionError):
        raise _Malformed("its header is not JSON") from None
    if type(tokens) is not list:
        raise _Malformed("its header is not an array")
    return cast("list[object]", tokens)


def _plain(token: object) -> bool | int | float | str:
    if type(token) is float and math.isfinite(token):
        return token
    if type(token) in (bool, str) or (type(token) is int and -_PLAIN_INT_LIMIT <= token < _PLAIN_INT_LIMIT):
        return cast("bool | int | str", token)
    raise _Malformed("its header holds something that is no value")


def _container(token: dict[str, object]) -> tuple[list[str] | None, int]:
    if len(token) == 1 and "list" in token:
        return None, _count(token["list"])
    keys = token.get("record")
    if len(token) == 1 and type(keys) is list and all(type(key) is str for key in keys) and len(set(keys)) == len(keys):
        return keys, len(keys)
    raise _Malformed("its header holds an unknown entry")


def _count(value: object) -> int:
    if type(value) is int and 0 <= value < _PLAIN_INT_LIMIT:
        return value
    raise _Malformed("a length is not a count")


def _list(value: object) -> list[object]:
    if type(value) is list:
        return value
    raise _Malformed("the geometry of an image is not a list")


def _floats(value: object, count: int) -> tuple[float, ...]:
    entries = _list(value)
    try:
        numbers = tuple(float.fromhex(cast(str, entry)) for entry in entries)
    except (ValueError, TypeError, OverflowError):
        raise _Malformed("the geometry of an image is not made of numbers") from None
    if len(numbers) != count:
        raise _Malformed("the geometry of an image has another dimension than its size")
    return numbers


def _large_int(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        raise _Malformed("a large number is not hexadecimal") from None
