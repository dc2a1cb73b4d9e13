"""What the tasks of a run share: the store, and the telling of what is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from vlc_runtime.allocation import keep_freed_memory
from vlc_runtime.codec import is_storable
from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.failures import Failure
from vlc_runtime.goal_operators import GOAL_OPERATORS, saved
from vlc_runtime.reruns import left_to_do
from vlc_runtime.store import MISSING, Put, RunRecord, Store
from vlc_runtime.telling import note
from vlc_runtime.unchanged_saves import unchanged_saves
from vlc_runtime.worker import At, Kept, Task, run_tasks

LARGE = 65536
"""Results of more bytes are stored at once, and go between processes as keys of the store."""
Told = Callable[[Task, Any, float], None]


class Session:
    """One run in one process. Thread-safe. Sent to another process, it opens the store there."""

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
        self.ending: Callable[[], None] | None = None
        """Called when a task ends."""
        self.in_worker = False
        """Whether this is a process of a cluster, where a task may have run before on a worker that died."""
        self._local = threading.local()
        self._stopping = threading.Event()

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
            self._in_store().add(key)
        return value

    def keep(self, task: Task, value: Any, seconds: float) -> None:
        """Put a result into the store when the running task ends, or at once if it is large."""
        if self.store is not None and self.problem is None and is_storable(value):
            self._waiting().append((task, value, seconds))
            if _is_large(value):
                self.flush()

    def flush(self) -> None:
        """Put into the store what waits for it."""
        waiting = self._waiting()
        if waiting and self.store is not None:
            try:
                self.store.put_many(
                    [
                        Put(task.key, value, task.operator.identifier, str(task.operator.version), seconds)
                        for task, value, seconds in waiting
                    ]
                )
                if self.in_worker and not self.store.read_only:
                    self._in_store().update(task.key for task, value, _ in waiting if _is_large(value))
            except StoreError as problem:
                self.problem = problem
        waiting.clear()

    def sent(self, results: dict[Digest, Any]) -> dict[Digest, Any]:
        """A task's results as they go to other processes: large ones that are stored go as their keys."""
        in_store = self._in_store()
        travelling = {key: Kept(key) if key in in_store else value for key, value in results.items()}
        in_store.clear()
        return travelling

    def end_task(self) -> None:
        """Keep what the task that ends has to be kept."""
        self.flush()
        if self.ending is not None:
            self.ending()
            if self.problem is not None:
                raise self.problem  # in a worker's process nobody else would hear of it

    def done(self, task: Task, value: Any, seconds: float) -> None:
        if self.fail_fast and isinstance(value, Failure):
            self.stop()
        if self._told is not None:
            self._told(task, value, seconds)

    def _waiting(self) -> list[tuple[Task, Any, float]]:
        waiting: list[tuple[Task, Any, float]] | None = getattr(self._local, "waiting", None)
        if waiting is None:
            waiting = self._local.waiting = []
        return waiting

    def _in_store(self) -> set[Digest]:
        """The large results that the running task stored or loaded."""
        keys: set[Digest] | None = getattr(self._local, "in_store", None)
        if keys is None:
            keys = self._local.in_store = set()
        return keys

    def __reduce__(self) -> tuple[Any, ...]:
        folder = str(self.store.folder) if self.store is not None else None
        return _session_of_worker, (folder, self.run, self.fail_fast)


def _saved_in(task: Task) -> str:
    """The file that a task saves a value in, if it does."""
    path = task.inputs[1] if task.operator is saved else None
    return str(path.value) if isinstance(path, At) else ""


def _is_large(value: Any) -> bool:
    return getattr(value, "nbytes", 0) > LARGE


@cache
def _session_of_worker(folder: str | None, run: str, fail_fast: bool) -> Session:
    """One session a process and run: tasks come one by one, and the store is opened once."""
    keep_freed_memory()
    if folder is None:
        return Session(None, run, fail_fast=fail_fast)
    store = Store.open(folder, run=run)
    record = RunRecord.join(store, run)
    session = Session(store, run, lambda task, value, seconds: note(record, task, value, seconds), fail_fast)
    session.ending = record.flush
    session.in_worker = True
    return session


class TaskCall:
    """What Dask calls for one task of the graph; its arguments are the results of the tasks it waits for."""

    __slots__ = ("as_pairs", "outputs", "session", "tasks")

    def __init__(self, session: Session, tasks: Sequence[Task], outputs: Sequence[Digest], as_pairs: bool) -> None:
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
        inputs: list[Mapping[Digest, Any]] = [dict(each) for each in given]
        try:
            tasks = self.session.left_to_do(self.tasks, self.outputs)
            results = run_tasks(self.session, tasks, self.outputs, *inputs)
        finally:
            self.session.end_task()
        if self.session.in_worker:
            results = self.session.sent(results)
        return list(results.items()) if self.as_pairs else results

    def __reduce__(self) -> tuple[Any, ...]:
        return TaskCall, (self.session, self.tasks, self.outputs, self.as_pairs)
