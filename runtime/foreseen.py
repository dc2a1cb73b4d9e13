"""What is known to fail before anything is computed, goal by goal, and where a failure stands in the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from vlc_runtime.digest import Digest
from vlc_runtime.failures import Failure
from vlc_runtime.fused import FusedApply
from vlc_runtime.goal_operators import saved
from vlc_runtime.goals import PlannedGoal
from vlc_runtime.node import Node
from vlc_runtime.places import place_of
from vlc_runtime.plan import Goal, Save
from vlc_runtime.source_lines import SourceLine
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


def placed(
    failure: Failure, steps: Mapping[Digest, Step], lines: Callable[[Node], SourceLine], goal: Goal | None = None
) -> Failure:
    """The failure with the line, declaration and loop items of its step, which may be the saving of a goal."""
    step = steps.get(failure.step) if failure.step is not None else None
    if step is None or failure.place.operator:
        return failure
    operator, node = step.operator, step.node
    if failure.inner is not None and isinstance(node, FusedApply):
        node = node.inner[failure.inner]
        operator = node.operator
    if operator is saved and isinstance(goal, Save):
        node = goal.statement
    return failure.at(place_of(operator, node, step.items, lines))
