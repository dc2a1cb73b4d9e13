"""What can go wrong with the folder of a store, told with the folder's name and what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from vlc_runtime.errors import StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}

_ELSEWHERE = "choose another folder with --store"


LONGEST_FOLDER = 450
"""Bytes that the path of a store may have for sure: SQLite takes paths of 512, with names of files in the folder."""


def of_operating_system(folder: Path, error: OSError) -> StoreError:
    """What the operating system refused, as a StoreError."""
    if error.errno in _FULL:
        return disk_full(folder)
    if error.errno in _REFUSED:
        return StoreError(
            f"the store {folder} cannot be used: permission denied for {error.filename or folder}",
            f"change the permissions, or {_ELSEWHERE}",
        )
    if error.errno == errno.ENOENT and is_gone(folder):
        return gone(folder)
    if error.errno in _NO_FOLDER:
        return not_a_folder(folder, _which_is_no_folder(folder, error))
    if error.errno == errno.EISDIR:
        return a_folder(folder, Path(os.fsdecode(error.filename or folder)))
    return StoreError(
        f"the store {folder} cannot be used: {error.strerror or error} ({error.filename or folder})",
        f"check the disk, or {_ELSEWHERE}",
    )


def is_gone(folder: Path) -> bool:
    """Whether what was a store is none any more: it was moved or removed while somebody used it."""
    return not os.path.lexists(folder / "STORE.json")


def gone(folder: Path) -> StoreError:
    return StoreError(
        f"the store {folder} is gone: its folder was moved or removed while it was in use",
        "put it back, or give the place where it is now with --store, and run again to go on from what it holds",
    )


def not_a_folder(folder: Path, which: Path | None = None) -> StoreError:
    """The store, or another path in it, is not the folder that it should be."""
    what = "it" if which in (None, folder) else which
    return StoreError(f"the store {folder} cannot be used: {what} is not a folder", _ELSEWHERE)


def a_folder(folder: Path, which: Path) -> StoreError:
    """A folder stands where the store has a file."""
    return StoreError(
        f"the store {folder} cannot be used: {which} is a folder, and should be a file",
        f"move it away, or {_ELSEWHERE}",
    )


def _which_is_no_folder(folder: Path, error: OSError) -> Path:
    path = Path(os.fsdecode(error.filename or folder))
    return path if folder in path.parents and os.path.lexists(path) and not path.is_dir() else folder


def disk_full(folder: Path) -> StoreError:
    return StoreError(
        f"the store {folder} cannot be written: the disk is full",
        f"free some space (`python -m vlc_runtime.store --store {folder} gc --max-size SIZE` does), or {_ELSEWHERE}; "
        "what was stored before is intact",
    )


def of_index(folder: Path, error: Exception) -> StoreError:
    """What SQLite refused for another reason than damage, as a StoreError."""
    if is_full(error):
        return disk_full(folder)
    if is_gone(folder):
        return gone(folder)
    if _primary_code(error) == sqlite3.SQLITE_CANTOPEN and len(os.fsencode(folder)) > LONGEST_FOLDER:
        return StoreError(
            f"the index of the store {folder} cannot be opened: the path of its folder is longer than "
            f"{LONGEST_FOLDER} bytes, which SQLite may not take",
            _ELSEWHERE,
        )
    if _primary_code(error) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return StoreError(
            f"the index of the store {folder} cannot be written: {error}", f"change the permissions, or {_ELSEWHERE}"
        )
    return StoreError(
        f"the index of the store {folder} cannot be used: {error}", f"check the disk and its space, or {_ELSEWHERE}"
    )


_NOT_DAMAGE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOLFS,
}


INDEX_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What sqlite3 raises: the second when it quotes damaged bytes in the message of the first."""


def is_damage(error: Exception) -> bool:
    """Whether the error means that the bytes of the index are not what was written."""
    return _primary_code(error) not in _NOT_DAMAGE


def is_busy(error: Exception) -> bool:
    return _primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_full(error: Exception) -> bool:
    return _primary_code(error) == sqlite3.SQLITE_FULL


def is_transient(error: Exception) -> bool:
    """Whether trying once more is sensible: input and output errors of network file systems."""
    return _primary_code(error) in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL)


def _primary_code(error: Exception) -> int:
    # the low byte of SQLite's extended codes; errors of Python's own module have none
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF
