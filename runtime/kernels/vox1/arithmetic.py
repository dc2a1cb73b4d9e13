"""Arithmetic of images of numbers, in float32. A number that meets an image is rounded to float32 first."""

from __future__ import annotations

import numpy as np
from vlc_runtime.kernels.algorithms import voxel_blocks, voxelwise
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.kernels.algorithms.voxelwise import arithmetic
from vlc_runtime.operator import operator
from vlc_runtime.pointwise import pointwise
from vlc_runtime.volume import BoolImage, NumberImage


def _with_reciprocal(image: None, divisor: float) -> tuple[None, np.float32]:
    return image, voxelwise.reciprocal(divisor)


@operator(version=1, cost="voxelwise", name="+")
@pointwise(np.add)
def add(left: NumberImage, right: NumberImage) -> NumberImage:
    """left + right."""
    return left.like(arithmetic(np.add, left.array, right.array))


@operator(version=1, cost="voxelwise", name="-")
@pointwise(np.subtract)
def subtract(left: NumberImage, right: NumberImage) -> NumberImage:
    """left - right."""
    return left.like(arithmetic(np.subtract, left.array, right.array))


@operator(version=1, cost="voxelwise", name="*")
@pointwise(np.multiply)
def multiply(left: NumberImage, right: NumberImage) -> NumberImage:
    """left * right."""
    return left.like(arithmetic(np.multiply, left.array, right.array))


@operator(version=1, cost="voxelwise", name="/")
@pointwise(voxel_blocks.divide, scratch=2)
def divide(left: NumberImage, right: NumberImage) -> NumberImage:
    """left / right; where right is 0 (within 1.2e-8, as in ITK) the greatest float32, 3.4e38, even for 0 / 0."""
    return left.like(voxelwise.divide(left.array, right.array))


@operator(version=1, cost="voxelwise")
@pointwise(np.add)
def add_vs(image: NumberImage, number: float) -> NumberImage:
    """image + number."""
    return image.like(arithmetic(np.add, image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.subtract)
def sub_vs(image: NumberImage, number: float) -> NumberImage:
    """image - number."""
    return image.like(arithmetic(np.subtract, image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.multiply)
def mul_vs(image: NumberImage, number: float) -> NumberImage:
    """image * number."""
    return image.like(arithmetic(np.multiply, image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.multiply, prepare=_with_reciprocal)
def div_vs(image: NumberImage, number: float) -> NumberImage:
    """image * float32(1 / number), the reciprocal taken in double; a number 0 gives infinities, and NaN for 0 / 0."""
    return image.like(arithmetic(np.multiply, image.array, voxelwise.reciprocal(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.subtract)
def sub_sv(number: float, image: NumberImage) -> NumberImage:
    """number - image."""
    return image.like(arithmetic(np.subtract, single(number), image.array))


@operator(version=1, cost="voxelwise")
@pointwise(voxel_blocks.divide, scratch=2)
def div_sv(number: float, image: NumberImage) -> NumberImage:
    """number / image; where the image is 0 (within 1.2e-8, as in ITK) the greatest float32, 3.4e38, even for 0 / 0."""
    return image.like(voxelwise.divide(single(number), image.array))


@operator(version=1, cost="voxelwise", name="abs")
@pointwise(np.absolute)
def absolute(image: NumberImage) -> NumberImage:
    """The magnitude of each voxel."""
    return image.like(arithmetic(np.abs, image.array))


@operator(version=1, cost="voxelwise")
@pointwise(voxel_blocks.keep_inside, factors=(1,), in_place=True)
def mask(image: NumberImage, region: BoolImage) -> NumberImage:
    """The voxel where the region is true, else 0."""
    return image.like(voxelwise.keep_inside(image.array, region.array))
