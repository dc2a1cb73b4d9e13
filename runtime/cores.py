"""The cores of a run in one process: a task has one, and may borrow those that no task has at the moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Cores:
    """So many cores. Thread-safe. Tasks and the threads inside them together never take more than there are.

    Whoever borrows gives back after a pass over an image, waiting for nobody, so a task that waits for a borrowed core
    waits for milliseconds. More tasks at a time than cores are let through.
    """

    def __init__(self, count: int) -> None:
        self._idle = count
        self._borrowed = 0
        self._changed = threading.Condition()

    @contextmanager
    def one(self) -> Iterator[None]:
        """A core for a task."""
        with self._changed:
            self._changed.wait_for(lambda: self._idle > 0 or not self._borrowed)
            self._idle -= 1
        try:
            yield
        finally:
            with self._changed:
                self._idle += 1
                self._changed.notify_all()

    @contextmanager
    def borrowed(self, most: int) -> Iterator[int]:
        """At most so many of the cores that are idle now; how many these are."""
        with self._changed:
            count = max(0, min(most, self._idle))
            self._idle -= count
            self._borrowed += count
        try:
            yield count
        finally:
            with self._changed:
                self._idle += count
                self._borrowed -= count
                self._changed.notify_all()
