"""What is known to fail before anything is computed, goal by goal, and where a failure stands in the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from vlc_runtime.digest import Digest
from vlc_runtime.failures import Failure
from vlc_runtime.fused import FusedApply
from vlc_runtime.goals import PlannedGoal
from vlc_runtime.node import Node
from vlc_runtime.planning import place_of
from vlc_runtime.source_lines import SourceLine
from vlc_runtime.steps import Failed, Step, leaves_of


def foreseen_failures(
    goals: Iterable[PlannedGoal], finished: Mapping[Digest, Any], place: Callable[[Failure], Failure]
) -> Iterator[tuple[str, Failure]]:
    """(goal, failure) for all that planning refused, and for the steps whose failure is among what is `finished`."""
    for planned in goals:
        for leaf in leaves_of(planned.result):
            if isinstance(leaf, Failed):
                yield str(planned), place(leaf.failure)
            elif isinstance(leaf, Step) and isinstance(found := finished.get(leaf.key), Failure):
                yield str(planned), place(found)


def placed(failure: Failure, steps: Mapping[Digest, Step], lines: Callable[[Node], SourceLine]) -> Failure:
    """The failure with the line, declaration and loop items of its step."""
    step = steps.get(failure.step) if failure.step is not None else None
    if step is None or failure.place.operator:
        return failure
    operator, node = step.operator, step.node
    if failure.inner is not None and isinstance(node, FusedApply):
        node = node.inner[failure.inner]
        operator = node.operator
    return failure.at(place_of(operator, node, step.items, lines))
