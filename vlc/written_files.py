"""The files that vlc writes: each appears whole, and a script replaces nothing but a script."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from vlc.diagnostics import CompileError, Diagnostic

SCRIPTS_BEGIN = "# Compiled by vlc"


class Irreplaceable(CompileError):
    """A script was to be written where something is that it must not replace: the command was called wrongly."""


def refuse_to_replace(path: Path, files: Iterable[Path]) -> None:
    """Raise Irreplaceable where a script would take the place of something else.

    That is one of the `files` that the program is made of, under whatever name, or a file that is no script which vlc
    wrote. An empty file may be replaced; a device or a pipe is written to and keeps its place.
    """
    for file in files:
        if _is_same(path, file):
            meant = str(path) if path == file else f"{path} is {file}, which"
            raise _irreplaceable(f"{meant} is a file of the program: a script would replace it", "")
    if not _is_present_file(path):
        return
    try:
        with path.open("rb") as present:
            beginning = present.read(len(SCRIPTS_BEGIN))
    except OSError as problem:
        raise _irreplaceable(
            f"{path} exists and cannot be read ({problem.strerror}): it may be no script of vlc",
            ", or remove the file",
        ) from None
    if beginning and beginning != SCRIPTS_BEGIN.encode():
        raise _irreplaceable(
            f"{path} exists and is no script that vlc wrote: it does not begin with `{SCRIPTS_BEGIN}`",
            ", or remove the file",
        )


def _is_same(path: Path, file: Path) -> bool:
    with suppress(OSError, ValueError):
        return path.samefile(file)
    return False


def _is_present_file(path: Path) -> bool:
    with suppress(OSError):  # what cannot even be asked for cannot be written: that is told by who tries
        return path.is_file() and not is_written_through(path)
    return False


def _irreplaceable(message: str, or_else: str) -> Irreplaceable:
    return Irreplaceable(Diagnostic(message, hint=f"choose another name for the script with -o{or_else}"))


def is_written_through(path: Path) -> bool:
    """Whether a path leads to a device or a pipe, as /dev/stdout does."""
    return path.is_relative_to("/dev") or (path.exists() and not path.is_file() and not path.is_dir())


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all; a device or a pipe, as /dev/stdout, as it is. Raises CompileError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if is_written_through(path):
            with path.open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        temporary.replace(path)
    except OSError as problem:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise CompileError(Diagnostic(f"{path} cannot be written: {problem.strerror}")) from None
