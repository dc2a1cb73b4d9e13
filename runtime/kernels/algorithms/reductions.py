"""Numbers from images. Sums are taken in an order that depends on the shape alone, never on threads or the machine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.blocks import BLOCK, blocks

Numbers = NDArray[np.float32]
Mask = NDArray[np.bool_]


def masked_mean(values: Numbers, mask: Mask) -> float | None:
    """The mean, in double, of the values where the mask is true; None for an empty mask."""
    count = int(np.count_nonzero(mask))
    return ordered_sum(values, mask) / count if count else None


def ordered_sum(values: NDArray[Any], mask: Mask | None = None) -> float:
    """The sum, in double, of the values (where the mask is true, if there is one).

    The order is that of a binary tree over the voxels, so the rounding error grows with the logarithm of their number.
    """
    flat = np.ascontiguousarray(values).reshape(-1)
    inside = None if mask is None else np.ascontiguousarray(mask).reshape(-1)
    sums = np.zeros(max(1, -(-flat.size // BLOCK)), np.float64)
    terms = np.empty(BLOCK, np.float64)
    with np.errstate(all="ignore"):
        for index, block in enumerate(blocks(flat.size)):
            part = flat[block]
            if inside is None:
                terms[: part.size] = part
                terms[part.size :] = 0.0
            elif inside[block].any():
                terms[...] = 0.0
                np.copyto(terms[: part.size], part, where=inside[block])
            else:
                continue
            sums[index] = _fold(terms)
        padded = np.zeros(1 << (sums.size - 1).bit_length(), np.float64)
        padded[: sums.size] = sums
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


def extreme(values: Numbers, choose: np.ufunc) -> float:
    """The maximum or minimum over all voxels (`choose` is `numpy.maximum` or `numpy.minimum`); NaN if there is one."""
    if values.size == 0:
        raise KernelError("an image without voxels has no extreme value")
    return float(choose.reduce(values, axis=None))
