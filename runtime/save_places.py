"""Where a run saves: not over a file that it reads, no two results in one place, and not over the store.

What such a run leaves would depend on what is done first; and a scan, or all results, may be lost.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property

from vlc_runtime.digest import Digest
from vlc_runtime.failures import Failure
from vlc_runtime.image_formats import files_of, written_with
from vlc_runtime.missing_files import is_in_home
from vlc_runtime.store.layout import OWN_NAMES

_NAMES_IN_STORE = frozenset(name.lower() for name in OWN_NAMES)
NOTHING_TO_SAVE = "each item is saved in a file of its own, and there is none: look at what the sequence is made from"
ELSEWHERE = "save it under another name, or in another folder with --output"


class SavePlaces:
    """The places where the saves of a run go, whatever names are used for them."""

    def __init__(self, files_read: Iterable[str], store: str = "") -> None:
        """`store` is the folder of the store; '' without one."""
        self._files_read = files_read
        self._store = os.path.join(os.path.realpath(store), "") if store else ""  # noqa: PTH118 - a Path ends in no `/`
        self._saved: dict[str, Digest] = {}
        self._folders: dict[str, str] = {}

    def refusal(self, path: str, key: Digest, elsewhere: str = ELSEWHERE) -> Failure | None:
        """Why the result of this key may not be saved at this path, if so; else the place is taken by it. `elsewhere`
        is how it is saved in another."""
        if is_in_home(path):
            folder = path.partition("/")[0]
            return Failure(
                f"saving {path} would make a folder called {folder}: `~` is not expanded",
                f"write the whole path, or ./{path} if it is meant",
            )
        place = self._place_of_name(path)
        if not self._places_read.isdisjoint(map(self._place_of_name, written_with(path))):
            return Failure(
                f"saving {path} would overwrite a file that this program reads",
                elsewhere,
            )
        if self._store and place.startswith(self._store) and self._is_of_store(place):
            return Failure(f"saving {path} would write among the files of the store", elsewhere)
        if self._saved.setdefault(place, key) != key:
            return Failure(f"another result is saved at {path} too", "give each save a name of its own")
        return None

    def _is_of_store(self, place: str) -> bool:
        """Whether a place in the folder of the store is where this has its files, on any file system."""
        first = place[len(self._store) :].partition(os.sep)[0]
        return first.lower() in _NAMES_IN_STORE

    @cached_property
    def _places_read(self) -> set[str]:
        # of a symbolic link both its own place and that of the file it leads to: either is lost when it is replaced
        files = [str(part) for file in self._files_read for part in files_of(file)]
        return {place for file in files for place in (os.path.realpath(file), self._place_of_name(file))}

    def _place_of_name(self, path: str) -> str:
        folder, name = os.path.split(path)
        place = self._folders.get(folder)
        if place is None:
            place = self._folders[folder] = os.path.realpath(folder)
        return os.path.join(place, name)  # noqa: PTH118 - a Path takes three times as long
