"""One file that carries results between machines: a plain tar.

    vlc-export.json            format and version
    objects/ab/cdef...         as in the store
    results.jsonl              the rows of the index, last: what was read before is worth nothing without them

What is imported is checked like everything that is read, before any of it can be found; nothing in the file says where
it goes, so a hostile one can only be refused. (That a result is what its operator computes is a matter of trust.)
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tarfile
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vlc_runtime.decoding import decode_value
from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError, UsageError
from vlc_runtime.store.objects import digest_of_file, digest_of_open_file, make_parent, note_key, unpack_inline
from vlc_runtime.store.rows import Row, from_line, to_line
from vlc_runtime.store.store import Store
from vlc_runtime.store.verification import is_whole, set_aside_if_damaged
from vlc_runtime.workplaces import workplace_beside

FORMAT = "vlc result export"
VERSION = 1

_MANIFEST = "vlc-export.json"
_RESULTS = "results.jsonl"
_OBJECT = re.compile(r"objects/([0-9a-f]{2})/([0-9a-f]{62})")
_PLAIN_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE)
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Transferred:
    """How many results and objects were written or added. `left_out` counts the results that were not exported, since
    they are damaged or their objects are gone."""

    results: int
    objects: int
    left_out: int = 0


def export_results(store: Store, path: Path, keys: Collection[Digest] | None = None) -> Transferred:
    """Write results (all when `keys` is None) to a new file, or over an older export. It is there whole or not at all.

    What is damaged is left out, and set aside and forgotten as `verify` does. UsageError where something else would be
    replaced.
    """
    if not path.name or path.resolve().is_relative_to(store.folder.resolve()):
        raise StoreError(f"cannot export to `{path}`: name a file outside the store")
    try:
        _refuse_to_replace(path)
        with workplace_beside(path) as workplace:
            unfinished = workplace / path.name
            with unfinished.open("xb") as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                transferred = _write(store, tar, None if keys is None else set(keys), workplace)
            unfinished.replace(path)
    except OSError as error:
        raise StoreError(f"cannot export to {path}: {error.strerror or error}") from None
    return transferred


def _refuse_to_replace(path: Path) -> None:
    """An older export and an empty file may be replaced. (A folder cannot, as the system will say.)"""
    if not path.exists() or path.is_dir():
        return
    if path.is_file() and (path.stat().st_size == 0 or _is_export(path)):
        return
    raise UsageError(
        f"cannot export to {path}: it exists and is not an export of a store", "choose another name, or remove the file"
    )


def _is_export(path: Path) -> bool:
    try:
        with tarfile.open(path, "r:") as tar:
            first = tar.next()
            return first is not None and first.name == _MANIFEST
    except tarfile.TarError:
        return False


def _write(store: Store, tar: tarfile.TarFile, keys: set[Digest] | None, workplace: Path) -> Transferred:
    manifest = (json.dumps({"format": FORMAT, "version": VERSION}) + "\n").encode()
    tar.addfile(_member(_MANIFEST, len(manifest)), io.BytesIO(manifest))
    rows = left_out = 0
    present: dict[Digest, int | None] = {}
    with tempfile.TemporaryFile(dir=workplace) as lines:  # beside the export: there is room, or else that is the news
        for row in _all_rows(store):
            if keys is not None and row.key not in keys:
                continue
            whole = is_whole(row)
            if not whole:
                store.forget([row.key])
            elif row.inline is None:
                if row.digest not in present:
                    present[row.digest] = _write_object(store, tar, row.digest)
                whole = present[row.digest] == row.size
            if whole:
                lines.write(to_line(row))
            rows += whole
            left_out += not whole
        size = lines.tell()
        lines.seek(0)
        tar.addfile(_member(_RESULTS, size), lines)
    return Transferred(rows, sum(size is not None for size in present.values()), left_out)


def _all_rows(store: Store) -> Iterator[Row]:
    some = _rows_after(store, b"")
    while some:
        yield from some
        some = _rows_after(store, some[-1].key)


def _rows_after(store: Store, key: Digest) -> list[Row]:
    return store.access.operate(lambda: store.access.index(lambda index: index.rows(after=key)))


def _write_object(store: Store, tar: tarfile.TarFile, digest: Digest) -> int | None:
    """Write an object that is whole; the size of its canonical bytes, else None.

    It is read once more for that: how long a member of a tar is must be known before it, and may not be taken back.
    """
    name = f"objects/{digest.hex()[:2]}/{digest.hex()[2:]}"
    actual, size = b"", 0
    with suppress(FileNotFoundError), _opened(store, digest) as file:
        with suppress(StoreError):
            actual, size = digest_of_open_file(file)
        if actual == digest:
            length = file.seek(0, io.SEEK_END)
            file.seek(0)
            tar.addfile(_member(name, length), file)
            return size
    set_aside_if_damaged(store, digest)
    return None


def _opened(store: Store, digest: Digest) -> IO[bytes]:
    """An object's file. FileNotFoundError when it is gone; StoreError when the store, not the export, is to blame."""
    try:
        return store.layout.object(digest).open("rb")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise store.access.failure(error) from None


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    return member


