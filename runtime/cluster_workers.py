"""Telling whoever waits that a Dask cluster has no workers: Dask itself waits for them without a word."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def absence_told(client: Any, name: str) -> Iterator[None]:
    """While this lasts, say when the cluster of a client has no workers, and when it has some again."""
    workers = _Workers(name)
    client.subscribe_topic(_EVERYTHING, workers.hear)
    try:
        workers.begin(client.nthreads())
        yield
    finally:
        client.unsubscribe_topic(_EVERYTHING)


_EVERYTHING = "all"
"""What Dask's scheduler calls the topic to which it tells every event."""


class _Workers:
    """The addresses of the workers that come and go."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._present: set[str] = set()
        self._waiting = False

    def begin(self, present: Iterable[str]) -> None:
        """These are there."""
        with self._lock:
            self._present |= set(present)
            self._tell()

    def hear(self, event: tuple[float, Any]) -> None:
        """An event of Dask's scheduler: (time, what happened)."""
        _, happened = event
        action = happened.get("action") if isinstance(happened, dict) else None
        if action not in ("add-worker", "remove-worker"):
            return
        with self._lock:
            if action == "add-worker":
                self._present.add(happened["worker"])
            else:
                self._present.discard(happened["worker"])
            self._tell()

    def _tell(self) -> None:
        if not self._present and not self._waiting:
            text = f"waiting for workers: {self._name} has none; `dask worker {self._name}` starts one"
            print(text, file=sys.stderr, flush=True)
        elif self._present and self._waiting:
            print(f"{self._name} has a worker: going on", file=sys.stderr, flush=True)
        self._waiting = not self._present
