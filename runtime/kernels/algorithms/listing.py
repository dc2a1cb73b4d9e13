"""Listing of directories."""

from __future__ import annotations

from pathlib import Path

from vlc_runtime.errors import FileError, KernelError


def list_directory(root: str, pattern: str, recursive: bool, full: bool) -> list[str]:
    """The entries of a directory (when recursive, of those below it too) whose name matches a glob pattern.

    Sorted by code point. Relative to the root with `/` between names, or absolute when `full`.
    """
    folder = Path(root).expanduser()
    if not folder.exists():
        raise FileError(f"there is no directory {root}")
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
    return sorted(entry.resolve().as_posix() if full else entry.relative_to(folder).as_posix() for entry in found)
