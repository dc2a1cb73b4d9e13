"""Dilation and erosion by digital balls, and boundaries, against their definitions, by numpy and by compiled code."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import SEEDS, same
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms import bits, digital_ball
from vlc_runtime.kernels.algorithms.digital_ball import boundary, dilated, eroded

Flags = NDArray[np.bool_]


@pytest.fixture(scope="module", params=["numpy", "numba"], autouse=True)
def way(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.param == "numba":
        pytest.importorskip("numba")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digital_ball, "worth_while", lambda steps: request.param == "numba")
        patch.setattr(digital_ball, "_LEAST_PLANES", 1)  # pieces of few planes
        patch.setattr(bits, "_SLAB_VOXELS", 1 << 9)
        yield


@st.composite
def masks(draw: st.DrawFn) -> Flags:
    """Rows of less than a word, of whole words and of more; sparse, dense, empty and full."""
    planes = draw(st.sampled_from((None, 1, 2, 3, 25)))
    shape = (draw(st.integers(1, 7)), draw(st.sampled_from((1, 5, 8, 62, 64, 65, 130))))
    shape = shape if planes is None else (planes, *shape)
    generator = np.random.default_rng(draw(SEEDS))
    mask = generator.random(shape) < draw(st.sampled_from((0.0, 0.003, 0.1, 0.5, 0.97, 1.0)))
    if planes is not None and draw(st.booleans()):
        mask[generator.random(planes) < 0.5] = draw(st.booleans())
    return mask


@st.composite
def balls(draw: st.DrawFn) -> Flags:
    """Ellipsoids of any axes, with room beyond them, and the one without offsets."""
    extents = draw(st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 6)))
    z, y, x = (np.arange(extent) * draw(st.sampled_from((0.4, 1.0, 1.3, 3.0))) for extent in extents)
    return ((z[:, None, None] ** 2 + y[:, None] ** 2) + x**2) < draw(st.sampled_from((0.0, 0.5, 2.1, 9.1, 1000.0)))


def moved(mask: Flags, offset: tuple[int, ...]) -> Flags:
    result = np.zeros_like(mask)
    to = tuple(slice(max(0, step), extent + min(0, step)) for step, extent in zip(offset, mask.shape, strict=True))
    start = tuple(slice(max(0, -step), extent - max(0, step)) for step, extent in zip(offset, mask.shape, strict=True))
    if all(abs(step) < extent for step, extent in zip(offset, mask.shape, strict=True)):
        result[to] = mask[start]
    return result


def union(mask: Flags, ball: Flags) -> Flags:
    result = np.zeros_like(mask)
    for corner in np.argwhere(ball):
        if any(corner[: 3 - mask.ndim]):
            continue  # out of the plane of a flat image
        for signs in product((1, -1), repeat=mask.ndim):
            result |= moved(mask, tuple(int(a) * b for a, b in zip(corner[3 - mask.ndim :], signs, strict=True)))
    return result


@settings(deadline=None, max_examples=150)
@given(masks(), balls())
def test_a_ball_moves_every_voxel_by_each_of_its_offsets(mask: Flags, ball: Flags) -> None:
    same(dilated(mask, ball), union(mask, ball))
    same(eroded(mask, ball), mask & ~union(~mask, ball))


@settings(deadline=None, max_examples=60)
@given(masks())
def test_the_boundary_has_a_neighbour_outside(mask: Flags) -> None:
    same(boundary(mask), mask & union(~mask, np.ones((2, 2, 2), np.bool_)))
