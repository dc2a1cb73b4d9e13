"""The digests of input files: their content, read once as long as the file stays what it is.

A digest is kept with the file's size, times, inode and device. A file that was changed a moment before it was read
could be changed again without any of these showing it, so its digest is not kept.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path

from vlc_runtime.digest import Digest
from vlc_runtime.errors import FileError

# the coarsest time stamps of file systems in use are two seconds apart (FAT)
_TOO_FRESH = 2_000_000_000
_CHUNK = 1 << 20


class FileDigests:
    """Digests of files, in memory. Threads may share it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Digest]] = {}
        self._lock = threading.Lock()

    def file_digest(self, path: str | os.PathLike[str]) -> Digest:
        """The SHA-256 of the file's content. FileError when it cannot be read, or changes while it is read."""
        absolute = str(Path(path).absolute())
        state = state_of(os.fspath(path))
        with self._lock:
            known = self._known.get(absolute)
        if known is not None and known[0] == state:
            return known[1]
        digest = self._recall(absolute, state)
        if digest is None:
            digest, fresh = read_digest(os.fspath(path))
            if fresh:
                return digest
            self._remember(absolute, state, digest)
        with self._lock:
            self._known[absolute] = (state, digest)
        return digest

    def _recall(self, path: str, state: str) -> Digest | None:
        """What is known of the file from elsewhere: a store has more than memory."""
        return None

    def _remember(self, path: str, state: str, digest: Digest) -> None:
        """Keep the digest for others."""


def state_of(path: str) -> str:
    """What changes when the file changes. FileError when there is no such file."""
    try:
        return _state(Path(path).stat())
    except OSError as error:
        raise _unreadable(path, error) from None


def read_digest(path: str) -> tuple[Digest, bool]:
    """The SHA-256 of the content, and whether the file was changed so recently that this may not last."""
    try:
        with Path(path).open("rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            state = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                state.update(chunk)
            after = os.fstat(file.fileno())
        named = Path(path).stat()
    except OSError as error:
        raise _unreadable(path, error) from None
    if not _state(before) == _state(after) == _state(named):
        raise FileError(f"{path} changed while it was read", "run again when it is complete")
    return state.digest(), time.time_ns() - max(after.st_mtime_ns, after.st_ctime_ns) < _TOO_FRESH


def seal(path: str, state: str, digest: Digest) -> bytes:
    """16 bytes that tie a path and its state to the digest."""
    return hashlib.blake2b(
        b"\0".join((path.encode("utf-8", "surrogateescape"), state.encode(), digest)), digest_size=16
    ).digest()


def _state(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino} {status.st_dev}"


def _unreadable(path: str, error: OSError) -> FileError:
    return FileError(f"cannot read {path}: {error.strerror or error}")
