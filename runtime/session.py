"""What the tasks of a run share: the store, and the telling of what is done."""

from __future__ import annotations

import secrets
import socket
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from vlc_runtime.allocation import keep_freed_memory
from vlc_runtime.codec import is_storable
from vlc_runtime.cores import share_cores_of_worker
from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.failures import Failure
from vlc_runtime.goal_operators import GOAL_OPERATORS, saved
from vlc_runtime.reruns import left_to_do
from vlc_runtime.store import MISSING, Put, RunRecord, Store
from vlc_runtime.store.layout import Layout
from vlc_runtime.store.rows import Row
from vlc_runtime.telling import note
from vlc_runtime.unchanged_saves import unchanged_saves
from vlc_runtime.worker import At, Kept, Task, run_tasks

LARGE = 65536
"""Results of more bytes are written at once, and go between processes as keys of the store."""
LONGEST_WAIT = 1.0
MOST_AT_RISK = 0.25
"""Seconds that results wait to enter the index together, and seconds that computing them may have taken: so much is
computed again when the process is killed."""
Told = Callable[[Task, Any, float], None]


class Session:
    """One run in one process. Thread-safe. What goes to another process is `remote`, which opens the store there."""

    def __init__(
        self,
        store: Store | None,
        run: str = "",
        told: Told | None = None,
        fail_fast: bool = False,
    ) -> None:
        self.store = store
        self.run = run
        self.fail_fast = fail_fast
        self._told = told
        self.problem: StoreError | None = None
        """Why results are no longer stored, if the store failed: the run goes on, so that nothing computed is lost."""
        self.flush_record: Callable[[], None] | None = None
        """Called when results have been stored, so that the record of the run knows of them."""
        self.in_worker = False
        """Whether this is a process of a cluster, where a task may have run before on a worker that died."""
        folder = str(store.folder) if store is not None else None
        read_only = store is not None and store.read_only
        self.remote = RemoteSession(folder, read_only, run, fail_fast, secrets.token_hex(8))
        self._local = threading.local()
        self._batches: list[_Batch] = []
        self._stopping = threading.Event()

    def opened(self) -> Session:
        """This session: it is open."""
        return self

    def stop(self) -> None:
        """Let the tasks that are running end after the step they are at."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def left_to_do(self, tasks: Sequence[Task], outputs: Sequence[Digest]) -> Sequence[Task]:
        """What of a task is not in the store, when this may not be the first time that it runs: see reruns.py."""
        if self.store is None or not self.in_worker:
            return tasks
        stored = self.store.get_many([task.key for task in tasks if task.keep])
        saves = {task.key: path for task in tasks if (path := _saved_in(task))}
        altered = saves.keys() - unchanged_saves(self.store, saves, stored).keys()
        return left_to_do(tasks, outputs, stored.keys() - altered)

    def load(self, key: Digest) -> Any:
        """A stored result; a Failure marked damaged when it cannot be read, and then the store has forgotten it."""
        assert self.store is not None
        value = self.store.load(key)
        if value is MISSING:
            return Failure("a stored result was damaged and is forgotten", "run again to compute it", damaged=True)
        if self.in_worker and _is_large(value):
            self._batch().in_store.add(key)
        return value

    def keep(self, task: Task, value: Any, seconds: float) -> None:
        """Put a result into the store when the running task ends, or when enough was computed to be worth it."""
        store = self.store
        if store is None or store.read_only or self.problem is not None or not is_storable(value):
            return
        batch = self._batch()
        put = Put(task.key, value, task.operator.identifier, str(task.operator.version), seconds)
        with batch.lock:
            if not _is_large(value):
                batch.results.append(put)
            else:  # the image may be let go of
                try:
                    batch.rows.append(store.prepare(put))
                except StoreError as problem:
                    self.problem = problem
            batch.seconds += seconds
        if batch.seconds > MOST_AT_RISK or time.monotonic() - batch.stored > LONGEST_WAIT:
            self._put(batch)

    def flush(self) -> None:
        """Put into the store what waits for it, of all threads."""
        for batch in list(self._batches):
            self._put(batch)

    def _put(self, batch: _Batch) -> None:
        with batch.lock:  # until it is stored: whoever flushes, when it returns nothing waits
            small, large, batch.results, batch.rows = batch.results, batch.rows, [], []
            batch.stored, batch.seconds = time.monotonic(), 0.0
            if self.store is None or not (small or large):
                return
            try:
                self.store.put_many(small, large)
                if self.in_worker:
                    batch.in_store.update(row.key for row in large)
                if self.flush_record is not None:
                    self.flush_record()
            except StoreError as problem:
                self.problem = problem

    def sent(self, results: dict[Digest, Any]) -> dict[Digest, Any]:
        """A task's results as they go to other processes: large ones that are stored go as their keys."""
        in_store = self._batch().in_store
        travelling = {key: Kept(key) if key in in_store else value for key, value in results.items()}
        in_store.clear()
        return travelling

    def end_task(self) -> None:
        """Keep what the task that ends has to be kept."""
        self._put(self._batch())
        if self.in_worker:
            if self.flush_record is not None:
                self.flush_record()
            if self.problem is not None:
                raise self.problem  # nobody else would hear of it

    def done(self, task: Task, value: Any, seconds: float) -> None:
        if self.fail_fast and isinstance(value, Failure):
            self.stop()
        if self._told is not None:
            self._told(task, value, seconds)

    def _batch(self) -> _Batch:
        """That of the running thread."""
        batch: _Batch | None = getattr(self._local, "batch", None)
        if batch is None:
            batch = self._local.batch = _Batch()
            self._batches.append(batch)
        return batch


