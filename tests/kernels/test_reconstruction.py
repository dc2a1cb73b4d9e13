"""Reconstruction from markers: every threshold of it is what `through` reaches in that threshold of the image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import SEEDS, numbers, volume
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms import reconstruction
from vlc_runtime.kernels.algorithms.widest_path import WIDEST, Edges, widths_of_paths


@pytest.fixture(params=["blocks", "flood"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Joining blocks, and with numba flooding voxel by voxel, however few or many there are."""
    if request.param == "flood":
        pytest.importorskip("numba")
        monkeypatch.setattr(reconstruction, "WORTH_FLOODING", 0)
    monkeypatch.setattr(reconstruction, "worth_while", lambda steps: request.param == "flood")


def thresholds_agree(image: Any, seeds: Any) -> None:
    above, below = vox1.reach_above.compute(seeds, image), vox1.reach_below.compute(seeds, image)
    assert above.geometry == below.geometry == image.geometry
    bounds = [*map(float, np.unique(image.array)[:40]), -np.inf, -0.0, 0.5, np.inf, np.nan, 1e39]
    for reach, names in ((above, ("geq_sv", "gt_sv")), (below, ("leq_sv", "lt_sv"))):
        assert reach.array.dtype == np.float32
        assert not np.signbit(reach.array[reach.array == 0]).any()
        for name in names:
            compare = getattr(vox1, name)
            for bound in bounds:
                expected = vox1.through.compute(seeds, compare.compute(bound, image))
                np.testing.assert_array_equal(compare.compute(bound, reach).array, expected.array)


@settings(deadline=None, max_examples=150)
@given(numbers(special=True), SEEDS, st.sampled_from([0.0, 0.02, 0.1, 0.5, 1.0]))
def test_every_threshold(array: NDArray[np.float32], seed: int, share: float) -> None:
    thresholds_agree(volume(array), volume(np.random.default_rng(seed).random(array.shape) < share))


@pytest.mark.parametrize("shape", [(40, 41), (17, 22, 19), (1, 30, 31), (25, 1, 1), (300,)])
@pytest.mark.parametrize("coarse", [False, True])
def test_larger_images(shape: tuple[int, ...], coarse: bool) -> None:
    random = np.random.default_rng(len(shape) + coarse)
    array = random.normal(size=shape).astype(np.float32)
    if coarse:
        array = np.round(array * 3)
    array[random.random(shape) < 0.6] = -3
    thresholds_agree(volume(array), volume(random.random(shape) < 0.01))


def test_a_winding_path() -> None:
    """A corridor that turns at the end of each row: far down it, what counts is its lowest place so far."""
    array = np.full((61, 40), -1.0, np.float32)
    random = np.random.default_rng(2)
    for row in range(0, 61, 2):
        array[row] = 100 - row + random.integers(0, 9, 40)
        array[row, 20] = 100 - row
        if row:
            array[row - 1, 0 if row % 4 else 39] = 200
    seeds = np.zeros(array.shape, np.bool_)
    seeds[0, 20] = True
    reach = vox1.reach_above.compute(volume(seeds), volume(array)).array
    assert [reach[row, 20] for row in range(0, 61, 2)] == [100 - row for row in range(0, 61, 2)]
    thresholds_agree(volume(array), volume(seeds))


@settings(deadline=None, max_examples=100)
@given(numbers(special=True), SEEDS, st.sampled_from([0.0, 0.3, 0.7, 1.0]))
def test_every_threshold_within_a_region(array: NDArray[np.float32], seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    image, seeds, region = (
        volume(array),
        volume(random.random(array.shape) < 0.2),
        volume(random.random(array.shape) < share),
    )
    above = vox1.reach_above_within.compute(seeds, image, region)
    below = vox1.reach_below_within.compute(seeds, image, region)
    for bound in [*map(float, np.unique(array)[:40]), -np.inf, 0.5, np.inf, np.nan]:
        for reach, compare in ((above, vox1.geq_sv), (above, vox1.gt_sv), (below, vox1.leq_sv), (below, vox1.lt_sv)):
            mask = vox1.logical_and.compute(compare.compute(bound, image), region)
            expected = vox1.through.compute(seeds, mask).array
            np.testing.assert_array_equal(compare.compute(bound, reach).array, expected)


def test_as_itk_does() -> None:
    random = np.random.default_rng(7)
    array = random.integers(0, 50, (31, 28, 33)).astype(np.float32)
    seeds = random.random(array.shape) < 0.001
    marker = np.where(seeds, array, np.float32(0))
    expected = sitk.ReconstructionByDilation(sitk.GetImageFromArray(marker), sitk.GetImageFromArray(array), True)
    found = vox1.reach_above.compute(volume(seeds), volume(array)).array
    np.testing.assert_array_equal(found, sitk.GetArrayFromImage(expected))


def test_no_voxels() -> None:
    nothing = vox1.reach_above.compute(volume(np.zeros((0, 4), np.bool_)), volume(np.zeros((0, 4), np.float32)))
    assert nothing.array.shape == (0, 4)
    nowhere = volume(np.zeros((0, 4), np.bool_))
    assert vox1.reach_above_within.compute(nowhere, nothing, nowhere).array.shape == (0, 4)


def test_four_dimensions() -> None:
    shape = (2, 2, 2, 2)
    with pytest.raises(KernelError, match="4 dimensions"):
        vox1.reach_above.compute(volume(np.ones(shape, np.bool_)), volume(np.ones(shape, np.float32)))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[NDArray[np.int32], Edges]:
    count = draw(st.integers(1, 12))
    edges = draw(st.lists(st.tuples(*[st.integers(0, count - 1)] * 2, st.integers(1, 6)), max_size=30))
    columns = [np.array([edge[column] for edge in edges], np.int32) for column in range(3)]
    supply = np.array(draw(st.lists(st.sampled_from([0, 0, 0, 2, 4, 7]), min_size=count, max_size=count)), np.int32)
    return supply, Edges(*columns)


@settings(deadline=None, max_examples=300)
@given(graphs())
def test_widest_paths(graph: tuple[NDArray[np.int32], Edges]) -> None:
    supply, edges = graph
    expected = supply.copy()
    expected[0] = WIDEST
    for _ in range(supply.size):
        for left, right, width in zip(edges.left, edges.right, edges.width, strict=True):
            expected[left] = max(expected[left], min(width, expected[right]))
            expected[right] = max(expected[right], min(width, expected[left]))
    np.testing.assert_array_equal(widths_of_paths(supply, edges), expected)
