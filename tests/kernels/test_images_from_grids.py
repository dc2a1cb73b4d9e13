"""Images that depend on a grid alone, colour, cutting of boxes, and numbers from images."""

from __future__ import annotations

import math

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import SHAPES, geometries, masks, numbers, same, sitk_image, volume
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms.reductions import masked_mean, ordered_sum
from vlc_runtime.volume import Geometry, Volume


@settings(max_examples=40, deadline=None)
@given(SHAPES)
def test_coordinates_and_border(shape: tuple[int, ...]) -> None:
    like = volume(np.zeros(shape, np.uint8))
    places = np.indices(shape)
    for axis, operator in enumerate((vox1.x, vox1.y, vox1.z)):
        expected = places[len(shape) - 1 - axis] if axis < len(shape) else np.zeros(shape)
        same(operator.compute(like).array, expected.astype(np.float32))
    edges = [(places[axis] == 0) | (places[axis] == shape[axis] - 1) for axis in range(len(shape))]
    same(vox1.border.compute(like).array, np.any(edges, axis=0))


@settings(max_examples=20, deadline=None)
@given(SHAPES.flatmap(geometries))
def test_constants_lie_on_the_grid_they_are_given(geometry: object) -> None:
    like = Volume(np.zeros(geometry.shape, np.uint8), geometry)
    for image, expected in (
        (vox1.tt.compute(like), np.ones(geometry.shape, np.bool_)),
        (vox1.ff.compute(like), np.zeros(geometry.shape, np.bool_)),
        (vox1.bconstant.compute(True, like), np.ones(geometry.shape, np.bool_)),
        (vox1.constant.compute(0.1, like), np.full(geometry.shape, np.float32(0.1))),
    ):
        same(image.array, expected)
        assert image.geometry == geometry


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.integers(0, 9) | st.just(10**30))
def test_what_is_near_the_border(shape: tuple[int, ...], steps: int) -> None:
    like = volume(np.zeros(shape, np.uint8))
    found = vox1.near_border.compute(steps, like)
    same(found.array, vox1.near_box.compute(vox1.border.compute(like), steps).array)
    assert found.geometry == like.geometry


def test_steps_from_the_border_are_not_below_0() -> None:
    with pytest.raises(KernelError, match="-1 stands where a number of steps is wanted"):
        vox1.near_border.compute(-1, volume(np.zeros((3, 3), np.uint8)))


def test_the_border_of_a_cube_is_all_but_its_centre() -> None:
    assert vox1.volume.compute(vox1.border.compute(volume(np.zeros((3, 3, 3), np.uint8)))) == 26.0
    assert vox1.volume.compute(vox1.border.compute(volume(np.zeros((3, 4), np.uint8)))) == 10.0


@settings(max_examples=40, deadline=None)
@given(masks())
def test_volume_counts(mask: np.ndarray) -> None:
    statistics = sitk.StatisticsImageFilter()
    statistics.Execute(sitk_image(mask))
    for operator in (vox1.volume, vox1.vol):
        count = operator.compute(volume(mask))
        assert type(count) is float
        assert count == statistics.GetSum()


@settings(max_examples=60, deadline=None)
@given(numbers(), st.integers(0, 2**32 - 1))
def test_extremes_and_means(values: np.ndarray, seed: int) -> None:
    image = volume(values)
    extremes = sitk.MinimumMaximumImageFilter()
    extremes.Execute(sitk_image(values))
    assert vox1.maximum.compute(image) == extremes.GetMaximum()
    assert vox1.minimum.compute(image) == extremes.GetMinimum()
    inside = np.random.default_rng(seed).random(values.shape) < 0.5
    if inside.any():
        exact = math.fsum(values[inside].astype(float)) / np.count_nonzero(inside)
        assert vox1.avg.compute(image, volume(inside)) == pytest.approx(exact, rel=1e-12, abs=1e25)
        assert vox1.avg0.compute(image, volume(inside)) == vox1.avg.compute(image, volume(inside))


def test_the_mean_of_an_empty_region() -> None:
    image, empty = volume(np.ones((2, 2), np.float32)), volume(np.zeros((2, 2), np.bool_))
    with pytest.raises(KernelError, match="region is empty"):
        vox1.avg.compute(image, empty)
    assert vox1.avg0.compute(image, empty) == 0.0


def test_a_mean_ignores_what_is_outside() -> None:
    image = volume(np.array([[np.nan, 1, 2, np.inf]], np.float32))
    assert vox1.avg.compute(image, volume(np.array([[False, True, True, False]]))) == 1.5
    assert math.isnan(vox1.maximum.compute(image))


