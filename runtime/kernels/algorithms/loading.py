"""Reading of values from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vlc_runtime.errors import FileError


def load_values(path: str) -> Any:
    """.json: its values (null is none of the language's); .txt, .csv: the list of lines; any other: its bytes."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}") from error
    suffix = Path(path).suffix.lower()
    if suffix not in (".json", ".txt", ".csv"):
        return content
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(f"{path} is no text in UTF-8: byte {error.start} is wrong") from error
    return _parsed(text, path) if suffix == ".json" else text.splitlines()


def _parsed(text: str, path: str) -> Any:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileError(f"{path}:{error.lineno}:{error.colno}: this is no JSON: {error.msg}") from error
    except RecursionError:
        raise FileError(f"{path} is nested too deeply") from None
    pending = [value]
    while pending:
        item = pending.pop()
        if item is None:
            raise FileError(f"{path} holds a null, which is no value of the language")
        if isinstance(item, (list, dict)):
            pending.extend(item.values() if isinstance(item, dict) else item)
    return value
