"""The store: results under their keys, in a folder that many processes share.

It is writable unless `read_only` or the folder refuses: then what is stored can be read, `put` does nothing, claims
hold between the threads of this process only, and `warning` says why.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple

from vlc_runtime.codec import Storable, encode_value
from vlc_runtime.decoding import decode_value
from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.store import files, rows
from vlc_runtime.store.access import Access
from vlc_runtime.store.claims import Claim, Claims
from vlc_runtime.store.files import FileDigests, FileIdentity
from vlc_runtime.store.layout import Layout
from vlc_runtime.store.objects import note_key, pack_inline, read_object, set_aside, unpack_inline, write_object
from vlc_runtime.store.rows import Entry, Row

INLINE_LIMIT = 64 * 1024
"""Values of fewer canonical bytes live in the index, others are objects."""

_DIGESTS_TOGETHER = 256
_SECONDS_OF_DIGESTS = 1.0
"""Digests of files are written to the index when there are so many, or for so long: so much is lost by a kill."""
_CARRIED_BY_ENTRIES = 1024
_ANY_LENGTH = 1 << 40


class Missing:
    """The type of MISSING: nothing is stored under the key."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class Put(NamedTuple):
    """A result to store: what `operator` in `version` computed in `seconds`."""

    key: Digest
    value: Storable
    operator: str
    version: str
    seconds: float


class Store:
    """An open store. Threads may share it; to other processes it travels as its path (it can be pickled)."""

    def __init__(self, folder: str | os.PathLike[str], *, read_only: bool = False, run: str = "") -> None:
        self.access = Access(Path(folder).absolute(), read_only)
        self.run = run
        """The run on whose behalf results are asked for and stored: garbage collection spares them while it lives."""
        self._pinned: set[Digest] = set()
        self._pinning = threading.Lock()
        self._claims = Claims(None if self.read_only else self.layout.claims)
        self._files = _StoredFileDigests(self.access)

    @staticmethod
    def open(folder: str | os.PathLike[str], *, read_only: bool = False, run: str = "") -> Store:
        """Open the store in a folder, which becomes one if it is new or empty (not when `read_only`).

        StoreError when it is something else, has an unknown format, or cannot be read.
        """
        return Store(folder, read_only=read_only, run=run)

    @property
    def folder(self) -> Path:
        return self.access.folder

    @property
    def layout(self) -> Layout:
        return self.access.layout

    @property
    def read_only(self) -> bool:
        return self.access.read_only

    @property
    def warning(self) -> str:
        """Why nothing is stored although it was wanted; or nothing."""
        return self.access.warning

    def close(self) -> None:
        """Let go of all claims and files."""
        with suppress(StoreError):  # without these, files are read once more
            self._files.keep()
        self._claims.close()
        self.access.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen, (str(self.folder), self.read_only, self.run)

    def __repr__(self) -> str:
        return f"<Store {self.folder}>"

    # results

    def get_many(self, keys: Collection[Digest]) -> dict[Digest, Entry]:
        """What is stored under these keys; keys without a result are left out. One query per 10,000 keys."""
        return self._find(set(keys), _CARRIED_BY_ENTRIES)

    def load(self, key: Digest, entry: Entry | None = None) -> Storable | Missing:
        """The value under a key, or MISSING. `entry`, from get_many, saves a query.

        The bytes are checked: a value that is not what was stored is set aside and forgotten, and so MISSING. The
        voxels of images are read-only arrays.
        """
        if entry is None or not (entry.is_object or entry.inline):
            entry = self._find({key}, _ANY_LENGTH).get(key)
        if entry is None:
            return MISSING
        if entry.is_object:
            return self._load_object(entry)
        try:
            return decode_value(unpack_inline(entry.inline, entry.digest, entry.size))
        except StoreError:  # damaged
            self.forget([key])
            return MISSING

    def put(self, key: Digest, value: Storable, *, operator: str, version: str, seconds: float) -> None:
        """Store one result. Many at once are much faster with put_many."""
        self.put_many([Put(key, value, operator, version, seconds)])

    def put_many(self, results: Iterable[Put], prepared: Collection[Row] = ()) -> None:
        """Store results, and those that are prepared already, in one transaction.

        Does nothing in a store that can only be read.

        When it returns they outlive the process, however it ends. StoreError when the disk is full or refuses (then
        what was stored before is intact); TypeError for values that codec.is_storable denies.
        """
        if self.read_only:
            return
        wanted = list(results)

        def store() -> None:
            found = [self._row_of(put, time.time()) for put in wanted]
            found += [row for row in prepared if row.inline is not None or self.layout.object(row.digest).exists()]
            self.access.index(lambda index: index.insert(found))

        self.access.operate(store)

    def prepare(self, put: Put) -> Row:
        """Write what a result takes besides its row in the index: an object, if it is large. `put_many` adds the row.

        Until then nobody finds it; garbage collection spares the object while a run lives that is older. Errors are
        those of `put_many`.
        """
        return self.access.operate(lambda: self._row_of(put, time.time()))

    def forget(self, keys: Collection[Digest]) -> None:
        """Remove results: they are computed again when they are wanted. Their objects are left to `gc`."""
        if not self.read_only:
            self.access.operate(lambda: self.access.index(lambda index: index.forget_keys(keys)))

    def _find(self, keys: set[Digest], inline_limit: int) -> dict[Digest, Entry]:
        def find() -> dict[Digest, Entry]:
            # before asking: what is found must not be collected between now and then
            self._pin(keys)
            return self.access.index(lambda index: dict(index.find(keys, inline_limit)))

        return self.access.operate(find)

    def _row_of(self, put: Put, now: float) -> Row:
        encoded = encode_value(put.value)
        digest = encoded.digest()
        inline = pack_inline(encoded) if encoded.size < INLINE_LIMIT else None
        stored = write_object(self.layout, encoded, digest) if inline is None else len(inline)
        seal = rows.seal(put.key, digest, encoded.kind, encoded.size)
        origin = (put.operator, str(put.version), float(put.seconds), self.run, now)
        row = Row(put.key, digest, inline, encoded.kind, encoded.size, stored, *origin, seal)
        if inline is None:
            note_key(self.layout, row)
        return row

    def _load_object(self, entry: Entry) -> Storable | Missing:
        def load() -> Storable | Missing:
            data = read_object(self.layout, entry.digest, entry.size)
            return MISSING if data is None else decode_value(data)

        def load_again_or_forget() -> Storable | Missing:
            try:
                value = load()  # another process may have mended it in the meantime
            except StoreError:
                if not self.read_only:
                    set_aside(self.layout, entry.digest)
                value = MISSING
            if isinstance(value, Missing) and not self.read_only:
                self.access.index(lambda index: index.forget_object(entry.digest))
            return value

        try:
            value = self.access.operate(load)
        except StoreError:
            value = MISSING
        return self.access.operate(load_again_or_forget) if isinstance(value, Missing) else value

    def _pin(self, keys: set[Digest]) -> None:
        """Write down, for garbage collection, that the run may need these results."""
        if not self.run or self.read_only:
            return
        with self._pinning:
            new = keys - self._pinned
            if new:
                with self.layout.pins(self.run).open("ab") as file:
                    # a write that a full disk cut short must not shift what follows
                    file.write(bytes(-file.tell() % 32) + b"".join(sorted(new)))
                self._pinned |= new

    # input files

    def file_digest(self, path: str | os.PathLike[str]) -> Digest:
        """The SHA-256 of a file's content, read once as long as the file's size, times and inode stay.

        FileError when it cannot be read or changes while it is read.
        """
        return self._files.file_digest(path)

    def keep_file_digests(self) -> None:
        """Write those to the index that were found since the last time, as is done anyway with many, and in the end.

        StoreError when they cannot be written.
        """
        self._files.keep()

    def digested(self, path: str | os.PathLike[str]) -> FileIdentity | None:
        """The file as it was when its digest was last asked for."""
        return self._files.digested(path)

    # who computes what

    def claim(self, keys: Collection[Digest]) -> Claim:
        """Claim, without waiting, what nobody else is computing of these keys: see claims.py for the rules."""
        try:
            return self._claims.claim(keys)
        except OSError as error:
            raise self.access.failure(error) from None


