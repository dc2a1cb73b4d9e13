"""The expected results of tests/vectors that need distances, ranks or histograms, each kernel called directly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms.bounded_distance import at_least, within
from vlc_runtime.volume import Geometry, Volume

FOLDER = Path(__file__).parent.parent / "vectors"
VECTORS = json.loads((FOLDER / "vectors.json").read_text())

Mask = NDArray[np.bool_]


class Steps:
    """What the expressions are made of, on the grid of one image."""

    def __init__(self, image: Volume) -> None:
        self.image = image
        self.tt = image.like(np.ones(image.array.shape, dtype=bool))
        self.ff = image.like(np.zeros(image.array.shape, dtype=bool))
        self.least, self.greatest = float(image.array.min()), float(image.array.max())

    def above(self, number: float) -> Volume:
        return self.image.like(self.image.array > np.float32(number))

    def dt(self, mask: Volume) -> Volume:
        result: Volume = vox1.dt.compute(mask)
        return result

    def pdt(self, mask: Volume) -> Volume:
        distances = self.dt(mask).array
        return mask.like(np.where(distances > 0, distances, np.float32(0)))

    def distleq(self, radius: float, mask: Volume) -> Volume:
        result = within(mask.array, radius, mask.geometry.spacing, strict=False)
        np.testing.assert_array_equal(result, self.pdt(mask).array <= np.float32(radius))
        return mask.like(result)

    def distgeq(self, radius: float, mask: Volume) -> Volume:
        result = at_least(mask.array, radius, mask.geometry.spacing, strict=False)
        np.testing.assert_array_equal(result, self.pdt(mask).array >= np.float32(radius))
        return mask.like(result)

    def erode(self, mask: Volume, radius: float) -> Volume:
        return mask.like(~self.distleq(radius, mask.like(~mask.array)).array)

    def smoothen(self, mask: Volume, radius: float) -> Volume:
        return self.distleq(radius, self.distgeq(radius, mask.like(~mask.array)))

    def correlation(self, radius: float, mask: Volume, lowest: float, highest: float, bins: float) -> Volume:
        result: Volume = vox1.crossCorrelation.compute(radius, self.image, self.image, mask, lowest, highest, bins)
        return result

    def percentiles(self, mask: Volume, k: float) -> Volume:
        result: Volume = vox1.percentiles.compute(self.image, mask, k)
        return result

    def otsu(self, mask: Volume, bins: float) -> Volume:
        result: Volume = vox1.otsu.compute(self.image, mask, bins)
        return result


EXPRESSIONS: dict[str, Callable[[Steps], Volume]] = {
    "dt(img >. 0)": lambda s: s.dt(s.above(0)),
    "dt(tt)": lambda s: s.dt(s.tt),
    "dt(ff)": lambda s: s.dt(s.ff),
    "pdt(img >. 0)": lambda s: s.pdt(s.above(0)),
    "distleq(1,img >. 0)": lambda s: s.distleq(1, s.above(0)),
    "distleq(1.5,img >. 0)": lambda s: s.distleq(1.5, s.above(0)),
    "distgeq(2,img >. 0)": lambda s: s.distgeq(2, s.above(0)),
    "smoothen(img >. 0,1)": lambda s: s.smoothen(s.above(0), 1),
    "smoothen(img >. 0,1.5)": lambda s: s.smoothen(s.above(0), 1.5),
    "dilate(img >. 0,1)": lambda s: s.distleq(1, s.above(0)),
    "imopen(img >. 0,1)": lambda s: s.distleq(1, s.erode(s.above(0), 1)),
    "imclose(img >. 0,1)": lambda s: s.erode(s.distleq(1, s.above(0)), 1),
    "percentiles(img,tt,0)": lambda s: s.percentiles(s.tt, 0),
    "percentiles(img,tt,0.5)": lambda s: s.percentiles(s.tt, 0.5),
    "percentiles(img,ff,0.5)": lambda s: s.percentiles(s.ff, 0.5),
    "percentiles(img,img >. 5,0.5)": lambda s: s.percentiles(s.above(5), 0.5),
    "otsu(img,img >. 5,100)": lambda s: s.otsu(s.above(5), 100),
    "crossCorrelation(1,img,img,tt,0,12,4)": lambda s: s.correlation(1, s.tt, 0, 12, 4),
    "crossCorrelation(1,img,img,tt,0,4,4)": lambda s: s.correlation(1, s.tt, 0, 4, 4),
    "crossCorrelation(1,img,img,tt,0,2,2)": lambda s: s.correlation(1, s.tt, 0, 2, 2),
    "crossCorrelation(1,img,img,tt,2,2,4)": lambda s: s.correlation(1, s.tt, 2, 2, 4),
    "crossCorrelation(1,img,img,ff,0,4,4)": lambda s: s.correlation(1, s.ff, 0, 4, 4),
    "crossCorrelation(2,img,img,img >. 1,0,4,2)": lambda s: s.correlation(2, s.above(1), 0, 4, 2),
    "crossCorrelation(1,img,img,tt,min(img),max(img),3)": lambda s: s.correlation(1, s.tt, s.least, s.greatest, 3),
    "img ~[1,4] img": lambda s: s.correlation(1, s.tt, s.least, s.greatest, 4),
}
HERE = [vector for vector in VECTORS["vectors"] if vector["expr"] in EXPRESSIONS and vector["kind"] == "image"]


def test_every_expression_stands_among_the_vectors() -> None:
    assert {vector["expr"] for vector in HERE} == set(EXPRESSIONS)


def load(name: str) -> Volume:
    image = SimpleITK.ReadImage(str(FOLDER / VECTORS["inputs"][name]))
    geometry = Geometry(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())
    return Volume(SimpleITK.GetArrayFromImage(image).astype(np.float32), geometry)


@pytest.mark.parametrize("vector", HERE, ids=[f"{vector['input']}: {vector['expr']}" for vector in HERE])
def test_vector(vector: dict[str, Any]) -> None:
    result = EXPRESSIONS[vector["expr"]](Steps(load(vector["input"])))
    expected = np.array(vector["value"], np.float64)
    if vector["pixel"] == "8-bit unsigned integer":
        assert result.array.dtype == np.bool_
        np.testing.assert_array_equal(result.array, expected != 0)
    else:
        assert result.array.dtype == np.float32
        np.testing.assert_array_equal(result.array, expected.astype(np.float32))
