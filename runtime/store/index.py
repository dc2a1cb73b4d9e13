"""The index: a SQLite database that says which value is stored under which key.

One connection, used by one thread at a time. Writes are `BEGIN IMMEDIATE`: a transaction that begins by reading could
fail when it comes to write, however long it is willing to wait. Waiting for other writers has no end: nobody fails
because somebody else is busy. Every row is checked when it is read (see rows.Row.is_sound).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from vlc_runtime.digest import Digest
from vlc_runtime.store import failures
from vlc_runtime.store.layout import Journal
from vlc_runtime.store.rows import COLUMNS, Entry, Row, is_sealed, of_columns

Mode = Literal["create", "write", "read"]
Identity = tuple[int, ...]

SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    key BLOB NOT NULL UNIQUE, digest BLOB NOT NULL, inline BLOB, kind TEXT NOT NULL,
    size INTEGER NOT NULL, stored INTEGER NOT NULL, operator TEXT NOT NULL, version TEXT NOT NULL,
    seconds REAL NOT NULL, run TEXT NOT NULL, at REAL NOT NULL, seal BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS results_by_digest ON results (digest) WHERE inline IS NULL;
CREATE TABLE IF NOT EXISTS files (
    path TEXT NOT NULL UNIQUE, state TEXT NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL);
"""
INDEX_VERSION = 1

_BUSY_SECONDS = 3600.0
_KEYS_A_QUERY = 10_000
_ATTEMPTS_AT_INPUT_AND_OUTPUT = 3
_UPSERT = (
    f"INSERT INTO results ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT (key) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS[1:])}"
)

_FIND = """
SELECT key, seal, digest, kind, size, seconds, inline IS NULL,
    CASE WHEN inline IS NULL OR length(inline) > {limit} THEN x'' ELSE inline END
FROM results WHERE key IN ({marks})
"""


