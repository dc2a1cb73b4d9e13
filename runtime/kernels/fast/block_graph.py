"""Components of a grid of blocks by one scan with union and find."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled


@compiled
def components_of_codes(
    codes: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    sides: NDArray[np.uint8],
    covers: NDArray[np.bool_],
    after: NDArray[np.int64],
) -> tuple[NDArray[np.intp], int]:
    """(component of each block, 0 for empty blocks; number of components), numbered by first block.

    `offsets[i]` leads back to a neighbour; `sides[i]` are the bits of a neighbour that face the block, and of the block
    that face back. Where the block is connected with that neighbour and `covers[i, code]` of the neighbour's code, the
    next to look at is `after[i]`. The root of a tree is its first block: numbering roots in order numbers components.
    """
    parent = np.arange(len(codes))
    for block in range(len(codes)):
        code = codes[block]
        if code == 0:
            continue
        root = block
        following = 0
        while following < len(offsets):
            i = following
            following += 1
            other = block - offsets[i]
            if other < 0 or code & sides[i, 1] == 0:
                continue
            neighbour = codes[other]
            if neighbour & sides[i, 0] == 0:
                continue
            if covers[i, neighbour]:
                following = after[i]
            above = parent[other]
            if above == root:
                continue
            while above != other:
                parent[other] = parent[above]
                other = parent[other]
                above = parent[other]
            if other < root:
                parent[root] = other
                root = other
            elif root < other:
                parent[other] = root
    component = np.zeros(len(codes), np.intp)
    count = 0
    for block in range(len(codes)):
        if codes[block] != 0:
            if parent[block] == block:
                component[block] = count
                count += 1
            else:
                # parents come before their children, so theirs is known
                component[block] = component[parent[block]]
    return component, count
