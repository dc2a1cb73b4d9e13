"""The magnitude of the gradient."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.itk import array_of, image_of
from vlc_runtime.simpleitk_border import library


def gradient_magnitude(image: NDArray[np.float32], spacing: Sequence[float]) -> NDArray[np.float32]:
    """The magnitude per mm of the gradient by central differences, as ITK's GradientMagnitudeImageFilter computes it.

    `image` is 2D or 3D, `spacing` (mm) has the x axis first. Voxels beyond the border count as their nearest neighbour
    in the image, so a difference at the border is half of the one-sided difference.
    """
    if not image.size:
        return np.zeros(image.shape, dtype=np.float32)
    return array_of(library().GradientMagnitude(image_of(image, spacing), useImageSpacing=True))
