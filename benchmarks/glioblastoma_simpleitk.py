"""The program examples/glioblastoma.imgql as one would write it with SimpleITK, numpy and scipy.

python benchmarks/glioblastoma_simpleitk.py FLAIR TRUTH OUTPUT
"""

from __future__ import annotations

import sys

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter


def main(flair_path: str, truth_path: str, output: str) -> None:
    flair = sitk.ReadImage(flair_path, sitk.sitkFloat32)
    truth = sitk.ReadImage(truth_path) > 0

    background = touch(flair < 0.1, border(flair))
    brain = sitk.Not(background)
    ranks = percentiles(flair, brain)

    hyper_intense = filtered(5.0, ranks > 0.95)
    very_intense = filtered(2.0, ranks > 0.86)
    grown = grow(hyper_intense, very_intense)

    similarity = cross_correlation(flair, grown, radius=3, bins=20)
    similar = filtered(2.0, similarity > 0.6)
    tumour = grow(grown, similar)

    print(f"01_dice_hyperIntense={dice(hyper_intense, truth)}")
    print(f"02_dice_veryIntense={dice(very_intense, truth)}")
    print(f"03_dice_growTum={dice(grown, truth)}")
    print(f"04_dice_gtv={dice(tumour, truth)}")
    sitk.WriteImage(tumour, output, True)


def border(image: sitk.Image) -> sitk.Image:
    """1 on the six faces of the image."""
    array = np.ones(image.GetSize()[::-1], np.uint8)
    array[1:-1, 1:-1, 1:-1] = 0
    return like(image, array)


def like(image: sitk.Image, array: NDArray[np.generic]) -> sitk.Image:
    result = sitk.GetImageFromArray(array)
    result.CopyInformation(image)
    return result


def touch(region: sitk.Image, seed: sitk.Image) -> sitk.Image:
    """The components of the region that hold, or are next to, a voxel of the seed."""
    near = sitk.BinaryDilate(seed, [1, 1, 1], sitk.sitkBox)
    labels = sitk.GetArrayFromImage(sitk.ConnectedComponent(region, True))
    reached = np.zeros(labels.max() + 1, np.uint8)
    reached[labels[sitk.GetArrayFromImage(near) > 0]] = 1
    reached[0] = 0
    return like(region, reached[labels])


def grow(region: sitk.Image, other: sitk.Image) -> sitk.Image:
    return sitk.Or(region, touch(other, region))


def distance(region: sitk.Image) -> sitk.Image:
    """Distance in mm from the region, negative inside."""
    return sitk.SignedMaurerDistanceMap(region, insideIsPositive=False, squaredDistance=False, useImageSpacing=True)


def filtered(radius: float, region: sitk.Image) -> sitk.Image:
    """Shrink by the radius, then enlarge by it."""
    inner = distance(sitk.Not(region)) >= radius
    return distance(inner) < radius


def percentiles(image: sitk.Image, mask: sitk.Image) -> sitk.Image:
    """The mid rank of each voxel of the mask among all of them, -1 outside."""
    inside = sitk.GetArrayFromImage(mask) > 0
    values = sitk.GetArrayFromImage(image)[inside]
    _, position, counts = np.unique(values, return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts
    ranks = np.full(inside.shape, -1, np.float32)
    ranks[inside] = ((below + 0.5 * counts) / values.size).astype(np.float32)[position]
    return like(image, ranks)


def cross_correlation(image: sitk.Image, region: sitk.Image, radius: int, bins: int) -> sitk.Image:
    """The correlation of the histogram around each voxel with that of the region."""
    values = sitk.GetArrayFromImage(image).astype(np.float64)
    low, high = values.min(), values.max()
    bin_of = np.where(values < high, np.trunc((values - low) / ((high - low) / bins)), -1).astype(np.int16)
    of_region = np.bincount(bin_of[(sitk.GetArrayFromImage(region) > 0) & (bin_of >= 0)], minlength=bins)
    of_region = of_region - of_region.mean()
    width = 2 * radius + 1
    total = np.zeros(values.shape)
    squares = np.zeros(values.shape)
    products = np.zeros(values.shape)
    for number in range(bins):
        counts = uniform_filter((bin_of == number).astype(np.float32), width, mode="constant")
        counts = np.rint(counts * width**3)
        total += counts
        squares += counts * counts
        products += counts * of_region[number]
    spread = np.maximum(squares - total * total / bins, 0)
    of_both = np.sqrt(spread) * np.sqrt(np.sum(of_region * of_region))
    flat = 1.0 if not of_region.any() else 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.where(spread > 0, products / of_both, flat)
    return like(image, correlation.astype(np.float32))


def dice(left: sitk.Image, right: sitk.Image) -> float:
    return 2 * volume(sitk.And(left, right)) / (volume(left) + volume(right))


def volume(region: sitk.Image) -> float:
    statistics = sitk.StatisticsImageFilter()
    statistics.Execute(region)
    return float(statistics.GetSum())


if __name__ == "__main__":
    main(*sys.argv[1:])
