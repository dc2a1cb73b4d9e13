"""What every program has without an import: raw arithmetic, sequences, files.

`addition` and its kin are Python's operators: whole numbers stay whole, strings are joined. The generic operators
(`+` on numbers) are those of `scalar`, which make doubles first.
"""

from __future__ import annotations

import operator as python
from typing import Any

from vlc_runtime.errors import KernelError
from vlc_runtime.kernels._generic import Operation, arithmetic
from vlc_runtime.kernels.algorithms import listing, loading, scalars
from vlc_runtime.kernels.algorithms.elementwise import elementwise
from vlc_runtime.operator import operator

LONGEST_RANGE = 100_000_000


@operator(version=1, cost="immediate", one_grid=False)
def addition(left: object, right: object) -> object:
    """left + right by Python's rules: strings are joined, whole numbers stay whole; sequences element by element."""
    return elementwise(arithmetic("add", _raw(python.add, "add")), left, right)


@operator(version=1, cost="immediate", one_grid=False)
def subtraction(left: object, right: object) -> object:
    """left - right by Python's rules; sequences element by element."""
    return elementwise(arithmetic("subtract", _raw(python.sub, "subtract")), left, right)


@operator(version=1, cost="immediate", one_grid=False)
def multiplication(left: object, right: object) -> object:
    """left * right by Python's rules; sequences element by element."""
    return elementwise(arithmetic("multiply", _raw(python.mul, "multiply")), left, right)


@operator(version=1, cost="immediate", one_grid=False)
def division(left: object, right: object) -> object:
    """left / right by Python's rules: a double; division by zero is an error. Sequences element by element."""
    return elementwise(arithmetic("divide", _raw(python.truediv, "divide")), left, right)


def _raw(operation: Operation, name: str) -> Operation:
    """Python's operation on two numbers, or on two strings that are to be joined."""

    def checked(left: Any, right: Any) -> Any:
        if isinstance(left, str) and isinstance(right, str) and name == "add":
            return left + right
        for operand in (left, right):
            scalars.number(operand)
        if name == "divide" and right == 0:
            raise KernelError("division by zero")
        return operation(left, right)

    return checked


@operator(version=1, cost="immediate", one_grid=False, name="fold max")
def larger(total: object, item: object) -> float:
    """The greater number, as it is: a whole one stays whole; the total unless the item is greater."""
    greater: float = scalars.larger(total, item)
    return greater


@operator(version=1, cost="immediate", one_grid=False, name="fold min")
def smaller(total: object, item: object) -> float:
    """The lesser number, as it is: a whole one stays whole; the total unless the item is less."""
    lesser: float = scalars.smaller(total, item)
    return lesser


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
def not_compat(value: bool) -> bool:
    """The opposite."""
    return scalars.logical_not(value)


@operator(version=1, cost="immediate", name="range")
def integer_range(first: int, second: int | None = None) -> list[int]:
    """range(n): 0, 1, ... n-1. range(a, b): a, a+1, ... b-1, empty unless a < b."""
    start, stop = (0, first) if second is None else (first, second)
    if stop - start > LONGEST_RANGE:
        raise KernelError(f"a range of {stop - start} numbers is longer than {LONGEST_RANGE}")
    return list(range(start, stop))


@operator(version=1, cost="immediate", one_grid=False)
def sequence(*items: object) -> list[object]:
    """The sequence of the arguments."""
    return list(items)


@operator(version=1, cost="immediate", one_grid=False)
def index(items: list[object], position: int) -> object:
    """The element at a position, counted from 0. Negative positions and those past the end are errors."""
    _require_within(position, len(items) - 1, len(items))
    return items[position]


@operator(version=1, cost="immediate", name="slice", one_grid=False)
def slice_between(items: list[object], start: int, stop: int) -> list[object]:
    """The elements start, start+1, ... stop-1; empty unless start < stop. Bounds outside 0..length are errors."""
    _require_within(start, len(items), len(items))
    _require_within(stop, len(items), len(items))
    return items[start:stop]


@operator(version=1, cost="immediate", one_grid=False)
def slice_from(items: list[object], start: int) -> list[object]:
    """The elements from start to the end. A start outside 0..length is an error."""
    _require_within(start, len(items), len(items))
    return items[start:]


@operator(version=1, cost="immediate", one_grid=False)
def subsequence(items: list[object], first: int, second: int | None = None) -> list[object]:
    """subsequence(s, b): the first b elements. subsequence(s, a, b): the elements a, ... b-1. Else as slice."""
    start, stop = (0, first) if second is None else (first, second)
    _require_within(start, len(items), len(items))
    _require_within(stop, len(items), len(items))
    return items[start:stop]


@operator(version=1, cost="immediate", one_grid=False)
def pairs(left: list[object], right: list[object]) -> list[list[object]]:
    """The first items of two sequences, the second ones, and so on. Unequal lengths are an error."""
    if len(left) != len(right):
        raise KernelError(f"sequences of {len(left)} and {len(right)} items cannot be combined item by item")
    return [[a, b] for a, b in zip(left, right, strict=True)]


def _require_within(position: int, greatest: int, length: int) -> None:
    if not 0 <= position <= greatest:
        raise KernelError(f"position {position} is outside a sequence of {length} element{'' if length == 1 else 's'}")


@operator(version=1, cost="immediate")
def argmax(items: list[float]) -> int:
    """The position of the greatest element, of the first one if there are several. An error for an empty sequence."""
    if not items:
        raise KernelError("argmax has no value: the sequence is empty")
    best = 0
    for position, item in enumerate(items):
        if scalars.number(item) > scalars.number(items[best]):
            best = position
    return best


@operator(version=2, cost="immediate", name="dir")
def list_directory(root: str, pattern: str = "*", recursive: bool = False, full: bool = False) -> list[str]:
    """The names in a directory that match a pattern, sorted: relative to it with `/`, or absolute when `full`. What is
    read by its name needs the absolute one, unless the run is started in the directory. Links have their own names,
    and a recursive listing does not go into those to folders. Fails where a folder cannot be read. `~` is the home
    folder at the start of the directory, and nowhere else."""
    return listing.list_directory(root, pattern, recursive, full)


@operator(version=1, cost="scalar", reads=(0,))
def load(path: str) -> object:
    """What a file holds: .json as values, .txt and .csv as the sequence of their lines, any other as bytes."""
    return loading.load_values(path)
