"""Numbers from images. Sums are taken in an order that depends on the shape alone, never on threads or the machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.blocks import BLOCK, blocks

Numbers = NDArray[np.float32]
Mask = NDArray[np.bool_]


def masked_mean(values: Numbers, mask: Mask) -> float | None:
    """The mean, in double, of the values where the mask is true; None for an empty mask.

    The error of the pairwise sum grows with the logarithm of the number of voxels.
    """
    count = int(np.count_nonzero(mask))
    if count == 0:
        return None
    return _masked_sum(values, mask) / count


def _masked_sum(values: Numbers, mask: Mask) -> float:
    flat = np.ascontiguousarray(values).reshape(-1)
    inside = np.ascontiguousarray(mask).reshape(-1)
    sums = np.zeros(-(-flat.size // BLOCK), np.float64)
    terms = np.empty(BLOCK, np.float64)
    with np.errstate(all="ignore"):
        for index, block in enumerate(blocks(flat.size)):
            chosen = inside[block]
            if chosen.any():
                terms[...] = 0.0
                np.copyto(terms[: chosen.size], flat[block], where=chosen)
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
