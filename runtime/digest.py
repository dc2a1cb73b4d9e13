"""The one identity scheme: a canonical, type-tagged encoding of values, and its SHA-256.

Compile time names WorkPlan nodes by it, run time names results. Two values have one digest exactly when they have one
type and one content: `1`, `1.0`, `True` and `"1"` all differ, and so do `0.0` and `-0.0`. Encodings are prefix-free (a
tag, then a length where there is one), so no two sequences of values run together.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from typing import Any

Digest = bytes
"""32 bytes of SHA-256."""

Encodable = None | bool | int | float | str | bytes | tuple["Encodable", ...] | list["Encodable"]


def encode(value: Encodable) -> bytes:
    """Return the canonical bytes of a value. Linear in its size; nesting may be arbitrarily deep.

    Raises TypeError for any other type: nothing is ever identified by its address or its repr.
    """
    encode_scalar = _SCALARS.get(type(value))
    if encode_scalar is not None:  # the commonest case by far
        return encode_scalar(value)
    parts: list[bytes] = []
    pending: list[Encodable] = [value]
    while pending:
        item = pending.pop()
        encode_scalar = _SCALARS.get(type(item)) or _of_subclass(item)
        if encode_scalar is not None:
            parts.append(encode_scalar(item))
        elif isinstance(item, (tuple, list)):
            parts.append(b"l%d:" % len(item))
            pending.extend(reversed(item))
        else:
            raise TypeError(f"{type(item).__name__} has no canonical encoding")
    return b"".join(parts)


def _string(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return b"s%d:" % len(encoded) + encoded


def _float(number: float) -> bytes:
    # every NaN is one value: its payload is not observable in the language
    return b"d" + (_DOUBLE(number) if number == number else b"\x7f\xf8\0\0\0\0\0\0")


_DOUBLE = struct.Struct(">d").pack
_SCALARS: dict[type, Callable[[Any], bytes]] = {
    bytes: lambda key: b"y%d:" % len(key) + key,
    str: _string,
    type(None): lambda _: b"n",
    bool: lambda truth: b"t" if truth else b"f",
    int: lambda number: b"i%d;" % number,
    float: _float,
}


def _of_subclass(value: Encodable) -> Callable[[Any], bytes] | None:
    """The encoding of a value whose type is derived from a scalar's, as the compiler's Code is from str."""
    return next((_SCALARS[kind] for kind in (str, int, float) if isinstance(value, kind)), None)


def digest_with_keys(encoded: bytes, keys: Sequence[Digest]) -> Digest:
    """What digest(*values, tuple(keys)) is, when `encoded` are the encodings of the values: for very many calls. Keys
    are digests, so all have the 32 bytes that their encodings say."""
    return hashlib.sha256(b"y32:".join((b"%bl%d:" % (encoded, len(keys)), *keys))).digest()


def digest(*values: Encodable) -> Digest:
    """The SHA-256 of the encodings of the values, in order."""
    return hashlib.sha256(b"".join([encode(value) for value in values])).digest()
