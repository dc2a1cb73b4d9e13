"""Effects: what is computed for what it does, as writing a file, even where no value depends on it.

Not all that a goal is made of is computed for it: an index selects one item, a loop need not look at the items it goes
over, and a local name or a parameter need not be used at all. So effects are looked after one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from vlc.diagnostics import Diagnostic, Span
from vlc.workplan.nodes import LOOPS, Apply, Node, NodeId, children
from vlc.workplan.operators import signature_of
from vlc.workplan.plan import Origin
from vlc.workplan.types import LIST, SELECTING


@cache
def is_effect(operator: str) -> bool:
    """Whether an operator acts on the world."""
    return operator != LIST and signature_of(operator).effect


def always_computed(node: Node) -> tuple[NodeId, ...]:
    """The children that are computed whenever the node is; of loops, for each item."""
    if isinstance(node, Apply):
        return node.arguments[1:] if node.operator in SELECTING else node.arguments
    return (node.body,) if isinstance(node, LOOPS) else children(node)


class Effects:
    """The effects among the nodes of a plan in the making, and those of them that the goals so far are sure to do."""

    def __init__(self) -> None:
        self._acting: set[NodeId] = set()
        self._made: list[NodeId] = []
        self._depending: list[NodeId] = []
        self._replaced: set[NodeId] = set()
        self._done: set[NodeId] = set()

    def add(self, identifier: NodeId, node: Node) -> None:
        """Look whether a new node is an effect, or does one when it is computed."""
        effect = isinstance(node, Apply) and is_effect(node.operator)
        if effect or (self._acting and not self._acting.isdisjoint(always_computed(node))):
            self._acting.add(identifier)
            if effect or isinstance(node, LOOPS):
                self._made.append(identifier)

    def replace(self, old: NodeId) -> None:
        """Note that another node stands where this one was meant to: it is no effect that anybody wrote."""
        if old in self._acting:
            self._replaced.add(old)

    def acts(self, identifier: NodeId) -> bool:
        """Whether computing a node is sure to do an effect."""
        return identifier in self._acting

    def left(self, nodes: Mapping[NodeId, Node], free: Mapping[NodeId, int], goals: Iterable[NodeId]) -> list[NodeId]:
        """The effects (and loops of effects) that were made since this was asked last and that these goals, which are
        those since then, may leave undone: in the order of their making. They count as done from now on.

        What depends on the item of a loop cannot be a goal: `undone` tells of that.
        """
        if not self._made:
            return []
        self.reach(nodes, goals)
        found: list[NodeId] = []
        for each in reversed(self._made):  # loops before what is in them
            if free[each]:
                self._depending.append(each)
            elif each not in self._done and each not in self._replaced:
                found.append(each)
                self.reach(nodes, [each])
        self._made.clear()
        return found[::-1]

    def reach(self, nodes: Mapping[NodeId, Node], goals: Iterable[NodeId]) -> None:
        """Note that these nodes are going to be computed."""
        pending = list(goals)
        while pending:
            each = pending.pop()
            if each in self._acting and each not in self._done:
                self._done.add(each)
                pending.extend(always_computed(nodes[each]))

    def undone(self, nodes: Mapping[NodeId, Node], origins: Mapping[NodeId, Origin]) -> list[Diagnostic]:
        """A warning for each effect in a loop that nothing would do."""
        done = {origins[each].span for each in self._done}  # a fold's body may be made twice, for two kinds of total
        found: dict[Span, str] = {}
        for each in self._depending:
            node, span = nodes[each], origins[each].span
            lost = each not in self._done and each not in self._replaced and span not in done
            if lost and isinstance(node, Apply) and span is not None:
                found[span] = signature_of(node.operator).name
        return [_undone(name, span) for span, name in found.items()]


def _undone(name: str, span: Span) -> Diagnostic:
    return Diagnostic(
        f"nothing would do this `{name}`: it depends on the item of a loop, and the loop's result does not need it",
        span,
        f"make it the result of a loop of its own: `for i in .. do {name}(..)`",
        severity="warning",
    )
