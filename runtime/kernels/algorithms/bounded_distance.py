"""Comparisons of distances with a number, computed in the neighbourhood of that radius alone.

Every function gives, voxel for voxel, what building the map of `distance.signed_distance` and comparing it in float32
would give. A digital ball is a stack of discs, a disc a stack of runs along x; so the voxels within a radius are a
union of shifted regions, on packed bits. Two facts make the result that of the map:

- When the spacings are such that ITK's float32 arithmetic commits no rounding error (unit and dyadic spacings, all
  usual radii), the squared distance of an offset is the number that the map holds, ties included.
- Otherwise the map may hold a slightly different number for the same offset at different places, since ITK rounds
  positions (even the boundary may then be a little off 0). Offsets whose distance differs from the radius by more
  than those errors are decided; if voxels remain that only an undecided offset reaches, the map is built.

Cost: about 2 R^2 + 3 R unions of packed regions for a radius of R voxels; beyond some 30 voxels the map is cheaper,
and is what gets built.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.digital_ball import boundary, dilated, eroded
from vlc_runtime.kernels.algorithms.distance import signed_distance
from vlc_runtime.kernels.algorithms.rounding import single

_MOST_UNIONS = 2048
_ULP = 2.0**-24
"""Half the distance from 1.0 to the next float32: the relative error of one rounding."""


def within(mask: NDArray[np.bool_], radius: float, spacing: Sequence[float], *, strict: bool) -> NDArray[np.bool_]:
    """The voxels whose distance to the region is <= radius, or < radius if strict; inside the region it is 0.

    `mask` is a 2D or 3D array, `spacing` (mm) has the x axis first; the radius (mm) is rounded to float32, as all
    numbers are that meet images.
    """
    bound = single(radius)
    if not bound >= 0:
        return np.zeros(mask.shape, dtype=np.bool_)
    near = _near(mask, bound, spacing, strict=strict, sites_at_zero=True)
    if near is not None:
        return near
    distances = signed_distance(mask, spacing)
    np.maximum(distances, np.float32(0), out=distances)
    return distances < bound if strict else distances <= bound


def at_least(mask: NDArray[np.bool_], radius: float, spacing: Sequence[float], *, strict: bool) -> NDArray[np.bool_]:
    """The voxels whose distance to the region is >= radius, or > radius if strict; inside the region it is 0."""
    if math.isnan(radius):
        return np.zeros(mask.shape, dtype=np.bool_)
    return ~within(mask, radius, spacing, strict=not strict)


def signed_within(
    mask: NDArray[np.bool_], radius: float, spacing: Sequence[float], *, strict: bool
) -> NDArray[np.bool_]:
    """The voxels whose signed distance is <= radius, or < radius if strict: an erosion where the radius is negative."""
    bound = single(radius)
    if bound > 0:
        return within(mask, radius, spacing, strict=strict)
    if not bound <= 0:
        return np.zeros(mask.shape, dtype=np.bool_)
    if (bound == 0 and not strict) or not mask.size:
        return mask.copy()
    near = _near(boundary(mask), -bound, spacing, strict=not strict, sites_at_zero=False)
    if near is not None:
        return np.greater(mask, near, out=near)  # true and not false
    distances = signed_distance(mask, spacing)
    return distances < bound if strict else distances <= bound


def signed_at_least(
    mask: NDArray[np.bool_], radius: float, spacing: Sequence[float], *, strict: bool
) -> NDArray[np.bool_]:
    """The voxels whose signed distance is >= radius, or > radius if strict."""
    if math.isnan(radius):
        return np.zeros(mask.shape, dtype=np.bool_)
    return ~signed_within(mask, radius, spacing, strict=not strict)


def depth_at_least(
    mask: NDArray[np.bool_], radius: float, spacing: Sequence[float], *, strict: bool
) -> NDArray[np.bool_]:
    """The voxels whose distance to what is not the region is >= radius, or > radius if strict; outside it is 0.

    That is `at_least` of the complement, but where only voxels of the region can be so deep, just the box around it is
    looked at: an erosion.
    """
    bound = single(radius)
    if math.isnan(bound):
        return np.zeros(mask.shape, dtype=np.bool_)
    if bound < 0 or (bound == 0 and not strict):
        return np.ones(mask.shape, dtype=np.bool_)
    grid = _Grid.of(mask.shape, spacing)
    if grid is not None and grid.bounded(float(bound)):
        deep = _decided(grid, bound, strict=not strict, at_zero=True, of_ball=lambda ball: eroded(mask, ball))
        if deep is not None:
            return deep
    return at_least(~mask, radius, spacing, strict=strict)


def depth_within(
    mask: NDArray[np.bool_], radius: float, spacing: Sequence[float], *, strict: bool
) -> NDArray[np.bool_]:
    """The voxels whose distance to what is not the region is <= radius, or < radius if strict; outside it is 0."""
    if math.isnan(radius):
        return np.zeros(mask.shape, dtype=np.bool_)
    deep = depth_at_least(mask, radius, spacing, strict=not strict)
    return np.logical_not(deep, out=deep)


@lru_cache(maxsize=256)
def builds_map(shape: tuple[int, ...], radius: float, spacing: tuple[float, ...]) -> bool:
    """Whether the map is built for a radius, as far as that can be told without the mask."""
    grid = _Grid.of(shape, spacing)
    return grid is None or not grid.bounded(abs(float(single(radius))))


def _near(
    sites: NDArray[np.bool_], bound: np.float32, spacing: Sequence[float], *, strict: bool, sites_at_zero: bool
) -> NDArray[np.bool_] | None:
    """The voxels within the bound of the sites, or None where only the map can tell.

    `sites_at_zero`: the distance of a site is 0 by definition. In the map it may be off by the error of positions.
    """
    grid = _Grid.of(sites.shape, spacing)
    if grid is None or not grid.bounded(float(bound)):
        return None
    return _decided(grid, bound, strict=strict, at_zero=sites_at_zero, of_ball=lambda ball: dilated(sites, ball))


def _decided(
    grid: _Grid,
    bound: np.float32,
    *,
    strict: bool,
    at_zero: bool,
    of_ball: Callable[[NDArray[np.bool_]], NDArray[np.bool_]],
) -> NDArray[np.bool_] | None:
    """What the ball of the offsets within the bound makes of a mask, or None where only the map can tell that ball."""
    squares = grid.squared_distances(float(bound))
    if grid.exact(float(bound)):
        roots = np.sqrt(squares.astype(np.float32))
        return of_ball(roots < bound if strict else roots <= bound)
    certain = squares <= float(bound) ** 2 - grid.error(float(bound))
    possible = squares <= float(bound) ** 2 + grid.error(float(bound))
    if at_zero:
        certain[0, 0, 0] = possible[0, 0, 0] = bound > 0 or not strict
    result = of_ball(certain)
    if (certain == possible).all() or (result == of_ball(possible)).all():
        return result
    return None


@dataclass(frozen=True, slots=True)
class _Grid:
    """The extents (voxels) and the spacing (mm) of the axes z, y, x."""

    size: tuple[int, int, int]
    step: tuple[float, float, float]

    @staticmethod
    def of(shape: tuple[int, ...], spacing: Sequence[float]) -> _Grid | None:
        """None for an image without voxels, and for spacings whose squares leave the normal range of float32."""
        missing = 3 - len(shape)
        sizes = (1,) * missing + shape
        steps = (1.0,) * missing + tuple(float(step) for step in reversed(spacing))
        if not all(step > 1e-6 and size * step < 1e9 for size, step in zip(sizes, steps, strict=True)):
            return None
        return _Grid((sizes[0], sizes[1], sizes[2]), (steps[0], steps[1], steps[2])) if min(sizes) > 0 else None

    def reach(self, bound: float) -> tuple[int, int, int]:
        """The voxels along each axis, from one, that may lie within the bound."""
        z, y, x = (min(size, int(bound / step) + 2) for size, step in zip(self.size, self.step, strict=True))
        return z, y, x

    def bounded(self, bound: float) -> bool:
        """Whether a union of shifted regions is worth while."""
        if not bound < 1e15:
            return False
        planes, rows, voxels = self.reach(bound)
        return planes * (2 * rows + 1) + voxels < _MOST_UNIONS

    def squared_distances(self, bound: float) -> NDArray[np.float64]:
        """The squared lengths (mm^2) of the offsets (z, y, x) >= 0 within reach."""
        z, y, x = ((np.arange(count) * step) ** 2 for count, step in zip(self.reach(bound), self.step, strict=True))
        squares: NDArray[np.float64] = (z[:, None, None] + y[:, None]) + x
        return squares

    def exact(self, bound: float) -> bool:
        """Whether ITK's float32 arithmetic is free of errors for distances up to the bound.

        Positions are multiples of the spacings, squared distances multiples of a quantum q, the square of the
        spacings' common power of two. Positions must be floats. Maurer's algorithm discards a site by the sign of
        c d2 - b d1 - a df - abc, where a, b and c = a + b separate three sites of a line. At a voxel from which the
        three are at squared distances V + w1, V and V + wf that is -(b w1 + a wf), a multiple of q times a spacing
        unless sites tie, and its rounding error is below 20 * 2^-24 c V with c at most twice the distance. So no site
        is wrongly kept or discarded when distance^3 / spacing is below 2^18 q.
        """
        used = [(size, step, *_odd_part(step)) for size, step in zip(self.size, self.step, strict=True) if size > 1]
        if not used:
            return True
        quantum = 4.0 ** min(power for _, _, _, power in used)
        steps = 1.0 + bound / min(step for _, step, _, _ in used)
        return all(size * odd < 2**24 for size, _, odd, _ in used) and bound * bound * steps < 2**18 * quantum

    def error(self, bound: float) -> float:
        """A bound on the error (mm^2) of the squared distances that ITK holds, near the square of the bound.

        A site stands at i times the float32 of the spacing and a voxel at the float32 of i times the spacing, which
        shifts a difference along each of three axes by up to 2^-22 of the extent; products and sums cost a few
        roundings, and so does a site that is wrongly kept or discarded (see `exact`).
        """
        extent = max(size * step for size, step in zip(self.size, self.step, strict=True))
        steps = 1.0 + bound / min(self.step)
        return _ULP * (16.0 * bound * extent + 64.0 * bound * bound * steps) + (8.0 * _ULP * extent) ** 2


def _odd_part(value: float) -> tuple[int, int]:
    """(m, e) with value = m * 2^e and m odd."""
    numerator, denominator = value.as_integer_ratio()
    twos = (numerator & -numerator).bit_length() - 1
    return numerator >> twos, twos - (denominator.bit_length() - 1)
