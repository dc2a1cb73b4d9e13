"""Signed Euclidean distance to the boundary of a region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.itk import array_of, image_of
from vlc_runtime.simpleitk_border import library


def signed_distance(mask: NDArray[np.bool_], spacing: Sequence[float]) -> NDArray[np.float32]:
    """The signed distance map of a region, as ITK's SignedMaurerDistanceMapImageFilter computes it.

    `mask` is a 2D or 3D array, `spacing` (mm) has the x axis first. The result is float32, in mm: positive outside the
    region, negative within, -0.0 on the boundary voxels (those with a neighbour, diagonals included, that the region
    lacks). Where there is no boundary it is +-1.8446743e19, the square root of the largest float. Linear in voxels.

    Maurer, Qi, Raghavan: A linear time algorithm for computing exact Euclidean distance transforms of binary images
    in arbitrary dimensions. IEEE PAMI 25(2), 2003.
    """
    if not mask.size:
        return np.zeros(mask.shape, dtype=np.float32)
    distances = library().SignedMaurerDistanceMap(
        image_of(mask, spacing),
        insideIsPositive=False,
        squaredDistance=False,
        useImageSpacing=True,
        backgroundValue=0.0,
    )
    return array_of(distances)
