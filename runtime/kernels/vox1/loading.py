"""VoxLogicA 1's `load` command."""

from __future__ import annotations

import numpy as np
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.extraction import without_short_axes
from vlc_runtime.operator import operator
from vlc_runtime.volume import AnyImage, Volume


@operator(version=3, cost="voxelwise", reads=(0,))
def load(path: str) -> AnyImage:
    """The image in a file, its voxels in float32; of more than two dimensions, axes of one voxel are dropped.

    A single slice stored as a volume so becomes a 2D image. Two components or more than four are an error: an image is
    one of numbers, or colour without or with alpha.
    """
    from vlc_runtime.image_files import read_image

    image = read_image(path)
    if image.components == 2 or image.components > 4:
        raise KernelError(f"{path} has {image.components} components; an image has 1, 3 or 4")
    array, geometry = without_short_axes(image.array, image.geometry)
    return Volume(np.ascontiguousarray(array, np.float32), geometry, image.components, path)
