"""Where a step, a loop or a failure stands in the program, for messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vlc_runtime.digest import Digest
from vlc_runtime.failures import Failure, Place
from vlc_runtime.fused import FusedApply
from vlc_runtime.goal_operators import STATEMENTS, saved
from vlc_runtime.loop import LoopNode
from vlc_runtime.node import Node
from vlc_runtime.operator import Operator
from vlc_runtime.plan import Goal, Save
from vlc_runtime.source_lines import NOWHERE, SourceLine
from vlc_runtime.steps import Step


def place_of(
    operator: Operator, node: Node | None, items: tuple[str, ...], line_of: Callable[[Node], SourceLine]
) -> Place:
    """Where an operator is applied; `items` are those of the loops around it."""
    return _place(STATEMENTS.get(operator, operator.identifier), line_of(node) if node is not None else NOWHERE, items)


def place_of_loop(node: LoopNode, items: tuple[str, ...], line_of: Callable[[Node], SourceLine]) -> Place:
    """Where a loop stands; `items` are those of the loops around it."""
    return _place(node.form, line_of(node), items)


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


def _place(operator: str, line: SourceLine, items: tuple[str, ...]) -> Place:
    return Place(operator, line.line, line.declaration, items, line.function, line.target)