class Index:
    """The open index. Raises sqlite3.Error; failures.is_damage tells whether it has to be rebuilt."""

    def __init__(self, path: Path | None, mode: Mode, journal: Journal = "rollback") -> None:
        """Open the database at `path`, in memory when that is None. Only the mode "create" makes a new one."""
        self.path = path
        self.identity = () if path is None else identity_of(path)
        if path is None:
            self._connection = connect(":memory:")
        elif mode == "read":
            self._connection = _connect_to_read(path)
        else:
            self._connection = connect(uri(path, "mode=rwc" if mode == "create" else "mode=rw"))
        try:
            self._prepare(journal, mode)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, journal: Journal, mode: Mode) -> None:
        run = self._connection.execute
        run("PRAGMA cell_size_check = ON")
        run("PRAGMA trusted_schema = OFF")
        run("PRAGMA temp_store = MEMORY")
        run("PRAGMA cache_size = -32000")
        if mode != "read":
            run(f"PRAGMA journal_mode = {'WAL' if journal == 'wal' else 'TRUNCATE'}")
            # sound against kills and crashes of programs; power cuts may cost the last results, never a wrong one
            run("PRAGMA synchronous = NORMAL")
        version = run("PRAGMA user_version").fetchone()[0]
        if version == 0 and mode == "create":
            self._create()
        elif version != INDEX_VERSION:
            raise sqlite3.DatabaseError(f"the index has version {version}")

    def _create(self) -> None:
        def create() -> None:
            for statement in SCHEMA.strip().rstrip(";").split(";\n"):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {INDEX_VERSION}")

        self._transaction(create)

    def close(self) -> None:
        self._connection.close()

    # results

    def find(self, keys: Collection[Digest], inline_limit: int) -> Iterator[tuple[Digest, Entry]]:
        """The entries of these keys; inline values longer than the limit are left out (as empty bytes).

        sqlite3.DatabaseError when a row is not sound: it would stay so whatever is stored under its key.
        """
        remaining = iter(keys)
        # SQLite before 3.32, as older systems have it, takes 999
        at_once = min(_KEYS_A_QUERY, self._connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))
        while some := list(islice(remaining, at_once)):
            query = _FIND.format(limit=int(inline_limit), marks=",".join("?" * len(some)))
            for key, sealed, digest, kind, size, seconds, is_object, inline in self._connection.execute(query, some):
                if not is_sealed(sealed, key, digest, kind, size):
                    raise sqlite3.DatabaseError("a row is not what was written")
                yield key, Entry(digest, kind, size, seconds, is_object == 1, inline)

    def insert(self, rows: Iterable[Row]) -> None:
        """Add or replace rows, all or none."""
        # in the order of the keys: neighbours go to one page
        ordered = sorted(rows, key=itemgetter(0))
        self._transaction(lambda: self._connection.executemany(_UPSERT, ordered))

    def forget_keys(self, keys: Iterable[Digest]) -> None:
        gone = [(key,) for key in keys]
        self._transaction(lambda: self._connection.executemany("DELETE FROM results WHERE key = ?", gone))

    def forget_object(self, digest: Digest) -> None:
        statement = "DELETE FROM results WHERE digest = ? AND inline IS NULL"
        self._transaction(lambda: self._connection.execute(statement, (digest,)))

    def rows(self, *, after: Digest = b"", limit: int = 1000) -> list[Row]:
        """The next rows in the order of the keys, inline values included."""
        query = f"SELECT {', '.join(COLUMNS)} FROM results WHERE key > ? ORDER BY key LIMIT ?"
        return [of_columns(columns) for columns in self._connection.execute(query, (after, limit))]

    def all_rows(self, inline_limit: int = 0) -> list[Row]:
        """Every row in the order of the keys; longer inline values are left out (as empty bytes)."""
        columns = ", ".join(
            f"CASE WHEN length(inline) > {inline_limit:d} THEN x'' ELSE inline END" if name == "inline" else name
            for name in COLUMNS
        )
        return [of_columns(found) for found in self._connection.execute(f"SELECT {columns} FROM results ORDER BY key")]

    # digests of input files

    def file_memo(self, path: str) -> tuple[Any, ...] | None:
        query = "SELECT state, digest, seal FROM files WHERE path = ?"
        found: tuple[Any, ...] | None = self._connection.execute(query, (path,)).fetchone()
        return found

    def remember_files(self, found: Sequence[tuple[str, str, Digest, bytes]]) -> None:
        """Keep the states, digests and seals of files; all of them or none."""
        statement = "INSERT OR REPLACE INTO files (path, state, digest, seal) VALUES (?, ?, ?, ?)"
        self._transaction(lambda: self._connection.executemany(statement, found))

    # transactions

    def _transaction(self, action: Callable[[], object]) -> None:
        """BEGIN IMMEDIATE, the action, COMMIT: all of it or nothing. However long others are busy; errors of input and
        output are met by trying the whole again a few times."""
        attempts = 1
        while True:
            try:
                self._attempt(action)
                return
            except sqlite3.Error as error:
                if not failures.is_transient(error) or attempts == _ATTEMPTS_AT_INPUT_AND_OUTPUT:
                    raise
                attempts += 1

    def _attempt(self, action: Callable[[], object]) -> None:
        self._patiently("BEGIN IMMEDIATE")
        try:
            action()
            self._patiently("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has rolled back already
                self._connection.execute("ROLLBACK")
            raise

    def _patiently(self, statement: str) -> None:
        while True:
            try:
                self._connection.execute(statement)
                return
            except sqlite3.Error as error:
                if not failures.is_busy(error):
                    raise

    # health

    def check(self) -> str:
        """What SQLite finds wrong with the database, or nothing."""
        found = [str(line) for (line,) in self._connection.execute("PRAGMA integrity_check(3)")]
        return "" if found == ["ok"] else "; ".join(found)

    def shrink(self) -> None:
        """Give unused pages back when they are more than half, and the disk has space for the new database."""
        (free,) = self._connection.execute("PRAGMA freelist_count").fetchone()
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        if free * 2 > pages:
            try:
                self._connection.execute("VACUUM")
            except sqlite3.OperationalError as error:
                if not failures.is_full(error):
                    raise


def connect(location: str) -> sqlite3.Connection:
    """A connection that leaves transactions to us and may move between threads; damaged text is read as it is."""
    connection = sqlite3.connect(
        location, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=True
    )
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a database in a folder that cannot be written, even one that was left in mid-transaction."""
    connection = connect(uri(path, "mode=ro"))
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return connection
    except failures.INDEX_ERRORS:
        connection.close()
        return connect(uri(path, "immutable=1"))


def uri(path: Path, options: str) -> str:
    """How SQLite is told to open a file in a special way."""
    return f"file:{quote(os.fsencode(path.absolute()))}?{options}"


def identity_of(path: Path) -> Identity:
    """Which file lies there: nothing () when there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return ()
    return (status.st_dev, status.st_ino)
