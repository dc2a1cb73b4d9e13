"""Steps of a task that are done before their turn, by workers that have nothing else to do.

A case of a cohort is one task: its worker does its steps one by one. Where there are fewer cases than workers, or at
the end, when the last ones are under way, the others would only look on. So they read the file that a later step wants,
or save a result while the next one is computed.

What is done early lives longer than in the order that the run's memory was planned for: its bytes are lent until its
turn comes. A step is done by the same function of the same values, whoever does it, and its worker tells of it and
stores it when its turn comes: so neither results nor records depend on who helped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Generic, TypeVar

from vlc_runtime.crew import Crew, Lend, Piece
from vlc_runtime.digest import Digest

Found = TypeVar("Found")
WINDOW = 32
"""How many of the steps that could be done early are looked at: a task may have very many."""


class Early:
    """A step that may be done before its turn: its place in the task, the values it is given, and the bytes it takes
    until then."""

    __slots__ = ("bytes", "inputs", "place")

    def __init__(self, place: int, inputs: Collection[Digest], count: int) -> None:
        self.place = place
        self.inputs = inputs
        self.bytes = count


class StepsAhead(Generic[Found]):
    """The steps of a running task that others may do. Thread-safe.

    `values` has what is there already, to which `do` adds the result of the step at a place.
    """

    def __init__(
        self, crew: Crew, steps: Sequence[Early], values: Collection[Digest], do: Callable[[int], Found]
    ) -> None:
        self._crew = crew
        self._steps = steps
        self._values = values
        self._do = do
        self._first = 0
        """Of those whose turn has not come."""
        self._claimed: dict[int, tuple[Future[Found], int]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> StepsAhead[Found]:
        self._crew.offer(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._crew.withdraw(self)

    @property
    def left(self) -> int:
        with self._lock:
            return sum(1 for _ in self._ready())

    def _ready(self) -> Iterator[Early]:
        for step in self._steps[self._first : self._first + WINDOW]:
            if step.place not in self._claimed and all(key in self._values for key in step.inputs):
                yield step

    def claim(self, lend: Lend) -> Piece | None:
        with self._lock:
            for step in self._ready():
                if lend(step.bytes):
                    future: Future[Found] = Future()
                    self._claimed[step.place] = (future, step.bytes)
                    return partial(self._fulfil, step.place, future)
        return None

    def _fulfil(self, place: int, future: Future[Found]) -> int:
        try:
            future.set_result(self._do(place))
        except BaseException as problem:
            future.set_exception(problem)
        self._crew.call()  # what waited for it may be ready
        return 0

    def turn(self, place: int) -> Found | None:
        """What was found for the step whose turn has come, when it is done; None when it was left to its worker."""
        with self._lock:
            while self._first < len(self._steps) and self._steps[self._first].place <= place:
                self._first += 1
            claimed = self._claimed.pop(place, None)
        if claimed is None:
            self._crew.call()  # what waited for the steps before it may be ready
            return None
        future, count = claimed
        try:
            self._crew.help_until(future)
            return future.result()
        finally:
            self._crew.give_back(count)
