"""The least and the greatest of the numbers that an expression comes to in a loop."""

from __future__ import annotations

from vlc.passes.rewriting import Rewriting
from vlc.workplan.kinds import NUMBER
from vlc.workplan.nodes import LOOPS, Apply, Element, Literal, NodeId, Parameter
from vlc.workplan.types import LIST

_TOTAL = frozenset(
    f"scalar.{name}" for name in ("add", "subtract", "multiply", "divide_ieee", "negate", "minimum", "maximum")
)
"""Operators that have a value for all numbers."""
_DIVIDE = "scalar.divide"
_MOST_NODES = 16
_RANGE = "default.integer_range"


def extreme_of(plan: Rewriting, operator: str, number: NodeId, loops: dict[int, NodeId]) -> NodeId | None:
    """An operator on the sequence of all that a number is in the loop around it, outside of that loop.

    None unless each of these numbers is sure to be there: one that failed would take all others with it. `loops` has
    the loop of the old plan by its depth.
    """
    depth = plan.free(number).bit_length() - 1
    if plan.free(number) != 1 << depth or depth not in loops or not _is_total(plan, number):
        return None
    loop = plan.old.nodes[loops[depth]]
    if not isinstance(loop, LOOPS) or not _is_written_out(plan, loop.over):
        return None
    over = plan.adopted(loop.over)
    if isinstance(plan.node(number), Element):
        return plan.part(operator, over)
    return plan.part(operator, plan.items(loops[depth], over, number, "numbers"))


def _is_total(plan: Rewriting, number: NodeId) -> bool:
    """Whether a number has a value whatever the items of loops are."""
    pending = [number]
    for _ in range(_MOST_NODES):
        if not pending:
            return True
        node = plan.node(pending[-1])
        if plan.kind(pending.pop()) != NUMBER:
            return False
        if isinstance(node, Element):
            if node.role != "item":
                return False
        elif isinstance(node, Apply):
            divisor = plan.literal(node.arguments[1]) if node.operator == _DIVIDE else None
            if node.operator not in _TOTAL and not divisor:
                return False
            pending.extend(node.arguments)
        elif not isinstance(node, (Literal, Parameter)):
            return False
    return not pending


def _is_written_out(plan: Rewriting, sequence: NodeId) -> bool:
    """Whether a sequence is a range, or is listed, with bounds or items that are at hand."""
    node = plan.old.nodes[sequence]
    if not isinstance(node, Apply) or node.operator not in (_RANGE, LIST) or len(node.arguments) > _MOST_NODES:
        return False
    return all(isinstance(plan.old.nodes[each], (Literal, Parameter)) for each in node.arguments)
