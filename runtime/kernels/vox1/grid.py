"""Images that depend on a grid alone: the grid is that of the images they meet, given by `like`."""

from __future__ import annotations

import numpy as np
from vlc_runtime.kernels.algorithms import coordinates
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.kernels.vox1.topology import counted
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, Like, NumberImage


@operator(version=1, cost="voxelwise")
def tt(like: Like) -> BoolImage:
    """True everywhere."""
    return like.like(np.ones(like.geometry.shape, np.bool_))


@operator(version=1, cost="voxelwise")
def ff(like: Like) -> BoolImage:
    """False everywhere."""
    return like.like(np.zeros(like.geometry.shape, np.bool_))


@operator(version=1, cost="voxelwise")
def bconstant(value: bool, like: Like) -> BoolImage:
    """The value everywhere."""
    return like.like(np.full(like.geometry.shape, value, np.bool_))


@operator(version=1, cost="voxelwise")
def constant(value: float, like: Like) -> NumberImage:
    """The value, rounded to float32, everywhere."""
    return like.like(np.full(like.geometry.shape, single(value), np.float32))


@operator(version=1, cost="voxelwise")
def border(like: Like) -> BoolImage:
    """True where some coordinate is 0 or maximal: the frame of a 2D image, the six faces of a 3D one."""
    return like.like(coordinates.border(like.geometry.shape))


@operator(version=1, cost="voxelwise")
def near_border(steps: int, like: Like) -> BoolImage:
    """near_box(border, steps): true where a voxel of the border is at most so many steps away (0 or more)."""
    return like.like(coordinates.border(like.geometry.shape, counted(steps)))


@operator(version=1, cost="voxelwise")
def x(like: Like) -> NumberImage:
    """The voxel index along the first axis, from 0 (not mm)."""
    return like.like(coordinates.coordinate(like.geometry.shape, 0))


@operator(version=1, cost="voxelwise")
def y(like: Like) -> NumberImage:
    """The voxel index along the second axis, from 0 (not mm)."""
    return like.like(coordinates.coordinate(like.geometry.shape, 1))


@operator(version=1, cost="voxelwise")
def z(like: Like) -> NumberImage:
    """The voxel index along the third axis, from 0 (not mm); 0 everywhere in a 2D image."""
    return like.like(coordinates.coordinate(like.geometry.shape, 2))
