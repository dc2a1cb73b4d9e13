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
from vlc_runtime.kernels.algorithms import voxel_blocks
from vlc_runtime.kernels.algorithms.blocks import BLOCK, blocks
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.kernels.algorithms.scalars import number

Numbers = NDArray[np.float32]
Mask = NDArray[np.bool_]


def arithmetic(operation: np.ufunc, *operands: Any) -> Numbers:
    """The ufunc of float32 images of one shape and float32 scalars."""
    shape = next(operand.shape for operand in operands if operand.shape)
    result: Numbers = np.empty(shape, np.float32)
    with np.errstate(all="ignore"):
        operation(*operands, out=result)
    return result


def divide(numerator: Numbers | np.float32, denominator: Numbers) -> Numbers:
    """numerator / denominator; where the denominator is zero (within 1.2e-8, as in ITK) FLT_MAX, even for 0 / 0."""
    over = np.ascontiguousarray(denominator).reshape(-1)
    under = np.ascontiguousarray(numerator).reshape(-1) if isinstance(numerator, np.ndarray) else None
    result: Numbers = np.empty(denominator.shape, np.float32)
    flat = result.reshape(-1)
    scratch = np.empty((2, BLOCK), np.uint32)
    with np.errstate(all="ignore"):
        for block in blocks(over.size):
            part = over[block]
            voxel_blocks.divide(
                numerator if under is None else under[block], part, flat[block], *scratch[:, : part.size]
            )
    return result


def reciprocal(divisor: float) -> np.float32:
    """float32(1 / divisor), taken in double first; 1 / 0 is infinity with the sign of the 0."""
    double = number(divisor)
    return single(1.0 / double if double != 0 else math.copysign(math.inf, double))


def bounds(low: float, high: float) -> tuple[np.float32, np.float32]:
    """Two bounds as float32. low > high is an error."""
    lower, upper = single(low), single(high)
    if lower > upper:
        raise KernelError(f"between wants its lower bound first: {low} is greater than {high}")
    return lower, upper


def between(low: np.float32, high: np.float32, values: Numbers) -> Mask:
    """low <= value <= high; NaN is never between."""
    flat = np.ascontiguousarray(values).reshape(-1)
    result = np.empty(values.shape, np.bool_)
    inside = result.reshape(-1)
    below = np.empty(BLOCK, np.uint32)
    for block in blocks(flat.size):
        part = flat[block]
        voxel_blocks.between(low, high, part, inside[block], below[: part.size])
    return result


def keep_inside(values: Numbers, mask: Mask) -> Numbers:
    """The value where the mask is true, else 0, whatever the value: a NaN or infinity outside is gone."""
    numbers = np.ascontiguousarray(values).reshape(-1)
    inside = np.ascontiguousarray(mask).reshape(-1)
    result: Numbers = np.empty(values.shape, np.float32)
    flat = result.reshape(-1)
    factor = np.empty(BLOCK, np.uint32)
    for block in blocks(numbers.size):
        chosen, factors = inside[block], factor[: block.stop - block.start]
        if not chosen.any():
            flat[block] = 0
            continue
        voxel_blocks.to_factors(chosen, factors)
        voxel_blocks.keep_inside(numbers[block], factors, flat[block])
    return result


def weighted_intensity(colours: NDArray[Any]) -> Numbers:
    """0.2126 R + (0.7152 G + 0.0722 B) of an array of shape (..., 3 or more), in float32 and in this association."""
    shape = colours.shape[:-1]
    pixels = np.ascontiguousarray(colours).reshape(-1, colours.shape[-1])
    result: Numbers = np.empty(shape, np.float32)
    flat = result.reshape(-1)
    red, green, blue = np.float32(0.2126), np.float32(0.7152), np.float32(0.0722)
    with np.errstate(all="ignore"):
        for block in blocks(flat.size):
            part = pixels[block, :3].astype(np.float32)
            np.add(green * part[:, 1], blue * part[:, 2], out=flat[block])
            np.add(red * part[:, 0], flat[block], out=flat[block])
    return result
