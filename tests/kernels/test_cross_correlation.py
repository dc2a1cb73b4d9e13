"""Cross-correlation of histograms against the definition, counted voxel by voxel."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms import cross_correlation as algorithm
from vlc_runtime.kernels.algorithms.cross_correlation import cross_correlation
from vlc_runtime.volume import Geometry, Volume

from tests.crews import in_crew

Image = NDArray[np.float32]
T = np.array([[0, 1, 2, 3], [0, 1, 2, 3], [0, 0, 3, 3]], dtype=np.float32)


def histogram(values: Image, lowest: float, highest: float, bins: int) -> list[int]:
    counts = [0] * bins
    width = (highest - lowest) / bins
    for value in values.ravel().tolist():
        if lowest <= value < highest:
            counts[min(bins - 1, math.trunc((value - lowest) / width))] += 1
    return counts


def pearson(first: list[int], second: list[int]) -> float:
    n = len(first)
    covariance = n * sum(a * b for a, b in zip(first, second, strict=True)) - sum(first) * sum(second)
    variances = [n * sum(a * a for a in counts) - sum(counts) ** 2 for counts in (first, second)]
    if 0 in variances:
        return float(variances[0] == variances[1])
    return covariance / (math.sqrt(variances[0]) * math.sqrt(variances[1]))


def definition(
    image: Image,
    other: Image,
    mask: NDArray[np.bool_],
    half_widths: list[int],
    lowest: float,
    highest: float,
    bins: int,
) -> Image:
    reference = histogram(other[mask], lowest, highest, bins)
    result = np.empty(image.shape, np.float32)
    for index in np.ndindex(image.shape):
        box = tuple(
            slice(max(0, i - width), i + width + 1) for i, width in zip(index, reversed(half_widths), strict=True)
        )
        result[index] = np.float32(pearson(histogram(image[box], lowest, highest, bins), reference))
    return result


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    dimension = draw(st.sampled_from((2, 3)))
    shape = tuple(draw(st.lists(st.integers(1, 7), min_size=dimension, max_size=dimension)))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))

    def image() -> Image:
        values = generator.normal(size=shape).astype(np.float32)
        if draw(st.booleans()):
            values = values.round()
        if draw(st.booleans()):
            values[generator.random(shape) < 0.2] = draw(st.sampled_from((np.nan, np.inf, -np.inf, 1e30)))
        return values

    first = image()
    return {
        "image": first,
        "other": first if draw(st.booleans()) else image(),
        "mask": generator.random(shape) < draw(st.sampled_from((0.0, 0.3, 1.0))),
        "half_widths": draw(st.lists(st.integers(1, 9), min_size=dimension, max_size=dimension)),
        "lowest": draw(st.sampled_from((-2.0, -1.0, 0.0, 0.1, 1.0))),
        "highest": draw(st.sampled_from((0.0, 1.0, 1.7, 3.0))),
        "bins": draw(st.sampled_from((1, 2, 3, 7, 300))),
    }


@pytest.fixture(scope="module", params=["numpy", "numba"])
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """With numpy alone, and with numba whatever the size of the image."""
    if request.param == "numba":
        pytest.importorskip("numba")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(algorithm, "worth_while", lambda steps: request.param == "numba")
        yield request.param


@settings(deadline=None, max_examples=150)
@given(cases())
def test_result_is_that_of_the_definition(way: str, case: dict[str, Any]) -> None:
    result = cross_correlation(**case)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, definition(**case))


def head(shape: tuple[int, int, int]) -> Image:
    """Noise within a ball, and one value elsewhere: in rows, many neighbours are alike, and most values are in few."""
    generator = np.random.default_rng(12)
    places = np.stack(np.meshgrid(*(np.linspace(-1.2, 1.2, extent) for extent in shape), indexing="ij"))
    noise = generator.normal(size=shape).astype(np.float32)
    return np.where((places**2).sum(axis=0) < 1, noise, np.float32(-2.9))


@pytest.mark.parametrize(
    ("shape", "half_widths", "bins"),
    [
        ((23, 31, 45), [1, 1, 1], 20),
        ((23, 31, 45), [5, 3, 2], 100),
        ((23, 31, 45), [40, 30, 2], 300),  # two bytes for a label
        ((23, 31, 45), [22, 22, 16], 3),
        ((38, 40, 133), [3, 3, 3], 20),
        ((38, 40, 133), [3, 9, 9], 20),  # two bytes for what a column counts
        ((40, 70, 80), [20, 20, 15], 3),  # eight bytes for the sums of the reference's counts
    ],
)
@pytest.mark.parametrize("of_head", [False, True])
def test_compiled_or_not_the_bytes_are_the_same(
    shape: tuple[int, int, int], half_widths: list[int], bins: int, of_head: bool
) -> None:
    pytest.importorskip("numba")
    generator = np.random.default_rng(12)
    image = head(shape) if of_head else generator.normal(size=shape).astype(np.float32)
    mask = generator.random(image.shape) < (0.9 if bins == 3 else 0.4)
    results = []
    for compiled in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(algorithm, "worth_while", lambda steps, compiled=compiled: compiled)
            patch.setattr(algorithm, "_COMPILED_PLANES", 9)
            result = cross_correlation(image, image, mask, half_widths=half_widths, lowest=-3.0, highest=3.0, bins=bins)
            results.append(result.view(np.uint32))
    np.testing.assert_array_equal(*results)


def test_neither_slabs_nor_workers_count(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(11)
    image = generator.normal(size=(40, 23, 31)).astype(np.float32)
    mask = generator.random(image.shape) < 0.3
    arguments: dict[str, Any] = {"half_widths": [3, 2, 4], "lowest": -2.0, "highest": 2.0, "bins": 9}
    expected = cross_correlation(image, image, mask, **arguments)
    monkeypatch.setattr(algorithm, "_SLAB_VOXELS", 1)
    monkeypatch.setattr(algorithm, "PIECE", 1)
    monkeypatch.setattr(algorithm, "_COMPILED_PLANES", 1)
    for workers in (1, 2, 5):
        result = in_crew(workers, lambda: cross_correlation(image, image, mask, **arguments))
        np.testing.assert_array_equal(result.view(np.uint32), expected.view(np.uint32))
    corner = (slice(0, 9), slice(0, 7), slice(0, 8))
    partial = definition(image[corner], image, mask, arguments["half_widths"], -2.0, 2.0, 9)
    np.testing.assert_array_equal(result[0:5, 0:5, 0:5], partial[0:5, 0:5, 0:5])


@pytest.mark.parametrize("half_widths", [[1, 1, 1], [3, 2, 1], [9, 9, 9]])
@pytest.mark.parametrize("part", [(3, 4, 5), (0, 0, 0), (6, 5, 7)])
def test_only_a_part_of_the_image_is_binned(way: str, half_widths: list[int], part: tuple[int, int, int]) -> None:
    image = np.full((9, 10, 12), -1, dtype=np.float32)
    image[part] = 1.5
    image[part[0], part[1] + 1, part[2] + 2] = 0.5
    other = np.random.default_rng(5).random(image.shape, np.float32) * 3
    for reference in (image, other):
        for mask in (image > 0, image < 5, image > 5):
            arguments: dict[str, Any] = {"half_widths": half_widths, "lowest": 0.0, "highest": 2.0, "bins": 4}
            result = cross_correlation(image, reference, mask, **arguments)
            np.testing.assert_array_equal(result, definition(image, reference, mask, **arguments))


def test_an_image_without_binned_voxels(way: str) -> None:
    image = np.full((4, 5, 6), np.nan, dtype=np.float32)
    other = np.zeros_like(image)
    for reference, correlation in ((image, 1.0), (other, 0.0)):
        arguments: dict[str, Any] = {"half_widths": [1, 1, 1], "lowest": 0.0, "highest": 2.0, "bins": 4}
        result = cross_correlation(image, reference, np.ones(image.shape, np.bool_), **arguments)
        np.testing.assert_array_equal(result, np.float32(correlation))


def test_boxes_too_large_for_a_byte() -> None:
    image = np.zeros((9, 50, 50), dtype=np.float32)
    image[4, 20:30, 20:30] = 1
    arguments: dict[str, Any] = {"half_widths": [21, 22, 4], "lowest": 0.0, "highest": 2.0, "bins": 3}
    result = cross_correlation(image, image, image > 0, **arguments)
    centre = (4, 25, 25)
    inside = histogram(image[:, 3:48, 4:47], 0.0, 2.0, 3)
    assert result[centre] == np.float32(pearson(inside, [0, 100, 0]))


def volume(array: Image, spacing: tuple[float, ...] = ()) -> Volume:
    plain = Geometry.of_size(*array.shape[::-1])
    return Volume(array, Geometry(plain.size, spacing or plain.spacing, plain.origin, plain.direction))


def test_published_values() -> None:
    everywhere = np.ones(T.shape, dtype=bool)
    result = vox1.crossCorrelation.compute(1.0, volume(T), volume(T), volume(everywhere), 0.0, 4.0, 4.9)
    expected = [
        [0, -0.5773503, -0.5773503, 0],
        [0.3015113, 0.2294157, 0.2294157, 0.3015113],
        [0.4082483, 0.5773503, 0.5773503, 0.4082483],
    ]
    np.testing.assert_allclose(result.array, expected, rtol=1e-6, atol=1e-7)


def test_radius_is_in_millimetres_half_to_even_and_at_least_a_voxel() -> None:
    everywhere = np.ones(T.shape, dtype=bool)
    for radius, spacing, half_widths in (
        (0.2, (1.0, 1.0), [1, 1]),
        (-3.0, (1.0, 1.0), [1, 1]),
        (2.5, (1.0, 1.0), [2, 2]),
        (3.0, (2.0, 0.5), [2, 6]),
        (1e9, (1.0, 1.0), [10, 10]),
    ):
        image = volume(T, spacing)
        result = vox1.crossCorrelation.compute(radius, image, image, volume(everywhere, spacing), 0.0, 3.0, 3)
        np.testing.assert_array_equal(result.array, definition(T, T, everywhere, half_widths, 0.0, 3.0, 3))
        assert result.geometry == image.geometry


@pytest.mark.parametrize(
    ("radius", "lowest", "highest", "bins"),
    [
        (1.0, 0.0, 4.0, 0.5),
        (1.0, 0.0, 4.0, -2),
        (math.inf, 0.0, 4.0, 4),
        (1.0, math.nan, 4.0, 4),
        (1.0, 0.0, math.inf, 4),
        (1.0, 0.0, 4.0, math.nan),
        (1.0, 0.0, 4.0, 65537),
        (1.0, 0.0, 4.0, 1e39),
    ],
)
def test_meaningless_numbers_are_errors(radius: float, lowest: float, highest: float, bins: float) -> None:
    image = volume(T)
    with pytest.raises(KernelError, match="cross-correlation"):
        vox1.crossCorrelation.compute(radius, image, image, volume(T > 1), lowest, highest, bins)


def test_as_many_bins_as_there_are_values_of_16_bits() -> None:
    image = volume(T)
    everywhere = np.ones(T.shape, dtype=np.bool_)
    result = vox1.crossCorrelation.compute(1.0, image, image, volume(everywhere), 0.0, 3.0, 65536)
    np.testing.assert_array_equal(result.array, definition(T, T, everywhere, [1, 1], 0.0, 3.0, 65536))
