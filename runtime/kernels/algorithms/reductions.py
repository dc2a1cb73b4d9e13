"""Numbers from images. Sums are taken in an order that depends on the shape alone, never on threads or the machine.

A reduction has a part, which is taken of each block of `blocks.BLOCK` voxels, and a whole, which is made of the parts
in the order of the blocks: so it may be taken of blocks that are never in memory together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.blocks import BLOCK, PIECE, blocks
from vlc_runtime.shared_work import map_pieces

Numbers = NDArray[np.float32]
Mask = NDArray[np.bool_]


Sum = tuple[float, int]
"""A sum of voxels in double, and their number."""


def count_part(mask: Mask) -> int:
    """The number of true voxels of a block."""
    return int(np.count_nonzero(mask))


def count_whole(parts: Sequence[int]) -> float:
    """The number of true voxels of an image."""
    return float(sum(parts))


def mean_part(values: Numbers, mask: Mask) -> Sum:
    """The sum of a block's values where the mask is true, and their number."""
    count = int(np.count_nonzero(mask))
    if not count:
        return 0.0, 0
    terms = np.zeros(BLOCK, np.float64)
    np.copyto(terms[: values.size], values, where=mask)
    with np.errstate(all="ignore"):
        return _fold(terms), count


def mean_whole(parts: Sequence[Sum]) -> float | None:
    """The mean, in double, of the values where the mask is true; None for an empty mask."""
    count = sum(part[1] for part in parts)
    return _fold_parts([part[0] for part in parts]) / count if count else None


def masked_mean(values: Numbers, mask: Mask) -> float | None:
    """The mean, in double, of the values where the mask is true; None for an empty mask."""
    return mean_whole([mean_part(*block) for block in _blocks_of(values, mask)])


def ordered_sum(values: NDArray[Any]) -> float:
    """The sum, in double, of the values.

    The order is that of a binary tree over the voxels, so the rounding error grows with the logarithm of their number.
    """
    sums = []
    terms = np.empty(BLOCK, np.float64)
    with np.errstate(all="ignore"):
        for (part,) in _blocks_of(values):
            terms[: part.size] = part
            terms[part.size :] = 0.0
            sums.append(_fold(terms))
    return _fold_parts(sums)


def _fold_parts(sums: Sequence[float]) -> float:
    padded = np.zeros(1 << (max(1, len(sums)) - 1).bit_length(), np.float64)
    padded[: len(sums)] = sums
    with np.errstate(all="ignore"):
        return _fold(padded)


def _fold(terms: NDArray[np.float64]) -> float:
    """The sum of a power of two of terms, by adding the upper half to the lower one until one is left.

    Only elementwise additions: `numpy.sum` may associate differently from one version or processor to the next.
    """
    half = terms.size // 2
    while half:
        terms = terms[:half] + terms[half:]
        half //= 2
    return float(terms[0])


def greatest_part(values: Numbers) -> float | None:
    """The maximum of a block; NaN if there is one, None for no voxels."""
    return float(np.maximum.reduce(values)) if values.size else None


def least_part(values: Numbers) -> float | None:
    """The minimum of a block; NaN if there is one, None for no voxels."""
    return float(np.minimum.reduce(values)) if values.size else None


def greatest_whole(parts: Sequence[float | None]) -> float:
    """The maximum over all voxels; NaN if there is one. Of zeros of both signs it is 0."""
    return _extreme(parts, max)


def least_whole(parts: Sequence[float | None]) -> float:
    """The minimum over all voxels; NaN if there is one. Of zeros of both signs it is 0."""
    return _extreme(parts, min)


def _extreme(parts: Sequence[float | None], choose: Callable[[list[float]], float]) -> float:
    found = [part for part in parts if part is not None]
    if not found:
        raise KernelError("an image without voxels has no extreme value")
    if any(map(math.isnan, found)):
        return math.nan
    # which of two zeros comes first depends on the width of the processor's vectors: no -0 is ever given
    return choose(found) + 0.0


def greatest(values: Numbers) -> float:
    """The maximum over all voxels; NaN if there is one."""
    return greatest_whole(_of_pieces(greatest_part, values))


def least(values: Numbers) -> float:
    """The minimum over all voxels; NaN if there is one."""
    return least_whole(_of_pieces(least_part, values))


def _of_pieces(part: Callable[[Numbers], float | None], values: Numbers) -> list[float | None]:
    """The part of each piece, for reductions of which the size of blocks changes nothing."""
    flat = np.ascontiguousarray(values).reshape(-1)
    return map_pieces(lambda piece: part(flat[piece]), list(blocks(flat.size, PIECE)))


def _blocks_of(*arrays: NDArray[Any]) -> Iterator[tuple[NDArray[Any], ...]]:
    """The same block of each of these arrays of one shape, one after the other."""
    flat = [np.ascontiguousarray(array).reshape(-1) for array in arrays]
    for block in blocks(flat[0].size):
        yield tuple(array[block] for array in flat)
