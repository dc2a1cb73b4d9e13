"""Listing of directories."""

from __future__ import annotations

from pathlib import Path

from vlc_runtime.errors import FileError, KernelError
from vlc_runtime.missing_files import where_looked


def list_directory(root: str, pattern: str, recursive: bool, full: bool) -> list[str]:
    """The entries of a directory (when recursive, of those below it too) whose name matches a glob pattern.

    Sorted by code point. Relative to the root with `/` between names, or absolute when `full`.
    """
    folder = Path(root).expanduser()
    if not folder.exists():
        raise FileError(f"there is no directory {root}", where_looked(str(folder)))
    if not folder.is_dir():
        raise FileError(f"{root} is no directory")
    if not pattern or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise KernelError(f"the pattern {pattern!r} must be a relative path below the directory")
    try:
        found = list(folder.rglob(pattern) if recursive else folder.glob(pattern))
    except OSError as error:
        raise FileError(f"the directory {root} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise KernelError(f"the pattern {pattern!r} is wrong: {error}") from error
    if not full:
        return sorted(entry.relative_to(folder).as_posix() for entry in found)
    resolved: dict[Path, Path] = {}  # asking the file system for each part of each path would take the most time
    return sorted(_resolved(entry, resolved).as_posix() for entry in found)


def _resolved(entry: Path, folders: dict[Path, Path]) -> Path:
    """What `entry.resolve()` is; `folders` has that of folders, and is added to."""
    if entry.name in ("", "..") or entry.is_symlink():
        return entry.resolve()
    folder = folders.get(entry.parent)
    if folder is None:
        folder = folders[entry.parent] = entry.parent.resolve()
    return folder / entry.name
