"""Files that appear whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from vlc_runtime.digest import Digest
from vlc_runtime.errors import FileError
from vlc_runtime.image_files import in_words
from vlc_runtime.image_formats import content_of
from vlc_runtime.workplaces import workplace_beside

Result = TypeVar("Result")


def write_whole(target: Path, write: Callable[[Path], Result], written_as: str = "") -> Result:
    """Call `write` with a path of the target's own name in a fresh directory beside the target, then move what it wrote
    into place, the target last: a reader of the target finds the old files or the new ones. Returns what `write` does.

    `written_as` is the name that `write` is given in place of the target's own, for writers that read names narrowly.

    Directories on the way are created. On failure nothing is left behind; what a process leaves that is killed, the
    next one removes that writes the target. Raises FileError when the place cannot be written; `write` may raise
    FileError or OSError.
    """
    try:
        if target.is_dir():
            raise FileError(f"{target} cannot be written: it is a directory")
        target.parent.mkdir(parents=True, exist_ok=True)
        with workplace_beside(target) as workplace:
            name = written_as or target.name
            result = write(workplace / name)
            written = sorted(workplace.iterdir(), key=lambda path: (path.name == name, path.name))
            for path in written:
                path.replace(target if path.name == name else target.parent / path.name)
            return result
    except (OSError, ValueError) as error:
        raise FileError(f"{target} cannot be written: {in_words(error)}") from error


def written_content(place: Path) -> Digest:
    """The digest of what was written at a place, to tell later whether it is still there."""
    return content_of(place, _digest_of_file)


def _digest_of_file(path: str) -> Digest:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
