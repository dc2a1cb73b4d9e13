"""The lock between the users of a store and its maintenance.

Every operation shares it for the moment that it lasts; garbage collection and the rebuilding of the index have it
alone: then nobody is half-way through a write, so what lies in `temporary/` is of the dead. It is an advisory lock of
the kernel (`flock`): it ends with the process that holds it, however that ends. Where a file system has no such locks,
operations go on without: the worst that can follow is that a result is computed once more.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vlc_runtime.kernel_locks import UNSUPPORTED


class FolderLock:
    """A lock shared by operations or held alone, across threads and processes. Not reentrant."""

    def __init__(self, path: Path) -> None:
        try:
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            # a store that can only be read: its lock can still be shared, if it is there
            self._file = os.open(path, os.O_RDONLY) if path.exists() else None
        self._turn = threading.Condition()
        self._sharing = 0
        self._alone = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        with self._turn:
            self._turn.wait_for(lambda: not self._alone)
            if self._sharing == 0:
                self._flock(fcntl.LOCK_SH)
            self._sharing += 1
        try:
            yield
        finally:
            with self._turn:
                self._sharing -= 1
                if self._sharing == 0:
                    self._flock(fcntl.LOCK_UN)
                    self._turn.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._turn:
            self._turn.wait_for(lambda: not self._alone and self._sharing == 0)
            self._alone = True
        try:
            self._flock(fcntl.LOCK_EX)
            try:
                yield
            finally:
                self._flock(fcntl.LOCK_UN)
        finally:
            with self._turn:
                self._alone = False
                self._turn.notify_all()

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _flock(self, operation: int) -> None:
        if self._file is None:
            return
        try:
            fcntl.flock(self._file, operation)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
