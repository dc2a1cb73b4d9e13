"""Worker threads for Dask's scheduler of that name, which start tasks in the order of the plan and within its memory.

Dask offers what is ready, in an order of its own, to as many workers as it is told of. So it is told that there is a
worker for every task, and the tasks that it offers are started here. Threads for which there is no task help those that
have one: see crew.py.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

from vlc_runtime.admission import Admission
from vlc_runtime.crew import Piece, Work, join_crew

SWITCH_SECONDS = 2e-4
"""How long a thread may hold the interpreter's lock while another waits for it. Kernels give it up for most of their
time anyway; who has just come out of one waits for what another does in between, which Python's 5 ms let go on."""

LEAD = 0.5
"""How much of its steps the first task has done, about, before the last worker begins its own. Two workers that were a
few steps apart took 3% less time for a cohort than side by side."""
PATIENCE = 0.05
"""Seconds that a worker waits for that, at most, where there is nothing to help with."""

_Call = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...]]


class WorkerThreads(Executor):
    """So many threads, as an executor. `numbers` are the tasks' places in their order, by Dask's keys; what Dask adds
    to gather results has none, and is done at once."""

    def __init__(self, count: int, admission: Admission, numbers: Mapping[Hashable, int]) -> None:
        self._max_workers = max(1, len(numbers))  # the name under which Dask asks for it
        self.hands = count
        self._free = count
        self._admission = admission
        self._numbers = numbers
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="vlc", initializer=join_crew, initargs=(self,))
        self._announced: deque[int | None] = deque()
        self._calls: dict[int, _Call] = {}
        self._shared: list[Work] = []
        self._helpers = 0
        self._begun = 0
        self._lead = 0.0
        self._closed = False
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        self._switch_before = sys.getswitchinterval()

    def __enter__(self) -> WorkerThreads:
        self._switch_before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        return self

    def callbacks(self) -> list[tuple[Callable[..., Any] | None, ...]]:
        """What Dask calls: at the start, with its state, before and after each task, at the end."""
        return [(None, None, self._announce, self._ended, None)]

    def _announce(self, key: Hashable, *_: Any) -> None:
        """Dask is about to submit the task with this key."""
        self._announced.append(self._numbers.get(key))

    def _ended(self, key: Hashable, *_: Any) -> None:
        """Dask has the result of a task, and has let go of what nobody needs any more."""
        if key not in self._numbers:
            return
        with self._lock:
            self._free += 1
            self._admission.end(self._numbers[key])
            self._start_tasks()
            self._call_helpers()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Call the function in a thread when its task's turn has come."""
        if named:
            raise TypeError("arguments go to workers by position")
        future: Future[Any] = Future()
        task = self._announced.popleft()
        if task is None:
            self._threads.submit(_do, future, function, arguments)
            return future
        with self._lock:
            self._calls[task] = (future, function, arguments)
            self._admission.offer(task)
            self._start_tasks()
        return future

    def run(self, key: Hashable, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function of the task with this key returns, without Dask: for one that waits for no other."""
        self._announce(key)
        return self.submit(function, *arguments).result()

    def _start_tasks(self) -> None:
        """Start what may start now, with the lock held."""
        while self._free and (task := self._admission.start()) is not None:
            self._free -= 1
            self._threads.submit(_do, *self._calls.pop(task))

    # --- helping

    def offer(self, work: Work) -> None:
        with self._lock:
            self._shared.append(work)
            self._news.notify_all()
            self._call_helpers()

    def call(self) -> None:
        with self._lock:
            self._news.notify_all()
            self._call_helpers()

    def withdraw(self, work: Work) -> None:
        with self._lock:
            self._shared.remove(work)

    def give_back(self, count: int) -> None:
        with self._lock:
            self._admission.give_back(count)
            self._news.notify_all()
            self._start_tasks()

    def help_until(self, done: Future[Any]) -> None:
        done.add_done_callback(self._tell)
        self._help_while(lambda: not done.done())

    def _tell(self, _: Future[Any]) -> None:
        with self._lock:
            self._news.notify_all()

    def begin(self) -> None:
        """The first tasks of the workers do not begin together: tasks of one kind would all be at the same step all
        along, those that wait for memory and those that do not."""
        with self._lock:
            place = self._begun
            self._begun += 1
        if place < self.hands:
            self._help_while(lambda: self._lead < LEAD * place / self.hands, PATIENCE)

    def _help_while(self, waiting: Callable[[], bool], seconds: float | None = None) -> None:
        """Do pieces of what is shared while there is something to wait for, and the run goes on; `seconds` at most
        where there are none."""
        end = time.monotonic() + seconds if seconds is not None else None
        while (piece := self._next_piece(waiting, end)) is not None:
            self.give_back(piece())

    def _next_piece(self, waiting: Callable[[], bool], end: float | None) -> Piece | None:
        with self._lock:
            while waiting() and not self._closed:
                if (piece := self._claim()) is not None:
                    return piece
                if not self._news.wait(None if end is None else end - time.monotonic()):
                    break
        return None

    def advance(self, share: float) -> None:
        if self._lead < LEAD and self._begun <= self.hands and share > self._lead:  # nobody waits for more
            with self._lock:
                self._lead = share
                self._news.notify_all()

    def _claim(self) -> Piece | None:
        """A piece of what is shared, with the lock held."""
        for work in self._shared:
            if (piece := work.claim(self._admission.lend)) is not None:
                return piece
        return None

    def _call_helpers(self) -> None:
        """Let threads that are free help, with the lock held."""
        if not self._free:
            return
        wanted = sum(work.left for work in self._shared) - self._helpers
        for _ in range(min(self._free, wanted)):
            self._free -= 1
            self._helpers += 1
            self._threads.submit(self._help)

    def _help(self) -> None:
        """Do pieces of what is shared, until there are none or a task can start: tasks go first."""
        while (piece := self._piece()) is not None:
            free = piece()
            with self._lock:
                self._admission.give_back(free)

    def _piece(self) -> Piece | None:
        """What to help with; None when this thread is to do something else."""
        with self._lock:
            if not (self._closed or self._admission.could_start()) and (piece := self._claim()) is not None:
                return piece
            self._helpers -= 1
            if not self._closed:
                self._free += 1
                self._start_tasks()
            return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        sys.setswitchinterval(self._switch_before)
        with self._lock:
            self._closed = True
            self._news.notify_all()
            self._free = 0  # what has not started never will; what runs is not waited for after an error
        self._threads.shutdown(wait=kind is None)


def _do(future: Future[Any], function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        future.set_result(function(*arguments))
    except BaseException as problem:
        future.set_exception(problem)
