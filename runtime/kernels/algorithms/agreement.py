"""How well two label images agree, and what is in one. Arrays of any dtype; counts are exact whole numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.reductions import ordered_sum

Array = NDArray[Any]
MOST_CLASSES = 4096


def overlap(predicted: Array, truth: Array, label: float) -> tuple[int, int, int]:
    """(voxels with the label in both, in the prediction, in the truth)."""
    positive, correct = predicted == label, truth == label
    both = int(np.count_nonzero(np.logical_and(positive, correct)))
    return both, int(np.count_nonzero(positive)), int(np.count_nonzero(correct))


def ratio(numerator: float, denominator: float, otherwise: float = 0.0) -> float:
    """numerator / denominator, or another value where that is undefined."""
    return numerator / denominator if denominator else otherwise


def class_counts(predicted: Array, truth: Array, classes: int) -> NDArray[np.int64]:
    """The confusion matrix: rows are the truth, columns the prediction; `classes` 0 stands for as many as occur."""
    columns, rows = _labels(predicted), _labels(truth)
    occurring = int(max(columns.max(), rows.max())) + 1
    if classes < 0 or 0 < classes < occurring:
        raise KernelError(f"the images have labels up to {occurring - 1}, which are more than {classes} classes")
    count = classes or occurring
    if count > MOST_CLASSES:
        raise KernelError(f"a confusion matrix of {count} classes is too large: at most {MOST_CLASSES}")
    return np.bincount(rows * count + columns, minlength=count * count).reshape(count, count)


def _labels(array: Array) -> NDArray[np.int64]:
    """The voxels as labels: whole numbers from 0."""
    with np.errstate(invalid="ignore"):
        labels = array.reshape(-1).astype(np.int64)
    if not labels.size:
        raise KernelError("an image without voxels has no classes")
    if not np.array_equal(labels, array.reshape(-1)) or labels.min() < 0:
        raise KernelError("a confusion matrix wants labels: whole numbers from 0")
    return labels


def moments(array: Array) -> tuple[float, float]:
    """(mean, standard deviation of the population), in double."""
    mean = ordered_sum(array) / array.size
    with np.errstate(all="ignore"):
        deviations = array.astype(np.float64) - mean
        variance = ordered_sum(deviations * deviations) / array.size
    return mean, math.sqrt(variance) if variance == variance else math.nan


def median(array: Array) -> float:
    """The middle value, or the mean in double of the two middle ones; NaN when there is a NaN."""
    flat = array.reshape(-1)
    if flat.dtype.kind == "f" and np.isnan(flat).any():
        return math.nan
    upper = flat.size // 2
    lower = upper - 1 + flat.size % 2
    ordered = np.partition(flat, (lower, upper))
    return (float(ordered[lower]) + float(ordered[upper])) / 2
