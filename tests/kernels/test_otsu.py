"""Otsu's threshold against ITK's masked filter."""

import math

import numpy as np
import pytest
import SimpleITK
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.volume import Geometry, Volume

RAMP = np.arange(12, dtype=np.float32).reshape(3, 4)


def volume(array: NDArray[np.generic]) -> Volume:
    return Volume(array, Geometry.of_size(*array.shape[::-1]))


def otsu(image: NDArray[np.float32], mask: NDArray[np.bool_], bins: float) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = vox1.otsu.compute(volume(image), volume(mask), bins).array
    return result


def filtered(image: NDArray[np.float32], mask: NDArray[np.bool_], bins: int) -> NDArray[np.bool_]:
    result = SimpleITK.OtsuThreshold(
        SimpleITK.GetImageFromArray(image), SimpleITK.GetImageFromArray(mask.astype(np.uint8)), 0, 1, bins, True, 1
    )
    voxels: NDArray[np.uint8] = SimpleITK.GetArrayFromImage(result)
    return voxels != 0


@settings(deadline=None, max_examples=150)
@given(
    st.integers(2, 3), st.integers(0, 2**32), st.sampled_from((2, 3, 10, 100, 1000)), st.sampled_from((1.0, 0.01, 1e6))
)
def test_result_is_that_of_the_masked_filter(dimension: int, seed: int, bins: int, scale: float) -> None:
    generator = np.random.default_rng(seed)
    shape = tuple(generator.integers(1, 9, dimension))
    image = (generator.normal(size=shape) * scale + generator.integers(-2, 3)).astype(np.float32)
    if generator.random() < 0.5:
        image = image.round()
    mask = generator.random(shape) < generator.choice((0.1, 0.5, 1.0))
    mask.flat[0] = True
    result = otsu(image, mask, bins)
    assert result.dtype == np.bool_
    np.testing.assert_array_equal(result, filtered(image, mask, bins))


def test_large_image() -> None:
    generator = np.random.default_rng(4)
    image = np.concatenate([generator.normal(100, 10, (20, 50, 50)), generator.normal(200, 20, (20, 50, 50))])
    image = image.astype(np.float32)
    mask = image > 80
    np.testing.assert_array_equal(otsu(image, mask, 128), filtered(image, mask, 128))


def test_published_values() -> None:
    assert np.flatnonzero(otsu(RAMP, RAMP >= 0, 100)).tolist() == [6, 7, 8, 9, 10, 11]
    assert np.flatnonzero(otsu(RAMP, RAMP > 5, 100.7)).tolist() == [9, 10, 11]
    other = np.array([[10, 20, 20], [30, 0, 20], [5, 5, 30]], dtype=np.float32)
    assert (otsu(other, other >= 0, 10) == (other >= 20)).all()


def test_one_voxel_and_constant_regions_have_no_upper_class() -> None:
    assert not otsu(RAMP, RAMP == 5, 10).any()
    assert not otsu(np.full((3, 4), -7, dtype=np.float32), RAMP > 3, 10).any()


def test_voxels_outside_the_mask_may_be_anything() -> None:
    image = RAMP.copy()
    image[0, :2] = np.nan, np.inf
    assert np.flatnonzero(otsu(image, RAMP > 5, 100)).tolist() == [9, 10, 11]


@pytest.mark.parametrize("bins", [0, 1, 1.9, -3, math.nan, math.inf, 1e12])
def test_meaningless_numbers_of_bins_are_errors(bins: float) -> None:
    with pytest.raises(KernelError, match="bins"):
        otsu(RAMP, RAMP > 3, bins)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_voxels_that_are_not_finite_are_an_error(value: float) -> None:
    image = RAMP.copy()
    image[1, 1] = value
    with pytest.raises(KernelError, match="not numbers"):
        otsu(image, np.ones((3, 4), dtype=bool), 10)


def test_an_empty_mask_is_an_error() -> None:
    with pytest.raises(KernelError, match="no voxels"):
        otsu(RAMP, RAMP > 99, 10)
