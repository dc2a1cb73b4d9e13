"""One line of the index: which value is stored under which key. Rows check themselves."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from vlc_runtime.digest import Digest

COLUMNS = ("key", "digest", "inline", "kind", "size", "stored", "operator", "version", "seconds", "run", "at", "seal")


class Entry(NamedTuple):
    """What is stored under a key.

    `size` is that of the canonical bytes: about what the value takes in memory (an eighth of it for images of bools).
    `is_object`: they are a file. Otherwise `inline` holds them when they are few, so that `load` asks nothing.
    """

    digest: Digest
    kind: str
    size: int
    seconds: float
    is_object: bool
    inline: bytes


class Row(NamedTuple):
    """`digest` names the value's canonical bytes, which are `size` many. They are `inline` (perhaps compressed), or an
    object when that is None; `stored` is what they take on disk. `at` is seconds since 1970."""

    key: Digest
    digest: Digest
    inline: bytes | None
    kind: str
    size: int
    stored: int
    operator: str
    version: str
    seconds: float
    run: str
    at: float
    seal: bytes

    @property
    def is_sound(self) -> bool:
        """Whether key and digest belong together: a flipped bit anywhere in them shows."""
        return (
            all(isinstance(field, expected) for field, expected in zip(self, _TYPES, strict=True))
            and len(self.key) == len(self.digest) == 32
            and is_sealed(self.seal, self.key, self.digest, self.kind, self.size)
        )


_TYPES: tuple[type | tuple[type, ...], ...] = (
    *(bytes, bytes, (bytes, type(None)), str, int, int),
    *(str, str, (float, int), str, (float, int), bytes),
)


def is_sealed(found: object, key: object, digest: object, kind: object, size: object) -> bool:
    """Whether the seal is that of a key and its value. Any types are allowed: damage changes them too."""
    return (
        type(key) is bytes
        and type(digest) is bytes
        and type(kind) is str
        and type(size) is int
        and found == seal(key, digest, kind, size)
    )


def seal(key: Digest, digest: Digest, kind: str, size: int) -> bytes:
    """16 bytes that tie a key to its value."""
    return hashlib.blake2b(b"%b%b%b %d" % (key, digest, kind.encode("utf-8", "replace"), size), digest_size=16).digest()


def to_line(row: Row) -> bytes:
    """The row as a line of JSON, for sidecar files and archives."""
    content: dict[str, Any] = row._asdict()
    for name in ("key", "digest", "seal"):
        content[name] = content[name].hex()
    if row.inline is None:
        del content["inline"]
    else:
        content["inline"] = base64.b64encode(row.inline).decode("ascii")
    return (json.dumps(content, sort_keys=True) + "\n").encode("ascii")


def from_line(line: bytes) -> Row | None:
    """The row of a line; None when it is not a sound one (a line cut short by a kill, say)."""
    try:
        content = json.loads(line)
        for name in ("key", "digest", "seal"):
            content[name] = bytes.fromhex(content[name])
        inline = content.get("inline")
        content["inline"] = None if inline is None else base64.b64decode(inline, validate=True)
        row = Row(**content)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return row if row.is_sound else None


def of_columns(columns: Sequence[Any]) -> Row:
    return Row(*columns)
