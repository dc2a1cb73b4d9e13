"""Saving values: images by `image_saving`, everything else as JSON or text."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

from vlc_runtime.atomic_files import write_whole, written_content
from vlc_runtime.describe import describe, to_jsonable
from vlc_runtime.digest import Digest
from vlc_runtime.errors import FileError
from vlc_runtime.image_formats import extension_of
from vlc_runtime.image_saving import is_image_path, write_image
from vlc_runtime.save_places import NOTHING_TO_SAVE
from vlc_runtime.volume import Volume

VALUE_EXTENSIONS = (".json", ".txt")


def write_value(value: Any, path: str | PathLike[str]) -> Digest:
    """Write a value to a file; its directory is created; the file appears whole or not at all.

    An image goes into an image file, a number, boolean, string, sequence or record of those into `.json` (what is
    no number in JSON as a string) or `.txt` (as `print` shows it, and a newline), both UTF-8. Returns the digest of
    what was written. Raises FileError.
    """
    target = Path(path)
    if isinstance(value, Volume):
        if extension_of(target) in VALUE_EXTENSIONS:
            raise FileError(f"{target} cannot be written: the value is an image", "save it as .nii.gz")
        return write_image(value, target)
    if is_image_path(target) and isinstance(value, list) and not value:
        raise FileError(f"{target} cannot be written: the sequence is empty", NOTHING_TO_SAVE)
    if is_image_path(target):
        raise FileError(f"{target} cannot be written: the value is no image", "save it as .json or .txt")
    if extension_of(target) not in VALUE_EXTENSIONS:
        raise FileError(
            f"{target} cannot be written: nothing is written with the extension {extension_of(target)!r}",
            "save numbers, strings and sequences as .json or .txt, images as .nii.gz",
        )
    if _holds_image(value):
        raise FileError(f"{target} cannot be written: there are images in the value", "save each in a file of its own")
    if extension_of(target) == ".json":
        text = json.dumps(to_jsonable(value), ensure_ascii=False, allow_nan=False)
    else:
        text = describe(value)
    content = (text + "\n").encode("utf-8", "surrogatepass")
    return write_whole(target, lambda place: _write(place, content))


def _write(place: Path, content: bytes) -> Digest:
    place.write_bytes(content)
    return written_content(place)


def _holds_image(value: Any) -> bool:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Volume):
            return True
        if isinstance(item, (list, tuple)):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
    return False
