"""The sums of `algorithms.cross_correlation` by running counts: one update a voxel, a few vector operations a bin."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled


@compiled
def fill_labels(
    image: NDArray[np.float32],
    lowest: float,
    highest: float,
    width: float,
    bins: int,
    labels: NDArray[np.unsignedinteger[Any]],
) -> None:
    """Fill `labels` with the bin of each voxel, `bins` for none. Both are contiguous. Without branches: vectorised."""
    values, targets = image.reshape(image.size), labels.reshape(image.size)
    last, none = np.float64(bins - 1), np.uint32(bins)
    for i in range(len(values)):
        value = np.float64(values[i])
        inside = (value >= lowest) & (value < highest)
        # rounding may take a value just below `highest` to the upper end
        place = min((value - lowest) / width, last) if inside else 0.0
        targets[i] = np.uint32(np.int32(place)) if inside else none


@compiled
def correlate_planes(
    labels: NDArray[np.uint16],
    first: int,
    reach: tuple[int, int, int],
    reference: NDArray[np.int64],
    output: NDArray[np.float32],
) -> None:
    """Fill `output` with the correlations of as many planes from `first` on.

    `labels` (z, y, x) are bin numbers, len(reference) for none; `reach` has the half widths z, y, x of a box of fewer
    than 2^16 voxels. `pillars[y, b, x]` counts bin b over the planes of the box, `columns[b, x]` over its planes and
    rows; windows of that along x are the histograms of the boxes. `in_row[y, b]` and `in_columns[b]` are their sums, by
    which empty rows are passed over.
    """
    planes, rows, length = labels.shape
    bins = len(reference)
    reach_z, reach_y, reach_x = reach
    padded = length + 2 * reach_x
    weights = np.zeros(bins + 1, dtype=np.int64)
    weights[:bins] = reference

    pillars = np.zeros((rows, bins, length), dtype=np.uint16)
    weight_pillars = np.zeros((rows, length), dtype=np.int64)
    in_row = np.zeros((rows, bins), dtype=np.int64)
    columns = np.zeros((bins, padded), dtype=np.uint16)
    weight_columns = np.zeros(padded, dtype=np.int64)
    in_columns = np.zeros(bins, dtype=np.int64)
    spare = np.zeros((2, padded), dtype=np.uint16)
    counts = np.zeros(length, dtype=np.uint16)
    squares = np.zeros(length, dtype=np.uint32)
    sums = np.zeros(length, dtype=np.uint32)

    for z in range(max(0, first - reach_z), min(planes, first + reach_z)):
        _count_plane(labels[z], weights, 1, pillars, weight_pillars, in_row)
    for plane in range(output.shape[0]):
        z = first + plane
        if z + reach_z < planes:
            _count_plane(labels[z + reach_z], weights, 1, pillars, weight_pillars, in_row)
        if plane > 0 and z - reach_z - 1 >= 0:
            _count_plane(labels[z - reach_z - 1], weights, -1, pillars, weight_pillars, in_row)
        columns[:, :] = 0
        weight_columns[:] = 0
        in_columns[:] = 0
        for y in range(-reach_y, rows):
            entering, leaving = y + reach_y, y - reach_y - 1
            for label in range(bins):
                column = columns[label, reach_x : reach_x + length]
                if entering < rows and in_row[entering, label] > 0:
                    _add(column, pillars[entering, label])
                    in_columns[label] += in_row[entering, label]
                if leaving >= 0 and in_row[leaving, label] > 0:
                    _subtract(column, pillars[leaving, label])
                    in_columns[label] -= in_row[leaving, label]
            weight_column = weight_columns[reach_x : reach_x + length]
            if entering < rows:
                _add(weight_column, weight_pillars[entering])
            if leaving >= 0:
                _subtract(weight_column, weight_pillars[leaving])
            if y < 0:
                continue
            squares[:] = 0
            sums[:] = 0
            for label in range(bins):
                if in_columns[label] > 0:
                    _windows(columns[label], 2 * reach_x + 1, spare, counts)
                    _add_squares(counts, sums, squares)
            _correlate_row(squares, sums, weight_columns, 2 * reach_x + 1, reference, output[plane, y])


@compiled
def _count_plane(
    labels: NDArray[np.uint16],
    weights: NDArray[np.int64],
    change: int,
    pillars: NDArray[np.uint16],
    weight_pillars: NDArray[np.int64],
    in_row: NDArray[np.int64],
) -> None:
    """Let a plane enter (change 1) or leave (-1) the boxes.

    Runs of one label are added to `in_row` at their ends: additions to one place would wait for each other.
    """
    bins = len(weights) - 1
    for y in range(labels.shape[0]):
        previous, start = bins, 0
        for x in range(labels.shape[1]):
            label = labels[y, x]
            if label < bins:
                pillars[y, label, x] += change
                weight_pillars[y, x] += change * weights[label]
            if label != previous:
                if previous < bins:
                    in_row[y, previous] += change * (x - start)
                previous, start = label, x
        if previous < bins:
            in_row[y, previous] += change * (labels.shape[1] - start)


@compiled
def _add(target: NDArray[Any], source: NDArray[Any]) -> None:
    for i in range(len(target)):
        target[i] += source[i]


@compiled
def _subtract(target: NDArray[Any], source: NDArray[Any]) -> None:
    for i in range(len(target)):
        target[i] -= source[i]


@compiled
def _windows(row: NDArray[np.uint16], width: int, spare: NDArray[np.uint16], sums: NDArray[np.uint16]) -> None:
    """sums[i] = row[i] + ... + row[i + width - 1], from sums over powers of two; `spare` is two rows of room.

    Each loop reads and writes different arrays, without which it would not be vectorised.
    """
    sums[:] = 0
    taken, span, source, target = 0, 1, row, 0
    while True:
        if width & span:
            _add(sums, source[taken : taken + len(sums)])
            taken += span
        if taken == width:
            return
        size = len(source) - span
        doubled = spare[target, :size]
        _sum(source[:size], source[span : span + size], doubled)
        source, target = doubled, 1 - target
        span *= 2


@compiled
def _sum(first: NDArray[np.uint16], second: NDArray[np.uint16], target: NDArray[np.uint16]) -> None:
    for i in range(len(target)):
        target[i] = first[i] + second[i]


@compiled
def _add_squares(counts: NDArray[np.uint16], sums: NDArray[np.uint32], squares: NDArray[np.uint32]) -> None:
    for i in range(len(counts)):
        count = np.uint32(counts[i])
        sums[i] += count
        squares[i] += count * count


@compiled
def _correlate_row(
    squares: NDArray[np.uint32],
    sums: NDArray[np.uint32],
    weight_columns: NDArray[np.int64],
    width: int,
    reference: NDArray[np.int64],
    output: NDArray[np.float32],
) -> None:
    bins = np.int64(len(reference))
    total = np.int64(0)
    energy = np.int64(0)
    for count in reference:
        total += count
        energy += count * count
    reference_variance = bins * energy - total * total
    reference_root = np.sqrt(np.float64(reference_variance))
    product = np.int64(0)
    for x in range(width - 1):
        product += weight_columns[x]
    for x in range(len(output)):
        product += weight_columns[x + width - 1]
        binned = np.int64(sums[x])
        variance = bins * np.int64(squares[x]) - binned * binned
        covariance = bins * product - total * binned
        product -= weight_columns[x]
        if variance == 0:
            output[x] = 1.0 if reference_variance == 0 else 0.0
        elif reference_variance == 0:
            output[x] = 0.0
        else:
            output[x] = covariance / (np.sqrt(np.float64(variance)) * reference_root)
