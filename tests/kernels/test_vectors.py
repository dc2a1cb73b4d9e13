"""The expected results of tests/vectors that need the kernels of this package alone, each kernel called directly."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime.kernels import scalar
from vlc_runtime.kernels import vox1 as v
from vlc_runtime.volume import Geometry, Volume

FOLDER = Path(__file__).parent.parent / "vectors"
VECTORS = json.loads((FOLDER / "vectors.json").read_text())


def c(operator: Any) -> Callable[..., Any]:
    return operator.compute


def above(image: Volume, number: float) -> Volume:
    return v.gt_sv.compute(number, image)


def touch(image: Volume, other: Volume) -> Volume:
    return v.through.compute(v.near.compute(other), image)


def select(condition: bool, chosen: Volume, other: Volume) -> Volume:
    inside = v.bconstant.compute(condition, chosen)
    outside = v.logical_not.compute(inside)
    return v.add.compute(v.mask.compute(chosen, inside), v.mask.compute(other, outside))


def select_region(condition: bool, chosen: Volume, other: Volume) -> Volume:
    inside = v.bconstant.compute(condition, chosen)
    kept = v.logical_and.compute(inside, chosen)
    return v.logical_or.compute(kept, v.logical_and.compute(v.logical_not.compute(inside), other))


def overlay(region: Volume, image: Volume, other: Volume) -> Volume:
    return v.add.compute(v.mask.compute(image, v.logical_not.compute(region)), v.mask.compute(other, region))


def colour_overlay(region: Volume, image: Volume, *values: float) -> Volume:
    channels = [c(part)(image) for part in (v.red, v.green, v.blue)]
    painted = [
        overlay(region, channel, v.constant.compute(k, channel)) for channel, k in zip(channels, values, strict=True)
    ]
    return v.rgb.compute(*painted)


def rgba_of(image: Volume) -> Volume:
    channels = [c(part)(image) for part in (v.red, v.green, v.blue)]
    return v.rgba.compute(*channels, v.constant.compute(7, channels[0]))


def subset(left: Volume, right: Volume) -> bool:
    return v.volume.compute(v.logical_and.compute(left, v.logical_not.compute(right))) == 0


EXPRESSIONS: dict[str, Callable[[Any], Any]] = {
    "img": lambda i: i,
    "img -. 1": lambda i: c(v.sub_vs)(i, 1),
    "2 .* img": lambda i: c(v.mul_vs)(i, 2),
    "2 .+ img": lambda i: c(v.add_vs)(i, 2),
    "img /. 3": lambda i: c(v.div_vs)(i, 3),
    "img /. 0": lambda i: c(v.div_vs)(i, 0),
    "6 ./ img": lambda i: c(v.div_sv)(6, i),
    "1 ./ img": lambda i: c(v.div_sv)(1, i),
    "img + img": lambda i: c(v.add)(i, i),
    "img * img": lambda i: c(v.multiply)(i, i),
    "img / img": lambda i: c(v.divide)(i, i),
    "5 .< img": lambda i: above(i, 5),
    "img <=. 5": lambda i: c(v.leq_sv)(5, i),
    "img >. 5": lambda i: above(i, 5),
    "img >=. 5": lambda i: c(v.geq_sv)(5, i),
    "img >. 0": lambda i: above(i, 0),
    "0 .= img": lambda i: c(v.eq_sv)(0, i),
    "between(3,6,img)": lambda i: c(v.between)(3, 6, i),
    "avg(img,img >. 8)": lambda i: c(v.avg)(i, above(i, 8)),
    "volume(img >. 8)": lambda i: c(v.volume)(above(i, 8)),
    "mask(img,img >. 8)": lambda i: c(v.mask)(i, above(i, 8)),
    "constant(2.5)": lambda i: c(v.constant)(2.5, i),
    "tt": lambda i: c(v.tt)(i),
    "ff": lambda i: c(v.ff)(i),
    "x": lambda i: c(v.x)(i),
    "z": lambda i: c(v.z)(i),
    "max(img)": lambda i: c(v.maximum)(i),
    "min(img)": lambda i: c(v.minimum)(i),
    "ifB(1 .<. 2,img >. 5,img >. 7)": lambda i: select_region(c(scalar.less)(1, 2), above(i, 5), above(i, 7)),
    "ifN(2 .<. 1,img,img *. 2)": lambda i: select(c(scalar.less)(2, 1), i, c(v.mul_vs)(i, 2)),
    "norm(1,img)": lambda i: c(v.div_vs)(c(v.mul_vs)(i, 1), c(v.maximum)(i)),
    "booleanToNumber(7,img >. 8)": lambda i: c(v.mask)(c(v.constant)(7, i), above(i, 8)),
    "overlayB(img >. 8,img,constant(100))": lambda i: overlay(above(i, 8), i, c(v.constant)(100, i)),
    "eqB(img >. 5,img >=. 6)": lambda i: c(v.volume)(c(v.logical_xor)(above(i, 5), c(v.geq_sv)(6, i))) == 0,
    "leqB(img >. 8,img >. 5)": lambda i: subset(above(i, 8), above(i, 5)),
    "emptyB(img >. 50)": lambda i: c(v.volume)(above(i, 50)) == 0,
    "nemptyB(img >. 50)": lambda i: c(v.volume)(above(i, 50)) > 0,
    "(img >. 3) & (img <. 7)": lambda i: c(v.logical_and)(above(i, 3), c(v.lt_sv)(7, i)),
    "(img <. 2) | (img >. 9)": lambda i: c(v.logical_or)(c(v.lt_sv)(2, i), above(i, 9)),
    "!(img >. 3)": lambda i: c(v.logical_not)(above(i, 3)),
    "8 .-. 4 .-. 2": lambda i: c(scalar.subtract)(8, c(scalar.subtract)(4, 2)),
    "(8 .-. 4) .-. 2": lambda i: c(scalar.subtract)(c(scalar.subtract)(8, 4), 2),
    "7 ./. 0": lambda i: c(scalar.divide_ieee)(7, 0),
    "0 ./. 0": lambda i: c(scalar.divide_ieee)(0, 0),
    "2 .*. 3 .+. 4": lambda i: c(scalar.multiply)(2, c(scalar.add)(3, 4)),
    "true .&. false": lambda i: c(scalar.logical_and)(True, False),
    "1 .=. 1": lambda i: c(scalar.equal)(1, 1),
    "1 .<=. 1": lambda i: c(scalar.less_equal)(1, 1),
    "lcc(img >. 0)": lambda i: c(v.lcc)(above(i, 0)),
    "maxvol(img >. 0)": lambda i: c(v.maxvol)(above(i, 0)),
    "N(img >. 0)": lambda i: c(v.near)(above(i, 0)),
    "near(img >. 0)": lambda i: c(v.near)(above(i, 0)),
    "interior(img >. 0)": lambda i: c(v.interior)(above(i, 0)),
    "near(interior(img >. 0))": lambda i: c(v.near)(c(v.interior)(above(i, 0))),
    "interior(near(img >. 0))": lambda i: c(v.interior)(c(v.near)(above(i, 0))),
    "interior(tt)": lambda i: c(v.interior)(c(v.tt)(i)),
    "near(ff)": lambda i: c(v.near)(c(v.ff)(i)),
    "through(border,img >. 0)": lambda i: c(v.through)(c(v.border)(i), above(i, 0)),
    "(img >. 0) ~> border": lambda i: c(v.through)(c(v.border)(i), above(i, 0)),
    "touch(img >. 0,border)": lambda i: touch(above(i, 0), c(v.border)(i)),
    "volume(near(img >. 0))": lambda i: c(v.volume)(c(v.near)(above(i, 0))),
    "blue(c)": lambda i: c(v.blue)(i),
    "alpha(c)": lambda i: c(v.alpha)(i),
    "intensity(c)": lambda i: c(v.intensity)(i),
    "rgb(blue(c),green(c),red(c))": lambda i: c(v.rgb)(c(v.blue)(i), c(v.green)(i), c(v.red)(i)),
    "rgba(red(c),green(c),blue(c),constant(7))": rgba_of,
    "overlayColor(red(c) >. 100,c,1,2,3)": lambda i: colour_overlay(above(c(v.red)(i), 100), i, 1, 2, 3),
}
ELSEWHERE = re.compile(r"^(dt|pdt|dist\w+|smoothen|dilate|im\w+|percentiles|crossCorrelation|otsu|divZ)\(|~\[")
"""Operators on distances, ranks and histograms have tests of their own; divZ is a matter of the library alone."""
HERE = [vector for vector in VECTORS["vectors"] if vector["expr"] in EXPRESSIONS]


def test_every_vector_is_run_or_belongs_to_other_kernels() -> None:
    for vector in VECTORS["vectors"]:
        known = vector["expr"] in EXPRESSIONS or ELSEWHERE.search(vector["expr"])
        assert known or vector["kind"] == "error", vector["expr"]
    assert {vector["expr"] for vector in HERE} == set(EXPRESSIONS)


def load(name: str) -> Volume:
    image = sitk.ReadImage(str(FOLDER / VECTORS["inputs"][name]))
    geometry = Geometry(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())
    return Volume(sitk.GetArrayFromImage(image), geometry, image.GetNumberOfComponentsPerPixel())


@pytest.mark.parametrize("vector", HERE, ids=[f"{vector['input']}: {vector['expr']}" for vector in HERE])
def test_vector(vector: dict[str, Any]) -> None:
    image = load(vector["input"])
    result = EXPRESSIONS[vector["expr"]](image if vector["input"] == "c" else v.intensity.compute(image))
    if vector["kind"] == "image":
        expected = np.array(vector["value"], np.float64)
        assert result.array.dtype == (np.bool_ if vector["pixel"] == "8-bit unsigned integer" else np.float32)
        np.testing.assert_array_equal(result.array.astype(np.float64), expected)
    elif vector["kind"] == "bool":
        assert result is vector["value"]
    else:
        expected = float(vector["value"])
        assert isinstance(result, float)
        assert result == expected or (math.isnan(result) and math.isnan(expected))
