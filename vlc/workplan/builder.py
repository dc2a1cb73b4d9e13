"""Building a WorkPlan from a program: the grids that `tt` and its kin take from the images they meet."""

from __future__ import annotations

from collections.abc import Sequence

from vlc.workplan import kinds
from vlc.workplan.effects import Effects
from vlc.workplan.kinds import Kind
from vlc.workplan.nodes import LOOPS, Apply, Element, Grid, Node, NodeId, children, node_id
from vlc.workplan.operators import Signature
from vlc.workplan.table import NodeTable
from vlc.workplan.types import kind_of


class AmbiguousGrid(Exception):
    """`tt`, `border`... meets images of several grids, so that there is no one grid for it to take."""


SEVERAL: NodeId = b"several"
"""In `grid_of`: a value computed from images that may lie on different grids."""


class Builder(NodeTable):
    """The nodes made so far, and the grids of the images among them.

    `open` are the nodes with a Grid in them: their value waits for an image. `grid_of` has, for a node that images went
    into, the image whose grid it has (or the images that went into it have, for a number). An open node has that of the
    numbers it met, which is taken where no image comes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: set[NodeId] = set()
        self.grid_of: dict[NodeId, NodeId] = {}
        self.effects = Effects()
        self._same_grid: dict[NodeId, NodeId] = {}

    def add(self, identifier: NodeId, node: Node) -> None:
        super().add(identifier, node)
        self.effects.add(identifier, node)
        parts = children(node)
        if isinstance(node, Grid) or any(part in self.open for part in parts):
            self.open.add(identifier)
        grid = self._grid(identifier, node, self.kinds[identifier], parts)
        if grid is not None:
            self.grid_of[identifier] = grid

    def apply(self, operator: str, arguments: Sequence[NodeId], signature: Signature | None = None) -> NodeId:
        """Apply an operator: an argument that waits for a grid takes the one of the images it meets here."""
        given = tuple(arguments)
        if signature is not None and signature.like:
            given = (*given, self.intern(Grid()))
        if any(argument in self.open for argument in given):
            given = self._close_among(given, waits=kind_of(Apply(operator, given), self.kinds) not in kinds.SCALARS)
        elif signature is None or signature.one_grid:
            self.unite([argument for argument in given if self.kinds[argument].is_image])
        return self.intern_application(operator, given)

    def _replaced(self, old: NodeId, node: Node) -> NodeId:
        new = super()._replaced(old, node)
        if new != old:
            self.effects.replace(old)
        return new

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
        if isinstance(node, LOOPS):
            found = self._outside(identifier, found)
        distinct = {self._leader(grid) for grid in found}
        if len(distinct) > 1:
            return SEVERAL
        return found[0] if found else None

    def _outside(self, loop: NodeId, grids: list[NodeId]) -> list[NodeId]:
        """The grids in a loop as they are outside it, where what depends on its item means nothing: the item's own is
        among those of what is looped over, and an image that is made for every item has one for every item."""
        found = []
        for grid in grids:
            inside = grid != SEVERAL and self.free[grid] & ~self.free[loop]
            if not inside:
                found.append(grid)
            elif not isinstance(self.nodes[grid], Element):
                found.append(SEVERAL)
        return found

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
