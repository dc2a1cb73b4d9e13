"""Otsu's threshold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.itk import image_of
from vlc_runtime.simpleitk_border import library

MOST_BINS = 1 << 24


def otsu_threshold(values: NDArray[np.float32], bins: int) -> np.float32:
    """The threshold that best separates the values in two classes, as ITK's OtsuThresholdImageFilter finds it.

    The values are counted in `bins` bins from their minimum to their maximum; the result is the upper bound of the bin
    where the variance between the classes below and above is greatest. ValueError unless there is a value, all are
    finite, and there are 2 to 2^24 bins (ITK dies of one bin, and of too many).

    Otsu: A threshold selection method from gray-level histograms. IEEE Transactions on Systems, Man and Cybernetics
    9(1), 1979.
    """
    if not values.size:
        raise ValueError("no voxels")
    if not 2 <= bins <= MOST_BINS:
        raise ValueError(f"{bins} bins, which is not between 2 and {MOST_BINS}")
    if not np.isfinite(values).all():
        raise ValueError("voxels that are infinite or not numbers")
    calculator = library().OtsuThresholdImageFilter()
    calculator.SetNumberOfHistogramBins(bins)
    calculator.Execute(image_of(values.reshape(1, -1), (1.0, 1.0)))
    return np.float32(calculator.GetThreshold())
