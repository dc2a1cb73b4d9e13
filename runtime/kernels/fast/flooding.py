"""Flooding from markers, from the greatest value downwards: where reconstruction has few voxels to go through."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled


@compiled
def flood(
    voxels: NDArray[np.signedinteger[Any]],
    turns: NDArray[np.int32],
    begins: NDArray[np.bool_],
    offsets: NDArray[np.int64],
    reached: NDArray[np.int32],
) -> None:
    """Fill `reached` with the turn at which the flood comes to each voxel; what it never comes to keeps its value.

    `voxels` are those that the flood may go through, as places in an array with a margin, by their turns: those of the
    greatest value have the first ones. `turns` has the turn of each place, -1 for the margin and for what the flood may
    not enter; it is used up. The flood `begins` at some turns; `offsets` lead to the neighbours of a place.

    At its turn a voxel that the flood has come near is entered, and so is all that lies around it and had its turn
    before: that is what is reached at this voxel's value. The others wait for their own turn. So each voxel is entered
    once, and no queue is needed that would have to be sorted. (Vincent, Morphological grayscale reconstruction in image
    analysis, 1993, has a queue where this has turns.)
    """
    stack = np.empty_like(voxels)
    for turn in range(len(voxels)):
        if begins[turn]:
            turns[voxels[turn]] = -1
    for turn in range(len(voxels)):
        if not begins[turn]:
            continue
        reached[turn] = turn
        stack[0] = voxels[turn]
        height = 1
        while height:
            height -= 1
            place = stack[height]
            for offset in offsets:
                other = turns[place + offset]
                if other < 0:
                    continue
                turns[place + offset] = -1
                if other <= turn:
                    reached[other] = turn
                    stack[height] = place + offset
                    height += 1
                else:
                    begins[other] = True
