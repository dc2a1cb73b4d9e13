"""Arguments that a function of SimpleITK does not take are told, and those that would end the process."""

from __future__ import annotations

import math
from typing import Any

import pytest
import SimpleITK as sitk
from subjects import BLOCK, BYTES, FLAT, GRID, IMAGE, MASK, OTHER, VECTORS, compute
from vlc_runtime.errors import GeometryMismatch, KernelError
from vlc_runtime.kernels import simpleitk as namespace
from vlc_runtime.kernels.simpleitk_arguments import converted
from vlc_runtime.kernels.simpleitk_table import Parameter, enumerations, functions
from vlc_runtime.volume import Geometry, Volume


def test_images_on_different_grids_do_not_meet() -> None:
    smaller = Volume(IMAGE.array[:4].copy(), Geometry((12, 10, 4), GRID.spacing, GRID.origin, GRID.direction))
    for name, arguments in [("Add", [smaller, IMAGE]), ("Mask", [smaller, MASK]), ("Compose", [[smaller, IMAGE]])]:
        with pytest.raises(GeometryMismatch, match="size"):
            compute(name, *arguments)
    assert compute("Resample", smaller, IMAGE).geometry == GRID


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("Abs", [], "takes 1 argument, not 0"),
        ("Abs", [IMAGE, 1.0], "takes 1 argument, not 2"),
        ("BinaryErode", [MASK, [1.0], 0.0, 0.0, 1.0, True, 1.0], "1 to 6 arguments, not 7"),
        ("Abs", [3.0], r"argument 1 \(image1\) is 3.0: an image is wanted"),
        ("Abs", ["text"], "is 'text': an image is wanted"),
        ("Multiply", [IMAGE, "2"], r"no form that takes \(image, '2'\)"),
        ("Multiply", [IMAGE, True], r"no form that takes \(image, True\)"),
        ("Multiply", [2.0, 3.0], "no form"),
        ("BinaryThreshold", [IMAGE, 0.0, 1.0, 1.5], r"\(insideValue\) is 1.5: a whole number"),
        ("BinaryThreshold", [IMAGE, 0.0, 1.0, 256.0], "from 0 to 255"),
        ("BinaryThreshold", [IMAGE, 0.0, 1.0, -1.0], "from 0 to 255"),
        ("BinaryThreshold", [IMAGE, 0.0, 1.0, math.nan], "a whole number"),
        ("BinaryThreshold", [IMAGE, 0.0, 1.0, math.inf], "a whole number"),
        ("BinaryThreshold", [IMAGE, 0.0, 1.0, True], "a whole number"),
        ("BinaryThreshold", [IMAGE, 10**400], "a double can hold"),
        ("BinaryErode", [MASK, 1.0], r"\(kernelRadius\) is 1.0: a sequence of numbers"),
        ("BinaryErode", [MASK, [1.0, 0.5, 1.0]], "element 1 is 0.5: a whole number"),
        ("BinaryErode", [MASK, [1.0, 1.0, 1.0], "sitkCube"], "one of sitkAnnulus, sitkBall"),
        ("BinaryErode", [MASK, [1.0, 1.0, 1.0], 99.0], "one of sitkAnnulus, sitkBall"),
        ("BinaryErode", [MASK, [1.0, 1.0, 1.0], 1.5], "one of sitkAnnulus, sitkBall"),
        ("BinaryErode", [MASK, [1.0, 1.0, 1.0], 1.0, 0.0, 1.0, 1.0], "true or false"),
        ("Cast", [IMAGE, "float"], "one of sitkComplexFloat32"),
        ("Flip", [IMAGE, [True, 0.0, False]], "element 1 is 0.0: true or false"),
        ("FastMarching", [IMAGE, [1.0, 2.0, 3.0]], "element 0 is 1.0: a sequence of numbers"),
        ("ChangeLabel", [BYTES, [[1.0, 2.0, 3.0]]], "pairs"),
        ("TransformGeometry", [IMAGE, 1.0], "a transform is wanted"),
        ("DICOMOrient", [IMAGE, 1.0], "a string is wanted"),
        ("Compose", [[IMAGE, 1.0]], r"no form that takes \(sequence of 2\)"),
        ("MinimumMaximum", [VECTORS], "image of numbers"),
    ],
)
def test_wrong_arguments_are_explained(name: str, arguments: list[Any], message: str) -> None:
    with pytest.raises(KernelError, match=message) as raised:
        compute(name, *arguments)
    assert name in raised.value.message
    if name != "MinimumMaximum":
        assert f"{name}(" in raised.value.hint


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("CheckerBoard", [FLAT, FLAT, [13.0, 2.0]], "cannot lay 13 x 2 fields over 12 x 10 voxels"),
        ("CheckerBoard", [BLOCK, BLOCK], "cannot lay 4 x 4 x 4 fields over 3 x 3 x 3 voxels"),
        ("CheckerBoard", [FLAT, FLAT, [0.0, 2.0]], "cannot lay 0 x 2 fields"),
        ("Tile", [[IMAGE, OTHER], [0.0, 1.0, 1.0]], "in which an axis has no tiles"),
        ("HistogramMatching", [IMAGE, OTHER, 0.0], "0 as numberOfHistogramLevels, and needs 1 or more"),
        ("OtsuThreshold", [IMAGE, 0.0, 1.0, 0.0], "0 as numberOfHistogramBins, and needs 1 or more"),
        ("LiThreshold", [IMAGE, 0.0, 1.0, 0.0], "0 as numberOfHistogramBins, and needs 1 or more"),
        ("OtsuThreshold", [IMAGE, 0.0, 1.0, 1.0], "cannot tell 2 classes apart by 1 bins"),
        ("OtsuMultipleThresholds", [IMAGE, 5.0, 0.0, 3.0], "cannot tell 6 classes apart by 3 bins"),
        ("OtsuMultipleThresholds", [IMAGE, 128.0], "cannot tell 129 classes apart by 128 bins"),
        ("Statistics", [1.0], "an image is wanted"),
    ],
)
def test_numbers_over_which_simpleitk_ends_the_process_are_refused(
    name: str, arguments: list[Any], message: str
) -> None:
    with pytest.raises(KernelError, match=message) as raised:
        compute(name, *arguments)
    assert name in raised.value.message


