"""Parts of images."""

from __future__ import annotations

import math

import numpy as np
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.extraction import extract_box
from vlc_runtime.operator import operator
from vlc_runtime.volume import AnyImage, Volume


@operator(version=1, cost="voxelwise")
def extract(image: AnyImage, size: list[float], index: list[float]) -> AnyImage:
    """The box of `size` voxels from the voxel `index` on, x first; an axis of size 0 is cut there and dropped.

    Both are sequences of three numbers (for a 2D image the third is ignored, and may be left out), truncated to whole
    ones. Errors: a box that leaves the image; fewer than two axes left.
    """
    dimension = image.geometry.dimension
    box, geometry = extract_box(
        image.array,
        image.geometry,
        _voxel_counts(size, dimension, "size"),
        _voxel_counts(index, dimension, "index"),
    )
    # a copy: a view would hold all of the image in memory, or outlive it
    return Volume(np.array(box, order="C"), geometry, image.components, image.source)


def _voxel_counts(numbers: list[float], dimension: int, what: str) -> list[int]:
    if len(numbers) != max(3, dimension) and len(numbers) != dimension:
        raise KernelError(f"extract wants {max(3, dimension)} numbers as its {what}, and got {len(numbers)}")
    counts = []
    for number in numbers[:dimension]:
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            raise KernelError(f"{number!r} stands in the {what} of extract, where a number of voxels is wanted")
        counts.append(int(number))
    return counts
