"""Bytes as values: the inverse of codec.py. Whatever the bytes are, the answer is a value or a StoreError."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.boxed_masks import placed
from vlc_runtime.codec import ALIGNMENT, DTYPES, MAGIC, PLAIN_INT_LIMIT, START, Buffer, Storable, from_json
from vlc_runtime.errors import StoreError
from vlc_runtime.sparse_voxels import merged
from vlc_runtime.volume import Geometry, Volume


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
        if len(view) < START.size:
            raise _Malformed("it is too short")
        magic, length = START.unpack_from(view)
        if magic != MAGIC:
            raise _Malformed("it does not start as one")
        if length > len(view) - START.size:
            raise _Malformed("its header is cut short")
        self.view = view
        self.position = START.size + length
        self.tokens = _parse_header(bytes(view[START.size : self.position]))

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
        if description.keys() - {"most", "box"} != {"components", "direction", "dtype", "origin", "size", "spacing"}:
            raise _Malformed("an image is described by unknown words")
        size = tuple(_count(extent) for extent in _list(description["size"]))
        components = _count(description["components"])
        dtype = DTYPES.get(description["dtype"]) if type(description["dtype"]) is str else None
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
        flat: NDArray[Any]
        if "box" in description:
            if components != 1 or dtype != np.bool_ or "most" in description:
                raise _Malformed("an image of this kind is in no box")
            flat = self._boxed(description["box"], geometry.shape)
        elif "most" in description:
            if components != 1 or dtype == np.bool_:
                raise _Malformed("an image of this kind has all its voxels")
            flat = self._sparse(description["most"], dtype, count)
        elif dtype == np.bool_:
            flat = self._bits(count)
        else:
            blob = self._blob(count * dtype.itemsize)
            flat = np.frombuffer(blob, dtype.newbyteorder("<")).astype(dtype, copy=False)
        try:
            array = flat.reshape(shape)
        except ValueError:  # numpy refuses huge extents even where another extent is 0
            raise _Malformed("an image has an impossible size") from None
        array.flags.writeable = False
        return Volume(array, geometry, components)

    def _sparse(self, most: object, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
        """The voxels of an image of which those are listed that differ from the first."""
        little = dtype.newbyteorder("<")
        first = np.frombuffer(_bytes_in_hexadecimal(most, little.itemsize), little)
        marks = self._bits(count)
        others = self._blob(int(np.count_nonzero(marks)) * little.itemsize)
        try:
            return merged(first, marks, np.frombuffer(others, little)).astype(dtype, copy=False)
        except ValueError as error:
            raise _Malformed(str(error)) from None

    def _boxed(self, sides: object, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """The voxels of a mask of which those in a box are listed."""
        ends = [[_count(end) for end in _list(side)] for side in _list(sides)]
        if len(ends) != len(shape) or any(len(each) != 2 or each[0] > each[1] for each in ends):
            raise _Malformed("a box is none")
        box = tuple(slice(*each) for each in reversed(ends))
        extents = tuple(side.stop - side.start for side in box)
        try:
            return placed(self._bits(math.prod(extents)).reshape(extents), box, shape)
        except (ValueError, MemoryError) as error:
            raise _Malformed(str(error)) from None

    def _bits(self, count: int) -> NDArray[np.bool_]:
        packed = np.frombuffer(self._blob(-(-count // 8)), np.uint8)
        if count % 8 and packed[-1] & (0xFF >> count % 8):
            raise _Malformed("bits follow the end of an image")
        return np.unpackbits(packed, count=count).view(np.bool_)

    def _blob(self, length: int) -> memoryview:
        start = self.position + -self.position % ALIGNMENT
        if length > len(self.view) - start:
            raise _Malformed("its data is cut short")
        if any(self.view[self.position : start]):
            raise _Malformed("its data does not start where it should")
        self.position = start + length
        return self.view[start : self.position].toreadonly()


def _parse_header(text: bytes) -> list[object]:
    try:
        tokens = from_json(text.decode("ascii"))
    except (ValueError, RecursionError):
        raise _Malformed("its header is not JSON") from None
    if type(tokens) is not list:
        raise _Malformed("its header is not an array")
    return cast("list[object]", tokens)


def _plain(token: object) -> bool | int | float | str:
    if type(token) is float and math.isfinite(token):
        return token
    if type(token) in (bool, str) or (type(token) is int and -PLAIN_INT_LIMIT <= token < PLAIN_INT_LIMIT):
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
    if type(value) is int and 0 <= value < PLAIN_INT_LIMIT:
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


def _bytes_in_hexadecimal(text: object, count: int) -> bytes:
    try:
        found = bytes.fromhex(text) if type(text) is str else b""
    except ValueError:
        found = b""
    if len(found) != count:
        raise _Malformed("the commonest voxel of an image is none")
    return found


def _large_int(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        raise _Malformed("a large number is not hexadecimal") from None
