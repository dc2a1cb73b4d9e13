"""Connected components of an undirected graph given as arrays of edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def connected_components(count: int, left: Indices, right: Indices) -> tuple[Indices, int]:
    """Number the components of the graph with nodes 0..count-1 and edges (left[i], right[i]).

    Returns (component of each node, number of components); components are numbered from 0 in the order of their
    smallest node. Repeated edges and loops are harmless.

    Every round hooks each root to its smallest neighbouring root, jumps pointers until the trees are stars, and
    contracts them (Shiloach and Vishkin, An O(log n) parallel connectivity algorithm, 1982; the contraction as in
    Boruvka's algorithm). Nodes that have an edge at least halve every second round, so rounds are logarithmic.
    """
    contractions: list[Indices] = []
    remaining = count
    distinct = left != right
    left, right = left[distinct], right[distinct]
    while left.size:
        parent = np.arange(remaining, dtype=np.intp)
        np.minimum.at(parent, np.maximum(left, right), np.minimum(left, right))
        grandparent = parent[parent]
        while not np.array_equal(parent, grandparent):
            parent = grandparent
            grandparent = parent[parent]
        is_root = parent == np.arange(remaining, dtype=np.intp)
        contraction = (np.cumsum(is_root, dtype=np.intp) - 1)[parent]
        contractions.append(contraction)
        remaining = int(np.count_nonzero(is_root))
        left, right = contraction[left], contraction[right]
        distinct = left != right
        left, right = left[distinct], right[distinct]
    components = np.arange(remaining, dtype=np.intp)
    for contraction in reversed(contractions):
        components = components[contraction]
    return components, remaining