@dataclass(slots=True)
class _Batch:
    """What a thread's results wait in: those to be stored, the rows of those that are written and wait for the index,
    the seconds that computing them took, when some were stored last; and the keys of the large results that the task
    stored or loaded. The lock is held while they are stored."""

    results: list[Put] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    seconds: float = 0.0
    stored: float = field(default_factory=time.monotonic)
    in_store: set[Digest] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class RemoteSession:
    """A session as it travels: a process that only hands it on needs neither the store nor its folder."""

    folder: str | None
    read_only: bool
    run: str
    fail_fast: bool
    token: str
    """Different for every execution: what one stopped is no matter of the next."""

    @property
    def remote(self) -> RemoteSession:
        return self

    def opened(self) -> Session:
        """The session of this run in this process."""
        return _session_of_worker(self)


def _saved_in(task: Task) -> str:
    """The file that a task saves a value in, if it does."""
    path = task.inputs[1] if task.operator is saved else None
    return str(path.value) if isinstance(path, At) else ""


def _is_large(value: Any) -> bool:
    return getattr(value, "nbytes", 0) > LARGE


@lru_cache(maxsize=4)
def _session_of_worker(remote: RemoteSession) -> Session:
    """One session a process and run: tasks come one by one, and the store is opened once. Sessions of runs that are
    long over are closed."""
    keep_freed_memory()
    share_cores_of_worker()
    if remote.folder is None:
        return Session(None, remote.run, fail_fast=remote.fail_fast)
    store = _store_of_run(remote, remote.folder)
    record = RunRecord.join(store, remote.run)
    session = Session(
        store, remote.run, lambda task, value, seconds: note(record, task, value, seconds), remote.fail_fast
    )
    session.flush_record = record.flush
    session.in_worker = True
    weakref.finalize(session, _close, store, record)
    return session


def _store_of_run(remote: RemoteSession, folder: str) -> Store:
    """The store that the run uses: StoreError where a worker has another folder there, or may not write what it can."""
    hint = "start the workers where the store's folder is, as a user who may write it, or use --no-store"
    if not remote.read_only and not Layout(Path(folder)).record(remote.run).exists():
        raise StoreError(
            f"the worker on {socket.gethostname()} has no folder {folder} with the store of this run", hint
        )
    store = Store.open(folder, read_only=remote.read_only, run=remote.run)
    if store.read_only and not remote.read_only:
        store.close()
        raise StoreError(f"the worker on {socket.gethostname()} cannot write the store {folder}", hint)
    return store


def _close(store: Store, record: RunRecord) -> None:
    with suppress(StoreError):
        record.let_go()
    store.close()


class TaskCall:
    """What Dask calls for one task of the graph; its arguments are the results of the tasks it waits for."""

    __slots__ = ("as_pairs", "outputs", "session", "tasks")

    def __init__(
        self, session: Session | RemoteSession, tasks: Sequence[Task], outputs: Sequence[Digest], as_pairs: bool
    ) -> None:
        self.session = session
        self.tasks = tasks
        self.outputs = outputs
        self.as_pairs = as_pairs

    @property
    def loads_only(self) -> bool:
        """Whether all results are in the store."""
        return all(task.load for task in self.tasks)

    @property
    def computes(self) -> bool:
        """Whether there is more to do than to load results and to print or save them."""
        return not all(task.load or task.operator in GOAL_OPERATORS for task in self.tasks)

    def __call__(self, *given: Any) -> Any:
        session = self.session.opened()
        inputs: list[Mapping[Digest, Any]] = [dict(each) for each in given]
        try:
            tasks = session.left_to_do(self.tasks, self.outputs)
            results = run_tasks(session, tasks, self.outputs, *inputs)
        finally:
            session.end_task()
        if session.in_worker:
            results = session.sent(results)
        return list(results.items()) if self.as_pairs else results

    def __reduce__(self) -> tuple[Any, ...]:
        return TaskCall, (self.session.remote, self.tasks, self.outputs, self.as_pairs)
