"""A new index in the place of one that is damaged or gone.

What can be read of the old index is kept, since each row checks itself; the rest comes from the notes beside the
objects. So a damaged index loses at most some of the small values, which are computed again; a deleted one loses them
all, and no image.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from vlc_runtime.store import failures
from vlc_runtime.store.index import Index, connect, uri
from vlc_runtime.store.layout import Journal, Layout
from vlc_runtime.store.objects import noted_rows
from vlc_runtime.store.rows import COLUMNS, Row, of_columns

_ROWS_AT_ONCE = 10_000
_FILES_OF_A_DATABASE = ("-journal", "-wal", "-shm", "")


def rebuild(layout: Layout, journal: Journal) -> None:
    """Put a new index in the place of the old, which goes to `damaged/`. The caller has the folder's lock alone."""
    temporary = layout.new_temporary()
    try:
        index = Index(temporary, "create", journal)
        try:
            _fill(index, layout)
        finally:
            index.close()
        _set_aside(layout)
        temporary.replace(layout.index)
    finally:
        for suffix in _FILES_OF_A_DATABASE:
            Path(f"{temporary}{suffix}").unlink(missing_ok=True)


def rebuilt_in_memory(layout: Layout) -> Index:
    """The same for a folder that cannot be written: the index lives as long as the process."""
    index = Index(None, "create")
    _fill(index, layout)
    return index


def _fill(index: Index, layout: Layout) -> None:
    # of two rows for one key the one of the old index is newer: it comes last and stays
    rows = chain(noted_rows(layout), _salvaged(layout.index))
    for batch in _batches(rows):
        index.insert({row.key: row for row in batch}.values())


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROWS_AT_ONCE)):
        yield batch


def _salvaged(path: Path) -> Iterator[Row]:
    """The sound rows of a database, as far as they can be read from either end; those in a log beside it only where the
    log can be read as well."""
    if not path.is_file() or not os.access(path, os.R_OK):
        return
    for options, direction in (("mode=ro", "ASC"), ("immutable=1", "ASC"), ("immutable=1", "DESC")):
        connection = None
        try:
            connection = connect(uri(path, options))
            for columns in connection.execute(f"SELECT {', '.join(COLUMNS)} FROM results ORDER BY rowid {direction}"):
                row = of_columns(columns)
                if row.is_sound:
                    yield row
            return
        except failures.INDEX_ERRORS:
            continue  # read what is left from the other end
        finally:
            if connection is not None:
                connection.close()


def _set_aside(layout: Layout) -> None:
    layout.damaged.mkdir(exist_ok=True)
    name = f"index-{uuid.uuid4().hex[:8]}.sqlite"
    # the journal goes first: left behind, SQLite would play it back into the new index
    for suffix in _FILES_OF_A_DATABASE:
        path = Path(f"{layout.index}{suffix}")
        if path.exists():
            path.replace(layout.damaged / (name + suffix))


def leave_write_ahead_log(path: Path) -> None:
    """Change a database from the write-ahead log to the rollback journal. sqlite3.Error when somebody uses it."""
    connection = connect(uri(path, "mode=rw"))
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone()
    finally:
        connection.close()
