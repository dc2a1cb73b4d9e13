"""Which tasks may start now: so many that their memory stays within what is allowed.

The tasks have an order, in which they fit when they are done one at a time. The first that is not done, the head, may
always start. One further on takes what it needs from what is left over beyond the order's own peak, keeps of it what
its results need, and gives it back when the head has come to it: from then on the order itself accounts for it. So
there is always a task that may start, and none that runs ever waits: there is no deadlock, whatever fits or does not.
What helpers take for a while comes from what is left over, too, and where there is not enough they do not help.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class Demand:
    """What a task takes while it runs, and what of it stays when it is done: bytes."""

    peak: int
    outputs: int


class Admission:
    """Says which task starts next. Tasks are numbered in their order. For one thread at a time.

    `spare` are the bytes beyond what the tasks take one at a time. Of those that are offered the first in the order
    starts first; a later one never starts before it, so that large tasks do not wait for ever.
    """

    def __init__(self, demands: Sequence[Demand], spare: int) -> None:
        self._demands = demands
        self._spare = spare
        self._head = 0
        self._done = bytearray(len(demands))
        self._charges: dict[int, int] = {}
        self._charged = 0
        self._offered: list[int] = []

    def offer(self, task: int) -> None:
        """The tasks that this one waits for are done."""
        heappush(self._offered, task)

    def could_start(self) -> bool:
        """Whether there is a task to start now."""
        if not self._offered:
            return False
        task = self._offered[0]
        return task == self._head or self._demands[task].peak <= self._spare - self._charged

    def start(self) -> int | None:
        """The task to start now, which then runs; None until one ends or another is offered."""
        if not self.could_start():
            return None
        task = heappop(self._offered)
        if task != self._head:
            self._charge(task, self._demands[task].peak)
        return task

    def lend(self, count: int) -> bool:
        """Bytes for who helps with a task that runs; False when they are not there."""
        if count > self._spare - self._charged:
            return False
        self._charged += count
        return True

    def give_back(self, count: int) -> None:
        """Bytes that were lent."""
        self._charged -= count

    def end(self, task: int) -> None:
        """A task is done."""
        self._done[task] = True
        if task in self._charges:
            self._charge(task, self._demands[task].outputs)
        while self._head < len(self._done) and self._done[self._head]:
            self._charge(self._head, 0)
            self._head += 1
        self._charge(self._head, 0)

    def _charge(self, task: int, count: int) -> None:
        self._charged += count - self._charges.pop(task, 0)
        if count:
            self._charges[task] = count
