"""Measures of agreement and statistics of images. Results are records, printed as Python's dictionaries."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.agreement import class_counts, median, moments, overlap, ratio
from vlc_runtime.kernels.algorithms.reductions import ordered_sum
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.kernels.algorithms.scalars import number
from vlc_runtime.operator import integral, operator
from vlc_runtime.volume import AnyImage, NumberImage, Volume


@operator(version=1)
def pixel_accuracy(predicted: AnyImage, truth: AnyImage) -> dict[str, object]:
    """How many voxels are equal: accuracy, correct_pixels, total_pixels, incorrect_pixels."""
    _require_alike(predicted, truth)
    total = predicted.array.size
    correct = int(np.count_nonzero(predicted.array == truth.array))
    return {
        "accuracy": ratio(correct, total),
        "correct_pixels": correct,
        "total_pixels": total,
        "incorrect_pixels": total - correct,
    }


@operator(version=1)
def dice_score(predicted: AnyImage, truth: AnyImage, label: float = 1.0) -> dict[str, object]:
    """2 |P and T| / (|P| + |T|) of the voxels with the label; NaN when neither image has any."""
    _require_alike(predicted, truth)
    both, positive, correct = overlap(predicted.array, truth.array, label)
    return {
        "dice_score": ratio(2.0 * both, positive + correct, math.nan),
        "intersection": both,
        "predicted_positive": positive,
        "ground_truth_positive": correct,
    }


@operator(version=1)
def jaccard_index(predicted: AnyImage, truth: AnyImage, label: float = 1.0) -> dict[str, object]:
    """|P and T| / |P or T| of the voxels with the label; 0 when neither image has any."""
    _require_alike(predicted, truth)
    both, positive, correct = overlap(predicted.array, truth.array, label)
    union = positive + correct - both
    index = ratio(both, union)
    return {"jaccard_index": index, "iou": index, "intersection": both, "union": union}


@operator(version=1)
def confusion_matrix(predicted: AnyImage, truth: AnyImage, classes: int = 0) -> dict[str, object]:
    """Counts by label (rows: truth, columns: prediction), with precision, recall and F1 of each class and their means.

    Labels are whole numbers from 0; without `classes` there are as many as occur. What is undefined is 0.
    """
    _require_alike(predicted, truth)
    counts = class_counts(predicted.array, truth.array, classes)
    found = counts.sum(axis=0).tolist()
    present = counts.sum(axis=1).tolist()
    hits = counts.diagonal().tolist()
    precision = [ratio(hit, total) for hit, total in zip(hits, found, strict=True)]
    recall = [ratio(hit, total) for hit, total in zip(hits, present, strict=True)]
    f1_score = [ratio(2 * p * r, p + r) for p, r in zip(precision, recall, strict=True)]
    return {
        "confusion_matrix": counts.tolist(),
        "num_classes": len(hits),
        "precision": precision,
        "recall": recall,
        "f1_score": f1_score,
        "mean_precision": sum(precision) / len(hits),
        "mean_recall": sum(recall) / len(hits),
        "mean_f1_score": sum(f1_score) / len(hits),
    }


@operator(version=1)
def count_pixels(image: AnyImage, value: float | None = None) -> dict[str, object]:
    """How many voxels have a value (value, count, total_pixels, percentage), or, without one, of all that occur."""
    total = image.array.size
    if value is not None:
        count = int(np.count_nonzero(image.array == value))
        return {
            "value": number(value),
            "count": count,
            "total_pixels": total,
            "percentage": ratio(count * 100.0, total),
        }
    values, counts = np.unique(image.array, return_counts=True)
    return {
        "unique_values": values.tolist(),
        "counts": counts.tolist(),
        "total_pixels": total,
        "percentages": [ratio(count * 100.0, total) for count in counts.tolist()],
    }


@operator(version=1)
def array_stats(image: AnyImage) -> dict[str, object]:
    """mean, std (of the population), min, max, median, shape (z, y, x), total_elements, unique_values."""
    array = image.array
    _require_voxels(image)
    mean, deviation = moments(array)
    return {
        "mean": mean,
        "std": deviation,
        "min": float(array.min()),
        "max": float(array.max()),
        "median": median(array),
        "shape": list(array.shape),
        "total_elements": array.size,
        "unique_values": len(np.unique(array)),
    }


@operator(version=1)
def compare_arrays(first: AnyImage, second: AnyImage) -> dict[str, object]:
    """How many voxels are equal and how far the others are apart (second - first, in double)."""
    _require_alike(first, second)
    _require_voxels(first)
    total = first.array.size
    equal = int(np.count_nonzero(first.array == second.array))
    with np.errstate(all="ignore"):
        difference: NDArray[np.float64] = second.array.astype(np.float64) - first.array.astype(np.float64)
    magnitude = np.abs(difference)
    return {
        "shapes_match": True,
        "elements_equal": equal,
        "elements_different": total - equal,
        "total_elements": total,
        "percent_equal": equal / total * 100.0,
        "mean_difference": ordered_sum(difference) / total,
        "mean_absolute_difference": ordered_sum(magnitude) / total,
        "max_absolute_difference": float(magnitude.max()),
        "min_difference": float(difference.min()),
        "max_difference": float(difference.max()),
    }


@operator(version=1, cost="voxelwise")
def threshold_equal(image: NumberImage, value: float, true_value: float = 1.0, false_value: float = 0.0) -> NumberImage:
    """true_value where the voxel equals the value (rounded to float32), false_value elsewhere."""
    return image.like(np.where(image.array == single(value), single(true_value), single(false_value)))


@operator(version=1, cost="immediate")
def vector_uint32(values: list[float]) -> list[int]:
    """The numbers as unsigned 32-bit whole numbers; any other number is an error."""
    vector = [integral(value) for value in values]
    for element in vector:
        if not 0 <= element < 2**32:
            raise KernelError(f"{element} is no unsigned 32-bit number")
    return vector


@operator(version=1, cost="immediate")
def vector_double(values: list[float]) -> list[float]:
    """The numbers as doubles."""
    return [number(value) for value in values]


def _require_alike(first: Volume, second: Volume) -> None:
    if first.components != second.components:
        raise KernelError(f"an image of {first.components} components meets one of {second.components}")


def _require_voxels(image: Volume) -> None:
    if not image.array.size:
        raise KernelError("an image without voxels has no statistics")
