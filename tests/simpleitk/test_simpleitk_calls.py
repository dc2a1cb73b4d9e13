"""Calls through the namespace give what SimpleITK gives, with every argument passed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from subjects import BLOCK, BYTES, FLAT, GRID, IMAGE, MASK, OTHER, RANDOM, SHIFT, VECTORS, compute
from vlc_runtime.errors import FileError, KernelError
from vlc_runtime.kernels import simpleitk as namespace
from vlc_runtime.simpleitk_border import from_image, is_image, limit_threads, to_image
from vlc_runtime.volume import Geometry, Volume

Call = tuple[str, list[Any], Callable[..., Any]]


def call(name: str, *arguments: Any, direct: Callable[..., Any] | None = None) -> Any:
    """A test case: the arguments as the language has them (numbers are floats), and the call in plain SimpleITK."""
    return pytest.param(name, list(arguments), direct, id=f"{name}-{len(arguments)}")


def pixels(result: Any) -> Any:
    if isinstance(result, Volume):
        return result.array
    return sitk.GetArrayFromImage(result) if is_image(result) else result


CALLS = [
    call("Abs", IMAGE, direct=lambda i: sitk.Abs(i)),
    call("Add", IMAGE, OTHER, direct=lambda a, b: sitk.Add(a, b)),
    call("Multiply", IMAGE, 2.5, direct=lambda i, k: sitk.Multiply(i, 2.5)),
    call("Multiply", 2.5, IMAGE, direct=lambda k, i: sitk.Multiply(2.5, i)),
    call("Subtract", 100.0, BYTES, direct=lambda k, i: sitk.Subtract(100.0, i)),
    call("Subtract", BYTES, 1.0, direct=lambda i, k: sitk.Subtract(i, 1.0)),
    call("Divide", 1, OTHER, direct=lambda k, i: sitk.Divide(1.0, i)),
    call("Pow", OTHER, 2.0, direct=lambda i, k: sitk.Pow(i, 2.0)),
    call("And", BYTES, 3.0, direct=lambda i, k: sitk.And(i, 3)),
    call("And", 3.0, BYTES, direct=lambda k, i: sitk.And(3, i)),
    call("Xor", MASK, MASK, direct=lambda a, b: sitk.Xor(a, b)),
    call("Modulus", BYTES, 4.0, direct=lambda i, k: sitk.Modulus(i, 4)),
    call("Greater", IMAGE, 50.0, 7.0, 9.0, direct=lambda i, *_: sitk.Greater(i, 50.0, 7, 9)),
    call("Less", IMAGE, OTHER, direct=lambda a, b: sitk.Less(a, b)),
    call("BinaryThreshold", IMAGE, 20.0, 60.0, 1.0, 0.0,
         direct=lambda i, *_: sitk.BinaryThreshold(i, 20, 60, 1, 0)),
    call("BinaryThreshold", IMAGE, 20.0, 60.0, direct=lambda i, *_: sitk.BinaryThreshold(i, 20, 60)),
    call("BinaryThreshold", IMAGE, direct=lambda i: sitk.BinaryThreshold(i)),
    call("DoubleThreshold", IMAGE, 1.0, 20.0, 60.0, 90.0, 3.0, 2.0, True,
         direct=lambda i, *_: sitk.DoubleThreshold(i, 1, 20, 60, 90, 3, 2, True)),
    call("BinaryErode", MASK, [1.0, 1.0, 0.0], "sitkBox", 0.0, 1.0, False,
         direct=lambda i, *_: sitk.BinaryErode(i, [1, 1, 0], sitk.sitkBox, 0.0, 1.0, False)),
    call("BinaryErode", MASK, [1.0, 1.0, 0.0], "sitkBox", 0.0, 1.0, True,
         direct=lambda i, *_: sitk.BinaryErode(i, [1, 1, 0], sitk.sitkBox, 0.0, 1.0, True)),
    call("BinaryDilate", MASK, [2.0, 1.0, 1.0], 3.0,
         direct=lambda i, *_: sitk.BinaryDilate(i, [2, 1, 1], sitk.sitkCross)),
    call("GrayscaleDilate", IMAGE, [1.0, 2.0, 1.0], "sitkBall",
         direct=lambda i, *_: sitk.GrayscaleDilate(i, [1, 2, 1], sitk.sitkBall)),
    call("Extract", IMAGE, [5.0, 4.0, 3.0], [2.0, 1.0, 3.0],
         direct=lambda i, *_: sitk.Extract(i, [5, 4, 3], [2, 1, 3])),
    call("Extract", IMAGE, [5.0, 0.0, 3.0], [2.0, 1.0, 3.0], "DIRECTIONCOLLAPSETOIDENTITY",
         direct=lambda i, *_: sitk.Extract(i, [5, 0, 3], [2, 1, 3],
                                           sitk.ExtractImageFilter.DIRECTIONCOLLAPSETOIDENTITY)),
    call("RegionOfInterest", IMAGE, [5.0, 4.0, 3.0], [2.0, 1.0, 3.0],
         direct=lambda i, *_: sitk.RegionOfInterest(i, [5, 4, 3], [2, 1, 3])),
    call("Crop", IMAGE, [1.0, 2.0, 0.0], [3.0, 0.0, 1.0], direct=lambda i, *_: sitk.Crop(i, [1, 2, 0], [3, 0, 1])),
    call("Slice", IMAGE, [1.0, 0.0, 2.0], [9.0, 10.0, 7.0], [2.0, 3.0, 1.0],
         direct=lambda i, *_: sitk.Slice(i, [1, 0, 2], [9, 10, 7], [2, 3, 1])),
    call("Shrink", IMAGE, [2.0, 1.0, 2.0], direct=lambda i, *_: sitk.Shrink(i, [2, 1, 2])),
    call("Flip", IMAGE, [True, False, True], True, direct=lambda i, *_: sitk.Flip(i, [True, False, True], True)),
    call("PermuteAxes", IMAGE, [2.0, 0.0, 1.0], direct=lambda i, *_: sitk.PermuteAxes(i, [2, 0, 1])),
    call("ConstantPad", IMAGE, [1.0, 0.0, 2.0], [0.0, 3.0, 1.0], -7.5,
         direct=lambda i, *_: sitk.ConstantPad(i, [1, 0, 2], [0, 3, 1], -7.5)),
    call("Resample", IMAGE, direct=lambda i: sitk.Resample(i)),
    call("Resample", IMAGE, SHIFT, "sitkNearestNeighbor", -1.0, "sitkFloat64", True,
         direct=lambda i, *_: sitk.Resample(i, SHIFT, sitk.sitkNearestNeighbor, -1.0, sitk.sitkFloat64, True)),
    call("Resample", IMAGE, BLOCK, SHIFT, "sitkLinear", 4.0,
         direct=lambda i, r, *_: sitk.Resample(i, r, SHIFT, sitk.sitkLinear, 4.0)),
    call("Resample", IMAGE, [6.0, 5.0, 4.0], SHIFT, "sitkBSpline", [1.0, 2.0, 3.0], [2.0, 2.0, 4.0],
         direct=lambda i, *_: sitk.Resample(i, [6, 5, 4], SHIFT, sitk.sitkBSpline, [1, 2, 3], [2, 2, 4])),
    call("SmoothingRecursiveGaussian", IMAGE, direct=lambda i: sitk.SmoothingRecursiveGaussian(i)),
    call("SmoothingRecursiveGaussian", IMAGE, 2.0, direct=lambda i, _: sitk.SmoothingRecursiveGaussian(i, 2.0)),
    call("SmoothingRecursiveGaussian", IMAGE, [1.0, 2.0, 3.0], True,
         direct=lambda i, *_: sitk.SmoothingRecursiveGaussian(i, [1.0, 2.0, 3.0], True)),
    call("DiscreteGaussian", IMAGE, [1.0, 2.0, 0.5], 16.0, 0.02, False,
         direct=lambda i, *_: sitk.DiscreteGaussian(i, [1.0, 2.0, 0.5], 16, 0.02, False)),
    call("RecursiveGaussian", IMAGE, 1.5, True, "FirstOrder", 2.0,
         direct=lambda i, *_: sitk.RecursiveGaussian(i, 1.5, True,
                                                     sitk.RecursiveGaussianImageFilter.FirstOrder, 2)),
    call("GradientMagnitude", IMAGE, False, direct=lambda i, _: sitk.GradientMagnitude(i, False)),
    call("Gradient", IMAGE, True, True, direct=lambda i, *_: sitk.Gradient(i, True, True)),
    call("Median", IMAGE, [1.0, 0.0, 1.0], direct=lambda i, _: sitk.Median(i, [1, 0, 1])),
    call("CurvatureFlow", IMAGE, 0.03, 4.0, direct=lambda i, *_: sitk.CurvatureFlow(i, 0.03, 4)),
    call("Cast", IMAGE, "sitkInt16", direct=lambda i, _: sitk.Cast(i, sitk.sitkInt16)),
    call("Cast", MASK, 8.0, direct=lambda i, _: sitk.Cast(i, sitk.sitkFloat32)),
    call("Clamp", IMAGE, "sitkUInt8", 10.0, 20.0, direct=lambda i, *_: sitk.Clamp(i, sitk.sitkUInt8, 10, 20)),
    call("ShiftScale", IMAGE, 3.0, 0.5, "sitkFloat64",
         direct=lambda i, *_: sitk.ShiftScale(i, 3, 0.5, sitk.sitkFloat64)),
    call("OtsuThreshold", IMAGE, 1.0, 0.0, 64.0, direct=lambda i, *_: sitk.OtsuThreshold(i, 1, 0, 64)),
    call("OtsuThreshold", IMAGE, MASK, 3.0, 2.0, 64.0, True, 1.0,
         direct=lambda i, m, *_: sitk.OtsuThreshold(i, m, 3, 2, 64, True, 1)),
    call("ConnectedComponent", MASK, True, direct=lambda i, _: sitk.ConnectedComponent(i, True)),
    call("ConnectedComponent", BYTES, MASK, True, direct=lambda i, m, _: sitk.ConnectedComponent(i, m, True)),
    call("RelabelComponent", BYTES, 100.0, False, direct=lambda i, *_: sitk.RelabelComponent(i, 100, False)),
    call("ConnectedThreshold", IMAGE, [[3.0, 4.0, 5.0], [1.0, 1.0, 1.0]], 0.0, 60.0, 5.0, "FullConnectivity",
         direct=lambda i, *_: sitk.ConnectedThreshold(i, [[3, 4, 5], [1, 1, 1]], 0, 60, 5,
                                                      sitk.ConnectedThresholdImageFilter.FullConnectivity)),
    call("SignedMaurerDistanceMap", MASK, True, False, True, 0.0,
         direct=lambda i, *_: sitk.SignedMaurerDistanceMap(i, True, False, True, 0.0)),
    call("DanielssonDistanceMap", MASK, True, True, True,
         direct=lambda i, *_: sitk.DanielssonDistanceMap(i, True, True, True)),
    call("ChangeLabel", BYTES, [[1.0, 9.0], [2.0, 8.0]], direct=lambda i, _: sitk.ChangeLabel(i, {1: 9, 2: 8})),
    call("Mask", IMAGE, MASK, -5.0, 0.0, direct=lambda i, m, *_: sitk.Mask(i, m, -5.0, 0.0)),
    call("Compose", IMAGE, OTHER, direct=lambda a, b: sitk.Compose(a, b)),
    call("Compose", [IMAGE, OTHER, IMAGE],
         direct=lambda _: sitk.Compose([to_image(IMAGE), to_image(OTHER), to_image(IMAGE)])),
    call("JoinSeries", [IMAGE, OTHER], 1.5, 2.5,
         direct=lambda *_: sitk.JoinSeries([to_image(IMAGE), to_image(OTHER)], 1.5, 2.5)),
    call("NaryMaximum", IMAGE, OTHER, IMAGE, direct=lambda a, b, c: sitk.NaryMaximum(a, b, c)),
    call("Tile", [FLAT, FLAT], [2.0, 1.0, 0.0], -1.0,
         direct=lambda *_: sitk.Tile([to_image(FLAT), to_image(FLAT)], [2, 1, 0], -1.0)),
    call("Paste", IMAGE, OTHER, [3.0, 3.0, 3.0], [1.0, 1.0, 1.0], [4.0, 4.0, 4.0],
         direct=lambda a, b, *_: sitk.Paste(a, b, [3, 3, 3], [1, 1, 1], [4, 4, 4])),
    call("VectorIndexSelectionCast", VECTORS, 2.0, "sitkFloat64",
         direct=lambda v, *_: sitk.VectorIndexSelectionCast(v, 2, sitk.sitkFloat64)),
    call("VectorMagnitude", VECTORS, direct=lambda v: sitk.VectorMagnitude(v)),
    call("Convolution", IMAGE, BLOCK, False, "ZERO_PAD", "VALID",
         direct=lambda i, k, *_: sitk.Convolution(i, k, False, sitk.ConvolutionImageFilter.ZERO_PAD,
                                                  sitk.ConvolutionImageFilter.VALID)),
    call("Warp", IMAGE, VECTORS, "sitkLinear", [12.0, 10.0, 8.0], [3.0, -4.0, 5.0], [1.0, 1.5, 2.0],
         list(GRID.direction), 9.0,
         direct=lambda i, v, *_: sitk.Warp(i, v, sitk.sitkLinear, [12, 10, 8], [3, -4, 5], [1, 1.5, 2],
                                           GRID.direction, 9.0)),
    call("GaussianSource", "sitkFloat64", [8.0, 9.0], [2.0, 3.0], [4.0, 4.0], 10.0, [0.0, 0.0], [1.0, 1.0],
         direct=lambda *_: sitk.GaussianSource(sitk.sitkFloat64, [8, 9], [2, 3], [4, 4], 10.0, [0, 0], [1, 1])),
    call("CheckerBoard", IMAGE, OTHER, [2.0, 3.0, 4.0], direct=lambda a, b, _: sitk.CheckerBoard(a, b, [2, 3, 4])),
    call("LabelOverlay", BYTES, BYTES, 0.3, 0.0, [255.0, 0.0, 0.0, 0.0, 255.0, 0.0],
         direct=lambda a, b, *_: sitk.LabelOverlay(a, b, 0.3, 0.0, [255, 0, 0, 0, 255, 0])),
    call("Hash", IMAGE, "MD5", direct=lambda i, _: sitk.Hash(i, sitk.HashImageFilter.MD5)),
    call("GetPixelIDValueFromString", "sitkUInt8", direct=lambda _: sitk.sitkUInt8),
    call("Version_MajorVersion", direct=lambda: sitk.Version.MajorVersion()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "direct"), CALLS)
def test_calls_give_what_simpleitk_gives(name: str, arguments: list[Any], direct: Callable[..., Any]) -> None:
    result = compute(name, *arguments)
    expected = direct(*(to_image(value) if isinstance(value, Volume) else value for value in arguments))
    if not isinstance(result, Volume):
        assert result == expected
        return
    assert result.geometry == from_image(expected).geometry
    assert result.array.dtype == pixels(from_image(expected)).dtype
    np.testing.assert_array_equal(result.array, pixels(expected))


def viewed(value: Any) -> Any:
    """The argument with its images viewing images of SimpleITK, as results of its functions do."""
    if isinstance(value, list):
        return [viewed(item) for item in value]
    return from_image(to_image(value)) if isinstance(value, Volume) else value


@pytest.mark.parametrize(("name", "arguments", "direct"), CALLS)
def test_calls_leave_shared_images_alone(name: str, arguments: list[Any], direct: Callable[..., Any]) -> None:
    """ITK notes in an image which part of it a filter asked for, and other filters obey: an image that several tasks
    share must always say `all of it`."""
    given = viewed(arguments)
    compute(name, *given)
    for value in given + [item for sequence in given if isinstance(sequence, list) for item in sequence]:
        if isinstance(value, Volume):
            regions = re.findall(
                r"(?:LargestPossible|Requested)Region:(\s.*?Size: \[.*?\])", str(to_image(value)), re.S
            )
            assert len(regions) == 2 and len(set(regions)) == 1, regions


def test_tasks_that_share_an_image_do_not_disturb_each_other() -> None:
    grid = Geometry.of_size(40, 40, 40)
    image = viewed(Volume((RANDOM.random(grid.shape) * 100).astype(np.float32), grid))
    corner = [[10.0, 10.0, 10.0], [20.0, 5.0, 9.0]]
    tasks = [
        ("Extract", [image, *corner]),
        ("RescaleIntensity", [image]),
        ("Shrink", [image, [2.0, 2.0, 2.0]]),
        ("Crop", [image, *corner]),
        ("OtsuThreshold", [image]),
        ("RegionOfInterest", [image, *corner]),
        ("Normalize", [image]),
        ("SmoothingRecursiveGaussian", [image]),
    ]
    expected = [compute(name, *arguments).array.tobytes() for name, arguments in tasks]
    with ThreadPoolExecutor(6) as pool:
        results = pool.map(lambda task: compute(task[0], *task[1]).array.tobytes(), tasks * 12)
        for index, result in enumerate(results):
            assert result == expected[index % len(tasks)], tasks[index % len(tasks)][0]


def test_what_simpleitk_alone_understands_flows_between_its_functions() -> None:
    grid = Geometry.of_size(16, 15, 12)
    image = Volume(RANDOM.random(grid.shape).astype(np.float32), grid)
    spectrum = compute("ForwardFFT", image)
    np.testing.assert_allclose(compute("InverseFFT", spectrum).array, image.array, atol=1e-6)
    labels = compute("BinaryImageToLabelMap", MASK, True)
    np.testing.assert_array_equal(
        compute("LabelMapToLabel", labels).array > 0, compute("LabelMapToBinary", labels, 0.0, 1.0).array == 1
    )
    transform = compute("CenteredTransformInitializer", IMAGE, OTHER, sitk.Euler3DTransform(), "GEOMETRY")
    assert isinstance(transform, sitk.Transform)
    np.testing.assert_array_equal(compute("TransformGeometry", IMAGE, SHIFT).array, IMAGE.array)
    with pytest.raises(KernelError, match="Euler"):
        compute("Add", sitk.Euler3DTransform(), IMAGE)


def test_transforms_are_made_and_used() -> None:
    shift = compute("TranslationTransform", 3.0, [1.5, -2.0, 0.25])
    assert shift.GetParameters() == SHIFT.GetParameters()
    turn = compute("Euler3DTransform", [3.0, 2.0, 1.0], 0.1, 0.0, 0.2, [1.0, 2.0, 3.0])
    both = compute("CompositeTransform", [shift, turn])
    direct = sitk.CompositeTransform([SHIFT, sitk.Euler3DTransform([3.0, 2.0, 1.0], 0.1, 0.0, 0.2, [1.0, 2.0, 3.0])])
    assert both.TransformPoint((4.0, 5.0, 6.0)) == direct.TransformPoint((4.0, 5.0, 6.0))
    np.testing.assert_array_equal(
        compute("Resample", IMAGE, both).array, sitk.GetArrayFromImage(sitk.Resample(to_image(IMAGE), direct))
    )
    field = compute("TransformToDisplacementField", shift, "sitkVectorFloat64", [4.0, 4.0, 4.0])
    before = field.array.copy()
    again = compute("DisplacementFieldTransform", field)
    assert again.TransformPoint((1.0, 1.0, 1.0)) == pytest.approx((2.5, -1.0, 1.25))
    np.testing.assert_array_equal(field.array, before)
    assert to_image(field).GetSize() == (4, 4, 4)
    with pytest.raises(KernelError, match="TranslationTransform"):
        compute("TranslationTransform", compute("Euler3DTransform"))


def test_transforms_are_no_images() -> None:
    with pytest.raises(KernelError, match="Euler"):
        compute("Add", sitk.Euler3DTransform(), IMAGE)


def test_statistics_of_the_ramp() -> None:
    ramp = Volume(np.arange(12, dtype=np.float32).reshape(3, 4), Geometry.of_size(4, 3))
    low, high, mean, sigma, variance, total, count = compute("Statistics", ramp)
    assert (low, high, mean, variance, total, count) == (0.0, 11.0, 5.5, 13.0, 66.0, 12)
    assert sigma == math.sqrt(13.0)
    assert compute("MinimumMaximum", ramp) == [0.0, 11.0]
    one = Volume(np.full((1, 1), 4, np.int16), Geometry.of_size(1, 1))
    assert compute("Statistics", one) == [4.0, 4.0, 4.0, 0.0, 0.0, 4.0, 1]


@pytest.mark.parametrize("image", [IMAGE, BYTES, MASK, FLAT], ids=["float", "bytes", "mask", "flat"])
def test_statistics_are_those_of_simpleitk(image: Volume) -> None:
    work = sitk.StatisticsImageFilter()
    work.Execute(to_image(image))
    extrema = [work.GetMinimum(), work.GetMaximum()]
    moments = [work.GetMean(), work.GetSigma(), work.GetVariance(), work.GetSum()]
    np.testing.assert_allclose(compute("Statistics", image)[:6], extrema + moments, rtol=1e-12)
    assert compute("MinimumMaximum", image) == list(sitk.MinimumMaximum(to_image(image)))


NOISE = [
    ("AdditiveGaussianNoise", [IMAGE, 5.0, 0.0, 3.0]),
    ("SaltAndPepperNoise", [IMAGE, 0.2, 3.0]),
    ("ShotNoise", [IMAGE, 1.0, 3.0]),
    ("SpeckleNoise", [IMAGE, 1.0, 3.0]),
]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *NOISE,
        ("ErodeObjectMorphology", [BYTES]),
        ("LaplacianSharpening", [IMAGE]),
        ("N4BiasFieldCorrection", [OTHER, MASK, 0.001, [2.0]]),
        ("Normalize", [IMAGE]),
        ("NormalizeToConstant", [IMAGE, 3.0]),
        ("PatchBasedDenoising", [FLAT, 400.0, 1.0]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_results_do_not_depend_on_the_number_of_threads(name: str, arguments: list[Any]) -> None:
    before = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    results = []
    for count in (1, 2, 3, 7):
        limit_threads(count)
        results.append(compute(name, *arguments).array.tobytes())
        assert sitk.ProcessObject.GetGlobalDefaultNumberOfThreads() == count
    limit_threads(before)
    assert len(set(results)) == 1


@pytest.mark.parametrize(("name", "arguments"), NOISE, ids=[name for name, _ in NOISE])
def test_noise_needs_a_seed(name: str, arguments: list[Any]) -> None:
    with pytest.raises(KernelError, match="arguments, not"):
        compute(name, *arguments[:-1])
    with pytest.raises(KernelError, match="clock"):
        compute(name, *arguments[:-1], 0.0)


def test_operators_have_an_identity() -> None:
    import pickle

    add = namespace.Add
    assert add is namespace.Add and pickle.loads(pickle.dumps(add)) is add
    assert add.version.startswith("SimpleITK 2.") and add.version == namespace.version()
    assert (add.cost, add.effect, add.reads, add.one_grid) == ("voxelwise", False, (), True)
    assert (namespace.ReadImage.reads, namespace.WriteImage.effect) == ((0,), True)
    assert namespace.Median.cost == "heavy" and not namespace.Resample.one_grid


def test_reading_and_writing_through_the_namespace(tmp_path: Path) -> None:
    path = str(tmp_path / "deep" / "image.mha")
    assert compute("WriteImage", IMAGE, path, True, 9.0) is None
    back = compute("ReadImage", path)
    assert back.geometry == GRID and back.source == path
    np.testing.assert_array_equal(back.array, IMAGE.array)
    assert (tmp_path / "deep" / "image.mha").stat().st_size < IMAGE.nbytes
    np.testing.assert_array_equal(compute("ReadImage", path, "sitkUInt8").array, IMAGE.array.astype(np.uint8))
    np.testing.assert_array_equal(compute("ReadImage", path, -1.0, "MetaImageIO").array, IMAGE.array)
    with pytest.raises(FileError, match="PNGImageIO"):
        compute("ReadImage", path, "sitkUnknown", "PNGImageIO")
    slices = []
    for index in range(2):
        slices.append(str(tmp_path / f"{index}.png"))
        compute("WriteImage", Volume(FLAT.array, FLAT.geometry), slices[-1])
    assert compute("ReadImage", slices).geometry.size == (12, 10, 2)
    transform = str(tmp_path / "new" / "shift.tfm")
    compute("WriteTransform", SHIFT, transform)
    assert compute("ReadTransform", transform).GetParameters() == SHIFT.GetParameters()
    with pytest.raises(FileError, match="no such file"):
        compute("ReadImage", str(tmp_path / "missing.mha"))
    with pytest.raises(FileError, match=r"shift\.xyz cannot be written: no format of transforms .* extension '\.xyz' "):
        compute("WriteTransform", SHIFT, str(tmp_path / "shift.xyz"))
    with pytest.raises(FileError, match="its name is not UTF-8"):
        compute("WriteTransform", SHIFT, str(tmp_path / "\udcff.tfm"))
    with pytest.raises(FileError, match="no such file"):
        compute("ReadTransform", str(tmp_path / "missing.tfm"))
    (tmp_path / "odd.tfm").write_text("nothing of the kind")
    with pytest.raises(FileError, match="holds no transform"):
        compute("ReadTransform", str(tmp_path / "odd.tfm"))
