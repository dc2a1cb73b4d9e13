"""Comparisons of images of numbers, in float32. A number that meets an image is rounded to float32 first.

NaN is neither less than, equal to, nor greater than anything; so it is different from everything.
The dot of an operator stands on the side of the number: `5 .<= a` is `geq_sv(5, a)`, and `a <=. 5` is `leq_sv(5, a)`.
"""

from __future__ import annotations

import numpy as np
from vlc_runtime.kernels.algorithms import voxel_blocks, voxelwise
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.operator import operator
from vlc_runtime.pointwise import pointwise
from vlc_runtime.volume import BoolImage, NumberImage


def _with_bounds(low: float, high: float, image: None) -> tuple[np.float32, np.float32, None]:
    return *voxelwise.bounds(low, high), image


@operator(version=1, cost="voxelwise")
@pointwise(np.equal)
def eq_sv(number: float, image: NumberImage) -> BoolImage:
    """True where the voxel equals the number."""
    return image.like(np.equal(image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.not_equal)
def neq_sv(number: float, image: NumberImage) -> BoolImage:
    """True where the voxel differs from the number."""
    return image.like(np.not_equal(image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.greater_equal)
def leq_sv(number: float, image: NumberImage) -> BoolImage:
    """True where voxel <= number."""
    return image.like(np.less_equal(image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.greater)
def lt_sv(number: float, image: NumberImage) -> BoolImage:
    """True where voxel < number."""
    return image.like(np.less(image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.less_equal)
def geq_sv(number: float, image: NumberImage) -> BoolImage:
    """True where voxel >= number."""
    return image.like(np.greater_equal(image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(np.less)
def gt_sv(number: float, image: NumberImage) -> BoolImage:
    """True where voxel > number."""
    return image.like(np.greater(image.array, single(number)))


@operator(version=1, cost="voxelwise")
@pointwise(voxel_blocks.between, scratch=1, prepare=_with_bounds)
def between(low: float, high: float, image: NumberImage) -> BoolImage:
    """True where low <= voxel <= high. An error when low > high."""
    return image.like(voxelwise.between(*voxelwise.bounds(low, high), image.array))


@operator(version=1, cost="voxelwise", name="==")
@pointwise(np.equal)
def equal(left: NumberImage, right: NumberImage) -> BoolImage:
    """True where the voxels are equal."""
    return left.like(np.equal(left.array, right.array))


@operator(version=1, cost="voxelwise", name="!=")
@pointwise(np.not_equal)
def not_equal(left: NumberImage, right: NumberImage) -> BoolImage:
    """True where the voxels differ."""
    return left.like(np.not_equal(left.array, right.array))


@operator(version=1, cost="voxelwise", name="<")
@pointwise(np.less)
def less(left: NumberImage, right: NumberImage) -> BoolImage:
    """True where left < right."""
    return left.like(np.less(left.array, right.array))


@operator(version=1, cost="voxelwise", name="<=")
@pointwise(np.less_equal)
def less_equal(left: NumberImage, right: NumberImage) -> BoolImage:
    """True where left <= right."""
    return left.like(np.less_equal(left.array, right.array))


@operator(version=1, cost="voxelwise", name=">")
@pointwise(np.greater)
def greater(left: NumberImage, right: NumberImage) -> BoolImage:
    """True where left > right."""
    return left.like(np.greater(left.array, right.array))


@operator(version=1, cost="voxelwise", name=">=")
@pointwise(np.greater_equal)
def greater_equal(left: NumberImage, right: NumberImage) -> BoolImage:
    """True where left >= right."""
    return left.like(np.greater_equal(left.array, right.array))
