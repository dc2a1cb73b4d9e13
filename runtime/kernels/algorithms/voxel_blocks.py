"""Operations on a block of voxels that take more than one ufunc.

Arrays are of one dimension and one length. Each function writes into `out`, and uses what follows it as scratch:
unsigned 4-byte integers, as many as there are voxels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Mask = NDArray[np.bool_]
Scratch = NDArray[np.uint32]

LARGEST_BITS = np.finfo(np.float32).max.view(np.int32)
"""The bit pattern of FLT_MAX, what a division by zero gives."""
ZERO_DENOMINATOR_BITS = np.float32(0.1 * float(np.finfo(np.float32).eps)).view(np.int32)
"""A denominator at most this far from 0 (1.2e-8) counts as 0: the tolerance of ITK's division."""
MAGNITUDE_BITS = np.int32(0x7FFFFFFF)


def divide(
    numerator: Numbers | np.float32, denominator: Numbers, out: Numbers, first: Scratch, second: Scratch
) -> None:
    """numerator / denominator; where the denominator is zero (within 1.2e-8, as in ITK) FLT_MAX, even for 0 / 0."""
    # On bit patterns, which order magnitudes as the floats do: all bits set where the denominator is zero.
    # That is several times faster than comparing floats and assigning to the voxels found.
    flag, change, bits = first.view(np.int32), second.view(np.int32), out.view(np.int32)
    np.bitwise_and(denominator.view(np.int32), MAGNITUDE_BITS, out=flag)
    np.subtract(flag, ZERO_DENOMINATOR_BITS + 1, out=flag)
    np.right_shift(flag, 31, out=flag)
    np.divide(numerator, denominator, out=out)
    # where the flag is set: all bits, but for those that the greatest float has not
    np.bitwise_and(flag, ~LARGEST_BITS, out=change)
    np.bitwise_or(bits, flag, out=bits)
    np.bitwise_xor(bits, change, out=bits)


def between(low: np.float32, high: np.float32, values: Numbers, out: Mask, below: Scratch) -> None:
    """low <= value <= high; NaN is never between."""
    other = below.view(np.bool_)[: values.size]
    np.greater_equal(values, low, out=out)
    np.less_equal(values, high, out=other)
    np.logical_and(out, other, out=out)


def keep_inside(values: Numbers, factors: NDArray[np.uint32], out: Numbers) -> None:
    """The value where the factor is 1, and 0 where it is 0, whatever the value: a NaN or infinity there is gone."""
    # the bit pattern times 0 or 1, which unlike the float times 0 has no NaN
    np.multiply(values.view(np.uint32), factors, out=out.view(np.uint32))


def to_numbers(values: NDArray[Any], out: Numbers) -> None:
    """The values as float32; true counts as 1."""
    out[...] = values


def to_factors(mask: Mask, out: NDArray[np.uint32]) -> None:
    """1 where the mask is true, else 0."""
    out[...] = mask


def to_bools(values: NDArray[Any], out: Mask) -> None:
    """True where the value is not zero."""
    np.not_equal(values, 0, out=out)
