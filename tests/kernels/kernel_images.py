"""Images for the tests of kernels: small random ones, and their SimpleITK twins."""

from __future__ import annotations

from typing import Any

import numpy as np
import SimpleITK as sitk
from hypothesis import strategies as st
from numpy.typing import NDArray
from vlc_runtime.volume import Geometry, Volume

SHAPES = st.one_of(
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(1, 7)),
)
SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def masks(draw: st.DrawFn, count: int = 1) -> Any:
    """A mask (or a tuple of masks of one shape): empty, sparse, half full, dense or full."""
    shape = draw(SHAPES)
    drawn = [
        np.random.default_rng(draw(SEEDS)).random(shape) < draw(st.sampled_from([0.0, 0.05, 0.2, 0.5, 0.8, 1.0]))
        for _ in range(count)
    ]
    return drawn[0] if count == 1 else tuple(drawn)


@st.composite
def numbers(draw: st.DrawFn, count: int = 1, special: bool = False) -> Any:
    """A float32 array (or a tuple of arrays of one shape) with repeated values, zeros of both signs and tiny ones."""
    shape = draw(SHAPES)
    values = [-2.5, -1.0, -0.0, 0.0, 1e-9, 1e-40, 0.1, 1 / 3, 1.0, 2.0, 7.25, 3e38]
    if special:
        values += [np.nan, np.inf, -np.inf]
    drawn = [np.random.default_rng(draw(SEEDS)).choice(np.array(values, np.float32), size=shape) for _ in range(count)]
    return drawn[0] if count == 1 else tuple(drawn)


@st.composite
def geometries(draw: st.DrawFn, shape: tuple[int, ...]) -> Geometry:
    """A grid of this shape: anisotropic, off the origin, turned."""
    random = np.random.default_rng(draw(SEEDS))
    dimension = len(shape)
    turn, _ = np.linalg.qr(random.normal(size=(dimension, dimension)))
    return Geometry(
        tuple(reversed(shape)),
        tuple(float(value) for value in random.uniform(0.2, 4.0, dimension)),
        tuple(float(value) for value in random.uniform(-100, 100, dimension)),
        tuple(float(value) for value in turn.reshape(-1)),
    )


def volume(array: Any, components: int = 1) -> Volume:
    """An image on a grid of unit spacing."""
    data = np.asarray(array)
    shape = data.shape[:-1] if components > 1 else data.shape
    return Volume(data, Geometry.of_size(*reversed(shape)), components)


def sitk_image(array: NDArray[Any]) -> Any:
    """The array as SimpleITK's image; masks become unsigned bytes."""
    return sitk.GetImageFromArray(array.astype(np.uint8) if array.dtype == np.bool_ else array)


def full_box(dimension: int) -> NDArray[np.bool_]:
    """The structuring element of full adjacency."""
    return np.ones((3,) * dimension, np.bool_)


def same(actual: NDArray[Any], expected: NDArray[Any]) -> None:
    """Equal dtype, shape and voxels, NaN equal to NaN."""
    assert actual.dtype == expected.dtype, (actual.dtype, expected.dtype)
    np.testing.assert_array_equal(actual, expected)
