"""What is known to fail before anything is computed, goal by goal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from vlc_runtime.digest import Digest
from vlc_runtime.failures import Failure
from vlc_runtime.goals import PlannedGoal
from vlc_runtime.plan import Goal
from vlc_runtime.steps import Failed, Step, leaves_of


def foreseen_failures(
    goals: Iterable[PlannedGoal], finished: Mapping[Digest, Any], place: Callable[[Failure, Goal], Failure]
) -> Iterator[tuple[str, Failure]]:
    """(goal, failure) for all that planning refused, and for the steps whose failure is among what is `finished`."""
    for planned in goals:
        for leaf in leaves_of(planned.result):
            if isinstance(leaf, Failed):
                yield str(planned), place(leaf.failure, planned.goal)
            elif isinstance(leaf, Step) and isinstance(found := finished.get(leaf.key), Failure):
                yield str(planned), place(found, planned.goal)
