"""Images of all kinds to call SimpleITK's functions on, and the call through the namespace."""

from __future__ import annotations

from typing import Any

import numpy as np
import SimpleITK as sitk
from vlc_runtime.kernels import simpleitk as namespace
from vlc_runtime.volume import Geometry, Volume

RANDOM = np.random.default_rng(11)
GRID = Geometry((12, 10, 8), (1.0, 1.5, 2.0), (3.0, -4.0, 5.0), (0.0, 1.0, 0, -1.0, 0.0, 0, 0, 0, 1.0))
IMAGE = Volume((RANDOM.random(GRID.shape) * 100).astype(np.float32), GRID)
OTHER = Volume((RANDOM.random(GRID.shape) * 9 + 1).astype(np.float32), GRID)
MASK = Volume(RANDOM.random(GRID.shape) > 0.4, GRID)
BYTES = Volume((RANDOM.random(GRID.shape) * 6).astype(np.uint8), GRID)
VECTORS = Volume(RANDOM.random((*GRID.shape, 3)).astype(np.float32), GRID, 3)
FLAT = Volume(IMAGE.array[0].copy(), Geometry.of_size(12, 10))
BLOCK = Volume(np.full((3, 3, 3), 1 / 27, np.float32), Geometry.of_size(3, 3, 3))
SHIFT = sitk.TranslationTransform(3, (1.5, -2.0, 0.25))


def compute(name: str, *arguments: Any) -> Any:
    return getattr(namespace, name).compute(*arguments)
