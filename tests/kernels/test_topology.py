"""near, interior, box morphology, components: against SimpleITK's filters and brute force."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kernel_images import full_box, masks, same, sitk_image, volume
from scipy import ndimage
from vlc_runtime.errors import GeometryMismatch, KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms import block_codes, block_graph, components
from vlc_runtime.kernels.algorithms.components import label_components, largest_components, reach_through
from vlc_runtime.kernels.algorithms.morphology import dilate_box, erode_box
from vlc_runtime.kernels.algorithms.union import connected_components
from vlc_runtime.volume import Geometry, Volume

LARGE = (9, 130, 517)


@pytest.fixture(scope="module", params=["blocks", "runs", "numba"])
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """Labelling block by block, run by run, and with numba, whatever the mask."""
    if request.param == "numba":
        pytest.importorskip("numba")
    with pytest.MonkeyPatch.context() as patch:
        for module in (block_codes, block_graph):
            patch.setattr(module, "worth_while", lambda steps: request.param == "numba")
        patch.setattr(block_codes, "_SLAB_VOXELS", 1 << 18)  # several slabs of the large masks
        patch.setattr(block_graph, "SPARSE", 0 if request.param == "blocks" else 1 << 60)
        yield request.param


def large_masks() -> dict[str, np.ndarray]:
    """Masks of many slabs with odd extents: every path of the labelling is taken."""
    random = np.random.default_rng(7)
    noise = random.random(LARGE)
    maze = np.zeros(LARGE, np.bool_)
    maze[::2, ::2, ::2] = True
    for axis in range(3):
        corridor = tuple(slice(1, None, 2) if other == axis else slice(None, None, 2) for other in range(3))
        maze[corridor] = noise[corridor] > 0.55
    comb = np.zeros(LARGE, np.bool_)
    comb[:, :, ::2] = True
    comb[0, 0, :] = True
    chambers = np.ones(LARGE, np.bool_)
    chambers[6] = chambers[:, 37] = chambers[:, :, 100::90] = False
    return {
        "sparse": noise > 0.995,
        "scattered": noise > 0.9,
        "half": noise > 0.5,
        "thick": ndimage.gaussian_filter(noise, 3) > 0.5,
        "maze": maze,
        "comb": comb,
        "holes": noise > 0.01,
        "chambers": chambers,
        "full": np.ones(LARGE, np.bool_),
        "empty": np.zeros(LARGE, np.bool_),
    }


LARGE_MASKS = large_masks()


@settings(max_examples=60, deadline=None)
@given(masks())
def test_near_is_binary_dilation_by_a_box(mask: np.ndarray) -> None:
    expected = sitk.BinaryDilate(sitk_image(mask), [1] * mask.ndim, sitk.sitkBox, 0.0, 1.0)
    same(vox1.near.compute(volume(mask)).array, sitk.GetArrayFromImage(expected).astype(np.bool_))


@settings(max_examples=60, deadline=None)
@given(masks())
def test_interior_is_the_dual_of_near(mask: np.ndarray) -> None:
    expected = ndimage.binary_erosion(mask, full_box(mask.ndim), border_value=1)
    interior = vox1.interior.compute(volume(mask)).array
    same(interior, expected)
    same(interior, ~vox1.near.compute(volume(~mask)).array)


@settings(max_examples=60, deadline=None)
@given(masks(), st.integers(0, 11))
def test_a_box_of_radius_r_is_r_steps_of_radius_1(mask: np.ndarray, radius: int) -> None:
    dilated, eroded = mask, mask
    for _ in range(radius):
        dilated = ndimage.binary_dilation(dilated, full_box(mask.ndim))
        eroded = ndimage.binary_erosion(eroded, full_box(mask.ndim), border_value=1)
    same(dilate_box(mask, radius), dilated)
    same(erode_box(mask, radius), eroded)


@pytest.mark.parametrize("name", ["sparse", "half", "thick"])
@pytest.mark.parametrize("radius", [1, 3])
def test_box_morphology_across_slabs(name: str, radius: int) -> None:
    mask = np.concatenate([LARGE_MASKS[name]] * 3)
    expected = ndimage.maximum_filter(mask, 2 * radius + 1, mode="constant")
    same(dilate_box(mask, radius), expected)
    same(erode_box(~mask, radius), ~expected)


def test_box_morphology_leaves_its_input_and_takes_any_layout() -> None:
    mask = np.asfortranarray(LARGE_MASKS["half"])
    before = mask.copy()
    result = dilate_box(mask, 1)
    assert np.array_equal(mask, before)
    assert np.array_equal(result, dilate_box(np.ascontiguousarray(mask), 1))
    assert not np.shares_memory(dilate_box(mask, 0), mask)


def test_a_negative_radius_is_refused() -> None:
    with pytest.raises(ValueError, match="radius -1"):
        dilate_box(np.ones((2, 2), np.bool_), -1)


@settings(max_examples=150, deadline=None)
@given(masks())
@example(np.ones((1, 1), np.bool_))
@example(np.ones((1, 1, 1), np.bool_))
def test_labels_are_those_of_itk(way: str, mask: np.ndarray) -> None:
    expected = sitk.GetArrayFromImage(sitk.ConnectedComponent(sitk_image(mask), True))
    labels = vox1.lcc.compute(volume(mask))
    same(labels.array, expected.astype(np.float32))
    same(vox1.Lcc.compute(volume(mask)).array, labels.array)


def test_more_components_than_labels_are_an_error(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.zeros((4, 6), np.bool_)
    mask[::2, ::2] = True
    monkeypatch.setattr(components, "MOST_LABELS", 6)
    assert vox1.lcc.compute(volume(mask)).array.max() == 6
    monkeypatch.setattr(components, "MOST_LABELS", 5)
    with pytest.raises(KernelError, match="6 components"):
        vox1.lcc.compute(volume(mask))


@settings(max_examples=150, deadline=None)
@given(masks(2))
def test_through_keeps_the_components_that_meet_the_seeds(way: str, pair: tuple[np.ndarray, np.ndarray]) -> None:
    seeds, mask = pair
    labels, _ = ndimage.label(mask, full_box(mask.ndim))
    expected = np.isin(labels, np.unique(labels[seeds & mask])) & mask
    same(vox1.through.compute(volume(seeds), volume(mask)).array, expected)


@settings(max_examples=100, deadline=None)
@given(masks())
def test_maxvol_keeps_all_components_of_greatest_size(way: str, mask: np.ndarray) -> None:
    labels, count = ndimage.label(mask, full_box(mask.ndim))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    same(vox1.maxvol.compute(volume(mask)).array, (sizes == sizes.max())[labels] & mask)


@pytest.mark.parametrize("name", sorted(LARGE_MASKS))
def test_components_of_large_masks(way: str, name: str) -> None:
    mask = LARGE_MASKS[name]
    expected, expected_count = ndimage.label(mask, full_box(3))
    labels, count = label_components(mask)
    assert count == expected_count
    same(labels, expected.astype(np.float32))
    seeds = np.random.default_rng(3).random(LARGE) > 0.9995
    same(reach_through(seeds, mask), np.isin(expected, np.unique(expected[seeds & mask])) & mask)
    sizes = np.bincount(expected.ravel())
    sizes[0] = 0
    same(largest_components(mask), (sizes == sizes.max())[expected] & mask)


def test_components_take_any_memory_layout() -> None:
    mask = LARGE_MASKS["scattered"][:, ::-1, 3:]
    same(label_components(mask)[0], label_components(np.ascontiguousarray(mask))[0])


def test_a_spiral_is_one_component(way: str) -> None:
    """A single path of one voxel's width, the longest chain of nodes there is."""
    size = 201
    spiral = np.zeros((size, size), np.bool_)
    row, column, step, blocked = 0, 0, (0, 1), 0
    spiral[0, 0] = True
    while blocked < 2:
        ahead = (row + 2 * step[0], column + 2 * step[1])
        if 0 <= ahead[0] < size and 0 <= ahead[1] < size and not spiral[ahead]:
            spiral[row + step[0], column + step[1]] = spiral[ahead] = True
            (row, column), blocked = ahead, 0
        else:
            step, blocked = (step[1], -step[0]), blocked + 1
    labels, count = label_components(spiral)
    assert count == 1
    same(labels, spiral.astype(np.float32))


