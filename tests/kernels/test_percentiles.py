"""Ranks against the definition, and rank thresholds against comparing ranks."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import volume
from numpy.typing import NDArray
from vlc_runtime.codec import encode_value
from vlc_runtime.decoding import decode_value
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms import percentiles as algorithm
from vlc_runtime.kernels.algorithms import ranking
from vlc_runtime.kernels.algorithms.percentiles import percentiles
from vlc_runtime.kernels.algorithms.rank_histogram import Histogram, Searched, histogram
from vlc_runtime.kernels.algorithms.rank_threshold import COMPARISONS, Population, rank_threshold
from vlc_runtime.volume import Geometry, Volume

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]


def definition(image: Image, mask: Mask, k: float) -> Image:
    result = np.full(image.shape, -1, dtype=np.float32)
    members = image[mask].astype(float)
    for index in np.argwhere(mask):
        value = float(image[tuple(index)])
        if np.isnan(value):
            below, equal = int((~np.isnan(members)).sum()), int(np.isnan(members).sum())
        else:
            below, equal = int((members < value).sum()), int((members == value).sum())
        result[tuple(index)] = np.float32((below + k * equal) / members.size)
    return result


@st.composite
def images(draw: st.DrawFn) -> tuple[Image, Mask]:
    dimension = draw(st.sampled_from((2, 3)))
    shape = tuple(draw(st.lists(st.integers(1, 7), min_size=dimension, max_size=dimension)))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    mask = generator.random(shape) < draw(st.sampled_from((0.0, 0.1, 0.5, 1.0)))
    values = draw(
        st.sampled_from(
            (
                st.integers(-3, 3),
                st.integers(0, 2**30),
                st.floats(width=32, allow_nan=False),
                st.floats(width=32),
                st.sampled_from((0.0, -0.0, 1.5, -1.5, float("inf"), float("-inf"))),
                st.sampled_from((float("nan"), -float("nan"), 1.0, 2.0)),
                st.sampled_from((2.0**31, 2.0**31 + 256, 1e9)),
            )
        )
    )
    count = int(np.prod(shape))
    return np.array(draw(st.lists(values, min_size=count, max_size=count)), np.float32).reshape(shape), mask


factors = st.sampled_from((0.0, 0.1, 1 / 3, 0.5, 1.0))


@pytest.fixture(scope="module", params=["numpy", "numpy in chunks", "numba"])
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """With numpy alone, as small and as large populations are sorted, and with numba whatever the size of the image."""
    if request.param == "numba":
        pytest.importorskip("numba")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(algorithm, "worth_while", lambda steps: request.param == "numba")
        if request.param == "numpy in chunks":
            patch.setattr(ranking, "_CHUNK", 16)
        yield request.param


@settings(deadline=None, max_examples=200)
@given(images(), st.one_of(factors, st.floats(-2, 3)))
def test_ranks_are_those_of_the_definition(way: str, case: tuple[Image, Mask], k: float) -> None:
    image, mask = case
    before = image.copy()
    result = percentiles(image, mask, k)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, definition(image, mask, k))
    np.testing.assert_array_equal(image.view(np.uint32), before.view(np.uint32))


@settings(deadline=None, max_examples=300)
@given(st.data(), images(), st.one_of(factors, factors, st.floats(-2, 3)))
def test_thresholds_are_comparisons_of_ranks(data: st.DataObject, case: tuple[Image, Mask], k: float) -> None:
    image, mask = case
    ranks = percentiles(image, mask, k)
    number = data.draw(
        st.one_of(
            st.sampled_from(ranks.ravel().tolist()),
            st.sampled_from((-2.0, -1.0, 0.0, 0.5, 0.95, 1.0, 2.0, 1e300, float("inf"), float("nan"))),
            st.floats(-0.1, 1.1),
        )
    )
    populations = (None, Population.of(image, mask), Searched(image, mask, histogram(image, mask)))
    for comparison, compare in COMPARISONS.items():
        with np.errstate(over="ignore"):
            expected = compare(ranks, np.float32(number))
        for population in populations:
            result = rank_threshold(image, mask, k, comparison, number, population)
            assert result.dtype == np.bool_
            np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (0.0, [0, 0.25, 0.25, 0.75, -1]),
        (0.5, [0.125, 0.5, 0.5, 0.875, -1]),
        (1.0, [0.25, 0.75, 0.75, 1, -1]),
    ],
)
def test_ties_share_a_rank(k: float, expected: list[float]) -> None:
    grid = Geometry((5, 1), (0.5, 2.0), (1.0, 2.0), (1.0, 0.0, 0.0, 1.0))
    image = Volume(np.array([[10, 20, 20, 30, 15]], np.float32), grid)
    mask = Volume(np.array([[1, 1, 1, 1, 0]], np.uint8), grid)
    result = vox1.percentiles.compute(image, mask, k)
    assert result.geometry == grid
    assert result.array.tolist() == [expected]


def test_counting_and_sorting_agree_on_a_large_image(way: str) -> None:
    generator = np.random.default_rng(3)
    whole = generator.integers(-500, 500, (10, 30, 35)).astype(np.float32)
    mask = generator.random(whole.shape) < 0.7
    halves = whole / 2  # not whole numbers: sorted
    for k in (0.0, 0.3, 1.0):
        np.testing.assert_array_equal(percentiles(whole, mask, k), percentiles(halves, mask, k))


def by_distinct_values(values: Image, k: float) -> Image:
    """The ranks as numpy.unique counts; equal zeros and NaN are one value each there, too."""
    _, position, equal = np.unique(values, return_inverse=True, return_counts=True)
    below = np.cumsum(equal) - equal
    ranks: Image = ((below + k * equal) / values.size).astype(np.float32)[position.reshape(values.shape)]
    return ranks


@pytest.mark.parametrize("kind", ["uniform", "normal", "narrow", "any bits", "mostly one value", "one value"])
def test_ranks_of_a_large_population(kind: str) -> None:
    generator = np.random.default_rng(4)
    count = 3 * ranking._CHUNK + 17
    anything = generator.integers(0, 2**32, count, dtype=np.uint32).view(np.float32)
    values = {
        "uniform": generator.random(count, dtype=np.float32),
        "normal": generator.normal(0, 1000, count).astype(np.float32),
        "narrow": (1000 + generator.random(count) / 8).astype(np.float32),
        "any bits": anything,
        "mostly one value": np.where(generator.random(count) < 0.7, np.float32(-0.5), anything),
        "one value": np.full(count, 0.3, np.float32),
    }[kind]
    everything = np.ones(count, bool)
    for k in (0.0, 1 / 3, 1.0):
        np.testing.assert_array_equal(percentiles(values, everything, k), by_distinct_values(values, k))


@pytest.mark.parametrize("distinct", [3, 100, 10**6])
def test_thresholds_of_a_large_population(distinct: int) -> None:
    generator = np.random.default_rng(distinct)
    image = (generator.integers(0, distinct, (10, 50, 60)) / 7).astype(np.float32)
    mask = generator.random(image.shape) < 0.8
    shared = Searched(image, mask, histogram(image, mask))
    for k in (0.0, 0.5, 1.0):
        ranks = percentiles(image, mask, k)
        for number in (*ranks[0, 0, :5].tolist(), 0.0, 0.25, 0.93, 1.0):
            for comparison, compare in COMPARISONS.items():
                expected = compare(ranks, np.float32(number))
                for population in (None, shared):
                    result = rank_threshold(image, mask, k, comparison, number, population)
                    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("k", [0.0, 0.5, 1.0])
def test_thresholds_between_the_bins_of_a_histogram(k: float) -> None:
    """Values beside those at which bins begin and end, zeros of both signs, infinities and NaN among them."""
    ends = np.array([0x3F80, 0x3F81, 0x0000, 0x0001, 0x7F80, 0x7F7F], np.uint32) << 16
    bits = np.concatenate([ends, ends + 1, ends - 1, ends | 0x8000, np.array([0x7FC00000, 1], np.uint32)])
    values = np.concatenate([bits, bits ^ np.uint32(0x80000000)]).view(np.float32)
    image = np.tile(values, 7).reshape(7, -1)
    mask = np.random.default_rng(5).random(image.shape) < 0.8
    shared = Searched(image, mask, histogram(image, mask))
    assert isinstance(shared.counts, Histogram)
    ranks = percentiles(image, mask, k)
    for number in np.unique(ranks).tolist():
        for beside in (number, np.nextafter(np.float32(number), np.float32(9))):
            for comparison, compare in COMPARISONS.items():
                result = rank_threshold(image, mask, k, comparison, float(beside), shared)
                np.testing.assert_array_equal(result, compare(ranks, np.float32(beside)))


def test_thresholds_share_a_histogram_that_is_a_value_like_any() -> None:
    random = np.random.default_rng(8)
    for voxels in (random.normal(size=(5, 6, 7)), random.integers(0, 9, (5, 6, 7))):
        image, mask = volume(voxels.astype(np.float32)), volume(random.random(voxels.shape) < 0.6)
        shared = vox1.rank_histogram.compute(image, mask)
        assert decode_value(bytes(encode_value(shared))).keys() == shared.keys()  # type: ignore[union-attr]
        for name in ("eq", "neq", "leq", "lt", "geq", "gt"):
            alone, among = getattr(vox1, f"rank_{name}"), getattr(vox1, f"rank_{name}_in")
            for number in (0.0, 0.25, 0.5, 0.9, 1.0):
                expected = alone.compute(number, image, mask, 0.5).array
                np.testing.assert_array_equal(among.compute(number, image, mask, 0.5, shared).array, expected)


def test_an_empty_mask_has_no_ranks() -> None:
    image = np.array([[1, 2], [3, np.nan]], np.float32)
    nothing = np.zeros((2, 2), bool)
    assert (percentiles(image, nothing, 0.5) == -1).all()
    assert not rank_threshold(image, nothing, 0.5, ">=", 0.0).any()
    assert rank_threshold(image, nothing, 0.5, ">=", -1.0).all()


def test_one_voxel() -> None:
    image, mask = np.array([[7.5]], np.float32), np.ones((1, 1), bool)
    assert [float(percentiles(image, mask, k)[0, 0]) for k in (0.0, 0.5, 1.0)] == [0.0, 0.5, 1.0]
