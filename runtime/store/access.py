"""The way into a store's folder: who may write, the lock, and the index, mended when it is found damaged."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from vlc_runtime.errors import StoreError
from vlc_runtime.store import failures, layout, recovery
from vlc_runtime.store.file_system import file_system_of, journal_for
from vlc_runtime.store.index import Identity, Index, identity_of
from vlc_runtime.store.layout import Description, Layout
from vlc_runtime.store.locks import FolderLock

T = TypeVar("T")


class Access:
    """An open folder. Every operation on it is an `operate(action)`; in the action, `index(query)` asks the index."""

    def __init__(self, folder: Path, read_only: bool) -> None:
        self.folder = folder
        self.layout = Layout(folder)
        self.warning = ""
        self._mutex = threading.RLock()
        self._index: Index | None = None
        try:
            if not read_only and _refuses_writing(self.layout):
                self.warning = _cannot_be_written(folder)
                read_only = True
            self.read_only = read_only
            if not read_only:
                layout.create(self.layout)
            elif not self.layout.description.is_file():
                raise _nothing_to_read(self.layout)
            self.description = layout.read_description(self.layout)
            if not read_only:
                layout.make_folders(self.layout)
            self._lock = FolderLock(self.layout.lock)
        except OSError as error:
            raise failures.of_operating_system(folder, error) from None
        try:
            if not read_only:
                self._leave_unsound_journal()
            self.operate(lambda: self.index(lambda index: None))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        with self._mutex:
            if self._index is not None:
                self._index.close()
                self._index = None
            self._lock.close()

    def operate(self, action: Callable[[], T], *, alone: bool = False) -> T:
        """Do something with the folder while nobody else tidies it up (`alone`: while nobody else does anything).

        It is done once more when the index turns out damaged, after putting a new one in its place. StoreError for
        whatever the folder or the index refuse.
        """
        try:
            try:
                return self._locked(action, alone)
            except IndexDamaged as damage:
                self._mend(damage.identity)
                return self._locked(action, alone)
        except IndexDamaged as damage:
            raise StoreError(
                f"the index of the store {self.folder} is damaged and could not be mended: {damage.error}",
                f"remove {self.layout.index}: it is made anew from the objects",
            ) from None
        except sqlite3.Error as error:
            raise failures.of_index(self.folder, error) from None
        except OSError as error:
            raise self.failure(error) from None

    def failure(self, error: OSError) -> StoreError:
        """What the operating system refused, as a StoreError."""
        return failures.of_operating_system(self.folder, error)

    def index(self, query: Callable[[Index], T]) -> T:
        """Ask the index; inside `operate` only. One thread at a time."""
        with self._mutex:
            found: Identity = ()
            try:
                found = identity_of(self.layout.index)
                return query(self._open_index(found))
            except failures.INDEX_ERRORS as error:
                if failures.is_damage(error):
                    raise IndexDamaged(found, error) from None
                raise

    def _locked(self, action: Callable[[], T], alone: bool) -> T:
        with self._lock.alone() if alone else self._lock.shared():
            return action()

    def _open_index(self, found: Identity) -> Index:
        if self._index is not None and self._index.path is not None and self._index.identity != found:
            self._index.close()  # another process put a new one in its place
            self._index = None
        if self._index is None:
            if found == ():
                raise sqlite3.DatabaseError("the index is gone")
            self._index = Index(self.layout.index, "read" if self.read_only else "write", self.description.journal)
        return self._index

    def _mend(self, damaged: Identity) -> None:
        if failures.is_gone(self.folder):  # a new index would be all that there is in the place of a store
            raise failures.gone(self.folder)
        with self._lock.alone(), self._mutex:
            if self._index is not None:
                self._index.close()
                self._index = None
            if self.read_only:
                self._index = recovery.rebuilt_in_memory(self.layout)
            elif identity_of(self.layout.index) == damaged:  # else another process has mended it
                recovery.rebuild(self.layout, self.description.journal)

    def _leave_unsound_journal(self) -> None:
        """Give up the write-ahead log when the folder has moved to where it is not sound, or SQLite is too old."""
        found = file_system_of(self.folder)
        if self.description.journal != "wal" or journal_for(found) == "wal":
            return
        with self._lock.alone():
            if self.layout.index.exists():
                try:
                    recovery.leave_write_ahead_log(self.layout.index)
                except failures.INDEX_ERRORS as error:
                    if not failures.is_damage(error):  # a damaged index is mended when it is opened
                        raise StoreError(
                            f"the store {self.folder} is in use by a newer SQLite, whose way of locking is not sound "
                            f"with SQLite {sqlite3.sqlite_version} on {found}",
                            "try again when the other program has ended, or choose another folder with --store",
                        ) from None
            self.description = Description("rollback", found)
            layout.write_description(self.layout, self.description)


class IndexDamaged(Exception):
    """The index is not what was written; `identity` says which file that was.

    It travels between processes, as what a StoreError of a worker came from.
    """

    def __init__(self, identity: Identity, error: Exception) -> None:
        super().__init__(identity, error)
        self.identity = identity
        self.error = error


def foreseen(folder: Path) -> tuple[Description | None, str]:
    """What opening the folder to write would find: the description of the store, None where one would be made, and the
    warning, if any. Raises the StoreError that it would; nothing is made or changed."""
    paths = Layout(folder.absolute())
    try:
        if not paths.description.exists():
            layout.require_creatable(paths)
            return None, ""
        warning = _cannot_be_written(paths.folder) if _refuses_writing(paths) else ""
        Access(paths.folder, read_only=True).close()
        return layout.read_description(paths), warning
    except OSError as error:
        raise failures.of_operating_system(paths.folder, error) from None


def _cannot_be_written(folder: Path) -> str:
    return f"the store {folder} cannot be written: what it holds is used, nothing is added"


def _refuses_writing(paths: Layout) -> bool:
    needed = (paths.folder, paths.index, paths.objects, paths.temporary, paths.runs)
    return paths.description.exists() and not all(layout.may_write(path) for path in needed if path.exists())


def _nothing_to_read(paths: Layout) -> StoreError:
    if paths.folder.exists() and not paths.folder.is_dir():
        return failures.not_a_folder(paths.folder)
    return StoreError(f"there is no store in {paths.folder}", "choose the folder of a store with --store")
