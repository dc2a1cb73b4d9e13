"""Derives `simpleitk_functions.json` from the installed SimpleITK.

    python -m vlc_runtime.kernels.simpleitk_signatures --write

SimpleITK's functions are made by SWIG: their docstrings list the C++ overloads, one a line, as in

    Multiply(Image image1, double constant) -> Image

A few are written in Python, with annotations or a longer docstring; those are declared in `_WRITTEN_IN_PYTHON`.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from types import MappingProxyType
from typing import Any

from vlc_runtime.kernels.simpleitk_table import TABLE, reason_excluded

_GAUSSIAN_REST = ("maximumKernelWidth: uint32_t = 32", "maximumError: double = 0.01", "useImageSpacing: bool = true")
_RESAMPLE_REST = (
    "defaultPixelValue: double = 0.0",
    "outputPixelType: PixelIDValueEnum = sitkUnknown",
    "useNearestNeighborExtrapolator: bool = false",
)
_TRANSFORM = ("transform: Transform = Transform()", "interpolator: InterpolatorEnum = sitkLinear")
_GRID = (
    "outputOrigin: VectorDouble = [0.0, 0.0, 0.0]",
    "outputSpacing: VectorDouble = [1.0, 1.0, 1.0]",
    "outputDirection: VectorDouble = []",
)
_WRITTEN_IN_PYTHON: MappingProxyType[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        # each form: the result, then the parameters
        "DiscreteGaussian": (
            ("Image", "image1: Image", "variance: VectorDouble = [1.0, 1.0, 1.0]", *_GAUSSIAN_REST),
            ("Image", "image1: Image", "variance: double", *_GAUSSIAN_REST),
        ),
        "MinimumMaximum": (("VectorDouble", "image: Image"),),
        "ReadImage": (
            ("Image", "fileName: Path", "outputPixelType: PixelIDValueEnum = sitkUnknown", 'imageIO: std::string = ""'),
            (
                "Image",
                "fileNames: VectorString",
                "outputPixelType: PixelIDValueEnum = sitkUnknown",
                'imageIO: std::string = ""',
            ),
        ),
        "Resample": (
            ("Image", "image1: Image", *_TRANSFORM, *_RESAMPLE_REST),
            ("Image", "image1: Image", "referenceImage: Image", *_TRANSFORM, *_RESAMPLE_REST),
            ("Image", "image1: Image", "size: VectorUInt32", *_TRANSFORM, *_GRID, *_RESAMPLE_REST),
        ),
        "SmoothingRecursiveGaussian": (
            ("Image", "image1: Image", "sigma: VectorDouble = [1.0, 1.0, 1.0]", "normalizeAcrossScale: bool = false"),
            ("Image", "image1: Image", "sigma: double", "normalizeAcrossScale: bool = false"),
        ),
        "Statistics": (("VectorDouble", "image: Image"),),
        "WriteImage": (
            ("None", "image: Image", "fileName: Path", "useCompression: bool = false", "compressionLevel: int = -1"),
        ),
    }
)
_SUMMARIES = MappingProxyType(
    {
        "MinimumMaximum": "The least and the greatest number of an image.",
        "ReadImage": "Read an image from a file, or a volume from the files of its slices.",
        "ReadTransform": "Read a transform from a file.",
        "Statistics": "Minimum, maximum, mean, standard deviation (n - 1), variance, sum and count of an image.",
        "WriteImage": "Write an image to a file.",
        "WriteTransform": "Write a transform to a file.",
    }
)
_INTERPOLATORS = re.compile(
    r"sitk(NearestNeighbor|Linear|BSpline\d?|Gaussian|LabelGaussian|LabelLinear|\w+WindowedSinc|BSplineResampler\w*)"
)
_SHARED_ENUMERATIONS = MappingProxyType(
    {
        "KernelEnum": re.compile(r"sitk(Annulus|Ball|Box|Cross|Polygon\d)"),
        "InterpolatorEnum": _INTERPOLATORS,
        "PixelIDValueEnum": re.compile(r"sitk(Unknown|(Vector|Complex|Label)?(U?Int|Float)\d+)"),
    }
)
_SPELLINGS = MappingProxyType({"True": "true", "False": "false"})


def derive() -> dict[str, Any]:
    """The table of the installed SimpleITK, ready for JSON: its version, the functions and the enumerations."""
    sitk: Any = importlib.import_module("SimpleITK")
    found: dict[str, Any] = {}
    enumerations = {
        name: {member: getattr(sitk, member) for member in sorted(dir(sitk)) if pattern.fullmatch(member)}
        for name, pattern in _SHARED_ENUMERATIONS.items()
    }
    names = {name for name in dir(sitk) if _is_callable_by_users(getattr(sitk, name), sitk) and name[0].isupper()}
    for name in sorted(names | set(_WRITTEN_IN_PYTHON)):
        if reason_excluded(name):
            continue
        forms = _forms(name, getattr(sitk, name, None))
        for form in forms:
            _add_enumerations(form["parameters"], sitk, enumerations)
        found[name] = {"summary": _summary(name, sitk), "forms": forms}
    version = sitk.Version.VersionString()
    return {"simpleitk": version, "enumerations": dict(sorted(enumerations.items())), "functions": found}


def render(table: dict[str, Any]) -> str:
    """The table as the text of the file."""
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def _is_callable_by_users(thing: Any, sitk: Any) -> bool:
    """Functions, and the constructors of transforms: without them there would be nothing to resample by."""
    return inspect.isroutine(thing) or (inspect.isclass(thing) and issubclass(thing, sitk.Transform))


def _forms(name: str, function: Any) -> list[dict[str, Any]]:
    if name in _WRITTEN_IN_PYTHON:
        return [{"result": form[0], "parameters": list(form[1:])} for form in _WRITTEN_IN_PYTHON[name]]
    if inspect.isclass(function):
        return _constructors(name, function)
    pattern = re.compile(rf"\s*{name}\((.*)\)(?: -> (.+?))?\s*")
    matches = [pattern.fullmatch(line) for line in (function.__doc__ or "").splitlines()]
    forms = [
        {"result": _type(match[2] or _result_of(name)), "parameters": _parameters(match[1])}
        for match in matches
        if match is not None
    ]
    if not forms:
        raise LookupError(f"SimpleITK's {name} has no signature in its docstring: {function.__doc__}")
    return forms


def _constructors(name: str, transform: Any) -> list[dict[str, Any]]:
    """The ways to make a transform; not those by a type number, which are deprecated, nor by a pointer of ITK."""
    pattern = re.compile(rf"\s*__init__\({name} self(?:, )?(.*)\) -> {name}\s*")
    matches = [pattern.fullmatch(line) for line in transform.__init__.__doc__.splitlines()]
    texts = [match[1] for match in matches if match is not None]
    copies = (f"{name} arg2", "Transform arg2")
    wanted = [text for text in texts if text not in copies and "TransformEnum" not in text and "*" not in text]
    forms = [*wanted, "Transform transform"]
    return [{"result": "Transform", "parameters": _parameters(text.replace("arg2", "given"))} for text in forms]


def _result_of(name: str) -> str:
    """Some docstrings lack their result: sources make images, the others only act."""
    return "Image" if name.endswith("Source") else "None"


def _parameters(text: str) -> list[str]:
    parameters = []
    for part in _split(text):
        declared, has_default, default = part.partition("=")
        type_name, _, name = declared.strip().rpartition(" ")
        if "sitkWallClock" in default:  # noise that depends on the clock is no value: the seed must be given
            parameters.append(f"{name}: Seed")
        else:
            parameters.append(f"{name}: {_type(type_name)}" + (f" = {_default(default)}" if has_default else ""))
    return parameters


def _split(text: str) -> list[str]:
    """Split at the commas outside brackets."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character in "(<":
            depth += 1
        elif character in ")>":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _type(text: str) -> str:
    name = re.sub(r"\bconst\b|&|itk::simple::", "", text).strip()
    return {"PathType": "Path", "PixelIDValueType": "int"}.get(name, name)


def _default(text: str) -> str:
    """A default as a user would write it: vectors as lists, limits of C++ by their names."""
    plain = re.sub(r"itk::simple::", "", text.strip())
    plain = re.sub(r"\(uint32_t\)\s*", "", plain)
    if match := re.fullmatch(r"std::string\((.*)\)", plain):
        plain = match[1]
    plain = re.sub(r"std::numeric_limits<\s*([\w ]+?)\s*>::max\(\)", r"the greatest \1", plain)
    if match := re.fullmatch(r"std::(?:vector|map)<.*>\s*\((.*)\)", plain):
        count, _, value = match[1].partition(",")
        if not count:
            return "[]"
        if not count.strip().isdigit():
            return f"[{count.strip()}]"
        item = _SPELLINGS.get(value.strip().rstrip("u"), value.strip().rstrip("u"))
        return f"[{', '.join([item] * int(count))}]"
    return _SPELLINGS.get(plain, plain) or '""'


def _add_enumerations(parameters: list[str], sitk: Any, enumerations: dict[str, dict[str, int]]) -> None:
    """Find the constants of `SomeFilter::SomeType` among those of the class: of the runs of ascending values, one an
    enumeration, the one that has the default."""
    for parameter in parameters:
        declared, _, default = parameter.partition(" = ")
        type_name = declared.partition(": ")[2]
        owner, separator, _ = type_name.partition("::")
        if not separator or owner == "std" or type_name in enumerations:
            continue
        runs: list[dict[str, int]] = []
        for member, value in vars(getattr(sitk, owner)).items():
            if isinstance(value, int) and not member.startswith("_"):
                if value == 0:
                    runs.append({})
                runs[-1][member] = value
        (enumerations[type_name],) = [run for run in runs if default in run] or runs


def _summary(name: str, sitk: Any) -> str:
    """One line: the first sentence of the filter's documentation, or else the name in words."""
    if name in _SUMMARIES:
        return _SUMMARIES[name]
    for owner in (
        f"{name}ImageFilter",
        *([name] if name.endswith("Transform") and inspect.isclass(getattr(sitk, name)) else []),
        f"{name}Filter",
        f"{name.removesuffix('Source')}ImageSource",
    ):
        paragraphs = re.split(r"\n\s*\n", (getattr(sitk, owner, None).__doc__ or "").strip())
        text = " ".join(paragraphs[0].split()).replace(" .", ".").replace("- ", "-")
        if text and hasattr(sitk, owner) and not text.startswith("Proxy of"):
            sentence = re.split(r"(?<=[a-z)])\.\s", text)[0].removesuffix(".")
            return sentence[0].upper() + sentence[1:] + "."
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.replace("_", ": "))
    return words[0] + words[1:].lower() + "."


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        TABLE.write_text(render(derive()), encoding="utf-8")
    else:
        sys.stdout.write(render(derive()))
