"""Arithmetic, comparison and logic of scalars: what the generic operators mean on numbers and bools.

Numbers become doubles first, so every arithmetic result is a float; bools in arithmetic count as 0 and 1.
"""

from __future__ import annotations

from vlc_runtime.kernels.algorithms import scalars
from vlc_runtime.operator import operator


@operator(version=1, cost="immediate")
def add(left: float, right: float) -> float:
    """left + right, in double."""
    return scalars.add(left, right)


@operator(version=1, cost="immediate")
def subtract(left: float, right: float) -> float:
    """left - right, in double."""
    return scalars.subtract(left, right)


@operator(version=1, cost="immediate")
def multiply(left: float, right: float) -> float:
    """left * right, in double."""
    return scalars.multiply(left, right)


@operator(version=1, cost="immediate")
def divide(left: float, right: float) -> float:
    """left / right, in double. Division by zero is an error."""
    return scalars.divide(left, right)


@operator(version=1, cost="immediate")
def divide_ieee(left: float, right: float) -> float:
    """left / right by IEEE 754: x / 0 is an infinity, 0 / 0 is NaN."""
    return scalars.divide_ieee(left, right)


@operator(version=1, cost="immediate")
def negate(value: float) -> float:
    """-value."""
    return scalars.negate(value)


@operator(version=1, cost="immediate")
def least(numbers: list[float]) -> float:
    """The least of the numbers that are no NaN; infinity if there are none."""
    return scalars.least(numbers)


@operator(version=1, cost="immediate")
def greatest(numbers: list[float]) -> float:
    """The greatest of the numbers that are no NaN; minus infinity if there are none."""
    return scalars.greatest(numbers)


@operator(version=1, cost="immediate")
def minimum(left: float, right: float) -> float:
    """The lesser of two numbers."""
    return scalars.minimum(left, right)


@operator(version=1, cost="immediate")
def maximum(left: float, right: float) -> float:
    """The greater of two numbers."""
    return scalars.maximum(left, right)


@operator(version=1, cost="immediate")
def equal(left: float, right: float) -> bool:
    """left == right."""
    return scalars.equal(left, right)


@operator(version=1, cost="immediate")
def not_equal(left: float, right: float) -> bool:
    """left != right."""
    return scalars.not_equal(left, right)


@operator(version=1, cost="immediate")
def less(left: float, right: float) -> bool:
    """left < right."""
    return scalars.less(left, right)


@operator(version=1, cost="immediate")
def less_equal(left: float, right: float) -> bool:
    """left <= right."""
    return scalars.less_equal(left, right)


@operator(version=1, cost="immediate")
def greater(left: float, right: float) -> bool:
    """left > right."""
    return scalars.greater(left, right)


@operator(version=1, cost="immediate")
def greater_equal(left: float, right: float) -> bool:
    """left >= right."""
    return scalars.greater_equal(left, right)


@operator(version=1, cost="immediate")
def logical_and(left: bool, right: bool) -> bool:
    """Both."""
    return scalars.logical_and(left, right)


@operator(version=1, cost="immediate")
def logical_or(left: bool, right: bool) -> bool:
    """One of the two, or both."""
    return scalars.logical_or(left, right)


@operator(version=1, cost="immediate")
def logical_not(value: bool) -> bool:
    """The opposite."""
    return scalars.logical_not(value)
