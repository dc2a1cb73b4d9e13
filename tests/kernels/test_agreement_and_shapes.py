"""Measures of agreement, statistics, and shapes drawn on images."""

from __future__ import annotations

import math

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import SHAPES, masks, numbers, same, sitk_image, volume
from vlc_runtime.errors import GeometryMismatch, KernelError
from vlc_runtime.kernels import arrays, geom

RAMP = np.arange(12, dtype=np.float32).reshape(3, 4)
PREDICTED, TRUTH = volume(RAMP > 5), volume(RAMP > 7)


def test_the_documented_values() -> None:
    accuracy = arrays.pixel_accuracy.compute(PREDICTED, TRUTH)
    assert accuracy == {"accuracy": 10 / 12, "correct_pixels": 10, "total_pixels": 12, "incorrect_pixels": 2}
    dice = arrays.dice_score.compute(PREDICTED, TRUTH)
    assert dice == {"dice_score": 0.8, "intersection": 4, "predicted_positive": 6, "ground_truth_positive": 4}
    jaccard = arrays.jaccard_index.compute(PREDICTED, TRUTH)
    assert jaccard == {"jaccard_index": 4 / 6, "iou": 4 / 6, "intersection": 4, "union": 6}
    confusion = arrays.confusion_matrix.compute(PREDICTED, TRUTH)
    assert confusion["confusion_matrix"] == [[6, 2], [0, 4]]
    assert confusion["num_classes"] == 2
    assert confusion["precision"] == [1.0, 4 / 6]
    assert confusion["recall"] == [0.75, 1.0]
    assert confusion["mean_recall"] == 0.875


@settings(max_examples=40, deadline=None)
@given(masks(2))
def test_overlaps_are_those_of_itk(pair: tuple[np.ndarray, np.ndarray]) -> None:
    predicted, truth = pair
    measures = sitk.LabelOverlapMeasuresImageFilter()
    dice = arrays.dice_score.compute(volume(predicted), volume(truth))
    jaccard = arrays.jaccard_index.compute(volume(predicted), volume(truth))
    if predicted.any() or truth.any():
        measures.Execute(sitk_image(truth), sitk_image(predicted))
        assert dice["dice_score"] == pytest.approx(measures.GetDiceCoefficient())
        assert jaccard["jaccard_index"] == pytest.approx(measures.GetJaccardCoefficient())
    else:
        assert math.isnan(dice["dice_score"])
        assert jaccard["jaccard_index"] == 0.0


@settings(max_examples=40, deadline=None)
@given(SHAPES, st.integers(0, 2**32 - 1), st.sampled_from([np.uint8, np.int16, np.float32]))
def test_confusion_counts_every_pair(shape: tuple[int, ...], seed: int, dtype: type) -> None:
    random = np.random.default_rng(seed)
    predicted, truth = random.integers(0, 4, size=(2, *shape)).astype(dtype)
    record = arrays.confusion_matrix.compute(volume(predicted), volume(truth), 5)
    expected = np.zeros((5, 5), int)
    for row, column in zip(truth.ravel().astype(int), predicted.ravel().astype(int), strict=True):
        expected[row, column] += 1
    assert record["confusion_matrix"] == expected.tolist()
    assert record["recall"][4] == record["precision"][4] == record["f1_score"][4] == 0.0
    assert arrays.pixel_accuracy.compute(volume(predicted), volume(truth))["correct_pixels"] == expected.trace()


def test_labels_that_are_none() -> None:
    half = volume(np.array([[0.5]], np.float32))
    with pytest.raises(KernelError, match="whole numbers from 0"):
        arrays.confusion_matrix.compute(half, half)
    nan = volume(np.array([[np.nan]], np.float32))
    with pytest.raises(KernelError, match="whole numbers from 0"):
        arrays.confusion_matrix.compute(nan, nan)
    negative = volume(np.array([[-1]], np.int16))
    with pytest.raises(KernelError, match="whole numbers from 0"):
        arrays.confusion_matrix.compute(negative, negative)
    seven = volume(np.array([[7]], np.int16))
    with pytest.raises(KernelError, match="more than 2 classes"):
        arrays.confusion_matrix.compute(seven, seven, 2)
    many = volume(np.array([[30_000]], np.int16))
    with pytest.raises(KernelError, match="too large"):
        arrays.confusion_matrix.compute(many, many)


def test_images_that_do_not_agree_in_kind() -> None:
    colours = volume(np.zeros((3, 4, 3), np.float32), 3)
    with pytest.raises(KernelError, match="3 components meets one of 1"):
        arrays.pixel_accuracy.compute(colours, TRUTH)
    with pytest.raises(GeometryMismatch):
        arrays.dice_score.compute(PREDICTED, volume(np.zeros((2, 2), np.bool_)))


def test_counts_of_values() -> None:
    image = volume(np.array([[1, 1, 2, 5]], np.uint8))
    assert arrays.count_pixels.compute(image, 1.0) == {
        "value": 1.0,
        "count": 2,
        "total_pixels": 4,
        "percentage": 50.0,
    }
    assert arrays.count_pixels.compute(image) == {
        "unique_values": [1, 2, 5],
        "counts": [2, 1, 1],
        "total_pixels": 4,
        "percentages": [50.0, 25.0, 25.0],
    }


