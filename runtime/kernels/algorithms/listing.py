"""Listing of directories.

`pathlib` leaves out what may not be read, without a word: a cohort would be smaller than it is. Here whatever cannot be
looked into is a failure.
"""

from __future__ import annotations

import errno
import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from vlc_runtime.errors import FileError, KernelError
from vlc_runtime.missing_files import where_looked

Name: TypeAlias = str | re.Pattern[str] | None
"""One part of a pattern: a name, an expression for names, or None for a folder and all that are below it (`**`)."""

_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR)
_NO_FOLDER = (*_NOTHING_THERE, errno.ELOOP)
_WILDCARD = re.compile(r"[*?\[]")


def list_directory(root: str, pattern: str, recursive: bool, full: bool) -> list[str]:
    """The entries of a directory (when recursive, of those below it too) whose name matches a glob pattern.

    Sorted by code point. Relative to the root with `/` between names, or absolute when `full`: below the root an entry
    has its own name, whatever links lead to, so that both forms have one order and one name for a case. A FileError
    where a folder that may hold such entries cannot be read.
    """
    folder = _folder_of(root)
    parts = _parts_of(pattern)
    try:
        found = set(_matching(folder, [None, *parts] if recursive else parts))
        names = sorted(entry.relative_to(folder).as_posix() for entry in found)
        if not full:
            return names
        place = folder.resolve()  # it exists, so no link leads to itself
        return [(place / name).as_posix() for name in names]
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"the directory {root} cannot be listed: {_of_what(error, folder)}{reason}") from None


def _folder_of(root: str) -> Path:
    """The directory of this name, in which `~` and `~user` are expanded."""
    try:
        folder = Path(root).expanduser()
    except RuntimeError:  # there is no such user
        meant = f"write the whole path, or ./{root} if it is meant"
        raise FileError(f"there is no directory {root}: `{Path(root).parts[0]}` is nobody's home", meant) from None
    try:
        is_folder = stat.S_ISDIR(folder.stat().st_mode)
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            raise FileError(f"there is no directory {root}", where_looked(str(folder))) from None
        raise FileError(f"the directory {root} cannot be read: {error.strerror or error}") from None
    except ValueError as error:  # a name that no file can have
        raise FileError(f"the directory {root!r} cannot be read: {error}") from None
    if not is_folder:
        raise FileError(f"{root} is no directory")
    return folder


def _of_what(error: OSError, folder: Path) -> str:
    """Which file below the folder it was, if it was one."""
    name = error.filename
    return f"{name}: " if isinstance(name, (str, Path)) and Path(name) != folder else ""


def _parts_of(pattern: str) -> list[Name]:
    """The parts of a pattern, one for each level of folders."""
    names = Path(pattern).parts
    if not names or Path(pattern).is_absolute() or ".." in names:
        raise KernelError(f"the pattern {pattern!r} must be a relative path below the directory")
    if "\0" in pattern or any("**" in name and name != "**" for name in names):
        raise KernelError(f"the pattern {pattern!r} is wrong: `**` stands for folders, and is a whole part of a path")
    return [*map(_part_of, names), *([""] if pattern.endswith("/") else [])]


def _part_of(name: str) -> Name:
    if name == "**":
        return None
    return re.compile(fnmatch.translate(name)) if _WILDCARD.search(name) else name


def _matching(folder: Path, parts: list[Name]) -> Iterator[Path]:
    """The entries below a folder that match, some of them more than once."""
    if not parts:
        yield folder
        return
    part, rest = parts[0], parts[1:]
    if part is None:
        waiting = [folder]
        while waiting:  # however deep
            folder = waiting.pop()
            yield from _matching(folder, rest)
            waiting.extend(folder / entry.name for entry in _entries(folder) if entry.is_dir(follow_symlinks=False))
    elif isinstance(part, str):
        if _is(stat.S_ISDIR if rest else _anything, folder / part):
            yield from _matching(folder / part, rest)
    else:
        for entry in _entries(folder):
            if part.fullmatch(entry.name) and (not rest or _is(stat.S_ISDIR, folder / entry.name)):
                yield from _matching(folder / entry.name, rest)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _is(kind: Callable[[int], bool], path: Path) -> bool:
    """Whether there is something of this kind, at the end of links. OSError where that cannot be found out."""
    try:
        return kind(path.stat().st_mode)
    except OSError as error:
        if error.errno in _NO_FOLDER:
            return False
        raise


def _anything(mode: int) -> bool:
    return True
