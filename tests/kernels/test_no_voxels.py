"""Images without voxels go through the operators of distance, rank and histogram like any other."""

import numpy as np
import pytest
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms.bounded_distance import at_least, signed_at_least, signed_within, within
from vlc_runtime.kernels.algorithms.rank_threshold import rank_threshold
from vlc_runtime.volume import Geometry, Volume

GRIDS = [Geometry.of_size(0, 3), Geometry.of_size(4, 0, 2), Geometry.of_size(2, 2, 0)]


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_nothing_gives_nothing(grid: Geometry) -> None:
    image = Volume(np.zeros(grid.shape, dtype=np.float32), grid)
    mask = Volume(np.zeros(grid.shape, dtype=np.bool_), grid)
    for result in (
        vox1.dt.compute(mask),
        vox1.gradient.compute(image),
        vox1.percentiles.compute(image, mask, 0.5),
        vox1.crossCorrelation.compute(1.0, image, image, mask, 0.0, 1.0, 4),
    ):
        assert result.geometry == grid
        assert result.array.dtype == np.float32
    for compare in (within, at_least, signed_within, signed_at_least):
        for radius in (-1.0, 0.0, 2.0):
            for strict in (False, True):
                result = compare(mask.array, radius, grid.spacing, strict=strict)
                assert result.shape == grid.shape
                assert result.dtype == np.bool_
    assert rank_threshold(image.array, mask.array, 0.5, ">=", 0.5).shape == grid.shape


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_there_is_no_threshold_of_nothing(grid: Geometry) -> None:
    image = Volume(np.zeros(grid.shape, dtype=np.float32), grid)
    with pytest.raises(KernelError, match="no voxels"):
        vox1.otsu.compute(image, Volume(np.zeros(grid.shape, dtype=np.bool_), grid), 10)