def test_a_sum_is_exact_where_doubles_are_and_independent_of_layout() -> None:
    random = np.random.default_rng(11)
    whole = random.integers(-(2**20), 2**20, size=(7, 151, 333)).astype(np.float32)
    assert ordered_sum(whole) == int(whole.astype(np.int64).sum())
    region = random.random(whole.shape) < 0.01
    mean = masked_mean(whole, region)
    assert mean == int(whole[region].astype(np.int64).sum()) / np.count_nonzero(region)
    assert masked_mean(np.asfortranarray(whole), np.asfortranarray(region)) == mean
    values = random.normal(size=400_000).astype(np.float32)
    assert ordered_sum(values) == pytest.approx(math.fsum(values.astype(float)), rel=1e-14)
    assert ordered_sum(np.zeros(0, np.float32)) == 0.0


def test_an_image_without_voxels_has_no_extremes() -> None:
    with pytest.raises(KernelError, match="without voxels"):
        vox1.maximum.compute(volume(np.zeros((0, 3), np.float32)))


@settings(max_examples=40, deadline=None)
@given(SHAPES, st.integers(0, 2**32 - 1), st.sampled_from([3, 4]), st.sampled_from([np.uint8, np.float32]))
def test_colour(shape: tuple[int, ...], seed: int, components: int, dtype: type) -> None:
    colours = np.random.default_rng(seed).integers(0, 256, size=(*shape, components)).astype(dtype)
    image = volume(colours, components)
    f = np.float32
    red, green, blue = (colours[..., index].astype(f) for index in range(3))
    same(vox1.intensity.compute(image).array, f(0.2126) * red + (f(0.7152) * green + f(0.0722) * blue))
    same(vox1.red.compute(image).array, red)
    same(vox1.green.compute(image).array, green)
    same(vox1.blue.compute(image).array, blue)
    same(vox1.alpha.compute(image).array, colours[..., 3].astype(f) if components == 4 else np.full(shape, f(255)))
    parts = [operator.compute(image) for operator in (vox1.red, vox1.green, vox1.blue)]
    rebuilt = vox1.rgb.compute(*parts) if components == 3 else vox1.rgba.compute(*parts, vox1.alpha.compute(image))
    assert rebuilt.components == components
    same(rebuilt.array, colours.astype(f))


def test_intensity_of_large_colour_images() -> None:
    colours = np.random.default_rng(2).integers(0, 256, size=(300, 301, 3)).astype(np.uint8)
    expected = [
        np.float32(0.2126) * np.float32(r) + (np.float32(0.7152) * np.float32(g) + np.float32(0.0722) * np.float32(b))
        for r, g, b in colours[-1]
    ]
    result = vox1.intensity.compute(volume(colours, 3)).array
    same(result[-1], np.array(expected, np.float32))
    whole = vox1.intensity.compute(volume(np.array([[[10, 20, 30], [0, 0, 255], [1, 2, 3]]], np.uint8), 3)).array
    same(whole, np.array([[18.595999, 18.410999, 1.8596000671386719]], np.float32))


def test_images_of_one_component() -> None:
    grey = volume(np.array([[1, 2]], np.uint8))
    same(vox1.intensity.compute(grey).array, np.array([[1, 2]], np.float32))
    same(vox1.alpha.compute(grey).array, np.full((1, 2), 255, np.float32))
    with pytest.raises(KernelError, match="red wants a colour image"):
        vox1.red.compute(grey)


