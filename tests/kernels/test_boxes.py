"""Boxes: a kernel that looks at the box around a mask alone gives what it gives on the whole image."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import SEEDS, same
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms import bounded_distance, boxes, morphology
from vlc_runtime.kernels.algorithms.boxes import box_around, box_of


@st.composite
def confined_masks(draw: st.DrawFn) -> NDArray[np.bool_]:
    """A mask in some box of an image of two or three dimensions; empty and full ones are among them."""
    shape = tuple(draw(st.lists(st.integers(1, 16), min_size=2, max_size=3)))
    mask = np.zeros(shape, np.bool_)
    sides = [sorted((draw(st.integers(0, extent)), draw(st.integers(0, extent)))) for extent in shape]
    part = tuple(slice(low, high) for low, high in sides)
    mask[part] = np.random.default_rng(draw(SEEDS)).random(mask[part].shape) < draw(
        st.sampled_from([0.0, 0.3, 0.9, 1.0])
    )
    return mask


@settings(deadline=None, max_examples=60)
@given(confined_masks(), st.integers(0, 4), st.sampled_from([-3.0, -1.5, -0.7, 0.0, 0.5, 1.0, 2.5]), st.booleans())
def test_kernels_give_what_they_give_on_the_whole(
    mask: NDArray[np.bool_], steps: int, radius: float, strict: bool
) -> None:
    spacing = (0.7, 1.0, 2.0)[: mask.ndim]
    functions = (
        lambda: morphology.dilate_box(mask, steps),
        lambda: morphology.erode_box(mask, steps),
        lambda: bounded_distance.within(mask, radius, spacing, strict=strict),
        lambda: bounded_distance.signed_within(mask, radius, spacing, strict=strict),
        lambda: bounded_distance.signed_at_least(mask, radius, spacing, strict=strict),
    )
    found = [function() for function in functions]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boxes, "WORTH_CUTTING", 0.0)
        for each, function in zip(found, functions, strict=True):
            same(each, function())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boxes, "WORTH_CUTTING", 2.0)
        for each, function in zip(found, functions, strict=True):
            same(each, function())


@given(confined_masks(), st.integers(0, 3))
@settings(deadline=None, max_examples=60)
def test_nothing_of_a_mask_is_left_out(mask: NDArray[np.bool_], margin: int) -> None:
    box = box_around(mask, (margin,) * mask.ndim)
    if box is not None:
        assert np.count_nonzero(mask[box]) == np.count_nonzero(mask)


def test_margins_end_at_the_border() -> None:
    mask = np.zeros((20, 20, 20), np.bool_)
    mask[1, 19, 10] = True
    assert box_around(mask, (2, 3, 4)) == (slice(0, 4), slice(16, 20), slice(6, 15))
    assert box_of(mask) == (slice(1, 2), slice(19, 20), slice(10, 11))


def test_most_of_an_image_is_not_cut_out() -> None:
    mask = np.zeros((20, 20), np.bool_)
    mask[1:18, 2:19] = True
    assert box_around(mask, (0, 0)) is None
    assert box_around(np.zeros((2, 2, 2, 2), np.bool_), (0, 0, 0, 0)) is None


def test_an_empty_mask_has_an_empty_box() -> None:
    box = box_around(np.zeros((4, 5), np.bool_), (1, 1))
    assert box is not None
    assert np.zeros((4, 5))[box].size == 0
