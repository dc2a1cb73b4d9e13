"""The sums of `algorithms.cross_correlation` by running counts: one update a voxel, a few vector operations a bin."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled

Counts = NDArray[np.unsignedinteger[Any]]
Places = NDArray[np.int64]

_ALIKE = 16
"""Neighbours that are looked at together: of the background mostly all are of one bin."""
_GROUP = 8
"""Rows that share what is known of where a bin occurs."""


@compiled
def fill_labels(
    image: NDArray[np.float32],
    lowest: float,
    highest: float,
    width: float,
    bins: int,
    labels: Counts,
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
    labels: Counts,
    first: int,
    reach: tuple[int, int, int],
    weights: NDArray[np.integer[Any]],
    numbers: tuple[Any, Any, float],
    of_column: Counts,
    output: NDArray[np.float32],
) -> None:
    """Fill `output` with the correlations of as many planes from `first` on.

    `labels` (z, y, x) are bin numbers, len(weights) - 1 for none; `weights` are the counts of the reference and a 0 for
    none, of a type that holds their sums over a box; `reach` has the half widths z, y, x of a box of fewer than 2^16
    voxels. `numbers` are of the reference: bins, sum of counts (both of a type in which the numerators are exact), and
    the root of its variance. `of_column` is of a type that holds how many voxels a column of the box has.

    `pillars[y, b, x]` counts bin b over the planes of the box, `columns[b, x]` over its planes and rows; windows of
    that along x are the histograms of the boxes. Bin b occurs in rows of group g from x = `low[g, b]` to `high[g, b]`
    at most: nothing is added, and no window formed, elsewhere.
    """
    planes, rows, length = labels.shape
    bins = len(weights) - 1
    reach_z, reach_y, reach_x = reach
    width, padded = 2 * reach_x + 1, length + 2 * reach_x
    middle = slice(reach_x, reach_x + length)

    pillars = np.zeros((rows, bins, length), of_column.dtype)
    weight_pillars = np.zeros((rows, length), weights.dtype)
    binned_pillars = np.zeros((rows, length), np.uint16)
    groups = (rows + _GROUP - 1) // _GROUP
    low, high = np.full((groups, bins), length), np.zeros((groups, bins), np.int64)
    columns = np.zeros((bins, padded), of_column.dtype)
    weight_columns, binned_columns = np.zeros(padded, weights.dtype), np.zeros(padded, np.uint16)
    spare, weight_spare = np.zeros((2, padded), np.uint16), np.zeros((2, padded), weights.dtype)
    counts, squares = np.zeros(length, np.uint16), np.zeros(length, np.uint32)
    binned, products = np.zeros(length, np.uint16), np.zeros(length, weights.dtype)

    for z in range(max(0, first - reach_z), min(planes, first + reach_z)):
        _enter(labels[z], weights, pillars, weight_pillars, binned_pillars, low, high)
    for plane in range(output.shape[0]):
        z = first + plane
        if z + reach_z < planes:
            _enter(labels[z + reach_z], weights, pillars, weight_pillars, binned_pillars, low, high)
        if plane > 0 and z - reach_z - 1 >= 0:
            _leave(labels[z - reach_z - 1], weights, pillars, weight_pillars, binned_pillars)
        columns[:, :] = 0
        weight_columns[:] = 0
        binned_columns[:] = 0
        for y in range(-reach_y, rows):
            entering, leaving = y + reach_y, y - reach_y - 1
            if entering < rows:
                group = entering // _GROUP
                _add_bins(columns[:, middle], pillars[entering], low[group], high[group])
                _add(weight_columns[middle], weight_pillars[entering])
                _add(binned_columns[middle], binned_pillars[entering])
            if leaving >= 0:
                group = leaving // _GROUP
                _subtract_bins(columns[:, middle], pillars[leaving], low[group], high[group])
                _subtract(weight_columns[middle], weight_pillars[leaving])
                _subtract(binned_columns[middle], binned_pillars[leaving])
            if y < 0:
                continue
            squares[:] = 0
            for label in range(bins):
                start, stop = length, 0
                for group in range(max(0, y - reach_y) // _GROUP, min(rows - 1, y + reach_y) // _GROUP + 1):
                    start, stop = min(start, low[group, label]), max(stop, high[group, label])
                if start < stop:
                    start, stop = max(0, start - reach_x), min(length, stop + reach_x)
                    _windows(columns[label, start : stop + 2 * reach_x], width, spare, counts[: stop - start])
                    _add_squares(counts[: stop - start], squares[start:stop])
            _windows(weight_columns, width, weight_spare, products)
            _windows(binned_columns, width, spare, binned)
            _correlate_row(squares, binned, products, numbers, output[plane, y])


@compiled
def _enter(
    labels: Counts,
    weights: NDArray[np.integer[Any]],
    pillars: Counts,
    weight_pillars: NDArray[np.integer[Any]],
    binned_pillars: Counts,
    low: Places,
    high: Places,
) -> None:
    """Let a plane enter the boxes."""
    bins = len(weights) - 1
    one, one_binned = pillars.dtype.type(1), np.uint16(1)
    for y in range(labels.shape[0]):
        row, lows, highs = labels[y], low[y // _GROUP], high[y // _GROUP]
        x = 0
        while x < len(row):
            label, stop = row[x], _end_of_alike(row, x)
            if stop > x:
                if label < bins:
                    lows[label], highs[label] = min(lows[label], x), max(highs[label], stop)
                    _shift(pillars[y, label, x:stop], one)
                    _shift(weight_pillars[y, x:stop], weights[label])
                    _shift(binned_pillars[y, x:stop], one_binned)
                x = stop
                continue
            stop = min(x + _ALIKE, len(row))
            while x < stop:
                label = row[x]
                if label < bins:
                    pillars[y, label, x] += one
                    weight_pillars[y, x] += weights[label]
                    binned_pillars[y, x] += one_binned
                    if x < lows[label]:
                        lows[label] = x
                    if x >= highs[label]:
                        highs[label] = x + 1
                x += 1


@compiled
def _leave(
    labels: Counts,
    weights: NDArray[np.integer[Any]],
    pillars: Counts,
    weight_pillars: NDArray[np.integer[Any]],
    binned_pillars: Counts,
) -> None:
    """Let a plane leave the boxes. What is known of where bins occur stays true."""
    bins = len(weights) - 1
    one, one_binned = pillars.dtype.type(1), np.uint16(1)
    for y in range(labels.shape[0]):
        row = labels[y]
        x = 0
        while x < len(row):
            label, stop = row[x], _end_of_alike(row, x)
            if stop > x:
                if label < bins:
                    _shift(pillars[y, label, x:stop], -one)
                    _shift(weight_pillars[y, x:stop], -weights[label])
                    _shift(binned_pillars[y, x:stop], -one_binned)
                x = stop
                continue
            stop = min(x + _ALIKE, len(row))
            while x < stop:
                label = row[x]
                if label < bins:
                    pillars[y, label, x] -= one
                    weight_pillars[y, x] -= weights[label]
                    binned_pillars[y, x] -= one_binned
                x += 1


@compiled
def _end_of_alike(row: Counts, x: int) -> int:
    """Up to where labels from x on are equal, some at a time; x itself where the first few are not."""
    label = row[x]
    while x + _ALIKE <= len(row):
        differences = row[x] ^ label
        for i in range(_ALIKE):
            differences |= row[x + i] ^ label
        if differences != 0:
            break
        x += _ALIKE
    return x


@compiled
def _shift(target: NDArray[np.integer[Any]], amount: Any) -> None:
    """Add a number, modulo what the type holds."""
    for i in range(len(target)):
        target[i] += amount


@compiled
def _add(target: NDArray[Any], source: NDArray[Any]) -> None:
    for i in range(len(target)):
        target[i] += source[i]


@compiled
def _subtract(target: NDArray[Any], source: NDArray[Any]) -> None:
    for i in range(len(target)):
        target[i] -= source[i]


@compiled
def _add_bins(columns: Counts, row: Counts, low: Places, high: Places) -> None:
    """Add each bin's counts of a row, from where it occurs to where it ends."""
    for label in range(len(row)):
        if low[label] < high[label]:
            part = slice(low[label], high[label])
            _add(columns[label, part], row[label, part])


