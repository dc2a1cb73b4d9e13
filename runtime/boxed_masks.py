"""Masks whose true voxels lie in a small part of the image, as most regions do: the box around them, and its bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.boxes import Box, box_of, in_three_dimensions

SMALLEST = 1 << 16
"""Voxels from which on it is worth a look."""
_MOST_INSIDE = 0.5


def boxed(mask: NDArray[np.bool_]) -> tuple[Box, NDArray[np.bool_]] | None:
    """(the smallest box around the true voxels, a slice for each axis; the part of the mask in it).

    None where little is saved: which of both depends on the mask alone. A mask without true voxels has an empty box.
    """
    if mask.size < SMALLEST or mask.ndim > 3:
        return None
    box = _smallest_box(mask)
    part = mask[box]
    return (box, part) if part.size <= _MOST_INSIDE * mask.size else None


def placed(part: NDArray[np.bool_], box: Box, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The inverse. ValueError for what `boxed` does not give; MemoryError for a shape that is too large."""
    within = (0 <= side.start <= side.stop <= extent for side, extent in zip(box, shape, strict=True))
    if len(shape) > 3 or not all(within):
        raise ValueError("a mask lies outside its image")
    mask = np.zeros(shape, np.bool_)
    if mask.size < SMALLEST or part.size > _MOST_INSIDE * mask.size:
        raise ValueError("a mask is in a box without need")
    whole = tuple(slice(0, extent) for extent in part.shape)
    if (_smallest_box(part) != whole) if part.size else any(side.stop for side in box):
        raise ValueError("a mask is in a box that is too large")
    mask[box] = part
    return mask


def _smallest_box(mask: NDArray[np.bool_]) -> Box:
    found = box_of(in_three_dimensions(mask))
    return found[3 - mask.ndim :] if found is not None else (slice(0, 0),) * mask.ndim
