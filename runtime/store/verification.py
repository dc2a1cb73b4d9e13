"""Reading everything that is stored, to see whether it is still what was stored."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from vlc_runtime.decoding import decode_value
from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.store import failures
from vlc_runtime.store.index import Index
from vlc_runtime.store.objects import all_objects, digest_of_file, set_aside, unpack_inline
from vlc_runtime.store.rows import Row
from vlc_runtime.store.store import Store


@dataclass(slots=True)
class Verification:
    """How much was read, and a sentence for everything that was found damaged."""

    results: int = 0
    objects: int = 0
    size: int = 0
    damaged: list[str] = field(default_factory=list)


def verify(store: Store) -> Verification:
    """Check every row, small value and object; what is damaged is set aside and forgotten (not in a store that can only
    be read). Others may use the store meanwhile. Reads everything once."""
    found = Verification()
    _check_index(store, found)
    wanted = _check_rows(store, found)
    present = _check_objects(store, found)
    for digest, size in wanted.items():
        if present.get(digest) == size:
            continue
        if digest not in present:
            found.damaged.append(f"object {digest.hex()} is gone")
        _forget_object(store, digest)
    return found


def set_aside_if_damaged(store: Store, digest: Digest) -> None:
    """Look at an object that was found damaged or gone, and forget it as `verify` does unless it is whole by now."""
    if _check_object(store, digest, Verification()) is None:
        _forget_object(store, digest)


def is_whole(row: Row) -> bool:
    """Whether a row is sound and the small value in it, if it has one, is what was stored."""
    return row.is_sound and (row.inline is None or _is_whole(row))


def _check_index(store: Store, found: Verification) -> None:
    def check(index: Index) -> None:
        try:
            problem = index.check()
            if problem:
                raise sqlite3.DatabaseError(problem)
        except failures.INDEX_ERRORS as error:
            if failures.is_damage(error):
                found.damaged.append(f"the index was damaged and has been made anew: {error}")
            raise

    store.access.operate(lambda: store.access.index(check))


def _check_rows(store: Store, found: Verification) -> dict[Digest, int]:
    """The objects that are wanted, with their sizes."""
    wanted: dict[Digest, int] = {}
    last = b""
    while True:
        rows = _next_rows(store, last)
        if not rows:
            return wanted
        last = rows[-1].key
        unsound = []
        for row in rows:
            found.results += 1
            if not is_whole(row):
                found.damaged.append(f"the result {row.key.hex()} is damaged")
                unsound.append(row.key)
            elif row.inline is None:
                wanted[row.digest] = row.size
            else:
                found.size += row.size
        if unsound:
            store.forget(unsound)


def _next_rows(store: Store, last: Digest) -> list[Row]:
    return store.access.operate(lambda: store.access.index(lambda index: index.rows(after=last)))


def _is_whole(row: Row) -> bool:
    try:
        decode_value(unpack_inline(row.inline or b"", row.digest, row.size))
    except StoreError:
        return False
    return True


def _check_objects(store: Store, found: Verification) -> dict[Digest, int | None]:
    """The sizes of the objects that are whole; None for the others."""
    present: dict[Digest, int | None] = {}
    for digest, _ in store.access.operate(lambda: list(all_objects(store.layout))):
        size = present[digest] = _check_object(store, digest, found)
        found.objects += 1
        found.size += size or 0
    return present


def _check_object(store: Store, digest: Digest, found: Verification) -> int | None:
    """The size of an object when it is whole."""

    def check() -> int | None:
        try:
            actual, size = digest_of_file(store.layout.object(digest))
        except FileNotFoundError:
            return None  # collected in the meantime
        except StoreError:
            actual, size = b"", 0
        if actual == digest:
            return size
        found.damaged.append(f"object {digest.hex()} is damaged")
        if not store.read_only:
            set_aside(store.layout, digest)
        return None

    return store.access.operate(check)


def _forget_object(store: Store, digest: Digest) -> None:
    def forget() -> None:
        # somebody may have stored it again in the meantime
        if not store.layout.object(digest).exists():
            store.access.index(lambda index: index.forget_object(digest))

    if not store.read_only:
        store.access.operate(forget)
