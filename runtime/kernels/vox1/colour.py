"""Colour images: 3 components (red, green, blue) or 4 (with alpha), float32."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.voxelwise import weighted_intensity
from vlc_runtime.operator import operator
from vlc_runtime.volume import AnyImage, ColourImage, NumberImage, Volume, as_numbers


@operator(version=1, cost="voxelwise")
def intensity(image: AnyImage) -> NumberImage:
    """The voxels of an image of one component; of a colour image 0.2126 red + (0.7152 green + 0.0722 blue)."""
    if image.components == 1:
        return as_numbers(image)
    _require_colour(image, "intensity")
    return image.like(weighted_intensity(image.array))


@operator(version=1, cost="voxelwise")
def red(image: ColourImage) -> NumberImage:
    """The first component. An error for an image of one component."""
    return _component(image, 0, "red")


@operator(version=1, cost="voxelwise")
def green(image: ColourImage) -> NumberImage:
    """The second component. An error for an image of one component."""
    return _component(image, 1, "green")


@operator(version=1, cost="voxelwise")
def blue(image: ColourImage) -> NumberImage:
    """The third component. An error for an image of one component."""
    return _component(image, 2, "blue")


@operator(version=1, cost="voxelwise")
def alpha(image: AnyImage) -> NumberImage:
    """The fourth component, or 255 everywhere when there is none."""
    if image.components == 1 or image.components == 3:
        return image.like(np.full(image.geometry.shape, 255, np.float32))
    return _component(image, 3, "alpha")


@operator(version=1, cost="voxelwise")
def rgb(red: NumberImage, green: NumberImage, blue: NumberImage) -> ColourImage:
    """The colour image of three components."""
    return Volume(_stacked(red, green, blue), red.geometry, 3)


@operator(version=1, cost="voxelwise")
def rgba(red: NumberImage, green: NumberImage, blue: NumberImage, alpha: NumberImage) -> ColourImage:
    """The colour image of four components."""
    return Volume(_stacked(red, green, blue, alpha), red.geometry, 4)


def _stacked(*components: Volume) -> NDArray[np.float32]:
    return np.stack([component.array for component in components], axis=-1)


def _component(image: Volume, index: int, wanted: str) -> Volume:
    _require_colour(image, wanted)
    # a copy always: a view would not keep alive an image of SimpleITK's that owns the voxels
    return image.like(np.array(image.array[..., index], dtype=np.float32, order="C"))


def _require_colour(image: Volume, wanted: str) -> None:
    if image.components == 1:
        raise KernelError(
            f"{wanted} wants a colour image, and this image has one component", "its voxels are already numbers"
        )
    if image.components not in (3, 4):
        raise KernelError(f"{wanted} wants 3 or 4 components, and this image has {image.components}")
