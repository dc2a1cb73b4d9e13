"""Voxels of NIfTI files that are no finite numbers: its own library, and so SimpleITK, reads 0 in their place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import PIECE, blocks
from vlc_runtime.shared_work import map_pieces


def finite_voxels(voxels: NDArray[Any]) -> NDArray[Any]:
    """The voxels, a flat array, with 0 for NaN and infinities: the array itself where there are none."""
    if voxels.dtype.kind != "f" or all(map_pieces(lambda piece: _are_finite(voxels[piece]), _pieces(voxels))):
        return voxels
    fixed = voxels.copy()
    fixed[~np.isfinite(fixed)] = 0
    return fixed


def _pieces(voxels: NDArray[Any]) -> list[slice]:
    return list(blocks(voxels.size, PIECE))


def _are_finite(voxels: NDArray[Any]) -> bool:
    """A sum of which one is not finite is not either, and takes half the time of looking at each."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(np.add.reduce(voxels)) or np.isfinite(voxels).all())
