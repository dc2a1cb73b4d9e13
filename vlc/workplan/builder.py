"""Building a WorkPlan: hash-consing, rewriting, and the grids that `tt` and its kin take from the images they meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vlc.workplan import kinds
from vlc.workplan.kinds import Kind
from vlc.workplan.nodes import (
    LOOPS,
    Apply,
    Element,
    Filter,
    Fold,
    Grid,
    Literal,
    Loop,
    Node,
    NodeId,
    children,
    node_id,
    with_children,
)
from vlc.workplan.operators import Signature
from vlc.workplan.plan import Origin, free_depths
from vlc.workplan.types import kind_of


class AmbiguousGrid(Exception):
    """`tt`, `border`... meets images of several grids, so that there is no one grid for it to take."""


SEVERAL: NodeId = b"several"
"""In `grid_of`: a value computed from images that may lie on different grids."""


class Builder:
    """The nodes made so far, each once. `origin` is given to every node that is new.

    `open` are the nodes with a Grid in them: their value waits for an image. `grid_of` has, for a node that images went
    into, the image whose grid it has (or the images that went into it have, for a number). An open node has that of the
    numbers it met, which is taken where no image comes.
    """

    def __init__(self) -> None:
        self.nodes: dict[NodeId, Node] = {}
        self.kinds: dict[NodeId, Kind] = {}
        self.free: dict[NodeId, int] = {}
        self.origins: dict[NodeId, Origin] = {}
        self.elements: dict[NodeId, str] = {}
        self.inner: dict[NodeId, tuple[Origin, ...]] = {}
        self.open: set[NodeId] = set()
        self.grid_of: dict[NodeId, NodeId] = {}
        self.origin = Origin(0)
        self._same_grid: dict[NodeId, NodeId] = {}

    def intern(self, node: Node) -> NodeId:
        """The id of a node, which is added when it is new. Constant time."""
        return self.add(node_id(node), node)

    def add(self, identifier: NodeId, node: Node) -> NodeId:
        """Intern a node whose id is known already."""
        if identifier in self.nodes:
            return identifier
        self.nodes[identifier] = node
        self.kinds[identifier] = kind = kind_of(node, self.kinds)
        self.free[identifier] = free_depths(node, self.free)
        self.origins[identifier] = self.origin
        parts = children(node)
        if isinstance(node, Grid) or any(part in self.open for part in parts):
            self.open.add(identifier)
        grid = self._grid(identifier, node, kind, parts)
        if grid is not None:
            self.grid_of[identifier] = grid
        return identifier

    def literal(self, value: bool | int | float | str) -> NodeId:
        return self.intern(Literal(value))

    def apply(self, operator: str, arguments: Sequence[NodeId], signature: Signature | None = None) -> NodeId:
        """Apply an operator: an argument that waits for a grid takes the one of the images it meets here."""
        given = tuple(arguments)
        if signature is not None and signature.like:
            given = (*given, self.intern(Grid()))
        if any(argument in self.open for argument in given):
            given = self._close_among(given, waits=kind_of(Apply(operator, given), self.kinds) not in kinds.SCALARS)
        elif signature is None or signature.one_grid:
            self.unite([argument for argument in given if self.kinds[argument].is_image])
        return self.intern(Apply(operator, given))

    # --- grids

    def _grid(self, identifier: NodeId, node: Node, kind: Kind, parts: tuple[NodeId, ...]) -> NodeId | None:
        if isinstance(node, Element):
            return identifier if kind.is_image or kind == kinds.UNKNOWN else None
        found = [self.grid_of[part] for part in parts if part in self.grid_of]
        if kind.is_image and isinstance(node, Apply):
            images = [self.grid_of[part] for part in parts if part in self.grid_of and self.kinds[part].is_image]
            if images and not node.operator.startswith("simpleitk."):
                return images[0]
            if identifier not in self.open:
                return identifier
        distinct = {self._leader(grid) for grid in found}
        if len(distinct) > 1:
            return SEVERAL
        return found[0] if found else None

    def _leader(self, grid: NodeId) -> NodeId:
        while grid in self._same_grid:
            grid = self._same_grid[grid]
        return grid

    def unite(self, images: Sequence[NodeId]) -> None:
        """Note that these images lie on one grid."""
        leaders = [self._leader(self.grid_of[image]) for image in images if image in self.grid_of]
        for other in leaders[1:]:
            if other != leaders[0]:
                self._same_grid[other] = leaders[0]

    def _close_among(self, arguments: tuple[NodeId, ...], *, waits: bool) -> tuple[NodeId, ...]:
        """The arguments with the grid of the images among them. `waits`: numbers alone give none yet, since the result
        can still meet an image."""
        met = [argument for argument in arguments if argument in self.grid_of]
        images = [each for each in met if each not in self.open and self.kinds[each] not in kinds.SCALARS]
        if not images and waits:
            return arguments
        grids = [self.grid_of[each] for each in images or met]
        if not grids:
            return arguments
        if SEVERAL in grids or len({self._leader(grid) for grid in grids}) > 1:
            raise AmbiguousGrid
        return tuple(self.close(argument, grids[0]) for argument in arguments)

    def settled(self, value: NodeId) -> NodeId:
        """The same value, on the grid of the numbers it met if it still waits for one. Raises AmbiguousGrid."""
        grid = self.grid_of.get(value)
        if value not in self.open or grid is None:
            return value
        if grid == SEVERAL:
            raise AmbiguousGrid
        return self.close(value, grid)

    def close(self, root: NodeId, grid: NodeId) -> NodeId:
        """The same value with its Grid replaced by an image."""
        if root not in self.open:
            return root
        hole = node_id(Grid())
        return self.rewrite(root, lambda each: each in self.open, lambda each, node: grid if each == hole else None)

    # --- rewriting

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
