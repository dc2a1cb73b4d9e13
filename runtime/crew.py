"""Workers that help each other: one that has nothing to do takes a piece of another's work.

A kernel shares its pieces (shared_work.py), a task the steps that could be done before their turn (steps_ahead.py).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any, Protocol, TypeAlias

Lend: TypeAlias = Callable[[int], bool]
"""Takes so many bytes from what the run is allowed; False when they are not there."""
Piece: TypeAlias = Callable[[], int]
"""Does a piece, and returns how many of the bytes that it was lent are free when it is done."""


class Work(Protocol):
    """What others may help with."""

    @property
    def left(self) -> int:
        """How many pieces could be begun now, about."""

    def claim(self, lend: Lend) -> Piece | None:
        """A piece for who asks, with its memory lent; None when there is none, or no memory for it."""


class Crew(Protocol):
    """The workers of a run."""

    @property
    def hands(self) -> int:
        """How many workers there are."""

    def offer(self, work: Work) -> None:
        """Let those help who have nothing to do, now or later."""

    def call(self) -> None:
        """There are more pieces than there were: let those help who have nothing to do."""

    def withdraw(self, work: Work) -> None:
        """Let nobody begin to help any more."""

    def give_back(self, count: int) -> None:
        """Bytes that were lent for a piece are free."""

    def help_until(self, done: Future[Any]) -> None:
        """Do pieces of what is shared, and wait where there are none, until this is done or the run has ended."""

    def begin(self) -> None:
        """A task begins. Returns when it should: the first ones of the workers one after the other, each helping those
        before it meanwhile."""

    def advance(self, share: float) -> None:
        """A task has done so much of its steps, 1 for all."""


_CREW: ContextVar[Crew | None] = ContextVar("crew", default=None)


def join_crew(crew: Crew) -> None:
    """Let the crew help with what this thread does from here on."""
    _CREW.set(crew)


def crew_of_thread() -> Crew | None:
    """The crew that helps with what this thread does; None where there is nobody else."""
    crew = _CREW.get()
    return crew if crew is not None and crew.hands > 1 else None