@settings(max_examples=40, deadline=None)
@given(numbers())
def test_statistics(values: np.ndarray) -> None:
    values = np.minimum(values, np.float32(100))
    record = arrays.array_stats.compute(volume(values))
    doubles = values.astype(np.float64)
    assert record["mean"] == pytest.approx(doubles.mean(), rel=1e-12)
    assert record["std"] == pytest.approx(doubles.std(), rel=1e-9, abs=1e-12)
    assert record["median"] == float(np.median(doubles))
    assert (record["min"], record["max"]) == (doubles.min(), doubles.max())
    assert record["shape"] == list(values.shape)
    assert record["unique_values"] == len(set(doubles.ravel().tolist()))
    assert type(record["unique_values"]) is int


def test_statistics_of_masks_and_of_nan() -> None:
    record = arrays.array_stats.compute(volume(np.array([[True, False, True, True]])))
    assert (record["mean"], record["median"], record["min"], record["max"]) == (0.75, 1.0, 0.0, 1.0)
    record = arrays.array_stats.compute(volume(np.array([[1.0, np.nan]], np.float32)))
    assert all(math.isnan(record[name]) for name in ("mean", "std", "median"))


def test_comparison_of_bytes_does_not_wrap() -> None:
    first, second = volume(np.array([[200, 3, 4]], np.uint8)), volume(np.array([[100, 3, 6]], np.uint8))
    assert arrays.compare_arrays.compute(first, second) == {
        "shapes_match": True,
        "elements_equal": 1,
        "elements_different": 2,
        "total_elements": 3,
        "percent_equal": 1 / 3 * 100,
        "mean_difference": -98 / 3,
        "mean_absolute_difference": 102 / 3,
        "max_absolute_difference": 100.0,
        "min_difference": -100.0,
        "max_difference": 2.0,
    }


def test_threshold_equal() -> None:
    image = volume(np.array([[0.1, 2, 2]], np.float32))
    same(arrays.threshold_equal.compute(image, 2).array, np.array([[0, 1, 1]], np.float32))
    same(arrays.threshold_equal.compute(image, 0.1, 7, 0.5).array, np.array([[7, 0.5, 0.5]], np.float32))


def test_vectors() -> None:
    assert arrays.vector_uint32.compute([1.0, 2, 4294967295]) == [1, 2, 4294967295]
    assert [type(item) for item in arrays.vector_double.compute([1, True])] == [float, float]
    for bad in ([-1], [2**32], [0.5], ["1"]):
        with pytest.raises(KernelError):
            arrays.vector_uint32.compute(bad)


def test_circle() -> None:
    drawn = geom.circle.compute(geom.blank.compute(5, 5, 0), 2, 2, 1, 9)
    assert drawn.array.tolist() == [
        [0, 0, 0, 0, 0],
        [0, 0, 9, 0, 0],
        [0, 9, 9, 9, 0],
        [0, 0, 9, 0, 0],
        [0, 0, 0, 0, 0],
    ]
    same(geom.circle.compute(drawn, 2, 2, -1, 5).array, drawn.array)


@pytest.mark.parametrize("size", [7, 8, 41, 64])
def test_a_square_is_a_diamond_with_its_boundary(size: int) -> None:
    centre = size // 2
    drawn = geom.regular_polygon.compute(geom.blank.compute(size, size), centre, centre, 3, 4, 1)
    rows, columns = np.indices((size, size))
    same(drawn.array, (np.abs(rows - centre) + np.abs(columns - centre) <= 3).astype(np.float32))


def test_a_polygon_of_many_sides_is_a_circle() -> None:
    blank = geom.blank.compute(40, 50)
    same(
        geom.regular_polygon.compute(blank, 20.3, 17.1, 9.7, 100_000, 1).array,
        geom.circle.compute(blank, 20.3, 17.1, 9.7, 1).array,
    )


def test_a_triangle_points_to_the_left() -> None:
    drawn = geom.regular_polygon.compute(geom.blank.compute(21, 21), 10, 10, 8, 3, 1).array
    assert drawn[10].nonzero()[0].tolist() == list(range(2, 15))
    assert np.array_equal(drawn, drawn[::-1])


def test_blank_has_rows_and_columns() -> None:
    blank = geom.blank.compute(2, 3, 0.5)
    assert blank.geometry.size == (3, 2)
    same(blank.array, np.full((2, 3), 0.5, np.float32))


def test_shapes_that_cannot_be_drawn() -> None:
    blank = geom.blank.compute(3, 3)
    with pytest.raises(KernelError, match="at least 3 sides"):
        geom.regular_polygon.compute(blank, 1, 1, 1, 2, 1)
    with pytest.raises(KernelError, match="no voxels"):
        geom.blank.compute(0, 3)
    with pytest.raises(KernelError, match="whole number"):
        geom.blank.compute(2.5, 3)
    with pytest.raises(KernelError, match="3 dimensions"):
        geom.circle.compute(volume(np.zeros((2, 2, 2), np.float32)), 1, 1, 1, 1)
