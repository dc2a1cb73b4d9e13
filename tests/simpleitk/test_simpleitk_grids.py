"""The functions of SimpleITK that are said to keep the grid of their images do, whatever else they are given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.grids import keeps_grid
from vlc_runtime.kernels import simpleitk as namespace
from vlc_runtime.kernels.simpleitk_table import Form, Parameter, enumerations, functions
from vlc_runtime.kernels.simpleitk_traits import OTHER_GRID, SEVERAL_GRIDS
from vlc_runtime.simpleitk_border import from_image, is_image
from vlc_runtime.volume import Geometry, Volume

GRIDS = (
    Geometry((7, 6, 5), (1.0, 2.0, 3.0), (4.0, 5.0, -6.0), (0.0, 1.0, 0, -1.0, 0, 0, 0, 0, 1.0)),
    Geometry((7, 6), (1.0, 2.0), (3.0, -4.0), (0.0, 1.0, -1.0, 0.0)),
)
KEEPING = [
    name
    for name, signature in functions().items()
    if keeps_grid(getattr(namespace, name))
    and any(parameter.kind.endswith(("image", "image]")) for form in signature.forms for parameter in form.parameters)
]


def images(grid: Geometry) -> Iterator[Any]:
    """Images of the pixel types that functions ask for."""
    shape = tuple(reversed(grid.size))
    numbers = np.random.default_rng(1).random(shape) * 3
    for array in (numbers.astype(np.float32), (numbers > 1.5).astype(np.uint8), numbers.astype(np.int16), numbers):
        yield Volume(array, grid)
    yield Volume(np.stack([numbers] * len(shape), axis=-1), grid, len(shape))
    if len(shape) == 3:  # what only SimpleITK understands
        labels = sitk.GetImageFromArray(numbers.astype(np.uint8))
        labels.SetSpacing(grid.spacing)
        labels.SetOrigin(grid.origin)
        labels.SetDirection(grid.direction)
        yield sitk.Cast(labels, sitk.sitkLabelUInt8)
        yield sitk.Cast(labels, sitk.sitkComplexFloat32)


def geometry_of(result: Any) -> Geometry:
    if isinstance(result, Volume):
        return result.geometry
    assert is_image(result)
    if "label" in result.GetPixelIDTypeAsString():
        return from_image(sitk.Cast(result, sitk.sitkUInt8)).geometry
    return from_image(sitk.ComplexToReal(result)).geometry


def plain(parameter: Parameter, image: Any, dimension: int) -> Any:
    """A value for a parameter that has to be given."""
    return {
        "image": image,
        "sequence[image]": [image],
        "number": 1.0,
        "integer": 1.0,
        "bool": True,
        "sequence[number]": [1.0] * dimension,
        "sequence[sequence[number]]": [[1.0] * dimension],
        "enumeration": 0.0,
    }.get(parameter.kind, "")


def default(parameter: Parameter) -> Any:
    try:
        return ast.literal_eval(parameter.default.capitalize() if parameter.kind == "bool" else parameter.default)
    except (ValueError, SyntaxError):
        return parameter.default


def others(parameter: Parameter, dimension: int) -> list[Any]:
    """Values for an optional parameter that are not the usual ones."""
    if parameter.kind == "enumeration":
        return list(enumerations()[parameter.type])
    return {
        "number": [2.0],
        "integer": [2.0],
        "bool": [True, False],
        "sequence[number]": [[2.0] * dimension, [1.0] * dimension],
        "sequence[bool]": [[True] * dimension],
    }.get(parameter.kind, [])


def calls(form: Form, image: Any, dimension: int) -> Iterator[list[Any]]:
    """The arguments that must be given alone, then also each optional one with each of its other values."""
    required = [plain(parameter, image, dimension) for parameter in form.parameters[: form.minimum]]
    yield required
    optional = form.parameters[form.minimum :]
    for position, parameter in enumerate(optional):
        before = [default(each) for each in optional[:position]]
        for value in others(parameter, dimension):
            yield [*required, *before, value]


def answers(name: str, image: Any, dimension: int) -> Iterator[Any]:
    """What a function gives for an image, for each choice of the other arguments that it takes."""
    for form in functions()[name].forms:
        for arguments in calls(form, image, dimension):
            try:
                yield getattr(namespace, name).compute(*arguments)
            except RuntimeFailure:
                if len(arguments) == form.minimum:
                    break  # it takes no such image


def keeps(name: str) -> bool | None:
    """Whether a function keeps the grid of its images, as far as asked; None when it takes none of them."""
    checked = None
    for grid in GRIDS:
        for image in images(grid):
            found = [geometry_of(result) for result in answers(name, image, len(grid.size))]
            if not all(geometry == grid for geometry in found):
                return False
            if found:
                checked = True
                break
    return checked


class Elsewhere:
    """Another process, in which functions are asked: some of ITK's filters write where they should not, at times, when
    their arguments are odd."""

    def __init__(self) -> None:
        self._pool = self._begin()

    def ask(self, name: str) -> bool | None:
        for _ in range(4):
            try:
                return self._pool.submit(keeps, name).result()
            except BrokenProcessPool:
                self._pool = self._begin()
        raise AssertionError(f"{name} ends its process each time")

    def end(self) -> None:
        self._pool.shutdown()

    @staticmethod
    def _begin() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    process = Elsewhere()
    yield process
    process.end()


@pytest.mark.parametrize("name", KEEPING)
def test_the_grid_is_kept(name: str, elsewhere: Elsewhere) -> None:
    answer = elsewhere.ask(name)
    assert answer is not None, "give it an image that it takes, or put it in OTHER_GRID"
    assert answer


def test_the_functions_of_other_grids_exist_and_are_of_one_list() -> None:
    assert functions().keys() >= OTHER_GRID | SEVERAL_GRIDS
    assert not OTHER_GRID & SEVERAL_GRIDS