class _StoredFileDigests(FileDigests):
    """Digests of files that are also kept in the index, many at a time: a transaction takes as long as a small file."""

    def __init__(self, access: Access) -> None:
        super().__init__()
        self._access = access
        self._waiting: list[tuple[str, str, Digest, bytes]] = []
        self._since = time.monotonic()
        self._mutex = threading.Lock()

    def keep(self) -> None:
        """Write to the index what has been found since the last time."""
        with self._mutex:
            waiting, self._waiting = self._waiting, []
            self._since = time.monotonic()
        if waiting:
            self._access.operate(lambda: self._access.index(lambda index: index.remember_files(waiting)))

    def _recall(self, path: str, state: str) -> Digest | None:
        memo = self._access.operate(lambda: self._access.index(lambda index: index.file_memo(path)))
        if memo is None or memo[0] != state or memo[2] != files.seal(path, state, memo[1]):
            return None
        return bytes(memo[1])

    def _remember(self, path: str, state: str, content: Digest) -> None:
        if self._access.read_only:
            return
        with self._mutex:
            self._waiting.append((path, state, content, files.seal(path, state, content)))
            due = len(self._waiting) >= _DIGESTS_TOGETHER or time.monotonic() - self._since >= _SECONDS_OF_DIGESTS
        if due:
            self.keep()


def _reopen(folder: str, read_only: bool, run: str) -> Store:
    return Store(folder, read_only=read_only, run=run)
