"""Arithmetic, comparison, logic, masks: against SimpleITK's filters and against float32 arithmetic voxel by voxel."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import masks, numbers, same, sitk_image, volume
from vlc_runtime.errors import GeometryMismatch, KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms.blocks import BLOCK
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.volume import Volume

NUMBERS = st.sampled_from([-1e300, -2.5, -1.0, 0.0, 1e-9, 0.1, 1 / 3, 1, 2.0, 7.25, 300, 1e300])
FLOAT_MAX = np.finfo(np.float32).max


@pytest.fixture(autouse=True)
def no_warnings() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def array(image: Any) -> np.ndarray:
    return sitk.GetArrayFromImage(image)


def mask_of(image: Any) -> np.ndarray:
    return sitk.GetArrayFromImage(image).astype(np.bool_)


@settings(max_examples=60, deadline=None)
@given(numbers(2, special=True))
def test_arithmetic_of_images_is_that_of_itk(pair: tuple[np.ndarray, np.ndarray]) -> None:
    left, right = pair
    one, two = sitk_image(left), sitk_image(right)
    for operator, filter_ in (
        (vox1.add, sitk.Add),
        (vox1.subtract, sitk.Subtract),
        (vox1.multiply, sitk.Multiply),
        (vox1.divide, sitk.Divide),
    ):
        same(operator.compute(volume(left), volume(right)).array, array(filter_(one, two)))


@settings(max_examples=60, deadline=None)
@given(numbers(special=True), NUMBERS)
def test_arithmetic_with_a_number_rounds_it_first(values: np.ndarray, number: float) -> None:
    image = volume(values)
    with np.errstate(all="ignore"):
        n = np.float32(number)
        same(vox1.add_vs.compute(image, number).array, values + n)
        same(vox1.sub_vs.compute(image, number).array, values - n)
        same(vox1.mul_vs.compute(image, number).array, values * n)
        same(vox1.sub_sv.compute(number, image).array, n - values)
        expected = array(sitk.Divide(float(n), sitk_image(values)))
        same(vox1.div_sv.compute(number, image).array, expected)
        if number:
            same(vox1.div_vs.compute(image, number).array, values * np.float32(1.0 / float(number)))


def test_division_by_the_number_zero_is_multiplication_by_infinity() -> None:
    image = volume(np.array([[0, 1, -1]], np.float32))
    same(vox1.div_vs.compute(image, 0).array, np.array([[np.nan, np.inf, -np.inf]], np.float32))
    same(vox1.div_vs.compute(image, -0.0).array, np.array([[np.nan, -np.inf, np.inf]], np.float32))


def test_denominators_within_the_tolerance_of_itk_are_zero() -> None:
    tolerance = np.float32(0.1 * np.finfo(np.float32).eps)
    denominators = np.array(
        [[0.0, -0.0, 1e-40, tolerance, -tolerance, np.nextafter(tolerance, np.float32(1)), 2e-8, -1.0]], np.float32
    )
    ones = np.ones_like(denominators)
    expected = array(sitk.Divide(sitk_image(ones), sitk_image(denominators)))
    assert expected[0, :5].tolist() == [FLOAT_MAX] * 5
    assert expected[0, 5] < 1e8
    same(vox1.divide.compute(volume(ones), volume(denominators)).array, expected)
    zeros = np.zeros_like(denominators)
    same(vox1.divide.compute(volume(zeros), volume(zeros)).array, np.full_like(zeros, FLOAT_MAX))


@settings(max_examples=60, deadline=None)
@given(numbers(special=True), NUMBERS)
def test_comparisons_with_a_number(values: np.ndarray, number: float) -> None:
    image = volume(values)
    with np.errstate(over="ignore"):
        n = np.float32(number)
    same(vox1.eq_sv.compute(number, image).array, values == n)
    same(vox1.neq_sv.compute(number, image).array, values != n)
    same(vox1.leq_sv.compute(number, image).array, values <= n)
    same(vox1.lt_sv.compute(number, image).array, values < n)
    same(vox1.geq_sv.compute(number, image).array, values >= n)
    same(vox1.gt_sv.compute(number, image).array, values > n)


def test_a_number_equals_the_voxel_it_is_rounded_to() -> None:
    image = volume(np.array([[0.1, np.nan]], np.float32))
    assert vox1.eq_sv.compute(0.1, image).array.tolist() == [[True, False]]
    assert vox1.geq_sv.compute(0.1, image).array.tolist() == [[True, False]]
    assert vox1.gt_sv.compute(0.1, image).array.tolist() == [[False, False]]
    assert vox1.neq_sv.compute(0.1, image).array.tolist() == [[False, True]]


@settings(max_examples=60, deadline=None)
@given(numbers(2, special=True))
def test_comparisons_of_images_are_those_of_itk(pair: tuple[np.ndarray, np.ndarray]) -> None:
    left, right = pair
    one, two = sitk_image(left), sitk_image(right)
    for operator, filter_ in (
        (vox1.equal, sitk.Equal),
        (vox1.not_equal, sitk.NotEqual),
        (vox1.less, sitk.Less),
        (vox1.less_equal, sitk.LessEqual),
        (vox1.greater, sitk.Greater),
        (vox1.greater_equal, sitk.GreaterEqual),
    ):
        same(operator.compute(volume(left), volume(right)).array, mask_of(filter_(one, two)))


@settings(max_examples=60, deadline=None)
@given(numbers(special=True), NUMBERS, NUMBERS)
def test_between_is_binary_threshold(values: np.ndarray, low: float, high: float) -> None:
    if single(low) > single(high):
        with pytest.raises(KernelError, match="lower bound"):
            vox1.between.compute(low, high, volume(values))
    else:
        expected = (values >= single(low)) & (values <= single(high))
        same(vox1.between.compute(low, high, volume(values)).array, expected)
        if abs(low) < 1e38 and abs(high) < 1e38:
            same(expected, mask_of(sitk.BinaryThreshold(sitk_image(values), low, high, 1, 0)))


@settings(max_examples=60, deadline=None)
@given(masks(2))
def test_logic_of_masks(pair: tuple[np.ndarray, np.ndarray]) -> None:
    left, right = pair
    one, two = sitk_image(left), sitk_image(right)
    same(vox1.logical_and.compute(volume(left), volume(right)).array, mask_of(sitk.And(one, two)))
    same(vox1.logical_or.compute(volume(left), volume(right)).array, mask_of(sitk.Or(one, two)))
    same(vox1.logical_xor.compute(volume(left), volume(right)).array, mask_of(sitk.Xor(one, two)))
    same(vox1.logical_not.compute(volume(left)).array, mask_of(sitk.Not(one)))


@settings(max_examples=60, deadline=None)
@given(numbers(special=True), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3, 1.0]))
def test_mask_and_abs(values: np.ndarray, seed: int, density: float) -> None:
    inside = np.random.default_rng(seed).random(values.shape) < density
    same(vox1.mask.compute(volume(values), volume(inside)).array, np.where(inside, values, np.float32(0)))
    same(vox1.absolute.compute(volume(values)).array, np.abs(values))


def test_operations_in_blocks_reach_every_voxel() -> None:
    random = np.random.default_rng(5)
    shape = (3, 211, 2 * BLOCK // 500 + 1)
    values = random.normal(size=shape).astype(np.float32)
    values[random.random(shape) < 0.1] = 0
    region = random.random(shape) < 0.5
    image = volume(values)
    with np.errstate(all="ignore"):
        quotient = np.where(np.abs(values) <= np.float32(1.1920929e-08), FLOAT_MAX, np.float32(1) / values)
    same(vox1.div_sv.compute(1, image).array, quotient)
    same(vox1.divide.compute(vox1.constant.compute(1, image), image).array, quotient)
    same(vox1.mask.compute(image, volume(region)).array, np.where(region, values, np.float32(0)))
    same(vox1.between.compute(-0.5, 0.5, image).array, (values >= np.float32(-0.5)) & (values <= np.float32(0.5)))
    fortran = Volume(np.asfortranarray(values), image.geometry)
    same(vox1.mask.compute(fortran, volume(region)).array, np.where(region, values, np.float32(0)))
    same(vox1.div_sv.compute(1, fortran).array, quotient)
    same(vox1.between.compute(-0.5, 0.5, fortran).array, vox1.between.compute(-0.5, 0.5, image).array)


def test_bools_count_as_zero_and_one_and_nothing_wraps() -> None:
    flags = volume(np.array([[True, False]]))
    assert vox1.sub_vs.compute(flags, 1).array.tolist() == [[0.0, -1.0]]
    assert vox1.add_vs.compute(flags, 300).array.tolist() == [[301.0, 300.0]]
    assert vox1.mul_vs.compute(flags, 0.5).array.tolist() == [[0.5, 0.0]]
    bytes_ = volume(np.array([[200, 3]], np.uint8))
    same(vox1.add.compute(bytes_, bytes_).array, np.array([[400, 6]], np.float32))


def test_integer_images_are_masks_of_their_nonzero_voxels() -> None:
    labels = volume(np.array([[2, 0, -1, 256]], np.int16))
    assert vox1.logical_not.compute(labels).array.tolist() == [[False, True, False, False]]


def test_an_image_of_numbers_is_no_mask() -> None:
    with pytest.raises(KernelError, match="image of bools"):
        vox1.logical_not.compute(volume(np.ones((2, 2), np.float32)))


@pytest.mark.parametrize("operator", [vox1.add_vs, vox1.div_vs, vox1.mul_vs])
def test_a_number_too_large_for_a_double_is_an_error(operator: Any) -> None:
    with pytest.raises(KernelError, match="too large"):
        operator.compute(volume(np.ones((1, 1), np.float32)), 10**400)


def test_images_of_different_sizes_do_not_meet() -> None:
    with pytest.raises(GeometryMismatch, match="size 3 x 2 against 2 x 2"):
        vox1.add.compute(volume(np.ones((2, 3), np.float32)), volume(np.ones((2, 2), np.float32)))


def test_results_are_new_and_read_only() -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    result = vox1.add_vs.compute(volume(values), 1)
    assert not result.array.flags.writeable
    assert not np.shares_memory(result.array, values)
