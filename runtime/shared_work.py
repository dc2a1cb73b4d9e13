"""Work of one kernel in pieces, of which workers that have nothing to do take some.

    parts = map_pieces(count, slabs)

calls the function on each piece, in order where nobody helps. Which worker does a piece is left open; the pieces depend
on the image alone, and their results come back in order: so a result is the same for any number of workers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


class Crew(Protocol):
    """Workers that may help each other."""

    def offer(self, work: SharedWork) -> None:
        """Let those help who have nothing to do, now or later."""

    def withdraw(self, work: SharedWork) -> None:
        """Let nobody begin to help any more."""


_CREW: ContextVar[Crew | None] = ContextVar("crew", default=None)


def join_crew(crew: Crew) -> None:
    """Let the crew help with what this thread does from here on."""
    _CREW.set(crew)


def map_pieces(function: Callable[[Piece], Result], pieces: Sequence[Piece], *, scratch: int = 0) -> list[Result]:
    """The function's result for each piece. It may be called in several threads at once, of which each takes so many
    bytes of `scratch`. What it raises is raised here, that of the first piece where there are several."""
    crew = _CREW.get()
    if crew is None or len(pieces) < 2:
        return [function(piece) for piece in pieces]
    work = SharedWork(function, pieces, scratch)
    crew.offer(work)
    while work.do_piece():
        pass
    crew.withdraw(work)
    return work.results()


class SharedWork:
    """The pieces, and what has been done of them. Thread-safe."""

    def __init__(self, function: Callable[[Any], Any], pieces: Sequence[Any], scratch: int) -> None:
        self.scratch = scratch
        self._function = function
        self._pieces = pieces
        self._next = 0
        self._under_way = 0
        self._results: list[Any] = [None] * len(pieces)
        self._failures: dict[int, BaseException] = {}
        self._changed = threading.Condition()

    @property
    def left(self) -> int:
        """How many pieces nobody has begun."""
        return len(self._pieces) - self._next

    def do_piece(self) -> bool:
        """Do a piece that nobody has begun; False when there is none, or one has failed."""
        with self._changed:
            number = self._next
            if number == len(self._pieces):
                return False
            self._next += 1
            self._under_way += 1
        try:
            self._results[number] = self._function(self._pieces[number])
        except BaseException as problem:
            self._failures[number] = problem
        with self._changed:
            if self._failures:
                self._next = len(self._pieces)
            self._under_way -= 1
            self._changed.notify_all()
        return True

    def results(self) -> list[Any]:
        """Those of all pieces, when the last one is done. Raises what the first one that failed has raised."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way)
        if self._failures:
            # pieces are begun in order: of those before it, none was left out
            raise self._failures[min(self._failures)]
        return self._results
