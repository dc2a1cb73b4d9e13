"""Saves that need not be done, since the files have what would be written.

A save leaves the digest of what it wrote in the store, under the key of its step, which comes from the value and the
path. Whoever comes to the same step again looks at the file: when its content has this digest, it is left as it is.
The digests of files are read once as long as the files stay what they are (store/files.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from vlc_runtime.digest import Digest
from vlc_runtime.errors import FileError
from vlc_runtime.image_formats import content_of
from vlc_runtime.store import Entry, Store


def unchanged_saves(store: Store, paths: Mapping[Digest, str], stored: Mapping[Digest, Entry]) -> dict[Digest, Digest]:
    """Of saves, by their keys, in files of these paths: those whose files are as they left them, with their digests."""
    found: dict[Digest, Digest] = {}
    for key, path in paths.items():
        if key in stored:
            written = store.load(key, stored[key])
            if isinstance(written, bytes) and written == _content_now(store, path):
                found[key] = written
    return found


def _content_now(store: Store, path: str) -> Digest | None:
    try:
        return content_of(path, store.file_digest)
    except (FileError, OSError):
        return None  # gone, or not to be read: the save will say what is wrong with it, if anything is