def test_images_of_two_components_are_no_colour_images() -> None:
    pair = volume(np.zeros((2, 2, 2), np.float32), 2)
    for operator in (vox1.intensity, vox1.red, vox1.alpha):
        with pytest.raises(KernelError, match="has 2"):
            operator.compute(pair)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_extract_is_that_of_itk(data: st.DataObject) -> None:
    shape = data.draw(SHAPES)
    geometry = data.draw(geometries(shape))
    values = np.random.default_rng(0).random(shape).astype(np.float32)
    index = [data.draw(st.integers(0, extent - 1)) for extent in geometry.size]
    size = [data.draw(st.integers(0, extent - start)) for extent, start in zip(geometry.size, index, strict=True)]
    padding = [0] * (3 - len(size))
    image = Volume(values, geometry)
    if sum(extent > 0 for extent in size) < 2:
        with pytest.raises(KernelError, match="at least 2"):
            vox1.extract.compute(image, size + padding, index + padding)
        return
    twin = sitk_image(values)
    twin.SetSpacing(geometry.spacing)
    twin.SetOrigin(geometry.origin)
    twin.SetDirection(geometry.direction)
    expected = sitk.Extract(twin, size, index)
    result = vox1.extract.compute(image, [float(extent) for extent in size + padding], index + padding)
    same(result.array, sitk.GetArrayFromImage(expected))
    assert result.geometry.size == expected.GetSize()
    np.testing.assert_allclose(result.geometry.spacing, expected.GetSpacing(), rtol=1e-14)
    np.testing.assert_allclose(result.geometry.origin, expected.GetOrigin(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(result.geometry.direction, expected.GetDirection(), rtol=1e-14)


def test_extract_of_a_2d_image_takes_three_numbers_or_two() -> None:
    ramp = volume(np.arange(12, dtype=np.float32).reshape(3, 4))
    expected = [[5.0, 6.0], [9.0, 10.0]]
    assert vox1.extract.compute(ramp, [2, 2, 0], [1, 1, 0]).array.tolist() == expected
    assert vox1.extract.compute(ramp, [2.9, 2], [1.0, 1]).array.tolist() == expected


def test_a_singular_direction_becomes_the_identity() -> None:
    image = volume(np.zeros((3, 3, 3), np.float32))
    swapped = Volume(
        image.array,
        type(image.geometry)(
            (3, 3, 3), (1.0, 2.0, 3.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
        ),
    )
    assert vox1.extract.compute(swapped, [0, 2, 2], [1, 1, 1]).geometry.direction == (1.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("size", "index", "message"),
    [
        ([3, 1, 1], [2, 0, 0], "leaves the image along axis 0"),
        ([1, 1, 1], [0, -1, 0], "leaves the image along axis 1"),
        ([2, 2], [0, 0], "wants 3 numbers"),
        ([2, math.nan, 1], [0, 0, 0], "number of voxels"),
        ([2, 2, 1], [0, True, 0], "number of voxels"),
        ([0, 2, 0], [0, 0, 9], "leaves the image along axis 2"),
    ],
)
def test_wrong_boxes(size: list[float], index: list[float], message: str) -> None:
    with pytest.raises(KernelError, match=message):
        vox1.extract.compute(volume(np.zeros((4, 4, 4), np.float32)), size, index)


def test_extract_keeps_colour() -> None:
    colours = np.random.default_rng(1).random((3, 4, 3)).astype(np.float32)
    result = vox1.extract.compute(volume(colours, 3), [2, 1, 0], [1, 2, 0])
    same(result.array, colours[2:3, 1:3])


def test_parts_of_an_image_do_not_hold_on_to_it() -> None:
    """The voxels may belong to an image of SimpleITK's that dies with the whole."""
    colours = np.arange(3, dtype=np.float32).reshape(1, 1, 3)
    image = volume(colours, 3)
    assert not np.shares_memory(vox1.red.compute(image).array, colours)
    assert not np.shares_memory(vox1.extract.compute(image, [1, 1, 0], [0, 0, 0]).array, colours)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (2, 0, 4), (0, 2, 2)])
def test_images_without_voxels_stay_without(shape: tuple[int, ...]) -> None:
    flags, values = volume(np.zeros(shape, np.bool_)), volume(np.zeros(shape, np.float32))
    for operator in (vox1.near, vox1.interior, vox1.lcc, vox1.maxvol, vox1.logical_not, vox1.border, vox1.x, vox1.tt):
        assert operator.compute(flags).array.shape == shape
    for operator in (vox1.add, vox1.divide, vox1.less, vox1.equal):
        assert operator.compute(values, values).array.shape == shape
    assert vox1.through.compute(flags, flags).array.shape == shape
    assert vox1.mask.compute(values, flags).array.shape == shape
    assert vox1.between.compute(0, 1, values).array.shape == shape
    assert vox1.volume.compute(flags) == 0.0
    assert vox1.avg0.compute(values, flags) == 0.0


def test_an_image_on_the_grid_of_another_has_the_components_of_its_array() -> None:
    image = Volume(np.zeros((4, 5), np.float32), Geometry((5, 4), (0.5, 2.0), (1.0, 2.0), (1.0, 0.0, 0.0, 1.0)))
    colours = image.like(np.zeros((4, 5, 3), np.uint8))
    assert (colours.components, colours.geometry, colours.kind) == (3, image.geometry, "colour")
    assert colours.like(np.zeros((4, 5), bool)).components == 1
    with pytest.raises(ValueError, match="on a grid of shape"):
        image.like(np.zeros((4, 6), np.uint8))
