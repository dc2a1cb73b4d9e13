"""The table of SimpleITK's functions: derived from the installed version, usable without it."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys

import pytest
import SimpleITK as sitk
from vlc_runtime.kernels import simpleitk as namespace
from vlc_runtime.kernels.simpleitk_signatures import derive, render
from vlc_runtime.kernels.simpleitk_table import TABLE, enumerations, functions, reason_excluded

KINDS = re.compile(
    r"image|number|integer|bool|string|transform|enumeration"
    r"|sequence\[(number|bool|string|image|transform|sequence\[number\])\]"
)


def test_the_table_is_that_of_the_installed_simpleitk() -> None:
    stored = json.loads(TABLE.read_text(encoding="utf-8"))
    if stored["simpleitk"].split(".")[:2] != sitk.Version.VersionString().split(".")[:2]:
        pytest.skip(f"the table is of SimpleITK {stored['simpleitk']}, installed is {sitk.Version.VersionString()}")
    derived = derive()
    derived["simpleitk"] = stored["simpleitk"]
    assert TABLE.read_text(encoding="utf-8") == render(derived)


def test_every_function_is_there_or_excluded_with_a_reason() -> None:
    for name in dir(sitk):
        if name[0].isupper() and inspect.isroutine(getattr(sitk, name)):
            assert (name in functions()) != bool(reason_excluded(name)), name
    assert "Statistics" in functions()


def test_kinds_and_summaries_are_complete() -> None:
    for signature in functions().values():
        assert signature.summary.endswith(".") and "\n" not in signature.summary
        assert 0 <= signature.minimum <= signature.maximum
        for form in signature.forms:
            assert form.result == signature.result
            assert KINDS.fullmatch(form.result) or form.result == "none", form
            for parameter in form.parameters:
                assert KINDS.fullmatch(parameter.kind), parameter
                if parameter.kind == "enumeration":
                    assert len(enumerations()[parameter.type]) > 1
                    if parameter.default:
                        assert parameter.default in enumerations()[parameter.type]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Multiply", "Multiply(image1: image, constant: number)"),
        ("Extract", "Extract(image1: image, size: sequence[number] = [1, 1, 1, 1, 1], index: sequence[number] = "),
        ("BinaryThreshold", "BinaryThreshold(image1: image, lowerThreshold: number = 0.0, upperThreshold: number = "),
        ("AdditiveGaussianNoise", "AdditiveGaussianNoise(image1: image, standardDeviation: number = 1.0, mean: "),
        ("Resample", "Resample(image1: image, size: sequence[number], transform: transform = Transform(), "),
    ],
)
def test_forms_read_like_signatures(name: str, text: str) -> None:
    assert any(form.startswith(text) for form in functions()[name].texts), functions()[name].texts


@pytest.mark.parametrize(
    ("name", "minimum", "maximum", "result"),
    [
        ("BinaryErode", 1, 6, "image"),
        ("Multiply", 2, 2, "image"),
        ("Cast", 2, 2, "image"),
        ("AdditiveGaussianNoise", 4, 4, "image"),
        ("Hash", 1, 2, "string"),
        ("MinimumMaximum", 1, 1, "sequence[number]"),
        ("WriteImage", 2, 4, "none"),
        ("Version_MajorVersion", 0, 0, "number"),
        ("CenteredTransformInitializer", 3, 4, "transform"),
        ("GaborSource", 0, 8, "image"),
        ("TranslationTransform", 1, 2, "transform"),
        ("Euler3DTransform", 0, 5, "transform"),
        ("CompositeTransform", 1, 1, "transform"),
    ],
)
def test_counts_and_results(name: str, minimum: int, maximum: int, result: str) -> None:
    signature = functions()[name]
    assert (signature.minimum, signature.maximum, signature.result) == (minimum, maximum, result)


def test_enumerations_keep_apart() -> None:
    assert set(enumerations()["ConvolutionImageFilter::OutputRegionModeType"]) == {"SAME", "VALID"}
    assert "SAME" not in enumerations()["ConvolutionImageFilter::BoundaryConditionType"]
    for members in enumerations().values():
        for member, value in members.items():
            assert getattr(sitk, member, value) == value


def test_the_compiler_needs_neither_numpy_nor_simpleitk() -> None:
    code = (
        "import sys\n"
        "from vlc_runtime.kernels import simpleitk_table\n"
        "assert simpleitk_table.functions()['Add'].maximum == 2\n"
        "assert simpleitk_table.enumerations()\n"
        "assert not {'numpy', 'SimpleITK', '_SimpleITK'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_namespace_lists_what_the_table_lists() -> None:
    assert dir(namespace) == sorted(functions())
    with pytest.raises(AttributeError, match="opens a window"):
        namespace.Show  # noqa: B018
    with pytest.raises(AttributeError, match="no function Sharpen"):
        namespace.Sharpen  # noqa: B018
