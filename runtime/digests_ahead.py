"""Digests of the files that a loop goes over, the next ones taken by idle cores while one is waited for.

Before anything is computed of a cohort, all of its scans are read once, to know their content. One core does that at a
gigabyte or two a second from memory, and a network's file server answers several questions at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import PurePath
from types import TracebackType

from vlc_runtime.digest import Digest

SLOW = 3e-4
"""Seconds for a digest from which on the next ones are taken by others: handing them over takes a tenth of a ms."""


class DigestsAhead:
    """Gives the digest of a file; once one took long, as many of those that follow in its sequence as there are further
    `cores` are begun.

    So of a sequence whose files are not asked for none is read, and of one that is left early a few too many.
    """

    def __init__(self, file_digest: Callable[[str], Digest], cores: int, told: Callable[[int], None]) -> None:
        """`told` hears how many digests have been given."""
        self._file_digest = file_digest
        self._ahead = cores - 1
        self._slow = False
        self._told = told
        self._given = 0
        self._threads = ThreadPoolExecutor(max(1, self._ahead), thread_name_prefix="vlc-digest")
        self._sequences: list[Sequence[str]] = []
        self._places: dict[str, tuple[Sequence[str], int]] = {}
        self._begun: dict[str, Future[Digest]] = {}
        self._asked: set[str] = set()

    def upcoming(self, names: Sequence[str]) -> None:
        """These may be asked for, in this order."""
        if self._ahead:
            self._sequences.append([str(PurePath(name)) for name in names])

    def __call__(self, path: str) -> Digest:
        for names in self._sequences:
            for number, name in enumerate(names):
                self._places.setdefault(name, (names, number))
        self._sequences.clear()
        if self._slow:
            self._begin_next(path)
        begun = self._begun.get(path)
        self._asked.add(path)
        started = time.perf_counter()
        digest = begun.result() if begun is not None else self._file_digest(path)
        if not self._slow and time.perf_counter() - started >= SLOW:
            self._slow = True
            self._begin_next(path)
        self._given += 1
        self._told(self._given)
        return digest

    def _begin_next(self, path: str) -> None:
        names, number = self._places.get(path, ((), 0))
        for name in names[number + 1 : number + 1 + self._ahead]:
            if name not in self._begun and name not in self._asked:
                self._begun[name] = self._threads.submit(self._file_digest, name)

    def __enter__(self) -> DigestsAhead:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown(wait=kind is None, cancel_futures=True)
