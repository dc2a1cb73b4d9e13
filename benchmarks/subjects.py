"""The images on which kernels are compared: a head-like phantom, and masks that are hard in different ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.volume import Geometry, Volume

from examples.make_phantom import make_case, smooth_field

Size = tuple[int, int, int]


@dataclass(frozen=True)
class Subject:
    """An image of numbers, a mask and a few seeds on one grid, each also as SimpleITK's image."""

    name: str
    numbers: Volume
    mask: Volume
    seeds: Volume

    @cached_property
    def numbers_itk(self) -> Any:
        return itk_image(self.numbers.array)

    @cached_property
    def mask_itk(self) -> Any:
        return itk_image(self.mask.array)

    @cached_property
    def seeds_itk(self) -> Any:
        return itk_image(self.seeds.array)


def itk_image(array: NDArray[Any]) -> Any:
    """SimpleITK's image of an array; masks become unsigned bytes."""
    import SimpleITK as sitk

    return sitk.GetImageFromArray(array.view(np.uint8) if array.dtype == np.bool_ else array)


def sparse(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """One voxel in a thousand."""
    return random.random(shape) < 0.001


def thick(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Half of the image in a few smooth bodies."""
    return smooth_field(random, shape, 12) > 0


def noisy(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """One voxel in ten, everywhere: hundreds of thousands of components."""
    return random.random(shape) < 0.1


def maze(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Corridors one voxel wide between the cells of a lattice, nearly half of them open: long winding components."""
    result = np.zeros(shape, np.bool_)
    result[::2, ::2, ::2] = True
    for axis in range(3):
        corridor = tuple(slice(1, None, 2) if other == axis else slice(None, None, 2) for other in range(3))
        result[corridor] = random.random(result[corridor].shape) < 0.45
    return result


def phantom(size: Size) -> Subject:
    """The head: its FLAIR image, its bright tissue as the mask, the lesions' truth as seeds."""
    flair, truth = make_case(size, 1)
    numbers = flair.astype(np.float32)
    return _subject("phantom", size, numbers, numbers > 190, truth)


def lesion(size: Size) -> Subject:
    """The head with its lesions as the mask: a small part of the image, as what programs segment mostly is."""
    flair, truth = make_case(size, 1)
    numbers = flair.astype(np.float32)
    return _subject("lesion", size, numbers, truth > 0, numbers > 190)


def subjects(size: Size) -> list[Subject]:
    """The phantom and its lesions, then the masks, on grids of this size."""
    shape = (size[2], size[1], size[0])
    made = [phantom(size), lesion(size)]
    makers: tuple[Callable[[np.random.Generator, tuple[int, ...]], NDArray[np.bool_]], ...] = (
        sparse,
        thick,
        noisy,
        maze,
    )
    for maker in makers:
        random = np.random.default_rng(2)
        numbers = random.random(shape, dtype=np.float32)
        made.append(_subject(maker.__name__, size, numbers, maker(random, shape), random.random(shape) < 1e-4))
    return made


def _subject(
    name: str, size: Size, numbers: NDArray[np.float32], mask: NDArray[np.bool_], seeds: NDArray[np.bool_]
) -> Subject:
    grid = Geometry.of_size(*size)
    return Subject(name, Volume(numbers, grid), Volume(mask, grid), Volume(seeds, grid))