def import_results(store: Store, path: Path) -> Transferred:
    """Add the results of an exported file; those whose key is known stay as they are.

    StoreError when the file is anything else than whole: then no result of it is added.
    """
    if store.read_only:
        raise StoreError(f"cannot import into the store {store.folder}: it can only be read")
    try:
        file = path.open("rb")
    except OSError as error:
        raise StoreError(f"cannot import {path}: {error.strerror or error}") from None
    with file:
        try:
            return store.access.operate(lambda: _Import(store, path).read(file))
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise StoreError(f"cannot import {path}: it is damaged: {error}") from None


class _Import:
    def __init__(self, store: Store, path: Path) -> None:
        self.store = store
        self.path = path
        self.sizes: dict[Digest, int] = {}
        """The uncompressed sizes of the objects that are known to be whole."""

    def read(self, file: IO[bytes]) -> Transferred:
        file.seek(0)
        rows: list[Row] | None = None
        objects = 0
        with self._opened(file) as tar:
            self._check_manifest(tar, tar.next())
            while (member := tar.next()) is not None:
                content = tar.extractfile(member) if member.type in _PLAIN_FILES and not member.issparse() else None
                name = _OBJECT.fullmatch(member.name)
                if content is None or rows is not None:
                    raise self._refusal(f"it holds {member.name!r}, which an export never does")
                if name is not None:
                    self._add_object(bytes.fromhex(name[1] + name[2]), content)
                    objects += 1
                elif member.name == _RESULTS:
                    rows = self._rows(content)
                else:
                    raise self._refusal(f"it holds {member.name!r}, which an export never does")
        if rows is None:
            raise self._refusal("it is cut short")
        return Transferred(self._add_rows(rows), objects)

    def _opened(self, file: IO[bytes]) -> tarfile.TarFile:
        try:
            return tarfile.open(fileobj=file, mode="r:")
        except tarfile.ReadError:  # not even its first bytes are those of a tar
            raise self._foreign() from None

    def _check_manifest(self, tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> None:
        content = tar.extractfile(member) if member is not None and member.type in _PLAIN_FILES else None
        if member is None or member.name != _MANIFEST or content is None:
            raise self._foreign()
        manifest = json.loads(content.read(_LONGEST_LINE))
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise self._foreign()
        if manifest.get("version") != VERSION:
            raise self._refusal(f"its version is {manifest.get('version')}; this program knows {VERSION}")

    def _add_object(self, digest: Digest, content: IO[bytes]) -> None:
        temporary = self.store.layout.new_temporary()
        try:
            with temporary.open("xb") as file:
                shutil.copyfileobj(content, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
            try:
                actual, size = digest_of_file(temporary)
            except StoreError:
                actual, size = b"", 0
            if actual != digest:
                raise self._refusal(f"its object {digest.hex()} is damaged")
            path = self.store.layout.object(digest)
            make_parent(path)
            temporary.replace(path)
            self.sizes[digest] = size
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def _rows(self, content: IO[bytes]) -> list[Row]:
        rows: list[Row] = []
        while line := content.readline(_LONGEST_LINE):
            row = from_line(line)
            if row is None or not self._is_whole(row):
                raise self._refusal(f"its result number {len(rows) + 1} is damaged")
            rows.append(row)
        return rows

    def _is_whole(self, row: Row) -> bool:
        if row.inline is None:
            return self.sizes.get(row.digest) == row.size
        try:
            decode_value(unpack_inline(row.inline, row.digest, row.size))
        except StoreError:
            return False
        return True

    def _add_rows(self, rows: list[Row]) -> int:
        keys, now = {row.key for row in rows}, time.time()
        known = self.store.access.index(lambda index: {key for key, _ in index.find(keys, 0)})
        new = {row.key: row._replace(run="", at=now) for row in rows if row.key not in known}
        for row in new.values():
            if row.inline is None:
                note_key(self.store.layout, row)
        self.store.access.index(lambda index: index.insert(new.values()))
        return len(new)

    def _foreign(self) -> StoreError:
        return StoreError(
            f"cannot import {self.path}: it is not an exported store", "give a file that `vlc store export` has written"
        )

    def _refusal(self, reason: str) -> StoreError:
        return StoreError(f"cannot import {self.path}: {reason}", "export it again from the store that made it")
