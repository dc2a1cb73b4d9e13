"""Scalars, the generic operators on sequences, and the namespace that every program has."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_images import volume
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import default, scalar, vox1
from vlc_runtime.kernels.algorithms.elementwise import elementwise
from vlc_runtime.volume import Volume

DOUBLES = st.floats(width=64)


def equal_doubles(left: float, right: float) -> bool:
    return left == right or (math.isnan(left) and math.isnan(right))


@settings(max_examples=100, deadline=None)
@given(DOUBLES, DOUBLES)
def test_arithmetic_is_that_of_doubles(left: float, right: float) -> None:
    with np.errstate(all="ignore"):
        a, b = np.float64(left), np.float64(right)
        assert equal_doubles(scalar.add.compute(left, right), float(a + b))
        assert equal_doubles(scalar.subtract.compute(left, right), float(a - b))
        assert equal_doubles(scalar.multiply.compute(left, right), float(a * b))
        quotient = scalar.divide_ieee.compute(left, right)
        assert equal_doubles(quotient, float(a / b))
        assert math.copysign(1, quotient) == math.copysign(1, float(a / b)) or math.isnan(quotient)
    assert equal_doubles(scalar.negate.compute(left), -left)
    if right:
        assert equal_doubles(scalar.divide.compute(left, right), quotient)
    else:
        with pytest.raises(KernelError, match="division by zero"):
            scalar.divide.compute(left, right)


@settings(max_examples=100, deadline=None)
@given(DOUBLES, DOUBLES)
def test_comparisons_are_those_of_doubles(left: float, right: float) -> None:
    assert scalar.equal.compute(left, right) is (left == right)
    assert scalar.not_equal.compute(left, right) is (left != right)
    assert scalar.less.compute(left, right) is (left < right)
    assert scalar.less_equal.compute(left, right) is (left <= right)
    assert scalar.greater.compute(left, right) is (left > right)
    assert scalar.greater_equal.compute(left, right) is (left >= right)
    if not math.isnan(left) and not math.isnan(right):
        assert scalar.minimum.compute(left, right) == min(left, right)
        assert scalar.maximum.compute(left, right) == max(left, right)


@pytest.mark.parametrize(
    ("total", "item", "larger", "smaller"),
    [(1, 2, 2, 1), (2, 1, 2, 1), (0.0, 0, 0.0, 0.0), (1, 1.5, 1.5, 1), (True, False, True, False)],
)
def test_folds_keep_the_greatest_and_the_least_as_they_are(total: Any, item: Any, larger: Any, smaller: Any) -> None:
    assert repr(default.larger.compute(total, item)) == repr(larger)
    assert repr(default.smaller.compute(total, item)) == repr(smaller)


@given(DOUBLES, DOUBLES)
def test_folds_of_doubles_are_those_of_scalars(left: float, right: float) -> None:
    assert repr(default.larger.compute(left, right)) == repr(scalar.maximum.compute(left, right))
    assert repr(default.smaller.compute(left, right)) == repr(scalar.minimum.compute(left, right))


def test_every_number_is_a_double_and_bools_count() -> None:
    for result in (scalar.add.compute(1, 2), scalar.multiply.compute(True, 3), scalar.minimum.compute(1, 2)):
        assert type(result) is float
    assert scalar.add.compute(True, 1) == 2.0
    assert scalar.negate.compute(True) == -1.0
    assert vox1.num_sub.compute(5, 3) == 2.0
    assert vox1.num_geq.compute(5, 3) is True
    assert default.num_eq.compute(1, 1.0) is True


def test_truth() -> None:
    for left in (True, False):
        assert scalar.logical_not.compute(left) is (not left)
        for right in (True, False):
            assert scalar.logical_and.compute(left, right) is (left and right)
            assert scalar.logical_or.compute(left, right) is (left or right)
    assert default.bool_and_scalar.compute(2.0, 1) is True
    assert default.not_compat.compute(0.0) is True
    assert vox1.bool_or_scalar.compute(False, False) is False
    assert vox1.bool_not_scalar.compute(False) is True


@pytest.mark.parametrize("bad", ["1", [1.0], {"a": 1}, 10**400])
def test_what_is_no_number_is_refused(bad: Any) -> None:
    with pytest.raises(KernelError, match="number"):
        scalar.add.compute(1.0, bad)


def test_what_is_no_bool_is_refused() -> None:
    with pytest.raises(KernelError, match="the string 'true' stands where a bool is wanted"):
        scalar.logical_and.compute(True, "true")
    with pytest.raises(KernelError, match="an image stands"):
        scalar.logical_not.compute(volume(np.ones((1, 1), np.bool_)))


def test_deep_nesting_is_no_recursion() -> None:
    nested: Any = 1.0
    for _ in range(100_000):
        nested = [nested]
    result = elementwise(scalar.add.compute, nested, 1.0)
    for _ in range(100_000):
        (result,) = result
    assert result == 2.0


def test_raw_arithmetic_keeps_whole_numbers() -> None:
    for operator, expected in (
        (default.addition, 10),
        (default.subtraction, 4),
        (default.multiplication, 21),
    ):
        result = operator.compute(7, 3)
        assert (type(result), result) == (int, expected)
    assert default.addition.compute(1, 0.5) == 1.5
    assert default.division.compute(7, 2) == 3.5
    assert default.addition.compute("a", "b") == "ab"
    assert default.addition.compute([1, "a"], [2, "b"]) == [3, "ab"]
    image = default.addition.compute(volume(np.ones((1, 1), np.uint8)), 300)
    assert isinstance(image, Volume)
    assert image.array.tolist() == [[301.0]]


def test_raw_arithmetic_refuses_what_it_cannot() -> None:
    with pytest.raises(KernelError, match="division by zero"):
        default.division.compute(1, 0)
    for left, right in (("a", 1), (1, "a"), ([1], {"a": 1})):
        with pytest.raises(KernelError, match="stands where a number is wanted"):
            default.addition.compute(left, right)
    with pytest.raises(KernelError, match="the string 'a'"):
        default.multiplication.compute("a", 3)


def test_range() -> None:
    assert default.integer_range.compute(3) == [0, 1, 2]
    assert default.integer_range.compute(2.0, 5) == [2, 3, 4]
    assert default.integer_range.compute(5, 2) == []
    assert all(type(item) is int for item in default.integer_range.compute(2.0, 5.0))
    for bad in ((0.5,), (0, math.inf), (math.nan,), (True,)):
        with pytest.raises(KernelError, match="whole number"):
            default.integer_range.compute(*bad)
    with pytest.raises(KernelError, match="longer than"):
        default.integer_range.compute(10**12)


ITEMS = [10, 11, 12, 13]


@pytest.mark.parametrize(
    ("operator", "arguments"),
    [
        (default.index, (ITEMS, -1)),
        (default.index, (ITEMS, 4)),
        (default.index, ([], 0)),
        (default.slice_between, (ITEMS, -1, 2)),
        (default.slice_between, (ITEMS, 0, 5)),
        (default.slice_between, (ITEMS, 5, 5)),
        (default.slice_from, (ITEMS, 5)),
        (default.slice_from, (ITEMS, -1)),
        (default.subsequence, (ITEMS, 5)),
        (default.subsequence, (ITEMS, -1, 2)),
    ],
)
def test_positions_outside_a_sequence_are_errors(operator: Any, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(KernelError, match="outside a sequence of"):
        operator.compute(*arguments)
