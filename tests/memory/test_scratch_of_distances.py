"""Comparisons of distances take no more than they declare, whatever the shape."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from vlc_runtime.kernels import vox1
from vlc_runtime.operator import Operator
from vlc_runtime.volume import Geometry, Volume

OPERATORS = [
    getattr(vox1, f"{what}_{comparison}")
    for what in ("distance", "depth", "signed_distance")
    for comparison in ("lt", "leq", "gt", "geq")
]
ROOM = 1 << 16
"""Bytes that do not grow with the image."""


@pytest.mark.parametrize("shape", [(1733, 1731), (1728, 1728), (2, 1000, 1500), (100, 173, 173)])
@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_what_is_declared_is_enough(operator: Operator, shape: tuple[int, ...]) -> None:
    voxels = np.random.default_rng(0).random(shape) < 0.5
    mask = Volume(voxels, Geometry.of_size(*reversed(shape)))
    for radius in (1.0, 3.0, -3.0):
        operator.compute(radius, mask)
        tracemalloc.start()
        try:
            operator.compute(radius, mask)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak <= (operator.scratch + 1) * voxels.size + ROOM, f"radius {radius}"
