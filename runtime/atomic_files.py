"""Files that appear whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from vlc_runtime.errors import FileError
from vlc_runtime.image_files import in_words


def write_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Call `write` with a path of the target's own name in a fresh directory beside the target, then move what it wrote
    into place, the target last: a reader of the target finds the old files or the new ones.

    Directories on the way are created. On failure nothing is left behind. Raises FileError when the place cannot be
    written; `write` may raise FileError or OSError.
    """
    try:
        if target.is_dir():
            raise FileError(f"{target} cannot be written: it is a directory")
        target.parent.mkdir(parents=True, exist_ok=True)
        workplace = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            write(workplace / target.name)
            written = sorted(workplace.iterdir(), key=lambda path: (path.name == target.name, path.name))
            for path in written:
                path.replace(target.parent / path.name)
        finally:
            shutil.rmtree(workplace)
    except (OSError, ValueError) as error:
        raise FileError(f"{target} cannot be written: {in_words(error)}") from error
