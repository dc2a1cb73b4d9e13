"""The digests of input files: their content, read once as long as the file stays what it is.

A digest is kept with the file's size, times, inode and device. A file that was changed a moment before it was read
could be changed again without any of these showing it, so its digest is not kept.

A run digests its input files when it is planned, and reads them later, perhaps hours later. Whoever has read a file
verifies that it is still the one that was digested: what is computed from another must not be stored under its key.
A run that keeps nothing, on this machine, needs no content: it goes by what would change if the file changed.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from vlc_runtime.digest import Digest, digest
from vlc_runtime.errors import FileError
from vlc_runtime.missing_files import where_file_was_looked_for

# the coarsest time stamps of file systems in use are two seconds apart (FAT)
_TOO_FRESH = 2_000_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """A file as it was when it was digested."""

    path: str
    state: str
    content: Digest

    def verify(self) -> None:
        """Raise FileError unless this is still the content of the file. It is not read when its state is the same.

        Machines that share a file system may number its devices differently, and may have copies of their own: what
        differs in state alone is digested again.
        """
        if _on_any_machine(state_of(self.path)) == _on_any_machine(self.state):
            return
        if read_digest(self.path)[0] != self.content:
            raise FileError(f"{self.path} changed since the run began", "run again when it is complete")


class FileDigests:
    """Digests of files, in memory. Threads may share it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Digest]] = {}
        self._digested: dict[str, FileIdentity] = {}
        self._lock = threading.Lock()

    def file_digest(self, path: str | os.PathLike[str]) -> Digest:
        """The SHA-256 of the file's content. FileError when it cannot be read, or changes while it is read."""
        absolute = str(Path(path).absolute())
        state, found = self._digest(os.fspath(path), absolute, state_of(os.fspath(path)))
        self._digested[os.fspath(path)] = FileIdentity(absolute, state, found)
        return found

    def digested(self, path: str | os.PathLike[str]) -> FileIdentity | None:
        """The file as it was when its digest was last asked for."""
        return self._digested.get(os.fspath(path))

    def _digest(self, path: str, absolute: str, state: str) -> tuple[str, Digest]:
        """The file's digest, and the state that it had then: the name may lead to another file by now."""
        with self._lock:
            known = self._known.get(absolute)
        if known is not None and known[0] == state:
            return known
        content = self._recall(absolute, state)
        if content is None:
            content, state, fresh = read_digest(path)
            if fresh:
                return state, content
            self._remember(absolute, state, content)
        with self._lock:
            self._known[absolute] = (state, content)
        return state, content

    def _recall(self, path: str, state: str) -> Digest | None:
        """What is known of the file from elsewhere: a store has more than memory."""
        return None

    def _remember(self, path: str, state: str, content: Digest) -> None:
        """Keep the digest for others."""


class FileStates(FileDigests):
    """Names and states of files in place of their contents, which nobody has to read for that. Files of one content
    count as different, and a file as changed when its times are. Not for workers on other machines, whose copies have
    states of their own."""

    def _digest(self, path: str, absolute: str, state: str) -> tuple[str, Digest]:
        try:
            with Path(path).open("rb"):
                pass
        except OSError as error:
            raise _unreadable(path, error) from None
        return state, digest("state of a file", absolute, state)


def state_of(path: str) -> str:
    """What changes when the file changes. FileError when there is no such file, or its name is no text."""
    shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
    if shown != path:
        raise FileError(f"cannot read {shown}: its name is not UTF-8", "rename it")
    try:
        status = Path(path).stat()
    except OSError as error:
        raise _unreadable(path, error) from None
    if not stat.S_ISREG(status.st_mode):
        what = "a directory" if stat.S_ISDIR(status.st_mode) else "no file: a device, a pipe or a socket"
        raise FileError(f"cannot read {path or '.'}: it is {what}")
    return _state(status)


def read_digest(path: str) -> tuple[Digest, str, bool]:
    """The SHA-256 of the content, the state of the file that was read, and whether it was changed so recently that this
    may not last."""
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
    return state.digest(), _state(after), time.time_ns() - max(after.st_mtime_ns, after.st_ctime_ns) < _TOO_FRESH


def seal(path: str, state: str, content: Digest) -> bytes:
    """16 bytes that tie a path and its state to the digest of the content."""
    return hashlib.blake2b(
        b"\0".join((path.encode("utf-8", "surrogateescape"), state.encode(), content)), digest_size=16
    ).digest()


def _state(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino} {status.st_dev}"


def _on_any_machine(state: str) -> str:
    """A state without the number of the device."""
    return state.rpartition(" ")[0]


def _unreadable(path: str, error: OSError) -> FileError:
    hint = where_file_was_looked_for(path) if isinstance(error, FileNotFoundError) else ""
    return FileError(f"cannot read {path}: {error.strerror or error}", hint)
