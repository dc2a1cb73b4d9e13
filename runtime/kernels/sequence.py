"""The generic operators on sequences: element by element, at any depth of nesting.

An operand that is no sequence goes with every element; sequences that meet must have equal lengths. Elements may be
scalars or images, as for the operators of `scalar` and `vox1`, which compute them.
"""

from __future__ import annotations

from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels._generic import arithmetic, comparison, logic
from vlc_runtime.kernels.algorithms import scalars
from vlc_runtime.kernels.algorithms.elementwise import elementwise
from vlc_runtime.operator import operator
from vlc_runtime.volume import Volume


@operator(version=1, cost="voxelwise", name="+", one_grid=False)
def add(left: object, right: object) -> list[object]:
    """left + right, element by element."""
    return _sequence(elementwise(arithmetic("add", scalars.add), left, right))


@operator(version=1, cost="voxelwise", name="-", one_grid=False)
def subtract(left: object, right: object) -> list[object]:
    """left - right, element by element."""
    return _sequence(elementwise(arithmetic("subtract", scalars.subtract), left, right))


@operator(version=1, cost="voxelwise", name="*", one_grid=False)
def multiply(left: object, right: object) -> list[object]:
    """left * right, element by element."""
    return _sequence(elementwise(arithmetic("multiply", scalars.multiply), left, right))


@operator(version=1, cost="voxelwise", name="/", one_grid=False)
def divide(left: object, right: object) -> list[object]:
    """left / right; for scalars division by zero is an error, element by element."""
    return _sequence(elementwise(arithmetic("divide", scalars.divide), left, right))


@operator(version=1, cost="voxelwise", name="==", one_grid=False)
def equal(left: object, right: object) -> list[object]:
    """left == right, element by element."""
    return _sequence(elementwise(comparison("equal", scalars.equal), left, right))


@operator(version=1, cost="voxelwise", name="!=", one_grid=False)
def not_equal(left: object, right: object) -> list[object]:
    """left != right, element by element."""
    return _sequence(elementwise(comparison("not_equal", scalars.not_equal), left, right))


@operator(version=1, cost="voxelwise", name="<", one_grid=False)
def less(left: object, right: object) -> list[object]:
    """left < right, element by element."""
    return _sequence(elementwise(comparison("less", scalars.less), left, right))


@operator(version=1, cost="voxelwise", name="<=", one_grid=False)
def less_equal(left: object, right: object) -> list[object]:
    """left <= right, element by element."""
    return _sequence(elementwise(comparison("less_equal", scalars.less_equal), left, right))


@operator(version=1, cost="voxelwise", name=">", one_grid=False)
def greater(left: object, right: object) -> list[object]:
    """left > right, element by element."""
    return _sequence(elementwise(comparison("greater", scalars.greater), left, right))


@operator(version=1, cost="voxelwise", name=">=", one_grid=False)
def greater_equal(left: object, right: object) -> list[object]:
    """left >= right, element by element."""
    return _sequence(elementwise(comparison("greater_equal", scalars.greater_equal), left, right))


@operator(version=1, cost="voxelwise", name="and", one_grid=False)
def logical_and(left: object, right: object) -> list[object]:
    """left and right, element by element."""
    return _sequence(elementwise(logic(vox1.logical_and, scalars.logical_and), left, right))


@operator(version=1, cost="voxelwise", name="or", one_grid=False)
def logical_or(left: object, right: object) -> list[object]:
    """left or right, element by element."""
    return _sequence(elementwise(logic(vox1.logical_or, scalars.logical_or), left, right))


@operator(version=1, cost="voxelwise", name="not", one_grid=False)
def logical_not(items: list[object]) -> list[object]:
    """The opposite, element by element."""
    return _sequence(elementwise(_opposite, items))


@operator(version=1, cost="voxelwise", one_grid=False)
def negate(items: list[object]) -> list[object]:
    """-element, element by element."""
    return _sequence(elementwise(_negative, items))


def _opposite(value: object) -> object:
    return vox1.logical_not.compute(value) if isinstance(value, Volume) else scalars.logical_not(value)


def _negative(value: object) -> object:
    return vox1.mul_vs.compute(value, -1.0) if isinstance(value, Volume) else scalars.negate(value)


def _sequence(value: object) -> list[object]:
    if not isinstance(value, list):
        raise KernelError("an operator on sequences got none")
    return value
