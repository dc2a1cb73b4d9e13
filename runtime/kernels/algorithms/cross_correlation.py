"""Statistical cross-correlation: how alike the histogram around each voxel is to the histogram of a region.

H1(p) is the histogram of one image over the box of voxels around p, H2 that of another image over a mask, both of the
same bins; the result at p is Pearson's correlation of the two count vectors. Counts are integers, and so are the
numerators below, which makes the result independent of the order of summation, of slabs and of threads:

    n12 = bins * sum(H1 H2) - sum(H1) sum(H2)     n11 = bins * sum(H1 H1) - sum(H1)^2     n22 likewise
    result = n12 / (sqrt(n11) sqrt(n22))

sum(H1 H2) at p is the sum over the box of H2 at each voxel's bin, sum(H1) the number of binned voxels in the box: one
box sum each. Only sum(H1 H1) takes a box sum for each bin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import PIECE, blocks
from vlc_runtime.kernels.algorithms.boxes import Box, box_of, in_three_dimensions
from vlc_runtime.kernels.fast import worth_while
from vlc_runtime.shared_work import map_pieces

Counts = NDArray[np.unsignedinteger[Any]]

MOST_BINS = 1 << 16
"""Bins of a histogram at most: one for each value of 16 bits. Time and memory grow with them, and 64 bits hold the
correlations of this many over boxes of 10^7 voxels."""

_SLAB_VOXELS = 1 << 18
"""Voxels of a slab: the buffers of a slab should stay in a core's cache."""
_COMPILED_PLANES = 32
"""Planes of a slab of the compiled sums, at least: those around it are counted once more, which is little work."""
_SCRATCH = 16
"""Bytes a voxel of a slab that its buffers take, at most."""
_STEPS_OF_LABEL = 3
"""Elementary steps that numpy takes for the bin of a voxel, more or less."""
_MOST_COUNTS = 1 << 25
"""Counts (two bytes each) that the compiled sums may keep."""


def cross_correlation(
    image: NDArray[np.float32],
    other: NDArray[np.float32],
    mask: NDArray[np.bool_],
    *,
    half_widths: Sequence[int],
    lowest: float,
    highest: float,
    bins: int,
) -> NDArray[np.float32]:
    """Correlate the histogram of `image` around each voxel with that of `other` over the mask.

    The arrays are 2D or 3D and of one shape. `half_widths` has the x axis first: the box of a voxel is 2 h + 1
    voxels wide along each axis, clipped at the border of the image. The `bins` bins, at most MOST_BINS, divide
    lowest <= value < highest evenly; other values, NaN included, are in no bin. Where both histograms are flat (or
    empty) the result is 1, where one is it is 0. Time is linear in voxels times bins, whatever the box, where there are
    binned voxels; memory beyond the result is two bytes a voxel (three for more than 255 bins) and the buffers of a
    slab for each worker that takes part.
    """
    if not image.size:
        return np.zeros(image.shape, dtype=np.float32)
    labels = bin_labels(image, lowest, highest, bins)
    other_labels = labels if other is image else bin_labels(other, lowest, highest, bins)
    reference = np.bincount(other_labels[mask], minlength=bins + 1)[:bins].astype(np.int64)
    del other_labels
    elsewhere = _pearson(np.zeros(1, np.int64), np.zeros(1, np.int64), _variance(reference))[0]
    result = np.full(image.shape, elsewhere, dtype=np.float32)
    box = _reached(labels != bins, half_widths)
    if box is not None:
        _correlate(labels[box], reference, half_widths, result[box])
    return result


def _reached(binned: NDArray[np.bool_], half_widths: Sequence[int]) -> Box | None:
    """The box of the voxels whose boxes have a binned voxel; None when there is none.

    The others have no histogram; and beyond the image or beyond this box, nothing is counted either way.
    """
    found = box_of(in_three_dimensions(binned))
    if found is None:
        return None
    sides = zip(found[3 - binned.ndim :], reversed(half_widths), binned.shape, strict=True)
    return tuple(slice(max(0, side.start - width), min(extent, side.stop + width)) for side, width, extent in sides)


