"""Components of a grid of blocks by one scan with union and find."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled


@compiled
def components_of_codes(
    codes: NDArray[np.uint8], offsets: NDArray[np.int64], sides: NDArray[np.uint8]
) -> tuple[NDArray[np.intp], int]:
    """(component of each block, 0 for empty blocks; number of components), numbered by first block.

    `offsets[i]` leads forward to a neighbour; `sides[i]` are the bits of a block that face it, and of the neighbour
    that face back. The root of a tree is its first block, so numbering roots in order numbers components.
    """
    parent = np.arange(len(codes))
    for block in range(len(codes)):
        code = codes[block]
        if code == 0:
            continue
        root = block
        for i in range(len(offsets)):
            other = block - offsets[i]
            if other < 0 or codes[other] & sides[i, 0] == 0 or code & sides[i, 1] == 0:
                continue
            while parent[other] != other:
                parent[other] = parent[parent[other]]
                other = parent[other]
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
