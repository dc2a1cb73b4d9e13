"""The one identity scheme: a canonical, type-tagged encoding of values, and its SHA-256.

Compile time names WorkPlan nodes by it, run time names results. Two values have one digest exactly when they have one
type and one content: `1`, `1.0`, `True` and `"1"` all differ, and so do `0.0` and `-0.0`. Encodings are prefix-free (a
tag, then a length where there is one), so no two sequences of values run together.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable

Digest = bytes
"""32 bytes of SHA-256."""

Encodable = None | bool | int | float | str | bytes | tuple["Encodable", ...] | list["Encodable"]


def encode(value: Encodable) -> bytes:
    """Return the canonical bytes of a value. Linear in its size; nesting may be arbitrarily deep.

    Raises TypeError for any other type: nothing is ever identified by its address or its repr.
    """
    if type(value) is bytes:  # the commonest case by far: a key made of keys
        return b"y%d:" % len(value) + value
    parts: list[bytes] = []
    pending: list[Encodable] = [value]
    while pending:
        item = pending.pop()
        if type(item) is bytes:
            parts.append(b"y%d:" % len(item) + item)
        elif isinstance(item, str):
            text = item.encode("utf-8", "surrogatepass")
            parts.append(b"s%d:" % len(text) + text)
        elif item is None:
            parts.append(b"n")
        elif isinstance(item, bool):
            parts.append(b"t" if item else b"f")
        elif isinstance(item, int):
            parts.append(b"i%d;" % item)
        elif isinstance(item, float):
            # every NaN is one value: its payload is not observable in the language
            parts.append(b"d" + (struct.pack(">d", item) if item == item else b"\x7f\xf8\0\0\0\0\0\0"))
        elif isinstance(item, (tuple, list)):
            parts.append(b"l%d:" % len(item))
            pending.extend(reversed(item))
        else:
            raise TypeError(f"{type(item).__name__} has no canonical encoding")
    return b"".join(parts)


def digest(*values: Encodable) -> Digest:
    """The SHA-256 of the encodings of the values, in order."""
    return hashlib.sha256(b"".join([encode(value) for value in values])).digest()


def digest_bytes(chunks: Iterable[bytes | memoryview]) -> Digest:
    """The SHA-256 of raw bytes that come in pieces."""
    state = hashlib.sha256()
    for chunk in chunks:
        state.update(chunk)
    return state.digest()
