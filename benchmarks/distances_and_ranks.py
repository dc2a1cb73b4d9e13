"""The comparisons of distances, ranks and histograms with SimpleITK's filters, numpy.argsort and scipy's filters."""

from __future__ import annotations

from typing import Any

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms.bounded_distance import signed_within, within
from vlc_runtime.kernels.algorithms.percentiles import percentiles as ranks
from vlc_runtime.kernels.algorithms.rank_threshold import rank_threshold

from benchmarks.comparison import Pair, comparison
from benchmarks.subjects import Subject

PHANTOM = ("phantom",)


def distance_map(s: Subject) -> Any:
    return sitk.SignedMaurerDistanceMap(
        s.mask_itk, insideIsPositive=False, squaredDistance=False, useImageSpacing=True, backgroundValue=0.0
    )


def near_enough(s: Subject, radius: float) -> Pair:
    return (
        lambda: within(s.mask.array, radius, s.mask.geometry.spacing, strict=False),
        lambda: sitk.LessEqual(distance_map(s), radius),
    )


@comparison("distance")
def dt(s: Subject) -> Pair:
    return lambda: vox1.dt.compute(s.mask), lambda: distance_map(s)


@comparison("bounded distance", target=11)
def within_2(s: Subject) -> Pair:
    return near_enough(s, 2.0)


@comparison("bounded distance", target=11)
def within_5(s: Subject) -> Pair:
    return near_enough(s, 5.0)


@comparison("bounded distance", target=11)
def deeper_than_2(s: Subject) -> Pair:
    return (
        lambda: signed_within(s.mask.array, -2.0, s.mask.geometry.spacing, strict=False),
        lambda: sitk.LessEqual(distance_map(s), -2.0),
    )


@comparison("percentiles", target=3, exact=False)  # the reference is the sort alone
def percentiles(s: Subject) -> Pair:
    return lambda: vox1.percentiles.compute(s.numbers, s.mask, 0.5), lambda: np.argsort(s.numbers.array, axis=None)


@comparison("ranks of all voxels", target=3, on=("phantom", "thick"), exact=False)
def percentiles_everywhere(s: Subject) -> Pair:
    everything = np.ones(s.mask.array.shape, dtype=bool)
    return (
        lambda: ranks(s.numbers.array, everything, 0.5),
        lambda: np.argsort(s.numbers.array, axis=None),
    )


@comparison("rank threshold")
def threshold_of_ranks(s: Subject) -> Pair:
    return (
        lambda: rank_threshold(s.numbers.array, s.mask.array, 0.5, ">=", 0.9),
        lambda: ranks(s.numbers.array, s.mask.array, 0.5) >= np.float32(0.9),
    )


@comparison("cross-correlation", on=PHANTOM, exact=False)  # the reference sums in single precision
def cross_correlation(s: Subject) -> Pair:
    """Radius 3, 20 bins, against one uniform filter for each bin."""
    image, bins = s.numbers.array, 20
    lowest, highest = float(image.min()), float(image.max())

    def reference() -> Any:
        labels = np.minimum(((image - lowest) * (bins / (highest - lowest))).astype(np.int32), bins - 1)
        other = np.bincount(labels[s.mask.array], minlength=bins).astype(np.float32)
        other -= other.mean()
        local = [
            ndimage.uniform_filter((labels == label).astype(np.float32), 7, mode="constant") for label in range(bins)
        ]
        mean = sum(local) / bins
        covariance = sum(weight * (counts - mean) for weight, counts in zip(other, local, strict=True))
        variance = sum((counts - mean) ** 2 for counts in local)
        return covariance / np.sqrt(np.maximum(variance, 1e-12) * (other**2).sum())

    return lambda: vox1.crossCorrelation.compute(3, s.numbers, s.numbers, s.mask, lowest, highest, bins), reference


@comparison("otsu", on=("phantom", "thick"))
def otsu(s: Subject) -> Pair:
    return (
        lambda: vox1.otsu.compute(s.numbers, s.mask, 100),
        lambda: sitk.OtsuThreshold(s.numbers_itk, s.mask_itk, 0, 1, 100, True, 1),
    )


@comparison("gradient", on=PHANTOM)
def gradient(s: Subject) -> Pair:
    return lambda: vox1.gradient.compute(s.numbers), lambda: sitk.GradientMagnitude(s.numbers_itk)
