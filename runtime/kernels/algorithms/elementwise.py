"""Functions of scalars and images carried over to nested sequences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from vlc_runtime.errors import KernelError


def elementwise(function: Callable[..., Any], *operands: Any) -> Any:
    """Apply the function element by element, at any depth of nesting; what is no list goes with every element.

    Lists that meet must have equal lengths. Not recursive: sequences may be nested as deeply as memory allows.
    """
    result: list[Any] = [None]
    pending: list[tuple[tuple[Any, ...], list[Any], int]] = [(operands, result, 0)]
    while pending:
        values, target, position = pending.pop()
        lengths = {len(value) for value in values if isinstance(value, list)}
        if not lengths:
            target[position] = function(*values)
            continue
        if len(lengths) > 1:
            raise KernelError(
                f"sequences of different lengths meet: {' and '.join(str(length) for length in sorted(lengths))}"
            )
        length = lengths.pop()
        elements: list[Any] = [None] * length
        target[position] = elements
        # the last pushed comes first: elements are computed in order, so the first bad one is the one reported
        for index in reversed(range(length)):
            pending.append((_element(values, index), elements, index))
    return result[0]


def _element(values: Sequence[Any], index: int) -> tuple[Any, ...]:
    return tuple(value[index] if isinstance(value, list) else value for value in values)
