"""Who computes what: claims on keys, so that of many processes one computes a result and the others wait for it.

A claim is a lock of the kernel on one byte of an empty file; the byte's position is made of the key. Claiming is
trying the lock; waiting is asking for it: no polling, no time-out. The kernel gives up the locks of a process that
ends, however it ends, and wakes one of those who wait: it has the claim then, looks in the store, and computes the
result if it is not there. So a killed run leaves nothing to clean up.

The locks belong to an open file ("open file description locks"), so two stores in one process exclude each other
too. Where the platform lacks them they belong to the process, and two stores in one process may compute the same
result. On network file systems the server keeps the locks (NFS 4, Lustre and CephFS do so between hosts); where locks
stay on the host, or do not exist, two hosts may compute the same result. That costs time and nothing else: results are
equal, and each is stored once.

No deadlock. Waiting needs a cycle of claimers, each waiting for a key that the next one holds. `wait` is
refused to a Claim that holds anything: who waits holds nothing, so nobody waits for one who waits. This holds per
Claim; threads of a process that wait do not keep its other threads from finishing what they claimed.
A task therefore claims what it is about to compute, computes and stores what was granted, releases it, and only
then waits for what others held.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import threading
from collections.abc import Collection
from pathlib import Path
from types import TracebackType

from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.kernel_locks import UNSUPPORTED

_FILES = 128
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
# struct flock of the platforms that have these locks: l_type, l_whence, l_start, l_len, l_pid
_LOCK = struct.Struct("hhqqi4x")
_BUSY = {errno.EAGAIN, errno.EACCES}


class Claim:
    """What `claim` was asked for: `granted` is ours to compute, `held` is being computed by somebody else."""

    def __init__(self, claims: Claims, granted: frozenset[Digest], held: frozenset[Digest]) -> None:
        self._claims = claims
        self.granted = granted
        self.held = held

    def release(self, keys: Collection[Digest] | None = None) -> None:
        """Let go of some of the granted keys (all when None): who waits for one of them wakes."""
        released = self.granted if keys is None else self.granted.intersection(keys)
        self.granted -= released
        self._claims._release(released)

    def wait(self) -> Claim:
        """Wait until one of the held keys is free, and hold that one in a new Claim.

        Its result may be in the store by now: look there first. ValueError when nothing is held by others, or when
        this claim still holds something (which could be a deadlock).
        """
        return self._wait_for(min(self._waitable()))

    def wait_for_all(self) -> None:
        """Wait until none of the held keys is any longer what it was held for: it is stored by then, or nobody's.

        Each is waited for in turn, and let go of at once. ValueError as in `wait`.
        """
        for key in sorted(self._waitable()):
            self._wait_for(key).release()

    def _waitable(self) -> frozenset[Digest]:
        if self.granted or not self.held:
            raise ValueError("only a claim that has released everything can wait for what others hold")
        return self.held

    def _wait_for(self, key: Digest) -> Claim:
        self._claims._wait(key)
        return Claim(self._claims, frozenset((key,)), frozenset())

    def __enter__(self) -> Claim:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


class Claims:
    """The claims of one open store. Threads may share it: a key that one thread claimed is held for the others."""

    def __init__(self, folder: Path | None) -> None:
        """Claims by files in a folder; without one, between the threads of this process only."""
        self._folder = folder
        self._files: dict[int, int | None] = {}
        self._ours: set[Digest] = set()
        self._changed = threading.Condition()

    def claim(self, keys: Collection[Digest]) -> Claim:
        """Claim what is free of these keys, without waiting."""
        granted: set[Digest] = set()
        with self._changed:
            for key in keys:
                if key not in self._ours and self._lock(key, wait=False):
                    self._ours.add(key)
                    granted.add(key)
        return Claim(self, frozenset(granted), frozenset(keys) - granted)

    def close(self) -> None:
        """Let go of everything."""
        with self._changed:
            for file in self._files.values():
                if file is not None:
                    os.close(file)
            self._files.clear()
            self._ours.clear()
            self._changed.notify_all()

    def _wait(self, key: Digest) -> None:
        with self._changed:
            self._changed.wait_for(lambda: key not in self._ours)
            # ours from now on for the other threads; the kernel tells when it is for other processes
            self._ours.add(key)
        try:
            self._lock(key, wait=True)
        except BaseException:
            self._release((key,))
            raise

    def _release(self, keys: Collection[Digest]) -> None:
        if not keys:
            return
        with self._changed:
            for key in keys:
                if key in self._ours:
                    self._ours.discard(key)
                    self._unlock(key)
            self._changed.notify_all()

    def _lock(self, key: Digest, *, wait: bool) -> bool:
        file = self._file_of(key)
        if file is None:
            return True
        try:
            _set_lock(file, fcntl.F_WRLCK, _position(key), wait=wait)
        except OSError as error:
            if error.errno in _BUSY and not wait:
                return False
            # without locks, or among too many (EDEADLK: the kernel mistook threads for a cycle): compute it twice
            if error.errno not in UNSUPPORTED | {errno.EDEADLK}:
                raise
        return True

    def _unlock(self, key: Digest) -> None:
        file = self._file_of(key)
        if file is None:
            return
        try:
            _set_lock(file, fcntl.F_UNLCK, _position(key), wait=False)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise

    def _file_of(self, key: Digest) -> int | None:
        """The file where the key is locked; None where it is locked between the threads of this process only.

        Several files, because the kernel walks through all the locks of a file. One that another user made may deny
        us: without a lock it may be computed twice.
        """
        if self._folder is None:
            return None
        number = key[-1] % _FILES
        with self._changed:
            if number not in self._files:
                try:
                    self._files[number] = os.open(self._folder / f"{number:03}", os.O_RDWR | os.O_CREAT, 0o666)
                except OSError as error:
                    if error.errno not in _DENIED:
                        raise StoreError(f"cannot claim results in {self._folder}: {error.strerror}") from None
                    self._files[number] = None
            return self._files[number]


def _position(key: Digest) -> int:
    # two keys in one place would only wait for each other without need
    return int.from_bytes(key[:8], "big") >> 2


def _set_lock(file: int, kind: int, position: int, *, wait: bool) -> None:
    if hasattr(fcntl, "F_OFD_SETLK"):
        command = fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK
        fcntl.fcntl(file, command, _LOCK.pack(kind, os.SEEK_SET, position, 1, 0))
    elif kind == fcntl.F_UNLCK:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, position)
    else:
        fcntl.lockf(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB), 1, position)
