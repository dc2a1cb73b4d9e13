"""The types of voxels, by numpy's names, of files and of what functions of SimpleITK give."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_GIVEN_TYPES = {
    "uint8": """
        BinaryThreshold ConfidenceConnected ConnectedThreshold DoubleThreshold Equal Greater GreaterEqual Less LessEqual
        NeighborhoodConnected NotEqual OtsuThreshold
        """,
    "uint32": """
        ConnectedComponent MorphologicalWatershed RegionalMaxima RegionalMinima SLIC ScalarConnectedComponent
        """,
    "float32": """
        ApproximateSignedDistanceMap DanielssonDistanceMap FastMarchingBase GradientMagnitude
        GradientMagnitudeRecursiveGaussian LaplacianRecursiveGaussian RecursiveGaussian SignedDanielssonDistanceMap
        SignedMaurerDistanceMap SmoothingRecursiveGaussian
        """,
    "float64": """
        AntiAliasBinary BoundedReciprocal CurvatureFlow DivideReal FFTNormalizedCorrelation FastMarching
        FastMarchingUpwindGradient MaskedFFTNormalizedCorrelation Normalize NormalizeToConstant NormalizedCorrelation
        """,
}
_GIVEN_TYPE = {function: given for given, names in _GIVEN_TYPES.items() for function in names.split()}
_SIMPLEITK_TYPE = re.compile(r"sitk(?:Vector)?(Int|UInt|Float)(8|16|32|64)")


@cache
def bytes_of(pixel_type: str) -> int:
    """The bytes of one number of this type: numpy's names of types end in their bits."""
    bits = re.search(r"\d+$", pixel_type)
    return int(bits.group()) // 8 if bits else 1


def pixel_type_named(words: str) -> str:
    """The type that SimpleITK describes in words, as in `16-bit signed integer`; float32 when it is another."""
    found = re.search(r"(\d+)-bit (unsigned|signed|float)", words)
    if found is None:
        return "float32"
    return {"unsigned": "uint", "signed": "int", "float": "float"}[found.group(2)] + found.group(1)


def result_type(function: str, given: str, arguments: Sequence[Any]) -> str:
    """The type of a SimpleITK function's image, for a first image of a type and other arguments that are known.

    Most functions keep the type; a type among the arguments (as in `Cast`) says what is given. SimpleITK sees bools as
    bytes.
    """
    for argument in arguments:
        named = _SIMPLEITK_TYPE.fullmatch(argument) if isinstance(argument, str) else None
        if named is not None:
            return named.group(1).lower() + named.group(2)
    return _GIVEN_TYPE.get(function) or ("uint8" if given == "bool" else given)
