"""The signed distance map against brute force, and comparisons with a radius against the map, voxel for voxel."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms.bounded_distance import (
    at_least,
    depth_at_least,
    depth_within,
    signed_at_least,
    signed_within,
    within,
)
from vlc_runtime.kernels.algorithms.distance import signed_distance
from vlc_runtime.volume import Geometry, Volume

Mask = NDArray[np.bool_]
FARTHEST = np.float32(np.sqrt(np.finfo(np.float32).max))


def brute_force(mask: Mask, spacing: tuple[float, ...]) -> NDArray[np.float64]:
    """The definition: distance to the nearest voxel of the region that has a neighbour outside the region."""
    steps = np.array(spacing[::-1])
    boundary = [
        index
        for index in np.argwhere(mask)
        if any(
            not mask[tuple(index + offset)]
            for offset in product((-1, 0, 1), repeat=mask.ndim)
            if all(0 <= i < n for i, n in zip(index + offset, mask.shape, strict=True))
        )
    ]
    result = np.full(mask.shape, float(FARTHEST))
    for index in np.ndindex(mask.shape):
        if boundary:
            result[index] = np.sqrt((((np.array(boundary) - index) * steps) ** 2).sum(axis=1).min())
    return np.where(mask, -result, result)


@st.composite
def masks(draw: st.DrawFn, longest: int = 9) -> tuple[Mask, tuple[float, ...]]:
    dimension = draw(st.sampled_from((2, 3)))
    shape = tuple(draw(st.lists(st.integers(1, longest), min_size=dimension, max_size=dimension)))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    mask = generator.random(shape) < draw(st.sampled_from((0.0, 0.03, 0.2, 0.6, 0.95, 1.0)))
    steps = draw(
        st.sampled_from(
            (
                st.just(1.0),
                st.sampled_from((0.5, 0.75, 0.9375, 1.0, 2.0, 3.0)),
                st.sampled_from((0.1, 1 / 3, 0.7, 0.9, 1.2, 3.3)),
                st.floats(0.1, 4.0),
            )
        )
    )
    return mask, tuple(draw(st.lists(steps, min_size=dimension, max_size=dimension)))


@settings(deadline=None, max_examples=60)
@given(masks(longest=7))
def test_map_against_brute_force(case: tuple[Mask, tuple[float, ...]]) -> None:
    mask, spacing = case
    distances = signed_distance(mask, spacing)
    assert distances.dtype == np.float32
    np.testing.assert_allclose(distances, brute_force(mask, spacing), rtol=1e-5, atol=1e-5)


def test_empty_and_full_regions_are_far_from_everything() -> None:
    for shape in ((3, 4), (2, 3, 4), (1, 1)):
        assert (signed_distance(np.zeros(shape, bool), (1.0,) * len(shape)) == FARTHEST).all()
        assert (signed_distance(np.ones(shape, bool), (1.0,) * len(shape)) == -FARTHEST).all()


def test_boundary_is_negative_zero() -> None:
    row = np.array([[1, 1, 1, 1, 0, 0]], dtype=bool)
    distances = signed_distance(row, (1.0, 1.0))
    assert distances.tolist() == [[-3, -2, -1, 0, 1, 2]]
    assert math.copysign(1, distances[0, 3]) == -1


def test_spacing_counts_and_x_comes_first() -> None:
    corner = np.zeros((2, 4), dtype=bool)
    corner[0, 0] = True
    volume = Volume(corner, Geometry((4, 2), (2.0, 1.0), (5.0, 7.0), (0.0, 1.0, -1.0, 0.0)))
    expected = np.array([[0, 2, 4, 6], [1, math.sqrt(5), math.sqrt(17), math.sqrt(37)]], dtype=np.float32)
    result = vox1.dt.compute(volume)
    assert result.geometry == volume.geometry
    assert result.array.tolist() == expected.tolist()


@st.composite
def radii(draw: st.DrawFn, distances: NDArray[np.float32]) -> float:
    """Radii that tie with distances of the map, that just miss them, and others."""
    tie = np.float32(draw(st.sampled_from(sorted(set(np.abs(distances).ravel().tolist())))))
    radius = draw(
        st.sampled_from(
            (
                float(tie),
                float(np.nextafter(tie, np.float32(0))),
                float(np.nextafter(tie, np.float32(np.inf))),
                draw(st.sampled_from((0.0, 0.5, 1.0, math.sqrt(2), 2.0, 3.0, 5.0))),
                draw(st.floats(0, 12)),
                draw(st.sampled_from((1e18, float(FARTHEST), 1e30, 1e300, math.inf, math.nan))),
            )
        )
    )
    return radius * draw(st.sampled_from((1.0, -1.0)))


@settings(deadline=None, max_examples=300)
@given(st.data(), masks(longest=12), st.booleans())
def test_comparisons_with_a_radius_are_those_of_the_map(
    data: st.DataObject, case: tuple[Mask, tuple[float, ...]], strict: bool
) -> None:
    mask, spacing = case
    distances = signed_distance(mask, spacing)
    positive = np.where(distances > 0, distances, np.float32(0))
    radius = data.draw(radii(distances))
    with np.errstate(over="ignore"):
        bound = np.float32(radius)
    below, above = (np.less, np.greater) if strict else (np.less_equal, np.greater_equal)
    for function, region, expected in (
        (within, mask, below(positive, bound)),
        (at_least, mask, above(positive, bound)),
        (depth_within, ~mask, below(positive, bound)),
        (depth_at_least, ~mask, above(positive, bound)),
        (signed_within, mask, below(distances, bound)),
        (signed_at_least, mask, above(distances, bound)),
    ):
        result = function(region, radius, spacing, strict=strict)
        assert result.dtype == np.bool_
        assert result.flags.writeable
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (0.9375, 0.9375, 1.5), (0.9, 0.9, 1.2), (1 / 3, 0.7, 3.3)])
@pytest.mark.parametrize("filled", [0.0005, 0.4, 0.9995])
def test_ties_in_larger_images(spacing: tuple[float, ...], filled: float) -> None:
    mask = np.random.default_rng(5).random((9, 70, 200)) < filled
    distances = signed_distance(mask, spacing)
    ties = np.unique(np.abs(distances))
    for radius in (1.0, 2.0, 5.0, *ties[:: max(1, len(ties) // 6)].tolist()):
        bound = np.float32(radius)
        np.testing.assert_array_equal(signed_within(mask, radius, spacing, strict=False), distances <= bound)
        np.testing.assert_array_equal(signed_within(mask, -radius, spacing, strict=False), distances <= -bound)
        np.testing.assert_array_equal(signed_within(mask, radius, spacing, strict=True), distances < bound)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (0.9375, 0.9375, 1.5), (0.9, 0.9, 1.2), (1 / 3, 0.7, 3.3)])
@pytest.mark.parametrize(
    "part", [(slice(8, 17), slice(30, 52), slice(70, 99)), (slice(0, 9), slice(0, 20), slice(130, 149))]
)
def test_depths_in_a_part_of_an_image(spacing: tuple[float, ...], part: tuple[slice, slice, slice]) -> None:
    mask = np.zeros((20, 60, 149), dtype=bool)
    mask[part] = np.random.default_rng(6).random(mask[part].shape) < 0.999
    distances = np.maximum(signed_distance(~mask, spacing), np.float32(0))
    for radius in (0.0, 1.0, 2.0, 5.0, *np.unique(distances)[1:8].tolist(), 25.0):
        bound = np.float32(radius)
        for strict, deep in ((False, distances >= bound), (True, distances > bound)):
            np.testing.assert_array_equal(depth_at_least(mask, radius, spacing, strict=strict), deep)
            np.testing.assert_array_equal(depth_within(mask, radius, spacing, strict=not strict), ~deep)


def test_diagonals_tie_in_single_precision() -> None:
    dot = np.zeros((11, 11), dtype=bool)
    dot[5, 5] = True
    assert within(dot, math.sqrt(2), (1.0, 1.0), strict=False).sum() == 9
    assert within(dot, math.sqrt(2), (1.0, 1.0), strict=True).sum() == 5
    assert within(dot, 1.4142, (1.0, 1.0), strict=False).sum() == 5
    assert within(dot, 5.0, (1.0, 1.0), strict=False)[[1, 1, 2, 2], [2, 8, 1, 9]].all()
    assert not within(dot, 5.0, (1.0, 1.0), strict=True)[[1, 1, 2, 2], [2, 8, 1, 9]].any()


def test_a_row_wider_than_a_word_does_not_wrap() -> None:
    for length in (63, 64, 65, 127, 128, 129):
        mask = np.zeros((3, length), dtype=bool)
        mask[1, -1] = mask[2, 0] = True
        for radius in (1.0, 3.0, 20.0):
            expected = signed_distance(mask, (1.0, 1.0)) <= radius
            np.testing.assert_array_equal(within(mask, radius, (1.0, 1.0), strict=False), expected)


def test_distances_in_four_axes_are_refused() -> None:
    joined = Volume(np.ones((2, 3, 4, 5), bool), Geometry.of_size(5, 4, 3, 2))
    with pytest.raises(KernelError, match="images of two or three axes, and this one has 4"):
        vox1.dt.compute(joined)
