"""Operators on Euclidean distance."""

from __future__ import annotations

from vlc_runtime.kernels.algorithms.bounded_distance import (
    at_least,
    depth_at_least,
    depth_within,
    signed_at_least,
    signed_within,
    within,
)
from vlc_runtime.kernels.algorithms.distance import signed_distance
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage


@operator(version=1, scratch=7.0)
def dt(mask: BoolImage) -> NumberImage:
    """Signed Euclidean distance in mm to the boundary of a region: positive outside it, negative within, -0 on it.

    The boundary is the voxels of the region with a neighbour (8 in 2D, 26 in 3D) outside the region; the border of the
    image is none. Spacing counts, direction does not. An empty region is at 1.8446743e19 from everywhere, a full one
    at -1.8446743e19.
    """
    return mask.like(signed_distance(mask.array, mask.geometry.spacing))


@operator(version=1, scratch=1.2)
def distance_leq(radius: float, mask: BoolImage) -> BoolImage:
    """True where the distance to the region, 0 within it, is <= radius (mm)."""
    return mask.like(within(mask.array, float(single(radius)), mask.geometry.spacing, strict=False))


@operator(version=1, scratch=1.2)
def distance_lt(radius: float, mask: BoolImage) -> BoolImage:
    """True where the distance to the region, 0 within it, is < radius (mm)."""
    return mask.like(within(mask.array, float(single(radius)), mask.geometry.spacing, strict=True))


@operator(version=1, scratch=1.2)
def distance_geq(radius: float, mask: BoolImage) -> BoolImage:
    """True where the distance to the region, 0 within it, is >= radius (mm)."""
    return mask.like(at_least(mask.array, float(single(radius)), mask.geometry.spacing, strict=False))


@operator(version=1, scratch=1.2)
def distance_gt(radius: float, mask: BoolImage) -> BoolImage:
    """True where the distance to the region, 0 within it, is > radius (mm)."""
    return mask.like(at_least(mask.array, float(single(radius)), mask.geometry.spacing, strict=True))


@operator(version=1, scratch=1.2)
def depth_leq(radius: float, mask: BoolImage) -> BoolImage:
    """True where the distance to what is not the region, 0 outside it, is <= radius (mm)."""
    return mask.like(depth_within(mask.array, float(single(radius)), mask.geometry.spacing, strict=False))


@operator(version=1, scratch=1.2)
def depth_lt(radius: float, mask: BoolImage) -> BoolImage:
    """True where the distance to what is not the region, 0 outside it, is < radius (mm)."""
    return mask.like(depth_within(mask.array, float(single(radius)), mask.geometry.spacing, strict=True))


@operator(version=1, scratch=1.2)
def depth_geq(radius: float, mask: BoolImage) -> BoolImage:
    """True where the distance to what is not the region, 0 outside it, is >= radius (mm): an erosion."""
    return mask.like(depth_at_least(mask.array, float(single(radius)), mask.geometry.spacing, strict=False))


@operator(version=1, scratch=1.2)
def depth_gt(radius: float, mask: BoolImage) -> BoolImage:
    """True where the distance to what is not the region, 0 outside it, is > radius (mm): an erosion."""
    return mask.like(depth_at_least(mask.array, float(single(radius)), mask.geometry.spacing, strict=True))


@operator(version=1, scratch=1.7)
def signed_distance_leq(radius: float, mask: BoolImage) -> BoolImage:
    """True where the signed distance `dt(mask)` is <= radius (mm)."""
    return mask.like(signed_within(mask.array, float(single(radius)), mask.geometry.spacing, strict=False))


@operator(version=1, scratch=1.7)
def signed_distance_lt(radius: float, mask: BoolImage) -> BoolImage:
    """True where the signed distance `dt(mask)` is < radius (mm)."""
    return mask.like(signed_within(mask.array, float(single(radius)), mask.geometry.spacing, strict=True))


@operator(version=1, scratch=1.7)
def signed_distance_geq(radius: float, mask: BoolImage) -> BoolImage:
    """True where the signed distance `dt(mask)` is >= radius (mm)."""
    return mask.like(signed_at_least(mask.array, float(single(radius)), mask.geometry.spacing, strict=False))


@operator(version=1, scratch=1.7)
def signed_distance_gt(radius: float, mask: BoolImage) -> BoolImage:
    """True where the signed distance `dt(mask)` is > radius (mm)."""
    return mask.like(signed_at_least(mask.array, float(single(radius)), mask.geometry.spacing, strict=True))
