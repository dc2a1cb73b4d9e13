"""Counts of values: every threshold's volume is that of the image compared and counted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import SEEDS, masks, numbers, volume
from numpy.typing import NDArray
from vlc_runtime.codec import encode_value
from vlc_runtime.decoding import decode_value
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms import value_counts
from vlc_runtime.kernels.algorithms.value_counts import SORTED, count_values, count_whole_numbers

COMPARISONS = ("eq", "neq", "leq", "lt", "geq", "gt")
BOUNDS = (-math.inf, -1.0, -0.0, 0.0, 1e-45, 0.1, 1 / 3, 1, 2.0, True, 7.25, 1e39, math.inf, math.nan)


@pytest.fixture(params=["numpy", "numba"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With numpy alone, and with numba whatever the size of the image."""
    if request.param == "numba":
        pytest.importorskip("numba")
    monkeypatch.setattr(value_counts, "worth_while", lambda steps: request.param == "numba")


def same_volumes(image: Any, counts: Any, within: Any = None) -> None:
    for name in COMPARISONS:
        compare, look_up = getattr(vox1, f"{name}_sv"), getattr(vox1, f"volume_{name}")
        bounds = [*BOUNDS, *(float(value) for value in image.array.reshape(-1)[:3])]
        of_all = getattr(vox1, f"volumes_{name}").compute(bounds, counts)
        for bound, of_this in zip(bounds, of_all, strict=True):
            region = compare.compute(bound, image)
            if within is not None:
                region = vox1.logical_and.compute(region, within)
            found = look_up.compute(bound, counts)
            assert type(found) is type(of_this) is float
            assert found == of_this == vox1.volume.compute(region), (name, bound)
    for low in BOUNDS[::3]:
        for high in BOUNDS:
            try:
                region = vox1.between.compute(low, high, image)
            except KernelError as error:
                with pytest.raises(KernelError) as found_error:
                    vox1.volume_between.compute(low, high, counts)
                assert found_error.value.message == error.message
                continue
            if within is not None:
                region = vox1.logical_and.compute(region, within)
            assert vox1.volume_between.compute(low, high, counts) == vox1.volume.compute(region), (low, high)


@settings(deadline=None, max_examples=60)
@given(numbers(special=True))
def test_volumes_of_thresholds(array: NDArray[np.float32]) -> None:
    image = volume(array)
    counts = vox1.value_counts.compute(image)
    same_volumes(image, counts)
    assert vox1.volume_all.compute(counts) == array.size


@settings(deadline=None, max_examples=60)
@given(numbers(special=True), st.data())
def test_volumes_within_a_region(array: NDArray[np.float32], data: st.DataObject) -> None:
    region = volume(
        np.random.default_rng(data.draw(SEEDS)).random(array.shape) < data.draw(st.sampled_from([0, 0.3, 1]))
    )
    counts = vox1.value_counts_within.compute(volume(array), region)
    same_volumes(volume(array), counts, region)
    assert vox1.volume_all.compute(counts) == np.count_nonzero(region.array)


@settings(deadline=None, max_examples=100)
@given(numbers(special=True), st.data(), st.sampled_from((0, 0.5, 1, 1 / 3, -1, 2.5, math.nan, math.inf)))
def test_volumes_of_ranks(array: NDArray[np.float32], data: st.DataObject, k: float) -> None:
    mask = volume(np.random.default_rng(data.draw(SEEDS)).random(array.shape) < data.draw(st.sampled_from([0, 0.4, 1])))
    image = volume(array)
    with np.errstate(invalid="ignore"):
        ranks = vox1.percentiles.compute(image, mask, k)
    counts = vox1.rank_counts.compute(image, mask, k)
    same_volumes(ranks, counts)
    assert vox1.volume_all.compute(counts) == array.size


def few(random: np.random.Generator, count: int) -> NDArray[Any]:
    return random.integers(-40, 2000, count) / 7


def many(random: np.random.Generator, count: int) -> NDArray[Any]:
    return np.sqrt(random.integers(0, 200_000, count))


def all_different(random: np.random.Generator, count: int) -> NDArray[Any]:
    return random.normal(size=count)


def on_background(random: np.random.Generator, count: int) -> NDArray[Any]:
    return np.where(random.random(count) < 0.15, random.normal(size=count), -3.0)


def whole(random: np.random.Generator, count: int) -> NDArray[Any]:
    return random.integers(-(2**15), 2**15, count)


def beyond_16_bits(random: np.random.Generator, count: int) -> NDArray[Any]:
    return random.integers(65000, 65600, count)


def whole_on_background(random: np.random.Generator, count: int) -> NDArray[Any]:
    return np.where(np.arange(count) % 1000 < 700, -0.5, random.integers(-3, 400, count))


MAKERS = [few, many, all_different, on_background, whole, beyond_16_bits, whole_on_background]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("count", [SORTED + 1, 5 * SORTED + 17])
def test_large_images_without_nan(make: Any, count: int) -> None:
    array = make(np.random.default_rng(count), count).astype(np.float32)
    array[7:count:1001] = -0.0
    found = count_values(array, sort_any=True)
    assert found is not None
    distinct, counts = np.unique(array, return_counts=True)
    assert found.values.tobytes() == (distinct + np.float32(0)).tobytes()
    np.testing.assert_array_equal(found.counts(), counts)
    assert found.total == count


