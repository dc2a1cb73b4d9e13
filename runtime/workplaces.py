"""Folders beside a file in which it is written, before it is moved into place.

A process that is killed leaves its folder behind. So names are predictable, and who works in a folder holds a lock of
the kernel on a file in it: whoever writes the same file next finds what the dead left, takes it over, and removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count, takewhile
from pathlib import Path

from vlc_runtime.kernel_locks import UNSUPPORTED

_LOCK = "workplace.lock"
_CONTENT = "files"
_LONGEST_NAME = 60


@contextmanager
def workplace_beside(target: Path) -> Iterator[Path]:
    """An empty folder on the file system of the target, which is there as long as the block lasts.

    Raises OSError when there can be none.
    """
    for folder in _folders(target):
        try:
            lock = _taken(folder)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
            _remove(folder)
            break
        if lock is not None:
            with _held(folder, lock) as content:
                _remove_left_over(target)
                yield content
            return
    # without locks nobody can tell whose a folder is: names are random there, and nothing is taken over
    with tempfile.TemporaryDirectory(prefix=_prefix(target), dir=target.parent) as random_folder:
        yield Path(random_folder)


def _prefix(target: Path) -> str:
    return f".{target.name[:_LONGEST_NAME]}."


def _folders(target: Path) -> Iterator[Path]:
    return (target.parent / f"{_prefix(target)}{number}.unfinished" for number in count())


@contextmanager
def _held(folder: Path, lock: int) -> Iterator[Path]:
    """The empty place in a folder that we have taken; at the end the folder is gone and let go of."""
    content = folder / _CONTENT
    try:
        shutil.rmtree(content, ignore_errors=True)
        content.mkdir()
        yield content
    finally:
        shutil.rmtree(content, ignore_errors=True)
        _remove(folder)
        os.close(lock)


def _remove_left_over(target: Path) -> None:
    """Remove what writers of the target left who were killed at the same time."""
    for folder in takewhile(Path.exists, _folders(target)):
        with suppress(OSError):
            lock = _taken(folder)
            if lock is not None:
                with _held(folder, lock):
                    pass


def _remove(folder: Path) -> None:
    # another process may be taking it at this moment
    with suppress(OSError):
        (folder / _LOCK).unlink()
        folder.rmdir()


def _taken(folder: Path) -> int | None:
    """The open and locked file of a folder, which is made unless it is there; None when somebody else has it, or had it
    a moment ago."""
    with suppress(FileExistsError):
        folder.mkdir()
    path = folder / _LOCK
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except (FileNotFoundError, PermissionError):  # just removed, or what another user left
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(file), path.stat()):
            return file
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(file)
        raise
    os.close(file)
    return None
