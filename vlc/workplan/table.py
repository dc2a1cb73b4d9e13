"""The nodes of a plan that is being made: each once (hash-consing), after what it is made of."""

from __future__ import annotations

from collections.abc import Callable

from vlc.workplan.kinds import Kind
from vlc.workplan.nodes import (
    LOOPS,
    Apply,
    Element,
    Filter,
    Fold,
    Literal,
    Loop,
    Node,
    NodeId,
    application_id,
    children,
    node_id,
    with_children,
)
from vlc.workplan.plan import Origin, free_depths
from vlc.workplan.types import kind_of


class NodeTable:
    """The nodes made so far, in order, and what is known of each. `origin` is given to every node that is new."""

    def __init__(self) -> None:
        self.nodes: dict[NodeId, Node] = {}
        self.kinds: dict[NodeId, Kind] = {}
        self.free: dict[NodeId, int] = {}
        self.origins: dict[NodeId, Origin] = {}
        self.elements: dict[NodeId, str] = {}
        self.inner: dict[NodeId, tuple[Origin, ...]] = {}
        self.origin = Origin(0)

    def intern(self, node: Node) -> NodeId:
        """The id of a node, which is added when it is new. Constant time."""
        identifier = node_id(node)
        if identifier not in self.nodes:
            self.add(identifier, node)
        return identifier

    def intern_application(self, operator: str, arguments: tuple[NodeId, ...]) -> NodeId:
        """What `intern` does, of an application that is only made when it is new."""
        identifier = application_id(operator, arguments)
        if identifier not in self.nodes:
            self.add(identifier, Apply(operator, arguments))
        return identifier

    def add(self, identifier: NodeId, node: Node) -> None:
        """Add a node whose id is known, and not among the others."""
        self.nodes[identifier] = node
        self.kinds[identifier] = kind_of(node, self.kinds)
        self.free[identifier] = free_depths(node, self.free)
        self.origins[identifier] = self.origin

    def literal(self, value: bool | int | float | str) -> NodeId:
        return self.intern(Literal(value))

    def rewrite(
        self,
        root: NodeId,
        wanted: Callable[[NodeId], bool],
        replace: Callable[[NodeId, Node], NodeId | Node | None],
    ) -> NodeId:
        """Rebuild what `root` is made of, where `wanted` says so, from the leaves up; linear, no recursion.

        `replace` gives an id, a node to be rebuilt with the new children, or None for the node as it is.
        New nodes take the origin of the node they replace.
        """
        done: dict[NodeId, NodeId] = {}
        pending = [root]
        while pending:
            identifier = pending[-1]
            if identifier in done:
                pending.pop()
                continue
            if not wanted(identifier):
                done[identifier] = identifier
                pending.pop()
                continue
            node = self.nodes[identifier]
            parts = children(node)
            missing = [part for part in parts if part not in done]
            if missing:
                pending.extend(reversed(missing))
                continue
            replacement = replace(identifier, node)
            if isinstance(replacement, bytes):
                done[identifier] = replacement
            else:
                rebuilt = with_children(replacement or node, tuple(done[part] for part in parts))
                done[identifier] = self._replaced(identifier, rebuilt)
            pending.pop()
        return done[root]

    def _replaced(self, old: NodeId, node: Node) -> NodeId:
        before, self.origin = self.origin, self.origins[old]
        new = self.intern(node)
        self.origin = before
        if old in self.elements:
            self.elements.setdefault(new, self.elements[old])
        if old in self.inner:
            self.inner.setdefault(new, self.inner[old])
        return new

    def bind(self, make: Callable[[NodeId, int], Node], body: NodeId, depth: int) -> NodeId:
        """A loop over `body`, whose item is Element(depth), at the smallest depth at which it can stand.

        So a loop that depends on no other loop's item is one node wherever it stands.
        """
        outer = self.free[body] & ((1 << depth) - 1)
        surplus = depth - outer.bit_length()
        if surplus:
            inner = -1 << depth

            def lifted(_: NodeId, node: Node) -> Node | None:
                return _lifted(node, depth, surplus)

            body = self.rewrite(body, lambda each: bool(self.free[each] & inner), lifted)
        return self.intern(make(body, depth - surplus))


def _lifted(node: Node, depth: int, surplus: int) -> Node | None:
    if isinstance(node, Element) and node.depth >= depth:
        return Element(node.depth - surplus, node.kind, node.role)
    if isinstance(node, LOOPS) and node.depth >= depth:
        if isinstance(node, Loop):
            return Loop(node.over, node.body, node.depth - surplus)
        if isinstance(node, Filter):
            return Filter(node.over, node.body, node.depth - surplus)
        return Fold(node.over, node.start, node.body, node.depth - surplus)
    return None
