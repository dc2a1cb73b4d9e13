"""Where a step or a loop stands in the program, for messages."""

from __future__ import annotations

from collections.abc import Callable

from vlc_runtime.failures import Place
from vlc_runtime.goal_operators import STATEMENTS
from vlc_runtime.loop import LoopNode
from vlc_runtime.node import Node
from vlc_runtime.operator import Operator
from vlc_runtime.source_lines import NOWHERE, SourceLine


def place_of(
    operator: Operator, node: Node | None, items: tuple[str, ...], line_of: Callable[[Node], SourceLine]
) -> Place:
    """Where an operator is applied; `items` are those of the loops around it."""
    return _place(STATEMENTS.get(operator, operator.identifier), line_of(node) if node is not None else NOWHERE, items)


def place_of_loop(node: LoopNode, items: tuple[str, ...], line_of: Callable[[Node], SourceLine]) -> Place:
    """Where a loop stands; `items` are those of the loops around it."""
    return _place(node.form, line_of(node), items)


def _place(operator: str, line: SourceLine, items: tuple[str, ...]) -> Place:
    return Place(operator, line.line, line.declaration, items, line.function, line.target)
