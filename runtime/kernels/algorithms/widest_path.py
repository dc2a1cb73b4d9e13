"""How wide a path may be that leads from a source to each node of a graph.

A path is as wide as its narrowest edge. The widest paths are those of a maximum spanning tree (Hu, The maximum capacity
route problem, 1961), which grows here as in Boruvka's algorithm: every node joins the neighbour at the end of its
widest edge, and what has joined is one node of the next round. No edge of a node is wider than the one by which it
joined, so

- the width at the node is the lesser of that edge and the width at the node that it became part of;
- the other edges keep their widths when nodes become one.

Which of several widest edges a node takes changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.union import Indices, connected_components

Widths: TypeAlias = NDArray[np.int32]
Nodes: TypeAlias = NDArray[np.int32]

SOURCE = 0
"""The node from which paths start."""
WIDEST = np.int32(2**31 - 1)
"""The width at the source itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edges of an undirected graph: repeated ones and loops are harmless."""

    left: Nodes
    right: Nodes
    width: Widths


@dataclass(frozen=True, slots=True, eq=False)
class Joining:
    """What one round made of nodes 0, 1, ...: the widest edge of each, and the node that it is part of now."""

    widest: Widths
    part_of: Indices
    count: int

    def widths(self, after: Widths) -> Widths:
        """The widths at the nodes from those at what they became."""
        narrowest: Widths = np.minimum(self.widest, after[self.part_of])
        return narrowest


def join(widest: Widths, partner: Indices) -> Joining:
    """Let each node join its partner at the end of its widest edge. The source may stand as its own partner."""
    part_of, count = connected_components(widest.size, np.arange(widest.size, dtype=np.intp), partner)
    widest[SOURCE] = WIDEST
    return Joining(widest, part_of, count)


def widths_of_paths(supply: Widths, edges: Edges) -> Widths:
    """The width at each node of a graph.

    `supply` is the width of each node's edge from the source, which is node 0; a node that no path reaches has its own
    supply, the least width there is. Rounds are logarithmic in the nodes, each linear in the edges that are left.
    """
    rounds: list[Joining] = []
    supply = supply.copy()
    while True:
        edges = _useful(supply, edges)
        if not edges.width.size:
            break
        joining = _round(supply, edges)
        rounds.append(joining)
        supply = joined_supply(supply, joining)
        part_of = joining.part_of.astype(np.int32)
        edges = Edges(part_of[edges.left], part_of[edges.right], edges.width)
    supply[SOURCE] = WIDEST
    widths = supply
    for joining in reversed(rounds):
        widths = joining.widths(widths)
    return widths


def joined_supply(supply: Widths, joining: Joining) -> Widths:
    """The supplies of what has joined: the greatest of its parts."""
    result = np.full(joining.count, supply.min(), np.int32)
    np.maximum.at(result, joining.part_of, supply)
    return result


def _useful(supply: Widths, edges: Edges) -> Edges:
    """The edges that can still widen a path; those of the source are made supplies of the nodes at their other end."""
    for near, far in ((edges.left, edges.right), (edges.right, edges.left)):
        chosen = np.flatnonzero(near == SOURCE)
        np.maximum.at(supply, far[chosen], edges.width[chosen])
    supply[SOURCE] = WIDEST
    wider = edges.width > np.minimum(supply[edges.left], supply[edges.right])
    kept = np.flatnonzero(wider & (edges.left != edges.right))
    return Edges(edges.left[kept], edges.right[kept], edges.width[kept])


def _round(supply: Widths, edges: Edges) -> Joining:
    widest = supply.copy()
    np.maximum.at(widest, edges.left, edges.width)
    np.maximum.at(widest, edges.right, edges.width)
    partner = np.full(supply.size, SOURCE, np.intp)
    for near, far in ((edges.left, edges.right), (edges.right, edges.left)):
        chosen = np.flatnonzero((edges.width == widest[near]) & (edges.width > supply[near]))
        partner[near[chosen]] = far[chosen]
    return join(widest, partner)
