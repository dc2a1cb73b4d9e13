"""Scalar operators under VoxLogicA-2's names."""

from __future__ import annotations

from vlc_runtime.kernels.algorithms import scalars
from vlc_runtime.operator import operator


@operator(version=1, cost="immediate")
def num_add(left: float, right: float) -> float:
    """left + right, in double."""
    return scalars.add(left, right)


@operator(version=1, cost="immediate")
def num_sub(left: float, right: float) -> float:
    """left - right, in double."""
    return scalars.subtract(left, right)


@operator(version=1, cost="immediate")
def num_mul(left: float, right: float) -> float:
    """left * right, in double."""
    return scalars.multiply(left, right)


@operator(version=1, cost="immediate")
def num_div(left: float, right: float) -> float:
    """left / right, in double. Division by zero is an error."""
    return scalars.divide(left, right)


@operator(version=1, cost="immediate")
def num_eq(left: float, right: float) -> bool:
    """left == right."""
    return scalars.equal(left, right)


@operator(version=1, cost="immediate")
def num_neq(left: float, right: float) -> bool:
    """left != right."""
    return scalars.not_equal(left, right)


@operator(version=1, cost="immediate")
def num_leq(left: float, right: float) -> bool:
    """left <= right."""
    return scalars.less_equal(left, right)


@operator(version=1, cost="immediate")
def num_lt(left: float, right: float) -> bool:
    """left < right."""
    return scalars.less(left, right)


@operator(version=1, cost="immediate")
def num_geq(left: float, right: float) -> bool:
    """left >= right."""
    return scalars.greater_equal(left, right)


@operator(version=1, cost="immediate")
def num_gt(left: float, right: float) -> bool:
    """left > right."""
    return scalars.greater(left, right)


@operator(version=1, cost="immediate")
def bool_and_scalar(left: bool, right: bool) -> bool:
    """Both."""
    return scalars.logical_and(left, right)


@operator(version=1, cost="immediate")
def bool_or_scalar(left: bool, right: bool) -> bool:
    """One of the two, or both."""
    return scalars.logical_or(left, right)


@operator(version=1, cost="immediate")
def bool_not_scalar(value: bool) -> bool:
    """The opposite."""
    return scalars.logical_not(value)
