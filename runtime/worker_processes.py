"""Worker processes for Dask's scheduler of that name, of which any may be killed at any moment.

The pool of the standard library shares one pipe of results between its workers: one that is killed while it sends
holds the pipe's lock for ever, and the run hangs. Here each worker has a pipe of its own, which ends when it does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from vlc_runtime.errors import WorkerLost
from vlc_runtime.interrupts import InterruptOnce, interrupts_held

_Work = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...]]


class WorkerProcesses(Executor):
    """So many spawned processes, as an executor. They end with this process, however it ends."""

    def __init__(self, count: int) -> None:
        self._max_workers = count  # the name under which Dask asks for it
        self._work: SimpleQueue[_Work | None] = SimpleQueue()
        self._processes: list[SpawnProcess] = []
        self._threads: list[threading.Thread] = []
        context = multiprocessing.get_context("spawn")
        with interrupts_held():  # until a worker can say what an interrupt means
            for _ in range(count):
                ours, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs,), daemon=True)
                process.start()
                theirs.close()
                self._processes.append(process)
                self._threads.append(threading.Thread(target=self._feed, args=(ours,), daemon=True))
        for thread in self._threads:
            thread.start()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Let a worker call the function; WorkerLost is the future's exception when that worker is gone."""
        if named:
            raise TypeError("arguments go to workers by position")
        future: Future[Any] = Future()
        self._work.put((future, function, arguments))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the workers end after what they do; with `cancel_futures`, at the next moment they can be interrupted."""
        if cancel_futures:
            while not self._work.empty():
                self._work.get()
            for process in self._processes:
                if process.is_alive() and process.pid is not None:
                    os.kill(process.pid, signal.SIGINT)
        for _ in self._threads:
            self._work.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
            for process in self._processes:
                process.join()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.shutdown(cancel_futures=kind is not None)

    def _feed(self, connection: Connection) -> None:
        """Give one worker its work, a call at a time."""
        gone = _not_begun
        with connection:
            with suppress(EOFError, OSError):
                connection.recv()  # it has begun
                gone = lost
            while (work := self._work.get()) is not None:
                future, function, arguments = work
                try:
                    connection.send((function, arguments))
                    succeeded, value = connection.recv()
                except (EOFError, OSError):
                    future.set_exception(gone())
                    continue  # what it is given now fails too, until the run has heard of it
                if succeeded:
                    future.set_result(value)
                else:
                    future.set_exception(value)


def lost() -> WorkerLost:
    """A worker is gone."""
    return WorkerLost(
        "a worker process was killed before its work was done: perhaps there was not enough memory",
        "run again to go on from what is stored; --workers N lets fewer compute at a time",
    )


def _not_begun() -> WorkerLost:
    """A worker ended while it imported the program, as it does first."""
    return WorkerLost(
        "a worker process ended before it could begin: it imports the program that began the run, and failed",
        'its own message says why; a run is begun under `if __name__ == "__main__":`, in a program that is a file',
    )


def _serve(connection: Connection) -> None:
    """What a worker does: calls, until its pipe ends or it is interrupted."""
    signal.signal(signal.SIGINT, InterruptOnce())
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        connection.send(None)  # begun
        while True:
            function, arguments = connection.recv()
            try:
                answer = (True, function(*arguments))
            except Exception as problem:
                answer = (False, problem)
            connection.send(answer)


def _end_after(sentinel: int) -> None:
    """End in the middle of a task when the run is killed: a rerun would do the same beside it."""
    wait([sentinel])
    os._exit(1)
