"""Components of a grid of blocks by one scan with union and find."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled

_FULL = 255
_ALONG_Y, _ALONG_Z = 1, 4
"""Where the steps back to the row before and to the plane before are among the offsets."""


@compiled
def components_of_codes(
    codes: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    sides: NDArray[np.uint8],
    covers: NDArray[np.bool_],
    after: NDArray[np.int64],
    component: NDArray[np.signedinteger[Any]],
) -> int:
    """The number of components; they are numbered by first block. Fill `component` with that of each block, 0 for empty
    blocks.

    `offsets[i]` leads back to a neighbour; `sides[i]` are the bits of a neighbour that face the block, and of the block
    that face back. Where the block is connected with that neighbour and `covers[i, code]` of the neighbour's code, the
    next to look at is `after[i]`. The root of a tree is its first block: numbering roots in order numbers components.
    The array holds the trees first, since another one would leave less of either in the cache.
    """
    parent = component
    row, plane = offsets[_ALONG_Y], offsets[_ALONG_Z]
    for block in range(len(codes)):
        code = codes[block]
        if code == 0:
            continue
        if (
            code == _FULL
            and block >= plane
            and codes[block - 1] == _FULL
            and codes[block - row] == _FULL
            and codes[block - plane] == _FULL
        ):
            # the block before is connected with these two already, and they with all others around this one
            parent[block] = parent[block - 1]
            continue
        parent[block] = block
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
    count = 0
    for block in range(len(codes)):
        if codes[block] == 0:
            component[block] = 0
        elif parent[block] == block:
            component[block] = count
            count += 1
        else:
            # parents come before their children, so theirs is known
            component[block] = component[parent[block]]
    return count
