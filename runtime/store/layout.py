"""The folder of a store: which file is where, and its format.

STORE.json           format, version, journal of the index, file system: read first, written once
index.sqlite         what is stored under which key; small values; digests of input files
objects/ab/cdef...   one value each: canonical bytes under zstd, named by their SHA-256; never changed
objects/ab/cdef....keys   the keys that lead to this object, a line each: the index can be rebuilt from them
runs/<id>.jsonl      the record of a run; runs/<id>.keys: which results it asked for
temporary/           files that are being written
damaged/             what turned out not to be what was written
maintenance.lock, claims/   locks of the kernel: empty files
"""

from __future__ import annotations

import errno
import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.store import failures
from vlc_runtime.store.file_system import file_system_of, journal_for
from vlc_runtime.store.locks import FolderLock

FORMAT = "vlc result store"
VERSION = 1

Journal = Literal["wal", "rollback"]

_CREATED_BEFORE_STORE_JSON = {"maintenance.lock", "temporary"}
_LEFT_BY_A_REMOVAL = {"index.sqlite-journal", "index.sqlite-wal", "index.sqlite-shm"}
"""What SQLite may make again, for a run that goes on, while the folder is being removed: worth nothing alone."""
OWN_NAMES = frozenset(
    {"STORE.json", "index.sqlite", "objects", "runs", "damaged", "claims"}
    | _CREATED_BEFORE_STORE_JSON
    | _LEFT_BY_A_REMOVAL
)
"""What in the folder is the store's. Anything else there may be somebody's."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of a store."""

    folder: Path

    @property
    def description(self) -> Path:
        return self.folder / "STORE.json"

    @property
    def index(self) -> Path:
        return self.folder / "index.sqlite"

    @property
    def objects(self) -> Path:
        return self.folder / "objects"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    @property
    def damaged(self) -> Path:
        return self.folder / "damaged"

    @property
    def claims(self) -> Path:
        return self.folder / "claims"

    @property
    def lock(self) -> Path:
        return self.folder / "maintenance.lock"

    def object(self, digest: Digest) -> Path:
        name = digest.hex()
        return self.objects / name[:2] / name[2:]

    def record(self, run: str) -> Path:
        return self.runs / f"{run}.jsonl"

    def pins(self, run: str) -> Path:
        return self.runs / f"{run}.keys"

    def new_temporary(self) -> Path:
        return self.temporary / uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Description:
    """What STORE.json says."""

    journal: Journal
    file_system: str


def write_whole(temporary: Path, path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, whenever the process is killed."""
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def create(layout: Layout) -> None:
    """Make the folder a store, unless it is one. Any number of processes may do so at once."""
    folder = layout.folder
    if folder.exists() and not folder.is_dir():
        raise failures.not_a_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if layout.description.exists():
        return
    _refuse_other_content(layout)
    layout.temporary.mkdir(exist_ok=True)
    lock = FolderLock(layout.lock)
    try:
        with lock.alone():
            if not layout.description.exists():
                _describe(layout)
    finally:
        lock.close()


def require_creatable(layout: Layout) -> None:
    """Raise what `create` would, for a folder that is no store yet, without making anything."""
    folder = layout.folder
    if folder.is_dir():
        _refuse_other_content(layout)
    first_made, above = layout.temporary, folder
    while not above.exists():
        first_made, above = above, above.parent
    if not above.is_dir():
        raise failures.not_a_folder(folder)
    if not may_write(above):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(first_made))


def may_write(path: Path) -> bool:
    """Whether this process may change a file, or what is in a folder."""
    effective = os.access in os.supports_effective_ids
    return os.access(path, os.W_OK | os.X_OK if path.is_dir() else os.W_OK, effective_ids=effective)


def _refuse_other_content(layout: Layout) -> None:
    others = {entry.name for entry in layout.folder.iterdir()} - _CREATED_BEFORE_STORE_JSON - _LEFT_BY_A_REMOVAL
    # another process may have made it a store since we looked
    if others and not layout.description.exists():
        raise StoreError(
            f"{layout.folder} is not a store: it holds {min(others)!r} but no STORE.json",
            "choose an empty or a new folder with --store",
        )


def _describe(layout: Layout) -> None:
    for name in _LEFT_BY_A_REMOVAL:  # a journal would be played back into the new index
        (layout.folder / name).unlink(missing_ok=True)
    file_system = file_system_of(layout.folder)
    write_description(layout, Description(cast(Journal, journal_for(file_system)), file_system))


def write_description(layout: Layout, description: Description) -> None:
    """Write STORE.json."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "journal": description.journal,
        "file_system": description.file_system,
    }
    write_whole(layout.new_temporary(), layout.description, (json.dumps(content, indent=2) + "\n").encode())


def read_description(layout: Layout) -> Description:
    """What STORE.json says. An unknown format or version is a StoreError, and nothing is touched."""
    path = layout.description
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise StoreError(f"{path} is damaged: it is not JSON", "restore it, or choose another folder") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise StoreError(f"{layout.folder} is not a store of vlc", "choose another folder with --store")
    if content.get("version") != VERSION:
        raise StoreError(
            f"the store {layout.folder} has format version {content.get('version')!r}; this program knows {VERSION}",
            "use the version of vlc that made it, or choose another folder with --store",
        )
    if content.get("journal") not in ("wal", "rollback"):
        raise StoreError(
            f"the store {layout.folder} locks its index by the unknown scheme {content.get('journal')!r}",
            "use the version of vlc that made it, or choose another folder with --store",
        )
    return Description(content["journal"], str(content.get("file_system", "unknown")))


def make_folders(layout: Layout) -> None:
    for folder in (layout.objects, layout.runs, layout.temporary, layout.damaged, layout.claims):
        folder.mkdir(exist_ok=True)