def _correlate(
    labels: Counts, reference: NDArray[np.int64], half_widths: Sequence[int], result: NDArray[np.float32]
) -> None:
    """Fill `result` with the correlations of voxels of these labels."""
    if labels.ndim == 2:  # slabs are cut along the first axis: make that y
        labels, result = labels[:, np.newaxis, :], result[:, np.newaxis, :]
        widths = (half_widths[1], 0, half_widths[0])
    else:
        widths = (half_widths[2], half_widths[1], half_widths[0])
    reach = tuple(min(width, extent - 1) for width, extent in zip(widths, labels.shape, strict=True))
    correlation = _Correlation(labels, (reach[0], reach[1], reach[2]), reference)
    of_slab, thickness = correlation.of_slab, correlation.slab_thickness()
    if correlation.compiles() and worth_while(labels.size * len(reference)):
        of_slab, thickness = correlation.of_slab_compiled, max(_COMPILED_PLANES, 8 * reach[0])
    scratch = _SCRATCH * (thickness + 2 * reach[0]) * labels[0].size
    map_pieces(lambda slab: of_slab(slab, result[slab]), list(blocks(len(labels), thickness)), scratch=scratch)


def bin_labels(image: NDArray[np.float32], lowest: float, highest: float, bins: int) -> Counts:
    """The bin of each voxel, computed in double; `bins` for those in none."""
    labels = np.full(image.shape, bins, dtype=_unsigned(bins))
    width = (highest - lowest) / bins
    if not width > 0:
        return labels

    image, fill, together = np.ascontiguousarray(image), _fill_labels, _SLAB_VOXELS
    if worth_while(image.size * _STEPS_OF_LABEL):
        from vlc_runtime.kernels.fast.cross_correlation import fill_labels as fill

        together = PIECE

    thickness = max(1, together // max(1, image[0].size))
    map_pieces(
        lambda planes: fill(image[planes], lowest, highest, width, bins, labels[planes]),
        list(blocks(len(image), thickness)),
        scratch=_SCRATCH * image[0].size,
    )
    return labels


def _fill_labels(
    image: NDArray[np.float32], lowest: float, highest: float, width: float, bins: int, labels: Counts
) -> None:
    """Fill `labels` with the bin of each voxel that is in one, plane by plane, since doubles take room."""
    for plane, target in zip(image, labels, strict=True):
        values = plane.astype(np.float64)
        inside = (values >= lowest) & (values < highest)
        values -= lowest
        values /= width
        # rounding may take a value just below `highest` to the upper end
        np.minimum(values, bins - 1, out=values)
        np.copyto(target, values, where=inside, casting="unsafe")


@dataclass(frozen=True, slots=True, eq=False)
class _Correlation:
    """`labels` are 3D; `reach` has a half width for each axis of the array; `reference` is H2."""

    labels: Counts
    reach: tuple[int, int, int]
    reference: NDArray[np.int64]

    def slab_thickness(self) -> int:
        """Planes of a slab: at least as many as the box, so that most of the work is not on the overlap of slabs."""
        rows, columns = self._padded_plane
        return max(2 * self.reach[0] + 1, _SLAB_VOXELS // (rows * columns))

    def compiles(self) -> bool:
        """Whether the compiled sums apply: bins and counts have 16 bits there, and a plane has a count for each bin."""
        bins = len(self.reference)
        counts = bins * self.labels.shape[1] * self.labels.shape[2]
        return max(bins, self._box) < 1 << 16 and counts <= _MOST_COUNTS

    def of_slab_compiled(self, slab: slice, result: NDArray[np.float32]) -> None:
        """Fill `result` with the correlations of some planes, by numba."""
        from vlc_runtime.kernels.fast.cross_correlation import correlate_planes

        first, last = max(0, slab.start - self.reach[0]), slab.stop + self.reach[0]
        bins, total, variance = len(self.reference), int(self.reference.sum()), _variance(self.reference)
        # doubles hold all numerators where 32 bits hold these sums: they stay below 2^53
        narrow = self._box * int(self.reference.max()) < 1 << 32 and total < 1 << 37
        number = np.float64 if narrow else np.int64
        correlations = result if result.flags.c_contiguous else np.empty(result.shape, np.float32)
        correlate_planes(
            self.labels[first:last],
            slab.start - first,
            self.reach,
            np.append(self.reference, 0).astype(np.uint32 if narrow else np.int64),
            (number(bins), number(total), float(np.sqrt(float(variance)))),
            np.empty(0, _unsigned((2 * self.reach[0] + 1) * (2 * self.reach[1] + 1))),
            correlations,
        )
        if correlations is not result:
            result[...] = correlations

    def of_slab(self, slab: slice, result: NDArray[np.float32]) -> None:
        """Fill `result` with the correlations of some planes."""
        bins = len(self.reference)
        labels = self._padded(slab)
        weights = np.append(self.reference, 0).astype(_unsigned(self._box * max(1, int(self.reference.max()))))
        products = self._box_sums(weights[labels])
        totals = self._box_sums((labels != bins).view(np.uint8))
        squares = np.zeros(totals.size, dtype=_unsigned(self._box**2))
        square = np.empty_like(squares)
        for label in range(bins):
            members = labels == label
            if members.any():
                np.copyto(square, self._box_sums(members.view(np.uint8)))
                square *= square
                squares += square
        self._correlate(products, totals, squares, result)

    def _correlate(self, products: Counts, totals: Counts, squares: Counts, result: NDArray[np.float32]) -> None:
        """The correlations from the box sums of a padded slab, plane by plane since their integers are wide."""
        bins, total, variance = len(self.reference), int(self.reference.sum()), _variance(self.reference)
        rows, columns = self._padded_plane
        padded = np.zeros((rows, columns), dtype=np.float32)
        for plane, target in enumerate(result):
            part = slice(plane * rows * columns, (plane + 1) * rows * columns)
            sums = totals[part].astype(np.int64)
            covariances = bins * products[part].astype(np.int64) - total * sums
            variances = bins * squares[part].astype(np.int64) - sums * sums
            padded.reshape(-1)[: sums.size] = _pearson(covariances, variances, variance)
            target[...] = padded[: target.shape[0], : target.shape[1]]

    @property
    def _box(self) -> int:
        z, y, x = self.reach
        return (2 * z + 1) * (2 * y + 1) * (2 * x + 1)

    def _padded(self, slab: slice) -> Counts:
        """The labels of a slab and of the planes around it that its boxes reach, flat, with room of no bin.

        Each row begins with as many voxels of room as a box reaches along x, and each plane with rows of room; a box
        that leaves a row or plane at its end falls into the room of the next, or into the tail.
        """
        z, y, x = self.reach
        planes, rows, columns = len(self.labels), *self._padded_plane
        first, last = max(0, slab.start - z), min(planes, slab.stop + z)
        thickness = slab.stop - slab.start + 2 * z
        flat = np.full(thickness * rows * columns + y * columns + x, len(self.reference), dtype=self.labels.dtype)
        padded = flat[: thickness * rows * columns].reshape(thickness, rows, columns)
        start = first - (slab.start - z)
        padded[start : start + last - first, y:, x:] = self.labels[first:last]
        return flat

    @property
    def _padded_plane(self) -> tuple[int, int]:
        return self.labels.shape[1] + self.reach[1], self.labels.shape[2] + self.reach[2]

    def _box_sums(self, flat: Counts) -> Counts:
        """The sums over the boxes that begin at each voxel of a flat padded slab."""
        z, y, x = self.reach
        rows, columns = self._padded_plane
        bound = int(flat.max(initial=0))
        for width, stride in ((2 * x + 1, 1), (2 * y + 1, columns), (2 * z + 1, rows * columns)):
            bound *= width
            flat = _window_sums(flat.astype(_unsigned(bound), copy=False), width, stride)
        return flat


def _window_sums(flat: Counts, width: int, stride: int) -> Counts:
    """For each position i the sum of flat[i + j * stride] over 0 <= j < width, where all of them exist.

    Sums over powers of two are doubled, and those that make up the width are added: 2 log2(width) additions.
    """
    size = flat.size - (width - 1) * stride
    total: Counts | None = None
    taken, span, sums = 0, 1, flat
    while True:
        if width & span:
            part = sums[taken * stride : taken * stride + size]
            total = part if total is None else total + part
            taken += span
        if taken == width:
            break
        sums = sums[: -span * stride] + sums[span * stride :]
        span *= 2
    assert total is not None
    return total


def _variance(histogram: NDArray[np.int64]) -> int:
    """The variance of the counts of a histogram, times the square of the number of bins."""
    return len(histogram) * int((histogram**2).sum()) - int(histogram.sum()) ** 2


def _pearson(
    covariances: NDArray[np.int64], variances: NDArray[np.int64], reference_variance: int
) -> NDArray[np.float64]:
    flat: NDArray[np.bool_] = variances == 0
    if reference_variance == 0:
        return flat.astype(np.float64)
    scale = np.sqrt(variances)
    scale *= np.sqrt(float(reference_variance))
    scale[flat] = 1.0  # and their covariances are 0
    correlations: NDArray[np.float64] = covariances / scale
    return correlations


def _unsigned(largest: int) -> np.dtype[Any]:
    """The smallest unsigned integers that hold 0 to `largest`."""
    smallest: np.dtype[Any] = np.min_scalar_type(largest)
    return smallest
