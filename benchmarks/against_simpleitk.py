"""The comparisons of the vox1 kernels with SimpleITK's filters."""

from __future__ import annotations

from typing import Any

import numpy as np
import SimpleITK as sitk
from vlc_runtime.kernels import vox1
from vlc_runtime.volume import Volume

from benchmarks.comparison import Pair, comparison
from benchmarks.subjects import Subject, itk_image

PHANTOM = ("phantom",)


@comparison("neighbourhood", target=25)
def near(s: Subject) -> Pair:
    box = [1] * 3
    return lambda: vox1.near.compute(s.mask), lambda: sitk.BinaryDilate(s.mask_itk, box, sitk.sitkBox, 0.0, 1.0)


@comparison("neighbourhood", target=25, exact=False)  # the filter erodes from outside the image, interior does not
def interior(s: Subject) -> Pair:
    box = [1] * 3
    return lambda: vox1.interior.compute(s.mask), lambda: sitk.BinaryErode(s.mask_itk, box, sitk.sitkBox, 0.0, 1.0)


@comparison("components", target=1.5)
def through(s: Subject) -> Pair:
    def reference() -> Any:
        components = sitk.ConnectedComponent(s.mask_itk, True)  # named, so that it outlives the view of its voxels
        labels = sitk.GetArrayViewFromImage(components)
        hit = np.zeros(int(labels.max()) + 1, np.uint8)
        hit[labels[s.seeds.array]] = 1
        hit[0] = 0
        return hit[labels]

    return lambda: vox1.through.compute(s.seeds, s.mask), reference


@comparison("components")
def lcc(s: Subject) -> Pair:
    return (
        lambda: vox1.lcc.compute(s.mask),
        lambda: sitk.Cast(sitk.ConnectedComponent(s.mask_itk, True), sitk.sitkFloat32),
    )


@comparison("components", exact=False)  # the filters keep one of the greatest components, maxvol all
def maxvol(s: Subject) -> Pair:
    return (
        lambda: vox1.maxvol.compute(s.mask),
        lambda: sitk.Equal(sitk.RelabelComponent(sitk.ConnectedComponent(s.mask_itk, True)), 1),
    )


@comparison("counting", target=50)
def volume(s: Subject) -> Pair:
    def reference() -> float:
        statistics = sitk.StatisticsImageFilter()
        statistics.Execute(s.mask_itk)
        return float(statistics.GetSum())

    return lambda: vox1.volume.compute(s.mask), reference


@comparison("reductions", on=PHANTOM)
def maximum(s: Subject) -> Pair:
    def reference() -> float:
        extremes = sitk.MinimumMaximumImageFilter()
        extremes.Execute(s.numbers_itk)
        return float(extremes.GetMaximum())

    return lambda: vox1.maximum.compute(s.numbers), reference


@comparison("reductions", on=("phantom", "thick"))
def avg(s: Subject) -> Pair:
    def reference() -> float:
        statistics = sitk.LabelStatisticsImageFilter()
        statistics.Execute(s.numbers_itk, s.mask_itk)
        return float(statistics.GetMean(1))

    return lambda: vox1.avg.compute(s.numbers, s.mask), reference


@comparison("voxelwise", target=5, on=PHANTOM)
def add(s: Subject) -> Pair:
    return lambda: vox1.add.compute(s.numbers, s.numbers), lambda: sitk.Add(s.numbers_itk, s.numbers_itk)


@comparison("voxelwise", target=5, on=PHANTOM)
def divide(s: Subject) -> Pair:
    return lambda: vox1.divide.compute(s.numbers, s.numbers), lambda: sitk.Divide(s.numbers_itk, s.numbers_itk)


@comparison("voxelwise", target=5, on=PHANTOM)
def mul_vs(s: Subject) -> Pair:
    return lambda: vox1.mul_vs.compute(s.numbers, 1.5), lambda: sitk.Multiply(s.numbers_itk, 1.5)


@comparison("voxelwise", target=5, on=PHANTOM)
def absolute(s: Subject) -> Pair:
    return lambda: vox1.absolute.compute(s.numbers), lambda: sitk.Abs(s.numbers_itk)


@comparison("voxelwise", target=5, on=PHANTOM)
def mask(s: Subject) -> Pair:
    return lambda: vox1.mask.compute(s.numbers, s.mask), lambda: sitk.Mask(s.numbers_itk, s.mask_itk)


@comparison("voxelwise", target=5, on=PHANTOM)
def geq_sv(s: Subject) -> Pair:
    return (
        lambda: vox1.geq_sv.compute(200, s.numbers),
        lambda: sitk.BinaryThreshold(s.numbers_itk, 200.0, float("inf"), 1, 0),
    )


@comparison("voxelwise", target=5, on=PHANTOM)
def between(s: Subject) -> Pair:
    return (
        lambda: vox1.between.compute(100, 200, s.numbers),
        lambda: sitk.BinaryThreshold(s.numbers_itk, 100.0, 200.0, 1, 0),
    )


@comparison("voxelwise", target=5, on=PHANTOM)
def less(s: Subject) -> Pair:
    return lambda: vox1.less.compute(s.numbers, s.numbers), lambda: sitk.Less(s.numbers_itk, s.numbers_itk)


@comparison("voxelwise", target=5, on=PHANTOM)
def logical_and(s: Subject) -> Pair:
    return lambda: vox1.logical_and.compute(s.mask, s.seeds), lambda: sitk.And(s.mask_itk, s.seeds_itk)


@comparison("voxelwise", target=5, on=PHANTOM)
def logical_not(s: Subject) -> Pair:
    return lambda: vox1.logical_not.compute(s.mask), lambda: sitk.Equal(s.mask_itk, 0)


@comparison("voxelwise", target=5, on=PHANTOM)
def x(s: Subject) -> Pair:
    def reference() -> Any:
        return sitk.VectorIndexSelectionCast(sitk.PhysicalPointSource(sitk.sitkVectorFloat32, s.mask_itk.GetSize()), 0)

    return lambda: vox1.x.compute(s.mask), reference


@comparison("voxelwise", target=5, on=PHANTOM, exact=False)  # the filters associate the sum otherwise
def intensity(s: Subject) -> Pair:
    colour = Volume(np.stack([s.numbers.array] * 3, axis=-1), s.numbers.geometry, 3)
    colour_itk = sitk.GetImageFromArray(colour.array, isVector=True)

    def reference() -> Any:
        parts = [sitk.VectorIndexSelectionCast(colour_itk, index) for index in range(3)]
        return 0.2126 * parts[0] + (0.7152 * parts[1] + 0.0722 * parts[2])

    return lambda: vox1.intensity.compute(colour), reference


@comparison("constants", on=PHANTOM)
def border(s: Subject) -> Pair:
    inside = itk_image(np.zeros(tuple(extent - 2 for extent in s.mask.geometry.shape), np.bool_))
    ones = [1] * 3
    return lambda: vox1.border.compute(s.mask), lambda: sitk.ConstantPad(inside, ones, ones, 1.0)
