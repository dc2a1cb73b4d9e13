"""Work of one kernel in pieces, of which workers that have nothing to do take some.

    parts = map_pieces(count, slabs)

calls the function on each piece, in order where nobody helps. Which worker does a piece is left open; the pieces depend
on the image alone, and their results come back in order: so a result is the same for any number of workers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from vlc_runtime.crew import Lend, Piece, crew_of_thread

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_pieces(function: Callable[[Item], Result], pieces: Sequence[Item], *, scratch: int = 0) -> list[Result]:
    """The function's result for each piece. It may be called in several threads at once, of which each takes so many
    bytes of `scratch`. What it raises is raised here, that of the first piece where there are several."""
    crew = crew_of_thread()
    if crew is None or len(pieces) < 2:
        return [function(piece) for piece in pieces]
    work = SharedWork(function, pieces, scratch)
    crew.offer(work)
    while (piece := work.claim(lambda _: True)) is not None:  # the memory for one at a time is the task's own
        piece()
    crew.withdraw(work)
    return work.results()


class SharedWork:
    """The pieces, and what has been done of them. Thread-safe."""

    def __init__(self, function: Callable[[Any], Any], pieces: Sequence[Any], scratch: int) -> None:
        self._function = function
        self._pieces = pieces
        self._scratch = scratch
        self._next = 0
        self._under_way = 0
        self._results: list[Any] = [None] * len(pieces)
        self._failures: dict[int, BaseException] = {}
        self._changed = threading.Condition()

    @property
    def left(self) -> int:
        return len(self._pieces) - self._next

    def claim(self, lend: Lend) -> Piece | None:
        """The next piece; None when there is none, or one has failed."""
        with self._changed:
            number = self._next
            if number == len(self._pieces) or not lend(self._scratch):
                return None
            self._next += 1
            self._under_way += 1
        return partial(self._do, number)

    def _do(self, number: int) -> int:
        try:
            self._results[number] = self._function(self._pieces[number])
        except BaseException as problem:
            self._failures[number] = problem
        with self._changed:
            if self._failures:
                self._next = len(self._pieces)
            self._under_way -= 1
            self._changed.notify_all()
        return self._scratch

    def results(self) -> list[Any]:
        """Those of all pieces, when the last one is done. Raises what the first one that failed has raised."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way)
        if self._failures:
            # pieces are begun in order: of those before it, none was left out
            raise self._failures[min(self._failures)]
        return self._results
