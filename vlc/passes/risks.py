"""What may fail in a node: a pass that drops a node must not drop a failure with it.

Most operators on regions and numbers have a value for all images of the right kind on one grid. What is left are the
nodes that may fail by themselves: files that are read, divisions, averages of empty regions...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vlc.workplan.kinds import BOOL_IMAGE, NUMBER_IMAGE
from vlc.workplan.nodes import LOOPS, Apply, Element, Literal, Node, NodeId, Parameter
from vlc.workplan.plan import WorkPlan
from vlc.workplan.types import LIST

if TYPE_CHECKING:
    from vlc.passes.rewriting import Rewriting

_ON_ONE_GRID = """
    absolute add add_vs divide div_sv div_vs eq_sv equal geq_sv greater greater_equal gt_sv interior leq_sv less
    less_equal logical_and logical_not logical_or logical_xor lt_sv mask mul_vs multiply near neq_sv not_equal rgb rgba
    sub_sv sub_vs subtract vol volume
    """
_ALWAYS = frozenset(_ON_ONE_GRID.split())
"""Operators that have a value for all numbers, and for all images of the kinds they want on one grid."""
_GRID_ONLY = frozenset({"bconstant", "constant", "ff", "tt"})
"""Operators that have a value on the grid of any image."""
_SAFE = _ALWAYS | _GRID_ONLY | {"intensity"}
_MOST = 16
"""A node in which more may fail counts as one that does."""


class Risks:
    """The nodes that may fail by themselves within each node of a plan that is being rewritten."""

    def __init__(self, plan: Rewriting) -> None:
        self._plan = plan
        self._known: dict[NodeId, frozenset[NodeId]] = {}
        self._items = _safe_items(plan.old)

    def covered(self, dropped: NodeId, kept: NodeId) -> bool:
        """Whether all that may fail in the one node is computed for the other too."""
        return self.of(dropped) <= self.of(kept)

    def of(self, identifier: NodeId) -> frozenset[NodeId]:
        """The nodes that may fail within a node. Linear over all calls; no recursion."""
        pending = [identifier] if identifier not in self._known else []
        while pending:
            each = pending[-1]
            node = self._plan.node(each)
            parts = node.arguments if isinstance(node, Apply) else ()
            missing = [part for part in parts if part not in self._known]
            if missing:
                pending.extend(missing)
                continue
            pending.pop()
            if each not in self._known:
                self._known[each] = self._joined(each, node, parts)
        return self._known[identifier]

    def _joined(self, identifier: NodeId, node: Node, parts: tuple[NodeId, ...]) -> frozenset[NodeId]:
        own = frozenset[NodeId]() if self._is_safe(node) else frozenset({identifier})
        risks = own.union(*(self._known[part] for part in parts))
        return risks if len(risks) <= _MOST else frozenset({identifier})

    def _is_safe(self, node: Node) -> bool:
        """Whether a node fails only where one of its arguments does."""
        if isinstance(node, Element):
            return node.role == "item" and node.depth in self._items
        if not isinstance(node, Apply):
            return isinstance(node, (Literal, Parameter))
        home, _, name = node.operator.partition(".")
        if home != "vox1" or name not in _SAFE:
            return False
        plan = self._plan
        if name == "intensity":  # what is loaded has 1, 3 or 4 components
            return plan.operator(node.arguments[0]) == "vox1.load"
        images = [each for each in node.arguments if plan.kind(each).is_image]
        known = name in _GRID_ONLY or all(plan.kind(each) in (NUMBER_IMAGE, BOOL_IMAGE) for each in images)
        return known and len({plan.grid(each) for each in images}) == 1


def _safe_items(plan: WorkPlan) -> frozenset[int]:
    """The depths at which all loops go over numbers that are counted or written out: their items are at hand."""
    found: set[int] = set()
    unsafe: set[int] = set()
    for node in plan.nodes.values():
        if isinstance(node, LOOPS):
            over = plan.nodes[node.over]
            listed = isinstance(over, Apply) and (
                over.operator == "default.integer_range"
                or (over.operator == LIST and all(isinstance(plan.nodes[each], Literal) for each in over.arguments))
            )
            (found if listed else unsafe).add(node.depth)
    return frozenset(found - unsafe)
