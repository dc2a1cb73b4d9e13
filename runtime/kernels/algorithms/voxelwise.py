"""Operations voxel by voxel. Numbers are float32, masks bool; every function returns a new array of its input's shape.

Where several ufuncs follow each other they go over the image in blocks that stay in the cache. Operations follow
IEEE 754 silently: overflow gives infinity, invalid operations NaN.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.blocks import BLOCK, blocks
from vlc_runtime.kernels.algorithms.buffers import empty
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.kernels.algorithms.scalars import number

Numbers = NDArray[np.float32]
Mask = NDArray[np.bool_]

LARGEST_BITS = np.finfo(np.float32).max.view(np.int32)
"""The bit pattern of FLT_MAX, what a division by zero gives."""
ZERO_DENOMINATOR_BITS = np.float32(0.1 * float(np.finfo(np.float32).eps)).view(np.int32)
"""A denominator at most this far from 0 (1.2e-8) counts as 0: the tolerance of ITK's division."""
MAGNITUDE_BITS = np.int32(0x7FFFFFFF)


def arithmetic(operation: np.ufunc, *operands: Any) -> Numbers:
    """The ufunc of float32 images of one shape and float32 scalars."""
    shape = next(operand.shape for operand in operands if operand.shape)
    result: Numbers = empty(shape, np.float32)
    with np.errstate(all="ignore"):
        operation(*operands, out=result)
    return result


def divide(numerator: Numbers | np.float32, denominator: Numbers) -> Numbers:
    """numerator / denominator; where the denominator is zero (within 1.2e-8, as in ITK) FLT_MAX, even for 0 / 0."""
    over = np.ascontiguousarray(denominator).reshape(-1)
    under = np.broadcast_to(numerator, denominator.shape).reshape(-1) if isinstance(numerator, np.ndarray) else None
    result: Numbers = empty(denominator.shape, np.float32)
    flat = result.reshape(-1)
    bits = flat.view(np.int32)
    zero, difference = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    with np.errstate(all="ignore"):
        for block in blocks(over.size):
            part = over[block]
            np.divide(numerator if under is None else under[block], part, out=flat[block])
            # On bit patterns, which order magnitudes as the floats do: all bits set where the denominator is zero.
            # That is several times faster than comparing floats and assigning to the voxels found.
            flag, change = zero[: part.size], difference[: part.size]
            np.bitwise_and(part.view(np.int32), MAGNITUDE_BITS, out=flag)
            np.subtract(flag, ZERO_DENOMINATOR_BITS + 1, out=flag)
            np.right_shift(flag, 31, out=flag)
            # where the flag is set: all bits, but for those that the greatest float has not
            np.bitwise_and(flag, ~LARGEST_BITS, out=change)
            np.bitwise_or(bits[block], flag, out=bits[block])
            np.bitwise_xor(bits[block], change, out=bits[block])
    return result


def divide_by_number(values: Numbers, divisor: float) -> Numbers:
    """values * float32(1 / divisor), the reciprocal taken in double first; 1 / 0 is infinity with the sign of the 0."""
    double = number(divisor)
    reciprocal = 1.0 / double if double != 0 else math.copysign(math.inf, double)
    return arithmetic(np.multiply, values, single(reciprocal))


def between(low: float, high: float, values: Numbers) -> Mask:
    """low <= value <= high, in float32; NaN is never between. low > high is an error."""
    lower, upper = single(low), single(high)
    if lower > upper:
        raise KernelError(f"between wants its lower bound first: {low} is greater than {high}")
    flat = np.ascontiguousarray(values).reshape(-1)
    result = np.empty(values.shape, np.bool_)
    inside = result.reshape(-1)
    below = np.empty(BLOCK, np.bool_)
    for block in blocks(flat.size):
        part = flat[block]
        np.greater_equal(part, lower, out=inside[block])
        np.less_equal(part, upper, out=below[: part.size])
        np.logical_and(inside[block], below[: part.size], out=inside[block])
    return result


def keep_inside(values: Numbers, mask: Mask) -> Numbers:
    """The value where the mask is true, else 0, whatever the value: a NaN or infinity outside is gone."""
    bits = np.ascontiguousarray(values).view(np.uint32).reshape(-1)
    inside = np.ascontiguousarray(mask).view(np.uint8).reshape(-1)
    result = empty(values.shape, np.uint32)
    flat = result.reshape(-1)
    factor = np.empty(BLOCK, np.uint32)
    for block in blocks(bits.size):
        chosen = inside[block]
        if not chosen.any():
            flat[block] = 0
            continue
        part = factor[: chosen.size]
        part[...] = chosen
        # the bit pattern times 0 or 1, which unlike the float times 0 has no NaN
        np.multiply(bits[block], part, out=flat[block])
    return result.view(np.float32)


def weighted_intensity(colours: NDArray[Any]) -> Numbers:
    """0.2126 R + (0.7152 G + 0.0722 B) of an array of shape (..., 3 or more), in float32 and in this association."""
    shape = colours.shape[:-1]
    pixels = np.ascontiguousarray(colours).reshape(-1, colours.shape[-1])
    result: Numbers = empty(shape, np.float32)
    flat = result.reshape(-1)
    red, green, blue = np.float32(0.2126), np.float32(0.7152), np.float32(0.0722)
    with np.errstate(all="ignore"):
        for block in blocks(flat.size):
            part = pixels[block, :3].astype(np.float32)
            np.add(green * part[:, 1], blue * part[:, 2], out=flat[block])
            np.add(red * part[:, 0], flat[block], out=flat[block])
    return result