@pytest.mark.parametrize("make", MAKERS)
def test_large_regions(make: Any) -> None:
    random = np.random.default_rng(5)
    array = make(random, 3 * SORTED).astype(np.float32)
    array[7::1001] = -0.0
    image, region = volume(array), volume(random.random(array.size) < 0.3)
    counts = vox1.value_counts_within.compute(image, region)
    same_volumes(image, counts, region)
    assert vox1.volume_all.compute(counts) == np.count_nonzero(region.array)
    same_volumes(vox1.percentiles.compute(image, region, 0.5), vox1.rank_counts.compute(image, region, 0.5))


def test_whole_numbers_have_their_values_and_no_others() -> None:
    array = np.tile(np.float32([32767, -32768, 0, -0.0, 7, 7]), SORTED)
    region = np.tile(np.array([1, 1, 1, 1, 1, 0], np.bool_), SORTED)
    found = count_whole_numbers(array, region)
    assert found is not None
    assert found.values.tobytes() == np.float32([-32768, 0, 7, 32767]).tobytes()
    np.testing.assert_array_equal(found.counts(), np.array([1, 2, 1, 1]) * SORTED)


@pytest.mark.parametrize("other", [0.5, 32768, -32769, 65536, 2.0**31, 2.0**64, math.inf, -math.inf, math.nan])
def test_one_number_that_has_no_bin(other: float) -> None:
    array = np.ones(2 * SORTED, np.float32)
    array[-1] = other
    region = np.ones(array.size, np.bool_)
    assert count_whole_numbers(array, region) is None
    same_volumes(volume(array), vox1.value_counts.compute(volume(array)))
    region[-1] = False
    assert count_whole_numbers(array, region) is not None


@pytest.mark.parametrize("make", [few, many, all_different, on_background])
@pytest.mark.parametrize("count", [SORTED, SORTED + 1, 12 * SORTED + 17])
def test_large_images(make: Any, count: int) -> None:
    array = make(np.random.default_rng(count), count).astype(np.float32)
    array[5:count:1000] = np.nan
    array[7:count:1001] = -0.0
    same_volumes(volume(array), vox1.value_counts.compute(volume(array)))
    found = count_values(array, sort_any=True)
    assert found is not None
    distinct, counts = np.unique(array[~np.isnan(array)], return_counts=True)
    np.testing.assert_array_equal(found.values, distinct)
    np.testing.assert_array_equal(found.counts(), counts)
    assert not np.signbit(found.values[found.values == 0]).any()


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("share", [0.001, 0.2])
def test_the_background_may_be_nan(make: Any, share: float) -> None:
    random = np.random.default_rng(6)
    array = make(random, 5 * SORTED + 17).astype(np.float32)
    array[0] = np.nan
    array[random.random(array.size) >= share] = np.nan
    same_volumes(volume(array), vox1.value_counts.compute(volume(array)))
    found = count_values(array, sort_any=True)
    assert found is not None
    distinct, counts = np.unique(array[~np.isnan(array)], return_counts=True)
    assert found.values.tobytes() == (distinct + np.float32(0)).tobytes()
    np.testing.assert_array_equal(found.counts(), counts)
    assert found.total == array.size


def test_images_that_differ_everywhere_are_not_sorted() -> None:
    array = np.random.default_rng(1).normal(size=1 << 20).astype(np.float32)
    assert count_values(array) is None
    assert "voxels" in vox1.value_counts.compute(volume(array))


@pytest.mark.parametrize("make", [few, all_different])
def test_counts_are_stored_and_come_back(make: Any) -> None:
    array = make(np.random.default_rng(3), 1 << 20).astype(np.float32)
    counts = vox1.value_counts.compute(volume(array))
    encoded = encode_value(counts)
    assert encoded.kind == "record"
    back = decode_value(bytes(encoded))
    assert bytes(encode_value(back)) == bytes(encoded)
    assert vox1.volume_gt.compute(0.5, back) == np.count_nonzero(array > 0.5)


@given(masks())
@settings(deadline=None, max_examples=20)
def test_regions_count_as_numbers(mask: NDArray[np.bool_]) -> None:
    counts = vox1.value_counts.compute(volume(mask))
    assert vox1.volume_geq.compute(1, counts) == np.count_nonzero(mask)


def test_nothing_to_count() -> None:
    counts = vox1.value_counts.compute(volume(np.zeros((0, 3), np.float32)))
    assert vox1.volume_neq.compute(1.0, counts) == vox1.volume_all.compute(counts) == 0.0


def test_a_number_that_no_image_can_meet() -> None:
    counts = vox1.value_counts.compute(volume(np.zeros((2, 3), np.float32)))
    with pytest.raises(KernelError, match="too large"):
        vox1.volume_geq.compute(10**400, counts)


def test_regions_lie_on_the_grid_of_the_image() -> None:
    with pytest.raises(KernelError, match="grids"):
        vox1.value_counts_within.compute(volume(np.zeros((2, 3), np.float32)), volume(np.zeros((3, 2), np.bool_)))
