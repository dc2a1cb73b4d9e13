"""How a number of the language becomes a voxel value."""

from __future__ import annotations

import numpy as np


def single(number: float) -> np.float32:
    """The nearest float32; infinite beyond the largest."""
    with np.errstate(over="ignore"):
        return np.float32(number)
