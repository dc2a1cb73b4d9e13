"""What planning does itself with sequences whose items are known one by one: items not asked for are not computed."""

from __future__ import annotations

from typing import Any

from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.failures import Failure
from vlc_runtime.operator import Operator
from vlc_runtime.steps import Failed, Items, Known, Pending, Step, Value, known

_PAIRS = "default.pairs"
STRUCTURAL = frozenset({"default.index", "default.slice_between", "default.slice_from", "default.subsequence", _PAIRS})
"""The operators that select items, or combine them."""


def selected(operator: Operator, operands: tuple[Value, ...]) -> Value | Failure | None:
    """An item or part of a sequence, or pairs of two; None where no operand is a sequence known item by item."""
    sequences = [operand for operand in operands if isinstance(operand, Items)]
    rest = [operand for operand in operands if not isinstance(operand, Items)]
    if not sequences:
        return None
    steps = tuple(operand for operand in rest if isinstance(operand, Step))
    if steps:
        return Pending(steps)
    if operator.identifier == _PAIRS:
        return _pairs(operands)
    positions: list[Any] = list(range(len(sequences[0].values)))
    arguments = [operand.value for operand in rest if isinstance(operand, Known)]
    try:
        chosen = operator.compute(positions, *arguments)
    except RuntimeFailure as problem:
        shown = (f"sequence of {len(positions)}", *(repr(argument) for argument in arguments))
        return Failure(problem.message, problem.hint, arguments=shown)
    if isinstance(chosen, int):
        return sequences[0].values[chosen]
    labels = sequences[0].labels
    return Items([sequences[0].values[at] for at in chosen], [labels[at] for at in chosen] if labels else None)


def _pairs(operands: tuple[Value, ...]) -> Value | Failure:
    sides = [items_of(operand) for operand in operands]
    if not all(isinstance(side, Items) for side in sides):
        return blocked(tuple(sides))
    left, right = (side for side in sides if isinstance(side, Items))
    if len(left.values) != len(right.values):
        return Failure(f"sequences of {len(left.values)} and {len(right.values)} items cannot be combined item by item")
    pairs: list[Value] = [Items([a, b]) for a, b in zip(left.values, right.values, strict=True)]
    return Items(pairs, left.labels or right.labels)


def items_of(value: Value) -> Value:
    """A sequence item by item; Pending when a step has to be done to know how many there are."""
    if isinstance(value, Known):
        if not isinstance(value.value, list):
            return Failed(Failure(f"{value.value!r} stands where a sequence is wanted"))
        return Items([known(item) for item in value.value])
    if isinstance(value, Step):
        return Pending((value,))
    return value


def is_empty(value: Value) -> bool:
    """Whether a value is known to be a sequence without items."""
    return value.value == [] if isinstance(value, Known) else isinstance(value, Items) and not value.values


def blocked(operands: tuple[Value, ...]) -> Value:
    """A failure among the operands is the failure of the whole; else what is pending is pending for the whole."""
    needs: list[Step] = []
    for operand in operands:
        if isinstance(operand, Failed):
            return operand
        if isinstance(operand, Pending):
            needs.extend(operand.needs)
    return Pending(tuple(dict.fromkeys(needs)))