def test_what_simpleitk_refuses_is_one_readable_line() -> None:
    with pytest.raises(KernelError) as raised:
        compute("Extract", IMAGE, [50.0, 4.0, 3.0], [0.0, 0.0, 0.0])
    text = raised.value.message
    assert text.startswith("Extract(image, sequence of 3, sequence of 3): ")
    assert "\n" not in text and ".cxx" not in text and "0x" not in text


def sample(parameter: Parameter) -> Any:
    """A value of the language that the parameter takes."""
    if parameter.kind == "enumeration":
        return next(iter(enumerations()[parameter.type]))
    if parameter.kind == "transform":
        return sitk.Euler3DTransform()
    return {
        "image": IMAGE,
        "number": 1.5,
        "integer": 1.0,
        "bool": True,
        "string": "text",
        "sequence[number]": [1.0, 2.0, 3.0],
        "sequence[bool]": [True, False, True],
        "sequence[string]": ["a", "b"],
        "sequence[image]": [IMAGE, OTHER],
        "sequence[transform]": [sitk.Euler3DTransform()],
        "sequence[sequence[number]]": [[1.0, 2.0], [3.0, 4.0]],
    }[parameter.kind]


@pytest.mark.parametrize("name", list(functions()))
def test_every_form_of_every_function_takes_its_arguments(name: str) -> None:
    signature = functions()[name]
    for form in signature.forms:
        for count in range(form.minimum, len(form.parameters) + 1):
            arguments = [sample(parameter) for parameter in form.parameters[:count]]
            chosen, values = converted(signature, arguments)
            assert len(values) == count
            kinds = [parameter.kind for parameter in chosen.parameters[:count]]
            assert kinds == [parameter.kind for parameter in form.parameters[:count]]
        with pytest.raises(KernelError):
            converted(signature, [sample(parameter) for parameter in form.parameters] + [IMAGE] * 9)
    node = getattr(namespace, name)(1, 2)
    assert node.operator.identifier == f"simpleitk.{name}"
