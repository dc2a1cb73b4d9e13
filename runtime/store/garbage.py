"""Making a store smaller: least recently used results first, and never what a living run may need.

A run needs what it stored and what it asked for (`runs/<id>.keys`). Which results a run asked for, and when it started,
is also what "recently used" means, so nothing has to be written when a result is read.
"""

from __future__ import annotations

import math
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from vlc_runtime.digest import Digest
from vlc_runtime.store import failures
from vlc_runtime.store.objects import all_objects, remove_object, rows_of_object
from vlc_runtime.store.rows import Row
from vlc_runtime.store.runs import Run, list_runs, pinned_keys
from vlc_runtime.store.store import Store

_CLOCKS_DIFFER = 60.0
"""Seconds by which the clocks of machines with one store may differ."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What was removed (or would be): results, objects, records of runs, left-over files, and bytes of all of these;
    and the bytes of results that remain."""

    results: int
    objects: int
    runs: int
    left_over: int
    freed: int
    remaining: int


@dataclass(slots=True)
class _Group:
    """Results that go together: those of one object, or a small one."""

    rows: list[Row]
    stored: int
    last_use: float
    is_needed: bool


def collect_garbage(
    store: Store, *, max_size: int | None = None, keep_runs: int | None = None, dry_run: bool = False
) -> Collected:
    """Remove what nobody needs, while nobody else uses the store.

    Always: files of processes that are gone, objects without a key, keys without an object, what was set aside as
    damaged. With `keep_runs`: results that none of the last so many runs asked for or stored and that were not imported
    since the first of them, and the records of the runs before. With `max_size`: least recently used results until what
    is stored takes no more bytes than that.
    """
    return store.access.operate(lambda: _collect(store, max_size, keep_runs, dry_run), alone=True)


def _collect(store: Store, max_size: int | None, keep_runs: int | None, dry_run: bool) -> Collected:
    rows = store.access.index(lambda index: index.all_rows())
    files = dict(all_objects(store.layout))
    sound = [row for row in rows if row.is_sound and (row.inline is not None or row.digest in files)]
    runs = list_runs(store)
    removed_runs = _old_runs(runs, keep_runs)
    groups = _groups(store, sound, runs, {run.id for run in removed_runs}, keep_runs is not None)
    kept = _within(groups, max_size)
    kept_keys = {row.key for group in kept for row in group.rows}
    kept_objects = {row.digest for group in kept for row in group.rows if row.inline is None}
    victims = [row.key for row in rows if row.key not in kept_keys]
    lost_objects = _lost_objects(store, rows, files, kept_objects, runs)
    left_over = [path for folder in (store.layout.temporary, store.layout.damaged) for path in folder.iterdir()]
    records = [path for run in removed_runs for path in (store.layout.record(run.id), store.layout.pins(run.id))]
    freed = sum(_size(path) for path in (*left_over, *records, *(files[digest] for digest in lost_objects)))
    freed += sum(row.stored for row in rows if row.inline is not None and row.key not in kept_keys)
    if not dry_run:
        for path in (*left_over, *records):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        _remove(store, victims, lost_objects)
    return Collected(
        results=len(victims),
        objects=len(lost_objects),
        runs=len(removed_runs),
        left_over=len(left_over),
        freed=freed,
        remaining=sum(group.stored for group in kept),
    )


def _remove(store: Store, keys: list[Digest], objects: list[Digest]) -> None:
    """Keys before objects: killed in between, there are objects without a key, which the next collection removes.

    On a disk that is full forgetting keys takes some of the space that the objects give back, so they go first then.
    """
    try:
        store.access.index(lambda index: index.forget_keys(keys))
    except sqlite3.Error as error:
        if not failures.is_full(error):
            raise
        _remove_objects(store, objects)
        store.access.index(lambda index: index.forget_keys(keys))
    else:
        _remove_objects(store, objects)
    store.access.index(lambda index: index.shrink())


def _remove_objects(store: Store, objects: list[Digest]) -> None:
    for digest in objects:
        remove_object(store.layout, digest)


def _lost_objects(
    store: Store, rows: list[Row], files: dict[Digest, Path], kept: set[Digest], runs: list[Run]
) -> list[Digest]:
    """The objects to which no key leads any more. One to which none has led yet may get it from a run that lives; so
    may one that such a run has written once more, for a key that is not in the index yet."""
    alive = {run.id: run.started for run in runs if run.status == "running"}
    begun = min(alive.values(), default=math.inf) - _CLOCKS_DIFFER
    known = {row.digest for row in rows}

    def is_lost(digest: Digest) -> bool:
        if digest not in known:
            return _written(files[digest]) < begun
        return not alive or all(row.run not in alive for row in rows_of_object(store.layout, digest))

    return [digest for digest in files if digest not in kept and is_lost(digest)]


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _old_runs(runs: list[Run], keep_runs: int | None) -> list[Run]:
    if keep_runs is None:
        return []
    ended = [run for run in sorted(runs, key=lambda run: (run.started, run.id)) if run.status != "running"]
    return ended[: max(0, len(ended) - keep_runs)]


def _groups(store: Store, rows: list[Row], runs: list[Run], removed: set[str], only_used: bool) -> list[_Group]:
    """The results that may stay, last used first."""
    last_use: dict[Digest, float] = {}
    needed: set[Digest] = set()
    used: set[Digest] = set()
    for run in runs:
        keys = pinned_keys(store.layout, run.id)
        if run.status == "running":
            needed |= keys
        if run.id not in removed:
            used |= keys
        for key in keys:
            last_use[key] = max(last_use.get(key, 0.0), run.started)
    alive = {run.id for run in runs if run.status == "running"}
    # what was imported, no run has asked for yet: it is as new as the import
    since = min((run.started for run in runs if run.id not in removed), default=math.inf) if removed else 0.0
    kept_runs = {run.id for run in runs} - removed
    groups: dict[Digest, _Group] = {}
    for row in rows:
        is_needed = row.key in needed or row.run in alive
        imported = not row.run and row.at >= since
        if only_used and not (is_needed or row.key in used or row.run in kept_runs or imported):
            continue
        name = row.key if row.inline is not None else row.digest
        group = groups.setdefault(name, _Group([], row.stored, 0.0, False))
        group.rows.append(row)
        group.last_use = max(group.last_use, row.at, last_use.get(row.key, 0.0))
        group.is_needed |= is_needed
    return sorted(groups.values(), key=lambda group: (group.last_use, group.rows[0].key), reverse=True)


def _within(groups: list[_Group], max_size: int | None) -> list[_Group]:
    """The groups that stay: what is needed, and of the others, in their order, each that still fits."""
    if max_size is None:
        return groups
    space = max_size - sum(group.stored for group in groups if group.is_needed)
    kept = []
    for group in groups:
        if group.is_needed:
            kept.append(group)
        elif group.stored <= space:
            kept.append(group)
            space -= group.stored
    return kept


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
