"""The magnitude of the gradient against central differences."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vlc_runtime.kernels import vox1
from vlc_runtime.volume import Geometry, Volume


def definition(image: NDArray[np.float32], spacing: tuple[float, ...]) -> NDArray[np.float64]:
    total = np.zeros(image.shape)
    padded = np.pad(image.astype(float), 1, mode="edge")
    for axis, step in enumerate(reversed(spacing)):
        centre = tuple(slice(1, -1) for _ in image.shape)
        before, after = list(centre), list(centre)
        before[axis], after[axis] = slice(0, -2), slice(2, None)
        total += ((padded[tuple(after)] - padded[tuple(before)]) / (2 * step)) ** 2
    return np.sqrt(total)


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 3), st.integers(0, 2**32))
def test_central_differences(dimension: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    shape = tuple(int(extent) for extent in generator.integers(1, 7, dimension))
    spacing = tuple(generator.uniform(0.2, 3, dimension).tolist())
    image = generator.normal(size=shape).astype(np.float32)
    plain = Geometry.of_size(*shape[::-1])
    grid = Geometry(plain.size, spacing, plain.origin, plain.direction)
    result = vox1.gradient.compute(Volume(image, grid))
    assert result.array.dtype == np.float32
    assert result.geometry == grid
    np.testing.assert_allclose(result.array, definition(image, spacing), rtol=1e-6, atol=1e-7)


def test_published_values() -> None:
    ramp = np.arange(12, dtype=np.float32).reshape(3, 4)
    result = vox1.gradient.compute(Volume(ramp, Geometry.of_size(4, 3))).array
    ends, middle = 2.0615528, 2.236068
    np.testing.assert_allclose(result[0], [ends, middle, middle, ends], rtol=1e-6)
    np.testing.assert_allclose(result[1], [4.031129, 4.1231055, 4.1231055, 4.031129], rtol=1e-6)
