"""How a number of the language becomes a voxel value."""

from __future__ import annotations

import numpy as np
from vlc_runtime.errors import KernelError


def single(number: float) -> np.float32:
    """The float32 nearest to a number (ties to even); infinite beyond the largest.

    A whole number too large even for a double is an error.
    """
    try:
        with np.errstate(over="ignore"):
            return np.float32(float(number))
    except OverflowError:
        raise KernelError("the number is too large for an image of numbers") from None