def test_components_exist_in_two_and_three_dimensions_only() -> None:
    with pytest.raises(KernelError, match="4 dimensions"):
        label_components(np.ones((2, 2, 2, 2), np.bool_))


def test_images_on_different_grids_do_not_meet() -> None:
    one = volume(np.ones((3, 4), np.bool_))
    other = Volume(np.ones((3, 4), np.bool_), Geometry((4, 3), (2.0, 1.0), (0.0, 0.0), (1.0, 0.0, 0.0, 1.0)))
    with pytest.raises(GeometryMismatch, match="spacing"):
        vox1.through.compute(one, other)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=80))
def test_components_of_a_graph(count: int, pairs: list[tuple[int, int]]) -> None:
    edges = [(left % count, right % count) for left, right in pairs]
    component = list(range(count))
    for _ in range(count):
        for left, right in edges:
            component[left] = component[right] = min(component[left], component[right])
    numbering = {root: position for position, root in enumerate(sorted(set(component)))}
    left = np.array([edge[0] for edge in edges], np.intp)
    right = np.array([edge[1] for edge in edges], np.intp)
    found, number = connected_components(count, left, right)
    assert found.tolist() == [numbering[root] for root in component]
    assert number == len(numbering)


def test_boxes_greater_than_the_image() -> None:
    mask = np.zeros((3, 5, 2), np.bool_)
    mask[1, 4, 0] = True
    for steps in (4, 5, 6, 10**9, 10**30):
        assert vox1.near_box.compute(volume(mask), steps).array.all()
        assert not vox1.interior_box.compute(volume(~mask), steps).array.any()
