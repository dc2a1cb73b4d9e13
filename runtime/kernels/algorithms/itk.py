"""ITK's filters on arrays: the border between numpy and SimpleITK for the algorithms that call one filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.simpleitk_border import library


def image_of(array: NDArray[Any], spacing: Sequence[float]) -> Any:
    """A SimpleITK image with a copy of the voxels; `spacing` (mm) has the x axis first. Bools become bytes 0 and 1.

    KernelError for more than three axes: SimpleITK would take the last for components.
    """
    if array.ndim > 3:
        raise KernelError(
            f"this is done for images of two or three axes, and this one has {array.ndim}",
            "take one part of it, as with simpleitk.Extract",
        )
    image = library().GetImageFromArray(array.view(np.uint8) if array.dtype == np.bool_ else array)
    image.SetSpacing([float(step) for step in spacing])
    return image


def array_of(image: Any) -> NDArray[Any]:
    """A copy of the voxels of a SimpleITK image: a view would not keep the image alive."""
    voxels: NDArray[Any] = library().GetArrayFromImage(image)
    return voxels
