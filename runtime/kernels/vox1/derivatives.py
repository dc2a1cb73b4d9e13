"""Operators on the change of values from voxel to voxel."""

from __future__ import annotations

from vlc_runtime.kernels.algorithms.gradient import gradient_magnitude
from vlc_runtime.operator import operator
from vlc_runtime.volume import NumberImage


@operator(version=1, scratch=4.0)
def gradient(image: NumberImage) -> NumberImage:
    """The magnitude of the gradient per mm, by central differences; beyond the border values go on unchanged."""
    return image.like(gradient_magnitude(image.array, image.geometry.spacing))