@compiled
def _subtract_bins(columns: Counts, row: Counts, low: Places, high: Places) -> None:
    """Take them away again."""
    for label in range(len(row)):
        if low[label] < high[label]:
            part = slice(low[label], high[label])
            _subtract(columns[label, part], row[label, part])


@compiled
def _windows(row: NDArray[Any], width: int, spare: NDArray[Any], sums: NDArray[Any]) -> None:
    """sums[i] = row[i] + ... + row[i + width - 1] for an odd width, from sums over powers of two; `spare` is two rows
    of room, of a type that holds the sums.

    Each loop reads and writes different arrays, without which it would not be vectorised.
    """
    for i in range(len(sums)):
        sums[i] = row[i]
    if width == 1:
        return
    pairs = spare[0, : len(row) - 1]
    _sum(row[:-1], row[1:], pairs)
    taken, span, source, target = 1, 2, pairs, 1
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
def _sum(first: NDArray[Any], second: NDArray[Any], target: NDArray[Any]) -> None:
    for i in range(len(target)):
        target[i] = target.dtype.type(first[i]) + target.dtype.type(second[i])


@compiled
def _add_squares(counts: NDArray[np.uint16], squares: NDArray[np.uint32]) -> None:
    for i in range(len(counts)):
        count = np.uint32(counts[i])
        squares[i] += count * count


@compiled
def _correlate_row(
    squares: NDArray[np.uint32],
    binned: NDArray[np.uint16],
    products: NDArray[np.integer[Any]],
    numbers: tuple[Any, Any, float],
    output: NDArray[np.float32],
) -> None:
    bins, total, root = numbers
    flat = np.float32(1.0) if root == 0 else np.float32(0.0)
    for x in range(len(output)):
        count = bins * 0 + binned[x]
        variance = bins * squares[x] - count * count
        covariance = bins * products[x] - total * count
        correlation = np.float32(covariance / (np.sqrt(np.float64(variance)) * root))
        output[x] = flat if variance == 0 else correlation if root > 0 else np.float32(0.0)
